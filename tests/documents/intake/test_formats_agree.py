"""One text in six formats: its units are the same, whatever program made the file."""

import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import intake_files as files
from isoc_kg.documents.addition import index_of
from isoc_kg.documents.intake.docx import extract_docx
from isoc_kg.documents.intake.epub import extract_epub
from isoc_kg.documents.intake.extraction import extract
from isoc_kg.documents.intake.html import extract_html
from isoc_kg.documents.intake.markdown import extract_markdown
from isoc_kg.documents.intake.odt import extract_odt
from isoc_kg.documents.intake.passages import Extraction
from isoc_kg.documents.intake.plain import extract_plain
from isoc_kg.limits import Limits

LIMITS = Limits()
FORMATS = {
    "text": (files.as_text, extract_plain),
    "markdown": (files.as_markdown, extract_markdown),
    "html": (files.as_html, extract_html),
    "docx": (files.as_docx, extract_docx),
    "odt": (files.as_odt, extract_odt),
    "epub": (files.as_epub, extract_epub),
}
BLOCKS: list[files.Block] = [
    ("heading", "Minutes of the garden council"),
    ("paragraph", "The council met on 3 May 2024. It had a quorum, as Dr. Müller noted."),
    ("paragraph", "The council decided:"),
    ("item", "The old pump is sold."),
    ("item", "The new pump costs 1,200 euros, pipes included."),
    ("heading", "Members"),
    ("row", ("Name", "Role")),
    ("row", ("Ada Fenn", "chair")),
    ("row", ("Béla Kún", "clerk")),
    ("paragraph", "Is there more? There is none. “Good,” said the chair."),
    ("paragraph", "会議は五月に開かれた。ポンプは売られる。"),
    ("paragraph", "Совет собрался в мае. Насос продан."),
]


def units(extraction: Extraction, language: str = "en") -> list[tuple[str, str, str]]:
    """Number, kind and words of each unit."""
    index = index_of(extraction, "d", "1", language)
    return [(u.number, u.kind, " ".join(u.text(extraction.text).split())) for u in index.units.values()]


def written(name: str, blocks: list[files.Block]) -> Extraction:
    write, read = FORMATS[name]
    return read(write(blocks), LIMITS)


def veiled(text: str, seed: int) -> str:
    """The same text with soft hyphens, other blanks and hyphens, and in NFD."""
    chance = random.Random(seed)
    result = []
    for character in unicodedata.normalize(chance.choice(["NFC", "NFD"]), text):
        if character == " ":
            character = chance.choice([" ", "\u00a0", "\u202f", " \u200b"])
        elif character == "-":
            character = chance.choice(["-", "\u2011"])
        result.append(character)
        if character.isalpha() and character.isascii() and chance.random() < 0.2:
            result.append(chance.choice(["\u00ad", "\u200b", "\u2060"]))
    while result and not unicodedata.normalize("NFC", result[-1])[0].isprintable():
        result.pop()
    return "".join(result)


@pytest.mark.parametrize("name", FORMATS)
def test_a_text_has_the_same_units_in_every_format(name: str) -> None:
    """Numbers, kinds and words are those of the plain text."""
    assert units(written(name, BLOCKS)) == units(written("text", BLOCKS))
    assert len(units(written(name, BLOCKS))) > 10


@pytest.mark.parametrize("name", FORMATS)
def test_the_extracted_text_is_the_same(name: str) -> None:
    """Not the units alone: the whole text, list marks and tabs included."""
    assert written(name, BLOCKS).text == files.as_text(BLOCKS).decode() + "\n"


@pytest.mark.parametrize("name", FORMATS)
def test_what_only_sets_a_text_is_no_part_of_it(name: str) -> None:
    """Soft hyphens, blanks and hyphens at which no line ends, characters without width, and the normal form."""
    blocks: list[files.Block] = [
        (kind, veiled(text, n) if isinstance(text, str) else [veiled(cell, n) for cell in text])
        for n, (kind, text) in enumerate(BLOCKS)
    ]
    assert written(name, blocks).text == written("text", BLOCKS).text


