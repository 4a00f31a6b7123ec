"""Random queries over random data, by the embedded engine and by Jena: the same solutions.

Left out is what Jena takes in its own way: paths with closures within closures, or from terms that no triple has;
`SUBSTR` from before the first character; variables that are both property and subject; `MIN` and `MAX` of terms that
have no order.
"""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any
from urllib.error import HTTPError

import pyoxigraph as ox
import pytest

from isoc_kg.query import StoreEvaluator

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "validation")]
import jena
import random_queries

XSD = "http://www.w3.org/2001/XMLSchema#"
NUMBERS = {XSD + name for name in ("integer", "decimal", "double", "float")}
QUERIES = 12  #: over the same data


@pytest.fixture(scope="module")
def root() -> Iterator[str]:
    """Jena's dataset."""
    with jena.server() as address:
        if address is None:
            pytest.skip(jena.MISSING)
        yield address


def solutions(variables: list[str], rows: Iterable[Any]) -> Counter[tuple[str, ...]]:
    """How often there is each solution; blank nodes have no labels, and computed numbers no form."""
    columns = sorted(range(len(variables)), key=variables.__getitem__)
    return Counter(tuple(_term(row[column], variables[column]) for column in columns) for row in rows)


def _term(term: Any, variable: str) -> str:
    if term is None or isinstance(term, ox.BlankNode):
        return "" if term is None else "_:"
    if variable.startswith("x") and isinstance(term, ox.Literal) and term.datatype.value in NUMBERS:
        try:
            return f"{float(term.value) + 0:.5g} {term.datatype}"
        except ValueError:
            pass
    return str(term)


def differences(root: str, seeds: Iterable[int]) -> Iterator[tuple[tuple[int, int], str, Any]]:
    """The queries that have other solutions here than there, and those solutions; Jena's errors are left out."""
    for seed in seeds:
        maker = random_queries.Maker(seed)
        quads = list(ox.parse(maker.data(), format=ox.RdfFormat.TRIG))
        lines = [f"{quad} .\n".encode() for quad in quads]
        union = {f"{quad.triple} .\n".encode() for quad in quads}
        jena.send("PUT", f"{root}/data", b"".join([*lines, *sorted(union)]), "application/n-quads")
        evaluator = StoreEvaluator.of_lines(lines)
        for number in range(QUERIES):
            query = maker.query()
            try:
                answer = jena.send(
                    "POST",
                    f"{root}/query",
                    query.encode(),
                    "application/sparql-query",
                    "application/sparql-results+json",
                )
                results: Any = ox.parse_query_results(answer, ox.QueryResultsFormat.JSON)
                there = solutions([variable.value for variable in results.variables], map(tuple, results))
            except (HTTPError, SyntaxError):  # an error of its own, perhaps in the middle of its answer
                continue
            here = solutions(*evaluator.select(query))
            if here != there and not evaluator.notes(query) and not _of_its_own(query):
                yield (seed, number), query, (here - there, there - here)


def _of_its_own(query: str) -> bool:
    """Whether Jena takes a path from terms of VALUES that no triple has, and compares ends of paths by value."""
    return "VALUES" in query and re.search(r"\)[*+?]", query) is not None


def test_random_queries(root: str) -> None:
    """Each query of some seeds: a difference is a fault, or one more of Jena's own ways to leave out."""
    assert list(differences(root, range(40))) == []
