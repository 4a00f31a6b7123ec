"""The publication as one tree: each thing at its place, nothing that the data do not say, what is left out said."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.cli import cli
from isoc_kg.errors import ParseError, UsageError
from isoc_kg.project import load_project
from isoc_kg.publication.files import published_context, published_tree
from isoc_kg.publication.frame import read_frame
from isoc_kg.rdf import lines_from_quads
from isoc_kg.validation import ShapesGraph

from material import ROOT


def tree_of(folder: Path, *, evidence: bool = False) -> tuple[Dataset, dict[str, Any], str]:
    """A project's dataset, its tree, whose triples are as many as it says, and the tree's account of itself."""
    project = load_project(folder)
    shapes = ShapesGraph.of_project(project)
    dataset = build_dataset(project, shapes)
    tree = published_tree(dataset, shapes, published_context(dataset, shapes), evidence=evidence)
    assert len(lines_from_quads(ox.parse(tree.text, format=ox.RdfFormat.JSON_LD))) == tree.triples
    assert tree.text == (json.dumps(json.loads(tree.text), ensure_ascii=False, indent=1) + "\n").encode()
    return dataset, json.loads(tree.text), tree.summary


@pytest.fixture(scope="module")
def shipped() -> tuple[Dataset, dict[str, Any], str]:
    """The shipped publication's."""
    return tree_of(ROOT)


