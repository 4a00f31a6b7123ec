"""Programs that propose: what they are given, what they may do, and how they are scored."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.documents.index import index_document
from isoc_kg.errors import UsageError
from isoc_kg.project import Project, load_project
from isoc_kg.proposals.baseline import propose_baseline
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.menu import make_menu, units_to_do
from isoc_kg.proposals.queue import undecided
from isoc_kg.proposals.scoring import evaluate_proposer, held_out_units
from isoc_kg.proposals.submission import Submission, claims_of_text, resolve_unit
from isoc_kg.proposals.suggestion import command_proposer, suggest
from language_projects import HEAD, TOML
from proposed import recorded

Program = Callable[[str], str]


@pytest.fixture
def program(tmp_path: Path) -> Program:
    """The command of a Python program."""

    def made(text: str) -> str:
        path = tmp_path / "program.py"
        path.write_text("import json, sys\n" + text, encoding="utf-8")
        return f"{sys.executable} {path}"

    return made


ECHO = """
for line in sys.stdin:
    unit = json.loads(line)
    for thing in unit["things"]:
        for other in unit["things"]:
            for property in unit["properties"]:
                if property["words"] and not property["literal"] and thing["here"] and other["here"] and thing != other:
                    print(json.dumps({"unit": unit["unit"], "subject": thing["id"], "property": property["property"],
                                      "object": other["id"], "quote": unit["text"]}))
"""


def test_a_program_gets_menus_and_its_claims_are_judged(canal: Project, program: Program) -> None:
    """Of all pairs that it tries, those that the sentences say are queued without a flag."""
    judge = Judge(canal)
    name, proposer = command_proposer(program(ECHO), seconds=60)
    submission = Submission(judge, name)
    run = suggest(submission, proposer, list(units_to_do(judge)))
    assert run.failure is None
    clean = {one.claim.triple for one in run.arrivals if one.claim and one.id and not one.assessment.flags}
    right = {Submission(judge, "x", queued=False).claim(claim).triple for claim in recorded("true")}
    assert len(clean & right) >= 6
    assert {one.assessment.refusal.name for one in run.arrivals if one.assessment.refusal} <= {"ends", "duplicate"}
    assert len(undecided(canal)) == sum(one.id is not None for one in run.arrivals)


@pytest.mark.parametrize(
    ("text", "failure"),
    [
        ("sys.exit(3)", "exit code 3"),
        ("raise ValueError('broken')", "broken"),
        ("import time; time.sleep(60)", "did not end"),
        ("print('x' * 10_000_000)", "more than it may"),
        ("import os; os.fork() and os._exit(0); import time; time.sleep(60)", None),
    ],
)
def test_a_program_that_fails(canal: Project, program: Program, text: str, failure: str | None) -> None:
    """It ends, its failure is said, and nothing is queued."""
    judge = Judge(canal)
    name, proposer = command_proposer(program(text), seconds=2)
    run = suggest(Submission(judge, name), proposer, list(units_to_do(judge))[:2])
    assert (failure is None and run.failure is None) or (failure and run.failure and failure in run.failure)
    assert undecided(canal) == []


def test_a_command_that_there_is_not(canal: Project) -> None:
    """One message each."""
    judge = Judge(canal)
    with pytest.raises(UsageError, match="not a command"):
        command_proposer("'", seconds=1)
    _, proposer = command_proposer("no-such-program-anywhere", seconds=5)
    assert "could not be run" in str(suggest(Submission(judge, "x"), proposer, list(units_to_do(judge))[:1]).failure)


def test_lines_that_are_no_claims(canal: Project, program: Program) -> None:
    """Each is refused for itself; units that were not asked about are, too, and more than so many for one unit."""
    judge = Judge(canal)
    good = recorded("true")[0]
    text = f"""
good = {good!r}
print("no json"); print("[1]"); print("{{"); print('"' * 70_000)
print(json.dumps({{**good, "unit": "report:5.5"}}))
for number in range(150):
    print(json.dumps({{**good, "note": str(number)}}))
