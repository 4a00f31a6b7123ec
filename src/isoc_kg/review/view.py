"""What a reviewer sees of a proposal: the sentence between its neighbours, the words that matter, the statement."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ..authoring.insertion import AnnotatedStatement, inserted
from ..errors import IsocKgError, UsageError
from ..evidence.answers import unit_name
from ..namespaces import EV, SKOS
from ..proposals.judge import Judge
from ..proposals.proposal import Proposal, ProposedClaim, Quote
from ..proposals.submission import NotAClaim, claims_of_patch
from ..proposals.words import readable
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, is_iri

__all__ = ["ProposalView", "claim_of_turtle", "columns_of", "turtle_of", "unit_label", "view_of"]

#: A range of characters of a sentence.
_Range = tuple[int, int]


@dataclass(frozen=True, slots=True)
class ProposalView:
    """A proposal in words. `text` is None where the document's text is not at hand.

    `marks` are the ranges of `text` that the proposer quoted, or else where it names what the statement is about.
    """

    unit: str  #: slug:4.1
    document: str  #: title
    before: str | None
    text: str | None
    after: str | None
    marks: tuple[_Range, ...]
    quoted: bool  #: whether the marks are a quote
    statement: str
    implied: bool
    introduces: tuple[str, ...]  #: new things, each in words
    origin: str  #: by which tool, by whom and when it was proposed
    note: str | None
    turtle: str
    columns: tuple[tuple[str, str], ...] = ()  #: of a row of a table: head and cell of each column


def view_of(judge: Judge, proposal: Proposal, claim: ProposedClaim | None = None) -> ProposalView:
    """The view of a proposal, or of what a reviewer made of it."""
    shown = claim or proposal.claim
    before, text, after = _sentences(judge, shown.unit)
    quote = proposal.quote if shown.unit == proposal.claim.unit else None
    quoted = _quoted(quote, text)
    unit = judge.dataset.units.get(shown.unit)
    by = f" for {proposal.proposer}" if proposal.proposer else ""
    origin = f"{proposal.source}{by}, {proposal.time[:10]} {proposal.time[11:16]} UTC"
    return ProposalView(
        unit_label(judge, shown.unit), unit[0].document.title if unit else "", before, text, after,
        (quoted,) if quoted else _named(judge, shown, text), quoted is not None,
        readable(judge, shown), shown.implied, tuple(_new_things(judge, shown)), origin, shown.note,
        turtle_of(judge, shown), columns_of(judge, shown.unit),
    )  # fmt: skip


def columns_of(judge: Judge, unit: str) -> tuple[tuple[str, str], ...]:
    """Head and cell of each column where a unit is a row of a table below its first; empty cells are left out."""
    row = judge.corpus.rows.get(unit)
    head = judge.corpus.rows.get(row.head) if row and row.head else None
    if row is None or row.head is None or head is None:
        return ()
    passages = judge.corpus.passages[row.head], judge.corpus.passages[unit]
    if any(len(one.text) != len(one.folded) for one in passages):
        return ()
    heads, cells = head.cells(passages[0].text), row.cells(passages[1].text)
    return tuple((name, cell) for name, cell in zip(heads, cells, strict=False) if cell)


def unit_label(judge: Judge, unit: str) -> str:
    """A unit as people name it: `4.1`, with its document's slug where there are several documents."""
    if unit not in judge.dataset.units:
        return unit
    if len({edition.document.slug for edition in judge.dataset.editions}) == 1:
        return unit.rpartition("#")[2]
    return unit_name(judge.dataset, unit)


def _sentences(judge: Judge, unit: str) -> tuple[str | None, str | None, str | None]:
    """The unit's words with those of the unit before and of the unit behind it, each where there is one."""
    found = judge.dataset.units.get(unit)
    if found is None:
        return None, None, None
    edition, own = found
    numbers = _numbers(tuple(edition.index.units))
    at = numbers[own.number]
    order = list(numbers)
    texts = (
        judge.unit_text(edition.unit_iri(order[one])) if 0 <= one < len(order) else None for one in (at - 1, at, at + 1)
    )
    before, text, after = texts
    return before, text, after


