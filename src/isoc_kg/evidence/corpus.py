"""From a dataset and its texts to the pairs of claims and units that are asked."""

from collections.abc import Iterable, Mapping
from functools import cached_property

from ..authoring.dataset import Dataset
from ..authoring.declarations import Declarations
from ..authoring.facts import Claim, Place
from ..iris import compact
from ..namespaces import EV, ONTOLEX, RDF, SCHEMA, SKOS
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token
from .context import Context, contexts
from .cues import CueBook, Occurrence, occurrences
from .grammar import grammar_of
from .passage import Name, Passage, Span
from .questions import NAMING, Pair
from .words import Lexicon, fold

__all__ = ["Corpus", "Triple"]

Triple = tuple[str, str, bytes]  #: subject and predicate as IRIs, the object's token
#: What belongs to a document's layout or to the graph's own order: no sentence names it.
_STRUCTURAL = frozenset(
    (SCHEMA.Question, SCHEMA.Answer, SCHEMA.ItemList, SCHEMA.ListItem, SKOS.ConceptScheme, SKOS.Collection,
     SKOS.OrderedCollection, ONTOLEX.Word, ONTOLEX.MultiWordExpression, ONTOLEX.LexicalEntry, ONTOLEX.Form)
)  # fmt: skip
_TYPE = iri_token(RDF.type)
_ITEM = iri_token(SCHEMA.itemListElement)
_NAMES = {iri_token(name) for name in NAMING}


