"""A project's own templates: those that make no page are served neither at the start nor after a reload."""

import signal
from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg.errors import ProjectError
from isoc_kg.rendering import template_bounds
from isoc_kg.server.content.source import Source

from .processes import until
from .running import running

#: What is wrong, by what is said of it.
BROKEN = {
    "{% if %}": "Expected an expression",
    "{{ 1 // 0 }}": "zero",
    "{{ nothing.here }}": "undefined",
    "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}": "seconds",
    "<p><img src='https://elsewhere.example/a.png'></p>": "loads from elsewhere",
}


def template(folder: Path, name: str, text: str) -> None:
    """Put one into a project, its third line."""
    (folder / "templates").mkdir(exist_ok=True)
    start = '{% extends "base.html" %}\n{% block content %}\n' if name != "fragments.html" else "\n\n"
    (folder / "templates" / name).write_text(start + text + ("\n{% endblock %}\n" if name != "fragments.html" else ""))


@pytest.fixture
def source(harbour: Path, tmp_path: Path) -> dict[str, Source]:
    """The project, RDF, and a store seen through it."""
    data = tmp_path / "own.nt"
    data.write_text("<urn:x:s> <urn:x:p> <urn:x:o> .\n")
    store = ox.Store(str(tmp_path / "store"))
    store.add(ox.Quad(ox.NamedNode("urn:x:s"), ox.NamedNode("urn:x:p"), ox.NamedNode("urn:x:o")))
    store.flush()
    del store
    address = "http://127.0.0.1:8000/"
    return {
        "project": Source(harbour, (), None, None, None, address),
        "store": Source(harbour, (), tmp_path / "store", None, None, address),
    }


@pytest.mark.parametrize("text", BROKEN)
def test_what_makes_no_page_is_refused(
    harbour: Path, source: dict[str, Source], text: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of whatever kind the page is, with file and line; what is well is taken."""
    monkeypatch.setattr(template_bounds, "_SECONDS", 0.3)
    names = {"project": ["resource.html", "home.html", "statistics.html"], "store": ["resource.html", "members.html"]}
    for mode, own in source.items():
        for name in [*names[mode], "term_fragment.html"] if "if" in text else names[mode][:2]:
            template(harbour, name, text)
            with pytest.raises(ProjectError) as caught:
                own.load()
            assert BROKEN[text] in str(caught.value), (mode, name, caught.value)
            assert f"templates/{name}" in str(caught.value)
            (harbour / "templates" / name).unlink()


def test_what_is_well_is_taken(harbour: Path, source: dict[str, Source]) -> None:
    """Wherever it is from."""
    template(harbour, "resource.html", "<p>{{ iri }}</p>")
    template(harbour, "members.html", "<p>{{ heading }}</p>")
    for own in source.values():
        own.load()


def test_a_reload_keeps_what_makes_pages(harbour: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """The log says why; at the start it is an error."""
    with running("--project", harbour, cwd=harbour) as server:
        page = server.get("id/oak.html")
        assert page.status_code == 200
        template(harbour, "resource.html", "{{ 1 // 0 }}")
        server.process.send_signal(signal.SIGHUP)
        until(lambda: server.logs("reload failed") == 1, "it is refused")
        line = next(line for line in server.lines if "reload failed" in line)
        assert "templates/resource.html:3: " in line
        assert server.get("id/oak.html").content == page.content
    assert "templates/resource.html:3: " in cli("serve", "--project", str(harbour), "--port", "0", code=3).stderr