def nodes(value: Any) -> Iterator[dict[str, Any]]:
    """All node objects of a tree."""
    if isinstance(value, dict):
        if "@id" in value:
            yield value
        for key, inner in value.items():
            if key != "@context":
                yield from nodes(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from nodes(inner)


def names(values: list[dict[str, Any]]) -> list[str]:
    """The IRIs of things."""
    return [value["@id"] for value in values]


def without_header(tree: dict[str, Any]) -> bytes:
    """The document without the node that says what it is."""
    return json.dumps({key: value for key, value in tree.items() if key != "@included"}).encode()


def test_everything_stands_at_its_place(shipped: tuple[Dataset, dict[str, Any], str]) -> None:
    """Mission, vision, areas, initiatives, event, questions with answers, takeaways, terms, pronunciation."""
    _, tree, _ = shipped
    assert tree["@id"] == "id:internet-society"
    assert all(wording["prefLabel"]["en"] for wording in tree["hasMission"][0]["hasWording"])
    assert tree["hasVision"][0]["hasPart"]
    assert all(area["label"] for area in tree["hasArea"])
    initiatives = {one["@id"]: one for one in tree["hasInitiative"]}
    assert initiatives["id:manrs"]["foundingDate"] == "2014"
    assert len(initiatives["id:manrs"]["counters"]) == 3
    assert tree["manages"][0]["name"] == {"en": "Internet Engineering Task Force"}
    assert tree["event"][0]["startDate"] == "2017"
    questions = tree["faq"][0]["itemListElement"]
    assert [question["position"] for question in questions] == ["1", "2", "3", "4", "5"]
    assert all(question["acceptedAnswer"]["text"]["en"] for question in questions)
    assert [takeaway["position"] for takeaway in tree["takeaways"][0]["itemListElement"]] == ["1", "2", "3"]
    assert names(tree["relatedTerm"])[0] == "id:global-internet-governance"
    (term,) = tree["term"]
    assert term["canonicalForm"]["phoneticRep"]["en-fonipa"]
    sounds = [segment["value"]["@value"] for word in term["subterm"] for segment in word["hasSegment"]]
    assert len(sounds) == 12


def test_a_thing_that_is_only_named_has_its_label(shipped: tuple[Dataset, dict[str, Any], str]) -> None:
    """Nobody has to look elsewhere for what an IRI of the publication is called."""
    dataset, tree, _ = shipped
    for node in nodes(tree):
        if node["@id"].startswith("id:"):
            assert node.get("label"), node["@id"]
    assert dataset.project.subject in tree["@id"]


def test_the_tree_says_what_the_data_say(shipped: tuple[Dataset, dict[str, Any], str]) -> None:
    """Each triple is one of the publication's, as many as the header counts; what is left out is said there."""
    dataset, tree, summary = shipped
    lines = lines_from_quads(ox.parse(without_header(tree), format=ox.RdfFormat.JSON_LD))
    whole = set(dataset.published) | set(dataset.graph("alignments"))
    assert set(lines) <= whole
    assert tree["@included"][0]["dctermsDescription"]["en"] == [summary]
    labels = [line for line in lines if b"rdf-schema#label" in line]
    assert f"{len(lines):,}" in summary or len(lines) - len(labels) < int(summary.split()[1].replace(",", ""))
    assert "the evidence. All is in isoc-kg.jsonld." in summary


def test_evidence_on_demand(shipped: tuple[Dataset, dict[str, Any], str]) -> None:
    """Each statement's claim, with its units by gist; the triples are those of the publication."""
    dataset, tree, summary = tree_of(ROOT, evidence=True)
    lines = set(lines_from_quads(ox.parse(without_header(tree), format=ox.RdfFormat.JSON_LD)))
    assert lines <= set(dataset.published) | set(dataset.graph("alignments"))
    found = {claim["predicate"]: claim for claim in tree["claims"]}
    assert found["schema:foundingDate"]["supportedBy"][0]["gist"]["en"]
    assert "the evidence" not in summary
    assert "claims" not in shipped[1]


def test_a_project_without_a_frame(harbour: Path) -> None:
    """The subject and what it links to, each thing once and nearest to the root, circles by name."""
    dataset, tree, summary = tree_of(harbour)
    assert tree["@id"] == f"id:{dataset.project.subject}"
    written = [node["@id"] for node in nodes(tree) if "@type" in node]
    assert len(written) == len(set(written)) > 1
    lines = set(lines_from_quads(ox.parse(without_header(tree), format=ox.RdfFormat.JSON_LD)))
    assert lines <= set(dataset.published) | set(dataset.graph("alignments"))
    assert summary.startswith("Holds ")


def test_circles_end(harbour: Path) -> None:
    """Things that link to each other, and to themselves, are written once; no more than three links deep."""
    things = load_project(harbour).ids.things
    chain = "".join(
        f'<{things}n{number}> a <https://schema.org/Thing> {{| skos:editorialNote "x" |}} .\n'
        f'<{things}n{number}> <https://schema.org/about> <{things}n{number + 1}> {{| skos:editorialNote "x" |}} .\n'
        for number in range(1, 6)
    )
    root = f"<{things}old-harbour> <https://schema.org/about>"
    (harbour / "facts" / "z.ttl").write_text(
        f"@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n{chain}"
        f'{root} <{things}n1>, <{things}old-harbour> {{| skos:editorialNote "x" |}} .\n',
        encoding="utf-8",
    )
    _, tree, _ = tree_of(harbour)
    own, first = sorted(tree["about"], key=lambda node: len(node))
    assert own.keys() <= {"@id", "label"}
    third = first["about"][0]["about"][0]
    assert third["@id"] == "id:n3"
    assert third["about"][0].keys() <= {"@id", "label"}


def test_a_frame_chooses(harbour: Path) -> None:
    """By class and by IRI, backwards, and only the members that it names."""
    things, note = load_project(harbour).ids.things, '{| skos:editorialNote "x" |}'
    (harbour / "facts" / "z.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix schema: <https://schema.org/> .\n"
        + "".join(
            f'<{things}{name}> a schema:{kind} {{| skos:editorialNote "x" |}} ; schema:name "{name}"@en {note} ;'
            f" schema:about <{things}old-harbour> {note} .\n"
            for name, kind in (("a", "Book"), ("b", "Event"), ("c", "Event"))
        ),
        encoding="utf-8",
    )
    frame = {
        "@context": {"events": {"@reverse": "schema:about"}, "one": {"@reverse": "schema:about"}},
        "@explicit": True,
        "events": {"@type": "schema:Event", "about": {"@type": "schema:Book"}},
        "one": {"@id": "id:c", "about": {"@explicit": True}},
    }
    (harbour / "ontology" / "frame.jsonld").write_text(json.dumps(frame), encoding="utf-8")
    dataset, tree, _ = tree_of(harbour)
    project = load_project(harbour)
    shapes = ShapesGraph.of_project(project)
    unmet = published_tree(dataset, shapes, published_context(dataset, shapes)).unmet
    assert set(tree) <= {"@context", "@included", "@id", "@type", "label", "events", "one"}
    assert names(tree["events"]) == ["id:b", "id:c"]
    assert names(tree["one"]) == ["id:c"]
    assert unmet == ("events.about",)
    assert tree["one"][0]["about"][0].keys() <= {"@id", "@type", "label"}
    lines = set(lines_from_quads(ox.parse(without_header(tree), format=ox.RdfFormat.JSON_LD)))
    assert lines <= set(dataset.published)


def test_a_frame_that_begins_with_nothing(harbour: Path) -> None:
    """It is no tree of nothing."""
    (harbour / "ontology" / "frame.jsonld").write_text('{"@id": "id:nobody"}', encoding="utf-8")
    with pytest.raises(ParseError, match=r"nothing is said of <.*id/nobody>"):
        tree_of(harbour)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        ("[]", "the frame is no object"),
        ("{", "cannot be read"),
        ('{"hasPrt": {}}', "no term “hasPrt”.\n  Did you mean hasPart?"),
        ('{"hasPart": {"x": {}}}', "hasPart: there is no term “x”"),
        ('{"hasPart": []}', "hasPart is no object"),
        ('{"@id": 1}', "@id is no text"),
        ('{"@type": "no:thing"}', "“no:thing” is no term, prefixed name or IRI"),
        ('{"@context": {"hasPart": {"@reverse": "e:p"}}}', "a name of the published context"),
        ('{"@context": {"x": "e:p"}}', "does not name a link to follow back"),
        ('{"@context": []}', "@context is no object"),
        ('{"hasPart":' * 25 + "{}" + "}" * 25, "more than 20 deep"),
        ("[" * 100_000, "cannot be read"),
    ],
)
def test_what_is_wrong_in_a_frame_is_named(tmp_path: Path, frame: str, message: str) -> None:
    """The file, the member, what to write."""
    file = tmp_path / "frame.jsonld"
    file.write_text(frame, encoding="utf-8")
    with pytest.raises(ParseError) as caught:
        read_frame(file, {"hasPart": "http://e/hasPart"}, {"e": "http://e/"})
    assert message in str(caught.value)
    assert caught.value.file == file


