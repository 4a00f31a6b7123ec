"""What it costs that queries are rewritten so that the embedded engine answers as SPARQL 1.1 says.

    python benchmarks/bench_rewriting.py [--triples N] [--runs N]

Organisations with numbers, half of them written in a form that the engine would change (`12.50`). Each query runs on
the engine as it is, and as `isoc-kg query` gives it to the engine; the contestants take turns, the least of the runs
counts, in processor seconds, with all solutions read. The engine's own answers may be wrong: that is why.
"""

import argparse
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from isoc_kg.query.evaluator import StoreEvaluator, store_of

E = "https://e.example/"
DECIMAL = "http://www.w3.org/2001/XMLSchema#decimal"
QUERIES = {
    "point": f"SELECT * {{ <{E}t500> ?p ?o }}",
    "count by kind": f"SELECT ?k (COUNT(*) AS ?n) {{ ?s <{E}kind> ?k }} GROUP BY ?k",
    "sizes over 9,000": f"SELECT ?s {{ ?s <{E}size> ?n FILTER(?n > 9000) }}",
    "sizes in a list": f"SELECT ?s {{ ?s <{E}size> ?n FILTER(?n IN (12.5, 40.0, 77.5)) }}",
    "size as a term": f"SELECT ?s {{ ?s <{E}size> 12.50 }}",
    "condition that is a number": f"SELECT ?s {{ ?s <{E}size> ?n FILTER(?n) }}",
    "two conditions": f"SELECT ?s {{ ?s <{E}size> ?n ; <{E}year> ?y FILTER(?n > 5000 && ?y < 1910) }}",
    "ordered, first ten": f"SELECT ?s ?n {{ ?s <{E}size> ?n }} ORDER BY ?n LIMIT 10",
    "sum by kind": f"SELECT ?k (SUM(?n) AS ?sum) {{ ?s <{E}kind> ?k ; <{E}size> ?n }} GROUP BY ?k",
    "least and most": f"SELECT (MIN(?n) AS ?a) (MAX(?n) AS ?b) {{ ?s <{E}size> ?n }}",
    "concatenated numbers": f"SELECT ?k (GROUP_CONCAT(?n) AS ?t) {{ ?s <{E}kind> ?k ; <{E}size> ?n }} GROUP BY ?k",
    "texts replaced": f'SELECT (REPLACE(?t, "([0-9]+)$", "no. $1") AS ?r) {{ ?s <{E}name> ?t }}',
    "texts that match": f'SELECT ?s {{ ?s <{E}name> ?t FILTER(REGEX(?t, "77$")) }}',
    "path from one": f"SELECT ?x {{ <{E}t500> <{E}next>* ?x }}",
    "path from a stranger": f"SELECT ?x {{ <{E}stranger> <{E}next>* ?x }}",
    "alternatives": f"SELECT ?x {{ <{E}t500> (<{E}next>|<{E}kind>)/<{E}next>? ?x }}",
    "all pairs of a path": f"SELECT (COUNT(*) AS ?n) {{ ?s <{E}next>/<{E}kind> ?k }}",
    "equal values": f"SELECT (COUNT(*) AS ?n) {{ ?s <{E}size> ?a ; <{E}next>/<{E}size> ?b FILTER(?a = ?b) }}",
    "without": f"SELECT ?s {{ ?s <{E}kind> <{E}k1> FILTER NOT EXISTS {{ ?s <{E}next> ?o }} }}",
}


def lines(triples: int) -> list[bytes]:
    """Five triples a thing; chains of a hundred things."""
    made = []
    for n in range(triples // 5):
        size = f"{n % 10_000}.{'50' if n % 2 else '5'}"
        made.append(
            f'<{E}t{n}> <{E}kind> <{E}k{n % 20}> .\n<{E}t{n}> <{E}name> "Organisation {n}"@en .\n'
            f'<{E}t{n}> <{E}size> "{size}"^^<{DECIMAL}> .\n'
            f'<{E}t{n}> <{E}year> "{1900 + n % 120}"^^<http://www.w3.org/2001/XMLSchema#integer> .\n'
            + (f"<{E}t{n}> <{E}next> <{E}t{n + 1}> .\n" if n % 100 < 99 else f"<{E}t{n}> <{E}last> <{E}t{n}> .\n")
        )
    return "".join(made).encode().splitlines(keepends=True)


def seconds(run: Callable[[], object]) -> float:
    """Processor seconds."""
    started = time.process_time()
    run()
    return time.process_time() - started


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    data = lines(given.triples)
    started = time.process_time()
    engine = store_of(data)
    loaded = time.process_time()
    rewriting = StoreEvaluator.of_lines(data)
    print(f"load: {loaded - started:.2f} s, with literals as written {time.process_time() - loaded:.2f} s", flush=True)
    del data
    print("| query | engine | rewritten | ratio |\n| --- | --- | --- | --- |")
    for name, text in QUERIES.items():
        alone = ours = float("inf")
        for _ in range(given.runs):
            alone = min(alone, seconds(lambda: list(engine.query(text, use_default_graph_as_union=True))))  # noqa: B023
            ours = min(ours, seconds(lambda: rewriting.select(text)))  # noqa: B023
        print(f"| {name} | {1000 * alone:,.1f} ms | {1000 * ours:,.1f} ms | {ours / alone:.1f} |", flush=True)


if __name__ == "__main__":
    main()
