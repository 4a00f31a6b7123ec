"""A project's own templates and styles: bounded in time and memory, and nothing from elsewhere."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from isoc_kg.errors import ProjectError
from isoc_kg.project import Project
from isoc_kg.rendering import template_bounds
from isoc_kg.rendering.foreign_links import foreign_in_css
from isoc_kg.rendering.theme import Theme, load_theme

HEAD = '<!doctype html>\n<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{{ csp }}">'

FILES = dict.fromkeys(("scripts/x.js", "theme/site.css", "theme/own.css", "theme/icon.svg"), Path())


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
    assert theme.render_part("fine.html") == "fine"


def test_in_a_thread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no signal comes, too."""
    monkeypatch.setattr(template_bounds, "_SECONDS", 0.3)
    endless = "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}"
    theme = theme_of(tmp_path, endless, fine="fine")
    with ThreadPoolExecutor(1) as pool:
        with pytest.raises(ProjectError, match="seconds for one page"):
            pool.submit(theme.render, "x.html").result(60)
        assert pool.submit(theme.render_part, "fine.html").result(60) == "fine"


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
        "<xmp></xmp><script>alert(1)</script>",
        "<xmp><!--</xmp><script>alert(1)</script>-->",
        "<noscript><!--</noscript><script>alert(1)</script>-->",
        '<noscript><p title="</noscript><img src=x onerror=alert(1)>"></noscript>',
        "<noscript><img src=https://e.example/x></noscript>",
        "<noembed><!--</noembed><script>alert(1)</script>-->",
        "<textarea><!--</textarea><script>alert(1)</script>-->",
        "<title><!--</title><script>alert(1)</script>-->",
        "<svg><style><img src=x onerror=alert(1)></style></svg>",
        "<svg><title><img src=https://e.example/x></title></svg>",
        "<math><mtext><style><!--</style><img src=https://e.example/x>--></style></mtext></math>",
        "<math><annotation-xml encoding='text/html'><img src=https://e.example/x></annotation-xml></math>",
        "<svg><script href='x.js'>alert(1)</script></svg>",
        "<svg><script src='x.js'>alert(1)</script></svg>",
        "<svg><a xlink:href='javascript:alert(1)'>x</a></svg>",
        "<svg><a><animate attributeName=href values='javascript:alert(1)'/>x</a></svg>",
        "<svg><a><set attributeName='xlink:href' to='//e.example/'/>x</a></svg>",
        "<svg><rect fill='url(https://e.example/x.svg#a)'/></svg>",
        "<svg><rect filter='u\\72l(//e.example/x.svg#a)'/></svg>",
        "<svg><feImage href='https://e.example/x'/></svg>",
        "<svg xml:base='https://e.example/'><use href='#a'/></svg>",
        "<math href='javascript:alert(1)'>x</math>",
        "<form action='javascript:alert(1)'>",
        "<button formaction=' &#1;java&Tab;script:alert(1)'>",
        "<p cite='vbscript:x'>",
        "<template shadowrootmode=open><img src=https://e.example/x></template>",
        "<meta http-equiv=origin-trial content=x>",
        "<meta charset=iso-2022-jp>",
        "<link rel='apple-touch-icon-precomposed' href='//e.example/'>",
        "<link rel='alternate stylesheet' href='//e.example/'>",
        "<a attributionsrc='https://e.example/' href='x'>",
        "<input type=image src='https:e.example'>",
        "<table><tr><td background=//e.example/x>",
        "<select><script>alert(1)</script></select>",
        "<frameset onload=alert(1)>",
        "<style>a{}</style><style>@import url(//e.example/x)</style>",
        "<embed src=x>",
        "<img srcset='data:image/png;base64,AAAA 1x, https://e.example/x 2x'>",
        "<picture><source srcset='data:image/png,x,//e.example/x 2x'></picture>",
        "<link rel=stylesheet href=theme/own.css charset=utf-16le>",
        "<p style='--own: \"//e.example/x\"; background: image-set(var(--own) 1x)'>",
        "<svg><rect fill='url(/*),url(//e.example/x)'/></svg>",
    ],
)
def test_what_is_loaded_from_elsewhere(page: str, tmp_path: Path) -> None:
    """Named with the file and the line that has it."""
    theme = theme_of(tmp_path, HEAD + "{% include 'part.html' %}", part="\n" + page)
    with pytest.raises(ProjectError, match="the template makes") as caught:
        theme.render("x.html")
    assert Path(str(caught.value.file)).parent.name == "templates"


