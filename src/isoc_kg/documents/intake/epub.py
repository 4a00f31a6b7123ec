"""EPUB (https://www.w3.org/TR/epub-33/): the pages of a book in the order of its spine."""

from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote

from ...errors import ParseError
from ...limits import Limits
from .archive import Archive
from .encodings import codec_of, declared_in_xml, marked
from .flow import Omissions
from .html import read_page
from .passages import Extraction, Passage
from .said import as_date, as_language, as_line
from .xhtml import as_html

__all__ = ["extract_epub"]

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = frozenset({"application/xhtml+xml", "text/html", "application/xml"})
_ADVICE = "Open it in the program that made it, and save it anew."


def extract_epub(content: bytes, limits: Limits) -> Extraction:
    """The text of a book; footnotes of all pages stand behind it. A place is the page's file, and a CSS path in it.

    Raises `ParseError` for what is no EPUB or is encrypted, and `LimitExceeded`.
    """
    import selectolax

    archive = Archive(content, limits)
    rootfile = archive.xml(_CONTAINER).find(".//{*}rootfile")
    package = rootfile.get("full-path", "") if rootfile is not None else ""
    if package not in archive.names:
        raise ParseError("it names no package document.", advice=_ADVICE)
    root = archive.xml(package)
    omissions = Omissions()
    passages: list[Passage] = []
    footnotes: list[Passage] = []
    encrypted = _encrypted(archive)
    for part in _spine(root, package, omissions):
        if part in encrypted:
            raise ParseError("the book is encrypted.", advice="Take an edition without copy protection.")
        text = as_html(_decoded(archive.read(part), part))
        page = read_page(text, limits, part=part)
        passages += page.passages
        footnotes += page.footnotes
        omissions.update(page.omissions)
    said = _said(root)
    first = next((passage.text for passage in passages if passage.kind == "heading"), None)
    return Extraction(
        (*passages, *footnotes),
        f"isoc-kg epub 1, selectolax {selectolax.__version__}",
        title=as_line(said.get("title")) or first,
        author=as_line(", ".join(said.get("creators", "").split("\0"))),
        date=as_date(said.get("date")),
        language=as_language(said.get("language")),
        notes=omissions.noted(),
    )


def _decoded(data: bytes, part: str) -> str:
    """The text of a page in the encoding that its mark or its declaration says, else UTF-8."""
    codec = codec_of(marked(data) or declared_in_xml(data) or "utf-8")
    codec = "utf-8" if codec.startswith("utf-16") and not marked(data) else codec  # else it could not have been read
    try:
        return data.decode("utf-8-sig" if codec == "utf-8" else codec)
    except UnicodeDecodeError as error:
        raise ParseError(f"the part {part} is not {codec} at byte {error.start}.", advice=_ADVICE) from None


def _spine(root: Any, package: str, omissions: Omissions) -> list[str]:
    """The parts that are pages, in reading order; the table of contents left out."""
    items = {item.get("id"): item for item in root.iterfind(".//{*}manifest/{*}item")}
    parts: dict[str, None] = {}
    for reference in root.iterfind(".//{*}spine/{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None:
            raise ParseError(f"its spine names {reference.get('idref')}, which is not there.", advice=_ADVICE)
        if "nav" in item.get("properties", "").split():
            omissions["table of contents"] += 1
        elif item.get("media-type") in _PAGES:
            parts[normpath(join(dirname(package), unquote(item.get("href", ""))))] = None
        else:
            omissions["page that is no text"] += 1
    if not parts:
        raise ParseError("there are no pages in its spine.", advice=_ADVICE)
    return list(parts)


def _encrypted(archive: Archive) -> set[str]:
    """The parts that are encrypted (EPUB Open Container Format, section 4.2.6.3.2)."""
    if _ENCRYPTION not in archive.names:
        return set()
    references = archive.xml(_ENCRYPTION).iter("{*}CipherReference")
    return {normpath(unquote(reference.get("URI", ""))) for reference in references}


def _said(root: Any) -> dict[str, str]:
    """What the package says: title, creators (with NUL between), date, language."""
    said: dict[str, str] = {}
    creators: list[str] = []
    metadata = root.find("{*}metadata")
    for element in metadata.iter() if metadata is not None else ():
        name, text = str(element.tag).rpartition("}")[2], (element.text or "").strip()
        if text and name == "creator":
            creators.append(text)
        elif text and name in ("title", "date", "language"):
            said.setdefault(name, text)
    return said | ({"creators": "\0".join(creators)} if creators else {})
