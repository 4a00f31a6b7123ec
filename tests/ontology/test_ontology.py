"""The ontology: its header and terms, its JSON-LD context, the rules of OWL 2 DL, and consistency by a reasoner."""

import json
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable
from io import BytesIO
from typing import Any

import pytest

from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.namespaces import DCTERMS, EV, FOAF, OWL, PREFIXES, RDF, RDFS, SCHEMA, SKOS, VANN, XSD
from isoc_kg.project import load_project
from isoc_kg.rdf import iri, literal, read_lines, read_quads, split

from material import ROOT

ONTOLOGY = "https://w3id.org/isoc-kg/ontology"
OWN = ONTOLOGY + "#"
EVIDENCE = "https://w3id.org/isoc-kg/evidence"
#: Ontology → its file.
HOMES = {ONTOLOGY: "isoc.ttl", EVIDENCE: "evidence.ttl"}
OURS = tuple(f"{home}#" for home in HOMES)
FILES = [ROOT / "ontology" / name for name in ("isoc.ttl", "evidence.ttl")]
Triple = tuple[bytes, bytes, bytes]


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    """The shipped dataset."""
    return build_dataset(load_project(ROOT))


def triples(lines: Iterable[bytes]) -> list[Triple]:
    return [split(line)[:3] for line in lines]


@pytest.fixture(scope="module")
def ontology() -> list[Triple]:
    """The triples of the two files of the ontology."""
    return triples(line for file in FILES for line in read_lines(file, None))


# ----------------------------------------------------------------------------
# Header and terms
# ----------------------------------------------------------------------------


@pytest.mark.parametrize(("home", "prefix"), [(ONTOLOGY, "isoc"), (EVIDENCE, "ev")])
def test_the_header_is_complete(ontology: list[Triple], home: str, prefix: str) -> None:
    """What the registries of vocabularies ask for: what it is, whose, since when, which version, which prefix."""
    said = {iri(p): o for s, p, o in ontology if iri(s) == home}
    assert said[RDF.type] == f"<{OWL.Ontology}>".encode()
    for needed in ("title", "description", "abstract", "creator", "publisher", "license", "bibliographicCitation"):
        assert needed in {name.removeprefix(DCTERMS[""]) for name in said}, needed
    version = literal(said[OWL.versionInfo])[0]
    assert re.fullmatch(r"\d+\.\d+\.\d+(\.dev\d+)?", version)
    assert iri(said[OWL.versionIRI]) == f"{home}/{version}"
    assert literal(said[VANN.preferredNamespacePrefix])[0] == prefix
    assert literal(said[VANN.preferredNamespaceUri])[0] == home + "#"
    dates = [literal(said[DCTERMS[name]]) for name in ("created", "issued", "modified")]
    assert {kind for _, _, kind in dates} == {XSD.date}
    assert [day for day, _, _ in dates] == sorted(day for day, _, _ in dates)


def test_each_ontology_has_its_file() -> None:
    """The evidence vocabulary, which every project gets, is an ontology of its own; terms stand in their own file."""
    for home, name in HOMES.items():
        lines = read_lines(ROOT / "ontology" / name, None)
        heads = {iri(s) for s, _, o in triples(lines) if o == f"<{OWL.Ontology}>".encode()}
        assert heads == {home}
        assert {iri(s).partition("#")[0] for s, _, _ in triples(lines) if iri(s).startswith(OURS)} == {home}


def test_no_blank_nodes(ontology: list[Triple]) -> None:
    """Every node of the ontology can be named."""
    assert [t for t in ontology if t[0].startswith(b"_:") or t[2].startswith(b"_:")] == []


