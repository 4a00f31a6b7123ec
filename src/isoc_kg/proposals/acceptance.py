"""What becomes of a proposal: accepted into the facts, refused, or a decision taken back.

An acceptance and the facts that it changes are written together: both are there, or neither is, whenever the process
is stopped. Reading the project again finishes what was begun (`atomic.together`).
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from ..atomic import alone_in, finish_writing, write_together
from ..authoring.decisions import Key
from ..authoring.facts import Claim
from ..authoring.insertion import AnnotatedStatement, inserted
from ..errors import OutputError, UsageError
from ..evidence.answers import unit_name
from ..evidence.flags import FLAGS
from ..formats import TURTLE
from ..namespaces import EV
from ..project import Project
from ..rdf.lines import lines_in_order, split
from ..rdf.reading import read_quads
from ..rdf.tokens import iri_token, is_iri, text_token, triple_line
from .assessment import Assessment
from .decisions import (
    Decision,
    DecisionLog,
    Standing,
    append_decision,
    checked_reason,
    now,
    refused_keys,
    standing,
    with_decision,
)
from .judge import Judge
from .proposal import Proposal, ProposedClaim, agent_name
from .queue import ProposalQueue
from .refusals import RefusedThings
from .removal import Removal, reifying, text_of

__all__ = ["Accepted", "Review", "UnseenFlags"]

#: Facts about things that no file describes yet are written here.
_NEW_FILE = "accepted.ttl"
#: The flags that an `ev:answer` may answer.
_ANSWERED = frozenset(FLAGS)
#: How the parser names a reifier that its author did not.
_GENERATED = re.compile(rb"^_:[0-9a-f]+ ")


@dataclass(frozen=True, slots=True)
class Accepted:
    """An acceptance: the decision, and the lines that were written, each with its file."""

    decision: Decision
    written: tuple[tuple[Path, str], ...]


class UnseenFlags(UsageError):
    """What is to be accepted has flags that were not shown to whoever accepts."""


def _all_seen(assessment: Assessment, seen: Collection[str] | None) -> None:
    """Raise `UnseenFlags` where a flag was not seen by whoever accepts."""
    unseen = [] if seen is None else [flag for flag in assessment.flags if flag.mark not in seen]
    if unseen:
        said = " ".join(f"{flag.name}: {flag.message}" for flag in unseen)
        raise UnseenFlags(f"this has a flag that was not shown. {said}", advice="Look at it, then decide again.")


class Review:
    """One reviewer at work on a project: its queue, decisions and judge, kept up to date by what is decided.

    `judge` may be given, so that a process has one. Every method that decides returns when the decision is on the disk.
    """

    def __init__(self, project: Project, reviewer: str, judge: Judge | None = None) -> None:
        finish_writing(project.root)
        self.project = project
        self.reviewer = agent_name(reviewer)
        self.judge = judge or Judge(project)
        self.queue = ProposalQueue(project)
        self.log = DecisionLog(project)
        self._parsed: dict[Path, tuple[str, list[bytes]]] = {}
        self._things: tuple[frozenset[Key], RefusedThings] | None = None

    # ------------------------------------------------------------------ looking

    def standings(self) -> dict[str, Standing]:
        """Proposal → what stands of the decisions on it, of all reviewers."""
        return standing(self.log.read()[0])

    def open(self) -> list[Proposal]:
        """The proposals on which no decision stands, the oldest first."""
        standings = self.standings()
        return [one for one in self.queue.read()[0] if one.id not in standings]

    def contested(self) -> list[tuple[Proposal, Standing]]:
        """The proposals on which reviewers contradict one another: nothing of these is published."""
        standings = self.standings()
        return [
            (one, standings[one.id])
            for one in self.queue.read()[0]
            if one.id in standings and standings[one.id].contested
        ]

    def assess(self, proposal: Proposal) -> Assessment:
        """What the judge says of a proposal now, with the facts that there are by now."""
        refused = self._refused(but=proposal.claim.key)
        return self.judge.assess(
            proposal.claim, quote=proposal.quote, refused=refused, refused_things=self._refused_things(refused)
        )

    def _refused_things(self, refused: Mapping[Key, str]) -> RefusedThings:
        state = frozenset(refused)
        if self._things is None or self._things[0] != state:
            self._things = state, RefusedThings(self.queue.read()[0], refused, self.judge.naming)
        return self._things[1]

    def _refused(self, but: Key | None = None) -> dict[Key, str]:
        return {key: reason for key, reason in refused_keys(self.standings().values()).items() if key != but}

    # ------------------------------------------------------------------ deciding

    def accept(
        self,
        proposal: Proposal,
        *,
        implied: bool | None = None,
        edited: ProposedClaim | None = None,
        answers: Mapping[str, str] | None = None,
        policy: str | None = None,
        settles: bool = False,
        seen: Collection[str] | None = None,
    ) -> Accepted:
        """Accept a proposal: write its statement, and those of new things, into the facts, and record the decision.

        `implied` says how the unit has it, where that is not as proposed; `edited` is what is accepted in its place;
        `answers` (flag → reason) are recorded, and answer the evidence check's flags on the claim. `policy` is the
        file that accepts, signed by the reviewer. `settles` takes the place of what others decided. `seen` are the
        marks of the flags that the reviewer saw. Raises `UnseenFlags` where what is accepted, as it is accepted, has
        others; `UsageError` where the judge refuses it, or a decision stands already; and `OutputError`.
        """
        claim = edited or proposal.claim
        if implied is not None:
            claim = replace(claim, implied=implied)
        with alone_in(self.project.root):
            self._undecided(proposal, settles=settles)
            given = {flag: reason.strip() for flag, reason in (answers or {}).items() if checked_reason(reason)}
            reasons = "; ".join(f"{flag}: {reason}" for flag, reason in given.items())
            decision = Decision(
                "accept", proposal.id, self.reviewer, self._time(proposal.id), checked_reason(reasons), settles,
                claim.unit, edited=claim != replace(proposal.claim, implied=claim.implied), key=proposal.claim.key,
                source=proposal.source, proposer=proposal.proposer, proposed=proposal.time, policy=policy,
            )  # fmt: skip
            # what an acceptance of it has left in the facts is written anew
            texts, taken = self._without(decision)
            before = [one for line, name, token in taken for one in self._support(line, name, token)]
            if taken:
                self.judge.remove(taken)
            try:
                assessment = self._assessment(proposal, claim)
                if assessment.refusal:
                    raise UsageError(
                        f"this cannot be accepted: {assessment.refusal.message}", advice=assessment.refusal.advice
                    )
                _all_seen(assessment, seen)
                statements = [(line, only) for line, only in assessment.statements if line not in self.judge.claims]
                if claim.triple not in {line for line, _ in statements}:
                    statements.append((claim.triple, claim.implied))  # further evidence for a fact
                answered = {
                    (flag.line, flag.name): given[flag.name]
                    for flag in sorted(assessment.flags, key=lambda one: one.name)
                    if flag.line and flag.name in _ANSWERED & given.keys()
                }
                written = self._insert(statements, claim, answered, texts)
                decision = replace(
                    decision,
                    statements=tuple(statements),
                    flags=tuple(sorted({flag.name for flag in assessment.flags})),
                    grounds=tuple(one for one in claim.grounds if one[0] in dict(statements)),
                    written=tuple((file.relative_to(self.project.root).as_posix(), line) for file, line in written),
                )
                self._write(decision, texts)
            except BaseException:
                if before:
                    self.judge.add(before)
                raise
        self.judge.add(
            self.judge.claim(line, claim.unit, implied=only, place=(file, 1), grounds=claim.grounds_of(line))
            for (line, only), (file, _) in zip(statements, written, strict=True)
        )
        return Accepted(decision, tuple(written))

    def _assessment(self, proposal: Proposal, claim: ProposedClaim) -> Assessment:
        """What the judge says of what is accepted; of a proposal that is not edited, what its reviewer is shown."""
        if claim.key == proposal.claim.key:
            return self.assess(replace(proposal, claim=claim))
        return self.judge.assess(claim, quote=proposal.quote if claim.unit == proposal.claim.unit else None)

    def refuse(self, proposal: Proposal, reason: str, *, settles: bool = False) -> Decision:
        """Refuse a proposal: it is not shown, and not proposed, again. Raises as `accept`, and without a reason.

        What another reviewer accepted is taken out of the facts when this `settles` it.
        """
        if checked_reason(reason) is None:
            raise UsageError(
                "a refusal needs a reason.", advice="It is shown to whoever proposes this again: say what is wrong."
            )
        with alone_in(self.project.root):
            self._undecided(proposal, settles=settles)
            decision = Decision(
                "refuse", proposal.id, self.reviewer, self._time(proposal.id), reason=checked_reason(reason),
                settles=settles, key=proposal.claim.key, source=proposal.source,
            )  # fmt: skip
            self._take_back(decision)
        return decision

    def undo(self, proposal: str | None = None) -> Decision:
        """Take back the reviewer's last decision, or the one on a proposal (its name); facts written by it are removed.

        What another acceptance that stands has written as well stays. Raises `UsageError` where there is none, and
        where what was written has been changed since.
        """
        with alone_in(self.project.root):
            decisions = self.log.read()[0]
            own = {
                decision
                for one in standing(decisions).values()
                for decision in one.decisions
                if decision.reviewer == self.reviewer and proposal in (None, decision.proposal)
            }
            last = next((one for one in reversed(decisions) if one in own), None)
            if last is None:
                raise UsageError("there is no decision of yours to take back.", advice="Only your own can be.")
            decision = Decision("undo", last.proposal, self.reviewer, self._time(last.proposal), key=last.key)
            self._take_back(decision)
        return decision

    def _time(self, proposal: str) -> str:
        """The time of a decision on a proposal: now, but behind all on it and all of the reviewer, as read last."""
        time, latest = now(), self.log.latest(proposal, self.reviewer)
        if latest is None or datetime.fromisoformat(time) > latest:
            return time
        try:
            return (latest + timedelta(microseconds=1)).isoformat(timespec="microseconds").replace("+00:00", "Z")
        except OverflowError:
            raise UsageError(
                f"no decision can be later than one of {latest.isoformat()}.",
                advice="Correct its time in proposals/decisions.",
            ) from None

    def _decisions_on(self, proposal: str) -> Sequence[Decision]:
        return self.standings().get(proposal, Standing()).decisions

    def _undecided(self, proposal: Proposal, *, settles: bool) -> None:
        """Raise `UsageError` where a decision stands that this one would contradict or repeat."""
        decisions = self._decisions_on(proposal.id)
        if decisions and not settles:
            word = {"accept": "accepted", "refuse": "refused"}[decisions[-1].kind]
            own = any(one.reviewer == self.reviewer for one in decisions)
            raise UsageError(
                f"{decisions[-1].reviewer} has {word} this already, at {decisions[-1].time}.",
                advice="Take your own decision back first."
                if own
                else "Nothing is left to decide; only they can undo it.",
            )

    # ------------------------------------------------------------------ facts

    def _insert(
        self,
        statements: Sequence[tuple[bytes, bool]],
        claim: ProposedClaim,
        answers: Mapping[tuple[bytes, str], str],
        texts: dict[Path, str],
    ) -> list[tuple[Path, str]]:
        """The file and the line of each statement; in `texts` stand the changed files of facts, before and after."""
        by_file: dict[Path, list[AnnotatedStatement]] = {}
        subject, _, object_, _ = split(claim.triple)
        main = self._file(subject) or self._file(object_) or self.project.folder("facts") / _NEW_FILE
        places = []
        for line, implied in statements:
            notes = list(claim.grounds_of(line)) or [
                (EV.impliedBy if implied else EV.supportedBy, iri_token(claim.unit))
            ]
            number = unit_name(self.judge.dataset, claim.unit)
            notes += [
                (EV.answer, text_token(f"{number} {flag}: {reason}", self.project.language))
                for (asked, flag), reason in answers.items()
                if asked == line
            ]
            own = by_file.setdefault(self._file(split(line)[0]) or main, [])
            places.append((self._file(split(line)[0]) or main, len(own)))
            own.append(AnnotatedStatement(line, tuple(notes)))
        lines = {}
        for file, own in by_file.items():
            before = texts[file] if file in texts else text_of(file)
            after, lines[file] = inserted(before, own, self.judge.prefixes)
            self._verify(file, before, after, own)
            texts[file] = after
        return [(file, lines[file][number]) for file, number in places]

    def _file(self, thing: bytes) -> Path | None:
        """The file of facts that says most of a thing, the last one where several do."""
        facts = set(self.project.facts_files)
        counts: dict[Path, int] = {}
        for claim in self.judge.about(thing) if is_iri(thing) else ():
            for file, _ in claim.places:
                if file in facts:
                    counts[file] = counts.get(file, 0) + 1
        return max(counts, key=lambda file: (counts[file], file.name)) if counts else None

    def _verify(self, file: Path, before: str, after: str, added: Iterable[AnnotatedStatement]) -> None:
        """Raise `OutputError` where a changed file of facts does not say what it said, and what is added, no more."""
        expected = list(self._lines(file, before))
        for statement in added:
            expected.append(statement.triple)
            expected.append(reifying(statement.triple))
            expected += [triple_line(b"_:", iri_token(name), value) for name, value in statement.annotations]
        if sorted(expected) != sorted(self._lines(file, after)):
            raise OutputError(
                "a statement cannot be added here without changing others; nothing was written.",
                file=file,
                advice="Add it by hand, or write the file in a plain form.",
            )

    def _lines(self, file: Path, turtle: str) -> list[bytes]:
        """The triples of a file of facts as lines, its reifiers all under one name, each as often as it is written."""
        if (known := self._parsed.get(file)) and known[0] == turtle:
            return known[1]
        quads = read_quads(turtle.encode(), TURTLE, base=self.project.ids.base, limits=self.project.limits,
                           name=str(file), confined=True)  # fmt: skip
        lines = [_GENERATED.sub(b"_: ", line) for line in lines_in_order(quads)]
        self._parsed[file] = turtle, lines
        return lines

    def _take_back(self, decision: Decision) -> None:
        """Write a decision together with the facts as they are without what no acceptance stands for any more."""
        texts, taken = self._without(decision)
        if texts:
            self._write(decision, texts)
        else:
            append_decision(self.project, decision)
        if taken:
            self.judge.remove(taken)

    def _write(self, decision: Decision, texts: Mapping[Path, str]) -> None:
        """Write a decision and files of facts, those that are links where they lead to."""
        path, content = with_decision(self.project, decision)
        files = {file.resolve(): text.encode() for file, text in texts.items()}
        write_together(self.project.root, {path: content, **files})

    def _without(self, decision: Decision) -> tuple[dict[Path, str], list[tuple[bytes, str, bytes]]]:
        """Files of facts without what acceptances wrote that stand no more after a decision, as far as it concerns it.

        That is what the proposal's acceptances wrote, and the class and the names of things that they mention, where an
        acceptance introduced these and nothing else is said of them. Also what does not stand behind statements any
        more: statement, annotation and value.
        """
        decisions = self.log.read()[0]
        ended = [one for one in decisions if one.kind == "accept" and one.proposal == decision.proposal]
        if not ended:
            return {}, []
        stood = {one for found in standing(decisions).values() for one in found.decisions}
        stand = {one for found in standing([*decisions, decision]).values() for one in found.decisions}
        needed = {(line, one.grounds_of(line, only)) for one in stand for line, only in one.statements}
        work = Removal(self.project, self._lines)
        for one in ended:
            for (line, only), place in list(zip(one.statements, one.written, strict=False))[-1:]:
                if (line, grounds := one.grounds_of(line, only)) not in needed:
                    work.remove(line, grounds, place, strict=one in stood)
        things = {term for one in ended for line, _ in one.statements for term in split(line)[:3:2] if is_iri(term)}
        introduced = [
            (one, line, grounds, place)
            for one in decisions
            if one.kind == "accept" and one not in stand
            for (line, only), place in list(zip(one.statements, one.written, strict=False))[:-1]
            if split(line)[0] in things and (line, grounds := one.grounds_of(line, only)) not in needed
        ]
        names = {line for _, line, _, _ in introduced}
        mentioned = {term for line, _ in needed for term in split(line)[:3:2]}
        for one, line, grounds, place in introduced:
            thing = split(line)[0]
            others = [
                claim for claim in self.judge.mentions(thing) if claim.triple not in names and not work.ends(claim)
            ]
            anew = decision.kind == "accept" and line not in self.judge.claims
            if anew or not (others or thing in mentioned):
                work.remove(line, grounds, place, strict=one in stood and one in ended)
        work.verify()
        kept = {(line, name, token) for line, grounds in needed for name, token in grounds}
        return work.texts, [one for one in work.taken if one not in kept]

    def _support(self, line: bytes, name: str, token: bytes) -> list[Claim]:
        """What the judge knows of one annotation of a statement."""
        claim = self.judge.claims.get(line)
        place = claim.evidence.get(name, {}).get(token.decode()) if claim else None
        return [self.judge.claim(line, "", implied=False, place=place, grounds=((name, token),))] if place else []
