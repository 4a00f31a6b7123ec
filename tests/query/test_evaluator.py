"""One query has one answer: of an embedded store, of the store behind an endpoint, and of the server's workers."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from endpoint.answering import answering_queries
from isoc_kg.endpoint import Endpoint
from isoc_kg.limits import Limits, ServerLimits
from isoc_kg.query.evaluator import Evaluator, StoreEvaluator, store_of
from isoc_kg.server.queries.pool import Pool
from isoc_kg.server.queries.pool_evaluator import PoolEvaluator

LINES = [
    b'<http://e/a> <http://e/name> "A \\"1\\"\\n{x}"@en-GB <http://e/g> .\n',
    b"<http://e/a> <http://e/next> <http://e/b> .\n",
    b"<http://e/a> <http://e/next> <http://e/b> <http://e/g> .\n",
    b'<http://e/b> <http://e/name> "\xc3\xa9\\u0007" <http://e/h> .\n',
    b'<http://e/b> <http://e/size> "1"^^<http://www.w3.org/2001/XMLSchema#integer> <http://e/h> .\n',
    b"<http://e/b> <http://e/via> _:n <http://e/h> .\n",
]
#: Queries with how many solutions, or lines, each has.
QUERIES = {
    "SELECT DISTINCT ?s ?p ?o { ?s ?p ?o . FILTER(!isBlank(?o)) }": 4,
    "SELECT ?o ?none { <http://e/b> ?p ?o OPTIONAL { ?o <http://e/none> ?none } FILTER(!isBlank(?o)) }": 2,
    "SELECT ?g ?s { GRAPH ?g { ?s <http://e/name> ?name } }": 2,
    "SELECT ?s FROM <http://e/h> { ?s <http://e/name> ?name }": 1,
    "# FROM\nSELECT (STR(?s) AS ?from) { ?s <http://e/name> 'FROM' }": 0,
    "SELECT (<<( <http://e/a> <http://e/b> 'x'@en--ltr )>> AS ?t) {}": 1,
    "SELECT * {}": 1,
    "CONSTRUCT { ?o <http://e/before> ?s . ?s <http://e/before> ?s } WHERE { ?s <http://e/next> ?o }": 2,
    "CONSTRUCT { ?s <http://e/called> ?n } WHERE { ?s <http://e/name> ?n }": 2,
    "DESCRIBE <http://e/a>": 2,
}


@pytest.fixture(scope="module")
def embedded() -> StoreEvaluator:
    """The store in this process."""
    return StoreEvaluator(store_of(LINES))


@pytest.fixture(scope="module", params=["endpoint", "workers"])
def other(request: pytest.FixtureRequest, embedded: StoreEvaluator) -> Iterator[Evaluator]:
    """The same data behind an endpoint, and in the server's workers, asked from another thread than their loop's."""
    if request.param == "endpoint":
        with answering_queries(embedded.store) as url, Endpoint(url) as endpoint:
            yield endpoint
        return
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    pool = Pool(
        LINES, ServerLimits(workers=1), prefixes={}, base="http://e/", claims="http://e/claim/", text_limits=Limits()
    )

    async def ended() -> None:
        await pool.stop()
        while pool._workers:  # their connections are closed by then
            await asyncio.sleep(0.01)

    try:
        asyncio.run_coroutine_threadsafe(pool.start(), loop).result(30)
        yield PoolEvaluator(pool, loop)
    finally:
        asyncio.run_coroutine_threadsafe(ended(), loop).result(30)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@pytest.mark.parametrize("text", QUERIES)
def test_the_same_solutions(embedded: StoreEvaluator, other: Evaluator, text: str) -> None:
    """The same variables and terms, the same lines."""
    if "SELECT" not in text:
        assert other.construct(text) == embedded.construct(text)
        assert len(embedded.construct(text)) == QUERIES[text]
        return
    (variables, rows), (expected, mine) = other.select(text), embedded.select(text)
    assert variables == expected
    assert sorted(map(str, map(tuple, rows))) == sorted(map(str, mine))
    assert len(mine) == QUERIES[text]


@pytest.mark.parametrize("text", ["ASK { ?s <http://e/size> 1 }", "ASK { ?s <http://e/size> 2 }"])
def test_the_same_truth(embedded: StoreEvaluator, other: Evaluator, text: str) -> None:
    """Yes or no."""
    assert other.ask(text) is embedded.ask(text) is ("1" in text)