def test_every_own_term_is_described_and_placed(ontology: list[Triple]) -> None:
    """A term of ours has a label, a definition, an example and its home, and hangs from a standard term, if from any.

    One that says something: below `dcterms:relation` stands nothing. What is withdrawn has a successor instead.
    """
    said: dict[str, dict[str, list[bytes]]] = defaultdict(lambda: defaultdict(list))
    for s, p, o in ontology:
        said[iri(s)][iri(p)].append(o)
    own = {term: parts for term, parts in said.items() if term.startswith(OURS)}
    assert len(own) > 40

    def standard(term: str, seen: frozenset[str] = frozenset()) -> bool:
        if not term.startswith(OURS):
            return True
        above = [iri(o) for p in (RDFS.subClassOf, RDFS.subPropertyOf, RDF.type) for o in own[term][p]]
        above = [name for name in above if not name.startswith(OWL[""])]
        return term not in seen and any(standard(name, seen | {term}) for name in above)

    for term, parts in own.items():
        needed = [RDFS.label, SKOS.definition, RDFS.isDefinedBy]
        if parts[OWL.deprecated]:
            needed.append(DCTERMS.isReplacedBy)
        elif f"<{SKOS.ConceptScheme}>".encode() not in parts[RDF.type]:
            needed.append(SKOS.example)
        for predicate in needed:
            assert len(parts[predicate]) == 1, (term, predicate)
        assert iri(parts[RDFS.isDefinedBy][0]) == term.partition("#")[0]
        assert literal(parts[SKOS.definition][0])[0].endswith("."), term
        assert f"<{DCTERMS.relation}>".encode() not in parts[RDFS.subPropertyOf], term
        if parts[OWL.deprecated]:
            continue
        if not any(iri(kind).endswith("Property") for kind in parts[RDF.type]):
            assert standard(term), f"{term} stands under no standard term"
            continue
        assert parts[RDFS.domain] or parts[SCHEMA.domainIncludes], f"{term} has no domain"
        # an initiative may be whatever it is: of that property classes are only included
        assert parts[RDFS.range] or parts[SCHEMA.rangeIncludes], f"{term} has no range"


def test_terms_that_moved_keep_their_iris(dataset: Dataset, ontology: list[Triple], context: dict[str, Any]) -> None:
    """The fifteen of version 1 lead to those of the evidence vocabulary; no datum, no name of JSON-LD has them."""
    successors = {iri(s): iri(o) for s, p, o in ontology if iri(p) == DCTERMS.isReplacedBy}
    assert len(successors) == 15
    declared = {iri(s) for s, p, _ in ontology if iri(p) == RDF.type}
    for old, new in successors.items():
        assert (old.partition("#")[0], new) == (ONTOLOGY, EV[old.partition("#")[2]])
        assert new in declared
    data = {iri(term) for _, p, o in triples(dataset.graph("facts", "evidence", "document")) for term in (p, o)}
    assert not data & successors.keys()
    assert not {full for full, _ in terms(context).values()} & successors.keys()


def test_no_two_terms_have_one_label(ontology: list[Triple]) -> None:
    """Of our own terms none is called as any other, whatever the case; of others' none as written."""
    labels: dict[str, set[str]] = defaultdict(set)
    for s, p, o in ontology:
        if iri(p) == RDFS.label:
            labels[literal(o)[0]].add(iri(s))
    assert {label: terms for label, terms in labels.items() if len(terms) > 1} == {}
    folded: dict[str, set[str]] = defaultdict(set)
    for label, terms in labels.items():
        folded[label.casefold()] |= terms
    own = {label: terms for label, terms in folded.items() if any(term.startswith(OURS) for term in terms)}
    assert {label: terms for label, terms in own.items() if len(terms) > 1} == {}


def test_the_terms_of_others_keep_their_labels(ontology: list[Triple]) -> None:
    """schema.org's labels are its names: ours are their words, and no other; pages word them by themselves."""
    labels = {iri(s): literal(o)[0] for s, p, o in ontology if iri(p) == RDFS.label and iri(s).startswith(SCHEMA.iri)}
    assert len(labels) > 40
    words = {name: re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name.removeprefix(SCHEMA.iri)).lower() for name in labels}
    assert words == labels
    more = [iri(s) for s, p, _ in ontology if iri(p) in (SKOS.prefLabel, SKOS.altLabel, SKOS.hiddenLabel)]
    assert [name for name in more if not name.startswith(OURS)] == []


