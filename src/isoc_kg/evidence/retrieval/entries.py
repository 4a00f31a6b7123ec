"""Entries: what is found, and by which words. Things, terms, documents, questions and units, out of published lines.

Only what is published is read: of a unit whose text is not, its gist and its place are searched, and no index holds a
word of the text.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from operator import itemgetter
from sys import intern
from typing import NamedTuple
from weakref import proxy

from ...authoring.dates import DATATYPES
from ...authoring.vocabulary import DESCRIPTIONS, NameOrder, naming_properties
from ...documents.unit_names import EditionName, prefixes_of_names
from ...documents.units import KINDS as UNIT_KINDS
from ...iris import compact, local_name
from ...lazy_patterns import lazy_pattern
from ...limits.garbage import no_collection
from ...namespaces import DCTERMS, EV, OA, OWL, RDF, RDFS, SKOS
from ...project import Project
from ...query import NamedQuery
from ...rdf.lines import Lines, Triple, iri, literal, split, split_block
from ...rdf.text_preference import NO_LANGUAGE, Preference, is_visible, language_rank
from ...rdf.tokens import iri_token, is_iri, is_literal
from ...wording.strings import OURS
from ...wording.term_names import name_of_property, term_names
from .dictionary import Dictionary, Postings, Shard, shards_of
from .range_kinds import RangeKinds
from .ranking import ASKED, LONGEST_NAME, NAME, OTHER_NAME, STATEMENT, TAIL, TEXT, WHOLE, WHOLE_TEXT, Ranking, ranked
from .search_words import Inflection, bigrams, fold_name, is_run, joined_words, words_in, words_of, words_of_all

__all__ = [
    "KINDS", "PAGE", "Entries", "Entry", "SearchIndex", "SearchStatement", "acronym", "entries_of", "keys_of",
    "languages_of", "parted", "search_index", "terms_among",
]  # fmt: skip

#: What is found, in the order that decides where nothing else does.
KINDS = ("thing", "term", "document", "question", "sentence")
PAGE = "page"  #: what is found in a site alone: a page about nothing in particular
_TYPE, _GIST, _EXACT, _UNIT_KIND = (iri_token(name) for name in (RDF.type, EV.gist, OA.exact, EV.unitKind))
_SUPPORTED, _IMPLIED, _REPLACED = map(iri_token, (EV.supportedBy, EV.impliedBy, DCTERMS.isReplacedBy))
_CONTRADICTED, _NOTE, _SOURCE = map(iri_token, (EV.contradictedBy, SKOS.editorialNote, DCTERMS.source))
_CONFLICTS, _PREFERRED = map(iri_token, (EV.conflictsWith, EV.preferred))
_SAID = (_NOTE, _SOURCE, _CONFLICTS, _PREFERRED)
_VERSION, _HIDDEN = iri_token(OWL.versionIRI), iri_token(SKOS.hiddenLabel)
_DEPRECATED = iri_token(OWL.deprecated)
_BELOW = iri_token(RDFS.subClassOf)
_RANGES = (iri_token(RDFS.range), b"<https://schema.org/rangeIncludes>")
_YEAR = lazy_pattern(r"-?[0-9]{4,}")
_QUOTE = b".quote>"
_QUOTATION = ord('"')  #: what tokens of literals begin with
_UNIT_KINDS = {name: kind for kind, name in UNIT_KINDS.items()}
_MOST_STATEMENTS = 40  #: of one thing
_MOST_NAMES = 40
_LONGEST_VALUE = 120
_LONGEST_ACRONYM = 10
_COMPOUND_FROM = 7  #: letters
#: A name with a prefix in a description, of which nobody knows the parts.
_PREFIXED = lazy_pattern(r"(?<![\w:])[A-Za-z][\w-]*:[A-Za-z_][\w-]*")
_CAMEL = lazy_pattern(r"[A-Z]?[a-z0-9]+|[A-Z]+(?![a-z])")


class SearchStatement(NamedTuple):
    """A statement about a thing as text: `founding date 2014`."""

    text: str
    claim: str | None  #: its IRI
    unit: str | None  #: what the first unit that supports it is called: `guide:3.2`
    property: str = ""  #: further words for its property, by which it is found
    standing: str = ""  #: why it is no plain fact: `contradicted`, `disputed`, `preferred`, `editorial` or `implied`
    against: str | None = None  #: the IRI of the first unit that contradicts it
    note: str = ""  #: why it is no plain fact, in words
    asks: str = ""  #: what its value is, where a question may ask for that: `agent`, `date` or `place`


@dataclass(slots=True)
class Entry:
    """Something to be found, with all that it is found by."""

    kind: str  #: one of `KINDS`
    iri: str
    label: str
    language: str = ""  #: of the label
    names: list[str] = field(default_factory=list)  #: other names, acronyms among them
    hidden: list[str] = field(default_factory=list)  #: by which it is found, too, and that are shown nowhere
    exact: list[str] = field(default_factory=list)  #: of which the whole alone counts: `schema:name`, `sentence 2.2`
    classes: list[str] = field(default_factory=list)
    statements: list[SearchStatement] = field(default_factory=list)
    text: str = ""  #: what describes it; of a unit its quote or gist
    more: list[str] = field(default_factory=list)  #: further texts
    keywords: list[str] = field(default_factory=list)  #: of a question
    place: str = ""  #: of a unit, what it is called
    unit: str = ""  #: of a unit, one of `documents.units.KINDS`
    document: str = ""  #: of a unit, the document's name
    gist: bool = False  #: whether the text of a unit is its gist
    weight: int = 0  #: how much is said of it
    answers: str = ""  #: what it is itself, where a question may ask for that: `agent` or `place`
    withdrawn: bool = False  #: whether it is not to be used any more, so that it stands behind what is

    @property
    def acronym(self) -> str:
        """The first of the other names that is short for the label; empty where none is."""
        return acronym(self.label, self.names)

    @property
    def order(self) -> tuple[int, int, int, str, str]:
        """What numbers entries: by kind, the most described first, then short names, or short texts."""
        size = len(self.text) if self.kind == "sentence" else len(self.label)
        return KINDS.index(self.kind), -self.weight, size, fold_name(self.label), self.iri


@dataclass(slots=True)
class _Subject:
    """What the lines say of one subject, of which there may be a million: the rest is read again when it is wanted."""

    runs: tuple[int, ...] = ()  #: numbers of the first of its lines and of that behind the last, of each run of them
    label: tuple[int, int, int, str, str] | None = None  #: of the best its rank, with its text, and its language
    types: tuple[bytes, ...] = ()
    declared: bool = False
    replaced: bool = False
    deprecated: bool = False
    weight: int = 0


@dataclass(slots=True)
class _Said:
    """What is said of a subject."""

    names: list[tuple[bool, Preference, str]] = field(default_factory=list)  #: other name?, rank, text
    hidden: list[str] = field(default_factory=list)
    described: list[tuple[Preference, str]] = field(default_factory=list)
    statements: list[tuple[bytes, bytes]] = field(default_factory=list)


def entries_of(
    project: Project, lines: Iterable[bytes], queries: Mapping[str, NamedQuery] | None = None
) -> list[Entry]:
    """The entries of a publication's lines, in the order that numbers them."""
    with no_collection():
        entries = Entries(project, lines, queries)
        return entries.between(0, len(entries))


