"""How pages look and what they say: templates, style sheets, strings; a project's own stand before ours."""

import json
import re
import tomllib
import traceback
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from string import Formatter
from types import SimpleNamespace
from typing import Any

import jinja2
import jinja2.sandbox
from jinja2.ext import Extension
from markupsafe import Markup, escape

from ..errors import ProjectError
from ..project import Project

__all__ = ["CONTENT_SECURITY_POLICY", "Theme", "json_in_html"]

#: Nothing but the site itself; WebAssembly for the console (https://www.w3.org/TR/CSP3/).
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; worker-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'"
)
_HERE = Path(__file__).parent
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

    def __init__(self, sources: Mapping[str, tuple[str, str]], sandboxed: bool) -> None:
        self.sources = sources  #: name → source, and the file it stands in
        self.sandboxed = sandboxed

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
    _fragments: dict[str, Any] = field(default_factory=dict)

    def render(self, template: str, **context: Any) -> str:
        """A template's text. Raises `ProjectError` with file and line for a mistake in one."""
        with _mistakes(template):
            return self.environment.get_template(template).render(**context)

    def fragment(self, name: str, *arguments: object) -> Markup:
        """What a macro of `fragments.html` makes; raises as `render`."""
        with _mistakes("fragments.html"):
            if "module" not in self._fragments:
                self._fragments["module"] = self.environment.get_template("fragments.html").module
            result: Markup = getattr(self._fragments["module"], name)(*arguments)
            return result

    def __reduce__(self) -> tuple[Any, ...]:
        templates = self.environment.loader
        assert isinstance(templates, _Templates)
        return _theme, (templates.sources, templates.sandboxed, self.strings, self.files, self.scripts)

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


@contextmanager
def _mistakes(template: str) -> Iterator[None]:
    """Tell mistakes in templates as what they are: a matter of the project."""
    try:
        yield
    except jinja2.TemplateError as error:
        file, line = _place(error)
        name = Path(file) if file else Path("templates", template)
        raise ProjectError(f"the template cannot be used: {error.message}.", file=name, line=line) from None


def _place(error: jinja2.TemplateError) -> tuple[str | None, int | None]:
    """File and line of a mistake: told by the parser, or those of the last template that was being rendered."""
    if isinstance(error, jinja2.TemplateSyntaxError):
        return error.filename, error.lineno
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename.endswith(".html")]
    return (frames[-1].filename, frames[-1].lineno) if frames else (None, None)


def load_theme(project: Project) -> Theme:
    """Our theme with what the project puts before it: `templates/`, `theme.css`, `strings.toml`."""
    own = project.root / "templates"
    sources = {}
    for folder in (_HERE / "templates", own):
        for path in sorted(folder.rglob("*")) if folder.is_dir() else ():
            if path.is_file() and path.suffix == ".html":
                sources[path.relative_to(folder).as_posix()] = (_template(path), str(path))
    strings = _project_strings(project)
    files = {f"theme/{path.name}": path for path in sorted((_HERE / "theme").iterdir()) if path.is_file()}
    if (project.root / "theme.css").is_file():
        files["theme/own.css"] = project.root / "theme.css"
    scripts = sorted((_HERE / "scripts").glob("*")) if (_HERE / "scripts").is_dir() else []
    files |= {f"scripts/{path.name}": path for path in scripts if path.is_file() and not path.name.startswith(".")}
    return _theme(sources, own.is_dir(), strings, files, "scripts/site.js" in files)


def _template(path: Path) -> str:
    """The text of a template. Raises `ProjectError` for one that is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ProjectError(f"the template is not UTF-8: {error.reason}.", file=path) from None


def _theme(
    sources: Mapping[str, tuple[str, str]],
    sandboxed: bool,
    strings: Mapping[str, str],
    files: Mapping[str, Path],
    scripts: bool,
) -> Theme:
    # a project may come from anywhere: its templates run apart from everything that is not handed to them
    kind = jinja2.sandbox.ImmutableSandboxedEnvironment if sandboxed else jinja2.Environment
    environment = kind(
        loader=_Templates(sources, sandboxed),
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
    return Theme(environment, strings, files, scripts)


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
    return table
