"""`isoc-kg document join`, `cut` and `recut`: units are put right, and no fact comes to rest on other words."""

from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.cli import main
from isoc_kg.documents.cutting.rules import CutRules
from isoc_kg.documents.index import index_document, load_index
from isoc_kg.project import load_project
from language_projects import HEAD, TOML

TEXT = (
    "The guild\n\nIt is by J. Holm. The Salt Guild owns a kiln; the Rope School owns ropes. It is old.\n\nIt was sold."
)
FACTS = """
id:guild a t:Body {| ev:supportedBy s:2.2 |} ; rdfs:label "Salt Guild"@en {| ev:supportedBy s:2.2 |} ;
    t:age "old"@en {| ev:impliedBy s:2.3 ; ev:answer "2.3 subject: it is the guild."@en |} ;
    t:fate "sold"@en {| ev:supportedBy <https://turm.example/kg/document/d/1#3.1> |} .
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one document, with facts on four of its units."""
    for folder in ("facts", "ontology", "shapes", "queries"):
        (tmp_path / folder).mkdir()
    (tmp_path / "kg.toml").write_text(TOML.format(title="The guild", language="en"), encoding="utf-8")
    (tmp_path / "d.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "facts" / "f.ttl").write_text(HEAD + FACTS, encoding="utf-8")
    (tmp_path / "facts" / "units" / "d").mkdir(parents=True)
    index_document(tmp_path / "d.txt", index_file(tmp_path), slug="d", edition="1", language="en")
    gists = "@prefix ev: <https://w3id.org/isoc-kg/evidence#> .\n@prefix s: <https://turm.example/kg/document/d/1#> .\n"
    (tmp_path / "facts" / "units" / "d" / "1.gists.ttl").write_text(
        gists + 's:2.3 ev:gist "Its age."@en .\n', encoding="utf-8"
    )
    return tmp_path


def index_file(project: Path) -> Path:
    return project / "facts" / "units" / "d" / "1.jsonl"


def run(project: Path, *arguments: str, capfd: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    """Exit code, output and errors of a command of the group."""
    capfd.readouterr()
    code = 0
    try:
        main(["document", arguments[0], "--project", str(project), *arguments[1:]])
    except SystemExit as ended:
        code = int(ended.code or 0)
    output, errors = capfd.readouterr()
    return code, output, errors


def files(project: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(project)): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file() and path.suffix != ".lock"
    }


def resting(project: Path) -> dict[str, list[str]]:
    """Object of each claim → the words of the units that it rests on."""
    dataset = build_dataset(load_project(project))
    assert not [finding for finding in dataset.findings if finding.severity == "error" and "unit" in finding.message]
    result: dict[str, list[str]] = {}
    for claim in dataset.claims.values():
        for _, iri, _ in claim.units():
            edition, unit = dataset.units[iri]
            words = edition.quote(unit.number)
            assert words is not None
            result.setdefault(claim.triple.decode().split(" ", 2)[2].removesuffix(" .\n"), []).append(words)
    return result


def test_facts_follow_units_whose_numbers_move(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A cut gives the units behind it other numbers: claims, answers and gists rest on the same words as before."""
    before = resting(project)
    code, output, _ = run(project, "cut", "2.1", "--after", "It is by", capfd=capfd)
    assert code == 0
    assert "2.3 → 2.4" in output
    assert "1.corrections.toml" in output
    assert resting(project) == before
    facts = (project / "facts" / "f.ttl").read_text(encoding="utf-8")
    assert 'ev:impliedBy s:2.4 ; ev:answer "2.4 subject: it is the guild."@en' in facts
    assert "s:2.4 ev:gist" in (index_file(project).with_name("1.gists.ttl")).read_text(encoding="utf-8")
    code, output, _ = run(project, "join", "2.1", capfd=capfd)
    assert code == 0
    assert resting(project) == before
    assert load_index(index_file(project)).corrections.digest == ""
    assert run(project, "recut", capfd=capfd)[1] == "d, edition 1: nothing to change\n"


def test_joined_units_keep_what_rests_on_their_parts(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Claims on either part rest on the whole; the numbers of other units stay."""
    assert run(project, "join", "2.2", capfd=capfd)[0] == 0
    whole = "The Salt Guild owns a kiln; the Rope School owns ropes. It is old."
    words = resting(project)
    assert words['"Salt Guild"@en'] == words['"old"@en'] == [whole]
    assert words['"sold"@en'] == ["It was sold."]
    assert run(project, "join", "2.2", capfd=capfd)[0] == 0  # over the end of the paragraph
    assert resting(project)['"sold"@en'] == [f"{whole}\n\nIt was sold."]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("cut", "2.2", "--after", "a kiln;"), "f.ttl:11 (2.2)"),
        (("cut", "2.3", "--letters", "4"), "1.gists.ttl (2.3)"),
        (("cut", "2.1", "--after", "nowhere"), "unit 2.1 lacks the words"),
        (("cut", "2.2", "--after", "owns"), "the words occur 2 times in unit 2.2"),
        (("cut", "2.1", "--after", "J. Holm."), "the cut leaves no second part of unit 2.1"),
        (("cut", "2.1", "--letters", "99"), "the cut leaves no second part of unit 2.1"),
        (("cut", "2.1"), "the place of the cut is missing"),
        (("join", "3.1"), "no unit follows unit 3.1"),
        (("join", "9.9"), "there is no unit 9.9"),
        (("join", "e:2.1"), "there is no unit e:2.1"),
        (("join", "x"), "there is no unit x"),
        (("recut", "e"), "there is no document e"),
    ],
)
def test_what_cannot_be_done_changes_nothing(
    project: Path, arguments: tuple[str, ...], message: str, capfd: pytest.CaptureFixture[str]
) -> None:
    """Where something rests on a unit that would be cut apart, it is listed; every refusal leaves all files alone."""
    before = files(project)
    code, _, errors = run(project, *arguments, capfd=capfd)
    assert code == 2
    assert message in errors
    assert files(project) == before