class Entries:
    """The entries of a publication's lines, in the order that numbers them, each made when it is asked for."""

    def __init__(
        self,
        project: Project,
        lines: Iterable[bytes],
        queries: Mapping[str, NamedQuery] | None = None,
        kept: Callable[[str], object] = bool,
    ) -> None:
        """Those whose IRIs are to be kept."""
        with no_collection():
            self._reading = _Reading(project, Lines.of(lines))
            ordered, self.languages = self._reading.ordered(queries or {}, kept)
        self._entries = [one for *_, one in ordered]
        #: The numbers of what is withdrawn.
        self.last = [number for number, one in enumerate(self._entries) if self._reading.is_withdrawn(one)]
        self.counts = [sum(order[0] == kind for order in ordered) for kind in range(len(KINDS))]  #: by kind

    def __len__(self) -> int:
        return len(self._entries)

    def between(self, first: int, end: int) -> list[Entry]:
        """Those from a number on up to another."""
        return [self[number] for number in range(len(self))[first:end]]

    def __getitem__(self, number: int) -> Entry:
        one = self._entries[number]
        return self._reading.entry(one) if isinstance(one, bytes) else one

    @property
    def iris(self) -> Iterator[str]:
        """The IRIs of all."""
        return (iri(one) if isinstance(one, bytes) else one.iri for one in self._entries)