def test_an_iri_that_looks_like_a_name_of_the_context(harbour: Path) -> None:
    """Its scheme is a prefix of the project: the tree is written without that prefix, and says the same."""
    (harbour / "facts" / "z.ttl").write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . @prefix schema: <https://schema.org/> .\n"
        f'<{load_project(harbour).ids.things}old-harbour> schema:about <schema:odd> {{| skos:editorialNote "x" |}} .\n',
        encoding="utf-8",
    )
    dataset, tree, _ = tree_of(harbour)
    lines = set(lines_from_quads(ox.parse(without_header(tree), format=ox.RdfFormat.JSON_LD)))
    assert any(b"<schema:odd>" in line for line in lines)
    assert lines <= set(dataset.published)


def test_the_command_writes_it(harbour: Path, tmp_path: Path) -> None:
    """`export --tree`, and what does not go with it."""
    out = tmp_path / "tree.jsonld"
    run = CliRunner().invoke
    assert run(cli, ["export", "--tree", "--project", str(harbour), "-o", str(out)]).exit_code == 0
    assert json.loads(out.read_bytes())["@id"].startswith("id:")
    for wrong in (["--evidence"], ["--tree", "--format", "ttl"], ["--tree", str(out)]):
        assert isinstance(run(cli, ["export", *wrong, "--project", str(harbour)]).exception, UsageError)
