"""Offices in brackets behind names, names that are written otherwise, and what somebody may do."""

from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.documents.index import index_document
from isoc_kg.evidence.check import check_evidence
from isoc_kg.evidence.grammar import GRAMMARS
from isoc_kg.evidence.passage import UnitText
from isoc_kg.evidence.words import Lexicon
from isoc_kg.project import load_project
from isoc_kg.validation import ShapesGraph
from language_projects import HEAD, TOML

ONTOLOGY = """t:Body a owl:Class ; rdfs:label "body"@en .
t:chair a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range schema:Person ; skos:hiddenLabel "chair"@en .
t:treasurerOf a owl:ObjectProperty ; rdfs:domain schema:Person ; rdfs:range t:Body ; skos:hiddenLabel "treasurer"@en .
"""
TEXT = "Officers of the Tarn Guild: Bo Reef (chair), Una Lind (treasurer; since 1999).\n"
#: Statements on the sentence, and whether it makes them.
STATEMENTS = {
    "id:tarn t:chair id:bo": True,
    "id:tarn t:chair id:una": False,
    "id:una t:treasurerOf id:tarn": True,
    "id:bo t:treasurerOf id:tarn": False,
}


def test_an_office_in_brackets_is_of_the_name_before_it(tmp_path: Path) -> None:
    """Whichever name stands nearer to the body: the one that another office follows is flagged."""
    for name in ("facts", "ontology"):
        (tmp_path / name).mkdir()
    (tmp_path / "d.txt").write_text(TEXT, encoding="utf-8")
    toml = TOML.format(language="en", title="Tarn").replace('"verein"', '"tarn"')
    (tmp_path / "kg.toml").write_text(toml, encoding="utf-8")
    (tmp_path / "ontology" / "t.ttl").write_text(HEAD + ONTOLOGY, encoding="utf-8")
    index = tmp_path / "facts" / "units" / "d" / "1.jsonl"
    index_document(tmp_path / "d.txt", index, slug="d", edition="1", language="en")
    note = '{| skos:editorialNote "x"@en |}'
    names = {"tarn": ("t:Body", "Tarn Guild"), "bo": ("schema:Person", "Bo Reef"), "una": ("schema:Person", "Una Lind")}
    lines = [
        f'id:{name} a {class_} {note} ; schema:name "{label}"@en {note} .' for name, (class_, label) in names.items()
    ]
    lines += [f"{statement} {{| ev:supportedBy s:1.1 |}} ." for statement in STATEMENTS]
    (tmp_path / "facts" / "cases.ttl").write_text(HEAD + "\n".join(lines) + "\n", encoding="utf-8")
    dataset = build_dataset(load_project(tmp_path))
    result = check_evidence(dataset, ShapesGraph.of_project(dataset.project))
    first = HEAD.count("\n") + len(names) + 1
    flagged = {flag.finding.line for flag in result.flags if flag.question == "direction"}
    assert [first + at not in flagged for at in range(len(STATEMENTS))] == list(STATEMENTS.values())


@pytest.mark.parametrize(
    ("name", "text", "other"),
    [
        ("Ann Penn", "It was founded by Anne Penn.", True),
        ("Maude Finch", "Maud Finch chaired it.", True),
        ("Rope Society", "The Rope Societies merged.", False),
        ("Ann Penn", "Ann Penn's boat.", False),
        ("Harbour Friend", "The Harbour Friends met.", False),
        ("Rope Making", "It teaches rope makes and making.", False),
        ("Making Ropes", "They make ropes.", False),
        ("rope making", "Makes of rope", False),
        ("Anne Penn", "Anne Penn and Ann Penn", False),
    ],
)
def test_a_name_written_otherwise_is_another_name(name: str, text: str, other: bool) -> None:
    """Other words are one word whatever their ending; a word with a capital in both is not."""
    assert Lexicon("en", [text]).misspells(name, text) is other
    assert not Lexicon("de", [text]).misspells(name, text)


@pytest.mark.parametrize(
    ("text", "doubted"),
    [
        ("The guild may open a school.", True),
        ("It may soon buy the tower.", True),
        ("The guild opened a school on 4 May the year after.", False),
        ("In May the guild bought a tower.", False),
        ("Since May a school stands there.", False),
    ],
)
def test_what_somebody_may_do_is_not_done(text: str, doubted: bool) -> None:
    """The month of the same name is no doubt."""
    assert bool(UnitText(text, Lexicon("en", [text]), GRAMMARS["en"]).doubts) is doubted
