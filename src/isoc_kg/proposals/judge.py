"""The judge: whether a proposed claim may come before a reviewer, and what the reviewer should look at.

It has the whole project in memory, so that a judgement takes some milliseconds. What it refuses could not become a fact
as it stands; what it flags are questions to whoever reviews.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from .. import rdf
from ..authoring.annotations import SUPPORTING
from ..authoring.cardinality import Cardinality
from ..authoring.consistency import check_consistency
from ..authoring.dataset import Dataset, build_dataset, check_claims
from ..authoring.decisions import Key
from ..authoring.derivation import derive_lines
from ..authoring.ends import EndsCheck
from ..authoring.facts import Claim, Place
from ..authoring.rivals import find_rivals
from ..authoring.terms import DeclaredTerms, TermQuestion
from ..authoring.vocabulary import NameOrder, best_named
from ..evidence.check import ask_pair
from ..evidence.corpus import Corpus
from ..evidence.held import replaced_editions
from ..iris import compact
from ..namespaces import EV, RDF, RDFS, SH, SKOS, XSD
from ..project import Project
from ..rdf.lines import iri, literal, merge, sort_lines, split
from ..rdf.text_preference import Preference
from ..rdf.tokens import iri_token, is_iri, is_literal
from ..validation import ShapesGraph
from ..validation.literals import lint_literals
from ..validation.living import LivingValidation
from .proposal import ProposedClaim, Quote

if TYPE_CHECKING:
    from ..errors import Finding

__all__ = ["Assessment", "Flagged", "Judge"]

_NOWHERE = (Path("proposals"), 1)
_TYPE = iri_token(RDF.type)
#: A label or another text may have so many characters in a proposal; facts have a limit of their own besides.
_MOST_CHARACTERS = 20_000
_UP = frozenset(map(iri_token, (SKOS.broader, SKOS.broaderTransitive)))


@dataclass(frozen=True, slots=True)
class Flagged:
    """A question to the reviewer: the name of the flag, what raised it, and what to do."""

    name: str
    message: str
    advice: str | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the judge says of a proposed claim.

    With a `refusal` it cannot become a fact as it stands: its name, such as `unit`, `term`, `thing`, `quote`,
    `duplicate`, `shape`, `literal`, or that of a question of the evidence check. `statements` are the lines to be
    written if it is accepted, those of new things first, each with whether it is only implied.
    """

    refusal: Flagged | None = None
    flags: tuple[Flagged, ...] = ()
    statements: tuple[tuple[bytes, bool], ...] = ()
    quote: Quote | None = None

    @property
    def accepted(self) -> bool:
        """Whether it may come before a reviewer."""
        return self.refusal is None


class _Refused(Exception):
    def __init__(self, name: str, message: str, advice: str | None = None) -> None:
        super().__init__(message)
        self.flag = Flagged(name, message, advice)


