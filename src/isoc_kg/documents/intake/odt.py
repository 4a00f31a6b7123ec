"""OpenDocument texts (https://docs.oasis-open.org/office/OpenDocument/v1.3/): all tracked changes accepted."""

from dataclasses import dataclass, field
from typing import Any

from ...errors import LimitExceeded, ParseError
from ...limits import Limits
from .archive import Archive
from .flow import Flow, Omissions
from .passages import Extraction, Place
from .raised import LOWERED, RAISED
from .said import as_language, as_line
from .table_grid import Cell, grid_rows

__all__ = ["extract_odt"]

_OFFICE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}"
_TEXT = "{urn:oasis:names:tc:opendocument:xmlns:text:1.0}"
_TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
_STYLE = "{urn:oasis:names:tc:opendocument:xmlns:style:1.0}"
_DRAW = "{urn:oasis:names:tc:opendocument:xmlns:drawing:1.0}"
_FO = "{urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0}"
_INDEXES = frozenset({"table-of-content", "illustration-index", "table-index", "object-index", "user-index"}) | {
    "alphabetical-index"
}
#: Elements without text of the document → what they are called, nothing if nobody misses them.
_OMITTED = {
    **{f"{_TEXT}{name}": "table of contents" for name in _INDEXES},
    f"{_TEXT}tracked-changes": "",
    f"{_OFFICE}annotation": "comment",
    f"{_OFFICE}forms": "",
    f"{_TEXT}sequence-decls": "",
    f"{_TEXT}ruby-text": "",
    f"{_TEXT}note-citation": "",
    f"{_TEXT}script": "script",
    f"{_TEXT}placeholder": "placeholder",
    f"{_DRAW}object": "embedded object",
    f"{_DRAW}object-ole": "embedded object",
}
_REPEATED = f"{_TABLE}number-columns-repeated"
_MOST_CELLS = 1000  # of a row; programs repeat an empty cell up to the edge of the sheet
_UNASKED = "en-US"  # the language that programs write unasked


@dataclass(slots=True)
class _Document:
    """What is to be known of the styles, and what a walk through the text leaves for later."""

    limits: Limits
    hidden: set[str] = field(default_factory=set)  #: styles of hidden text
    titles: set[str] = field(default_factory=set)  #: styles of the document's title
    shifts: dict[str, tuple[str, str] | None] = field(default_factory=dict)  #: styles of raised and lowered text
    notes: list[Any] = field(default_factory=list)
    omissions: Omissions = field(default_factory=Omissions)
    numbers: dict[Any, int] = field(default_factory=dict)  #: paragraphs' places, from 1
    boxes: list[Any] = field(default_factory=list)  #: text boxes that the paragraph at hand anchors


def extract_odt(content: bytes, limits: Limits) -> Extraction:
    """Headings, paragraphs, list items, tables by row, text boxes and notes; comments and page heads are left out.

    Numbers that the program sets by itself are no text. A place is a paragraph or heading, empty ones and those of
    tables counted. Raises `ParseError` for what is no OpenDocument text, and `LimitExceeded`.
    """
    import lxml

    archive = Archive(content, limits)
    if "META-INF/manifest.xml" in archive.names and b"encryption-data" in archive.read("META-INF/manifest.xml"):
        raise ParseError("the document is encrypted.", advice="Save it without a password.")
    root = archive.xml("content.xml")
    body = root.find(f"{_OFFICE}body/{_OFFICE}text")
    if body is None:
        raise ParseError("it is no text document.", advice="Save it as ODT, DOCX or PDF.")
    document = _Document(limits)
    styles = archive.xml("styles.xml") if "styles.xml" in archive.names else None
    for tree in (*([styles] if styles is not None else []), root):
        for style in tree.iter(f"{_STYLE}style"):
            _note_style(document, style)
    tags = f"{_TEXT}p", f"{_TEXT}h"
    document.numbers = {paragraph: number for number, paragraph in enumerate(body.iter(*tags), 1)}
    flow, footnotes = Flow(limits), Flow(limits)
    _blocks(document, body, flow, "paragraph")
    flow.end_passage()
    for note in document.notes:  # a note may have others
        with footnotes.block("note", Place()):
            _blocks(document, note, footnotes, "note")
    document.omissions["footnote"] += len(document.notes)
    said = _said(archive)
    language = said.get("language") or _default_language(styles)
    first = next((passage.text for passage in flow.passages if passage.kind == "heading"), None)
    return Extraction(
        (*flow.passages, *footnotes.passages),
        f"isoc-kg odt 1, lxml {lxml.__version__}",
        title=as_line(said.get("title")) or first,
        author=as_line(said.get("initial-creator") or said.get("creator")),
        language=as_language(language),
        notes=document.omissions.noted(),
    )


