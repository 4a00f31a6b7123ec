"""Loads into each store as it is: what arrives, what is said of it, and that doing it twice changes nothing."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg.rdf import labelled_lines
from isoc_kg.stores.loading import STAGING, staging_name

from .conftest import Loader, graphs, held, remote
from .material import EX, HOSTILE, numbered, write
from .running import Running

GRAPH = EX + "loading"


@pytest.fixture
def graph(store: Running, request: pytest.FixtureRequest) -> str:
    """A graph that no other test uses."""
    return EX + re.sub(r"\W+", "-", request.node.name)


def test_load_and_reload(store: Running, load: Loader, tmp_path: Path, graph: str) -> None:
    """A first load, the same again, another one in its place: always exactly what was sent."""
    old, new = numbered(3000), numbered(4000, 1)
    (tmp_path / "old.nt").write_bytes(b"".join(old))
    (tmp_path / "new.nt").write_bytes(b"".join(new))
    first = load(store, "old.nt", "--graph", graph)
    assert "loaded and compared one by one: 3,000 triples" in first.stdout
    assert held(store, graph) == old
    assert "nothing changed" in load(store, "old.nt", "--graph", graph).stdout
    load(store, "new.nt", "--graph", graph)
    assert held(store, graph) == new
    load(store, "old.nt", "--graph", graph, "--verify", "count")
    assert held(store, graph) == old
    assert not [name for name in graphs(store) if name.startswith(STAGING)]


def test_triples_that_become_one(oxigraph: Running, load: Loader, tmp_path: Path, graph: str) -> None:
    """Where the store takes two literals for the same, the counts differ, and a note says why."""
    integer = "http://www.w3.org/2001/XMLSchema#integer"
    lines = [f'<{EX}a> <{EX}p> "{text}"^^<{integer}> .\n' for text in ("7", "007", "+7", "8")]
    (tmp_path / "d.nt").write_text("".join(lines))
    done = load(oxigraph, "d.nt", "--graph", graph)
    assert f"<{graph}>: 2 triples" in done.stdout
    assert "2 triples are merged with another by the store" in done.stderr
    (tmp_path / "other.nt").write_text(lines[1])
    assert "merged with another" not in load(oxigraph, "other.nt", "--graph", graph).stderr


def test_recognised_by_its_answers(store: Running, load: Loader, tmp_path: Path, graph: str) -> None:
    """--to auto finds out what it talks to."""
    write(tmp_path / "one.nt", HOSTILE[0])
    assert f"(--to {store.kind})" in load(store, "one.nt", "--graph", graph, to="auto").stderr


#: What each store does to the hostile data: names of its rewritings, and whether they lose something.
DAMAGE = {
    "rdf4j": set(),
    "fuseki": {
        "integers are kept in canonical form",
        "xsd:decimal is kept in canonical form",
        "xsd:double and xsd:float are kept in another form",
        "booleans are kept as true and false",
        "instants are kept without trailing zeros",
    },
    "oxigraph": {
        "numbers are kept in canonical form",
        "booleans are kept as true and false",
        "dates, times and durations are kept in canonical form",
        "warning: derived integer types become xsd:integer",
        "warning: xsd:dateTimeStamp becomes xsd:dateTime",
    },
    "virtuoso": {
        "integers are kept in canonical form",
        "xsd:decimal is kept in canonical form",
        "xsd:double and xsd:float are kept in another form",
        "booleans are kept as true and false",
        "instants are kept without trailing zeros",
        "rdf:XMLLiteral is written anew",
        "warning: integers beyond 64 bits become xsd:decimal",
        "warning: what is no integer becomes one",
        "warning: xsd:decimal is cut to 15 digits",
        "warning: xsd:double and xsd:float are cut to 6 digits",
        "warning: years before 1 lose a digit",
        "warning: an invalid xsd:gYear is changed",
        "warning: instants are cut to microseconds",
        "warning: durations become numbers",
    },
}


def test_hostile_data(store: Running, load: Loader, tmp_path: Path, graph: str) -> None:
    """Every term arrives, and every change that the store makes is named; none of another kind is let through."""
    write(tmp_path / "hostile.nt", *HOSTILE)
    done = load(store, "hostile.nt", "--graph", graph)
    named = re.findall(r"^(warning: )?(?:note: )?[\d,]+ literals?: ([^(]*) \(", done.stderr, re.MULTILINE)
    assert {warning + name for warning, name in named} == DAMAGE[store.kind]
    with remote(store) as one:
        assert one.count(graph) == len(HOSTILE)
    again = load(store, "hostile.nt", "--graph", graph)
    assert "nothing changed" in again.stdout


@pytest.mark.parametrize("size", [100_000, 1_000_000])
def test_long_literals(store: Running, load: Loader, tmp_path: Path, graph: str, size: int) -> None:
    """Long literals arrive whole, or are refused before anything is sent."""
    subject = ox.NamedNode(EX + "s")
    write(tmp_path / "long.nt", ox.Triple(subject, ox.NamedNode(EX + "p"), ox.Literal("é" * (size // 2))))
    if store.kind == "virtuoso":
        done = load(store, "long.nt", "--graph", graph, code=2)
        assert "does not take literals of over" in done.stderr
        assert held(store, graph) == []
    else:
        load(store, "long.nt", "--graph", graph)
        assert len(held(store, graph)[0]) > size


BLANK = f"""
@prefix : <{EX}> .
:a :knows [ :name "one" ; :knows [ :name "two" ] ], [ :name "one" ] .
_:x :next _:y . _:y :next _:z . _:z :next _:x .
:list :is ( 1 2 [ :name "three" ] ) .
"""


def test_blank_nodes(store: Running, load: Loader, tmp_path: Path, graph: str) -> None:
    """Blank nodes of foreign data stay what they are, and are not doubled by a second load."""
    (tmp_path / "blank.ttl").write_text(BLANK)
    (tmp_path / "more.ttl").write_text(BLANK + ":a :knows :b .")
    load(store, "blank.ttl", "--graph", graph)
    sent = [quad.triple for quad in ox.parse(BLANK, format=ox.RdfFormat.TURTLE)]
    lines = (ox.serialize(sent, format=ox.RdfFormat.N_TRIPLES) or b"").splitlines(keepends=True)
    assert labelled_lines(held(store, graph)) == labelled_lines(list(lines))
    assert "nothing changed" in load(store, "blank.ttl", "--graph", graph).stdout
    load(store, "more.ttl", "--graph", graph)
    assert len(held(store, graph)) == len(lines) + 1


def test_skolemized(store: Running, load: Loader, tmp_path: Path, graph: str) -> None:
    """With --skolemize they are IRIs, the same each time, under the address that is named."""
    (tmp_path / "blank.ttl").write_text(BLANK)
    load(store, "blank.ttl", "--graph", graph, "--skolemize", "--base", "https://tea.example/")
    there = held(store, graph)
    assert b"_:" not in b"".join(there)
    assert len(set(re.findall(rb"<https://tea.example/\.well-known/genid/[0-9a-f]{16}-\w+>", b"".join(there)))) == 10
    assert (
        "nothing changed"
        in load(store, "blank.ttl", "--graph", graph, "--skolemize", "--base", "https://tea.example/").stdout
    )


def test_dataset(store: Running, load: Loader, harbour: Path) -> None:
    """A project's named graphs arrive under their names; all are replaced together."""
    load(store, "--project", harbour)
    names = [name for name in graphs(store) if "harbour" in name]
    before = {name: held(store, name) for name in names}
    assert len(names) >= 5
    assert all(before.values())
    assert "nothing changed" in load(store, "--project", harbour).stdout
    for file in (harbour / "facts").glob("*.ttl"):
        file.write_text(file.read_text(encoding="utf-8").replace('"oak"@en', '"Oak"@en'), encoding="utf-8")
    load(store, "--project", harbour)
    after = {name: held(store, name) for name in names}
    assert [line for line in after[_facts(names)] if b'"Oak"@en' in line]
    assert not [line for line in after[_facts(names)] if b'"oak"@en' in line]
    assert len(after[_facts(names)]) == len(before[_facts(names)])
    assert not [name for name in graphs(store) if name.startswith(STAGING)]