class Corpus:
    """All that the questions read of a dataset whose texts are at hand, indexed once."""

    def __init__(self, dataset: Dataset, texts: Mapping[str, str], shapes: Iterable[bytes]) -> None:
        self.dataset = dataset
        self.texts = texts
        project = dataset.project
        ontology = dataset.graph("ontology")
        self.declarations = Declarations(ontology, shapes)
        self.book = CueBook(ontology)
        self.types: dict[str, frozenset[str]] = {}
        self.labels: dict[str, list[str]] = {name: list(labels) for name, labels in dataset.labels.items()}
        self.items: set[str] = set()
        self.stated: dict[tuple[str, bytes], set[str]] = {}  #: property and object → the subjects that have them
        self.properties: set[str] = set()  #: those that relate things
        types: dict[str, set[str]] = {}
        for triple in dataset.claims:
            subject, predicate, object_, _ = split(triple)
            if predicate == _TYPE:
                types.setdefault(iri(subject), set()).add(iri(object_))
            elif predicate == _ITEM and object_.startswith(b"<"):
                self.items.add(iri(object_))
            if predicate != _TYPE and object_.startswith(b"<"):
                self.properties.add(iri(predicate))
                self.stated.setdefault((iri(predicate), object_), set()).add(iri(subject))
        self.types = {name: frozenset(classes) for name, classes in types.items()}
        self.lexicons: dict[str, Lexicon] = {}
        self.passages: dict[str, Passage] = {}
        self.edition: dict[str, str] = {}
        self.context: dict[str, Context] = {}
        self.exempt: set[str] = set()
        self.about: dict[str, str | None] = {}
        for source in dataset.editions:
            if source.iri not in texts:
                continue
            text = texts[source.iri]
            units = source.index.units.values()
            lexicon = Lexicon(source.index.language, [unit.text(text) for unit in units])
            self.lexicons[source.iri] = lexicon
            grammar = grammar_of(source.index.language)
            about = source.document.about
            self.about[source.iri] = project.ids.thing(about) if about else None
            self.context.update(contexts(source.iri, units))
            for unit in units:
                name = f"{source.iri}#{unit.number}"
                self.passages[name] = Passage(unit.text(text), lexicon, grammar)
                self.edition[name] = source.iri
                if unit.kind == "heading" or (unit.number in source.exempt and unit.kind != "lead-in"):
                    self.exempt.add(name)
        self._things: dict[str, list[str]] = {}
        self._by_stem: dict[str, dict[str, list[str]]] = {}
        self._cues: dict[str, list[tuple[str, Span]]] = {}
        self._rivals: dict[tuple[str, str], list[Span]] = {}
        self._names: dict[tuple[str, str], Name] = {}
        self._spans: dict[tuple[str, str, bool], list[Span]] = {}
        self._occurrences: dict[tuple[str, str], tuple[list[Occurrence], bool, bool]] = {}

    # ------------------------------------------------------------------ names

    def spans(self, label: str, unit: str, *, whole: bool = False) -> list[Span]:
        """Where a unit names what has a label; with `whole`, only where all of its content words stand."""
        key = label, unit, whole
        if key not in self._spans:
            name = self.name(label, self.edition[unit])
            self._spans[key] = self.passages[unit].names(name, 1.0) if whole else self.passages[unit].names(name)
        return self._spans[key]

    def named(self, labels: Iterable[str], unit: str) -> list[Span]:
        """Where a unit names what has any of these labels."""
        return [span for label in labels for span in self.spans(label, unit)]

    def labels_of(self, thing: str, without: Claim | None = None) -> list[str]:
        """All that names a thing; without what a claim that is withdrawn calls it."""
        labels = self.labels.get(thing, [])
        if without is not None:
            subject, predicate, object_, _ = split(without.triple)
            if iri(subject) == thing and predicate in _NAMES and object_.startswith(b'"'):
                withdrawn = literal(object_)[0]
                labels = [label for label in labels if label != withdrawn]
        return labels

    def occurrences(self, property_: str, unit: str) -> tuple[list[Occurrence], bool, bool]:
        """The cues of a property in a unit, whether any cue is authored for it, and whether any composes names."""
        key = property_, unit
        if key not in self._occurrences:
            passage = self.passages[unit]
            cues, authored = self.book.cues(property_, self.lexicons[self.edition[unit]], passage.grammar)
            self._occurrences[key] = occurrences(cues, passage), authored, any(cue.composing for cue in cues)
        return self._occurrences[key]

    def things(self, unit: str) -> list[str]:
        """The things that a unit names, those of the document's layout aside."""
        if unit not in self._things:
            edition = self.edition[unit]
            if edition not in self._by_stem:
                self._by_stem[edition] = {}
                by_stem = self._by_stem[edition]
                for thing in sorted(self.types):
                    if not self.structural(thing):
                        for label in self.labels.get(thing, ()):
                            for stem in self.name(label, edition).keys:
                                by_stem.setdefault(stem, []).append(thing)
            by_stem = self._by_stem[edition]
            passage = self.passages[unit]
            candidates = {thing for stem in passage.places for thing in by_stem.get(stem, ())}
            candidates.update(by_stem.get("", ()))
            self._things[unit] = [thing for thing in sorted(candidates) if self.named(self.labels[thing], unit)]
        return self._things[unit]

    def others(self, triple: Triple, unit: str, without: Claim) -> list[Span]:
        """Where a unit names things that could be the subject by their classes, and are not said to be."""
        subject, predicate, token = triple
        if not self.declarations.declared(predicate)[0]:
            return []
        object_ = iri(token)
        types = self.types.get(object_, frozenset())
        own = self.stated.get((predicate, token), set())
        withdrawn, of, _, _ = split(without.triple)
        spans = []
        for thing in self.things(unit):
            if thing in (subject, object_) or (thing in own and not (iri(withdrawn) == thing and iri(of) == predicate)):
                continue
            if all(self.declarations.fit(predicate, self.types[thing], types)):
                spans += self.named(self.labels[thing], unit)
        return spans

    def label(self, term: str) -> str:
        """What a term is called first, or its local name."""
        return (self.labels.get(term) or [term.rpartition("#")[2].rpartition("/")[2]])[0]

    def statement(self, triple: Triple) -> str:
        """A triple in words: what its ends and its property are called first, names between quotation marks."""
        subject, predicate, token = triple
        prefixes = self.dataset.project.prefixes

        def named(thing: str) -> str:
            return f"“{self.labels[thing][0]}”" if self.labels.get(thing) else compact(thing, prefixes)

        value = f"“{literal(token)[0]}”" if token.startswith(b'"') else named(iri(token))
        return f"{named(subject)} {self.label(predicate)} {value}"

    def name(self, label: str, edition: str) -> Name:
        """A label as it is searched in an edition."""
        key = label, edition
        if key not in self._names:
            self._names[key] = Name.of(label, self.lexicons[edition])
        return self._names[key]

    def rivals(self, property_: str, unit: str) -> list[Span]:
        """The cues in a unit that properties unrelated to one have, those of stop words alone aside."""
        key = property_, unit
        if key not in self._rivals:
            if unit not in self._cues:
                self._cues[unit] = [
                    (name, cue.place)
                    for name in self.properties
                    for cue in self.occurrences(name, unit)[0]
                    if not cue.cue.weak
                ]
            own = [cue.place for cue in self.occurrences(property_, unit)[0]]
            cues = {
                place for name, place in self._cues[unit]
                if name != property_ and not self.declarations.related(name, property_)
            }  # fmt: skip
            self._rivals[key] = sorted(
                (start, end) for start, end in cues if not any(first < end and start < last for first, last in own)
            )
        return self._rivals[key]

    def structural(self, thing: str) -> bool:
        """Whether a thing belongs to a document's layout, such as an answer or an item of its lists."""
        return thing in self.items or bool(self.declarations.superclasses(self.types.get(thing, ())) & _STRUCTURAL)

    # ------------------------------------------------------------------ order

    @cached_property
    def _orders(self) -> dict[str, dict[str, tuple[int, int]]]:
        """Property → claim → in how many of its units the subject is named first, and the object."""
        orders: dict[str, dict[str, tuple[int, int]]] = {}
        for claim in self.dataset.claims.values():
            subject, predicate, object_, _ = split(claim.triple)
            if not object_.startswith(b"<") or predicate == _TYPE:
                continue
            first = second = 0
            for _, unit, _ in claim.units(EV.supportedBy):
                if unit in self.passages:
                    ends = (self.named(self.labels.get(iri(end), ()), unit) for end in (subject, object_))
                    left, right = (min(spans)[0] if spans else None for spans in ends)
                    if left is not None and right is not None and left != right:
                        first, second = first + (left < right), second + (left > right)
            if first or second:
                orders.setdefault(iri(predicate), {})[claim.iri] = (first > 0, second > 0)
        return orders

    @cached_property
    def _totals(self) -> dict[str, tuple[int, int]]:
        return {
            name: (sum(first for first, _ in claims.values()), sum(second for _, second in claims.values()))
            for name, claims in self._orders.items()
        }

    def order(self, property_: str, without: str) -> tuple[int, int]:
        """How many claims of a property, without one, name the subject first, and the object."""
        first, second = self._totals.get(property_, (0, 0))
        own = self._orders.get(property_, {}).get(without, (0, 0))
        return first - own[0], second - own[1]

    # ------------------------------------------------------------------ pairs

    def pair(
        self,
        triple: Triple,
        unit: str,
        *,
        implied: bool,
        claim: Claim,
        passage: Passage | None = None,
    ) -> Pair:
        """A triple and a unit, as the questions see them; the claim that it is, or replaces, is withdrawn."""
        subject, predicate, token = triple
        passage = passage or self.passages[unit]
        edition = self.edition[unit]
        value = None
        types: frozenset[str] | None = None
        names = predicate in NAMING
        if token.startswith(b'"'):
            text, language, datatype = literal(token)
            value = text, datatype, language
            object_spans = self.spans(text, unit, whole=names)
        else:
            thing = iri(token)
            types = self.types.get(thing, frozenset())
            object_spans = self.named(self.labels_of(thing, claim), unit)
        subject_spans = [] if names else self.named(self.labels_of(subject, claim), unit)
        nearby = bool(subject_spans) or names or self._nearby((subject, predicate, token), unit, passage, claim)
        cues, cued, composing = self.occurrences(predicate, unit)
        return Pair(
            predicate=predicate,
            literal=value,
            passage=passage,
            implied=implied,
            exempt=unit in self.exempt,
            structural=self.structural(subject),
            about=subject == self.about[edition],
            subject=subject_spans,
            subject_nearby=nearby,
            object=object_spans,
            fit=(True, True) if predicate == RDF.type or names
            else self.declarations.fit(predicate, self.types.get(subject, frozenset()), types),
            cues=cues,
            cued=cued,
            composing=composing,
            others=self.others(triple, unit, claim) if cues and value is None and not implied else (),
            rivals=self.rivals(predicate, unit) if cues and value is None else (),
            attribute=not cues and value is None and not implied
            and self._attribute(subject, iri(token), unit, passage, (subject_spans, object_spans)),
            order=self.order(predicate, claim.iri),
            language=self.lexicons[edition].language,
            denying_name=bool(passage.denials) and self._denies(passage, subject, token),
            positional=predicate == SCHEMA.position,
        )  # fmt: skip

    def _nearby(self, triple: Triple, unit: str, passage: Passage, claim: Claim) -> bool:
        """Whether what rules a unit names a subject, or what stands before one that refers back does."""
        labels = self.labels_of(triple[0], claim)
        context = self.context[unit]
        if any(self.named(labels, other) for other in context.ruling):
            return True
        if not any(self.named(labels, other) for other in context.before):
            return False
        names = {thing: self.named(self.labels[thing], unit) for thing in self.things(unit)}
        others = [span for thing, spans in names.items() if iri_token(thing) != triple[2] for span in spans]
        return passage.refers_back([span for spans in names.values() for span in spans], others)

    def _attribute(
        self, subject: str, object_: str, unit: str, passage: Passage, ends: tuple[list[Span], list[Span]]
    ) -> bool:
        """Whether a unit names the subject only to say more of another thing, or the object, of one but the subject."""
        if passage.grammar is None or passage.grammar.of is None:
            return False
        for spans, own in zip(ends, ({subject}, {subject, object_}), strict=True):
            if spans:
                heads = [
                    span
                    for thing in self.things(unit)
                    if thing not in own
                    for span in self.named(self.labels[thing], unit)
                ]
                if all(passage.tied(span, heads) for span in spans):
                    return True
        return False

    def _denies(self, passage: Passage, subject: str, token: bytes) -> bool:
        labels = [*self.labels.get(subject, ()), *(self.labels.get(iri(token), ()) if token.startswith(b"<") else ())]
        return any(passage.grammar and passage.grammar.denial.search(fold(label)) for label in labels)

    def pairs_of(self, claim: Claim) -> list[tuple[str, bool, Place]]:
        """The units of a claim whose text is at hand, whether it is only implied there, and where that is written."""
        return [(unit, name == EV.impliedBy, place) for name, unit, place in claim.units() if unit in self.passages]

    def units(self, claim: Claim) -> list[tuple[str, bool]]:
        """The units of a claim whose text is at hand, and whether the claim is only implied there."""
        return [(unit, implied) for unit, implied, _ in self.pairs_of(claim)]