class Judge:
    """A project in memory, with what was decided since it was read.

    `without` hides the evidence of some units (IRIs): claims that rest on nothing else are unknown to the judge.
    """

    def __init__(self, project: Project, *, without: Collection[str] = ()) -> None:
        self.project = project
        self.shapes = ShapesGraph.of_project(project)
        dataset = build_dataset(project, self.shapes)
        self.dataset = _hiding(dataset, without) if without else dataset
        self.claims: dict[bytes, Claim] = dict(self.dataset.claims)
        self.ontology = self.dataset.graph("ontology")
        self.texts = {one.iri: text for one in self.dataset.editions if (text := one.text()) is not None}
        self.corpus = Corpus(self.dataset, self.texts, self.shapes.lines)
        self.declared = DeclaredTerms(self.ontology)
        self._terms = TermQuestion(project, self.declared)
        self._ends = EndsCheck(project, self.ontology)
        self._cardinality = Cardinality(self.ontology, self.shapes.lines)
        self._replaced = {edition.iri for edition in replaced_editions(self.dataset)}
        self._described = {split(line)[0] for line in self.ontology}
        self._by_subject: dict[bytes, list[Claim]] = {}
        self._by_object: dict[bytes, list[Claim]] = {}
        self._by_name: dict[str, list[Claim]] = {}
        self._by_unit: dict[str, list[Claim]] = {}
        for claim in self.claims.values():
            self._enter(claim)

    @cached_property
    def _validation(self) -> LivingValidation:
        graphs = (self.dataset.published, self.ontology, self.dataset.graph("alignments"))
        return LivingValidation(merge(*graphs), self.shapes)

    @cached_property
    def _naming(self) -> frozenset[bytes]:
        names = self.project.names
        return frozenset(map(iri_token, (*names.labels, *names.alternatives)))

    def _enter(self, claim: Claim) -> None:
        for _, unit, _ in claim.units(*SUPPORTING):
            self._by_unit.setdefault(unit, []).append(claim)
        subject, predicate, object_, _ = split(claim.triple)
        self._by_subject.setdefault(subject, []).append(claim)
        if is_iri(object_):
            self._by_object.setdefault(object_, []).append(claim)
        elif predicate in self._naming:
            self._by_name.setdefault(literal(object_)[0].casefold(), []).append(claim)

    # ------------------------------------------------------------------ what is known

    def is_known(self, thing: bytes) -> bool:
        """Whether any fact, or the ontology, describes an IRI (token)."""
        return thing in self._by_subject or thing in self._described

    def about(self, thing: bytes) -> list[Claim]:
        """The facts whose subject is a thing (token)."""
        return self._by_subject.get(thing, [])

    def mentions(self, thing: bytes) -> list[Claim]:
        """The facts that have a thing (token) as subject or object."""
        return [*self._by_subject.get(thing, ()), *self._by_object.get(thing, ())]

    def resting_on(self, unit: str) -> list[Claim]:
        """The facts that a unit supports or implies."""
        return self._by_unit.get(unit, [])

    def unit_text(self, unit: str) -> str | None:
        """The words of a unit, where the text of its document is at hand."""
        edition, found = self.dataset.units[unit]
        text = self.texts.get(edition.iri)
        return None if text is None else found.text(text)

    def named(self, name: str) -> str | None:
        """The IRI of the thing that has a name, whatever its case."""
        found = self._by_name.get(" ".join(name.split()).casefold())
        if found:
            subjects = sorted({iri(split(claim.triple)[0]) for claim in found})
            labels = {thing: self.corpus.labels.get(thing, []) for thing in subjects}
            return best_named(name, labels, self.project.ids.things) or subjects[0]
        return None

    @cached_property
    def properties(self) -> list[str]:
        """The properties that the ontology declares, and those that facts use, sorted."""
        declared = {name for name, roles in self.declared.roles.items() if "property" in roles}
        return sorted(declared | {iri(split(line)[1]) for line in self.claims})

    def definition(self, term: str) -> str:
        """What the ontology says a term means, in the project's language if it does; empty where it says nothing."""
        texts = self._definitions.get(term)
        return min(texts)[-1] if texts else ""

    @cached_property
    def _definitions(self) -> dict[str, list[Preference]]:
        order = NameOrder(self.project)
        found: dict[str, list[Preference]] = {}
        for line in self.ontology:
            subject, predicate, object_, _ = split(line)
            if is_literal(object_) and (text := order.description_preference(predicate, object_)):
                found.setdefault(iri(subject), []).append(text)
        return found

    def is_own_property(self, name: str) -> bool:
        """Whether a property is one that the facts use, or that is declared in a namespace of the project's own."""
        own = (self.project.ids.ontology, *self.project.own_prefixes.values())
        return iri_token(name) in self._used or (name.startswith(own) and not name.startswith(EV.iri))

    @cached_property
    def _used(self) -> frozenset[bytes]:
        return frozenset(split(line)[1] for line in self.claims)

    def is_naming(self, property_: str) -> bool:
        """Whether the values of a property name things."""
        return iri_token(property_) in self._naming

    def is_replaced(self, edition: str) -> bool:
        """Whether an edition (IRI) has a later one."""
        return edition in self._replaced

    def datatype(self, property_: str) -> str | None:
        """The datatype of a property's values: the one declared, else the one that all facts have."""
        declared = self._ranges.get(iri_token(property_), set())
        return next(iter(declared)) if len(declared) == 1 else None

    @cached_property
    def _ranges(self) -> dict[bytes, set[str]]:
        found: dict[bytes, set[str]] = {}
        for line in self.ontology:
            subject, predicate, object_, _ = split(line)
            if predicate == iri_token(RDFS.range) and iri(object_).startswith((XSD.iri, RDF.langString)):
                found.setdefault(subject, set()).add(iri(object_))
        used: dict[bytes, set[str]] = {}
        for line in self.claims:
            _, predicate, object_, _ = split(line)
            if predicate not in found and is_literal(object_):
                _, language, datatype = literal(object_)
                used.setdefault(predicate, set()).add(RDF.langString if language else datatype or XSD.string)
        return used | found

    def label_property(self, class_: str) -> str:
        """The property that names a new thing of a class: the one that things of the class have, else most things."""
        labels = tuple(map(iri_token, self.project.names.labels))
        own: Counter[bytes] = Counter()
        all_: Counter[bytes] = Counter()
        for line in self.claims:
            subject, predicate, object_, _ = split(line)
            if predicate in labels and is_literal(object_):
                all_[predicate] += 1
                own[predicate] += class_ in self.corpus.types.get(iri(subject), ())
        best = [name for name, count in (*own.most_common(1), *all_.most_common(1)) if count]
        return iri(best[0]) if best else self.project.names.labels[0]

    def add(self, claims: Iterable[Claim]) -> None:
        """Know claims from now on as facts: what was accepted since the project was read."""
        new = []
        for claim in claims:
            known = self.claims.get(claim.triple)
            if known is not None:
                for _, unit, _ in claim.units(*SUPPORTING):
                    self._by_unit.setdefault(unit, []).append(known)
                for name, values in claim.evidence.items():
                    known.evidence.setdefault(name, {}).update(values)
                continue
            self.claims[claim.triple] = claim
            self._enter(claim)
            new.append(claim)
        self.corpus.introduce(_introductions([claim.triple for claim in new], self._naming))
        self._validation.add(self._lines(new))

    # ------------------------------------------------------------------ judging

    def assess(
        self,
        claim: ProposedClaim,
        *,
        quote: Quote | None = None,
        open_keys: Collection[Key] = (),
        refused: Mapping[Key, str] | None = None,
    ) -> Assessment:
        """What to say of a proposed claim.

        Words that it quotes are looked for in the unit; `quote` are those of a proposal that is in the queue already.
        `open_keys` are the proposals that wait for a decision, `refused` those that were refused, each with the reason:
        it is none of them.
        """
        try:
            unit = self._unit(claim)
            introduces = self._introduces(claim)
            self._form(claim, introduces)
            quote = self._quote(claim, quote)
            self._duplicate(claim, open_keys, refused or {})
        except _Refused as refusal:
            return Assessment(refusal.flag)
        flags: list[Flagged] = []
        things = _introductions([*introduces, claim.triple], self._naming)
        try:
            with self.corpus.introducing(things if introduces else {}):
                implied = {line: self._only_implied(line, claim) for line in introduces}
                statements = (*implied.items(), (claim.triple, claim.implied))
                made = [self.claim(line, claim.unit, implied=only) for line, only in statements]
                flags += self._finding_flags(made)
                flags += self._evidence(made[-1], claim, unit)
                flags += self._shapes(made)
        except _Refused as refusal:
            return Assessment(refusal.flag, tuple(flags), quote=quote)
        flags += self._known_things(claim)
        return Assessment(None, tuple(dict.fromkeys(flags)), statements, quote)

    def questions(self, triple: bytes, unit: str) -> list[str]:
        """The names of the questions that the evidence check would raise of a statement on a unit."""
        made = self.claim(triple, unit, implied=False)
        return [question.name for question, _ in ask_pair(self.corpus, made, unit, False, _NOWHERE)]

    def claim(self, triple: bytes, unit: str, *, implied: bool, place: Place = _NOWHERE) -> Claim:
        """The claim that a statement on a unit would be."""
        how = EV.impliedBy if implied else EV.supportedBy
        name = self.project.ids.claim(triple)
        return Claim(triple, name, [place], {how: {f"<{unit}>": place}})

    def _unit(self, claim: ProposedClaim) -> str:
        if claim.unit not in self.dataset.units:
            near = get_close_matches(claim.unit[:300], self._similar_units(claim.unit), 1, 0.8)
            raise _Refused(
                "unit",
                f"there is no unit {compact(claim.unit[:300], self.project.prefixes)}.",
                f"Did you mean {compact(near[0], self.project.prefixes)}?" if near else "Name a unit of a document.",
            )
        return claim.unit

    def _similar_units(self, name: str) -> list[str]:

        edition, _, number = name.partition("#")
        paragraph = number.partition(".")[0]
        editions = [one for one in self.dataset.editions if one.iri == edition] or list(self.dataset.editions)
        return [
            one.unit_iri(found) for one in editions for found in one.index.units if found.partition(".")[0] == paragraph
        ][:200]

    def _introduces(self, claim: ProposedClaim) -> tuple[bytes, ...]:
        """The lines of things that are new indeed, each once."""
        return tuple(
            dict.fromkeys(
                line for line in claim.introduces if not self.is_known(split(line)[0]) and line != claim.triple
            )
        )

    def _form(self, claim: ProposedClaim, introduces: Sequence[bytes]) -> None:
        """Refuse what is no statement about things of the project by terms that there are."""
        project = self.project
        lines = (*introduces, claim.triple)
        new = {split(line)[0] for line in lines if split(line)[1] == _TYPE}
        named = {split(line)[0] for line in lines if split(line)[1] in self._naming}
        for line in lines:
            if len(line) > 4 * _MOST_CHARACTERS:
                raise _Refused("literal", "the statement is too long.", f"Up to {_MOST_CHARACTERS:,} characters.")
            subject, predicate, object_, _ = split(line)
            for term, role in ((iri(predicate), "property"), *self._further_terms(predicate, object_)):
                answer = self._terms.answer(term, role)  # type: ignore[arg-type]
                if answer and answer[0] == "error":
                    raise _Refused("term", f"{answer[1]}.", answer[2])
            ends = [subject] + ([object_] if is_iri(object_) and predicate != _TYPE else [])
            for end in ends:
                own = end.startswith(iri_token(project.ids.things)[:-1])
                if not self.is_known(end) and (own or end == subject):
                    self._new_thing(end, new, named)
            if is_iri(object_) and predicate != _TYPE and not iri(object_).isprintable():
                raise _Refused("thing", "an IRI has a character that nobody sees.", "Write it as %XX.")
        for finding in lint_literals(lines, {}, project.limits.max_literal_characters):
            raise _Refused("literal", finding.message, finding.advice)
        for line in lines:
            object_ = split(line)[2]
            if is_literal(object_) and any(_is_control(character) for character in literal(object_)[0]):
                raise _Refused("literal", "a text has a control character.", "Remove it.")

    def _further_terms(self, predicate: bytes, object_: bytes) -> Iterator[tuple[str, str]]:
        if predicate == _TYPE:
            if not is_iri(object_):
                raise _Refused("term", "a class is not an IRI.", "Name the class: prefix:Class.")
            yield iri(object_), "class"
        elif is_literal(object_) and (datatype := literal(object_)[2]):
            yield datatype, "datatype"

    def _new_thing(self, thing: bytes, new: Collection[bytes], named: Collection[bytes]) -> None:
        """Refuse a thing that nothing describes, and that the proposal does not introduce."""
        if not thing.startswith(iri_token(self.project.ids.things)[:-1]):
            raise _Refused(
                "thing",
                f"{thing.decode()[:300]} is described nowhere here.",
                "Facts are about things of this project: id:its-name.",
            )
        if thing in new and thing in named:
            return
        name = iri(thing)[len(self.project.ids.things) :]
        if thing in new or thing in named:
            lacks = "name" if thing in new else "class"
            raise _Refused("thing", f"the new thing id:{name[:200]} has no {lacks}.", "Give its class and its name.")
        known = {iri(token)[len(self.project.ids.things) :] for token in self._by_subject if self._is_own(token)}
        near = get_close_matches(name[:200], known, 3, 0.6)
        labelled = self.named(name.replace("-", " "))
        if labelled and labelled.startswith(self.project.ids.things):
            near = [labelled[len(self.project.ids.things) :], *near]
        meant = f"Did you mean {' or '.join(f'id:{one}' for one in dict.fromkeys(near))}? " if near else ""
        raise _Refused(
            "thing", f"nothing is known of id:{name[:200]}.", f"{meant}A new thing needs its class and its name."
        )

    def _is_own(self, token: bytes) -> bool:
        return token.startswith(iri_token(self.project.ids.things)[:-1])

    def _quote(self, claim: ProposedClaim, quote: Quote | None) -> Quote | None:
        text = self.unit_text(claim.unit)
        edition = self.dataset.units[claim.unit][0]
        if claim.words is not None:
            if text is None:
                raise _Refused(
                    "quote",
                    f"the text of {edition.name} is not at hand, so no quote can be compared.",
                    "Put the text where kg.toml says, or propose without a quote.",
                )
            found = Quote.of(claim.words, text, keep=edition.document.publish_text)
            if found is None:
                near = "It differs in white space or in case. " if _alike(claim.words, text) else ""
                raise _Refused(
                    "quote", "the quote is not in the unit.", f"{near}Copy it from the unit, to the character."
                )
            return found
        if quote is not None and text is not None and quote.words(text) is None:
            raise _Refused("quote", "the unit has other words now than were quoted.", "Propose it anew.")
        return quote

    def _duplicate(self, claim: ProposedClaim, open_keys: Collection[Key], refused: Mapping[Key, str]) -> None:
        fact = self.claims.get(claim.triple)
        if fact is not None and any(unit == claim.unit for _, unit, _ in fact.units(*SUPPORTING)):
            file, line = fact.places[0]
            where = "" if fact.places[0] == _NOWHERE else f" ({file.name}:{line})"
            raise _Refused("duplicate", f"this is a fact already{where}.", "Nothing is to be done.")
        if claim.key in open_keys:
            raise _Refused("duplicate", "this is proposed already.", "It waits for a decision.")
        if claim.key in refused:
            reason = f": {refused[claim.key][:300]}" if refused[claim.key] else "."
            raise _Refused(
                "refused", f"a reviewer refused this once{reason}", "What was refused is not proposed again."
            )

    def _only_implied(self, line: bytes, claim: ProposedClaim) -> bool:
        """Whether the unit does not say, to the word, what a new thing is or is called."""
        if split(line)[1] == _TYPE:
            return True
        if claim.unit not in self.corpus.passages:
            return claim.implied
        made = self.claim(line, claim.unit, implied=False)
        asked = ask_pair(self.corpus, made, claim.unit, False, _NOWHERE)
        return any(question.severity == "error" for question, _ in asked)

    def _finding_flags(self, made: Sequence[Claim]) -> Iterator[Flagged]:
        """Refuse what a build would stop at in the claims themselves; flag what it would warn of."""
        mini = self._around(made)
        both = mini | {claim.triple: claim for claim in made}
        before = {finding.message for finding in check_consistency(self.project, mini, self.ontology)}
        own = {claim.triple: claim for claim in made}
        checks: list[tuple[str, Iterable[Finding]]] = [
            ("form", check_claims(self.project, own, set(self.dataset.units))),
            ("ends", (one for one in self._ends.findings(both) if one.iri in _names(made))),
            (
                "consistency",
                (
                    finding
                    for finding in check_consistency(self.project, both, self.ontology)
                    if finding.message not in before
                ),
            ),
        ]
        flags = []
        for name, findings in checks:
            for finding in findings:
                if finding.severity == "error":
                    raise _Refused(name, _sentence(finding.message), finding.advice)
                flags.append(Flagged(name, _sentence(finding.message), finding.advice))
        yield from flags
        for claim in made:
            _, predicate, object_, _ = split(claim.triple)
            for term, role in ((iri(predicate), "property"), *self._further_terms(predicate, object_)):
                answer = self._terms.answer(term, role)  # type: ignore[arg-type]
                if answer:
                    yield Flagged("term", f"{answer[1]}.", answer[2])
            if is_iri(object_) and predicate != _TYPE and not self._is_own(object_) and not self.is_known(object_):
                yield Flagged("elsewhere-described", f"{object_.decode()[:300]} is described nowhere here.")
            yield from self._invisible(object_)
        yield from self._rivals(made[-1], both)

    def _invisible(self, object_: bytes) -> Iterator[Flagged]:
        if is_literal(object_) and not literal(object_)[0].replace("\n", "").isprintable():
            yield Flagged("invisible", "a text has characters that nobody sees.", "Look at it before you accept it.")

    def _rivals(self, claim: Claim, around: Mapping[bytes, Claim]) -> Iterator[Flagged]:
        """Flag a second value of a property that has one."""
        subject, predicate, _, _ = split(claim.triple)
        same = {line: one for line, one in around.items() if split(line)[0] == subject}
        for group in find_rivals(same, self._cardinality)[0]:
            if claim in group.claims:
                others = [split(other.triple)[2] for other in group.claims if other is not claim]
                shown = compact(iri(predicate), self.project.prefixes)
                values = ", ".join(_shown(token, self.project) for token in others)
                yield Flagged(
                    "rival", f"{shown} has one value, and the facts have {values}.", "One of the sources may be wrong."
                )

    def _around(self, made: Sequence[Claim]) -> dict[bytes, Claim]:
        """The facts that say something together with the claims: of the same things, by the same names or property."""
        found: dict[bytes, Claim] = {}

        def take(claims: Iterable[Claim]) -> None:
            found.update((claim.triple, claim) for claim in claims)

        things = set()
        for claim in made:
            subject, predicate, object_, _ = split(claim.triple)
            things.add(subject)
            if is_iri(object_) and predicate != _TYPE:
                things.add(object_)
            elif predicate in self._naming:
                take(namesakes := self._by_name.get(literal(object_)[0].casefold(), []))
                things |= {split(other.triple)[0] for other in namesakes}
            if predicate in _UP:
                take(one for one in self.claims.values() if split(one.triple)[1] in _UP)
        for thing in things:
            take(self._by_subject.get(thing, ()))
            if len(self._by_object.get(thing, ())) <= 200:
                take(self._by_object.get(thing, ()))
        return found

    def _evidence(self, made: Claim, claim: ProposedClaim, unit: str) -> Iterator[Flagged]:
        """The evidence check's own questions of the statement: errors refuse, flags are passed on."""
        edition = self.dataset.units[unit][0]
        if edition.iri in self._replaced:
            yield Flagged(
                "edition", f"the unit is of {edition.name}, which has a later edition.", "Name a unit of that."
            )
        if unit not in self.corpus.passages:
            yield Flagged("text", f"the text of {edition.name} is not at hand; nothing was compared.")
            return
        flags = []
        for question, finding in ask_pair(self.corpus, made, unit, claim.implied, _NOWHERE):
            message = finding.message.removeprefix(f"{question.name}: ")
            if question.severity == "error":
                raise _Refused(question.name, message, question.advice)
            flags.append(Flagged(question.name, message, question.advice))
        yield from flags

    def _shapes(self, made: Sequence[Claim]) -> Iterator[Flagged]:
        """Refuse what violates a shape over all data; flag its warnings."""
        rivals = {(split(made[-1].triple)[0].decode(), split(made[-1].triple)[1].decode())}
        for result in self._validation.results(self._lines(made)):
            if result.component == SH.MaxCountConstraintComponent and (result.focus_node, result.path) in rivals:
                continue  # sources that disagree are flagged as such
            message = result.message or f"{result.shape} is not met"
            if result.severity == SH.Violation:
                name = (result.shape or "").rpartition("#")[2] or "a shape without a name"
                raise _Refused("shape", f"{name}: {_sentence(message)}", None)
            yield Flagged("shape", _sentence(message))

    def _lines(self, made: Sequence[Claim]) -> list[bytes]:
        """The triples that a build would publish for claims, besides what there is."""
        lines = [claim.triple for claim in made]
        subjects = {split(line)[0] for line in lines}
        stated = [claim.triple for subject in subjects for claim in self._by_subject.get(subject, ())]
        derived = derive_lines(self.project, [*stated, *lines], self._ontology_of(subjects))
        return [*lines, *(line for claim in made for line in claim.statement()), *derived]

    def _ontology_of(self, subjects: Collection[bytes]) -> Iterator[bytes]:
        return (
            b"%s %s %s .\n" % (one, _TYPE, iri_token(RDFS.Resource)) for one in self._described.intersection(subjects)
        )

    def _known_things(self, claim: ProposedClaim) -> Iterator[Flagged]:
        """Flag things that are introduced as new, and are known by another name."""
        for line in claim.introduces:
            subject, predicate, object_, _ = split(line)
            if predicate in self._naming and self.is_known(subject):
                names = self.corpus.labels.get(iri(subject), [])
                if literal(object_)[0].casefold() not in map(str.casefold, names):
                    shown = f"“{names[0]}”" if names else "by no name"
                    yield Flagged(
                        "known", f"{compact(iri(subject), self.project.prefixes)} is known already, as {shown}."
                    )


