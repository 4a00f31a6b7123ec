"""Targets (https://www.w3.org/TR/shacl/#targets) as patterns that bind the focus node."""

from collections.abc import Iterable, Iterator

import pyoxigraph as ox

from ...namespaces import SH
from ..terms import Names, Term, Uncompilable, iri
from .classes import Classes
from .expressions import any_of, negated
from .stored_literals import StoredLiterals

__all__ = ["patterns"]

#: Nodes that one pattern lists.
_LISTED = 50


def patterns(
    node: str, targets: Iterable[tuple[str, Term]], classes: Classes, literals: StoredLiterals, names: Names
) -> Iterator[str]:
    """Patterns that bind the variable to every focus node, each node by one of them only.

    What several patterns found could not be told apart later: a blank node has another name in each answer.
    """
    before: list[str] = []
    for pattern, member in _patterns(node, targets, classes, literals, names):
        yield pattern if not before else f"{pattern} FILTER({negated(any_of(before))})"
        before.append(member)


def _patterns(
    node: str, targets: Iterable[tuple[str, Term]], classes: Classes, literals: StoredLiterals, names: Names
) -> Iterator[tuple[str, str]]:
    """Each pattern, and an expression that says whether it binds the node."""
    listed: dict[str, None] = {}
    for kind, term in targets:
        if kind == SH.targetNode:
            if not isinstance(term, ox.BlankNode):  # one of the shapes is none of the data
                listed[literals.token(term)] = None
            continue
        if not isinstance(term, ox.NamedNode):
            raise Uncompilable("a target is not an IRI")
        other = names.fresh()
        if kind == SH.targetClass:
            yield from classes.members(node, term.value, names)
        elif kind == SH.targetSubjectsOf:
            pattern = f"{node} {iri(term.value)} {other}"
            yield f"{pattern} .", f"EXISTS {{ {pattern} }}"
        else:
            pattern = f"{other} {iri(term.value)} {node}"
            yield f"{{ SELECT DISTINCT {node} WHERE {{ {pattern} }} }}", f"EXISTS {{ {pattern} }}"
    tokens = list(listed)
    for start in range(0, len(tokens), _LISTED):
        yield f"VALUES {node} {{ {' '.join(tokens[start : start + _LISTED])} }}", "false"
