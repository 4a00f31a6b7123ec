"""Several RDF files read as one dataset, whoever reads them."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from isoc_kg.atomic import MANIFEST
from isoc_kg.cli.diff import diff
from isoc_kg.errors import LimitExceeded, ParseError
from isoc_kg.formats import NQUADS
from isoc_kg.graph.knowledge_graph import KnowledgeGraph
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rdf.conversion import convert
from isoc_kg.rdf.files import RdfFile, quads_in_order, read_files
from isoc_kg.stores import dataset_of_files

from material import ROOT

FIRST = b'_:a <x:name> "a _:b <x:p>" . _:a <x:knows> _:b . <x:s> <x:p> "1.10"^^<x:d> .\n'.replace(b" . ", b" .\n")
SECOND = b'_:a <x:name> "a _:b <x:p>" .\n_:a <x:knows> _:b .\n_:b <x:knows> _:a .\n'


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Two files with the same labels, and one statement in common, in the folder of a publication."""
    (tmp_path / "first.nt").write_bytes(FIRST)
    (tmp_path / "second.nt").write_bytes(SECOND + b'<x:s> <x:p> "1.10"^^<x:d> .\n')
    return [tmp_path / "first.nt", tmp_path / "second.nt"]


def test_every_reader_of_several_files_finds_one_dataset(files: list[Path], tmp_path: Path) -> None:
    """Export, queries, pages, load and diff: four blank nodes, labelled alike everywhere, and no statement twice."""
    project = load_project(ROOT)
    sources = [RdfFile(path) for path in files]
    exported = io.BytesIO()
    convert(sources, NQUADS, exported, prefixes={})
    lines = exported.getvalue().splitlines(keepends=True)
    assert len(lines) == 6
    assert len({token for line in lines for token in line.split() if re.fullmatch(rb"_:b[0-9a-f]{16}", token)}) == 4
    assert read_files(sources[::-1])[0] == lines
    assert KnowledgeGraph.load(files).lines == lines
    assert list(Publication.of_files(project, files).lines) == lines
    assert {name: list(triples) for name, triples in dataset_of_files(sources, project, None).items()} == {None: lines}
    (tmp_path / MANIFEST).write_text("{}")
    (tmp_path / "export").mkdir()
    (tmp_path / "export" / "both.nq").write_bytes(exported.getvalue())
    done = CliRunner().invoke(diff, [str(tmp_path), str(tmp_path / "export" / "both.nq")])
    assert (done.exit_code, done.output) == (0, "0 added, 0 removed\n")


def test_the_limits_are_those_of_the_project(files: list[Path]) -> None:
    """A file beyond them is refused by whoever reads it."""
    project = load_project(ROOT)
    project = replace(project, limits=replace(project.limits, max_file_bytes=50))
    for read in (
        lambda: read_files([RdfFile(path) for path in files], limits=project.limits),
        lambda: Publication.of_files(project, files),
        lambda: dataset_of_files([RdfFile(path) for path in files], project, None),
    ):
        with pytest.raises(LimitExceeded, match="the limit is 50"):
            read()


def test_queries_get_the_same_nodes_each_time(tmp_path: Path) -> None:
    """Numbered as they appear, two of one label in two files apart; what cannot be read is told at once."""
    (tmp_path / "a.ttl").write_text("<x:s> <x:p> [ <x:q> [] ] , <<( _:a <x:p> [] )>> . _:a <x:p> 1 .")
    (tmp_path / "b.ttl").write_text("_:a <x:p> 01 .")
    quads = [list(quads_in_order([RdfFile(tmp_path / "a.ttl"), RdfFile(tmp_path / "b.ttl")])) for _ in range(2)]
    assert quads[0] == quads[1]
    assert len({quad.subject for quad in quads[0]}) == 4
    kg = KnowledgeGraph.load([tmp_path / "a.ttl", tmp_path / "b.ttl"])
    assert kg.select("SELECT (COUNT(*) AS ?n) { ?s <x:p> ?v FILTER(?v = 1) }")[0]["n"] == 2
    assert any(line.endswith(b'"01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n') for line in kg.lines)
    (tmp_path / "b.ttl").write_text("<x:s> <x:p> ")
    with pytest.raises(ParseError, match=r"b\.ttl:1"):
        KnowledgeGraph.load([tmp_path / "a.ttl", tmp_path / "b.ttl"])
