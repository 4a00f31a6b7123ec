"""Units: how texts are cut, what the index knows, and what is refused."""

import hashlib
import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.documents.index import index_document, load_index
from isoc_kg.documents.text import read_text
from isoc_kg.documents.units import cut
from isoc_kg.errors import EncodingError, ParseError, UsageError


def units(text: str, language: str = "en") -> list[tuple[str, str, str]]:
    return [(unit.number, unit.kind, unit.text(text)) for unit in cut([text], language)]


def test_paragraphs_sentences_items_and_questions() -> None:
    """Numbers are paragraph and unit; list marks and white space stay outside."""
    text = "A title\n\nOne sentence here. Is this two?\n\n  1. First item\n  2. Second item\n\nDone."
    assert units(text) == [
        ("1.1", "heading", "A title"),
        ("2.1", "sentence", "One sentence here."),
        ("2.2", "question", "Is this two?"),
        ("3.1", "item", "First item"),
        ("3.2", "item", "Second item"),
        ("4.1", "sentence", "Done."),
    ]


def test_run_together_passages_are_cut() -> None:
    """A run-in heading, a lead-in with an inline list, and a transcription that runs on."""
    text = (
        "Boat (B):Built in 1900, it floats.\n\n"
        "Sounds: /bəʊt/In letters:- /b/ as in “bee” – /t/ as in “tea”- /x/ as in “loch”"
    )
    assert [(number, kind) for number, kind, _ in units(text)] == [
        ("1.1", "heading"), ("1.2", "sentence"), ("2.1", "sentence"), ("2.2", "lead-in"),
        ("2.3", "segment"), ("2.4", "segment"), ("2.5", "segment"),
    ]  # fmt: skip
    assert units(text)[-1][2] == "/x/ as in “loch”"


def test_an_address_is_no_transcription() -> None:
    """Slashes of addresses and paths cut nothing, whatever stands behind them."""
    assert len(units("See https://example.org/Docs are there and /etc/Paths too.")) == 1


def test_a_dash_in_prose_is_no_list() -> None:
    """Dashes cut only behind a colon and a dash."""
    assert len(units("He left – at last – for “home” – and slept.")) == 1


@given(st.text(alphabet=st.sampled_from("aB .?!\n:–-•/”\t1é\U0001f600"), max_size=400), st.integers(1, 50))
@settings(max_examples=300, deadline=None)
def test_units_are_exact_whatever_the_text(text: str, size: int) -> None:
    """Units follow one another, do not overlap, have their digest, and do not depend on how the text arrives."""
    whole = list(cut([text], "en"))
    blocks = [text[i : i + size] for i in range(0, len(text), size)]
    assert list(cut(blocks, "en")) == whole
    end = 0
    for unit in whole:
        assert end <= unit.start < unit.end
        end = unit.end
        assert hashlib.sha256(unit.text(text).encode()).hexdigest() == unit.sha256
        assert unit.text(text) == unit.text(text).strip()
    assert len({unit.number for unit in whole}) == len(whole)


def test_white_space_without_end_is_no_paragraph() -> None:
    """However much white space stands in a text, the numbers are those of its paragraphs."""
    for space in ("\n", " ", "\n \n", "\r\n"):
        wide = space * 200_000
        text = f"{wide}\n\nOne.\n\n{wide}Two.\n\n{wide}"
        blocks = [text[at : at + 65_536] for at in range(0, len(text), 65_536)]
        assert [(unit.number, unit.text(text)) for unit in cut(blocks, "en")] == [("1.1", "One."), ("2.1", "Two.")]


