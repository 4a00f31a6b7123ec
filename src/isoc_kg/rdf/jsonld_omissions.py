"""What a JSON-LD document states with ill-formed IRIs or language tags, and therefore loses.

The API leaves such triples out (https://www.w3.org/TR/json-ld11-api/#deserialize-json-ld-to-rdf-algorithm), and so do
the readers, without a word. So the document is looked at for them, if it has a text that may be one.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pyoxigraph as ox

from ..errors import visible

__all__ = ["omissions"]

_MENTION = 100  # characters of a text that a message shows
_SCHEME = re.compile(r"[A-Za-z][A-Za-z\d+.-]*:")
_NO_IRI = rb'[\s<>{}|^`\[\]]|\\[^/]|%(?![\dA-Fa-f]{2})|#[^"#]*#|\xc2[\x80-\x9f]|[\xee\xef\xf3\xf4]'
#: A text with a scheme or prefix, or an identifier, with a character that an IRI cannot have there; no number of a
#: port; a tag as no program should write it.
_SUSPICIOUS = re.compile(
    rb'(?:"[A-Za-z][\w+.-]*+:|"@(?:id|type|vocab|base)"\s*+:\s*+")'
    rb'(?:[^"\\\s<>{}|^`\[\]#%\x80-\xff]++|(?!' + _NO_IRI + rb")(?:[#%\x80-\xff]|\\/))*+(?:" + _NO_IRI + rb")"
    rb'|"[A-Za-z][\w+.-]*+:\\?/\\?/(?:[^/"?#@]*+@)?[^/"?#:\\]*+:(?!\d*+["/?#\\])'
    rb'|"@language"\s*:\s*"(?![A-Za-z]{2,8}(?:-[A-Za-z\d]{1,8})*")|"[A-Za-z]{2,3}_[A-Za-z]{2,4}"'
)


def omissions(data: bytes, contexts: Iterable[str]) -> str | None:
    """What to report of a document (JSON that was checked), or None; `contexts` are the texts of remote ones.

    It begins with the line of the first, where that is found, and a colon.
    """
    if not _SUSPICIOUS.search(data):
        return None
    document = json.loads(data)
    terms = _Terms()
    for part in (*map(json.loads, contexts), document):
        terms.read(part)
    found = dict.fromkeys(terms.ill_formed(document))
    if not found:
        return None
    text = next(iter(found))
    place, first = _line_of(text, data), visible(text[:_MENTION], line=True)
    if len(found) == 1:
        what, whose = f"“{first}” is not a valid IRI or language tag", "its"
    else:
        what, whose = f"{len(found):,} IRIs or language tags are not valid, such as “{first}”", "their"
    return f"{place} {what}: {whose} statements are left out, as JSON-LD requires."


def _line_of(text: str, data: bytes) -> str:
    """The number of the first line with a text, in one of the ways in which programs write it, and a colon."""
    for ascii_alone in (False, True):
        written = json.dumps(text, ensure_ascii=ascii_alone).encode(errors="replace")
        if match := re.search(re.escape(written).replace(b"/", rb"\\?/"), data):
            line = data.count(b"\n", 0, match.start()) + 1
            return f"{line}:"
    return ""


class _Terms:
    """Which keys have IRIs, and which language maps, by all contexts of a document, wherever they hold."""

    def __init__(self) -> None:
        self._names: set[str] = set()
        self._vocabularies: dict[str, None] = {}
        self._bases: dict[str, None] = {}
        self._languages: dict[str, None] = {}
        self._languages_of: dict[str, str] = {}
        self._of_iris = {"@id", "@type"}
        self._of_languages: set[str] = set()

    def read(self, document: Any) -> None:
        """Learn the terms of the contexts in a document."""
        for each in _objects(document):
            context = each.get("@context")
            for part in context if isinstance(context, list) else [context]:
                if isinstance(part, dict):
                    for name, value in part.items():
                        self._define(name, value)

    def _define(self, name: str, value: Any) -> None:
        if name in ("@vocab", "@base"):
            if isinstance(value, str) and _is_no_iri(value):
                (self._vocabularies if name == "@vocab" else self._bases)[value] = None
            return
        if name == "@language":
            if isinstance(value, str) and _is_bad_tag(value):
                self._languages[value] = None
            return
        self._names.add(name)
        if value in ("@id", "@type"):
            self._of_iris.add(name)
        elif isinstance(value, dict):
            if value.get("@type") in ("@id", "@vocab") or value.get("@id") in ("@id", "@type"):
                self._of_iris.add(name)
            if "@language" in (value.get("@container") or ()):
                self._of_languages.add(name)
            tag = value.get("@language")
            if isinstance(tag, str) and _is_bad_tag(tag):
                self._languages_of[name] = tag
            if "@context" in value:
                self.read({"@context": value["@context"]})

    def ill_formed(self, document: Any) -> Iterator[str]:
        """The IRIs and language tags of a document that are none."""
        for each in _objects(document):
            for key, value in each.items():
                if key not in self._names and not key.startswith("@"):
                    if ":" not in key:
                        yield from self._vocabularies
                    elif _is_no_iri(key):
                        yield key
                if key in self._of_iris and not (key == "@type" and "@value" in each):  # a datatype must be one
                    yield from self._ill_formed_iris(key, value)
                elif key in self._of_languages and isinstance(value, Mapping):
                    yield from (tag for tag in value if tag not in self._names and _is_bad_tag(tag))
                elif key == "@language" and isinstance(value, str) and _is_bad_tag(value):
                    yield value
                elif not key.startswith("@") and any(True for _ in _texts(value)):
                    yield from self._languages
                    if key in self._languages_of:
                        yield self._languages_of[key]

    def _ill_formed_iris(self, key: str, value: Any) -> Iterator[str]:
        for text in _texts(value):
            if _is_no_iri(text):
                yield text
            elif ":" not in text and text not in self._names:
                yield from self._vocabularies if key == "@type" else self._bases


def _is_no_iri(text: str) -> bool:
    """Whether a text, absolute, compact or relative, makes no IRI."""
    if text.startswith(("@", "_:")):
        return False
    try:
        ox.NamedNode(text if _SCHEME.match(text) else f"a:/{text}")
    except ValueError:
        return True
    return False


def _is_bad_tag(tag: str) -> bool:
    if tag.startswith("@"):
        return False
    try:
        ox.Literal("", language=tag)
    except ValueError:
        return True
    return False


def _texts(value: Any) -> Iterator[str]:
    """The texts that are values of a property: alone, in arrays, sets and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each)
    elif isinstance(value, dict):
        for keyword in ("@list", "@set"):
            yield from _texts(value.get(keyword))


def _objects(document: Any) -> Iterator[dict[str, Any]]:
    """Every object of a document, those within contexts apart."""
    waiting = [document]
    while waiting:
        value = waiting.pop()
        if isinstance(value, list):
            waiting += reversed(value)
        elif isinstance(value, dict):
            yield value
            waiting += reversed([each for key, each in value.items() if key != "@context"])