def _names(claims: Iterable[Claim]) -> set[str]:
    return {claim.iri for claim in claims}


def _sentence(message: str) -> str:
    message = message.strip()
    return message if message[-1:] in ".?!" else f"{message}."


def _shown(token: bytes, project: Project) -> str:
    if is_literal(token):
        text = literal(token)[0]
        return f"“{text if len(text) <= 80 else text[:80] + '…'}”"
    return compact(iri(token), project.prefixes)


def _is_control(character: str) -> bool:
    """Whether a character is obeyed rather than shown, the line feed and the tabulator aside."""
    code = ord(character)
    return (
        (code < 32 and character not in "\n\t")
        or 127 <= code < 160
        or 0xD800 <= code < 0xE000
        or code & 0xFFFE == 0xFFFE
    )


def _alike(words: str, text: str) -> bool:
    def plain(one: str) -> str:
        return " ".join(one.split()).casefold()

    return bool(plain(words)) and plain(words) in plain(text)


def _introductions(lines: Iterable[bytes], naming: Collection[bytes]) -> dict[str, tuple[list[str], list[str]]]:
    """Thing → the classes and the names that statements give it."""
    found: dict[str, tuple[list[str], list[str]]] = {}
    for line in lines:
        subject, predicate, object_, _ = split(line)
        if predicate == _TYPE and is_iri(object_):
            found.setdefault(iri(subject), ([], []))[0].append(iri(object_))
        elif predicate in naming and is_literal(object_):
            found.setdefault(iri(subject), ([], []))[1].append(literal(object_)[0])
    return found


