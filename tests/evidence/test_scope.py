"""Statements with all words of a sentence that does not make them: parts, reports, conditions, exceptions, periods."""

from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.documents.index import index_document
from isoc_kg.evidence.check import check_evidence
from isoc_kg.evidence.figures import figures
from isoc_kg.evidence.measures import is_other_measure, measures_of
from isoc_kg.project import load_project
from isoc_kg.validation import ShapesGraph
from language_projects import HEAD, TOML

ONTOLOGY = """t:Body a owl:Class ; rdfs:label "body"@en , "Verein"@de .
t:Mill a owl:Class ; rdfs:label "mill"@en , "Mühle"@de .
t:Course a owl:Class ; rdfs:label "lesson"@en .
t:tends a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range t:Mill ; skos:hiddenLabel "tends"@en , "tend"@en ,
    "pflegen"@de , "pflegt"@de .
t:chair a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range schema:Person ; skos:hiddenLabel "chair"@en .
t:painted a owl:DatatypeProperty ; rdfs:domain t:Mill ; skos:hiddenLabel "was painted"@en , "gestrichen"@de .
t:cost a owl:DatatypeProperty ; rdfs:label "cost in francs"@en ; skos:hiddenLabel "cost"@en .
t:weight a owl:DatatypeProperty ; rdfs:label "weight in tonnes"@en ; skos:hiddenLabel "weigh"@en , "weighs"@en .
t:led a owl:ObjectProperty ; rdfs:domain t:Course ; rdfs:range schema:Person ; skos:hiddenLabel "led by"@en .
"""
THINGS = {
    "tarn": ("t:Body", "Tarn Guild"), "reed": ("t:Body", "Reed Union"), "low": ("t:Mill", "Low Mill"),
    "high": ("t:Mill", "High Mill"), "bo": ("schema:Person", "Bo Reef"), "una": ("schema:Person", "Una Lind"),
    "carving": ("t:Course", "carving course"), "choir": ("t:Course", "choir lesson"),
}  # fmt: skip
TENDS = "id:tarn t:tends id:low"
#: Text in Markdown's plain form, the number of the unit, a statement, and the question that it raises, if any.
CASES = {
    "members": ("Some members of the Tarn Guild tend the Low Mill.", "1.1", TENDS, "part"),
    "a member behind": ("The Tarn Guild tends half of the Low Mill.", "1.1", TENDS, "part"),
    "the whole": ("The Tarn Guild tends the Low Mill.", "1.1", TENDS, None),
    "what it does": ("The work of the Tarn Guild tends the Low Mill.", "1.1", TENDS, None),
    "a wheel": ("The wheel of the Low Mill was painted in 1931.", "1.1", 'id:low t:painted "1931"^^xsd:gYear', "part"),
    "its wheel": ("The Low Mill's wheel was painted in 1931.", "1.1", 'id:low t:painted "1931"^^xsd:gYear', "part"),
    "in apposition": (
        "The Low Mill's best sail, the Wing, was painted in 1931.",
        "1.1", 'id:low t:painted "1931"^^xsd:gYear', "part",
    ),
    "painted": ("The Low Mill was painted in 1931.", "1.1", 'id:low t:painted "1931"^^xsd:gYear', None),
    "thinks": ("Bo Reef thinks that the Tarn Guild tends the Low Mill.", "1.1", TENDS, "doubt"),
    "behind it": ("The Tarn Guild tends the Low Mill, as Bo knew when he said that it rained.", "1.1", TENDS, None),
    "according": ("According to Bo Reef, the Tarn Guild tends the Low Mill.", "1.1", TENDS, "doubt"),
    "by contract": ("According to the contract, the Tarn Guild tends the Low Mill.", "1.1", TENDS, None),
    "if": ("If the town agrees, the Tarn Guild will tend the Low Mill.", "1.1", TENDS, "doubt"),
    "former": ("Bo Reef is a former chair of the Tarn Guild.", "1.1", "id:tarn t:chair id:bo", "doubt"),
    "previously": ("Bo Reef was previously the chair of the Tarn Guild.", "1.1", "id:tarn t:chair id:bo", "doubt"),
    "once": ("Bo Reef was once the chair of the Tarn Guild.", "1.1", "id:tarn t:chair id:bo", "doubt"),
    "to become": ("Bo Reef is to become the chair of the Tarn Guild.", "1.1", "id:tarn t:chair id:bo", "doubt"),
    "limited": (
        "Bo Reef is a former chair of the Tarn Guild, until 1990.",
        "1.1", 'id:tarn t:chair id:bo; schema:validThrough "1990"^^xsd:gYear', None,
    ),
    "chair of the guild": (
        "The Tarn Guild is old. Bo Reef is the chair of the guild.", "1.2", "id:tarn t:chair id:bo", None,
    ),
    "except": ("The Tarn Guild tends all mills except the Low Mill.", "1.1", TENDS, "denial"),
    "apart from": ("The Tarn Guild tends every mill apart from the Low Mill.", "1.1", TENDS, "denial"),
    "heading": ("What the guild does not do\n\nThe Tarn Guild tends the Low Mill.", "2.1", TENDS, "denial"),
    "next heading": (
        "What the guild does not do\n\nIt sleeps.\n\nWhat it does\n\nThe Tarn Guild tends the Low Mill.",
        "4.1", TENDS, None,
    ),
    "lead-in": ("The Tarn Guild does not tend these:\n\n- the Low Mill\n", "2.1", TENDS, "denial"),
    "announced": ("The Tarn Guild tends these:\n\n- the Low Mill\n", "2.1", TENDS, None),
    "object above": ("These tend the Low Mill:\n\n- the Tarn Guild\n", "2.1", TENDS, None),
    "euros": ("The Low Mill cost 900 euros.", "1.1", 'id:low t:cost "900"^^xsd:integer', "elsewhere"),
    "francs": ("The Low Mill cost 900 francs.", "1.1", 'id:low t:cost "900"^^xsd:integer', None),
    "together": (
        "The Low Mill and the High Mill together weigh 41 tonnes.",
        "1.1", 'id:high t:weight "41"^^xsd:integer', "elsewhere",
    ),
    "from": (
        "Bo Reef, who was born in 1961, is the chair of the Tarn Guild since 2015.",
        "1.1", 'id:tarn t:chair id:bo; schema:validFrom "2015"^^xsd:gYear', None,
    ),
    "born": (
        "Bo Reef, who was born in 1961, is the chair of the Tarn Guild since 2015.",
        "1.1", 'id:tarn t:chair id:bo; schema:validFrom "1961"^^xsd:gYear', "period",
    ),
    "the other end": (
        "Bo Reef was the chair of the Tarn Guild from 1990 to 2011.",
        "1.1", 'id:tarn t:chair id:bo; schema:validFrom "2011"^^xsd:gYear', "period",
    ),
    "both ends": (
        "Bo Reef was the chair of the Tarn Guild from 1990 to 2011.",
        "1.1",
        'id:tarn t:chair id:bo; schema:validFrom "1990"^^xsd:gYear ; schema:validThrough "2011"^^xsd:gYear', None,
    ),
    "no such year": (
        "Bo Reef is the chair of the Tarn Guild.", "1.1",
        'id:tarn t:chair id:bo; schema:validFrom "1990"^^xsd:gYear', "period",
    ),
    "the mill": (
        "The Low Mill stands beside the High Mill. The High Mill is old. The mill was painted in 1931.",
        "1.3", 'id:low t:painted "1931"^^xsd:gYear', "subject",
    ),
    "the last mill": (
        "The Low Mill stands beside the High Mill. The High Mill is old. The mill was painted in 1931.",
        "1.3", 'id:high t:painted "1931"^^xsd:gYear', None,
    ),
    "it": (
        "The Low Mill is old. The High Mill is new. It was painted in 1931.",
        "1.3", 'id:low t:painted "1931"^^xsd:gYear', "subject",
    ),
    "it, the last": (
        "The Low Mill is old. The High Mill is new. It was painted in 1931.",
        "1.3", 'id:high t:painted "1931"^^xsd:gYear', None,
    ),
    "by name before class": (
        "The guild offers a carving course. It also offers a choir lesson. The course is led by Bo Reef.",
        "1.3", "id:carving t:led id:bo", None,
    ),
}  # fmt: skip
GERMAN = {
    "Mitglieder": ("Einige Mitglieder der Tarn Guild pflegen die Low Mill.", "1.1", TENDS, "part"),
    "alle": ("Die Tarn Guild pflegt die Low Mill.", "1.1", TENDS, None),
    "Meinung": ("Bo Reef glaubt, dass die Tarn Guild die Low Mill pflegt.", "1.1", TENDS, "doubt"),
    "außer": ("Die Tarn Guild pflegt alle Mühlen außer der Low Mill.", "1.1", TENDS, "denial"),
}


