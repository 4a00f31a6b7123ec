"""The pages of a review in the browser, as bytes. They work without scripts; the theme is that of all pages."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jinja2
from markupsafe import Markup, escape

from ..errors import visible
from ..project import Project
from ..proposals.words import StatementText
from ..rdf.text_direction import direction
from ..rendering.tagged_text import TaggedText
from ..rendering.theme import coloured
from ..wording.strings import OURS, load_strings, plain, script_strings, untranslated, with_languages

__all__ = ["ReviewPages"]

_HERE = Path(__file__).parent / "page"
_THEME = Path(__file__).parent.parent / "rendering"
_SCRIPT = _THEME / "scripts" / "review" / "review.js"
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8"}


class ReviewPages:
    """Templates, with what stands on every page."""

    def __init__(self, project: Project, reviewer: str, form_value: str) -> None:
        self._environment = jinja2.Environment(
            loader=jinja2.FileSystemLoader(_HERE),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            finalize=_visible,
        )
        strings, language = load_strings(project), project.language
        self._language = language
        self.texts = {key: plain(text) for key, text in strings.items()}  #: what is said, by its key
        script = _SCRIPT if _SCRIPT.is_file() else None
        self._environment.globals |= {
            "project": project, "reviewer": reviewer, "form_value": form_value, "scripts": script is not None,
            "t": SimpleNamespace(**{key: escape(text) for key, text in strings.items()}), "dir": direction(language),
            "script_strings": script_strings(strings, "review_script_"),
            "untranslated": untranslated(project),
        }  # fmt: skip
        self._environment.filters |= {"shown": _plain, "english": self.english}
        self._files = {"/style/site.css": _THEME / "theme" / "site.css", "/style/review.css": _HERE / "review.css"}
        self._coloured = coloured(project).get("theme/site.css")
        if script:
            self._files["/script/review.js"] = script

    def page(self, template: str, **context: Any) -> bytes:
        """A page through its template."""
        page = self._environment.get_template(template).render(**context)
        return with_languages(page, self._language).encode()

    def row(self, row: object) -> str:
        """One sentence with what stands beside it, as HTML."""
        module = self._environment.get_template("rows.html").module
        return with_languages(str(module.unit(row)), self._language)  # type: ignore[attr-defined]

    def english(self, text: str) -> TaggedText:
        """A message of the program, which is in English whatever the project's language."""
        return TaggedText(visible(text), OURS, self._language)

    def file(self, path: str) -> tuple[str, bytes] | None:
        """The media type and the content of a file that pages load."""
        file = self._files.get(path)
        if file is None:
            return None
        own = self._coloured if path == "/style/site.css" else None
        return _TYPES[file.suffix], file.read_bytes() if own is None else own

    @property
    def closed(self) -> bytes:
        """What is shown to whoever was not let in; it names nothing."""
        return (_HERE / "closed.html").read_bytes()


def _visible(value: Any) -> Any:
    """A text without characters that turn others around, or that nobody sees; what is HTML already stays."""
    if isinstance(value, StatementText):  # its parts may be in several scripts
        return Markup(" ").join(Markup("<bdi>{}</bdi>").format(visible(part)) for part in value.parts)
    return visible(value) if type(value) is str else value


def _plain(value: Any) -> Any:
    """The same for what is filled into a text."""
    return _visible(str(value) if isinstance(value, StatementText) else value)
