"""Whoever knows the standard terms only gets an answer: the published Turtle, asked as a consumer would ask it."""

from collections import defaultdict
from collections.abc import Iterable

import pytest

from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.iris import compact
from isoc_kg.namespaces import DCTERMS, EV, ORG, OWL, PREFIXES, PROV, RDF, RDFS, SCHEMA, SKOS
from isoc_kg.project import load_project
from isoc_kg.query import StoreEvaluator
from isoc_kg.rdf import read_lines
from isoc_kg.rdf.lines import iri, split
from isoc_kg.rdf.tokens import is_iri, is_literal

from material import ROOT

ID = "https://w3id.org/isoc-kg/id/"
Pair = tuple[str, str]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The shipped facts and ontology, of which only the authored graphs are asked here."""
    return build_dataset(load_project(ROOT))


@pytest.fixture(scope="module")
def published() -> list[bytes]:
    """What a consumer downloads: one file, facts and derived statements alike."""
    return list(read_lines(ROOT / "out" / "isoc-kg.ttl", None))


@pytest.fixture(scope="module")
def store(published: list[bytes]) -> StoreEvaluator:
    """The file in a store."""
    return StoreEvaluator.of_lines(published)


def below(dataset: Dataset, term: str, by: str) -> set[str]:
    """A term and all that the ontology's files put below it."""
    links = [(iri(s), iri(o)) for s, p, o, _ in map(split, dataset.graph("ontology")) if iri(p) == by]
    found, last = {term}, set[str]()
    while found != last:
        last = set(found)
        found |= {narrow for narrow, wide in links if wide in found}
    return found


def stated(dataset: Dataset, properties: Iterable[str]) -> set[Pair]:
    """Subject and object of the facts with one of these properties."""
    wanted = set(properties)
    return {(iri(s), iri(o)) for s, p, o, _ in map(split, dataset.graph("facts")) if iri(p) in wanted and is_iri(o)}


def answers(store: StoreEvaluator, pattern: str) -> set[tuple[str, ...]]:
    """The solutions of `SELECT *` with a pattern of `?s` and `?o`."""
    prefixes = "".join(f"PREFIX {name}: <{space}> " for name, space in PREFIXES.items())
    variables = "?s ?o" if "?o" in pattern else "?s"
    _, rows = store.select(f"{prefixes} PREFIX id: <{ID}> SELECT DISTINCT {variables} WHERE {{ {pattern} }}")
    return {tuple(term.value for term in row) for row in rows}


@pytest.mark.parametrize("class_", [SKOS.Concept, SCHEMA.Organization, SCHEMA.DefinedTerm, SCHEMA.Event, ORG.Role])
def test_things_of_a_standard_class(dataset: Dataset, store: StoreEvaluator, class_: str) -> None:
    """As many things as facts give a class below it, by a query that names no term of ours."""
    types = below(dataset, class_, RDFS.subClassOf)
    withdrawn = {thing for thing, _ in answers(store, "?s owl:deprecated ?o")}
    expected = {(thing,) for thing, type_ in stated(dataset, [RDF.type]) if type_ in types and thing not in withdrawn}
    assert withdrawn
    assert answers(store, f"?s a <{class_}>") == expected
    assert expected


@pytest.mark.parametrize(
    "property_",
    [
        *(ORG.purpose, ORG.linkedTo, DCTERMS.subject, DCTERMS.hasPart, DCTERMS.isPartOf, DCTERMS.hasVersion),
        *(DCTERMS.conformsTo, DCTERMS.audience, SCHEMA.keywords),
    ],
)
def test_statements_with_a_standard_property(dataset: Dataset, store: StoreEvaluator, property_: str) -> None:
    """As many pairs as facts link by a property below it."""
    expected = stated(dataset, below(dataset, property_, RDFS.subPropertyOf))
    assert answers(store, f"?s <{property_}> ?o FILTER(STRSTARTS(STR(?s), '{ID}'))") == expected
    assert expected


def test_our_own_wider_properties_too(dataset: Dataset, store: StoreEvaluator) -> None:
    """Each property of ours that has others below it answers for them, and kg.toml lists it."""
    ontology = [split(line) for line in dataset.graph("ontology")]
    own = dataset.project.own_prefixes["isoc"]
    wider = {iri(o) for _, p, o, _ in ontology if iri(p) == RDFS.subPropertyOf and iri(o).startswith(own)}
    assert wider
    assert wider <= set(dataset.project.entailed)
    for property_ in wider:
        expected = stated(dataset, below(dataset, property_, RDFS.subPropertyOf))
        assert answers(store, f"?s <{property_}> ?o") == expected


