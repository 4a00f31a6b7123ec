"""Terms as pages of things show them: each link once as markup, as JSON-LD, as a row of a diagram, by its name.

What leads to a thing stands on many pages, so all of it is made once for each root. Literals, most of which are read
once, are made where they stand.
"""

import json
import re
from typing import Final

from markupsafe import escape

from ..rdf.lines import Lines, iri
from ..rdf.tokens import is_iri
from ..wording.strings import without_signs
from .beside import MENTIONING
from .renderer import Renderer
from .structured_data import names_within, value_of
from .theme import json_in_html

__all__ = [
    "JSON", "KEY", "LEADER", "LINK", "NAME", "NAMES", "ROW", "TEXT", "VALUE", "ShownTerm", "ShownTerms", "escaped",
    "json_text",
]  # fmt: skip

_MOST = 100_000  #: links that are remembered, each with about a kilobyte
_MOST_LEADING = 50  #: lines that are looked at for whether one thing alone leads to another
_SEVERAL = b"several"
_written = json.JSONEncoder(ensure_ascii=False).encode
_SPECIAL = re.compile("[&<>\"']").search
_IN_SCRIPT = re.compile("[<>&\u2028\u2029]")


def json_text(value: object) -> bytes:
    """A value as JSON that can stand in a `script` element."""
    found = _written(value)
    return json_in_html(found.encode()).encode() if _IN_SCRIPT.search(found) else found.encode()


def escaped(text: str) -> bytes:
    """A text for HTML."""
    return escape(text).encode() if _SPECIAL(text) else text.encode()


#: A link as pages have it: a value of a property, one of a list of links, in the JSON-LD of the page, the names of
#: schema.org that this takes, its name as plain text, escaped; what sorts links that are in the order of their tokens;
#: a row of a diagram, empty where it has no place there, and by what rows are told apart; the one thing that leads to
#: it, empty where several do. A tuple of texts, which the search for garbage passes over.
ShownTerm = tuple[bytes, bytes, bytes, str, bytes, str, bytes, str, bytes]
VALUE: Final = 0
LINK: Final = 1
JSON: Final = 2
NAMES: Final = 3
TEXT: Final = 4
KEY: Final = 5
ROW: Final = 6
NAME: Final = 7
LEADER: Final = 8


class ShownTerms(dict[bytes, ShownTerm]):
    """The links of pages whose path to the root is given: an IRI's token → what is shown of it."""

    def __init__(self, renderer: Renderer, root: str) -> None:
        self._renderer, self._root = renderer, root
        index = renderer.index
        self._own = ("", renderer.project.language)
        self._kinds: dict[tuple[bytes, ...], tuple[bytes, str]] = {}  # classes in JSON-LD, and the names that it takes
        self._facts = f" {'<' + index.project.ids.graph('facts') + '>'} .\n".encode()

    def __missing__(self, token: bytes) -> ShownTerm:
        if len(self) >= _MOST:
            self.clear()
        term = self[token] = self._term(token)
        return term

    def _term(self, token: bytes) -> ShownTerm:
        renderer, root, index = self._renderer, self._root, self._renderer.index
        markup = renderer.made_link(root, token)
        link = str(markup)
        text, language = index.name_of(token)
        value, names = self._for_machines(token, text)
        row = name = ""
        outside = True
        if token in index.paged:
            href = renderer.href(root, token[1:-1].decode())
            outside = href.startswith(("http://", "https://"))
            name = text.casefold()
            plain = language in self._own and not outside and renderer.alike.beside(token) is None
            row = link if plain else f'<a href="{escape(href)}">{escape(renderer.tagged(text, language))}</a>'
        written = link.encode()
        return (
            written if not outside else renderer.with_site(markup, token).encode(),
            written,
            value,
            names,
            escaped(without_signs(text)),
            renderer.sort_key(token)[0],
            written if row == link else row.encode(),
            name,
            self._leader(token) if index.has_claims else b"",
        )

    def _for_machines(self, token: bytes, text: str) -> tuple[bytes, str]:
        """A link in JSON-LD, and the names of schema.org that this takes."""
        index = self._renderer.index
        kinds = index.types.get(token)
        known = self._kinds.get(kinds) if kinds and is_iri(token) and token in index.label else None
        if known:
            type_, names = known
            return b'{"@id": %b, "@type": %b, "name": %b}' % (json_text(iri(token)), type_, json_text(text)), names
        value = value_of(index, token)
        names = " ".join(sorted(names_within(value)))
        if kinds and isinstance(value, dict):
            self._kinds[kinds] = json_text(value["@type"]), names
        return json_text(value), names

    def _leader(self, token: bytes) -> bytes:
        """The one thing of which facts lead to another, mentions aside."""
        index = self._renderer.index
        assert isinstance(index.lines, Lines)
        found = b""
        for line in index.lines.at(index.incoming.of(token)[:_MOST_LEADING]):
            subject, predicate, _ = line.split(b" ", 2)
            if subject != found and line.endswith(self._facts) and predicate not in MENTIONING:
                if found:
                    return _SEVERAL
                found = subject
        return found
