"""Decisions on proposed claims: what reviewers recorded, what stands of it, and what that means for the facts.

`proposals/decisions/DATE-REVIEWER.jsonl` has one day of one reviewer, a JSON object a line, appended and never changed,
so that the files of two reviewers merge by git. What was decided in the end follows from all lines (`standing`): an
`undo` takes back the reviewer's own last decision on a proposal, and a decision that `settles` stands in place of all
before it. Within a file lines follow one another as they stand, whatever the clock said; between files time decides.

A build reads decisions and no proposal. They add nothing to the facts: they say of a claim in the facts how it came
there, and hold back one that came there by an acceptance which does not stand, or which others contradict. A merge of
two branches can leave such a line behind, or take one away.
"""

import json
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..documents.editions import Edition
from ..documents.later_units import LaterUnits
from ..errors import Finding
from ..limits.regular_files import read_regular
from ..namespaces import EV, PROV, RDF, XSD
from ..project import Project
from ..rdf.lines import split
from ..rdf.tokens import iri_token, is_iri, text_token, typed_token
from .annotations import ANNOTATIONS, SUPPORTING, Annotations
from .facts import Claim, Place

__all__ = ["Decision", "DecisionLog", "Key", "Standing", "decided_claims", "standing"]

#: A statement (canonical line) and the unit (IRI) that it rests on: by these, two proposals are the same one.
Key = tuple[bytes, str]
#: An annotation and the token of its value.
_Evidence = tuple[str, str]
#: A file of decisions has at most so many bytes.
_BYTES = 100_000_000
_KINDS = ("accept", "refuse", "undo")
_ID = re.compile(r"[0-9a-f]{16}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision. `statements` are the lines that an acceptance put into the facts, each with how its unit has it."""

    kind: str  #: accept, refuse or undo
    proposal: str
    reviewer: str
    time: str  #: UTC, an xsd:dateTime
    reason: str | None = None
    settles: bool = False  #: whether it stands in place of what others decided before
    unit: str | None = None
    statements: tuple[tuple[bytes, bool], ...] = ()  #: canonical line, and whether it is only implied; the last is it
    grounds: tuple[tuple[bytes, Annotations], ...] = ()  #: of lines of new things that do not rest on the unit
    edited: bool = False  #: whether something else was accepted than was proposed
    key: Key | None = None  #: statement and unit as they were proposed
    source: str | None = None  #: the tool that proposed it
    proposer: str | None = None
    proposed: str | None = None  #: when it was proposed
    policy: str | None = None  #: the policy that accepted it, signed by the reviewer
    written: tuple[tuple[str, str], ...] = ()  #: file below the project's folder, and the line written there

    @property
    def verdict(self) -> str:
        """How the unit has the accepted statement: supported or implied."""
        return "implied" if self.statements and self.statements[-1][1] else "supported"

    @property
    def instant(self) -> datetime:
        """The time. Raises `ValueError` for one that no calendar or clock has."""
        return datetime.fromisoformat(self.time)

    @property
    def outcome(self) -> tuple[str, object, object]:
        """What two reviewers agree on, or contradict each other in."""
        return (self.kind, self.unit, self.statements[-1]) if self.kind == "accept" else (self.kind, None, None)

    def to_json(self) -> bytes:
        """The decision's line."""
        value: dict[str, Any] = {
            "decision": self.kind, "proposal": self.proposal, "reviewer": self.reviewer, "time": self.time,
            "reason": self.reason, "settles": self.settles or None, "unit": self.unit,
            "statements": [self._statement(line, implied) for line, implied in self.statements],
            "edited": self.edited or None,
            "of": {"triple": self.key[0].decode().rstrip("\n"), "unit": self.key[1]} if self.key else None,
            "source": self.source, "proposer": self.proposer, "proposed": self.proposed, "policy": self.policy,
            "written": [{"file": file, "line": line} for file, line in self.written],
        }  # fmt: skip
        return (json.dumps({name: item for name, item in value.items() if item}, ensure_ascii=False) + "\n").encode()

    def _statement(self, line: bytes, implied: bool) -> dict[str, Any]:
        value: dict[str, Any] = {"triple": line.decode().rstrip("\n"), "implied": implied}
        given = next((given for own, given in self.grounds if own == line), ())
        if given:
            value["grounds"] = [[name, token.decode()] for name, token in given]
        return value

    def grounds_of(self, line: bytes, implied: bool) -> Annotations:
        """What a statement was written with: the unit, or what the proposer put behind the line of a new thing."""
        own = next((given for one, given in self.grounds if one == line), ())
        return own or ((EV.impliedBy if implied else EV.supportedBy, iri_token(self.unit or "")),)

    @classmethod
    def from_json(cls, value: Any) -> "Decision":
        """The decision that a line has. Raises `ValueError`, `KeyError` or `TypeError` for what is none."""
        if (
            value["decision"] not in _KINDS
            or not _ID.fullmatch(value["proposal"])
            or not _TIME.fullmatch(value["time"])
        ):
            raise ValueError("no decision")
        texts = {name: value.get(name) for name in ("reason", "unit", "source", "proposer", "proposed", "policy")}
        for text in texts.values():
            if text is not None:
                _text(text)
        statements = tuple((_line(item["triple"]), item["implied"] is True) for item in value.get("statements", []))
        if value["decision"] == "accept" and not (statements and texts["unit"]):
            raise ValueError("an acceptance without a statement or a unit")
        grounds = tuple(
            (_line(item["triple"]), tuple(_ground(*pair) for pair in item["grounds"]))
            for item in value.get("statements", [])
            if "grounds" in item
        )
        of = value.get("of")
        decision = cls(
            value["decision"], value["proposal"], _text(value["reviewer"]), value["time"], statements=statements,
            grounds=grounds, settles=value.get("settles") is True, edited=value.get("edited") is True,
            key=(_line(of["triple"]), _text(of["unit"])) if of else None,
            written=tuple((_text(item["file"]), _text(item["line"])) for item in value.get("written", [])), **texts,
        )  # fmt: skip
        _ = decision.instant
        return decision


def _text(value: Any) -> str:
    """A text that can be written, which one with half of a pair of surrogates cannot."""
    if not isinstance(value, str):
        raise TypeError
    value.encode()
    return value


def _ground(name: Any, token: Any) -> tuple[str, bytes]:
    """An annotation and its value in a decision."""
    if _text(name) not in ANNOTATIONS or not ANNOTATIONS[name].fits(_text(token)):
        raise ValueError("no annotation")
    return name, token.encode()


def _line(triple: Any) -> bytes:
    """The canonical line of a triple in a decision."""
    line = (_text(triple) + "\n").encode()
    if not line.endswith(b" .\n") or not all(split(line)[:3]) or not line.startswith(b"<"):
        raise ValueError("no statement")
    return line


@dataclass(frozen=True, slots=True)
class Standing:
    """What all decisions on one proposal come to."""

    decisions: tuple[Decision, ...] = field(default_factory=tuple)  #: those that stand, the newest of each reviewer

    @property
    def contested(self) -> bool:
        """Whether reviewers contradict one another, and nobody has settled it."""
        return len({decision.outcome for decision in self.decisions}) > 1

    @property
    def accepted(self) -> Decision | None:
        """The acceptance, where nobody contradicts it: the first one."""
        return None if self.contested else next((one for one in self.decisions if one.kind == "accept"), None)

    @property
    def refused(self) -> Decision | None:
        """The refusal, where nobody contradicts it: the first one."""
        return None if self.contested else next((one for one in self.decisions if one.kind == "refuse"), None)


def standing(decisions: Iterable[Decision]) -> dict[str, Standing]:
    """Proposal → what stands of the decisions on it; proposals on which none stands are open, and not in it.

    The decisions come in the order in which they were made, as `DecisionLog.read` gives them.
    """
    kept: dict[str, dict[str, Decision]] = {}  # each reviewer's decision that stands, the latest one last
    for decision in decisions:
        own = kept.setdefault(decision.proposal, {})
        own.pop(decision.reviewer, None)
        if decision.kind == "undo":
            continue
        if decision.settles:
            own.clear()
        own[decision.reviewer] = decision
    return {name: Standing(tuple(own.values())) for name, own in kept.items() if own}


class DecisionLog:
    """The decisions of a project. Files only grow, so of one that was read before only what is new is read."""

    def __init__(self, project: Project) -> None:
        self._folder = project.decisions_folder
        self._read: dict[Path, tuple[bytes, list[Decision], list[Finding]]] = {}
        self._ordered: list[tuple[datetime, Decision]] = []

    def read(self) -> tuple[list[Decision], list[Finding]]:
        """All decisions in the order in which they were made, and what is wrong with lines that are none.

        A decision was made after those above it in its file, also where a clock was set back in between.

        Such a line is a warning: a decision that was not written to its end was never confirmed to its reviewer.
        """
        current = {}
        findings = []
        for path in sorted(self._folder.glob("*.jsonl")) if self._folder.is_dir() else ():
            try:
                data = read_regular(path, _BYTES)
            except OSError as error:
                findings.append(Finding(f"the decisions cannot be read: {error.strerror}.", file=path))
                continue
            before, decisions, wrong = self._read.get(path, (b"", [], []))
            if not data.startswith(before) or (before and not before.endswith(b"\n")):
                before, decisions, wrong = b"", [], []
            more, new_wrong = _decisions(path, data[len(before) :], before.count(b"\n"))
            current[path] = data, [*decisions, *more], [*wrong, *new_wrong]
        self._read = current
        ordered: list[tuple[datetime, Decision]] = []
        for _, found, _ in current.values():
            at = datetime.min.replace(tzinfo=UTC)
            for decision in found:
                at = max(at, decision.instant)
                ordered.append((at, decision))
        ordered.sort(key=lambda one: one[0])  # stable: lines of a file keep their order
        self._ordered = ordered
        return [decision for _, decision in ordered], [
            *findings,
            *(finding for _, _, found in current.values() for finding in found),
        ]

    def latest(self, proposal: str, reviewer: str) -> datetime | None:
        """When the last decision on a proposal, or of a reviewer, was made, of those that were read last."""
        return next(
            (at for at, one in reversed(self._ordered) if one.proposal == proposal or one.reviewer == reviewer), None
        )


def _decisions(path: Path, data: bytes, start: int) -> tuple[list[Decision], list[Finding]]:
    """The decisions in lines of a file, and what is wrong; so many lines stand before them."""
    decisions: list[Decision] = []
    findings: list[Finding] = []
    lines = data.split(b"\n")
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            decisions.append(Decision.from_json(json.loads(line)))
        except (ValueError, KeyError, TypeError, RecursionError):
            torn = number == len(lines)  # no line feed behind it
            findings.append(
                Finding(
                    f"{'the last line was not written to its end' if torn else 'this line is not a decision'}; "
                    "it is left out.",
                    "warning",
                    path,
                    start + number,
                    advice="Decide again." if torn else "Restore it from version control, or decide again.",
                )
            )
    return decisions, findings


def decided_claims(
    project: Project, claims: Mapping[bytes, Claim], editions: Sequence[Edition]
) -> tuple[dict[bytes, Claim], list[Finding]]:
    """The claims of the facts as decisions leave them, and what is wrong with decisions.

    A claim that was proposed and accepted says with what it was proposed, when it was accepted and as what; who did, as
    far as `[review] publish_names` allows. Evidence that came into the facts by an acceptance is held back, and a claim
    that has no other, where reviewers contradict one another on it, and where no acceptance of it stands. The class and
    the names of a thing that it introduced stay while something else is said of the thing. Evidence that has moved to
    a later edition is still that of the decision.
    """
    later = LaterUnits(editions)
    decisions, findings = DecisionLog(project).read()
    result = dict(claims)
    standings = standing(decisions)
    stand: set[Decision] = set()
    for one in standings.values():
        if one.contested:
            findings += _contradiction(project, one, claims)
        elif accepted := one.accepted:
            stand.update(one.decisions)  # all say the same
            findings += _missing(project, accepted, claims, later)
            for line, implied in accepted.statements:
                if _rests(result.get(line), accepted, line, implied, later):
                    result[line] = _with_record(project, result[line], accepted)
    fallen = [one for one in decisions if one.kind == "accept" and one not in stand]
    covered = _covered(stand, {line for one in fallen for line, _ in one.statements}, later)
    for introduced in (False, True):  # a statement before those of the things that it introduced
        mentioned = _mentioned(result, project) if introduced and fallen else set()
        for decision in fallen:
            one = standings.get(decision.proposal, Standing())
            for line, implied in decision.statements:
                claim = result.get(line)
                if claim is None or _introduces(line, project) is not introduced or split(line)[0] in mentioned:
                    continue
                held = _held(_written(decision, line, implied, later), covered.get(line, set()))
                places = [place for name, token, place in _evidence(claim) if (name, token) in held]
                if places and not one.contested:
                    findings.append(_fallen(decision, one, claim, places[0]))
                if kept := _without(claim, held) if places else claim:
                    result[line] = kept
                else:
                    del result[line]
    return result, findings


def _covered(stand: Iterable[Decision], lines: Collection[bytes], later: LaterUnits) -> dict[bytes, set[_Evidence]]:
    """What acceptances that stand put behind some statements."""
    covered: dict[bytes, set[_Evidence]] = {}
    for decision in stand:
        for line, implied in decision.statements:
            if line in lines:
                covered.setdefault(line, set()).update(_written(decision, line, implied, later))
    return covered


def _held(written: Iterable[_Evidence], covered: Collection[_Evidence]) -> set[_Evidence]:
    """What is held back of what an acceptance wrote that does not stand: what no other one covers."""
    own = [one for one in written if one not in covered]
    return {evidence for one in own for evidence in _said_or_implied(*one) if evidence not in covered}


def _written(decision: Decision, line: bytes, implied: bool, later: LaterUnits) -> Iterator[_Evidence]:
    """What a decision put behind a statement, as annotations and tokens: a unit by all its names."""
    for name, token in decision.grounds_of(line, implied):
        if name in SUPPORTING:
            yield from ((name, f"<{unit}>") for unit in later.names(token[1:-1].decode()))
        else:
            yield name, token.decode()


def _tokens(decision: Decision, line: bytes, implied: bool, later: LaterUnits) -> Iterator[_Evidence]:
    """The same, each unit said or implied: what its author may have made of it since."""
    for name, token in _written(decision, line, implied, later):
        yield from _said_or_implied(name, token)


def _said_or_implied(name: str, token: str) -> Iterator[_Evidence]:
    """A unit by both annotations that support a statement; anything else as it is."""
    yield from ((how, token) for how in (SUPPORTING if name in SUPPORTING else (name,)))


def _rests(claim: Claim | None, decision: Decision, line: bytes, implied: bool, later: LaterUnits) -> bool:
    """Whether anything that a decision put behind a statement still stands there."""
    return claim is not None and any(
        token in claim.evidence.get(name, ()) for name, token in _tokens(decision, line, implied, later)
    )


def _evidence(claim: Claim) -> Iterator[tuple[str, str, Place]]:
    """All annotations of a claim, each with its token and place."""
    return ((name, token, place) for name, values in claim.evidence.items() for token, place in values.items())


def _without(claim: Claim, held: Collection[_Evidence]) -> Claim | None:
    """The claim without evidence; None where nothing else stands behind it."""
    evidence: dict[str, dict[str, Place]] = {}
    for name, token, place in _evidence(claim):
        if (name, token) not in held:
            evidence.setdefault(name, {})[token] = place
    kept = replace(claim, evidence=evidence)
    return kept if kept.supported else None


def _contradiction(project: Project, one: Standing, claims: Mapping[bytes, Claim]) -> list[Finding]:
    first = next((decision for decision in one.decisions if decision.kind == "accept"), one.decisions[0])
    claim = next((claims[line] for line, _ in reversed(first.statements) if line in claims), None)
    words = {"accept": "accepted", "refuse": "refused"}
    said = ", ".join(f"{decision.reviewer} {words[decision.kind]} it" for decision in one.decisions)
    file, line = claim.places[0] if claim else (project.decisions_folder, None)
    return [
        Finding(
            f"reviewers contradict each other on proposal {first.proposal}: {said}; nothing of it is published.",
            "warning",
            file,
            line,
            claim.iri if claim else None,
            "One of them takes the decision back, or somebody settles it: isoc-kg review.",
        )
    ]


def _fallen(decision: Decision, one: Standing, claim: Claim, place: Place) -> Finding:
    """What to say of a line whose acceptance does not stand."""
    last = one.decisions[-1] if one.decisions else None
    if last is None:
        now, first = "no decision on it stands", "Decide on it: isoc-kg review; or delete the line"
    elif last.kind == "refuse":
        now, first = f"{last.reviewer} refused it", "Delete the line"
    else:
        now, first = f"what stands is what {last.reviewer} accepted, otherwise", "Delete the line"
    return Finding(
        f"this came here when {decision.reviewer} accepted proposal {decision.proposal}, but {now}: "
        "it is not published.",
        "warning",
        *place,
        claim.iri,
        f"{first}; to keep it as your own, remove that acceptance ({decision.time}) from the decisions.",
    )


def _missing(project: Project, accepted: Decision, claims: Mapping[bytes, Claim], later: LaterUnits) -> list[Finding]:
    """What to say of an acceptance that stands, and whose statement is not in the facts."""
    line, implied = accepted.statements[-1]
    if _rests(claims.get(line), accepted, line, implied, later):
        return []
    written = accepted.written[-1] if accepted.written else ("", line.decode().rstrip())
    return [
        Finding(
            f"accepted by {accepted.reviewer} at {accepted.time} (proposal {accepted.proposal}), "
            f"but facts have no such line: {written[1][:300]}",
            "warning",
            project.decisions_folder,
            advice=f"Write it again, or {accepted.reviewer} takes the acceptance back: isoc-kg review.",
        )
    ]


def _introduces(line: bytes, project: Project) -> bool:
    """Whether a statement says what a thing is, or is called."""
    predicate = split(line)[1][1:-1].decode()
    return predicate in (RDF.type, *project.names.labels, *project.names.alternatives)


def _mentioned(claims: Iterable[bytes], project: Project) -> set[bytes]:
    """The things that statements other than types and names of a thing mention."""
    introducing = {iri_token(name) for name in (RDF.type, *project.names.labels, *project.names.alternatives)}
    parts = [split(line) for line in claims]
    things = {subject for subject, predicate, _, _ in parts if predicate not in introducing}
    return things | {object_ for _, _, object_, _ in parts if is_iri(object_)}


def _with_record(project: Project, claim: Claim, decision: Decision) -> Claim:
    """The claim with how it came into the facts."""
    place = claim.places[0]
    when = re.sub(r"\.\d+", "", decision.time)
    values = [
        (PROV.generatedAtTime, typed_token(when, XSD.dateTime)),
        (EV.verdict, text_token(f"{decision.verdict}, edited" if decision.edited else decision.verdict)),
    ]
    if decision.source:
        values.append((EV.proposedWith, text_token(decision.source)))
    if decision.policy:
        values.append((EV.acceptedUnder, text_token(decision.policy)))
    if project.review.publish_names:
        values.append((EV.acceptedBy, text_token(decision.reviewer)))
        if decision.proposer:
            values.append((EV.proposedBy, text_token(decision.proposer)))
    evidence = {name: dict(tokens) for name, tokens in claim.evidence.items()}
    for name, token in values:
        evidence.setdefault(name, {})[token.decode()] = place
    return replace(claim, evidence=evidence)
