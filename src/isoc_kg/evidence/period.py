"""Periods: whether a passage gives a date as that from which, or until which, a statement holds."""

from collections.abc import Sequence

from .attachment import Claimants, belongs_elsewhere
from .cues import Occurrence
from .figures import Figure
from .passage import Span, UnitText

__all__ = ["dates_otherwise"]

#: What says that a date is a start or an end stands so many letters before it, at most.
_REACH = 40


def dates_otherwise(
    here: Sequence[Figure], rival: Sequence[Figure], cues: Sequence[Occurrence], verbs: Sequence[Span],
    passage: UnitText, *, start: bool,
) -> bool:  # fmt: skip
    """Whether all the figures `here` that give a date give it of something else, or as the other end of a period.

    `rival` are the other dates, `verbs` the cues of other properties; with `start` the date is one from which.
    """
    return all(
        _is_other_end(figure, passage, start=start)
        or _is_put_in(figure, cues, passage)
        or belongs_elsewhere([figure], rival, cues, verbs, Claimants((), ()), passage)
        for figure in here
    )


def _is_other_end(figure: Figure, passage: UnitText, *, start: bool) -> bool:
    grammar = passage.grammar
    other = (grammar.until if start else grammar.since) if grammar else None
    place = figure.place[0]
    return other is not None and other.search(passage.folded[max(0, place - _REACH) : place]) is not None


def _is_put_in(figure: Figure, cues: Sequence[Occurrence], passage: UnitText) -> bool:
    """Whether a date stands in a relative clause or in brackets, and no words for the property do."""
    return bool(cues) and any(
        start <= figure.place[0] < end and not any(start <= cue.place[0] < end for cue in cues)
        for start, end in passage.insertions
        if passage.folded[start] != "("
    )
