"""From a dataset and its texts to the pairs of claims and units that are asked."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from ..authoring.dataset import Dataset
from ..authoring.dates import dating_properties
from ..authoring.declarations import Declarations
from ..authoring.facts import Claim, Place
from ..documents.cutting.kinds import ASKING
from ..iris import compact
from ..namespaces import DCTERMS, EV, ONTOLEX, RDF, SCHEMA, SKOS
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token
from .attachment import Claimants, belongs_elsewhere
from .columns import Row, rows
from .context import Context, contexts
from .cues import CueBook, Occurrence, occurrences, points
from .figures import figures
from .grammar import Grammar, grammar_of
from .literals import is_amount, is_text, missing_parts
from .measures import is_other_measure, measures_of
from .number_kinds import expects, is_bound, is_other_kind, number_kind
from .parts import End, concerns_part
from .passage import Name, Span, UnitText
from .period import dates_otherwise
from .questions import NAMING, Pair
from .words import Lexicon, fold

__all__ = ["Corpus", "Triple"]

Triple = tuple[str, str, bytes]  #: subject and predicate as IRIs, the object's token
#: What belongs to a document's layout or to the graph's own order: no sentence names it.
_STRUCTURAL = frozenset(
    (SCHEMA.Question, SCHEMA.Answer, SCHEMA.ItemList, SCHEMA.ListItem, SCHEMA.DefinedTermSet,
     SKOS.ConceptScheme, SKOS.Collection, SKOS.OrderedCollection,
     ONTOLEX.Word, ONTOLEX.MultiWordExpression, ONTOLEX.LexicalEntry, ONTOLEX.Form)
)  # fmt: skip
_TYPE = iri_token(RDF.type)
_NONE: frozenset[str] = frozenset()
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
        self.book = CueBook(ontology, project.all_words())
        self.types: dict[str, frozenset[str]] = {}
        self.labels: dict[str, list[str]] = {name: list(labels) for name, labels in dataset.labels.items()}
        self.items: set[str] = set()
        self.stated: dict[tuple[str, bytes], set[str]] = {}  #: property and object → the subjects that have them
        self.properties: set[str] = set()  #: those that relate things
        self.attributes: set[str] = set()  #: those that have literals, names aside
        types: dict[str, set[str]] = {}
        for triple in dataset.claims:
            subject, predicate, object_, _ = split(triple)
            if predicate == _TYPE:
                types.setdefault(iri(subject), set()).add(iri(object_))
            elif predicate == _ITEM and object_.startswith(b"<"):
                self.items.add(iri(object_))
            elif object_.startswith(b'"') and predicate not in _NAMES:
                self.attributes.add(iri(predicate))
            if predicate != _TYPE and object_.startswith(b"<"):
                self.properties.add(iri(predicate))
                self.stated.setdefault((iri(predicate), object_), set()).add(iri(subject))
        self.types = {name: frozenset(classes) for name, classes in types.items()}
        self.lexicons: dict[str, Lexicon] = {}
        self.passages: dict[str, UnitText] = {}
        self.edition: dict[str, str] = {}
        self.context: dict[str, Context] = {}
        self.exempt: set[str] = set()
        self.about: dict[str, str | None] = {}
        self.rows: dict[str, Row] = {}
        self._dating = dating_properties(ontology)
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
            self.rows.update(rows(source.iri, units, text))
            for unit in units:
                name = f"{source.iri}#{unit.number}"
                self.passages[name] = UnitText(unit.text(text), lexicon, grammar)
                self.edition[name] = source.iri
                if unit.kind == "heading" or (unit.number in source.exempt and unit.kind != "lead-in"):
                    self.exempt.add(name)
        self._things: dict[str, list[str]] = {}
        self._near: dict[str, list[str]] = {}
        self._proper: dict[str, list[Span]] = {}
        self._heads: dict[tuple[str, str], frozenset[str]] = {}
        self._by_stem: dict[str, dict[str, list[str]]] = {}
        self._cues: dict[str, list[tuple[str, Span]]] = {}
        self._rivals: dict[tuple[str, str, bool], list[Span]] = {}
        self._names: dict[tuple[str, str], Name] = {}
        self._spans: dict[tuple[str, str, bool], list[Span]] = {}
        self._occurrences: dict[tuple[str, str], tuple[list[Occurrence], bool, bool]] = {}

    @contextmanager
    def introducing(self, things: Mapping[str, tuple[Iterable[str], Iterable[str]]]) -> Iterator[None]:
        """Within the block, things are known besides, or by more: each with classes (IRIs) and names."""
        before = {thing: (self.types.get(thing), self.labels.get(thing)) for thing in things}
        self.introduce(things)
        try:
            yield
        finally:
            for thing, (types, labels) in before.items():
                _put_back(self.types, thing, types)
                _put_back(self.labels, thing, labels)
            if things:
                self._forget_things()
                for by_stem in self._by_stem.values():
                    for stems in by_stem.values():
                        stems[:] = [thing for thing in stems if thing in self.types]

    def introduce(self, things: Mapping[str, tuple[Iterable[str], Iterable[str]]]) -> None:
        """Know things besides, or by more, from now on: each with classes (IRIs) and names."""
        for thing, (types, labels) in things.items():
            self.types[thing] = self.types.get(thing, frozenset()) | frozenset(types)
            self.labels[thing] = list(dict.fromkeys((*self.labels.get(thing, ()), *labels)))
            for edition, by_stem in self._by_stem.items():
                for label in self.labels[thing]:
                    for stem in self.name(label, edition).keys:
                        if thing not in by_stem.setdefault(stem, []):
                            by_stem[stem].append(thing)
        if things:
            self._forget_things()

    def know_only(self, thing: str, types: Iterable[str], labels: Iterable[str]) -> None:
        """Know a thing by these of its classes (IRIs) and names alone; without any, not at all."""
        kept, names = frozenset(types), list(labels)
        _put_back(self.types, thing, kept or None)
        _put_back(self.labels, thing, names or None)
        for edition, by_stem in self._by_stem.items():
            keys = {stem for label in names for stem in self.name(label, edition).keys}
            for stem, things in by_stem.items():
                if thing in things and (not kept or stem not in keys):
                    things.remove(thing)
        self._forget_things()

    def _forget_things(self) -> None:
        """Forget which things units name, and what follows from that."""
        for memory in (self._things, self._near, self._proper, self._heads):
            memory.clear()

    # ------------------------------------------------------------------ names

    def spans(self, label: str, unit: str, *, whole: bool = False) -> list[Span]:
        """Where a unit names what has a label; with `whole`, only where all of its content words stand."""
        key = label, unit, whole
        if key not in self._spans:
            name = self.name(label, self.edition[unit])
            passage = self.passages[unit]
            spans = passage.names(name, 1.0) if whole else passage.names(name)
            misspelt = whole and spans and self.lexicons[self.edition[unit]].misspells(label, passage.text)
            self._spans[key] = [] if misspelt else spans
        return self._spans[key]

    def named(self, labels: Iterable[str], unit: str) -> list[Span]:
        """Where a unit names what has any of these labels."""
        return [span for label in labels for span in self.spans(label, unit)]

    def places(self, thing: str, unit: str, without: Claim | None = None, apart: Iterable[Span] = ()) -> list[Span]:
        """Where a unit names a thing: not within a longer name of another, such as “Lamp Guild” in “Lamp Guild Bank”.

        A longer name that holds one of the spans `apart` is put together of several: it does name the thing.
        """
        spans = self.named(self.labels_of(thing, without), unit)
        if not spans or not self._longer(unit):
            return spans
        own = {span for label in self.labels.get(thing, ()) for span in self.spans(label, unit)}
        longer = [
            (start, end)
            for start, end in self._longer(unit)
            if (start, end) not in own and not any(start <= first and last <= end for first, last in apart)
        ]
        return [
            span
            for span in spans
            if not any(start <= span[0] and span[1] <= end and (start, end) != span for start, end in longer)
        ]

    def _longer(self, unit: str) -> list[Span]:
        """Where a unit has a proper name of several words, or of several letters where words are not spaced."""
        if unit not in self._proper:
            passage, edition = self.passages[unit], self.edition[unit]
            names = {
                label: self.name(label, edition) for thing in self._candidates(unit) for label in self.labels[thing]
            }
            self._proper[unit] = sorted({span for name in names.values() for span in passage.spells(name)})
        return self._proper[unit]

    def _nouns(self, thing: str, edition: str) -> frozenset[str]:
        """The nouns by which a text goes on about a thing: the heads of its names, and of those of its classes."""
        key = thing, edition
        if key not in self._heads:
            lexicon = self.lexicons[edition]
            terms = (thing, *self.types.get(thing, ()))
            labels = (label for term in terms for label in self.labels.get(term, ()))
            grammar = grammar_of(lexicon.language)
            words = (grammar.head(fold(label)) for label in labels) if grammar else ()
            self._heads[key] = frozenset(stem for word in words for stem in lexicon.words(word)) - lexicon.stop
        return self._heads[key]

    def resumed(self, thing: str, unit: str) -> list[Span]:
        """Where a unit goes on about a thing by a definite noun, when it is the last that was named with this noun."""
        edition = self.edition[unit]
        nouns = self._nouns(thing, edition)
        passage = self.passages[unit]
        found = passage.resumes(nouns, self.lexicons[edition]) if nouns else []
        found = [
            (span, noun) for span, noun in found
            if not any(a <= span[0] and span[1] <= b for a, b in self._longer(unit))
        ]  # fmt: skip
        if not found or passage.grammar is None:
            return []
        spans, said = [span for span, _ in found], {noun for _, noun in found}
        is_head = passage.grammar.is_head
        context = self.context[unit]
        for other in (*reversed(context.before), *reversed(context.ruling), *reversed(context.title)):
            named = {
                rival: max(places)[0]
                for rival in self.things(other)
                if any(is_head(noun, self._nouns(rival, edition)) for noun in said)
                and (places := self.places(rival, other))
            }
            if named:
                return spans if named.get(thing) == max(named.values()) else []
        return spans if thing == self.about[edition] else []

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
            self._things[unit] = [thing for thing in self._candidates(unit) if self.places(thing, unit)]
        return self._things[unit]

    def _candidates(self, unit: str) -> list[str]:
        """The things of which a unit has a word."""
        if unit not in self._near:
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
            self._near[unit] = sorted(candidates)
        return self._near[unit]

    def others(self, triple: Triple, unit: str, without: Claim) -> tuple[list[Span], list[Span]]:
        """Where a unit names things that could be the subject by their classes: not said to be, and said to be."""
        subject, predicate, token = triple
        if not self.declarations.declared(predicate)[0]:
            return [], []
        object_ = iri(token)
        types = self.types.get(object_, frozenset())
        own = self.stated.get((predicate, token), set())
        withdrawn, of, _, _ = split(without.triple)
        spans: tuple[list[Span], list[Span]] = [], []
        for thing in self.things(unit):
            if thing in (subject, object_):
                continue
            said = thing in own and not (iri(withdrawn) == thing and iri(of) == predicate)
            if all(self.declarations.fit(predicate, self.types[thing], types)):
                spans[said].extend(self.places(thing, unit))
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

    def rivals(self, property_: str, unit: str, *, attributes: bool = False) -> list[Span]:
        """The cues in a unit that properties unrelated to one have, those of stop words alone aside.

        With `attributes` those of properties that have literals, too.
        """
        key = property_, unit, attributes
        if key not in self._rivals:
            if unit not in self._cues:
                self._cues[unit] = [
                    (name, cue.place)
                    for name in self.properties | self.attributes
                    for cue in self.occurrences(name, unit)[0]
                    if not cue.cue.weak
                ]
            own = [cue.place for cue in self.occurrences(property_, unit)[0]]
            cues = {
                place for name, place in self._cues[unit]
                if name != property_ and (attributes or name in self.properties)
                and not self.declarations.related(name, property_)
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
                    ends = (self.places(iri(end), unit) for end in (subject, object_))
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
        passage: UnitText | None = None,
    ) -> Pair:
        """A triple and a unit, as the questions see them; the claim that it is, or replaces, is withdrawn."""
        subject, predicate, token = triple
        passage = passage or self.passages[unit]
        edition = self.edition[unit]
        value = None
        types: frozenset[str] | None = None
        names = predicate in NAMING
        cues, cued, composing = self.occurrences(predicate, unit)
        marks = [cue.place for cue in cues]
        if token.startswith(b'"'):
            text, language, datatype = literal(token)
            value = text, datatype, language
            object_spans = self.spans(text, unit, whole=names)
        else:
            thing = iri(token)
            types = self.types.get(thing, frozenset())
            # a name may say of what class a thing is: “Salt Guild”
            object_spans = (
                self.named(self.labels_of(thing, claim), unit) if predicate == RDF.type
                else self.places(thing, unit, claim, marks) or self.resumed(thing, unit)
            )  # fmt: skip
        subject_spans = [] if names else self.places(subject, unit, claim, marks)
        resumed = [] if names or subject_spans else self.resumed(subject, unit)
        nearby = (
            bool(subject_spans or resumed) or names or self._nearby((subject, predicate, token), unit, passage, claim)
        )
        column = self._column((subject, predicate, token), unit, object_spans)
        others, fellows = self.others(triple, unit, claim) if cues and value is None else ([], [])
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
            others=others,
            fellows=fellows,
            resumed=resumed,
            rivals=self.rivals(predicate, unit) if cues and value is None else (),
            attribute=not cues and value is None and not implied
            and self._attribute(subject, iri(token), unit, passage, (subject_spans, object_spans)),
            one_way=bool(types) and self._one_way(predicate, self.types.get(subject, frozenset()), types),
            order=self.order(predicate, claim.iri),
            language=self.lexicons[edition].language,
            denying_name=bool(passage.denials) and self._denies(passage, subject, token),
            positional=predicate == SCHEMA.position,
            sorting=self._sorting(object_spans, unit) if predicate == RDF.type and passage.grammar else (),
            pronouns=_pronouns(cues, subject_spans, object_spans, passage) if value is None else (),
            elsewhere=value is not None and not names and predicate != SCHEMA.position and (
                column is False or self._is_other_number(triple, unit)
                or self._is_summed(triple, unit, subject_spans or resumed) or (
                    column is None and not (implied and not cues)
                    and self._elsewhere(triple, unit, cues, subject_spans or resumed)
                )
            ),
            opened=subject == self.about[edition] and not (names or subject_spans or resumed)
            and self._opened((subject, predicate, token), unit, object_spans),
            bounded=value is not None and self._bounded(value, unit),
            headed=column is True,
            partial=bool(cues) and not names and predicate != RDF.type and self._partial(
                triple, unit, cues, (_tight(subject_spans or resumed), _tight(object_spans))
            ),
            left_out=bool(cues) and any(
                spans and all(map(passage.excepts, _tight(spans)))
                for spans in (subject_spans or resumed, object_spans)
            ),
            mistimed=self._mistimed(triple, unit, claim),
            limited=SCHEMA.validThrough in claim.evidence,
            denied_above=any(self.passages[other].denials for other in self._above(unit)),
            doubted_above=any(_opens_with_doubt(self.passages[other]) for other in self._above(unit)),
            announced=not object_spans and bool(subject_spans) and value is None
            and any(self.places(iri(token), other, claim) for other in self._announcing(unit)),
            announced_cue=not names and not cues
            and self._announced_cue(triple, unit, claim, (subject_spans, object_spans)),
        )  # fmt: skip

    def _announcing(self, unit: str) -> list[str]:
        """The text that announces the list of which a unit is an item."""
        context = self.context[unit]
        return [other for other in context.ruling if self.passages[other].text.rstrip().endswith((":", "："))]

    def _above(self, unit: str) -> list[str]:
        """What stands above a unit and says something of it: the heading last before it, questions aside, a lead-in."""
        context = self.context[unit]
        own = [*context.section, *(other for other in context.ruling if other in self.exempt)]
        headings = [other for other in own if not self.passages[other].text.rstrip().endswith(ASKING)]
        return [*headings, *self._announcing(unit)]

    def _announced_cue(self, triple: Triple, unit: str, claim: Claim, ends: tuple[list[Span], list[Span]]) -> bool:
        """Whether the text that announces a list has words for a property, and the end that an item does not name."""
        if triple[2].startswith(b'"') or bool(ends[0]) == bool(ends[1]):
            return False
        for other in self._announcing(unit):
            subject = [] if ends[0] else self.places(triple[0], other, claim) or self.resumed(triple[0], other)
            object_ = [] if ends[1] else self.places(iri(triple[2]), other, claim)
            if subject or object_:
                cues = self.occurrences(triple[1], other)[0]
                return any(points(cue, subject, object_, self.passages[other]) for cue in cues)
        return False

    def _partial(self, triple: Triple, unit: str, cues: list[Occurrence], spans: tuple[list[Span], list[Span]]) -> bool:
        """Whether a unit says what a property says only of a part, a member or a share of an end."""
        subject, _, token = triple
        edition = self.edition[unit]
        ends = [End(spans[0], self._nouns(subject, edition))]
        if token.startswith(b"<"):
            ends.append(End(spans[1], self._nouns(iri(token), edition)))
        return concerns_part(cues, ends, self.passages[unit])

    def _mistimed(self, triple: Triple, unit: str, claim: Claim) -> bool:
        """Whether a unit gives a date of a claim's period otherwise, or no unit of the claim gives it."""
        for key in (SCHEMA.validFrom, SCHEMA.validThrough):
            for date in claim.evidence.get(key, ()):
                own = self._dates(date, unit, triple, key == SCHEMA.validFrom)
                if own is True:
                    continue
                rest = [other for other, _ in self.units(claim) if other != unit]
                if any(self._dates(date, other, triple, key == SCHEMA.validFrom) for other in rest):
                    continue
                # what no text at hand gives, another source may; of several units the first is named
                elsewhere = any(name in claim.evidence for name in (DCTERMS.source, SKOS.editorialNote))
                unread = sum(1 for _ in claim.units()) > len(rest) + 1
                if own is False or not (elsewhere or unread or any(other < unit for other in rest)):
                    return True
        return False

    def _dates(self, date: str, unit: str, triple: Triple, start: bool) -> bool | None:
        """Whether a unit gives a date as the start or end of a statement; None where it does not give the date."""
        text, _, datatype = literal(date.encode())
        passage = self.passages[unit]
        language = self.lexicons[self.edition[unit]].language
        standing = figures(passage.text, language)
        here = [figure for figure in standing if figure.gives(text, datatype, language)]
        if not here:
            context = self.context[unit]
            above = (*context.section, *context.ruling, *context.title)
            given = any(not missing_parts(text, datatype, self.passages[other].text, language) for other in above)
            return True if given else None
        rival = [figure for figure in standing if figure not in here and figure.dated]
        cues = self.occurrences(triple[1], unit)[0]
        verbs = self.rivals(triple[1], unit, attributes=True)
        return not dates_otherwise(here, rival, cues, verbs, passage, start=start)

    def _nearby(self, triple: Triple, unit: str, passage: UnitText, claim: Claim) -> bool:
        """Whether what rules a unit names a subject, or what stands before one that refers back does."""
        context = self.context[unit]
        if any(self.places(triple[0], other, claim) for other in (*context.ruling, *context.title)):
            return True
        if not any(self.places(triple[0], other, claim) for other in context.before):
            return False
        if self._turns_away(triple, unit):
            return False
        names = {thing: self.places(thing, unit) for thing in self.things(unit)}
        others = [span for thing, spans in names.items() if iri_token(thing) != triple[2] for span in spans]
        return passage.refers_back([span for spans in names.values() for span in spans], others)

    def _turns_away(self, triple: Triple, unit: str) -> bool:
        """Whether a unit that does not name a subject begins with a word that refers to something else.

        A pronoun refers to what the last unit before it names that could be the subject, or goes on about; “the mill”
        to the mill that was named last, or to what “a mill” brought in.
        """
        passage, context = self.passages[unit], self.context[unit]
        grammar = passage.grammar
        if grammar is None:
            return False
        if grammar.leading and grammar.leading.match(passage.folded):
            return self._leaves(triple, unit)
        noun = grammar.definite.search(passage.folded) if grammar.definite else None
        if (
            noun is None
            or passage.between(0, noun.start()) > 0
            or (grammar.back and grammar.back.search(passage.folded))
        ):
            return False
        opening = [(first, last) for first, last, _ in passage.tokens(noun.start(1), noun.end(1))][:1]
        edition = self.edition[unit]
        known = {thing for other in (*context.before, *context.ruling) for thing in self.things(other)}
        for thing in known - {triple[0]}:
            if any(span in opening for span in self.resumed(thing, unit)) and self._heads_name(thing, noun[1], grammar):
                # a name with the noun, “pruning course”, is meant before a thing of that class
                own = self._heads_name(triple[0], noun[1], grammar, classes=False)
                by_name = self._heads_name(thing, noun[1], grammar, classes=False)
                return iri_token(thing) != triple[2] and (by_name or not own)
        stem = next((stem for _, _, stem in passage.tokens(noun.start(1), noun.end(1))), "")
        if not stem or grammar.is_head(stem, self._nouns(triple[0], edition)) or stem in passage.stop:
            return False
        ends = (triple[0], iri(triple[2])) if triple[2].startswith(b"<") else (triple[0],)
        if any(passage.between(first, noun.start(1)) <= 1 and first >= noun.start() for end in ends
               for first, _ in self.places(end, unit)):  # fmt: skip
            return False  # the noun belongs to a name of an end
        return any(self.passages[other].introduces(stem) for other in (*context.before, *context.ruling))

    def _heads_name(self, thing: str, words: str, grammar: Grammar, *, classes: bool = True) -> bool:
        """Whether words begin with the noun of a thing's names or classes as written there: “Works” is no “work”."""
        terms = (thing, *(self.types.get(thing, ()) if classes else ()))
        nouns = {grammar.head(fold(label)) for term in terms for label in self.labels.get(term, ())}
        first = words.split()[0]
        return first in nouns or (grammar.compounding and any(noun.endswith(first) for noun in nouns))

    def _leaves(self, triple: Triple, unit: str) -> bool:
        """Whether the last unit before one that begins with a pronoun is about other possible subjects alone."""
        before = self.context[unit].before
        for number in range(len(before) - 1, -1, -1):
            other = before[number]
            named = set(self.things(other))
            named |= {thing for one in before[:number] for thing in self.things(one) if self.resumed(thing, other)}
            if triple[0] in named or self.resumed(triple[0], other):
                return False
            grammar = self.passages[other].grammar
            if any(self._could_be(thing, triple) for thing in named if iri_token(thing) != triple[2]):
                return not (grammar and grammar.leading and grammar.leading.match(self.passages[other].folded))
        return False

    def _could_be(self, thing: str, triple: Triple) -> bool:
        """Whether a thing could be the subject of a statement, by its classes."""
        subject, predicate, _ = triple
        types = self.types.get(thing, frozenset())
        if self.declarations.declared(predicate)[0]:
            return all(self.declarations.fit(predicate, types, None))
        return bool(types & self.types.get(subject, frozenset()))

    def _attribute(
        self, subject: str, object_: str, unit: str, passage: UnitText, ends: tuple[list[Span], list[Span]]
    ) -> bool:
        """Whether a unit names the subject only to say more of another thing, or the object, of one but the subject."""
        if passage.grammar is None or passage.grammar.of is None:
            return False
        for spans, own in zip(ends, ({subject}, {subject, object_}), strict=True):
            if spans:
                heads = [span for thing in self.things(unit) if thing not in own for span in self.places(thing, unit)]
                if all(passage.tied(span, heads) for span in spans):
                    return True
        return False

    def _sorting(self, spans: list[Span], unit: str) -> list[Span]:
        """Where a class stands as what something is, or is not: in no name, and not as one that was named before."""
        passage = self.passages[unit]
        taken = [*self._longer(unit), *passage.definites]
        return [span for span in spans if not any(start <= span[0] and span[1] <= end for start, end in taken)]

    def _elsewhere(self, triple: Triple, unit: str, cues: list[Occurrence], subject: list[Span]) -> bool:
        """Whether the figures of a unit that give a literal belong to another thing, or to another property."""
        text, _, datatype = literal(triple[2])
        passage = self.passages[unit]
        if is_text(datatype) or passage.grammar is None:
            return False
        language = self.lexicons[self.edition[unit]].language
        standing = figures(passage.text, language)
        here = [figure for figure in standing if figure.gives(text, datatype, language)]
        if not here:
            return False
        names = {thing: self.places(thing, unit) for thing in self.things(unit)}
        named = [span for spans in names.values() for span in spans]
        rival = [
            figure
            for figure in standing
            if figure not in here and figure.dated == here[0].dated
            and not any(start <= figure.place[0] and figure.place[1] <= end for start, end in named)
        ]  # fmt: skip
        others = self._alternatives(triple, names)
        if not rival and not others:
            return False
        loose = self.book.loose(triple[1], self.lexicons[self.edition[unit]], passage.grammar)
        cues = [*cues, *occurrences(loose, passage)]
        return belongs_elsewhere(
            here, rival, cues, self.rivals(triple[1], unit, attributes=True), Claimants(subject, others), passage
        )

    def _opened(self, triple: Triple, unit: str, named: Iterable[Span]) -> bool:
        """Whether a unit that does not name what its document is about, nor refers back, begins with another thing.

        The object may stand there, since sentences may turn round; so may what a preposition puts beside the sentence.
        """
        passage = self.passages[unit]
        if self._turns_away(triple, unit):
            return True
        if passage.grammar is not None and passage.grammar.back and passage.grammar.back.search(passage.folded):
            return False
        before = {thing for other in self.context[unit].before for thing in self.things(other)}
        spans = {thing: self.places(thing, unit) for thing in self.things(unit) if thing != triple[0]}
        spans |= {thing: self.resumed(thing, unit) for thing in before - spans.keys() - {triple[0]}}  # “the company”
        ends = [*named, *(span for thing, own in spans.items() if iri_token(thing) == triple[2] for span in own)]
        whole = len(passage.folded.rstrip(" .;,"))
        if any(passage.between(0, first) == 0 and last >= whole for first, last in ends):
            return False  # an item of a list that is the object, and nothing else
        return any(
            passage.between(0, start) <= 1 and not passage.ruled((start, end)) and not any(
                first <= start < last for first, last in ends
            )
            for thing, own in spans.items() if iri_token(thing) != triple[2]
            for start, end in own
        )  # fmt: skip

    def _bounded(self, value: tuple[str, str | None, str | None], unit: str) -> bool:
        """Whether all that a unit has of a literal's number only bounds it."""
        lexical, datatype, _ = value
        if not is_amount(datatype):
            return False
        passage, language = self.passages[unit], self.lexicons[self.edition[unit]].language
        here = [figure for figure in figures(passage.text, language) if figure.gives(lexical, datatype, language)]
        return bool(here) and all(is_bound(passage.folded, figure) for figure in here)

    def _is_other_number(self, triple: Triple, unit: str) -> bool:
        """Whether all that a unit has of a literal's number is of another kind: a page, a year, a part of a date."""
        text, _, datatype = literal(triple[2])
        wanted = expects(triple[1], triple[1] in self._dating, text, datatype)
        if wanted is None and not is_amount(datatype):
            return False
        passage, language = self.passages[unit], self.lexicons[self.edition[unit]].language
        here = [figure for figure in figures(passage.text, language) if figure.gives(text, datatype, language)]
        units, rates = measures_of(self.book.folded(triple[1], language)) if is_amount(datatype) else (_NONE, _NONE)
        return bool(here) and all(
            (wanted and is_other_kind(wanted, number_kind(passage.text, passage.folded, figure, language)))
            or is_other_measure(passage.folded, figure, units, rates)
            for figure in here
        )

    def _is_summed(self, triple: Triple, unit: str, subject: list[Span]) -> bool:
        """Whether a unit gives a number of its subject and of others, taken together."""
        text, _, datatype = literal(triple[2])
        passage, language = self.passages[unit], self.lexicons[self.edition[unit]].language
        if not is_amount(datatype) or not passage.sums or not subject:
            return False
        here = [figure for figure in figures(passage.text, language) if figure.gives(text, datatype, language)]
        clauses = {passage.clause(start) for start, _ in passage.sums}
        return (
            bool(here)
            and all(passage.clause(figure.place[0]) in clauses for figure in here)
            and all(passage.is_coordinated(span) for span in _tight(subject))
        )

    def _column(self, triple: Triple, unit: str, spans: Iterable[Span]) -> bool | None:
        """Whether the object stands in a column with a head for the property; None where no head has its words."""
        row = self.rows.get(unit)
        if row is None or row.head is None:
            return None
        cues = self.occurrences(triple[1], row.head)[0]
        loose = self.book.loose(triple[1], self.lexicons[self.edition[unit]], self.passages[row.head].grammar)
        places = [cue.place for cue in (*cues, *occurrences(loose, self.passages[row.head]))]
        columns = {self.rows[row.head].column(start) for start, _ in places}
        if triple[2].startswith(b'"') and not is_text((value := literal(triple[2]))[2]):
            language = self.lexicons[self.edition[unit]].language
            given = figures(self.passages[unit].text, language)
            spans = [figure.place for figure in given if figure.gives(value[0], value[2], language)]
        standing = {row.column(start) for start, _ in spans}
        return bool(columns & standing) if columns and standing else None

    def _alternatives(self, triple: Triple, names: Mapping[str, list[Span]]) -> list[Span]:
        """Where things are named that could be the subject of a literal by their class."""
        subject, predicate, _ = triple
        types = self.types.get(subject, frozenset())
        declared = self.declarations.declared(predicate)[0]
        fit = self.declarations.fit
        return [
            span
            for thing, spans in names.items()
            if thing != subject
            and (all(fit(predicate, self.types[thing], None)) if declared else types & self.types[thing])
            for span in spans
        ]  # fmt: skip

    def _denies(self, passage: UnitText, subject: str, token: bytes) -> bool:
        labels = [*self.labels.get(subject, ()), *(self.labels.get(iri(token), ()) if token.startswith(b"<") else ())]
        return any(passage.hedging and passage.hedging.denial.search(fold(label)) for label in labels)

    def _one_way(self, predicate: str, subject: frozenset[str], object_: frozenset[str] | None) -> bool:
        """Whether classes fit the ends of a property, and would not the other way round."""
        fit = self.declarations.fit
        turned = fit(predicate, object_ or frozenset(), subject)
        return all(fit(predicate, subject, object_)) and not all(turned)

    def pairs_of(self, claim: Claim) -> list[tuple[str, bool, Place]]:
        """The units of a claim whose text is at hand, whether it is only implied there, and where that is written."""
        return [(unit, name == EV.impliedBy, place) for name, unit, place in claim.units() if unit in self.passages]

    def units(self, claim: Claim) -> list[tuple[str, bool]]:
        """The units of a claim whose text is at hand, and whether the claim is only implied there."""
        return [(unit, implied) for unit, implied, _ in self.pairs_of(claim)]


