"""The page of a question shows its answer; lists stand in the order of their numbers."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from blanks import blanks
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.query import NamedQuery, Parameter
from isoc_kg.rdf.text_order import name_key
from isoc_kg.rendering import default_answers
from isoc_kg.rendering.answer_rows import AnswerRows
from isoc_kg.rendering.choices import Choices
from isoc_kg.rendering.default_answers import DefaultAnswers
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.listings import Listings
from isoc_kg.rendering.ontology import OntologyPages
from isoc_kg.rendering.question_pages import QuestionPages
from isoc_kg.rendering.renderer import Renderer, renderer_of


@pytest.fixture
def renderer(harbour: Path) -> Renderer:
    """The harbour."""
    return renderer_of(Publication.of_project(load_project(harbour)), "https://host.example/")


def question(text: str, *parameters: Parameter) -> NamedQuery:
    """A named query."""
    return NamedQuery("asked", "What is asked?", "", (), parameters, text, Path("asked.rq"))


NAMED = """SELECT ?thing ?label ?year {
  ?thing rdfs:label ?label ; schema:foundingDate ?year FILTER(LANG(?label) = "en")
} ORDER BY ?label"""


def page_of(renderer: Renderer, query: NamedQuery) -> str:
    """The page of a question."""
    renderer.material = replace(renderer.material, queries={query.name: query})
    pages = QuestionPages(renderer, OntologyPages(renderer), Choices(renderer, Listings(renderer)))
    return blanks(dict(pages.files(query))["query/asked.html"].decode())


def test_the_answer_is_in_the_page(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names that lead on, who says so, the query folded; no repeated names, no datatype beside a year; bounded rows."""
    page = page_of(renderer, question(NAMED))
    answer = page.partition("<div data-answer>")[2].partition("</section>")[0]
    assert 'href="../id/' in answer
    assert '<th scope="col">label</th>' not in answer, "the link has the name"
    assert 'title="xsd:gYear">' in answer
    assert ">xsd:gYear<" not in answer
    assert re.search(r'Who says so\? <span class="standing supported">supported by [a-z]+ [a-z]*:?[0-9.]+', answer)
    assert '<details class="query-text"><summary>The query in SPARQL' in page
    monkeypatch.setattr(default_answers, "_SHOWN", 1)
    short = page_of(renderer, question("SELECT ?thing { ?thing a ?class } ORDER BY ?thing"))
    assert short.count('<tr class="explained">') == 1
    assert "more rows are not shown here" in short
    assert ">Yes.<" in page_of(renderer, question("ASK { ?thing a ?class }"))


def test_rows_name_the_units_behind_them(renderer: Renderer) -> None:
    """Several of a kind together, each once; of what the index does not know by the kind that the answer tells."""
    units = [{"iri": f"https://e.example/document/d/1#2.{n}", "kind": "lead-in", "number": f"2.{n}"} for n in (1, 2, 2)]
    implied = {**units[0], "iri": "https://e.example/document/d/1#9.1", "implied": True, "kind": "sentence"}
    claim = {"claim": "https://e.example/claim/a.1", "statement": ["<a:b>", "<a:b>", "<a:b>"]}
    why = [[{**claim, "sentences": [*units, implied]}, {**claim, "sentences": [], "notes": ["We say so."]}]]
    answer = {"variables": ["x"], "solutions": [{"x": {"type": "uri", "value": "a:b"}}], "why": why}
    (row,) = AnswerRows(renderer, "").shown(answer).rows
    assert [(how, blanks(text)) for how, text in row["summary"]] == [
        ("supported", "supported by lead-ins 2.1, 2.2"), ("implied", "implied by sentence 9.1"),
        ("editorial", "editorial decision"),
    ]  # fmt: skip


