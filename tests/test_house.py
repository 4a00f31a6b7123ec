"""The house itself: its four rules, what is loaded when, public names."""

import ast
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pytest

from material import ROOT

SOURCE = ROOT / "src" / "isoc_kg"
LAYERS = [
    {
        "errors",
        "namespaces",
        "iris",
        "formats",
        "limits",
        "negotiation",
        "project",
        "atomic",
        "version",
        "lazy_names",
        "lazy_patterns",
    },
    {"authoring", "documents", "query", "endpoint", "rdf", "validation", "wording"},
    {"evidence"},
    {"publication", "graph", "proposals"},
    {"rendering"},
    {"site", "server", "assistants", "stores", "review"},
    {"cli", "__init__", "__main__"},
]
LAYER = {room: number for number, rooms in enumerate(LAYERS) for room in rooms}
#: A module's name within the package, `server.http.reply`; a package is named like its folder.
Sources = Mapping[str, str]


def sources() -> dict[str, str]:
    """Every module of the package with its text."""
    modules = {}
    for path in sorted(SOURCE.rglob("*.py")):
        parts = path.relative_to(SOURCE).with_suffix("").parts
        if "starter" not in parts:
            modules[".".join(parts).removesuffix(".__init__")] = path.read_text(encoding="utf-8")
    return modules


def imports(module: str, text: str, modules: Sources, packages: set[str]) -> set[str]:
    """The modules of this package that a module imports: at its head, in functions, and for types alone."""
    inside = module.split(".") if module in packages else module.split(".")[:-1]
    inside = [] if module == "__init__" else inside
    imported = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = inside[: len(inside) - node.level + 1] if node.level > 1 else inside
            base = [*base, *(node.module.split(".") if node.module else [])]
            for alias in node.names:
                named = ".".join([*base, alias.name])
                imported.add(named if named in modules else ".".join(base) or "__init__")
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == "isoc_kg":
            imported.add(node.module.partition(".")[2] or "__init__")
    return imported - {module}


def import_graph(modules: Sources) -> dict[str, set[str]]:
    """Module → the modules it imports."""
    packages = {name.rpartition(".")[0] for name in modules} - {""}
    return {name: imports(name, text, modules, packages) for name, text in modules.items()}


def upward_imports(modules: Sources) -> list[str]:
    """Imports of a room in a higher layer."""
    return [
        f"{name} imports {other}"
        for name, others in import_graph(modules).items()
        for other in sorted(others)
        if name != "__init__" and LAYER[other.split(".")[0]] > LAYER[name.split(".")[0]]
    ]


def import_cycles(modules: Sources) -> list[list[str]]:
    """The sets of modules that import one another in a circle, each sorted (Tarjan's components)."""
    graph = import_graph(modules)
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    cycles: list[list[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in graph.get(name, ()):
            if other not in index:
                visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            component = [stack.pop()]
            while component[-1] != name:
                component.append(stack.pop())
            if len(component) > 1:
                cycles.append(sorted(component))

    for name in graph:
        if name not in index:
            visit(name)
    return cycles


def classes_of_one_name(modules: Sources) -> dict[str, list[str]]:
    """Name of a public class → its modules, where there are several."""
    places = defaultdict(list)
    for name, text in modules.items():
        for node in ast.parse(text).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(name)
    return {name: where for name, where in places.items() if len(where) > 1}


def collections(text: str) -> Iterator[frozenset[str]]:
    """The literal collections of three or more strings or terms (`RDF.subject`) in a module, `__all__` aside."""
    tree = ast.parse(text)
    exports = {
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in node.targets)
    }
    for node in ast.walk(tree):
        words: list[str] = []
        if isinstance(node, (ast.Tuple, ast.List, ast.Set)) and node not in exports:
            words = [word for element in node.elts if (word := _word(element))]
            if len(words) < len(node.elts):
                continue
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "split":
            whole = node.func.value
            if isinstance(whole, ast.Constant) and isinstance(whole.value, (str, bytes)):
                words = [str(word) for word in whole.value.split()]
        if len(set(words)) >= 3:
            yield frozenset(words)


def _word(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, (str, bytes)):
        return node.value if isinstance(node.value, str) else node.value.decode("latin-1")
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id.isupper():
        return f"{node.value.id}.{node.attr}"
    return None


def repeated_collections(modules: Sources) -> list[tuple[list[str], list[str]]]:
    """Collections of strings that stand in several modules, with these."""
    places = defaultdict(set)
    for name, text in modules.items():
        for words in collections(text):
            places[words].add(name)
    return [(sorted(words), sorted(where)) for words, where in places.items() if len(where) > 1]


def test_imports_go_downwards_only() -> None:
    """No room imports one in a layer above its own."""
    assert upward_imports(sources()) == []


def test_no_module_imports_itself_by_a_detour() -> None:
    """There is no import cycle of any length; imports within functions and for types count."""
    assert import_cycles(sources()) == []


def test_no_two_public_classes_bear_one_name() -> None:
    """A class's name tells which one is meant."""
    assert classes_of_one_name(sources()) == {}


def test_a_list_of_words_stands_once() -> None:
    """No literal collection of three or more strings occurs in two modules."""
    assert repeated_collections(sources()) == []


BROKEN = {
    "upwards, in a function": (upward_imports, {"formats": "def f():\n    from .query import run"}),
    "upwards, for types": (
        upward_imports,
        {"rdf.lines": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..cli import main"},
    ),
    "upwards, by the package's name": (upward_imports, {"formats": "from isoc_kg.query import run"}),
    "a circle of two": (import_cycles, {"errors": "from . import iris", "iris": "from .errors import ParseError"}),
    "a circle of three through a package, one for types": (
        import_cycles,
        {
            "rdf": "from .reading import read",
            "rdf.reading": "from ..query.run import run",
            "query.run": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from .. import rdf",
        },
    ),
    "a class twice": (classes_of_one_name, {"errors": "class A: pass", "iris": "class A(str): pass"}),
    "a list as tuple and set": (
        repeated_collections,
        {"errors": "A = ('a', 'b', 'c')", "iris": "def f(x):\n    return x in {'c', 'a', 'b'}"},
    ),
    "a list as words of a text": (
        repeated_collections,
        {"errors": "A = ['a', 'b', 'c']", "iris": "B = frozenset('a c b'.split())"},
    ),
    "a list of terms": (
        repeated_collections,
        {"errors": "A = (RDF.a, RDF.b, RDF.c)", "iris": "B = [RDF.c, RDF.b, RDF.a]"},
    ),
}


@pytest.mark.parametrize("kind", BROKEN)
def test_the_rules_notice(kind: str) -> None:
    """Each rule is tried on modules that break it."""
    rule, modules = BROKEN[kind]
    assert rule({"query": "", "cli": "", "__init__": "", **modules})


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