#: What FOOPS! 0.3.2 asks an ontology to say of itself (tests OM1 to OM5, FIND1, VER1), a DOI aside: there is none.
METADATA = {
    "OM1": [
        *(DCTERMS.title, DCTERMS.description, DCTERMS.license, DCTERMS.creator),
        *(OWL.versionIRI, VANN.preferredNamespaceUri),
    ],
    "OM2": [VANN.preferredNamespacePrefix, OWL.versionInfo, DCTERMS.created, DCTERMS.bibliographicCitation],
    "OM3": [
        DCTERMS.publisher, FOAF.logo, "http://purl.org/ontology/bibo/status", DCTERMS.source, DCTERMS.issued,
    ],
    "OM4.1": [DCTERMS.license],
    "OM5.1": [DCTERMS.creator, DCTERMS.created],
    "OM5.2": [DCTERMS.publisher, DCTERMS.modified, DCTERMS.abstract],
}  # fmt: skip


@pytest.mark.parametrize("asked", METADATA)
@pytest.mark.parametrize("home", HOMES)
def test_the_metadata_that_foops_asks_for(ontology: list[Triple], home: str, asked: str) -> None:
    """Each property is there, IRIs where a registry follows them."""
    said: dict[str, list[bytes]] = defaultdict(list)
    for s, p, o in ontology:
        if iri(s) == home:
            said[iri(p)].append(o)
    assert [name for name in METADATA[asked] if not said[name]] == []
    for name in (DCTERMS.license, DCTERMS.source, FOAF.logo, "http://purl.org/ontology/bibo/status", OWL.versionIRI):
        assert all(value.startswith(b"<") for value in said[name]), name


def test_the_vocabularies_are_reused_and_documented(ontology: list[Triple]) -> None:
    """FOOPS! VOC1 to VOC4, URI1 and PURL1: terms under others' terms, labelled and defined, at persistent addresses."""
    reused = {
        iri(o).removesuffix(iri(o).rpartition("/" if "#" not in iri(o) else "#")[2])
        for s, p, o in ontology
        if iri(s).startswith(OURS) and iri(p) in (RDFS.subClassOf, RDFS.subPropertyOf) and not iri(o).startswith(OURS)
    }
    assert {SCHEMA.iri, SKOS.iri, DCTERMS.iri} < reused
    assert all(home.startswith("https://w3id.org/") for home in HOMES)
    states = {iri(o).rpartition("/")[2] for _, p, o in ontology if iri(p) == "http://purl.org/ontology/bibo/status"}
    assert states <= {"draft", "published"}


ORDER = [
    RDF.type, RDFS.label, SKOS.altLabel, SKOS.hiddenLabel, SKOS.definition, SKOS.example, SKOS.scopeNote, SKOS.note,
    RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range, SCHEMA.domainIncludes, SCHEMA.rangeIncludes,
    SKOS.inScheme, OWL.deprecated, DCTERMS.isReplacedBy, RDFS.isDefinedBy,
]  # fmt: skip


@pytest.mark.parametrize("file", FILES, ids=lambda file: str(file.name))
def test_predicates_stand_in_the_fixed_order(file: Any) -> None:
    """The style guide's order: kind, name, meaning, place, home."""
    written: dict[str, list[int]] = defaultdict(list)
    for quad in read_quads(file, None):
        subject = iri(str(quad.subject).encode())
        if subject.startswith(OURS):
            written[subject].append(ORDER.index(quad.predicate.value))
    assert written
    assert [term for term, places in written.items() if places != sorted(places)] == []


def test_names_tell_kinds(ontology: list[Triple]) -> None:
    """Classes and concepts begin with a capital, properties with a small letter."""
    for s, p, o in ontology:
        if iri(s).startswith(OURS) and iri(p) == RDF.type:
            first = iri(s).partition("#")[2][0]
            assert first.islower() == iri(o).endswith("Property"), iri(s)


