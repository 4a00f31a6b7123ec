"""Markdown's footnotes and settings; the order, the notes and the odd pages of books."""

import pytest

from intake_files import epub, xhtml
from isoc_kg.documents.intake.epub import extract_epub
from isoc_kg.documents.intake.markdown import extract_markdown
from isoc_kg.documents.intake.plain import extract_plain
from isoc_kg.limits import Limits

MARKDOWN = {
    "a footnote": ("A.[^1] B.\n\n[^1]: Note.\n\nC.", ["A. B.", "C.", "Note."]),
    "in the order of their marks": ("A[^b] b[^a].\n\n[^a]: One.\n[^b]: Two.\n", ["A b.", "Two.", "One."]),
    "over lines": ("A.[^1]\n\n[^1]: One\n    two.\n\n    Three.\n\nB.", ["A.", "B.", "One\ntwo.", "Three."]),
    "lazy lines": ("A.[^1]\n\n[^1]: One\ntwo.\n\nB.", ["A.", "B.", "One\ntwo."]),
    "a mark without a note": ("A.[^1]", ["A.[^1]"]),
    "in code": ("`[^1]` A.[^1]\n\n```\n[^1]: x\n```\n\n[^1]: Note.", ["[^1] A.", "[^1]: x", "Note."]),
    "a note that nothing refers to": ("A.\n\n[^1]: Note.", ["A.", "Note."]),
    "notes in notes": (
        "A[^x].\n\n[^z]: Last.\n\n[^y]: Two `[^z]`.\n\n[^x]: One[^y].",
        ["A.", "One.", "Two [^z].", "Last."],
    ),
    "a rule and a word with a colon": ("---\n\nChair: Ada\n\nBegin.\n\n---\n\nEnd.", ["Chair: Ada", "Begin.", "End."]),
    "lines that may be text": ("---\nChair: Ada\n---\nEnd.", ["Chair: Ada", "End."]),
    "settings and text": ("---\ntitle: T\nIt began at ten.\n---\nEnd.", ["title: T It began at ten.", "End."]),
    "a tag as a word": (
        "Choose in <select> or\n\n<textarea>\n\nnext.",
        ["Choose in <select> or", "<textarea>", "next."],
    ),
    "brackets that nothing closes": ("[" * 3000 + " a **b** [c](d)", ["[" * 3000 + " a b [c](d)"]),
    "a tag that ends": ("A <select>b</select> c", ["A c"]),
    "raw HTML": ("A <b>b</b>\n\n<script>x</script>\n\n<div>c</div>", ["A b", "c"]),
    "entities": ("A &amp; b&shy;c", ["A & bc"]),
    "a rule and a heading": ("A\n=\n\nb\n\n***\n\nc", ["A", "b", "c"]),
    "no settings": ("---\n\nA", ["A"]),
    "a link and a picture": ("[a](b) ![c](d) <https://e.example>", ["a https://e.example"]),
    "struck": ("~~a~~ b", ["a b"]),
}


_LONGER = """-----------------
 Boat     Use
          now
------- ---------
Ada     all
        trips

Bo      none
-----------------

B."""
COLUMNS = {
    "with a head": (
        "A.\n\n  Boat      Built\n--------- ------\n*Ada*       1930\nBo|Bo       1941\n\nTable: Boats.\n\nB.",
        ["A.", "Boat\tBuilt", "Ada\t1930", "Bo|Bo\t1941", "Table: Boats.", "B."],
    ),
    "without a head": ("----- -----\nAda   1930\n----- -----\n\nB.", ["Ada\t1930", "B."]),
    "of longer rows": (
        _LONGER,
        ["Boat\tUse now", "Ada\tall trips", "Bo\tnone", "B."],
    ),
    "rules and headings": (
        "Text\n----\n\nmore\n\n--- ---\n\n```\n A    B\n---- ----\n 1    2\n```\n\nWords\n--- ---\n\nC",
        ["Text", "more", "A B\n---- ----\n1 2", "Words", "C"],
    ),
}


@pytest.mark.parametrize("case", COLUMNS)
def test_tables_in_columns(case: str) -> None:
    """As pandoc writes them: a row a passage, no heading of it; what only looks so stays."""
    source, expected = COLUMNS[case]
    assert [passage.text for passage in extract_markdown(source.encode(), Limits()).passages] == expected


@pytest.mark.parametrize("case", MARKDOWN)
def test_markdown(case: str) -> None:
    """Passages of a text."""
    source, expected = MARKDOWN[case]
    found = [passage.text for passage in extract_markdown(source.encode(), Limits()).passages]
    assert found == [text.replace("\n", " ") for text in expected]


def test_settings_of_markdown() -> None:
    """Between lines of dashes at the head of the file."""
    head = '---\ntitle: "A: b"\nauthor: Ada\ndate: 2024-05\nlang: de\nother:\n- x\n---\n# H\n\nText.'
    extraction = extract_markdown(head.encode(), Limits())
    assert (extraction.title, extraction.author, extraction.date, extraction.language) == (
        "A: b",
        "Ada",
        "2024-05",
        "de",
    )
    assert extraction.text == "H\n\nText.\n"


BOOK = "<dc:title>T</dc:title><dc:creator>Ada</dc:creator><dc:creator>Ben</dc:creator><dc:date>1999</dc:date>"


