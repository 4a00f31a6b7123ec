"""The rules for web hosts, on the real servers."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote, unquote

import pytest

from isoc_kg.negotiation import EXTENSIONS
from isoc_kg.project import Project, load_project
from isoc_kg.site.rules import rule_files

from .servers import APACHE, NGINX, apache, get, nginx

HOST = "https://data.example/kg/"
KINDS = [
    pytest.param("apache", marks=pytest.mark.skipif(not APACHE, reason="no Apache: apt-get install apache2")),
    pytest.param("nginx", marks=pytest.mark.skipif(not NGINX, reason="no nginx: apt-get install nginx-light")),
]


def site(folder: Path) -> Path:
    """A small site below the path that the address names."""
    root = folder / "www" / "kg"
    for name in ("id/x", "id/only-page", "document/d", "document/d/1", "ontology", "evidence", "dataset", "shapes"):
        for extension in EXTENSIONS.values():
            path = root / f"{name}.{extension}"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(f"{name} {extension}")
    for extension in ("ttl", "jsonld", "nt", "rdf"):
        (root / f"id/only-page.{extension}").unlink()
    (root / "ontology").mkdir()
    (root / "ontology/1.0.0.ttl").write_text("version")
    (root / ".well-known").mkdir()
    for name in (
        ".well-known/void",
        "404.html",
        "index.html",
        "linkset.json",
        "x.nq",
        "x.trig",
        ".isoc-kg.json",
        "robots.txt",
        "a.svg",
        "a.js",
        "a.json",
        "a.xml",
        "a.css",
    ):
        (root / name).write_text(name)
    for name, data in rule_files(load_project(), HOST).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return root


@pytest.fixture(scope="module", params=KINDS)
def server(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Each server with the site under `/kg/`."""
    work = tmp_path_factory.mktemp("work")
    root = site(tmp_path_factory.mktemp("site"))
    if request.param == "apache":
        with apache(root.parent, work) as port:
            yield port
    else:
        with nginx(root.parent, work, root / "rules") as port:
            yield port


def where(headers: dict[str, str]) -> str:
    """The path of a Location header, whatever host the server calls itself."""
    location = headers["location"]
    return location[location.index("/kg/") :] if "://" in location else location


@pytest.mark.parametrize(
    ("accept", "extension"),
    [
        (None, "html"),
        ("*/*", "html"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "html"),
        ("text/turtle", "ttl"),
        ("application/ld+json", "jsonld"),
        ("application/n-triples", "nt"),
        ("application/rdf+xml", "rdf"),
        ("APPLICATION/RDF+XML", "rdf"),
        ("text/turtle;q=0.4, application/ld+json;q=0.9", "jsonld"),
        ("text/turtle;q=0.4, application/ld+json;q=0.3, */*;q=0.1", "ttl"),
        ("text/html;q=0, text/*", "ttl"),
        ("application/*, text/html;q=0.2", "jsonld"),
        ("text/turtle;q=0, */*", "html"),
    ],
)
def test_format_by_accept(server: int, accept: str | None, extension: str) -> None:
    """303 to the file of the format that the request likes best, and Vary says so."""
    for name in ("id/x", "document/d", "document/d/1", "ontology", "evidence", "dataset", "shapes"):
        status, headers, _ = get(server, f"/kg/{name}", accept)
        assert (status, where(headers)) == (303, f"/kg/{name}.{extension}")
        assert "accept" in headers["vary"].lower()
        assert headers["access-control-allow-origin"] == "*"
        assert get(server, f"/kg/{name}", accept, "HEAD")[0] == 303


@pytest.mark.parametrize("accept", [None, "text/turtle", "text/html"])
def test_unknown_name_is_not_found(server: int, accept: str | None) -> None:
    """404 with the site's own page, whatever is accepted; never a redirect to nothing."""
    for name in ("id/nobody", "nothing", "document/d/2"):
        status, _, body = get(server, f"/kg/{name}", accept)
        assert (status, body) == (404, b"404.html")


def test_nothing_fits(server: int) -> None:
    """406 when no format is accepted, or the one accepted is not there."""
    assert get(server, "/kg/id/x", "image/png")[0] == 406
    assert get(server, "/kg/id/x", "text/html;q=0")[0] == 406
    assert get(server, "/kg/id/only-page", "text/turtle")[0] == 406


def test_files_have_their_types(server: int) -> None:
    """Each file is served as what it is, under the site's policy."""
    for name, media_type in {
        "id/x.html": "text/html",
        "id/x.ttl": "text/turtle",
        "id/x.jsonld": "application/ld+json",
        "id/x.nt": "application/n-triples",
        "id/x.rdf": "application/rdf+xml",
        "x.nq": "application/n-quads",
        "x.trig": "application/trig",
        ".well-known/void": "text/turtle",
        "linkset.json": "application/linkset+json",
        "a.svg": "image/svg+xml",
        "a.js": "text/javascript",
        "a.css": "text/css",
        "a.json": "application/json",
        "a.xml": "application/xml",
        "robots.txt": "text/plain",
    }.items():
        status, headers, _ = get(server, f"/kg/{name}")
        assert (status, headers["content-type"].split(";")[0]) == (200, media_type), name
        assert headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in headers["content-security-policy"]


def test_claims_versions_and_queries(server: int) -> None:
    """What has no file of its own leads to where it is told."""
    assert where(get(server, "/kg/claim/x.0123456789abcdef")[1]) == "/kg/id/x.html#0123456789abcdef"
    assert where(get(server, "/kg/ontology/1.0.0")[1]) == "/kg/ontology/1.0.0.ttl"
    assert where(get(server, "/kg/evidence/1.0.0")[1]) == "/kg/evidence/1.0.0.ttl"
    assert where(get(server, "/kg/graph/facts")[1]) == "/kg/dataset.html#graph-facts"
    assert where(get(server, "/kg/query/founders")[1]) == "/kg/query/founders.html"
    assert get(server, "/kg/")[2] == b"index.html"


