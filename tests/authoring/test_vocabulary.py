"""What names a thing: façades, pages and search ask one room, and so give one answer."""

import shutil
from pathlib import Path

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.assistants.search import find_entries
from isoc_kg.errors import ProjectError
from isoc_kg.graph.dataset_source import DatasetSource
from isoc_kg.graph.endpoint_source import EndpointSource
from isoc_kg.project import Project, load_project
from isoc_kg.query.evaluator import StoreEvaluator, store_of
from isoc_kg.rdf import read_lines
from isoc_kg.rdf.tokens import iri_token
from isoc_kg.rendering.index import Index

from material import ROOT

HARBOUR = ROOT / "tests" / "projects" / "harbour"
DATA = """
prefix id: <https://harbour.example/kg/id/>
prefix dcterms: <http://purl.org/dc/terms/>
prefix foaf: <http://xmlns.com/foaf/0.1/>
prefix ontolex: <http://www.w3.org/ns/lemon/ontolex#>
prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#>
prefix schema: <https://schema.org/>
prefix skos: <http://www.w3.org/2004/02/skos/core#>

id:titled dcterms:title "Tide tables" .
id:person foaf:name "Ada Quay" .
id:form ontolex:writtenRep "mooring"@en .
id:several skos:altLabel "Alpha" ; dcterms:title "Beta" ; foaf:name "Gamma" ; skos:hiddenLabel "Beda" .
id:tongues rdfs:label "Anker"@de, "zeppelin mast"@en, "ancre"@fr .
id:untagged rdfs:label "Anlegeplatz"@de, "berth" .
id:labelled rdfs:label "Own label" ; dcterms:title "Another title" .
id:short schema:name "Harbour Master Office" ; schema:alternateName "HMO" .
"""
NAMES = {
    "titled": "Tide tables",
    "person": "Ada Quay",
    "form": "mooring",
    "several": "Beta",
    "tongues": "zeppelin mast",
    "untagged": "berth",
    "labelled": "Own label",
    "short": "Harbour Master Office",
}


class Store(StoreEvaluator):
    """An endpoint that is a store in this process."""

    query_url = "http://127.0.0.1/sparql"

    def unite(self) -> None:
        """The default graph is the union already."""

    def named_graphs(self) -> list[str]:
        """None: all is in the default graph."""
        return []


def project_with(folder: Path, setting: str) -> Project:
    """The harbour with a setting more."""
    shutil.copytree(HARBOUR, folder, dirs_exist_ok=True)
    toml = folder / "kg.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + setting, encoding="utf-8")
    return load_project(folder)


def graphs(project: Project, data: str) -> tuple[KnowledgeGraph, KnowledgeGraph, Index]:
    """Data in memory, behind an endpoint, and as pages have it."""
    lines = read_lines(data.encode(), name="data.ttl")
    there = EndpointSource(project, Store(store_of(lines)))  # type: ignore[arg-type]
    here = DatasetSource(project, lines)
    return KnowledgeGraph(project, here), KnowledgeGraph(project, there), Index(project, lines)


def test_one_answer() -> None:
    """By its name a thing is found in memory, behind an endpoint and by assistants; its page says the same."""
    project = load_project(HARBOUR)
    here, there, index = graphs(project, DATA)
    for local, name in NAMES.items():
        iri = project.ids.thing(local)
        assert here.find(name) == there.find(name.upper()) == iri
        assert here.entity(local).label == there.entity(name).label == name
        assert index.name_of(iri_token(iri))[0] == name
        assert (iri, name) in {(thing["iri"], thing["label"]) for thing in find_entries(here, name)[0]["things"]}
    assert here.labels == there.labels
    assert here.names_of([project.ids.thing("several")]) == there.names_of([project.ids.thing("several")])
    assert here.labels[project.ids.thing("several")] == ["Beta", "Gamma", "Alpha", "Beda"]


def test_whose_name_it_is_sooner() -> None:
    """Of two things with a name, that one is found whose other names do not stand before it, wherever they are."""
    data = DATA + 'id:aaa rdfs:label "Anchorage" ; skos:altLabel "Pier" . id:zzz rdfs:label "Pier" .'
    project = load_project(HARBOUR)
    here, there, _ = graphs(project, data)
    assert here.find("pier") == there.find("pier") == project.ids.thing("zzz")


def test_properties_are_set_in_the_project(tmp_path: Path) -> None:
    """`[names]` replaces the lists, for all at once."""
    project = project_with(
        tmp_path,
        '\n[names]\nlabels = ["foaf:name", "<http://purl.org/dc/terms/title>"]\nalternatives = ["rdfs:label"]\n',
    )
    here, there, index = graphs(project, DATA)
    several, labelled = project.ids.thing("several"), project.ids.thing("labelled")
    assert here.labels == there.labels
    assert here.labels[several] == ["Gamma", "Beta"]
    assert here.labels[labelled] == ["Another title", "Own label"]
    assert index.name_of(iri_token(several))[0] == "Gamma"
    assert index.names[iri_token(labelled)] == ["Own label"]
    assert project.ids.thing("short") not in here.labels


def test_a_title_becomes_the_label(tmp_path: Path) -> None:
    """What names a thing in the facts is its derived label, not the words of its IRI."""
    shutil.copytree(HARBOUR, tmp_path, dirs_exist_ok=True)
    facts = tmp_path / "facts" / "harbour.ttl"
    note = '{| skos:editorialNote "x" |}'
    more = f'\nid:tides a schema:Thing {note} ; dcterms:title "Tide tables" {note} .\n'
    prefix = "@prefix dcterms: <http://purl.org/dc/terms/> .\n"
    facts.write_text(prefix + facts.read_text(encoding="utf-8") + more, encoding="utf-8")
    kg = KnowledgeGraph.load(tmp_path)
    assert kg.entity("tides").label == "Tide tables"


@pytest.mark.parametrize(
    ("setting", "message"),
    [
        ('labels = "rdfs:label"', "“labels” must be a list of properties"),
        ("labels = []", "“labels” must be a list of properties"),
        ("labels = [1]", "“labels” must be a list of properties"),
        ('labels = ["rdfs:label", "nope:name"]', "“nope:name” is not a prefixed name or an IRI"),
        ('alternatives = ["http://e/a b"]', "“http://e/a b” is not a prefixed name or an IRI"),
        ('label = ["rdfs:label"]', "there is no setting “label” in [names]"),
    ],
)
def test_wrong_settings(tmp_path: Path, setting: str, message: str) -> None:
    """The error names file, line and what is wrong."""
    with pytest.raises(ProjectError) as error:
        project_with(tmp_path, f"\n[names]\n{setting}\n")
    assert message in str(error.value)
    lines = (tmp_path / "kg.toml").read_text(encoding="utf-8").splitlines()
    assert f"kg.toml:{lines.index(setting) + 1}" in str(error.value)
