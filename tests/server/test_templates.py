"""A project's own templates: those that make no page are served neither at the start nor after a reload."""

import asyncio
import gc
import signal
import threading
import time
from collections.abc import Awaitable, Callable
from itertools import cycle
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest

from isoc_kg.errors import ProjectError
from isoc_kg.limits import ServerLimits
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering import error_pages as rendered_error_pages
from isoc_kg.rendering import request_pages, template_bounds
from isoc_kg.server import error_pages
from isoc_kg.server.app import Application
from isoc_kg.server.content import snapshot as content_snapshot
from isoc_kg.server.content.snapshot import Snapshot
from isoc_kg.server.content.source import Source
from isoc_kg.server.http.problems import Problem

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
#: The same of what costs or loads too much.
TOO_MUCH = {
    "{% for i in range(9999) %}{% for j in range(9999) %}{% endfor %}{% endfor %}": "seconds",
    "{{ 'x'.center(10**10) }}": "memory",
    "<p><img src='https://elsewhere.example/a.png'></p>": "loads from elsewhere",
}
#: Pages that only a request has → what is in the template of each for some requests alone.
OF_REQUESTS = {
    "error.html": "{% if query %}[]{% endif %}",
    "404.html": "{% if near %}[]{% endif %}",
    "answer.html": "{% if shown and shown.rows %}[]{% endif %}",
    "search.html": "{% if results and results.groups %}[]{% endif %}",
}
PAGE = {"accept": "text/html"}


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


@pytest.fixture
def little(monkeypatch: pytest.MonkeyPatch) -> None:
    """Limits that are reached at once."""
    monkeypatch.setattr(template_bounds, "_SECONDS", 0.3)
    monkeypatch.setattr(template_bounds, "_BYTES", 200_000_000)
    for module in (rendered_error_pages, request_pages, error_pages):
        monkeypatch.setattr(module, "ERROR_PAGE_SECONDS", 0.2)


def place(harbour: Path, name: str, text: str) -> None:
    """Put a template of a request's page into a project, with something on its fourth line."""
    if name == "search.html":
        (harbour / "templates").mkdir(exist_ok=True)
        start = '{% extends "tool.html" %}\n{% block tool %}\n\n'
        (harbour / "templates" / name).write_text(f"{start}{text}\n{{% endblock %}}\n")
    else:
        template(harbour, name, f"\n{text}")


def loading(harbour: Path) -> Callable[[], Snapshot]:
    """What loads a state whose facts stay, while its templates may change."""
    publication = Publication.of_project(load_project(harbour))

    def load() -> Snapshot:
        snapshot = Snapshot(publication, None, 0.0)
        snapshot.try_templates()
        return snapshot

    return load


async def with_server(load: Callable[[], Snapshot], use: Callable[[Application], Awaitable[None]]) -> None:
    """Do something with an application that serves what is loaded."""
    limits = ServerLimits(workers=1, long_queries=1)
    app = Application(load, limits, address="http://kg.example/", log=False)
    await app.start()
    try:
        await use(app)
    finally:
        await app.stop()
        gc.unfreeze()


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize("text", TOO_MUCH)
@pytest.mark.parametrize("name", OF_REQUESTS)
def test_what_only_a_request_shows_is_tried(harbour: Path, source: dict[str, Source], name: str, text: str) -> None:
    """With examples, so that the start is refused, with file and reason."""
    place(harbour, name, OF_REQUESTS[name].replace("[]", text))
    for mode in ("project", "store") if name in ("error.html", "404.html") else ("project",):
        with pytest.raises(ProjectError) as caught:
            source[mode].load()
        assert TOO_MUCH[text] in str(caught.value)
        assert f"templates/{name}" in str(caught.value)