"""
    _, proposer = command_proposer(program(text), seconds=60)
    run = suggest(Submission(judge, "p"), proposer, [resolve_unit(judge, "report:2.2")])
    names = [one.assessment.refusal.name if one.assessment.refusal else "queued" for one in run.arrivals]
    assert names[:6] == ["form"] * 4 + ["unit", "queued"]
    assert names.count("duplicate") == 99
    assert names.count("form") == 4 + 50


def test_what_a_document_says_is_data(canal: Project) -> None:
    """An instruction in a text reaches the program as the text of a unit, and a menu as a comment."""
    judge = Judge(canal)
    unit = resolve_unit(judge, "report:2.2")
    edition = judge.dataset.units[unit][0].iri
    hostile = judge.texts[edition].replace("maintains the Long Reach", "ignore this, # \u202e \x1b[31")
    judge.texts[edition] = hostile
    menu = make_menu(judge, unit)
    assert "\x1b" in json.loads(json.dumps(menu.to_json()))["text"]
    turtle = menu.to_turtle(judge)
    assert all(line.startswith("#") for line in turtle.splitlines())
    assert "\x1b" not in turtle
    assert "\u202e" not in turtle


def test_menus_are_turtle_to_choose_from(canal: Project) -> None:
    """As it is it proposes nothing; a line that is uncommented and completed is a claim."""
    judge = Judge(canal)
    unit = resolve_unit(judge, "report:4.4")
    turtle = make_menu(judge, unit).to_turtle(judge)
    assert list(claims_of_text(judge, turtle.encode(), "menu.ttl")) == []
    line = next(line for line in turtle.splitlines() if line.startswith("# id:"))
    chosen = line.removeprefix("# ").replace('"…"', '"x"')
    assert len(list(claims_of_text(judge, chosen.encode(), "menu.ttl"))) == 1


def test_menu_members(shared_judge: Judge) -> None:
    """Neighbours, things, properties with meanings, what rests on it, words left over."""
    menu = make_menu(shared_judge, resolve_unit(shared_judge, "report:2.2"))
    assert [unit for unit, _ in menu.before] == ["report:1.1", "report:2.1"]
    assert [unit for unit, _ in menu.after] == ["report:2.3"]
    assert {thing.id for thing in menu.things if thing.here} == {"id:long-reach", "id:copper-basin"}
    assert "id:wexmoor-canal-trust" in {thing.id for thing in menu.things}
    first = menu.properties[0]
    assert (first.property, first.words, first.subject, first.object) == (
        "c:maintains",
        True,
        ("c:Body",),
        ("c:Waterway",),
    )
    assert first.definition
    assert "“Wexmoor Canal Trust” maintains “Long Reach”" in menu.statements
    assert "c:Vessel" in {name for name, _, _ in menu.classes}


def test_units_to_do(shared_judge: Judge) -> None:
    """Those of which nothing is stated but names and classes, headings left out."""
    units = [unit.rpartition("/")[0].rpartition("/")[2] + unit[-3:] for unit in units_to_do(shared_judge)]
    assert "report1.1" not in units
    assert "report2.2" not in units
    assert {"report2.3", "report3.2", "bericht2.1"} <= set(units)


def perfect(_: Judge, units: Sequence[str]) -> Iterator[bytes]:
    """A proposer that knows the facts of the second paragraph, and one thing too many."""
    prefix = units[0].rpartition("#")[0]
    new = {"new": {"type": "c:Waterway", "label": "long reach"}}
    trust = {"new": {"type": "c:Body", "label": "Wexmoor Canal Trust"}}
    for unit, object_ in (("2.2", new), ("2.2", {"new": {"type": "c:Waterway", "label": "Long Pond"}})):
        yield json.dumps(
            {
                "unit": f"{prefix}#{unit}",
                "subject": trust,
                "property": "c:maintains",
                "object": object_,
                "support": "implied",
            }
        ).encode()


def test_evaluation(canal: Project) -> None:
    """New things are the hidden ones of the same name; the figures are what was proposed, hidden, and right."""
    judge = Judge(canal)
    units = held_out_units(judge, ["report:2"])
    assert len(units) == 5
    result = evaluate_proposer(canal, judge, perfect, units)
    assert (result.things.proposed, result.things.right) == (3, 2)
    assert (result.pairs.proposed, result.pairs.held_out, result.pairs.right) == (2, 2, 1)
    assert result.statements.held_out == 12
    assert 0.4 <= result.pairs.recall <= 0.6
    json.dumps(result.to_json())
    assert "precision" in result.to_text()
    with pytest.raises(UsageError, match="no document has a paragraph"):
        held_out_units(judge, ["report:99"])
    with pytest.raises(UsageError, match="several documents"):
        held_out_units(judge, ["2"])


@pytest.mark.parametrize(
    ("subject", "property_", "right"),
    [
        ({"type": "c:Body", "label": "wexmoor canal trust"}, "schema:description", 1),
        ({"type": "c:Town", "label": "Wexmoor Canal Trust"}, "schema:description", 0),
        ({"type": "c:Body", "label": "Nobody"}, "schema:description", 0),
    ],
)
def test_only_name_and_class_make_a_thing_the_hidden_one(
    canal: Project, subject: dict[str, str], property_: str, right: int
) -> None:
    """Another text that happens to be a hidden thing's name does not, nor the name alone."""

    def proposer(_: Judge, units: Sequence[str]) -> Iterator[bytes]:
        value = {"value": "Wexmoor Canal Trust", "language": "en"}
        yield json.dumps({"unit": units[1], "subject": {"new": subject}, "property": property_, "object": value,
                          "support": "implied"}).encode()  # fmt: skip

    judge = Judge(canal)
    result = evaluate_proposer(canal, judge, proposer, held_out_units(judge, ["report:2"]))
    assert (result.things.proposed, result.things.right) == (1, right), result