words = st.sampled_from(
    [
        "council",
        "Ada",
        "water",
        "Äpfel",
        "café",
        "naïve",
        "1,200",
        "Dr.",
        "3.5",
        "насос",
        "五月",
        "“yes”",
        "it's",
        "&",
        "A&B",
    ]
)
sentences = st.lists(words, min_size=2, max_size=8).map(lambda chosen: "It is " + " ".join(chosen) + ".")
paragraphs = st.tuples(st.sampled_from(["heading", "paragraph", "item"]), sentences)
rows = st.lists(st.tuples(st.just("row"), st.tuples(sentences, sentences)), min_size=2, max_size=3)
# a table begins behind text, so that two never meet, which Markdown could not tell apart
texts = st.lists(
    st.one_of(paragraphs.map(lambda block: [block]), rows.map(lambda r: [("paragraph", "It is."), *r])), min_size=1
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(texts.map(lambda groups: [block for group in groups for block in group]))
def test_any_text_has_the_same_units_in_every_format(blocks: list[files.Block]) -> None:
    """Blocks in any order."""
    expected = written("text", blocks).text
    for name in FORMATS:
        assert written(name, blocks).text == expected, name


MARKDOWN = """---
title: Minutes of the garden council
lang: en
---

# Minutes of the spring meeting

The council met on 3 May 2024. It had a quorum.[^q] Words can be **bold**, *in italics*
or [linked](https://example.org/), 5 km away.

## Decisions

The council decided:

-   The old pump is sold. It is worn out.
-   The new pump costs 1,200 euros.

    It comes with pipes.

1.  First, the tender.
2.  Second, the award.

A line ends here\\
and goes on “quoted”; naïve café, coöperation.

| Name     | Role                |
|----------|---------------------|
| Ada Fenn | chair               |
| Ben Holt | clerk of the *works* |

> A quotation stands here. It has two sentences.

Water is H~2~O, and E = mc^2^. Nothing else was decided.[^n]

[^q]: Five members are enough.

[^n]: The chair closed at noon. All went home.
"""
EXPECTED = [
    "Minutes of the spring meeting",
    "The council met on 3 May 2024.",
    "It had a quorum.",
    "Words can be bold, in italics or linked, 5 km away.",
    "Decisions",
    "The council decided:",
    "The old pump is sold.",
    "It is worn out.",
    "The new pump costs 1,200 euros.",
    "It comes with pipes.",
    "First, the tender.",
    "Second, the award.",
    "A line ends here and goes on “quoted”; naïve café, coöperation.",
    "Name Role",
    "Ada Fenn chair",
    "Ben Holt clerk of the works",
    "A quotation stands here.",
    "It has two sentences.",
    "Water is H₂O, and E = mc².",
    "Nothing else was decided.",
    "Five members are enough.",
    "The chair closed at noon.",
    "All went home.",
]


def _of_file(path: Path) -> list[str]:
    """The words of each unit of a file, the title that pandoc sets above a text left out."""
    extraction = extract(path.read_bytes(), path, LIMITS).extraction
    lines: list[str] = []
    for start, _, passage in extraction.spans():
        if passage.kind == "row":  # a row is a line of the text, and cut as one
            lines.append(" ".join(passage.text.split()))
            continue
        found = index_of(extraction, "d", "1", "en").units.values()
        end = start + len(passage.text)
        lines += [" ".join(u.text(extraction.text).split()) for u in found if start <= u.start < end]
    return lines[lines[0] == "Minutes of the garden council" :]


@files.requires_pandoc
@pytest.mark.parametrize("suffix", ["html", "docx", "odt", "epub", "md"])
def test_documents_made_by_pandoc(tmp_path: Path, suffix: str) -> None:
    """Headings, lists, a table, a quotation, footnotes: the sentences of the source in every format."""
    source = tmp_path / "source.md"
    source.write_text(MARKDOWN, encoding="utf-8")
    options = ["-t", "gfm"] if suffix == "md" else []
    assert _of_file(files.pandoc(source, tmp_path / f"made.{suffix}", *options)) == EXPECTED


@files.requires_pandoc
@files.requires_libreoffice
@pytest.mark.parametrize(("first", "then"), [("odt", "docx"), ("docx", "odt"), ("odt", "html"), ("docx", "html")])
def test_documents_made_by_libreoffice(tmp_path: Path, first: str, then: str) -> None:
    """The same after LibreOffice has converted it."""
    source = tmp_path / "source.md"
    source.write_text(MARKDOWN, encoding="utf-8")
    made = files.pandoc(source, tmp_path / f"made.{first}")
    assert _of_file(files.libreoffice(made, then, tmp_path / "converted")) == EXPECTED