@pytest.mark.parametrize(
    "path",
    [
        "/kg/id/../../etc/passwd",
        "/kg/id/%2e%2e/%2e%2e/x",
        "/kg/id/x%0d%0aSet-Cookie:%20a=b",
        "/kg/id/x%00",
        "/kg/.isoc-kg.json",
    ],
)
def test_hostile_paths(server: int, path: str) -> None:
    """Nothing outside is served, and nothing of a request gets into a header."""
    status, headers, _ = get(server, path, "text/turtle")
    assert status in (400, 403, 404)
    assert "set-cookie" not in headers


@pytest.mark.parametrize("kind", KINDS)
def test_names_in_any_script(tmp_path: Path, kind: str) -> None:
    """Their IRIs lead to their files as those in ASCII do, whatever the case of the escapes; headers are ASCII."""
    root = tmp_path / "www" / "kg"
    project = replace(load_project(), local_names="any-script")
    names = ("a-b", "größe", "हिन्दी-१")
    texts = {f"id/{name}.{extension}": b"text" for name in names for extension in ("html", "ttl")}
    for name, data in {**rule_files(project, HOST), **texts, "404.html": b"404"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    work = tmp_path / "work"
    work.mkdir()
    with apache(root.parent, work) if kind == "apache" else nginx(root.parent, work, root / "rules") as port:
        for name in names:
            path = quote(f"/kg/id/{name}")
            for asked in (path, re.sub("%..", lambda escape: escape[0].lower(), path)):
                for accept, extension in ((None, "html"), ("text/turtle", "ttl")):
                    status, headers, _ = get(port, asked, accept)
                    assert (status, unquote(where(headers))) == (303, f"/kg/id/{name}.{extension}"), asked
                    assert headers["location"].isascii()
                    assert get(port, where(headers))[0] == 200
            assert get(port, path, "application/n-triples")[0] == 406
            for asked, location in (
                (f"claim/{name}.0123456789abcdef", f"id/{name}.html#0123456789abcdef"),
                (f"graph/{name}", f"dataset.html#graph-{name}"),
                (f"query/{name}", f"query/{name}.html"),
            ):
                status, headers, _ = get(port, quote(f"/kg/{asked}"))
                assert (status, unquote(where(headers))) == (303, f"/kg/{location}")
                assert headers["location"].isascii()
        for path in ("id/niemand-größe", "id/größe\r\nX: y", "id/größe\0"):
            assert get(port, quote(f"/kg/{path}"), "text/turtle")[0] in (400, 403, 404)


@pytest.mark.skipif(not APACHE, reason="no Apache: apt-get install apache2")
def test_w3id_redirect(tmp_path: Path) -> None:
    """The identifiers' own address negotiates for a host that cannot."""
    root = tmp_path / "w3id" / "isoc-kg"
    root.mkdir(parents=True)
    (root / ".htaccess").write_bytes(rule_files(load_project(), HOST)["rules/w3id.htaccess"])
    work = tmp_path / "work"
    work.mkdir()
    with apache(root.parent, work) as port:
        for accept, extension in (
            (None, "html"),
            ("text/turtle", "ttl"),
            ("text/html;q=0.2, application/ld+json;q=0.9", "jsonld"),
        ):
            for name in ("id/manrs", "ontology", "document/internet-society-term/1"):
                status, headers, _ = get(port, f"/isoc-kg/{name}", accept)
                assert (status, headers["location"]) == (303, f"{HOST}{name}.{extension}")
                assert "accept" in headers["vary"].lower()
        assert get(port, "/isoc-kg/claim/x.0123456789abcdef")[1]["location"] == f"{HOST}id/x.html#0123456789abcdef"
        assert get(port, "/isoc-kg/id/manrs", "image/png")[0] == 406
        assert get(port, "/isoc-kg/isoc-kg.ttl")[1]["location"] == f"{HOST}isoc-kg.ttl"
        assert "set-cookie" not in get(port, "/isoc-kg/id/x%0d%0aSet-Cookie:%20a=b")[1]


@pytest.mark.parametrize("kind", KINDS)
def test_data_without_a_project(tmp_path: Path, kind: str) -> None:
    """The servers read the rules for others' data, whose pages may be anywhere; nothing is a claim or a version."""
    root = tmp_path / "www" / "kg"
    texts = {f"{name}.{end}": b"text" for name in ("vocabulary/k/a=2fb", "dataset") for end in ("html", "ttl")}
    foreign = rule_files(Project.of_files(HOST), HOST)
    for name, data in {**foreign, **texts, "404.html": b"404", "ontology/1.0.0.ttl": b"x"}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    work = tmp_path / "work"
    work.mkdir()
    with apache(root.parent, work) if kind == "apache" else nginx(root.parent, work, root / "rules") as port:
        for name in ("vocabulary/k/a=2fb", "dataset"):
            for accept, extension in ((None, "html"), ("text/turtle", "ttl")):
                status, headers, _ = get(port, f"/kg/{name}", accept)
                assert (status, where(headers)) == (303, f"/kg/{name}.{extension}")
        assert get(port, "/kg/dataset", "application/n-triples")[0] == 406
        for name in ("claim/x.0123456789abcdef", "ontology/1.0.0", "graph/x", "query/x", "vocabulary/k/b"):
            assert get(port, f"/kg/{name}")[0] == 404
