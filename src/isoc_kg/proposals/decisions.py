"""Decisions: what reviewers said of proposals, one JSON object a line, appended and never changed.

`proposals/decisions/DATE-REVIEWER.jsonl` has one day of one reviewer, so that the files of two reviewers merge by git.
What was decided in the end follows from all lines (`standing`): an `undo` takes back the reviewer's own last decision
on a proposal, and a decision that `settles` stands in place of all before it.
"""

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ..atomic import alone_in
from ..atomic.files import output_error
from ..errors import Finding, UsageError
from ..limits.regular_files import read_regular
from ..project import Project
from ..rdf.lines import split
from .proposal import Key

__all__ = [
    "Decision",
    "DecisionLog",
    "Standing",
    "append_decision",
    "checked_reason",
    "contradictions",
    "decision_file",
    "now",
    "refused_keys",
    "standing",
    "with_decision",
]

#: A reason has at most so many characters.
_REASON = 4_000
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
    def outcome(self) -> tuple[str, object, object]:
        """What two reviewers agree on, or contradict each other in."""
        return (self.kind, self.unit, self.statements[-1]) if self.kind == "accept" else (self.kind, None, None)

    def to_json(self) -> bytes:
        """The decision's line."""
        value: dict[str, Any] = {
            "decision": self.kind, "proposal": self.proposal, "reviewer": self.reviewer, "time": self.time,
            "reason": self.reason, "settles": self.settles or None, "unit": self.unit,
            "statements": [{"triple": line.decode().rstrip("\n"), "implied": implied}
                           for line, implied in self.statements],
            "edited": self.edited or None,
            "of": {"triple": self.key[0].decode().rstrip("\n"), "unit": self.key[1]} if self.key else None,
            "source": self.source, "proposer": self.proposer, "proposed": self.proposed, "policy": self.policy,
            "written": [{"file": file, "line": line} for file, line in self.written],
        }  # fmt: skip
        return (json.dumps({name: item for name, item in value.items() if item}, ensure_ascii=False) + "\n").encode()

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
        if any(text is not None and not isinstance(text, str) for text in texts.values()):
            raise ValueError("a member is not a text")
        statements = tuple((_line(item["triple"]), item["implied"] is True) for item in value.get("statements", []))
        if value["decision"] == "accept" and not (statements and texts["unit"]):
            raise ValueError("an acceptance without a statement or a unit")
        of = value.get("of")
        return cls(
            value["decision"], value["proposal"], _text(value["reviewer"]), value["time"], statements=statements,
            settles=value.get("settles") is True, edited=value.get("edited") is True,
            key=(_line(of["triple"]), _text(of["unit"])) if of else None,
            written=tuple((_text(item["file"]), _text(item["line"])) for item in value.get("written", [])), **texts,
        )  # fmt: skip


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


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
    """Proposal → what stands of the decisions on it; proposals on which none stands are open, and not in it."""
    by_proposal: dict[str, list[Decision]] = {}
    for decision in sorted(decisions, key=lambda one: one.time):  # stable: lines of a file keep their order
        by_proposal.setdefault(decision.proposal, []).append(decision)
    result = {}
    for name, all_ in by_proposal.items():
        kept: dict[str, list[Decision]] = {}
        for decision in all_:
            own = kept.setdefault(decision.reviewer, [])
            if decision.kind == "undo":
                own[-1:] = []
                continue
            if decision.settles:
                kept = {decision.reviewer: own}
            own[:] = [decision]
        latest = tuple(sorted((own[-1] for own in kept.values() if own), key=lambda one: one.time))
        if latest:
            result[name] = Standing(latest)
    return result


class DecisionLog:
    """The decisions of a project. Files only grow, so of one that was read before only what is new is read."""

    def __init__(self, project: Project) -> None:
        self._folder = project.decisions_folder
        self._read: dict[Path, tuple[bytes, list[Decision], list[Finding]]] = {}

    def read(self) -> tuple[list[Decision], list[Finding]]:
        """All decisions, by file and line, and what is wrong with lines that are none.

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
        decisions = [decision for _, found, _ in current.values() for decision in found]
        return decisions, [*findings, *(finding for _, _, found in current.values() for finding in found)]


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


def decision_file(project: Project, reviewer: str, time: str) -> Path:
    """The file that a reviewer's decisions of a day go to; nothing in a name leads out of its folder."""
    plain = unicodedata.normalize("NFKD", reviewer).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall("[a-z0-9]+", plain))[:40].strip("-")
    if slug != reviewer:  # two names may have one slug
        slug = f"{slug}-{hashlib.sha256(reviewer.encode()).hexdigest()[:8]}".lstrip("-")
    return project.decisions_folder / f"{time[:10]}-{slug}.jsonl"


def with_decision(project: Project, decision: Decision) -> tuple[Path, bytes]:
    """The file of a decision, and its content with the decision at its end; a torn last line stays as it is."""
    path = decision_file(project, decision.reviewer, decision.time)
    before = read_regular(path, _BYTES) if path.exists() else b""
    return path, before + (b"\n" if before and not before.endswith(b"\n") else b"") + decision.to_json()


def append_decision(project: Project, decision: Decision) -> None:
    """Append a decision that changes no facts; it is on the disk when this returns. Raises `OutputError`."""
    path = decision_file(project, decision.reviewer, decision.time)
    with alone_in(project.root):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
            try:
                size = os.fstat(handle).st_size
                torn = size and os.pread(handle, 1, size - 1) != b"\n"
                data = (b"\n" if torn else b"") + decision.to_json()
                while data:
                    data = data[os.write(handle, data) :]
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise output_error(error, path, fixed=True) from None


def now() -> str:
    """The time of a decision or a proposal, UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def checked_reason(reason: str | None) -> str | None:
    """A reason as it is recorded: None for an empty one. Raises `UsageError` for one that is too long."""
    if reason is not None and len(reason) > _REASON:
        raise UsageError("the reason is too long.", advice=f"Give up to {_REASON:,} characters.")
    return reason.strip() or None if reason else None


def contradictions(standings: Mapping[str, Standing]) -> Sequence[tuple[str, Standing]]:
    """The proposals on which reviewers contradict one another."""
    return [(name, one) for name, one in standings.items() if one.contested]


def refused_keys(standings: Iterable[Standing]) -> dict[Key, str]:
    """The proposals that were refused, by statement and unit, each with the reason."""
    return {
        decision.key: decision.reason or ""
        for one in standings
        if (decision := one.refused) is not None and decision.key is not None
    }
