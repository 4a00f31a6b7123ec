"""How good a proposer is: facts of a paragraph are hidden from it, and what it proposes is compared with them."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ..authoring.annotations import SUPPORTING
from ..errors import UsageError
from ..namespaces import RDF
from ..project import Project
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import is_literal
from .judge import Judge
from .submission import Arrival, Submission
from .suggestion import Proposer, suggest

__all__ = ["HeldOut", "Measure", "evaluate_proposer", "held_out_units"]


@dataclass(frozen=True, slots=True)
class Measure:
    """How many were proposed, how many there are, and how many of these were proposed."""

    proposed: int
    held_out: int
    right: int

    @property
    def precision(self) -> float:
        """The share of what was proposed that is right."""
        return self.right / self.proposed if self.proposed else 0.0

    @property
    def recall(self) -> float:
        """The share of what there is that was proposed."""
        return self.right / self.held_out if self.held_out else 0.0

    def to_json(self) -> dict[str, Any]:
        """The figures as members of JSON."""
        figures = {"proposed": self.proposed, "held_out": self.held_out, "right": self.right}
        return figures | {"precision": round(self.precision, 3), "recall": round(self.recall, 3)}


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The result of an evaluation: measures by what is compared, refusals and flags by name, seconds."""

    units: int
    things: Measure  #: the ends of statements
    pairs: Measure  #: subject and object of statements other than types and names, whatever the property
    statements: Measure  #: all statements, those of types and names included
    refusals: Mapping[str, int]
    flags: Mapping[str, int]
    proposing: float
    judging: float
    failure: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The result as members of JSON."""
        return {
            "units": self.units,
            **{name: getattr(self, name).to_json() for name in ("things", "pairs", "statements")},
            "refusals": dict(self.refusals),
            "flags": dict(self.flags),
            "seconds": {"proposing": round(self.proposing, 3), "judging": round(self.judging, 3)},
            "failure": self.failure,
        }

    def to_text(self) -> str:
        """The result to read."""
        lines = [f"{'':<11}{'proposed':>9}{'held out':>9}{'right':>7}{'precision':>11}{'recall':>8}"]
        for name in ("things", "pairs", "statements"):
            one: Measure = getattr(self, name)
            lines.append(
                f"{name:<11}{one.proposed:>9}{one.held_out:>9}{one.right:>7}{one.precision:>11.1%}{one.recall:>8.1%}"
            )
        for name, counts in (("refused", self.refusals), ("flags", self.flags)):
            shown = ", ".join(f"{key} {count}" for key, count in sorted(counts.items())) or "none"
            lines.append(f"{name:<11}{shown}")
        lines.append(f"{'time':<11}{self.proposing:.2f} s proposing, {self.judging:.2f} s judging, {self.units} units")
        return "\n".join(lines) + "\n"


def held_out_units(judge: Judge, paragraphs: Iterable[str]) -> list[str]:
    """The units (IRIs) of paragraphs: `4` where there is one document, else `slug:4`. Raises `UsageError`."""
    found = []
    for name in paragraphs:
        slug, _, number = name.rpartition(":")
        units = [
            edition.unit_iri(unit)
            for edition in judge.dataset.editions
            if slug in ("", edition.document.slug) and not judge.is_replaced(edition.iri)
            for unit in edition.index.units
            if unit.partition(".")[0] == number
        ]
        documents = {unit.partition("#")[0] for unit in units}
        if not units or len(documents) > 1:
            what = "several documents have" if units else "no document has"
            raise UsageError(f"{what} a paragraph “{name[:80]}”.", advice="Name it as 4, or slug:4.")
        found += units
    return list(dict.fromkeys(found))


def evaluate_proposer(project: Project, whole: Judge, proposer: Proposer, units: Sequence[str]) -> HeldOut:
    """Hide what rests on units alone, ask the proposer about them, and compare; nothing is written.

    A new thing that is proposed is taken for the hidden thing of the same name and class, whatever the name's case.
    """
    judge = Judge(project, without=units)
    submission = Submission(judge, "evaluation", queued=False)
    run = suggest(submission, proposer, units, write=False)
    hidden = [claim for claim in whole.claims.values() if any(unit in units for _, unit, _ in claim.units(*SUPPORTING))]
    gold = {claim.triple for claim in hidden if claim.triple not in judge.claims}
    names = _names(whole, gold)
    accepted = [arrival for arrival in run.arrivals if arrival.assessment.accepted and arrival.claim]
    lines = {line for arrival in accepted if arrival.claim for line in _renamed(arrival.claim.lines, names, judge)}
    lines = {line for line in lines if line not in judge.claims}
    return HeldOut(
        len(units),
        _measure(_things(lines), _things(gold)),
        _measure(_pairs(lines, judge), _pairs(gold, judge)),
        _measure(lines, gold),
        _counted(run.arrivals),
        Counter(flag.name for arrival in accepted for flag in arrival.assessment.flags),
        run.proposing,
        run.judging,
        run.failure,
    )


def _measure(proposed: Collection[object], held_out: Collection[object]) -> Measure:
    return Measure(len(proposed), len(held_out), len(set(proposed) & set(held_out)))


def _counted(arrivals: Iterable[Arrival]) -> Counter[str]:
    return Counter(one.assessment.refusal.name for one in arrivals if one.assessment.refusal)


def _names(judge: Judge, lines: Iterable[bytes]) -> dict[tuple[str, str], bytes]:
    """Name and class of the things that hidden statements are about → the things."""
    found: dict[tuple[str, str], bytes] = {}
    for thing in sorted({end for line in lines for end in (split(line)[0], split(line)[2]) if end.startswith(b"<")}):
        for label in judge.corpus.labels.get(iri(thing), ()):
            for class_ in judge.corpus.types.get(iri(thing), ()):
                found.setdefault((label.casefold(), class_), thing)
    return found


def _renamed(lines: Sequence[bytes], names: Mapping[tuple[str, str], bytes], judge: Judge) -> Iterable[bytes]:
    """The lines with the hidden things in place of new ones of the same name and class, and of no others."""
    parts = [split(line) for line in lines]
    classes = {(subject, iri(value)) for subject, predicate, value, _ in parts if iri(predicate) == RDF.type}
    new: dict[bytes, bytes] = {}
    for subject, predicate, object_, _ in parts:
        if not judge.is_known(subject):
            new.setdefault(subject, b"%s-new>" % subject[:-1])  # its identifier may be a hidden thing's
            if is_literal(object_) and judge.is_naming(iri(predicate)):
                name = literal(object_)[0].casefold()
                things = {names[name, class_] for one, class_ in classes if one == subject and (name, class_) in names}
                new[subject] = min(things, default=new[subject])
    for subject, predicate, object_, _ in parts:
        yield b"%s %s %s .\n" % (new.get(subject, subject), predicate, new.get(object_, object_))


def _things(lines: Iterable[bytes]) -> set[bytes]:
    """The things that statements are about: subjects, and objects but for classes."""
    found = set()
    for line in lines:
        subject, predicate, object_, _ = split(line)
        found.add(subject)
        if object_.startswith(b"<") and predicate[1:-1] != RDF.type.encode():
            found.add(object_)
    return found


def _pairs(lines: Iterable[bytes], judge: Judge) -> set[tuple[bytes, bytes]]:
    found = set()
    for line in lines:
        subject, predicate, object_, _ = split(line)
        if predicate[1:-1] != RDF.type.encode() and not judge.is_naming(iri(predicate)):
            found.add((subject, object_))
    return found
