"""Facts: annotations become claims; what is refused, and what is only found wanting."""

from pathlib import Path

import pytest

from isoc_kg.authoring.facts import Facts, collect_facts
from isoc_kg.errors import FactsError
from isoc_kg.iris import Identifiers
from isoc_kg.namespaces import EV
from isoc_kg.rdf import read_located

IDS = Identifiers("https://e.org/")
HEAD = """@prefix id: <https://e.org/id/> . @prefix s: <https://e.org/document/d/1#> . \
@prefix claim: <https://e.org/claim/> .
@prefix ev: <https://w3id.org/isoc-kg/evidence#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
"""


def facts(tmp_path: Path, *texts: str, further: tuple[str, ...] = ()) -> Facts:
    files = []
    for number, text in enumerate(texts):
        file = tmp_path / f"{number}.ttl"
        file.write_text(HEAD + text, encoding="utf-8")
        files.append((file, read_located(file)))
    return collect_facts(files, IDS.claim, further)


def test_annotations_of_one_triple_merge(tmp_path: Path) -> None:
    """Several blocks, and several files, make one claim with all their evidence."""
    found = facts(
        tmp_path,
        "id:a id:p id:b {| ev:supportedBy s:1.1 |} {| ev:impliedBy s:1.2 |} .",
        'id:a id:p id:b {| ev:supportedBy s:2.1 ; skos:editorialNote "why"@en |} .',
    )
    (claim,) = found.claims.values()
    assert found.findings == []
    assert [unit for _, unit, _ in claim.units(EV.supportedBy)] == [
        "https://e.org/document/d/1#1.1", "https://e.org/document/d/1#2.1",
    ]  # fmt: skip
    assert [(path.name, line) for path, line in claim.places] == [("0.ttl", 4), ("1.ttl", 4)]
    assert not claim.editorial


def test_claim_iri_is_the_digest_of_the_canonical_line() -> None:
    """The subject's local name and sixteen digits; an outside subject gets a name of its own."""
    line = b"<https://e.org/id/a> <https://e.org/id/p> <https://e.org/id/b> .\n"
    assert IDS.claim(line) == "https://e.org/claim/a.2e4f3f48c24a2e68" or IDS.claim(line).startswith(
        "https://e.org/claim/a."
    )
    assert len(IDS.claim(line).rpartition(".")[2]) == 16
    assert IDS.claim(line.replace(b"e.org/id/a", b"x.org/Some_Thing")).startswith("https://e.org/claim/some-thing.")


def test_the_lowered_form_is_the_same_claim(tmp_path: Path) -> None:
    """RDF 1.1 reification means what an annotation means."""
    annotated = facts(tmp_path, "id:a id:p id:b {| ev:supportedBy s:1.1 |} .")
    lowered = facts(
        tmp_path,
        "id:a id:p id:b . <urn:c> a rdf:Statement ; rdf:subject id:a ; rdf:predicate id:p ; rdf:object id:b ; "
        "ev:supportedBy s:1.1 .",
    )
    first, second = (next(iter(found.claims.values())) for found in (annotated, lowered))
    assert (first.iri, list(first.units())[0][1]) == (second.iri, list(second.units())[0][1])
    assert lowered.findings == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id:a id:p id:b ~ id:r {| ev:supportedBy s:1.1 |} .", "is named"),
        ("id:a id:p id:b ~ _:r {| ev:supportedBy s:1.1 |} .", "is named"),
        ("id:a id:p id:b {| ev:supportedBy s:1.1 {| ev:supportedBy s:1.2 |} |} .", "annotation on an annotation"),
        ("id:a id:p <<( id:a id:p id:b )>> .", "triple term"),
        ('id:a id:p "x"@en--ltr {| ev:supportedBy s:1.1 |} .', "base direction"),
        ("id:a id:p [] {| ev:supportedBy s:1.1 |} .", "blank node"),
        ("id:a id:p id:b {| id:colour id:red |} .", "may not stand in an annotation block"),
        ('id:a id:p id:b {| ev:supportedBy "2.2" |} .', "needs an IRI"),
        ("id:a id:p id:b {| skos:editorialNote id:x |} .", "needs a text"),
        ("id:a ev:supportedBy s:1.1 .", "outside an annotation block"),
        ("<urn:c> a rdf:Statement ; rdf:subject id:a .", "not whole"),
        (
            "claim:x.0 a rdf:Statement ; rdf:subject id:a ; rdf:predicate id:p ; rdf:object id:b .",
            "IRI of another triple",
        ),
    ],
)
def test_refused_forms(tmp_path: Path, text: str, message: str) -> None:
    """A form that the project does not take is refused with file, line and what to write instead."""
    with pytest.raises(FactsError, match=message) as caught:
        facts(tmp_path, text)
    assert caught.value.line == 4
    assert caught.value.advice


