"""The canal project, copied."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.project import Project, load_project
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.submission import Submission
from proposed import CANAL, recorded


@pytest.fixture(scope="session")
def shared_judge() -> Judge:
    """A judge of the canal project as it is, for tests that change nothing."""
    return Judge(load_project(CANAL))


@pytest.fixture
def canal(tmp_path: Path) -> Project:
    """A copy of the canal project."""
    shutil.copytree(CANAL, tmp_path / "canal")
    return load_project(tmp_path / "canal")


@pytest.fixture
def queued(canal: Project) -> Callable[..., Judge]:
    """Put recorded claims, the true ones by default, into the queue of the copy; gives the judge."""

    def put(claims: list[dict[str, Any]] | None = None, source: str = "recorded", by: str | None = None) -> Judge:
        judge = Judge(canal)
        submission = Submission(judge, source, by)
        for claim in recorded("true") if claims is None else claims:
            submission.submit_json(claim)
        submission.write()
        return judge

    return put
