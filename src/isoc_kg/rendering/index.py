"""What the pages of a publication ask of its lines, read in one pass: names, kinds, links, units."""

import gc
import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from operator import itemgetter
from sys import intern
from typing import NamedTuple

from ..authoring.dates import precedes
from ..authoring.vocabulary import DESCRIPTIONS, NameOrder
from ..documents.unit_names import EditionName, prefixes_of_names
from ..formats import RDFXML
from ..iris import is_language_tag
from ..namespaces import DCTERMS, EV, OWL, PROV, RDF, RDFS, SCHEMA, SKOS
from ..project import Project
from ..rdf.descriptions import Description
from ..rdf.labelling import blank_nodes_of
from ..rdf.lines import Lines, Triple, iri, literal, split, split_block, without_graph
from ..rdf.text_preference import NO_LANGUAGE, Preference, is_visible, language_rank, preference
from ..rdf.tokens import PART_TOKENS, iri_token, is_blank, is_iri, is_literal
from ..rdf.writing import carries
from ..wording.strings import OURS, without_signs
from ..wording.term_names import name_of_property, name_of_unnamed, term_names
from .claim_lines import OF_CLAIM, ClaimLines, PlainClaims, Units, said, units_in
from .line_numbers import LineNumbers
from .resource import WITHDRAWN, ClaimView, IncomingGroup, Resource, Statement
from .scope_notes import PREFIXED_NAME, SCOPE_NOTE, terms_named
from .tagged_text import TaggedText
from .unit_view import UnitView, read_unit_line

__all__ = ["MOST_OF_BLANK_NODES", "MOST_SAID", "PROVENANCE", "Index", "PlainlySaid", "SaidClaim"]

_QUOTE = ord('"')  #: what tokens of literals begin with
_TYPE = iri_token(RDF.type)
_IN_SCHEME = iri_token(SKOS.inScheme)
_SUPPORTED = iri_token(EV.supportedBy)
_IMPLIED = iri_token(EV.impliedBy)
_NOTE = iri_token(SKOS.editorialNote)
_SOURCE = iri_token(DCTERMS.source)
_LANGUAGE = iri_token(DCTERMS.language)
_CONTRADICTED = iri_token(EV.contradictedBy)
_CONFLICTS = iri_token(EV.conflictsWith)
_PREFERRED = iri_token(EV.preferred)
_VALID_FROM, _VALID_THROUGH = iri_token(SCHEMA.validFrom), iri_token(SCHEMA.validThrough)
_RETRACTED = iri_token(EV.retracted)
_DERIVED_FROM = iri_token(PROV.wasDerivedFrom)
_EDITION = iri_token(EV.Edition)
_DISPUTING = frozenset((_CONTRADICTED, _CONFLICTS, _RETRACTED))
_DATES = (b"http://www.w3.org/2001/XMLSchema#gYear>", b"http://www.w3.org/2001/XMLSchema#date>")
_DEPRECATED = iri_token(OWL.deprecated)
_REPLACED = iri_token(DCTERMS.isReplacedBy)
_VERSION_IRI = iri_token(OWL.versionIRI)
_BELOW = iri_token(RDFS.subClassOf)
#: A triple term; a text with a base direction.
_NOT_IN_ALL = (re.compile(rb"<<\("), re.compile(rb'"@[A-Za-z0-9-]*--'))
# what begins with the same bytes is found in a fraction of the time
_DIRECTION = re.compile(rb"--(?:ltr|rtl)")
_BLANK = (re.compile(rb" _:"), re.compile(rb"\n_:"))
_MOST_UNNAMED = 10_000  #: resources without a name of which the one that is shown is remembered
_MOST_LINES = 5000  #: of claims that are read at once
_MOST_ABOVE = 100  #: classes that are looked at
MOST_SAID = 20  #: statements with a property that its page shows
MOST_OF_BLANK_NODES = 1000  #: statements of blank nodes in one description
#: What an edition says of where it comes from.
PROVENANCE = {
    iri_token(name): key
    for name, key in (
        (SCHEMA.author, "author"), (SCHEMA.publisher, "publisher"), (SCHEMA.datePublished, "date"),
        (DCTERMS.source, "source"),
    )
}  # fmt: skip


#: A claim's token, and what it says beside its triple, as `claim_lines.said` gives it.
SaidClaim = tuple[bytes, bytes]


class PlainlySaid(NamedTuple):
    """What is said of a thing of which there is nothing else to know."""

    triples: list[Triple]  #: predicate, object and graph of each statement
    incoming: tuple[IncomingGroup, ...]
    graphs: set[bytes]
    claims: Mapping[tuple[bytes, bytes], SaidClaim]  #: predicate and object → the claim of that statement


class _Parts(NamedTuple):
    """The lines of a description without graphs and ends, where they are as they were read."""

    before: Sequence[bytes]  #: those of what links to the thing
    own: Sequence[bytes]
    after: Sequence[bytes]  #: of what else links to it
    claims: PlainClaims | None


