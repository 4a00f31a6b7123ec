"""XHTML as text for an HTML parser: what ends in itself (`<p/>`) has an end tag, so nothing is lost behind it."""

import re
from html.entities import html5

__all__ = ["as_html"]

_DOCTYPE = re.compile(r"<!DOCTYPE[^<>\[\]]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&([A-Za-z][A-Za-z0-9]{1,31};)")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*\?>")
_VOID = "area base br col embed hr img input link meta param source track wbr"
_ATTRIBUTES = r"""(?:\s+[^\s"'<>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'))?)*"""
_EMPTY = re.compile(rf"<(?!(?:{_VOID.replace(' ', '|')})[\s/])([A-Za-z][\w:.-]*)({_ATTRIBUTES})\s*/>")
_NAMESPACES = ("http://www.w3.org/1999/xhtml", "http://www.w3.org/1998/Math/MathML", "http://www.w3.org/2000/svg")
_KEPT = frozenset({"amp;", "lt;", "gt;", "quot;", "apos;"})


def as_html(text: str) -> str:
    """The text of a page that is XHTML, by an XML parser where it is well-formed, and tag by tag where it is not."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_pis=True, huge_tree=False)
    plain = _ENTITY.sub(_character, _DOCTYPE.sub("", _DECLARATION.sub("", text, count=1), count=1))
    if "<!DOCTYPE" not in plain.upper():
        try:
            root = etree.fromstring(plain.encode("utf-8", "replace"), parser)
        except etree.XMLSyntaxError as error:
            if "emory allocation" in (error.msg or ""):
                raise MemoryError from error
        else:
            for element in root.iter(*(f"{{{space}}}*" for space in _NAMESPACES)):
                element.tag = element.tag.rpartition("}")[2]  # whatever prefix it had
            text = etree.tostring(root, encoding="unicode")
    return _EMPTY.sub(r"<\1\2></\1>", text)


def _character(match: re.Match[str]) -> str:
    return match[0] if match[1] in _KEPT else html5.get(match[1], match[0])
