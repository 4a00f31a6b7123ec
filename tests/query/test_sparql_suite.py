"""The W3C's SPARQL 1.1 query suite by command line, in Python and at the endpoint: never behind the engine alone."""

import csv
import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from isoc_kg import KnowledgeGraph
from isoc_kg.cli.query import query
from isoc_kg.errors import IsocKgError, QueryError
from isoc_kg.query.solutions import Solutions
from isoc_kg.query.tokens import tokens
from rdf.manifests import canonical
from server.running import Running, running

from .suite import GROUPS, SUITE, Entry, entries, expected, verdict

pytestmark = [
    pytest.mark.skipif(not SUITE.is_dir(), reason=f"the W3C suites are not at {SUITE.parents[1]}"),
    pytest.mark.filterwarnings("ignore::isoc_kg.errors.DataWarning"),  # some of it is asked of no data
]

#: Computed numbers that have another form of the same value (`2` for `2.0`), or keep the form of the data.
BY_VALUE = {
    "aggregates/manifest#agg-avg-02", "aggregates/manifest#agg-err-02", "aggregates/manifest#agg-min-02",
    "aggregates/manifest#agg-sum-02", "cast/manifest#cast-decimal", "cast/manifest#cast-double",
    "cast/manifest#cast-float", "csv-tsv-res/manifest#tsv03", "functions/manifest#coalesce01",
    "functions/manifest#plus-1-corrected",
}  # fmt: skip
#: `BNODE(text)` makes one blank node for each text; a note says so.
BLANK_NODES = "functions/manifest#bnode01"
#: A function of somebody's own, which is an error only when it is called, is refused before.
FUNCTION = "syntax-query/manifest#test_4"


def _name(entry: Entry) -> str:
    return entry.iri.partition("data-sparql11/")[2]


EVALUATED = [entry for group in GROUPS if SUITE.is_dir() for entry in entries(group) if entry.result]


def _verdicts(answer: Callable[[Entry], Any]) -> dict[str, set[str]]:
    """The names of the tests by what came out."""
    found: dict[str, set[str]] = {"same": set(), "value": set(), "other": set()}
    for entry in EVALUATED:
        try:
            got = answer(entry)
        except (IsocKgError, SyntaxError, ValueError):
            got = None
        found[verdict(got, expected(entry))].add(_name(entry))
    return found


def _solutions(results: Any) -> Any:
    """A truth value, or variables and rows, of parsed results."""
    if isinstance(results, ox.QueryBoolean):
        return bool(results)
    return [variable.value for variable in results.variables], [tuple(row) for row in results]