# ----------------------------------------------------------------------------
# What is used is declared, and what is published has a term in the context
# ----------------------------------------------------------------------------

#: Needs no declaration: the model itself.
BUILT_IN = {RDF.type, RDFS.label, OWL.sameAs}


def used_terms(lines: Iterable[bytes]) -> set[str]:
    """The properties, and the classes of things, that triples use."""
    found = set()
    for _, p, o in triples(lines):
        found.add(iri(p))
        if iri(p) == RDF.type:
            found.add(iri(o))
    return found


@pytest.mark.parametrize("graph", ["facts", "evidence", "document", "derived", "alignments"])
def test_every_term_used_is_declared(dataset: Dataset, ontology: list[Triple], graph: str) -> None:
    """No graph uses a property or a class that the ontology does not declare, ours or another's."""
    lines = dataset.graph(graph)
    assert lines
    declared = {iri(s) for s, p, _ in ontology if iri(p) == RDF.type}
    assert used_terms(lines) - declared - BUILT_IN == set()


@pytest.fixture(scope="module")
def context() -> dict[str, Any]:
    """The JSON-LD context that is published, and made of ontology and shapes."""
    found: dict[str, Any] = json.loads((ROOT / "out" / "context.jsonld").read_text(encoding="utf-8"))["@context"]
    return found


def terms(context: dict[str, Any]) -> dict[str, tuple[str, dict[str, Any]]]:
    """Term → its IRI and its definition; the prefixes left out."""
    prefixes = {k: v for k, v in context.items() if isinstance(v, str) and v.endswith(("#", "/"))}
    found = {}
    for name, value in context.items():
        if name.startswith("@") or name in prefixes:
            continue
        definition = {"@id": value} if isinstance(value, str) else value
        full = definition.get("@id") or definition["@reverse"]
        prefix, _, local = full.partition(":")
        found[name] = (prefixes[prefix] + local if prefix in prefixes else full, definition)
    return found


def test_the_context_is_closed_and_safe(context: dict[str, Any]) -> None:
    """JSON-LD 1.1, protected, nothing fetched, nothing caught by a default vocabulary; prefixes as everywhere."""
    assert context["@version"] == 1.1
    assert context["@protected"] is True
    assert not {"@vocab", "@import", "@base", "@propagate"} & set(context)
    for name, value in context.items():
        if isinstance(value, str) and value.endswith(("#", "/")) and name in PREFIXES:
            assert value == PREFIXES[name]
    assert context["isoc"] == OWN


def test_every_term_of_the_context_is_declared(context: dict[str, Any], ontology: list[Triple]) -> None:
    """A term of the context means something the ontology declares."""
    declared = {iri(s) for s, p, _ in ontology if iri(p) == RDF.type} | BUILT_IN
    assert {name: full for name, (full, _) in terms(context).items() if full not in declared} == {}


def test_all_that_is_published_has_a_term(context: dict[str, Any], dataset: Dataset) -> None:
    """Each property and class of the published data is written short."""
    named = {full for full, _ in terms(context).values()}
    assert used_terms([*dataset.published, *dataset.graph("alignments")]) - named - {RDF.type} == set()


def test_a_term_is_typed_as_its_property_is_declared(context: dict[str, Any], ontology: list[Triple]) -> None:
    """Links are IRIs, names are language maps or texts, and evidence hangs from its subject."""
    kind = {iri(s): iri(o) for s, p, o in ontology if iri(p) == RDF.type}
    for name, (full, definition) in terms(context).items():
        if "@reverse" in definition:
            assert (name, full) == ("claims", RDF.subject)
        elif kind.get(full) == OWL.ObjectProperty and full != RDF.object:  # a claim's object may be a literal
            assert definition.get("@type") == "@id", name
        elif kind.get(full) == OWL.DatatypeProperty:
            assert definition.get("@type") != "@id", name
    maps = {name for name, (_, definition) in terms(context).items() if "@language" in definition.get("@container", ())}
    assert {"name", "alternateName", "prefLabel", "altLabel", "hiddenLabel", "label", "gist"} <= maps


