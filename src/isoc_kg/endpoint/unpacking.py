"""Bodies that are compressed, unpacked in parts of bounded size, in the codings that were asked for and no others."""

import zlib
from collections.abc import Iterator

from ..errors import EndpointError

__all__ = ["ACCEPT_CODINGS", "Unpacking"]

ACCEPT_CODINGS = "gzip, deflate"  #: a client library may ask for more, and unpacks those at one go
_BLOCK = 1 << 20  #: bytes that are unpacked at a time


class Unpacking:
    """The unpacking of one body; `source` names in messages who sent it.

    Raises `EndpointError` for a coding that was not asked for, and for a body that cannot be unpacked or breaks off.
    """

    def __init__(self, coding: str, source: str) -> None:
        coding = coding.strip().lower()
        self._source, self._size, self._plain = source, 0, coding in ("", "identity")
        if not self._plain and coding not in ("gzip", "x-gzip", "deflate"):
            raise EndpointError(f"{source} sent a body that cannot be unpacked: it is in “{coding[:40]}”.")
        self._bits = zlib.MAX_WBITS if coding == "deflate" else zlib.MAX_WBITS | 16
        self._decoder = zlib.decompressobj(self._bits)

    def of(self, part: bytes) -> Iterator[bytes]:
        """What the next part of the body holds, in blocks."""
        if self._plain:
            yield part
            return
        self._size += len(part)
        try:
            while part:
                if self._decoder.eof:  # a body may have several members (RFC 1952, section 2.2)
                    self._decoder = zlib.decompressobj(self._bits)
                yield self._decoder.decompress(part, _BLOCK)
                part = self._decoder.unused_data if self._decoder.eof else self._decoder.unconsumed_tail
        except zlib.error as error:
            raise EndpointError(f"{self._source} sent a body that cannot be unpacked: {error}.") from None

    def end(self) -> None:
        """See that the body was whole."""
        if self._size and not self._decoder.eof:
            raise EndpointError(f"the compressed body from {self._source} broke off.", again=True)
