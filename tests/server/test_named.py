"""Named queries as an API, held against its own description."""

import csv
import io

import httpx
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isoc_kg import KnowledgeGraph
from isoc_kg.query import term_from_text

from .running import Running
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