def _table(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def _is_csv(entry: Entry) -> bool:
    assert entry.result is not None
    return entry.result.suffix == ".csv"


def _makes_graph(entry: Entry) -> bool:
    return any(token.word in ("CONSTRUCT", "DESCRIBE") for token in tokens(entry.text))


@pytest.fixture(scope="module")
def alone() -> dict[str, set[str]]:
    """The engine alone, which keeps no forms of literals."""

    def answer(entry: Entry) -> Any:
        store = ox.Store()
        store.extend(entry.quads())
        found = store.query(entry.text, base_iri=entry.base)
        if isinstance(found, ox.QueryTriples):
            return canonical(ox.Quad(t.subject, t.predicate, t.object) for t in found)
        if _is_csv(entry):
            return _table((found.serialize(format=ox.QueryResultsFormat.CSV) or b"").decode())
        return _solutions(found)

    return _verdicts(answer)


def _data(entry: Entry, folder: Path) -> list[Path]:
    """The dataset of an entry as a file."""
    quads = list(entry.quads())
    path = folder / "data.nq"
    path.write_bytes(ox.serialize(quads, format=ox.RdfFormat.N_QUADS) or b"")
    return [path]


def test_command_line(tmp_path: Path, alone: dict[str, set[str]]) -> None:
    """`isoc-kg query -f FILE --data FILE --format …`."""

    def answer(entry: Entry) -> Any:
        kind = "nt" if _makes_graph(entry) else "csv" if _is_csv(entry) else "json"
        (tmp_path / "query.rq").write_text(entry.text, encoding="utf-8")
        arguments = ["-f", str(tmp_path / "query.rq"), "--format", kind]
        for path in _data(entry, tmp_path):
            arguments += ["--data", str(path)]
        done = CliRunner().invoke(query, arguments)
        if done.exit_code:
            raise QueryError(str(done.exception))
        if kind == "nt":
            return canonical(ox.parse(done.stdout_bytes, format=ox.RdfFormat.N_TRIPLES))
        if kind == "csv":
            return _table(done.stdout)
        return _solutions(ox.parse_query_results(done.stdout_bytes, format=ox.QueryResultsFormat.JSON))

    found = _verdicts(answer)
    assert sorted(found["other"]) == [BLANK_NODES]
    assert found["value"] == BY_VALUE
    assert len(found["same"] | found["value"]) > len(alone["same"] | alone["value"])


def test_python(alone: dict[str, set[str]], tmp_path: Path) -> None:
    """`KnowledgeGraph.run`."""

    def answer(entry: Entry) -> Any:
        kg = KnowledgeGraph.load(_data(entry, tmp_path))
        found = kg.run(entry.text + " ")
        if found.boolean is not None:
            return found.boolean
        if found.triples is not None:
            return canonical(ox.parse(b"".join(found.triples), format=ox.RdfFormat.N_TRIPLES))
        assert isinstance(found.solutions, Solutions)
        if _is_csv(entry):
            return _table(found.solutions.to_csv())
        return list(found.solutions.variables), list(found.solutions.terms)

    found = _verdicts(answer)
    assert sorted(found["other"]) == [BLANK_NODES]
    assert found["value"] == BY_VALUE
    assert found["other"] <= alone["other"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """All data of the suite, each file as a graph named by its IRI."""
    folder = tmp_path_factory.mktemp("suite")
    lines: set[bytes] = set()
    files = {path: iri for entry in EVALUATED for path, iri in entry.bases.items()}
    for number, (path, iri) in enumerate(sorted(files.items())):
        holder = Entry("", "", path, "", (), (path,), None, {path: iri})
        text = ox.serialize(holder.quads(), format=ox.RdfFormat.N_QUADS) or b""
        lines.update(text.replace(b"_:", b"_:f%d" % number).splitlines(keepends=True))
    (folder / "all.nq").write_bytes(b"".join(sorted(lines)))
    with running("all.nq", cwd=folder) as found:
        yield found


def test_endpoint(server: Running, alone: dict[str, set[str]]) -> None:
    """The SPARQL protocol, datasets named in the request."""

    def answer(entry: Entry) -> Any:
        kind = (
            "application/n-triples" if _makes_graph(entry)
            else "text/csv" if _is_csv(entry)
            else "application/sparql-results+json"
        )  # fmt: skip
        graphs = [("default-graph-uri", entry.bases[path]) for path in entry.data]
        graphs += [("named-graph-uri", entry.bases[path]) for path in entry.graphs]
        if "FROM" in entry.text:  # the request's dataset would stand before the query's own
            graphs = []
        elif not graphs:
            graphs = [("default-graph-uri", "urn:none")]
        body = "&".join(str(httpx.QueryParams([pair])) for pair in [("query", entry.text), *graphs])
        reply = httpx.post(
            server.address + "sparql", content=body, timeout=60,
            headers={"accept": kind, "content-type": "application/x-www-form-urlencoded"},
        )  # fmt: skip
        if reply.status_code != 200:
            raise QueryError(reply.text)
        if kind == "application/n-triples":
            return canonical(ox.parse(reply.content, format=ox.RdfFormat.N_TRIPLES))
        if kind == "text/csv":
            return _table(reply.text)
        return _solutions(ox.parse_query_results(reply.content, format=ox.QueryResultsFormat.JSON))

    found = _verdicts(answer)
    assert sorted(found["other"]) == [BLANK_NODES]
    assert found["value"] == BY_VALUE
    assert found["other"] <= alone["other"]


def test_syntax(tmp_path: Path) -> None:
    """Texts that are SPARQL are run, the others are refused."""
    (tmp_path / "empty.nt").touch()
    kg = KnowledgeGraph.load(tmp_path / "empty.nt")
    wrong = set()
    for entry in entries("syntax-query"):
        try:
            kg.run(entry.text + " ")
            refused = False
        except QueryError:
            refused = True
        if refused != entry.kind.startswith("Negative"):
            wrong.add(_name(entry))
    assert wrong == {FUNCTION}