def test_a_book() -> None:
    """Pages in the order of the spine, the table of contents left out, notes of all pages behind."""
    pages = {
        "b.xhtml": xhtml(
            '<h1>One</h1><p>A.<a epub:type="noteref" href="#n">1</a></p><aside epub:type="footnote">N.</aside>'
        ),
        "a.xhtml": xhtml("<h1>Two</h1><p>B.</p>"),
    }
    extraction = extract_epub(
        epub(pages, nav=xhtml("<nav>x</nav>"), metadata=BOOK + "<dc:language>en</dc:language>"), Limits()
    )
    assert [(p.text, p.places[0][1].part) for p in extraction.passages] == [
        ("One", "OEBPS/b.xhtml"),
        ("A.", "OEBPS/b.xhtml"),
        ("Two", "OEBPS/a.xhtml"),
        ("B.", "OEBPS/a.xhtml"),
        ("N.", "OEBPS/b.xhtml"),
    ]
    assert extraction.notes == ("left out: 1 table of contents", "1 footnote moved behind the text")
    said = extraction.title, extraction.author, extraction.date, extraction.language
    assert said == ("T", "Ada, Ben", "1999", "en")


def test_empty_elements_of_xhtml() -> None:
    """An HTML parser takes <title/> and <script/> for the beginning of all that follows."""
    page = xhtml('<script src="x"/><p><a id="a"/>Text.</p><iframe src="x"/><p>More.</p>').replace(
        "<title></title>", "<title/>"
    )
    assert extract_epub(epub({"a.xhtml": page}), Limits()).text == "Text.\n\nMore.\n"


EMPTY = ["audio", "video", "object", "canvas", "button", "del", "textarea", "select", "svg", "td", "pre", "template"]


@pytest.mark.parametrize("name", EMPTY)
@pytest.mark.parametrize("end", ["", "<p>&bogus;"])
def test_nothing_is_lost_behind_what_ends_in_itself(name: str, end: str) -> None:
    """In pages that are well-formed, and in those that are not."""
    page = xhtml(f'<p>One.</p><{name} title="a > b"/><div hidden="hidden"/><p>Two.</p>{end}')
    texts = extract_epub(epub({"a.xhtml": page, "b.xhtml": xhtml("<p>Three.</p>")}), Limits()).text
    assert [line for line in texts.split("\n\n") if "bogus" not in line] == ["One.", "Two.", "Three.\n"]


def test_pages_of_books_are_xml() -> None:
    """Numbers of printed pages, sections of raw text, prefixes, characters by name, encodings."""
    page = xhtml(
        'mill<span epub:type="pagebreak" aria-hidden="true" id="p7"/>stone <![CDATA[a < b]]> x&nbsp;&eacute; '
        '<m:math xmlns:m="http://www.w3.org/1998/Math/MathML"><m:msup><m:mn>2</m:mn><m:mn>7</m:mn></m:msup></m:math>'
    )
    old = page.replace("utf-8", "iso-8859-2").replace("mill", "Łmill").encode("iso-8859-2")
    book = epub({"a.xhtml": page})
    assert extract_epub(book, Limits()).text == "millstone a < b x é 2⁷\n"
    assert extract_epub(book, Limits()).notes == ("left out: 1 page number",)
    assert extract_epub(epub({"a.xhtml": old}), Limits()).text == "Łmillstone a < b x é 2⁷\n"


PLAIN = {
    b"\xef\xbb\xbfA.\r\n\r\nB\rc.\n": "A.\n\nB\nc.\n",
    b"A.\x0cB.": "A.\n\nB.\n",
    b"\n\n A.  b\n \n\n\n- c \n  d\n": "A.  b\n\n- c\n  d\n",
    "A\u00adb\u00a0c".encode("utf-16"): "Ab c\n",
    b"a\tb\nc\td": "a\tb\nc\td\n",
}


@pytest.mark.parametrize("content", PLAIN)
def test_plain_text(content: bytes) -> None:
    """Line ends are its author's; paragraphs stand between blank lines, or pages."""
    assert extract_plain(content, Limits()).text == PLAIN[content]


def test_a_text_with_a_paragraph_a_line() -> None:
    """As word processors write it; lines that an editor ends, or with a sentence each, are of one paragraph."""
    long = "The bridge was closed for the whole of the winter. Carts had to go around by the mill, which took an hour."
    text = f"Bridges\n{long}\n    • A toll.\n    • A ferry.\n{long}\nEnd"
    extraction = extract_plain(text.encode(), Limits())
    assert [(p.kind, p.text) for p in extraction.passages] == [
        ("paragraph", "Bridges"),
        ("paragraph", long),
        ("item", "A toll."),
        ("item", "A ferry."),
        ("paragraph", long),
        ("paragraph", "End"),
    ]
    assert extraction.notes == ("each line read as a paragraph",)
    broken = f"{long} Only the carter,\nwho had a boat, went by water."
    lines = [long, long, broken, long, long, "ropes", "lamps"]
    assert [p.text for p in extract_plain("\n".join(lines).encode(), Limits()).passages] == lines
    for line in (f"{long} And so", long.replace(". Carts", ", so carts"), long[:90]):
        assert len(extract_plain(f"{line}\n{line}\n{line}".encode(), Limits()).passages) == 1
