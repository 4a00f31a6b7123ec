"""Solutions of a SELECT query: typed values, and every form that people take away."""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

import pyoxigraph as ox

from ..errors import CannotCarry, UsageError, counted, visible
from ..iris import compact
from ..namespaces import XSD
from ..rdf.tokens import iri_token, term_token
from .notebook import caption, cut, linked, listed, table
from .results import rewritten_results
from .values import plain, value_of

__all__ = ["Solution", "Solutions", "imported", "token_in_json", "truth_value", "xml_of"]

#: Characters that no XML 1.0 document can hold (https://www.w3.org/TR/xml/#charsets).
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_SHOWN_ROWS = 10  #: rows of a repr; a notebook shows twice as many
_SHOWN_COLUMNS = 20
_SHOWN_CHARACTERS = 80  #: of a value


#: IRIs → those that have names, with all of them, the best first.
NamesOf = Callable[[Collection[str]], Mapping[str, Sequence[str]]]


class Solution(dict[str, Any]):
    """One solution: variable → Python value, None when unbound. It knows of which solutions it is one."""

    __slots__ = ("solutions", "terms")

    def __init__(self, solutions: "Solutions", terms: tuple[Any, ...]) -> None:
        super().__init__(
            {name: value_of(term) for name, term in zip(solutions.variables, terms, strict=True)},
        )
        self.solutions = solutions
        self.terms = terms

    def __reduce__(self) -> tuple[Any, ...]:
        # without the others
        return dict, (dict(self),)


