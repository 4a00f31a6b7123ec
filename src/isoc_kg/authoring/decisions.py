"""Decisions on proposed claims: what reviewers recorded, and what stands of it.

`proposals/decisions/DATE-REVIEWER.jsonl` has one day of one reviewer, a JSON object a line, appended and never changed,
so that the files of two reviewers merge by git. What was decided in the end follows from all lines (`standing`): an
`undo` takes back the reviewer's own last decision on a proposal, and a decision that `settles` stands in place of all
before it. Within a file lines follow one another as they stand, whatever the clock said; between files time decides.

What that means for the facts is in `decided_claims`.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ..errors import Finding
from ..limits.regular_files import read_regular
from ..namespaces import EV
from ..project import Project
from ..rdf.tokens import iri_token, is_valid_iri, term_token, triple_line
from .annotations import ANNOTATIONS, Annotations

__all__ = ["Decision", "DecisionLog", "Key", "Standing", "standing"]

#: A statement (canonical line) and the unit (IRI) that it rests on: by these, two proposals are the same one.
Key = tuple[bytes, str]
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
    flags: tuple[str, ...] = ()  #: the names of the flags that stood there when it was accepted
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
            "flags": list(self.flags),
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
        for unit in (texts["unit"], of["unit"] if of else None):
            if unit is not None and not is_valid_iri(_text(unit)):
                raise ValueError("a unit is not an IRI")
        decision = cls(
            value["decision"], value["proposal"], _text(value["reviewer"]), value["time"], statements=statements,
            grounds=grounds, settles=value.get("settles") is True, edited=value.get("edited") is True,
            key=(_line(of["triple"]), _text(of["unit"])) if of else None,
            flags=tuple(map(_text, value.get("flags", ()))),
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
    _line(f"<x:> <x:> {token} .")
    return name, token.encode()


def _line(triple: Any) -> bytes:
    """The canonical line of a triple in a decision: subject an IRI, object an IRI or a literal."""
    line = (_text(triple) + "\n").encode()
    try:
        terms = [(quad.subject, quad.predicate, quad.object) for quad in ox.parse(line, format=ox.RdfFormat.N_TRIPLES)]
    except SyntaxError:
        raise ValueError("no statement") from None
    if [triple_line(*map(term_token, one)) for one in terms] != [line] or not (
        isinstance(terms[0][0], ox.NamedNode) and isinstance(terms[0][2], (ox.NamedNode, ox.Literal))
    ):
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
