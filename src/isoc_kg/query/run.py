"""Running a query on a store."""

from collections.abc import Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from ..errors import QueryError
from ..limits import Limits
from .solutions import Solutions
from .text import Token, check_text, engine_error, pattern_start, tokens

__all__ = ["Answer", "bound_text", "constants", "require_variables", "run_query"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a query gave: solutions, a yes or no, or triples (sorted canonical lines); the others are None."""

    solutions: Solutions | None = None
    boolean: bool | None = None
    triples: list[bytes] | None = None


def run_query(
    store: ox.Store,
    text: str,
    *,
    prefixes: Mapping[str, str],
    parameters: Mapping[str, ox.NamedNode | ox.Literal] | None = None,
    limits: Limits | None = None,
    file: str | None = None,
) -> Answer:
    """Run a query over the union of all graphs, or over those of its FROM clauses.

    `prefixes` are known without declaring them, parameters stand in place of variables. Raises `QueryError` with the spot shown. Parameters are bound by a VALUES clause of canonical terms, each of
    which is one token whatever it holds, so nothing in them is ever read as SPARQL. (The engine's own
    substitution only takes variables that are selected.)
    """
    found = check_text(text, prefixes, limits or Limits(), file)
    require_variables(found, parameters, file)
    bound = _bind(text, found, parameters) if parameters else text
    try:
        # the engine's union would stand before a query's own dataset
        union = not any(token.kind == "word" and token.text.upper() == "FROM" for token in found)
        result = store.query(bound, prefixes=dict(prefixes), use_default_graph_as_union=union)
        if isinstance(result, ox.QuerySolutions):
            variables = [variable.value for variable in result.variables]
            rows = [[solution[name] for name in variables] for solution in result]
            if not any(token.kind == "word" and token.text.upper() == "ORDER" for token in found):
                rows.sort(key=lambda row: [str(term) for term in row])
            return Answer(solutions=Solutions(variables, rows, prefixes, constants(found, prefixes, parameters)))
        if isinstance(result, ox.QueryTriples):
            data = ox.serialize(result, format=ox.RdfFormat.N_TRIPLES) or b""
            return Answer(triples=sorted(set(data.splitlines(keepends=True))))
        return Answer(boolean=bool(result))
    except SyntaxError as error:
        raise engine_error(text, _error_of(store, text, prefixes) or error, file) from None
    except (ValueError, RuntimeError, OSError) as error:
        raise QueryError(f"the query failed: {error}.", file=file) from None


def require_variables(
    found: list[Token], parameters: Mapping[str, ox.NamedNode | ox.Literal] | None, file: str | None
) -> None:
    """Raise `QueryError` for a parameter that the query has no variable for."""
    names = {token.text[1:] for token in found if token.kind == "variable"}
    for name in parameters or {}:
        if name not in names:
            raise QueryError(
                f"the query has no variable ?{name}.",
                file=file,
                advice=f"It has {', '.join('?' + other for other in sorted(names)) or 'none'}.",
            )


def _error_of(store: ox.Store, text: str, prefixes: Mapping[str, str]) -> SyntaxError | None:
    """The error of a text as its author wrote it, without the clause that binds parameters."""
    try:
        store.query(text, prefixes=dict(prefixes))
    except SyntaxError as error:
        return error
    return None


def constants(
    found: list[Token], prefixes: Mapping[str, str], parameters: Mapping[str, ox.NamedNode | ox.Literal] | None
) -> frozenset[str]:
    """The tokens of the IRIs that a query names and of its parameters' values."""
    names = {token.text for token in found if token.kind == "iri"}
    names |= {str(term) for term in (parameters or {}).values()}
    for token in found:
        prefix, _, local = token.text.partition(":")
        if token.kind == "name" and prefix in prefixes:
            names.add(f"<{prefixes[prefix]}{local}>")
    return frozenset(names)


def bound_text(text: str, parameters: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
    """A query's text with terms in place of variables; the text is one of the project's own."""
    return _bind(text, list(tokens(text)), parameters) if parameters else text


def _bind(text: str, found: list[Token], parameters: Mapping[str, ox.NamedNode | ox.Literal]) -> str:
    start = pattern_start(found)
    if start is None:
        raise QueryError("a query without a pattern has nothing to set.")
    names = " ".join(f"?{name}" for name in parameters)
    terms = " ".join(str(term) for term in parameters.values())
    return f"{text[:start]} VALUES ({names}) {{ ({terms}) }} {text[start:]}"
