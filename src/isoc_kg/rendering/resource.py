"""What a page says of one resource: its statements with their claims, the links to it, and the units of documents."""

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["ClaimView", "Resource", "Statement", "UnitView"]


@dataclass(slots=True)
class UnitView:
    """A unit of a document as the published data tell it; positions are code points."""

    iri: str
    number: str = ""
    position: int = 0
    kind: str = ""
    sha256: str = ""
    start: int = 0
    end: int = 0
    gist: str | None = None
    quote: str | None = None
    exempt: str | None = None
    edition: str = ""


@dataclass(frozen=True, slots=True)
class ClaimView:
    """What stands behind a statement: units (with whether only implied), notes and outside sources."""

    iri: str
    units: tuple[tuple[str, bool], ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]

    @property
    def anchor(self) -> str:
        """The last part of the claim's IRI, by which the statement is found on its page."""
        return self.iri.rpartition(".")[2]


class Statement(NamedTuple):
    """One triple with its graph's name (empty for the default graph) and its claim, if it has one."""

    subject: bytes
    predicate: bytes
    object: bytes
    graph: str
    claim: ClaimView | None


@dataclass(frozen=True, slots=True)
class Resource:
    """Everything that a page says of one resource."""

    iri: str
    statements: tuple[Statement, ...]
    incoming: tuple[tuple[bytes, int, tuple[bytes, ...]], ...]  #: predicate, how many there are, subjects shown
    lines: tuple[bytes, ...]  #: the triples of statements, claims and incoming links, sorted: its data
    counted: bool = True  #: whether the links to it are all known
