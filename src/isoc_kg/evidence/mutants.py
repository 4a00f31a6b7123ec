"""Corrupted claims for the audit: each replaces its claim, one kind of mistake a time."""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random

from ..authoring.facts import Claim
from ..namespaces import OWL, RDF, RDFS, SCHEMA, SKOS, XSD
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token
from .corpus import Corpus, Triple
from .questions import NAMING

__all__ = ["KINDS", "Mutant", "Workshop"]

_SYMMETRIC = frozenset((SKOS.related, SKOS.exactMatch, SKOS.closeMatch, SKOS.relatedMatch, OWL.sameAs))
#: Statements about the layout of a document or a list; their mutants say nothing wrong of the text.
_LAYOUT = frozenset((SCHEMA.position, SCHEMA.itemListElement, SCHEMA.acceptedAnswer, SKOS.inScheme, SCHEMA.about))
#: Two names with so large a share of words in common are nearly equal.
_ALIKE = 0.5
#: As many things of one class in a sentence are all tried; of more, one is drawn.
_FEW = 4
#: Of so many things of one class one is drawn; of more, from a sample.
_MANY = 300


@dataclass(frozen=True, slots=True)
class Mutant:
    """A corrupted claim: the triple in place of the claim's own, resting on a unit."""

    kind: str
    claim: Claim
    triple: Triple
    unit: str
    denial: tuple[int, str] | None = None  #: a word put into the unit's folded text, and where

    @property
    def key(self) -> tuple[str, Triple, str, tuple[int, str] | None]:
        """What makes two mutants the same."""
        return self.kind, self.triple, self.unit, self.denial