def _tight(spans: list[Span]) -> list[Span]:
    """Spans without those that a shorter one overlaps: “East Orchard”, and not “Orchard and the East”."""
    return [
        span for span in spans
        if not any(a < span[1] and span[0] < b and b - a < span[1] - span[0] for a, b in spans)
    ]  # fmt: skip


def _opens_with_doubt(passage: UnitText) -> bool:
    """Whether a heading or a lead-in hedges all that stands below it: “Planned stations”."""
    return bool(passage.doubts) or any(passage.between(0, start) == 0 for start, _ in passage.qualifiers)


def _put_back(table: dict[str, Any], key: str, value: Any) -> None:
    if value is None:
        table.pop(key, None)
    else:
        table[key] = value


def _pronouns(cues: Iterable[Occurrence], subject: list[Span], object_: list[Span], passage: UnitText) -> list[Span]:
    """Pronouns behind cues that stand for an object named before the subject: “the canal, and the guild tends it”."""
    pattern = passage.grammar.pronoun if passage.grammar else None
    if pattern is None or not any(end <= first for _, end in object_ for first, _ in subject):
        return []
    spans = []
    for cue in cues:
        match = pattern.match(passage.folded, cue.place[1])
        before = max((span for span in subject if span[1] <= cue.place[0]), default=None)
        if match and before and any(end <= before[0] for _, end in object_):
            spans.append(match.span(1))
    return spans
