"""The shapes for readers: one page with every shape, its messages and rules."""

import io
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any
from urllib.parse import quote

from markupsafe import Markup, escape

from .. import rdf
from ..errors import CannotCarry
from ..iris import local_name
from ..namespaces import RDF, SH, SKOS
from ..rdf.lines import iri, literal, split
from ..rdf.text_preference import preference
from ..rdf.tokens import iri_token, is_iri, is_literal
from .data_files import DATA_FORMATS, data_links
from .renderer import Renderer
from .tagged_text import TaggedText

__all__ = ["ShapesPage"]

_NODE_SHAPE = iri_token(SH.NodeShape)
_FIRST, _REST, _NIL = map(iri_token, (RDF.first, RDF.rest, RDF.nil))
#: The paths that are no property and no sequence, with the keys of their words.
_PATHS = {
    iri_token(name): key
    for name, key in (
        (SH.inversePath, "path_inverse"),
        (SH.zeroOrMorePath, "path_star"),
        (SH.oneOrMorePath, "path_plus"),
        (SH.zeroOrOnePath, "path_optional"),
    )
}
_ALTERNATIVE = iri_token(SH.alternativePath)
_DEEPEST = 6  #: nodes without an IRI within one another
_MOST_MEMBERS = 100  #: of a list
#: What the page shows in places of their own.
_NO_RULES = frozenset(
    iri_token(name)
    for name in (SH.name, SH.description, SH.message, SH.property, SH.path, RDF.type, SH.severity, SKOS.prefLabel)
)


