"""A project's own templates and styles: bounded in time and memory, and nothing from elsewhere."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from isoc_kg.errors import ProjectError
from isoc_kg.project import Project
from isoc_kg.rendering import template_bounds
from isoc_kg.rendering.theme import Theme, load_theme


def theme_of(folder: Path, template: str, **others: str) -> Theme:
    (folder / "templates").mkdir()
    for name, text in {"x": template, **others}.items():
        (folder / "templates" / f"{name}.html").write_text(text, encoding="utf-8")
    return load_theme(replace(Project.of_files("https://kg.example/"), root=folder))


# The signal may come in a callback of the garbage collector, such as hypothesis has, where it is lost; it comes again.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize(
    "template",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% set c = a %}{% endfor %}{% endfor %}",
        "{{ 'x' * 10**10 }}",
        "{{ 10 ** (10 ** 10) }}",
        "{% set n = namespace(v=7) %}{% for i in range(99) %}{% set n.v = n.v * n.v %}{% endfor %}{{ n.v }}",
        "{% set n = namespace(v='ab') %}{% for i in range(99) %}{% set n.v = n.v ~ n.v %}{% endfor %}",
        "{% set n = namespace(v=[1]) %}{% for i in range(99) %}{% set n.v = n.v + n.v %}{% endfor %}",
        "{{ range(10**9)|list|length }}",
        "{{ 'x'.center(10**10) }}",
        "{{ 'x'|center(10**10) }}",
        "{{ '%9999999999d' % 1 }}",
        "{{ 2.5|round(10**9, 'ceil') }}",
        "{{ ([range(99999)|list|join('x' * 9999)] * 9999)|join }}",
        "{{ lipsum(n=10**8) }}",
        "{{ range(1)|slice(10**12)|list|length }}",
        "{% macro m(n) %}{{ m(n) }}{% endmacro %}{{ m(1) }}",
        "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(99) }}",
        "{% include 'x.html' %}",
        "{% extends 'x.html' %}",
        "{{ " + "(" * 50_000 + "1" + ")" * 50_000 + " }}",
        "{{ 1 / 0 }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ t.__init__.__globals__ }}",
        "{{ 'a'.format_map(t) }}{{ '{0.__class__.__mro__}'.format(1) }}",
        "{% for a in range(9999) %}{% for b in range(9999) %}xxxxxxxxxxxxxxxx{% endfor %}{% endfor %}",
    ],
)
def test_what_costs_too_much(template: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One message with the file, the line where it is known, and the process goes on."""
    monkeypatch.setattr(template_bounds, "_SECONDS", 0.5)
    monkeypatch.setattr(template_bounds, "_BYTES", 200_000_000)
    theme = theme_of(tmp_path, "\n\n" + template, fine="fine")
    with pytest.raises(ProjectError) as caught:
        theme.render("x.html")
    error = caught.value
    assert str(error.file).endswith("x.html")
    assert error.line in (3, None)
    assert "\n" not in error.message
    assert len(error.message) < 500
    assert theme.render("fine.html") == "fine"


