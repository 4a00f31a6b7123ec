"""The reading view of a review: a document's sentences, with what rests on each and what is proposed on it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from ..documents.editions import Edition
from ..documents.units import Unit
from ..proposals.assessment import Assessment
from ..proposals.decisions import Standing
from ..proposals.judge import Judge
from ..proposals.proposal import Proposal, ProposedClaim
from ..proposals.words import readable
from .desk import Desk, Waiting
from .view import ProposalView, columns_of, view_of

__all__ = ["Card", "DecidedCard", "Fold", "Sheet", "UnitRow", "folds", "pieces", "rows_of", "sheets"]

#: A page has at most so many units, and so many proposals unless one unit has more.
_MOST_UNITS, _MOST_PROPOSALS = 300, 60
#: So many units without proposals in a row are folded, those next to one with proposals aside.
_FOLDED = 3


@dataclass(frozen=True, slots=True)
class Card:
    """A proposal that waits, as the page has it; `assessment` is None while it is being made."""

    waiting: Waiting
    view: ProposalView
    assessment: Assessment | None
    read_otherwise: bool = False  #: whether it is shown as implied, or as supported, where it was not proposed so

    @property
    def name(self) -> str:
        """The name of the proposal."""
        return self.waiting.proposal.id

    @property
    def quotes(self) -> list[str]:
        """The words that were quoted."""
        text, marks = self.view.text, self.view.marks
        return [text[start:end] for start, end in marks] if text is not None and self.view.quoted else []


@dataclass(frozen=True, slots=True)
class DecidedCard:
    """A proposal that was decided on: the statement, the verdict in words, and whether this reviewer can undo it."""

    name: str
    statement: str
    verdict: str
    own: bool


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit with its words in pieces, each with whether it is marked, and what there is on it."""

    iri: str
    number: str
    kind: str
    pieces: Sequence[tuple[Markup, bool]]
    at_hand: bool
    claims: Sequence[str]
    cards: Sequence[Card]
    decided: Sequence[DecidedCard]
    columns: Sequence[tuple[str, str]] = ()  #: of a row of a table: head and cell of each column
    language: str = ""  #: the tag of its document's language


@dataclass(frozen=True, slots=True)
class Fold:
    """Units in a row; `folded` where none of them has a proposal that waits."""

    rows: Sequence[UnitRow]
    folded: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """A part of a document that is one page: the numbers of its units, and how many proposals wait there."""

    first: str
    last: str
    start: int
    end: int
    waiting: int


def sheets(edition: Edition, waiting: Iterable[Waiting]) -> list[Sheet]:
    """The pages of an edition."""
    counts: dict[str, int] = {}
    for one in waiting:
        base, _, number = one.proposal.claim.unit.partition("#")
        if base == edition.iri:
            counts[number] = counts.get(number, 0) + 1
    numbers = list(edition.index.units)
    found: list[Sheet] = []
    start = held = 0
    for place, number in enumerate(numbers):
        more = counts.get(number, 0)
        if place > start and (place - start >= _MOST_UNITS or (held and held + more > _MOST_PROPOSALS)):
            found.append(Sheet(numbers[start], numbers[place - 1], start, place, held))
            start, held = place, 0
        held += more
    if numbers:
        found.append(Sheet(numbers[start], numbers[-1], start, len(numbers), held))
    return found


def rows_of(
    desk: Desk,
    edition: Edition,
    units: Sequence[Unit],
    waiting: Iterable[Waiting],
    readings: Mapping[str, ProposedClaim] | None = None,
) -> list[UnitRow]:
    """Units of an edition as rows; `readings` (name → claim) are shown in the place of what was proposed."""
    readings = readings or {}
    wanted = {edition.unit_iri(unit.number) for unit in units}
    with desk.alone() as judge:
        cards: dict[str, list[Card]] = {}
        for one in waiting:
            if one.proposal.claim.unit in wanted:
                reading = readings.get(one.proposal.id)
                view = view_of(judge, one.proposal, reading)
                card = Card(one, view, desk.last_assessment(one.proposal, reading), reading is not None)
                cards.setdefault(one.proposal.claim.unit, []).append(card)
        decided = _decided(desk, judge, wanted, {card.name for some in cards.values() for card in some})
        return [_row(judge, edition, unit, cards, decided) for unit in units]


