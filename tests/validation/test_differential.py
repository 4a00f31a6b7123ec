"""Engines that the table calls right on the same shapes agree; see `differential.py`."""

import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent)]
import differential


@pytest.mark.parametrize("start", [0, 60])
def test_random_shapes(start: int) -> None:
    """Small and seeded; `python benchmarks/compare_engines.py` goes on from there."""
    assert list(differential.differences(range(start, start + 60))) == []
