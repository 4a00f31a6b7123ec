"""Both ends of a statement: whether its subject and object are what the ontology declares of the property.

Of properties in wide use that it declares nothing of, their vocabulary says whether a text can be the value.

What is stated is all there is: a class that no statement gives to a thing is not inferred from a domain or a range.
"""

from collections.abc import Iterable, Iterator, Mapping

from ..errors import Finding
from ..iris import compact, local_name_of
from ..namespaces import PROV, RDF, RDFS, SCHEMA, XSD
from ..project import Project
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, is_literal
from .dates import past_properties, typed_date
from .declarations import Declarations
from .facts import Claim
from .vocabulary_values import literal_datatypes, things_alone

__all__ = ["EndsCheck", "check_ends"]

_TYPE = RDF.type
_ALL_LITERALS = frozenset((RDFS.Literal, RDFS.Resource))
#: Kinds of values that vocabularies do not let a text stand for; a duration has a text's form.
_EXCLUDING = frozenset((XSD.boolean, XSD.integer, XSD.decimal, XSD.time))


def check_ends(project: Project, claims: Mapping[bytes, Claim], ontology: Iterable[bytes]) -> Iterator[Finding]:
    """What is wrong with the ends of claims: one finding a statement, at its line."""
    yield from EndsCheck(project, ontology).findings(claims)


