"""What a constraint asks, in the forms of which queries are made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ..terms import Term
from .prebinding import BoundQuery

__all__ = ["Check", "FocusCheck", "Rows", "RowsCheck", "SparqlCheck", "ValueCheck"]


@dataclass(frozen=True, slots=True)
class ValueCheck:
    """A constraint on each value node: `bad(focus, value)` holds where it is broken."""

    component: str
    bad: Callable[[str, str], str]


@dataclass(frozen=True, slots=True)
class FocusCheck:
    """A constraint on the value nodes together: `bad(focus)` holds where it is broken.

    `test` may stand for it where the tests of all constraints of the shape are asked together.
    """

    component: str
    bad: Callable[[str], str]
    test: Callable[[str], str] | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """The results for a focus node that a query already binds, as a pattern, one row each.

    Rows with the same terms for `value`, `path` and `others` are one result. With `having`, the rows are grouped
    by focus node.
    """

    pattern: str
    value: str | None = None
    path: str | None = None
    others: tuple[str, ...] = ()
    having: str | None = None


@dataclass(frozen=True, slots=True)
class RowsCheck:
    """A constraint with a query of its own; `bad(focus)` is for where no query can be."""

    component: str
    rows: Callable[[str], Rows]
    bad: Callable[[str], str]


@dataclass(frozen=True, slots=True)
class SparqlCheck:
    """A constraint whose query its author wrote; its parameters are bound, the focus node is not.

    Each solution is a result, or, with `each_value`, each value node for which the pattern does not match.
    """

    component: str
    query: BoundQuery
    each_value: bool
    messages: tuple[str, ...]
    parameters: Mapping[str, Term]


Check = ValueCheck | FocusCheck | RowsCheck
