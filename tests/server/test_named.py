"""Named queries as an API, held against its own description."""

import csv
import io
from pathlib import Path
from urllib.parse import urlencode

import httpx
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from blanks import blanks
from isoc_kg import KnowledgeGraph
from isoc_kg.query import term_from_text

from .running import Running, running
from material import ROOT


def test_the_list(shipped: Running) -> None:
    """Every named query with its parameters and where its form is."""
    listed = shipped.get("api/queries").json()["queries"]
    assert len(listed) == len(list((ROOT / "queries").glob("*.rq")))
    area = next(query for query in listed if query["name"] == "activities-in-area")
    assert [parameter["name"] for parameter in area["parameters"]] == ["area", "organisation"]
    assert shipped.get(area["page"].removeprefix(shipped.address)).status_code == 200


def test_every_query_answers_as_in_python(shipped: Running) -> None:
    """With its defaults, as many solutions as the façade finds; the query is shown."""
    kg = KnowledgeGraph.load()
    for name, query in kg.queries.items():
        if any(parameter.default is None for parameter in query.parameters):
            continue
        answer = shipped.get(f"api/queries/{name}?size=1000")
        assert answer.status_code == 200, (name, answer.text)
        value = answer.json()
        assert "WHERE" in value["query"].upper() or "ASK" in value["query"].upper()
        if "solutions" in value:
            assert value["total"] == len(kg.select(name)), name


def test_parameters_and_pages(shipped: Running) -> None:
    """Prefixed names, IRIs and texts as on the command line; pages one after another are the whole."""
    whole = shipped.get("api/queries/activities-in-area?area=internet-access&size=1000").json()
    assert whole["total"] >= 2
    address, rows = "api/queries/activities-in-area?area=internet-access&size=1", []
    for _ in range(whole["total"]):
        answer = shipped.get(address)
        rows += answer.json()["solutions"]
        following = answer.links.get("next")
        if following is None:
            break
        address = "api/queries/activities-in-area" + following["url"]
    assert rows == whole["solutions"]
    table = shipped.get("api/queries/activities-in-area?area=id:internet-access&format=csv")
    assert table.headers["content-type"] == "text/csv; charset=utf-8"
    assert len(list(csv.reader(io.StringIO(table.text)))) == whole["total"] + 1


def test_mistakes(shipped: Running) -> None:
    """400 with what there is; 404 with the names; nothing in a value is read as SPARQL."""
    for query in ("area=%00", "no=1", "page=0", "size=x", "format=pdf", "area=a&area=b"):
        answer = shipped.get(f"api/queries/activities-in-area?{query}")
        assert answer.status_code == 400, query
        assert answer.headers["content-type"] == "application/problem+json"
    assert "activities-in-area" in shipped.get("api/queries/none").json()["alternatives"]
    hostile = shipped.get("api/queries/activities-in-area", area="x")
    assert hostile.status_code == 200
    answer = httpx.get(
        shipped.address + "api/queries/activities-in-area", params={"area": "<urn:a> } } SELECT * { ?s ?p ?o"}
    )
    assert answer.status_code == 400


def test_the_description(shipped: Running) -> None:
    """schemathesis: whatever the description allows is answered as it says, what it forbids is refused."""
    schema = schemathesis.openapi.from_url(shipped.address + "api/openapi.json")
    failures = []
    for operation in schema.get_all_operations():
        for case in _cases(operation.ok()):
            try:
                case.call_and_validate(base_url=shipped.address.rstrip("/"))
            except Exception as error:  # noqa: BLE001 – all are listed
                failures.append(f"{case.method} {case.formatted_path} {case.query}: {error}")
    assert failures == []


def test_the_described_values_are_taken(shipped: Running) -> None:
    """Each text that the description's patterns allow is a value of the parameter."""
    paths = shipped.get("api/openapi.json").json()["paths"]
    parameters = paths["/api/queries/activities-in-area"]["get"]["parameters"]
    pattern = next(one["schema"]["pattern"] for one in parameters if one["name"] == "area")
    prefixes = KnowledgeGraph.load().project.prefixes

    @settings(max_examples=400, deadline=None, database=None)
    @given(st.from_regex(pattern.removesuffix("$") + r"\Z", alphabet=st.characters(codec="ascii")))
    def taken(text: str) -> None:
        assert str(term_from_text(text, "iri", prefixes)).startswith("<")

    taken()