def test_in_a_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no signal comes, too."""
    monkeypatch.setattr(template_bounds, "_SECONDS", 0.3)
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    theme = theme_of(tmp_path, endless, fine="fine")
    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(ProjectError, match="seconds for one page"):
            pool.submit(theme.render, "x.html").result(60)
        assert pool.submit(theme.render, "fine.html").result(60) == "fine"


@pytest.mark.parametrize(
    "page",
    [
        '<script src="https://e.example/x.js"></script>',
        "<script>alert(1)</script>",
        '<script type="module">alert(1)</script>',
        "<SCRIPT SRC=//e.example/x.js></SCRIPT>",
        '<link rel="icon stylesheet" href="http://e.example/x.css">',
        "<link rel=preconnect href=//e.example>",
        '<img src="https://e.example/x.png">',
        '<img src="&#104;ttps://e.example/x.png">',
        '<img src=" ht\ntps:\\\\e.example/x.png">',
        '<img srcset="x.png 1x, https://e.example/x.png 2x">',
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        '<svg><image xlink:href="https://e.example/x.svg"/></svg>',
        '<svg><use href="//e.example/x.svg#a"/></svg>',
        "<iframe srcdoc='x'></iframe>",
        '<iframe src="https://e.example/"></iframe>',
        '<object data="x.swf"></object>',
        '<base href="https://e.example/">',
        '<meta http-equiv=" Refresh" content="0;url=https://e.example/">',
        '<form action="https://e.example/">',
        '<button formaction="//e.example/">',
        '<a ping="https://e.example/" href="x">',
        '<a href="java\tscript:alert(1)">',
        '<a href="data:text/html,x">',
        '<style>@import "https://e.example/x.css";</style>',
        '<p style="background:ur\\6c (https://e.example/x)">',
        '<style>a{background:image-set("https://e.example/x" 1x)}</style>',
        "<!--><img src=https://e.example/x>-->",
        "<video poster=https://e.example/x></video>",
        "<body background=https://e.example/x>",
    ],
)
def test_what_is_loaded_from_elsewhere(page: str, tmp_path: Path) -> None:
    """Named with the file and the line that has it."""
    theme = theme_of(tmp_path, "{% include 'part.html' %}", part="\n" + page)
    with pytest.raises(ProjectError, match="the template makes") as caught:
        theme.render("x.html")
    assert Path(str(caught.value.file)).parent.name == "templates"


def test_what_pages_may_have(tmp_path: Path) -> None:
    """Links to follow, files of the site itself, pictures as data."""
    page = (
        '<a href="https://e.example/">x</a><a href="mailto:a@e.example">x</a><link rel="license" href="https://e.example/">'
        '<img src="data:image/png;base64,AAAA"><script src="scripts/x.js"></script><form action="../a.html"></form>'
        '<script type="application/json">{"a": "<img src=https://e.example/>"}</script><img src="https://kg.example/x.png">'
        '<p style="color:red">&lt;img src=https://e.example/x&gt;</p><link rel="canonical" href="https://e.example/">'
    )
    assert theme_of(tmp_path, page).render("x.html") == page


@pytest.mark.parametrize(
    "style",
    [
        "@import url(https://e.example/x.css);",
        "@import 'https://e.example/x.css';",
        "@\\69mport '//e.example/x.css';",
        "a { background: url( 'http://e.example/x' ) }",
        "a { background: u\\72l(https://e.example/x) }",
        "a { background: url(/**/https://e.example/x) } @font-face { src: url(//e.example/x) }",
        "@font-face { src: url(data:font/woff2;base64,AAAA) }",
    ],
)
def test_styles_from_elsewhere(style: str, tmp_path: Path) -> None:
    """A style sheet of the project's own is read as a browser reads it."""
    (tmp_path / "theme.css").write_text("a { color: red }\n" + style, encoding="utf-8")
    with pytest.raises(ProjectError, match="loaded from elsewhere") as caught:
        load_theme(replace(Project.of_files("https://kg.example/"), root=tmp_path))
    assert caught.value.file == tmp_path / "theme.css"


def test_styles_of_ones_own(tmp_path: Path) -> None:
    """Files of the site and pictures as data."""
    text = "a { background: url(x.png), url('data:image/png;base64,AA') } /* https://e.example/ */ @namespace 'x';"
    (tmp_path / "theme.css").write_text(text, encoding="utf-8")
    assert load_theme(replace(Project.of_files(), root=tmp_path)).files["theme/own.css"] == tmp_path / "theme.css"


def test_threads_at_once(tmp_path: Path) -> None:
    """The limit of memory is as before when the last of several threads has rendered, in whatever order they end."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_AS)
    first, second = template_bounds.Bounds(), template_bounds.Bounds()
    with first(), ThreadPoolExecutor(1) as pool:
        began, end = threading.Event(), threading.Event()

        def render() -> None:
            with second():
                began.set()
                end.wait()

        rendering = pool.submit(render)
        began.wait()
        end.set()
        rendering.result()
        assert resource.getrlimit(resource.RLIMIT_AS) != before
    assert resource.getrlimit(resource.RLIMIT_AS) == before
