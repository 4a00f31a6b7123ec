"""Dates after the edition that is their evidence: flags with an answer, whether the text is at hand or not."""

from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.authoring.dates import is_date, past_properties, precedes
from isoc_kg.evidence.check import EvidenceCheck, check_evidence
from isoc_kg.evidence.flags import LATER, VERIFIER
from isoc_kg.evidence.questions import QUESTIONS
from isoc_kg.namespaces import SCHEMA, XSD
from isoc_kg.project import load_project
from isoc_kg.validation import ShapesGraph

from material import ROOT

HEAD = """@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ev: <https://w3id.org/isoc-kg/evidence#> .
@prefix lamp: <https://lamp.example/kg/ontology#> .
@prefix id: <https://lamp.example/kg/id/> .
@prefix en: <https://lamp.example/kg/document/en/1#> .
@prefix de: <https://lamp.example/kg/document/de/1#> .
"""
LINE = HEAD.count("\n") + 1


def dated(lamp: Path, date: str) -> None:
    """Give the English document a date; the German one has none."""
    toml = lamp / "kg.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(
        text.replace('unknown = ["author", "publisher", "date", "source"]',
                     f'date = {date}\nunknown = ["author", "publisher", "source"]', 1),
        encoding="utf-8",
    )  # fmt: skip


def checked(lamp: Path, statement: str) -> EvidenceCheck:
    """The check of the project with one more statement."""
    (lamp / "facts" / "more.ttl").write_text(HEAD + statement + "\n", encoding="utf-8")
    dataset = build_dataset(load_project(lamp))
    return check_evidence(dataset, ShapesGraph.of_project(dataset.project))


CASES = {
    # the edition's date, a statement, whether its date is later
    "a year": ('"1920"', '"1922"^^xsd:gYear', True),
    "the same year": ('"1922"', '"1922"^^xsd:gYear', False),
    "a day of that year": ('"1922"', '"1922-12-31"^^xsd:date', False),
    "a month of a day": ("1922-05-07", '"1922-06"^^xsd:gYearMonth', True),
    "the day after": ("1922-05-07", '"1922-05-08"^^xsd:date', True),
    "a time of that day": ("1922-05-07", '"1922-05-07T23:00:00Z"^^xsd:dateTime', False),
    "a year of a day": ("1922-05-07", '"1922"^^xsd:gYear', False),
}


@pytest.mark.parametrize("case", CASES)
def test_a_date_is_compared_as_far_as_both_tell(lamp: Path, case: str) -> None:
    """The flag is raised at the line of the annotation, for the unit of the edition whose date is known."""
    edition, value, later = CASES[case]
    dated(lamp, edition)
    result = checked(lamp, f"id:rope-school schema:foundingDate {value} {{| ev:impliedBy en:2.3 , de:2.3 |}} .")
    flags = [flag for flag in result.flags if flag.question == LATER]
    assert [flag.unit.rpartition("/document/")[2] for flag in flags] == (["en/1#2.3"] if later else [])
    if later:
        assert (flags[0].finding.line, flags[0].finding.severity) == (LINE, "warning")
        assert f'ev:answer "en:2.3 {LATER}: …"' in (flags[0].finding.advice or "")


def test_without_a_date_or_of_what_may_be_planned_nothing_is_asked(lamp: Path) -> None:
    """An edition whose date is unknown tells nothing; an end or an event may lie ahead."""
    assert not checked(lamp, 'id:night-watch schema:foundingDate "1922"^^xsd:gYear {| ev:supportedBy en:2.3 |} .').flags
    dated(lamp, '"1920"')
    for name in ("schema:startDate", "schema:dissolutionDate"):
        result = checked(lamp, f'id:rope-school {name} "1922"^^xsd:gYear {{| ev:impliedBy en:2.3 |}} .')
        assert [flag for flag in result.flags if flag.question == LATER] == []


