"""The house itself: layers, what is loaded when, public names, clean code."""

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from material import ROOT

SOURCE = ROOT / "src" / "isoc_kg"
LAYERS = [
    {"errors", "namespaces", "iris", "formats", "limits", "negotiation", "project", "atomic"},
    {"authoring", "documents", "query", "endpoint", "rdf", "validation"},
    {"evidence"},
    {"publication", "graph"},
    {"rendering"},
    {"site", "server", "assistants", "stores"},
    {"cli", "__init__", "__main__"},
]
LAYER = {room: number for number, rooms in enumerate(LAYERS) for room in rooms}


def imports(path: Path) -> set[str]:
    """The rooms of this package that a module imports."""
    package = ["isoc_kg", *path.relative_to(SOURCE).parent.parts]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = package[: len(package) - node.level + 1]
            names = [node.module] if node.module else [alias.name for alias in node.names]
            found |= {[*base, *name.split(".")][1] for name in names if len([*base, *name.split(".")]) > 1}
    return {name for name in found if name in LAYER}


def test_imports_go_downwards_only() -> None:
    """No room imports one above it."""
    wrong = []
    for path in SOURCE.rglob("*.py"):
        room = path.relative_to(SOURCE).parts[0].removesuffix(".py")
        if room in ("__init__", "starter"):
            continue
        for other in imports(path) - {room, "__init__"}:
            if LAYER[other] > LAYER[room]:
                wrong.append(f"{path.relative_to(SOURCE)} imports {other}")
    assert wrong == []


def test_every_room_has_its_layer() -> None:
    """A new module is given its layer here."""
    rooms = {path.stem for path in SOURCE.glob("*.py")} | {path.parent.name for path in SOURCE.glob("*/__init__.py")}
    assert rooms == set(LAYER)


HEAVY = (
    "rdflib",
    "pyshacl",
    "starlette",
    "jinja2",
    "rich",
    "asyncio",
    "httpx",
    "importlib.metadata",
    "importlib.resources",
    "pyld",
)


@pytest.mark.parametrize(
    "what", ["import isoc_kg", "from isoc_kg import KnowledgeGraph", "import isoc_kg.cli as c; c.main(['--help'])"]
)
def test_light_imports(what: str) -> None:
    """Neither the package nor --help loads what only some commands need."""
    code = f"import sys\ntry:\n    exec({what!r})\nexcept SystemExit: pass\nprint(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stderr.split())
    assert [name for name in HEAVY if name in loaded] == []


def test_public_names() -> None:
    """The package's surface is what it lists."""
    import isoc_kg

    assert isoc_kg.__all__ == ["KnowledgeGraph", "__version__"]
    assert all(hasattr(isoc_kg, name) for name in isoc_kg.__all__)


def test_version_is_that_of_the_publication() -> None:
    """Package, publication and ontology carry one version."""
    import isoc_kg
    from isoc_kg.project import load_project

    assert load_project(ROOT).version == isoc_kg.__version__
    assert f'owl:versionInfo "{isoc_kg.__version__}"' in (ROOT / "ontology" / "isoc.ttl").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy"]])
def test_clean_code(command: list[str]) -> None:
    """Ruff and strict mypy have nothing to say."""
    if not shutil.which(command[0], path=str(Path(sys.executable).parent)):
        pytest.skip(f"{command[0]} is not installed: pip install -e '.[test]'")
    done = subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_no_address_of_a_machine_or_registry() -> None:
    """No tracked text names a machine's folder."""
    git = shutil.which("git")
    assert git
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    pattern = re.compile(r"(?<![\w.])/(?:home|root|tmp)/[\w./-]+")
    hits = [
        name
        for name in listed.split("\0")
        if name and pattern.search((ROOT / name).read_text(encoding="utf-8", errors="replace"))
    ]
    assert [name for name in hits if name != "tests/test_house.py"] == []
