"""The pages of a review in the browser, as bytes. They work without scripts; the theme is that of all pages."""

from pathlib import Path
from typing import Any

import jinja2

from ..errors import visible
from ..project import Project

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
        script = _SCRIPT if _SCRIPT.is_file() else None
        self._environment.globals |= {
            "project": project, "reviewer": reviewer, "form_value": form_value, "scripts": script is not None,
        }  # fmt: skip
        self._files = {"/style/site.css": _THEME / "theme" / "site.css", "/style/review.css": _HERE / "review.css"}
        if script:
            self._files["/script/review.js"] = script

    def page(self, template: str, **context: Any) -> bytes:
        """A page through its template."""
        return self._environment.get_template(template).render(**context).encode()

    def row(self, row: object) -> str:
        """One sentence with what stands beside it, as HTML."""
        module = self._environment.get_template("rows.html").module
        return str(module.unit(row))  # type: ignore[attr-defined]

    def file(self, path: str) -> tuple[str, bytes] | None:
        """The media type and the content of a file that pages load."""
        file = self._files.get(path)
        return (_TYPES[file.suffix], file.read_bytes()) if file else None

    @property
    def closed(self) -> bytes:
        """What is shown to whoever was not let in; it names nothing."""
        return (_HERE / "closed.html").read_bytes()


def _visible(value: Any) -> Any:
    """A text without characters that turn others around, or that nobody sees; what is HTML already stays."""
    return visible(value) if type(value) is str else value