class EndsCheck:
    """The declarations of properties, to hold against the classes of things."""

    def __init__(self, project: Project, ontology: Iterable[bytes]) -> None:
        ontology = list(ontology)
        self.declarations = Declarations(ontology, ())
        self.project, self.prefixes = project, project.prefixes
        self.past = past_properties(ontology)
        self.datatypes: dict[str, set[str]] = {}
        self._declared = _types(ontology)
        self.types = self._declared
        range_ = iri_token(RDFS.range)
        for line in ontology:
            subject, predicate, object_, _ = split(line)
            if predicate == range_ and _is_datatype(iri(object_)):
                self.datatypes.setdefault(iri(subject), set()).add(iri(object_))

    def findings(self, claims: Mapping[bytes, Claim]) -> Iterator[Finding]:
        """What is wrong with the ends of claims, where these say of what classes things are."""
        self.types = dict(self._declared)
        for thing, classes in _types(claims).items():
            self.types[thing] = self.types.get(thing, set()) | classes
        for triple, claim in claims.items():
            subject, predicate, object_, _ = split(triple)
            property_ = iri(predicate)
            answer = self.answer(iri(subject), property_, object_) if property_ != _TYPE else None
            if answer:
                file, line = claim.places[0]
                statement = (subject.decode(), predicate.decode(), object_.decode())
                yield Finding(answer[0], "error", file, line, claim.iri, answer[1], statement)

    def answer(self, subject: str, property_: str, object_: bytes) -> tuple[str, str] | None:
        """What is wrong, and what to do; None when the statement is as declared."""
        ends, shown = self.declarations.ends(property_), self.shown(property_)
        if object_ == iri_token(subject):
            return f"{shown} leads from {self.shown(subject)} to itself", "Name the other thing that is meant."
        if is_literal(object_):
            if ends.object or ends.literal is False:
                return f"{shown} leads to a thing, and here to the text {object_.decode()}", "Name the thing: id:…."
            wrong = self._datatype(property_, object_)
            if ends.literal is None and property_ not in self.datatypes:
                wrong = self._known(property_, object_)
        elif ends.literal or (property_ in self.datatypes and not ends.object):
            wrong = (
                f"{shown} has a literal as its value, and here {self.shown(iri(object_))}",
                "Write the value itself.",
            )
        else:
            wrong = self._object(subject, property_, iri(object_))
        return wrong or self._subject(subject, property_)

    def _datatype(self, property_: str, object_: bytes) -> tuple[str, str] | None:
        allowed = self.datatypes.get(property_)
        if not allowed or allowed & _ALL_LITERALS:
            return None
        _, language, datatype = literal(object_)
        actual = RDF.langString if language else datatype or XSD.string
        if actual in allowed:
            return None
        wanted = self._either(allowed)
        return f"the value of {self.shown(property_)} is of {wanted}, and here of {self.shown(actual)}", (
            f"Write it as {wanted}."
        )

    def _known(self, property_: str, object_: bytes) -> tuple[str, str] | None:
        """What is wrong with a literal whose kind the property's vocabulary excludes."""
        text, language, datatype = literal(object_)
        shown = self.shown(property_)
        if property_ in things_alone():
            name = local_name_of(text, any_script=self.project.ids.any_script)
            advice = f"Name the thing: id:{name or '…'}; the text is its name, in a statement of its own."
            return f"{shown} leads to a thing, and here to the text {object_.decode()}", advice
        # of schema.org and PROV alone: what others write as a date, they allow as a text, too
        wanted = literal_datatypes().get(property_) if property_.startswith((SCHEMA.iri, PROV.iri)) else None
        dated = wanted in (XSD.date, XSD.dateTime)
        if property_ in self.past or not (wanted in _EXCLUDING or dated):
            return None
        if not (language or datatype in (None, XSD.string)):
            return None
        if dated:
            example = typed_date(text) or '"2023-05-03"^^xsd:date or "2022"^^xsd:gYear'
            return f"{shown} has a date as its value, and here the text {object_.decode()}", f"Write {example}."
        kind = self.shown(str(wanted))
        return f"{shown} has a value of {kind}, and here the text {object_.decode()}", f'Write "…"^^{kind}.'

    def _object(self, subject: str, property_: str, object_: str) -> tuple[str, str] | None:
        types = self.types.get(object_, set())
        groups = self.declarations.ends(property_).object
        if not types and groups and not object_.startswith(self.prefixes["id"]):
            return (
                f"{self.shown(property_)} leads to {self._all(groups)}, and <{object_}> is described nowhere here",
                "Make it a thing of this project, declare it in an ontology file, or put the link into alignments.ttl.",
            )
        above = self.declarations.superclasses(types)
        if not types or all(above & group for group in groups):
            return None
        return self._wrong(subject, property_, object_, object_, f"leads to {self._all(groups)}", "rangeIncludes")

    def _subject(self, subject: str, property_: str) -> tuple[str, str] | None:
        types = self.types.get(subject, set())
        groups = self.declarations.ends(property_).subject
        above = self.declarations.superclasses(types)
        if not types or all(above & group for group in groups):
            return None
        return self._wrong(subject, property_, None, subject, f"is said of {self._all(groups)}", "domainIncludes")

    def _wrong(
        self, subject: str, property_: str, object_: str | None, thing: str, what: str, include: str
    ) -> tuple[str, str]:
        named, shown = self.shown(thing), self.shown(property_)
        advice = f"Correct the statement or a type, or declare the class of {shown} by schema:{include}."
        if object_:
            turned = (frozenset(self.types.get(name, ())) for name in (object_, subject))
            if all(self.declarations.fit(property_, *turned)):
                advice = f"The other way round? {named} {shown} {self.shown(subject)}. {advice}"
        return f"{shown} {what}, and {named} is {self._either(self.types[thing], 'and')}", advice

    def _all(self, groups: Iterable[frozenset[str]]) -> str:
        return " that is also ".join(self._either(group) for group in groups)

    def _either(self, names: Iterable[str], word: str = "or") -> str:
        *first, last = sorted(map(self.shown, names))
        return f"{', '.join(first)} {word} {last}" if first else last

    def shown(self, name: str) -> str:
        """The IRI as one writes it."""
        return compact(name, self.prefixes)


def _types(lines: Iterable[bytes]) -> dict[str, set[str]]:
    """Thing → its classes."""
    types: dict[str, set[str]] = {}
    type_ = iri_token(_TYPE)
    for line in lines:
        subject, predicate, object_, _ = split(line)
        if predicate == type_ and object_[:1] == subject[:1] == b"<":
            types.setdefault(iri(subject), set()).add(iri(object_))
    return types


def _is_datatype(name: str) -> bool:
    return name.startswith(XSD.iri) or name in (RDF.langString, *_ALL_LITERALS)