#: What entries are ordered by, then an entry, or the subject of which it is made.
_OrderedThing = tuple[int, int, int, str, str, bytes]
_Ordered = _OrderedThing | tuple[int, int, int, str, str, Entry]


class _Reading:
    def __init__(self, project: Project, lines: Lines) -> None:
        self.project = project
        self.ids = project.ids
        self._lines = lines
        self._order = NameOrder(project)
        self._naming = naming_properties(project)
        #: The predicates of what is kept apart from other statements.
        texts = (*self._order.labels, *self._order.alternatives, *map(iri_token, DESCRIPTIONS), _HIDDEN)
        self._texts = frozenset(texts)
        self._no_statements = self._naming | {_TYPE, _VERSION, _HIDDEN}
        self._ontology, self._derived = (iri_token(self.ids.graph(name)) for name in ("ontology", "derived"))
        self._subjects: dict[bytes, _Subject] = {}
        self._links: dict[bytes, int] = {}
        self._units: dict[str, dict[str, str]] = {}  # unit → its texts
        self._claims: dict[str, str] = {}  # claim → its first unit
        self._behind: dict[str, list[str]] = {}  # claim → all its units
        self._supported: set[str] = set()  # claims that a unit says, rather than implies
        self._years: dict[str, dict[str, None]] = {}  # unit → the years of statements that it supports
        self._against: dict[str, str] = {}  # claim → the first unit that contradicts it
        self._said_of: dict[bytes, set[str]] = {name: set() for name in _SAID}  # property → claims that have it
        own = proxy(self)  # a cycle would keep all of this until garbage is looked for
        self._kinds = RangeKinds(lambda name: own._above(name))
        self._words: dict[bytes, str] = {}
        self._property_words: dict[bytes, tuple[str, str]] = {}
        self._value_kinds: dict[tuple[bytes, tuple[bytes, ...]], str] = {}
        self._known_types: dict[tuple[bytes, ...], tuple[bytes, ...]] = {}  # few, each of many subjects
        self._prefix_names = project.prefixes
        self._term_names = term_names(project.language)
        self._documents = {
            document.slug: (language_rank(document.language, project.language) > NO_LANGUAGE, place)
            for place, document in enumerate(project.documents)
        }
        self._read()
        self._has_claims = bool(self._claims or self._against or any(self._said_of.values()))

    def _read(self) -> None:
        claims, documents = f"<{self.ids.claims}".encode(), f"<{self.ids.base}document/".encode()
        lines, number = self._lines, 0
        while number < len(lines):
            line = lines[number]
            subject = line[: line.index(b" ")]
            first, number = number, lines.end(subject + b" ", number)
            if subject.startswith(claims):
                for predicate, object_, _ in self._triples(subject, first, number):
                    self._claim(subject, predicate, object_)
            elif subject.startswith(documents) and b"#" in subject:
                for predicate, object_, _ in self._triples(subject, first, number):
                    self._unit(subject, predicate, object_)
            elif is_iri(subject):
                self._subject(subject, first, number)

    def _triples(self, subject: bytes, first: int, end: int) -> list[Triple]:
        """Predicate, object and graph of lines that have one subject."""
        text = self._lines.between(first, end)
        if b"<<(" in text:
            return [split(line)[1:] for line in self._lines[first:end]]
        return split_block(text, subject)

    def _claim(self, subject: bytes, predicate: bytes, object_: bytes) -> None:
        if predicate in (_SUPPORTED, _IMPLIED) and is_iri(object_):
            claim, unit = iri(subject), iri(object_)
            self._behind.setdefault(claim, []).append(unit)
            if predicate == _SUPPORTED:
                self._supported.add(claim)
            self._claims[claim] = min(self._claims.get(claim, unit), unit, key=self._place)
        elif predicate == _CONTRADICTED and is_iri(object_):
            claim, unit = iri(subject), iri(object_)
            self._against[claim] = min(self._against.get(claim, unit), unit, key=self._place)
        elif predicate in self._said_of:
            self._said_of[predicate].add(iri(subject))

    def _subject(self, subject: bytes, first: int, end: int) -> None:
        """Keep what its entry is numbered by, and what others say of it: label, kinds, weight."""
        found = self._subjects.get(subject)
        links, labels, derived, ontology = self._links, self._order.labels, self._derived, self._ontology
        types: list[bytes] = []
        for predicate, object_, graph in self._triples(subject, first, end):
            if graph == derived:
                if found is None or predicate not in labels:
                    continue
            elif found is None:
                found = self._subjects[subject] = _Subject()
            found.weight += 1
            if graph == ontology:
                found.declared = True
            if predicate == _TYPE:
                types.append(object_)
            elif predicate == _DEPRECATED:
                found.deprecated |= is_literal(object_) and literal(object_)[0] in ("true", "1")
            elif object_[0] != _QUOTATION:
                links[object_] = links.get(object_, 0) + 1
                found.replaced |= predicate == _REPLACED
            elif predicate in labels and (rank := self._order.label_preference(predicate, object_)) is not None:
                label = (*rank, intern(literal(object_)[1] or ""))
                found.label = label if found.label is None else min(found.label, label)
        if found is not None:
            found.runs += (first, end)
            if types:
                kinds = (*found.types, *types)
                found.types = self._known_types.setdefault(kinds, kinds)

    def _said_by_lines(self, subject: bytes) -> _Said:
        """What the lines say of a subject, read again."""
        said = _Said()
        runs = self._subjects[subject].runs if subject in self._subjects else ()
        is_known = False
        for first, end in zip(runs[::2], runs[1::2], strict=True):
            for predicate, object_, graph in self._triples(subject, first, end):
                if graph == self._derived:
                    if not is_known or predicate not in self._order.labels:
                        continue
                is_known = True
                if predicate in self._texts and is_literal(object_) and self._text(said, predicate, object_):
                    continue
                if predicate not in self._no_statements:
                    said.statements.append((predicate, object_))
        return said

    def _text(self, said: _Said, predicate: bytes, object_: bytes) -> bool:
        """Keep a literal that names or describes; whether it does the latter, and so is no statement."""
        text = literal(object_)[0]
        if not is_visible(text):
            return False
        if (rank := self._order.label_preference(predicate, object_)) is not None:
            said.names.append((False, rank, text))
        elif predicate in self._order.alternatives:
            rank = self._order.label_preference(next(iter(self._order.labels)), object_)
            said.names.append((True, rank or (9, 9, 9, text), text))
        elif predicate == _HIDDEN:
            said.hidden.append(text)
        elif (rank := self._order.description_preference(predicate, object_)) is not None:
            said.described.append((rank, text))
            return True
        return False

    def _place(self, unit: str) -> tuple[bool, int, str, list[int]]:
        """What orders units: those that readers of the project's language read, then by document and number."""
        edition, _, number = unit.partition("#")
        slug = edition.removeprefix(f"{self.ids.base}document/").partition("/")[0]
        foreign, place = self._documents.get(slug, (True, len(self._documents)))
        return foreign, place, edition, [int(part) for part in number.split(".") if part.isdecimal()]

    def _unit(self, subject: bytes, predicate: bytes, object_: bytes) -> None:
        name = iri(subject)
        if predicate == _EXACT and subject.endswith(_QUOTE):
            self._units.setdefault(name.removesuffix(".quote"), {})["quote"] = literal(object_)[0]
        elif predicate == _GIST:
            self._units.setdefault(name, {})["gist"] = literal(object_)[0]
        elif predicate == _UNIT_KIND:
            self._units.setdefault(name, {})["kind"] = _UNIT_KINDS.get(iri(object_), "")

    def _label(self, token: bytes) -> tuple[str, str]:
        """What something is called, and in which language; without a label the last part of its IRI."""
        name = iri(token)
        if words := self.project.words.get(name):
            return words[0], ""
        found = self._subjects.get(token)
        label = found.label if found else None
        tag = self.project.language
        if (worded := self._term_names.get(token)) and (not label or language_rank(label[-1], tag) > NO_LANGUAGE):
            return worded, tag
        if label:
            *_, text, language = label
            english = language_rank(OURS, language or OURS) < NO_LANGUAGE
            return name_of_property(name, text) if english else text, language
        return local_name(name.rstrip("/#")) or name, ""

    def _read_as(self, token: bytes) -> str:
        """The words for a property or a value in a statement."""
        words = self._words.get(token)
        if words is None:
            words = literal(token)[0] if is_literal(token) else self._label(token)[0]
            words = words if len(words) <= _LONGEST_VALUE else f"{words[:_LONGEST_VALUE]}…"
            if not is_literal(token):
                self._words[token] = words
        return words

    def ordered(
        self, queries: Mapping[str, NamedQuery], kept: Callable[[str], object]
    ) -> tuple[list[_Ordered], set[str]]:
        """The entries in their order, those of subjects not made yet, and the languages of their labels."""
        things, languages = self._ordered_things(kept)
        entries: list[Entry] = []
        if self._units:  # whose entries have the years of all statements that they support
            made = {token: self.entry(token) for token in self._subjects if iri(token)}
            entries += [made[token] for *_, token in things]
            things = []
        entries += [
            Entry("question", f"{self.ids.base}query/{name}", query.title, text=query.description, hidden=[name],
                   keywords=list(query.keywords))
            for name, query in queries.items() if kept(f"{self.ids.base}query/{name}")
        ]  # fmt: skip
        entries += [entry for entry in self._sentences() if kept(entry.iri)]
        ordered: list[_Ordered] = [*things, *((*entry.order, entry) for entry in entries)]
        ordered.sort(key=itemgetter(slice(0, 5)))
        return ordered, languages

    def _ordered_things(self, kept: Callable[[str], object]) -> tuple[list[_OrderedThing], set[str]]:
        """The subjects with what they are ordered by, and the languages of their labels."""
        things: list[_OrderedThing] = []
        languages: set[str] = set()
        for token, found in self._subjects.items():
            name = iri(token)
            if name and kept(name):
                label, language = self._label(token)
                if language:
                    languages.add(language)
                kind = KINDS.index(self._kind(name, found))
                things.append((kind, -self._weight(token, found), len(label), fold_name(label), name, token))
        return things, languages

    def _kind(self, name: str, found: _Subject) -> str:
        is_document = name.startswith(f"{self.ids.base}document/")
        return "term" if found.declared else "document" if is_document else "thing"

    def is_withdrawn(self, one: bytes | Entry) -> bool:
        """Whether an entry, or the subject of which it is made, is not to be used any more."""
        found = self._subjects[one] if isinstance(one, bytes) else None
        return found.deprecated or found.replaced if found else isinstance(one, Entry) and one.withdrawn

    def _weight(self, token: bytes, found: _Subject) -> int:
        return found.weight + self._links.get(token, 0)

    def _sentences(self) -> Iterator[Entry]:
        """The entries of units."""
        prefixes = self._prefixes
        for name, texts in self._units.items():
            edition, _, number = name.partition("#")
            if edition not in prefixes or prefixes[edition].count("/"):
                continue  # a later edition has it
            place = prefixes[edition] + number
            text, gist = texts.get("quote") or texts.get("gist", ""), texts.get("gist")
            slug = edition.rpartition("/")[0].rpartition("/")[2]
            further = [gist] if gist and gist != text else []
            kind = texts.get("kind", "")
            exact = list(dict.fromkeys((number, f"{slug}:{number}", f"{kind} {place}", f"{kind} {number}")))
            document = self._label(iri_token(edition))[0]
            entry = Entry("sentence", name, place, text=text, more=further, exact=exact, place=place)
            entry.document, entry.unit, entry.gist = document, kind, "quote" not in texts
            entry.keywords = list(self._years.get(name, ()))
            yield entry

    @cached_property
    def _prefixes(self) -> dict[str, str]:
        """Edition → what stands before the numbers of its units."""
        editions = dict.fromkeys(name.partition("#")[0] for name in self._units)
        names = []
        for edition in editions:
            slug, _, number = edition.removeprefix(f"{self.ids.base}document/").partition("/")
            found = self._subjects.get(iri_token(edition))
            names.append(EditionName(edition, slug, number, not (found and found.replaced)))
        return prefixes_of_names(names)

    def entry(self, token: bytes) -> Entry:
        """The entry of a subject."""
        name, found, said = iri(token), self._subjects[token], self._said_by_lines(token)
        label, language = self._label(token)
        names = dict.fromkeys(text for *_, text in sorted(said.names))
        local = local_name(name.rstrip("/#"))
        entry = Entry(self._kind(name, found), name, label, language)
        entry.names = [text for text in names if text != label][:_MOST_NAMES]
        short = compact(name, self._prefix_names)
        entry.hidden = [*said.hidden, *([local, parted(local)] if local else [])]
        entry.exact = [name, *([short] if short != name else [])]
        entry.classes = [self._read_as(type_) for type_ in dict.fromkeys(found.types)]
        described = [text for _, text in sorted(said.described)]
        entry.text, entry.more = next(iter(described), ""), described[1:4]
        entry.withdrawn = found.deprecated or found.replaced
        entry.weight = self._weight(token, found)
        entry.answers = self._kinds.first(map(iri, found.types))
        if entry.kind != "term":
            entry.statements = [
                self._said(token, predicate, object_)
                for predicate, object_ in sorted(said.statements, key=lambda pair: not is_literal(pair[1]))
            ][:_MOST_STATEMENTS]
        return entry

    def _said(self, subject: bytes, predicate: bytes, object_: bytes) -> SearchStatement:
        words, other_words = self._property(predicate)
        text = f"{words} {self._read_as(object_)}"
        asks = self._asks(predicate, object_)
        if not self._has_claims:
            return SearchStatement(text, None, None, other_words, asks=asks)
        claim = self.ids.claim(b"%s %s %s .\n" % (subject, predicate, object_))
        unit, against = self._claims.get(claim), self._against.get(claim)
        for one in self._behind.get(claim, ()) if (year := _year(object_)) else ():
            self._years.setdefault(one, {})[year] = None
        standing = self._standing(claim)
        prefixes = self._prefixes
        place = _named(against, prefixes) if against else ""
        notes = {
            "contradicted": f"contradicted by {place}",
            "preferred": "another source says otherwise",
            "editorial": "editorial decision",
            "implied": "implied",
        }
        return SearchStatement(
            text,
            claim if unit or standing else None,
            _named(unit, prefixes) if unit else None,
            other_words,
            standing,
            against,
            notes.get(standing, "sources disagree" if standing else ""),
            asks,
        )

    def _asks(self, predicate: bytes, object_: bytes) -> str:
        """What a value is, by its own classes or datatype, else by the range of its property."""
        if is_literal(object_):
            return self._kinds.of(literal(object_)[2] or "")
        of = self._subjects.get(object_)
        key = predicate, of.types if of else ()
        kind = self._value_kinds.get(key)
        if kind is None:
            kind = self._kinds.first(map(iri, key[1])) or self._kinds.first(self._values(predicate, _RANGES))
            self._value_kinds[key] = kind
        return kind

    def _above(self, name: str) -> list[str]:
        return self._values(iri_token(name), (_BELOW,))

    def _values(self, subject: bytes, predicates: Collection[bytes]) -> list[str]:
        """The IRIs that a subject has by properties."""
        statements = self._said_by_lines(subject).statements
        return [iri(object_) for predicate, object_ in statements if predicate in predicates and is_iri(object_)]

    def _standing(self, claim: str) -> str:
        """Why a claim is no plain fact; empty where it is, as far as the lines tell."""
        if claim in self._against:
            return "contradicted"
        if claim in self._said_of[_CONFLICTS]:
            return "preferred" if claim in self._said_of[_PREFERRED] else "disputed"
        if claim in self._claims:
            return "" if claim in self._supported or claim in self._said_of[_SOURCE] else "implied"
        noted = claim in self._said_of[_NOTE] and claim not in self._said_of[_SOURCE]
        return "editorial" if noted else ""

    def _property(self, predicate: bytes) -> tuple[str, str]:
        """The words for a property in a statement, and its other names."""
        known = self._property_words.get(predicate)
        if known is None:
            words = self._read_as(predicate)
            local = local_name(iri(predicate))
            others = [text for *_, text in self._said_by_lines(predicate).names]
            others += self.project.words.get(iri(predicate), ())
            other_words = " ".join(dict.fromkeys((*others, parted(local))))
            shown = name_of_property(iri(predicate), parted(words)) if words == local else words
            known = self._property_words[predicate] = shown, other_words
        return known


