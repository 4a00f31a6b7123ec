"""What the build derives in listed terms: superclasses, superproperties, inverses, top concepts; in any project."""

from pathlib import Path

import pytest

from isoc_kg import KnowledgeGraph
from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.authoring.entailment import Axioms, entailed_lines
from isoc_kg.errors import ProjectError, UsageError
from isoc_kg.evidence.authored import Authored
from isoc_kg.evidence.behind import explain
from isoc_kg.graph.dataset_source import DatasetSource
from isoc_kg.namespaces import OWL, RDF, RDFS, SH, SKOS
from isoc_kg.project import load_project
from isoc_kg.query import StoreEvaluator
from isoc_kg.rdf.lines import iri, literal, split
from isoc_kg.rdf.tokens import is_literal
from isoc_kg.validation.report import Result

HEAD = """@prefix id: <https://harbour.example/kg/id/> . @prefix harbour: <https://harbour.example/kg/ontology#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix schema: <https://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix s: <https://harbour.example/kg/document/guide/1#> .
@prefix ev: <https://w3id.org/isoc-kg/evidence#> .
"""
#: A crane is a machine and a tool, each of which is the other; lifting is moving, and what is moved is moved by it.
ONTOLOGY = """harbour:Crane a owl:Class ; rdfs:label "crane"@en ; rdfs:subClassOf harbour:Machine .
harbour:Machine a owl:Class ; rdfs:label "machine"@en ; rdfs:subClassOf harbour:Tool , schema:Product .
harbour:Tool a owl:Class ; rdfs:label "tool"@en ; rdfs:subClassOf harbour:Machine .
harbour:Device a owl:Class ; rdfs:label "device"@en ; owl:equivalentClass harbour:Tool .
harbour:lifts a owl:ObjectProperty ; rdfs:label "lifts"@en ; rdfs:subPropertyOf harbour:moves , dcterms:relation ;
    rdfs:domain harbour:Weighing .
harbour:Weighing a owl:Class ; rdfs:label "weighing"@en ; rdfs:subClassOf skos:Concept .
harbour:Scale a owl:Class ; rdfs:label "scale"@en ; rdfs:subClassOf harbour:Weighing .
harbour:moves a owl:ObjectProperty ; rdfs:label "moves"@en .
harbour:movedBy a owl:ObjectProperty ; rdfs:label "moved by"@en ; owl:inverseOf harbour:moves .
harbour:besides a owl:ObjectProperty , owl:SymmetricProperty ; rdfs:label "stands beside"@en ;
    rdfs:subPropertyOf skos:related .
harbour:nickname a owl:DatatypeProperty ; rdfs:label "nickname"@en ;
    rdfs:subPropertyOf schema:disambiguatingDescription .
"""
FACTS = """id:crane a harbour:Crane ; schema:name "crane"@en ; harbour:lifts id:box ; harbour:nickname "Bill"@en .
id:box a schema:Product ; schema:name "box"@en .
id:winch a harbour:Tool ; schema:name "winch"@en ; harbour:besides id:crane .
"""
SCHEMES = """id:one a harbour:Use ; skos:prefLabel "one"@en .
id:two a harbour:Use ; skos:prefLabel "two"@en ; skos:broader id:one .
id:three a harbour:Use ; skos:prefLabel "three"@en ; skos:related id:one .
"""
TOPS = {f"uses hasTopConcept {name}" for name in ("fishing", "rowing", "one", "three")}
#: Terms listed → what is derived besides labels and schemes.
CASES = {
    "nothing": ([], set()),
    "class": (["schema:Product"], {"crane type Product", "winch type Product"}),
    "classes in a loop": (["harbour:Machine"], {"crane type Machine", "winch type Machine"}),
    "what is stated is not derived": (["harbour:Tool"], {"crane type Tool"}),
    "equivalent class": (["harbour:Device"], {"crane type Device", "winch type Device"}),
    "property": (["harbour:moves"], {"crane moves box"}),
    "inverse of a wider property": (["harbour:movedBy"], {"box movedBy crane"}),
    "both": (["harbour:movedBy", "harbour:moves"], {"crane moves box", "box movedBy crane"}),
    "symmetric": (["harbour:besides"], {"crane besides winch"}),
    "below a symmetric one": (["skos:related"], {"crane related winch", "winch related crane", "one related three"}),
    "text": (["schema:disambiguatingDescription"], {"crane disambiguatingDescription Bill"}),
    "no class from a domain": (["harbour:Weighing"], set()),
    "narrower": (["skos:narrower"], {"one narrower two"}),
    "top concepts": (["skos:hasTopConcept"], TOPS),
    "top concepts both ways": (["skos:topConceptOf"], set()),
    "tops and their inverse": (
        ["skos:hasTopConcept", "skos:topConceptOf"],
        TOPS | {"one topConceptOf uses", "three topConceptOf uses"},
    ),
}