# ----------------------------------------------------------------------------
# OWL 2 DL
# ----------------------------------------------------------------------------

RESERVED = tuple(space[""] for space in (RDF, RDFS, OWL, XSD))
#: Reification and rdf:value belong to RDF's own vocabulary, which OWL 2 DL keeps for itself. The data needs them;
#: for a reasoner they are put under stand-ins.
NOT_DL = {RDF[name] for name in ("Statement", "subject", "predicate", "object", "value")}
#: Constructs that none of the global restrictions of OWL 2 DL (Structural Specification, 11.2) speaks about.
HARMLESS_KINDS = {
    OWL[name]
    for name in ("Ontology", "Class", "ObjectProperty", "DatatypeProperty", "AnnotationProperty", "NamedIndividual")
}
HARMLESS = {RDF.type, RDFS.label, RDFS.comment, RDFS.isDefinedBy, RDFS.seeAlso, OWL.versionIRI, OWL.versionInfo,
            OWL.deprecated, OWL.sameAs}  # fmt: skip
AXIOMS = {RDFS.subClassOf, RDFS.subPropertyOf, RDFS.domain, RDFS.range}
#: Of the datatypes that OWL 2 DL has, those used; the last two are mapped before reasoning.
DATATYPES = {XSD[name] for name in ("string", "integer", "nonNegativeInteger", "boolean", "anyURI", "dateTime")} | {
    XSD.decimal, RDF.PlainLiteral, XSD.gYear, RDF.langString,
}  # fmt: skip
PROPERTIES = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}


def dl_breaches(data: list[Triple]) -> list[str]:
    """Breaches of the rules of OWL 2 DL, as far as this small check goes.

    It is no profile checker: it admits only declarations, subclass, subproperty, domain and range axioms between
    names, and assertions, to which most rules cannot apply, and holds these to declaration, separation of kinds,
    reserved names and datatypes. Anything else (restrictions, characteristics, chains, lists) it reports.
    """
    found = []
    kinds: dict[str, set[str]] = defaultdict(set)
    for s, p, o in data:
        if iri(p) == RDF.type and iri(o) in HARMLESS_KINDS and not s.startswith(b"_:"):
            kinds[iri(s)].add(iri(o))
    for name, declared in kinds.items():
        if len(declared & PROPERTIES) > 1:
            found.append(f"two kinds of property: {name}")
        if name.startswith(RESERVED) and name not in NOT_DL and name != OWL.deprecated:
            found.append(f"reserved: {name}")
    for s, p, o in data:
        if s.startswith(b"_:") or o.startswith(b"_:"):
            found.append(f"blank node: {s!r} {o!r}")
            continue
        property_ = iri(p)
        if property_ == RDF.type:
            if iri(o) not in HARMLESS_KINDS and OWL.Class not in kinds[iri(o)]:
                found.append(f"not a declared class: {iri(o)}")
        elif property_ in AXIOMS:
            found += axiom_breaches(kinds, iri(s), property_, iri(o))
        elif property_ not in HARMLESS:
            found += assertion_breaches(kinds[property_], property_, o)
    return found


def axiom_breaches(kinds: dict[str, set[str]], subject: str, axiom: str, object_: str) -> list[str]:
    """Breaches of one axiom: both sides are of the kind it speaks about."""
    if axiom == RDFS.subClassOf:
        right = OWL.Class in kinds[subject] and OWL.Class in kinds[object_]
    elif axiom == RDFS.subPropertyOf:
        right = bool(kinds[subject] & kinds[object_] & PROPERTIES)
    elif axiom == RDFS.domain:
        right = bool(kinds[subject] & PROPERTIES) and OWL.Class in kinds[object_]
    elif OWL.AnnotationProperty in kinds[subject]:
        right = True  # Structural Specification, 10.2.4: any IRI, without a meaning for reasoners
    elif OWL.DatatypeProperty in kinds[subject]:
        right = object_ in DATATYPES
    else:
        right = OWL.ObjectProperty in kinds[subject] and OWL.Class in kinds[object_]
    return [] if right else [f"wrong kinds: {subject} {axiom} {object_}"]


