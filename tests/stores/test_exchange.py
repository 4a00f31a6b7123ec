"""Replacement by one update that carries what differs: what it does, where there is none, and what is undone."""

import random
import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg.rdf import lines_from_quads
from isoc_kg.stores.exchange import Exchange, update_of
from isoc_kg.stores.loading import STAGING, staging_name

from .between import proxy
from .conftest import Loader, graphs, held, remote
from .material import EX, HOSTILE, numbered
from .running import Running

HOSTILE_LINES = lines_from_quads(ox.Quad(triple.subject, triple.predicate, triple.object) for triple in HOSTILE)
ODD = [
    f"<{EX}s> <{EX}p> {value} .\n".encode()
    for value in (
        r'"a \\u0041 b"', r'"} ; DROP ALL ; {"', r'"# no comment"', r'"\\"', r'"\\\""', "<https://example.org/a.b.>",
        "<https://example.org/-x>", "<https://example.org/%41~b>", "<https://example.org/>", "<urn:x:y#>",
        f'"1"^^<{EX}a>', '"<https://example.org/x>"', '"two words"@en', f"<<( <{EX}a> <{EX}b> \"c\" )>>",
    )
]  # fmt: skip


@pytest.fixture
def graph(request: pytest.FixtureRequest) -> str:
    """A graph that no other test uses."""
    return EX + re.sub(r"\W+", "-", request.node.name)


def _store(lines: list[bytes], graph: str | None) -> ox.Store:
    """An embedded store that holds these in a graph, and one triple in each of two others."""
    store = ox.Store()
    to = ox.DefaultGraph() if graph is None else ox.NamedNode(graph)
    store.extend(
        ox.Quad(q.subject, q.predicate, q.object, to) for q in ox.parse(b"".join(lines), ox.RdfFormat.N_TRIPLES)
    )
    other = ox.NamedNode(EX + "elsewhere")
    store.extend(ox.Quad(other, other, other, place) for place in (other, to))
    return store


def _contents(store: ox.Store) -> list[bytes]:
    return lines_from_quads(store)


@pytest.mark.parametrize("graph_name", [None, EX + "g"])
def test_update_and_its_reverse(graph_name: str | None) -> None:
    """The graph becomes what it is to be, to the term; nothing else changes; the reverse undoes it."""
    every = sorted({*HOSTILE_LINES, *ODD, *numbered(500)})
    rnd = random.Random(7)
    for _ in range(8):
        old, new = (sorted(rnd.sample(every, rnd.randrange(len(every)))) for _ in range(2))
        exchange = Exchange(graph_name, sorted({*old} - {*new}), sorted({*new} - {*old}))
        store = _store(old, graph_name)
        before = _contents(store)
        update = update_of([exchange], 10_000_000)
        assert update is not None
        store.update(update)
        assert _contents(store) == _contents(_store(new, graph_name))
        back = update_of([exchange.reverse], 10_000_000)
        assert back is not None
        store.update(back)
        assert _contents(store) == before


def test_no_update() -> None:
    """Blank nodes have no name in an update; a long one is refused by the store."""
    ground = numbered(200)
    assert update_of([Exchange(None, ground, [b"_:a <x:p> <x:o> .\n"])], 10_000_000) is None
    assert update_of([Exchange(None, [b"<x:s> <x:p> <<( _:a <x:p> <x:o> )>> .\n"], ground)], 10_000_000) is None
    assert update_of([Exchange(None, ground, [b'<x:s> <x:p> "_:a" .\n'])], 10_000_000) is not None
    whole = update_of([Exchange(None, ground, [])], 10_000_000)
    assert whole is not None
    assert update_of([Exchange(None, ground, [])], len(whole.encode()) - 1) is None
    assert len(whole) < len(b"".join(ground)) / 2


def test_replaced_without_staging(oxigraph: Running, load: Loader, tmp_path: Path, graph: str) -> None:
    """One update for what differs; the same data again need none, nor do literals that the store rewrites."""
    states = [numbered(600), numbered(700, 1), sorted({*HOSTILE_LINES, *ODD}), numbered(5)]
    sent: list[tuple[str, int]] = []
    with proxy(oxigraph.port, sent=sent) as address:
        for lines in states:
            (tmp_path / "some.nt").write_bytes(b"".join(lines))
            load(oxigraph, "some.nt", "--graph", graph, endpoint=address)
            with remote(oxigraph) as store:
                assert store.count(graph) == len(lines)
            sent.append(("again", 0))
            assert "nothing changed" in load(oxigraph, "some.nt", "--graph", graph, endpoint=address).stdout
    ways = [path for path, _ in sent if path != "/query"]
    assert ways == [f"/store?no_transaction=&graph={graph}", "again", *(3 * ["/update", "again"])]
    assert held(oxigraph, graph) == states[-1]