def _facts(names: list[str]) -> str:
    return next(name for name in names if name.endswith("/facts"))


def test_default_graph(store: Running, load: Loader, tmp_path: Path) -> None:
    """Triples without a graph go to the default graph, where a store has one that can be told apart."""
    lines = numbered(200)
    (tmp_path / "some.nt").write_bytes(b"".join(lines))
    if store.kind in ("virtuoso", "rdf4j"):
        assert "Name a graph" in load(store, "some.nt", code=2).stderr
        return
    load(store, "some.nt")
    assert held(store, None) == lines
    (tmp_path / "some.nt").write_bytes(b"".join(lines[:150]))
    load(store, "some.nt")
    assert held(store, None) == lines[:150]


def test_left_over_and_resumed(store: Running, load: Loader, tmp_path: Path, graph: str) -> None:
    """A staging graph that a killed load left is dropped, or with --resume gone on from."""
    lines = numbered(1000)
    (tmp_path / "all.nt").write_bytes(b"".join(lines))
    with remote(store) as one:
        one.fill(staging_name(graph), lines[:600], lambda _: None)
    done = load(store, "all.nt", "--graph", graph, "--resume")
    assert "went on from 600 triples" in done.stderr
    assert held(store, graph) == lines
    with remote(store) as one:
        one.fill(staging_name(graph), numbered(50, 9), lambda _: None)
    done = load(store, "all.nt", "--graph", graph, "--stage", "--verify", "count")
    assert "dropped the staging graph" in done.stderr
    assert held(store, graph) == lines
    assert staging_name(graph) not in graphs(store)


