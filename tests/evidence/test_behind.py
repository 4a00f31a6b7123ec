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
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp import Client, StdioServerParameters

from isoc_kg import KnowledgeGraph
from isoc_kg.cli.query import query
from isoc_kg.errors import LimitExceeded, QueryError
from isoc_kg.evidence.behind import explain
from isoc_kg.evidence.published import Published
from isoc_kg.evidence.walks import Walks
from isoc_kg.query import StoreEvaluator
from isoc_kg.query.patterns import patterns_of
from isoc_kg.query.tokens import tokens
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
    "short-literal": ("SELECT ?item { ?item schema:position 2 } LIMIT 2", {}),
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
    "entailed-property": ("SELECT ?purpose { id:internet-society org:purpose ?purpose }", {}),
    "entailed-class": ("SELECT ?group { ?group a skos:Concept ; ^isoc:bringsTogether id:manrs }", {}),
    "entailed-inverse": ("SELECT ?narrower { ?broader skos:narrower ?narrower }", {}),
    "entailed-symmetric": ("SELECT ?other { id:privacy skos:related ?other }", {}),
    "top-concepts": ("SELECT ?concept { id:areas skos:hasTopConcept ?concept }", {}),
    "minus": ("SELECT ?b { ?b a schema:Project MINUS { ?b schema:alternateName id:ietf } }", {}),
    "not-exists": ("SELECT ?b { ?b a schema:Project FILTER NOT EXISTS { ?b schema:alternateName id:ietf } }", {}),
    "path": ("SELECT ?x { id:mission (isoc:hasWording|isoc:hasQuality)+ ?x }", {}),
    "path-sequence": ("SELECT ?y ?x { ?x ^isoc:hasInitiative/schema:foundingDate ?y }", {}),
    "claim": ("SELECT ?year { ?claim rdf:predicate schema:foundingDate ; rdf:object ?year }", {}),
    "claim-counted": (
        "SELECT ?claim (COUNT(?u) AS ?n) { ?claim rdf:predicate ?p ; ev:supportedBy ?u } GROUP BY ?claim LIMIT 9", {},
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
    explanation = kg.why(name, FORMS[name][1])
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
    explanation = kg.why(name, parameters)
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
    ("text", "reason"),
    [
        ("SELECT (COUNT(?s) AS ?n) { ?s :p ?o } GROUP BY ?o", "computed"),
        ("SELECT (STR(?s) AS ?n) ?o { ?s :p ?o }", "computed"),
        ("SELECT (COUNT(?s) AS ?n) ?o { ?s :p ?o } GROUP BY ?o", None),
    ],
)
def test_why_not_of_what_is_computed(store: ox.Store, text: str, reason: str | None) -> None:
    """What cannot be told is said in words, in the repr too."""
    explanation = explain(P + text, Counting(store), Published(StoreEvaluator(store), "http://e/c"), {})
    assert (reason in (explanation.incomplete or "")) if reason else explanation.incomplete is None
    assert ("incomplete: " in repr(explanation)) == bool(reason)
    assert reason or "2 statements" in repr(explanation)