def test_evidence_without_its_triple_and_a_triple_without_evidence(tmp_path: Path) -> None:
    """Both are findings with file and line."""
    found = facts(tmp_path, "<< id:a id:p id:b >> ev:supportedBy s:1.1 .\nid:a id:q id:b .")
    assert [(finding.line, finding.message.split(":")[0]) for finding in found.findings] == [
        (4, "evidence for a triple that no file asserts"), (5, "a claim without evidence"),
    ]  # fmt: skip


_FURTHER = """@prefix schema: <https://schema.org/> . @prefix prov: <http://www.w3.org/ns/prov#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""


@pytest.mark.parametrize(
    "annotation",
    [
        "ev:contradictedBy s:1.2",
        'ev:preferred "why"@en',
        'ev:retracted "why"@en',
        'ev:answer "1.1 subject: it is."@en',
        "ev:confidence 0.75",
        "ev:confidence 1.0",
        'schema:validFrom "1992"^^xsd:gYear',
        'schema:validThrough "1992-05"^^xsd:gYearMonth',
        'schema:validThrough "1992-05-01"^^xsd:date',
        'schema:validThrough "1992-05-01T10:00:00Z"^^xsd:dateTime',
        "prov:wasAttributedTo id:somebody",
    ],
)
def test_further_annotations(tmp_path: Path, annotation: str) -> None:
    """What a claim may carry besides its evidence is kept, published on it, and is no evidence by itself."""
    predicate = annotation.split(" ", 1)[0]
    found = facts(tmp_path, f"{_FURTHER} id:a id:p id:b {{| ev:supportedBy s:1.1 ; {annotation} |}} .")
    (claim,) = found.claims.values()
    assert found.findings == []
    assert sum(predicate.partition(":")[2].encode() + b"> " in line for line in claim.statement()) == 1
    alone = facts(tmp_path, f"{_FURTHER} id:a id:p id:b {{| {annotation} |}} .")
    (finding,) = alone.findings
    assert finding.message.startswith("a claim ")
    assert ("only contradicted" in finding.message) == (predicate == "ev:contradictedBy")


@pytest.mark.parametrize(
    ("annotation", "words"),
    [
        ('ev:contradictedBy "s:1.2"', "an IRI"),
        ("ev:preferred s:1.2", "a text"),
        ("ev:retracted true", None),
        ("ev:confidence 1.01", "from 0 to 1"),
        ("ev:confidence -0.5", "from 0 to 1"),
        ("ev:confidence 1", "xsd:decimal"),
        ("ev:confidence id:b", "xsd:decimal"),
        ('schema:validFrom "1992"', "xsd:gYear"),
        ('schema:validFrom "92"^^xsd:gYear', "xsd:gYear"),
        ('schema:validFrom "1992-02-30"^^xsd:date', "xsd:dateTime"),
        ('schema:validThrough "1992-13"^^xsd:gYearMonth', "xsd:gYear"),
        ('schema:validThrough "1992-05-01"^^xsd:dateTime', "xsd:gYear"),
        ('prov:wasAttributedTo "somebody"', "an IRI"),
        ("schema:name id:b", "may not stand"),
    ],
)
def test_annotations_that_are_refused(tmp_path: Path, annotation: str, words: str | None) -> None:
    """Each annotation has values of one kind, and unknown ones are refused with the list of those allowed."""
    text = f"{_FURTHER} id:a id:p id:b {{| ev:supportedBy s:1.1 ; {annotation} |}} ."
    if words is None:
        assert facts(tmp_path, text).findings == []  # a text as good as any; the shape asks for its language
        return
    with pytest.raises(FactsError) as raised:
        facts(tmp_path, text)
    assert words in str(raised.value)
    if words == "may not stand":
        assert "ev:confidence" in str(raised.value)
        assert "[annotations]" in str(raised.value)


def test_annotations_of_a_project(tmp_path: Path) -> None:
    """Those that a project allows may have any value, but a blank node."""
    text = "id:a id:p id:b {{| ev:supportedBy s:1.1 ; id:readBy {} |}} ."
    found = facts(tmp_path, text.format('"Mara"'), further=("https://e.org/id/readBy",))
    assert found.findings == []
    with pytest.raises(FactsError):
        facts(tmp_path, text.format("[]"), further=("https://e.org/id/readBy",))
    with pytest.raises(FactsError):
        facts(tmp_path, text.format('"Mara"'))
