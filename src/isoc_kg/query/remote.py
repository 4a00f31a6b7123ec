"""Running a query where the data are: the same checks, prefixes and parameters, another evaluator."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any, Protocol

import pyoxigraph as ox

from ..errors import QueryError
from ..limits import Limits
from .run import Answer, bound_text, constants, require_variables
from .solutions import Solutions
from .text import check_text, form

__all__ = ["Evaluator", "declared", "run_remote"]


class Evaluator(Protocol):
    """Whatever answers SPARQL texts: variables and rows of terms, yes or no, canonical lines."""

    def select(self, text: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """The solutions of a SELECT query."""

    def ask(self, text: str) -> bool:
        """The answer to an ASK query."""

    def construct(self, text: str) -> list[bytes]:
        """The triples of a CONSTRUCT or DESCRIBE query."""


def run_remote(
    evaluator: Evaluator,
    text: str,
    *,
    prefixes: Mapping[str, str],
    parameters: Mapping[str, ox.NamedNode | ox.Literal] | None = None,
    limits: Limits | None = None,
    file: str | None = None,
) -> Answer:
    """Run a query as `run_query` does, on an evaluator that does not know the project's prefixes.

    Raises `QueryError` for what may not be sent, and whatever the evaluator raises.
    """
    found = check_text(text, prefixes, limits or Limits(), file)
    require_variables(found, parameters, file)
    whole = declared(found, prefixes) + (bound_text(text, parameters) if parameters else text)
    kind = form(found)
    if kind == "SELECT":
        variables, rows = evaluator.select(whole)
        ordered: Sequence[Sequence[Any]] = rows
        if not any(token.kind == "word" and token.text.upper() == "ORDER" for token in found):
            ordered = sorted(rows, key=lambda row: [str(term) for term in row])
        return Answer(solutions=Solutions(variables, ordered, prefixes, constants(found, prefixes, parameters)))
    if kind == "ASK":
        return Answer(boolean=evaluator.ask(whole))
    if kind in ("CONSTRUCT", "DESCRIBE"):
        return Answer(triples=evaluator.construct(whole))
    raise QueryError("this is no query.", file=file, advice="Begin with SELECT, ASK, CONSTRUCT or DESCRIBE.")


def declared(found: Sequence[Any], prefixes: Mapping[str, str]) -> str:
    """PREFIX clauses, on one line, for the prefixes that a text uses and does not declare."""
    names = {token.text.partition(":")[0] for token in found if token.kind == "name"}
    own = {
        name.text.partition(":")[0]
        for word, name in pairwise(found)
        if word.kind == "word" and word.text.upper() == "PREFIX"
    }
    return "".join(f"PREFIX {name}: <{prefixes[name]}> " for name in sorted((names - own) & prefixes.keys()))
