"""Texts at hand beside the indexes of their editions: every edit is noticed, and called words or layout."""

import hashlib
import json
import re
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isoc_kg.documents.comparison import compare_text, relayout_index
from isoc_kg.documents.index import UnitIndex, index_document, load_index
from isoc_kg.documents.text import WordsDigest, file_digest, letters, read_text, words_digest
from isoc_kg.errors import UsageError

from material import ROOT

TEXTS = {
    "en": (
        "The mill\n\nThe mill by the bridge was built in 1821. It grinds rye “by water”, never by steam.\n\n"
        "1. Open from May\n2. Closed in winter\n\nWho owns it? The town does."
    ),
    "de": (
        "Die Mühle\n\nDie Mühle an der Brücke wurde 1821 gebaut. Sie mahlt Roggen „mit Wasser“, nie mit Dampf.\n\n"
        "Wem gehört sie? Der Stadt."
    ),
    "ja": "水車小屋\n\n橋のそばの水車小屋は1821年に建てられた。ライ麦を「水の力」で挽く。\n\n持ち主は町である。",
    "ar": "الطاحونة\n\nبُنيت الطاحونة قرب الجسر عام 1821. تطحن الشعير «بالماء» لا بالبخار.\n\nمن يملكها؟ تملكها البلدة.",
}


def indexed(folder: Path, text: str, language: str = "en") -> tuple[Path, UnitIndex]:
    file, target = folder / "text.txt", folder / "1.jsonl"
    target.unlink(missing_ok=True)
    file.write_bytes(text.encode())
    index_document(file, target, slug="mill", edition="1", language=language)
    return file, load_index(target)


def without_words(target: Path) -> UnitIndex:
    """The index as it was written before there were digests of words."""
    lines = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    old = [{key: value for key, value in line.items() if key not in ("words", "letters")} for line in lines]
    target.write_text("".join(json.dumps(line, ensure_ascii=False) + "\n" for line in old), encoding="utf-8")
    return load_index(target)


@pytest.mark.parametrize("language", TEXTS)
def test_a_text_is_its_characters(tmp_path: Path, language: str) -> None:
    """A byte order mark and carriage returns are no part of a text, nor of its digest."""
    text = TEXTS[language]
    file, index = indexed(tmp_path, text, language)
    assert index.sha256 == hashlib.sha256(text.encode()).hexdigest()
    for data in (
        b"\xef\xbb\xbf" + text.encode(),
        text.replace("\n", "\r\n").encode(),
        text.replace("\n", "\r").encode(),
    ):
        file.write_bytes(data)
        assert read_text(file) == text
        assert file_digest(file) == index.sha256
        assert compare_text(index, file).case == "same"


def test_a_line_end_may_stand_across_two_blocks(tmp_path: Path) -> None:
    """Neither half of it counts as a line of its own."""
    file = tmp_path / "text.txt"
    file.write_bytes(b"a" * 65_535 + b"\r\nb\r")
    assert read_text(file) == "a" * 65_535 + "\nb\n"


@pytest.mark.parametrize("language", TEXTS)
@pytest.mark.parametrize("layout", ["wrapped", "wide", "decomposed", "one line a paragraph"])
def test_the_same_words_in_another_layout(tmp_path: Path, language: str, layout: str) -> None:
    """Units keep their words at other places, whatever the white space and the normal form; the index may follow."""
    text = TEXTS[language]
    file, index = indexed(tmp_path, text, language)
    other = {
        "wrapped": re.sub(r"(?<=[^\n]) (?=[^\n])", "\n", text) + "\n",
        "wide": "\n\n" + text.replace(" ", "   ").replace("\n\n", "\n \n\n") + "  ",
        "decomposed": unicodedata.normalize("NFD", text.replace("\n\n", "\n\n\n")),
        "one line a paragraph": text.replace("\n\n", "\n"),
    }[layout]
    file.write_text(other, encoding="utf-8")
    comparison = compare_text(index, file)
    assert comparison.case == "layout"
    assert list(comparison.units) == list(index.units)
    for number, unit in comparison.units.items():
        assert words_digest(unit.text(other)) == words_digest(index.units[number].text(text))
    target = tmp_path / "1.jsonl"
    assert relayout_index(file, target) is not None
    assert compare_text(load_index(target), file).case == "same"
    assert [(unit.number, unit.kind) for unit in load_index(target).units.values()] == [
        (unit.number, unit.kind) for unit in index.units.values()
    ]
    assert relayout_index(file, target) is None


def test_japanese_lines_end_anywhere(tmp_path: Path) -> None:
    """Where a script sets no blanks a line end within a word is layout."""
    file, index = indexed(tmp_path, TEXTS["ja"], "ja")
    file.write_text(TEXTS["ja"].replace("水車小屋は", "水車\n小屋は"), encoding="utf-8")
    assert compare_text(index, file).case == "layout"