def _year(token: bytes) -> str:
    """The year of a date; empty for what is none."""
    if not is_literal(token):
        return ""
    form, _, datatype = literal(token)
    found = _YEAR.match(form) if datatype in DATATYPES else None
    return found[0] if found else ""


def _named(unit: str, prefixes: Mapping[str, str]) -> str:
    """What a unit is called: `guide:3.2`."""
    edition, _, number = unit.partition("#")
    return f"{prefixes.get(edition, '')}{number}"


def acronym(label: str, names: Iterable[str]) -> str:
    """The first of the names that is short for a label; empty where none is.

    That is one word of capitals, two at least, perhaps with figures and a plural's s.

    >>> acronym("Internet exchange points", ["exchange points", "IXPs"])
    'IXPs'
    >>> acronym("ISOC", ["Internet Society"]), acronym("Firefox", ["FireFox"])
    ('', '')
    """
    return next((name for name in names if len(name) < len(label) and name not in label and _is_acronym(name)), "")


def _is_acronym(name: str) -> bool:
    capitals = name.rstrip("s")
    letters = [character for character in capitals if character.isalpha()]
    few = len(name) <= _LONGEST_ACRONYM and not any(map(str.isspace, name))
    return few and len(letters) > 1 and all(letter.isupper() for letter in letters)


