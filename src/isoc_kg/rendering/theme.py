"""How pages look and what they say: templates, style sheets, strings; a project's own stand before ours."""

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
from jinja2.ext import Extension
from markupsafe import Markup, escape

from ..errors import ProjectError, visible
from ..limits.regular_files import read_regular_text
from ..project import Project
from ..wording.strings import day, figure, load_strings, plain, script_strings, with_languages
from .foreign_links import foreign_in_css, foreign_in_html
from .separators import separator
from .template_bounds import MOST_PAGE_CHARACTERS, Bounds, OwnTemplates, TookTooMuch

__all__ = ["CONTENT_SECURITY_POLICY", "Theme", "coloured", "json_in_html"]

#: Of the page for what is not there, which a host may show where it finds no style sheet. It weighs nothing (`:where`),
#: and sets only what our style sheet sets, so that it changes nothing where that is found.
_PLAIN_STYLE = (
    ":where(html){font:100%/1.55 system-ui,sans-serif}:where(main,header.site,footer.site){padding:.8rem 1rem}"
    ":where(nav){display:flex;flex-wrap:wrap;gap:.2rem 1.2rem}:where(.find,.printed){display:none}"
)
_PLAIN_STYLE_DIGEST = b64encode(sha256(_PLAIN_STYLE.encode()).digest()).decode()
#: Nothing but the site itself, and that style; WebAssembly for the console (https://www.w3.org/TR/CSP3/).
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; "
    f"style-src 'self' 'sha256-{_PLAIN_STYLE_DIGEST}'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'"
)
_HERE = Path(__file__).parent
_MOST_TEMPLATE_BYTES = 1_000_000
_UNSAFE_IN_HTML = re.compile(rb"[<>&\xe2]")
_HTML_ESCAPES = {b"<": rb"\u003c", b">": rb"\u003e", b"&": rb"\u0026"}


def json_in_html(data: bytes) -> Markup:
    r"""JSON that can stand in a `script` element: no character of it means anything to HTML.

    >>> json_in_html(b'{"a": "</script>&"}')
    Markup('{"a": "\\u003c/script\\u003e\\u0026"}')
    """
    text = _UNSAFE_IN_HTML.sub(lambda match: _HTML_ESCAPES.get(match[0], match[0]), data).decode()
    return Markup(text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))  # noqa: S704 – escaped above


class _Strings(Extension):
    """Writes strings into templates when they are loaded: a page names dozens, and to look up and escape takes time."""

    def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
        """The source with `{{ t.key }}` and `{{ csp }}` replaced by what they say, escaped for HTML."""
        texts = {f"t.{key}": text for key, text in vars(self.environment.globals["t"]).items()}
        texts["csp"] = CONTENT_SECURITY_POLICY

        def replacement(match: re.Match[str]) -> str:
            text = texts.get(match[1])
            # what Jinja could take for its own, or would move errors to another line, stays an expression
            return match[0] if text is None or set("{}\n\r") & set(text) else str(escape(text))

        return re.sub(r"\{\{ ([\w.]+) \}\}", replacement, source)


class _Templates(jinja2.BaseLoader):
    """Templates that were read at one time: a file that changes later shows on no page."""

    def __init__(self, sources: Mapping[str, tuple[str, str]]) -> None:
        self.sources = sources  #: name → source, and the file it stands in

    def get_source(self, environment: jinja2.Environment, template: str) -> tuple[str, str, Any]:
        if template not in self.sources:
            raise jinja2.TemplateNotFound(template)
        return *self.sources[template], None

    def list_templates(self) -> list[str]:
        return sorted(self.sources)


