"""Attachment: to which property and to which thing of a passage a figure in it belongs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from .cues import Occurrence
from .figures import Figure
from .passage import Span, UnitText

__all__ = ["Claimants", "belongs_elsewhere"]

#: What keeps apart, in letters of distance: a clause's border, what goes on with something else, a comma, another verb.
_BORDER, _AND, _COMMA, _VERB = 40, 15, 20, 25
#: A figure on the wrong side of a cue that leads to it, “founded in”, and before a verb that opens its sentence.
_WRONG_SIDE, _BEFORE_VERB = 40, 30
#: Words for another property so close to a figure belong to it.
_CLOSE = 8
#: Whoever stands so close before a cue is whom it is said of, behind a preposition too.
_BESIDE = 14
_COMMAS = (",", "、", "،")
_GOING_ON = re.compile(r"\b(?:and|or|but|then|und|oder|aber|dann|sowie)\b|(?<=[しれりせ])、|\sو|،")
#: What stands between names that are listed.
_LISTED = re.compile(r"[\s,、・]*(?:and|or|und|sowie|oder|と|や|و|او)?[\s]*(?:the|der|die|das|ال)?\s*")


@dataclass(frozen=True, slots=True)
class Claimants:
    """Where a passage names the subject, and what else could be the subject by its class."""

    subject: Sequence[Span]
    others: Sequence[Span]


def belongs_elsewhere(
    here: Sequence[Figure], rival: Sequence[Figure], cues: Sequence[Occurrence], verbs: Sequence[Span],
    ends: Claimants, passage: UnitText,
) -> bool:  # fmt: skip
    """Whether all the figures `here` that give a literal belong to another thing or another property.

    `rival` are the figures of the same form that give something else, `verbs` the cues of other properties.
    """
    if any(_within(figure.place, ends.subject) for figure in here):
        return False  # a part of the subject's name
    if here and all(_within(figure.place, ends.others) for figure in here):
        return True
    strong = [cue for cue in cues if not cue.cue.weak]
    # words of a cue that a comma parts may belong to two statements: “was founded, and in 1950 …”
    strong = [cue for cue in strong if not set(passage.folded[slice(*cue.place)]) & set(",;、،")] or strong
    if not strong:
        return bool(rival) and all(_taken(figure, rival, verbs, passage) for figure in here)
    for cue in strong:
        least = min((_cost(cue, figure, verbs, passage) for figure in rival), default=float("inf"))
        series = {figure.series for figure in rival if _cost(cue, figure, verbs, passage) == least}
        for figure in here:
            near = _cost(cue, figure, verbs, passage) <= least or figure.series in series
            if near and not _of_another(cue.place, figure.place, ends, passage):
                return False
    return True


def _opens(passage: UnitText) -> bool:
    """Whether verbs open the sentences of the language."""
    return passage.grammar is not None and passage.grammar.head_first


def _within(place: Span, spans: Sequence[Span]) -> bool:
    return any(start <= place[0] and place[1] <= end for start, end in spans)


def _cost(cue: Occurrence, figure: Figure, verbs: Sequence[Span], passage: UnitText) -> int:
    """How far a figure is from a cue."""
    cost = _distance(cue.place, figure.place, verbs, passage)
    links = passage.grammar.links if passage.grammar else ()
    last = passage.folded[slice(*cue.place)].rpartition(" ")[2]
    leads = last in links and passage.folded[slice(*cue.place)] != last
    if figure.place[0] < cue.place[0]:
        cost += _WRONG_SIDE if leads else _BEFORE_VERB if figure.dated and _opens(passage) else 0
    return cost


def _distance(first: Span, second: Span, verbs: Sequence[Span], passage: UnitText) -> int:
    low, high = min(first[1], second[1]), max(first[0], second[0])
    if high <= low:
        return 0
    between, apart = passage.folded[low:high], 0
    for start, end in passage.insertions:
        if low <= start and end <= high:
            between = between.replace(passage.folded[start:end], " ")
        elif _within(first, [(start, end)]) != _within(second, [(start, end)]):
            apart = _BORDER
    border = passage.grammar.border if passage.grammar else None
    cost = len(between) + apart + (_BORDER if between.strip() in _COMMAS else 0)
    borders = len(border.findall(between)) if border else 0
    going_on = len(_GOING_ON.findall(between))
    return (
        cost
        + _BORDER * borders
        + _AND * going_on
        + _COMMA * sum(map(between.count, _COMMAS))
        + _VERB * sum(low <= start and end <= high for start, end in verbs)
    )


def _taken(figure: Figure, rival: Sequence[Figure], verbs: Sequence[Span], passage: UnitText) -> bool:
    """Whether words for another property stand beside a figure, and no other figure is nearer to them."""
    for verb in verbs:
        own = _distance(verb, figure.place, (), passage)
        if own <= _CLOSE and all(own < _distance(verb, other.place, (), passage) for other in rival):
            return True
    return False


def _of_another(cue: Span, figure: Span, ends: Claimants, passage: UnitText) -> bool:
    """Whether something else than the subject is what cue and figure speak of."""
    others = [
        span for span in ends.others if not _within(span, ends.subject)
        and not any(_joined(span, own, passage) for own in ends.subject)
    ]  # fmt: skip
    if not others:
        return False
    low, high = min(cue[1], figure[1]), max(cue[0], figure[0])
    inside = [(span, own) for own, spans in ((True, ends.subject), (False, others)) for span in spans
              if low <= span[0] and span[1] <= high]  # fmt: skip
    if inside:
        return not any(own for _, own in inside) and not all(passage.ruled(span) for span, _ in inside)
    if _opens(passage):  # whoever it is said of stands behind the verb
        end = passage.clause(cue[0])[1]
        behind_verb = [(span[0], own) for own, spans in ((True, ends.subject), (False, others)) for span in spans
                       if cue[1] <= span[0] < end and not passage.ruled(span)]  # fmt: skip
        if behind_verb:
            return not min(behind_verb)[1]
    first = min(cue[0], figure[0])
    before = max((span[1] for span in ends.subject if span[1] <= first), default=-1)
    start, _ = passage.clause(cue[0])
    back = passage.grammar.back if passage.grammar else None
    pronoun = back.search(passage.folded, start, cue[0]) if back else None
    between = [
        span for span in others
        if before <= span[0] and span[1] <= first and not (pronoun and span[1] <= pronoun.start())
        and (first - span[1] <= _BESIDE or not passage.ruled(span))
    ]  # fmt: skip
    if between:
        return True
    if before >= 0:
        return False
    # nothing stands in front: “Founded in 1989, the guild …”
    last = max(cue[1], figure[1])
    behind = min((span[0] for span in ends.subject if span[0] >= last), default=len(passage.folded) + 1)
    return any(last <= span[0] < behind and not passage.ruled(span) for span in others)


def _joined(first: Span, second: Span, passage: UnitText) -> bool:
    """Whether two names are only listed: “the guild and the union were founded”."""
    between = passage.folded[min(first[1], second[1]) : max(first[0], second[0])]
    return _LISTED.fullmatch(between) is not None
