"""How pages look and what they say: templates, style sheets, strings; a project's own stand before ours."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Any

import jinja2
from jinja2.ext import Extension
from markupsafe import Markup, escape

from ..errors import ProjectError, visible
from ..limits.regular_files import read_regular_text
from ..project import Project
from .foreign_links import foreign_in_css, foreign_in_html
from .template_bounds import MOST_PAGE_CHARACTERS, Bounds, OwnTemplates, TookTooMuch

__all__ = ["CONTENT_SECURITY_POLICY", "Theme", "json_in_html"]

#: Nothing but the site itself; WebAssembly for the console (https://www.w3.org/TR/CSP3/).
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; "
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
    _bounds: Bounds = field(default_factory=Bounds)
    _fragments: dict[str, Any] = field(default_factory=dict)

    def render(self, template: str, **context: Any) -> str:
        """A template's text. Raises `ProjectError` with file and line for a mistake in one, and for what is too much.

        A page that a project's own templates make loads nothing from elsewhere and runs nothing of its own.
        """
        with self._mistakes(template):
            text = self.environment.get_template(template).render(**context)
        if self.own:
            self._check(template, text)
        return text

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
        return _theme, (templates.sources, self.strings, self.files, self.scripts, self.own, self.address)

    @contextmanager
    def _mistakes(self, template: str) -> Iterator[None]:
        """Tell mistakes in templates as what they are, a matter of the project; its own run within bounds."""
        try:
            with self._bounds() if self.own else nullcontext():
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

    def _check(self, template: str, page: str) -> None:
        """Raise `ProjectError` for a page that is too large, or has what is refused in it."""
        file = self._file(template)
        if len(page) > MOST_PAGE_CHARACTERS:
            raise ProjectError(
                f"the template makes a page of more than {MOST_PAGE_CHARACTERS:,} characters.", file=file
            )
        for what, text in foreign_in_html(page, self.address):
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
    text = read_regular_text(file, errors="replace")
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
    strings = _project_strings(project)
    files = {f"theme/{path.name}": path for path in sorted((_HERE / "theme").iterdir()) if path.is_file()}
    if style:
        files["theme/own.css"] = style
    scripts = sorted((_HERE / "scripts").glob("*")) if (_HERE / "scripts").is_dir() else []
    files |= {f"scripts/{path.name}": path for path in scripts if path.is_file() and not path.name.startswith(".")}
    return _theme(sources, strings, files, "scripts/site.js" in files, own, project.base)


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
    environment.globals["script_strings"] = _script_strings(strings)
    environment.globals["csp"] = CONTENT_SECURITY_POLICY
    environment.add_extension(_Strings)
    return Theme(environment, strings, files, scripts, own, address)


def _project_strings(project: Project) -> dict[str, str]:
    """Our strings with those that the project has in their place, which must be filled in alike."""
    strings = _strings(_HERE / "strings.toml")
    file = project.root / "strings.toml"
    if not file.is_file():
        return strings
    theirs = _strings(file)
    for key in theirs.keys() - strings.keys():
        raise ProjectError(
            f"there is no string “{key}”.", file=file, advice=f"The strings there are: {', '.join(sorted(strings))}."
        )
    for key, text in theirs.items():
        if (wanted := _fields(strings[key])) and not _fields(text) <= wanted:
            raise ProjectError(
                f"“{key}” may hold {', '.join(f'{{{name}}}' for name in sorted(wanted))}, and no other braces.",
                file=file,
            )
    return strings | theirs


def _script_strings(strings: Mapping[str, str]) -> Markup:
    """The strings of page scripts, for every page."""
    texts = {key.removeprefix("script_"): text for key, text in strings.items() if key.startswith("script_")}
    data = json_in_html(json.dumps(texts, ensure_ascii=False).encode())
    return Markup('<script type="application/json" id="strings">{}</script>').format(data)


def _fields(text: str) -> set[str]:
    """The names in braces that a text is filled in at; braces that are none count as one that nobody knows."""
    try:
        return {
            name + (conversion or "") + (spec or "")
            for _, name, spec, conversion in Formatter().parse(text)
            if name is not None
        }
    except ValueError:
        return {"{"}


def _strings(path: Path) -> dict[str, str]:
    try:
        table: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(f"not TOML: {error}.", file=path) from None
    for key, value in table.items():
        if not isinstance(value, str):
            raise ProjectError(f"“{key}” must be a text in quotes.", file=path)
        if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", value):
            raise ProjectError(f"“{key}” has a control character.", file=path)
    return table