def test_a_property_of_the_project_s_own_below_one_is_asked(lamp: Path) -> None:
    """What the ontology puts below a property of the past is one, too, however far."""
    ontology = lamp / "ontology" / "lamp.ttl"
    ontology.write_text(
        ontology.read_text(encoding="utf-8")
        + 'lamp:lit a owl:DatatypeProperty ; rdfs:label "lit"@en ; rdfs:subPropertyOf lamp:began .\n'
        'lamp:began a owl:DatatypeProperty ; rdfs:label "began"@en ; rdfs:subPropertyOf schema:foundingDate .\n',
        encoding="utf-8",
    )
    dated(lamp, '"1920"')
    result = checked(lamp, 'id:rope-school lamp:lit "1922"^^xsd:gYear {| ev:impliedBy en:2.3 |} .')
    assert LATER in {flag.question for flag in result.flags}
    late = build_dataset(load_project(lamp))
    assert SCHEMA.foundingDate in past_properties(late.graph("ontology"))
    checked(lamp, 'id:rope-school lamp:lit "2029"^^xsd:gYear {| skos:editorialNote "A plan."@en |} .')
    findings = build_dataset(load_project(lamp)).findings
    assert any("the publication is of 2026-02-03" in finding.message for finding in findings)


def test_it_is_asked_without_the_text_and_may_be_answered(lamp: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """The gate counts it where no text is at hand; an answer of the pair settles it, and an idle one is named."""
    statement = 'id:rope-school schema:foundingDate "1922"^^xsd:gYear {| ev:impliedBy en:2.3 |} .'
    dated(lamp, '"1920"')
    for text in (lamp / "documents").iterdir():
        text.unlink()
    toml = lamp / "kg.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("publish_text = true\n", ""), encoding="utf-8")
    assert checked(lamp, statement).summary == "text not compared, 1 flag without an answer (later 1), 0 answered"
    assert "1 flag without an answer (later 1)" in cli("build", "--project", lamp).stdout
    answer = f'{statement[:-4]} ; ev:answer "en:2.3 later: the text speaks of a plan."@en |}} .'
    assert [flag.answer for flag in checked(lamp, answer).flags] == ["the text speaks of a plan."]
    result = checked(lamp, answer.replace("1922", "1919"))
    assert result.flags == ()
    assert "nothing raised what" in result.warnings[0].message


def test_dates() -> None:
    """Years of more and of fewer digits than four, before our era, with a time zone."""
    assert precedes("-0044", "0014")
    assert precedes("9999", "12000")
    assert not precedes("12000", "9999")
    assert not precedes("2018-05:00", "2018-06")
    assert not precedes("soon", "2018")
    assert is_date("2024-02-29", XSD.date)
    assert not is_date("2023-02-29", XSD.date)
    assert not is_date("2023", XSD.string)


def test_the_shape_names_every_flag() -> None:
    """The shape of answers allows the flags of the check, and no others."""
    shapes = (ROOT / "shapes" / "evidence-shapes.ttl").read_text(encoding="utf-8")
    flags = [question.name for question in QUESTIONS if question.severity == "flag"]
    assert f"({'|'.join([*flags, LATER, VERIFIER])}):" in shapes


SHAPED = {
    'ev:answer "en:2.4 direktion: it is."@en': "Flags: subject, classes",
    'ev:answer "en:2.4 direction: it is."': "with a language tag",
    'ev:answer "en:2.4 direction:  "@en': "unit, flag and reason",
    'ev:retracted "no tag"': "reason a language for retracting",
    'schema:validFrom "1999"^^xsd:gYear ; schema:validThrough "1998-12-31"^^xsd:date': "cannot hold up to",
    'schema:validFrom "1999"^^xsd:gYear, "1998"^^xsd:gYear': "Give one xsd:gYear",
    "ev:confidence 0.5, 0.6": "Give one confidence",
}


@pytest.mark.parametrize("annotation", SHAPED)
def test_an_annotation_is_validated_once_at_its_line(lamp: Path, cli, annotation: str) -> None:  # type: ignore[no-untyped-def]
    """Violations of what a claim carries stand at the annotation, not at the claim, and are told once."""
    (lamp / "facts" / "more.ttl").write_text(
        HEAD + "id:salt-guild lamp:trains id:divers\n  {| ev:supportedBy en:3.5\n  |}\n"
        f"  {{| {annotation} |}} .\n", encoding="utf-8",
    )  # fmt: skip
    done = cli("build", "--project", lamp, code=1)
    assert SHAPED[annotation] in done.stderr
    assert done.stderr.count("more.ttl:") == 1
    assert f"more.ttl:{LINE + 3}" in done.stderr