def test_evidence_is_provenance(dataset: Dataset, store: StoreEvaluator) -> None:
    """Each pair of a claim and a sentence that says or implies it."""
    lines = [split(line) for line in dataset.graph("evidence")]
    evidence = {(iri(s), iri(o)) for s, p, o, _ in lines if iri(p) in (EV.supportedBy, EV.impliedBy)}
    assert answers(store, f"?s <{PROV.wasDerivedFrom}> ?o") == evidence
    assert len(evidence) > 1_000


def test_the_concepts_as_a_thesaurus(dataset: Dataset, store: StoreEvaluator) -> None:
    """Broader has its inverse, related goes both ways, every scheme has top concepts, above all others."""
    broader = stated(dataset, [SKOS.broader])
    assert answers(store, "?s skos:narrower ?o") == {(wide, narrow) for narrow, wide in broader}
    related = stated(dataset, below(dataset, SKOS.related, RDFS.subPropertyOf))
    assert answers(store, "?s skos:related ?o") == related | {(o, s) for s, o in related}
    assert not related & answers(store, "?s skos:broader+ ?o")  # S27 of the SKOS Reference
    schemes = {s for (s,) in answers(store, "?s a skos:ConceptScheme MINUS { ?s owl:deprecated true }")}
    assert {s for s, _ in answers(store, "?s skos:hasTopConcept ?o")} == schemes
    concepts = answers(store, f"?s a skos:Concept FILTER(STRSTARTS(STR(?s), '{ID}'))")
    assert answers(store, "?x skos:hasTopConcept ?top . ?s skos:broader* ?top") == concepts
    assert not answers(store, "?s skos:hasTopConcept ?o . ?o owl:deprecated true")


def test_what_is_not_entailed(published: list[bytes]) -> None:
    """No relation, no Dublin Core element, nothing that everything is, nothing of a domain or range."""
    for line in published:
        _, predicate, object_, _ = split(line)
        assert iri(predicate) != DCTERMS.relation
        assert not iri(predicate).startswith("http://purl.org/dc/elements/")
        assert object_[1:-1].decode() not in (OWL.Thing, RDFS.Resource, SCHEMA.Thing)


def test_derived_statements_are_apart(dataset: Dataset) -> None:
    """What is entailed stands in the derived graph alone and repeats no fact; it is less than half of the rest."""
    derived, rest = dataset.graph("derived"), dataset.graph("facts", "evidence", "document")
    assert not set(derived) & set(rest)
    assert len(derived) < len(rest) / 2


# ----------------------------------------------------------------------------
# schema.org by its own definitions
# ----------------------------------------------------------------------------

#: Property of schema.org 30.0 → the classes that its domainIncludes names, as far as data here have them.
DOMAINS = {
    "about": "CreativeWork DefinedTerm DefinedTermSet Event",
    "acceptedAnswer": "Question",
    "alternateName": "Thing",
    "areaServed": "Organization Service",
    "author": "CreativeWork",
    "datePublished": "CreativeWork",
    "description": "Thing",
    "founder": "Organization",
    "foundingDate": "Organization",
    "hasDefinedTerm": "DefinedTermSet",
    "identifier": "Thing",
    "itemListElement": "ItemList",
    "keywords": "CreativeWork Event Organization Place Product",
    "mainEntityOfPage": "Thing",
    "mentions": "CreativeWork",
    "name": "Thing",
    "organizer": "Event",
    "position": "CreativeWork ListItem",
    "publisher": "CreativeWork",
    "sameAs": "Thing",
    "sha256": "MediaObject",
    "startDate": "Event",
    "text": "CreativeWork",
    "url": "Thing",
    "version": "CreativeWork",
}
#: Property → the classes of its rangeIncludes, where its values are things.
RANGES = {
    "about": "Thing",
    "acceptedAnswer": "Answer",
    "areaServed": "Place",
    "founder": "Organization Person",
    "hasDefinedTerm": "DefinedTerm",
    "itemListElement": "Thing",
    "keywords": "DefinedTerm",
    "mainEntityOfPage": "CreativeWork",
    "mentions": "Thing",
    "organizer": "Organization Person",
    "publisher": "Organization Person",
}
#: Class → the one above it.
ABOVE = {
    "Answer": "Comment", "Article": "CreativeWork", "Comment": "CreativeWork", "Continent": "Landform",
    "DefinedTermSet": "CreativeWork", "DigitalDocument": "CreativeWork", "Landform": "Place",
    "MediaObject": "CreativeWork", "Project": "Organization", "Question": "Comment", "Report": "Article",
    "Statement": "CreativeWork", "WebSite": "CreativeWork",
}  # fmt: skip


