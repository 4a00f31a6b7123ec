"""The judge's figures: what it says of claims that are right, and of claims that are wrong in one of five ways."""

from collections import Counter
from pathlib import Path

import pytest

from isoc_kg.documents.index import index_document
from isoc_kg.project import load_project
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.submission import Submission

from material import ROOT

TABLE = Path(__file__).with_name("judged_claims.tsv")
DOCS = ROOT / "docs" / "proposals.md"
TOML = """name = "harl"
title = "Lights"
description = "Lights and those who keep them"
base = "https://harl.example/kg/"
language = "en"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
creator = "guild"
created = 2026-01-02
modified = 2026-02-03
version = "1.0.0"
subject = "sea"

[prefixes]
t = "https://harl.example/kg/ontology#"
"""
DOCUMENT = """
[[document]]
slug = "{0}"
edition = "1"
title = "Lights ({0})"
language = "{0}"
path = "{0}.txt"
publish_text = true
unknown = ["author", "publisher", "date", "source"]
"""
HEAD = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix t: <https://harl.example/kg/ontology#> .
@prefix id: <https://harl.example/kg/id/> .
"""
CLASSES = "".join(
    f't:{name} a owl:Class ; rdfs:label "{name.lower()}"@en .\n' for name in ("Body", "Tower", "Ship", "Person")
)
#: Property, class of its subject, class or datatype of its object, and its words in the languages.
PROPERTIES = (
    ("built", "t:Tower", "xsd:gYear", '"built"@en , "erbaut"@de , "construit"@fr'),
    ("members", "t:Body", "xsd:integer", '"members"@en , "Mitglieder"@de , "membres"@fr'),
    ("visitors", "t:Tower", "xsd:integer", '"visitors"@en , "Besucher"@de , "visiteurs"@fr'),
    ("secretary", "t:Body", "t:Person", '"secretary"@en , "Schriftführerin"@de , "secrétaire"@fr'),
    ("keeper", "t:Tower", "t:Person", '"keeper"@en , "Wärter"@de , "gardien"@fr'),
    ("keeperOf", "t:Person", "t:Tower", '"keeper of"@en , "Wärter des"@de , "gardien du"@fr'),
    ("supplies", "t:Body", "t:Body",
     '"supplies"@en , "supplied"@en , "supply"@en , "beliefert"@de , "beliefern"@de , "fournit"@fr'),
    ("owns", "t:Body", "t:Ship",
     '"owns"@en , "own"@en , "owned"@en , "besitzt"@de , "besitzen"@de , "possède"@fr'),
    ("chairs", "t:Person", "t:Body",
     '"chairs"@en , "chaired"@en , "leitet"@de , "leitete"@de , "geleitet"@de , "préside"@fr , "présidé"@fr'),
)  # fmt: skip
THINGS = {
    "guild": ("Body", '"Tidewater Guild"@en , "Tidengilde"@de , "Guilde des Marées"@fr'),
    "fund": ("Body", '"Pilot Fund"@en , "Lotsenkasse"@de , "Caisse des Pilotes"@fr'),
    "harl": ("Tower", '"Harl Light"@en , "Harlfeuer"@de , "Phare de Harl"@fr'),
    "skerry": ("Tower", '"Skerry Light"@en , "Schärenfeuer"@de , "Phare du Récif"@fr'),
    "mara": ("Person", '"Mara Finch"@en , "Mara Fink"@de , "Mara Finch"@fr'),
    "jon": ("Person", '"Jon Ader"@en , "Jon Ader"@de , "Jon Ader"@fr'),
    "osprey": ("Ship", '"Osprey"@en , "Fischadler"@de , "Balbuzard"@fr'),
}
ROWS = [line.split("\t") for line in TABLE.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"]
#: From worse to better, for a claim that is wrong.
OUTCOMES = ("silent", "flagged", "refused")


def make_project(folder: Path) -> None:
    """The lights' project, each sentence a paragraph of the document in its language."""
    for name in ("facts", "ontology"):
        (folder / name).mkdir()
    toml = TOML
    for language in dict.fromkeys(row[0] for row in ROWS):
        toml += DOCUMENT.format(language)
        text = folder / f"{language}.txt"
        text.write_text("\n\n".join(sentences(language)) + "\n", encoding="utf-8")
        index = folder / "facts" / "units" / language / "1.jsonl"
        index_document(text, index, slug=language, edition="1", language=language)
    (folder / "kg.toml").write_text(toml, encoding="utf-8")
    ontology = HEAD + CLASSES
    for name, subject, object_, words in PROPERTIES:
        kind = "DatatypeProperty" if object_.startswith("xsd:") else "ObjectProperty"
        ontology += (
            f't:{name} a owl:{kind} ; rdfs:label "{name}"@en ; rdfs:domain {subject} ; rdfs:range {object_} ;\n'
            f"    skos:hiddenLabel {words} .\n"
        )
    (folder / "ontology" / "t.ttl").write_text(ontology, encoding="utf-8")
    note = '{| skos:editorialNote "x"@en |}'
    facts = [HEAD, f'id:sea a t:Body {note} ; schema:name "zzz"@en {note} .']
    for name, (class_, labels) in THINGS.items():
        names = " , ".join(f"{label} {note}" for label in labels.split(" , "))
        facts.append(f"id:{name} a t:{class_} {note} ; schema:name {names} .")
    (folder / "facts" / "things.ttl").write_text("\n".join(facts) + "\n", encoding="utf-8")


