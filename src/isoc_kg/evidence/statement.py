"""What stands behind a statement, and where it is known from."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

from ..authoring.facts import Claim
from ..documents.units import Unit
from ..iris import compact

__all__ = ["Evidence", "Sentence", "Support"]


@dataclass(frozen=True, slots=True)
class Sentence:
    """A unit of a document as evidence: where it stands, its gist, its words where the project publishes them."""

    iri: str
    unit: Unit
    document: str
    edition: str
    gist: str | None
    quote: str | None
    implied: bool  #: the sentence does not say it, but it follows from it

    def __str__(self) -> str:
        """Number, what is known of the words, and the place."""
        words = f"“{self.quote}”" if self.quote else self.gist or self.unit.kind
        how = ", implied" if self.implied else ""
        return f"{self.unit.number}{how}: {words} ({self.document}, characters {self.unit.start}–{self.unit.end})"


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind one statement."""

    claim: str
    triple: tuple[str, str, str]
    sentences: tuple[Sentence, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]

    def statement(self, prefixes: Mapping[str, str]) -> str:
        """The triple with prefixed names."""
        return " ".join(compact(term[1:-1], prefixes) if term.startswith("<") else term for term in self.triple)


class Support(Protocol):
    """Whatever knows the claims of a graph: its authors' files, or the graph itself."""

    def about(self, subjects: Collection[bytes]) -> Iterator[Claim]:
        """The claims whose triple has one of these subjects (tokens)."""

    def properties(self, among: Collection[bytes]) -> set[bytes]:
        """Those of these tokens that are the predicate of some claim."""

    def evidence(self, claim: Claim) -> Evidence:
        """What stands behind a claim, sentences in their document's order."""