def test_index_holds_no_text_and_is_never_rewritten(tmp_path: Path) -> None:
    """An index of the same text is left alone; another text is a new edition."""
    text, target = tmp_path / "a.txt", tmp_path / "x" / "1.jsonl"
    text.write_text("Some secret words stand here.", encoding="utf-8")
    assert index_document(text, target, slug="a", edition="1", language="en") is not None
    before = target.read_bytes()
    assert b"secret" not in before
    assert index_document(text, target, slug="a", edition="1", language="en") is None
    text.write_text("Others.", encoding="utf-8")
    with pytest.raises(UsageError, match="another text") as caught:
        index_document(text, target, slug="a", edition="1", language="en")
    assert "--edition 2" in str(caught.value)
    assert target.read_bytes() == before
    assert load_index(target).units["1.1"].length == 29


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"good\n\nbad \xff here", "not UTF-8 at byte 10"),
        (b"a\x00b", "U\\+0000"),
        (b"line\nv\x0btab", "U\\+000B"),
        (b"", "empty"),
        (b" \n\n ", "empty"),
    ],
)
def test_refused_texts(tmp_path: Path, data: bytes, message: str) -> None:
    """What is no text is refused with its place, and leaves no index."""
    text = tmp_path / "a.txt"
    text.write_bytes(data)
    with pytest.raises(ParseError, match=message):
        index_document(text, tmp_path / "1.jsonl", slug="a", edition="1", language="en")
    assert list(tmp_path.iterdir()) == [text]


def test_split_characters_and_byte_order_mark(tmp_path: Path) -> None:
    """A character may stand across two blocks; a byte order mark counts for nothing."""
    text = tmp_path / "a.txt"
    content = "é" * 40_000 + ". \U0001f600."
    text.write_bytes(b"\xef\xbb\xbf" + content.encode())
    assert read_text(text) == content
    text.write_bytes(("é" * 40_000).encode() + b"\xc3")
    with pytest.raises(EncodingError, match="at byte 80000"):
        read_text(text)


def test_large_texts_need_bounded_memory(tmp_path: Path) -> None:
    """More than a megabyte, without a line end and with many, is indexed in a process of 60 MB, 25 for itself."""
    code = (
        "import sys; from pathlib import Path; from isoc_kg.documents.index import index_document as i\n"
        "i(Path(sys.argv[1]), Path(sys.argv[2]), slug='a', edition='1', language='en')"
    )
    limit = 60_000_000
    for name, part in (("one", "word " * 250_000), ("many", "A sentence of some words. Another.\n\n" * 35_000)):
        text = tmp_path / name
        text.write_text(part, encoding="utf-8")
        subprocess.run(
            [sys.executable, "-c", code, str(text), str(tmp_path / f"{name}.jsonl")],
            check=True,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_DATA, (limit, limit)),
        )


@pytest.mark.parametrize(
    "change", [{"start": -1}, {"kind": "poem"}, {"sha256": "x"}, {"number": "2"}, {"end": 0}, {"more": 1}]
)
def test_damaged_index(tmp_path: Path, change: dict[str, object]) -> None:
    """A damaged line is named."""
    text, target = tmp_path / "a.txt", tmp_path / "1.jsonl"
    text.write_text("One. Two.", encoding="utf-8")
    index_document(text, target, slug="a", edition="1", language="en")
    lines = target.read_text(encoding="utf-8").splitlines()
    lines[2] = json.dumps(json.loads(lines[2]) | change)
    target.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(ParseError) as caught:
        load_index(target)
    assert caught.value.line == 3
    target.write_text("\n".join(lines[:2]), encoding="utf-8")
    with pytest.raises(ParseError, match="not whole"):
        load_index(target)


@pytest.mark.parametrize("marks", ["—", "***", "…", ". . .", "⁂", "[…]", "!?", "§", "~\n—", "「」", "— — —", "|—|—|"])
@pytest.mark.parametrize("language", ["en", "ja", "ar"])
def test_marks_alone_are_no_unit(marks: str, language: str) -> None:
    """A paragraph of marks divides a text; it has a number, so that those behind keep theirs."""
    text = f"One was here.\n\n{marks}\n\nTwo came later.\n"
    assert [(unit.number, unit.text(text)) for unit in cut([text], language)] == [
        ("1.1", "One was here."),
        ("3.1", "Two came later."),
    ]


