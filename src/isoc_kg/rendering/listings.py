"""Lists of things: all of them, and by class, scheme, year or another facet, as plain links."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any

from markupsafe import Markup, escape

from ..namespaces import SKOS
from ..rdf.lines import iri
from ..rdf.text_order import name_key
from ..rdf.tokens import iri_token
from .addresses import encode
from .pages import Bundle
from .renderer import Renderer

__all__ = ["Facet", "Listings"]

_LONGEST = 500  #: entries on one page
_MOST_LINKS = 100  #: values of one facet that are linked
_MOST_KEPT = 20_000  #: entries that are remembered
_IN_SCHEME = SKOS.inScheme


@dataclass(frozen=True, slots=True)
class Facet:
    """One way to sort things: its values, each with its things."""

    name: str
    label: str
    values: dict[bytes | str, list[bytes]] = field(default_factory=dict)


@dataclass(frozen=True)
class Listings:
    """The pages under `browse/`."""

    renderer: Renderer
    _entries: dict[tuple[bytes, bytes | str | None], tuple[str, str]] = field(default_factory=dict)
    _names_of_kinds: dict[tuple[tuple[bytes, ...], bytes | str | None], str] = field(default_factory=dict)
    _digests: dict[bytes, bytes] = field(default_factory=dict)  #: thing → over what lists say of it

    def release(self) -> None:
        """Let go of what lists say of each thing, which is made again when it is asked for."""
        for known in (self._entries, self._names_of_kinds, self._digests):
            known.clear()
        for name in ("_places", "_keys", "_values", "_facets_digest", "facets"):
            self.__dict__.pop(name, None)
        self.renderer.release_links()

    @cached_property
    def things(self) -> list[bytes]:
        """Everything that facts describe, by name."""
        start = f"<{self.renderer.project.ids.base}document/".encode()
        things = (token for token in self.renderer.index.subjects if not token.startswith(start))
        return sorted(things, key=self.renderer.sort_key)

    @cached_property
    def _places(self) -> dict[bytes, int]:
        """Thing → its place among all."""
        return {thing: place for place, thing in enumerate(self.things)}

    @cached_property
    def facets(self) -> list[Facet]:
        """Class, scheme and year, and those that `[site.facets]` of `kg.toml` names."""
        index, t, project = self.renderer.index, self.renderer.theme.strings, self.renderer.project
        class_ = Facet("class", t["class"])
        year = Facet("year", t["year"])
        for thing in self.things:
            for type_ in index.types.get(thing, ()):
                class_.values.setdefault(type_, []).append(thing)
            for value in sorted(set(index.years.get(thing, ()))):
                year.values.setdefault(value, []).append(thing)
        wanted = {"scheme": _IN_SCHEME, **project.site.facets}
        things = frozenset(self.things)
        linked = []
        for name, property_ in wanted.items():
            facet = Facet(name, t.get(name, name))
            predicate = iri_token(property_)
            for object_, numbers in index.incoming.items() if predicate in index.uses else ():
                parts = (index.lines[number].split(b" ", 2) for number in numbers)
                if subjects := dict.fromkeys(part[0] for part in parts if part[1] == predicate and part[0] in things):
                    facet.values[object_] = list(subjects)
            linked.append(facet)
        return [facet for facet in (class_, *linked, year) if facet.values]

    def bundles(self) -> Iterator[Bundle]:
        """All pages of lists."""
        t = self.renderer.theme.strings
        yield from self._list("browse/index", t["all_things"], self.things, None, None)
        for facet in self.facets:
            for value, things in facet.values.items():
                path = f"browse/{encode(facet.name)}/{self.slug(value)}"
                yield from self._list(path, self.text(value), things, facet, value)

    def slug(self, value: bytes | str) -> str:
        """What the path of a facet's value ends in: the path of its own page, or its text."""
        return encode(value) if isinstance(value, str) else self.renderer.addresses.page(iri(value))[0]

    def text(self, value: bytes | str) -> str:
        """What a facet's value is called."""
        return value if isinstance(value, str) else self.renderer.worded(value)

    def _list(
        self, path: str, title: str, things: Sequence[bytes], facet: Facet | None, value: bytes | str | None
    ) -> Iterator[Bundle]:
        things = things if facet is None else sorted(things, key=self._places.__getitem__)
        pages = max(1, -(-len(things) // _LONGEST))
        for number in range(pages):
            name = path if number == 0 else f"{path}~{number + 1}"
            part = things[number * _LONGEST : (number + 1) * _LONGEST]

            def render(name: str = name, part: Sequence[bytes] = part, number: int = number) -> list[tuple[str, bytes]]:
                return [(f"{name}.html", self.html(name, path, title, part, len(things), number, pages, facet, value))]

            def fingerprint(part: Sequence[bytes] = part) -> bytes:
                return self.fingerprint(title, part, len(things), facet, value)

            yield Bundle(name, render, fingerprint, release=self.release)

    def fingerprint(
        self, title: str, part: Sequence[bytes], count: int, facet: Facet | None, value: bytes | str | None
    ) -> bytes:
        """A digest over all that one page of a list shows."""
        index = self.renderer.index
        shown: list[object] = [title, count, facet and facet.label]
        if isinstance(value, bytes):
            shown.append((index.name_of(value), index.about.get(value), value in index.paged))
        of_all = b"".join([self._digests.get(thing) or self._digest(thing) for thing in part])
        return sha256(repr(shown).encode() + of_all + self._facets_digest).digest()

    def _digest(self, thing: bytes) -> bytes:
        """A digest over what lists say of a thing; remembered, since several have it."""
        index = self.renderer.index
        kinds = [index.name_of(type_) for type_ in index.types.get(thing, ())]
        shown = (index.name_of(thing), index.names.get(thing), index.about.get(thing), kinds, self._keys.get(thing))
        digest = self._digests[thing] = sha256(thing + repr(shown).encode()).digest()
        return digest

    @cached_property
    def _facets_digest(self) -> bytes:
        return sha256(repr([(facet.label, self._values[facet.name]) for facet in self.facets]).encode()).digest()

    def html(
        self, name: str, path: str, title: str, part: Sequence[bytes], count: int, number: int, pages: int,
        facet: Facet | None, value: bytes | str | None,
    ) -> bytes:  # fmt: skip
        """One page of a list."""
        renderer, t = self.renderer, self.renderer.theme.strings
        root = "../" * name.count("/")
        page = renderer.page(f"{name}.html", title, "browse", section="browse/index.html")
        heading: Any = title
        if isinstance(value, bytes):
            heading = renderer.link(root, value)
        own = path.rpartition("/")[2]
        near = {
            "previous": f"{own}{f'~{number}' if number > 1 else ''}.html" if number else "",
            "next": f"{own}~{number + 2}.html" if number + 1 < pages else "",
        }
        return renderer.html(
            "browse.html",
            page,
            heading=heading,
            facet=facet.label if facet else "",
            about=renderer.tagged(*renderer.index.about.get(value, ("", ""))) if isinstance(value, bytes) else "",
            entries=[self.entry(root, thing, value if facet and facet.name == "class" else None) for thing in part],
            facets=[self.links(root, other, value) for other in self.facets],
            count=count,
            pages=t["page_of"].format(page=number + 1, pages=pages) if pages > 1 else "",
            **near,
        )

    def links(self, root: str, facet: Facet, current: bytes | str | None) -> dict[str, Any]:
        """A facet as links to its lists, the largest first, years in their order."""
        start = f"{root}browse/{encode(facet.name)}/"
        return {
            "name": facet.name,
            "label": facet.label,
            "links": [
                (key, label, f"{start}{key}.html", count, value == current)
                for value, key, label, count in self._values[facet.name]
            ],
        }

    @cached_property
    def _values(self) -> dict[str, list[tuple[bytes | str, str, str, int]]]:
        """Facet → its values that are linked: each with its key, label and number of things."""
        result = {}
        for facet in self.facets:
            order = sorted(facet.values, key=lambda value: (-len(facet.values[value]), name_key(self.text(value))))
            if facet.name == "year":
                order = sorted(facet.values, key=self.text)
            result[facet.name] = [
                (value, self.slug(value), self.text(value), len(facet.values[value])) for value in order[:_MOST_LINKS]
            ]
        return result

    @cached_property
    def _keys(self) -> dict[bytes, str]:
        """Thing → the keys of its values, each after its facet's name."""
        result: dict[bytes, str] = {}
        for facet in self.facets:
            for value, things in facet.values.items():
                key = f"{facet.name}:{self.slug(value)}"
                for thing in things:
                    result[thing] = f"{result[thing]} {key}" if thing in result else key
        return result

    def entry(self, root: str, thing: bytes, among: bytes | str | None = None) -> Markup:
        """A thing as it stands in a list; in that of a class, without that class among its kinds."""
        keys, rest = self._rest(thing, among)
        link = self.renderer.link(root, thing)
        if self.renderer.alike.beside(thing) is not None:  # its class stands behind it as it is
            link = self.renderer.link(root, thing, self.renderer.tagged(*self.renderer.index.name_of(thing)))
        return Markup(f'<li data-keys="{keys}">{link}{rest}</li>')  # noqa: S704 – escaped

    def _rest(self, thing: bytes, among: bytes | str | None) -> tuple[str, str]:
        """What an entry says wherever it stands: its keys; its names, kinds and description."""
        entry = self._entries.get((thing, among))
        if entry is None:
            renderer = self.renderer
            keys = self._keys.get(thing, "")
            names = ", ".join([escape(name) for name in renderer.index.names.get(thing, ())])
            kinds = self._kinds(renderer.index.types.get(thing, ()), among)
            about, language = renderer.index.about.get(thing, ("", ""))
            about = about if len(about) <= 160 else about[:159].rsplit(" ", 1)[0] + " …"
            about = renderer.escaped(about, language)
            rest = (f" ({names})" if names else "") + (f'<span class="kinds">{kinds}</span>' if kinds else "")
            rest += f'\n<span class="place">{about}</span>' if about else ""
            if len(self._entries) >= _MOST_KEPT:
                self._entries.clear()
            entry = self._entries[thing, among] = (escape(keys), rest)
        return entry

    def _kinds(self, types: tuple[bytes, ...], among: bytes | str | None) -> str:
        """The names of classes but that of the list."""
        kinds = self._names_of_kinds.get((types, among))
        if kinds is None:
            kinds = ", ".join([escape(self.renderer.worded(type_)) for type_ in types if type_ != among])
            self._names_of_kinds[types, among] = kinds
        return kinds
