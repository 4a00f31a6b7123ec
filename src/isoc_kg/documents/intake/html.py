"""Web pages: the text that a reader sees, without what a site puts around it.

Places are CSS paths in the tree that an HTML5 parser makes (https://html.spec.whatwg.org/multipage/parsing.html).
"""

from collections import Counter
from dataclasses import dataclass
from typing import Any

from ...errors import LimitExceeded, ParseError
from ...limits import Limits
from .encodings import codec_of, declared_in_html, declared_in_xml, marked
from .flow import Flow, Omissions
from .formulas import formula_text
from .html_elements import (
    AROUND,
    BLOCKS,
    HEADINGS,
    KEPT,
    NO_TEXT,
    SECTIONS,
    elements_of,
    is_foreign_reference,
    is_hidden,
    is_layout,
    is_note,
    is_page_break,
    is_reference,
    path_of,
    rows_of,
    span_of,
    step,
    words_of,
)  # fmt: skip
from .page_parts import is_permalink, part_of_page
from .passages import Extraction, Passage, Place
from .raised import LOWERED, RAISED
from .said import as_date, as_language, as_line
from .table_grid import Cell, grid_rows
from .xhtml import as_html

__all__ = ["PageText", "extract_html", "read_page"]


@dataclass(frozen=True, slots=True)
class PageText:
    """What a page says: its passages, footnotes apart, what was left out, and what it says of itself."""

    passages: tuple[Passage, ...]
    footnotes: tuple[Passage, ...]
    omissions: Omissions
    said: dict[str, str]  #: names of metadata in lower case, `title` and `lang`


def extract_html(content: bytes, limits: Limits, charset: str | None = None) -> Extraction:
    """The text of a web page. Its encoding is that of its byte order mark, of `charset` or of its head, else UTF-8.

    Raises `ParseError` for bytes that are not of the encoding, and `LimitExceeded`.
    """
    import selectolax

    text, encoding = _decoded(content, charset)
    page = read_page(as_html(text) if text.lstrip().startswith("<?xml") else text, limits)
    said = page.said
    first = next((passage.text for passage in page.passages if passage.kind == "heading"), None)
    date = next((said[name] for name in _DATES if name in said), None)
    return Extraction(
        page.passages + page.footnotes,
        f"selectolax {selectolax.__version__}{'' if encoding == 'utf-8' else f', {encoding}'}",
        title=as_line(said.get("title")) or first,
        author=as_line(said.get("author") or said.get("dc.creator") or said.get("dcterms.creator")),
        date=as_date(date),
        language=as_language(said.get("lang")),
        notes=page.omissions.noted(),
    )


_DATES = ("dcterms.issued", "dcterms.date", "dc.date", "article:published_time", "datepublished", "date")


def _decoded(content: bytes, charset: str | None) -> tuple[str, str]:
    """The text, and the name of its encoding."""
    mark = marked(content)
    declared = declared_in_html(content) or declared_in_xml(content)
    name = codec_of(mark or charset or declared or "utf-8")
    if declared and not mark and name.startswith("utf-16"):  # it could not have been read otherwise
        name = "utf-8"
    try:
        text = content.decode("utf-8-sig" if name == "utf-8" else name)
    except UnicodeDecodeError as error:
        raise ParseError(
            f"not {name} at byte {error.start}.",
            line=content.count(b"\n", 0, error.start) + 1,
            advice="Save the page as UTF-8, and say so in its head: <meta charset=utf-8>.",
        ) from None
    return text, name


def read_page(text: str, limits: Limits, *, part: str | None = None, placed: bool = True) -> PageText:
    """The passages of an HTML text, of a `part` of an archive perhaps; without places unless `placed`."""
    from selectolax.lexbor import LexborHTMLParser, SelectolaxError

    try:
        tree = LexborHTMLParser(text)
    except SelectolaxError as error:  # there is no page that it cannot parse
        raise MemoryError from error
    reader = _Reader(limits, part, placed)
    if tree.root is not None:
        reader.read(tree.root)
    flow, footnotes = reader.flow, reader.footnotes
    reader.omissions["footnote"] += len(footnotes.passages)
    return PageText(tuple(flow.passages), tuple(footnotes.passages), reader.omissions, _said(tree))


def _said(tree: Any) -> dict[str, str]:
    said: dict[str, str] = {}
    if tree.root is not None and (language := tree.root.attributes.get("lang") or tree.root.attributes.get("xml:lang")):
        said["lang"] = language
    if title := tree.css_first("head > title"):
        said["title"] = title.text()
    for meta in tree.css("meta"):
        name = meta.attributes.get("name") or meta.attributes.get("property") or meta.attributes.get("itemprop")
        if name and (value := meta.attributes.get("content")):
            said.setdefault(name.lower(), value)
    return said


_SHIFTS = {"sup": RAISED, "sub": LOWERED}