@pytest.mark.parametrize("text", ["3", "x", "5 %", "第", "Ⅳ", "½"])
def test_a_letter_or_number_is_a_unit(text: str) -> None:
    """However short it is."""
    assert [unit.text(text) for unit in cut([text], "en")] == [text]


@pytest.mark.parametrize("gap", ["\n", "\n\n"])
def test_rows_with_empty_first_cells(gap: str) -> None:
    """They are rows as well, whichever cells they have; dashes alone in the cells are no row."""
    text = gap.join(["Name\tBoats", "Tarn\t3", "\t12", "—\t—", "\t\t7", "Fell\t4"])
    units = [(unit.kind, unit.text(text)) for unit in cut([text], "en")]
    assert units == [("segment", row) for row in ("Name\tBoats", "Tarn\t3", "12", "7", "Fell\t4")]


def test_paragraphs_that_begin_with_a_tab() -> None:
    """They are no rows."""
    text = "\tIt was night.\n\tIt rained.\n\n\tThe end of it\n"
    assert [unit.kind for unit in cut([text], "en")] == ["sentence", "sentence", "heading"]


@pytest.mark.parametrize(
    ("paragraphs", "kinds"),
    [
        (["Minutes", "Present: Ada Penn, Jon Ader and Ine van der Berg (chair)"], "heading sentence"),
        (["Protokoll", "Entschuldigt: Hedda Wiese"], "heading sentence"),
        (["Lights: Towers, Keepers and Ships", "Nobody came."], "heading sentence"),  # a title and what it adds
        (["Minutes", "Article 5: Rights", "Nobody came."], "heading heading sentence"),
        (["Minutes", "TOP 3: Tug Anna Holt", "Nobody came."], "heading heading sentence"),
        (["Minutes", "1. Membership", "There are nine. All agreed."], "heading heading sentence sentence"),
        (["Minutes", "2. Lights", "It is lit.", "3. Boats", "One sank."], "heading heading sentence heading sentence"),
        (["Agenda", "1. Welcome", "2. Reports", "3. Close", "It ended."], "heading item item item sentence"),
        (["Agenda", "1. Buy a lamp.", "It was bought."], "heading item sentence"),
        (["Agenda", "1. Welcome"], "heading item"),
        *(
            (["Lights", f"It was rebuilt in 1902.{notes}"], "heading sentence")
            for notes in ("[1]", "¹", "*", "[2][3]", "<sup>2</sup>", " [4]", "†", "[^a]", "”[1]", "[1], [2]", "**")
        ),
        (["Lights", "Who lit it?[1]"], "heading question"),
        (["Lights", "The tower[1]", "It is old."], "heading heading sentence"),
        (["Lights", "The tower*", "It is old."], "heading heading sentence"),
        (["Lights", "1. It was lit.[1]", "It is old."], "heading item sentence"),
        (["Agenda", "- Welcome", "It ended."], "heading item sentence"),
    ],
)  # fmt: skip
def test_what_stands_alone(paragraphs: list[str], kinds: str) -> None:
    """A label with names is no title; a numbered line over running text is one, unless it ends a list."""
    assert " ".join(unit.kind for unit in cut(["\n\n".join(paragraphs)], "en")) == kinds


@pytest.mark.parametrize(
    ("language", "sentences"),
    [
        ("pl", ["§ 5. Składka wynosi 20 zł.", "§ 6. Zarząd może ją zmienić.", "Nie zmienił."]),
        ("de", ["Das folgt aus § 5.", "Der Beitrag steigt."]),
        ("en", ["It was rebuilt.*", "Later it fell.<sup>2</sup>", "Then it rose.[2][a]", "It stands."]),
    ],
)
def test_numbers_of_sections_and_notes(language: str, sentences: list[str]) -> None:
    """The number of a section belongs to what follows, a reference to a note to what stands before it."""
    text = " ".join(sentences)
    assert [unit.text(text) for unit in cut([text], language)] == sentences
