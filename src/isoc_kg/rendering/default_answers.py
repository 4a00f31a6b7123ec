"""The answers that the pages of named queries show: to each question as it stands, with its parameters' defaults."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Any

from ..errors import IsocKgError, QueryError
from ..evidence.behind import explain
from ..evidence.published import Published
from ..query import NamedQuery, Parameter, StoreEvaluator, Term, bind, run_query, term_of_type
from ..query.forms import form
from ..query.tokens import Token, tokens
from .renderer import Renderer

__all__ = ["DefaultAnswers"]

_MOST_LINES = 100_000  #: of larger data, answers are worked out when somebody asks
_MOST_ROWS = 20_000  #: that are read of one answer
_SHOWN = 200  #: rows of an answer
#: What has another value each time, so that no page could have it.
_CHANGING = frozenset(("NOW", "RAND", "UUID", "STRUUID", "BNODE"))


@dataclass(frozen=True)
class DefaultAnswers:
    """What named queries answer over the lines of a publication, read when the first is asked for."""

    renderer: Renderer

    def of(self, query: NamedQuery) -> dict[str, Any] | None:
        """The answer in JSON as the API has it, its first rows with the claims behind them; `total` counts all.

        None where a page has none: for graphs, for a query with a parameter that has no default or a function whose
        value changes, for one that fails or has very many rows, and for large data.
        """
        if not self.may_have(query):
            return None
        try:
            return self._answer(query)
        except (IsocKgError, SyntaxError, ValueError, RuntimeError, OSError):
            return None  # who asks is told why

    def may_have(self, query: NamedQuery) -> bool:
        """Whether the page of a query may show its answer."""
        renderer = self.renderer
        if renderer.only is not None or len(renderer.index.lines) > _MOST_LINES:
            return False
        asked = list(tokens(query.text))
        complete = all(parameter.default is not None for parameter in query.parameters)
        return complete and form(asked) in ("SELECT", "ASK") and not any(map(_changes, asked))

    def fingerprint(self, query: NamedQuery) -> bytes:
        """A digest over what an answer depends on."""
        return sha256(self._data_digest + repr((query.name, query.text, query.parameters)).encode()).digest()

    def _answer(self, query: NamedQuery) -> dict[str, Any] | None:
        renderer, prefixes = self.renderer, self.renderer.prefixes

        def term(parameter: Parameter, value: str) -> Term:
            return term_of_type(parameter.name, value, parameter.type, prefixes)

        terms = bind(query, {}, term)
        limits = renderer.project.limits
        answer = run_query(self._evaluator, query.text, prefixes=prefixes, parameters=terms, limits=limits)
        notes = [*answer.notes, *answer.hints]
        if answer.solutions is None:
            return {"boolean": answer.boolean, "notes": notes}
        total = len(answer.solutions)
        if total > _MOST_ROWS:
            return None
        if not renderer.index.has_claims:
            value = json.loads(answer.solutions.to_json())
            rows = {"solutions": value["results"]["bindings"][:_SHOWN]}
        else:

            def select(text: str) -> tuple[Sequence[str], Sequence[Sequence[Any]]]:
                asked = run_query(self._evaluator, text, prefixes=prefixes, parameters=terms, limits=limits)
                if asked.solutions is None or len(asked.solutions) > _MOST_ROWS:
                    raise QueryError("the query has too many matches.")
                return asked.solutions.variables, asked.solutions.terms

            constants = [str(term) for term in terms.values()]
            explained = explain(query.text, select, self._support, prefixes, parameters=constants, most=_SHOWN)
            value = json.loads(explained.to_json())
            rows = {"solutions": value["results"]["bindings"]}
            rows |= {name: value[name] for name in ("why", "why_incomplete") if name in value}
        return {"variables": value["head"]["vars"], "total": total, "notes": notes, **rows}

    @cached_property
    def _evaluator(self) -> StoreEvaluator:
        return StoreEvaluator.of_lines(self.renderer.index.lines)

    @cached_property
    def _support(self) -> Published:
        return Published(self._evaluator, self.renderer.project.ids.claims, self.renderer.prefixes)

    @cached_property
    def _data_digest(self) -> bytes:
        digest = sha256()
        for line in self.renderer.index.lines:
            digest.update(line)
        return digest.digest()


def _changes(token: Token) -> bool:
    return token.word in _CHANGING
