"""One resource: its bounded description out of sorted lines, and finding it by what people call it."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from ..authoring.vocabulary import best_named
from ..errors import UnknownName
from ..iris import expand

__all__ = ["describe_lines", "find_entity", "incoming_lines"]


def describe_lines(lines: Sequence[bytes], iri: str) -> list[bytes]:
    """The lines whose subject is the resource; binary search, so the size of the rest does not matter."""
    start = f"<{iri}> ".encode()
    position = bisect_left(lines, start)
    end = position
    while end < len(lines) and lines[end].startswith(start):
        end += 1
    return list(lines[position:end])


def incoming_lines(lines: Sequence[bytes], iri: str) -> list[bytes]:
    """The triples whose object is the resource."""
    mark = f" <{iri}> .\n".encode()
    return [line for line in lines if line.endswith(mark)]


def find_entity(name: str, labels: Mapping[str, Sequence[str]], prefixes: Mapping[str, str], known: str) -> str:
    """The IRI of a thing given by IRI, prefixed name, local name, label or acronym.

    `known` is the namespace of things, which come before everything else of the same name. Raises
    `UnknownName` with the nearest labels.
    """
    expanded = expand(name, prefixes)
    if expanded in labels:
        return str(expanded)
    if known + name in labels:
        return known + name
    if (named := best_named(name, labels, known)) is not None:
        return named
    folded = name.casefold()
    things = {text.casefold(): text for iri, texts in labels.items() if iri.startswith(known) for text in texts}
    near = [things[match] for match in get_close_matches(folded, things, 3, 0.6)]
    near = near or sorted(text for match, text in things.items() if folded in match)[:3]
    raise UnknownName(
        f"There is nothing called “{name}”.",
        suggestions=[f"“{text}”" for text in near],
        advice=None if near else "Give a label, an acronym or an IRI.",
    )
