"""What a question's form offers: the values that a parameter may have, read from where its variable stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ..iris import expand
from ..query import NamedQuery, Parameter
from ..query.patterns import ends_of, patterns_of
from ..query.tokens import tokens
from ..rdf.lines import iri, literal, split
from ..rdf.text_order import name_key
from ..rdf.tokens import is_iri, is_literal
from .listings import Listings
from .renderer import Renderer
from .tagged_text import language_attributes

__all__ = ["Choices", "Offer", "asked_for"]

_MOST = 300  #: values that a form offers
_MOST_KEPT = 5000  #: values of a property that are looked at
_End = tuple[str, bool]


class Offer(NamedTuple):
    """A value, as it is sent, and its name."""

    value: str
    name: str
    chosen: bool = False
    language: str = ""  #: attributes for the name's language, where it is not the page's


@dataclass(frozen=True)
class Choices:
    """The values that there are for the parameters of named queries."""

    renderer: Renderer
    listings: Listings

    def of(self, query: NamedQuery, parameter: Parameter) -> list[Offer]:
        """In the order of their names, the default among them; none where they are too many, or not known.

        Literals are offered in the datatype or the language that the query declares.
        """
        ends = self._ends.get((query.name, parameter.name), ())
        values = {value for end in ends for value in self._values.get(end, ())}
        if not ends and parameter.type == "iri":
            values = set(self.listings.things)
        offers = self._things(values, parameter) if parameter.type == "iri" else self._texts(values, parameter)
        return offers if len(offers) <= _MOST else []

    def _things(self, values: set[bytes], parameter: Parameter) -> list[Offer]:
        renderer = self.renderer
        default = expand(parameter.default, renderer.prefixes) if parameter.default else None
        if parameter.default and not default:
            default = renderer.prefixes.get("id", "") + parameter.default
        tokens = {token for token in values if is_iri(token)} | ({f"<{default}>".encode()} if default else set())
        if len(tokens) > _MOST:
            return []
        offers = []
        for token in sorted(tokens, key=renderer.sort_key):
            shown = renderer.short(iri(token))
            value = shown.removeprefix("<").removesuffix(">")
            name, language = renderer.index.name_of(token)
            attributes = language_attributes(language, renderer.project.language)
            if (class_ := renderer.alike.class_of(token)) is not None:
                name = f"{name} ({renderer.index.name_of(class_)[0]})"
            offers.append(Offer(value, name, iri(token) == default, attributes))
        return offers

    def _texts(self, values: set[bytes], parameter: Parameter) -> list[Offer]:
        datatype = expand(parameter.type, self.renderer.prefixes)
        language = parameter.type[1:] if parameter.type.startswith("@") else None
        forms = {parameter.default} if parameter.default else set()
        for token in values:
            if is_literal(token):
                form, tag, type_ = literal(token)
                if parameter.type == "text" or (language and tag == language) or (datatype and type_ == datatype):
                    forms.add(form)
        return [
            Offer(form, form, form == parameter.default) for form in sorted(forms, key=name_key) if len(form) <= 100
        ]

    @cached_property
    def _ends(self) -> Mapping[tuple[str, str], Sequence[_End]]:
        found = {}
        for query in self.renderer.material.queries.values():
            if query.parameters:
                root = patterns_of(query.text, list(tokens(query.text)), self.renderer.prefixes)
                for parameter in query.parameters:
                    found[query.name, parameter.name] = ends_of(root, parameter.name)
        return found

    @cached_property
    def _values(self) -> Mapping[_End, set[bytes]]:
        """What stands at the ends of the properties that are asked for; read once."""
        values: dict[_End, set[bytes]] = {end: set() for ends in self._ends.values() for end in ends}
        properties = {term.encode() for term, _ in values}
        for line in self.renderer.index.lines:
            predicate = line.split(b" ", 2)[1]
            if predicate in properties:
                subject, _, object_, _ = split(line)
                for forward, value in ((True, object_), (False, subject)):
                    known = values.get((predicate.decode(), forward))
                    if known is not None and len(known) < _MOST_KEPT:
                        known.add(value)
        return values


def asked_for(
    query: NamedQuery, choices: Mapping[str, Sequence[Offer]], values: Mapping[str, str]
) -> list[tuple[str, str]]:
    """What an answer is about: the words for each parameter, and the name of its value, or the value."""
    names = {p.name: next((offer.name for offer in choices[p.name] if offer.chosen), "") for p in query.parameters}
    of_things = {p.name for p in query.parameters if p.type == "iri"}
    return [
        (p.text or p.name, (names[p.name] if p.name in of_things else "") or values.get(p.name, p.default or ""))
        for p in query.parameters
    ]
