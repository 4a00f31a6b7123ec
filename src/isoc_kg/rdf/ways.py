"""The way to a blank node from a thing with an IRI, so that a reader finds it."""

from collections.abc import Iterable, Mapping

from ..namespaces import RDF
from .lines import split
from .tokens import iri_token, is_blank

__all__ = ["places_above", "way_to"]

_DEEPEST = 20  #: steps of a way that are shown
_REST = iri_token(RDF.rest)


def places_above(*datasets: Iterable[bytes]) -> dict[bytes, tuple[bytes, bytes]]:
    """Blank node → subject and predicate of a statement that leads to it; the first of several datasets counts."""
    above: dict[bytes, tuple[bytes, bytes]] = {}
    for lines in datasets:
        for line in lines:
            if b" _:" in line:
                subject, predicate, object_, _ = split(line)
                if is_blank(object_) and subject != object_:
                    above.setdefault(object_, (subject, predicate))
    return above


def way_to(node: str, above: Mapping[bytes, tuple[bytes, bytes]]) -> str:
    """The properties that lead to a blank node, from an IRI where there is one; steps along a list are one step."""
    steps: list[bytes] = []
    seen: set[bytes] = set()
    at = node.encode()
    while at in above and at not in seen and len(steps) < _DEEPEST:
        seen.add(at)
        at, predicate = above[at]
        if predicate != _REST or steps[-1:] != [_REST]:
            steps.append(predicate)
    start = b"" if is_blank(at) else at
    return b" ".join(filter(None, (start, b" / ".join(reversed(steps))))).decode()
