"""What a page says of one resource: its statements with their claims, and the links to it."""

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["WITHDRAWN", "ClaimView", "IncomingGroup", "Resource", "Statement"]

WITHDRAWN = "-"  #: in place of a graph's name, of what is claimed and stated no longer


@dataclass(frozen=True, slots=True)
class ClaimView:
    """What stands behind a statement: units (with whether only implied), notes and outside sources."""

    iri: str
    units: tuple[tuple[str, bool], ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    contradicting: tuple[str, ...] = ()  #: units that deny it or say otherwise
    rivals: tuple[str, ...] = ()  #: claims of other values, where one is expected
    preferred: tuple[str, ...] = ()  #: why an editor prefers it
    retracted: tuple[str, ...] = ()  #: why an editor took it back
    further: tuple[tuple[bytes, bytes], ...] = ()  #: what else is said of it: property and value

    @property
    def documents(self) -> int:
        """How many documents support it, editions of one counted once."""
        return len({name.partition("#")[0].rpartition("/")[0] for name, _ in self.units})

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


class IncomingGroup(NamedTuple):
    """The links to a resource by one property."""

    predicate: bytes
    total: int  #: how many there are
    subjects: tuple[bytes, ...]  #: those shown
    derived: bool = False  #: whether the build derived all of them


@dataclass(frozen=True, slots=True)
class Resource:
    """Everything that a page says of one resource."""

    iri: str
    statements: tuple[Statement, ...]
    incoming: tuple[IncomingGroup, ...]
    lines: tuple[bytes, ...]  #: the triples of statements, claims and incoming links, sorted: its data
    counted: bool = True  #: whether the links to it are all known