def test_what_pages_may_have(tmp_path: Path) -> None:
    """Links to follow, files of the site itself, pictures as data."""
    page = (
        '<a href="https://e.example/">x</a><a href="mailto:a@e.example">x</a><link rel="license" href="https://e.example/">'
        '<img src="data:image/png;base64,AAAA" srcset="data:image/png;base64,/9j/A 2x">'
        '<script src="scripts/x.js"></script><form action="../a.html"></form>'
        '<script type="application/json">{"a": "<img src=https://e.example/>"}</script><img src="https://kg.example/x.png">'
        "<xmp><script>alert(1)</script></xmp><textarea><img src=x onerror=alert(1)></textarea>"
        "<p title='javascript: a book'>"
        "<noscript><p>x</p></noscript><svg><rect fill='url(#a)'/><title>t</title></svg>"
        '<p style="color:red">&lt;img src=https://e.example/x&gt;</p><link rel="canonical" href="https://e.example/">'
    )
    theme = replace(theme_of(tmp_path, HEAD + page), files=FILES)
    assert theme.render("x.html").endswith(page)


@pytest.mark.parametrize(
    "page",
    [
        "<p>x</p>",
        "",
        "<script src='x.js'></script>" + HEAD,
        "<body>" + HEAD,
        HEAD.replace("{{ csp }}", "default-src *"),
        HEAD.replace("Content-Security-Policy", "Content-Language"),
        "<noscript><p></noscript>" + HEAD,
        "<style></style>" + HEAD,
        f"<noscript>{HEAD}</noscript>",
        f"<template>{HEAD}</template>",
        f"<svg>{HEAD}</svg>",
        f"<title>{HEAD}",
        f"<!-- {HEAD} -->",
    ],
)
def test_a_page_without_its_policy(page: str, tmp_path: Path) -> None:
    """It has to be what browsers take for one, before anything else."""
    theme = theme_of(tmp_path, page)
    with pytest.raises(ProjectError, match="without its Content-Security-Policy"):
        theme.render("x.html")


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
        # what looks like a comment, and is none
        "a { content: '/*' } b { background: url(//e.example/x) } i { content: '*/' }",
        '@import "own/*.css"; @import "//e.example/x.css";',
        "a { background: url(own/*a), url(https://e.example/x) }",
        "@font-face { font-family: q; src: url( /*), url(//e.example/q.woff2) }",
        "a { content: '\\'/*'; background: url(https://e.example/x) }",
        "@charset \"utf-8\"; @namespace '/*'; a { background: url(https://e.example/x) }",
        "<!-- @import 'https://e.example/x.css'; -->",
        # what ends where only a tokenizer sees it
        "a { background: image-set(conic-gradient(hsl(calc(1 + (2)), 3%, 4%), red) 2x, 'https://e.example/x' 1x) }",
        'a { background: image-set("one)" 2x, "https://e.example/x" 1x) }',
        "a { background: image-set('(' 2x, '//e.example/x' 1x) }",
        "a { background: url('one)two'), url('https://e.example/x') }",
        "a { background: url(one\\)two), url(https://e.example/x) }",
        "a { background: url('https://e.example/x",
        "a { background: url(https://e.example/x",
        "a[title={[(] { b: url(https://e.example/x) }",
        # what becomes an address later
        "a { --own: 'https://e.example/x'; background: image-set(var(--own) 1x) }",
        "a { --own: 'https://e.example/x' 1x, 'b' 2x; background: image-set(var(--own)) }",
        "@property --own { syntax: '*'; inherits: true; initial-value: { [ 'https://e.example/x' ] } }",
        # escapes, and what addresses are rid of
        "@import '\\68 ttps\\3a //e.example/x.css';",
        '@import "\\2f\\2f e.example/x.css";',
        "a { background: url('ht\\\ntps://e.example/x') }",
        "a { background: url('\\\n//e.example/x') }",
        "a { background: url('/\t/e.example/x') }",
        "a { background: url(\\9 https\\:\\/\\/e.example/x) }",
        "a { background: url('\\\\\\\\e.example/x') }",
        "a { background: URL(HTTPS:e.example/x) }",
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
    text = (
        "a { background: url(x.png), url('data:image/png;base64,AA') } /* https://e.example/ */ @namespace 'x';"
        "a::before { content: 'Note: a/b' } b { background: url('https://kg.example/x.png') }"
        "i { content: '/*' } /* ' */"
    )
    (tmp_path / "theme.css").write_text(text, encoding="utf-8")
    assert (
        load_theme(replace(Project.of_files("https://kg.example/"), root=tmp_path)).files["theme/own.css"]
        == tmp_path / "theme.css"
    )


