"""Parts around a page's text that no element or role marks: known by the ids and classes that programs give them."""

import re
from typing import Any

from .html_elements import HEADINGS, SECTIONS

__all__ = ["is_permalink", "part_of_page"]

#: Ids and classes of MediaWiki, WordPress, Drupal, Bootstrap, Sphinx and others, by what such a part is called. Those
#: that only screen readers read out are directions (“Skip to content”), no text.
_NAMES = {
    name: what
    for what, names in {
        "hidden passage": "sr-only visually-hidden visuallyhidden screen-reader-text element-invisible assistive-text",
        "skip link": "skip-link skip-to-content mw-jump-link",
        "link for editors": "mw-editsection",
        "page footer": "printfooter site-footer page-footer",
        "navigation block": "catlinks navbox breadcrumb breadcrumbs",
        "table of contents": "toctree-wrapper table-of-contents",
    }.items()
    for name in names.split()
}
#: Ids of a time before HTML had `header`, `footer` and `nav`.
_IDS = {"header": "page header", "masthead": "page header", "footer": "page footer", "colophon": "page footer"}
_MENUS = frozenset(["nav", "navbar", "navigation", "menu", "main-menu", "mainmenu", "topnav", "sidebar-menu"])
_COOKIES = re.compile(
    r"(?:^|[-_])cookie[-_]?(?:\w+[-_])?(?:notice|banner|bar|consent|popup|law|message|overlay|dialog|modal|wrapper)"
    r"|^(?:cookieconsent|cc-window|onetrust-|CybotCookiebot|didomi-|usercentrics|gdpr-|cmplz-cookiebanner)",
    re.IGNORECASE,
)
_TITLED = HEADINGS | {"dt", "caption", "figcaption"}
#: Elements whose ids count; those of headings and sections are made of their titles.
_NAMED = frozenset({"div", "ul", "ol", "table", "td", "span", "a", "p", "aside"})
_LONGEST_LINK = 2
_LONGEST_BANNER = 5_000


def part_of_page(node: Any, attributes: dict[str, str | None], *, block: bool) -> str | None:
    """What the part of a page is called that an element is by its id or classes; None where it may be text."""
    name = (attributes.get("id") or "") if node.tag in _NAMED else ""
    names = [name, *(attributes.get("class") or "").split()]
    if names == [""] or node.tag in ("html", "body"):
        return None
    if what := next((_NAMES[each] for each in names if each in _NAMES), None):
        return what
    if not block:
        return None
    if any(map(_COOKIES.search, names)) and len(node.text()) < _LONGEST_BANNER:
        return "cookie banner"
    if "noprint" in names or "d-print-none" in names:
        return "passage that is not printed"
    if name in _IDS and not _is_within_section(node) and node.css_first("article, main, [role=main]") is None:
        return _IDS[name]
    return "navigation block" if _MENUS.intersection(names) and _is_all_links(node) else None


def is_permalink(node: Any, attributes: dict[str, str | None]) -> bool:
    """Whether a link is the sign behind a title that leads to the title itself: `¶`, `#`."""
    if not (attributes.get("href") or "").startswith("#"):
        return False
    text = node.text().strip()
    if not text or len(text) > _LONGEST_LINK or any(map(str.isalnum, text)):
        return False
    above = node.parent
    while above is not None and above.tag in ("span", "code", "strong", "b", "em"):
        above = above.parent
    return text == "¶" or (above is not None and above.tag in _TITLED)


def _is_within_section(node: Any) -> bool:
    above = node.parent
    while above is not None and above.tag not in SECTIONS:
        above = above.parent
    return above is not None


def _is_all_links(node: Any) -> bool:
    """Whether all words of an element are links."""
    linked = sum(len("".join(link.text().split())) for link in node.css("a"))
    return 0 < linked >= len("".join(node.text().split()))
