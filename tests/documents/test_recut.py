"""Indexes that are not what cutting their texts gives, and indexes that contradict themselves."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.documents.comparison import compare_text, relayout_index
from isoc_kg.documents.index import index_content, index_text, load_index
from isoc_kg.documents.text import letters, text_digest, words_digest
from isoc_kg.errors import ParseError, UsageError
from isoc_kg.project import load_project
from isoc_kg.publication.build import build_publication
from isoc_kg.publication.gate import NotConforming

Line = dict[str, Any]
TEXT = (
    "The mill\n\nIt is not true that Odile Kern founded the mill. The mill grinds rye. Dr. Kern, says the list, "
    "never lived here.\n\n1. Open from May\n2. Closed in winter"
)


def written(folder: Path, change: Callable[[list[Line]], object], text: str = TEXT) -> tuple[Path, Path]:
    """A text, and its index with its lines changed."""
    file, target = folder / "mill.txt", folder / "1.jsonl"
    file.write_text(text, encoding="utf-8")
    lines = [json.loads(line) for line in index_content(index_text(text, "mill", "1", "en")).splitlines()]
    lines = change(lines) or lines  # type: ignore[assignment]
    lines[0]["units"] = len(lines) - 1
    target.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return file, target


def slice_of(line: Line, words: str, text: str = TEXT) -> None:
    """Let a unit be another stretch of the text, with digests that are right."""
    start = text.index(words)
    end = start + len(words)
    first = letters(text[:start])
    line |= {"start": start, "end": end, "sha256": text_digest(words), "words": words_digest(words)}
    line["letters"] = [first, first + letters(words)]


def whole(lines: list[Line]) -> list[Line]:
    slice_of(lines[1], TEXT)
    return lines[:2]


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda lines: slice_of(lines[2], "Odile Kern founded the mill."), "2.1 is a part of a sentence"),
        (lambda lines: slice_of(lines[2], "It is not true that Odile"), "2.1 is a part of a sentence"),
        (lambda lines: slice_of(lines[4], "Kern, says the list, never lived here."), "2.3 is a part of a sentence"),
        (lambda lines: [*lines[:3], *lines[4:]], "next to 2.1 stand words that are in no unit"),
        (lambda lines: lines[:-1], "next to 3.1 stand words that are in no unit"),
        (lambda lines: lines[1].update(kind="sentence"), "1.1 is a heading"),
        (whole, ""),
        (lambda lines: lines[2].update(kind="item"), ""),
        (lambda lines: lines[2].update(number="2.2") or lines[3].update(number="2.3") or lines[4].update(number="2.4"),
         ""),
    ],
)  # fmt: skip
def test_units_that_no_cut_gives(tmp_path: Path, change: Callable[[list[Line]], object], fault: str) -> None:
    """Parts of sentences, headings called otherwise and lost words are faults; any other difference has its names."""
    file, target = written(tmp_path, change)
    comparison = compare_text(load_index(target), file)
    assert comparison.case == "same"
    assert comparison.recut.names
    assert fault in "; ".join(comparison.recut.faults)
    assert bool(comparison.recut.faults) == bool(fault)
    if comparison.recut.torn:
        assert not set(comparison.recut.torn) & set(comparison.units)
    if fault:
        with pytest.raises(UsageError, match="a cut gives other units"):
            relayout_index(file, target)


def harbour_index(harbour: Path, change: Callable[[list[Line]], None], *, published: bool) -> None:
    path = harbour / "facts" / "units" / "guide" / "1.jsonl"
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    change(lines)
    lines[0]["units"] = len(lines) - 1
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    if not published:
        toml = harbour / "kg.toml"
        toml.write_text(
            toml.read_text(encoding="utf-8").replace("publish_text = true", "publish_text = false"), "utf-8"
        )


def joined(lines: list[Line]) -> None:
    """Two sentences as one, as another splitter may have it."""
    text = "The old harbour was dug in 1754 by prisoners. Two cranes of oak still stand on its quay."
    lines[2].update(end=lines[3]["end"], sha256=text_digest(text))
    lines[0]["splitter"] = "another 0.1"
    lines[3].update(
        number="2.2", start=lines[4]["start"], end=lines[4]["end"], sha256=lines[4]["sha256"], kind="question"
    )
    lines[4].update(number="3.1")
    del lines[3]


@pytest.mark.parametrize("published", [True, False])
def test_another_splitter_is_a_warning(harbour: Path, tmp_path: Path, published: bool) -> None:
    """Where no sentence is torn, units that a cut gives otherwise are named; with `publish_text` they stop."""
    harbour_index(harbour, joined, published=published)
    facts = harbour / "facts" / "harbour.ttl"
    facts.write_text(facts.read_text(encoding="utf-8").replace("g:2.2", "g:2.1"), encoding="utf-8")
    project = load_project(harbour)
    if published:
        with pytest.raises(NotConforming, match="does not conform") as caught:
            build_publication(project, tmp_path / "out")
        texts = caught.value.details
    else:
        texts = build_publication(project, tmp_path / "out").gate.warnings()
    (text,) = (text for text in texts if "has other units than its text" in text)
    assert text.startswith("error: " if published else "warning: ")
    assert f"{harbour / 'documents' / 'guide.txt'}:3: the index of guide, edition 1, which another 0.1 has cut" in text
    assert "2.1, 2.2." in text


def test_a_part_of_a_sentence_stops(harbour: Path, tmp_path: Path) -> None:
    """Though its digest is right, and its text is not published."""

    def part(lines: list[Line]) -> None:
        words = "still stand on its quay."
        lines[3].update(start=lines[3]["end"] - len(words), sha256=text_digest(words))

    harbour_index(harbour, part, published=False)
    with pytest.raises(NotConforming) as caught:
        build_publication(load_project(harbour), tmp_path / "out")
    assert "2.2 is a part of a sentence" in "".join(caught.value.details)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda lines: lines[0].update(characters=1), "ends behind the text"),
        (lambda lines: lines[0].update(characters=0), "length of a text"),
        (lambda lines: lines[0].update(characters=10**30), "length of a text"),
        (lambda lines: lines[-1].update(end=10**9), "ends behind the text"),
        (lambda lines: lines[1].update(end=12), "does not stand behind"),
        (lambda lines: [lines[0], *lines[:0:-1]], "does not stand behind"),
        (lambda lines: lines[3].update(number="1.2"), "does not stand behind"),
        (lambda lines: lines[2].update(letters=[7, 400]), "longer than the unit|behind the unit"),
        (lambda lines: lines[2].update(letters=[400, 401]), "behind the unit"),
        (lambda lines: lines[3].update(letters=[8, 9]), "before the end"),
        (lambda lines: lines[5].update(number="3.٢"), "of the form"),
        (lambda lines: lines[0].update(sha256="hello <b>"), "not a SHA-256"),
        (lambda lines: lines[0].update(words="x"), "not a SHA-256"),
        (lambda lines: lines[0].update(language="\ud800"), "not a language tag"),
        (lambda lines: lines[0].update(splitter="a\n"), "not a name"),
        (lambda lines: lines[2].update(white=[[3, "x"]]), "white space"),
    ],
)  # fmt: skip
def test_an_index_contradicts_itself(tmp_path: Path, change: Callable[[list[Line]], object], message: str) -> None:
    """Order, bounds and sizes are looked at without any text."""
    _, target = written(tmp_path, change)
    with pytest.raises(ParseError, match=message):
        load_index(target)


OTHER = TEXT.replace("It is not true that ", "It is quite true that ").replace("grinds rye", "burns coal")


@pytest.mark.parametrize("split", [False, True])
def test_the_words_of_another_text(tmp_path: Path, split: bool) -> None:
    """Digests of words and places of another text beside the digests of this one: they are other words."""
    other = [json.loads(line) for line in index_content(index_text(OTHER, "mill", "1", "en")).splitlines()]

    def forged(lines: list[Line]) -> None:
        for line, second in zip(lines, other, strict=True):
            line |= {key: second[key] for key in ("words", "letters") if key in second}

    _, target = written(tmp_path, forged)
    file = tmp_path / "other.txt"
    file.write_text(OTHER.replace(" ", "\n") if split else OTHER, encoding="utf-8")
    comparison = compare_text(load_index(target), file)
    assert comparison.case == "words"
    assert {"2.1", "2.2"}.isdisjoint(comparison.units)
    assert comparison.first == "2.1"
    before = target.read_bytes()
    with pytest.raises(UsageError, match="other words"):
        relayout_index(file, target)
    assert target.read_bytes() == before


@pytest.mark.parametrize(
    "text", ["A wide\tand  odd\nsentence stands.\n\nOne more.", "水の\n車 は\u3000回る。\n\n二つ目。"]
)
@pytest.mark.parametrize("white", [" ", "\n", "  \n\t"])
def test_white_space_is_restored(tmp_path: Path, text: str, white: str) -> None:
    """An index knows the white space within its units: by it their own digests tell that words are theirs."""
    file, target = written(tmp_path, lambda lines: None, text)
    file.write_text("\n\n".join(re.sub(r"\s+", white, part) for part in text.split("\n\n")) + "\n", encoding="utf-8")
    comparison = compare_text(load_index(target), file)
    assert comparison.case == "layout"
    assert len(comparison.units) == len(load_index(target).units)


@pytest.mark.parametrize(
    ("one", "two"), [("４ ５", "４５"), ("四 五", "四五"), ("Ａ Ｂ", "ＡＢ"), ("二十 三", "二十三")]
)
def test_a_blank_between_numerals_is_no_layout(one: str, two: str) -> None:
    """Two numbers are not one; a line may end within a number, as within any word."""
    text = "参加者は{}名である。"
    assert words_digest(text.format(one)) != words_digest(text.format(two))
    assert words_digest(text.format(one)) == words_digest(text.format(one.replace(" ", " \u3000")))
    assert words_digest(text.format(one.replace(" ", "\n"))) == words_digest(text.format(two))


def test_a_sentence_repeated_without_end(tmp_path: Path) -> None:
    """Twenty thousand units that are the same are compared one with one, not all with all."""
    text = "It is so. " * 20_000
    file = tmp_path / "text.txt"
    index = index_text(text, "mill", "1", "en")
    changed = text[:50_000] + text[50_000:].replace("so", "now", 1) + "It was so."
    file.write_text(changed[:150_000] + changed[150_000:].replace("so", "now", 1), encoding="utf-8")
    comparison = compare_text(index, file)
    assert (comparison.case, comparison.changed + comparison.added) == ("words", 3)
