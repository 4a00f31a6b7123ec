"""Corrections by hand of how a text is cut: what no rule finds, and what rules find that is wrong."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..errors import ParseError
from .cutting.rules import CutRules
from .text import letters, text_digest, white_space, words_digest
from .units import Unit

__all__ = ["Corrections", "corrected", "corrections_between", "letter_place"]


@dataclass(frozen=True, slots=True)
class Corrections:
    """Which units, by their numbers as the rules cut, go on with the next one, and which end within.

    The numbers stay those of the rules' cut, whatever else is corrected.
    """

    joins: tuple[str, ...] = ()
    #: unit, and how many letters of it (characters that are no white space) stand before the cut
    cuts: tuple[tuple[str, int], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.joins or self.cuts)

    @property
    def digest(self) -> str:
        """What an index records of them; empty where there are none."""
        return hashlib.sha256(self.toml.encode()).hexdigest()[:16] if self else ""

    @property
    def toml(self) -> str:
        """The file, in one form whatever order they came in."""
        joins = "".join(f'    "{number}",\n' for number in sorted(set(self.joins), key=_order))
        cuts = sorted(set(self.cuts), key=lambda cut: (_order(cut[0]), cut[1]))
        lines = "".join(f'    {{ unit = "{number}", after = {after} }},\n' for number, after in cuts)
        return _HEAD + (f"joins = [\n{joins}]\n" if joins else "") + (f"cuts = [\n{lines}]\n" if lines else "")


_HEAD = """# Corrections by hand of how this edition is cut. Units have the numbers here that the rules give them:
# `joins` names those that go on with the next one, `cuts` those that end within, and how many letters of them stand
# before (white space not counted). isoc-kg document join and cut write here; after a change by hand, run
# isoc-kg document recut.
"""


def _order(number: str) -> tuple[int, int]:
    paragraph, _, within = number.partition(".")
    return int(paragraph), int(within)


def letter_place(text: str, count: int) -> int:
    """Where in a text so many letters have passed; white space behind them not included. -1 where it has fewer."""
    passed = 0
    for at, character in enumerate(text):
        if passed >= count:
            return at
        if not character.isspace():
            passed += letters(character)
    return len(text) if passed >= count else -1


def corrected(
    units: Sequence[Unit], text: str, corrections: Corrections, language: str, rules: CutRules, file: Path | None = None
) -> list[Unit]:
    """Units as the rules cut a text, with corrections.

    A joined unit has the number of its first part, and the numbers of the others are left out. A cut moves the
    numbers behind it, in its paragraph alone. Raises `ParseError` for corrections that do not fit, naming the `file`
    that has them; those are left out where no file is given.
    """
    by_number = {unit.number: unit for unit in units}
    problems = [f"there is no unit {n}" for n in (*corrections.joins, *dict(corrections.cuts)) if n not in by_number]
    if units and units[-1].number in corrections.joins:
        problems.append(f"no unit follows unit {units[-1].number}")
    places: dict[str, list[int]] = {}
    for number, after in sorted(corrections.cuts, key=lambda cut: cut[1]):
        if number in by_number:
            unit = by_number[number]
            at = letter_place(unit.text(text), after)
            if after < 1 or at < 0 or not unit.text(text)[at:].strip():
                problems.append(f"unit {number} has no {after} letters before its end")
            else:
                places.setdefault(number, []).append(unit.start + at)
    if problems and file is not None:
        raise ParseError(
            f"the corrections do not fit the text: {problems[0]}.",
            file=file,
            advice="Units have the numbers here that they have without any correction.",
        )
    return list(_joined(units, text, set(corrections.joins), places, language, rules))


def _joined(
    units: Sequence[Unit],
    text: str,
    joins: set[str],
    places: dict[str, list[int]],
    language: str,
    rules: CutRules,
) -> list[Unit]:
    result: list[Unit] = []
    paragraph, shift, joining = "", 0, False
    for unit in units:
        if (own := unit.number.partition(".")[0]) != paragraph:
            paragraph, shift = own, 0
        cuts = dict.fromkeys(places.get(unit.number, ()))
        within = int(unit.number.partition(".")[2])
        for nth, (start, end) in enumerate(zip([unit.start, *cuts], [*cuts, unit.end], strict=True)):
            number = f"{own}.{within + shift + nth}"
            piece = _piece(unit, text, (start, end), number, nth, language, rules) if cuts else unit
            piece = replace(piece, number=number)
            if joining and result:
                result[-1] = _both(result[-1], piece, text, language, rules)
            else:
                result.append(piece)
            joining = False
        shift += len(cuts)
        joining = unit.number in joins
    return result


def _piece(
    unit: Unit, text: str, place: tuple[int, int], number: str, nth: int, language: str, rules: CutRules
) -> Unit:
    """A part of a unit; a part of a heading is one, a list's item begins but once."""
    from .cutting.kinds import sentence_kind

    start, end = place
    while text[start].isspace():
        start += 1
    while text[end - 1].isspace():
        end -= 1
    kind = unit.kind
    if kind == "question" or (kind == "item" and nth) or (kind == "lead-in" and end < unit.end):
        kind = "sentence"
    made = _measured(replace(unit, number=number, start=start, end=end), text, unit)
    words = made.text(text)
    return replace(made, kind=sentence_kind(words, False, language, rules) if kind == "sentence" else kind)


def _both(first: Unit, second: Unit, text: str, language: str, rules: CutRules) -> Unit:
    """Two units as one."""
    from .cutting.kinds import sentence_kind

    made = _measured(replace(first, end=second.end), text, first)
    kinds = {first.kind, second.kind}
    if first.kind in ("item", "segment") or kinds == {"heading"}:
        kind = first.kind
    elif second.kind == "lead-in":
        kind = second.kind
    else:
        kind = sentence_kind(made.text(text), False, language, rules)
    place = first.place
    if place and second.place and place.page == second.place.page:
        place = replace(place, boxes=(*place.boxes, *second.place.boxes))
    return replace(made, kind=kind, place=place)


def _measured(unit: Unit, text: str, whole: Unit) -> Unit:
    """A unit with the digests of its words and its place among letters, told from a unit that begins before it."""
    words = unit.text(text)
    first = (whole.letters[0] if whole.letters else 0) + letters(text[whole.start : unit.start])
    return replace(
        unit,
        sha256=text_digest(words),
        words=words_digest(words),
        letters=(first, first + letters(words)),
        white=white_space(words),
    )


def corrections_between(units: Sequence[Unit], wanted: Sequence[tuple[int, int]], text: str) -> Corrections:
    """The corrections that make of units, as the rules cut them, those at the wanted places.

    Places are ranges of the text, in their order, that have the same words.
    """
    joins, cuts = [], []
    at = 0
    for unit, following in zip(units, [*units[1:], None], strict=True):
        while at < len(wanted) and wanted[at][1] <= unit.start:
            at += 1
        while at < len(wanted) and wanted[at][0] < unit.end:
            if (start := wanted[at][0]) > unit.start:
                cuts.append((unit.number, letters(text[unit.start : start])))
            if wanted[at][1] > unit.end:
                break  # it goes on in the next unit
            at += 1
        if following and at < len(wanted) and wanted[at][0] < unit.end and wanted[at][1] > following.start:
            joins.append(unit.number)
    return Corrections(tuple(joins), tuple(cuts))