class _Reader:
    """A walk through the tree of a page."""

    def __init__(self, limits: Limits, part: str | None, placed: bool) -> None:
        self.limits, self.part, self.placed = limits, part, placed
        self.flow, self.footnotes = Flow(limits), Flow(limits)
        self.omissions = Omissions()
        self._title = ""
        self._lines = False  # within <pre>
        self._noted = False  # within a footnote

    def read(self, root: Any) -> None:
        mains = [node for node in root.css("main, [role=main]") if not is_hidden(node)]
        title = root.css_first("head > title")
        self._title = words_of(title) if title else ""
        if not mains:
            self._children(root, "html", 0)
            self.flow.end_passage()
            return
        inner = {node.mem_id for main in mains for node in main.css("main, [role=main]") if node.mem_id != main.mem_id}
        for main in mains:
            if main.mem_id not in inner:
                self._block(main, path_of(main), 0)
        self.flow.end_passage()
        around = len(words_of(root.css_first("body"))) - sum(len(words_of(m)) for m in mains if m.mem_id not in inner)
        if around > 1:
            self.omissions["passage around the main part"] += 1

    def _nested_too_deeply(self) -> LimitExceeded:
        return LimitExceeded(
            f"more than {self.limits.max_nesting} elements inside one another.",
            advice="Save the page anew, or raise max_nesting under [limits] in kg.toml.",
        )

    def _place(self, path: str) -> Place:
        return Place(selector=path, part=self.part) if self.placed else Place()

    def _children(self, node: Any, path: str, depth: int) -> None:
        if depth > self.limits.max_nesting:
            raise self._nested_too_deeply()
        counts: Counter[str] = Counter()
        number = 0
        child = node.child
        while child is not None:
            if child.is_text_node:
                text = child.text_content or ""
                self.flow.add_lines(text) if self._lines else self.flow.add(text)
            elif child.is_element_node:
                tag = child.tag or ""
                counts[tag] += 1
                number += 1
                self._element(child, tag, f"{path} > {step(tag, counts[tag], number)}", depth + 1)
            child = child.next

    def _element(self, node: Any, tag: str, path: str, depth: int) -> None:
        if tag == "br":
            self.flow.end_line()
            return
        if (what := self._omitted(node, tag)) is not KEPT:
            if what:
                self.omissions[what] += 1
            return
        if tag == "math":
            self.flow.add_formula(self._formula(node, depth))
        elif not self._noted and is_note(node):
            text, self.flow, self._noted = self.flow, self.footnotes, True
            text.end_passage() if tag in BLOCKS else None
            self._block(node, path, depth)
            self.flow, self._noted = text, False
        elif tag == "table":
            self._table(node, path, depth)
        elif tag in BLOCKS:
            self._block(node, path, depth)
        else:
            with self.flow.shifted(_SHIFTS.get(tag)):
                self._children(node, path, depth)

    def _formula(self, node: Any, depth: int) -> str:
        """A part of a formula in MathML on one line."""
        if depth > self.limits.max_nesting:
            raise self._nested_too_deeply()
        if node.is_text_node:
            return node.text_content or ""
        if not node.is_element_node or node.tag in NO_TEXT or is_hidden(node):
            return ""
        parts, child = [], node.child
        while child is not None:
            if (child.is_element_node and child.tag not in NO_TEXT) or (child.text_content or "").strip():
                parts.append(self._formula(child, depth + 1))
            child = child.next
        return formula_text(node.tag or "", parts)

    def _omitted(self, node: Any, tag: str) -> str:
        """What an element is called that is left out, nothing if nobody misses it; `KEPT` for one that is not."""
        if tag in NO_TEXT:
            return NO_TEXT[tag]
        attributes = node.attributes
        role = (attributes.get("role") or "").strip().lower()
        if tag == "a" and is_reference(node, attributes, opens_note=self._noted and self.flow.at_start):
            return ""
        if tag == "a" and is_permalink(node, attributes):
            return ""
        if tag == "a" and is_foreign_reference(node, attributes):
            return "note mark"
        if is_page_break(attributes):
            return "page number"
        if is_hidden(node):
            return "hidden passage"
        if part := part_of_page(node, attributes, block=tag in BLOCKS):
            return KEPT if part.endswith("header") and self._is_of_text(node) else part
        around = AROUND.get(role) or AROUND.get(tag)
        if tag == "div" and node.parent is not None and node.parent.tag == "body":  # as LibreOffice writes them
            around = around or AROUND.get(attributes.get("title") or "")
        if around is None or (tag in ("header", "footer") and not role and self._is_of_text(node)):
            return KEPT
        return around

    def _is_of_text(self, node: Any) -> bool:
        """Whether a header or footer belongs to the text: it is that of a section, or has the page's own title."""
        above = node.parent
        while above is not None and above.tag not in SECTIONS:
            above = above.parent
        if above is not None:
            return True
        heading = node.css_first("h1")
        return (
            heading is not None
            and node.css_first("nav") is None
            and bool(words_of(heading))
            and (words_of(heading) in self._title)
        )

    def _block(self, node: Any, path: str, depth: int) -> None:
        tag = node.tag
        kind = "heading" if tag in HEADINGS else "item" if tag == "li" else self.flow.kind_within
        lines, self._lines = self._lines, self._lines or tag == "pre"
        with self.flow.block("note" if self._noted else kind, self._place(path)):
            self._children(node, path, depth)
        self._lines = lines

    def _table(self, table: Any, path: str, depth: int) -> None:
        rows = rows_of(table, path)
        if (table.attributes.get("role") or "") in ("presentation", "none") or is_layout(table, rows):
            self._block(table, path, depth)
            return
        self.flow.end_passage()
        kept = []
        for row, row_path in rows:
            if row.tag == "caption":
                self._block(row, row_path, depth + 2)
            elif self._omitted(row, "tr") is KEPT:
                kept.append((row_path, self._cells(row, row_path, depth + 2)))
        for (row_path, _), texts in zip(kept, grid_rows(cells for _, cells in kept), strict=True):
            self.flow.add_row(texts, self._place(row_path))

    def _cells(self, row: Any, path: str, depth: int) -> list[Cell]:
        outer, cells = self.flow, []
        for cell, cell_path in elements_of(row, path):
            self.flow = Flow(self.limits)
            if self._omitted(cell, cell.tag) is KEPT:
                self._children(cell, cell_path, depth + 1)
            cells.append(Cell(self.flow.words, span_of(cell, "colspan"), span_of(cell, "rowspan")))
        self.flow = outer
        return cells
