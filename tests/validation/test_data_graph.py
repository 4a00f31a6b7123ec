"""What is validated: one answer for files, a loaded graph, and the graph behind an endpoint."""

import json
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.errors import EngineError, ParseError, ShapesError, UsageError
from isoc_kg.limits import Limits
from isoc_kg.limits.processes import Script, Stop
from isoc_kg.namespaces import SH
from isoc_kg.project import load_project
from isoc_kg.validation import DataGraph, Report, Result, ShapesGraph, data_graph, engines, validate
from isoc_kg.validation.shapes import shapes_without_focus
from server.running import running

Run = Callable[..., subprocess.CompletedProcess[str]]
#: Shapes that meet a subclass of the project's ontology, and would meet the ontology's own classes if it were data.
SHAPES = """
@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix s: <http://e/shapes#> .
s:Concept a sh:NodeShape ; sh:targetClass skos:Concept ; sh:property s:label .
s:label sh:path skos:prefLabel ; sh:minCount 1 .
s:Class a sh:NodeShape ; sh:targetClass owl:Class ; sh:property s:comment .
s:comment sh:path skos:definition ; sh:minCount 1 .
"""
DATA = """
@prefix h: <https://harbour.example/kg/ontology#> . @prefix e: <http://e/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
e:fishing a h:Use .
e:trade a skos:Concept ; skos:prefLabel "trade"@en ; <http://www.w3.org/2000/01/rdf-schema#label> "trade"@en .
e:Boat a owl:Class .
"""


@pytest.fixture
def foreign(harbour: Path, tmp_path: Path) -> Path:
    """A file of somebody's, to be validated by the shapes of a project."""
    for path in (harbour / "shapes").glob("*.ttl"):
        path.unlink()
    (harbour / "shapes" / "concepts.ttl").write_text(SHAPES, encoding="utf-8")
    data = tmp_path / "foreign.ttl"
    data.write_text(DATA, encoding="utf-8")
    return data


def shown(results: list[dict[str, object]] | tuple[Result, ...]) -> list[tuple[object, object]]:
    return [(r["focus_node"], r["shape"]) if isinstance(r, dict) else (r.focus_node, r.shape) for r in results]


def test_one_report_wherever_the_data_are(foreign: Path, harbour: Path, tmp_path: Path, cli: Run) -> None:
    """Files, a loaded graph and an endpoint; the ontology helps with subclasses and gives no focus nodes."""
    expected = [("<http://e/Boat>", "http://e/shapes#comment"), ("<http://e/fishing>", "http://e/shapes#label")]
    project = ("--project", harbour)
    for engine in ("shacl", "pyshacl", "compiled"):
        done = cli("validate", *project, foreign, "--engine", engine, "--format", "json", code=1)
        assert shown(json.loads(done.stdout)["results"]) == expected
        assert shown(KnowledgeGraph.load(foreign, project=harbour).validate(engine=engine).results) == expected
    with running(foreign, cwd=tmp_path) as server:
        address = f"{server.address}sparql"
        for more in ((), ("--engine", "shacl")):
            done = cli("validate", *project, "--endpoint", address, "--format", "json", *more, code=1)
            assert shown(json.loads(done.stdout)["results"]) == expected
        with KnowledgeGraph.load(address, project=harbour) as graph:
            assert shown(graph.validate().results) == expected


def test_shapes_with_errors_validate_nothing(foreign: Path, harbour: Path, cli: Run) -> None:
    """The command line and Python name the error and its place."""
    file = harbour / "shapes" / "concepts.ttl"
    file.write_text(SHAPES.replace("sh:minCount 1", "sh:minCount 1.5"), encoding="utf-8")
    done = cli("validate", "--project", harbour, foreign, code=3)
    with pytest.raises(ShapesError) as caught:
        KnowledgeGraph.load(foreign, project=harbour).validate()
    assert caught.value.details
    assert all(text in done.stderr for text in caught.value.details)
    assert "concepts.ttl:5: " in done.stderr
    assert str(caught.value) in done.stderr