def raised(folder: Path, language: str, text: str, unit: str, statement: str) -> set[str]:
    """The questions that a statement on a unit of a text raises in a project of its own."""
    for name in ("facts", "ontology"):
        (folder / name).mkdir()
    (folder / "d.txt").write_text(text + "\n", encoding="utf-8")
    toml = TOML.format(language=language, title="Tarn").replace('"verein"', '"fen"')
    (folder / "kg.toml").write_text(toml, encoding="utf-8")
    (folder / "ontology" / "t.ttl").write_text(HEAD + ONTOLOGY, encoding="utf-8")
    index_document(folder / "d.txt", folder / "facts/units/d/1.jsonl", slug="d", edition="1", language=language)
    note = '{| skos:editorialNote "x"@en |}'
    lines = [
        f'id:{one} a {class_} {note} ; schema:name "{label}"@en {note} .' for one, (class_, label) in THINGS.items()
    ]
    triple, _, more = statement.partition(";")
    lines.append(f"{triple} {{| ev:supportedBy s:{unit} {';' + more if more else ''} |}} .")
    (folder / "facts" / "cases.ttl").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    dataset = build_dataset(load_project(folder))
    result = check_evidence(dataset, ShapesGraph.of_project(dataset.project))
    findings = (*result.errors, *(flag.finding for flag in result.flags))
    return {finding.message.partition(":")[0] for finding in findings}


