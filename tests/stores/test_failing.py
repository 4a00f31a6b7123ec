"""Loads that cannot succeed: one message, exit code 3, and the graph is as it was."""

import os
import random
import re
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from isoc_kg.stores.loading import STAGING, staging_name

from .between import proxy, sign_in_page
from .conftest import Loader, graphs, held, remote
from .material import EX, bulky, numbered
from .running import Running, oxigraph_read_only

OLD, NEW = numbered(2000), numbered(3000, 1)


@pytest.fixture
def graph(request: pytest.FixtureRequest) -> str:
    """A graph that no other test uses."""
    return EX + re.sub(r"\W+", "-", request.node.name)


#: Those that know users as they are started here.
WITH_USERS = ("fuseki", "virtuoso")


@pytest.fixture
def files(tmp_path: Path) -> None:
    """Two states of a graph."""
    (tmp_path / "old.nt").write_bytes(b"".join(OLD))
    (tmp_path / "new.nt").write_bytes(b"".join(NEW))


def wrong(done: "subprocess.CompletedProcess[str]", *words: str) -> None:
    """One message that says these."""
    assert done.stdout == ""
    assert done.stderr.count("error:") == 1, done.stderr
    for word in words:
        assert word in done.stderr, done.stderr


@pytest.mark.parametrize("store", WITH_USERS, indirect=True)
@pytest.mark.usefixtures("files")
def test_wrong_password(store: Running, load: Loader, graph: str) -> None:
    """Who is not let in is told so; the password is shown nowhere."""
    load(store, "old.nt", "--graph", graph)
    done = load(store, "new.nt", "--graph", graph, code=3, ISOC_KG_PASSWORD="not that one")
    wrong(done, "does not know this user", "ISOC_KG_PASSWORD", "othing was ")
    assert "not that one" not in done.stderr
    assert held(store, graph) == OLD


@pytest.mark.parametrize("store", WITH_USERS, indirect=True)
@pytest.mark.usefixtures("files")
def test_credentials_from_a_file(store: Running, load: Loader, graph: str, tmp_path: Path) -> None:
    """A file in place of the environment; a password in the address is refused, since others can see it there."""
    (tmp_path / "auth").write_text(f"ISOC_KG_USER={store.user}\nISOC_KG_PASSWORD={store.password}\n")
    nobody = {"ISOC_KG_USER": "", "ISOC_KG_PASSWORD": ""}
    load(store, "old.nt", "--graph", graph, "--auth-file", "auth", **nobody)
    assert held(store, graph) == OLD
    address = store.endpoint.replace("://", "://someone:secret@")
    done = load(store, "new.nt", "--graph", graph, endpoint=address, code=2)
    wrong(done, "--auth-file")
    assert "secret" not in done.stderr


@pytest.mark.usefixtures("files")
def test_wrong_path(store: Running, load: Loader, graph: str) -> None:
    """An address at which no such store is."""
    wrong(load(store, "new.nt", "--graph", graph, endpoint=store.address + "/nothing/here", code=3), "error: http")


@pytest.mark.usefixtures("files")
def test_nobody_there(oxigraph: Running, load: Loader, graph: str) -> None:
    """Nothing listens."""
    wrong(load(oxigraph, "new.nt", "--graph", graph, endpoint="http://127.0.0.1:9", code=3), "cannot reach")


@pytest.mark.usefixtures("files")
def test_web_page(oxigraph: Running, load: Loader, graph: str) -> None:
    """A page with status 200 is not believed."""
    with sign_in_page() as address:
        wrong(load(oxigraph, "new.nt", "--graph", graph, endpoint=address, code=3), "a web page", "proxy")


@pytest.mark.usefixtures("files")
def test_certificate(oxigraph: Running, load: Loader, graph: str, tmp_path: Path) -> None:
    """A certificate that nobody vouches for is refused, and taken when its authority is named."""
    made = subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=127.0.0.1"),
            *("-addext", "subjectAltName=IP:127.0.0.1", "-keyout", tmp_path / "key", "-out", tmp_path / "certificate"),
        ],
        capture_output=True,
    )
    assert made.returncode == 0, made.stderr
    both = tmp_path / "both.pem"
    both.write_bytes((tmp_path / "key").read_bytes() + (tmp_path / "certificate").read_bytes())
    with proxy(oxigraph.port, certificate=both) as address:
        wrong(load(oxigraph, "new.nt", "--graph", graph, endpoint=address, code=3), "certificate", "SSL_CERT_FILE")
        load(oxigraph, "new.nt", "--graph", graph, endpoint=address, SSL_CERT_FILE=str(tmp_path / "certificate"))
    assert held(oxigraph, graph) == NEW


