"""Citations from Python: the same as on pages, of a project, of files and of a store."""

import json
import re
from datetime import date
from pathlib import Path
from urllib.parse import unquote

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.errors import ProjectError, UnknownName, UsageError
from isoc_kg.project import load_project
from isoc_kg.publication.citation import CITATION_FORMATS
from isoc_kg.publication.cited import cite_document, cite_thing
from isoc_kg.publication.publication import Publication
from isoc_kg.rdf.tokens import iri_token
from isoc_kg.rendering.citations import claim_citation
from isoc_kg.rendering.renderer import renderer_of

from material import ROOT

LIGHT = "https://lighthouse.example/kg/id/ravens-point-light"


def test_the_same_as_on_pages(lighthouse: Path, tmp_path: Path) -> None:
    """Every claim, a thing and a document in each form, whether the project or its published file is asked."""
    publication = Publication.of_project(load_project(lighthouse))
    renderer = renderer_of(publication, "")
    kg = KnowledgeGraph.load(lighthouse)
    claims = [
        (statement, statement.claim)
        for statement in renderer.index.resource(iri_token(LIGHT)).statements
        if statement.claim
    ]
    assert len(claims) > 8
    ris = CITATION_FORMATS["ris"][1]
    for statement, claim in claims:
        assert kg.cite(claim.iri, "ris") + "\n" == ris(claim_citation(renderer, statement, claim))
    thing = cite_thing(renderer.sources, iri_token(LIGHT))
    assert thing
    assert kg.cite("ravens-point-light", "csl") == CITATION_FORMATS["csl"][1](thing).strip()
    for edition, _ in renderer.index.editions():
        assert kg.cite(edition) == cite_document(renderer.sources, edition).text
    file = tmp_path / "data.nq"
    file.write_bytes(b"".join(renderer.index.lines))
    of_file = KnowledgeGraph.load(file)
    statement, claim = claims[0]
    assert claim.iri in of_file.cite(claim.iri)
    note = claim_citation(renderer, statement, claim).note
    # what is not known of a document stands in kg.toml alone
    assert re.sub(r" \[[^]]*\]", "", note) in of_file.cite(claim.iri)
    assert renderer.project.creator not in of_file.cite(claim.iri)


def test_objects_cite_themselves(lighthouse: Path) -> None:
    """Things, statements and evidence, each as the graph cites it; with the day on which it was looked at."""
    kg = KnowledgeGraph.load(lighthouse)
    entity = kg["ravens-point-light"]
    assert entity.cite() == kg.cite(entity) == kg.cite(LIGHT)
    evidence = kg.evidence("id:ravens-point-light", "light:builtBy")
    assert evidence.cite().endswith(evidence.claim)
    assert kg.cite(evidence, "bibtex") == evidence.cite("bibtex") == kg.cite(evidence.claim, "bibtex")
    (statement,) = [one for one in entity.statements if one.predicate.endswith("builtBy")]
    assert statement.cite() == evidence.cite()
    day = date(2026, 11, 26)
    assert evidence.cite(accessed=day).endswith("(accessed 2026-11-26)")
    assert "urldate = {2026-11-26}" in evidence.cite("bibtex", accessed=day)
    assert "Y2  - 2026/11/26" in evidence.cite("ris", accessed=day)
    assert json.loads(evidence.cite("csl", accessed=day))[0]["accessed"] == {"date-parts": [[2026, 11, 26]]}
    assert evidence.cite("csl") == evidence.cite("csl")
    assert kg.project.ids.dataset in kg.cite()


def test_what_cannot_be_cited(lighthouse: Path, tmp_path: Path) -> None:
    """Unknown forms, claims and things, and data of nobody, are refused with a reason."""
    kg = KnowledgeGraph.load(lighthouse)
    with pytest.raises(UsageError, match="no form"):
        kg.cite(form="apa")
    with pytest.raises(UnknownName, match="no claim"):
        kg.cite("claim:ravens-point-light.0123456789abcdef")
    with pytest.raises(UnknownName):
        kg.cite("nothing of that name")
    (tmp_path / "tea.ttl").write_text("<https://e.example/tea> a <https://e.example/Drink> .")
    tea = KnowledgeGraph.load(tmp_path / "tea.ttl")
    with pytest.raises(ProjectError, match="nobody is named"):
        tea.cite()
    with pytest.raises(UnknownName, match="nobody who made"):
        tea.cite("https://e.example/tea")
    made = '<https://e.example/> a <http://purl.org/dc/dcmitype/Dataset>, <http://www.w3.org/ns/dcat#Dataset> ; \
        <http://purl.org/dc/terms/title> "Teas" ; <http://purl.org/dc/terms/creator> "Ada" .'
    (tmp_path / "teas.ttl").write_text("<https://e.example/tea> a <https://e.example/Drink> ." + made)
    assert KnowledgeGraph.load(tmp_path / "teas.ttl").cite("https://e.example/tea") == (
        "Ada. tea. Teas. https://e.example/tea"
    )


def test_objections() -> None:
    """The address is that of the page's link, by whatever the statement is given; without one a message names it."""
    kg = KnowledgeGraph.load(ROOT / "examples" / "harbour-trust")
    evidence = kg.evidence("Selmersund Harbour Trust", "founder", "Oda Brandt")
    address = kg.objection(evidence)
    assert address.startswith("mailto:data@harbour-trust.example?subject=Wrong%3F%20Selmersund")
    assert evidence.claim in unquote(address)
    statement = next(one for one in kg["Selmersund Harbour Trust"].statements if evidence in one.evidence)
    assert kg.objection(statement) == kg.objection(evidence.claim) == address
    assert kg.objection(kg["Old Harbour"]).startswith("mailto:")
    with pytest.raises(UsageError, match=r"no address for objections.\n.*/id/manrs"):
        KnowledgeGraph.load(ROOT).objection("MANRS")
