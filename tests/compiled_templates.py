"""Templates of this package that are compiled once a process: that takes longer than most pages, and is the same again.

What Jinja makes of a template depends on its text, with the strings that were written into it, and on the kind of the
environment; a project's own templates are compiled each time.
"""

from pathlib import Path
from types import CodeType
from typing import Any

import jinja2
from jinja2.filters import FILTERS
from jinja2.tests import TESTS

from isoc_kg.rendering import theme

__all__ = ["remembering"]

_OURS = str(Path(theme.__file__).parent / "templates")
_compile = jinja2.Environment.compile
_made: dict[tuple[Any, ...], CodeType] = {}


def _remembered(self: jinja2.Environment, source: Any, name: Any = None, filename: Any = None, *more: Any) -> Any:
    known = self.filters.keys() == FILTERS.keys() and self.tests.keys() == TESTS.keys()
    if more or not known or self.finalize or not isinstance(source, str) or not str(filename).startswith(_OURS):
        return _compile(self, source, name, filename, *more)
    options = (self.autoescape, self.trim_blocks, self.lstrip_blocks, self.keep_trailing_newline, self.optimized)
    key = (type(self), *options, *sorted(self.extensions), name, filename, self.preprocess(source, name, filename))
    if key not in _made:
        _made[key] = _compile(self, source, name, filename)
    return _made[key]


def remembering() -> None:
    """From now on this process, and those that are forked from it, compile a template of this package once."""
    jinja2.Environment.compile = _remembered  # type: ignore[method-assign,assignment]
