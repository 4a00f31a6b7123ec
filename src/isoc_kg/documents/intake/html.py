"""Web pages: the text that a reader sees, without what a site puts around it.

Places are CSS paths in the tree that an HTML5 parser makes (https://html.spec.whatwg.org/multipage/parsing.html).
"""

import codecs
import re
from collections import Counter
from dataclasses import dataclass
from typing import Any

from ...errors import LimitExceeded, ParseError
from ...limits import Limits
from .flow import Flow, Omissions
from .passages import Extraction, Passage, Place
from .said import as_date, as_language, as_line

__all__ = ["PageText", "extract_html", "read_page"]

_HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: Elements that begin and end a paragraph; any other is part of its line.
_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer form
    header hgroup hr html legend li main menu nav ol p pre search section summary table tbody td tfoot th thead tr ul
"""
_BLOCKS = _HEADINGS.union(_BLOCK_NAMES.split())
#: Elements whose content is no text of the page, by what they are called; nobody misses the first.
_NO_TEXT_NAMES = {
    "": "head title meta link base wbr rp rt rtc img picture map area source track param",
    "script": "script",
    "style sheet": "style",
    "replacement for scripts": "noscript",
    "embedded object": "svg canvas object embed applet iframe frameset audio video",
    "form control": "input select textarea button datalist option output progress meter",
    "template": "template",
    "deleted passage": "del",
}
_NO_TEXT = {name: what for what, names in _NO_TEXT_NAMES.items() for name in names.split()}
#: What a page has around its text, by element or by role (https://www.w3.org/TR/wai-aria-1.2/#landmark_roles).
_AROUND = {
    "nav": "navigation block",
    "header": "page header",
    "footer": "page footer",
    "search": "search form",
    "navigation": "navigation block",
    "banner": "page header",
    "contentinfo": "page footer",
    "doc-toc": "table of contents",
    "doc-pagelist": "list of pages",
}
#: Within these a header or footer is part of the text.
_SECTIONS = frozenset({"article", "main", "section", "aside", "blockquote"})
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
#: Footnotes: by role (https://www.w3.org/TR/dpub-aria-1.1/), by type (EPUB), by the classes of common programs.
_NOTES = frozenset({"doc-footnote", "doc-endnote", "doc-endnotes", "footnote", "footnotes", "endnotes", "rearnotes"})
_NOTE_CLASSES = frozenset({"footnotes", "sdfootnote", "sdendnote", "MsoFootnoteText", "MsoEndnoteText"})
_NOTE_ID = re.compile(r"sd(?:foot|end)note\d+|_?(?:ftn|edn)\d+")
_REFERENCES = frozenset({"doc-noteref", "noteref"})
_REFERENCE_CLASSES = frozenset({"footnote-ref", "footnoteRef", "sdfootnoteanc", "sdendnoteanc"})
_NUMBER = re.compile(r"[\[(]?\s*(?:\d{1,4}|[ivxlc]{1,6}|[a-z]|[*†‡§¶]{1,3})\s*[\])]?\.?", re.IGNORECASE)
_BACK = re.compile(r"\s*[\[(]?(?:↩|↵|⏎|↑|\^|⬆|⤴|🔙|back|return)[\ufe0e\ufe0f\s\])]*", re.IGNORECASE)
_NAME = re.compile(r"[a-z][a-z0-9]*")
_CHARSET = re.compile(rb"<meta[^>]{0,500}?charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE)
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


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
    page = read_page(text, limits)
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
    declared = _CHARSET.search(content, 0, 4096)
    marked = next((name for mark, name in _MARKS if content.startswith(mark)), None)
    name = marked or charset or (declared[1].decode("ascii", "replace") if declared else "utf-8")
    try:
        name = codecs.lookup(name).name
    except LookupError:
        raise ParseError(f"the encoding {name} is not known.", advice="Save the page as UTF-8.") from None
    # as browsers do (https://encoding.spec.whatwg.org/#names-and-labels)
    name = {"iso8859-1": "cp1252", "ascii": "cp1252", "utf-8-sig": "utf-8"}.get(name, name)
    if declared and not marked and name.startswith("utf-16"):  # it could not have been read otherwise
        name = "utf-8"
    try:
        text = content.decode("utf-8-sig" if name == "utf-8" else name)
    except UnicodeDecodeError as error:
        raise ParseError(
            f"not {name} at byte {error.start}.",
            line=content.count(b"\n", 0, error.start) + 1,
            advice="Save the page as UTF-8, and say so in its head: <meta charset=utf-8>.",
        ) from None
    except LookupError:  # an encoding of bytes, not of text
        raise ParseError(f"{name} is not the encoding of a text.", advice="Save the page as UTF-8.") from None
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
        mains = [node for node in root.css("main, [role=main]") if not _is_hidden(node)]
        title = root.css_first("head > title")
        self._title = _words(title) if title else ""
        if not mains:
            self._children(root, "html", 0)
            self.flow.end_passage()
            return
        inner = {node.mem_id for main in mains for node in main.css("main, [role=main]") if node.mem_id != main.mem_id}
        for main in mains:
            if main.mem_id not in inner:
                self._block(main, _path(main), 0)
        self.flow.end_passage()
        around = len(_words(root.css_first("body"))) - sum(len(_words(m)) for m in mains if m.mem_id not in inner)
        if around > 1:
            self.omissions["passage around the main part"] += 1

    def _place(self, path: str) -> Place:
        return Place(selector=path, part=self.part) if self.placed else Place()

    def _children(self, node: Any, path: str, depth: int) -> None:
        if depth > self.limits.max_nesting:
            raise LimitExceeded(
                f"more than {self.limits.max_nesting} elements inside one another.",
                advice="Save the page anew, or raise max_nesting under [limits] in kg.toml.",
            )
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
                self._element(child, tag, f"{path} > {_step(tag, counts[tag], number)}", depth + 1)
            child = child.next

    def _element(self, node: Any, tag: str, path: str, depth: int) -> None:
        if tag == "br":
            self.flow.end_line()
            return
        if (what := self._omitted(node, tag)) is not _KEPT:
            if what:
                self.omissions[what] += 1
            return
        if not self._noted and _is_note(node):
            text, self.flow, self._noted = self.flow, self.footnotes, True
            text.end_passage() if tag in _BLOCKS else None
            self._block(node, path, depth)
            self.flow, self._noted = text, False
        elif tag == "table":
            self._table(node, path, depth)
        elif tag in _BLOCKS:
            self._block(node, path, depth)
        else:
            self._children(node, path, depth)

    def _omitted(self, node: Any, tag: str) -> str:
        """What an element is called that is left out, nothing if nobody misses it; `_KEPT` for one that is not."""
        if tag in _NO_TEXT:
            return _NO_TEXT[tag]
        attributes = node.attributes
        role = (attributes.get("role") or "").strip().lower()
        if tag == "a" and self._is_reference(node, attributes):
            return ""
        if _is_hidden(node):
            return "hidden passage"
        around = _AROUND.get(role) or _AROUND.get(tag)
        if tag == "div" and node.parent is not None and node.parent.tag == "body":  # as LibreOffice writes them
            around = around or _AROUND.get(attributes.get("title") or "")
        if around is None or (tag in ("header", "footer") and not role and self._is_of_text(node)):
            return _KEPT
        return around

    def _is_of_text(self, node: Any) -> bool:
        """Whether a header or footer belongs to the text: it is that of a section, or has the page's own title."""
        above = node.parent
        while above is not None and above.tag not in _SECTIONS:
            above = above.parent
        if above is not None:
            return True
        heading = node.css_first("h1")
        return (
            heading is not None
            and node.css_first("nav") is None
            and bool(_words(heading))
            and (_words(heading) in self._title)
        )

    def _is_reference(self, node: Any, attributes: dict[str, str | None]) -> bool:
        """Whether a link is the number of a footnote, or leads back from one."""
        if not (attributes.get("href") or "#").startswith("#") and "epub:type" not in attributes:
            return False
        kinds = {attributes.get("role") or "", *(attributes.get("epub:type") or "").split()}
        classes = set((attributes.get("class") or "").split())
        if kinds & _REFERENCES or classes & _REFERENCE_CLASSES or "doc-backlink" in kinds:
            return True
        text = node.text().strip()
        if "href" not in attributes or not text:
            return False
        if self._noted:
            return bool(_NUMBER.fullmatch(text) or _BACK.fullmatch(text))
        raised = (node.parent is not None and node.parent.tag == "sup") or node.css_first("sup") is not None
        return bool(_BACK.fullmatch(text) and len(text) < 4) or (raised and bool(_NUMBER.fullmatch(text)))

    def _block(self, node: Any, path: str, depth: int) -> None:
        tag = node.tag
        kind = "heading" if tag in _HEADINGS else "item" if tag == "li" else self.flow.kind_within
        lines, self._lines = self._lines, self._lines or tag == "pre"
        with self.flow.block("note" if self._noted else kind, self._place(path)):
            self._children(node, path, depth)
        self._lines = lines

    def _table(self, table: Any, path: str, depth: int) -> None:
        rows = _rows(table, path)
        if (table.attributes.get("role") or "") in ("presentation", "none") or _is_layout(table, rows):
            self._block(table, path, depth)
            return
        self.flow.end_passage()
        for row, row_path in rows:
            if row.tag == "caption":
                self._block(row, row_path, depth + 2)
            elif self._omitted(row, "tr") is _KEPT:
                self.flow.add_row(self._cells(row, row_path, depth + 2), self._place(row_path))

    def _cells(self, row: Any, path: str, depth: int) -> list[str]:
        outer, cells = self.flow, []
        for cell, cell_path in _elements(row, path):
            self.flow = Flow(self.limits)
            if self._omitted(cell, cell.tag) is _KEPT:
                self._children(cell, cell_path, depth + 1)
            cells.append(self.flow.words)
        self.flow = outer
        return cells