def test_what_has_no_answer_in_its_page(renderer: Renderer, monkeypatch: pytest.MonkeyPatch) -> None:
    """What changes each time, graphs, what must be set, what fails, very many rows, large data."""
    answers = DefaultAnswers(renderer)
    year = Parameter("year", "xsd:gYear", None, "the year")
    for query in (
        question("SELECT (NOW() AS ?now) {}"),
        question("SELECT * { ?s ?p ?o FILTER(rand() > 0) }"),
        question("CONSTRUCT WHERE { ?s ?p ?o }"),
        question("SELECT ?x { ?x schema:foundingDate ?year }", year),
        question("SELECT ?x { ?x schema:foundingDate ?year }", replace(year, default="long ago")),
        question("SELECT ?x { "),
    ):
        assert answers.of(query) is None, query.text
        assert "This page does not contain the answer yet" in page_of(renderer, query)
    assert answers.of(question(NAMED)) is not None
    monkeypatch.setattr(default_answers, "_MOST_ROWS", 1)
    assert answers.of(question("SELECT * { ?s ?p ?o }")) is None
    monkeypatch.setattr(default_answers, "_MOST_LINES", 1)
    assert answers.of(question(NAMED)) is None


def test_fingerprints(renderer: Renderer) -> None:
    """An answer is rendered again when the data or its query changed, and else taken over."""
    index, one = renderer.index, question(NAMED)
    first = DefaultAnswers(renderer).fingerprint(one)
    assert DefaultAnswers(renderer).fingerprint(one) == first
    assert DefaultAnswers(renderer).fingerprint(question(NAMED + " LIMIT 1")) != first
    other = Index(renderer.project, [*index.lines][:-1])
    assert DefaultAnswers(renderer.for_index(other)).fingerprint(one) != first


def test_the_order_of_numbers() -> None:
    """Names sort by the size of the numbers in them."""
    names = ["Number 101", "number 10", "Number 9", "Annex", "Number 13b", "Number 13"]
    assert sorted(names, key=name_key) == ["Annex", "Number 9", "number 10", "Number 13", "Number 13b", "Number 101"]


def test_a_class_is_not_repeated_in_its_own_list(renderer: Renderer) -> None:
    """Each entry of a class's list tells its other kinds alone."""
    listings = Listings(renderer)
    classes = next(facet for facet in listings.facets if facet.name == "class")
    class_, (thing, *_) = next((value, things) for value, things in classes.values.items() if isinstance(value, bytes))
    name = str(renderer.worded(class_))
    assert f">{name}" in str(listings.entry("", thing))
    assert f">{name}" not in str(listings.entry("", thing, class_)).partition("</a>")[2]


def test_a_unit_that_supports_and_implies(renderer: Renderer) -> None:
    """What a unit says of one statement and implies of another is one part, in words that do not contradict it."""
    unit = next(iter(renderer.index.units))
    rows = AnswerRows(renderer, "")

    def said(*ways: tuple[str, str]) -> list[tuple[str, str]]:
        units = [(how, {"iri": name}, "") for how, name in ways]
        return rows._summary([{"units": units, "remarks": []}])

    (part,) = said(("supported", unit), ("implied", unit))
    assert part[0] == "supported"
    assert part[1].endswith(", and implied by it")
    other = list(renderer.index.units)[1]
    (both,) = said(("supported", unit), ("supported", other), ("implied", other))
    assert re.search(", and implied by [a-z-]+ [a-z]*:?[0-9.]+$", blanks(both[1]))
    assert [how for how, _ in said(("supported", unit), ("implied", other))] == ["supported", "implied"]


def test_rows_that_are_claims(lighthouse: Path) -> None:
    """Below a row that names a claim stands who denies it, in which words, and what other sources say."""
    renderer = renderer_of(Publication.of_project(load_project(lighthouse)), "https://host.example/")
    text = """SELECT ?claim ?unit {
      ?claim rdf:object ?value { ?claim ev:contradictedBy ?unit } UNION { ?claim ev:conflictsWith/ev:supportedBy ?unit }
    }"""
    page = page_of(renderer, question(text))
    quote = next(unit.quote for name, unit in renderer.index.units.items() if name.endswith("/chronicle/1#2.1"))
    assert re.search(rf'<strong>contradicted</strong> <a [^>]*>[^<]*</a>: <q lang="de"[^>]*>{quote}</q>', page)
    assert re.search('<span class="standing disputed">another source says [0-9]+</span>', page)
    assert re.search("<strong>another source says</strong> <span [^>]*>[0-9]+<", page)
    assert 'title="chronicle:2.1"' in page, "one name of a unit everywhere"