def classes_of(published: list[bytes]) -> dict[bytes, set[str]]:
    """Thing → names of its classes in schema.org, by the types that the file gives it; everything is a Thing."""
    found: dict[bytes, set[str]] = defaultdict(lambda: {"Thing"})
    for subject, predicate, object_, _ in map(split, published):
        if iri(predicate) == RDF.type and iri(object_).startswith(SCHEMA.iri):
            name: str | None = iri(object_).removeprefix(SCHEMA.iri)
            while name:
                found[subject].add(name)
                name = ABOVE.get(name)
    return found


def test_no_property_outside_its_domain_or_range(published: list[bytes]) -> None:
    """By the types that the published file gives, without the ontology."""
    lines = [*published, *read_lines(ROOT / "out" / "alignments.ttl", None)]
    classes = classes_of(lines)
    wrong, used = [], set()
    for subject, predicate, object_, _ in map(split, lines):
        if not iri(predicate).startswith(SCHEMA.iri):
            continue
        name = iri(predicate).removeprefix(SCHEMA.iri)
        used.add(name)
        if not classes[subject] & set(DOMAINS[name].split()):
            wrong.append((subject, name, "domain"))
        if is_iri(object_) and name in RANGES and not classes[object_] & set(RANGES[name].split()):
            wrong.append((object_, name, "range"))
        if is_literal(object_) and name in RANGES:
            wrong.append((object_, name, "literal"))
    assert wrong == []
    assert len(used) > 15


def test_organisations_are_classified_by_a_concept(store: StoreEvaluator) -> None:
    """ISOC and OTA: no NGO and no legal status, which the text does not give; a kind that it does."""
    kind = f"{ID}non-profit-organisation"
    expected = {(f"{ID}internet-society", kind), (f"{ID}ota", kind)}
    assert answers(store, "?s org:classification ?o . ?o a skos:Concept") == expected
    assert not answers(store, "?s a schema:NGO") | answers(store, "?s schema:nonprofitStatus ?o")


def test_the_terms_are_a_set(dataset: Dataset, store: StoreEvaluator) -> None:
    """Headword and related terms are defined terms of one set, and the related ones keep their order."""
    related = {o for _, o in stated(dataset, [dataset.project.own_prefixes["isoc"] + "relatedTerm"])}
    members = {term for _, term in answers(store, "?s a schema:DefinedTermSet ; schema:hasDefinedTerm ?o")}
    assert members == related | {f"{ID}term-internet-society"}
    assert {term for (term,) in answers(store, "?s a schema:DefinedTerm")} == members
    places = answers(store, "?x schema:hasDefinedTerm ?s . ?s a schema:ListItem ; schema:position ?o")
    assert sorted(int(place) for _, place in places) == list(range(1, len(related) + 1))


def test_identity_for_search_engines() -> None:
    """schema:sameAs beside owl:sameAs, page for page; one address each."""
    lines = [split(line) for line in read_lines(ROOT / "out" / "alignments.ttl", None)]
    values: dict[Pair, set[str]] = defaultdict(set)
    for s, p, o, _ in lines:
        values[iri(s), compact(iri(p), PREFIXES)].add(iri(o))
    isoc = f"{ID}internet-society"
    same, pages = values[isoc, "owl:sameAs"], values[isoc, "schema:sameAs"]
    assert len(same) == len(pages) == 3
    assert same - pages == {"http://www.wikidata.org/entity/Q749257"}
    assert pages - same == {"https://www.wikidata.org/wiki/Q749257"}
    assert {key: urls for key, urls in values.items() if key[1] == "schema:url" and len(urls) > 1} == {}
