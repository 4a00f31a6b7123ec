"""Sources that disagree: what is a conflict, what settles it, and where it is shown."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from disagreeing_documents import write_documents
from isoc_kg import KnowledgeGraph
from isoc_kg.authoring.agreement import values_agree
from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.errors import FactsError
from isoc_kg.evidence.authored import Authored
from isoc_kg.evidence.conflicts import find_conflicts
from isoc_kg.evidence.coverage import measure_coverage
from isoc_kg.namespaces import EV, SCHEMA
from isoc_kg.project import load_project
from isoc_kg.publication.build import build_publication
from isoc_kg.publication.gate import NotConforming, check_dataset
from isoc_kg.validation import ShapesGraph

if TYPE_CHECKING:
    import subprocess

Run = Callable[..., "subprocess.CompletedProcess[str]"]
ONTOLOGY = "https://lighthouse.example/kg/ontology#"
_LIT_OTHERWISE = '"1873"^^xsd:gYear {| ev:supportedBy c:1.1 |}'


def facts_of(folder: Path, old: str, new: str) -> Dataset:
    """The dataset of a project after one change of its facts."""
    path = folder / "facts" / "light.ttl"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return build_dataset(load_project(folder))


def values(dataset: Dataset, graph: str, property_: str) -> set[str]:
    """The values of a property of the lighthouse's ontology in a graph."""
    mark = f" <{ONTOLOGY}{property_}> ".encode()
    return {line.split(b" ", 2)[2].decode()[1:5] for line in dataset.graph(graph) if mark in line}


def kinds(dataset: Dataset) -> dict[str, tuple[str, bool]]:
    """Property → kind of its conflict and whether it is settled."""
    conflicts = find_conflicts(dataset, Authored(dataset))
    return {conflict.property.removeprefix(ONTOLOGY): (conflict.kind, conflict.settled) for conflict in conflicts}


def test_what_stays_in_the_facts(lighthouse: Path) -> None:
    """An open conflict keeps all values; what is settled against or retracted is a claim and no plain triple."""
    dataset = build_dataset(load_project(lighthouse))
    assert values(dataset, "facts", "litIn") == {"1871", "1873"}
    assert values(dataset, "facts", "height") == {'31"^'}
    assert values(dataset, "facts", "burns") == set()
    objects = b"".join(dataset.graph("evidence"))
    assert b'object> "33"' in objects
    assert b"id/paraffin" in objects
    assert b"The line is about the lamp" in objects


def test_what_is_a_conflict(lighthouse: Path) -> None:
    """Values of a functional property or one with sh:maxCount 1 of a superclass, and a denial; no agreement."""
    dataset = build_dataset(load_project(lighthouse))
    assert kinds(dataset) == {"litIn": ("values", False), "height": ("values", True), "has": ("denial", False)}


@pytest.mark.parametrize(
    ("old", "new", "conflict"),
    [
        (
            _LIT_OTHERWISE,
            '"1873"^^xsd:gYear {| ev:supportedBy c:1.1 ; ev:preferred "ours"@en |}',
            {"litIn": ("values", True)},
        ),
        (
            _LIT_OTHERWISE,
            '"1873"^^xsd:gYear {| ev:supportedBy c:1.1 ; ev:retracted "misread"@en |}',
            {"litIn": ("values", True)},
        ),
        ("ev:contradictedBy c:2.1", 'ev:contradictedBy c:2.1 ; ev:preferred "seen"@en', {"has": ("denial", True)}),
        ("ev:contradictedBy c:2.1", 'ev:contradictedBy c:2.1 ; ev:retracted "gone"@en', {"has": ("denial", True)}),
        # a denied value of several is settled with them, and only when the denial is
        (
            '"1871"^^xsd:gYear {| ev:supportedBy l:1.1 ;',
            '"1871"^^xsd:gYear {| ev:supportedBy l:1.1 ; ev:contradictedBy c:1.1 ; ev:preferred "ours"@en ;',
            {"litIn": ("values", True)},
        ),
    ],
)
def test_what_settles(lighthouse: Path, old: str, new: str, conflict: dict[str, tuple[str, bool]]) -> None:
    """A preference or a retraction."""
    changed = kinds(facts_of(lighthouse, old, new))
    assert {name: changed[name] for name in conflict} == conflict


def test_two_foundings(lighthouse: Path) -> None:
    """What begins once has one beginning, whether or not the ontology says so."""
    dataset = facts_of(
        lighthouse,
        _LIT_OTHERWISE,
        _LIT_OTHERWISE
        + """ ;
    schema:foundingDate "1871"^^xsd:gYear {| ev:supportedBy l:1.1 |} , "1873"^^xsd:gYear {| ev:supportedBy c:1.1 |}""",
    )
    assert kinds(dataset)[SCHEMA.foundingDate] == ("values", False)


