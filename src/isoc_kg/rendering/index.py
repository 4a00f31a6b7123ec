"""What the pages of a publication ask of its lines, read in one pass: names, kinds, links, units."""

import gc
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from itertools import islice
from sys import intern

from ..authoring.vocabulary import NameOrder
from ..iris import local_name
from ..namespaces import DCTERMS, EV, OA, OWL, RDF, SCHEMA, SKOS
from ..project import Project
from ..rdf.lines import Lines, iri, literal, split, without_graph
from ..rdf.text_preference import Preference, preference
from ..rdf.tokens import PART_TOKENS, iri_token, is_iri, is_literal
from .resource import WITHDRAWN, ClaimView, Resource, Statement, UnitView

__all__ = ["PROVENANCE", "Index"]

_TYPE = iri_token(RDF.type)
_SUPPORTED = iri_token(EV.supportedBy)
_IMPLIED = iri_token(EV.impliedBy)
_NOTE = iri_token(SKOS.editorialNote)
_SOURCE = iri_token(DCTERMS.source)
_CONTRADICTED = iri_token(EV.contradictedBy)
_CONFLICTS = iri_token(EV.conflictsWith)
_PREFERRED = iri_token(EV.preferred)
_RETRACTED = iri_token(EV.retracted)
_DISPUTING = frozenset((_CONTRADICTED, _CONFLICTS, _RETRACTED))
#: What a claim is made of, apart from what is said of it.
_OF_CLAIM = frozenset((_TYPE, *PART_TOKENS, iri_token(RDF.reifies)))
_DATES = (b"http://www.w3.org/2001/XMLSchema#gYear>", b"http://www.w3.org/2001/XMLSchema#date>")
_DEPRECATED = iri_token(OWL.deprecated)
_REPLACED = iri_token(DCTERMS.isReplacedBy)
_VERSION_IRI = iri_token(OWL.versionIRI)
_SCOPE_NOTE = iri_token(SKOS.scopeNote)
#: What an edition says of where it comes from.
PROVENANCE = {
    iri_token(name): key
    for name, key in (
        (SCHEMA.author, "author"), (SCHEMA.publisher, "publisher"), (SCHEMA.datePublished, "date"),
        (DCTERMS.source, "source"),
    )
}  # fmt: skip


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
    label: dict[bytes, tuple[str, str]] = field(default_factory=dict)  #: text and language (empty: none)
    names: dict[bytes, list[str]] = field(default_factory=dict)  #: acronyms and other names
    about: dict[bytes, tuple[str, str]] = field(default_factory=dict)  #: a description and its language
    types: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)
    members: dict[bytes, list[bytes]] = field(default_factory=dict)  #: class → its things, in order
    incoming: dict[bytes, "array[int]"] = field(default_factory=dict)  #: object → numbers of the lines
    units: dict[str, UnitView] = field(default_factory=dict)
    subjects: list[bytes] = field(default_factory=list)  #: everything with a page of its own, in order
    terms: dict[bytes, int] = field(default_factory=dict)  #: what the ontology declares → number of its first line
    claims: dict[str, list[tuple[bytes, str]]] = field(default_factory=dict)  #: unit → triple and claim IRI
    contradicted: dict[str, list[str]] = field(default_factory=dict)  #: unit → claims that it denies
    disputed: set[str] = field(default_factory=set)  #: claims that are denied or retracted, or conflict with others
    years: dict[bytes, tuple[str, ...]] = field(default_factory=dict)
    uses: dict[bytes, int] = field(default_factory=dict)  #: property → in how many lines
    sizes: dict[bytes, int] = field(default_factory=dict)  #: graph → how many lines; empty: the default graph
    withdrawn: set[bytes] = field(default_factory=set)
    replaced: set[bytes] = field(default_factory=set)  #: editions with a later one
    _first: dict[bytes, int] = field(default_factory=dict)  #: subject, no claim and no unit → number of its first line
    _kinds: dict[tuple[bytes, ...], tuple[bytes, ...]] = field(default_factory=dict)  #: few, each of many things
    _unnamed: dict[bytes, tuple[str, str]] = field(default_factory=dict)
    _provenance: dict[str, dict[str, list[bytes]]] = field(default_factory=dict)
    _scope_notes: dict[bytes, list[str]] = field(default_factory=dict)
    _last: tuple[bytes, Resource] | None = None
    _ranks: dict[bytes, Preference] = field(default_factory=dict)
    _described: dict[bytes, Preference] = field(default_factory=dict)

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
        """One pass over the lines, in which those of one subject follow each other."""
        ids = self.project.ids
        claim_start = f"<{ids.claims}".encode()
        document_start = f"<{ids.base}document/".encode()
        ontology_graph = iri_token(ids.graph("ontology"))
        uses, sizes = self.uses, self.sizes
        last = b""
        is_claim = is_unit = False
        for number, line in enumerate(self.lines):
            subject, predicate, object_, graph = split(line)
            uses[predicate] = uses.get(predicate, 0) + 1
            sizes[graph] = sizes.get(graph, 0) + 1
            if subject != last:
                last = subject
                is_claim = subject.startswith(claim_start)
                is_unit = not is_claim and subject.startswith(document_start) and b"#" in subject
                if not is_claim and not is_unit:
                    self._first[subject] = number
            if is_claim:
                self._claim(subject, predicate, object_)
            elif is_unit:
                self._unit(subject, predicate, object_)
            else:
                self._statement(number, subject, predicate, object_, graph == ontology_graph)

    def _statement(self, number: int, subject: bytes, predicate: bytes, object_: bytes, declared: bool) -> None:
        """Keep what is said of a term, which the ontology declares, or of a subject; one thing may be both."""
        if declared:
            self.terms.setdefault(subject, number)
        elif self.subjects[-1:] != [subject]:
            self.subjects.append(subject)
        if is_literal(object_):  # a literal
            self._literal(subject, predicate, object_)
        elif predicate == _TYPE:
            kinds = (*self.types.get(subject, ()), object_)
            self.types[subject] = self._kinds.setdefault(kinds, kinds)
            if not declared:
                self.members.setdefault(object_, []).append(subject)
        elif predicate != _VERSION_IRI:
            self.incoming.setdefault(object_, array("I")).append(number)
            if predicate == _REPLACED:
                self.replaced.add(subject)

    def _literal(self, subject: bytes, predicate: bytes, object_: bytes) -> None:
        """Keep a literal if it names or describes its subject, or dates it."""
        if (rank := self._order.label_preference(predicate, object_)) is not None:
            if subject not in self._ranks or rank < self._ranks[subject]:
                self._ranks[subject] = rank
                self.label[subject] = _text_and_language(object_)
        elif predicate in self._order.alternatives:
            self.names.setdefault(subject, []).append(literal(object_)[0])
        elif (rank := self._order.description_preference(predicate, object_)) is not None:
            if subject not in self._described or rank < self._described[subject]:
                self._described[subject] = rank
                self.about[subject] = _text_and_language(object_)
        elif object_.endswith(_DATES):
            years = (*self.years.get(subject, ()), intern(literal(object_)[0][:4]))
            self.years[subject] = years
        elif predicate == _DEPRECATED and object_.startswith(b'"true"'):
            self.withdrawn.add(subject)

    def _claim(self, subject: bytes, predicate: bytes, object_: bytes) -> None:
        if predicate in (_SUPPORTED, _IMPLIED):
            self.claims.setdefault(iri(object_), []).append((predicate, iri(subject)))
        elif predicate in _DISPUTING:
            self.disputed.add(iri(subject))
            if predicate == _CONTRADICTED:
                self.contradicted.setdefault(iri(object_), []).append(iri(subject))

    def _unit(self, subject: bytes, predicate: bytes, object_: bytes) -> None:
        name, property_ = iri(subject), iri(predicate)
        for selector in (".position", ".fragment", ".quote", ".page", ".element"):
            if name.endswith(selector):
                name = name.removesuffix(selector)
                self._selector(self.units.setdefault(name, UnitView(name)), selector, property_, object_)
                return
        unit = self.units.setdefault(name, UnitView(name))
        unit.edition, _, unit.number = name.partition("#")
        if property_ == SCHEMA.position:
            unit.position = int(literal(object_)[0])
        elif property_ == EV.unitKind:
            unit.kind = iri(object_)
        elif property_ == SCHEMA.sha256:
            unit.sha256 = literal(object_)[0]
        elif property_ == EV.gist:
            unit.gist = literal(object_)[0]
        elif property_ == EV.exemptAs:
            unit.exempt = iri(object_)
        elif property_ == DCTERMS.source:
            unit.source = iri(object_)

    def _selector(self, unit: UnitView, selector: str, property_: str, object_: bytes) -> None:
        """Keep where a unit stands, or what it quotes."""
        if property_ == OA.start:
            unit.start = int(literal(object_)[0])
        elif property_ == OA.end:
            unit.end = int(literal(object_)[0])
        elif property_ == OA.exact:
            unit.quote = literal(object_)[0]
        elif property_ == RDF.value and selector == ".page":
            number = literal(object_)[0].removeprefix("page=")
            unit.page = int(number) if number.isdecimal() else None
        elif property_ == RDF.value and selector == ".element":
            unit.element = literal(object_)[0]

    def editions(self) -> list[tuple[str, list[UnitView]]]:
        """Each edition's IRI with its units in the text's order."""
        units: dict[str, list[UnitView]] = {}
        for unit in self.units.values():
            units.setdefault(unit.edition, []).append(unit)
        return [(name, sorted(units[name], key=lambda unit: unit.position)) for name in sorted(units)]

    def name_of(self, token: bytes) -> tuple[str, str]:
        """What a token's resource is called, and in which language; the last part of its IRI when nothing says it."""
        name = self.label.get(token) or self._unnamed.get(token)
        if name is None:
            text = token.decode().strip("<>")
            name = self._unnamed[token] = (local_name(text.rstrip("/#")) or text, "")
        return name

    def lines_of(self, token: bytes) -> Iterator[bytes]:
        """The lines whose subject the token is."""
        return self._starting(token + b" ", self._first.get(token))

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

    def scope_notes(self, property_: bytes) -> list[str]:
        """What to mind when a property is used, such as that another one says less, in the best language there is."""
        notes = self._scope_notes.get(property_)
        if notes is None:
            tokens = [
                object_
                for _, predicate, object_, _ in map(split, self.lines_of(property_))
                if predicate == _SCOPE_NOTE and is_literal(object_)
            ]
            ranked = sorted(preference(token, self.project.language) for token in tokens)
            notes = self._scope_notes[property_] = [text for *of, text in ranked if of == list(ranked[0][:-1])]
        return notes

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
        return self.claim(self.claimed.get(triple) or self.project.ids.claim(triple))

    def claim(self, name: str) -> tuple[ClaimView | None, list[bytes]]:
        """The claim of this IRI, and its own triples."""
        units: list[tuple[str, bool]] = []
        values: dict[bytes, list[bytes]] = {}
        lines = []
        for line in self.lines_of(iri_token(name)):
            _, predicate, object_, graph = split(line)
            lines.append(without_graph(line, graph))
            if predicate == _SUPPORTED:
                units.append((iri(object_), False))
            elif predicate == _IMPLIED:
                units.append((iri(object_), True))
            elif predicate not in _OF_CLAIM:
                values.setdefault(predicate, []).append(object_)
        if not lines:
            return None, []
        stated = {unit for unit, implied in units if not implied}
        units = [(unit, implied) for unit, implied in units if not implied or unit not in stated]
        units.sort(key=lambda pair: self._place(pair[0]))

        def texts(predicate: bytes) -> tuple[str, ...]:
            return tuple(literal(token)[0] for token in values.pop(predicate, ()))

        def names(predicate: bytes) -> tuple[str, ...]:
            return tuple(map(iri, values.pop(predicate, ())))

        view = ClaimView(
            name, tuple(units), texts(_NOTE), names(_SOURCE),
            tuple(sorted(names(_CONTRADICTED), key=self._place)), names(_CONFLICTS),
            texts(_PREFERRED), texts(_RETRACTED),
            tuple((predicate, value) for predicate, members in values.items() for value in members),
        )  # fmt: skip
        return view, lines

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
    def _order(self) -> NameOrder:
        return NameOrder(self.project)

    @cached_property
    def paged(self) -> frozenset[bytes]:
        """Everything that has a page."""
        return self.described | frozenset(self.subjects) | self.terms.keys()

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
            statements, statement_lines = self._statements(token)
            incoming, incoming_lines = self._incoming(token)
            lines = statement_lines | incoming_lines | set(self._unit_lines(token))
            name = token.decode().strip("<>")
            last = token, Resource(name, statements, incoming, tuple(sorted(lines)), self.counted)
            self._last = last  # by one assignment, since threads share an index
        return last[1]

    def _statements(self, token: bytes) -> tuple[tuple[Statement, ...], set[bytes]]:
        """The statements about a resource with their claims, and the triples of both."""
        ontology = self.project.ids.graph("ontology")
        graphs = self.project.ids.graph("")
        statements: dict[bytes, Statement] = {}
        lines: set[bytes] = set()
        for line in self.lines_of(token):
            subject, predicate, object_, graph = split(line)
            name = iri(graph) if graph else ""
            if name == ontology:
                continue
            triple = without_graph(line, graph)
            claim, claim_lines = self.claim_of(triple)
            lines.add(triple)
            lines.update(claim_lines)
            if triple not in statements or claim:
                statements[triple] = Statement(subject, predicate, object_, name.removeprefix(graphs), claim)
        for triple, claim_name in self.no_longer_stated.get(token, ()):
            subject, predicate, object_, _ = split(triple)
            claim, claim_lines = self.claim(claim_name)
            lines.update(claim_lines)
            statements[triple] = Statement(subject, predicate, object_, WITHDRAWN, claim)
        return tuple(statements.values()), lines

    def _incoming(self, token: bytes) -> tuple[tuple[tuple[bytes, int, tuple[bytes, ...]], ...], set[bytes]]:
        """The links to a resource as `Resource.incoming` has them, and the triples of those that are shown."""
        ontology = self.project.ids.graph("ontology")
        subjects: dict[bytes, dict[bytes, None]] = {}
        for number in self.incoming.get(token, ()):
            subject, predicate, _, graph = split(self.lines[number])
            if not graph or iri(graph) != ontology:
                subjects.setdefault(predicate, {})[subject] = None
        first = {predicate: tuple(islice(subjects[predicate], self.most_incoming)) for predicate in sorted(subjects)}
        lines = {b"%s %s %s .\n" % (subject, name, token) for name, members in first.items() for subject in members}
        return tuple((name, len(subjects[name]), members) for name, members in first.items()), lines

    def _unit_lines(self, token: bytes) -> Iterator[bytes]:
        """The triples of the units of an edition, which its page shows."""
        for line in self._starting(token[:-1] + b"#"):
            yield without_graph(line, split(line)[3])

    def is_replaced(self, unit: UnitView) -> bool:
        """Whether a unit's edition has a later one."""
        return iri_token(unit.edition) in self.replaced

    def fingerprint(self, token: bytes) -> bytes:
        """A digest over all that a page of the resource shows: the lines it is made of and the names in them.

        It is asked for every page of every run, so it takes the lines as they are and a little more than is shown.
        """
        parts = list(self.lines_of(token))
        mentioned = {name for line in parts for name in line.split(b" ", 3)[1:3]}
        if self.has_claims:
            withdrawn = [triple for triple, _ in self.no_longer_stated.get(token, ())]
            for line in parts + withdrawn:
                subject, predicate, object_, _ = split(line)
                claim, lines = self.claim_of(b"%s %s %s .\n" % (subject, predicate, object_))
                if claim is None:
                    continue
                parts += lines
                mentioned.update(iri_token(source) for source in claim.sources)
                mentioned.update(term for pair in claim.further for term in pair)
                names = (*(name for name, _ in claim.units), *claim.contradicting)
                for unit in filter(None, map(self.units.get, names)):
                    known = self.provenance(unit.edition)
                    parts.append(f"{unit!r}{self.is_replaced(unit)}{known}".encode())
                    mentioned.update(term for terms in known.values() for term in terms)
                    mentioned |= {iri_token(unit.edition), iri_token(unit.kind)}
        for number in self.incoming.get(token, ()):
            parts.append(self.lines[number])
            mentioned.update(parts[-1].split(b" ", 2)[:2])
        for name in sorted(mentioned):
            if is_iri(name):
                parts.append(f"{name in self.paged}\0{self.name_of(name)}".encode())
        return sha256(b"\n".join(parts)).digest()


def _text_and_language(token: bytes) -> tuple[str, str]:
    text, language, _ = literal(token)
    return text, language or ""