def _said(archive: Archive) -> dict[str, str]:
    """What the document's properties say: title, creator, language."""
    if "meta.xml" not in archive.names:
        return {}
    elements = archive.xml("meta.xml").iterfind(f"{_OFFICE}meta/*")
    return {e.tag.rpartition("}")[2]: e.text for e in elements if e.text and e.text.strip()}


def _default_language(styles: Any) -> str | None:
    if styles is None:
        return None
    for style in styles.iter(f"{_STYLE}default-style"):
        properties = style.find(f"{_STYLE}text-properties")
        if style.get(f"{_STYLE}family") == "paragraph" and properties is not None:
            language, country = properties.get(f"{_FO}language"), properties.get(f"{_FO}country")
            tag = f"{language}-{country}" if country and country != "none" else language
            return None if language in (None, "none", "zxx") or tag == _UNASKED else tag
    return None


def _note_style(document: _Document, style: Any) -> None:
    name, parent = style.get(f"{_STYLE}name", ""), style.get(f"{_STYLE}parent-style-name", "")
    properties = style.find(f"{_STYLE}text-properties")
    if properties is not None and properties.get(f"{_TEXT}display") == "none":
        document.hidden.add(name)
    position = properties.get(f"{_STYLE}text-position", "").split() if properties is not None else []
    if position:
        document.shifts[name] = _shift(position[0])
    elif parent in document.shifts:
        document.shifts[name] = document.shifts[parent]
    if {name, parent} & {"Title", "Subtitle"}:
        document.titles.add(name)


def _shift(position: str) -> tuple[str, str] | None:
    """Whether text is raised or lowered that stands so much above the line (part 3, section 20.384)."""
    if position in ("super", "sub"):
        return RAISED if position == "super" else LOWERED
    return None if position.strip("-0.%") == "" else LOWERED if position.startswith("-") else RAISED


def _blocks(document: _Document, parent: Any, flow: Flow, kind: str, depth: int = 0) -> None:
    """The paragraphs, lists and tables in an element. In a list item, only its first paragraph is an item."""
    if depth > document.limits.max_nesting:
        raise LimitExceeded("lists, tables or text boxes are nested too deeply.", advice="Save the document anew.")
    for element in parent:
        tag = element.tag
        if tag in (f"{_TEXT}p", f"{_TEXT}h"):
            _paragraph(document, element, flow, kind, depth)
            kind = "paragraph" if kind == "item" else kind
        elif tag == f"{_TABLE}table":
            _table(document, element, flow, kind, depth)
        elif tag in _OMITTED:
            document.omissions[_OMITTED[tag]] += bool(_OMITTED[tag])
        elif tag == f"{_TEXT}section" and element.get(f"{_TEXT}display") == "none":
            document.omissions["hidden passage"] += 1
        elif tag in (f"{_TEXT}list-item", f"{_TEXT}list-header"):
            inner = kind if kind == "note" else "item" if tag == f"{_TEXT}list-item" else "paragraph"
            _blocks(document, element, flow, inner, depth + 1)
        elif tag == f"{_DRAW}frame":
            _boxes(document, element)
            _emit_boxes(document, flow, kind, depth)
        else:
            _blocks(document, element, flow, kind, depth + 1)


def _paragraph(document: _Document, paragraph: Any, flow: Flow, kind: str, depth: int) -> None:
    style = paragraph.get(f"{_TEXT}style-name", "")
    if kind != "note" and (paragraph.tag == f"{_TEXT}h" or style in document.titles):
        kind = "heading"
    boxes, document.boxes = document.boxes, []
    flow.begin(kind, Place(paragraph=document.numbers.get(paragraph)))
    if style in document.hidden:
        document.omissions["hidden passage"] += bool("".join(paragraph.itertext()).strip())
    else:
        _line(document, paragraph, flow)
    flow.end_passage()
    _emit_boxes(document, flow, "note" if kind == "note" else "paragraph", depth)
    document.boxes = boxes


