"""Copies of stores that lack a part of their manifest, and stores of all ages that lack nothing."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg.errors import EngineError
from isoc_kg.server.content.store_files import check_store_files


def _quads(number: int, word: str = "text ") -> list[ox.Quad]:
    name = ox.NamedNode("urn:x:p")
    return [ox.Quad(ox.NamedNode(f"urn:x:{i}"), name, ox.Literal(f"{word}{i} " * 20)) for i in range(number)]


def _bulk(folder: str) -> None:
    ox.Store(folder).bulk_extend(_quads(2000))


def _compacted(folder: str) -> None:
    store = ox.Store(folder)
    for word in ("a", "b"):
        store.extend(_quads(500, word))
        store.flush()
    store.optimize()


def _reopened(folder: str) -> None:
    _bulk(folder)
    ox.Store(folder).add(_quads(1)[0])
    ox.Store(folder).optimize()


def _cleared(folder: str) -> None:
    _bulk(folder)
    store = ox.Store(folder)
    store.clear()
    store.flush()
    store.optimize()


def _logged(folder: str) -> None:
    ox.Store(folder).add(_quads(1)[0])


AGES = [lambda folder: ox.Store(folder), _bulk, _compacted, _reopened, _cleared, _logged]


@pytest.mark.parametrize("make", AGES, ids=["new", "bulk", "compacted", "reopened", "cleared", "logged"])
def test_a_whole_store(make: Callable[[str], None], tmp_path: Path) -> None:
    """It is taken, whatever has been done with it."""
    make(str(tmp_path / "store"))
    check_store_files(tmp_path / "store")


def test_a_store_that_is_open(tmp_path: Path) -> None:
    """It is taken while somebody writes into it."""
    store = ox.Store(str(tmp_path / "store"))
    store.extend(_quads(100))
    check_store_files(tmp_path / "store")
    store.flush()
    store.extend(_quads(100, "more "))
    check_store_files(tmp_path / "store")


@pytest.mark.parametrize("make", [_bulk, _compacted], ids=["bulk", "compacted"])
def test_half_a_manifest(make: Callable[[str], None], tmp_path: Path) -> None:
    """Wherever it is cut, a store that opens with less than it had is refused."""
    folder = tmp_path / "store"
    make(str(folder))
    had = len(ox.Store.read_only(str(folder)))
    manifest = folder / (folder / "CURRENT").read_text().strip()
    data = manifest.read_bytes()
    ends, at = [], 0  # of its records, which cuts are most like a whole manifest at
    while at < len(data):
        at += 7 + int.from_bytes(data[at + 4 : at + 6], "little")
        ends.append(at)
    less = 0
    for cut in sorted({len(data) // 2, *ends[-12:], *(end - 5 for end in ends[-6:])}):
        copy = tmp_path / f"copy{cut}"
        shutil.copytree(folder, copy)
        (copy / manifest.name).write_bytes(data[:cut])
        try:
            left = len(ox.Store.read_only(str(copy)))
        except (OSError, ValueError, RuntimeError):
            continue  # the engine refuses it
        if left < had:
            less += 1
            with pytest.raises(EngineError, match=r"\.sst, that MANIFEST-\d+ does not name"):
                check_store_files(copy)
    assert less or make is _compacted


@pytest.mark.parametrize("damage", [b"", b"\xff" * 100, b"\0" * 40_000, b"\0\0\0\0\xff\xff\1x"])
def test_what_is_no_manifest(damage: bytes, tmp_path: Path) -> None:
    """It names nothing."""
    _bulk(str(tmp_path))
    manifest = tmp_path / (tmp_path / "CURRENT").read_text().strip()
    manifest.write_bytes(damage)
    with pytest.raises(EngineError):
        check_store_files(tmp_path)