def test_baseline(shared_judge: Judge) -> None:
    """It finds some of what sentences say by cue words between two names, little else, and the same each time."""
    judge = shared_judge
    found = [claim for unit in units_to_do(judge) for claim in propose_baseline(judge, unit)]
    assert found == [claim for unit in units_to_do(judge) for claim in propose_baseline(judge, unit)]
    submission = Submission(judge, "x", queued=False)
    triples = {submission.claim(claim).triple for claim in found}
    right = {submission.claim(claim).triple for claim in recorded("true")}
    assert len(triples & right) >= 8
    assert len(triples & right) >= 0.8 * len(triples)
    assert not any(judge.assess(submission.claim(claim)).flags for claim in found)


@pytest.mark.parametrize(
    ("command", "name"),
    [
        ("env CHAT_KEY=sk-SECRET python3 tools/p.py --key SECRET", "p.py"),
        ("CHAT_KEY=SECRET /opt/bin/proposer SECRET", "proposer"),
        ("python3 -c 'print(\"SECRET\")'", "python3"),
        ("sh -c 'KEY=SECRET p.py'", "sh"),
        ("python3 -W SECRET p.py", "python3"),
        ("timeout 60 uv run p.py SECRET", "p.py"),
        ("KEY=SECRET", "command"),
    ],
)
def test_a_command_is_published_by_its_name_alone(command: str, name: str) -> None:
    """No argument, no variable: they may be secrets."""
    assert command_proposer(command, seconds=1)[0] == name


def test_a_source_can_be_named(canal: Project, program: Program, cli: Callable[..., Any]) -> None:
    """What is recorded, and a part of the file's name, is the name given."""
    command = program(ECHO) + " SECRET"
    cli("suggest", "--with", command, "--source", "Our model", "--project", str(canal.root), code=None)
    path = next((canal.root / "proposals").glob("*.ttl"))
    assert "-our-model-" in path.name
    assert "SECRET" not in path.read_text(encoding="utf-8")


def test_a_new_name_is_in_the_language_of_the_project(canal: Project) -> None:
    """On a German unit, too, unless the proposal says another one."""
    judge = Judge(canal)
    for language in (None, "de"):
        new = {"type": "c:Person", "label": "Greta Holm"} | ({"language": language} if language else {})
        claim = {"unit": "bericht:2.3", "subject": {"new": new}, "property": "c:chairs", "object": "id:werft-nordhaven"}
        introduced = Submission(judge, "x", queued=False).claim(claim).introduces
        assert any(line.endswith(f'"Greta Holm"@{language or "en"} .\n'.encode()) for line in introduced)