def project_of(harbour: Path, terms: list[str], facts: str = FACTS + SCHEMES) -> Dataset:
    """The harbour with an ontology, facts and a list of terms of its own."""
    file = harbour / "kg.toml"
    shown = "".join(f'    "{term}",\n' for term in terms)
    listed = f"\n[entailment]\n# Not “dcterms:relation”.\nterms = [\n{shown}]\n" if terms else ""
    file.write_text(file.read_text(encoding="utf-8") + listed, encoding="utf-8")
    (harbour / "ontology" / "zz.ttl").write_text(HEAD + ONTOLOGY, encoding="utf-8")
    (harbour / "facts" / "zz.ttl").write_text(HEAD + facts, encoding="utf-8")
    return build_dataset(load_project(harbour))


def derived(dataset: Dataset) -> set[str]:
    """The derived triples about the things of this test in few words, labels and schemes left out."""
    found = set()
    for subject, predicate, object_, _ in map(split, dataset.graph("derived")):
        if iri(predicate) not in (RDFS.label, SKOS.inScheme):
            words = literal(object_)[0] if is_literal(object_) else iri(object_)
            names = (name.rpartition("/")[2].rpartition("#")[2] for name in (iri(subject), iri(predicate), words))
            found.add(" ".join(names))
    return found


@pytest.mark.parametrize("case", CASES)
def test_case(harbour: Path, case: str) -> None:
    """What follows in listed terms, by any number of steps, and nothing else; no warning of them."""
    terms, wanted = CASES[case]
    dataset = project_of(harbour, terms)
    about = {"crane", "winch", "box", "uses", "one", "two", "three"}
    assert {line for line in derived(dataset) if line.split()[0] in about} == wanted
    assert not [finding for finding in dataset.findings if "entailment" in finding.message]


def test_a_scheme_that_names_its_top_concepts_keeps_them(harbour: Path) -> None:
    """Top concepts are found only where nothing says which they are."""
    facts = FACTS + SCHEMES + "id:three skos:topConceptOf id:uses .\n"
    dataset = project_of(harbour, ["skos:hasTopConcept"], facts)
    assert {line for line in derived(dataset) if "hasTopConcept" in line} == {"uses hasTopConcept three"}


def test_what_is_retracted_entails_nothing(harbour: Path) -> None:
    """Only what is stated is repeated in wider terms."""
    facts = FACTS + SCHEMES.replace(
        "skos:broader id:one .", 'skos:broader id:one {| ev:supportedBy s:1.1 ; ev:retracted "Misread."@en |} .'
    )
    assert "one narrower two" not in derived(project_of(harbour, ["skos:narrower"], facts))


def test_what_is_withdrawn_is_in_no_scheme(harbour: Path) -> None:
    """It keeps its class and label alone; `false` withdraws nothing."""
    facts = FACTS + SCHEMES + "id:one owl:deprecated true . id:three owl:deprecated false .\n"
    lines = [split(line) for line in project_of(harbour, ["skos:hasTopConcept"], facts).graph("derived")]
    inside = {iri(s).rpartition("/")[2] for s, p, _, _ in lines if iri(p) == SKOS.inScheme}
    assert inside >= {"two", "three"}
    assert "one" not in inside
    assert "one" in {iri(s).rpartition("/")[2] for s, p, _, _ in lines if iri(p) == RDFS.label}


