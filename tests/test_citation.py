"""How the package and its data are cited: what the files at the top say agrees with `kg.toml` and `pyproject.toml`."""

import json
import re
import tomllib
from datetime import date

import pytest
from rdflib import DCTERMS, OWL, RDF, Graph, URIRef

from isoc_kg import __version__
from isoc_kg.project import load_project

from material import ROOT

yaml = pytest.importorskip("yaml")
PACKAGE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CITATION = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
ZENODO = json.loads((ROOT / ".zenodo.json").read_bytes())
NAMES = [author["name"] for author in PACKAGE["authors"]]


def test_the_package() -> None:
    """Title, authors, version, date, licence and keywords, in CITATION.cff 1.2.0 and for Zenodo."""
    project = load_project(ROOT)
    assert CITATION["cff-version"] == "1.2.0"
    assert {"message", "title", "authors"} <= set(CITATION)
    assert CITATION["title"].startswith(PACKAGE["name"] + ": ")
    assert CITATION["title"] == ZENODO["title"]
    assert PACKAGE["description"] == CITATION["abstract"] == ZENODO["description"]
    assert NAMES == [author["name"] for author in CITATION["authors"]] == [one["name"] for one in ZENODO["creators"]]
    assert __version__ == CITATION["version"] == ZENODO["version"] == project.version
    assert date.fromisoformat(CITATION["date-released"]) == project.modified
    assert ZENODO["publication_date"] == CITATION["date-released"]
    assert PACKAGE["license"] == CITATION["license"] == ZENODO["license"]
    assert PACKAGE["keywords"] == CITATION["keywords"] == ZENODO["keywords"]
    assert (CITATION["type"], ZENODO["upload_type"]) == ("software", "software")


def test_the_data() -> None:
    """The dataset that ships with the package is named as `kg.toml` has it."""
    project = load_project(ROOT)
    (data,) = CITATION["references"]
    assert (data["title"], data["abstract"]) == (project.title, project.description)
    assert [author["name"] for author in data["authors"]] == [project.creator] == NAMES
    assert (data["version"], date.fromisoformat(data["date-released"])) == (project.version, project.modified)
    assert data["url"] == project.ids.dataset == ZENODO["related_identifiers"][0]["identifier"]
    assert data["license"] == "CC-BY-4.0"
    assert project.licence == "https://creativecommons.org/licenses/by/4.0/"


def test_the_version_is_one_everywhere() -> None:
    """The ontology, the newest entry of the changelog and the generated files have the package's version."""
    project = load_project(ROOT)
    ontology = Graph().parse(ROOT / "ontology" / "isoc.ttl")
    (home,) = ontology.subjects(RDF.type, OWL.Ontology)
    assert str(ontology.value(home, OWL.versionInfo)) == __version__
    assert str(ontology.value(home, OWL.versionIRI)) == f"{home}/{__version__}"
    assert f"version {__version__}." in str(ontology.value(home, DCTERMS.bibliographicCitation))
    newest = re.search(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert newest
    assert newest[1] == f"{__version__} ({project.modified})"
    assert [path.stem for path in (ROOT / "out" / "ontology").iterdir()] == [__version__]
    dataset = Graph().parse(ROOT / "out" / "dataset.ttl")
    assert str(dataset.value(URIRef(project.ids.dataset), OWL.versionInfo)) == __version__


def test_the_evidence_vocabulary_has_a_version_of_its_own() -> None:
    """Every project uses it: it changes when its terms do, not when the publication about the Internet Society does."""
    ontology = Graph().parse(ROOT / "ontology" / "evidence.ttl")
    (home,) = ontology.subjects(RDF.type, OWL.Ontology)
    version = str(ontology.value(home, OWL.versionInfo))
    assert version != __version__
    assert str(ontology.value(home, OWL.versionIRI)) == f"{home}/{version}"
    assert f"version {version}." in str(ontology.value(home, DCTERMS.bibliographicCitation))