def test_shapes_may_stand_in_several_files(harbour: Path, cli: Run) -> None:
    """Files together are one shapes graph: a property shape may stand in a file without a target."""
    file = harbour / "shapes" / "harbour-shapes.ttl"
    head, shape, property_shape = file.read_text(encoding="utf-8").partition("shapes:HarbourShape-use a")
    file.write_text(head, encoding="utf-8")
    prefixes = head[: head.index("shapes:HarbourShape a")]
    (harbour / "shapes" / "uses.ttl").write_text(prefixes + shape + property_shape, encoding="utf-8")
    shapes = ShapesGraph.of_project(load_project(harbour))
    assert shapes.faults() == []
    for command in ("build", "validate"):
        cli(command, "--project", harbour)


TERMS = "https://terms.example/"
BELOW = f"<{TERMS}Boat> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e/Vessel> .\n"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
VESSELS = f"@prefix sh: <{SH.iri}> . @prefix e: <http://e/> . @prefix t: <{TERMS}> .\n"
NAMED = "e:S a sh:NodeShape ; sh:targetClass e:Vessel ; sh:property [ sh:path e:name ; sh:minCount 1 ] .\n"
ADDED = {
    # data, shapes, whether the ontology is among what an engine gets
    "another vocabulary": (f"<http://e/a> {TYPE} <http://e/Vessel> .\n", NAMED, False),
    "a class of the ontology": (f"<http://e/a> {TYPE} <{TERMS}Boat> .\n", NAMED, True),
    "written with escapes": (f"<http://e/a> {TYPE} <https://terms.\\u0065xample/Boat> .\n", NAMED, True),
    "a class as focus node": (
        f"<http://e/a> {TYPE} <http://e/Vessel> .\n",
        NAMED + "e:T a sh:NodeShape ; sh:targetNode t:Boat ; sh:closed true ; sh:property [ sh:path e:x ] .\n",
        True,
    ),
    "a path": (
        f"<http://e/a> {TYPE} <http://e/Vessel> .\n",
        NAMED + "e:T a sh:NodeShape ; sh:targetNode e:Vessel ; sh:property [ sh:path "
        "[ sh:inversePath <http://www.w3.org/2000/01/rdf-schema#subClassOf> ] ; sh:minCount 2 ] .\n",
        True,
    ),
}


@pytest.mark.parametrize("case", ADDED)
def test_an_ontology_is_added_where_it_could_change_something(case: str, tmp_path: Path) -> None:
    """Else the file is read as it is; the report is the same as with the subclasses among the data."""
    text, by, added = ADDED[case]
    data, both, ontology = (tmp_path / name for name in ("data.nt", "both.nt", "ontology.nt"))
    data.write_text(text)
    both.write_text(text + BELOW)
    ontology.write_text(BELOW)
    (tmp_path / "shapes.ttl").write_text(VESSELS + by)
    shapes = b"".join(ShapesGraph([tmp_path / "shapes.ttl"], Limits()).lines)
    graph = DataGraph(data, ontologies=[ontology])
    assert graph._with_ontologies([data], shapes, advanced=False) == [data, *([BELOW.encode()] if added else [])]
    whole = DataGraph(both).report(shapes, "pyshacl", Limits())
    assert whole.results
    for engine in ("shacl", "compiled"):
        assert shown(graph.report(shapes, engine, Limits()).results) == shown(whole.results)


#: What a large file has → further lines of it.
LARGE = {
    "nothing of it": b"",
    "a triple term": b"<http://e/x> <http://e/p> <<( <http://e/x> <http://e/p> <http://e/y> )>> .\n",
    "an import": b"<http://e/o> <http://www.w3.org/2002/07/owl#imports> <http://e/imported> .\n",
    "a name with an escape": b"<http://e/x> <http://e/p> <http://e/\\u0061> .\n",
    "an error": b"<http://e/x> <http://e/p> .\n",
    "no end of its last line": b"<http://e/x> <http://e/p> <http://e/y> .",
}


