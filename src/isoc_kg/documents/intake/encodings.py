"""What encoding a text says it is in, by the labels that web browsers know (https://encoding.spec.whatwg.org/#names-and-labels)."""

import codecs
import re

from ...errors import ParseError

__all__ = ["codec_of", "declared_in_html", "declared_in_xml", "marked"]

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
#: Encodings as old labels name them → those that texts with these labels are in, which have more characters.
_WIDER = {
    "ascii iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11 tis-620": "cp874",
    "shift_jis": "cp932",
    "gb2312 gbk cp936 hz": "gb18030",
    "euc_kr johab": "cp949",
    "big5": "big5hkscs",
    "utf-8-sig": "utf-8",
}
_CODECS = {name: codec for names, codec in _WIDER.items() for name in names.split()}
#: Labels that Python does not know.
_LABELS = {
    "x-sjis ms_kanji windows-31j": "cp932",
    "ks_c_5601-1987 ks_c_5601-1989 ksc5601 ksc_5601 windows-949 korean": "cp949",
    "x-gbk gb_2312-80 chinese": "gb18030",
    "big5-hkscs cn-big5 x-x-big5": "big5hkscs",
    "x-euc-jp": "euc_jp",
    "x-mac-cyrillic": "mac_cyrillic",
    "macintosh x-mac-roman": "mac_roman",
    "koi koi8": "koi8_r",
    "windows-874 dos-874": "cp874",
    "unicode-1-1-utf-8 x-unicode20utf8": "utf-8",
    "iso-8859-8-i logical": "iso8859-8",
    **{f"x-cp{number}": f"cp{number}" for number in range(1250, 1259)},
}
#: Codecs of Python that write texts as other texts.
_NO_CHARACTERS = frozenset(["unicode-escape", "raw-unicode-escape", "utf-7", "idna", "punycode", "undefined"])
_BY_LABEL = {label: codec for labels, codec in _LABELS.items() for label in labels.split()}
_META = re.compile(rb"<!--.*?(?:-->|\Z)|<meta[\s/]((?:[^>\"']|\"[^\"]*\"|'[^']*')*)>", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(rb"([^\s=>\"'/]+)\s*=\s*(\"[^\"]*\"|'[^']*'|[^\s>\"']+)")
_IN_CONTENT = re.compile(rb"charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.IGNORECASE)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([\w:.-]{1,40})[\"']")
_HEAD = 4096  #: bytes in which a page must say it


def marked(content: bytes) -> str | None:
    """The codec that a byte order mark tells."""
    return next((codec for mark, codec in _MARKS if content.startswith(mark)), None)


def codec_of(label: str) -> str:
    """The name of Python's codec for a label. Raises `ParseError` for one that is no encoding of texts."""
    label = label.strip().strip("\"'").lower()
    try:
        codec = codecs.lookup(_BY_LABEL.get(label, label))
    except (LookupError, ValueError, UnicodeError):
        raise ParseError(f"the encoding {label} is not known.", advice="Save it as UTF-8.") from None
    if not codec._is_text_encoding or codec.name in _NO_CHARACTERS:
        raise ParseError(f"{label} is not the encoding of a text.", advice="Save it as UTF-8.")
    return _CODECS.get(codec.name, codec.name)


def declared_in_html(content: bytes) -> str | None:
    """The label in the head of a page: `<meta charset>` or its content type; comments and other content say none."""
    for meta in _META.finditer(content[:_HEAD]):
        if meta[1] is None:  # a comment
            continue
        attributes: dict[bytes, bytes] = {}
        for name, value in _ATTRIBUTE.findall(meta[1]):
            attributes.setdefault(name.lower(), value.strip(b"\"'"))
        label = attributes.get(b"charset", b"").strip()
        if not label and b"http-equiv" in attributes:
            match = _IN_CONTENT.search(attributes.get(b"content", b""))
            label = match[1] if match else b""
        if label:
            return label.decode("ascii", "replace")
    return None


def declared_in_xml(content: bytes) -> str | None:
    """The label in an XML declaration."""
    match = _XML.match(content)
    return match[1].decode("ascii") if match else None
