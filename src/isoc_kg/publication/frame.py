"""Frames: which links of a thing are followed when it is written as a tree (a part of JSON-LD 1.1 Framing).

https://www.w3.org/TR/json-ld11-framing/#syntax-tokens-and-keywords
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from ..errors import ParseError
from ..iris import expand
from ..limits.regular_files import read_regular
from ..rdf.tokens import iri_token

__all__ = ["FRAME_FILE", "Frame", "read_frame"]

FRAME_FILE = "frame.jsonld"  #: in the ontology's folder
_DEEPEST = 20


@dataclass(frozen=True)
class Frame:
    """What is written of a thing: itself, and by each member what it links to, which others are only named."""

    members: Mapping[str, "Frame"] = field(default_factory=dict)
    id: bytes = b""  #: the token of the only thing that is followed; empty: any
    type: bytes = b""  #: the class of those that are
    explicit: bool = False  #: whether nothing but the members, kinds and names is written
    claims: bool = False  #: whether the claims behind the statements are
    reverse: Mapping[str, str] = field(default_factory=dict)  #: of the outermost: member → property that leads back


def read_frame(file: Path, terms: Mapping[str, str], prefixes: Mapping[str, str]) -> Frame:
    """The frame in a file; `terms` are the published context's: name → IRI.

    A frame is an object: a member for each term that is followed, with the frame of what it leads to, `{}` for a thing
    with its own texts alone. `@id` and `@type` choose among several, `@explicit` leaves out other members, `claims` is
    `{}` where the evidence is wanted. `@context`, in the outermost alone, names links to follow back:
    `{"faq": {"@reverse": "schema:about"}}`.

    Raises `ParseError`, with file and member, for what is no such frame.
    """
    try:
        document = json.loads(read_regular(file).decode("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise ParseError(f"the frame cannot be read: {error}.", file=file) from None
    return _Reader(file, terms, prefixes).outermost(document)


class _Reader:
    def __init__(self, file: Path, terms: Mapping[str, str], prefixes: Mapping[str, str]) -> None:
        self._file, self._terms, self._prefixes = file, terms, prefixes
        self._names: set[str] = set(terms)

    def outermost(self, document: Any) -> Frame:
        self._require(isinstance(document, dict), "the frame is no object", 'Write {"hasPart": {}}.')
        members = dict(document)
        context = members.pop("@context", {})
        self._require(
            isinstance(context, dict), "@context is no object", 'Write {"faq": {"@reverse": "schema:about"}}.'
        )
        reverse = {}
        for name, value in context.items():
            right = isinstance(value, dict) and set(value) == {"@reverse"} and isinstance(value["@reverse"], str)
            advice = 'Write {"@reverse": "schema:about"}; all other terms are those of the published context.'
            self._require(right, f"@context: “{name}” does not name a link to follow back", advice)
            free = (
                name not in self._terms and name not in self._prefixes and not name.startswith("@") and ":" not in name
            )
            self._require(free, f"@context: “{name}” is a name of the published context", "Choose another name.")
            reverse[name] = self._iri(value["@reverse"], f"@context: “{name}”")
        self._names |= reverse.keys()
        return replace(self._frame(members, "", 0), reverse=reverse)

    def _frame(self, value: Any, path: str, depth: int) -> Frame:
        where = path or "the frame"
        self._require(isinstance(value, dict), f"{where} is no object", f'Write {{}} there: {{"{path}": {{}}}}.')
        self._require(depth < _DEEPEST, f"{where} is more than {_DEEPEST} deep", "Follow fewer links in a row.")
        frame = Frame(
            id=self._named(value, "@id", where),
            type=self._named(value, "@type", where),
            explicit=value.get("@explicit", False) is True,
            claims="claims" in value,
        )
        keywords = ("@id", "@type", "@explicit")
        members = {}
        for name, inner in value.items():
            if name in keywords or name == "claims":
                continue
            if name not in self._names:
                near = get_close_matches(name, self._names, 1, 0.6)
                advice = (
                    f"Did you mean {near[0]}?" if near else "Terms are those of context.jsonld, in the output folder."
                )
                raise self._error(f"{where}: there is no term “{name}”", advice)
            members[name] = self._frame(inner, f"{path}.{name}" if path else name, depth + 1)
        return replace(frame, members=members)

    def _named(self, value: Mapping[str, Any], keyword: str, where: str) -> bytes:
        name = value.get(keyword)
        if name is None:
            return b""
        self._require(isinstance(name, str), f"{where}: {keyword} is no text", f'Write "{keyword}": "schema:Event".')
        return iri_token(self._iri(name, f"{where}: {keyword}"))

    def _iri(self, name: str, where: str) -> str:
        iri = self._terms.get(name) or expand(name, self._prefixes)
        if iri is None:
            raise self._error(f"{where}: “{name}” is no term, prefixed name or IRI", "Use a prefix of the project.")
        return iri

    def _require(self, right: bool, message: str, advice: str) -> None:
        if not right:
            raise self._error(message, advice)

    def _error(self, message: str, advice: str) -> ParseError:
        return ParseError(f"{message}.", file=self._file, advice=advice)
