"""The text of an XML document (https://www.w3.org/TR/xml/): its encoding and its line ends."""

import codecs
import re

from ..errors import EncodingError

__all__ = ["xml_text"]

_DECLARATION = re.compile(rb"<\?xml\s[^<>]*?\?>")
_ENCODING = re.compile(rb"\sencoding\s*=\s*[\"']([A-Za-z][A-Za-z0-9._-]*)[\"']")
#: Byte order mark → encoding; the longer marks come first, since one of UTF-16 is the beginning of one of UTF-32.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: How `<?` begins in an encoding that needs no mark (XML 1.0, appendix F).
_UNMARKED = ((b"<\0?\0", "utf-16-le"), (b"\0<\0?", "utf-16-be"))
#: Encodings of documents; Python knows others, which are none (`idna`, `unicode_escape`, `rot13`).
_KNOWN = re.compile(
    r"utf_?(8|16|32)|ascii|latin_?1|iso8859|cp\d+|koi8|mac_|gb|big5|hz|euc_|shift_|iso2022|johab|tis_620|ptcp154|kz1048"
)


def xml_text(data: bytes) -> bytes:
    """The document in UTF-8 without a byte order mark, each line end one line feed (XML 1.0, section 2.11).

    The declaration gives way to spaces where it names another encoding. Raises `EncodingError`, without a file, for an
    encoding that is not known here and for bytes that it does not allow.
    """
    found = next(((mark, name) for mark, name in _MARKS if data.startswith(mark)), None)
    encoding = found[1] if found else next((name for start, name in _UNMARKED if data.startswith(start)), None)
    if found:
        data = data[len(found[0]) :]
    if encoding is None or encoding == "utf-8":
        declaration = _DECLARATION.match(data)
        name = _ENCODING.search(declaration[0]) if declaration else None
        encoding = _codec(name[1].decode()) if name and encoding is None else "utf-8"
    if encoding not in ("utf-8", "ascii") or (encoding == "ascii" and not data.isascii()):
        text = _decoded(data, encoding)
        data = _DECLARATION.sub(lambda match: b" " * len(match[0]), text.encode(), count=1)
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return data


def _codec(name: str) -> str:
    """Python's name of a declared encoding."""
    try:
        found = codecs.lookup(name)
    except LookupError:
        found = None
    if found is None or not _KNOWN.match(found.name.replace("-", "_")):
        raise EncodingError(
            f"the XML declaration names the encoding “{name}”, which is not known.",
            line=1,
            advice="Save the file as UTF-8, and declare that.",
        )
    if re.match(r"utf-?(16|32)", found.name):
        raise EncodingError(
            f"the XML declaration names {name}, but the file is in an encoding of one byte a character.",
            line=1,
            advice="Declare the encoding in which the file is saved, most likely UTF-8.",
        )
    return found.name


def _decoded(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise EncodingError(
            f"not {encoding.upper()} at byte {error.start}, although the XML declaration or a byte order mark says so.",
            line=data.count(b"\n", 0, error.start) + 1,
            advice="Declare the encoding in which the file is saved, or save it as UTF-8.",
        ) from None