@pytest.mark.usefixtures("files")
@pytest.mark.parametrize("verify", ["digest", "count"])
def test_lines_lost_on_the_way(oxigraph: Running, load: Loader, graph: str, verify: str) -> None:
    """What arrives short with status 204 is not believed, neither into nothing nor into a staging graph."""
    with proxy(oxigraph.port, loses=3) as address:
        done = load(oxigraph, "new.nt", "--graph", graph, "--verify", verify, endpoint=address, code=3)
        wrong(done, "3 are missing", "The graph is empty, as it was.")
        assert held(oxigraph, graph) == []
        load(oxigraph, "old.nt", "--graph", graph)
        done = load(oxigraph, "new.nt", "--graph", graph, "--stage", "--verify", verify, endpoint=address, code=3)
        wrong(done, "3 are missing", "The old graph is as it was.")
    assert held(oxigraph, graph) == OLD
    assert staging_name(graph) not in graphs(oxigraph)


@pytest.mark.usefixtures("files")
def test_busy(oxigraph: Running, load: Loader, graph: str) -> None:
    """Busy for a while: the request is sent again, and the report says so."""
    with proxy(oxigraph.port, busy=2) as address:
        done = load(oxigraph, "new.nt", "--graph", graph, endpoint=address)
    assert "note: 2 requests repeated" in done.stderr
    assert held(oxigraph, graph) == NEW


@pytest.mark.usefixtures("files")
def test_answer_to_the_swap_lost(oxigraph: Running, load: Loader, graph: str) -> None:
    """The connection breaks before the swap: the old graph is there, and nobody claims otherwise."""
    load(oxigraph, "old.nt", "--graph", graph)
    with proxy(oxigraph.port, breaks_after=1) as address:  # the staging graph's only batch
        done = load(oxigraph, "new.nt", "--graph", graph, "--stage", "--verify", "count", endpoint=address, code=3)
    wrong(done, "broke off", "The old graph is as it was.", "could not be dropped")
    assert held(oxigraph, graph) == OLD
    load(oxigraph, "new.nt", "--graph", graph)
    assert held(oxigraph, graph) == NEW


@pytest.mark.usefixtures("files")
def test_read_only(own: Callable[..., Running], load: Loader, graph: str, tmp_path: Path) -> None:
    """A store that only reads says so."""
    store = own("oxigraph")
    store.start()
    load(store, "old.nt", "--graph", graph)
    store.stop()
    reader = oxigraph_read_only(store.folder)
    reader.start()
    try:
        done = load(reader, "new.nt", "--graph", graph, code=3)
        assert held(reader, graph) == OLD
    finally:
        reader.stop()
    wrong(done, "read-only", "The old graph is as it was.")


@pytest.mark.parametrize("kind", ["oxigraph", "fuseki", "virtuoso"])
def test_full_disk(own: Callable[..., Running], load: Loader, graph: str, tmp_path: Path, kind: str) -> None:
    """A store that cannot write any more: the old graph is there afterwards, when there is room again."""
    store = own(kind)
    store.start()
    (tmp_path / "old.nt").write_bytes(b"".join(OLD))
    (tmp_path / "big.nt").write_bytes(b"".join(numbered(20_000, 2)) + bulky(1500))
    load(store, "old.nt", "--graph", graph)
    store.stop()
    sizes = [path.stat().st_size for path in store.folder.rglob("*") if path.is_file()]
    store.file_limit = max(sizes) + 20_000 if kind == "virtuoso" else 1_000_000
    try:
        store.start()
    except AssertionError:
        pytest.skip(f"{kind} does not start under a limit of {store.file_limit:,} bytes a file: {store.log()[-300:]}")
    # Virtuoso tries for ever to write what it was sent, and never answers
    patience = ["--timeout", "1"] if kind == "virtuoso" else []
    done = load(store, "big.nt", "--graph", graph, *patience, code=3)
    assert len(re.findall("^error: ", done.stderr, re.MULTILINE)) == 1
    assert "as it was" in done.stderr or "as before" in done.stderr or "load again" in done.stderr, done.stderr
    store.kill()
    store.file_limit = None
    store.start()
    assert held(store, graph) == OLD