def parted(name: str) -> str:
    """A local name as words: `foundingDate` and `founding-date` as “founding Date” and “founding date”."""
    words = _CAMEL.findall(name) if name.isascii() else []
    return " ".join(words) or name


@dataclass(frozen=True)
class SearchIndex:
    """Entries with the dictionary of their words."""

    entries: Sequence[Entry]  #: by kind, in the order of `KINDS`
    dictionary: Dictionary
    shards: Sequence[Shard]  #: of the dictionary
    inflection: Inflection

    def ranked(self, question: str) -> Ranking:
        """The numbers of the entries that a question finds, the best first."""
        return ranked(question, self.dictionary, self.inflection, len(self.entries), self._terms, self.last)

    @cached_property
    def last(self) -> frozenset[int]:
        """The numbers of what is withdrawn."""
        return frozenset(number for number, entry in enumerate(self.entries) if entry.withdrawn)

    @cached_property
    def _terms(self) -> range:
        return terms_among([sum(entry.kind == kind for entry in self.entries) for kind in KINDS])


def terms_among(counts: Sequence[int]) -> range:
    """The numbers of terms, where entries are numbered by kind and there are so many of each."""
    at = KINDS.index("term")
    return range(sum(counts[:at]), sum(counts[: at + 1]))


def languages_of(project: Project, entries: "Iterable[Entry] | Entries") -> list[str]:
    """The languages in which words of entries may be: the project's, its documents', those of labels."""
    of_labels = entries.languages if isinstance(entries, Entries) else (entry.language for entry in entries)
    named = [project.language, *(document.language for document in project.documents)]
    return sorted({*named, *filter(None, of_labels)})