def test_evidence_is_derivation(harbour: Path) -> None:
    """Each claim was derived from the units behind it, supported or implied."""
    dataset = project_of(harbour, ["prov:wasDerivedFrom"])
    found = sum(b"#wasDerivedFrom>" in line for line in dataset.graph("derived"))
    lines = dataset.graph("evidence")
    assert found == sum(b"#supportedBy>" in line or b"#impliedBy>" in line for line in lines) > 0


def test_a_term_that_nothing_leads_to(harbour: Path) -> None:
    """A warning at the term's own line in kg.toml; an unknown term is an error with what was meant."""
    dataset = project_of(harbour, ["skos:related", "schema:Person", "harbour:move", "skos:Concpt"])
    told = [finding for finding in dataset.findings if "[entailment]" in finding.message]
    lines = (harbour / "kg.toml").read_text(encoding="utf-8").splitlines()
    places = {lines[(finding.line or 0) - 1].strip(' ",'): finding for finding in told}
    assert set(places) == {"schema:Person", "harbour:move", "skos:Concpt"}
    assert places["schema:Person"].severity == "warning"
    assert "nothing leads to schema:Person" in places["schema:Person"].message
    assert places["harbour:move"].severity == "error"
    assert "harbour:moves" in (places["harbour:move"].advice or "")
    assert "skos:Concept" in (places["skos:Concpt"].advice or "")


@pytest.mark.parametrize(
    "term",
    [
        "dcterms:relation", "owl:Thing", "schema:Thing", "http://schema.org/Thing", "rdfs:Resource",
        "owl:topObjectProperty",
        "http://purl.org/dc/terms/relation", "http://purl.org/dc/elements/1.1/subject",
    ],
)  # fmt: skip
def test_a_term_that_says_nothing_is_refused(harbour: Path, term: str) -> None:
    """By name, with the line of the list on which it stands."""
    with pytest.raises(ProjectError, match="nearly nothing") as error:
        project_of(harbour, ["skos:Concept", term])
    assert f"“{term}”" in error.value.message
    line = (harbour / "kg.toml").read_text(encoding="utf-8").splitlines()[(error.value.line or 0) - 1]
    assert line.strip() == f'"{term}",'


@pytest.mark.parametrize("setting", ["terms = []", 'terms = "skos:Concept"', 'terms = ["Concept"]', "term = []"])
def test_a_setting_that_is_none(harbour: Path, setting: str) -> None:
    """A list that is none, or empty, or another key, is refused with the line."""
    file = harbour / "kg.toml"
    file.write_text(file.read_text(encoding="utf-8") + f"\n[entailment]\n{setting}\n", encoding="utf-8")
    with pytest.raises(ProjectError) as error:
        load_project(harbour)
    assert error.value.line == len(file.read_text(encoding="utf-8").splitlines())


@pytest.mark.parametrize(
    ("query", "claims"),
    [
        ("SELECT ?x { ?x a schema:Product }", {"crane a Crane", "winch a Tool", "box a Product"}),
        ("SELECT ?x { ?x harbour:movedBy id:crane }", {"crane lifts box"}),
        ("SELECT ?x { id:crane harbour:moves ?x }", {"crane lifts box"}),
        ("SELECT ?x { id:crane skos:related ?x }", {"winch besides crane"}),
        (
            "SELECT ?x { id:uses skos:hasTopConcept ?x }",
            {"one a Use", "three a Use"},
        ),
        ("SELECT ?x { id:two skos:inScheme ?x }", {"two a Use"}),
        ("SELECT ?p ?x { id:one ?p ?x FILTER(?p = skos:narrower) }", {"two broader one"}),
    ],
)
def test_the_claim_behind(harbour: Path, query: str, claims: set[str]) -> None:
    """Who says so, of what is derived: the claim that it follows from, and no other."""
    terms = [
        "schema:Product",
        "harbour:moves",
        "harbour:movedBy",
        "skos:related",
        "skos:hasTopConcept",
        "skos:narrower",
    ]
    dataset = project_of(harbour, terms)
    store = StoreEvaluator.of_lines(dataset.published)
    prefixes = dataset.project.prefixes
    explanation = explain(
        "".join(f"PREFIX {name}: <{space}> " for name, space in prefixes.items()) + query,
        store.select,
        Authored(dataset),
        prefixes,
    )
    found = set()
    for _, evidence in explanation:
        assert evidence
        for one in evidence:
            names = [part.strip("<>").rpartition("/")[2].rpartition("#")[2] for part in one.triple]
            found.add(" ".join(names).replace("ns type ", "").replace(" type ", " a "))
    assert found >= claims
    assert {one for one in found if one.split()[1] in ("lifts", "besides", "broader", "related")} <= claims


