"""The order of the tests for several workers."""

from pathlib import Path

import pytest

import long_first
from long_first import LONG

from material import ROOT


@pytest.mark.parametrize("workers", [1, 2, 3, 8])
def test_shares(monkeypatch: pytest.MonkeyPatch, workers: int) -> None:
    """Each worker's share begins with what takes long, of which all have about as much; none is lost or doubled."""
    monkeypatch.setattr(long_first, "LONG", {"a": 9, "b/x.py": 8, "b/y.py": 7, "c.py": 6, "d.py": 6, "e": 6})
    files = ["a/1.py", "a/2.py", "b/w.py", "b/x.py", "b/y.py", "b/z.py", "c.py", "d.py", "e/1.py", "f.py"]
    items = [(file, f"{file}::{number}") for file in files for number in range(60 if file == "b/z.py" else 4)]
    order = long_first.long_first(items, workers)
    assert sorted(order) == sorted(item for _, item in items)
    size = len(order) // workers
    for number in range(workers if workers < 8 else 0):
        share = order[number * size : (number + 1) * size]
        kinds = [not item.startswith(("b/w", "b/z", "f")) for item in share]
        assert kinds == sorted(kinds, reverse=True)
        assert sum(kinds) >= 28 // workers - 8
    for file in files[:5]:  # those of a file stand together, in their own order
        places = [order.index(item) for path, item in items if path == file and not file.startswith("b/w")]
        assert places == list(range(places[0], places[0] + len(places))) if places else True


def test_what_takes_long_is_there() -> None:
    """The list names files and folders that exist."""
    assert [name for name in LONG if not (ROOT / name).exists()] == []
    assert all(Path(name).parts[0] == "tests" for name in LONG)
