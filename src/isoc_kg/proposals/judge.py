"""The judge: whether a proposed claim may come before a reviewer, and what the reviewer should look at.

It has the whole project in memory, so that a judgement takes some milliseconds. What it refuses could not become a fact
as it stands; what it flags are questions to whoever reviews.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from ..authoring.annotations import SUPPORTING, Annotations
from ..authoring.cardinality import Cardinality
from ..authoring.consistency import check_consistency
from ..authoring.dataset import check_claims
from ..authoring.decisions import Key
from ..authoring.derivation import derive_lines
from ..authoring.ends import EndsCheck
from ..authoring.entailment import Axioms
from ..authoring.facts import Claim, Place
from ..authoring.insertion import AnnotatedStatement, inserted
from ..authoring.rivals import find_rivals
from ..authoring.terms import TermQuestion
from ..evidence.asking import ask_pair, not_asked
from ..iris import compact
from ..limits.regular_files import read_regular
from ..namespaces import EV, RDF, RDFS, SH, SKOS
from ..project import Project
from ..rdf.lines import iri, literal, merge, split
from ..rdf.tokens import iri_token, is_iri, is_literal
from ..validation.living import LivingValidation
from .assessment import Assessment, Flagged, Refused
from .form import require_form
from .knowledge import Knowledge, introductions
from .proposal import ProposedClaim, Quote
from .refusals import RefusedThings, similar_texts

if TYPE_CHECKING:
    from ..errors import Finding

__all__ = ["Judge"]

_NOWHERE = (Path("proposals"), 1)
_TYPE = iri_token(RDF.type)
#: Facts about a thing that is mentioned more often are looked at by its own alone.
_MOST_AROUND = 200
_UP = frozenset(map(iri_token, (SKOS.broader, SKOS.broaderTransitive)))


class Judge(Knowledge):
    """A project in memory that judges what is proposed; see `Knowledge` for what it knows."""

    def __init__(self, project: Project, *, without: Collection[str] = ()) -> None:
        super().__init__(project, without=without)
        self._terms = TermQuestion(project, self.declared)
        self._ends = EndsCheck(project, self.ontology)
        self._cardinality = Cardinality(self.ontology, self.shapes.lines)

    @cached_property
    def _validation(self) -> LivingValidation:
        graphs = (self.dataset.published, self.ontology, self.dataset.graph("alignments"))
        return LivingValidation(merge(*graphs), self.shapes)

    @cached_property
    def _axioms(self) -> Axioms:
        return Axioms(self.ontology)

    def add(self, claims: Iterable[Claim]) -> list[Claim]:
        """Know claims from now on as facts: what was accepted since the project was read. Those that are new."""
        new = super().add(claims)
        self._validation.add(self._lines(new))
        return new

    def remove(self, evidence: Iterable[tuple[bytes, str, bytes]]) -> list[Claim]:
        """Know what was taken back no more: statement, annotation, value. The claims that nothing else supports."""
        evidence = list(evidence)
        concerned = [self.claims[line] for line, _, _ in evidence if line in self.claims]
        before = dict.fromkeys(self._lines(concerned))
        gone = super().remove(evidence)
        subjects = {split(line)[0] for line in before}  # of inverses, too, which other claims may entail as well
        after = set(self._lines([one for subject in subjects for one in self.about(subject)]))
        self._validation.remove([line for line in before if line not in after])
        return gone

    def assess(
        self,
        claim: ProposedClaim,
        *,
        quote: Quote | None = None,
        open_keys: Collection[Key] = (),
        refused: Mapping[Key, str] | None = None,
        refused_things: RefusedThings | None = None,
    ) -> Assessment:
        """What to say of a proposed claim.

        Words that it quotes are looked for in the unit; `quote` are those of a proposal that is in the queue already.
        `open_keys` are the proposals that wait for a decision, `refused` those that were refused, each with the reason:
        it is none of them. `refused_things` are the new things of the latter.
        """
        try:
            unit = self._unit(claim)
            introduces = self._introduces(claim)
            require_form(self, self._terms, claim, introduces)
            quote = self._quote(claim, quote)
            self._duplicate(claim, open_keys, refused or {})
        except Refused as refusal:
            return Assessment(refusal.flag)
        flags: list[Flagged] = []
        things = introductions([*introduces, claim.triple], self.naming)
        try:
            with self.corpus.introducing(things if introduces else {}):
                implied = {line: self._only_implied(line, claim) for line in introduces}
                statements = (*implied.items(), (claim.triple, claim.implied))
                made = [
                    self.claim(line, claim.unit, implied=only, grounds=claim.grounds_of(line))
                    for line, only in statements
                ]
                for one in made[:-1]:
                    for _, named, _ in one.units(*SUPPORTING):
                        self._unit(ProposedClaim(one.triple, named))
                flags += self._finding_flags(made)
                flags += self._evidence(made, unit)
                flags += self._shapes(made)
        except Refused as refusal:
            return Assessment(refusal.flag, tuple(flags), quote=quote)
        flags += self._known_things(claim)
        flags += self._refused_before(claim, introduces, refused or {}, refused_things)
        unasked = not_asked(self.corpus, made[-1], unit, claim.implied) if unit in self.corpus.passages else ()
        return Assessment(None, tuple(_once(flags)), statements, quote, tuple(unasked))

    def questions(self, triple: bytes, unit: str) -> list[str]:
        """The names of the questions that the evidence check would raise of a statement on a unit."""
        made = self.claim(triple, unit, implied=False)
        return [question.name for question, _ in ask_pair(self.corpus, made, unit, False, _NOWHERE)]

    def claim(
        self, triple: bytes, unit: str, *, implied: bool, place: Place = _NOWHERE, grounds: Annotations = ()
    ) -> Claim:
        """The claim that a statement on a unit would be, or one with grounds of its own."""
        how = EV.impliedBy if implied else EV.supportedBy
        evidence: dict[str, dict[str, Place]] = {}
        for name, token in grounds or ((how, iri_token(unit)),):
            evidence.setdefault(name, {})[token.decode()] = place
        return Claim(triple, self.project.ids.claim(triple), [place], evidence)

    def _unit(self, claim: ProposedClaim) -> str:
        if claim.unit not in self.dataset.units:
            near = get_close_matches(claim.unit[:300], self._similar_units(claim.unit), 1, 0.8)
            raise Refused(
                "unit",
                f"there is no unit {compact(claim.unit[:300], self.prefixes)}.",
                f"Did you mean {compact(near[0], self.prefixes)}?" if near else "Name a unit of a document.",
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

    def _quote(self, claim: ProposedClaim, quote: Quote | None) -> Quote | None:
        text = self.unit_text(claim.unit)
        edition = self.dataset.units[claim.unit][0]
        if claim.words is not None:
            if text is None:
                raise Refused(
                    "quote",
                    f"the text of {edition.name} is not at hand, so no quote can be compared.",
                    "Put the text where kg.toml says, or propose without a quote.",
                )
            found = Quote.of(claim.words, text, keep=edition.document.publish_text)
            if found is None:
                near = "It differs in white space or in case. " if _alike(claim.words, text) else ""
                raise Refused(
                    "quote", "the quote is not in the unit.", f"{near}Copy it from the unit, to the character."
                )
            return found
        if quote is not None and text is not None and quote.words(text) is None:
            raise Refused("quote", "the unit has other words now than were quoted.", "Propose it anew.")
        return quote

    def _duplicate(self, claim: ProposedClaim, open_keys: Collection[Key], refused: Mapping[Key, str]) -> None:
        fact = self.claims.get(claim.triple)
        if fact is not None and any(unit == claim.unit for _, unit, _ in fact.units(*SUPPORTING)):
            raise Refused("duplicate", f"this is a fact already{self._where(fact)}.", "Nothing is to be done.")
        if claim.key in open_keys:
            raise Refused("duplicate", "this is proposed already.", "It waits for a decision.")
        if claim.key in refused:
            reason = f": {refused[claim.key][:300]}" if refused[claim.key] else "."
            raise Refused("refused", f"a reviewer refused this once{reason}", "What was refused is not proposed again.")

    def _where(self, fact: Claim) -> str:
        """Where a fact stands by now, in brackets: what is accepted moves the lines below it."""
        file, line = fact.places[0]
        if fact.places[0] == _NOWHERE:
            return ""
        try:
            lines = read_regular(file).decode("utf-8", "replace").splitlines()
        except OSError:
            return f" ({file.name})"
        start = inserted("", [AnnotatedStatement(fact.triple, ())], self.prefixes)[1][0].rstrip(" .")
        accepted = next((number for number, one in enumerate(lines, 1) if one.startswith(f"{start} ")), None)
        _, predicate, object_, _ = split(fact.triple)
        shown = compact(iri(object_ if is_iri(object_) else predicate), self.prefixes)
        if accepted is None and 0 < line <= len(lines) and shown in lines[line - 1]:
            accepted = line
        return f" ({file.name}:{accepted})" if accepted else f" ({file.name})"

    def _only_implied(self, line: bytes, claim: ProposedClaim) -> bool:
        """Whether the unit does not say, to the word, what a new thing is or is called."""
        if grounds := claim.grounds_of(line):
            return EV.supportedBy not in dict(grounds)
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
                    raise Refused(name, _sentence(finding.message), finding.advice)
                flags.append(Flagged(name, _sentence(finding.message), finding.advice))
        yield from flags
        for claim in made:
            _, predicate, object_, _ = split(claim.triple)
            if is_iri(object_) and predicate != _TYPE and not self.is_own(object_) and not self.is_known(object_):
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
                shown = compact(iri(predicate), self.prefixes)
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
            elif predicate in self.naming:
                take(namesakes := self.named_as(literal(object_)[0]))
                things |= {split(other.triple)[0] for other in namesakes}
            if predicate in _UP:
                take(one for one in self.claims.values() if split(one.triple)[1] in _UP)
        for thing in things:
            take(self.about(thing))
            if len(mentions := self.mentions(thing)) <= _MOST_AROUND:
                take(mentions)
        return found

    def _evidence(self, made: Sequence[Claim], unit: str) -> Iterator[Flagged]:
        """The evidence check's own questions of all that would be written: errors refuse, flags are passed on.

        What brings units of its own, such as the name of a new thing, is asked of these and of no other.
        """
        edition = self.dataset.units[unit][0]
        if self.is_replaced(edition.iri):
            yield Flagged(
                "edition", f"the unit is of {edition.name}, which has a later edition.", "Name a unit of that."
            )
        if unit not in self.corpus.passages:
            yield Flagged("text", f"the text of {edition.name} is not at hand; nothing was compared.")
            return
        flags = []
        for claim in made:
            for how, own, _ in claim.units(*SUPPORTING):
                asked = own in self.corpus.passages
                for question, finding in (
                    ask_pair(self.corpus, claim, own, how == EV.impliedBy, _NOWHERE) if asked else ()
                ):
                    message = finding.message.removeprefix(f"{question.name}: ")
                    if question.severity == "error":
                        raise Refused(question.name, message, question.advice)
                    flags.append(Flagged(question.name, message, question.advice, claim.triple))
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
                raise Refused("shape", f"{name}: {_sentence(message)}", None)
            yield Flagged("shape", _sentence(message))

    def _lines(self, made: Sequence[Claim]) -> list[bytes]:
        """The triples that a build would publish for claims, besides what there is."""
        lines = [claim.triple for claim in made]
        subjects = {split(line)[0] for line in lines}
        stated = [claim.triple for subject in subjects for claim in self.about(subject)]
        statements = [line for claim in made for line in claim.statement()]
        derived = derive_lines(
            self.project,
            [*stated, *lines],
            self._ontology_of(subjects),
            others=statements,
            axioms=self._axioms,
            whole=False,
        )
        return [*lines, *statements, *derived]

    def _ontology_of(self, subjects: Collection[bytes]) -> Iterator[bytes]:
        return (
            b"%s %s %s .\n" % (one, _TYPE, iri_token(RDFS.Resource)) for one in self.described.intersection(subjects)
        )

    def _refused_before(
        self,
        claim: ProposedClaim,
        introduces: Sequence[bytes],
        refused: Mapping[Key, str],
        things: RefusedThings | None,
    ) -> Iterator[Flagged]:
        """Flag what was refused once, and comes in another spelling or under another identifier."""
        for text, reason in similar_texts(claim, refused):
            yield Flagged("refused-before", f"a reviewer refused “{text[:80]}” here once{_because(reason)}")
        new = {split(line)[0] for line in introduces}
        for thing, before in things.again(claim, new) if things else ():
            named = f"“{before.name[:80]}”" if before.name else "the same"
            yield Flagged(
                "refused-before",
                f"a reviewer refused {named} once, as {compact(iri(before.thing), self.prefixes)}"
                f"{_because(before.reason)}",
                f"Look whether {compact(iri(thing), self.prefixes)} is the same thing.",
            )

    def _known_things(self, claim: ProposedClaim) -> Iterator[Flagged]:
        """Flag things that are introduced as new, and are known by another name."""
        for line in claim.introduces:
            subject, predicate, object_, _ = split(line)
            if predicate in self.naming and self.is_known(subject):
                names = self.corpus.labels.get(iri(subject), [])
                if literal(object_)[0].casefold() not in map(str.casefold, names):
                    shown = f"“{names[0]}”" if names else "by no name"
                    yield Flagged("known", f"{compact(iri(subject), self.prefixes)} is known already, as {shown}.")


def _once(flags: Iterable[Flagged]) -> Iterator[Flagged]:
    """Flags that say something else than those before; the statement itself stands last, and is the one to be asked."""
    said = {(flag.name, flag.message): flag for flag in flags}
    yield from said.values()


def _because(reason: str) -> str:
    return f": {reason[:300]}" if reason else "."


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


def _alike(words: str, text: str) -> bool:
    def plain(one: str) -> str:
        return " ".join(one.split()).casefold()

    return bool(plain(words)) and plain(words) in plain(text)
