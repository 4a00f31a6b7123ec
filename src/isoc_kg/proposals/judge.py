"""The judge: whether a proposed claim may come before a reviewer, and what the reviewer should look at.

It has the whole project in memory, so that a judgement takes some milliseconds. What it refuses could not become a fact
as it stands; what it flags are questions to whoever reviews.
"""

import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
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
from ..authoring.facts import Claim, Place
from ..authoring.rivals import find_rivals
from ..authoring.terms import TermQuestion
from ..evidence.check import ask_pair
from ..iris import compact
from ..namespaces import EV, RDF, RDFS, SH, SKOS, STATEMENT_PARTS
from ..project import Project
from ..rdf.lines import iri, literal, merge, split
from ..rdf.tokens import iri_token, is_iri, is_literal
from ..validation.literals import lint_literals
from ..validation.living import LivingValidation
from .knowledge import Knowledge, introductions
from .proposal import ProposedClaim, Quote

if TYPE_CHECKING:
    from ..errors import Finding

__all__ = ["Assessment", "Flagged", "Judge"]

_NOWHERE = (Path("proposals"), 1)
_TYPE = iri_token(RDF.type)
#: A label or another text may have so many characters in a proposal; facts have a limit of their own besides.
_MOST_CHARACTERS = 20_000
#: Facts about a thing that is mentioned more often are looked at by its own alone.
_MOST_AROUND = 200
_UP = frozenset(map(iri_token, (SKOS.broader, SKOS.broaderTransitive)))


@dataclass(frozen=True, slots=True)
class Flagged:
    """A question to the reviewer: the name of the flag, what raised it, and what to do.

    `line` is the statement that the evidence check asks it of.
    """

    name: str
    message: str
    advice: str | None = None
    line: bytes | None = None