_KEPT = "kept"


def _step(tag: str, count: int, number: int) -> str:
    """One step of a CSS path: an element among its siblings of the same name, or among all where that is no name."""
    if tag in ("head", "body"):
        return tag
    return f"{tag}:nth-of-type({count})" if _NAME.fullmatch(tag) else f":nth-child({number})"


def _path(node: Any) -> str:
    """The CSS path of an element."""
    steps = []
    while node is not None and node.tag != "html" and node.parent is not None:
        count, number, other = 0, 0, node
        while other is not None:
            if other.is_element_node:
                number += 1
                count += other.tag == node.tag
            other = other.prev
        steps.append(_step(node.tag or "", count, number))
        node = node.parent
    return " > ".join(["html", *reversed(steps)])


def _elements(node: Any, path: str) -> list[tuple[Any, str]]:
    """The elements in a node, with their paths."""
    counts: Counter[str] = Counter()
    result = []
    child = node.child
    while child is not None:
        if child.is_element_node:
            counts[child.tag] += 1
            result.append((child, f"{path} > {_step(child.tag, counts[child.tag], counts.total())}"))
        child = child.next
    return result


def _rows(table: Any, path: str) -> list[tuple[Any, str]]:
    """Caption and rows of a table, with their paths."""
    result = []
    for child, child_path in _elements(table, path):
        if child.tag in ("thead", "tbody", "tfoot"):
            result += [row for row in _elements(child, child_path) if row[0].tag == "tr"]
        elif child.tag in ("tr", "caption"):
            result.append((child, child_path))
    return result


def _is_layout(table: Any, rows: list[tuple[Any, str]]) -> bool:
    """Whether a table only sets a page: it holds headings or tables, or has a single column."""
    if not any(len(_elements(row, "")) > 1 for row, _ in rows if row.tag == "tr"):
        return True
    return table.css_first("h1, h2, h3, h4, h5, h6") is not None or len(table.css("table")) > 1


def _is_hidden(node: Any) -> bool:
    attributes = node.attributes
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or (node.tag == "dialog" and "open" not in attributes)
        or bool(_HIDDEN.search(attributes.get("style") or ""))
    )


def _is_note(node: Any) -> bool:
    """Whether an element holds footnotes."""
    attributes = node.attributes
    return bool(
        _NOTES.intersection([attributes.get("role"), *(attributes.get("epub:type") or "").split()])
        or _NOTE_CLASSES.intersection((attributes.get("class") or "").split())
        or (node.tag in ("div", "aside", "li") and _NOTE_ID.fullmatch(attributes.get("id") or ""))
    )


def _words(node: Any) -> str:
    return " ".join(node.text().split()) if node is not None else ""