def bare(folder: Path, facts: str) -> Judge:
    """The judge of a project that declares no term, over two sentences, with these facts."""
    for name in ("facts", "ontology"):
        (folder / name).mkdir()
    (folder / "d.txt").write_text("Minutes\n\nTarn has nine members. It was founded by Ada Penn.\n", encoding="utf-8")
    (folder / "kg.toml").write_text(TOML.format(language="en", title="Tarn"), encoding="utf-8")
    index = folder / "facts" / "units" / "d" / "1.jsonl"
    index_document(folder / "d.txt", index, slug="d", edition="1", language="en")
    (folder / "facts" / "tarn.ttl").write_text(HEAD + facts, encoding="utf-8")
    return Judge(load_project(folder))


def test_a_project_without_terms_is_offered_those_in_wide_use(tmp_path: Path) -> None:
    """Properties that fit the things, with what they mean; classes for new things; nothing that makes the graph."""
    note = '{| skos:editorialNote "x"@en |}'
    judge = bare(tmp_path, f'id:tarn a schema:Organization {note} ; schema:name "Tarn"@en {note} .')
    menu = make_menu(judge, resolve_unit(judge, "2.1"))
    offered = {one.property: one for one in menu.properties}
    assert offered["schema:member"].words
    assert offered["schema:foundingDate"].object == ("xsd:date",)
    assert all(one.definition for name, one in offered.items() if name != "schema:name")
    assert "schema:birthDate" not in offered  # of a person
    assert "dcterms:relation" in offered
    classes = {name: text for name, _, text in menu.classes}
    assert classes["schema:Person"]
    assert not {name.partition(":")[0] for name in (*classes, *offered)} & {"rdf", "rdfs", "owl", "ev", "sh", "oa"}
    skeletons = menu.to_turtle(judge)
    assert 'id:tarn schema:foundingDate "…"^^xsd:date {| ev:supportedBy s:2.1 |}' in skeletons


def test_menus_keep_to_the_domains_of_schema_org(tmp_path: Path) -> None:
    """A person has no founding date, though an organisation beside them has one, and no name but that it has."""
    note = '{| skos:editorialNote "x"@en |}'
    facts = f"""
        id:tarn a schema:Organization {note} ; schema:name "Tarn"@en {note} .
        id:ada-penn a schema:Person {note} ; schema:name "Ada Penn"@en {note} .
    """
    judge = bare(tmp_path, facts)
    menu = make_menu(judge, resolve_unit(judge, "2.2"))
    assert {"schema:foundingDate", "schema:birthDate"} <= {one.property for one in menu.properties}
    skeletons = menu.to_turtle(judge)
    assert "id:ada-penn schema:birthDate" in skeletons
    assert "id:ada-penn schema:foundingDate" not in skeletons
    assert "schema:name" not in skeletons
    # the same where the ontology declares the property and leaves its domain open
    (tmp_path / "ontology" / "terms.ttl").write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix schema: <https://schema.org/> .\n"
        "@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix t: <https://example.org/tarn/ontology#> .\n"
        'schema:foundingDate a owl:DatatypeProperty ; rdfs:label "founding date"@en .\n'
        't:motto a owl:DatatypeProperty ; rdfs:label "motto"@en .\n',
        encoding="utf-8",
    )
    skeletons = make_menu(Judge(load_project(tmp_path)), resolve_unit(judge, "2.2")).to_turtle(judge)
    assert "id:ada-penn schema:foundingDate" not in skeletons


def test_a_project_without_things_is_offered_all(tmp_path: Path) -> None:
    """Where nothing is described yet, the first thing may be of any class."""
    judge = bare(tmp_path, "")
    names = {one.property for one in make_menu(judge, resolve_unit(judge, "2.1")).properties}
    assert {"schema:foundingDate", "schema:birthDate", "skos:broader", "org:hasMember"} <= names


def test_a_project_with_terms_is_offered_its_own(shared_judge: Judge) -> None:
    """What it declares and uses, nothing else."""
    menu = make_menu(shared_judge, resolve_unit(shared_judge, "report:2.2"))
    assert {one.property.partition(":")[0] for one in menu.properties} <= {"c", "schema"}
    assert "schema:founder" not in {one.property for one in menu.properties}
    assert not any(name.startswith("rdf:") for name, _, _ in menu.classes)
