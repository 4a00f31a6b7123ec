"""What a worker process loads: it is started often, and each module costs memory in all of them."""

import ast
import subprocess
import sys

import pytest

from material import ROOT

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
        "server.queries.worker",
    }