def _searched(entry: Entry) -> list[str]:
    """The texts of an entry by whose words it is found; of descriptions without names that have a prefix."""
    texts = [entry.text, *entry.more]
    return texts if entry.kind == "sentence" else [_PREFIXED.sub(" ", one) if ":" in one else one for one in texts]


def _whole_names(entry: Entry) -> dict[str, int]:
    """The names by which an entry is found as a whole, as keys, with their fields."""
    keys: dict[str, int] = {}
    label = entry.label
    for name in (label, *entry.names, *entry.hidden):
        keys.setdefault(WHOLE + fold_name(name)[:LONGEST_NAME], 0 if name == label else OTHER_NAME)
    for name in (*entry.exact, *([entry.text] if entry.kind == "sentence" else ())):
        keys.setdefault(WHOLE + fold_name(name)[:LONGEST_NAME], WHOLE_TEXT)
    for word in entry.keywords if entry.kind == PAGE else ():
        keys.setdefault(WHOLE + fold_name(word)[:LONGEST_NAME], WHOLE_TEXT)
    keys.pop(WHOLE, None)  # of names in which nothing counts
    return keys


def _asked(entry: Entry, inflection: Inflection, said: Mapping[str, Collection[str]]) -> dict[str, int]:
    """The words of an entry by the kinds of values that it says of, as keys, with their fields.

    A thing says by its name that it has such a value, by a statement which; a question of the kinds in its title. Given
    are the words of statements by the kinds of their values.
    """
    keys: dict[str, int] = {}
    if entry.kind == "question":
        asking = [inflection.asking[word] for word in words_of(entry.label) if word in inflection.asking]
        for kind in dict.fromkeys(asking):
            keys |= dict.fromkeys([f"{ASKED}{kind}:{root}" for root in inflection.roots([entry.label])], NAME)
    elif entry.kind == "thing":
        kinds = {kind for kind in (entry.answers, *said) if kind}
        roots = {kind: inflection.roots_of(words) for kind, words in said.items()} if kinds else {}
        named = inflection.roots((entry.label, *entry.names)) if kinds else set()
        for kind in kinds:
            start = f"{ASKED}{kind}:"
            own = set().union(*roots.values()) if entry.answers == kind else roots[kind]
            keys |= dict.fromkeys([start + root for root in own], STATEMENT)
            keys |= dict.fromkeys([start + root for root in named], NAME)  # the better field last
    return keys


