"""What the judge says of a proposed claim."""

import hashlib
from dataclasses import dataclass

from .proposal import Quote

__all__ = ["Assessment", "Flagged", "Refused"]


@dataclass(frozen=True, slots=True)
class Flagged:
    """A question to the reviewer: the name of the flag, what raised it, and what to do.

    `line` is the statement that the evidence check asks it of.
    """

    name: str
    message: str
    advice: str | None = None
    line: bytes | None = None

    @property
    def mark(self) -> str:
        """What tells that a reviewer saw this flag: its name, and a digest of what it says."""
        return f"{self.name}:{hashlib.sha256(self.message.encode()).hexdigest()[:12]}"


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
    not_asked: tuple[tuple[str, str], ...] = ()  #: questions of the evidence check that could not be asked, and why

    @property
    def accepted(self) -> bool:
        """Whether it may come before a reviewer."""
        return self.refusal is None

    @property
    def marks(self) -> frozenset[str]:
        """Those of its flags; beside a refusal no flag is shown."""
        return frozenset() if self.refusal else frozenset(flag.mark for flag in self.flags)

    def not_asked_json(self) -> list[dict[str, str]]:
        """The questions that could not be asked, for programs: `questions` (their names, with commas) and `why`."""
        return [{"questions": names, "why": why} for names, why in self.not_asked]


class Refused(Exception):
    """What is proposed cannot become a fact as it stands: the name of why, what is wrong, what to do."""

    def __init__(self, name: str, message: str, advice: str | None = None) -> None:
        super().__init__(message)
        self.flag = Flagged(name, message, advice)
