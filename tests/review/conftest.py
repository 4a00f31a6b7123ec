"""A project with proposals that wait."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.project import load_project
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.submission import Submission

from material import ROOT

#: Claims that the report says, in the order of its sentences.
CLAIMS: list[dict[str, Any]] = [
    {"unit": "report:2.2", "subject": "id:wexmoor-canal-trust", "property": "c:maintains", "object": "id:copper-basin",
     "quote": "maintains the Long Reach and the Copper Basin"},
    {"unit": "report:2.3", "subject": "id:ida-thornbury", "property": "c:chairs", "object": "id:wexmoor-canal-trust",
     "quote": "Ida Thornbury chairs the Wexmoor Canal Trust"},
    {"unit": "report:2.4", "subject": "id:wexmoor-canal-trust", "property": "c:owns", "object": "id:marigold",
     "quote": "The trust owns the steam tug Marigold"},
    {"unit": "report:2.5", "subject": "id:wexmoor-canal-trust", "property": "c:employs", "object": {"value": 14}},
    {"unit": "report:3.4", "subject": "id:millgate-lock", "property": "c:liesIn",
     "object": {"new": {"type": "c:Town", "label": "Millgate"}}, "quote": "lies in Millgate"},
]  # fmt: skip


def propose(project: Path, claims: list[dict[str, Any]], source: str = "recorded") -> list[str]:
    """Put claims into a project's queue; their names."""
    submission = Submission(Judge(load_project(project)), source)
    arrivals = [submission.submit_json(claim) for claim in claims]
    submission.write()
    assert all(arrival.id for arrival in arrivals), [arrival.assessment.refusal for arrival in arrivals]
    return [arrival.id or "" for arrival in arrivals]


@pytest.fixture
def empty(tmp_path: Path) -> Path:
    """A copy of the canals' project, without proposals."""
    return Path(shutil.copytree(ROOT / "tests/proposals/canal", tmp_path / "canal"))


@pytest.fixture
def canal(empty: Path) -> Path:
    """One with five proposals."""
    propose(empty, CLAIMS)
    return empty


def facts(project: Path) -> str:
    """All facts of a project, as they are written."""
    return "".join(path.read_text(encoding="utf-8") for path in sorted((project / "facts").glob("*.ttl")))