def test_a_sentence_behind_both_values(lighthouse: Path, cli: Run) -> None:
    """A unit that supports both values takes no conflict away."""
    both = '"1871"^^xsd:gYear {| ev:supportedBy l:1.1, c:1.1 |} , "1873"^^xsd:gYear {| ev:supportedBy c:1.1 |}'
    dataset = facts_of(lighthouse, _LIT_OTHERWISE, f"{_LIT_OTHERWISE} ;\n    schema:foundingDate {both}")
    assert kinds(dataset)[SCHEMA.foundingDate] == ("values", False)
    assert "schema:foundingDate: 2 values, not settled" in cli("evidence", "conflicts", cwd=lighthouse).stdout
    query = "SELECT ?year WHERE { id:ravens-point-light schema:foundingDate ?year }"
    assert "another source says “1871”" in cli("query", "--why", query, cwd=lighthouse).stdout


def test_two_preferences(lighthouse: Path) -> None:
    """Two preferred values are an error at the second one's place, and settle nothing."""
    dataset = facts_of(
        lighthouse, "33 {| ev:supportedBy c:1.2 |}", '33 {| ev:supportedBy c:1.2 ; ev:preferred "also"@en |}'
    )
    (finding,) = dataset.findings
    assert "2 values" in finding.message
    assert finding.line == 19
    assert kinds(dataset)["height"] == ("values", False)


def test_preferred_and_retracted(lighthouse: Path) -> None:
    """Both at once are an error."""
    dataset = facts_of(lighthouse, "ev:retracted", 'ev:preferred "yes"@en ; ev:retracted')
    assert any("preferred and retracted" in finding.message for finding in dataset.findings)


@pytest.mark.parametrize("engine", ["shacl", "pyshacl", "compiled"])
def test_the_gate(lighthouse: Path, engine: str) -> None:
    """It lets sources disagree, whatever the engine, and stops when one and the same unit gives two values."""
    project = load_project(lighthouse)
    shapes = ShapesGraph.of_project(project)
    assert check_dataset(build_dataset(project), shapes, engine).passed
    for otherwise in ("l:1.1", "l:1.1, c:1.1"):
        same = facts_of(lighthouse, _LIT_OTHERWISE, f'"1873"^^xsd:gYear {{| ev:supportedBy {otherwise} |}}')
        facts_of(lighthouse, f'"1873"^^xsd:gYear {{| ev:supportedBy {otherwise} |}}', _LIT_OTHERWISE)
        assert kinds(same)["litIn"] == ("values", False)
        assert not check_dataset(same, shapes, engine).passed


def test_a_decision_alone_is_no_source(lighthouse: Path) -> None:
    """Our own note against a sentence is no disagreement of sources: the shape stops it."""
    note = '<http://www.w3.org/2004/02/skos/core#editorialNote> "I think so."@en'
    facts_of(lighthouse, _LIT_OTHERWISE, f'"1873"^^xsd:gYear {{| {note} |}}')
    with pytest.raises(NotConforming):
        build_publication(load_project(lighthouse), lighthouse / "out")


def test_nothing_is_derived_from_what_is_withdrawn(lighthouse: Path) -> None:
    """A retracted name gives no label."""
    dataset = facts_of(
        lighthouse,
        '"Nebelhorn"@de {| ev:supportedBy c:2.1 |}',
        '"Nebelhorn"@de {| ev:supportedBy c:2.1 ; ev:retracted "It denies it."@en |}',
    )
    assert b"Nebelhorn" not in b"".join(dataset.graph("derived"))
    assert b"foghorn" in b"".join(dataset.graph("derived"))


def test_a_denying_unit_is_covered(lighthouse: Path) -> None:
    """A unit that contradicts a claim has been read."""
    dataset = build_dataset(load_project(lighthouse))
    assert [measure_coverage(dataset, edition).share for edition in dataset.editions] == [1.0, 1.0]


def test_an_unknown_unit(lighthouse: Path) -> None:
    """A contradicting unit must exist."""
    dataset = facts_of(lighthouse, "ev:contradictedBy c:2.1", "ev:contradictedBy c:9.1")
    assert any("there is no unit" in finding.message for finding in dataset.findings)