@pytest.mark.parametrize("case", CASES)
def test_what_a_sentence_does_not_state_is_asked(tmp_path: Path, case: str) -> None:
    """The question is raised on the sentence that does not make the statement, and none on that which does."""
    text, unit, statement, question = CASES[case]
    found = raised(tmp_path, "en", text, unit, statement)
    assert question in found if question else found == set()


@pytest.mark.parametrize("case", GERMAN)
def test_german(tmp_path: Path, case: str) -> None:
    """Shares, reports and exceptions are known in German, too."""
    text, unit, statement, question = GERMAN[case]
    found = raised(tmp_path, "de", text, unit, statement)
    assert question in found if question else found == set()


@pytest.mark.parametrize(
    ("label", "text", "other"),
    [
        ("length in kilometres", "14 miles", True), ("length in kilometres", "14 km", False),
        ("cost in euros", "£90", True), ("cost in euros", "€90", False), ("cost in euros", "90 sheep", False),
        ("area in square metres", "90 metres", True), ("area in square metres", "90 square metres", False),
        ("tons a year", "12 tons of flour a day", True), ("tons a year", "12 tons", False),
        ("fläche in hektar", "30 acres", True), ("number of members", "30 acres", False),
    ],
)  # fmt: skip
def test_measures(label: str, text: str, other: bool) -> None:
    """A figure in another unit, or for another time, than the property's label names is another measure."""
    assert is_other_measure(text, figures(text, "en")[0], *measures_of([label])) is other
