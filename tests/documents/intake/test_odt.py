# ruff: noqa: ISC004
"""OpenDocument texts: what a reader sees, all changes accepted."""

import pytest

from intake_files import odt
from isoc_kg.documents.intake.odt import extract_odt
from isoc_kg.documents.intake.passages import Extraction
from isoc_kg.errors import ParseError
from isoc_kg.limits import Limits

HIDDEN = '<style:style style:name="T1"><style:text-properties text:display="none"/></style:style>'
TITLE = '<style:style style:name="P1" style:parent-style-name="Title"/>'


def document(body: str, **parts: str) -> Extraction:
    return extract_odt(odt(body, **parts), Limits())


LINES = {
    "a heading and a title": (
        '<text:p text:style-name="P1">a</text:p><text:h>b</text:h><text:p>c</text:p>',
        ["heading a", "heading b", "paragraph c"],
    ),
    "a list": (
        "<text:list><text:list-header><text:p>a</text:p></text:list-header><text:list-item><text:p>b</text:p><text:p>c"
        "</text:p><text:list><text:list-item><text:p>d</text:p></text:list-item></text:list></text:list-item></text:list>",
        ["paragraph a", "item b", "paragraph c", "item d"],
    ),
    "a numbered heading": ("<text:list><text:list-item><text:h>a</text:h></text:list-item></text:list>", ["heading a"]),
    "blanks": ("<text:p>a<text:s text:c='3'/>b<text:tab/>c<text:line-break/>d</text:p>", ["paragraph a b c\nd"]),
    "spans": ("<text:p>un<text:span>br<text:a>ok</text:a></text:span>en</text:p>", ["paragraph unbroken"]),
    "hidden": (
        "<text:p>a<text:span text:style-name='T1'>x</text:span><text:hidden-text text:is-hidden='true'>x"
        "</text:hidden-text></text:p><text:section text:display='none'><text:p>x</text:p></text:section>",
        ["paragraph a"],
    ),
    "changes": (
        "<text:tracked-changes><text:changed-region><text:deletion><text:p>x</text:p></text:deletion>"
        "</text:changed-region></text:tracked-changes><text:p>a<text:change/><text:change-start/>b<text:change-end/></text:p>",
        ["paragraph ab"],
    ),
    "a comment": ("<text:p>a<office:annotation><text:p>x</text:p></office:annotation>b</text:p>", ["paragraph ab"]),
    "a text box": (
        "<text:p>a<draw:frame><draw:text-box><text:p>In a box.</text:p></draw:text-box><svg:desc>x</svg:desc>"
        "</draw:frame>b</text:p><text:p>c</text:p>",
        ["paragraph ab", "paragraph In a box.", "paragraph c"],
    ),
    "a shape": ("<text:p>a<draw:custom-shape><text:p>In it.</text:p></draw:custom-shape></text:p>",
                ["paragraph a", "paragraph In it."]),
    "a table": (
        "<table:table><table:table-column/><table:table-header-rows><table:table-row><table:table-cell><text:p>a</text:p>"
        "</table:table-cell><table:table-cell><text:p>b</text:p><text:p>c</text:p></table:table-cell></table:table-row>"
        "</table:table-header-rows><table:table-row><table:covered-table-cell/><table:table-cell "
        "table:number-columns-repeated='2'><text:p>d</text:p></table:table-cell></table:table-row></table:table>",
        ["row a\tb c", "row d\td"],
    ),
    "a frame": (
        "<table:table><table:table-row><table:table-cell><text:p>A b.</text:p><text:p>C.</text:p></table:table-cell>"
        "</table:table-row></table:table>",
        ["paragraph A b.", "paragraph C."],
    ),
    "contents": (
        "<text:table-of-content><text:index-body><text:p>x</text:p></text:index-body></text:table-of-content><text:p>a</text:p>",
        ["paragraph a"],
    ),
    "a footnote": (
        "<text:p>a<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>Below.</text:p>"
        "</text:note-body></text:note>b</text:p><text:p>c</text:p>",
        ["paragraph ab", "paragraph c", "note Below."],
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", LINES)
def test_what_is_text(case: str) -> None:
    """Kinds and words of the passages."""
    body, expected = LINES[case]
    passages = document(body, automatic=HIDDEN + TITLE).passages
    assert [f"{passage.kind} {passage.text}" for passage in passages] == expected


def test_what_is_left_out_is_noted() -> None:
    """Each kind with its number."""
    notes = {case: document(LINES[case][0], automatic=HIDDEN + TITLE).notes for case in LINES}
    assert notes["hidden"] == ("left out: 3 hidden passages",)
    assert notes["a comment"] == ("left out: 1 comment",)
    assert notes["contents"] == ("left out: 1 table of contents",)
    assert notes["a footnote"] == ("1 footnote moved behind the text",)
    assert notes["a list"] == notes["changes"] == notes["a text box"] == ()


def test_places_count_paragraphs_and_headings() -> None:
    """Empty ones, too."""
    body = "<text:p/><text:h>a</text:h><text:p>b</text:p>"
    assert [passage.places[0][1].paragraph for passage in document(body).passages] == [2, 3]


def test_what_a_document_says_of_itself() -> None:
    """Title, author, language; American English, which nobody asked for, is not believed."""
    meta = "<dc:title>T</dc:title><meta:initial-creator>Ada</meta:initial-creator><dc:creator>Ben</dc:creator>"
    style = (
        '<style:default-style style:family="paragraph"><style:text-properties fo:language="{}" fo:country="{}"/>'
        "</style:default-style>"
    ).format
    extraction = document("<text:p>a</text:p>", meta=meta, styles=style("de", "AT"))
    assert (extraction.title, extraction.author, extraction.language) == ("T", "Ada", "de-AT")
    assert document("<text:p>a</text:p>", styles=style("en", "US")).language is None
    assert document("<text:p>a</text:p>", styles=style("eo", "none")).language == "eo"


def test_repeated_cells_are_bounded() -> None:
    """A cell that is said to stand there a thousand million times."""
    for times in ("999999999", "99999"):
        body = (
            f"<table:table><table:table-row><table:table-cell table:number-columns-repeated='{times}'>"
            "<text:p>a</text:p></table:table-cell><table:table-cell/></table:table-row></table:table>"
        )
        (row,) = document(body).passages
        assert row.text.count("a") <= 1000


def test_encrypted_documents_are_refused() -> None:
    """As the manifest says."""
    with pytest.raises(ParseError, match="encrypted"):
        document("<text:p>a</text:p>", manifest="<file-entry><encryption-data/></file-entry>")


def test_raised_and_lowered_text() -> None:
    """By the style, or by what it is based on."""
    shifts = {"U": "super 58%", "D": "-20% 58%", "N": "0% 100%"}
    automatic = "".join(
        f'<style:style style:name="{name}"><style:text-properties style:text-position="{value}"/></style:style>'
        for name, value in shifts.items()
    )
    automatic += '<style:style style:name="V" style:parent-style-name="U"/>'
    spans = "".join(f'<text:span text:style-name="{name}">6</text:span>a' for name in "UDNV")
    body = f"<text:p>1{spans}</text:p>"
    assert extract_odt(odt(body, automatic=automatic), Limits()).text == "1⁶a₆a6a⁶a\n"


def test_cells_over_rows_and_columns() -> None:
    """Each text in its column, in each row that it is of."""

    def cell(text: str, attribute: str = "") -> str:
        return f"<table:table-cell {attribute}><text:p>{text}</text:p></table:table-cell>"

    covered = "<table:covered-table-cell/>"
    rows = (
        cell("a", 'table:number-rows-spanned="2"')
        + cell("b", 'table:number-columns-spanned="2"')
        + covered
        + cell("c"),
        covered + cell("d") + cell("e") + cell("f"),
    )
    body = "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)
    assert extract_odt(odt(f"<table:table>{body}</table:table>"), Limits()).text == "a\tb\t\tc\na\td\te\tf\n"