@lru_cache(8)
def _numbers(units: tuple[str, ...]) -> dict[str, int]:
    return {number: place for place, number in enumerate(units)}


def _quoted(quote: Quote | None, text: str | None) -> _Range | None:
    """The range of a quote whose words the text still has."""
    return (quote.start, quote.end) if quote and text is not None and quote.words(text) is not None else None


def _named(judge: Judge, claim: ProposedClaim, text: str | None) -> tuple[_Range, ...]:
    """Where the sentence has a name of what the statement is about, or its value."""
    if text is None:
        return ()
    subject, _, object_, _ = split(claim.triple)
    names = [literal(object_)[0]] if object_.startswith(b'"') else []
    for token in (subject, object_):
        if is_iri(token):
            names += judge.corpus.labels.get(iri(token), ())
    names += [literal(split(line)[2])[0] for line in claim.introduces if split(line)[2].startswith(b'"')]
    found = [
        match.span()
        for name in dict.fromkeys(names)
        if len(name.strip()) > 1
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE)
    ]
    return tuple(_joined(found))


def _joined(ranges: Iterable[_Range]) -> list[_Range]:
    """Ranges in their order, those that overlap as one."""
    joined: list[_Range] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined


def _new_things(judge: Judge, claim: ProposedClaim) -> list[str]:
    """The new things that a claim introduces: `“Ada Brandt” (Person)`; with grounds of their own in brackets."""
    names: dict[bytes, list[str]] = {}
    classes: dict[bytes, list[str]] = {}
    for line in claim.introduces:
        subject, _, object_, _ = split(line)
        if is_iri(object_):
            classes.setdefault(subject, []).append(judge.corpus.label(iri(object_)) + _grounds(judge, claim, line))
        else:
            names.setdefault(subject, []).append(f"“{literal(object_)[0]}”" + _grounds(judge, claim, line))
    things = dict.fromkeys(split(line)[0] for line in claim.introduces)
    return [
        f"{', '.join(names.get(thing, [iri(thing)]))} ({', '.join(classes.get(thing, ['no class']))})"
        for thing in things
        if not judge.is_known(thing)
    ]


def _grounds(judge: Judge, claim: ProposedClaim, line: bytes) -> str:
    """What the proposer put behind a line of a new thing, in words: ` [implied by 3.2]`."""
    words = {EV.supportedBy: "supported by", EV.impliedBy: "implied by", SKOS.editorialNote: "note:"}
    said = [
        f"{words.get(how, 'source')} {unit_label(judge, iri(token)) if is_iri(token) else literal(token)[0][:200]}"
        for how, token in claim.grounds_of(line)
    ]
    return f" [{'; '.join(said)}]" if said else ""


def turtle_of(judge: Judge, claim: ProposedClaim) -> str:
    """A claim as a patch writes it, a statement a line; without what it says of things that are known by now."""
    support = EV.impliedBy if claim.implied else EV.supportedBy
    new = [line for line in claim.introduces if not judge.is_known(split(line)[0])]
    statements = [AnnotatedStatement(line, claim.grounds_of(line)) for line in new]
    statements.append(AnnotatedStatement(claim.triple, ((support, iri_token(claim.unit)),)))
    return "\n".join(inserted("", statements, judge.prefixes)[1])


def claim_of_turtle(judge: Judge, turtle: str) -> ProposedClaim:
    """The one claim that an edited text has. Raises `UsageError` or `ParseError` for any other number, or form."""
    found = _claims(judge, turtle)
    errors = [one for one in found if isinstance(one, NotAClaim)]
    if errors:
        raise errors[0]
    claims = [one for one in found if isinstance(one, ProposedClaim)]
    if len(claims) != 1:
        raise UsageError(
            f"this has {len(claims) or 'no'} claims with a unit.",
            advice="Write one statement with {| ev:supportedBy … |}; further ones may name new things.",
        )
    return claims[0]


def _claims(judge: Judge, turtle: str) -> Sequence[ProposedClaim | NotAClaim]:
    try:
        return [claim for _, claim in claims_of_patch(judge, turtle.encode("utf-8", "replace"), "the edited claim")]
    except IsocKgError as error:
        error.file = None
        raise