@pytest.mark.parametrize(
    "style",
    ["\ufeffa { background: url(x) }".encode("utf-16-le"), b'@charset "utf-16"; a {}', b"a { content: '\xe9' }"],
)
def test_a_style_in_another_encoding(style: bytes, tmp_path: Path) -> None:
    """It says something else to browsers than what is read here."""
    (tmp_path / "theme.css").write_bytes(style)
    with pytest.raises(ProjectError, match="UTF-8"):
        load_theme(replace(Project.of_files("https://kg.example/"), root=tmp_path))


@pytest.mark.parametrize("piece", ["(", "url(", "url(a b", "'\n", "/*", "\\", "a{", "image-set(", "@a ", "<!--", "//"])
def test_a_style_that_nests_or_breaks_off(piece: str) -> None:
    """It is read to its end."""
    found = foreign_in_css(piece * 20_000 + ":/**/;'x' ]})\n url(//e.example/)")
    assert all(what == "a style that is loaded from elsewhere" for what, _ in found)


def test_threads_at_once(tmp_path: Path) -> None:
    """The limit of memory is as before when the last of several threads has rendered, in whatever order they end."""
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_AS)
    first, second = template_bounds.Bounds(), template_bounds.Bounds()
    with first("x.html"), ThreadPoolExecutor(1) as pool:
        began, end = threading.Event(), threading.Event()

        def render() -> None:
            with second("x.html"):
                began.set()
                end.wait()

        rendering = pool.submit(render)
        began.wait()
        end.set()
        rendering.result()
        assert resource.getrlimit(resource.RLIMIT_AS) != before
    assert resource.getrlimit(resource.RLIMIT_AS) == before


@pytest.mark.parametrize("root", ["", "../", "/kg/"])
@pytest.mark.parametrize(
    ("page", "taken"),
    [
        ("<script src='{root}scripts/x.js'></script>", True),
        ("<script src='{root}scripts/x.js?v=2' type=module></script>", True),
        ("<script src='https://kg.example/scripts/x.js'></script>", True),
        ("<link rel=stylesheet href='{root}theme/own.css'>", True),
        ("<link rel='preload icon' href='{root}theme/icon.svg' as=image>", True),
        ("<link rel=modulepreload href='{root}scripts/x.js'>", True),
        ("<script src='{root}theme/own.css'></script>", False),
        ("<script src='{root}theme/own.css' type=module></script>", False),
        ("<script src='{root}scripts/../theme/own.css'></script>", False),
        ("<script src='{root}scripts/%2e%2e/theme/own.css'></script>", False),
        ("<script src='{root}theme/own.css?/scripts/x.js'></script>", False),
        ("<script src='https://kg.example/theme/own.css'></script>", False),
        ("<script src='{root}nowhere/scripts/x.js'></script>", False),
        ("<script src='{root}scripts/none.js'></script>", False),
        ("<script src=''></script>", False),
        ("<script src='{root}data.nt'></script>", False),
        ("<noscript></noscript><svg></svg><p><script src='{root}theme/own.css' async></script>", False),
        ("<link rel=modulepreload href='{root}theme/own.css'>", False),
        ("<link rel=preload as=Script href='{root}theme/own.css'>", False),
        ("<link rel=prefetch as=worker href='{root}theme/own.css'>", False),
        ("<link rel=stylesheet href='{root}data.nt'>", False),
        ("<link rel='alternate stylesheet' href='{root}scripts/x.js'>", False),
        ("<html data-root='{root}theme/own.css?'>", False),
    ],
)
def test_what_runs_is_of_the_site(page: str, taken: bool, root: str, tmp_path: Path) -> None:
    """Scripts in scripts/ and style sheets in theme/, seen from any page; no other file, whatever its name."""
    theme = replace(theme_of(tmp_path, HEAD + page.replace("{root}", "{{ page.root }}")), files=FILES)
    if taken:
        assert theme.render("x.html", page=SimpleNamespace(root=root))
        return
    with pytest.raises(ProjectError, match=r"the template makes (a script|a style sheet|another data-root)"):
        theme.render("x.html", page=SimpleNamespace(root=root))
