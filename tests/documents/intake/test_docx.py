"""Word documents: what Word would show with all changes accepted."""

import re

import pytest

from intake_files import archive, docx, paragraph, run
from isoc_kg.documents.intake.docx import extract_docx
from isoc_kg.documents.intake.passages import Extraction
from isoc_kg.errors import ParseError
from isoc_kg.limits import Limits


def document(body: str, **parts: str) -> Extraction:
    return extract_docx(docx(body, **parts), Limits())


def lines(body: str, **parts: str) -> list[str]:
    return [passage.lead + passage.text for passage in document(body, **parts).passages]


def test_kinds_of_paragraphs() -> None:
    """Headings by style, by what a style is based on, by outline level; items by style or numbering."""
    body = (
        paragraph("a", '<w:pStyle w:val="H1"/>')
        + paragraph("b", '<w:pStyle w:val="Own"/>')
        + paragraph("c", '<w:outlineLvl w:val="2"/>')
        + paragraph("d", '<w:pStyle w:val="H1"/><w:outlineLvl w:val="9"/>')
        + paragraph("e", '<w:pStyle w:val="LB"/>')
        + paragraph("f", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="7"/></w:numPr>')
        + paragraph("g", '<w:pStyle w:val="LB"/><w:numPr><w:numId w:val="0"/></w:numPr>')
        + paragraph("h")
    )
    kinds = [passage.kind for passage in document(body).passages]
    assert kinds == ["heading", "heading", "heading", "paragraph", "item", "item", "paragraph", "paragraph"]


PIECES = {
    "runs": (run("un") + run("broken ") + run(" word"), "unbroken word"),
    "tabs and hyphens": (
        "<w:r><w:t>a</w:t><w:tab/><w:t>b</w:t><w:noBreakHyphen/><w:t>c</w:t><w:softHyphen/><w:t>d</w:t></w:r>",
        "a b-cd",
    ),
    "a line break": ("<w:r><w:t>a</w:t><w:br/><w:t>b</w:t></w:r>", "a\nb"),
    "a page break": ('<w:r><w:t>a</w:t><w:br w:type="page"/><w:t>b</w:t></w:r>', "a b"),
    "inserted": (f"<w:ins>{run('a')}</w:ins>{run('b')}", "ab"),
    "deleted": (f"{run('a')}<w:del><w:r><w:delText>x</w:delText></w:r></w:del>", "a"),
    "moved": (f"<w:moveFrom>{run('x')}</w:moveFrom><w:moveTo>{run('a')}</w:moveTo>", "a"),
    "hidden": ("<w:r><w:rPr><w:vanish/></w:rPr><w:t>x</w:t></w:r>" + run("a"), "a"),
    "hidden by style": ('<w:r><w:rPr><w:rStyle w:val="Veiled"/></w:rPr><w:t>x</w:t></w:r>' + run("a"), "a"),
    "not hidden": ('<w:r><w:rPr><w:vanish w:val="0"/></w:rPr><w:t>a</w:t></w:r>', "a"),
    "a link": (f"<w:hyperlink>{run('a')}</w:hyperlink>", "a"),
    "a field": (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>DATE</w:instrText></w:r>'
        f'<w:r><w:t>x</w:t></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>{run("a")}'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>' + run("b"),
        "ab",
    ),
    "a simple field": (f'<w:fldSimple w:instr="DATE">{run("a")}</w:fldSimple>', "a"),
    "a content control": (f"<w:sdt><w:sdtPr/><w:sdtContent>{run('a')}</w:sdtContent></w:sdt>", "a"),
    "a placeholder": (
        f"<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>{run('x')}</w:sdtContent></w:sdt>{run('a')}",
        "a",
    ),
    "a symbol": ('<w:r><w:sym w:font="Symbol" w:char="03B1"/><w:sym w:font="Symbol" w:char="F061"/></w:r>', "α"),
    "a comment's mark": (run("a") + '<w:r><w:commentReference w:id="1"/></w:r>', "a"),
    "raised": (
        (
            f'{run("4·10")}<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>-</w:t></w:r>'
            '<w:r><w:rPr><w:position w:val="8"/></w:rPr><w:t>3</w:t></w:r>'
        ),
        "4·10⁻³",
    ),
    "lowered": (f'{run("x")}<w:r><w:rPr><w:vertAlign w:val="subscript"/></w:rPr><w:t>7</w:t></w:r>', "x₇"),
    "ruby": (f"<w:r><w:ruby><w:rt>{run('x')}</w:rt><w:rubyBase>{run('a')}</w:rubyBase></w:ruby></w:r>", "a"),
}


@pytest.mark.parametrize("case", PIECES)
def test_pieces_of_a_paragraph(case: str) -> None:
    """What is text in a paragraph, and what is none."""
    content, expected = PIECES[case]
    assert lines(f"<w:p>{content}</w:p>") == [expected]


M = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
FORMULAS = {
    "<m:f><m:num>3</m:num><m:den>4</m:den></m:f>": "9 3/4",
    "<m:sSup><m:e>k</m:e><m:sup>2</m:sup></m:sSup><m:sSub><m:e>k</m:e><m:sub>0</m:sub></m:sSub>": "9k²k₀",
    "<m:d><m:dPr/><m:e>a</m:e></m:d><m:rad><m:deg/><m:e>5</m:e></m:rad>": "9(a)√5",
    "<m:nary><m:naryPr><m:chr m:val='∑'/></m:naryPr><m:sub>1</m:sub><m:sup>8</m:sup><m:e>i</m:e></m:nary>": "9∑₁⁸i",
}


@pytest.mark.parametrize("source", FORMULAS)
def test_formulas(source: str) -> None:
    """Fractions, powers, indices, brackets and roots on one line."""
    texts = re.sub(">([^<>]+)<", r"><m:r><m:t>\1</m:t></m:r><", source)
    assert lines(f"<w:p>{run('9')}<m:oMath {M}>{texts}</m:oMath></w:p>") == [FORMULAS[source]]


def test_the_end_of_a_field_counts_where_it_is_hidden_or_deleted() -> None:
    """Else all behind it would be what the field is made of."""
    begin, end = (f'<w:fldChar w:fldCharType="{kind}"/>' for kind in ("begin", "end"))
    for last in (f"<w:r><w:rPr><w:vanish/></w:rPr>{end}</w:r>", f"<w:del><w:r>{end}</w:r></w:del>"):
        assert lines(f"<w:p>{run('a')}<w:r>{begin}</w:r>{last}{run('b')}</w:p>{paragraph('c')}") == ["ab", "c"]


def test_a_text_box_that_only_the_older_form_has() -> None:
    """Of alternatives the first with a text is read."""
    box = f"<w:pict><v:textbox><w:txbxContent>{paragraph('b')}</w:txbxContent></v:textbox></w:pict>"
    for newer, texts in (("<w:drawing/>", ["a", "b"]), ("<w:t>c</w:t>", ["ac"])):
        form = f"<mc:Choice>{newer}</mc:Choice><mc:Fallback>{box}</mc:Fallback>"
        body = f"<w:p>{run('a')}<w:r><mc:AlternateContent>{form}</mc:AlternateContent></w:r></w:p>"
        assert lines(body) == texts


def test_cells_over_rows_and_columns() -> None:
    """Each text in its column, in each row that it is of."""

    def cell(text: str, properties: str = "") -> str:
        return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"

    merged = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = (
        cell("a", merged[0]) + cell("b", '<w:gridSpan w:val="2"/>') + cell("c"),
        cell("", merged[1]) + cell("d") + cell("e") + cell("f"),
    )
    assert lines("<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>") == ["a\tb\t\tc", "a\td\te\tf"]


def test_a_field_that_never_ends_hides_nothing_behind_its_paragraph() -> None:
    """A field may go over paragraphs; one that is not ended does not."""
    begin, separate, end = (f'<w:r><w:fldChar w:fldCharType="{kind}"/></w:r>' for kind in ("begin", "separate", "end"))
    assert lines(f"<w:p>{run('a')}{begin}{run('x')}</w:p>{paragraph('b')}") == ["a", "b"]
    body = f"<w:p>{run('a')}{begin}{run('x')}</w:p><w:p>{run('y')}{separate}{run('b')}</w:p><w:p>{run('c')}{end}</w:p>"
    assert lines(body) == ["a", "b", "c"]


def test_paragraphs_whose_parting_was_deleted_are_one() -> None:
    """As Word shows them when the change is accepted."""
    body = paragraph("a ", "<w:rPr><w:del/></w:rPr>") + paragraph("b") + paragraph("c")
    assert lines(body) == ["a b", "c"]


def test_tables_by_row() -> None:
    """Cells parted by tabs; a row that was deleted is none; a table with one cell a row is a frame."""
    cell = "<w:tc>{}</w:tc>".format
    body = (
        f"<w:tbl><w:tr>{cell(paragraph('a') + paragraph('b'))}{cell(paragraph('c'))}</w:tr>"
        f"<w:tr><w:trPr><w:del/></w:trPr>{cell(paragraph('x'))}{cell(paragraph('x'))}</w:tr>"
        f"<w:sdt><w:sdtContent><w:tr>{cell(paragraph(''))}{cell(paragraph('d'))}</w:tr></w:sdtContent></w:sdt></w:tbl>"
        f"<w:tbl><w:tr>{cell(paragraph('E f.') + paragraph('G h.'))}</w:tr></w:tbl>"
    )
    extraction = document(body)
    assert [passage.text for passage in extraction.passages] == ["a b\tc", "\td", "E f.", "G h."]
    assert [passage.places[0][1].paragraph for passage in extraction.passages] == [1, 6, 8, 9]


def test_a_table_within_a_cell_is_part_of_the_row() -> None:
    """Its words stay in the cell."""
    inner = f"<w:tbl><w:tr><w:tc>{paragraph('b')}</w:tc><w:tc>{paragraph('c')}</w:tc></w:tr></w:tbl>"
    body = f"<w:tbl><w:tr><w:tc>{paragraph('a')}</w:tc><w:tc>{inner}{paragraph('')}</w:tc></w:tr></w:tbl>"
    assert lines(body) == ["a\tb c"]


def test_text_boxes_stand_behind_their_paragraph_once() -> None:
    """Word writes a box in two forms; one is read."""
    box = f"<w:txbxContent>{paragraph('In a box.')}</w:txbxContent>"
    alternatives = (
        f'<mc:AlternateContent><mc:Choice Requires="wps"><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>'
        f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>"
    )
    body = f"<w:p>{run('Around')}<w:r>{alternatives}</w:r>{run(' it.')}</w:p>{paragraph('Next.')}"
    assert lines(body) == ["Around it.", "In a box.", "Next."]
    old = f"<w:p><w:r><w:pict><v:textbox>{box}</v:textbox></w:pict></w:r></w:p>"
    assert lines(old) == ["In a box."]


def test_notes_are_moved_behind_and_the_rest_is_noted() -> None:
    """Footnotes and endnotes in the order of their marks; comments, heads and feet are counted."""
    note = '<w:{0} w:id="{1}"><w:p><w:r><w:{0}Ref/></w:r>{2}</w:p></w:{0}>'.format
    marks = ('<w:r><w:endnoteReference w:id="2"/></w:r>', '<w:r><w:footnoteReference w:id="3"/></w:r>')
    body = f"<w:p>{run('A')}{marks[0]}{run(' b')}{marks[1]}</w:p>" + paragraph("Last.")
    extraction = document(
        body,
        footnotes=note("footnote", 3, run(" Below.")) + note("footnote", 4, run("Never referred to.")),
        endnotes=note("endnote", 2, run(" At the end.")),
        comments=f'<w:comment w:id="1">{paragraph("x")}</w:comment>',
        header1=paragraph("The garden council"),
        header2=paragraph(""),
        footer1=paragraph("Page 1"),
    )
    assert [(p.kind, p.text) for p in extraction.passages] == [
        ("paragraph", "A b"),
        ("paragraph", "Last."),
        ("note", "At the end."),
        ("note", "Below."),
    ]
    assert extraction.notes == (
        "left out: 1 comment, 1 page header, 1 page footer",
        "2 footnotes moved behind the text",
    )


def test_text_in_elements_that_are_not_known_is_text() -> None:
    """Later versions of the format wrap runs and paragraphs in elements of their own."""
    body = f"<w:newBlock><w:p><w:newInline>{run('a')}</w:newInline></w:p></w:newBlock>"
    body += "<w:p><w:r><w:newPiece><w:t>b</w:t></w:newPiece></w:r></w:p>"
    assert lines(body) == ["a", "b"]


def test_a_footnote_that_is_lost_is_noted() -> None:
    """Its mark is there, its text is not."""
    extraction = document(f'<w:p>{run("a")}<w:r><w:footnoteReference w:id="9"/></w:r></w:p>')
    assert extraction.notes == ("left out: 1 lost footnote",)


def test_a_table_of_contents_is_left_out() -> None:
    """In its control, or line by line."""
    gallery = '<w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>'
    body = f"<w:sdt>{gallery}<w:sdtContent>{paragraph('x')}</w:sdtContent></w:sdt>"
    body += paragraph("y", '<w:pStyle w:val="TOC1"/>') + paragraph("a")
    assert lines(body) == ["a"]
    assert document(body).notes == ("left out: 1 table of contents, 1 line of a table of contents",)


CORE = (
    '<c:coreProperties xmlns:c="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>{}</dc:title><dc:creator>Ada</dc:creator>{}</c:coreProperties>'
)


def test_what_a_document_says_of_itself() -> None:
    """Title, author and language of its properties; American English, which nobody asked for, is not believed."""
    heading = paragraph("H", '<w:pStyle w:val="H1"/>')
    extraction = document(heading, core=CORE.format("T", "<dc:language>fr</dc:language>"))
    assert (extraction.title, extraction.author, extraction.language) == ("T", "Ada", "fr")
    assert (document(heading, core=CORE.format(" ", "")).title, document(heading).language) == ("H", None)
    styles = docx(heading).replace(b"", b"")
    assert extract_docx(styles, Limits()).language is None


def test_the_strict_form_is_read_too() -> None:
    """ISO/IEC 29500 Strict has other namespaces."""
    strict = docx(paragraph("a"))
    assert extract_docx(strict, Limits()).text == "a\n"
    parts = {
        "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        '<Relationship Id="a" Type="http://purl.oclc.org/ooxml/officeDocument/relationships/officeDocument" '
        'Target="/doc.xml"/>'
        "</Relationships>",
        "doc.xml": '<w:document xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"><w:body><w:p><w:r>'
        "<w:t>a</w:t></w:r></w:p></w:body></w:document>",
    }
    extraction = extract_docx(archive(parts), Limits())
    assert [(p.text, p.places[0][1].paragraph) for p in extraction.passages] == [("a", 1)]


def test_what_is_no_document() -> None:
    """An archive without the parts that a document has."""
    with pytest.raises(ParseError, match="no document in the archive"):
        extract_docx(archive({"a": "b"}), Limits())
