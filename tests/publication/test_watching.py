"""Which changes of a project's files are seen."""

from pathlib import Path

import pytest

from isoc_kg.publication import watching
from isoc_kg.publication.watching import SourceWatch


@pytest.mark.parametrize(
    ("path", "seen"),
    [
        ("kg.toml", True),
        ("facts/new.ttl", True),
        ("facts/units/guide/1.gists.ttl", True),
        ("ontology/more.ttl", True),
        ("queries/more.rq", True),
        ("documents/guide.txt", True),
        ("theme.css", True),
        ("templates/base.html", True),
        ("out/harbour.ttl", False),
        ("notes.txt", False),
        ("facts/.new.ttl.swp", False),
        ("facts/new.ttl~", False),
        ("facts/.git/index", False),
    ],
)
def test_what_is_watched(harbour: Path, path: str, seen: bool) -> None:
    watch = SourceWatch(harbour)
    before = watch.signature()
    file = harbour / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((file.read_text() if file.is_file() else "") + "# more\n")
    assert (watch.signature() != before) is seen


def test_a_broken_kg_toml(harbour: Path) -> None:
    """The folders that it named before are followed still."""
    watch = SourceWatch(harbour)
    before = watch.signature()
    (harbour / "kg.toml").write_text("name =")
    broken = watch.signature()
    assert broken.keys() == before.keys()
    assert broken != before
    (harbour / "facts" / "harbour.ttl").unlink()
    assert watch.signature() != broken


def test_a_change_is_acted_on_when_it_is_over(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two looks in a row see the same; a change that is taken back is none."""
    watch = SourceWatch(harbour)
    looks = [{Path("a"): (number, 0, 0)} for number in (0, 0, 1, 2, 0, 3, 4, 4, 5)]
    slept: list[float] = []
    monkeypatch.setattr(watch, "signature", lambda: looks.pop(0))
    monkeypatch.setattr(watching.time, "sleep", slept.append)
    assert watch.changed(looks[0]) == {Path("a"): (4, 0, 0)}
    assert len(slept) == 8
