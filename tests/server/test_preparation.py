"""Pages that are made before anybody asks are those that are made when somebody does, and are bounded."""

import asyncio
from pathlib import Path

import pytest

from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.composition import Composition
from isoc_kg.server.content.preparation import Preparation
from isoc_kg.server.content.resources import Resources
from isoc_kg.server.content.snapshot import Snapshot
from isoc_kg.server.content.thing_documents import ThingDocuments


def _snapshot(folder: Path) -> Snapshot:
    return Snapshot(Publication.of_project(load_project(folder)), None, 1_700_000_000.0)


def _prepared(snapshot: Snapshot, most: int) -> Preparation:
    preparation = Preparation(snapshot, most, lambda: 0)
    for _ in preparation.steps():
        pass
    return preparation


def test_the_same_answers(harbour: Path) -> None:
    """With pages that are there, and without."""
    snapshot = _snapshot(harbour)
    pages = _prepared(snapshot, 10_000_000).pages
    made, prepared = (
        ThingDocuments(Resources(one, ""), "", known) for one, known in ((_snapshot(harbour), None), (snapshot, pages))
    )
    assert pages
    for key in snapshot.bundles:
        for coding in (b"", b"gzip"):
            request = f"/{key}.html".encode(), None, coding
            assert made.response(request) == prepared.response(request), key


def test_the_same_answers_of_pieces(harbour: Path) -> None:
    """Where names, links and evidence are there, but no page."""
    snapshot = _snapshot(harbour)
    assert not _prepared(snapshot, 0).pages
    made, prepared = (ThingDocuments(Resources(one, ""), "") for one in (_snapshot(harbour), snapshot))
    for key in snapshot.bundles:
        for extension in ("html", "ttl", "jsonld"):
            request = f"/{key}.{extension}".encode(), None, b""
            assert made.response(request) == prepared.response(request), key


def test_evidence_is_bounded(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more of it is prepared than is remembered."""
    asked: list[bytes] = []

    def prepare(_: Composition, token: bytes) -> bool:
        asked.append(token)
        return len(asked) < 3

    monkeypatch.setattr(Composition, "prepare", prepare)
    _prepared(_snapshot(harbour), 0)
    assert len(asked) == 3


def test_pages_are_bounded(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By their bytes, and by their number."""
    snapshot = _snapshot(harbour)
    assert not _prepared(snapshot, 1000).pages
    assert sum(map(len, _prepared(snapshot, 40_000).pages.values())) <= 40_000
    monkeypatch.setattr("isoc_kg.server.content.preparation._MOST_PAGES", 2)
    assert len(_prepared(snapshot, 10_000_000).pages) <= 2


def test_nobody_waits(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is prepared while requests are answered."""
    monkeypatch.setattr("isoc_kg.server.content.preparation._BUSY", 0.0)
    monkeypatch.setattr("isoc_kg.server.content.preparation._TURN", 0.0)  # a turn is over before its first piece
    answered, looked = 0, 0

    def requests() -> int:
        nonlocal answered, looked
        looked += 1
        answered += looked < 50
        return answered

    preparation = Preparation(_snapshot(harbour), 10_000_000, requests)
    task = preparation.run()
    monkeypatch.setattr(preparation, "steps", lambda: iter([None] * 5))
    with pytest.raises(TimeoutError):
        asyncio.run(asyncio.wait_for(task, 0.2))
    assert looked > 50
