"""What pages say to search engines: rules in our own words after the documentation of Google Search."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyoxigraph as ox
import pytest

from isoc_kg.authoring.terms import vocabularies
from isoc_kg.namespaces import RDF, SCHEMA
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.overview import bundles
from isoc_kg.rendering.renderer import renderer_of

_BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)
SITE = "https://w3id.org/isoc-kg/"


def documents(page: str) -> list[dict[str, Any]]:
    """The JSON-LD documents of a page."""
    return [json.loads(text) for text in _BLOCK.findall(page)]


def nodes(page: str) -> dict[str, dict[str, Any]]:
    """The outermost nodes of a page, by class."""
    (document,) = documents(page)
    found = document.get("@graph", [document])
    return {node["@type"] if isinstance(node["@type"], str) else node["@type"][0]: node for node in found}


def of(folder: Path, name: str) -> dict[str, dict[str, Any]]:
    """Those of a page of a site."""
    return nodes((folder / f"{name}.html").read_text(encoding="utf-8"))


def steps_breaches(node: dict[str, Any]) -> Iterator[str]:
    """Those of a list of breadcrumbs."""
    items = node["itemListElement"]
    if len(items) < 2:
        yield "one step"
    for number, item in enumerate(items, 1):
        if (item["@type"], item["position"]) != ("ListItem", number) or not item["name"] or not item["item"]:
            yield f"step {number}"


def questions_breaches(node: dict[str, Any]) -> Iterator[str]:
    """Those of a page of questions and answers."""
    if not node["mainEntity"] or any(one["@type"] != "Question" for one in node["mainEntity"]):
        yield "no questions"
    for question in node["mainEntity"]:
        answer = question.get("acceptedAnswer", {})
        if not question.get("name") or answer.get("@type") != "Answer" or not answer.get("text"):
            yield f"a question without its text or that of its answer: {question}"


def dataset_breaches(node: dict[str, Any]) -> Iterator[str]:
    """Those of a dataset."""
    if not node.get("name") or not 50 <= len(node.get("description", "")) <= 5000:
        yield "name or description is missing, too short or too long"
    for agent in (node[key] for key in ("creator", "publisher") if key in node):
        if agent["@type"] not in ("Person", "Organization") or not agent["name"]:
            yield "who made or published it is neither a person nor an organisation with a name"
    for file in node.get("distribution", ()):
        if file["@type"] != "DataDownload" or not file["contentUrl"] or "/" not in file["encodingFormat"]:
            yield f"a download without address or media type: {file}"


RULES = {"BreadcrumbList": steps_breaches, "FAQPage": questions_breaches, "Dataset": dataset_breaches}


def breaches(document: dict[str, Any]) -> list[str]:
    """What a search engine would miss or refuse in the nodes of a document."""
    return [
        breach
        for node in document.get("@graph", [document])
        if isinstance(node["@type"], str) and node["@type"] in RULES
        for breach in RULES[node["@type"]](node)
    ]


@pytest.fixture(scope="module")
def pages(shipped: Path) -> dict[str, str]:
    """Every page of the shipped site that has structured data."""
    texts = {
        str(path.relative_to(shipped)): path.read_text(encoding="utf-8") for path in sorted(shipped.rglob("*.html"))
    }
    return {name: text for name, text in texts.items() if _BLOCK.search(text)}


def test_every_page_keeps_the_rules(pages: dict[str, str]) -> None:
    """One block a page, without breaches; only the page of errors has none."""
    assert len(pages) > 200
    for name, text in pages.items():
        (document,) = documents(text)
        assert breaches(document) == [], name


def test_it_is_schema_org_and_no_claims(pages: dict[str, str]) -> None:
    """Each property and class is one of schema.org, with a context that is whole in itself."""
    terms = vocabularies()[SCHEMA.iri]
    for name, text in pages.items():
        (document,) = documents(text)
        assert isinstance(document["@context"], dict)
        assert "@vocab" not in document["@context"]
        for quad in ox.parse(json.dumps(document), format=ox.RdfFormat.JSON_LD, base_iri=f"{SITE}{name}"):
            term = quad.object.value if quad.predicate.value == RDF.type else quad.predicate.value
            assert term.removeprefix(SCHEMA.iri) in terms, (name, term)


def test_the_steps_are_pages(shipped: Path, pages: dict[str, str]) -> None:
    """Each step of each breadcrumb list leads to a page of the site, the last to the page itself."""
    for name, text in pages.items():
        steps = nodes(text).get("BreadcrumbList", {}).get("itemListElement", [])
        for step in steps:
            assert (shipped / unquote(step["item"].removeprefix(SITE))).is_file(), step
        if steps:
            assert unquote(urlsplit(steps[-1]["item"]).path).endswith(name)
        else:
            assert name == "index.html"


def test_questions_have_their_answers(shipped: Path) -> None:
    """The list of questions in their order, and each question alone, with the text of the answer."""
    listed = of(shipped, "id/faq")["FAQPage"]["mainEntity"]
    assert [question["@id"].rpartition("/question-")[2] for question in listed] == [
        "what-it-is", "what-it-does", "how-to-join", "what-chapters-are-for", "key-initiatives",
    ]  # fmt: skip
    (alone,) = of(shipped, "id/question-what-it-is")["FAQPage"]["mainEntity"]
    assert alone == listed[0]


def test_the_organisation(shipped: Path) -> None:
    """Names, description, year, address, and the same elsewhere."""
    found = of(shipped, "id/internet-society")["Organization"]
    assert (found["name"], found["alternateName"], found["foundingDate"]) == ("Internet Society", ["ISOC"], "1992")
    assert found["url"] == "https://www.internetsociety.org"
    assert "https://ror.org/04dzfqx38" in found["sameAs"]
    assert found["description"]


def test_concepts_are_terms_of_their_scheme(shipped: Path) -> None:
    """A concept is a defined term, its scheme the set."""
    found = of(shipped, "id/privacy")["DefinedTerm"]
    assert found["inDefinedTermSet"]["@type"] == "DefinedTermSet"


def test_the_dataset_and_its_files(shipped: Path) -> None:
    """Each download is there, of the size and the media type that is said."""
    found = of(shipped, "dataset")["Dataset"]
    assert found["license"].startswith("https://creativecommons.org/")
    described = (shipped / "dataset.ttl").read_text(encoding="utf-8")
    own = re.search(r"(?ms)^<[^>]*/dataset> .*?dcat:distribution (.*?) ;", described)
    assert own
    addresses = [f"{SITE}{name}" for name in re.findall(r"/dataset/([^>]+)>", own[1])]
    assert sorted(file["contentUrl"] for file in found["distribution"]) == sorted(addresses)
    assert len(addresses) == 7
    for file in found["distribution"]:
        path = shipped / file["contentUrl"].removeprefix(SITE)
        assert f"{path.stat().st_size} B" == file["contentSize"]
    assert of(shipped, "index")["WebSite"]["name"] == found["name"]


def test_one_class_for_an_agent_everywhere(shipped: Path) -> None:
    """Private individuals are no organisation: left out on the page, in the crate a thing."""
    found = of(shipped, "dataset")["Dataset"]
    assert not {"creator", "publisher"} & found.keys()
    crate = json.loads((shipped / "ro-crate-metadata.json").read_bytes())["@graph"]
    (root,) = (entity for entity in crate if entity["@type"] == "Dataset")
    (agent,) = (entity for entity in crate if entity["@id"] == root["author"]["@id"])
    assert agent["@type"] == "Thing"
    described = (shipped / "dataset.ttl").read_text(encoding="utf-8")
    assert re.search(rf"(?s)<{re.escape(agent['@id'])}> a .*?PrivateIndividual", described)
    assert "provenance" in found["keywords"]


def test_a_project_with_few_settings(harbour: Path) -> None:
    """What is not known is left out; a short description is made long enough; markup in texts ends nothing."""
    text = (harbour / "kg.toml").read_text(encoding="utf-8")
    text = re.sub(r"(?m)^description = .*$", 'description = "Piers </script> & more."', text)
    (harbour / "kg.toml").write_text(re.sub("(?m)^(licence|creator) = .*\n", "", text), encoding="utf-8")
    publication = Publication.of_project(load_project(harbour))
    publication.data  # noqa: B018 – fills the list of files
    renderer = renderer_of(publication, "")
    (page,) = [page for bundle in bundles(renderer) if bundle.key == "dataset" for page in bundle.render()]
    found = nodes(page[1].decode())["Dataset"]
    assert not {"license", "creator", "publisher", "keywords", "url"} & found.keys()
    assert found["description"].startswith("Piers </script> & more. ")
    assert breaches(found) == []