def test_published_evidence(lighthouse: Path) -> None:
    """What the data say of a claim is what its authors wrote: rivals, denials, decisions, annotations."""
    authored = KnowledgeGraph.load(lighthouse)
    assert authored.dataset
    build_publication(authored.project, lighthouse / "out")
    published = KnowledgeGraph.load(lighthouse / "out")
    for claim in authored.dataset.claims.values():
        assert published.evidence_of(claim) == authored.evidence_of(claim)
    height = authored.evidence("id:ravens-point-light", f"{ONTOLOGY}height", 31)
    assert height.preferred == ("The logbook was kept on the tower.",)
    assert [value for _, value in height.rivals] == ['"33"^^<http://www.w3.org/2001/XMLSchema#integer>']
    assert height.corroboration == "1 unit of 1 document"
    built = authored.evidence("id:ravens-point-light", f"{ONTOLOGY}builtBy")
    assert (built.corroboration, built.documents) == ("2 units of 2 documents", 2)
    horn = authored.evidence("id:ravens-point-light", f"{ONTOLOGY}has")
    assert [sentence.quote for sentence in horn.contradicting] == ["Ein Nebelhorn hat der Leuchtturm nicht."]


def test_corroboration_as_a_question(lighthouse: Path) -> None:
    """A query counts units and documents behind each statement."""
    rows = KnowledgeGraph.load(lighthouse).run("corroborated").solutions.terms
    counts = {(str(row[1]), str(row[2])): (row[3].value, row[4].value) for row in rows}
    built = (f"<{ONTOLOGY}builtBy>", "<https://lighthouse.example/kg/id/jon-holm>")
    assert counts[built] == ("2", "2")


def test_the_commands(lighthouse: Path, cli: Run) -> None:
    """They list conflicts, and fail with --strict while one is open; build counts them; reasons are shown."""
    text = cli("evidence", "conflicts", cwd=lighthouse).stdout
    assert text.endswith("3 conflicts, 2 not settled\n")
    assert "“1873”  stated  (facts/light.ttl:15)" in text
    cli("evidence", "conflicts", "--strict", cwd=lighthouse, code=1)
    rows = json.loads(cli("evidence", "conflicts", "--format", "json", cwd=lighthouse).stdout)
    assert [(row["kind"], row["settled"]) for row in rows] == [("denial", False), ("values", True), ("values", False)]
    assert [side["state"] for side in rows[1]["claims"]] == ["preferred", "settled against"]
    assert rows[0]["claims"][0]["contradicted_by"] == ["https://lighthouse.example/kg/document/chronicle/1#2.1"]
    assert "conflicts 3, 2 not settled" in cli("build", cwd=lighthouse).stdout
    described = cli("describe", "ravens-point-light", cwd=lighthouse).stdout
    assert "another source says “1873”" in described
    assert "retracted: The line is about the lamp of the boat." in described
    query = "SELECT ?year WHERE { id:ravens-point-light light:litIn ?year }"
    assert "another source says “1871”" in cli("query", "--why", query, cwd=lighthouse).stdout
    why = json.loads(KnowledgeGraph.load(lighthouse).why(query).to_json())["why"]
    assert [len(claims[0]["conflicts_with"]) for claims in why] == [1, 1]


def test_settled_conflicts_are_not_strict(lighthouse: Path, cli: Run) -> None:
    """Once all are settled, --strict is content."""
    facts_of(lighthouse, _LIT_OTHERWISE, '"1873"^^xsd:gYear {| ev:supportedBy c:1.1 ; ev:preferred "ours"@en |}')
    facts_of(lighthouse, "ev:contradictedBy c:2.1", 'ev:contradictedBy c:2.1 ; ev:preferred "seen"@en')
    assert cli("evidence", "conflicts", "--strict", cwd=lighthouse).stdout.endswith("3 conflicts, 0 not settled\n")


def test_many_values(lighthouse: Path) -> None:
    """Many values of one property are linked by few triples."""
    source = "<https://lighthouse.example/source/{0}>"
    many = " , ".join(
        f'"{year}"^^xsd:gYear {{| <http://purl.org/dc/terms/source> {source.format(year)} |}}'
        for year in range(1000, 1500)
    )
    dataset = facts_of(lighthouse, _LIT_OTHERWISE, f"{_LIT_OTHERWISE} , {many}")
    mark = f"<{EV.conflictsWith}>".encode()
    assert sum(mark in line for line in dataset.graph("evidence")) == 2 * 502 + 2
    (years,) = (c for c in find_conflicts(dataset, Authored(dataset)) if c.property == f"{ONTOLOGY}litIn")
    assert len(years.sides) == 502


