"""What becomes of a proposal: accepted into the facts, refused, or a decision taken back.

An acceptance and the facts that it changes are written together: both are there, or neither is, whenever the process
is stopped. Reading the project again finishes what was begun (`atomic.together`).
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..atomic import alone_in, finish_writing, write_together
from ..authoring.annotations import SUPPORTING
from ..authoring.decisions import Key
from ..authoring.insertion import AnnotatedStatement, inserted, removed
from ..errors import OutputError, UsageError
from ..evidence.answers import unit_name
from ..evidence.questions import QUESTIONS
from ..formats import TURTLE
from ..namespaces import EV, RDF
from ..project import Project
from ..rdf.lines import lines_in_order, split
from ..rdf.reading import read_quads
from ..rdf.tokens import iri_token, is_iri, text_token, triple_line
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
from .judge import Assessment, Judge
from .proposal import Proposal, ProposedClaim, agent_name
from .queue import ProposalQueue

__all__ = ["Accepted", "Review"]

#: Facts about things that no file describes yet are written here.
_NEW_FILE = "accepted.ttl"
#: The flags that an `ev:answer` may answer.
_ANSWERED = frozenset(question.name for question in QUESTIONS if question.severity == "flag")
#: How the parser names a reifier that its author did not.
_GENERATED = re.compile(rb"^_:[0-9a-f]+ ")


@dataclass(frozen=True, slots=True)
class Accepted:
    """An acceptance: the decision, and the lines that were written, each with its file."""

    decision: Decision
    written: tuple[tuple[Path, str], ...]


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
        return self.judge.assess(proposal.claim, quote=proposal.quote, refused=self._refused(but=proposal.claim.key))

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
    ) -> Accepted:
        """Accept a proposal: write its statement, and those of new things, into the facts, and record the decision.

        `implied` says how the unit has it, where that is not as proposed; `edited` is what is accepted in its place;
        `answers` (flag → reason) are recorded, and answer the evidence check's flags on the claim. `policy` is the
        file that accepts, signed by the reviewer. `settles` takes the place of what others decided. Raises `UsageError`
        where the judge refuses what is accepted, or a decision stands already, and `OutputError`.
        """
        claim = edited or proposal.claim
        if implied is not None:
            claim = replace(claim, implied=implied)
        with alone_in(self.project.root):
            self._undecided(proposal, settles=settles)
            quote = proposal.quote if claim.unit == proposal.claim.unit else None
            assessment = self.judge.assess(claim, quote=quote)
            if assessment.refusal:
                raise UsageError(
                    f"this cannot be accepted: {assessment.refusal.message}", advice=assessment.refusal.advice
                )
            statements = [(line, only) for line, only in assessment.statements if line not in self.judge.claims]
            if claim.triple not in {line for line, _ in statements}:
                statements.append((claim.triple, claim.implied))  # further evidence for a fact
            given = {flag: reason.strip() for flag, reason in (answers or {}).items() if reason.strip()}
            files, written = self._insert(
                statements,
                claim,
                {
                    (flag.line, flag.name): given[flag.name]
                    for flag in sorted(assessment.flags, key=lambda one: one.name)
                    if flag.line and flag.name in _ANSWERED & given.keys()
                },
            )
            reasons = "; ".join(f"{flag}: {reason}" for flag, reason in given.items())
            decision = Decision(
                "accept", proposal.id, self.reviewer, now(), checked_reason(reasons), settles, claim.unit,
                statements=tuple(statements), grounds=tuple(one for one in claim.grounds if one[0] in dict(statements)),
                edited=edited is not None, key=proposal.claim.key,
                source=proposal.source, proposer=proposal.proposer, proposed=proposal.time, policy=policy,
                written=tuple((file.relative_to(self.project.root).as_posix(), line) for file, line in written),
            )  # fmt: skip
            path, content = with_decision(self.project, decision)
            write_together(self.project.root, {path: content, **files})
        self.judge.add(
            self.judge.claim(line, claim.unit, implied=only, place=(file, 1), grounds=claim.grounds_of(line))
            for (line, only), (file, _) in zip(statements, written, strict=True)
        )
        return Accepted(decision, tuple(written))

    def refuse(self, proposal: Proposal, reason: str, *, settles: bool = False) -> Decision:
        """Refuse a proposal: it is not shown, and not proposed, again. Raises as `accept`.

        What another reviewer accepted is taken out of the facts when this `settles` it.
        """
        decision = Decision(
            "refuse", proposal.id, self.reviewer, now(), reason=checked_reason(reason), settles=settles,
            key=proposal.claim.key, source=proposal.source,
        )  # fmt: skip
        with alone_in(self.project.root):
            self._undecided(proposal, settles=settles)
            accepted = [one for one in self._decisions_on(proposal.id) if one.kind == "accept"] if settles else []
            if accepted:
                self._take_back(accepted, decision)
            else:
                append_decision(self.project, decision)
        return decision

    def undo(self, proposal: str | None = None) -> Decision:
        """Take back the reviewer's last decision, or the one on a proposal (its name); facts written by it are removed.

        Raises `UsageError` where there is none, and where what was written has been changed since.
        """
        with alone_in(self.project.root):
            own = [
                decision
                for one in self.standings().values()
                for decision in one.decisions
                if decision.reviewer == self.reviewer and proposal in (None, decision.proposal)
            ]
            if not own:
                raise UsageError("there is no decision of yours to take back.", advice="Only your own can be.")
            last = max(own, key=lambda one: one.time)
            decision = Decision("undo", last.proposal, self.reviewer, now(), key=last.key)
            if last.kind == "accept":
                self._take_back([last], decision)
            else:
                append_decision(self.project, decision)
        return decision

    def _decisions_on(self, proposal: str) -> Sequence[Decision]:
        return self.standings().get(proposal, Standing()).decisions

    def _undecided(self, proposal: Proposal, *, settles: bool) -> None:
        """Raise `UsageError` where a decision stands that this one would contradict or repeat."""
        decisions = self._decisions_on(proposal.id)
        if decisions and not settles:
            word = {"accept": "accepted", "refuse": "refused"}[decisions[-1].kind]
            raise UsageError(
                f"{decisions[-1].reviewer} has {word} this already, at {decisions[-1].time}.",
                advice="Take your own decision back first, or settle it.",
            )

    # ------------------------------------------------------------------ facts

    def _insert(
        self, statements: Sequence[tuple[bytes, bool]], claim: ProposedClaim, answers: Mapping[tuple[bytes, str], str]
    ) -> tuple[dict[Path, bytes], list[tuple[Path, str]]]:
        """The files of facts with the statements, and the file and the line of each statement."""
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
        files, lines = {}, {}
        for file, own in by_file.items():
            before = _text(file)
            after, lines[file] = inserted(before, own, self.judge.prefixes)
            self._verify(file, before, after, own)
            files[file] = after.encode()
        return files, [(file, lines[file][number]) for file, number in places]

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
            expected.append(_reifying(statement.triple))
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

    def _take_back(self, accepted: Sequence[Decision], decision: Decision) -> None:
        """Write a decision together with the facts that acceptances had written, less their lines."""
        texts: dict[Path, str] = {}
        facts = set(self.project.facts_files)
        taken: list[tuple[bytes, str]] = []
        for one in accepted:
            own = {line for line, _ in one.statements}
            for (statement, implied), (name, line) in zip(one.statements, one.written, strict=False):
                file = self.project.root / name
                others = [claim for claim in self.judge.mentions(split(statement)[0]) if claim.triple not in own]
                if statement != one.statements[-1][0] and others:
                    continue  # of the thing that it introduced something else is said by now
                if file in facts:
                    texts.setdefault(file, _text(file))
                after = removed(texts[file], line) if file in texts else None
                if after is None:
                    raise UsageError(
                        f"{file}: what was accepted is not there any more as it was written: {line[:200]}",
                        advice="Write the line as it was, then take the decision back.",
                    )
                texts[file] = after
                units = [token[1:-1].decode() for how, token in one.grounds_of(statement, implied) if how in SUPPORTING]
                taken += [(statement, unit) for unit in units or [""]]
        path, content = with_decision(self.project, decision)
        write_together(self.project.root, {path: content, **{file: text.encode() for file, text in texts.items()}})
        self.judge.remove(taken)


def _reifying(triple: bytes) -> bytes:
    return triple_line(b"_:", iri_token(RDF.reifies), b"<<( " + triple[: -len(b" .\n")] + b" )>>")


def _text(file: Path) -> str:
    """A file of facts as it is, line ends and all; empty where there is none."""
    return file.read_bytes().decode() if file.exists() else ""
