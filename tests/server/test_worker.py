"""What a worker process loads: it is started often, and each module costs memory in all of them."""

import ast
import json
import subprocess
import sys
from dataclasses import asdict

import pyoxigraph as ox
import pytest

from isoc_kg.limits import Limits
from isoc_kg.query.evaluator import StoreEvaluator
from isoc_kg.server.queries.worker import Engine

from material import ROOT

DAMAGE = "Corruption: block checksum mismatch: stored = 1, computed = 2 in /srv/store/000010.sst offset 3"
SERVER = ROOT / "src" / "isoc_kg" / "server"


@pytest.mark.parametrize("path", sorted(SERVER.rglob("__init__.py")), ids=lambda path: path.parent.name)
def test_packages_import_nothing(path: object) -> None:
    """A worker imports the packages that it lies in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))  # type: ignore[attr-defined]
    assert not [node for node in ast.walk(tree) if isinstance(node, (ast.Import, ast.ImportFrom))]


def test_modules() -> None:
    """Of the server its own alone, and nothing of what only the serving process needs."""
    code = "import sys, isoc_kg.server.queries.worker; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split())
    assert loaded & {"asyncio", "uvicorn", "httpx", "markupsafe"} == set()
    assert {name.removeprefix("isoc_kg.") for name in loaded if name.startswith("isoc_kg.server")} == {
        "server",
        "server.http",
        "server.http.coding",
        "server.queries",
        "server.queries.confinement",
        "server.queries.frame",
        "server.queries.nursery",
        "server.queries.processors",
        "server.queries.result_formats",
        "server.queries.solution_pages",
        "server.queries.stored_points",
        "server.queries.worker",
    }


@pytest.mark.parametrize("why", [False, True])
@pytest.mark.parametrize("most_bytes", [10**6, 300])
def test_notes_are_never_dropped(most_bytes: int, why: bool) -> None:
    """What the engine may get wrong is told of a whole result, of one that is cut, and of one with its evidence."""
    settings = {
        "prefixes": {}, "base": "https://x.example/", "claims": "https://x.example/claim/", "result_bytes": most_bytes,
        "result_rows": 1, "text_limits": asdict(Limits()),
    }  # fmt: skip
    engine = Engine(StoreEvaluator.of_lines([b"<urn:a> <urn:p> <urn:b> .\n"]), settings)
    rows = 1 if why else 20
    text = f"SELECT (BNODE('a') AS ?b) ?n {{ VALUES ?n {{ {' '.join(map(str, range(rows)))} }} }}"
    head, body = engine.answer({"query": text, "accept": "application/json", "why": why})
    if why and most_bytes == 300:
        assert head["status"] in (200, 413)
        return
    assert head["status"] == 200
    assert len(json.loads(body)["results"]["bindings"]) == head.get("cut", rows)
    assert ("cut" in head) == (most_bytes == 300)
    assert any("BNODE" in note for note in head["notes"])


@pytest.mark.parametrize("error", [RuntimeError(DAMAGE), OSError("IO error: No such file: /srv/store/000010.sst")])
def test_a_damaged_store(error: Exception) -> None:
    """It is not the query that is wrong, and where the store lies is for those alone who look after it."""

    class Damaged(StoreEvaluator):
        def run(self, text: str, **_: object) -> object:  # type: ignore[override]
            raise error

    settings = {
        "prefixes": {}, "base": "https://x.example/", "claims": "https://x.example/claim/", "result_bytes": 10**6,
        "result_rows": 10, "text_limits": asdict(Limits()),
    }  # fmt: skip
    head, body = Engine(Damaged(ox.Store()), settings).answer({"query": "SELECT * { ?s ?p ?o }", "accept": "*/*"})
    assert (head["status"], body) == (503, b"")
    assert "/srv" not in head["detail"]
    assert "/srv" in head["damage"]
