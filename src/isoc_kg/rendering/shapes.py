"""The shapes for readers: one page with every shape, its messages and rules."""

import io
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup

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
            "path": self._value(paths[0]) if paths else "",
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
        if token in self.renderer.index.paged:
            return self.renderer.link("", token)
        return _code(self.renderer.short(iri(token)) if is_iri(token) else token.decode())


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