@pytest.mark.parametrize("way", ["--update", "--graph-store"])
def test_any_store(oxigraph: Running, load: Loader, tmp_path: Path, graph_of_any: str, way: str) -> None:
    """By nothing but the W3C's protocols: updates that carry the data, or the Graph Store Protocol."""
    where = ["--graph", graph_of_any, "--update", oxigraph.address + "/update"]
    if way == "--graph-store":
        where += ["--graph-store", oxigraph.address + "/store"]
    for lines in (numbered(1200), numbered(900, 1)):
        (tmp_path / "some.nt").write_bytes(b"".join(lines))
        done = load(oxigraph, "some.nt", *where, to="generic", endpoint=oxigraph.address + "/query")
        assert "untested" in done.stderr
        assert held(oxigraph, graph_of_any) == lines
    (tmp_path / "blank.ttl").write_text(BLANK)
    code = 2 if way == "--update" else 0
    done = load(oxigraph, "blank.ttl", *where, to="generic", endpoint=oxigraph.address + "/query", code=code)
    assert ("--skolemize" in done.stderr) == (way == "--update")


@pytest.fixture
def graph_of_any(request: pytest.FixtureRequest) -> str:
    """A graph that no other test uses."""
    return EX + re.sub(r"\W+", "-", request.node.name)


def test_left_over_of_a_graph_that_is_gone(oxigraph: Running, load: Loader, tmp_path: Path, graph_of_any: str) -> None:
    """What was left behind goes too when nothing has to be staged this time."""
    (tmp_path / "some.nt").write_bytes(b"".join(numbered(30)))
    with remote(oxigraph) as one:
        one.fill(staging_name(graph_of_any), numbered(20, 2), lambda _: None)
    assert "dropped the staging graph" in load(oxigraph, "some.nt", "--graph", graph_of_any).stderr
    assert staging_name(graph_of_any) not in graphs(oxigraph)
    assert held(oxigraph, graph_of_any) == numbered(30)


def test_blank_nodes_with_literals_that_the_store_changes(
    store: Running, load: Loader, tmp_path: Path, graph: str
) -> None:
    """They are verified, loaded twice without a change, and replaced."""
    text = "@prefix : <http://e.example/> . :a :p [ :size 1.0 ; :of [ :year 007 ] ] , [ :size 2.50 ] , [ :size 3.5 ] ."
    (tmp_path / "sizes.ttl").write_text(text)
    (tmp_path / "other.ttl").write_text(text.replace("2.50", "2.60"))
    load(store, "sizes.ttl", "--graph", graph)
    assert "nothing changed" in load(store, "sizes.ttl", "--graph", graph).stdout
    load(store, "other.ttl", "--graph", graph)
    assert len(held(store, graph)) == 8
