"""Who says so? One answer, however it is asked for: command line, Python, server, named queries, assistants."""

import asyncio
import re
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from shutil import copytree
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from mcp import Client, StdioServerParameters

from isoc_kg import KnowledgeGraph
from isoc_kg.cli.query import query
from isoc_kg.errors import LimitExceeded, QueryError
from isoc_kg.evidence.behind import explain
from isoc_kg.evidence.published import Published
from isoc_kg.query import StoreEvaluator
from isoc_kg.server.queries.worker import Engine
from server.running import Running, running

from material import ROOT

#: Form of query → text, parameters as texts, whether a claim is behind each solution.
FORMS: dict[str, tuple[str, dict[str, str]]] = {
    "plain": ("SELECT ?year { ?b schema:foundingDate ?year }", {}),
    "own-prefix": ("PREFIX x: <https://schema.org/> SELECT ?year { id:manrs x:foundingDate ?year }", {}),
    "base": ("BASE <https://w3id.org/isoc-kg/id/> SELECT ?year { <manrs> schema:foundingDate ?year }", {}),
    "parameters": ("SELECT ?body { ?body schema:foundingDate ?year }", {"year": "2014"}),
    "literal": ('SELECT ?body { ?body schema:foundingDate "2014"^^xsd:gYear }', {}),
    "optional": ("SELECT ?b ?year { ?b a schema:Project OPTIONAL { ?b schema:foundingDate ?year } }", {}),
    "distinct-limit": ("SELECT DISTINCT ?f { ?b schema:founder ?f ; schema:foundingDate ?y } ORDER BY ?f LIMIT 2", {}),
    "distinct": ("SELECT DISTINCT ?f { ?b schema:founder ?f ; schema:foundingDate ?y }", {}),
    "reduced": ("SELECT REDUCED ?f { ?b schema:founder ?f ; schema:foundingDate ?y }", {}),
    "limit": ("SELECT ?year { ?b schema:foundingDate ?year } ORDER BY DESC(?year) ?b LIMIT 1", {}),
    "union": ("SELECT ?o { { ?b schema:foundingDate ?o } UNION { ?b schema:founder ?o } }", {}),
    "group": ("SELECT ?b (COUNT(?o) AS ?n) { ?b isoc:supports ?o VALUES ?o { id:ietf } } GROUP BY ?b", {}),
    "group-parameters": (
        "SELECT ?b (COUNT(?y) AS ?n) { ?b schema:foundingDate ?y } GROUP BY ?b ORDER BY ?b", {"y": "2014"},
    ),
    "star": ("SELECT * { ?b schema:foundingDate ?year }", {}),
    "subquery": (
        "SELECT ?y { { SELECT ?b { ?b schema:founder ?f } ORDER BY ?b LIMIT 1 } ?b schema:foundingDate ?y }",
        {},
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped project with each of the queries under its name."""
    target = tmp_path_factory.mktemp("why") / "project"
    ignored = lambda _, names: {n for n in names if n in ("out", "documents", "src", "tests", "web") or n[0] == "."}  # noqa: E731
    target = Path(copytree(ROOT, target, ignore=ignored))
    for name, (text, parameters) in FORMS.items():
        head = [f"# title: {name}", *(f"# param {parameter} xsd:gYear" for parameter in parameters)]
        (target / "queries" / f"{name}.rq").write_text("\n".join([*head, text]), encoding="utf-8")
    return target


@pytest.fixture(scope="module")
def kg(folder: Path) -> KnowledgeGraph:
    """The same in Python."""
    return KnowledgeGraph.load(folder)


@pytest.fixture(scope="module")
def server(folder: Path) -> Iterator[Running]:
    """The same as a server."""
    with running("--project", folder, cwd=folder) as server:
        yield server


@pytest.fixture(scope="module")
def front(folder: Path, server: Running) -> Iterator[Running]:
    """A server in front of the store that the other server is."""
    with running("--project", folder, "--endpoint", f"{server.address}sparql", cwd=folder) as front:
        yield front


@pytest.fixture(scope="module")
def assisted(folder: Path) -> dict[str, Any]:
    """What an assistant gets for each named query, and for each text."""
    command = StdioServerParameters(command=sys.executable, args=["-m", "isoc_kg", "mcp", "--project", str(folder)])

    async def answers() -> dict[str, Any]:
        async with Client(command, read_timeout_seconds=60) as client:
            result = {}
            for name, (text, parameters) in FORMS.items():
                arguments = {"name": name, "parameters": parameters}
                result[name] = (await client.call_tool("run_query", arguments)).structured_content
                if not parameters:
                    result[text] = (await client.call_tool("sparql", {"query": text})).structured_content
            return result

    return asyncio.run(answers())


Claims = list[tuple[tuple[str, ...], list[str]]]


def of_python(kg: KnowledgeGraph, name: str) -> Claims:
    """Each solution's values with the IRIs of the claims behind it, sorted."""
    explanation = kg.why(name, FORMS[name][1], text_parameters=True)
    assert explanation.incomplete is None
    return sorted((values(row), [evidence.claim for evidence in claims]) for row, claims in explanation)


def values(row: Sequence[Any]) -> tuple[str, ...]:
    """The values of a solution as texts."""
    return tuple("" if term is None else term.value for term in row)


def of_json(variables: Sequence[str], solutions: Sequence[Any], why: Sequence[Any]) -> Claims:
    """The same of results in JSON."""
    rows = [tuple(row.get(name, {}).get("value", "") for name in variables) for row in solutions]
    return sorted((row, [claim["claim"] for claim in claims]) for row, claims in zip(rows, why, strict=True))


@pytest.mark.parametrize("name", FORMS)
def test_everybody_gives_the_same_claims(
    kg: KnowledgeGraph,
    server: Running,
    front: Running,
    folder: Path,
    assisted: dict[str, Any],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
) -> None:
    """For each form of query; each but those that count something has a claim behind each solution."""
    text, parameters = FORMS[name]
    expected = of_python(kg, name)
    assert expected
    assert all(claims for row, claims in expected if "" not in row)
    answer = httpx.get(
        f"{server.address}api/queries/{name}", params={**parameters, "why": "1", "size": "1000"}, timeout=60
    ).json()
    assert of_json(answer["variables"], answer["solutions"], answer["why"]) == expected
    tool = assisted[name]
    told = [{key: {"value": value} for key, value in row.items()} for row in tool["solutions"]]
    assert of_json(answer["variables"], told, tool["evidence"]) == expected
    with KnowledgeGraph.load(f"{server.address}sparql", project=folder) as remote:
        assert of_python(remote, name) == expected
    if not parameters:
        for running_server in (server, front):
            answer = running_server.query(text, why="1").json()
            assert of_json(answer["head"]["vars"], answer["results"]["bindings"], answer["why"]) == expected
        assert assisted[text]["evidence"] == tool["evidence"]
        assert list(kg.why(text)) == list(kg.why(name))
    monkeypatch.setattr(KnowledgeGraph, "load", lambda *_, **__: kg)
    given = [part for key, value in parameters.items() for part in ("--param", f"{key}={value}")]
    output = CliRunner().invoke(query, ["--name", name, *given, "--why"], catch_exceptions=False).output
    lines = [line.strip() for line in output.splitlines() if re.match(r"  \S", line)]
    explanation = kg.why(name, parameters, text_parameters=True)
    assert lines == [evidence.statement(kg.prefixes) for _, claims in explanation for evidence in claims]


def test_what_is_not_selected(kg: KnowledgeGraph) -> None:
    """A body's founding year is a claim about the body, though only the year is selected; two years, two claims."""
    explanation = kg.why("SELECT ?year { ?b schema:foundingDate ?year }")
    assert [len(claims) for _, claims in explanation] == [1] * len(explanation)
    assert len({claims[0].claim for _, claims in explanation}) == len(explanation)


class Counting:
    """Runs queries on a store and remembers them."""

    def __init__(self, store: ox.Store, fails: str = "") -> None:
        self.store = store
        self.fails = fails
        self.asked: list[str] = []

    def __call__(self, text: str) -> tuple[list[str], list[tuple[Any, ...]]]:
        """Variables and rows."""
        self.asked.append(text)
        if self.fails and self.fails in text:
            raise LimitExceeded("too many.")
        found = self.store.query(text, use_default_graph_as_union=True)
        assert isinstance(found, ox.QuerySolutions)
        return [variable.value for variable in found.variables], [tuple(row) for row in found]


DATA = """
PREFIX : <http://e/> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
:a :p :x ; :q :y . :b :p :x ; :q :z . :c :p :y .
:c1 rdf:subject :a ; rdf:predicate :p ; rdf:object :x . :c2 rdf:subject :b ; rdf:predicate :p ; rdf:object :x .
:c3 rdf:subject :a ; rdf:predicate :q ; rdf:object :y . :c4 rdf:subject :b ; rdf:predicate :q ; rdf:object :z .
:c5 rdf:subject :c ; rdf:predicate :p ; rdf:object :y .
:c6 rdf:subject :a ; rdf:predicate :p ; rdf:object :z .
"""


@pytest.fixture(scope="module")
def store() -> ox.Store:
    """A few triples with their claims."""
    store = ox.Store()
    store.load(DATA.encode(), format=ox.RdfFormat.TURTLE)
    return store


P = "PREFIX : <http://e/> "


@pytest.mark.parametrize(
    ("text", "runs", "claims"),
    [
        ("SELECT ?o { ?s :p ?o FILTER(?s != :c) }", 1, [["c1", "c2"]] * 2),
        ("SELECT ?o { ?s :p ?o } ORDER BY ?o ?s LIMIT 1", 1, [["c1"]]),
        ("SELECT DISTINCT ?o { ?s :p ?o }", 1, [["c1", "c2"], ["c5"]]),
        ("SELECT DISTINCT ?o { ?s :p ?o } ORDER BY DESC(?s)", 1, [["c5"], ["c1", "c2"]]),
        ("SELECT DISTINCT ?o { ?s :p ?o } ORDER BY DESC(?o) LIMIT 1", 2, [["c5"]]),
        ("SELECT DISTINCT ?o { ?s :p ?o } ORDER BY ?o LIMIT 1", 2, [["c1", "c2"]]),
        ("SELECT (COUNT(?s) AS ?n) ?o { ?s :p ?o } GROUP BY ?o", 1, [[], []]),
        ("SELECT (STR(?s) AS ?n) ?o { ?s :p ?o } ORDER BY ?s LIMIT 1", 1, [[]]),
        ("SELECT * { ?s :p ?o }", 1, [["c1"], ["c2"], ["c5"]]),
        ("SELECT ?o ?none { ?s :q ?o }", 1, [["c3"], ["c4"]]),
        ("SELECT ?o { :a ?p ?o FILTER(?o = :x) }", 1, [["c1"]]),
    ],
)
def test_how_often_a_query_is_run(store: ox.Store, text: str, runs: int, claims: list[list[str]]) -> None:
    """Once; twice where only its own solutions tell which of the matches are meant."""
    select = Counting(store)
    plain = [tuple(map(str, row)) for row in Counting(store)(P + text)[1]]
    explanation = explain(P + text, select, Published(StoreEvaluator(store), "http://e/c"), {})
    assert len(select.asked) == runs
    assert [
        [evidence.claim.removeprefix("http://e/") for evidence in found] for found in explanation.evidence
    ] == claims
    rows = [tuple(map(str, row)) for row in explanation.solutions.terms]
    assert rows == plain if "ORDER" in text else sorted(rows) == sorted(plain)


def test_one_run_on_the_command_line(kg: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--why` runs the query once, for the table and the claims alike."""
    asked: list[str] = []
    run = KnowledgeGraph._run
    monkeypatch.setattr(KnowledgeGraph, "load", lambda *_, **__: kg)
    monkeypatch.setattr(
        KnowledgeGraph, "_run", lambda self, text, *rest: (asked.append(text), run(self, text, *rest))[1]
    )
    arguments = ["SELECT ?y { ?b schema:foundingDate ?y }", "--why"]
    output = CliRunner().invoke(query, arguments, catch_exceptions=False).output
    assert output.startswith("y\n────\n")
    assert "solution 2:\n  id:" in output
    assert len(asked) == 1


@pytest.mark.parametrize("text", ["SELECT ?o { ?s :p ?o }", "SELECT DISTINCT ?o { ?s :p ?o } LIMIT 9"])
def test_matches_that_cannot_be_read(store: ox.Store, text: str) -> None:
    """The solutions are there, with the claims that they tell themselves, and it is said that some may be missing."""
    select = Counting(store, fails="*")
    explanation = explain(P + text, select, Published(StoreEvaluator(store), "http://e/c"), {})
    assert sorted(explanation.solutions.terms) == sorted(Counting(store)(P + text)[1])
    assert explanation.incomplete == "not every match of the query was read: too many."
    assert '"why_incomplete"' in explanation.to_json()


def test_a_query_that_is_refused(store: ox.Store) -> None:
    """As the query alone would be; another form than SELECT has no rows."""
    with pytest.raises(LimitExceeded):
        explain(P + "SELECT ?o { ?s :p ?o }", Counting(store, fails=":p"), Published(StoreEvaluator(store), ""), {})
    with pytest.raises(QueryError, match="SELECT"):
        explain("ASK {}", Counting(store), Published(StoreEvaluator(store), ""), {})


def test_a_worker_keeps_to_its_limits(store: ox.Store) -> None:
    """Too many solutions are refused; too many matches are said to be."""
    settings: dict[str, Any] = {
        "prefixes": {"": "http://e/"}, "base": "http://e/", "claims": "http://e/c", "result_bytes": 10_000,
        "result_rows": 2, "text_limits": {},
    }  # fmt: skip
    engine = Engine(StoreEvaluator(store), settings)
    head, _ = engine.answer({"query": "SELECT ?o { ?s :p ?o }", "why": True, "accept": "*/*"})
    assert (head["status"], head["detail"]) == (413, "there are more than 2 solutions to explain.")
    head, body = engine.answer({"query": "SELECT DISTINCT ?o { ?s :p ?o }", "why": True, "accept": "*/*"})
    assert head["status"] == 200
    assert b'"why": [[], []], "why_incomplete": "not every match' in body
