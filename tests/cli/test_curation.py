"""What commands tell a curator: what was not asked, what waits, what a build would stop at."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.evidence.audit_record import load_record
from isoc_kg.project import load_project

Cli = Callable[..., Any]


def edit(file: Path, before: str, after: str) -> None:
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after, 1), encoding="utf-8")


def without_text(harbour: Path) -> None:
    """The notice lies elsewhere, and is not published."""
    edit(harbour / "kg.toml", 'path = "documents/notice.txt"\npublish_text = true\n', "")


def test_an_audit_names_the_pairs_that_it_did_not_ask(harbour: Path, cli: Cli) -> None:
    """A text that is not at hand is left out by name and number: on the terminal, in JSON, data and page."""
    whole = json.loads(cli("evidence", "audit", "--project", harbour, "--format", "json").stdout)
    assert (whole["pairs_not_asked"], whole["not_compared"]) == (0, [])
    without_text(harbour)
    part = json.loads(cli("evidence", "audit", "--project", harbour, "--format", "json", "--record").stdout)
    assert part["pairs"] + part["pairs_not_asked"] == whole["pairs"]
    assert part["not_compared"] == ["notice, edition 1"]
    left = part["pairs_not_asked"]
    assert (
        f"not asked: {left} pairs more, text not compared: notice"
        in cli("evidence", "audit", "--project", harbour).stdout
    )
    cli("publish", "--project", harbour, "-o", harbour / "site")
    page = (harbour / "site" / "report.html").read_text(encoding="utf-8")
    assert f"{left} more pairs were not checked, because the text was not available: notice, edition 1." in page
    assert "/metric/pairs-not-asked" in (harbour / "site" / "dataset.nt").read_text(encoding="utf-8")


def test_an_audit_stops_at_a_text_that_changed(harbour: Path, cli: Cli) -> None:
    """What is measured of half of the texts is not recorded as a figure of the project."""
    edit(harbour / "documents" / "guide.txt", "1754", "1755")
    done = cli("evidence", "audit", "--record", "--project", harbour, code=1)
    assert "not the words of guide, edition 1" in done.stderr
    assert load_record(load_project(harbour)) is None


@pytest.mark.parametrize("value", ["-1", "true", '"1"'])
def test_counts_of_a_record_are_counts(harbour: Path, cli: Cli, value: str) -> None:
    """A record that was changed by hand is refused."""
    cli("evidence", "audit", "--record", "--project", harbour)
    edit(harbour / "facts" / "units" / "audit.json", '"pairs_not_asked": 0', f'"pairs_not_asked": {value}')
    assert "not a record of an audit" in cli("build", "--project", harbour, code=3).stderr


@pytest.mark.parametrize(("annotation", "word"), [("ev:preferred", "preferred"), ("ev:retracted", "retracted")])
def test_a_reason_does_not_outlive_its_value(lighthouse: Path, cli: Cli, annotation: str, word: str) -> None:
    """Another value with the reason of the one before stops every build, until somebody gives a reason for it."""
    light = lighthouse / "facts" / "light.ttl"
    noted = f'<http://www.w3.org/2004/02/skos/core#editorialNote> "Measured."@en ; {annotation} '
    edit(light, "ev:supportedBy l:1.2 ; ev:preferred ", noted)
    cli("build", "--project", lighthouse)
    edit(light, "light:height 31 ", "light:height 32 ")
    for _ in range(2):
        done = cli("build", "--project", lighthouse, code=1)
        assert "“32” (claim:ravens-point-light." in done.stderr
        assert f"the reason was given when “31” was {word}." in done.stderr
        assert f"remove {annotation}." in done.stderr
    listed = cli("evidence", "conflicts", "--strict", "--project", lighthouse, code=1)
    assert "3 conflicts, 3 not settled" in listed.stdout or annotation == "ev:retracted"
    edit(light, "The logbook was kept on the tower.", "The logbook was kept on the tower, to the inch.")
    cli("build", "--project", lighthouse)


def test_a_reason_may_go_to_another_value(lighthouse: Path, cli: Cli) -> None:
    """Who prefers the other of two values has decided, and may say the same."""
    light = lighthouse / "facts" / "light.ttl"
    reason = 'ev:preferred "The logbook was kept on the tower."@en'
    cli("build", "--project", lighthouse)
    edit(light, reason + " ;", "")
    edit(light, "33 {| ev:supportedBy c:1.2 |}", f"33 {{| ev:supportedBy c:1.2 ; {reason} |}}")
    cli("build", "--project", lighthouse)


def test_what_is_shown_and_would_stop_a_build(harbour: Path, cli: Cli) -> None:
    """A value that its sentence does not give is shown with a warning, another one without."""
    edit(
        harbour / "facts" / "harbour.ttl",
        '"1754"^^xsd:gYear {| ev:supportedBy g:2.1 |}',
        '"1755"^^xsd:gYear {| ev:supportedBy g:2.1 |}',
    )
    wrong = "SELECT ?o WHERE { ?s schema:foundingDate ?o }"
    right = "SELECT ?o WHERE { ?s harbour:builtFrom ?o }"
    for arguments in (("query", "--why", wrong), ("describe", "old-harbour")):
        done = cli(*arguments, "--project", harbour)
        assert "1755" in done.stdout
        assert "harbour.ttl:12: the build stops here: digits: “1755” is not in sentence guide:2.1" in done.stderr
    assert cli("query", "--why", right, "--project", harbour).stderr == ""


def test_terms_of_a_query_without_solutions(harbour: Path, cli: Cli) -> None:
    """A misspelt term is named; a query that has just no solutions says nothing."""
    for why in ([], ["--why"]):
        done = cli("query", *why, "SELECT * WHERE { ?s harbour:builtFrm ?o }", "--project", harbour)
        assert "note: no statement uses harbour:builtFrm as a property. Did you mean harbour:builtFrom?" in done.stderr
        done = cli("query", *why, "SELECT * WHERE { ?s harbour:builtFrom 7 }", "--project", harbour)
        assert done.stderr == ""


def test_summaries_tell_what_waits(lighthouse: Path, harbour: Path, cli: Cli) -> None:
    """Conflicts, flags, and what the check could not ask: of build and publish alike; no shapes of ours."""
    for command in ("build", "publish"):
        done = cli(command, "--project", lighthouse, "-o", lighthouse / command)
        assert "conflicts 3, 2 not settled: isoc-kg evidence conflicts" in done.stdout
        assert "pairs asked, 1 flag without an answer (period 1)" in done.stdout
    assert "no focus nodes" not in cli("build", "--project", harbour).stderr


def test_properties_that_no_cue_is_authored_for(harbour: Path, cli: Cli) -> None:
    """They are counted in the summary, and listed on demand."""
    done = cli("evidence", "check", "--cues", "--project", harbour)
    listed = [line for line in done.stdout.splitlines() if " has no cue words: " in line]
    assert "harbour:builtFrom has no cue words: add skos:altLabel or skos:hiddenLabel" in listed
    assert f"predicate not asked of {len(listed)} properties without cue words" in done.stdout
    assert "schema:name has no cue words" not in done.stdout


def test_flags_name_their_statement(harbour: Path, cli: Cli) -> None:
    """Several flags of one line are told apart by statement and claim."""
    edit(
        harbour / "facts" / "harbour.ttl",
        "harbour:builtFrom id:oak {| ev:supportedBy g:2.2",
        "harbour:builtFrom id:oak {| ev:supportedBy g:4.1",
    )
    done = cli("evidence", "check", "--project", harbour, code=1)
    assert "\n  id:cranes harbour:builtFrom id:oak (claim:cranes." in done.stdout