def test_only_what_differs_is_sent(oxigraph: Running, load: Loader, tmp_path: Path, graph: str) -> None:
    """Ground triples change beside blank nodes that do not, in one small update; changed blank nodes are staged."""
    ground = b"".join(numbered(2000))
    blank = "".join(f'<{EX}t{n}> <{EX}p> _:n{n} .\n_:n{n} <{EX}q> "{n}" .\n' for n in range(50)).encode()
    steps = [(ground + blank, 0), (ground + blank.replace(b"_:n", b"_:m") + b"<x:s> <x:p> <x:o> .\n", 1)]
    steps.append((ground + blank.replace(b'"7"', b'"seven"'), 2))
    for data, step in steps:
        (tmp_path / "some.nt").write_bytes(data)
        sent: list[tuple[str, int]] = []
        with proxy(oxigraph.port, sent=sent) as address:
            load(oxigraph, "some.nt", "--graph", graph, endpoint=address)
        updates = [size for path, size in sent if path == "/update"]
        assert any("staging" in path for path, _ in sent) == (step == 2)
        assert step != 1 or (len(updates) == 1 and updates[0] < 500)
        assert len(held(oxigraph, graph)) == len(set(data.splitlines()))


@pytest.mark.parametrize("verify", ["digest", "count"])
def test_damage_is_undone(oxigraph: Running, load: Loader, tmp_path: Path, graph: str, verify: str) -> None:
    """What does not come out as it was sent is noticed, and the old graph put back, whatever came of the update."""
    old, new = numbered(300), numbered(400, 1)
    (tmp_path / "old.nt").write_bytes(b"".join(old))
    (tmp_path / "new.nt").write_bytes(b"".join(new))
    load(oxigraph, "old.nt", "--graph", graph)
    lost = (b'"399"^^', b'"398"^^') if verify == "digest" else (b'"Thing', b'"" , "Thing')
    with proxy(oxigraph.port, once=lost) as address:
        done = load(oxigraph, "new.nt", "--graph", graph, "--verify", verify, endpoint=address, code=3)
    assert "does not hold what it was sent" in done.stderr
    assert "The old graph is as it was." in done.stderr
    assert held(oxigraph, graph) == old


def test_answer_lost(oxigraph: Running, load: Loader, tmp_path: Path, graph: str) -> None:
    """The store is asked what it holds: the new graph is verified, the old one is said to be there."""
    old, new = numbered(300), numbered(400, 1)
    (tmp_path / "old.nt").write_bytes(b"".join(old))
    (tmp_path / "new.nt").write_bytes(b"".join(new))
    load(oxigraph, "old.nt", "--graph", graph)
    with proxy(oxigraph.port, breaks_after=0) as address:
        done = load(oxigraph, "new.nt", "--graph", graph, endpoint=address, code=3)
    assert "The old graph is there; should the store still be at work" in done.stderr
    assert held(oxigraph, graph) == old
    with proxy(oxigraph.port, breaks_after=0, passes_on=True) as address:
        load(oxigraph, "new.nt", "--graph", graph, endpoint=address)
    assert held(oxigraph, graph) == new


def test_datasets(oxigraph: Running, load: Loader, tmp_path: Path, graph: str) -> None:
    """All graphs of a dataset change in the same update, one that was empty among them."""

    def quads(lines: list[bytes], name: str) -> bytes:
        return b"".join(line[:-2] + f"<{name}> .\n".encode() for line in lines)

    (tmp_path / "one.nq").write_bytes(quads(numbered(50), graph) + quads(numbered(60), graph + "2"))
    (tmp_path / "two.nq").write_bytes(
        quads(numbered(70), graph) + quads(numbered(40, 3), graph + "2") + quads(numbered(9), graph + "3")
    )
    load(oxigraph, "one.nq")
    sent: list[tuple[str, int]] = []
    with proxy(oxigraph.port, sent=sent) as address:
        load(oxigraph, "two.nq", endpoint=address)
    assert [path for path, _ in sent if path != "/query"] == ["/update"]
    assert [held(oxigraph, graph + end) for end in ("", "2", "3")] == [numbered(70), numbered(40, 3), numbered(9)]


def test_left_over(oxigraph: Running, load: Loader, tmp_path: Path, graph: str) -> None:
    """A staging graph of an earlier load goes, though this one needs none; --stage makes one."""
    (tmp_path / "some.nt").write_bytes(b"".join(numbered(30)))
    load(oxigraph, "some.nt", "--graph", graph)
    with remote(oxigraph) as one:
        one.fill(staging_name(graph), numbered(20, 2), lambda _: None)
    (tmp_path / "some.nt").write_bytes(b"".join(numbered(31)))
    assert "dropped the staging graph" in load(oxigraph, "some.nt", "--graph", graph).stderr
    assert not [name for name in graphs(oxigraph) if name.startswith(STAGING)]
    (tmp_path / "some.nt").write_bytes(b"".join(numbered(32)))
    sent: list[tuple[str, int]] = []
    with proxy(oxigraph.port, sent=sent) as address:
        load(oxigraph, "some.nt", "--graph", graph, "--stage", endpoint=address)
    assert any("staging" in path for path, _ in sent)
    assert held(oxigraph, graph) == numbered(32)