class Workshop:
    """Makes mutants of a corpus' claims, the same ones for the same seed."""

    def __init__(self, corpus: Corpus, seed: int) -> None:
        self.corpus = corpus
        self.seed = seed
        self._asserted: dict[tuple[str, bytes], set[str]] = {}
        self._properties: set[str] = set()
        self._neighbours: dict[str, set[str]] = {}
        self._ends: dict[
            tuple[str, str], set[str]
        ] = {}  #: subject and property → objects; property and object → subjects
        for triple, claim in corpus.dataset.claims.items():
            subject, predicate, object_, _ = split(triple)
            self._asserted.setdefault((iri(subject), object_), set()).add(iri(predicate))
            if object_.startswith(b"<"):
                self._ends.setdefault((iri(subject), iri(predicate)), set()).add(iri(object_))
                self._ends.setdefault((iri(predicate), iri(object_)), set()).add(iri(subject))
                if iri(predicate) != RDF.type and corpus.units(claim):
                    self._properties.add(iri(predicate))
                if iri(predicate).startswith(SKOS.iri):
                    self._neighbours.setdefault(iri(subject), set()).add(iri(object_))
                    self._neighbours.setdefault(iri(object_), set()).add(iri(subject))
        things = [name for name in corpus.types if corpus.labels.get(name) and not corpus.structural(name)]
        self._by_class: dict[str, list[str]] = {}
        for name in sorted(things):
            for class_ in corpus.types[name]:
                self._by_class.setdefault(class_, []).append(name)

    def mutants(self) -> Iterator[Mutant]:
        """Every mutant once, kind by kind, in the order of the claims."""
        seen = set()
        for kind, make in KINDS.items():
            for triple, claim in sorted(self.corpus.dataset.claims.items()):
                subject, predicate, object_, _ = split(triple)
                whole = iri(subject), iri(predicate), object_
                if self.corpus.structural(whole[0]) or whole[1] in _LAYOUT:
                    continue
                for unit, implied in self.corpus.units(claim):
                    if unit in self.corpus.exempt or (implied and kind != "type"):
                        continue
                    random = Random(f"{self.seed} {kind} {claim.iri} {unit}")  # noqa: S311
                    for mutant in make(self, random, claim, whole, unit):
                        if mutant.key not in seen:
                            seen.add(mutant.key)
                            yield mutant

    # ------------------------------------------------------------- exclusions

    def states(self, triple: Triple) -> bool:
        """Whether the project states a triple, or one with a property above or below."""
        subject, predicate, object_ = triple
        related = self.corpus.declarations.related
        return any(related(predicate, name) for name in self._asserted.get((subject, object_), ()))

    def alike(self, first: str, second: str, unit: str) -> bool:
        """Whether two things are related, or called nearly the same."""
        if first == second or second in self._neighbours.get(first, ()):
            return True
        key = (first, second) if first < second else (second, first)
        if key not in self._alike:
            self._alike[key] = any(
                one & other and len(one & other) >= _ALIKE * min(len(one), len(other))
                for one in self._words(first, unit)
                for other in self._words(second, unit)
            )
        return self._alike[key]

    @cached_property
    def _alike(self) -> dict[tuple[str, str], bool]:
        return {}

    @cached_property
    def _contents(self) -> dict[str, list[frozenset[str]]]:
        return {}

    def _words(self, thing: str, unit: str) -> list[frozenset[str]]:
        if thing not in self._contents:
            lexicon = self.corpus.lexicons[self.corpus.edition[unit]]
            self._contents[thing] = [frozenset(lexicon.content(label)) for label in self.corpus.labels.get(thing, ())]
        return self._contents[thing]

    def fits(self, triple: Triple) -> bool:
        """Whether the classes of both ends are among those declared."""
        types = self.corpus.types
        subject, predicate, object_ = triple
        ends = types.get(subject, frozenset()), types.get(iri(object_), frozenset())
        return all(self.corpus.declarations.fit(predicate, *ends))

    # ------------------------------------------------------------------ kinds

    def sentence(self, random: Random, claim: Claim, triple: Triple, unit: str) -> Iterator[Mutant]:
        """The next unit that can be evidence, in place of the one that is; a name may well stand there, too."""
        following = self._following[unit]
        if following and triple[1] not in NAMING and following not in {name for name, _ in self.corpus.units(claim)}:
            yield Mutant("sentence", claim, triple, following)

    @cached_property
    def _following(self) -> dict[str, str | None]:
        result: dict[str, str | None] = {}
        by_edition: dict[str, list[str]] = {}
        for unit, edition in self.corpus.edition.items():
            by_edition.setdefault(edition, []).append(unit)
        for units in by_edition.values():
            following = None
            for unit in reversed(units):
                result[unit] = following
                if unit not in self.corpus.exempt:
                    following = unit
        return result

    def _relation(self, triple: Triple) -> bool:
        return triple[2].startswith(b"<") and triple[1] not in NAMING and triple[1] != RDF.type

    def predicate(self, random: Random, claim: Claim, triple: Triple, unit: str) -> Iterator[Mutant]:
        """Any other object property of the project."""
        yield from self._predicate("predicate", random, claim, triple, unit)

    def fitting_predicate(self, random: Random, claim: Claim, triple: Triple, unit: str) -> Iterator[Mutant]:
        """Another property whose declared classes both ends have."""
        yield from self._predicate("fitting predicate", random, claim, triple, unit, fitting=True)

    def _predicate(
        self, kind: str, random: Random, claim: Claim, triple: Triple, unit: str, *, fitting: bool = False
    ) -> Iterator[Mutant]:
        subject, predicate, object_ = triple
        if not self._relation(triple):
            return
        others = []
        for name in sorted(self._properties - _LAYOUT):
            other = subject, name, object_
            if not self.corpus.declarations.related(name, predicate) and not self.states(other):
                if not fitting or self.fits(other):
                    others.append(other)
        if others:
            yield Mutant(kind, claim, random.choice(others), unit)

    def turned(self, random: Random, claim: Claim, triple: Triple, unit: str) -> Iterator[Mutant]:
        """Subject and object exchanged."""
        subject, predicate, object_ = triple
        if not self._relation(triple) or predicate in _SYMMETRIC or iri(object_) not in self.corpus.types:
            return
        other = iri(object_), predicate, iri_token(subject)
        if not self.states(other):
            yield Mutant("turned", claim, other, unit)

    def _replaced(
        self, kind: str, random: Random, claim: Claim, triple: Triple, unit: str, things: Collection[str], *,
        end: int, same: bool = False,
    ) -> Iterator[Mutant]:  # fmt: skip
        if not self._relation(triple):
            return
        subject, predicate, object_ = triple
        ends = subject, iri(object_)
        if ends[end] not in self.corpus.types or not self.corpus.labels.get(ends[end]):
            return
        classes = self.corpus.types[ends[end]]
        stated = self._ends.get((subject, predicate) if end else (predicate, ends[1]), ())
        choices = []
        for thing in things:
            if thing in ends or (same and not classes & self.corpus.types[thing]):
                continue
            other = (thing, predicate, object_) if end == 0 else (subject, predicate, iri_token(thing))
            if not self.states(other) and not any(self.alike(name, thing, unit) for name in stated):
                choices.append(other)
        for other in choices if same and len(choices) <= _FEW else random.sample(choices, min(1, len(choices))):
            yield Mutant(kind, claim, other, unit)

    def object_in_sentence(self, random: Random, claim: Claim, triple: Triple, unit: str) -> Iterator[Mutant]:
        """Another thing that the unit names, as object."""
        yield from self._replaced("object in sentence", random, claim, triple, unit, self.corpus.things(unit), end=1)

    def subject_in_sentence(self, random: Random, claim: Claim, triple: Triple, unit: str) -> Iterator[Mutant]:
        """Another thing that the unit names, as subject."""
        yield from self._replaced("subject in sentence", random, claim, triple, unit, self.corpus.things(unit), end=0)

    def fitting_object(self, random: Random, claim: Claim, triple: Triple, unit: str) -> Iterator[Mutant]:
        """Another thing of the object's class that the unit names."""
        yield from self._replaced(
            "fitting object", random, claim, triple, unit, self.corpus.things(unit), end=1, same=True
        )

    def fitting_subject(self, random: Random, claim: Claim, triple: Triple, unit: str) -> Iterator[Mutant]:
        """Another thing of the subject's class that the unit names."""
        yield from self._replaced(
            "fitting subject", random, claim, triple, unit, self.corpus.things(unit), end=0, same=True
        )

    def object_of_class(self, random: Random, claim: Claim, triple: Triple, unit: str) -> Iterator[Mutant]:
        """Any other thing of the object's class."""
        if self._relation(triple):
            things = _some(random, self._same_class(iri(triple[2])))
            yield from self._replaced("object of class", random, claim, triple, unit, things, end=1)

    def subject_of_class(self, random: Random, claim: Claim, triple: Triple, unit: str) -> Iterator[Mutant]:
        """Any other thing of the subject's class."""
        if self._relation(triple):
            yield from self._replaced(
                "subject of class", random, claim, triple, unit, _some(random, self._same_class(triple[0])), end=0
            )

    def _same_class(self, thing: str) -> list[str]:
        classes = sorted(self.corpus.types.get(thing, ()))
        return list(dict.fromkeys(name for class_ in classes for name in self._by_class.get(class_, ())))

    def literal(self, random: Random, claim: Claim, triple: Triple, unit: str) -> Iterator[Mutant]:
        """A number that is off by a little, or a name in which one word is another of the document's."""
        subject, predicate, token = triple
        if not token.startswith(b'"'):
            return
        text, language, datatype = literal(token)
        if datatype and datatype not in (XSD.string, RDF.langString):
            digits = [number for number, char in enumerate(text) if char.isdigit()]
            if not digits:
                return
            place = random.choice(digits[-2:])
            digit = random.choice([d for d in "0123456789" if d != text[place]])
            changed = text[:place] + digit + text[place + 1 :]
            yield Mutant("literal", claim, (subject, predicate, f'"{changed}"^^<{datatype}>'.encode()), unit)
        elif predicate in NAMING and (words := text.split()):
            passage = self.corpus.passages[unit]
            lexicon = self.corpus.lexicons[self.corpus.edition[unit]]
            place = random.randrange(len(words))
            if not lexicon.words(words[place]) - lexicon.stop:
                return
            others = [
                word
                for word in self._document_words.get(self.corpus.edition[unit], ())
                if lexicon.stem(word) not in passage.places
            ]
            if not others:
                return
            words[place] = random.choice(others)
            changed = " ".join(words).replace("\\", "").replace('"', "")
            tail = f"@{language}" if language else ""
            yield Mutant("literal", claim, (subject, predicate, f'"{changed}"{tail}'.encode()), unit)

    @cached_property
    def _document_words(self) -> dict[str, list[str]]:
        """Edition → its words that are neither stop words nor frequent."""
        words: dict[str, set[str]] = {}
        for unit, passage in self.corpus.passages.items():
            edition = self.corpus.edition[unit]
            lexicon = self.corpus.lexicons[edition]
            ordinary = lexicon.stop | lexicon.frequent
            for stem, start, end in zip(passage.stems, passage.starts, passage.ends, strict=True):
                if stem not in ordinary:
                    words.setdefault(edition, set()).add(passage.folded[start:end])
        return {edition: sorted(surfaces) for edition, surfaces in words.items()}

    def type(self, random: Random, claim: Claim, triple: Triple, unit: str) -> Iterator[Mutant]:
        """Another class that things of the project have."""
        subject, predicate, object_ = triple
        if predicate != RDF.type:
            return
        above = self.corpus.declarations.superclasses
        own = above(self.corpus.types[subject])
        # a thing of whatever class is a thing, and a resource
        own |= {OWL.Thing, SCHEMA.Thing, RDFS.Resource}
        others = [name for name in sorted(self._by_class) if name not in own and not above((name,)) & {iri(object_)}]
        if others:
            yield Mutant("type", claim, (subject, predicate, iri_token(random.choice(others))), unit)

    def denied(self, random: Random, claim: Claim, triple: Triple, unit: str) -> Iterator[Mutant]:
        """The unit with a denial in the clause of the object, as if the document had said so."""
        passage = self.corpus.passages[unit]
        grammar = passage.grammar
        spans = self.corpus.named(self.corpus.labels.get(iri(triple[2]), ()), unit) if self._relation(triple) else []
        if grammar is None or not grammar.denying or not spans:
            return
        word = random.choice(grammar.denying)
        if grammar.agent_first:
            end = passage.clause(min(spans)[0])[1]
            place = len(passage.folded.rstrip("。！？ ")) if end > len(passage.folded) else end
            yield Mutant("denied", claim, triple, unit, (place, word))
        else:
            cues = [cue.place for cue in self.corpus.occurrences(triple[1], unit)[0]]
            start, end = passage.clause(min(spans)[0])
            places = [place for place in cues if start <= place[0] < end] or [min(spans)]
            yield Mutant("denied", claim, triple, unit, (random.choice(places)[0], word + " "))


def _some(random: Random, things: list[str]) -> list[str]:
    """Of a class that has very many things some, drawn, so that an audit stays linear."""
    return things if len(things) <= _MANY else random.sample(things, _MANY)


Make = Callable[[Workshop, Random, Claim, Triple, str], Iterator[Mutant]]
#: The kinds of mutants, in the order of the report.
KINDS: dict[str, Make] = {
    "sentence": Workshop.sentence,
    "predicate": Workshop.predicate,
    "turned": Workshop.turned,
    "object in sentence": Workshop.object_in_sentence,
    "subject in sentence": Workshop.subject_in_sentence,
    "object of class": Workshop.object_of_class,
    "subject of class": Workshop.subject_of_class,
    "literal": Workshop.literal,
    "type": Workshop.type,
    "denied": Workshop.denied,
    "fitting predicate": Workshop.fitting_predicate,
    "fitting object": Workshop.fitting_object,
    "fitting subject": Workshop.fitting_subject,
}
