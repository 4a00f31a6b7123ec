"""A PDF file: whether it is whole, small enough and open to readers, and what it says of itself."""

import ctypes
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pypdfium2 as pdfium
import pypdfium2.raw as raw

from ...errors import LimitExceeded, ParseError
from ...iris import is_language_tag
from ...limits import Limits

__all__ = ["FileSays", "file_says", "open_pdf"]

_PIECE = 1 << 16
_TAIL = 2048  #: bytes at the end of a file among which its end mark stands
_STREAM = re.compile(rb"(?<!end)stream\r?\n")
_FLATE_ALONE = re.compile(rb"/Filter\s*(?:\[\s*/FlateDecode\s*\]|/FlateDecode)")
_IMAGE = re.compile(rb"/Subtype\s*/Image")
_DICTIONARY = 4096  #: bytes before a stream in which its dictionary is looked for


@dataclass(frozen=True, slots=True)
class FileSays:
    """What the file says of its document."""

    title: str | None
    author: str | None
    language: str | None


@contextmanager
def open_pdf(content: bytes, limits: Limits) -> Iterator[pdfium.PdfDocument]:
    """The document in a file; `ParseError` where it is damaged or encrypted, `LimitExceeded` where it is large."""
    _check_whole(content)
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError:
        code = raw.FPDF_GetLastError()
        if code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
            raise ParseError(
                "the PDF is encrypted and needs a password.",
                advice="Save it without one, such as by printing it to a file, and add that.",
            ) from None
        raise _damaged("it cannot be opened") from None
    with document:
        if len(document) > limits.intake_pages:
            raise LimitExceeded(
                f"the PDF has {len(document):,} pages; at most {limits.intake_pages:,} are read.",
                advice="Divide it, or raise intake_pages under [limits] in kg.toml.",
            )
        if not len(document):
            raise _damaged("it has no pages")
        if raw.FPDF_GetSecurityHandlerRevision(document) < 0:  # streams of an encrypted file are not to be read here
            _check_streams(content, limits.intake_unpacked_bytes)
        yield document


def _damaged(how: str) -> ParseError:
    advice = "Get the file again, or save it anew with the program that made it."
    return ParseError(f"the PDF is damaged: {how}.", advice=advice)


def _check_whole(content: bytes) -> None:
    if b"%PDF-" not in content[:_TAIL]:
        raise ParseError("not a PDF: there is no %PDF- at its beginning.", advice="Look at what the file is.")
    if b"%%EOF" not in content[-_TAIL:]:
        raise _damaged("its end is missing (no %%EOF), as after a download that was cut off")


def _check_streams(content: bytes, most: int) -> None:
    """Decompress what is not an image: of a damaged stream, the library takes as much as it can in silence."""
    left = most
    for match in _STREAM.finditer(content):
        head = content[max(0, match.start() - _DICTIONARY) : match.start()]
        head = head[head.rfind(b" obj") + 1 :]
        if not _FLATE_ALONE.search(head) or _IMAGE.search(head):
            continue
        end = content.find(b"endstream", match.end())
        if end < 0:
            raise _damaged(f"the stream at byte {match.end():,} has no end")
        data = memoryview(content)[match.end() : end]
        try:
            size, whole = _unpacked(data, zlib.decompressobj(), left)
            if not whole and size < left and not _unpacked(data[2:], zlib.decompressobj(-zlib.MAX_WBITS), left)[1]:
                raise _damaged(f"the compressed data at byte {match.end():,} end early")
        except zlib.error:
            raise _damaged(f"the compressed data at byte {match.end():,} cannot be unpacked") from None
        left -= size
        if left <= 0:
            raise LimitExceeded(
                f"the PDF unpacks to more than {most:,} bytes.",
                advice="Divide it, or raise intake_unpacked_bytes under [limits] in kg.toml.",
            )


def _unpacked(data: memoryview, inflater: "zlib._Decompress", most: int) -> tuple[int, bool]:
    """To how many bytes data unpack, looked at no further than `most`; whether they have an end."""
    size = 0
    for at in range(0, len(data), _PIECE):
        piece: bytes | memoryview = data[at : at + _PIECE]
        while piece and size <= most and not inflater.eof:
            size += len(inflater.decompress(piece, _PIECE * 16))
            piece = inflater.unconsumed_tail
    return size, inflater.eof


def file_says(document: pdfium.PdfDocument) -> FileSays:
    """Title, author and language that a file gives; a title that is only the name of a program's file is none."""
    values = {key: " ".join(document.get_metadata_value(key).split()) for key in ("Title", "Author")}
    title = re.sub(r"^Microsoft (?:Word|PowerPoint|Excel) - ", "", values["Title"])
    if re.fullmatch(r"(?i)untitled.*|.*\.(?:docx?|odt|rtf|tex|dvi|indd|html?|pdf|pptx?)", title):
        title = ""
    language = _language(document)
    return FileSays(title or None, values["Author"] or None, language)


def _language(document: pdfium.PdfDocument) -> str | None:
    length = raw.FPDFCatalog_GetLanguage(document, None, 0)
    if not 2 < length < 200:
        return None
    buffer = ctypes.create_string_buffer(length)
    raw.FPDFCatalog_GetLanguage(document, ctypes.cast(buffer, ctypes.POINTER(ctypes.c_ushort)), length)
    tag = buffer.raw.decode("utf-16-le", "replace").rstrip("\0")
    return tag if is_language_tag(tag) else None
