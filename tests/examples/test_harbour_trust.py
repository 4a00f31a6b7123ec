"""The second publication: a fictional trust whose documents agree, disagree and change, with quotes on its pages."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from blanks import blanks
from isoc_kg import KnowledgeGraph
from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.evidence.audit_record import load_record
from isoc_kg.evidence.held import held_units
from isoc_kg.project import Project, load_project
from isoc_kg.publication.build import build_publication
from isoc_kg.publication.citation import CITATION_FORMATS
from isoc_kg.site import publish_project

from material import ROOT

HERE = Path(__file__).parent
EXAMPLE = ROOT / "examples" / "harbour-trust"
EXPECTED: dict[str, list[list[str | None]]] = json.loads((HERE / "harbour-trust.json").read_text(encoding="utf-8"))
FICTION = {
    "about": "This page is fiction.",
    "report": "This report is fiction.",
    "minutes": "Niederschrift ist erfunden.",
}


def copied(target: Path) -> Path:
    """The example as git keeps it, without what a build wrote beside it."""
    return Path(shutil.copytree(EXAMPLE, target, ignore=shutil.ignore_patterns("out", "site")))


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The example, built."""
    project = load_project(copied(tmp_path_factory.mktemp("example") / "harbour-trust"))
    built = build_publication(project, strict=True)
    assert built.gate.passed
    return project


@pytest.fixture(scope="module")
def kg(project: Project) -> KnowledgeGraph:
    """The example, to be asked."""
    return KnowledgeGraph.load(project.root)


@pytest.fixture(scope="module")
def page(project: Project) -> Callable[[str], str]:
    """The text of a page of the example's site."""
    publish_project(project, project.root / "site")
    return lambda name: (project.root / "site" / name).read_text(encoding="utf-8")


def test_the_build_is_reproducible(project: Project, tmp_path: Path) -> None:
    """Another folder, the same bytes; nothing but the output is written."""
    again = load_project(copied(tmp_path / "elsewhere"))
    before = {path: path.read_bytes() for path in again.root.rglob("*") if path.is_file()}
    build_publication(again, tmp_path / "out")
    assert {path: path.read_bytes() for path in again.root.rglob("*") if path.is_file()} == before
    first = {path.name: path.read_bytes() for path in (project.root / "out").glob("*.*")}
    assert {path.name: path.read_bytes() for path in (tmp_path / "out").glob("*.*")} == first


def test_size(project: Project) -> None:
    """Three documents, one in two editions and one in German; all statements have evidence, and no flag is open."""
    assert {(one.slug, one.edition, one.language) for one in project.documents} == {
        ("about", "1", "en"), ("report", "1", "en"), ("report", "2", "en"), ("minutes", "1", "de")
    }  # fmt: skip
    dataset = build_dataset(project)
    assert len(dataset.claims) >= 150
    assert dataset.findings == []


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_answer(kg: KnowledgeGraph, name: str) -> None:
    """Each named query has its answer; none is without a test."""
    assert sorted(kg.queries) == sorted(EXPECTED)
    assert [[None if term is None else str(term) for term in row] for row in kg.select(name).terms] == EXPECTED[name]


def test_every_document_says_that_it_is_fiction(project: Project, page: Callable[[str], str]) -> None:
    for document in project.documents:
        assert document.path is not None
        assert FICTION[document.slug] in document.path.read_text(encoding="utf-8")
    for name in ("index.html", "id/net-loft.html", "document/report/2.html"):
        assert "(fictional)" in page(name)


def test_conflicts_stand_side_by_side(page: Callable[[str], str]) -> None:
    """One is settled by a preference with its reason, one is open; both sentences stand there."""
    text = page("conflicts.html")
    assert "Conflicts: 2; not settled: 1." in text
    for sentence in (
        "The Selmersund Harbour Trust was founded in 1968.",
        "It was founded in 1969 by Oda Brandt and Pelle Quist.",
        "The report names the founders, too; the web page gives the year alone.",
        "The Anna Holt is open to visitors.",
        "Der Schlepper Anna Holt ist für Besucher nicht geöffnet.",
    ):
        assert sentence in text


def test_answers_are_in_words(page: Callable[[str], str]) -> None:
    """What curators answered to the evidence check names the question in words, not by its code."""
    text = re.sub("<[^>]*>", "", page("id/selmersund-harbour-trust.html"))
    assert "Subject and object are in another order (report:4.4): The sentence names the person first" in text.replace(
        "\xa0", " "
    )
    assert "report:4.4 direction:" not in text


def test_what_the_second_edition_changed_is_held(
    project: Project, page: Callable[[str], str], cli: Callable[..., Any]
) -> None:
    """The number of berths rests on the first edition; its page says so, and confirming it is refused."""
    assert len(list(held_units(build_dataset(project)))) == 2
    assert "last confirmed in edition 1" in blanks(page("id/old-harbour.html"))
    refused = cli("evidence", "confirm", "report:6.2", "--project", project.root, code=1)
    assert "“42” is not in sentence report:6.2" in refused.stderr


def test_what_is_taken_back_is_shown_apart(page: Callable[[str], str]) -> None:
    text = page("id/net-loft.html")
    stated, _, rest = text.partition("No longer stated")
    assert "town-of-selmersund.html" in stated
    assert "the second edition of the report corrects the sentence" in rest


def test_what_is_not_preferred_is_no_retraction(page: Callable[[str], str]) -> None:
    """A value that a source still states has a section of its own; the retracted one keeps the other."""
    text = page("id/selmersund-harbour-trust.html")
    assert "No longer stated" not in text
    assert "1968" in text.partition("Stated, but not preferred")[2]
    assert "Stated, but not preferred" not in page("id/net-loft.html")


def test_a_preferred_value_is_cited_with_its_rival(kg: KnowledgeGraph, page: Callable[[str], str]) -> None:
    """Each form says that another source says otherwise, in Python and on the page of citations."""
    evidence = kg.evidence("selmersund-harbour-trust", "schema:foundingDate", 1969)
    for form in CITATION_FORMATS:
        assert "another source says 1968" in evidence.cite(form), form
    other = kg.evidence("selmersund-harbour-trust", "schema:foundingDate", 1968).cite()
    assert "another value is preferred" in other
    assert page("id/selmersund-harbour-trust.citations.html").count("another source says 1968") >= len(CITATION_FORMATS)


def test_quotes_and_pages_of_the_pdf(page: Callable[[str], str]) -> None:
    """A sentence stands beside each statement, and leads to its page of the printed report."""
    assert "The ferry Margarethe was built in 1911 by the Quist Boatyard." in page("id/margarethe.html")
    report = page("document/report/2.html")
    for number in (1, 2):
        assert f'href="https://example.org/harbour-trust/annual-report-2024-revised.pdf#page={number}"' in report


def test_the_recorded_audit_is_of_these_data(project: Project, page: Callable[[str], str]) -> None:
    """The share of corrupted claims that the check catches, as docs/evidence.md has it."""
    record = load_record(project)
    assert record is not None
    text = (ROOT / "docs" / "evidence.md").read_text(encoding="utf-8")
    for row in record.figures["kinds"]:
        cell = f"{row['caught']} of {row['mutants']}" if row["mutants"] else "–"
        assert f"| {row['kind']} | {cell} |" in text
        assert f"<td>{row['kind']}</td><td>{row['mutants']}</td>" in page("report.html")