EDITS = {
    "number": ("1821", "1812", "2.1", (1, 0, 0)),
    "quotation marks": ("“by water”", '"by water"', "2.2", (1, 0, 0)),
    "a word": ("rye", "fine rye", "2.2", (1, 0, 0)),
    "a sentence gone": ("The mill by the bridge was built in 1821. ", "", "2.1", (0, 1, 0)),
    "a sentence more": ("Who owns it?", "Ask at the gate. Who owns it?", "4.1", (0, 0, 1)),
    "two changed": ("mill", "mills", "1.1", (2, 0, 0)),
    "a unit moved": (
        "1. Open from May\n2. Closed in winter", "1. Closed in winter\n2. Open from May", "3.1", (0, 1, 1),
    ),
    "the end gone": (" The town does.", "", "4.2", (0, 1, 0)),
}  # fmt: skip


@pytest.mark.parametrize("old", [False, True])
@pytest.mark.parametrize("edit", EDITS)
def test_other_words(tmp_path: Path, edit: str, old: bool) -> None:
    """The first unit that differs is named with its line, and what changed, went and came is counted."""
    before, after, first, counts = EDITS[edit]
    file, index = indexed(tmp_path, TEXTS["en"])
    index = without_words(tmp_path / "1.jsonl") if old else index
    file.write_text(TEXTS["en"].replace(before, after), encoding="utf-8")
    comparison = compare_text(index, file)
    assert (comparison.case, comparison.first) == ("words", first)
    assert (comparison.changed, comparison.missing, comparison.added) == counts
    line = {"1.1": 1, "2.1": 3, "2.2": 3, "3.1": 5, "4.1": 8, "4.2": 8}[first]
    assert comparison.line == line
    assert first not in comparison.units or counts[2]
    with pytest.raises(UsageError, match="other words"):
        relayout_index(file, tmp_path / "1.jsonl")


def test_a_list_mark_is_a_word(tmp_path: Path) -> None:
    """What stands between units counts, too."""
    file, index = indexed(tmp_path, TEXTS["en"])
    file.write_text(TEXTS["en"].replace("2. Closed", "3. Closed"), encoding="utf-8")
    comparison = compare_text(index, file)
    assert comparison.case == "words"
    assert comparison.counts == "what stands between its units differs, such as the number of a list item"
    file.write_text(TEXTS["en"].replace("2. Closed", "12. Closed"), encoding="utf-8")
    comparison = compare_text(index, file)
    assert (comparison.first, comparison.line) == ("3.2", 6)


def test_an_index_of_a_text_gets_digests_of_its_words(tmp_path: Path) -> None:
    """With them another layout is known; nothing else of the index changes."""
    file, made = indexed(tmp_path, TEXTS["en"])
    target = tmp_path / "1.jsonl"
    whole = target.read_bytes()
    assert without_words(target).words is None
    other = tmp_path / "other.txt"
    other.write_text(re.sub(r"(?<=[^\n]) (?=[^\n])", "\n", TEXTS["en"]), encoding="utf-8")
    assert compare_text(load_index(target), other).case == "words"
    assert relayout_index(file, target) is not None
    assert target.read_bytes() == whole
    assert compare_text(load_index(target), other).case == "layout"
    assert relayout_index(file, target) is None
    assert load_index(target).units == made.units


@pytest.mark.parametrize(
    ("line", "key", "value", "part"),
    [
        (0, "words", "0" * 64, "digest of the words"),
        (0, "characters", 700, "number of characters"),
        (2, "words", "0" * 64, "unit 2.1"),
        (2, "letters", [8, 20], "unit 2.1"),
    ],
)
def test_an_index_that_contradicts_its_text(tmp_path: Path, line: int, key: str, value: object, part: str) -> None:
    """Every digest and every count must fit, whether or not another one does."""
    file, _ = indexed(tmp_path, TEXTS["en"])
    target = tmp_path / "1.jsonl"
    lines = [json.loads(text) for text in target.read_text(encoding="utf-8").splitlines()]
    lines[line][key] = value
    target.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    comparison = compare_text(load_index(target), file)
    assert comparison.case == "words"
    assert part in (comparison.contradiction or "")
    with pytest.raises(UsageError, match="contradicts"):
        relayout_index(file, target)