@dataclass
class Index:
    """The lines of a publication, and what is found in one pass over them.

    Tokens (`<iri>`, `"literal"…`) stay bytes; whatever is looked up by a token is keyed by it.
    """

    project: Project
    lines: Sequence[bytes]
    most_incoming: int = 50  #: links to a resource that are shown, and in its data, for each property
    described: frozenset[bytes] = frozenset()  #: what has a page though none of its lines are here
    claimed: Mapping[bytes, str] = field(default_factory=dict)  #: triple → its claim, where its digest does not tell
    counted: bool = True  #: whether all links to what is here are here
    whole: bool = True  #: whether all lines of the publication are here
    label: dict[bytes, tuple[str, str]] = field(default_factory=dict)  #: text and language (empty: none)
    names: dict[bytes, list[str]] = field(default_factory=dict)  #: acronyms and other names
    about: dict[bytes, tuple[str, str]] = field(default_factory=dict)  #: a description and its language
    types: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    members: dict[bytes, list[bytes]] = field(default_factory=dict)  #: class → its things, in order
    incoming: LineNumbers = field(default_factory=LineNumbers)  #: object → numbers of the lines
    units: dict[str, UnitView] = field(default_factory=dict)
    subjects: list[bytes] = field(default_factory=list)  #: everything with a page of its own, in order
    terms: dict[bytes, int] = field(default_factory=dict)  #: what the ontology declares → number of its first line
    claims: dict[str, list[tuple[bytes, str]]] = field(default_factory=dict)  #: unit → triple and claim IRI
    contradicted: dict[str, list[str]] = field(default_factory=dict)  #: unit → claims that it denies
    disputed: set[str] = field(default_factory=set)  #: claims that are denied or retracted, or conflict with others
    dated: set[str] = field(default_factory=set)  #: claims that say since when or until when they hold
    years: dict[bytes, tuple[str, ...]] = field(default_factory=dict)
    uses: dict[bytes, int] = field(default_factory=dict)  #: property → in how many lines
    said_with: dict[bytes, int] = field(default_factory=dict)  #: property → how many statements about things have it
    first_said: dict[bytes, list[int]] = field(default_factory=dict)  #: property → the first lines of these, by number
    sizes: dict[bytes, int] = field(default_factory=dict)  #: graph → how many lines; empty: the default graph
    withdrawn: set[bytes] = field(default_factory=set)
    replaced: set[bytes] = field(default_factory=set)  #: editions with a later one
    _first: dict[bytes, int] = field(default_factory=dict)  #: subject, no claim and no unit → number of its first line
    _with_parts: set[bytes] = field(default_factory=set)  #: what stands before a `#` in subjects
    _kinds: dict[tuple[bytes, ...], tuple[bytes, ...]] = field(default_factory=dict)  #: few, each of many things
    _dates: dict[tuple[str, ...], tuple[str, ...]] = field(default_factory=dict)  #: the same of years
    _unnamed: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    _provenance: dict[str, dict[str, list[bytes]]] = field(default_factory=dict)
    _scope_notes: dict[bytes, list[str]] = field(default_factory=dict)
    _languages: dict[str, str] = field(default_factory=dict)  #: edition → the tag of its language
    schema_types: dict[tuple[bytes, ...], list[str]] = field(default_factory=dict)  #: classes → those of schema.org
    _last: tuple[bytes, Resource] | None = None
    _last_description: tuple[bytes, Description, _Parts | None] | None = None
    _claims_about: tuple[bytes, str] | None = None  #: the last subject of a claim, and how its claims begin
    _last_claims: tuple[bytes, ClaimLines | None] | None = None
    _first_claims: dict[bytes, int] = field(default_factory=dict)  #: how claims begin, up to a dot → the first line
    _label_rank: Preference | None = None  #: of the subject whose lines are read
    _about_rank: Preference | None = None

    def __post_init__(self) -> None:
        self.lines = Lines.of(self.lines)
        # nothing made here is garbage, and looking for some takes a third of the time
        paused = gc.isenabled()
        gc.disable()
        try:
            self._read()
        finally:
            if paused:
                gc.enable()

    def _read(self) -> None:
        """One pass over the lines; how the project words a term goes before the labels that it has.

        And how we word it goes before a label in another language than the project's.
        """
        self._read_lines()
        language = self.project.language
        for token, name in term_names(language).items():
            if token not in self.label or language_rank(self.label[token][1], language) > NO_LANGUAGE:
                self.label[token] = (name, language)
        for token in self.uses.keys() | self.terms.keys():
            label, tag = self.label.get(token, ("", ""))
            if label and is_iri(token) and language_rank(OURS, tag or OURS) < NO_LANGUAGE:
                self.label[token] = (name_of_property(iri(token), label), tag)
        for term, words in self.project.words.items():
            self.label[iri_token(term)] = (words[0], "")
        for unit in self.units.values():  # whose edition stands behind them
            if unit.quote:
                unit.quote = TaggedText(unit.quote, self.language_of(unit.edition), self.project.language)

    def _read_lines(self) -> None:
        """One pass over the lines, in which those of one subject follow each other."""
        ids = self.project.ids
        claim_start = f"<{ids.claims}".encode()
        document_start = f"<{ids.base}document/".encode()
        ontology_graph = iri_token(ids.graph("ontology"))
        derived_graph = self._derived_graph
        uses, sizes = self.uses, self.sizes
        lines, number = self.lines, 0
        assert isinstance(lines, Lines)
        while number < len(lines):
            line = lines[number]
            subject = line[: line.index(b" ")]
            self._label_rank = self._about_rank = None
            first, number = number, lines.end(subject + b" ", number)
            text = lines.between(first, number)
            if b"<<(" in text:
                triples = [split(line)[1:] for line in lines[first:number]]
            else:
                triples = split_block(text, subject)
            for predicate, _, graph in triples:
                uses[predicate] = uses.get(predicate, 0) + 1
                sizes[graph] = sizes.get(graph, 0) + 1
            if b"#" in subject:
                self._with_parts.update(_wholes(subject))
            if subject.startswith(claim_start):
                dot = subject.find(b".", len(claim_start)) + 1
                while dot:
                    self._first_claims.setdefault(subject[:dot], first)
                    dot = subject.find(b".", dot) + 1
                for predicate, object_, _ in triples:
                    self._claim(subject, predicate, object_)
                continue
            is_unit = subject.startswith(document_start) and b"#" in subject
            if not is_unit:
                self._first[subject] = first
            for place, (predicate, object_, graph) in enumerate(triples, first):
                if is_unit:
                    read_unit_line(self.units, iri(subject), iri(predicate), object_, self.project.language)
                elif predicate != _TYPE or graph != derived_graph:  # the class that is stated says more
                    self._statement(place, subject, predicate, object_, graph == ontology_graph)
        self.incoming.pack(self._first)

    def _statement(self, number: int, subject: bytes, predicate: bytes, object_: bytes, declared: bool) -> None:
        """Keep what is said of a term, which the ontology declares, or of a subject; one thing may be both."""
        if declared:
            self.terms.setdefault(subject, number)
        else:
            if not self.subjects or self.subjects[-1] != subject:
                self.subjects.append(subject)
            count = self.said_with[predicate] = self.said_with.get(predicate, 0) + 1
            if count <= MOST_SAID:
                self.first_said.setdefault(predicate, []).append(number)
        if object_[0] == _QUOTE:
            if predicate in self._kept_literals or object_.endswith(_DATES):
                self._literal(subject, predicate, object_)
        elif predicate == _TYPE:
            kinds = (*self.types.get(subject, ()), object_)
            self.types[subject] = self._kinds.setdefault(kinds, kinds)
            if not declared:
                self.members.setdefault(object_, []).append(subject)
        elif predicate != _VERSION_IRI:
            self.incoming.add(object_, number)
            if predicate == _REPLACED:
                self.replaced.add(subject)

    @cached_property
    def _kept_literals(self) -> frozenset[bytes]:
        """The properties whose literals name or describe, or withdraw."""
        order = self.name_order
        return frozenset((*order.labels, *order.alternatives, *map(iri_token, DESCRIPTIONS), _DEPRECATED))

    def _literal(self, subject: bytes, predicate: bytes, object_: bytes) -> None:
        """Keep a literal if it names or describes its subject, or dates it."""
        if (rank := self.name_order.label_preference(predicate, object_)) is not None:
            if self._label_rank is None or rank < self._label_rank:
                self._label_rank = rank
                self.label[subject] = _text_and_language(object_)
        elif predicate in self.name_order.alternatives:
            if is_visible(name := self.text(object_)):
                self.names.setdefault(subject, []).append(name)
        elif (rank := self.name_order.description_preference(predicate, object_)) is not None:
            if self._about_rank is None or rank < self._about_rank:
                self._about_rank = rank
                self.about[subject] = _text_and_language(object_)
        elif object_.endswith(_DATES):
            years = (*self.years.get(subject, ()), intern(literal(object_)[0][:4]))
            self.years[subject] = self._dates.setdefault(years, years)
        elif predicate == _DEPRECATED and object_.startswith(b'"true"'):
            self.withdrawn.add(subject)

    def _claim(self, subject: bytes, predicate: bytes, object_: bytes) -> None:
        if predicate in (_SUPPORTED, _IMPLIED):
            self.claims.setdefault(iri(object_), []).append((predicate, iri(subject)))
        elif predicate in _DISPUTING:
            self.disputed.add(iri(subject))
            if predicate == _CONTRADICTED:
                self.contradicted.setdefault(iri(object_), []).append(iri(subject))

        elif predicate in (_VALID_FROM, _VALID_THROUGH):
            self.dated.add(iri(subject))

    def is_entailed(self, line: bytes) -> bool:
        """Whether a line only repeats other statements in wider terms, or the other way round; schemes do not."""
        _, predicate, _, graph = split(line)
        return self.repeats(predicate, graph)

    def repeats(self, predicate: bytes, graph: bytes) -> bool:
        """The same, of a line with a predicate in a graph."""
        return graph == self._derived_graph and predicate != _IN_SCHEME

    def editions(self) -> list[tuple[str, list[UnitView]]]:
        """Each edition's IRI with its units in the text's order."""
        units: dict[str, list[UnitView]] = {}
        for unit in self.units.values():
            units.setdefault(unit.edition, []).append(unit)
        return [(name, sorted(units[name], key=lambda unit: unit.position)) for name in sorted(units)]

    def name_of(self, token: bytes) -> tuple[str, str]:
        """What a token's resource is called, and in which language; the last part of its IRI when nothing says it.

        A blank node, whose label means nothing, is called by its class.
        """
        name = self.label.get(token) or self._unnamed.get(token)
        if name is None:
            class_ = next(filter(is_iri, self.types.get(token, ())), None) if token.startswith(b"_:") else None
            own = name_of_unnamed(token.decode().strip("<>"))
            if len(self._unnamed) >= _MOST_UNNAMED:
                self._unnamed.clear()
            name = self._unnamed[token] = self.name_of(class_) if class_ else own
        return name

    def is_named(self, token: bytes) -> bool:
        """Whether a blank node is called by more than a label that means nothing, or has a page."""
        return token in self.paged or token in self.label or any(map(is_iri, self.types.get(token, ())))

    def lines_of(self, token: bytes) -> Iterator[bytes]:
        """The lines whose subject the token is."""
        return self._starting(token + b" ", self._first.get(token))

    def text_of(self, token: bytes) -> bytes:
        """The same as one text."""
        assert isinstance(self.lines, Lines)
        first = self._first.get(token)
        return b"".join(self.lines_of(token)) if first is None else self.lines.block(token + b" ", first)

    def has_more(self, token: bytes, most: int) -> bool:
        """Whether the token is the subject of more lines than `most`."""
        assert isinstance(self.lines, Lines)
        first = self._first.get(token)
        return first is not None and self.lines.has_more(token + b" ", first, most)

    def _starting(self, prefix: bytes, number: int | None = None) -> Iterator[bytes]:
        assert isinstance(self.lines, Lines)
        return self.lines.starting(prefix, number)

    def provenance(self, edition: str) -> dict[str, list[bytes]]:
        """Who wrote an edition, who published it, when, and where it is from: tokens, of what is known."""
        found = self._provenance.get(edition)
        if found is None:
            found = {}
            for line in self.lines_of(iri_token(edition)):
                _, predicate, object_, _ = split(line)
                if key := PROVENANCE.get(predicate):
                    found.setdefault(key, []).append(object_)
            self._provenance[edition] = found
        return found

    def text(self, token: bytes) -> TaggedText:
        """A literal (token) with its language."""
        return TaggedText(*_text_and_language(token), self.project.language)

    def language_of(self, edition: str) -> str:
        """In which language an edition of a document is written; empty where nothing says it."""
        tag = self._languages.get(edition)
        if tag is None:
            values = (split(line) for line in self.lines_of(iri_token(edition)))
            tags = (literal(value)[0] for _, name, value, _ in values if name == _LANGUAGE and is_literal(value))
            tag = self._languages[edition] = next(filter(is_language_tag, tags), "")
        return tag

    def scope_notes(self, property_: bytes) -> list[str]:
        """What to mind when a property is used, such as that another one says less, in the best language there is."""
        notes = self._scope_notes.get(property_)
        if notes is None:
            ranked = sorted(
                (preference(object_, self.project.language), object_)
                for _, predicate, object_, _ in map(split, self.lines_of(property_))
                if predicate == SCOPE_NOTE and is_literal(object_)
            )
            best = [self.text(token) for (*of, _), token in ranked if of == list(ranked[0][0][:-1])]
            notes = self._scope_notes[property_] = list(map(self._with_labels, best))
        return notes

    def _with_labels(self, note: TaggedText) -> TaggedText:
        """A note in which terms that have a label are called by it: “ensures” where it says `isoc:ensures`."""
        named = terms_named(note, self.project)

        def label(name: re.Match[str]) -> str:
            text = self.label.get(named[name[0]], ("", ""))[0] if name[0] in named else ""
            return f"“{text}”" if text else name[0]

        return note.replaced(PREFIXED_NAME.sub(label, note))

    def bases(self) -> Iterator[tuple[str, bytes, frozenset[bytes]]]:
        """Each claim in order with its predicate and the properties by which it names evidence, source or note."""
        last, predicate = b"", b""
        bases: set[bytes] = set()
        for line in self._starting(f"<{self.project.ids.claims}".encode()):
            subject, property_, object_, _ = split(line)
            if subject != last:
                if predicate:
                    yield iri(last), predicate, frozenset(bases)
                last, predicate, bases = subject, b"", set()
            if property_ == PART_TOKENS[1]:
                predicate = object_
            elif property_ in (_SUPPORTED, _IMPLIED, _NOTE, _SOURCE):
                bases.add(property_)
        if predicate:
            yield iri(last), predicate, frozenset(bases)

    def claim_of(self, triple: bytes) -> tuple[ClaimView | None, list[bytes]]:
        """The claim that a triple's line holds, and the claim's own triples."""
        if not self.has_claims:
            return None, []
        return self.claim(self.claim_name(triple))

    def claim_name(self, triple: bytes) -> str:
        """The IRI of the claim that a triple holds."""
        if self.claimed and (name := self.claimed.get(triple)):
            return name
        last = self._claims_about
        if last is None or not triple.startswith(last[0]):
            subject = triple[: triple.index(b"> ") + 2]
            last = self._claims_about = subject, self.project.ids.claims_about(subject[1:-2].decode())
        return self.project.ids.claim(triple, last[1])

    def claim(self, name: str) -> tuple[ClaimView | None, list[bytes]]:
        """The claim of this IRI, and its own triples."""
        units: list[tuple[str, bool]] = []
        values: dict[bytes, list[bytes]] = {}
        lines = []
        subject = iri_token(name)
        for predicate, object_, graph in self._said(subject, self._claim_text(subject)):
            lines.append(b"%b %b %b .\n" % (subject, predicate, object_))
            if predicate == _SUPPORTED:
                units.append((iri(object_), False))
            elif predicate == _IMPLIED:
                units.append((iri(object_), True))
            elif predicate not in OF_CLAIM and graph != self._derived_graph:
                values.setdefault(predicate, []).append(object_)
        if not lines:
            return None, []
        units = self._in_order(units)
        # in data without graphs, what is entailed by evidence stands beside it
        evidence = {iri_token(unit) for unit, _ in units}
        values[_DERIVED_FROM] = [value for value in values.get(_DERIVED_FROM, ()) if value not in evidence]

        def texts(predicate: bytes) -> tuple[str, ...]:
            return tuple(self.text(token) for token in values.pop(predicate, ()))

        def names(predicate: bytes) -> tuple[str, ...]:
            return tuple(map(iri, values.pop(predicate, ())))

        view = ClaimView(
            name, tuple(units), texts(_NOTE), names(_SOURCE),
            tuple(sorted(names(_CONTRADICTED), key=self._place)), names(_CONFLICTS),
            texts(_PREFERRED), texts(_RETRACTED),
            tuple((predicate, value) for predicate, members in values.items() for value in members),
        )  # fmt: skip
        return view, lines

    def is_sound(self, subject: bytes, predicate: bytes, object_: bytes) -> bool:
        """Whether a triple may be taken for a fact: nothing speaks against its claim, if it has one, and it holds.

        What the editors prefer goes before what speaks against it.
        """
        if not self.disputed and not self.dated:
            return True
        triple = b"%s %s %s .\n" % (subject, predicate, object_)
        name = self.claim_name(triple)
        if name in self.disputed and next(self._starting(iri_token(name) + b" " + _PREFERRED), None) is None:
            return False
        return name not in self.dated or self.holds(split(line)[1:3] for line in self.lines_of(iri_token(name)))

    def holds(self, annotations: Iterable[Sequence[bytes]]) -> bool:
        """Whether a claim with these annotations has begun and not ended when the publication was last changed.

        Where nothing tells when that was, what has an end is taken for ended.
        """
        modified = self.project.modified.isoformat() if self.project.modified else ""
        for predicate, value in annotations:
            day = literal(value)[0] if is_literal(value) else ""
            if predicate == _VALID_THROUGH and (not modified or precedes(day, modified)):
                return False
            if predicate == _VALID_FROM and precedes(modified, day):
                return False
        return True

    def has_sound_name(self, token: bytes) -> bool:
        """Whether what a resource is called may be taken for a fact, as no claim that it is called so is denied."""
        if not self.disputed and not self.dated:
            return True
        name = self.name_of(token)[0]
        return all(
            self.is_sound(subject, predicate, object_)
            for subject, predicate, object_, _ in map(split, self.lines_of(token))
            if is_literal(object_) and literal(object_)[0] == name
        )

    def triple_of(self, claim: str) -> bytes:
        """The triple that a claim is about, as a line; empty when the claim is not whole."""
        parts: dict[bytes, bytes] = {}
        for line in self.lines_of(iri_token(claim)):
            _, predicate, object_, _ = split(line)
            if predicate in PART_TOKENS:
                parts[predicate] = object_
        return b"%s %s %s .\n" % tuple(map(parts.__getitem__, PART_TOKENS)) if len(parts) == 3 else b""

    @cached_property
    def no_longer_stated(self) -> dict[bytes, list[tuple[bytes, str]]]:
        """Subject → triple and claim of what is retracted or settled against."""
        result: dict[bytes, list[tuple[bytes, str]]] = {}
        for claim in sorted(self.disputed):
            triple = self.triple_of(claim)
            if triple and next(self._starting(triple[:-2]), None) is None:
                result.setdefault(triple[: triple.index(b" ")], []).append((triple, claim))
        return result

    def _place(self, unit: str) -> tuple[str, int]:
        """The edition of a unit, and its position there."""
        return unit.partition("#")[0], self.units[unit].position if unit in self.units else 0

    @cached_property
    def _derived_graph(self) -> bytes:
        return iri_token(self.project.ids.graph("derived"))

    @cached_property
    def _ontology_graph(self) -> bytes:
        return iri_token(self.project.ids.graph("ontology"))

    @cached_property
    def name_order(self) -> NameOrder:
        """What names and describes things, the best first."""
        return NameOrder(self.project)

    @cached_property
    def paged(self) -> frozenset[bytes]:
        """Everything that has a page.

        Blank nodes have none where only a part of the lines is here: a page is asked for by an IRI, and they have none.
        """
        found = self.described | frozenset(self.subjects) | self.terms.keys() | frozenset(self.taken_back)
        return found if self.whole else frozenset(token for token in found if not is_blank(token))

    @cached_property
    def taken_back(self) -> list[bytes]:
        """Things of which nothing is stated any more, in order: who cited a claim of theirs finds what became of it.

        None where only a part of the lines is here, which does not tell.
        """
        if not self.whole:
            return []
        stated = frozenset(self.subjects) | self.terms.keys()
        return sorted(token for token in self.no_longer_stated if is_iri(token) and token not in stated)

    @cached_property
    def said(self) -> dict[bytes, int]:
        """Subject → in about how many lines it is: those up to the next subject that is no claim and no unit."""
        ends = [*islice(self._first.values(), 1, None), len(self.lines)]
        return {subject: end - start for (subject, start), end in zip(self._first.items(), ends, strict=False)}

    @cached_property
    def has_claims(self) -> bool:
        """Whether any claim is among the lines."""
        return next(self._starting(f"<{self.project.ids.claims}".encode()), None) is not None

    def resource(self, token: bytes) -> Resource:
        """All that is said about a resource and that leads to it, ontology apart; the last one asked for is kept."""
        last = self._last
        if last is None or last[0] != token:
            lines = tuple(self.description(token).lines)
            resource = Resource(
                token.decode().strip("<>"), self._statements(token), self._links(token)[0], lines, self.counted
            )
            last = self._last = token, resource  # by one assignment, since threads share an index
        return last[1]

    def plainly_said(self, token: bytes) -> PlainlySaid | None:
        """What is said of a thing, where that is all: nothing of terms, of what is withdrawn, or has parts.

        Nor of what has claims that are no statements any more.
        """
        number, links = self._first.get(token), self.incoming.of(token)
        if (
            number is None
            or len(links) > self.most_incoming
            or not (self.whole and self.counted)
            or self.claimed
            or token in self.terms
            or token in self.withdrawn
            or token in self.no_longer_stated
            or self.has_parts(token)
        ):
            return None
        if parts := self._described(token)[1]:
            return self._plainly_said(token, parts)
        assert isinstance(self.lines, Lines)
        text = self.lines.block(token + b" ", number)
        if b"<<(" in text:
            return None
        said = split_block(text, token)
        graphs = {graph for _, _, graph in said}
        if len(graphs) > 1 and len({one[:2] for one in said}) < len(said):
            return None
        if self._ontology_graph in graphs:
            return None
        claims: dict[tuple[bytes, bytes], SaidClaim] = {}
        for predicate, object_, _ in said if self.has_claims else ():
            claim = iri_token(self.claim_name(b"%b %b %b .\n" % (token, predicate, object_)))
            if (text_of_claim := self._said_by(claim)) is not None:
                claims[predicate, object_] = claim, text_of_claim
        return PlainlySaid(said, self._links(token)[0], graphs, claims)

    def _plainly_said(self, token: bytes, parts: _Parts) -> PlainlySaid:
        """The same out of lines as they were read."""
        facts, behind = self._facts_graph, len(token) + 1
        said: list[Triple] = []
        for part in parts.own:
            predicate, object_ = part[behind:].split(b" ", 1)
            said.append((predicate, object_, facts))
        links: dict[bytes, list[bytes]] = {}
        for part in (*parts.before, *[part for part in parts.own if part.endswith(token)], *parts.after):
            subject, predicate, object_ = part.split(b" ", 2)
            if object_ != token:  # a text that ends like a link
                continue
            if predicate in links:
                links[predicate].append(subject)
            else:
                links[predicate] = [subject]
        incoming = tuple(
            [IncomingGroup(predicate, len(links[predicate]), tuple(links[predicate])) for predicate in sorted(links)]
        )
        claims: dict[tuple[bytes, bytes], SaidClaim] = {}
        if parts.claims:
            for (predicate, object_, _), claim in zip(said, parts.claims.said(), strict=True):
                if claim:
                    claims[predicate, object_] = claim
        return PlainlySaid(said, incoming, {facts}, claims)

    def _said_by(self, claim: bytes) -> bytes | None:
        """What a claim says beside its triple; None where there is none, and nothing where some of it was derived."""
        text = self._claim_text(claim)
        if not text or b"<<(" in text:
            return b"" if text else None
        triples = split_block(text, claim)
        if any(graph == self._derived_graph for _, _, graph in triples):
            return b""
        return said([b"%b %b" % (predicate, object_) for predicate, object_, _ in triples])

    def units_in(self, text: bytes) -> Units:
        """The units of a claim that says this, as its view has them; none where it says more, or nothing."""
        units = units_in(text)
        return tuple(self._in_order(units) if len(units) > 1 else units)

    def _in_order(self, units: Sequence[tuple[str, bool]]) -> list[tuple[str, bool]]:
        """Units of a claim by their places, each once, with whether it only implies the claim."""
        stated = {unit for unit, implied in units if not implied}
        units = [(unit, implied) for unit, implied in units if not implied or unit not in stated]
        units.sort(key=lambda pair: self._place(pair[0]))
        return units

    def has_parts(self, token: bytes) -> bool:
        """Whether anything is said of a part of the token's resource, whose IRI is its own with a `#` behind it."""
        return token[:-1] in self._with_parts

    def description(self, token: bytes) -> Description:
        """The triples of `resource`, without what pages alone need; the last one asked for is kept."""
        return self._described(token)[0]

    def _described(self, token: bytes) -> tuple[Description, _Parts | None]:
        """The same, and the lines that it is, where it is made of nothing else."""
        last = self._last_description
        if last is None or last[0] != token:
            found, parts = self._description(token)
            if self.has_blank_nodes and b"_:" in found.text:
                found, parts = self._with_blank_nodes(token, found), None
            last = self._last_description = token, found, parts
        return last[1:]

    def _with_blank_nodes(self, token: bytes, description: Description) -> Description:
        """A description with the statements of the blank nodes that a resource leads to, of which others lead on.

        A node is given as a whole or not at all. Those that lead to the resource are mentioned alone.
        """
        found = {subject: list(pairs) for subject, pairs in description.groups}
        waiting = _blank_objects(pair for subject, pairs in description.groups if is_iri(subject) for pair in pairs)
        waiting |= _blank_objects(found.get(token, ()))
        seen = dict.fromkeys([token])
        room = MOST_OF_BLANK_NODES
        while waiting:
            node = next(iter(waiting))
            del waiting[node]
            number = self._first.get(node)
            if node in seen or number is None:
                continue
            seen[node] = None
            if self.has_more(node, room):
                break
            pairs = self._pairs(node, self._ontology_graph, number)
            room -= len(pairs)
            if room < 0:
                break
            if pairs:
                found[node] = pairs
                waiting |= _blank_objects(pairs)
        return Description.of_groups(sorted(found.items()))

    def _description(self, token: bytes) -> tuple[Description, _Parts | None]:
        links = self.incoming.of(token)
        if len(links) > self.most_incoming or self.claimed or token in self.no_longer_stated or self.has_parts(token):
            return self._whole_description(token), None
        if of_lines := self._of_lines(token, links):
            return of_lines
        number = self._first.get(token)
        pairs = [] if number is None else self._pairs(token, self._ontology_graph, number)
        groups: list[tuple[bytes, list[tuple[bytes, bytes]]]] = []
        last = b""
        for subject, predicate in self._pointers(token, links):  # these are in order
            if subject == last:
                if groups[-1][1][-1][0] != predicate:  # else in another graph
                    groups[-1][1].append((predicate, token))
            elif subject != token:  # else it is among what it says
                groups.append((subject, [(predicate, token)]))
                last = subject
        if pairs:
            groups.append((token, pairs))
        if self.has_claims:
            for pair in pairs:
                claim = iri_token(self.claim_name(b"%b %b %b .\n" % (token, *pair)))
                if said := self._pairs(claim):
                    groups.append((claim, said))
        groups.sort(key=itemgetter(0))
        return Description.of_groups(groups), None

    def _of_lines(self, token: bytes, links: Sequence[int]) -> tuple[Description, _Parts] | None:
        """A description and its lines in order, where it is made of these alone, each of them once.

        That is so where all are in the graph of facts, and those of claims in that of evidence. None where it is not.
        """
        first = self._first.get(token)
        if first is None or self.sizes.get(b""):  # a line without a graph may end with the name of one
            return None
        assert isinstance(self.lines, Lines)
        lines = self.lines
        end = lines.end(token + b" ", first)
        numbers = [number for number in links if not first <= number < end] if links else []
        texts = lines.at(numbers)
        start = bisect_left(numbers, first)
        texts.insert(start, lines.between(first, end))
        behind = start + end - first
        parts = self._facts_end.split(b"".join(texts))
        if len(parts) != len(numbers) + end - first + 1:
            return None
        own, claims = parts[start:behind], None
        if self.has_claims:
            found = self._plain_claims(token, own)
            if found is None:
                return None
            number, claims = found
        told = _Parts(parts[:start], own, parts[behind:-1], claims)
        if claims:
            place = bisect_left(numbers, number)
            if number > first:
                place += end - first
            parts[place:place] = claims.parts
        text = b" .\n".join(parts)
        parts.pop()
        return Description(text, parts=parts, carried=self._carried), told

    def _plain_claims(self, token: bytes, own: Sequence[bytes]) -> tuple[int, PlainClaims | None] | None:
        """The number of the first line of the claims about a thing of which this is said, and they; None for no claims.

        None in place of both where some are in another graph than that of evidence, or of what is stated no longer.
        """
        start = f"<{self.project.ids.claims_about(token[1:-1].decode())}".encode()
        lines = self._claims_starting(start)
        if lines is None:
            return None
        if not lines.text:
            return lines.number, None
        parts = self._evidence_end.split(lines.text)
        if len(parts) != lines.count + 1:
            return None
        parts.pop()
        claims = PlainClaims.of(parts, start, own)
        return None if claims is None else (lines.number, claims)

    @cached_property
    def _facts_graph(self) -> bytes:
        return iri_token(self.project.ids.graph("facts"))

    @cached_property
    def _facts_end(self) -> re.Pattern[bytes]:
        return _line_end(self._facts_graph)

    @cached_property
    def _evidence_end(self) -> re.Pattern[bytes]:
        return _line_end(iri_token(self.project.ids.graph("evidence")))

    @cached_property
    def _claim_start(self) -> bytes:
        return f"<{self.project.ids.claims}".encode()

    @cached_property
    def _carried(self) -> bool:
        """Whether every format has a way to write all predicates, and no line has what only some can write."""
        assert isinstance(self.lines, Lines)
        text, (triple_term, directed) = self.lines.text, _NOT_IN_ALL
        found = triple_term.search(text) or (_DIRECTION.search(text) and directed.search(text))
        return carries(b"", self.uses, RDFXML) and found is None

    @cached_property
    def has_blank_nodes(self) -> bool:
        """Whether there may be any blank node."""
        assert isinstance(self.lines, Lines)
        text = self.lines.text
        return text.startswith(b"_:") or any(pattern.search(text) for pattern in _BLANK)

    def _whole_description(self, token: bytes) -> Description:
        """The triples of `resource` where they may overlap."""
        own = self._first.get(token)
        pairs = [] if own is None else self._pairs(token, self._ontology_graph, own)
        triples = [(token, *pair) for pair in pairs]
        claims = [claim for _, claim in self.no_longer_stated.get(token, ())]
        if self.has_claims:
            claims += [self.claim_name(b"%b %b %b .\n" % triple) for triple in triples]
        for claim in map(iri_token, claims):
            triples += [(claim, *pair) for pair in self._pairs(claim)]
        triples += self._links(token)[1]
        if self.has_parts(token):
            triples += [split(line)[:3] for line in self._starting(token[:-1] + b"#")]
        return Description.of_triples(triples)

    def _pointers(self, token: bytes, numbers: Iterable[int]) -> Iterator[tuple[bytes, bytes]]:
        """Subject and predicate of lines by their numbers, which have a token as object; of the ontology's none."""
        assert isinstance(self.lines, Lines)
        end = self._ontology_graph + b" .\n"
        for line in self.lines.at(numbers):
            subject, predicate, rest = line.split(b" ", 2)
            if not rest.endswith(end) or rest.count(b" ") == 1:  # the ontology as an object, in no graph
                yield subject, predicate

    def _said(self, subject: bytes, text: bytes) -> list[Triple]:
        """Predicate, object and graph of lines that have one subject."""
        if b"<<(" not in text and text:
            return split_block(text, subject)
        return [split(line)[1:] for line in text.splitlines(keepends=True)]

    def _claim_text(self, claim: bytes) -> bytes:
        """The lines of a claim as one text; those of the claims about one thing stand together and are read at once."""
        claims = self._claims_starting(claim[: claim.rfind(b".") + 1])
        if claims is None:
            assert isinstance(self.lines, Lines)
            return self.lines.block(claim + b" ", bisect_left(self.lines, claim + b" "))
        return claims.by_claim.get(claim, b"")

    def _claims_starting(self, start: bytes) -> ClaimLines | None:
        """The claims whose tokens start so; the last ones asked for are kept. None where there are too many."""
        assert isinstance(self.lines, Lines)
        last = self._last_claims
        if last is None or last[0] != start:
            if start.startswith(self._claim_start):
                number = self._first_claims.get(start, len(self.lines))
            else:
                number = bisect_left(self.lines, start)
            many = not start or self.lines.has_more(start, number, _MOST_LINES)
            end = number if many else self.lines.end(start, number)
            # by one assignment, since threads share an index
            last = self._last_claims = (
                start,
                None if many else ClaimLines(number, end - number, self.lines.between(number, end)),
            )
        return last[1]

    def _pairs(self, subject: bytes, without: bytes = b"", number: int | None = None) -> list[tuple[bytes, bytes]]:
        """Predicate and object of the lines with a subject, in order, but those in a graph.

        The number of the first line is given where it is known.
        """
        assert isinstance(self.lines, Lines)
        text = self._claim_text(subject) if number is None else self.lines.block(subject + b" ", number)
        said = self._said(subject, text)
        graph = said[0][2] if said else b""
        if graph != without and all(other == graph for _, _, other in said):
            return [(predicate, object_) for predicate, object_, _ in said]
        return sorted({(predicate, object_) for predicate, object_, graph in said if not without or graph != without})

    def _statements(self, token: bytes) -> tuple[Statement, ...]:
        """The statements about a resource with their claims."""
        ontology = self._ontology_graph
        graphs = self.project.ids.graph("")
        statements: dict[bytes, Statement] = {}
        for line in self.lines_of(token):
            subject, predicate, object_, graph = split(line)
            if graph == ontology:
                continue
            name = iri(graph) if graph else ""
            triple = without_graph(line, graph)
            claim, _ = self.claim_of(triple)
            if triple not in statements or claim:
                statements[triple] = Statement(subject, predicate, object_, name.removeprefix(graphs), claim)
        for triple, claim_name in self.no_longer_stated.get(token, ()):
            subject, predicate, object_, _ = split(triple)
            claim, _ = self.claim(claim_name)
            statements[triple] = Statement(subject, predicate, object_, WITHDRAWN, claim)
        return tuple(statements.values())

    def _links(self, token: bytes) -> tuple[tuple[IncomingGroup, ...], list[Triple]]:
        """The links to a resource, entailed ones last, and the triples of those that are shown."""
        ontology, derived = self._ontology_graph, self._derived_graph
        groups: dict[tuple[bool, bytes], tuple[dict[bytes, None], set[bytes]]] = {}
        assert isinstance(self.lines, Lines)
        for line in self.lines.at(self.incoming.of(token)):
            subject, predicate, rest = line.split(b" ", 2)
            graph = rest[len(token) + 1 : -3]
            if graph != ontology:
                entailed = graph == derived and predicate != _IN_SCHEME
                subjects, graphs = groups.setdefault((entailed, predicate), ({}, set()))
                subjects[subject] = None
                graphs.add(graph)
        found = []
        for (_, predicate), (subjects, graphs) in sorted(groups.items(), key=itemgetter(0)):
            shown = tuple(islice(subjects, self.most_incoming))
            found.append(IncomingGroup(predicate, len(subjects), shown, graphs == {derived}))
        return tuple(found), [(subject, group.predicate, token) for group in found for subject in group.subjects]

    def unit_name(self, name: str) -> str:
        """What commands and pages call a unit: its number, behind its document's slug where there are several."""
        edition, _, number = name.partition("#")
        return self._unit_prefixes.get(edition, "") + number

    def is_of_edition(self, name: str) -> bool:
        """Whether an IRI is that of a unit of an edition that is described."""
        edition, _, number = name.partition("#")
        return number != "" and edition in self._unit_prefixes

    @cached_property
    def _unit_prefixes(self) -> dict[str, str]:
        """Edition → what stands before the numbers of its units."""
        start = f"<{self.project.ids.document('')}".encode()
        names = []
        for token in self.members.get(_EDITION, ()):
            slug, _, edition = token.removeprefix(start)[:-1].decode().partition("/")
            if token.startswith(start) and edition:
                names.append(EditionName(iri(token), slug, edition, token not in self.replaced))
        return prefixes_of_names(names)

    def is_replaced(self, unit: UnitView) -> bool:
        """Whether a unit's edition has a later one."""
        return iri_token(unit.edition) in self.replaced

    def above(self, classes: Iterable[bytes]) -> list[bytes]:
        """The lines that lead from classes to those above them, the nearest first."""
        lines: list[bytes] = []
        waiting = list(classes)
        for class_ in waiting:  # it grows
            if class_ in self.terms and len(waiting) < _MOST_ABOVE:
                below = [line for line in self.lines_of(class_) if split(line)[1] == _BELOW]
                lines += below
                waiting += (upper for line in below if (upper := split(line)[2]) not in waiting)
        return lines


def _blank_objects(pairs: Iterable[tuple[bytes, bytes]]) -> dict[bytes, None]:
    """The blank nodes among objects and within triple terms, in order."""
    return dict.fromkeys(node for _, object_ in pairs if b"_:" in object_ for node in blank_nodes_of(b" " + object_))


def _text_and_language(token: bytes) -> tuple[str, str]:
    text, language, _ = literal(token)
    return without_signs(text), intern(language) if language else ""


def _line_end(graph: bytes) -> re.Pattern[bytes]:
    """How the lines of a graph end; to search for it takes a fifth of what `bytes.replace` does."""
    return re.compile(re.escape(b" %b .\n" % graph))


def _wholes(token: bytes) -> Iterator[bytes]:
    """What stands before each `#` in the token of an IRI."""
    at = token.find(b"#")
    while at >= 0:
        yield token[:at]
        at = token.find(b"#", at + 1)