POINTS = {"oxigraph": 4, "fuseki": 3, "virtuoso": 3, "rdf4j": 2}


@pytest.mark.parametrize("kind", POINTS)
def test_killed_store(own: Callable[..., Running], load: Loader, graph: str, tmp_path: Path, kind: str) -> None:
    """A store killed at any moment of a load holds the old graphs or the new ones once it is started again."""
    other = graph + "-other"
    states = {}
    for name, lines in (("old", numbered(6000)), ("new", numbered(8000, 1))):
        states[name] = [lines, lines[: len(lines) // 2]]
        quads = [line[:-2] + f"<{graph}> .\n".encode() for line in lines]
        quads += [line[:-2] + f"<{other}> .\n".encode() for line in states[name][1]]
        (tmp_path / f"{name}.nq").write_bytes(b"".join(quads))
    store = own(kind)
    store.start()
    load(store, "old.nq")
    began = time.monotonic()
    load(store, "new.nq", "--verify", "count")
    whole = time.monotonic() - began
    load(store, "old.nq", "--verify", "count")
    seed = int(os.environ.get("ISOC_KG_SEED", "5"))
    rnd = random.Random(f"{seed}{kind}")
    seen = set()
    for _ in range(POINTS[kind]):
        process = load.start(store, "new.nq", "--verify", "count")
        time.sleep(whole * rnd.uniform(0.25, 1.05))
        store.kill()
        out, err = process.communicate(timeout=120)
        assert "Traceback" not in err
        store.start()
        there = [held(store, graph), held(store, other)]
        assert there in (states["old"], states["new"]), (len(there[0]), len(there[1]), out, err)
        if process.returncode == 0:
            assert there == states["new"], "a load that was said to be done is gone"
        seen.add(there == states["new"])
        load(store, "old.nq", "--verify", "count")
        assert [held(store, graph), held(store, other)] == states["old"]
        assert not [name for name in graphs(store) if name.startswith(STAGING)]


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_stopped(own: Callable[..., Running], load: Loader, graph: str, tmp_path: Path, sign: signal.Signals) -> None:
    """Ctrl-C and SIGTERM: the staging graph goes, the old graph stays, the exit code says stopped."""
    store = own("oxigraph")
    store.start()
    (tmp_path / "old.nt").write_bytes(b"".join(OLD))
    (tmp_path / "big.nt").write_bytes(b"".join(numbered(60_000, 1)))
    load(store, "old.nt", "--graph", graph)
    process = load.start(store, "big.nt", "--graph", graph, "--stage")
    end = time.monotonic() + 60
    with remote(store) as one:
        while not one.count(staging_name(graph)) and time.monotonic() < end:
            time.sleep(0.01)
    process.send_signal(sign)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert "stopped: the old graph is as it was." in err
    assert held(store, graph) == OLD
    assert staging_name(graph) not in graphs(store)


def test_killed_load(own: Callable[..., Running], load: Loader, graph: str, tmp_path: Path) -> None:
    """A load that is killed leaves the old graph, and what the next load finds and removes or takes up."""
    store = own("oxigraph")
    store.start()
    new = numbered(60_000, 1)
    (tmp_path / "old.nt").write_bytes(b"".join(OLD))
    (tmp_path / "big.nt").write_bytes(b"".join(new))
    load(store, "old.nt", "--graph", graph)
    process = load.start(store, "big.nt", "--graph", graph, "--stage")
    with remote(store) as one:
        end = time.monotonic() + 60
        while not one.count(staging_name(graph)) and time.monotonic() < end:
            time.sleep(0.01)
    process.kill()
    process.communicate()
    assert held(store, graph) in (OLD, new)
    assert "went on from 60,000 triples" in load(store, "big.nt", "--graph", graph, "--resume").stderr
    assert held(store, graph) == new
    assert staging_name(graph) not in graphs(store)