def _row(
    judge: Judge,
    edition: Edition,
    unit: Unit,
    cards: Mapping[str, Sequence[Card]],
    decided: Mapping[str, Sequence[DecidedCard]],
) -> UnitRow:
    name = edition.unit_iri(unit.number)
    text = judge.unit_text(name)
    own = cards.get(name, ())
    marks = [one for card in own if card.view.quoted for one in card.view.marks]
    return UnitRow(
        name, unit.number, unit.kind, list(pieces(text or "", marks)), text is not None,
        sorted({readable(judge, ProposedClaim(claim.triple, name)) for claim in judge.resting_on(name)}),
        own, decided.get(name, ()), columns_of(judge, name), edition.document.language,
    )  # fmt: skip


def pieces(text: str, marks: Iterable[tuple[int, int]]) -> Iterator[tuple[Markup, bool]]:
    """A text in pieces, as HTML that shows it to the letter: those in a range, and those in none."""
    at = 0
    for start, end in sorted(marks):
        if end <= at:
            continue
        if start > at:
            yield escape(text[at:start]), False
        yield escape(text[max(at, start) : end]), True
        at = end
    if at < len(text):
        yield escape(text[at:]), False


def _decided(desk: Desk, judge: Judge, units: set[str], open_: set[str]) -> dict[str, list[DecidedCard]]:
    """Unit → what was decided on it."""
    standings = desk.review.standings()
    found: dict[str, list[DecidedCard]] = {}
    for proposal in desk.review.queue.read()[0]:
        standing = standings.get(proposal.id)
        if standing is None or proposal.id in open_ or proposal.claim.unit not in units:
            continue
        card = DecidedCard(proposal.id, _statement(judge, proposal, standing), *_verdict(standing, desk.reviewer))
        found.setdefault(proposal.claim.unit, []).append(card)
    return found


def _statement(judge: Judge, proposal: Proposal, standing: Standing) -> str:
    """What was accepted, else what was proposed."""
    accepted = standing.accepted
    if accepted:
        lines = [line for line, _ in accepted.statements]
        claim = ProposedClaim(lines[-1], proposal.claim.unit, introduces=tuple(lines[:-1]))
        return view_of(judge, proposal, claim).statement
    return view_of(judge, proposal).statement


def _verdict(standing: Standing, reviewer: str) -> tuple[str, bool]:
    decision = standing.decisions[-1]
    if standing.contested:
        text = "contested: " + ", ".join(f"{one.kind} by {one.reviewer}" for one in standing.decisions)
    elif decision.kind == "accept":
        text = f"accepted as {decision.verdict} by {decision.reviewer}"
    else:
        text = f"refused by {decision.reviewer}{f': {decision.reason}' if decision.reason else ''}"
    return text, any(one.reviewer == reviewer for one in standing.decisions)


def folds(rows: Sequence[UnitRow]) -> list[Fold]:
    """Rows in groups: those with proposals and their neighbours, and between them what is folded."""
    shown = [False] * len(rows)
    for place, row in enumerate(rows):
        if row.cards:
            for near in (place - 1, place, place + 1):
                if 0 <= near < len(rows):
                    shown[near] = True
    groups: list[tuple[list[UnitRow], bool]] = []
    for row, visible in zip(rows, shown, strict=True):
        if groups and groups[-1][1] == (not visible):
            groups[-1][0].append(row)
        else:
            groups.append(([row], not visible))
    return [Fold(some, folded and len(some) >= _FOLDED and any(shown)) for some, folded in groups]