class Solutions(Sequence[dict[str, Any]]):
    """The solutions of a query, each a dictionary from variable to Python value (None when unbound).

    Without an ORDER BY the engine's order means nothing, so solutions are then sorted by their terms. A slice of them
    is `Solutions` again, and `solutions["year"]` is the list of a variable's values.
    Take `to_pandas` for a data frame: `pandas.DataFrame(solutions)` makes floats of whole numbers
    where some are missing.
    """

    def __init__(
        self,
        variables: Sequence[str],
        rows: Sequence[Sequence[Any]],
        prefixes: Mapping[str, str],
    ) -> None:
        self.variables = tuple(variables)
        self.terms = tuple(tuple(row) for row in rows)
        self.prefixes = prefixes
        self.notes: tuple[str, ...] = ()  #: why there are none, what may be wrong in them, defaults taken
        self.origin: object = None  #: the question that they answer, for whoever asks for their evidence
        self.names_of: NamesOf | None = None  #: what things are called, where that is at hand
        self.is_part = False  #: whether there are more of them

    def __reduce__(self) -> tuple[Any, ...]:
        # without their origin, which leads to the whole graph
        return Solutions, (self.variables, self.terms, dict(self.prefixes))

    def __len__(self) -> int:
        return len(self.terms)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return self.part(self.terms[index])
        if isinstance(index, str):
            return self._column(index)
        return self._row(self.terms[index])

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (self._row(row) for row in self.terms)

    def _column(self, variable: str) -> list[Any]:
        """The values of a variable."""
        name = variable.removeprefix("?")
        if name not in self.variables:
            raise UsageError(f"the solutions have no ?{name}.", advice=f"They have ?{', ?'.join(self.variables)}.")
        column = self.variables.index(name)
        return [value_of(row[column]) for row in self.terms]

    def _row(self, row: tuple[Any, ...]) -> Solution:
        return Solution(self, row)

    def part(self, rows: Sequence[tuple[Any, ...]]) -> "Solutions":
        """Some of the solutions, which answer the same question."""
        part = Solutions(self.variables, rows, self.prefixes)
        part.notes, part.origin, part.is_part, part.names_of = self.notes, self.origin, True, self.names_of
        return part

    def _names(self) -> dict[str, str]:
        """IRI → what it is called, of the solutions' things."""
        iris = {term.value for row in self.terms for term in row if isinstance(term, ox.NamedNode)}
        found = self.names_of(iris) if self.names_of and iris else {}
        return {iri: cut(names[0], _SHOWN_CHARACTERS) for iri, names in found.items() if names}

    def _head(self) -> str:
        shown = ", ".join(f"?{cut(name, _SHOWN_CHARACTERS)}" for name in self.variables[:_SHOWN_COLUMNS])
        return f"{counted(len(self), 'solution')} of {shown}{', …' if len(self.variables) > _SHOWN_COLUMNS else ''}"

    def __repr__(self) -> str:
        """How many there are, and the first of them as a table."""
        some = self._some(_SHOWN_ROWS)
        more = f"… and {len(self) - len(some):,} more\n" if len(some) < len(self) else ""
        notes = "".join(f"\nnote: {note}" for note in self.notes[:_SHOWN_ROWS])
        return visible(f"<{self._head()}>" + (f"\n{some.to_table()}{more}".rstrip() if some.terms else "") + notes)

    def _repr_html_(self) -> str:
        some = self._some(_SHOWN_ROWS * 2)
        names = some._names()
        rows = [[_html_cell(term, self.prefixes, names) for term in row] for row in some.terms]
        notes = listed(f"note: {note}" for note in self.notes[:_SHOWN_ROWS])
        return caption(self._head()) + table(some.variables, rows, len(self)) + notes

    def _some(self, most: int) -> "Solutions":
        """The first solutions, in the first columns, with texts cut."""
        rows = [[_cut_term(term) for term in row[:_SHOWN_COLUMNS]] for row in self.terms[:most]]
        names = [cut(name, _SHOWN_CHARACTERS) for name in self.variables[:_SHOWN_COLUMNS]]
        some = Solutions(names, rows, self.prefixes)
        some.names_of = self.names_of
        return some

    def to_dicts(self) -> list[dict[str, Any]]:
        """A list of plain dictionaries."""
        return [dict(row) for row in self]

    def _serialize(self, format_: ox.QueryResultsFormat) -> str:
        # The engine serialises what it has parsed, so the rows take the way through the JSON form.
        rewritten = rewritten_results(self.to_json().encode(), format_)
        assert not isinstance(rewritten, bool)
        return rewritten[1].decode()

    def to_csv(self) -> str:
        """CSV (https://www.w3.org/TR/sparql11-results-csv-tsv/#csv)."""
        return self._serialize(ox.QueryResultsFormat.CSV)

    def to_tsv(self) -> str:
        """TSV (https://www.w3.org/TR/sparql11-results-csv-tsv/#tsv)."""
        return self._serialize(ox.QueryResultsFormat.TSV)

    def to_xml(self) -> str:
        """XML (https://www.w3.org/TR/rdf-sparql-XMLres/). Raises `CannotCarry` for a character that XML lacks."""
        return xml_of(self._serialize(ox.QueryResultsFormat.XML))

    def to_json(self) -> str:
        """JSON (https://www.w3.org/TR/sparql11-results-json/)."""
        bindings = [
            {name: _json(term) for name, term in zip(self.variables, row, strict=True) if term is not None}
            for row in self.terms
        ]
        value = {"head": {"vars": list(self.variables)}, "results": {"bindings": bindings}}
        return json.dumps(value, ensure_ascii=False, indent=1) + "\n"

    def cells(self) -> list[list[str]]:
        """Each row as short texts to read: prefixed names, bare literals."""
        return [[_cell(term, self.prefixes) for term in row] for row in self.terms]

    def to_table(self, *, labels: bool = False) -> str:
        """A plain table with aligned columns; with `labels`, what things are called stands beside their IRIs."""
        cells = self.cells()
        if labels and (names := self._names()):
            named = [[_name_of(term, names) for term in row] for row in self.terms]
            cells = [
                [f"{cell} “{name}”" if name else cell for cell, name in zip(*pair, strict=True)]
                for pair in zip(cells, named, strict=True)
            ]
        rows = [list(self.variables), *cells]
        widths = [max(len(row[column]) for row in rows) for column in range(len(self.variables))]
        lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
        lines.insert(1, "  ".join("─" * width for width in widths))
        return "\n".join(lines) + "\n"

    def to_markdown(self) -> str:
        """A Markdown table."""

        def line(cells: Sequence[str]) -> str:
            return "| " + " | ".join(re.sub(r"([\\`*_{}\[\]<>()#+!|~])", r"\\\1", cell) for cell in cells) + " |"

        head = [line(self.variables), "|" + " --- |" * len(self.variables)]
        return "\n".join(head + [line(row) for row in self.cells()]) + "\n"

    def to_pandas(self) -> Any:
        """A pandas `DataFrame` (extra `pandas`); whole numbers stay whole where some are missing (`Int64`).

        A column of numbers of several types, or of values of several kinds, has Python's objects.
        """
        pandas = imported("pandas")
        columns = {}
        for name, values in self._columns():
            kinds = {type(value) for value in values if value is not None}
            missing = any(value is None for value in values)
            dtype: str | None = None
            if kinds == {int}:
                fits = all(value is None or -(2**63) <= value < 2**63 for value in values)
                dtype = ("Int64" if missing else "int64") if fits else "object"
            elif kinds == {bool}:
                dtype = "boolean" if missing else "bool"
            elif len(kinds) != 1:
                dtype = "object"
            columns[name] = pandas.Series(values, dtype=dtype)
        return pandas.DataFrame(columns, columns=list(self.variables), index=range(len(self)))

    def to_polars(self) -> Any:
        """A polars `DataFrame` (extra `polars`); columns of mixed kinds become texts."""
        polars = imported("polars")
        columns = {}
        for name, values in self._columns():
            kinds = {type(value) for value in values if value is not None}
            large = kinds == {int} and any(value is not None and not -(2**63) <= value < 2**63 for value in values)
            # times with a zone and without one have no type in common
            zoned = {getattr(value, "tzinfo", None) is None for value in values if value is not None}
            if len(kinds) > 1 or large or len(zoned) > 1:
                values = [None if value is None else str(value) for value in values]
            columns[name] = values
        return polars.DataFrame(columns)

    def _columns(self) -> Iterator[tuple[str, list[Any]]]:
        """Each variable with its values, of Python's own types."""
        for number, name in enumerate(self.variables):
            yield name, [plain(value_of(row[number])) for row in self.terms]


