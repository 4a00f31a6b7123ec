"""What stands behind a statement, and where it is known from."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from ..authoring.annotations import CONTRADICTING, SUPPORTING
from ..authoring.facts import Claim
from ..documents.units import Unit
from ..iris import compact
from ..namespaces import DCTERMS, EV, SKOS
from ..rdf.lines import literal

__all__ = ["TOLD_APART", "Evidence", "Sentence", "Support"]

#: The annotations that `Evidence` has members for.
TOLD_APART = frozenset({*SUPPORTING, *CONTRADICTING, SKOS.editorialNote, DCTERMS.source, EV.preferred, EV.retracted})


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
    held: bool = False  #: a later edition has replaced this one, and nobody has confirmed the claim in it
    name: str | None = None  #: what commands call it, where the project's documents are known: `guide:2.2`

    def __str__(self) -> str:
        """Name, what is known of the words, and the place."""
        words = f"“{self.quote}”" if self.quote else self.gist or self.unit.kind
        how = ", implied" if self.implied else ""
        held = f"; last confirmed in edition {self.edition}" if self.held else ""
        place = f"{self.document}, characters {self.unit.start}–{self.unit.end}{held}"
        return f"{self.name or self.unit.number}{how}: {words} ({place})"

    @property
    def status(self) -> dict[str, Any]:
        """How it supports the claim, as members of JSON; only what there is to say."""
        implied: dict[str, Any] = {"implied": True} if self.implied else {}
        return implied | ({"last_confirmed_in_edition": self.edition} if self.held else {})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What stands behind one statement."""

    claim: str
    triple: tuple[str, str, str]
    sentences: tuple[Sentence, ...]
    notes: tuple[str, ...]
    sources: tuple[str, ...]
    contradicting: tuple[Sentence, ...] = ()  #: those that deny it or say otherwise
    rivals: tuple[tuple[str, str], ...] = ()  #: claims of other values, with the value
    preferred: tuple[str, ...] = ()  #: why an editor prefers the claim
    retracted: tuple[str, ...] = ()  #: why an editor took it back
    annotations: tuple[tuple[str, str], ...] = ()  #: what else is said of it: property and value (token)

    @property
    def documents(self) -> int:
        """How many documents support it, editions of one counted once."""
        return len({sentence.iri.partition("#")[0].rpartition("/")[0] for sentence in self.sentences})

    def statement(self, prefixes: Mapping[str, str]) -> str:
        """The triple with prefixed names."""
        return " ".join(_short(term, prefixes) for term in self.triple)

    def value(self, prefixes: Mapping[str, str]) -> str:
        """The object to read: a literal's text, or a prefixed name."""
        return _readable(self.triple[2], prefixes)

    @property
    def corroboration(self) -> str:
        """How many units of how many documents support the claim."""
        units, documents = len(self.sentences), self.documents
        return f"{units} unit{'' if units == 1 else 's'} of {documents} document{'' if documents == 1 else 's'}"

    @property
    def disagreement(self) -> dict[str, list[str]]:
        """What speaks against the claim, and what editors decided, as members of JSON; only those that there are."""
        members = {
            "contradicted_by": [sentence.iri for sentence in self.contradicting],
            "conflicts_with": [claim for claim, _ in self.rivals],
            "preferred": list(self.preferred),
            "retracted": list(self.retracted),
        }
        return {name: values for name, values in members.items() if values}

    def status(self, prefixes: Mapping[str, str], *, rivals: bool = True) -> list[str]:
        """What is said of the claim besides its evidence, a line each: what other sources say, decisions, and more."""
        lines = [f"contradicted by {sentence}" for sentence in self.contradicting]
        if rivals:
            lines += [f"another source says {_readable(value, prefixes)}" for _, value in self.rivals]
        lines += [f"preferred: {reason}" for reason in self.preferred]
        lines += [f"retracted: {reason}" for reason in self.retracted]
        return lines + [f"{compact(name, prefixes)}: {_readable(value, prefixes)}" for name, value in self.annotations]


def _readable(term: str, prefixes: Mapping[str, str]) -> str:
    return f"“{literal(term.encode())[0]}”" if term.startswith('"') else _short(term, prefixes)


def _short(term: str, prefixes: Mapping[str, str]) -> str:
    return compact(term[1:-1], prefixes) if term.startswith("<") else term


class Support(Protocol):
    """Whatever knows the claims of a graph: its authors' files, or the graph itself."""

    def about(self, subjects: Collection[bytes]) -> Iterator[Claim]:
        """The claims whose triple has one of these subjects (tokens)."""

    def properties(self, among: Collection[bytes]) -> set[bytes]:
        """Those of these tokens that are the predicate of some claim."""

    def evidence(self, claim: Claim) -> Evidence:
        """What stands behind a claim, sentences in their document's order."""
