"""`review --policy`: accepted without a look at each, under the name of whoever signs, and nothing that is flagged."""

from pathlib import Path

import pytest

from isoc_kg.project import load_project
from isoc_kg.proposals.decisions import DecisionLog

from .conftest import CLAIMS, facts, propose

POLICY = """[[accept]]
sources = ["recorded"]
properties = ["c:maintains", "c:owns", "schema:foundingDate"]
implied = true
"""


@pytest.fixture
def policy(tmp_path: Path) -> Path:
    """A policy for two properties and a year."""
    file = tmp_path / "policy.toml"
    file.write_text(POLICY)
    return file


def test_a_policy(empty: Path, policy: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """What its rules admit is accepted and printed; other properties, tools and flagged claims are left."""
    rival = {"unit": "report:3.1", "subject": "id:wexmoor-canal-trust", "property": "schema:foundingDate",
             "object": {"value": "1874"}, "support": "implied"}  # fmt: skip
    propose(empty, [*CLAIMS, rival])
    propose(empty, [{**CLAIMS[0], "unit": "report:2.1", "support": "implied", "quote": "Trust"}], source="another")
    before = facts(empty)
    shown = cli("review", "--project", empty, "--policy", policy, "--reviewer", "Ann", "--list")
    assert "2 proposals would be accepted by policy.toml (sha256" in shown.stdout
    assert facts(empty) == before
    done = cli("review", "--project", empty, "--policy", policy, "--reviewer", "Ann")
    assert "“Wexmoor Canal Trust” maintains “Copper Basin”" in done.stdout
    assert "“Wexmoor Canal Trust” owns “Marigold”" in done.stdout
    assert "signed by Ann; 5 left" in done.stdout
    decisions, _ = DecisionLog(load_project(empty)).read()
    assert {(one.kind, one.reviewer, (one.policy or "").partition(" ")[0]) for one in decisions} == {
        ("accept", "Ann", "policy.toml")
    }
    assert len(decisions) == 2
    assert '"1874"^^xsd:gYear {| ev:impliedBy' not in facts(empty)
    again = cli("review", "--project", empty, "--policy", policy, "--reviewer", "Ann")
    assert "0 proposals accepted" in again.stdout


def test_what_is_no_policy(canal: Path, policy: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """A file of another form accepts nothing, and filters are not for policies."""
    policy.write_text("accept = true")
    assert "policy.toml" in cli("review", "--project", canal, "--policy", policy, code=3).stderr
    policy.write_text(POLICY)
    refused = cli("review", "--project", canal, "--policy", policy, "--slug", "report", code=2)
    assert "--policy excludes --slug" in refused.stderr
    assert not (canal / "proposals/decisions").exists()
