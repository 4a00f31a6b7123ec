"""What one request changes in a store: the triples that its graphs lose and get, as a SPARQL update.

Oxigraph takes 25 µs a triple for an update of nothing but data, and twice to four times as long where one operation
reads what another has written. Its updates have a limit in bytes, so the text groups triples and shortens names, as
Turtle does: a quarter of the N-Triples where names are alike.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from ..rdf import split
from ..rdf.labelling import has_blank_node
from ..rdf.prefixed_names import TURTLE_LOCAL, ShortNames
from ..rdf.turtle import statements
from .verification import Comparison

__all__ = ["Exchange", "undoing", "update_of"]

_SHORTER = 4  #: times that the text is shorter than the lines, at best
_SAMPLE = 20_000  #: lines that are looked at for namespaces
_NAMESPACE = re.compile(rb"<([^>]*[/#])[^>/#]*>")


@dataclass(frozen=True, slots=True)
class Exchange:
    """What a graph loses and gets: sorted canonical lines of N-Triples."""

    graph: str | None
    old: Sequence[bytes]
    new: Sequence[bytes]

    @property
    def reverse(self) -> "Exchange":
        """What undoes it."""
        return Exchange(self.graph, self.new, self.old)


def undoing(exchange: Exchange, damage: Comparison) -> Exchange:
    """The exchange after which the graph is as it was before one that came out damaged."""
    old, new = set(exchange.old), set(exchange.new)
    there, lost = set(damage.extra), set(damage.missing)
    return Exchange(exchange.graph, sorted((new - lost) | (there - old)), sorted((old - there) | (lost - new)))


def update_of(exchanges: Sequence[Exchange], size: int) -> str | None:
    """The update that makes these exchanges; None where it would be longer than `size` bytes, or holds blank nodes.

    A blank node has no name in an update: DELETE DATA takes none, and INSERT DATA makes a new one.
    """
    lines = [line for exchange in exchanges for part in (exchange.old, exchange.new) for line in part]
    if sum(map(len, lines)) > _SHORTER * size or any(map(has_blank_node, lines)):
        return None
    prefixes = _namespaces(lines)
    parts = ["".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in prefixes.items())]
    for exchange in exchanges:
        opening, end = ("{", "}") if exchange.graph is None else (f"{{ GRAPH <{exchange.graph}> {{", "} }")
        for operation, data in (("DELETE DATA", exchange.old), ("INSERT DATA", exchange.new)):
            if data:
                text = b"".join(statements(data, ShortNames(prefixes, TURTLE_LOCAL))).decode()
                parts.append(f"{operation} {opening}{text}{end} ;\n")
    text = "".join(parts)
    return text if len(text.encode()) <= size else None


def _namespaces(lines: Sequence[bytes]) -> dict[str, str]:
    """The commonest namespaces, as prefixes."""
    sample = lines[:: len(lines) // _SAMPLE + 1]
    iris = (match for line in sample for token in split(line)[:3] if (match := _NAMESPACE.fullmatch(token)))
    common = Counter(match[1] for match in iris).most_common(100)
    return {f"n{number}": namespace.decode() for number, (namespace, _) in enumerate(common)}