@pytest.mark.parametrize("case", LARGE)
def test_a_large_file_is_read_before_it_is_looked_through(
    case: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An engine begins at once; where it turns out that it is to read something else, that one is ended."""
    file, imported = tmp_path / "data.nt", tmp_path / "imported.ttl"
    file.write_bytes(f"<http://e/a> {TYPE} <http://e/Lower> .\n".encode() + LARGE[case])
    imported.write_text("<http://e/Lower> <http://www.w3.org/2000/01/rdf-schema#subClassOf> <http://e/Upper> .")
    lines = (f"<http://e/s> <{SH.targetClass}> <http://e/Upper>", f"<http://e/s> <{SH['class']}> <http://e/No>")
    shapes = "".join(f"{line} .\n" for line in lines).encode()
    asked = []

    def spied(data: list[bytes | Path], **named: Any) -> Report:
        asked.append((data, named.get("stop")))
        return validate(data, **named)

    monkeypatch.setattr(data_graph, "validate", spied)
    found: list[Report | str] = []
    for least in (1 << 40, 1):
        monkeypatch.setattr(data_graph, "_LARGE", least)
        graph = DataGraph(file, imports={"http://e/imported": imported})
        try:
            found.append(graph.report(shapes, None, Limits()))
        except ParseError as error:
            found.append(str(error))
    assert found[0] == found[1]
    plain = case in ("nothing of it", "a name with an escape", "an error")
    assert [data == [file] for data, _ in asked] == ([True, True] if plain else [False, True, False])
    assert [(stop._over, stop.begun.is_set()) for _, stop in asked if stop] == [(not plain, True)]
    if case == "an import":
        assert isinstance(found[0], Report)
        assert shown(found[0].results) == [("<http://e/a>", "http://e/s")]


def test_an_engine_works_before_a_large_file_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A search keeps the other threads of this process waiting, and the engine that one of them is to start."""
    file = tmp_path / "data.nt"
    file.write_bytes(b"<http://e/a> <http://e/p> <http://e/b> .\n")
    monkeypatch.setattr(data_graph, "_LARGE", 1)
    done: list[str] = []

    def begun(self: Script, line: bytes) -> None:
        time.sleep(0.1)
        done.append("task")
        give(self, line)

    def own(_: DataGraph) -> list[bytes | Path]:
        done.append("search")
        return [file]

    def search(*values: Any) -> list[str]:
        done.append("search")
        return shapes_without_focus(*values)

    give = Script.give
    monkeypatch.setattr(Script, "give", begun)
    monkeypatch.setattr(DataGraph, "_own", property(own))
    monkeypatch.setattr(engines, "shapes_without_focus", search)
    DataGraph(file).report(f"<http://e/s> <{SH.targetNode}> <http://e/a> .\n".encode(), "shacl", Limits())
    assert done == ["task", "search", "search"]


@pytest.mark.parametrize("engine", ["shacl", "none"])
def test_an_engine_that_does_not_start(engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for it."""
    file = tmp_path / "data.nt"
    file.write_bytes(b"<http://e/a> <http://e/p> <http://e/b> .\n")
    monkeypatch.setattr(data_graph, "_LARGE", 1)

    def fails(*_: object, **__: object) -> None:
        raise OSError("no process")

    monkeypatch.setattr(engines, "run_script", fails)
    with pytest.raises((OSError, UsageError)):
        DataGraph(file).report(b"", engine, Limits())


def test_a_large_file_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever ends the search ends the engine."""
    file = tmp_path / "data.nt"
    file.write_bytes(b"<http://e/a> <http://e/p> <http://e/b> .\n")
    monkeypatch.setattr(data_graph, "_LARGE", 1)
    stops = []

    def slow(_data: list[bytes | Path], *, stop: Stop, **_: Any) -> Report:
        stops.append(stop)
        script = tmp_path / "slow.py"
        script.write_text("import time; time.sleep(60)")
        stop.finish(Script(script), b"", 60)
        raise EngineError("ended")

    def interrupted(_: object) -> list[bytes | Path]:
        raise KeyboardInterrupt

    monkeypatch.setattr(data_graph, "validate", slow)
    monkeypatch.setattr(DataGraph, "_own", property(interrupted))
    with pytest.raises(KeyboardInterrupt):
        DataGraph(file).report(b"", None, Limits())
    assert len(stops) == 1
