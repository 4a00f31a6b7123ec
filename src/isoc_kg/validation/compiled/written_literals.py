"""An embedded store that has literals as they were written: their datatypes have other names in it.

A store turns `"007"^^xsd:integer` into `7`, so that nothing tells the two terms apart afterwards. Under a name that it
does not know it keeps the lexical form. Values are compared under the datatype's own name again.
"""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import IO, Any, cast

import pyoxigraph as ox

from ...namespaces import BOOLEAN_FORMS, XSD
from ...query.evaluator import Row, StoreEvaluator
from ...query.release import releasing
from ..report import Result
from ..terms import Term, token
from .datatypes import REWRITTEN, is_well_formed
from .numbers import is_less
from .stored_literals import StoredLiterals

__all__ = ["WrittenLiterals", "renamed_lines", "written_results", "written_store"]

_XSD = b"^^<" + XSD.iri.encode()
_NAMES = "urn:isoc-kg:written:"
_KEPT = b"^^<" + _NAMES.encode()
_MATCHES, _LESS, _VALUE = "urn:isoc-kg:matches", "urn:isoc-kg:less", "urn:isoc-kg:value"
_STRING = re.compile(rb'"\^\^<' + re.escape(XSD.string).encode() + rb">")
#: Bytes read at once.
_BLOCK = 1 << 20
_BINARY = f'"{_NAMES}double", "{_NAMES}float"'
_CHECKED = ", ".join(sorted(f'"{_NAMES}{name.removeprefix(XSD.iri)}"' for name in REWRITTEN))


class WrittenLiterals(StoredLiterals):
    """Literals of a `written_store`."""

    as_written = True
    backtracks = True

    def token(self, term: Term) -> str:
        """The token by which the store has a term of the shapes."""
        if (
            isinstance(term, ox.Literal)
            and term.datatype.value.startswith(XSD.iri)
            and term.datatype.value != XSD.string
        ):
            return token(ox.Literal(term.value, datatype=ox.NamedNode(self.datatype(term.datatype.value))))
        return token(term)

    def value(self, node: str) -> str:
        """An expression: the value of a variable, to be compared with others."""
        name = f"STR(DATATYPE({node}))"
        typed = f'STRDT(STR({node}), IRI(CONCAT("{XSD.iri}", STRAFTER({name}, "{_NAMES}"))))'
        # the store takes “Infinity” and “nan” for numbers, too: under its other name such a text is none
        typed = f'IF({name} IN ({_BINARY}) && !REGEX(STR({node}), "[0-9]|^[+-]?INF$|^NaN$"), {node}, {typed})'
        typed = f"IF({name} IN ({_CHECKED}), <{_VALUE}>({node}), {typed})"
        return f'IF(STRSTARTS({name}, "{_NAMES}"), {typed}, {node})'

    def ordered(self, alike: str, first: str, comparison: str, second: str) -> str:
        """An expression: whether one value is `<`, `<=`, `>` or `>=` another, numbers of any size and booleans too."""
        pair = (first, second) if comparison[0] == "<" else (second, first)
        function = f"<{_LESS}>({pair[0]}, {pair[1]}, {'true' if '=' in comparison else 'false'})"
        return f"({super().ordered(alike, first, comparison, second)} || COALESCE({function}, false))"

    def datatype(self, name: str) -> str:
        """The datatype that a literal of this one has in the store."""
        return _NAMES + name.removeprefix(XSD.iri) if name.startswith(XSD.iri) and name != XSD.string else name

    def matches(self, text: str, pattern: str) -> str:
        """An expression: whether a text matches a pattern of Python's."""
        return f"<{_MATCHES}>({text}, {token(ox.Literal(pattern))})"


class _WrittenStore(StoreEvaluator):
    """The store, with the functions that its queries call; triples leave it as they were written."""

    def construct(self, text: str) -> list[bytes]:
        """The triples of a CONSTRUCT query as sorted canonical lines, none twice."""
        return sorted(line.replace(_KEPT, _XSD) for line in super().construct(text))

    @releasing
    def select(self, text: str) -> tuple[list[str], list[Row]]:
        """The variables and all solutions of a SELECT query; datatypes have the store's names."""
        solutions: Any = self._query(text)
        return [variable.value for variable in solutions.variables], [tuple(solution) for solution in solutions]

    def _query(self, text: str) -> Any:
        return self.store.query(text, custom_functions=_FUNCTIONS)


