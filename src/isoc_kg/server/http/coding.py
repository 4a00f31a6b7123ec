"""Content codings (RFC 9110, section 8.4): which a request gets, and how contents are compressed."""

import re
import zlib

import brotli

from ...negotiation import qualities

__all__ = ["accepted_codings", "compress", "content_coding", "entity_tag", "is_compressible"]

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
    if not accept_encoding:
        return ""
    weights = qualities(accept_encoding.lower())
    if weights.get("br") and size <= _BROTLI_MOST:
        return "br"
    return "gzip" if weights.get("gzip", weights.get("*")) else ""


def accepted_codings(accept_encoding: str) -> str:
    """What a request's `Accept-Encoding` comes to: the same text for all requests that get the same."""
    weights = qualities(accept_encoding.lower())
    gzip = "gzip" if weights.get("gzip", weights.get("*")) else ""
    return ", ".join(filter(None, ("br" if weights.get("br") else "", gzip)))


def compress(body: bytes, coding: str) -> bytes:
    """The content in a coding; the same bytes each time."""
    if coding == "br":
        return bytes(brotli.compress(body, quality=5))
    packer = zlib.compressobj(6, zlib.DEFLATED, 31)  # neither name nor time, unlike gzip.compress
    return packer.compress(body) + packer.flush()


def entity_tag(digest: str, coding: str) -> str:
    """A strong validator, which is one representation's: of the digest of its bytes, and how they are coded."""
    return f'"{digest[:32]}{"-" + coding if coding else ""}"'
