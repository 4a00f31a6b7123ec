"""What the evidence check raised, in the form that is recorded and published: counts, and each flag with its answer.

The check needs the documents' texts, which a build need not have. What was raised where they were at hand is recorded
with the digest of the dataset, beside the figures of the audit; where they are not, the record is what is published.
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Self

from .flags import EvidenceCheck

__all__ = ["CheckRecord", "RecordedFlag"]


@dataclass(frozen=True, slots=True)
class RecordedFlag:
    """A flag of a pair of a claim and a unit (IRIs), without its place, which moves while the data stay the same."""

    flag: str
    claim: str
    unit: str
    message: str
    advice: str
    answer: str | None  #: the curator's reason


@dataclass(frozen=True, slots=True)
class CheckRecord:
    """How many pairs were asked, what they raised, and what was not asked."""

    pairs: int
    flags: tuple[RecordedFlag, ...]
    not_compared: tuple[str, ...] = ()  #: editions whose text was not at hand
    not_asked: tuple[str, ...] = ()  #: languages in which denial and doubt are not asked

    @classmethod
    def of(cls, check: EvidenceCheck) -> Self:
        """What a check found, flags without an answer first."""
        flags = [
            RecordedFlag(
                flag.question,
                flag.claim,
                flag.unit,
                flag.finding.message.removeprefix(f"{flag.question}: "),
                flag.finding.advice or "",
                flag.answer,
            )
            for flag in check.flags
        ]
        flags.sort(key=lambda flag: (flag.answer is not None, flag.claim, flag.unit, flag.flag))
        return cls(check.pairs, tuple(flags), check.not_compared, check.not_asked)

    @classmethod
    def from_json(cls, value: Any) -> Self:
        """The record that `to_json` gave. Raises `TypeError`, `KeyError` or `ValueError` for anything else."""
        flags = tuple(RecordedFlag(**flag) for flag in value["flags"])
        texts = [text for flag in flags for text in (*asdict(flag).values(),) if text is not None]
        record = cls(value["pairs"], flags, tuple(value["not_compared"]), tuple(value["not_asked"]))
        texts += [*record.not_compared, *record.not_asked]
        if type(record.pairs) is not int or record.pairs < 0 or not all(isinstance(text, str) for text in texts):
            raise TypeError("not the flags of a check")
        if any(not text for flag in flags for text in (flag.flag, flag.claim, flag.unit)):
            raise ValueError("a flag without its question, claim or unit")
        return record

    def to_json(self) -> dict[str, Any]:
        """The record as JSON values."""
        return asdict(self)

    @property
    def unanswered(self) -> int:
        """How many flags nobody answered."""
        return sum(flag.answer is None for flag in self.flags)

    def measurements(self) -> Iterator[tuple[str, int, str]]:
        """Each count with its name and what it counts."""
        yield "pairs asked", self.pairs, "Pairs of a claim and a unit whose text the evidence check read."
        answered = len(self.flags) - self.unanswered
        yield "flags answered", answered, "Flags of the evidence check that have a published answer."
        yield "flags unanswered", self.unanswered, "Flags of the evidence check that nobody answered."
