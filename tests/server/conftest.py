"""Servers that several tests ask."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from .running import Running, running
from material import ROOT


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The shipped publication."""
    with running("--project", ROOT, cwd=tmp_path_factory.mktemp("serve")) as server:
        yield server


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder to work in."""
    return tmp_path
