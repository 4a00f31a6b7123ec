"""Targets (https://www.w3.org/TR/shacl/#targets) as patterns that bind the focus node."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ...namespaces import SH
from .classes import Classes
from .queryable import Term
from .terms import Names, Uncompilable, iri, token

__all__ = ["patterns"]

#: Nodes that one pattern lists.
_LISTED = 50


def patterns(node: str, targets: Iterable[tuple[str, Term]], classes: Classes, names: Names) -> Iterator[str]:
    """Patterns that together bind the variable to every focus node, some of them more than once."""
    listed: list[str] = []
    for kind, term in targets:
        if kind == SH.targetNode:
            if not isinstance(term, ox.BlankNode):  # one of the shapes is none of the data
                listed.append(token(term))
            continue
        if not isinstance(term, ox.NamedNode):
            raise Uncompilable("a target is no IRI")
        if kind == SH.targetClass:
            yield from classes.members(node, term.value, names)
        elif kind == SH.targetSubjectsOf:
            yield f"{node} {iri(term.value)} {names.fresh()} ."
        else:
            yield f"{{ SELECT DISTINCT {node} WHERE {{ {names.fresh()} {iri(term.value)} {node} }} }}"
    for start in range(0, len(listed), _LISTED):
        yield f"VALUES {node} {{ {' '.join(listed[start : start + _LISTED])} }}"