@pytest.mark.usefixtures("little")
def test_a_reload_refuses_what_only_a_request_shows(harbour: Path) -> None:
    """The state before is served on."""

    async def reloads(app: Application) -> None:
        before = app.services
        for (name, condition), (text, reason) in zip(OF_REQUESTS.items(), cycle(TOO_MUCH.items()), strict=False):
            place(harbour, name, condition.replace("[]", text))
            app.reload()
            while app._reloading:
                await asyncio.sleep(0.01)
            assert app.unserved is not None
            assert reason in app.unserved
            assert f"templates/{name}" in app.unserved
            assert app.services is before
            (harbour / "templates" / name).unlink()

    asyncio.run(with_server(loading(harbour), reloads))


@pytest.mark.usefixtures("little")
@pytest.mark.parametrize(("text", "light"), [*((text, 10**9) for text in TOO_MUCH), (list(TOO_MUCH)[-1], 0)])
def test_what_only_one_request_shows(harbour: Path, text: str, light: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The others are answered meanwhile; errors have plain pages from then on."""
    monkeypatch.setattr(content_snapshot, "_LIGHT_LINES", light)
    conditions = {
        "error.html": '{% if "odd" in detail %}[]{% endif %}',
        "404.html": '{% for href, _ in near if "oak" in href %}[]{% endfor %}',
        "answer.html": '{% if "odd" in values.values()|list|string %}[]{% endif %}',
        "search.html": '{% if results and "odd" in results.status %}[]{% endif %}',
    }
    words = "# title: Where does it occur?\n# param word text = dock – the word\n"
    (harbour / "queries" / "words.rq").write_text(words + "SELECT ?s { ?s ?p ?o FILTER(CONTAINS(STR(?o), ?word)) }")
    for name, condition in conditions.items():
        place(harbour, name, condition.replace("[]", text))

    async def ask(app: Application) -> None:
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://kg.example", headers=PAGE) as client:
            own = await client.get("/nowhere-at-all")  # what is well has the frame of the site
            assert '<header class="site"' in own.text
            for path in ("/describe?iri=urn:odd", "/id/oaks"):
                app.services.error_pages.failed = False
                answers = await asyncio.gather(client.get(path), client.get("/about", headers={"accept": "*/*"}))
                assert [answer.status_code for answer in answers] == [404, 200]
                assert '<header class="site"' not in answers[0].text
                assert app.services.error_pages.failed
                before = time.process_time()
                again = await client.get(path)
                assert again.status_code == 404
                assert time.process_time() - before < 0.15
            for path in ("/search.html?q=oddity", "/api/queries/words?word=odd"):
                answer = await client.get(path)
                assert answer.status_code == 500, answer.text
                assert "own templates" in answer.text
            assert (await client.get("/search.html?q=oak")).status_code == 200

    asyncio.run(with_server(loading(harbour), ask))


def test_own_templates_make_no_page_where_connections_are_read(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """They run in threads, whatever is asked for, so that one which takes long holds nothing up."""
    place(harbour, "error.html", "")
    place(harbour, "404.html", "")
    template(harbour, "resource.html", "<p>{{ iri }}</p>")
    rendered: set[str] = set()

    async def ask(app: Application) -> None:
        theme = app.services.snapshot.renderer.theme
        make = theme.environment.get_template

        def get_template(name: str, *others: object) -> object:
            if threading.current_thread() is threading.main_thread():
                rendered.add(name)
            return make(name, *others)

        monkeypatch.setattr(theme.environment, "get_template", get_template)
        transport = httpx.ASGITransport(app)  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://kg.example", headers=PAGE) as client:
            for path, status in (
                ("/", 200), ("/id/oak.html", 200), ("/id/oak", 303), ("/id/oaks", 404), ("/describe?iri=x", 400),
                ("/search.html?q=oak", 200), ("/browse/index.html", 200), ("/api/queries/uses?format=html", 200),
            ):  # fmt: skip
                assert (await client.get(path)).status_code == status, path
        key = (b"/id/oak.html", b"", b"")
        assert app.services.make(key) is None
        assert app.problem_page(Problem(400, "wrong."), "") is None

    asyncio.run(with_server(loading(harbour), ask))
    assert not rendered


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
