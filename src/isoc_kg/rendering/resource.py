"""What a page says of one resource: its statements with their claims, the links to it, and the units of documents."""

from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["WITHDRAWN", "ClaimView", "Resource", "Statement", "UnitView"]

WITHDRAWN = "-"  #: in place of a graph's name, of what is claimed and stated no longer


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
    page: int | None = None  #: of the document's original, a PDF
    element: str | None = None  #: the path of CSS to where it stands in a web page
    source: str | None = None  #: the address of that page on the web


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


@dataclass(frozen=True, slots=True)
class Resource:
    """Everything that a page says of one resource."""

    iri: str
    statements: tuple[Statement, ...]
    incoming: tuple[tuple[bytes, int, tuple[bytes, ...]], ...]  #: predicate, how many there are, subjects shown
    lines: tuple[bytes, ...]  #: the triples of statements, claims and incoming links, sorted: its data
    counted: bool = True  #: whether the links to it are all known
