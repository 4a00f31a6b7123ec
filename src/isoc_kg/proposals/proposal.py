"""A proposal: a claim that somebody or something says a unit supports, and that nobody has decided on yet."""

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from ..authoring.annotations import SUPPORTING, Annotations
from ..authoring.decisions import Key
from ..errors import UsageError, visible
from ..namespaces import DCTERMS, SKOS

__all__ = [
    "BASELINE",
    "BY_ASSISTANT",
    "GROUNDS",
    "IN_REVIEW",
    "Proposal",
    "ProposedClaim",
    "Quote",
    "agent_name",
    "is_built_in",
    "proposal_id",
    "tool_name",
]

#: The name of a person or a tool has at most so many characters.
_NAME = 200
#: The deterministic proposer's name.
BASELINE = "baseline"
#: Where the browser's review, and an assistant's tools, are named as source.
IN_REVIEW, BY_ASSISTANT = "review", "mcp"
#: What no other tool may be called: policies trust names.
_BUILT_IN = frozenset((BASELINE, IN_REVIEW, BY_ASSISTANT))
#: What may stand behind the type and the names of a new thing; it is kept as it is.
GROUNDS = (*SUPPORTING, SKOS.editorialNote, DCTERMS.source)


@dataclass(frozen=True, slots=True)
class ProposedClaim:
    """What is proposed: one statement, the unit it rests on, and the new things that it mentions.

    `triple` is the statement's canonical N-Triples line, `unit` an IRI. `introduces` are the lines of types and names
    of things that no fact describes yet; they stand or fall with it. `words` are the unit's words that say it.
    `grounds` are what stands behind some of those lines, where that is not the claim's own unit.
    """

    triple: bytes
    unit: str
    implied: bool = False
    introduces: tuple[bytes, ...] = ()
    words: str | None = None
    note: str | None = None  #: what the proposer says of it
    grounds: tuple[tuple[bytes, Annotations], ...] = ()

    @property
    def key(self) -> Key:
        """What tells two proposals apart."""
        return self.triple, self.unit

    def grounds_of(self, line: bytes) -> Annotations:
        """What the proposer put behind a line of a new thing; empty where it rests on the claim's unit."""
        return next((given for own, given in self.grounds if own == line), ())

    @property
    def lines(self) -> tuple[bytes, ...]:
        """All statements, those of new things first."""
        return (*self.introduces, self.triple)


@dataclass(frozen=True, slots=True)
class Quote:
    """The words of a unit that say a statement: their place in the unit, in characters, and their SHA-256.

    `text` is kept only where the project publishes the document's text.
    """

    start: int
    end: int
    sha256: str
    text: str | None = None

    @classmethod
    def of(cls, words: str, unit: str, *, keep: bool) -> "Quote | None":
        """The place of words in a unit's text; None where they are not in it, to the letter."""
        start = unit.find(words) if words else -1
        if start < 0:
            return None
        return cls(start, start + len(words), hashlib.sha256(words.encode()).hexdigest(), words if keep else None)

    def words(self, unit: str) -> str | None:
        """The words, out of the unit's text; None where the text has others there."""
        words = unit[self.start : self.end]
        return words if hashlib.sha256(words.encode()).hexdigest() == self.sha256 else None


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposed claim in the queue: where its words stand, by which tool, by whom and when it was proposed."""

    claim: ProposedClaim
    source: str  #: the tool, such as `baseline` or the command's name
    time: str  #: UTC, an xsd:dateTime
    proposer: str | None = None  #: a person
    quote: Quote | None = None
    file: Path | None = None  #: the submission it came with

    @property
    def id(self) -> str:
        """The name by which decisions refer to it: 16 hex digits of the digest of statement and unit."""
        return proposal_id(self.claim.key)


def proposal_id(key: Key) -> str:
    r"""The name of the proposal of a statement on a unit.

    >>> proposal_id((b"<x:s> <x:p> <x:o> .\n", "x:u#1.1"))
    '2b6095ba9cbd5fe5'
    """
    return hashlib.sha256(key[0] + key[1].encode()).hexdigest()[:16]


def agent_name(name: str) -> str:
    """The name of a person or a tool as it is recorded. Raises `UsageError` for one that is empty, long or odd."""
    name = unicodedata.normalize("NFC", name).strip()
    if not name or len(name) > _NAME or not name.isprintable():
        raise UsageError(
            f"“{visible(name[:80], line=True)}” is not a name.", advice=f"Give up to {_NAME} printable characters."
        )
    return name


def is_built_in(name: str) -> bool:
    """Whether a tool's name is that of a proposer that is built in, in any case or width."""
    return unicodedata.normalize("NFKC", name).casefold() in _BUILT_IN


def tool_name(name: str) -> str:
    """The name that somebody gives a tool, as it is recorded.

    Raises `UsageError` as `agent_name`, and for the name of a proposer that is built in.
    """
    name = agent_name(name)
    if is_built_in(name):
        raise UsageError(f"“{name}” is the name of a proposer that is built in.", advice="Name the tool otherwise.")
    return name