@dataclass(frozen=True)
class Theme:
    """Templates, strings and the files that pages need beside them; what may go to another process."""

    environment: jinja2.Environment
    strings: Mapping[str, str]
    files: Mapping[str, Path]  #: path on the site → file
    scripts: bool  #: whether the page scripts were built when this package was installed
    own: Path | None = None  #: the folder of the project's own templates, if it has some
    address: str = ""  #: of the site itself
    made: Mapping[str, bytes] = field(default_factory=dict)  #: path → content of the files that differ from ours
    _bounds: Bounds = field(default_factory=Bounds)
    _fragments: dict[str, Any] = field(default_factory=dict)

    def content(self, path: str) -> bytes:
        """The content of one of the `files`, in the project's colours."""
        made = self.made.get(path)
        return self.files[path].read_bytes() if made is None else made

    def render(self, template: str, **context: Any) -> str:
        """A page. Raises `ProjectError` with file and line for a mistake in a template, and for what is too much.

        A page that a project's own templates make has the Content-Security-Policy, loads nothing from elsewhere, and
        runs nothing of its own.
        """
        page = context.get("page")
        text = with_languages(self.render_part(template, **context), getattr(page, "lang", ""))
        if self.own:
            self._check(template, text, getattr(page, "root", ""))
        return text

    def render_part(self, template: str, **context: Any) -> str:
        """What stands in pages, which are checked as a whole; raises as `render` does."""
        with self._mistakes(template):
            return self.environment.get_template(template).render(**context)

    def compile_all(self) -> None:
        """Have each template ready; raises as `render`."""
        for name in self.environment.list_templates():
            with self._mistakes(name):
                self.environment.get_template(name)

    def within(self, seconds: float) -> AbstractContextManager[None]:
        """A block in which each of a project's own templates may take so much time at most, in this thread."""
        return self._bounds.within(seconds)

    def figure(self, number: float, digits: int = 0) -> str:
        """A number as the language of the pages writes it."""
        return figure(self.strings, number, digits)

    def fragment(self, name: str, *arguments: object) -> Markup:
        """What a macro of `fragments.html` makes; raises as `render`."""
        with self._mistakes("fragments.html"):
            if "module" not in self._fragments:
                self._fragments["module"] = self.environment.get_template("fragments.html").module
            result: Markup = getattr(self._fragments["module"], name)(*arguments)
            return result

    def __reduce__(self) -> tuple[Any, ...]:
        templates = self.environment.loader
        assert isinstance(templates, _Templates)
        return _theme, (templates.sources, self.strings, self.files, self.scripts, self.own, self.address, self.made)

    @contextmanager
    def _mistakes(self, template: str) -> Iterator[None]:
        """Tell mistakes in templates as what they are, a matter of the project; its own run within bounds."""
        try:
            with self._bounds(template) if self.own else nullcontext():
                yield
        except jinja2.TemplateError as error:
            file, line = _place(error)
            name = Path(file) if file else self._file(template)
            raise ProjectError(f"the template cannot be used: {error.message}.", file=name, line=line) from None
        except ProjectError:
            raise
        except Exception as error:
            if not self.own:
                raise
            file, line = _place(error)
            reasons = {
                TookTooMuch: f"it {error}",
                MemoryError: "it needs more than 1,000 MB of memory",
                RecursionError: "it calls itself without an end",
            }
            reason = next((text for kind, text in reasons.items() if isinstance(error, kind)), f"{error}"[:300])
            raise ProjectError(
                f"the template cannot be used: {visible(reason, line=True).rstrip('.')}.",
                file=Path(file) if file else self._file(template),
                line=line,
            ) from None

    def _file(self, template: str) -> Path:
        own = self.own / template if self.own else None
        return own if own and own.is_file() else Path("templates", template)

    def _check(self, template: str, page: str, root: str) -> None:
        """Raise `ProjectError` for a page that is too large, or has what is refused in it."""
        file = self._file(template)
        if len(page) > MOST_PAGE_CHARACTERS:
            raise ProjectError(
                f"the template makes a page of more than {MOST_PAGE_CHARACTERS:,} characters.", file=file
            )
        for what, text in foreign_in_html(page, self.address, CONTENT_SECURITY_POLICY, root=root, files=self.files):
            file, line = self._origin(text, file)
            raise ProjectError(
                f"the template makes {what}: {visible(text[:200], line=True)}",
                file=file,
                line=line,
                advice="Pages load, send and run nothing but the site's own files: put a copy beside the templates' "
                "project as theme.css, or link to it for readers to follow.",
            )

    def _origin(self, text: str, otherwise: Path) -> tuple[Path, int | None]:
        """Where in the project's own templates a text stands that a page has."""
        for file in sorted(self.own.rglob("*.html")) if self.own else ():
            source = file.read_text(encoding="utf-8", errors="replace")
            if text and (at := source.lower().find(text.lower())) >= 0:
                return file, source.count("\n", 0, at) + 1
        return otherwise, None

    @property
    def digest(self) -> bytes:
        """A digest over everything here that shows in a page's bytes."""
        digest = sha256(json.dumps(dict(self.strings)).encode())
        loader = self.environment.loader
        assert loader is not None
        for name in sorted(loader.list_templates()):
            digest.update(loader.get_source(self.environment, name)[0].encode())
        digest.update(repr((sorted(self.files), self.scripts)).encode())
        return digest.digest()


