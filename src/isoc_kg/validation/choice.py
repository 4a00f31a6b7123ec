"""Which engine validates which shape: one that is right on all that the shape is made of, and few engines in all."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from pathlib import Path
from typing import NamedTuple

from ..lazy_patterns import lazy_pattern
from ..namespaces import XSD
from .constructs import CONSTRUCTS, ORDINARY, QUERIES, Use, Uses
from .engine_names import PREFERRED
from .scan import lines_with
from .shape_index import Shape, ShapeIndex, shape_name
from .terms import Term

__all__ = ["Choice", "choose", "listed_names"]

#: Data that are looked through for values that are not ordinary; larger ones go to an engine right on all.
_MOST_BYTES = 4_000_000
_DATE = r"[0-9]{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
_TIME = r"T(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](?:\.[0-9]{1,9})?Z"
#: Well-formed numbers of few digits, dates, and times in UTC, on which all engines agree.
_ORDINARY = lazy_pattern(
    "|".join(
        rf'"{form}"\^\^<{re.escape(XSD.iri)}(?:{names})>'
        for form, names in (
            (r"[+-]?[0-9]{1,15}", "integer|decimal|long"),
            (r"[+]?[0-9]{1,15}", "nonNegativeInteger"),
            (r"[+-]?[0-9]{0,15}\.[0-9]{1,15}", "decimal"),
            (_DATE, "date"),
            (_DATE + _TIME, "dateTime"),
        )
    ).encode()
)
#: What stands where no single space parts two terms: legal, and not looked through.
_SPACES, _UNSPACED = (b"\t", b"><", b">  "), re.compile(rb"\n_:[^ \n]*<")


class Choice(NamedTuple):
    """The shapes with targets that each engine validates, and notes on why it is not the fastest one."""

    shapes: Mapping[str, Sequence[Term]]
    notes: tuple[str, ...]


def choose(graph: ShapeIndex, data: Sequence[bytes | Path], engines: Iterable[str]) -> Choice:
    """An engine for each shape with targets, among those at hand; the fewest engines that are right on all of them.

    On small data `shacl` validates the shapes on which it is right beside `compiled`: it takes a tenth of the time.
    A shape on which no engine is known to be right goes to the one that is wrong on least, and a note says so.
    """
    at_hand = [engine for engine in PREFERRED if engine in set(engines)]
    ordinary, all_uses = _Ordinary(data), Uses(graph)
    wrong: dict[Shape, dict[str, list[str]]] = {}
    alone: set[Shape] = set()  # a query takes an engine of its own rather than have all shapes go where it takes long
    for shape, _ in graph.with_targets():
        wrong[shape] = {engine: [] for engine in at_hand}
        uses = dict.fromkeys(all_uses.of(shape))
        if any(use.construct in QUERIES for use in uses):
            alone.add(shape)
        for use in uses:
            for engine in at_hand:
                if engine not in CONSTRUCTS[use.construct] and not (engine == "shacl" and ordinary.holds(use)):
                    wrong[shape][engine].append(use.construct)
    chosen = _fewest(at_hand, wrong, alone)
    # of large data, reading them once more takes what is won
    eased = "compiled" in chosen and "shacl" in at_hand and "shacl" not in chosen and ordinary.is_small
    shapes: dict[str, list[Term]] = {engine: [] for engine in at_hand}
    reasons: dict[tuple[str, str, str], list[Shape]] = {}
    doubts: list[str] = []
    for shape, faults in wrong.items():
        engine = min(chosen, key=lambda name: (len(faults[name]), chosen.index(name)))
        if eased and not faults["shacl"]:
            engine = "shacl"
        shapes[engine].append(shape.node)
        if faults[engine]:
            doubts.append(f"{engine} may be wrong on {shape_name(shape)}: {', '.join(dict.fromkeys(faults[engine]))}.")
        for faster in at_hand[: at_hand.index(engine)]:
            for construct in dict.fromkeys(faults[faster]):
                reasons.setdefault((engine, faster, construct), []).append(shape)
    notes = [
        f"{engine} validates {listed_names(found)}: {faster} is not right on {construct}."
        for (engine, faster, construct), found in reasons.items()
    ]
    used = {engine: nodes for engine, nodes in shapes.items() if nodes}
    return Choice(used or {at_hand[0]: ()}, (*notes, *doubts))


def listed_names(shapes: Sequence[Shape]) -> str:
    """Some shapes as a note names them: the first three, and how many more there are."""
    names = list(dict.fromkeys(map(shape_name, shapes)))
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def _fewest(
    engines: Sequence[str], wrong: Mapping[Shape, Mapping[str, Sequence[str]]], alone: Collection[Shape]
) -> tuple[str, ...]:
    """The fewest engines, the fastest first, among which each shape has one that is right, if any is.

    For those `alone` it is the fastest one that is right.
    """
    found = {shape: [name for name in engines if not faults[name]] for shape, faults in wrong.items()}
    right = [set(names[:1] if shape in alone else names) for shape, names in found.items() if names]
    for number in range(1, len(engines) + 1):
        for chosen in combinations(engines, number):
            if all(names.intersection(chosen) for names in right):
                return chosen
    return tuple(engines)


class _Ordinary:
    """Whether all values of properties are literals that every engine takes alike."""

    def __init__(self, data: Sequence[bytes | Path]) -> None:
        self._data = data
        self._known: dict[str, bool] = {}

    def holds(self, use: Use) -> bool:
        """Whether the fast engine is right on this use, all values that it judges being ordinary."""
        if use.construct not in ORDINARY or use.properties is None or not (self.is_small and self._is_spaced):
            return False
        return all(map(self._of, sorted(use.properties)))

    @cached_property
    def is_small(self) -> bool:
        """Whether there is so little of the data that each engine may read them, and this process, too."""
        sizes = (len(part) if isinstance(part, bytes) else part.stat().st_size for part in self._data)
        return sum(sizes) <= _MOST_BYTES

    @cached_property
    def _is_spaced(self) -> bool:
        return all(map(_is_spaced, self._parts))

    @cached_property
    def _parts(self) -> list[bytes]:
        return [part if isinstance(part, bytes) else part.read_bytes() for part in self._data]

    def _of(self, name: str) -> bool:
        if name not in self._known:
            self._known[name] = all(
                _is_ordinary(value) or _is_subject_and_property(before)
                for part in self._parts
                for before, value in lines_with(part, name)
            )
        return self._known[name]


def _is_spaced(lines: bytes) -> bool:
    """Whether a single space parts all terms of N-Triples; a text may make it look otherwise."""
    if any(mark in lines for mark in _SPACES):
        return False
    return not (b"_:" in lines and _UNSPACED.search(b"\n" + lines))


def _is_subject_and_property(before: bytes) -> bool:
    """Whether two terms stand before a property, which is an object then: an ontology's, of a declaration."""
    return before.strip(b" ").count(b" ") == 1


def _is_ordinary(rest: bytes) -> bool:
    found = _ORDINARY.match(rest)
    return found is not None and rest[found.end() :].strip() == b"."