def assertion_breaches(kinds: set[str], property_: str, object_: bytes) -> list[str]:
    """Breaches of one assertion: a declared property, and a value of its sort."""
    text = object_.startswith(b'"')
    if not kinds & PROPERTIES:
        return [f"not a declared property: {property_}"]
    if OWL.ObjectProperty in kinds and text and property_ != RDF.object:
        return [f"literal behind an object property: {property_}"]
    if OWL.DatatypeProperty in kinds:
        if not text:
            return [f"no literal behind a datatype property: {property_}"]
        _, language, datatype = literal(object_)
        if not language and datatype and datatype not in DATATYPES:
            return [f"datatype outside OWL 2 DL: {datatype}"]
    return []


@pytest.fixture(scope="module")
def data(dataset: Dataset) -> list[bytes]:
    """What is given to a reasoner: all but the claims, which speak about statements."""
    return dataset.graph("ontology", "facts", "derived", "document", "alignments")


def test_what_is_outside_owl_2_dl_is_documented(ontology: list[Triple], data: list[bytes]) -> None:
    """docs/conformance.md names what keeps the ontology out of OWL 2 DL, and nothing else does."""
    document = (ROOT / "docs" / "conformance.md").read_text(encoding="utf-8")
    row = next(line for line in document.splitlines() if line.startswith("| OWL 2 DL"))
    named = set(re.findall(r"`((?:rdf|xsd):\w+)`", row))
    declared = {iri(s) for s, p, o in ontology if iri(p) == RDF.type and iri(s).startswith(RESERVED)}
    outside = {name for name in declared if name != OWL.deprecated}
    used = {literal(o)[2] for _, _, o in triples(data) if o.startswith(b'"') and not literal(o)[1]}
    used |= {iri(o) for _, p, o in ontology if iri(p) == RDFS.range and iri(o) in DATATYPES}
    of_owl = {
        XSD[name] for name in ("string", "integer", "nonNegativeInteger", "boolean", "anyURI", "dateTime", "decimal")
    }
    outside |= {name for name in used if name and name not in of_owl and not name.startswith(DCTERMS.iri)}
    prefixes = {"rdf": RDF.iri, "xsd": XSD.iri}
    assert {prefixes[name.partition(":")[0]] + name.partition(":")[2] for name in named} == outside


def test_the_rules_of_owl_2_dl_hold(data: list[bytes]) -> None:
    """Our own small check of the structural rules finds nothing; it is no substitute for a profile checker."""
    assert dl_breaches(triples(data)) == []


BREACHES = [
    ("two kinds", f"<{EV.gist}> <{RDF.type}> <{OWL.ObjectProperty}>"),
    ("reserved", f"<{RDF.List}> <{RDF.type}> <{OWL.Class}>"),
    ("blank node", f"<{OWN}Area> <{RDFS.subClassOf}> _:b"),
    ("not a declared class", f"<{OWN}x> <{RDF.type}> <{OWN}Nothing>"),
    ("not a declared class", f"<{OWN}hasArea> <{RDF.type}> <{OWL.TransitiveProperty}>"),
    ("not a declared property", f"<{OWN}x> <{OWN}unheardOf> <{OWN}y>"),
    ("not a declared property", f"<{OWN}hasArea> <{OWL.inverseOf}> <{OWN}inArea>"),
    ("wrong kinds", f"<{OWN}hasArea> <{RDFS.subPropertyOf}> <{EV.gist}>"),
    ("wrong kinds", f"<{OWN}Area> <{RDFS.subClassOf}> <{OWN}hasArea>"),
    ("wrong kinds", f"<{EV.gist}> <{RDFS.range}> <{OWN}Area>"),
    ("wrong kinds", f"<{OWN}hasArea> <{RDFS.domain}> <{XSD.string}>"),
    ("literal behind", f'<{OWN}x> <{OWN}hasArea> "trust"'),
    ("no literal behind", f"<{OWN}x> <{EV.gist}> <{OWN}y>"),
    ("datatype outside", f'<{OWN}x> <{SCHEMA.startDate}> "2026-11-23"^^<{XSD.date}>'),
]


