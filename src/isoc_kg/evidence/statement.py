"""What stands behind a statement, and where it is known from."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import date
from typing import Any, Protocol

from ..authoring.annotations import CONTRADICTING, SUPPORTING
from ..authoring.entailment import Axioms
from ..authoring.facts import Claim
from ..documents.units import Unit
from ..errors import UsageError, visible
from ..iris import compact
from ..namespaces import DCTERMS, EV, PROV, SKOS
from ..query.notebook import caption, cut, linked, listed, table
from ..rdf.lines import literal

__all__ = ["BOOKKEEPING", "TOLD_APART", "Citing", "Evidence", "Sentence", "Support", "only_form_and_accessed"]

#: Writes the citation of a claim in a form, with the day on which it was looked at.
Citing = Callable[["Evidence", str, date | None], str]

#: The annotations that `Evidence` has members for.
TOLD_APART = frozenset({*SUPPORTING, *CONTRADICTING, SKOS.editorialNote, DCTERMS.source, EV.preferred, EV.retracted})
#: How a claim came into the facts: for people a line says who accepted it and when, the rest is in the data.
BOOKKEEPING = frozenset(
    {PROV.generatedAtTime, EV.verdict, EV.proposedWith, EV.proposedBy, EV.acceptedUnder, EV.acceptedBy}
)
_SHOWN = 20  #: sentences of a claim, and remarks on it, that a notebook shows


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
        """Kind and name, what is known of the words, and the place."""
        words = f": “{self.quote}”" if self.quote else f": {self.gist}" if self.gist else ""
        how = ", implied" if self.implied else ""
        held = f"; last confirmed in edition {self.edition}" if self.held else ""
        place = f"{self.document}, characters {self.unit.start}–{self.unit.end}{held}"
        return f"{self.called}{how}{words} ({place})"

    @property
    def called(self) -> str:
        """What it is, and its name: `heading guide:2.1`."""
        return f"{self.unit.kind} {self.name or self.unit.number}"

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
    prefixes: Mapping[str, str] = field(default_factory=dict, compare=False)  #: by which it is shown
    citing: Citing | None = field(default=None, compare=False)

    def cite(self, form: str = "text", *, accessed: date | None = None, **unknown: Any) -> str:
        """The citation of the statement, as `KnowledgeGraph.cite` gives it."""
        only_form_and_accessed(unknown)
        if self.citing is None:
            raise UsageError("this evidence is of no graph that could be cited.", advice="Ask a KnowledgeGraph for it.")
        return self.citing(self, form, accessed)

    def __reduce__(self) -> tuple[Any, ...]:
        # without what leads to the whole graph
        return _of_members, ({one.name: getattr(self, one.name) for one in fields(self) if one.name != "citing"},)

    def __repr__(self) -> str:
        """The statement, its sentences, and what else is known of it, a line each; the first of many."""
        texts = self.reasons
        lines = [f"<{cut(self.statement(self.prefixes))}>", *(f"  {cut(text)}" for text in texts[:_SHOWN])]
        lines += [f"  … and {len(texts) - _SHOWN:,} more"] if len(texts) > _SHOWN else []
        return "\n".join(visible(line, line=True) for line in lines)

    def _repr_html_(self) -> str:
        sentences = [(sentence, "implied" if sentence.implied else "supported") for sentence in self.sentences]
        sentences += [(sentence, "contradicted") for sentence in self.contradicting]
        rows = [
            [
                linked(sentence.called, sentence.iri),
                linked(how),
                linked(f"“{sentence.quote}”" if sentence.quote else sentence.gist or ""),
                linked(f"{sentence.document}, characters {sentence.unit.start}–{sentence.unit.end}"),
            ]
            for sentence, how in sentences[:_SHOWN]
        ]
        remarks = self._remarks()
        return (
            caption(self.statement(self.prefixes))
            + (table(("unit", "evidence", "sentence", "where"), rows, len(sentences)) if rows else "")
            + listed(remarks[:_SHOWN] + (["…"] if len(remarks) > _SHOWN else []))
        )

    @property
    def reasons(self) -> list[str]:
        """All that speaks for the claim and against it, a text each."""
        against = [f"contradicted by {sentence}" for sentence in self.contradicting]
        return [*map(str, self.sentences), *against, *self._remarks()]

    def _remarks(self) -> list[str]:
        """What there is besides sentences: notes, sources, what other sources say, decisions."""
        notes = [f"editorial: {note}" for note in self.notes] + [f"source: {source}" for source in self.sources]
        return notes + self.status(self.prefixes)[len(self.contradicting) :]

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
        lines += [
            f"{compact(name, prefixes)}: {_readable(value, prefixes)}"
            for name, value in self.annotations
            if name not in BOOKKEEPING
        ]
        return lines + ([self.acceptance] if self.acceptance else [])

    @property
    def acceptance(self) -> str:
        """Who accepted the claim, where names are published, and on which day; empty where no decision is recorded."""
        known: dict[str, list[str]] = {}
        for name, value in self.annotations:
            known.setdefault(name, []).append(literal(value.encode())[0] if value.startswith('"') else value)
        by = f" by {' and '.join(sorted(known[EV.acceptedBy]))}" if EV.acceptedBy in known else ""
        by += f" under the policy {' and '.join(sorted(known[EV.acceptedUnder]))}" if EV.acceptedUnder in known else ""
        day = max(known.get(PROV.generatedAtTime, [""]))[:10]
        return f"accepted{by}{', ' if by and day else ' ' if day else ''}{day}" if by or day else ""


def _of_members(members: Mapping[str, Any]) -> Evidence:
    return Evidence(**members)


def only_form_and_accessed(unknown: Mapping[str, Any]) -> None:
    """Raise `UsageError` where a citation is asked for with other arguments."""
    for name in unknown:
        raise UsageError(
            f"cite has no argument “{name}”.",
            advice='Its arguments are form ("text", "bibtex", "csl" or "ris") and accessed (a date).',
        )


def _readable(term: str, prefixes: Mapping[str, str]) -> str:
    return f"“{literal(term.encode())[0]}”" if term.startswith('"') else _short(term, prefixes)


def _short(term: str, prefixes: Mapping[str, str]) -> str:
    if term.startswith("<"):
        return compact(term[1:-1], prefixes)
    _, _, datatype = literal(term.encode()) if term.startswith('"') else ("", "", None)
    end = f"^^<{datatype}>"
    return f"{term.removesuffix(end)}^^{compact(str(datatype), prefixes)}" if term.endswith(end) else term


class Support(Protocol):
    """Whatever knows the claims of a graph: its authors' files, or the graph itself."""

    def about(self, subjects: Collection[bytes]) -> Iterator[Claim]:
        """The claims whose triple has one of these subjects (tokens)."""

    def called(self, names: Collection[bytes]) -> Iterator[Claim]:
        """The claims that have these names (tokens), in the order of their triples."""

    def properties(self, among: Collection[bytes]) -> set[bytes]:
        """Those of these tokens that are the predicate of some claim."""

    def axioms(self, terms: Collection[bytes]) -> Axioms:
        """The ontology's axioms, those at least by which these classes and properties lead to others."""

    def schemes(self, concepts: Collection[bytes]) -> Mapping[bytes, Collection[bytes]]:
        """The schemes of those of these concepts that have any."""

    def evidence(self, claim: Claim) -> Evidence:
        """What stands behind a claim, sentences in their document's order."""