def sentences(language: str) -> list[str]:
    return list(dict.fromkeys(row[3] for row in ROWS if row[0] == language))


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, list[str]]]:
    """What the judge says of each row, and the names of its flags, or of the refusal."""
    folder = tmp_path_factory.mktemp("lights")
    make_project(folder)
    submission = Submission(Judge(load_project(folder)), "test", queued=False)
    found = []
    for language, _, _, sentence, claim in ROWS:
        subject, property_, object_ = claim.split()
        value = {"value": object_} if object_.isdecimal() else f"id:{object_}"
        unit = f"{language}:{sentences(language).index(sentence) + 1}.1"
        submission._open.clear()
        assessment = submission.submit_json(
            {"unit": unit, "subject": f"id:{subject}", "property": property_, "object": value}
        ).assessment
        if assessment.refusal:
            assert assessment.refusal.name not in ("form", "unit", "term", "thing"), (claim, assessment.refusal)
            found.append(("refused", [assessment.refusal.name]))
        else:
            names = sorted({flag.name for flag in assessment.flags})
            found.append(("flagged" if names else "silent", names))
    return found


def test_nothing_is_judged_worse(outcomes: list[tuple[str, list[str]]]) -> None:
    """A wrong claim is not let through, nor a right one questioned, where the table has it otherwise."""
    worse = []
    for row, (outcome, names) in zip(ROWS, outcomes, strict=True):
        change = OUTCOMES.index(outcome) - OUTCOMES.index(row[2])
        if (change > 0) if row[1] == "right" else (change < 0):
            worse.append((*row, outcome, names))
    assert worse == []


def test_the_documentation_has_the_figures() -> None:
    """docs/proposals.md counts the rows as they are: claims, refused, flagged, silent, for each kind."""
    table = {
        cells[0]: tuple(map(int, cells[1:]))
        for line in DOCS.read_text(encoding="utf-8").splitlines()
        if len(cells := [cell.strip() for cell in line.strip("|").split("|")]) == 5 and cells[1].isdecimal()
    }
    counts = Counter((row[1], row[2]) for row in ROWS)
    for kind in {row[1] for row in ROWS}:
        numbers = [counts[kind, outcome] for outcome in reversed(OUTCOMES)]
        assert table[kind] == (sum(numbers), *numbers), kind
    wrong = [row for row in ROWS if row[1] != "right"]
    assert len(wrong) >= 40
    assert len(ROWS) - len(wrong) >= 40