@pytest.mark.parametrize("unit", ["s:2.3", "<https://turm.example/kg/document/d/1#2.3>", '"d:2.3"'])
def test_a_proposal_keeps_its_unit(project: Path, unit: str, capfd: pytest.CaptureFixture[str]) -> None:
    """Proposals are never rewritten: no unit that one is about gets another number."""
    (project / "proposals").mkdir()
    head = "@prefix s: <https://turm.example/kg/document/d/1#> .\n"
    (project / "proposals" / "p.ttl").write_text(f"{head}<urn:p> <urn:about> {unit} .\n", encoding="utf-8")
    before = files(project)
    code, _, errors = run(project, "cut", "2.1", "--letters", "4", capfd=capfd)
    assert code == 2
    assert "a proposal is about unit 2.3" in errors
    assert files(project) == before
    assert run(project, "join", "1.1", capfd=capfd)[0] == 0  # 2.3 stays 2.3


def test_corrections_by_hand_are_applied_by_recut(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Until then the project does not build, and says what to do."""
    file = index_file(project).with_name("1.corrections.toml")
    file.write_text('joins = ["1.1"]\n', encoding="utf-8")
    findings = [f for f in build_dataset(load_project(project)).findings if "corrections" in f.message]
    assert [finding.severity for finding in findings] == ["error"]
    assert "isoc-kg document recut d" in str(findings[0].advice)
    assert run(project, "recut", capfd=capfd)[0] == 0
    assert load_index(index_file(project)).units["1.1"].text(TEXT) == "The guild\n\nIt is by J. Holm."
    file.unlink()
    assert [f.severity for f in build_dataset(load_project(project)).findings if "corrections" in f.message] == [
        "error"
    ]
    assert run(project, "recut", capfd=capfd)[0] == 0
    assert load_index(index_file(project)).units["1.1"].text(TEXT) == "The guild"


def test_settings_are_applied_by_recut(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Other settings than an index was cut with are a warning; corrections stay with their words."""
    assert run(project, "cut", "2.1", "--after", "by", capfd=capfd)[0] == 0
    toml = project / "kg.toml"
    settings = toml.read_text(encoding="utf-8") + "\n[document.units]\n"
    toml.write_text(f'{settings}abbreviations = ["ropes."]\n', encoding="utf-8")
    findings = [f for f in build_dataset(load_project(project)).findings if "[document.units]" in f.message]
    assert [finding.severity for finding in findings] == ["warning"]
    code, output, errors = run(project, "recut", capfd=capfd)
    assert (code, errors) == (0, "note: published links to the old numbers lead to other units now\n")
    assert "2.4 → 2.3" in output
    index = load_index(index_file(project))
    assert index.rules.settings.abbreviations == ("ropes.",)
    assert [unit.text(TEXT)[:8] for unit in index.units.values()] == [
        "The guil",
        "It is by",
        "J. Holm.",
        "The Salt",
        "It was s",
    ]
    toml.write_text(f'{settings}abbreviations = ["Holm."]\n', encoding="utf-8")
    before = files(project)
    code, _, errors = run(project, "recut", capfd=capfd)
    assert code == 2
    assert "the corrections of 2.1 do not fit" in errors
    assert files(project) == before


def test_indexes_of_the_first_rules_stay_valid(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A document is compared with the rules that its index names, and cut by them when it is corrected."""
    from isoc_kg.project import UnitSettings

    text = TEXT.replace("It is by", "1. It is ca. 5 by foaf:Person")
    (project / "d.txt").write_text(text, encoding="utf-8")
    index_file(project).unlink()
    rules = CutRules(UnitSettings(rules=1))
    index_document(project / "d.txt", index_file(project), slug="d", edition="1", language="en", rules=rules)
    assert load_index(index_file(project)).splitter == rules.segmenter
    assert not [f for f in build_dataset(load_project(project)).findings if "other units" in f.message]
    (project / "facts" / "f.ttl").write_text(HEAD, encoding="utf-8")
    index_file(project).with_name("1.gists.ttl").unlink()
    assert run(project, "join", "1.1", capfd=capfd)[0] == 0
    assert load_index(index_file(project)).rules.settings.rules == 1
    assert run(project, "recut", capfd=capfd)[0] == 0
    assert load_index(index_file(project)).rules.settings.rules == 2


def test_corrections_go_into_the_next_edition(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """Where the words are the same; the others are reported, and nothing rests on other words."""
    assert run(project, "join", "2.2", capfd=capfd)[0] == 0
    assert run(project, "cut", "2.1", "--after", "It is", capfd=capfd)[0] == 0
    new = project / "d2.txt"
    new.write_text("A new line.\n\n" + TEXT.replace("J. Holm", "A. Berg"), encoding="utf-8")
    arguments = ["--project", str(project), str(project / "d.txt"), str(new), "--edition", "2", "--write"]
    main(["evidence", "drift", *arguments])
    output, errors = capfd.readouterr()
    assert "note: the correction of unit 2.1 does not match" in errors
    assert "2.corrections.toml" in output
    index = load_index(index_file(project).with_name("2.jsonl"))
    assert index.corrections.joins == ("3.2",)
    assert index.corrections.cuts == ()
    assert index.units["3.2"].text(new.read_text(encoding="utf-8")).endswith("owns ropes. It is old.")
    assert resting(project)['"old"@en'] == ["The Salt Guild owns a kiln; the Rope School owns ropes. It is old."]
    code, _, errors = run(project, "join", "d/1:2.1", capfd=capfd)
    assert (code, "has a later edition" in errors) == (2, True)


def test_settings_and_corrections_go_with_an_added_edition(project: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The next edition comes as a file: its block has the settings, its index the corrections; both are as recut."""
    toml = project / "kg.toml"
    with toml.open("a", encoding="utf-8") as file:
        file.write('\n[document.units]\nabbreviations = ["ropes."]\nlists = false\n')
    assert run(project, "recut", capfd=capfd)[0] == 0
    assert run(project, "cut", "2.1", "--after", "It is", capfd=capfd)[0] == 0
    new = project / "later.txt"
    new.write_text(f"A new line.\n\n{TEXT}", encoding="utf-8")
    assert run(project, "add", str(new), "--slug", "d", "--edition", "2", capfd=capfd)[0] == 0
    one, two = load_project(project).documents
    assert one.units == two.units
    index = load_index(index_file(project).with_name("2.jsonl"))
    assert index.corrections.cuts == (("3.1", 4),)
    assert index.rules.settings == one.units
    assert run(project, "recut", capfd=capfd)[1] == "d, edition 2: nothing to change\n"
    assert resting(project)['"old"@en'] == ["The Salt Guild owns a kiln; the Rope School owns ropes. It is old."]
