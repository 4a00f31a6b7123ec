"""Submissions: what a person or a program proposes, judged as it arrives and put into the queue.

Two forms: a patch in Turtle (`patches`), and JSON Lines (`json_claims`), one claim an object.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..authoring.annotations import Annotations
from ..authoring.decisions import Key
from ..errors import UsageError
from ..rdf.lines import literal, split
from .assessment import Assessment, Flagged
from .decisions import DecisionLog, now, refused_keys, standing
from .json_claims import NotAClaim, claim_of_json, json_of_line, resolve_unit
from .judge import Judge
from .patches import claims_of_patch
from .proposal import Proposal, ProposedClaim
from .queue import MOST_OPEN, ProposalQueue, undecided, write_submission
from .refusals import RefusedThings
from .words import readable

__all__ = [
    "Arrival",
    "NotAClaim",
    "Submission",
    "claim_of_json",
    "claims_of_patch",
    "claims_of_text",
    "json_of_line",
    "resolve_unit",
]

#: A patch or a line of JSON is read up to so many bytes.
MOST_BYTES = 10_000_000


@dataclass(frozen=True, slots=True)
class Arrival:
    """What became of one claim that was submitted: in the queue under a name, or refused."""

    claim: ProposedClaim | None
    assessment: Assessment
    id: str | None = None
    place: str | None = None  #: of the submission: line 3

    def to_json(self, judge: Judge) -> dict[str, Any]:
        """The answer to whoever proposed it."""
        refusal = self.assessment.refusal
        value: dict[str, Any] = {"accepted_for_review": self.id is not None, "proposal": self.id, "at": self.place}
        if self.claim:
            value["statement"] = readable(judge, self.claim)
        if refusal:
            value["refused"] = {"reason": refusal.name, "message": refusal.message, "advice": refusal.advice}
        value["flags"] = [{"flag": flag.name, "message": flag.message} for flag in self.assessment.flags]
        value["not_asked"] = self.assessment.not_asked_json()
        return {name: item for name, item in value.items() if item not in (None, [])}


@dataclass(slots=True)
class Submission:
    """One run of a tool that proposes: what arrives is judged at once, and written as one file when it is closed."""

    judge: Judge
    source: str
    proposer: str | None = None
    queued: bool = True  #: whether duplicates of the queue and of what was refused are looked for
    arrivals: list[Arrival] = field(default_factory=list)
    _pending: list[Proposal] = field(default_factory=list)
    _open: set[Key] = field(default_factory=set)
    _refused: Mapping[Key, str] = field(default_factory=dict)
    _refused_things: RefusedThings | None = None
    _introduced: dict[bytes, tuple[bytes, ...]] = field(default_factory=dict)  #: new thing → what it is and is called
    _grounds: dict[bytes, Annotations] = field(default_factory=dict)  #: of lines of new things, where they have some
    _known: bool = False

    def submit(self, claim: ProposedClaim, place: str | None = None) -> Arrival:
        """Judge a claim; one that is not refused goes into the queue when the submission is written."""
        self._look()
        claim = self._with_introductions(claim)
        assessment = self.judge.assess(
            claim, open_keys=self._open, refused=self._refused, refused_things=self._refused_things
        )
        name = None
        if len(self._open) >= MOST_OPEN and assessment.accepted:
            message = f"{MOST_OPEN:,} proposals wait for a decision."
            assessment = Assessment(Flagged("queue", message, "Review them first."))
        if assessment.accepted:
            proposal = Proposal(claim, self.source, now(), self.proposer, assessment.quote)
            name = proposal.id
            self._open.add(claim.key)
            self._introduce(claim)
            self._pending.append(proposal)
        arrival = Arrival(claim, assessment, name, place)
        self.arrivals.append(arrival)
        return arrival

    def refuse(self, error: NotAClaim, place: str | None = None) -> Arrival:
        """Record that something was no claim."""
        flag = Flagged(error.flag, error.message, error.advice)
        arrival = Arrival(None, Assessment(flag), None, place)
        self.arrivals.append(arrival)
        return arrival

    def claim(self, value: Any, unit: str | None = None) -> ProposedClaim:
        """The claim of a JSON object (`claim_of_json`); new things of open proposals are known by their names."""
        self._look()
        names = {
            literal(split(line)[2])[0].casefold(): thing
            for thing, lines in self._introduced.items()
            for line in lines
            if split(line)[2].startswith(b'"')
        }
        return claim_of_json(self.judge, value, unit, names)

    def submit_json(self, value: Any, place: str | None = None, unit: str | None = None) -> Arrival:
        """Judge the claim of a JSON object; what has not its form is refused, and nothing is raised."""
        try:
            claim = self.claim(value, unit)
        except NotAClaim as error:
            return self.refuse(error, place)
        return self.submit(claim, place)

    def write(self) -> Path | None:
        """Write what has arrived since the last time as a file of the queue; None where there is nothing."""
        if not self._pending:
            return None
        path = write_submission(self.judge.project, self._pending)
        self._pending = []
        return path

    def _introduce(self, claim: ProposedClaim) -> None:
        """Let further claims mention the new things of one that waits."""
        lines: dict[bytes, list[bytes]] = {}
        for line in claim.introduces:
            lines.setdefault(split(line)[0], []).append(line)
        for thing, own in lines.items():
            if self._introduced.setdefault(thing, tuple(own)) == tuple(own):
                self._grounds.update((line, given) for line, given in claim.grounds if line in own)

    def _with_introductions(self, claim: ProposedClaim) -> ProposedClaim:
        """The claim with what open proposals say of new things that it mentions: each stands by itself."""
        subject, _, object_, _ = split(claim.triple)
        own = {split(line)[0] for line in claim.introduces}
        further = [
            line
            for thing in dict.fromkeys((subject, object_))
            if thing not in own and thing in self._introduced and not self.judge.is_known(thing)
            for line in self._introduced[thing]
            if line != claim.triple
        ]
        if not further:
            return claim
        grounds = tuple((line, self._grounds[line]) for line in further if line in self._grounds)
        return replace(claim, introduces=(*further, *claim.introduces), grounds=(*grounds, *claim.grounds))

    def _look(self) -> None:
        if not self._known and self.queued:
            project = self.judge.project
            waiting = undecided(project)
            self._open = {one.claim.key for one in waiting}
            for one in waiting:
                self._introduce(one.claim)
            self._refused = refused_keys(standing(DecisionLog(project).read()[0]).values())
            if self._refused:
                proposals = ProposalQueue(project).read()[0]
                self._refused_things = RefusedThings(proposals, self._refused, self.judge.naming)
        self._known = True


def claims_of_text(judge: Judge, data: bytes, name: str) -> Iterator[tuple[str, ProposedClaim | NotAClaim]]:
    """The claims of a submission in either form, each with its place; what is no claim is given as its error.

    JSON Lines begin with `{`; anything else is a patch. Raises `ParseError`, `FactsError` or `UsageError` where nothing
    can be read.
    """
    if len(data) > MOST_BYTES:
        raise UsageError(f"{name} has more than {MOST_BYTES:,} bytes.", advice="Propose it in parts.")
    if not data.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{"):
        yield from claims_of_patch(judge, data, name)
        return
    for number, line in enumerate(data.removeprefix(b"\xef\xbb\xbf").splitlines(), 1):
        if not line.strip():
            continue
        try:
            yield f"line {number}", claim_of_json(judge, json_of_line(line))
        except NotAClaim as error:
            yield f"line {number}", error