def written_store(data: Path | bytes) -> "_WrittenStore":
    """The triples of a file, or of N-Triples, with their literals as they were written."""
    store = ox.Store()
    with data.open("rb") if isinstance(data, Path) else io.BytesIO(data) as file:
        lines = cast("IO[bytes]", _Renaming(file))
        store.bulk_extend(ox.parse(lines, format=ox.RdfFormat.N_TRIPLES))  # loading would rename blank nodes
    return _WrittenStore(store)


def written_results(results: Iterable[Result]) -> list[Result]:
    """The results with the datatypes that their literals were written with."""
    return [
        replace(result, focus_node=_own(result.focus_node), value=None if result.value is None else _own(result.value))
        for result in results
    ]


def _own(token_: str) -> str:
    return token_.replace(_KEPT.decode(), _XSD.decode()) if token_.startswith(('"', "<<")) else token_


class _Renaming(io.RawIOBase):
    """Lines of a file with other names for the datatypes of XML Schema."""

    def __init__(self, file: io.BufferedIOBase) -> None:
        self._blocks = self._read(file)
        self._rest = b""

    def readable(self) -> bool:
        """It is read from."""
        return True

    def read(self, size: int = -1) -> bytes:
        """At most so many bytes; none at the end."""
        if not self._rest:
            self._rest = next(self._blocks, b"")
        given, self._rest = (self._rest, b"") if size < 0 else (self._rest[:size], self._rest[size:])
        return given

    def _read(self, file: io.BufferedIOBase) -> Iterator[bytes]:
        while block := file.read(_BLOCK):
            yield renamed_lines(block + file.readline())


def renamed_lines(lines: bytes) -> bytes:
    """N-Triples with the names that a `written_store` has for the datatypes of XML Schema."""
    # A text may hold what looks like a datatype, an IRI may be written with escapes, and spaces may stand before it.
    plain = lines.count(b"^^") == lines.count(b'"^^<') and b'\\"^^<' not in lines and b"\\u" not in lines
    if not plain:
        return b"".join(map(_renamed_line, lines.splitlines(keepends=True)))
    return _STRING.sub(b'"', lines).replace(b'"' + _XSD, b'"' + _KEPT)


def _renamed_line(line: bytes) -> bytes:
    if b"^^" not in line:
        return line
    try:
        quads = list(ox.parse(line, format=ox.RdfFormat.N_TRIPLES))
    except SyntaxError:
        return line  # the store says the same of it, and where
    canonical = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES) or b""
    # The last literal of a line is its object; within a text, quotation marks are escaped.
    return re.sub(rb'"' + re.escape(_XSD) + rb"(\w+>) \.\n$", rb'"' + _KEPT + rb"\1 .\n", canonical)


def _matches(text: Any, pattern: Any) -> ox.Literal:
    return ox.Literal(_compiled(pattern.value).search(text.value) is not None)


@lru_cache(maxsize=200)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def _less(first: Any, second: Any, or_equal: Any) -> ox.Literal | None:
    or_equal = or_equal.value == "true"
    if {first.datatype.value, second.datatype.value} == {XSD.boolean}:
        values = [BOOLEAN_FORMS.get(term.value) for term in (first, second)]
        return None if None in values else ox.Literal(values == ["false", "true"] or (or_equal and len({*values}) == 1))
    less = is_less(first, second, or_equal=or_equal)
    return None if less is None else ox.Literal(less)


def _value(term: Any) -> ox.Literal | None:
    """A literal of a derived datatype under the datatype's own name; an error where it is ill-formed."""
    own = ox.Literal(term.value, datatype=ox.NamedNode(XSD.iri + term.datatype.value.removeprefix(_NAMES)))
    return own if is_well_formed(own) else None


_FUNCTIONS: dict[ox.NamedNode, Callable[..., Any]] = {
    ox.NamedNode(_MATCHES): _matches,
    ox.NamedNode(_LESS): _less,
    ox.NamedNode(_VALUE): _value,
}
