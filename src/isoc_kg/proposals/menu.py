"""The menu of a unit: all that somebody needs who proposes what it says, a person or a program."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ..authoring.schema_org import fits_domain
from ..authoring.vocabulary_values import Offered, literal_datatypes, offered_classes, offered_properties
from ..errors import visible
from ..evidence.answers import unit_name
from ..evidence.coverage import not_covering, words_left_over
from ..iris import compact
from ..namespaces import EV, OA, OWL, RDF, RDFS, SCHEMA, SH, XSD
from ..rdf.lines import split
from ..rdf.tokens import iri_token
from .judge import Judge
from .proposal import ProposedClaim
from .words import readable

__all__ = ["Menu", "MenuProperty", "MenuThing", "make_menu", "units_to_do"]

#: So many units before and behind one come with it, and so many things, properties and classes.
_BEFORE, _AFTER, _MOST = 3, 1, 80
#: So many statements are written out in a skeleton.
_SKELETONS = 30
#: What says how a graph is made rather than what a sentence says.
_MACHINERY = (EV.iri, OA.iri, OWL.iri, RDF.iri, RDFS.iri, SH.iri)


@dataclass(frozen=True, slots=True)
class MenuThing:
    """A thing that the unit, or one beside it, names."""

    id: str  #: with its prefix
    labels: tuple[str, ...]
    types: tuple[str, ...]
    here: bool  #: whether the unit itself names it


@dataclass(frozen=True, slots=True)
class MenuProperty:
    """A property that may fit: what it means, which classes its ends may have, whether the unit has words for it."""

    property: str
    label: str
    definition: str
    subject: tuple[str, ...]
    object: tuple[str, ...]  #: classes, or the datatype of a literal
    literal: bool
    words: bool


@dataclass(frozen=True, slots=True)
class Menu:
    """A unit with its neighbours, the things it names, the properties that may fit, what rests on it, what is left."""

    unit: str
    iri: str
    kind: str
    document: str
    language: str
    text: str | None
    before: tuple[tuple[str, str], ...]  #: units and their words
    after: tuple[tuple[str, str], ...]
    things: tuple[MenuThing, ...]
    properties: tuple[MenuProperty, ...]
    classes: tuple[tuple[str, str, str], ...]  #: class, label, definition
    statements: tuple[str, ...]  #: what rests on the unit, in words
    left_over: tuple[str, ...]  #: content words that no fact carries

    def to_json(self) -> dict[str, Any]:
        """The menu as members of JSON."""
        value = asdict(self)
        for key in ("before", "after"):
            value[key] = [{"unit": unit, "text": text} for unit, text in value[key]]
        value["classes"] = [{"class": name, "label": label, "definition": text} for name, label, text in self.classes]
        return value

    def to_turtle(self, judge: Judge) -> str:
        """The menu as Turtle that says nothing yet: statements to choose from, each in a comment."""
        unit = compact(self.iri, judge.prefixes)
        lines = [f"# {unit} {_comment(self.text or self.kind)}"]
        lines += [f"#   rests on it: {_comment(text)}" for text in self.statements]
        if self.left_over:
            lines.append(f"#   words left over: {_comment(', '.join(self.left_over))}")
        for thing in self.things:
            if thing.here:
                lines.append(f"#   {thing.id} “{_comment(thing.labels[0] if thing.labels else '')}”")
        for property_ in [one for one in self.properties if one.words][:10]:
            lines.append(f"#   {property_.property}: {_comment(property_.definition or property_.label)}")
        skeletons = list(_skeletons(self, judge))[:_SKELETONS]
        lines += [f"# {text} {{| ev:supportedBy {unit} |}} ." for text in skeletons]
        return "\n".join(lines) + "\n"


def _comment(text: str) -> str:
    return visible(" ".join(text.split()), line=True).replace("\r", " ")[:500]


def _skeletons(menu: Menu, judge: Judge) -> Iterator[str]:
    """Statements that would fit and are no facts, first of properties for which the unit has words."""
    corpus = judge.corpus
    here = list(corpus.things(menu.iri)) if menu.iri in corpus.passages else []
    prefixes = judge.prefixes
    for property_ in sorted(menu.properties, key=lambda one: not one.words):
        name = _expanded(property_.property, prefixes)
        for subject in here:
            named = name in judge.project.names.labels and corpus.labels.get(subject)
            if named or not _may_have(judge, name, subject):
                continue
            if property_.literal:
                if all(corpus.declarations.fit(name, corpus.types.get(subject, frozenset()), None)):
                    yield f"{compact(subject, prefixes)} {property_.property} {_blank(property_)}"
                continue
            for object_ in here if property_.words else ():
                types = (corpus.types.get(end, frozenset()) for end in (subject, object_))
                stated = object_ != subject and subject in corpus.stated.get((name, iri_token(object_)), ())
                if object_ != subject and not stated and all(corpus.declarations.fit(name, *types)):
                    yield f"{compact(subject, prefixes)} {property_.property} {compact(object_, prefixes)}"


def _blank(property_: MenuProperty) -> str:
    """A literal to complete, with its datatype unless it is a text."""
    datatype = property_.object[0] if property_.object else ""
    return '"…"' if datatype.rpartition(":")[2] in ("", "string", "langString") else f'"…"^^{datatype}'


def _expanded(name: str, prefixes: Any) -> str:
    if name.startswith("<"):
        return name[1:-1]
    prefix, _, local = name.partition(":")
    return str(prefixes[prefix]) + local


def units_to_do(judge: Judge, busy: Collection[str] = ()) -> Iterator[str]:
    """The units (IRIs) whose text is at hand and of which no fact says what they say, in their texts' order.

    Left out are headings and what else needs no claim, editions that have a later one, and the units that are `busy`.
    """
    naming = not_covering(judge.project)
    for edition in judge.dataset.editions:
        if judge.is_replaced(edition.iri) or edition.iri not in judge.texts:
            continue
        for unit in edition.index.units.values():
            name = edition.unit_iri(unit.number)
            covered = any(split(claim.triple)[1] not in naming for claim in judge.resting_on(name))
            if not covered and unit.number not in edition.exempt and name not in busy:
                yield name


def make_menu(judge: Judge, unit: str) -> Menu:
    """The menu of a unit (an IRI of `judge.dataset.units`)."""
    edition, found = judge.dataset.units[unit]
    text = judge.unit_text(unit)
    numbers = list(edition.index.units)
    at = numbers.index(found.number)

    def words(numbers: Sequence[str]) -> tuple[tuple[str, str], ...]:
        names = [edition.unit_iri(number) for number in numbers]
        return tuple((unit_name(judge.dataset, name), judge.unit_text(name) or "") for name in names)

    has_text = unit in judge.corpus.passages
    near = [edition.unit_iri(number) for number in numbers[max(0, at - _BEFORE) : at + 1 + _AFTER]]
    here = judge.corpus.things(unit) if has_text else []
    about = judge.corpus.about.get(edition.iri)
    mentioned = dict.fromkeys(
        [*here, *(thing for name in reversed(near) if has_text for thing in judge.corpus.things(name))]
        + ([about] if about else [])
    )
    claims = judge.resting_on(unit)
    left: tuple[str, ...] = ()
    if text is not None:
        left = words_left_over(judge.dataset, claims, text, judge.corpus.lexicons[edition.iri])
    return Menu(
        unit_name(judge.dataset, unit),
        unit,
        found.kind,
        edition.document.slug,
        edition.index.language,
        text,
        words(numbers[max(0, at - _BEFORE) : at]),
        words(numbers[at + 1 : at + 1 + _AFTER]),
        tuple(_thing(judge, thing, thing in here) for thing in list(mentioned)[:_MOST]),
        tuple(_properties(judge, unit, list(mentioned)))[:_MOST],
        tuple(_classes(judge))[:_MOST],
        tuple(readable(judge, ProposedClaim(claim.triple, unit)) for claim in claims),
        left,
    )


def _thing(judge: Judge, thing: str, here: bool) -> MenuThing:
    prefixes = judge.prefixes
    types = tuple(sorted(compact(name, prefixes) for name in judge.corpus.types.get(thing, ())))
    return MenuThing(compact(thing, prefixes), tuple(judge.corpus.labels.get(thing, ())[:5]), types, here)


def _properties(judge: Judge, unit: str, things: Sequence[str]) -> Iterator[MenuProperty]:
    """The properties of which a thing could be an end, those first for which the unit has words."""
    corpus, prefixes = judge.corpus, judge.prefixes
    has_text = unit in corpus.passages
    rows = []
    for name in judge.properties:
        if not judge.is_own_property(name) or (name.startswith(_MACHINERY) and not judge.is_naming(name)):
            continue
        ends = corpus.declarations.ends(name)
        datatype = judge.datatype(name)
        is_text = ends.literal if ends.literal is not None else datatype is not None and not ends.object
        types = [corpus.types.get(thing, frozenset()) for thing in things]
        if not any(all(corpus.declarations.fit(name, own, None if is_text else frozenset())) for own in types):
            continue
        if things and not any(_may_have(judge, name, thing) for thing in things):
            continue
        cued = has_text and bool(corpus.occurrences(name, unit)[0])
        of = judge.datatype(name) if is_text else None
        row = MenuProperty(
            compact(name, prefixes),
            corpus.label(name),
            judge.definition(name),
            _names(ends.subject, judge),
            (compact(of, prefixes),) if of else _names(ends.object, judge),
            bool(is_text),
            cued,
        )
        rows.append(row)
    if not judge.declares("property"):
        listed = {row.property for row in rows}
        rows += [row for row in _offered(judge, unit, things) if row.property not in listed]
    yield from sorted(rows, key=lambda row: (not row.words, row.property))


def _offered(judge: Judge, unit: str, things: Sequence[str]) -> Iterator[MenuProperty]:
    """Properties of vocabularies in wide use that fit the things, or any where no thing's class is known."""
    corpus, prefixes = judge.corpus, judge.prefixes
    stems = corpus.passages[unit].places.keys() if unit in corpus.passages else ()
    lexicon = corpus.lexicons.get(corpus.edition.get(unit, ""))
    classes = [corpus.declarations.superclasses(types) for thing in things if (types := corpus.types.get(thing))]
    for offered in offered_properties():
        if offered.subject and classes and not any(_may_be(types, offered) for types in classes):
            continue
        words = set(lexicon.words(offered.label)) - lexicon.stop if lexicon else set()
        datatype = literal_datatypes().get(offered.name, XSD.string)
        yield MenuProperty(
            compact(offered.name, prefixes),
            offered.label,
            offered.definition,
            _names((offered.subject,), judge),
            _names((offered.object,), judge) or _names((frozenset((datatype,)),), judge),
            not offered.object,
            not words.isdisjoint(stems),
        )