def test_statements_of_a_large_group_are_the_first(store: ox.Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bounded number of them, and the explanation says so; so it does of matches that are not read."""
    monkeypatch.setattr("isoc_kg.evidence.behind._MOST_OF_GROUP", 1)
    text, support = f"{P}SELECT (COUNT(*) AS ?n) {{ ?s :p ?o }}", Published(StoreEvaluator(store), "http://e/c")
    explanation = explain(text, Counting(store), support, {})
    assert [one.claim for one in explanation.evidence[0]] == ["http://e/c1"]
    assert "first 1" in (explanation.incomplete or "")
    monkeypatch.setattr("isoc_kg.evidence.behind.MOST_MATCHES", 2)
    assert "more than 2 matches" in (explain(text, Counting(store), support, {}).incomplete or "")


@pytest.mark.parametrize(
    ("text", "runs", "claims"),
    [
        ("SELECT ?o { ?s :p ?o FILTER(?s != :c) }", 1, [["c1", "c2"]] * 2),
        ("SELECT ?o { ?s :p ?o } ORDER BY ?o ?s LIMIT 1", 1, [["c1"]]),
        ("SELECT DISTINCT ?o { ?s :p ?o }", 1, [["c1", "c2"], ["c5"]]),
        ("SELECT DISTINCT ?o { ?s :p ?o } ORDER BY DESC(?s)", 1, [["c5"], ["c1", "c2"]]),
        ("SELECT DISTINCT ?o { ?s :p ?o } ORDER BY DESC(?o) LIMIT 1", 2, [["c5"]]),
        ("SELECT DISTINCT ?o { ?s :p ?o } ORDER BY ?o LIMIT 1", 2, [["c1", "c2"]]),
        ("SELECT (COUNT(?s) AS ?n) ?o { ?s :p ?o } GROUP BY ?o", 2, [["c5"], ["c1", "c2"]]),
        ("SELECT ?o (COUNT(?s) AS ?n) { ?s :p ?o } GROUP BY ?o HAVING(COUNT(?s) > 1)", 2, [["c1", "c2"]]),
        ("SELECT (COUNT(*) AS ?n) { ?s :p ?o } VALUES ?s { :a }", 2, [["c1"]]),
        ("SELECT (COUNT(*) AS ?n) { ?s :none ?o }", 2, [[]]),
        ("SELECT (COUNT(?s) AS ?n) { ?s :p ?o } GROUP BY ?o", 1, [[], []]),  # which group is which is not told
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


PATHS = """
PREFIX : <http://e/> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> PREFIX owl: <http://www.w3.org/2002/07/owl#>
:a :p :b . :b :p :c . :b :q :d . :c :q :d . :d :r "x"@en . :x :p :c . :c :i :b . :d :p :a . :d :plain :e .
:c1 rdf:subject :a ; rdf:predicate :p ; rdf:object :b . :c2 rdf:subject :b ; rdf:predicate :p ; rdf:object :c .
:c3 rdf:subject :b ; rdf:predicate :q ; rdf:object :d . :c4 rdf:subject :c ; rdf:predicate :q ; rdf:object :d .
:c5 rdf:subject :d ; rdf:predicate :r ; rdf:object "x"@en . :c6 rdf:subject :x ; rdf:predicate :p ; rdf:object :c .
:c7 rdf:subject :d ; rdf:predicate :p ; rdf:object :a . :c8 rdf:subject :a ; rdf:predicate :q ; rdf:object :c .
:i owl:inverseOf :p .
"""


@pytest.fixture(scope="module")
def paths_store() -> ox.Store:
    """Statements that paths lead over, one of them without a claim, and a claim that is not among the data (c8)."""
    store = ox.Store()
    store.load(PATHS.encode(), format=ox.RdfFormat.TURTLE)
    return store


@pytest.mark.parametrize(
    ("pattern", "claims"),
    [
        (":a :p/:q ?x", "c1 c3"),
        (":a :p/:p/^:p :x", "c1 c2 c6"),
        ("?s ^:q ?x VALUES (?s ?x) { (:d :c) }", "c4"),
        (":a (:p|:q)+ :c", "c1 c2 c3 c4 c7"),  # round by d and on to c again
        (":x :p?/:q ?x", "c4 c6"),
        (":x :p* :c", "c6"),
        (":b :q/:r 'x'@en", "c3 c5"),
        ('"x"@en ^:r/^:q :b', "c3 c5"),
        (":b !(:p|:i) ?x", "c3"),
        (":c !(:q|^:p) :b", "c2"),
        (":c ^:p :b", "c2"),
        (":c !(:p|:i|^:i) :d", "c4"),
        (":a ((:p/:q)|:q)/(:r) ?x", "c1 c3 c5"),
        (":d :plain* :e", ""),
        (":c :i/:q :d", "c2 c3"),
        (":a :q|:p/:p ?x", "c1 c2"),
        (":x :p ?y . ?y ^:p :b FILTER NOT EXISTS { :b :q/:p/:q :b }", "c2 c6"),
        (":a :p* :a MINUS { :a :p/:q ?y . :z ?p ?y }", ""),
        (":a :p/:q ?x OPTIONAL { ?x :r/^:r ?y OPTIONAL { ?y :q+ ?none } }", "c1 c3 c5"),
    ],
)
def test_behind_paths(paths_store: ox.Store, pattern: str, claims: str) -> None:
    """The claims on the walks that a path accepts between the two ends of a match, and no others."""
    text = f"{P}SELECT ?n {{ {pattern} VALUES ?n {{ 1 }} }}"
    explanation = explain(text, Counting(paths_store), Published(StoreEvaluator(paths_store), "http://e/c"), {})
    found = {evidence.claim.removeprefix("http://e/") for behind in explanation.evidence for evidence in behind}
    assert len(explanation) >= 1
    assert (" ".join(sorted(found)), explanation.incomplete) == (claims, None)


def test_paths_in_graphs() -> None:
    """A walk keeps to the graph that is named, or that the match is of, and to the query's dataset."""
    store = ox.Store()
    store.load(PATHS.encode(), format=ox.RdfFormat.TURTLE)
    store.load(f"{P}:g {{ :a :p :b, :c . :c :q :d }}".encode(), format=ox.RdfFormat.TRIG)
    claim = "PREFIX : <http://e/> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> :c9 rdf:subject :a ; "
    store.load(f"{claim} rdf:predicate :p ; rdf:object :c .".encode(), format=ox.RdfFormat.TURTLE)

    def claims(text: str) -> set[str]:
        evaluator = StoreEvaluator(store)
        explanation = explain(P + text, evaluator.select, Published(evaluator, "http://e/c"), {})
        return {evidence.claim.removeprefix("http://e/") for behind in explanation.evidence for evidence in behind}

    assert claims("SELECT * { :a :p/:q ?x }") == {"c1", "c3", "c4", "c9"}
    for text in (
        "SELECT * { GRAPH :g { :a :p/:q ?x } }",
        "SELECT * { GRAPH ?g { { :a :p/:q ?x } } }",
        "SELECT * FROM :g { :a :p/:q ?x }",
        "SELECT * FROM NAMED :g { GRAPH ?g { :a :p/:q ?x } }",
    ):
        assert claims(text) == {"c4", "c9"}, text


@pytest.mark.parametrize(
    ("bound", "reason"),
    [
        ("_MOST_LINKS", "links"),
        ("_MOST_STATEMENTS", "statements"),
        ("_MOST_REQUESTS", "requests"),
        ("_MOST_STEPS", "steps"),
    ],
)
def test_paths_that_lead_too_far(
    paths_store: ox.Store, monkeypatch: pytest.MonkeyPatch, bound: str, reason: str
) -> None:
    """The explanation says that it is incomplete, and why."""
    monkeypatch.setattr(f"isoc_kg.evidence.walks.{bound}", 2)
    text = f"{P}SELECT * {{ :a (:p|:q)/(:p|:q)/:r ?x }}"
    explanation = explain(text, Counting(paths_store), Published(StoreEvaluator(paths_store), "http://e/c"), {})
    assert reason in (explanation.incomplete or "")
    assert len(explanation) == 1


@pytest.mark.parametrize("pattern", [":a :p/:q [ :r ?x ]", ":a :p/:p ?x FILTER EXISTS { ?x :q/:r ?hidden }"])
def test_paths_to_what_is_not_told(paths_store: ox.Store, pattern: str) -> None:
    """Where an end of a path is no value of a match, it is said that claims may be missing."""
    text = f"{P}SELECT * {{ {pattern} }}"
    explanation = explain(text, Counting(paths_store), Published(StoreEvaluator(paths_store), "http://e/c"), {})
    assert explanation.incomplete == "a path leads to a node that no variable of the solutions stands for."


Tree = tuple[Any, ...]
LEAVES = st.tuples(st.just("link"), st.sets(st.sampled_from("pq"), min_size=1), st.booleans(), st.booleans())
TREES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(st.tuples(st.sampled_from("|/"), inner, inner), st.tuples(st.sampled_from("?*+^"), inner)),
    max_leaves=4,
)
TRIPLES = st.sets(st.tuples(st.sampled_from("abc"), st.sampled_from("pqr"), st.sampled_from("abc")), max_size=5)


