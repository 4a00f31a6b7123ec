"""What pages call a unit: its kind in their language, and the name by which commands find it: “heading report:3.2”."""

from collections.abc import Iterable, Mapping
from itertools import groupby
from types import MappingProxyType

from ..documents.units import KINDS
from ..rdf.text_direction import direction
from .renderer import Renderer

__all__ = ["kind_of", "unit_list", "unit_number", "unit_words"]

_KEYS = {name: kind.replace("-", "_") for kind, name in KINDS.items()}
_NONE: Mapping[str, str] = MappingProxyType({})
_MOST = 4  #: units of a list that are named
_NO_BREAK = "\u00a0"  #: between a kind and the number behind it, which mean nothing on two lines


def kind_of(renderer: Renderer, name: str, kinds: Mapping[str, str] = _NONE, *, several: bool = False) -> str:
    """What a unit is, for one or several of its kind; a unit of a kind that nobody knows is a “unit”.

    `kinds` are those of units (`lead-in`) that the index need not know.
    """
    unit, strings = renderer.index.units.get(name), renderer.theme.strings
    key = _KEYS.get(unit.kind) if unit else kinds.get(name, "").replace("-", "_")
    if not key or f"kinds_{key}" not in strings:
        return strings["kinds_any" if several else "kind_any"]
    return strings[f"kinds_{key}" if several else f"script_unit_{key}"]


def unit_words(renderer: Renderer, name: str, kinds: Mapping[str, str] = _NONE) -> str:
    """One unit by its kind and name: “sentence 2.2”, “heading report:3.2”."""
    return f"{kind_of(renderer, name, kinds)}{_NO_BREAK}{unit_number(renderer, name)}"


def unit_list(
    renderer: Renderer, names: Iterable[str], most: int | None = _MOST, kinds: Mapping[str, str] = _NONE
) -> str:
    """Units in their order, what is of one kind together: “sentences 2.1, 6.1, heading 7.1 …”; `kinds` as above."""
    units = list(names)
    shown = units if most is None else units[:most]
    parts = []
    for _, members in groupby(shown, lambda name: kind_of(renderer, name, kinds)):
        run = list(members)
        numbers = ", ".join(unit_number(renderer, name) for name in run)
        parts.append(f"{kind_of(renderer, run[0], kinds, several=len(run) > 1)}{_NO_BREAK}{numbers}")
    return ", ".join(parts) + (" …" if len(shown) < len(units) else "")


def unit_number(renderer: Renderer, name: str) -> str:
    """A unit's name; one with its document's is read from left to right in any text."""
    number = renderer.index.unit_name(name)
    return f"\u2068{number}\u2069" if ":" in number and direction(renderer.project.language) == "rtl" else number