def _said(entry: Entry, inflection: Inflection) -> tuple[dict[str, dict[str, None]], list[str]]:
    """The words of an entry's statements by the kinds of their values, and all keys by which they are found."""
    said: dict[str, dict[str, None]] = {}
    forms: list[str] = []
    others: list[str] = []  #: texts of which the words are not all keys
    known: set[tuple[str, str]] = set()
    for text, _, _, property_, _, _, _, asks in entry.statements:
        words = said.get(asks)
        if words is None:
            words = said[asks] = {}
        found = words_in(text)
        words.update(dict.fromkeys(found))
        if inflection.one_form and _is_plain(text, entry.hidden):
            forms += found
        else:
            others.append(text)
        if (property_, asks) not in known:
            known.add((property_, asks))
            found = words_of(property_)
            words.update(dict.fromkeys(found))
            others.append(property_)
    forms += _forms(inflection, dict.fromkeys(others), entry.hidden)
    return said, forms


def _is_plain(text: str, hidden: Collection[str]) -> bool:
    """Whether the words of a text are all keys by which it is found, where each word is found in one form."""
    return text.isascii() and ("-" not in text or text in hidden)


def _forms(inflection: Inflection, texts: Iterable[str], hidden: Sequence[str]) -> list[str]:
    """All keys by which the words of texts are found; of those that are not hidden also without the hyphens in them."""
    forms: list[str] = []
    if inflection.one_form:  # no word of a text in ASCII is a run
        texts = list(texts)
        plain = [text for text in texts if _is_plain(text, hidden)]
        forms += words_of_all(plain)
        if len(plain) == len(texts):
            return forms
        texts = [text for text in texts if not _is_plain(text, hidden)]
    for text in texts:
        for word in (*words_of(text), *(joined_words(text) if text not in hidden else ())):
            if is_run(word):
                forms += bigrams(word, last=True)
                continue
            forms += inflection.forms(word)
            if len(word) >= _COMPOUND_FROM and (tail := inflection.tail(word)):
                forms.append(TAIL + tail)
    return forms


