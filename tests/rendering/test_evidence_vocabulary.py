"""The evidence vocabulary is an ontology of its own on every site: a page, its data, its version."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg.project import load_project
from isoc_kg.publication.build import build_publication
from isoc_kg.publication.publication import Publication
from isoc_kg.site import publish_project, publish_site

from material import ROOT

EV = "https://w3id.org/isoc-kg/evidence"


@pytest.mark.parametrize("project", [ROOT, ROOT / "tests" / "projects" / "harbour"])
def test_page_and_data(tmp_path: Path, project: Path) -> None:
    """All its terms are on one page, with anchors, and on no page of the project's ontology; links lead there."""
    publish_project(load_project(project), tmp_path / "site")
    site = tmp_path / "site"
    page = (site / "evidence.html").read_text(encoding="utf-8")
    other = (site / "ontology.html").read_text(encoding="utf-8")
    for name in ("supportedBy", "impliedBy", "contradictedBy", "hasEvidence", "answer", "Unit", "Edition"):
        assert f'class="term" id="{name}"' in page
        there = re.search(rf'class="term" id="{name}">.*?</div>', other, re.DOTALL)
        assert there is None or "Withdrawn" in there[0]
    assert f"<code>{EV}</code>" in page
    assert f'rel="cite-as" href="{EV}"' in page
    assert 'href="evidence.html"' in other
    assert 'href="evidence.ttl"' in page
    term = (site / "vocabulary" / "ev" / "supported_by.html").read_text(encoding="utf-8")
    assert 'href="../../evidence.ttl"' in term
    assert 'href="../../evidence.html#supportedBy"' in term
    # the same triples beside the page as among the data files
    assert (site / "evidence" / "1.0.0.ttl").is_file()
    # the page of an IRI of version 1 leads on
    for name in ("supported_by", "_unit") if project == ROOT else ():
        text = (site / "ontology" / f"{name}.html").read_text(encoding="utf-8")
        assert f'Replaced by <a href="../vocabulary/ev/{name}.html"' in text


def test_as_anybody_s_data(tmp_path: Path) -> None:
    """Published as a file of RDF the vocabulary is a thing among others, at the same address."""
    publication = Publication.of_files(load_project(ROOT), [ROOT / "ontology" / "evidence.ttl"])
    publish_site(publication, tmp_path / "site")
    page = (tmp_path / "site" / "evidence.html").read_text(encoding="utf-8")
    assert "Evidence vocabulary" in page
    assert (tmp_path / "site" / "evidence.ttl").is_file()


@pytest.mark.parametrize("project", [ROOT, ROOT / "tests" / "projects" / "harbour"])
def test_files(tmp_path: Path, project: Path) -> None:
    """Two ontologies, two files: together they are the graph of ontologies."""
    done = build_publication(load_project(project), tmp_path / "out")
    read = {
        name: {quad.triple for quad in ox.parse((tmp_path / "out" / name).read_bytes(), format=ox.RdfFormat.TURTLE)}
        for name in ("ontology.ttl", "evidence.ttl", "evidence/1.0.0.ttl")
    }
    assert read["evidence.ttl"] == read["evidence/1.0.0.ttl"]
    assert not read["evidence.ttl"] & read["ontology.ttl"]
    assert len(read["evidence.ttl"] | read["ontology.ttl"]) == len(done.dataset.graph("ontology"))
    assert {str(triple.subject).strip("<>").partition("#")[0] for triple in read["evidence.ttl"]} == {EV}
