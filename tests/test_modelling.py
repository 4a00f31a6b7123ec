"""The shipped publication: what it has to say, counted and spelled."""

import json
import re

import pytest

from isoc_kg.dataset import Dataset, build_dataset
from isoc_kg.evidence.coverage import NOT_COVERING, measure_coverage
from isoc_kg.project import load_project
from isoc_kg.serialization import iri, literal, read_lines, split

from material import ROOT


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The shipped dataset."""
    return build_dataset(load_project(ROOT))


def statements(dataset: Dataset) -> list[tuple[bytes, bytes, bytes, bytes]]:
    aligned = set(dataset.graph("alignments"))
    names = NOT_COVERING - {"https://schema.org/about"}
    return [
        p for p in map(split, dataset.claims) if iri(p[1]) not in names and b" ".join(p[:3]) + b" .\n" not in aligned
    ]


def test_enough_is_said_and_it_links(dataset: Dataset) -> None:
    """At least 250 statements, four in five between things; at most one claim in ten is editorial."""
    found = statements(dataset)
    assert len(found) >= 250
    assert sum(part[2].startswith(b"<") for part in found) / len(found) >= 0.8
    assert dataset.editorial_share <= 0.1
    assert dataset.findings == []


def test_every_unit_is_covered_or_exempt(dataset: Dataset) -> None:
    """Nothing that the document says is left without a claim."""
    (source,) = dataset.sources
    coverage = measure_coverage(dataset, source)
    assert coverage.uncovered == []
    assert {unit.exempt for unit in coverage.units} <= {
        None, *(f"https://w3id.org/isoc-kg/ontology#{name}" for name in ("Heading", "ListLeadIn", "Navigation")),
    }  # fmt: skip
    assert all(unit.unit.number in source.gists for unit in coverage.units if unit.exempt is None)


def test_no_blank_node_and_no_dangling_thing(dataset: Dataset) -> None:
    """Every node has an IRI, and every thing that is linked is described."""
    assert not [line for line in dataset.lines if b"_:" in line]
    things = dataset.project.ids.things.encode()
    subjects = {split(line)[0] for line in dataset.graph("facts")}
    linked = {split(line)[2] for line in dataset.graph("facts") if split(line)[2].startswith(b"<" + things)}
    assert linked - subjects == set()


@pytest.mark.parametrize("word", ["internet", "society"])
def test_the_word_is_spelled_by_its_segments(dataset: Dataset, word: str) -> None:
    """The segments in their order give the word's phonetic form."""
    name = dataset.project.ids.thing
    facts = [split(line) for line in dataset.graph("facts")]

    def value(subject: str, predicate: str) -> str:
        (found,) = [p[2] for p in facts if iri(p[0]) == subject and iri(p[1]).endswith(predicate)]
        return literal(found)[0]

    segments = [iri(p[2]) for p in facts if iri(p[0]) == name(f"word-{word}") and iri(p[1]).endswith("hasSegment")]
    ordered = sorted(segments, key=lambda segment: int(value(segment, "/position")))
    assert "".join(value(segment, "#value") for segment in ordered) == value(name(f"form-{word}"), "phoneticRep")


def test_every_term_used_is_declared(dataset: Dataset) -> None:
    """Each property and class of the published data and the alignments is declared in the ontology."""
    declared = {iri(split(line)[0]) for line in dataset.graph("ontology")}
    own = {
        f"http://www.w3.org/{rest}"
        for rest in ("1999/02/22-rdf-syntax-ns#type", "2000/01/rdf-schema#label", "2002/07/owl#sameAs")
    }
    used = set()
    for line in [*dataset.published, *dataset.graph("alignments")]:
        _, predicate, object_, _ = split(line)
        used.add(iri(predicate))
        if predicate.endswith(b"#type>"):
            used.add(iri(object_))
    foreign = {name for name in used - own if name not in declared}
    assert foreign == set()


def test_the_context_names_declared_terms(dataset: Dataset) -> None:
    """Every term of the JSON-LD context is declared, each property of the data has one, nothing is fetched."""
    context = json.loads((ROOT / "ontology" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    assert context["@version"] == 1.1
    assert context["@protected"] is True
    assert "@vocab" not in context
    prefixes = {key: value for key, value in context.items() if isinstance(value, str) and value.endswith(("/", "#"))}
    declared = {iri(split(line)[0]) for line in dataset.graph("ontology")}
    builtin = ("http://www.w3.org/2000/01/rdf-schema#label", "http://www.w3.org/2002/07/owl#sameAs")
    named = set()
    for key, value in context.items():
        if key.startswith("@") or key in prefixes:
            continue
        short = value if isinstance(value, str) else value.get("@id") or value["@reverse"]
        prefix, _, local = short.partition(":")
        name = prefixes[prefix] + local
        named.add(name)
        assert name in declared or name in builtin, key
    used = {iri(split(line)[1]) for line in dataset.published} - {"http://www.w3.org/1999/02/22-rdf-syntax-ns#type"}
    assert used - named == set()


def test_ontology_has_no_blank_nodes_and_a_whole_header() -> None:
    """Header as LOV and FOOPS! ask; own terms have label, definition, example and home."""
    lines = [line for name in ("isoc", "evidence") for line in read_lines(ROOT / "ontology" / f"{name}.ttl")]
    assert not [line for line in lines if b"_:" in line]
    header = {iri(split(line)[1]) for line in lines if line.startswith(b"<https://w3id.org/isoc-kg/ontology> ")}
    for part in ("title", "description", "creator", "license", "created", "modified", "versionIRI", "versionInfo",
                 "preferredNamespacePrefix", "preferredNamespaceUri"):  # fmt: skip
        assert any(name.endswith(part) for name in header), part
    own = {split(line)[0] for line in lines if line.startswith(b"<https://w3id.org/isoc-kg/ontology#")}
    for term in own:
        said = {iri(split(line)[1]).rpartition("#")[2] for line in lines if line.startswith(term + b" ")}
        assert {"label", "definition", "isDefinedBy"} <= said, term
        assert said & {"subClassOf", "subPropertyOf", "inScheme"} or term.endswith(b"#UnitKinds>"), term
        assert re.fullmatch(rb"<[^#]+#[A-Za-z]+>", term)