@dataclass(frozen=True, slots=True)
class Assessment:
    """What the judge says of a proposed claim.

    With a `refusal` it cannot become a fact as it stands: its name, such as `unit`, `term`, `thing`, `quote`,
    `duplicate`, `shape`, `literal`, or that of a question of the evidence check. `statements` are the lines to be
    written if it is accepted, those of new things first, each with whether it is only implied; what the proposer put
    behind one of these (`ProposedClaim.grounds`) stands there as it was given.
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
        subjects = {split(claim.triple)[0] for claim in concerned}
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
                    self._grounds(one, claim.grounds_of(one.triple))
                flags += self._finding_flags(made)
                flags += self._evidence(made, statements, unit)
                flags += self._shapes(made)
        except _Refused as refusal:
            return Assessment(refusal.flag, tuple(flags), quote=quote)
        flags += self._known_things(claim)
        flags += _refused_before(claim, refused or {})
        return Assessment(None, tuple(dict.fromkeys(flags)), statements, quote)

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
            raise _Refused(
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

    def _form(self, claim: ProposedClaim, introduces: Sequence[bytes]) -> None:
        """Refuse what is no statement about things of the project by terms that there are."""
        project = self.project
        lines = (*introduces, claim.triple)
        new = {split(line)[0] for line in lines if split(line)[1] == _TYPE}
        named = {split(line)[0] for line in lines if split(line)[1] in self.naming}
        for line in lines:
            if len(line) > 4 * _MOST_CHARACTERS:
                raise _Refused("literal", "the statement is too long.", f"Up to {_MOST_CHARACTERS:,} characters.")
            subject, predicate, object_, _ = split(line)
            for term, role in ((iri(predicate), "property"), *self._further_terms(predicate, object_)):
                if _is_evidence_syntax(term):
                    raise _Refused(
                        "term",
                        f"{compact(term, project.prefixes)} says what a claim is, and no fact about a thing.",
                        "Evidence comes with the claim; state what the unit says.",
                    )
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
        near = get_close_matches(name[:200], self.own_names(), 3, 0.6)
        labelled = self.named(name.replace("-", " "))
        if labelled and labelled.startswith(self.project.ids.things):
            near = [labelled[len(self.project.ids.things) :], *near]
        meant = f"Did you mean {' or '.join(f'id:{one}' for one in dict.fromkeys(near))}? " if near else ""
        raise _Refused(
            "thing", f"nothing is known of id:{name[:200]}.", f"{meant}A new thing needs its class and its name."
        )

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
        if grounds := claim.grounds_of(line):
            return EV.supportedBy not in dict(grounds)
        if split(line)[1] == _TYPE:
            return True
        if claim.unit not in self.corpus.passages:
            return claim.implied
        made = self.claim(line, claim.unit, implied=False)
        asked = ask_pair(self.corpus, made, claim.unit, False, _NOWHERE)
        return any(question.severity == "error" for question, _ in asked)

    def _grounds(self, made: Claim, grounds: Annotations) -> None:
        """Refuse a name of a new thing that its own units do not have."""
        for how, unit, _ in made.units(*SUPPORTING) if grounds else ():
            self._unit(ProposedClaim(made.triple, unit))
            if unit in self.corpus.passages:
                for question, finding in ask_pair(self.corpus, made, unit, how == EV.impliedBy, _NOWHERE):
                    if question.severity == "error":
                        message = finding.message.removeprefix(f"{question.name}: ")
                        raise _Refused(question.name, message, question.advice)

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

    def _evidence(
        self, made: Sequence[Claim], statements: Sequence[tuple[bytes, bool]], unit: str
    ) -> Iterator[Flagged]:
        """The evidence check's own questions of all that would be written: errors refuse, flags are passed on."""
        edition = self.dataset.units[unit][0]
        if self.is_replaced(edition.iri):
            yield Flagged(
                "edition", f"the unit is of {edition.name}, which has a later edition.", "Name a unit of that."
            )
        if unit not in self.corpus.passages:
            yield Flagged("text", f"the text of {edition.name} is not at hand; nothing was compared.")
            return
        flags = []
        for claim, (line, implied) in zip(made, statements, strict=True):
            for question, finding in ask_pair(self.corpus, claim, unit, implied, _NOWHERE):
                message = finding.message.removeprefix(f"{question.name}: ")
                if question.severity == "error":
                    raise _Refused(question.name, message, question.advice)
                flags.append(Flagged(question.name, message, question.advice, line))
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
        stated = [claim.triple for subject in subjects for claim in self.about(subject)]
        derived = derive_lines(self.project, [*stated, *lines], self._ontology_of(subjects))
        return [*lines, *(line for claim in made for line in claim.statement()), *derived]

    def _ontology_of(self, subjects: Collection[bytes]) -> Iterator[bytes]:
        return (
            b"%s %s %s .\n" % (one, _TYPE, iri_token(RDFS.Resource)) for one in self.described.intersection(subjects)
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


def _is_evidence_syntax(term: str) -> bool:
    """Whether facts are read as evidence, and not as statements about things, where they have this term."""
    return term in (RDF.reifies, RDF.Statement, *STATEMENT_PARTS) or term.startswith(EV.iri)


def _refused_before(claim: ProposedClaim, refused: Mapping[Key, str]) -> Iterator[Flagged]:
    """Flag a text that differs from one that was refused on this unit in what hardly anybody sees."""
    subject, predicate, object_, _ = split(claim.triple)
    if not is_literal(object_):
        return
    start = b"%s %s " % (subject, predicate)
    for (line, unit), reason in refused.items():
        if unit == claim.unit and line.startswith(start) and is_literal(other := split(line)[2]):
            if _folded(literal(other)[0]) == _folded(literal(object_)[0]):
                because = f": {reason[:300]}" if reason else "."
                yield Flagged("refused-before", f"a reviewer refused “{literal(other)[0][:80]}” here once{because}")


def _folded(text: str) -> str:
    """A text without what hardly anybody sees: case, white space, characters without width, a full stop at the end."""
    shown = "".join(one for one in unicodedata.normalize("NFC", text) if unicodedata.category(one) != "Cf")
    return unicodedata.normalize("NFC", " ".join(shown.casefold().split()).rstrip(". "))


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