def test_old_indexes_keep_working(tmp_path: Path) -> None:
    """An index without digests of words is compared unit by unit; one of a file's bytes with these."""
    text = "One stands here.\n\nTwo stands there."
    file, _ = indexed(tmp_path, text)
    index = without_words(tmp_path / "1.jsonl")
    assert compare_text(index, file).case == "same"
    file.write_text(text.replace("Two stands", "\nTwo\nstands"), encoding="utf-8")
    assert compare_text(index, file).case == "layout"
    data = text.replace("\n", "\r\n").encode()
    file.write_bytes(data)
    lines = (tmp_path / "1.jsonl").read_text(encoding="utf-8").splitlines()
    header, one, two = (json.loads(line) for line in lines)
    header |= {"sha256": hashlib.sha256(data).hexdigest(), "characters": len(data)}
    two |= {"start": two["start"] + 2, "end": two["end"] + 2}
    (tmp_path / "1.jsonl").write_text("\n".join(map(json.dumps, (header, one, two))), encoding="utf-8")
    comparison = compare_text(load_index(tmp_path / "1.jsonl"), file)
    assert comparison.case == "layout"
    assert [unit.text(comparison.text) for unit in comparison.units.values()] == text.split("\n\n")
    assert index_document(file, tmp_path / "1.jsonl", slug="mill", edition="1", language="en") is None


def test_invented_digests(tmp_path: Path) -> None:
    """The digest of the whole is not enough: each unit has its own."""
    file, index = indexed(tmp_path, TEXTS["en"])
    target = tmp_path / "1.jsonl"
    target.write_text(target.read_text(encoding="utf-8").replace(index.units["2.1"].sha256, "0" * 64), encoding="utf-8")
    comparison = compare_text(load_index(target), file)
    assert (comparison.case, comparison.first) == ("words", "2.1")
    assert "2.1" not in comparison.units


CHARACTERS = st.text(st.sampled_from("ab1\u0301é \n\r\t\u00a0.?「水車か\u3099ا2가\u1100\u1161\u11a8-"), max_size=60)


def words_of(text: str) -> str:
    """The words of a text, told another way."""
    collapsed = unicodedata.normalize("NFC", " ".join(text.split()))
    return re.sub(r"(?<=[、-ヿ一-鿿]) (?=[、-ヿ一-鿿])", "", collapsed)


@given(CHARACTERS, st.lists(st.integers(0, 60), max_size=4))
@settings(max_examples=300, deadline=None)
def test_words_in_pieces(text: str, cuts: list[int]) -> None:
    """The digest of words does not depend on how a text arrives, and is that of its words."""
    digest, start = WordsDigest(), 0
    for end in [*sorted(cuts), len(text)]:
        digest.update(text[start:end])
        start = max(start, end)
    assert digest.hexdigest() == hashlib.sha256(words_of(text).encode()).hexdigest()
    assert letters(text) == letters(unicodedata.normalize("NFD", text)) == letters(unicodedata.normalize("NFC", text))


@given(CHARACTERS, CHARACTERS, st.sampled_from(list(TEXTS)), st.data())
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_edit_is_noticed_and_classed(
    tmp_path: Path, before: str, put: str, language: str, data: st.DataObject
) -> None:
    """Whatever is put in place of whatever, words are told from layout, and units that are left have their words."""
    text = f"{before}\n\n{TEXTS[language]}".replace("\r", "\n")
    file, index = indexed(tmp_path, text, language)
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    edited = text[:start] + put.replace("\r", "\n") + text[end:]
    file.write_bytes(edited.encode())
    comparison = compare_text(index, file)
    same_words = words_of(edited) == words_of(text)
    assert comparison.case == ("same" if edited == text else "layout" if same_words else "words")
    differing = comparison.changed + comparison.missing + comparison.added
    assert same_words == (len(comparison.units) == len(index.units)) or comparison.added or not differing
    for number, unit in comparison.units.items():
        assert words_of(unit.text(edited)) == words_of(index.units[number].text(text))


def test_a_word_without_end_takes_bounded_memory() -> None:
    """A text without white space is digested in pieces."""
    digest = WordsDigest()
    for _ in range(20):
        digest.update("水" * 65_536)
        assert len(digest._word) <= 2 * 65_536
    assert digest.hexdigest() == words_digest("水" * 65_536 * 20)


def test_the_shipped_index_knows_another_layout(document: Path, tmp_path: Path) -> None:
    """Wrapped anew, with wide and no-break blanks, with a paragraph split: the words are the same."""
    index = load_index(ROOT / "facts" / "units" / "internet-society-term" / "1.jsonl")
    text = read_text(document)
    file = tmp_path / "text.txt"
    for other in (text.replace(" ", "\n", 40), text.replace(" ", "  "), text.replace(" ", "\u00a0"),
                  text.replace(". ", ".\n\n", 1)):  # fmt: skip
        file.write_text(other, encoding="utf-8")
        assert compare_text(index, file).case == "layout"
