"""Queries about a query: how many solutions it has, and a page of them; graphs, read in pages.

A store may cut an answer short without a word (Virtuoso: at `ResultSetMaxRows`, with status 200). A SELECT query is
therefore counted, and paged, as a subquery (https://www.w3.org/TR/sparql11-query/#subqueries) of another one.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

import pyoxigraph as ox

from ..errors import EndpointError
from ..query.forms import closing, is_ordered, names_dataset, prologue_end
from ..query.tokens import tokens

__all__ = ["counting", "first", "graph_in_pages", "matches", "page", "triples_of"]

_ROWS = "\0"  #: no query holds it
_TOGETHER = 1000  #: solutions that one local query holds
_BLANK = "urn:isoc-kg:blank-node:"
_STAND_IN = re.compile(rb"<urn:isoc-kg:blank-node:([^>]*)>")


def _parts(text: str) -> tuple[str, str]:
    """Prologue and the query itself, which can then stand as a subquery."""
    query_tokens = list(tokens(text))
    if names_dataset(query_tokens):
        raise EndpointError("a query with a FROM clause cannot be counted or paged.")
    end = prologue_end(text, query_tokens)
    return text[:end], text[end:]


def counting(text: str) -> str:
    """A query for how many solutions a SELECT query has."""
    prologue, query = _parts(text)
    return f"{prologue}SELECT (COUNT(*) AS ?isoc_kg_count) WHERE {{ {{ {query}\n }} }}"


def page(text: str, variables: Sequence[str], size: int, offset: int) -> str:
    """A query for `size` solutions of a SELECT query from `offset` on, in its own order or in that of all variables."""
    prologue, query = _parts(text)
    names = " ".join(f"?{name}" for name in variables) or "*"  # * alone would give the columns another order
    if variables and not is_ordered(tokens(query)):
        query = f"SELECT {names} WHERE {{ {{ {query}\n }} }} ORDER BY {names}"
    return f"{prologue}SELECT {names} WHERE {{ {{ {query}\n }} }} LIMIT {size} OFFSET {offset}"


def first(text: str, size: int) -> str:
    """A query for the first `size` solutions of a SELECT query."""
    prologue, query = _parts(text)
    return f"{prologue}SELECT * WHERE {{ {{ {query}\n }} }} LIMIT {size}"


def graph_in_pages(
    pattern: str, count: int, size: int, read: Callable[[str], Sequence[bytes]], at_once: int = 1
) -> set[bytes]:
    """The triples that a pattern of `?s ?p ?o` matches, read `size` at a time, or as many as the store gives.

    `read` gives the triples of a query from its WHERE clause on; `count` is how many there are. The first pages are in
    the store's own order: when as many different triples came as there are, none is missing. Only when one is they are
    read again in an order of their own, which costs a sort for each page.
    """
    triples: set[bytes] = set()
    for order in ("", " ORDER BY ?s ?p ?o"):
        inner = f"{{ SELECT ?s ?p ?o WHERE {{ {pattern} }}{order} }}" if order else pattern

        def pages(start: int, inner: str = inner) -> list[bytes]:
            lines: list[bytes] = []
            end = min(start + size, count)
            while start < end and (some := read(f"WHERE {{ {inner} }} LIMIT {end - start} OFFSET {start}")):
                lines += some
                start += len(some)
            return lines

        triples.clear()
        with ThreadPoolExecutor(at_once) as pool:
            for lines in pool.map(pages, range(0, count, size)):
                triples.update(lines)
        if len(triples) == count:
            break
    return triples


def matches(text: str) -> tuple[str, str] | None:
    """A SELECT query for the solutions behind a CONSTRUCT query, and what makes triples of rows that stand for `{}`.

    None for other forms, and for a CONSTRUCT query without a template.
    """
    query_tokens = list(tokens(text))
    start = prologue_end(text, query_tokens)
    query_tokens = [token for token in query_tokens if token.start >= start]
    if [token.word or token.text for token in query_tokens[:2]] != ["CONSTRUCT", "{"]:
        return None
    end = closing(query_tokens, 1)
    if end is None:
        return None
    template = text[query_tokens[1].start : query_tokens[end].end]
    rest = text[query_tokens[end].end :]
    return f"{text[:start]}SELECT * {rest}", f"{text[:start]}CONSTRUCT {template} WHERE {{ {_ROWS} }}"


def triples_of(template: str, variables: Sequence[str], rows: Sequence[Sequence[object]]) -> Iterator[bytes]:
    """The triples that a template makes of solutions, as canonical lines.

    Blank nodes of the solutions keep their labels: the engine sees IRIs in their place.
    """
    names = " ".join(f"?{name}" for name in variables)
    for begin in range(0, len(rows), _TOGETHER):
        some = (f"({' '.join(map(_constant, row))})" for row in rows[begin : begin + _TOGETHER])
        text = template.replace(_ROWS, f"VALUES ({names}) {{ {' '.join(some)} }}")
        made = ox.serialize(ox.Store().query(text), format=ox.RdfFormat.N_TRIPLES)  # type: ignore[arg-type]
        for line in (made or b"").splitlines(keepends=True):
            yield _STAND_IN.sub(rb"_:\1", line) if _BLANK.encode() in line else line


def _constant(term: object) -> str:
    if term is None:
        return "UNDEF"
    text = str(term)
    return f"<{_BLANK}{text[2:]}>" if text.startswith("_:") else text