def _emit_boxes(document: _Document, flow: Flow, kind: str, depth: int) -> None:
    boxes, document.boxes = document.boxes, []
    for box in boxes:
        _blocks(document, box, flow, kind, depth + 1)


def _line(document: _Document, parent: Any, flow: Flow) -> None:
    """The text in a paragraph or a part of one."""
    flow.add(parent.text or "")
    for element in parent:
        tag = element.tag
        if tag in (f"{_TEXT}s", f"{_TEXT}tab"):
            flow.add(" ")
        elif tag == f"{_TEXT}line-break":
            flow.end_line()
        elif tag == f"{_TEXT}note":
            document.notes += element.iterfind(f"{_TEXT}note-body")
        elif tag.startswith(_DRAW):
            _boxes(document, element)
        elif tag in _OMITTED:
            document.omissions[_OMITTED[tag]] += bool(_OMITTED[tag])
        elif _is_hidden(document, element):
            document.omissions["hidden passage"] += 1
        else:
            with flow.shifted(document.shifts.get(element.get(f"{_TEXT}style-name", ""))):
                _line(document, element, flow)
        flow.add(element.tail or "")


def _is_hidden(document: _Document, element: Any) -> bool:
    return (
        element.get(f"{_TEXT}style-name") in document.hidden
        or (element.tag == f"{_TEXT}hidden-text" and element.get(f"{_TEXT}is-hidden", "true") != "false")
        or element.tag == f"{_TEXT}hidden-paragraph"
    )


def _boxes(document: _Document, frame: Any) -> None:
    """Remember the text boxes in a frame or a drawing; those within them come with them."""
    for element in frame:
        if element.tag == f"{_DRAW}text-box" or element.tag.startswith(_TEXT):
            document.boxes.append(element if element.tag == f"{_DRAW}text-box" else frame)
            if element.tag != f"{_DRAW}text-box":
                return
        elif element.tag in _OMITTED:
            document.omissions[_OMITTED[element.tag]] += 1
        elif element.tag.startswith(_DRAW):
            _boxes(document, element)


def _table(document: _Document, table: Any, flow: Flow, kind: str, depth: int) -> None:
    rows = [(row, [cell for cell in row if cell.tag in _CELLS]) for row in _rows(table)]
    if all(len(cells) <= 1 for _, cells in rows):  # a frame around text
        for _, cells in rows:
            for cell in cells:
                _blocks(document, cell, flow, kind, depth + 1)
        return
    flow.end_passage()
    grid: list[list[Cell]] = []
    for _, cells in rows:
        texts: list[Cell] = []
        for cell in cells:
            if cell.tag == _COVERED:  # by one that goes over it
                document.omissions["hidden passage"] += bool("".join(cell.itertext()).strip())
                continue
            inner = Flow(document.limits)
            _blocks(document, cell, inner, kind, depth + 1)
            repeated = cell.get(_REPEATED, "1")
            times = int(repeated) if repeated.isdecimal() and len(repeated) < 6 else _MOST_CELLS
            spans = (_spanned(cell, f"{_TABLE}number-{what}-spanned") for what in ("columns", "rows"))
            texts += [Cell(inner.words, *spans)] * min(times, _MOST_CELLS - len(texts))
        grid.append(texts)
    for (row, _), words in zip(rows, grid_rows(grid), strict=True):
        first = next(row.iter(f"{_TEXT}p", f"{_TEXT}h"), None)
        flow.add_row(words, Place(paragraph=document.numbers.get(first)))


def _spanned(cell: Any, name: str) -> int:
    value = cell.get(name, "1")
    return int(value) if value.isdecimal() and len(value) < 6 else 1


_COVERED = f"{_TABLE}covered-table-cell"
_CELLS = (f"{_TABLE}table-cell", _COVERED)


def _rows(table: Any) -> list[Any]:
    """The rows of a table, those in groups and heads included, those of tables within it not."""
    rows = []
    for element in table:
        if element.tag == f"{_TABLE}table-row":
            rows.append(element)
        elif element.tag.startswith(f"{_TABLE}table-") and element.tag not in _CELLS:
            rows += _rows(element)
    return rows
