"""What the evidence check calls its questions, what it found, and a flag: a question that a pair raised."""

from collections import Counter
from dataclasses import dataclass

from ..errors import Finding, counted

__all__ = ["CONTRADICTION", "ERRORS", "FLAGS", "LATER", "VERIFIER", "WORD_ORDER", "EvidenceCheck", "Flag"]

#: The questions of `questions.QUESTIONS` whose answer is an error, and those that a curator may answer.
ERRORS = ("heading", "digits", "object")
FLAGS = (
    *("subject", "classes", "predicate", "direction", "nearest", "actor", "attribute", "part", "elsewhere", "period"),
    *("denial", "doubt"),
)
#: The name of the question that `contradiction` asks.
CONTRADICTION = "contradiction"
#: The flag of a date that lies after the edition.
LATER = "later"
#: The flag that a second reader raises.
VERIFIER = "verifier"


@dataclass(frozen=True, slots=True)
class Flag:
    """A question that a pair of a claim and a unit raised."""

    question: str
    claim: str
    unit: str
    finding: Finding
    answer: str | None = None  #: the curator's reason, when there is one


#: The questions that are asked only where the order of words is known.
WORD_ORDER = "direction, nearest, actor, elsewhere"
#: So many properties without cue words the summary names.
_MOST_NAMED = 6


@dataclass(frozen=True, slots=True)
class EvidenceCheck:
    """What the check of a dataset found."""

    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()  #: answers to flags that nothing raised, declarations that are proposed
    flags: tuple[Flag, ...] = ()
    pairs: int = 0
    compared: tuple[str, ...] = ()  #: the editions whose text was at hand
    not_compared: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()  #: languages in which denial and doubt are not asked
    orderless: tuple[
        str, ...
    ] = ()  #: languages whose order of words is not known: what `WORD_ORDER` names is not asked
    uncued: tuple[str, ...] = ()  #: properties without cue words in a document's language: `predicate` is not asked

    @property
    def unanswered(self) -> list[Flag]:
        """The flags that nobody answered."""
        return [flag for flag in self.flags if flag.answer is None]

    @property
    def summary(self) -> str:
        """One line: pairs, flags by name, answers, and what was not compared."""
        if not self.compared and not self.flags:
            return "text not compared"
        open_ = Counter(flag.question for flag in self.unanswered)
        names = f" ({', '.join(f'{name} {count}' for name, count in sorted(open_.items()))})" if open_ else ""
        answered = len(self.flags) - len(self.unanswered)
        parts = [
            f"{counted(self.pairs, 'pair')} asked",
            f"{counted(len(self.unanswered), 'flag')} without an answer{names}",
            f"{answered} answered",
        ]
        if self.not_asked:
            parts.append(f"denial and doubt not asked in {', '.join(self.not_asked)}")
        if self.orderless:
            parts.append(f"{WORD_ORDER} not asked in {', '.join(self.orderless)}")
        if self.uncued:
            properties = "property" if len(self.uncued) == 1 else "properties"
            names = ", ".join(self.uncued[:_MOST_NAMED]) + (", …" if len(self.uncued) > _MOST_NAMED else "")
            parts.append(f"predicate not asked of {len(self.uncued)} {properties} without cue words ({names})")
        if not self.compared:
            parts[0] = "text not compared"
        elif self.not_compared:
            parts.append(f"text not compared: {', '.join(self.not_compared)}")
        return ", ".join(parts)