def _cases(operation: object) -> list[schemathesis.Case]:
    """A few requests that the description allows."""
    found: list[schemathesis.Case] = []

    @settings(max_examples=4, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(operation.as_strategy())  # type: ignore[attr-defined]
    def collect(case: schemathesis.Case) -> None:
        found.append(case)

    collect()
    return found


def test_values_are_converted_or_refused_in_words(shipped: Running) -> None:
    """A year is a year; what is none is refused, with a form that is right."""
    right = shipped.get("api/queries/founded-in?year=2014").json()
    assert right["solutions"][0]["body"]["value"].endswith("/manrs")
    for text in ("long ago", "14", "2014-05"):
        answer = shipped.get(f"api/queries/founded-in?year={text}")
        assert answer.status_code == 400
        assert f"“{text}” is not a value for “year”" in answer.json()["detail"]
        assert "such as 2014" in answer.json()["advice"]
    unknown = shipped.get("api/queries/sentences-behind?thing=nobody:manrs")
    assert (unknown.status_code, "the prefix of “nobody:manrs” is not known" in unknown.text) == (400, True)


def test_a_page_says_what_is_wrong_beside_its_field(shipped: Running) -> None:
    """The form stays, with the value; an empty field is none, and not the default; blanks at ends do not count."""
    wrong = shipped.get("api/queries/founded-in?year=long%20ago&format=html")
    assert wrong.status_code == 400
    assert 'name="year" value="long ago" aria-invalid="true"' in wrong.text
    assert "“long ago” is not a value for “year”. Give a year, such as 2014.</p>" in wrong.text
    assert "<h2>Answer" not in wrong.text
    sent = shipped.get("sparql.html?name=founded-in&%24year=")
    assert sent.headers["location"].endswith("founded-in?year=&format=html")
    assert "“year” has no value. Give a year" in shipped.get("api/queries/founded-in?year=%20&format=html").text
    assert shipped.get("api/queries/founded-in?year=").status_code == 400
    right = shipped.get("api/queries/founded-in?year=%202014+&format=html").text
    assert 'For the year: <b dir="auto">2014</b>' in right
    assert "id/manrs.html" in right


def test_an_empty_answer_says_why(shipped: Running) -> None:
    """A name that no statement has is named, in JSON and in a header; a value is answered with those that there are."""
    hint = "no statement names id:manrss. Did you mean id:manrs?"
    for why in ("0", "1"):
        answer = shipped.get(f"api/queries/sentences-behind?thing=manrss&why={why}")
        assert (answer.json()["notes"], answer.headers["x-result-note"]) == ([hint], hint)
    table = shipped.get("api/queries/sentences-behind?thing=manrss&format=csv")
    assert table.headers["x-result-note"] == hint
    assert shipped.get("api/queries/founded-in?year=1875").json()["notes"] == [
        "nothing here has the year 1875; such as 1992, 2014."
    ]
    wrong = "id:manrs is no place here; such as id:africa, id:world."
    assert shipped.get("api/queries/in-a-place?place=manrs").json()["notes"] == [wrong]
    assert wrong in shipped.get("api/queries/in-a-place?place=manrs&format=html").text
    for query in (
        "SELECT ?x { ?x isoc:suports ?y }",
        "ASK { ?x isoc:suports ?y }",
        "DESCRIBE ?x { ?x isoc:suports ?y }",
    ):
        answer = shipped.query(query, "*/*")
        assert answer.headers["x-result-note"].endswith("Did you mean isoc:supports?"), query


def test_the_page_of_an_answer(shipped: Running) -> None:
    """A browser gets a page: names that lead to things, who says so, downloads, and the form with what was asked."""
    page = shipped.get("api/queries/founded-in?year=2014", "text/html,*/*;q=0.8")
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert 'href="../../id/manrs.html"' in page.text
    assert "id:manrs</code>" in page.text
    assert '<a href="../../document/internet-society-term/1.html#15.2">sentence 15.2</a>' in blanks(page.text)
    assert "<strong>supported</strong>" in page.text
    assert 'value="2014"' in page.text
    assert 'href="?year=2014&amp;format=csv"' in page.text
    chosen = shipped.get("api/queries/activities-in-area?area=internet-access&format=html").text
    assert '<option value="id:internet-access" selected>' in chosen
    empty = shipped.get("api/queries/sentences-behind?thing=%3Ca%3Ab%3E&format=html").text
    assert "No statement names &lt;a:b&gt;" in empty
    assert "could be traced" not in shipped.get("api/queries/best-supported?format=html").text  # claims as rows
    assert shipped.get("api/queries/founded-in?year=2014").headers["content-type"] == "application/json"


def test_a_form_without_a_script(shipped: Running) -> None:
    """What a question's form sends leads to the page of its answer."""
    form = shipped.get("query/founded-in.html").text
    assert '<input type="hidden" name="name" value="founded-in">' in form
    assert 'name="$year"' in form
    answer = shipped.get("sparql.html?name=founded-in&%24year=2014")
    assert answer.status_code == 303
    assert answer.headers["location"].endswith("api/queries/founded-in?year=2014&format=html")
    assert shipped.get("sparql.html?name=none").status_code == 200


def test_why_is_that_of_python(shipped: Running) -> None:
    """Row by row the same claims, with OPTIONAL, derived triples, typed parameters and rows that cannot be traced."""
    kg = KnowledgeGraph.load()
    asked = (("initiatives-with-dates", {}), ("founded-in", {"year": "2014"}), ("glossary", {}), ("best-supported", {}))
    for name, values in asked:
        value = shipped.get(f"api/queries/{name}?{urlencode({'why': 1, 'size': 1000, **values})}").json()
        expected = [[evidence.claim for evidence in behind] for _, behind in kg.why(name, values)]
        assert [[claim["claim"] for claim in behind] for behind in value["why"]] == expected, name
        claims = [claim for behind in value["why"] for claim in behind]
        assert all(len(claim["statement"]) == 3 for claim in claims)
        assert all(one["kind"] for claim in claims for one in claim["sentences"])


def test_how_to_reach_the_publisher(tmp_path: Path) -> None:
    """The addresses of `[contact]` stand in what the server says of itself; without any, nothing does."""
    with running("--project", ROOT / "examples" / "harbour-trust", cwd=tmp_path) as server:
        assert server.get("about", "application/json").json()["contact"] == {"mail": "data@harbour-trust.example"}