def _hiding(dataset: Dataset, units: Collection[str]) -> Dataset:
    """The dataset without what rests on some units alone."""
    claims = {}
    for triple, claim in dataset.claims.items():
        evidence = {
            name: {token: place for token, place in values.items() if token[1:-1] not in units}
            for name, values in claim.evidence.items()
        }
        kept = replace(claim, evidence={name: values for name, values in evidence.items() if values})
        rested = any(unit in units for _, unit, _ in claim.units(*SUPPORTING))
        if not rested or any(True for _ in kept.units(*SUPPORTING)):
            claims[triple] = kept
    return _rebuilt(dataset, claims)


def _rebuilt(dataset: Dataset, claims: dict[bytes, Claim]) -> Dataset:
    """The dataset with these claims in place of its own."""
    ids, project = dataset.project.ids, dataset.project
    ontology = dataset.graph("ontology")
    stated = [triple for triple in claims if triple not in dataset.withdrawn]
    graphs = {
        "facts": stated,
        "evidence": [line for claim in claims.values() for line in claim.statement()],
        "document": dataset.graph("document"),
        "derived": list(derive_lines(project, stated, ontology)),
        "ontology": ontology,
    }
    return replace(
        dataset,
        claims=claims,
        graphs=rdf.Graphs({ids.graph(name): sort_lines(list(lines)) for name, lines in graphs.items()}),
    )
