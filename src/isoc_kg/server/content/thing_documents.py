"""Documents about things, made at once where a request is read: page and data, with heads that are put together.

What a head says beside the address, the links to it, the length and the tag is the same for all things of some
classes; it is found out once, by the way that all other answers take.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import quote
from uuid import uuid4

from ...formats import TRIG, Format
from ...rdf.tokens import is_iri
from ...rendering.things import ThingBundle
from ..http.coding import compress, content_coding, entity_tag, is_compressible
from ..http.field_sizes import fits
from ..http.problems import status_line
from ..http.protection import EXPOSED, protected
from ..http.reply import response_to
from ..http.response_cache import Key
from .resources import LONGEST_LINK, Resources, media_type_of

__all__ = ["ThingDocuments"]

#: The path of a document whose head is put together: links of others have escapes.
_PATH = re.compile(r"((?:id|resource|vocabulary)/(?:[A-Za-z0-9_=~.-]+/)*([A-Za-z0-9_=~.-]+))\.([a-z]{2,6})")
_MOST_TARGET = 1000  #: bytes of a request's target
_MOST_BYTES = 60_000  #: of a document
_MOST_HEADS = 1000  #: that are remembered
_SCRIPTED = b"<javascript:", b"<data:"  #: IRIs that are no address to keep
_NO_ESCAPES = ":/?#[]@!$&()*+,;=~%._-"
_AS_IT_IS = re.compile(rb"[A-Za-z0-9" + re.escape(_NO_ESCAPES).encode() + rb"]*").fullmatch
#: Stand for the last part of a thing's path and for its IRI until the head of an answer about it is put together.
_NAME, _IRI = (f"mark{uuid4().hex}" for _ in range(2))
_NAME_PLACE, _IRI_PLACE = b"%(name)b", b"%(iri)b"


#: Extension, number of folders, classes, whether it is compressible, coding.
_Key = tuple[str, int, tuple[bytes, ...], bool, str]


class _Head(NamedTuple):
    """Status line and fields of an answer, with places for what differs; of its links what tells their length."""

    text: bytes
    links: int  #: bytes, without the names and IRIs in them
    names: int
    iris: int


class ThingDocuments:
    """Answers to GETs for documents about the things of a snapshot that need no store and little time.

    A project's own templates may take long, so pages that they make are none of them.
    """

    def __init__(self, resources: Resources, root: str, pages: Mapping[bytes, bytes] | None = None) -> None:
        self._pages = {} if pages is None else pages  # those that are there already, of things that all formats carry
        self._resources, self._snapshot = resources, resources.snapshot
        self._start = f"{root}/".encode()
        self._starts = tuple(self._start + kind for kind in (b"id/", b"resource/", b"vocabulary/"))
        self._heads: dict[_Key, _Head] = {}
        self._formats: dict[str, Format] = {}  # by extension

    def response(self, key: Key) -> tuple[bytes, bytes, str] | None:
        """Status line and fields, content, and extension, for a request without conditions; None for all others."""
        target, _, codings = key
        if len(target) > _MOST_TARGET or not target.startswith(self._starts):
            return None
        match = _PATH.fullmatch(target[len(self._start) :].decode("latin-1"))
        bundle = match and self._snapshot.light_thing(match[1])
        if not match or not bundle or not is_iri(bundle.token):
            return None
        path, name, extension = match.groups()
        index = bundle.things.renderer.index
        if bundle.token in index.withdrawn or bundle.token[:12].lower().startswith(_SCRIPTED):
            return None
        if not self._formats:
            self._formats = {one.extension: one for one in (*bundle.things.formats, TRIG)}
        format_ = self._formats.get(extension)
        if format_ is None and (extension != "html" or self._snapshot.renderer.theme.own):
            return None
        body = self._pages.get(bundle.token) if format_ is None else None
        if body is None:
            description = index.description(bundle.token)
            if description.refused(bundle.things.formats):
                return None
            if format_ is None:
                body = bundle.things.page(bundle.token, bundle.key)
            else:
                body = bundle.things.renderer.described(description, format_, bundle.token)
        if len(body) > _MOST_BYTES:
            return None
        compressible = is_compressible(media_type_of("", extension), len(body))
        coding = content_coding(codings.decode("latin-1"), len(body)) if compressible and codings else ""
        head_key = extension, path.count("/"), index.types.get(bundle.token, ()), compressible, coding
        head = self._heads.get(head_key) or self._head(bundle, head_key)
        iri = bundle.token[1:-1]
        if not _AS_IT_IS(iri):
            iri = quote(iri, safe=_NO_ESCAPES).encode()
        if head.links + head.names * len(name) + head.iris * len(iri) >= LONGEST_LINK:
            return None
        tag = entity_tag(sha256(body).hexdigest(), coding).encode()
        if coding:
            body = compress(body, coding)
        text = head.text % {b"name": name.encode(), b"iri": iri, b"tag": tag, b"length": b"%d" % len(body)}
        return (text, body, extension) if fits(text) else None

    def _head(self, bundle: ThingBundle, key: _Key) -> _Head:
        """The head of a document like one about a thing, found out by an answer of the length that matters."""
        extension, depth, types, compressible, coding = key
        like = ThingBundle("x/" * depth + _NAME, bundle.things, f"<{_IRI}>".encode())
        links = self._resources.link_header(
            self._resources.links_of_kind(like, types, bundle.things.formats, extension)
        )
        body = b"x" * (10_000 if compressible else 1)
        reply = self._resources.thing_reply(f"{like.key}.{extension}", body, links)
        status, fields, _ = response_to({"accept-encoding": coding}, reply)
        slots = {"etag": b"%(tag)b", "content-length": b"%(length)b", "link": _with_places(links)}
        lines = [
            b"%b: %b\r\n" % (field.encode(), slots.get(field) or _escaped(value))
            for field, value in protected([*fields, EXPOSED])
        ]
        if len(self._heads) > _MOST_HEADS:
            self._heads.clear()
        text = _escaped(status_line(status).decode()) + b"".join(lines)
        names, iris = (slots["link"].count(place) for place in (_NAME_PLACE, _IRI_PLACE))
        size = len(slots["link"] % {b"name": b"", b"iri": b""})
        head = self._heads[key] = _Head(text, size, names, iris)
        return head


def _escaped(text: str) -> bytes:
    return text.encode("latin-1", "replace").replace(b"%", b"%%")


def _with_places(links: str) -> bytes:
    return _escaped(links).replace(_NAME.encode(), _NAME_PLACE).replace(_IRI.encode(), _IRI_PLACE)