def _may_be(types: Collection[str], offered: Offered) -> bool:
    """Whether a thing of some classes may be the subject: by one of them, or of classes that nobody here knows."""
    common = frozenset(name for one in offered_properties() for name in one.subject)
    return not offered.subject.isdisjoint(types) or common.isdisjoint(types)


def _may_have(judge: Judge, property_: str, thing: str) -> bool:
    """Whether a thing can have a property: by its classes of schema.org, whatever the ontology leaves open."""
    corpus = judge.corpus
    classes = corpus.declarations.superclasses(corpus.types.get(thing, frozenset()))
    return not any(name.startswith(SCHEMA.iri) for name in classes) or fits_domain(property_, classes)


def _names(groups: Sequence[frozenset[str]], judge: Judge) -> tuple[str, ...]:
    return tuple(sorted({compact(name, judge.prefixes) for group in groups for name in group}))


def _classes(judge: Judge) -> Iterator[tuple[str, str, str]]:
    """The classes that things have, and those declared; where none is the project's own, those in wide use as well."""
    used = {name for types in judge.corpus.types.values() for name in types}
    declared = {name for name, roles in judge.declared.roles.items() if "class" in roles}
    offered = {} if judge.declares("class") else {one.name: one for one in offered_classes()}
    for name in sorted(used | declared | offered.keys()):
        if not name.startswith(_MACHINERY):
            label, definition = judge.corpus.label(name), judge.definition(name)
            if name in offered:
                label, definition = offered[name].label, definition or offered[name].definition
            yield compact(name, judge.prefixes), label, definition