@dataclass(frozen=True)
class ShapesPage:
    """The page of the shapes and their triples in each format."""

    renderer: Renderer

    def files(self) -> list[tuple[str, bytes]]:
        """The page and its data."""
        renderer = self.renderer
        nodes = sorted(shape for shape in self._triples if any(o == _NODE_SHAPE for _, o in self._triples[shape]))
        described = [self._describe(shape) for shape in nodes]
        _mark_first(described)
        data = self._data()
        carried = (format_ for format_ in DATA_FORMATS if f"shapes.{format_.extension}" in data)
        page = renderer.page(
            "shapes.html",
            renderer.theme.strings["shapes"],
            "overview",
            section="shapes.html",
            links=tuple(link for pair in data_links("shapes", carried) for link in pair),
        )
        html = renderer.html("shapes.html", page, shapes=described, others=self._others(described))
        return [("shapes.html", html), *data.items()]

    def _data(self) -> dict[str, bytes]:
        """The shapes in each format that can carry them, without the project's JSON-LD context, which is for things."""
        files = {}
        for format_ in DATA_FORMATS:
            out = io.BytesIO()
            with suppress(CannotCarry):
                rdf.write(list(self.renderer.material.shapes), format_, out, prefixes=self.renderer.prefixes)
                files[f"shapes.{format_.extension}"] = out.getvalue()
        return files

    @cached_property
    def _triples(self) -> dict[bytes, list[tuple[bytes, bytes]]]:
        """Subject → its properties and their values."""
        triples: dict[bytes, list[tuple[bytes, bytes]]] = {}
        for line in self.renderer.material.shapes:
            subject, predicate, object_, _ = split(line)
            triples.setdefault(subject, []).append((predicate, object_))
        return triples

    def _others(self, described: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """The shapes that stand below none of those described."""
        listed = {shape["anchor"] for shape in described}
        listed |= {member["anchor"] for shape in described for member in shape["properties"]}
        others = [
            self._describe(shape)
            for shape in sorted(self._triples)
            if is_iri(shape) and b"#" in shape and iri(shape).partition("#")[2] not in listed
        ]
        return [other | {"first": True} for other in others if other["anchor"]]

    def _describe(self, shape: bytes) -> dict[str, Any]:
        """What the page says of one shape."""
        paths = self._values(shape, SH.path)
        return {
            "path": self._path(paths[0]) if paths else "",
            "anchor": iri(shape).partition("#")[2] if is_iri(shape) else "",
            "name": self._text(shape, SH.name) or _code(local_name(shape.decode().strip("<>"))),
            "description": self._text(shape, SH.description),
            "messages": self._texts(shape, SH.message),
            "rules": self._rules(shape),
            "properties": [
                self._describe(member)
                for member in self._values(shape, SH.property)
                if member in self._triples and member != shape
            ],
        }

    def _path(self, token: bytes) -> Markup | TaggedText:
        """A path in words; a sequence of steps as one after the other."""
        if any(predicate == _FIRST for predicate, _ in self._triples.get(token, ())):
            return self._joined(self.renderer.theme.strings["path_then"], self._members(token, 0))
        return self._value(token)

    def _rules(self, shape: bytes) -> list[tuple[str, list[Markup | TaggedText]]]:
        """The constraints and targets of a shape, each with its values."""
        rules: dict[str, list[Markup | TaggedText]] = {}
        for predicate, object_ in self._triples.get(shape, ()):
            if predicate not in _NO_RULES:
                name = self.renderer.short(iri(predicate)).removeprefix("sh:")
                rules.setdefault(name, []).append(self._value(object_))
        return list(rules.items())

    def _values(self, shape: bytes, property_: str) -> list[bytes]:
        wanted = iri_token(property_)
        return [object_ for predicate, object_ in self._triples.get(shape, ()) if predicate == wanted]

    def _text(self, shape: bytes, property_: str) -> TaggedText:
        return next(iter(self._texts(shape, property_)), self.renderer.tagged(""))

    def _texts(self, shape: bytes, property_: str) -> list[TaggedText]:
        """The texts of a property, those in the best language first."""
        language = self.renderer.project.language
        values = filter(is_literal, self._values(shape, property_))
        ranked = sorted((preference(value, language), value) for value in values)
        return [self.renderer.index.text(value) for _, value in ranked]

    def _value(self, token: bytes) -> Markup | TaggedText:
        """A term of a rule: a text, a link to its page here, or the IRI in short."""
        if is_literal(token):
            if literal(token)[1]:
                return self.renderer.index.text(token)
            return _code(literal(token)[0])
        if is_iri(token):
            return self._named(token)
        return self._within(token, 0)

    def _named(self, token: bytes) -> Markup:
        """An IRI in short, as a link where this site has a page of it or this page the shape."""
        if token in self.renderer.index.paged:
            return self.renderer.link("", token)
        short = _code(self.renderer.short(iri(token)))
        if token in self._on_page:
            return Markup('<a href="#{}">{}</a>').format(quote(iri(token).partition("#")[2], safe=""), short)
        return short

    @cached_property
    def _on_page(self) -> frozenset[bytes]:
        """The shapes that have an anchor on the page."""
        return frozenset(shape for shape in self._triples if is_iri(shape) and iri(shape).partition("#")[2])

    def _within(self, token: bytes, depth: int) -> Markup | TaggedText:
        """What has no IRI: a path in words, a list by its members, a shape by its rules; no label of a node."""
        if is_literal(token) or is_iri(token):
            return self._value(token)
        if depth > _DEEPEST:
            return Markup("…")
        t = self.renderer.theme.strings
        triples = dict(self._triples.get(token, ()))
        for predicate, key in _PATHS.items():
            if predicate in triples:
                return _filled(t[key], path=self._within(triples[predicate], depth + 1))
        if _ALTERNATIVE in triples:
            members = self._members(triples[_ALTERNATIVE], depth + 1)
            return self._joined(t["path_either"], members)
        if _FIRST in triples:
            members = self._members(token, depth + 1)
            return Markup(", ").join(members)
        rules = [
            Markup("{} {}").format(
                _code(self.renderer.short(iri(predicate)).removeprefix("sh:")), self._within(object_, depth + 1)
            )
            for predicate, object_ in self._triples.get(token, ())
            if predicate not in _NO_RULES or predicate == iri_token(SH.path)
        ]
        return Markup("; ").join(rules) if rules else Markup("…")

    def _members(self, token: bytes, depth: int) -> list[Markup | TaggedText]:
        """The members of a list, or of what is none the thing itself."""
        members: list[Markup | TaggedText] = []
        while token != _NIL and len(members) < _MOST_MEMBERS:
            cell = dict(self._triples.get(token, ()))
            if _FIRST not in cell:
                break
            members.append(self._within(cell[_FIRST], depth))
            token = cell.get(_REST, _NIL)
        return members

    def _joined(self, pattern: str, members: list[Markup | TaggedText]) -> Markup:
        """Members, two and two by a pattern."""
        joined = escape(members[0]) if members else Markup("")
        for member in members[1:]:
            joined = _filled(pattern, path=joined, next=member)
        return joined


def _filled(pattern: str, **values: Markup | TaggedText) -> Markup:
    return escape(pattern).format(**values)


def _code(text: str) -> Markup:
    """What is the same in every language: a name of the vocabulary, a number, a pattern."""
    return Markup("<code>{}</code>").format(text)


def _mark_first(described: list[dict[str, Any]]) -> None:
    """Say of each property shape whether it stands on the page for the first time, and so has its anchor there."""
    seen: set[str] = {shape["anchor"] for shape in described}
    for shape in described:
        for member in shape["properties"]:
            member["first"] = member["anchor"] and member["anchor"] not in seen
            seen.add(member["anchor"])
