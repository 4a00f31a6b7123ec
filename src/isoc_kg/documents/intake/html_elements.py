"""Elements of a web page: which hold text, which are around it, which are footnotes; and their CSS paths."""

import re
from collections import Counter
from typing import Any

__all__ = [
    "AROUND", "BLOCKS", "HEADINGS", "KEPT", "NO_TEXT", "SECTIONS", "elements_of", "is_foreign_reference", "is_hidden",
    "is_layout", "is_note", "is_page_break", "is_reference", "path_of", "rows_of", "span_of", "step", "words_of",
]  # fmt: skip

KEPT = "kept"  #: stands for what an element that is text would be called, were it left out
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
#: Elements that begin and end a paragraph; any other is part of its line.
_BLOCK_NAMES = """
    address article aside blockquote body caption center dd details dir div dl dt fieldset figcaption figure footer form
    header hgroup hr html legend li main menu nav ol p pre search section summary table tbody td tfoot th thead tr ul
"""
BLOCKS = HEADINGS.union(_BLOCK_NAMES.split())
#: Elements whose content is no text of the page, by what they are called; nobody misses the first.
_NO_TEXT_NAMES = {
    "": "head title meta link base wbr rp rt rtc img picture map area source track param annotation annotation-xml",
    "script": "script",
    "style sheet": "style",
    "replacement for scripts": "noscript",
    "embedded object": "svg canvas object embed applet iframe frameset audio video",
    "form control": "input select textarea button datalist option output progress meter",
    "template": "template",
    "deleted passage": "del",
}
NO_TEXT = {name: what for what, names in _NO_TEXT_NAMES.items() for name in names.split()}
#: What a page has around its text, by element or by role (https://www.w3.org/TR/wai-aria-1.2/#landmark_roles).
AROUND = {
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
SECTIONS = frozenset({"article", "main", "section", "aside", "blockquote"})
_HIDDEN = re.compile(r"(?:^|;)\s*(?:display\s*:\s*none|visibility\s*:\s*hidden)\b", re.IGNORECASE)
#: Footnotes: by role (https://www.w3.org/TR/dpub-aria-1.1/), by type (EPUB), by the classes of common programs.
_NOTES = frozenset({"doc-footnote", "doc-endnote", "doc-endnotes", "footnote", "footnotes", "endnotes", "rearnotes"})
_NOTE_CLASSES = frozenset({"footnotes", "sdfootnote", "sdendnote", "MsoFootnoteText", "MsoEndnoteText"})
_NOTE_ID = re.compile(r"sd(?:foot|end)note\d+|_?(?:ftn|edn)\d+")
_PAGE_BREAKS = frozenset({"doc-pagebreak", "pagebreak"})
_REFERENCES = frozenset({"doc-noteref", "noteref"})
_REFERENCE_CLASSES = frozenset({"footnote-ref", "footnoteRef", "sdfootnoteanc", "sdendnoteanc"})
#: What a raised link to a note of another page has in its address or its classes.
_ELSEWHERE = re.compile(r"note|ftn|edn|refer|cite", re.IGNORECASE)
_NUMBER = re.compile(r"[\[(]?\s*(?:\d{1,4}|[ivxlc]{1,6}|[a-z]|[*†‡§¶]{1,3})\s*[\])]?\.?", re.IGNORECASE)
_BACK = re.compile(r"[\[(]?[↩↵⏎↑^⬆⤴🔙][\ufe0e\ufe0f\s\])]*")
_NAME = re.compile(r"[a-z][a-z0-9]*")


def step(tag: str, count: int, number: int) -> str:
    """One step of a CSS path: an element among its siblings of the same name, or among all where that is no name."""
    if tag in ("head", "body"):
        return tag
    return f"{tag}:nth-of-type({count})" if _NAME.fullmatch(tag) else f":nth-child({number})"


def path_of(node: Any) -> str:
    """The CSS path of an element."""
    steps = []
    while node is not None and node.tag != "html" and node.parent is not None:
        count, number, other = 0, 0, node
        while other is not None:
            if other.is_element_node:
                number += 1
                count += other.tag == node.tag
            other = other.prev
        steps.append(step(node.tag or "", count, number))
        node = node.parent
    return " > ".join(["html", *reversed(steps)])


def span_of(cell: Any, name: str) -> int:
    """Over how many columns (`colspan`) or rows (`rowspan`) a cell goes; 0 is to the end of the table's part."""
    value = (cell.attributes.get(name) or "1").strip()
    number = int(value) if value.isdecimal() and len(value) < 6 else 1
    return number or (1 if name == "colspan" else 65_534)


def is_page_break(attributes: dict[str, str | None]) -> bool:
    """Whether an element is the number of a page of the printed book."""
    kinds = {attributes.get("role") or "", *(attributes.get("epub:type") or "").split()}
    return bool(kinds & _PAGE_BREAKS)


def is_foreign_reference(node: Any, attributes: dict[str, str | None]) -> bool:
    """Whether a link is the number of a note that is on another page."""
    address, _, fragment = (attributes.get("href") or "").partition("#")
    parent = node.parent
    raised = (parent is not None and parent.tag == "sup") or node.css_first("sup") is not None
    if not address or not raised or not _NUMBER.fullmatch(node.text().strip()):
        return False
    classes = f"{attributes.get('class') or ''} {parent.attributes.get('class') or ''}"
    return bool(fragment) or bool(_ELSEWHERE.search(f"{address} {classes}"))


def elements_of(node: Any, path: str) -> list[tuple[Any, str]]:
    """The elements in a node, with their paths."""
    counts: Counter[str] = Counter()
    result = []
    child = node.child
    while child is not None:
        if child.is_element_node:
            counts[child.tag] += 1
            result.append((child, f"{path} > {step(child.tag, counts[child.tag], counts.total())}"))
        child = child.next
    return result


def rows_of(table: Any, path: str) -> list[tuple[Any, str]]:
    """Caption and rows of a table, with their paths."""
    result = []
    for child, child_path in elements_of(table, path):
        if child.tag in ("thead", "tbody", "tfoot"):
            result += [row for row in elements_of(child, child_path) if row[0].tag == "tr"]
        elif child.tag in ("tr", "caption"):
            result.append((child, child_path))
    return result


def is_layout(table: Any, rows: list[tuple[Any, str]]) -> bool:
    """Whether a table only sets a page: it holds headings or tables, or has a single column."""
    if not any(len(elements_of(row, "")) > 1 for row, _ in rows if row.tag == "tr"):
        return True
    return table.css_first("h1, h2, h3, h4, h5, h6") is not None or len(table.css("table")) > 1


def is_hidden(node: Any) -> bool:
    """Whether an element says of itself that nobody sees it; style sheets are not asked."""
    attributes = node.attributes
    return (
        "hidden" in attributes
        or attributes.get("aria-hidden") == "true"
        or (node.tag == "dialog" and "open" not in attributes)
        or bool(_HIDDEN.search(attributes.get("style") or ""))
    )


def is_note(node: Any) -> bool:
    """Whether an element holds footnotes."""
    attributes = node.attributes
    return bool(
        _NOTES.intersection([attributes.get("role"), *(attributes.get("epub:type") or "").split()])
        or _NOTE_CLASSES.intersection((attributes.get("class") or "").split())
        or (node.tag in ("div", "aside", "li") and _NOTE_ID.fullmatch(attributes.get("id") or ""))
    )


def words_of(node: Any) -> str:
    """All text in an element, one blank apart; empty where there is none."""
    return " ".join(node.text().split()) if node is not None else ""


def is_reference(node: Any, attributes: dict[str, str | None], *, opens_note: bool) -> bool:
    """Whether a link is the number of a footnote, or leads back from one; `opens_note` when it is the first in one."""
    if not (attributes.get("href") or "#").startswith("#") and "epub:type" not in attributes:
        return False
    kinds = {attributes.get("role") or "", *(attributes.get("epub:type") or "").split()}
    classes = set((attributes.get("class") or "").split())
    if kinds & _REFERENCES or classes & _REFERENCE_CLASSES or "doc-backlink" in kinds:
        return True
    text = node.text().strip()
    if "href" not in attributes or not text:
        return False
    if _BACK.fullmatch(text):
        return True
    raised = (node.parent is not None and node.parent.tag == "sup") or node.css_first("sup") is not None
    return (raised or opens_note) and bool(_NUMBER.fullmatch(text))
