"""What readers ask on the command line: search, why, and what to do with an answer."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from material import ROOT

Cli = Callable[..., Any]
HARBOUR = ("--project", ROOT / "examples" / "harbour-trust")


def test_why_of_a_statement(cli: Cli) -> None:
    """In one step: who says so, how to cite it, and where to object to it."""
    for given in (("established",), ("schema:foundingDate",), ("founding date", "2014")):
        told = cli("why", "MANRS", *given).stdout
        assert told.startswith('id:manrs schema:foundingDate "2014"^^xsd:gYear\n  sentence 15.2: ')
        assert "supported by sentence 15.2" in told.partition("  cite: ")[2]
        assert "  report a mistake: the publisher (The isoc-kg authors) has given no address for objections.\n" in told
    told = cli("why", "Selmersund Harbour Trust", "founder", *HARBOUR).stdout
    assert told.count("  report a mistake: mailto:data@harbour-trust.example?subject=Wrong%3F") == 2
    assert cli("why", "MANRS").stdout.startswith("id:manrs rdf:type schema:Project\n")


def test_why_of_what_has_no_claim(cli: Cli, tmp_path: Path) -> None:
    """The message names what there is."""
    assert "It has dcterms:audience" in cli("why", "MANRS", "nope", code=2).stderr
    file = tmp_path / "a.ttl"
    file.write_text('<http://e.example/a> <http://www.w3.org/2000/01/rdf-schema#label> "Ada" .', encoding="utf-8")
    assert "no claim is behind a statement about Ada." in cli("why", "Ada", "--data", file, code=2).stderr
    assert cli("search", "ada", "--data", file).stdout.splitlines() == ["thing     <http://e.example/a>  Ada"]


def test_search(cli: Cli) -> None:
    """A line for each match, in the order of the pages, with what commands call it and why it is there."""
    done = cli("search", "who", "founded", "MANRS", "--limit", "1")
    first, second, *_ = done.stdout.splitlines()
    assert first.split()[:2] == ["thing", "id:manrs"]
    assert first.endswith(" – established by Internet Society (15.2)")
    assert second.split()[:2] == ["question", "query:founders"]
    assert "more: --limit" in done.stderr
    assert json.loads(cli("search", "manrs", "--format", "json").stdout)["matches"][0]["name"] == "id:manrs"
    assert "nothing has a word of “zzzzzz”" in cli("search", "zzzzzz", code=1).stderr


@pytest.mark.parametrize("words", [("why", "MANRS", "--project"), ("search", "trust", "--project")])
def test_a_project_that_is_none(cli: Cli, tmp_path: Path, words: tuple[str, ...]) -> None:
    cli(*words, tmp_path / "none", code=3)


@pytest.mark.parametrize("words", [("why", "MANRS"), ("search", "internet"), ("query", "SELECT * { ?s ?p ?o }")])
def test_a_reader_that_closes_early(words: tuple[str, ...]) -> None:
    """`| head` is no failure, and says nothing."""
    running = subprocess.Popen(
        [sys.executable, "-m", "isoc_kg", *words], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert running.stdout is not None
    assert running.stderr is not None
    running.stdout.close()
    said = running.stderr.read()
    running.stderr.close()
    assert (running.wait(60), [line for line in said.splitlines() if not line.startswith("note: ")]) == (0, [])