def keys_of(entry: Entry, inflection: Inflection) -> dict[str, int]:
    """The keys by which an entry is found, each with the best of the fields in which it has that."""
    said, forms = _said(entry, inflection) if entry.statements else ({}, [])
    keys = _whole_names(entry)
    keys |= _asked(entry, inflection, said)
    # the best field last: a word that is in several keeps it
    texts = (*_searched(entry), *entry.keywords, *entry.classes)  # no sentence has its document's title
    keys |= dict.fromkeys(_forms(inflection, texts, entry.hidden), TEXT)
    keys |= dict.fromkeys(forms, STATEMENT)
    if entry.kind != "sentence":
        names = (entry.label, *entry.names, *entry.hidden)
        keys |= dict.fromkeys(_forms(inflection, names, entry.hidden), NAME)
    return keys


def search_index(entries: Sequence[Entry], languages: Iterable[str]) -> SearchIndex:
    """The dictionary of entries, whose texts may be in any of the languages."""
    with no_collection():
        inflection = Inflection(languages)
        postings = Postings()
        for number, entry in enumerate(entries):
            postings.add(number, keys_of(entry, inflection))
        shards = shards_of(postings.words)
    firsts = [keys[0] if keys else "" for keys, _ in shards]
    return SearchIndex(entries, Dictionary(firsts, shards.__getitem__), shards, inflection)
