"""The parts of a document that is a ZIP archive, and XML among them: bounded, whatever the archive says of itself."""

import zipfile
import zlib
from io import BytesIO
from typing import Any

from ...errors import LimitExceeded, ParseError
from ...limits import Limits

__all__ = ["Archive", "parse_xml"]

_MOST_PARTS = 20_000
_DENSE = 400  # times smaller packed than unpacked; text is hardly more than 30
_SMALL = 20_000_000  # bytes of a part that may be packed as it likes
_ENCRYPTED = 0x1  # flag of a part (APPNOTE.TXT, section 4.4.4)
_DAMAGED = "Open it in the program that made it, and save it anew."


class Archive:
    """Parts by name. Raises `ParseError` for what is no whole archive, and `LimitExceeded`."""

    def __init__(self, content: bytes, limits: Limits) -> None:
        self._limits = limits
        self._left = limits.intake_unpacked_bytes
        try:
            self._zip = zipfile.ZipFile(BytesIO(content))
        except (zipfile.BadZipFile, NotImplementedError, ValueError, OverflowError, EOFError) as error:
            raise ParseError(f"the archive is damaged or cut off: {error}.", advice=_DAMAGED) from None
        entries = self._zip.infolist()
        if len(entries) > _MOST_PARTS:
            raise LimitExceeded(f"the archive has more than {_MOST_PARTS:,} parts.", advice=_DAMAGED)
        self.names = frozenset(entry.filename for entry in entries)
        if len(self.names) < len(entries):
            raise ParseError("the archive has two parts of one name.", advice=_DAMAGED)

    def read(self, name: str) -> bytes:
        """The bytes of a part."""
        try:
            entry = self._zip.getinfo(name)
        except KeyError:
            raise ParseError(f"the part {name} is missing.", advice=_DAMAGED) from None
        if entry.flag_bits & _ENCRYPTED:
            raise ParseError("the document is encrypted.", advice="Save it without a password.")
        density = entry.file_size // max(1, entry.compress_size)
        if entry.file_size > _SMALL and density > _DENSE:
            raise LimitExceeded(
                f"the part {name} is {density:,} times larger unpacked.",
                advice="No text is like that; the file may be made to harm. " + _DAMAGED,
            )
        try:
            with self._zip.open(entry) as file:
                data = file.read(self._left + 1)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError) as error:
            reason = str(error).rstrip(".") or type(error).__name__
            raise ParseError(f"the part {name} is damaged: {reason}.", advice=_DAMAGED) from None
        self._left -= len(data)
        if self._left < 0:
            raise LimitExceeded(
                f"the document has more than {self._limits.intake_unpacked_bytes:,} bytes unpacked.",
                advice="Divide it, or raise intake_unpacked_bytes under [limits] in kg.toml.",
            )
        return data

    def xml(self, name: str) -> Any:
        """The root element of a part that is XML."""
        return parse_xml(self.read(name), name)


def parse_xml(data: bytes, name: str) -> Any:
    """The root of an XML text in UTF-8 or UTF-16. Document types, and so entities, are refused.

    Raises `ParseError` for what is not well-formed or has one, and `LimitExceeded` for deep nesting.
    """
    from lxml import etree

    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        data = data.decode("utf-16", "replace").encode()
        data = data[data.find(b"?>") + 2 :] if data.startswith(b"<?xml") else data
    if b"<!DOCTYPE" in data:
        raise ParseError(f"the part {name} has a document type, which such files have not.", advice=_DAMAGED)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        message = (error.msg or "not XML").partition("\n")[0].rstrip(".")
        if "emory allocation" in message:
            raise MemoryError from error
        if "xcessive depth" in message:
            raise LimitExceeded(f"the part {name} is nested too deeply.", advice=_DAMAGED) from None
        raise ParseError(f"the part {name} is not well-formed XML: {message}.", advice=_DAMAGED) from None
    if (root.getroottree().docinfo.encoding or "utf-8").lower() not in ("utf-8", "us-ascii", "ascii"):
        raise ParseError(f"the part {name} is neither UTF-8 nor UTF-16.", advice=_DAMAGED)
    return root