def test_generated_documents(tmp_path: Path) -> None:
    """Of a thousand documents every planted conflict and denial is told, and nothing else."""
    planted = write_documents(tmp_path / "project", 1_000)
    assert min(planted.counts().values()) > 50
    project = load_project(tmp_path / "project")
    dataset = build_dataset(project)
    assert dataset.findings == []
    by_kind: dict[str, set[str]] = {"conflict": set(), "settled": set(), "denial": set()}
    for conflict in find_conflicts(dataset, Authored(dataset)):
        kind = "denial" if conflict.kind == "denial" else "settled" if conflict.settled else "conflict"
        by_kind[kind].add(conflict.subject.rpartition("/")[2])
    assert by_kind == {kind: planted.bodies[kind] for kind in by_kind}
    withdrawn = {line.split(b" ")[0].decode().rpartition("/")[2][:-1] for line in dataset.withdrawn}
    assert withdrawn == planted.bodies["settled"] | planted.bodies["retraction"]
    corroborated = {
        authored.triple[0].rpartition("/")[2][:-1]
        for authored in map(Authored(dataset).evidence, dataset.claims.values())
        if authored.documents == 2
    }
    assert corroborated == planted.bodies["agreement"]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ('"1871-05"^^xsd:gYearMonth', None),
        ('"1871-05-03"^^xsd:date', None),
        ('"1872-05"^^xsd:gYearMonth', ("values", False)),
        ('"1871-05-03"^^xsd:date {| ev:supportedBy c:1.2 |} , "1871-05-04"^^xsd:date',
         ("values", False)),
        ('"1871"^^xsd:gYear , "1871-05"^^xsd:gYearMonth {| ev:supportedBy c:1.2 |} , "1873"^^xsd:gYear',
         ("values", False)),
    ],
)  # fmt: skip
def test_a_month_of_the_same_year_is_no_conflict(lighthouse: Path, value: str, kind: tuple[str, bool] | None) -> None:
    """What one source gives more exactly than another is published beside it, and no count stops the build."""
    dataset = facts_of(lighthouse, _LIT_OTHERWISE, f"{value} {{| ev:supportedBy c:1.1 |}}")
    assert kinds(dataset).get("litIn") == kind
    shapes = ShapesGraph.of_project(dataset.project)
    checked = check_dataset(dataset, shapes, engine="shacl")
    counts = [result for report in checked.validation.reports for result in report.results]
    assert not [result for result in counts if "MaxCount" in str(result.component)]


def test_a_preferred_month_leaves_its_year(lighthouse: Path) -> None:
    """What agrees with the preferred value is not settled against."""
    value = '"1871-05"^^xsd:gYearMonth {| ev:supportedBy c:1.2 ; ev:preferred "the day book"@en |} , ' + _LIT_OTHERWISE
    dataset = facts_of(lighthouse, _LIT_OTHERWISE, value)
    assert kinds(dataset)["litIn"] == ("values", True)
    assert values(dataset, "facts", "litIn") == {"1871"}
    stated = b"".join(dataset.graph("facts"))
    assert b'"1871-05"' in stated
    assert b'"1873"' not in stated


def test_numbers_in_two_forms_agree() -> None:
    """One number as an integer and as a decimal is one value; two languages are two."""
    assert values_agree(
        b'"5"^^<http://www.w3.org/2001/XMLSchema#integer>', b'"5.0"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    )
    assert not values_agree(
        b'"5"^^<http://www.w3.org/2001/XMLSchema#integer>', b'"5.1"^^<http://www.w3.org/2001/XMLSchema#decimal>'
    )
    assert not values_agree(b'"a"@en', b'"a"@de')


@pytest.mark.parametrize("reason", ['""@en', '"  "@en'])
@pytest.mark.parametrize("term", ["retracted", "preferred"])
def test_a_decision_needs_a_reason(lighthouse: Path, reason: str, term: str) -> None:
    """A fact is not taken back without a word."""
    with pytest.raises(FactsError, match="a text that says something"):
        facts_of(lighthouse, _LIT_OTHERWISE, f'"1873"^^xsd:gYear {{| ev:supportedBy c:1.1 ; ev:{term} {reason} |}}')


def test_units_of_several_documents_are_shown_with_their_claims(lighthouse: Path, cli: Run) -> None:
    """A number names a unit of each document, slug:number that of one, as confirm prints it."""
    both = cli("evidence", "show", "2.1", "--project", lighthouse).stdout
    assert both.index("l:2.1" if "l:2.1" in both else "s:2.1") < both.index("has id:foghorn")
    one = cli("evidence", "show", "logbook:2.1", "--project", lighthouse).stdout
    assert "has id:foghorn" in one
    assert "Nebelhorn" not in one