def written(tree: Tree) -> str:
    """A path as SPARQL has it."""
    if tree[0] == "link":
        _, terms, forward, negated = tree
        turned = "" if forward else "^"
        return ("!" if negated else "") + f"({'|'.join(f'{turned}:{term}' for term in sorted(terms))})"
    if tree[0] in "|/":
        return f"({written(tree[1])}{tree[0]}{written(tree[2])})"
    return f"(^{written(tree[1])})" if tree[0] == "^" else f"({written(tree[1])}{tree[0]})"


Walk = tuple[str, str, frozenset[tuple[str, str, str]]]


def walks_of(tree: Tree, triples: set[tuple[str, str, str]]) -> set[Walk]:
    """All walks with their ends and the statements that they go over, from what each part has."""
    if tree[0] == "link":
        _, terms, forward, negated = tree
        chosen = [triple for triple in triples if (triple[1] in terms) is not negated]
        return {(s, o, frozenset({(s, p, o)})) if forward else (o, s, frozenset({(s, p, o)})) for s, p, o in chosen}
    first = walks_of(tree[1], triples)
    if tree[0] == "^":
        return {(end, start, over) for start, end, over in first}
    if tree[0] == "|":
        return first | walks_of(tree[2], triples)
    joined = lambda one, two: {(s, o, x | y) for s, m, x in one for n, o, y in two if m == n}  # noqa: E731
    if tree[0] == "/":
        return joined(first, walks_of(tree[2], triples))
    found = set(first)
    if tree[0] != "?":
        while not (more := joined(found, first)) <= found:
            found |= more
    return found if tree[0] == "+" else found | {(node, node, frozenset()) for node in "abc"}


@given(TREES, TRIPLES)
@settings(max_examples=150, deadline=None)
def test_walks_are_those_that_there_are(tree: Tree, triples: set[tuple[str, str, str]]) -> None:
    """Between all pairs of nodes the statements on any walk that the path has, put together part by part."""
    name = lambda local: f"<http://e/{local}>"  # noqa: E731
    store = ox.Store()
    store.load(" .\n".join([*(" ".join(map(name, triple)) for triple in triples), ""]).encode(), ox.RdfFormat.N_TRIPLES)
    text = f"{P}SELECT * {{ ?s {written(tree)} ?o }}"
    path = patterns_of(text, list(tokens(text)), {}).patterns[0].path.expression
    expected: dict[tuple[str, str], set[tuple[str, str, str]]] = {(s, o): set() for s in "abc" for o in "abc"}
    for start, end, over in walks_of(tree, triples):
        expected[start, end] |= over
    pairs = {(name(start).encode(), name(end).encode()): (start, end) for start, end in expected}
    found = Walks(Counting(store)).between(path, pairs.keys())
    assert {
        pairs[pair]: {tuple(term.decode()[10:-1] for term in triple) for triple in over} for pair, over in found.items()
    } == expected
