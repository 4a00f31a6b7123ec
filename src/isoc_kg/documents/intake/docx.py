"""Word documents (ECMA-376, part 1, WordprocessingML): the text with all tracked changes accepted."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from posixpath import dirname
from typing import Any

from ...errors import LimitExceeded, ParseError
from ...limits import Limits
from .archive import Archive
from .docx_parts import (
    Style,
    formula,
    is_numbered,
    is_on,
    local_name,
    one_of_alternatives,
    own,
    properties,
    related,
    shift_of,
    styles_of,
    texts_around,
    value_of,
)  # fmt: skip
from .flow import Flow, Omissions
from .passages import Extraction, Place
from .said import as_language, as_line

__all__ = ["extract_docx"]

#: Elements whose content is no text, beside properties, whose names end in Pr, such as what ruby sets above a word.
#: All others may hold text.
_SILENT = frozenset({"rt", "instrText", "delText", "delInstrText", "tblGrid"})
#: Elements whose content was deleted or moved away: accepting the changes takes it out.
_DELETED = frozenset({"del", "moveFrom"})
_CONTENTS = re.compile(r"toc \d|toc heading|table of (figures|authorities)", re.IGNORECASE)
_UNASKED = "en-US"  # the language that programs write unasked


@dataclass(slots=True)
class _Document:
    """The parts of a document, and the walk through it."""

    archive: Archive
    limits: Limits
    styles: dict[str, Style] = field(default_factory=dict)
    notes: dict[tuple[str, str], Any] = field(default_factory=dict)  #: kind and number → the footnote's element
    referred: list[tuple[str, str]] = field(default_factory=list)
    omissions: Omissions = field(default_factory=Omissions)
    numbers: dict[Any, int] = field(default_factory=dict)  #: paragraphs' places, from 1
    fields: list[str] = field(default_factory=list)  #: fields that are open: `code` or `result` each
    balanced: bool = True  #: whether every field ends; else none goes on beyond its paragraph
    joined: bool = False  #: whether the end of the paragraph before was deleted
    boxes: list[Any] = field(default_factory=list)  #: text boxes that the paragraph at hand anchors


def extract_docx(content: bytes, limits: Limits) -> Extraction:
    """Headings, paragraphs, list items, tables by row, text boxes and notes; comments and page heads are left out.

    Numbers that Word sets by itself are no text. A place is a paragraph, empty ones and those of tables counted.
    Raises `ParseError` for what is no Word document, and `LimitExceeded`.
    """
    import lxml

    archive = Archive(content, limits)
    main = related(archive, "_rels/.rels", "/officeDocument", "")
    if main is None:
        raise ParseError("there is no document in the archive.", advice="Save it as DOCX anew.")
    root = archive.xml(main)
    body = root.find("{*}body")
    if body is None:
        raise ParseError("it is no text document.", advice="Save it as DOCX or PDF.")
    relations = f"{dirname(main)}/_rels/{main.rpartition('/')[2]}.rels"
    document = _Document(archive, limits)
    document.numbers = {
        paragraph: number for number, paragraph in enumerate(body.iter(f"{body.tag.rpartition('}')[0]}}}p"), 1)
    }
    one_of_alternatives(body)
    kinds = [own(mark, "fldCharType") for mark in body.iter("{*}fldChar")]
    document.balanced = kinds.count("begin") == kinds.count("end")
    language = None
    if styles := related(archive, relations, "/styles", main):
        tree = archive.xml(styles)
        document.styles = styles_of(tree)
        language = value_of(tree.find("{*}docDefaults/{*}rPrDefault/{*}rPr/{*}lang"))
    for kind in ("footnote", "endnote"):
        if part := related(archive, relations, f"/{kind}s", main):
            notes = archive.xml(part)
            one_of_alternatives(notes)
            document.notes |= {(kind, own(e, "id") or ""): e for e in notes.iter(f"{{*}}{kind}")}
    flow, footnotes = Flow(limits), Flow(limits)
    _blocks(document, body, flow)
    flow.end_passage()
    for key in document.referred:  # a note may refer to another
        document.fields.clear()
        with footnotes.block("note", Place()):
            _blocks(document, document.notes[key], footnotes, note=True)
    document.omissions["footnote"] += len(document.referred)
    for names, noun in (("/comments", "comment"), ("/header", "page header"), ("/footer", "page footer")):
        document.omissions[noun] += texts_around(archive, relations, names, main)
    said = properties(archive)
    language = said.get("language") or (language if language != _UNASKED else None)
    first = next((passage.text for passage in flow.passages if passage.kind == "heading"), None)
    return Extraction(
        (*flow.passages, *footnotes.passages),
        f"isoc-kg docx 1, lxml {lxml.__version__}",
        title=as_line(said.get("title")) or first,
        author=as_line(said.get("creator")),
        language=as_language(language),
        notes=document.omissions.noted(),
    )


def _blocks(document: _Document, parent: Any, flow: Flow, *, note: bool = False, depth: int = 0) -> None:
    """The paragraphs and tables in an element."""
    if depth > document.limits.max_nesting:
        raise LimitExceeded("tables and text boxes are nested too deeply.", advice="Save the document anew.")
    for element in parent:
        name = local_name(element)
        if name == "p":
            _paragraph(document, element, flow, note=note, depth=depth)
        elif name == "tbl":
            _table(document, element, flow, note=note, depth=depth)
        elif name in _DELETED:
            _leave_out(document, element, "deleted passage")
        elif name == "sdt" and (what := _omitted_control(element)):
            _leave_out(document, element, what)
        elif name == "altChunk":
            document.omissions["embedded document"] += 1
        elif not _is_silent(name):
            _blocks(document, element, flow, note=note, depth=depth + 1)


def _leave_out(document: _Document, element: Any, what: str) -> None:
    """Count what is left out; fields that begin or end in it do so all the same."""
    document.omissions[what] += 1
    for mark in element.iter("{*}fldChar"):
        _field(document, own(mark, "fldCharType"))


def _omitted_control(control: Any) -> str | None:
    """What a content control is called that is no text of the document."""
    if value_of(control.find("{*}sdtPr/{*}docPartObj/{*}docPartGallery")) == "Table of Contents":
        return "table of contents"
    return "placeholder" if is_on(control.find("{*}sdtPr/{*}showingPlcHdr")) else None


def _paragraph(document: _Document, paragraph: Any, flow: Flow, *, note: bool, depth: int) -> None:
    properties = paragraph.find("{*}pPr")
    style, kind, ends = Style(), "paragraph", True
    if properties is not None:
        style = document.styles.get(value_of(properties.find("{*}pStyle")) or "", style)
        level, numbering = value_of(properties.find("{*}outlineLvl")), properties.find("{*}numPr")
        if style.heading if level is None else level in "012345678":
            kind = "heading"
        elif style.item if numbering is None else is_numbered(numbering):
            kind = "item"
        ends = properties.find("{*}rPr/{*}del") is None and properties.find("{*}rPr/{*}moveFrom") is None
    if _CONTENTS.match(style.name):
        _leave_out(document, paragraph, "line of a table of contents")
        return
    place = Place(paragraph=document.numbers.get(paragraph))
    boxes, document.boxes = document.boxes, []
    if not document.joined:
        flow.begin("note" if note else kind, place)
    _runs(document, paragraph, flow, style)
    document.joined = not ends
    if not document.balanced:
        document.fields.clear()
    if ends:
        flow.end_passage()
    for box in document.boxes:
        _blocks(document, box, flow, note=note, depth=depth + 1)
    document.boxes = boxes


def _runs(document: _Document, parent: Any, flow: Flow, style: Style) -> None:
    """The text in an element."""
    for element in parent:
        name = local_name(element)
        if name == "r":
            _run(document, element, flow, style)
        elif name in _DELETED:
            _leave_out(document, element, "deleted passage")
        elif name in ("oMath", "oMathPara"):
            flow.add_formula(formula(element))
        elif name == "sdt" and (what := _omitted_control(element)):
            _leave_out(document, element, what)
        elif not _is_silent(name):
            _runs(document, element, flow, style)


def _is_silent(name: str) -> bool:
    """Whether an element of this name has no text of the document."""
    return name.endswith("Pr") or name in _SILENT


def _run(document: _Document, run: Any, flow: Flow, style: Style) -> None:
    properties = run.find("{*}rPr")
    if style.hidden or (properties is not None and _is_hidden(document, properties)):
        _leave_out(document, run, "hidden passage")
        document.omissions["hidden passage"] -= not any((text.text or "").strip() for text in run.iter("{*}t"))
        return
    of_style = document.styles.get(value_of(properties.find("{*}rStyle")) or "") if properties is not None else None
    with flow.shifted(shift_of(properties, of_style.shift if of_style else None)):
        _pieces(document, run, flow)


def _is_hidden(document: _Document, properties: Any) -> bool:
    vanish = properties.find("{*}vanish")
    if vanish is None:
        return document.styles.get(value_of(properties.find("{*}rStyle")) or "", Style()).hidden
    return is_on(vanish)


_CHARACTERS = {"tab": " ", "ptab": " ", "noBreakHyphen": "-"}


def _pieces(document: _Document, run: Any, flow: Flow) -> None:
    for element in run:
        name = local_name(element)
        if name == "fldChar":
            _field(document, own(element, "fldCharType"))
        elif "code" in document.fields:  # what a field is made of, not what it shows
            continue
        elif name == "t":
            flow.add(element.text or "")
        elif name in _CHARACTERS:
            flow.add(_CHARACTERS[name])
        elif name in ("br", "cr"):
            flow.end_line() if own(element, "type") in (None, "textWrapping") else flow.add(" ")
        elif name == "sym":
            _symbol(document, element, flow)
        elif name in ("footnoteReference", "endnoteReference"):
            key = name.removesuffix("Reference"), own(element, "id") or ""
            if key not in document.notes:
                document.omissions["lost footnote"] += 1
            elif key not in document.referred:
                document.referred.append(key)
        elif name == "txbxContent":
            document.boxes.append(element)
        elif not _is_silent(name):
            _nested(document, element, flow)


def _nested(document: _Document, element: Any, flow: Flow) -> None:
    """Runs, text boxes and pictures within a run."""
    if local_name(element) in ("drawing", "pict", "object"):
        document.boxes += [box for box in element.iter("{*}txbxContent") if not _is_inner(box, element)]
        document.omissions["embedded object"] += element.find(".//{*}OLEObject") is not None
        return
    for child in element:
        if local_name(child) == "r":
            _run(document, child, flow, Style())
        elif local_name(child) == "t":
            flow.add(child.text or "")
        elif not _is_silent(local_name(child)):
            _nested(document, child, flow)


def _is_inner(box: Any, within: Any) -> bool:
    """Whether a text box is one within another."""
    above = box.getparent()
    while above is not None and above is not within:
        if local_name(above) == "txbxContent":
            return True
        above = above.getparent()
    return False


def _field(document: _Document, kind: str | None) -> None:
    """Keep count of the fields that are open (section 17.16.18): only their results are text."""
    if kind == "begin":
        document.fields.append("code")
    elif document.fields and kind == "separate":
        document.fields[-1] = "result"
    elif document.fields and kind == "end":
        document.fields.pop()


def _symbol(document: _Document, element: Any, flow: Flow) -> None:
    """A character by its number; those of symbol fonts (U+F000 to U+F0FF) mean nothing without the font."""
    try:
        character = chr(int(own(element, "char") or "", 16))
    except (ValueError, OverflowError):
        return
    if "\ue000" <= character <= "\uf8ff":
        document.omissions["symbol"] += 1
    else:
        flow.add(character)


def _table(document: _Document, table: Any, flow: Flow, *, note: bool, depth: int) -> None:
    rows = []
    for row in _wrapped(table, "tr"):
        if _is_deleted(row):
            _leave_out(document, row, "deleted row")
        else:
            rows.append(row)
    cells = [list(_wrapped(row, "tc")) for row in rows]
    if all(len(row) <= 1 for row in cells):  # a frame around text
        for row in cells:
            for cell in row:
                _blocks(document, cell, flow, note=note, depth=depth + 1)
        return
    flow.end_passage()
    above: dict[int, str] = {}  # column → the text of a cell that goes on below
    for row, elements in zip(rows, cells, strict=True):
        texts = [""] * _number(row.find("{*}trPr/{*}gridBefore"), 0)
        for cell in elements:
            inner = Flow(document.limits)
            _blocks(document, cell, inner, note=note, depth=depth + 1)
            merged = cell.find("{*}tcPr/{*}vMerge")
            text, column = inner.words, len(texts)
            if merged is None:
                above.pop(column, None)
            elif value_of(merged) == "restart":
                above[column] = text
            else:
                text = text or above.get(column, "")
            texts += [text, *[""] * (_number(cell.find("{*}tcPr/{*}gridSpan"), 1) - 1)]
        first = row.find(".//{*}p")
        flow.add_row(texts, Place(paragraph=document.numbers.get(first)))


def _number(element: Any, or_else: int) -> int:
    """How many columns an element says, 1000 at most."""
    value = value_of(element) or ""
    return min(int(value), _MOST_COLUMNS) if value.isdecimal() and len(value) < 6 else or_else


_MOST_COLUMNS = 1000


def _wrapped(parent: Any, name: str) -> Iterator[Any]:
    """The elements of a name in a table or a row, those in content controls included."""
    for element in parent:
        if local_name(element) == name:
            yield element
        elif not _is_silent(local_name(element)):
            yield from _wrapped(element, name)


def _is_deleted(row: Any) -> bool:
    return row.find("{*}trPr/{*}del") is not None