@pytest.mark.parametrize(
    ("predicate", "object_", "line"),
    [("moves", "box", "harbour:lifts"), ("moves", None, "harbour:lifts"), ("besides", "winch", "harbour:besides")],
)
def test_a_violation_of_what_is_derived_points_at_the_fact(
    harbour: Path, predicate: str, object_: str | None, line: str
) -> None:
    """File and line are those of the statement that it follows from."""
    dataset = project_of(harbour, ["harbour:moves", "harbour:besides"])
    ids = dataset.project.ids
    result = Result(
        f"<{ids.thing('crane')}>",
        f"<{ids.ontology}#{predicate}>",
        f"<{ids.thing(object_)}>" if object_ else None,
        SH.MaxCountConstraintComponent,
        SH.Violation,
        None,
        "",
    )
    file, number = dataset.locate(result) or (Path(), 0)
    assert line in file.read_text(encoding="utf-8").splitlines()[number - 1]


@pytest.mark.parametrize(
    ("statement", "claim"),
    [
        (("box", "harbour:movedBy", "id:crane"), "id:crane harbour:lifts id:box"),
        (("crane", "harbour:moves"), "id:crane harbour:lifts id:box"),
        (("crane", "rdf:type", "schema:Product"), "id:crane rdf:type harbour:Crane"),
        (("uses", "skos:hasTopConcept", "id:one"), "id:one rdf:type harbour:Use"),
        (("one", "rdfs:label"), None),
    ],
)
def test_the_evidence_of_what_is_derived(harbour: Path, statement: tuple[str, ...], claim: str | None) -> None:
    """In Python, and so for assistants: that of the claim behind it; a label follows from no claim by axioms."""
    dataset = project_of(harbour, ["harbour:moves", "harbour:movedBy", "schema:Product", "skos:hasTopConcept"])
    kg = KnowledgeGraph(dataset.project, DatasetSource(dataset.project, dataset.lines, dataset))
    subject, predicate, *rest = statement
    if claim is None:
        with pytest.raises(UsageError, match="no such statement"):
            kg.evidence(f"id:{subject}", predicate)
    else:
        found = kg.evidence(f"id:{subject}", predicate, *rest)
        assert found.statement(dataset.project.prefixes) == claim


def test_time_is_linear_and_loops_end() -> None:
    """A chain of a thousand classes that bites its own tail: each line is looked up once a class, not once a line."""
    name = "<https://e.example/C%d>"
    chain = [f"{name % n} <{RDFS.subClassOf}> {name % ((n + 1) % 1_000)} .\n".encode() for n in range(1_000)]
    things = [f"<https://e.example/t{n}> <{RDF.type}> {name % (n % 7)} .\n".encode() for n in range(5_000)]
    axioms = Axioms(chain)
    assert len(entailed_lines(axioms, {b"<https://e.example/C999>"}, things)) == 5_000
    assert (b"<https://e.example/C1>", False) not in axioms.over(b"<https://e.example/C1>")
    assert f"<{OWL.Thing}>".encode() not in axioms.leading_to()
