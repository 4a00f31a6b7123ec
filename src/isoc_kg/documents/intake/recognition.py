"""Which format a document is in, by its content first and its name second; what is none that is read here."""

import re
import zipfile
from io import BytesIO
from typing import NamedTuple

from ...errors import ParseError

__all__ = ["FORMATS", "format_of"]


class _Reading(NamedTuple):
    """What reads a format: a function `(content, limits)` of a module of this package."""

    module: str
    function: str
    suffix: str  #: of the original, where it has none of its own
    stated_encoding: bool = False  #: whether the function takes a `charset` that a server says


#: Formats by the names that `--as` takes.
FORMATS = {
    "text": _Reading("plain", "extract_plain", ".txt", stated_encoding=True),
    "markdown": _Reading("markdown", "extract_markdown", ".md", stated_encoding=True),
    "html": _Reading("html", "extract_html", ".html", stated_encoding=True),
    "docx": _Reading("docx", "extract_docx", ".docx"),
    "odt": _Reading("odt", "extract_odt", ".odt"),
    "epub": _Reading("epub", "extract_epub", ".epub"),
    "pdf": _Reading("pdf", "extract_pdf", ".pdf"),
}
_SUFFIXES = {
    "text": "txt text",
    "markdown": "md markdown mdown mkd",
    "html": "html htm xhtml xht",
}
_BY_SUFFIX = {suffix: name for name, suffixes in _SUFFIXES.items() for suffix in suffixes.split()}
_MEDIA_TYPES = {
    b"application/epub+zip": "epub",
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.text-template": "odt",
}
_SAVE = "Save it as DOCX, ODT or PDF, or export its text."
_OCR = "Recognize its text first (OCR), and add the text, or a PDF that has it."
_UNPACK = "Unpack it, and add the folder."
#: What is not read here: how it begins, what it is, what to do.
_OTHERS: tuple[tuple[bytes, str, str], ...] = (
    (rb"\{\\rtf", "an RTF document", "Save it as DOCX or ODT."),
    (rb"\x89PNG|\xff\xd8\xff|GIF8|II\*\0|MM\0\*|BM.{8}|RIFF.{4}WEBP|.{4}ftyp(?:heic|avif|mif1)", "a picture", _OCR),
    (rb"AT&TFORM", "a DjVu document", "Convert it to a PDF with a text layer."),
    (rb"%!PS", "a PostScript document", "Convert it to PDF."),
    (rb"\x1f\x8b|BZh[1-9]|\xfd7zXZ|\x28\xb5\x2f\xfd|7z\xbc\xaf|Rar!", "a compressed file", _UNPACK),
    (rb"BOOKMOBI|.{60}BOOKMOBI|TPZ", "a Kindle book", "Convert it to EPUB."),
    (rb"ID3|\xff[\xfb\xf3\xf2]|OggS|fLaC|RIFF.{4}(?:WAVE|AVI )|.{4}ftyp|\x1aE\xdf\xa3", "sound or film",
     "Add its transcript."),
    (rb"\x7fELF|MZ|\xca\xfe\xba\xbe|\0asm", "a program", "Name a document."),
    (rb"SQLite format 3", "a database", "Name a document."),
    (rb"(?i:(?:MIME-Version|From|Received|Return-Path): )", "an e-mail", "Save its text, or the page in it as HTML."),
    (rb"\s*(?:\\documentclass|\\input\b|%&\w+)", "a TeX document", "Make a PDF of it, or HTML (pandoc)."),
    (rb"version https://git-lfs\.github\.com/", "a pointer to a file in Git LFS", "Fetch the file: git lfs pull."),
)  # fmt: skip
_COMPILED = tuple((re.compile(pattern, re.DOTALL), label, advice) for pattern, label, advice in _OTHERS)
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_OLE_KINDS = {"WordDocument": "a Word 97 document", "Workbook": "an Excel 97 workbook", "PowerPoint Document": "slides"}
_ZIP = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")
_HTML = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,4000}?-->\s*)*(?:<!doctype\s+html|<html[\s>])",
    re.IGNORECASE | re.DOTALL,
)
_XML = re.compile(rb"(?:\xef\xbb\xbf)?\s*<\?xml[\s]")