def imported(package: str) -> Any:
    """A package of an extra. Raises `UsageError` where it is not installed, with how to install it."""
    try:
        return import_module(package)
    except ImportError:
        advice = f"pip install 'isoc-kg[{package}]'"
        raise UsageError(f"the package {package} is not installed.", advice=advice) from None


def xml_of(text: str) -> str:
    """The engine's XML, well-formed: a parser gives back each character of it, or `CannotCarry` says that it cannot."""
    if found := _NOT_XML.search(text):
        start = max(text.rfind("<binding", 0, found.start()), 0)
        raise CannotCarry(
            f"XML has no way to write the character U+{ord(found[0]):04X}, which is in a value of the result.",
            excerpt=text[start : start + 300].translate(dict.fromkeys(range(32), " ")),
            advice="Choose JSON, CSV or TSV, or REPLACE the character in the query.",
        )
    # a parser takes a carriage return for a line feed, and a tab in a name for a space
    return text.replace("\r", "&#xD;")


def truth_value(value: bool, format_name: str) -> str:
    """The answer to an ASK query: `table` for people, `json` and `xml` as specified, else `true` or `false`.

    CSV and TSV have no form for it (https://www.w3.org/TR/sparql11-results-csv-tsv/).
    """
    word = "true" if value else "false"
    if format_name == "table":
        return "yes\n" if value else "no\n"
    if format_name == "json":  # https://www.w3.org/TR/sparql11-results-json/#ask-result-form
        return json.dumps({"head": {}, "boolean": value}) + "\n"
    if format_name == "xml":  # https://www.w3.org/TR/rdf-sparql-XMLres/#boolean-results
        namespace = "http://www.w3.org/2005/sparql-results#"
        head = f'<?xml version="1.0"?>\n<sparql xmlns="{namespace}"><head></head>'
        return f"{head}<boolean>{word}</boolean></sparql>\n"
    return word + "\n"


def _json(term: Any) -> dict[str, Any]:
    if isinstance(term, ox.NamedNode):
        return {"type": "uri", "value": term.value}
    if isinstance(term, ox.BlankNode):
        return {"type": "bnode", "value": term.value}
    if isinstance(term, ox.Triple):  # https://www.w3.org/TR/sparql12-results-json/#select-encode-terms
        parts = {"subject": _json(term.subject), "predicate": _json(term.predicate), "object": _json(term.object)}
        return {"type": "triple", "value": parts}
    if term.language:
        direction = {"its:dir": str(term.direction)} if getattr(term, "direction", None) else {}
        return {"type": "literal", "value": term.value, "xml:lang": term.language, **direction}
    if term.datatype.value == XSD.string:
        return {"type": "literal", "value": term.value}
    return {"type": "literal", "value": term.value, "datatype": term.datatype.value}


def token_in_json(term: Mapping[str, Any]) -> bytes:
    """The token of a term of a result in JSON, the other way round."""
    kind, value = term["type"], term["value"]
    if kind == "uri":
        return iri_token(value)
    if kind == "bnode":
        return f"_:{value}".encode()
    if kind == "triple":
        terms = map(token_in_json, (value["subject"], value["predicate"], value["object"]))
        return b"<<( %s %s %s )>>" % tuple(terms)
    if "datatype" in term:
        return term_token(ox.Literal(value, datatype=ox.NamedNode(term["datatype"])))
    direction = ox.BaseDirection(term["its:dir"]) if "its:dir" in term else None
    return term_token(ox.Literal(value, language=term.get("xml:lang"), direction=direction))


def _cell(term: Any, prefixes: Mapping[str, str]) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return compact(term.value, prefixes)
    text = term.value if isinstance(term, ox.Literal) else term_token(term).decode()
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text)


def _cut_term(term: Any) -> Any:
    """A term that is short enough to be shown; an IRI stays whole up to where nobody reads it."""
    if isinstance(term, ox.NamedNode):
        return term if len(term.value) <= 2 * _SHOWN_CHARACTERS else ox.Literal(cut(term.value, _SHOWN_CHARACTERS))
    if term is None or isinstance(term, ox.BlankNode):
        return term
    text = term.value if isinstance(term, ox.Literal) else term_token(term).decode()
    return ox.Literal(visible(cut(text, _SHOWN_CHARACTERS), line=True))


def _name_of(term: Any, names: Mapping[str, str]) -> str:
    name = names.get(term.value, "") if isinstance(term, ox.NamedNode) else ""
    return visible(" ".join(name.split()), line=True)


def _html_cell(term: Any, prefixes: Mapping[str, str], names: Mapping[str, str]) -> str:
    cell, name = _cell(term, prefixes), _name_of(term, names)
    return linked(f"{name} ({cell})" if name else cell, term.value if isinstance(term, ox.NamedNode) else None)