def _place(error: Exception) -> tuple[str | None, int | None]:
    """File and line of a mistake: told by the parser, or those of the last template that was being rendered."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.filename, error.lineno
    file, line, trace = None, None, error.__traceback__
    while trace is not None:
        name, template = trace.tb_frame.f_code.co_filename, trace.tb_frame.f_globals.get("__jinja_template__")
        if name.endswith(".html"):
            file, line = name, template.get_corresponding_lineno(trace.tb_lineno) if template else trace.tb_lineno
        trace = trace.tb_next
    return file, line


def _own_folder(project: Project) -> Path | None:
    """The folder of a project's own templates; `ProjectError` for one that is too large to be read."""
    folder = project.root / "templates"
    if not folder.is_dir():
        return None
    for file in sorted(folder.rglob("*")):
        if file.is_file() and file.stat().st_size > _MOST_TEMPLATE_BYTES:
            raise ProjectError(f"a template may have {_MOST_TEMPLATE_BYTES:,} bytes at most.", file=file)
    return folder


def _own_style(project: Project) -> Path | None:
    """A project's own style sheet; `ProjectError` for one that loads from elsewhere."""
    file = project.root / "theme.css"
    if not file.is_file():
        return None
    if file.stat().st_size > _MOST_TEMPLATE_BYTES:
        raise ProjectError(f"a style sheet may have {_MOST_TEMPLATE_BYTES:,} bytes at most.", file=file)
    try:
        text = read_regular_text(file)
    except UnicodeDecodeError as error:  # browsers may read it as another encoding, with other addresses
        raise ProjectError(f"the style sheet is not UTF-8: {error.reason}.", file=file) from None
    for what, address in foreign_in_css(text, project.base):
        at = text.find(address)
        raise ProjectError(
            f"{what}: {visible(address[:200], line=True)}",
            file=file,
            line=text.count("\n", 0, at) + 1 if address and at >= 0 else None,
            advice="The policy of the pages does not allow it. Images can stand here as url(data:image/…).",
        )
    return file


def load_theme(project: Project) -> Theme:
    """Our theme with what the project puts before it: `templates/`, `theme.css`, `strings.toml`."""
    own, style = _own_folder(project), _own_style(project)
    sources = {}
    for folder in (_HERE / "templates", *([own] if own else [])):
        for path in sorted(folder.rglob("*.html")):
            if path.is_file():
                sources[path.relative_to(folder).as_posix()] = (_template(path), str(path))
    strings = load_strings(project)
    files = {f"theme/{path.name}": path for path in sorted((_HERE / "theme").iterdir()) if path.is_file()}
    if style:
        files["theme/own.css"] = style
    scripts = sorted((_HERE / "scripts").glob("*")) if (_HERE / "scripts").is_dir() else []
    files |= {f"scripts/{path.name}": path for path in scripts if path.is_file() and not path.name.startswith(".")}
    return _theme(sources, strings, files, "scripts/site.js" in files, own, project.base, coloured(project))


def coloured(project: Project) -> dict[str, bytes]:
    """The style sheet and the icon in a project's colours, by their paths; empty where it has none of its own."""
    accent = project.accent
    if accent is None:
        return {}
    style, icon = ((_HERE / "theme" / name).read_text(encoding="utf-8") for name in ("site.css", "icon.svg"))
    return {
        "theme/site.css": (style + accent.css).encode(),
        "theme/icon.svg": re.sub('fill="#[0-9a-f]{6}"', f'fill="{accent.light}"', icon, count=1).encode(),
    }


def _template(path: Path) -> str:
    """The text of a template. Raises `ProjectError` for one that is not UTF-8."""
    try:
        return read_regular_text(path)
    except UnicodeDecodeError as error:
        raise ProjectError(f"the template is not UTF-8: {error.reason}.", file=path) from None


def _theme(
    sources: Mapping[str, tuple[str, str]],
    strings: Mapping[str, str],
    files: Mapping[str, Path],
    scripts: bool,
    own: Path | None,
    address: str,
    made: Mapping[str, bytes],
) -> Theme:
    # a project may come from anywhere: its templates run apart from everything that is not handed to them
    kind = OwnTemplates if own else jinja2.Environment
    environment = kind(
        loader=_Templates(sources),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
    )
    environment.globals["t"] = SimpleNamespace(**strings)
    data = json_in_html(script_strings(strings).encode())
    environment.globals["script_strings"] = Markup('<script type="application/json" id="strings">{}</script>').format(
        data
    )
    environment.globals["comma"] = plain(strings["lead_comma"])  # of templates that are a project's own
    environment.globals["separator"] = partial(separator, strings)
    environment.globals["figure"] = partial(figure, strings)
    environment.globals["day"] = partial(day, strings)
    environment.globals["plain_style"] = Markup(_PLAIN_STYLE)  # noqa: S704 – a constant
    environment.globals["csp"] = CONTENT_SECURITY_POLICY
    environment.add_extension(_Strings)
    return Theme(environment, strings, files, scripts, own, address, made)
