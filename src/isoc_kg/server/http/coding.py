"""Content codings (RFC 9110, section 8.4): which a request gets, and how contents are compressed."""

import re
import zlib

import brotli

from ...negotiation import qualities

__all__ = ["compress", "content_coding", "is_compressible"]

_COMPRESSIBLE = re.compile(
    r"text/|image/svg|application/"
    r"(?:json|ld\+json|n-triples|n-quads|trig|rdf\+xml|xml|linkset\+json|sparql-|problem\+json|wasm)"
)
_SMALL = 600  #: bytes below which compressing gains nothing
_BROTLI_MOST = 4_000_000  #: above this brotli takes too long


def is_compressible(type_: str, size: int) -> bool:
    """Whether compressing a content of a media type gains anything."""
    return size >= _SMALL and _COMPRESSIBLE.match(type_) is not None


def content_coding(accept_encoding: str, size: int) -> str:
    """The coding that a request accepts for so many bytes: `br`, else `gzip`, else an empty text for none."""
    weights = qualities(accept_encoding.lower())
    if weights.get("br") and size <= _BROTLI_MOST:
        return "br"
    return "gzip" if weights.get("gzip", weights.get("*")) else ""


def compress(body: bytes, coding: str) -> bytes:
    """The content in a coding; the same bytes each time."""
    if coding == "br":
        return bytes(brotli.compress(body, quality=5))
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)  # neither name nor time, unlike gzip.compress
    return packer.compress(body) + packer.flush()
