"""Named queries: files with a head that says what they answer and what can be set.

    # title: Which bodies does an organisation support?
    # description: Everything linked by isoc:supports or isoc:manages.
    # param organisation iri = id:internet-society – the organisation asked about
    # keywords: organisations, ietf
    SELECT …

A parameter has a name (of a variable in the query), a type (`iri`, `text`, `@en`, `xsd:gYear`) and perhaps a
default; the dash opens its explanation.
"""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ..errors import MissingParameter, ParseError, UnknownName, UnknownParameter
from ..limits.regular_files import read_regular_text
from ..project import files_in
from .tokens import tokens

__all__ = ["NamedQuery", "Parameter", "Term", "bind", "defaults_taken", "find_query", "load_queries"]

Term = ox.NamedNode | ox.Literal

_PARAM = re.compile(r"(?P<name>\w+)\s+(?P<type>\S+)(?:\s*=\s*(?P<default>.+?))?(?:\s+[–-]\s+(?P<text>.+))?")
#: What a part of an IRI is made of, as far as no escape is needed (RFC 3987, section 2.2).
_NAME = re.compile(r"[^\x00-\x20\x7f-\xa0<>\"{}|\\^`/?#%\ud800-\udfff]+")
_KEYS = ("title", "description", "keywords")


@dataclass(frozen=True, slots=True)
class Parameter:
    """Something that a query asks for; without a default it must be given."""

    name: str
    type: str
    default: str | None
    text: str


@dataclass(frozen=True, slots=True)
class NamedQuery:
    """A query with a name, which is its file's."""

    name: str
    title: str
    description: str
    keywords: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    text: str
    file: Path

    def __repr__(self) -> str:
        """Its name, what it asks for, and its title."""
        asks = ", ".join(parameter.name for parameter in self.parameters)
        return f"<NamedQuery {self.name}({asks}): {self.title}>"


def load_queries(folder: Path) -> dict[str, NamedQuery]:
    """The named queries of a folder by name, in the order of their names. Raises `ParseError`."""
    files = files_in(folder, ".rq")
    for file in files:
        if not _NAME.fullmatch(file.stem):
            raise ParseError(
                "a query's name is a part of its IRI, which this cannot be.",
                file=file,
                advice="Name the file with letters, digits, - and _.",
            )
    return {file.stem: _load(file) for file in files}


def find_query(queries: dict[str, NamedQuery], name: str) -> NamedQuery:
    """The query of this name; `UnknownName` with the nearest names."""
    if name not in queries:
        from difflib import get_close_matches

        near = get_close_matches(name, queries, 3, 0.4)
        raise UnknownName(
            f"there is no query “{name}”.", suggestions=near, advice=None if near else "See: isoc-kg query --list"
        )
    return queries[name]


def bind(named: NamedQuery, given: Mapping[str, Any], term: Callable[[Parameter, Any], Term]) -> dict[str, Term]:
    """The terms of a named query's parameters, `term` making those of values, given ones or defaults.

    Raises `MissingParameter` and `UnknownParameter`, and what `term` raises.
    """
    terms = {}
    for parameter in named.parameters:
        value = given.get(parameter.name, parameter.default)
        if value is None:
            raise MissingParameter(named.name, parameter.name, parameter.text or parameter.type)
        terms[parameter.name] = term(parameter, value)
    for name in given:
        if name not in terms:
            raise UnknownParameter(named.name, name, list(terms))
    return terms


def defaults_taken(named: NamedQuery, given: Collection[str]) -> list[tuple[str, str]]:
    """The parameters of a named query that are not given, with the defaults in their place."""
    return [(one.name, one.default) for one in named.parameters if one.default is not None and one.name not in given]


def _load(file: Path) -> NamedQuery:
    try:
        text = read_regular_text(file, "utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise ParseError(f"cannot be read: {error}.", file=file) from None
    values: dict[str, str] = {}
    parameters: list[Parameter] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.startswith("#"):
            break
        content = line[1:].strip()
        if content.startswith("param "):
            match = _PARAM.fullmatch(content[6:].strip())
            if not match:
                raise ParseError(
                    "not a parameter.",
                    file=file,
                    line=number,
                    excerpt=line,
                    advice="Write: # param name type = default – explanation",
                )
            parameters.append(Parameter(match["name"], match["type"], match["default"], match["text"] or ""))
            continue
        key, colon, value = content.partition(":")
        if not colon or key not in _KEYS or key in values:
            raise ParseError(
                "not a line of a query's head.",
                file=file,
                line=number,
                excerpt=line,
                advice=f"Heads have {', '.join(f'# {key}: …' for key in _KEYS)} and # param …",
            )
        values[key] = value.strip()
    if not values.get("title"):
        raise ParseError("the query has no title.", file=file, line=1, advice="Begin the file with # title: …")
    variables = {token.text[1:] for token in tokens(text) if token.kind == "variable"}
    for parameter in parameters:
        if parameter.name not in variables:
            raise ParseError(
                f"the query has no variable ?{parameter.name}.",
                file=file,
                line=1,
                advice="A parameter sets a variable of the query.",
            )
    keywords = tuple(word.strip() for word in values.get("keywords", "").split(",") if word.strip())
    return NamedQuery(
        file.stem, values["title"], values.get("description", ""), keywords, tuple(parameters), text, file
    )