@pytest.mark.parametrize(("message", "planted"), BREACHES, ids=[f"{m}-{n}" for n, (m, _) in enumerate(BREACHES)])
def test_a_planted_breach_is_found(data: list[bytes], message: str, planted: str) -> None:
    """Each rule of the check is broken once, and found."""
    breaches = dl_breaches([*triples(data), *triples([planted.encode() + b" .\n"])])
    assert any(breach.startswith(message) for breach in breaches)


# ----------------------------------------------------------------------------
# Consistency, by HermiT
# ----------------------------------------------------------------------------


def for_a_reasoner(line: bytes) -> bytes:
    """A triple with what is outside OWL 2 DL put into it: years as integers, RDF's own names under stand-ins."""
    mapped = line.replace(XSD.gYear.encode() + b">", XSD.integer.encode() + b">")
    mapped = mapped.replace(RDF.langString.encode() + b">", RDF.PlainLiteral.encode() + b">")
    for name in NOT_DL:
        mapped = mapped.replace(f"<{name}>".encode(), f"<urn:stand-in:{name.partition('#')[2]}>".encode())
    return mapped


def is_consistent(lines: Iterable[bytes]) -> bool:
    """Whether HermiT finds a model, with no class that must be empty; skips when the reasoner is not installed."""
    owlready2 = pytest.importorskip(
        "owlready2", reason="NOT TESTED: consistency by HermiT: pip install -e '.[reasoner]' and install Java"
    )
    if shutil.which("java") is None:
        pytest.skip("NOT TESTED: consistency by HermiT: no java on this machine")
    world = owlready2.World()
    try:
        loaded = BytesIO(b"".join(sorted(map(for_a_reasoner, lines))))
        world.get_ontology(ONTOLOGY).load(fileobj=loaded, format="ntriples")
        try:
            owlready2.sync_reasoner_hermit(world, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            return False
        return not list(world.inconsistent_classes())
    finally:
        world.close()


def test_ontology_and_facts_are_consistent(data: list[bytes]) -> None:
    """HermiT finds a model of the ontology with all facts, units and alignments."""
    assert is_consistent(data)


@pytest.mark.parametrize(
    "planted",
    [
        # The range of hasArea makes a continent an area.
        [
            "<https://w3id.org/isoc-kg/id/internet-society> <{own}hasArea> <https://w3id.org/isoc-kg/id/africa> .\n",
            "<{own}Area> <{owl}disjointWith> <https://schema.org/Continent> .\n",
        ],
        # A gist is a text with its language, by the range of gist and the mapping of its datatype.
        ['<https://w3id.org/isoc-kg/id/x> <{ev}gist> "7"^^<{xsd}integer> .\n'],
        # What is supported is supported by a unit, through the superproperty.
        [
            "<https://w3id.org/isoc-kg/id/x> <{ev}impliedBy> <https://w3id.org/isoc-kg/id/africa> .\n",
            "<https://schema.org/Continent> <{owl}disjointWith> <http://www.w3.org/ns/oa#SpecificResource> .\n",
        ],
    ],
    ids=["range", "datatype", "superclass"],
)
def test_a_planted_contradiction_is_found(data: list[bytes], planted: list[str]) -> None:
    """The reasoner really reasons: contradictions that follow only through our axioms are found."""
    added = [line.format(own=OWN, ev=EV[""], owl=OWL[""], xsd=XSD[""]).encode() for line in planted]
    assert not is_consistent([*data, *added])