def format_of(content: bytes, name: str, stated: str | None = None, charset: str | None = None) -> str:
    """The name (of `FORMATS`) of the format that a file of this name is in.

    `stated` is the format that a server says a text is in, or its media type where that is of none; it counts where the
    content does not tell another format. `charset` is the encoding that it says.
    Raises `ParseError` for what is not read here, with what to do about it.
    """
    if not content.strip():
        raise ParseError("the file is empty.", advice="Nothing can rest on it.")
    if content.startswith(b"%PDF-") or b"%PDF-" in content[:1024]:
        return _read_here("pdf", "a PDF document")
    if content.startswith(_OLE):
        raise _refused(*_ole(content))
    if content.startswith(_ZIP):
        return _of_archive(content)
    for pattern, label, advice in _COMPILED:
        if pattern.match(content):
            raise _refused(label, advice)
    is_text = _is_text(content) or (charset is not None and b"\0" not in content[:4096])
    if stated in FORMATS and is_text:
        return stated
    suffix = name.rpartition(".")[2].lower() if "." in name.strip(".") else ""
    if suffix in _BY_SUFFIX:
        return _BY_SUFFIX[suffix]
    if _HTML.match(content):
        return "html"
    if _XML.match(content):
        raise _refused("an XML document of another kind", "Save it as HTML, DOCX or ODT.")
    if is_text and stated is not None:
        raise ParseError(f"it is {stated}, as its server says, which is not read here.", advice=_AS_TEXT)
    if not suffix and is_text:
        return "text"
    if is_text:
        raise ParseError(f"the format of .{suffix} files is not read here.", advice=_AS_TEXT)
    raise ParseError("the format is not known here.", advice=_SAVE)


_AS_TEXT = "If it is plain text, say so: --as text (or --as markdown); else save it as DOCX, ODT, HTML or PDF."


def _read_here(name: str, label: str) -> str:
    if name not in FORMATS:
        raise _refused(label, "Save it as DOCX or ODT.")
    return name


def _refused(label: str, advice: str) -> ParseError:
    return ParseError(f"it is {label}, which is not read here.", advice=advice)


def _ole(content: bytes) -> tuple[str, str]:
    if _OLE_ENCRYPTED in content:
        return "an encrypted document", "Save it without a password."
    kinds = (kind for name, kind in _OLE_KINDS.items() if name.encode("utf-16-le") in content)
    return next(kinds, "a document of an old Office program"), _SAVE


def _of_archive(content: bytes) -> str:
    """The format of a ZIP archive, by its parts."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = set(archive.namelist())
            stated = archive.open("mimetype").read(200).strip() if "mimetype" in names else b""
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, ValueError, OSError, EOFError) as error:
        raise ParseError(
            f"the archive is damaged or cut off: {str(error).rstrip('.')}.",
            advice="Fetch or copy the file again, or save it anew.",
        ) from None
    if stated in _MEDIA_TYPES:
        return _MEDIA_TYPES[stated]
    if stated.startswith(b"application/vnd.oasis."):
        raise _refused(f"an OpenDocument file of another kind ({stated.decode('ascii', 'replace')})", _SAVE)
    if "META-INF/container.xml" in names:
        return "epub"
    folders = {name.partition("/")[0] for name in names}
    if "[Content_Types].xml" in names:
        for folder, label in (("word", ""), ("ppt", "slides (PowerPoint)"), ("xl", "a workbook (Excel)")):
            if folder in folders:
                if not label:
                    return "docx"
                raise _refused(label, _SAVE)
    if "content.xml" in names and "styles.xml" in names:
        return "odt"
    if "Index" in folders and any(name.endswith(".iwa") for name in names):
        raise _refused("a document of Pages, Numbers or Keynote", "Export it as DOCX or PDF.")
    raise _refused("a ZIP archive", _UNPACK)


def _is_text(content: bytes) -> bool:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    try:
        text = content[:4096].decode("utf-8", "strict" if len(content) <= 4096 else "ignore")
    except UnicodeDecodeError:
        return False
    return "\0" not in text
