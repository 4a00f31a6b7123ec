"""Solutions of a SELECT query: typed values, and every form that people take away."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pyoxigraph as ox

from ..errors import CannotCarry
from ..iris import compact
from ..namespaces import BOOLEAN_FORMS, INTEGER_TYPES, XSD
from .results import rewritten_results

__all__ = ["IRI", "BlankNode", "Solutions", "Text", "truth_value", "value_of", "xml_of"]

#: Characters that no XML 1.0 document can hold (https://www.w3.org/TR/xml/#charsets).
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


class IRI(str):
    """An IRI as a string that knows what it is."""

    __slots__ = ()


class BlankNode(str):
    """The label of a blank node."""

    __slots__ = ()


class Text(str):
    """A text with its language."""

    language: str

    def __new__(cls, value: str, language: str) -> "Text":
        """A text with this language tag."""
        text = super().__new__(cls, value)
        text.language = language
        return text


def value_of(term: Any) -> Any:
    """The Python value of a term; a literal whose text its datatype does not allow stays a text."""
    if term is None:
        return None
    if isinstance(term, ox.NamedNode):
        return IRI(term.value)
    if isinstance(term, ox.BlankNode):
        return BlankNode(term.value)
    if not isinstance(term, ox.Literal):
        return str(term)
    if term.language:
        return Text(term.value, term.language)
    datatype, text = term.datatype.value, term.value
    try:
        if datatype in INTEGER_TYPES:
            return int(text)
        if datatype == XSD.gYear and re.fullmatch(r"-?\d{4,}", text):
            return int(text)
        if datatype == XSD.decimal:
            return Decimal(text)
        if datatype in (XSD.double, XSD.float):
            return float(text.replace("INF", "inf"))
        if datatype == XSD.boolean:
            return BOOLEAN_FORMS[text] == "true"
        if datatype == XSD.date:
            return date.fromisoformat(text)
        if datatype == XSD.dateTime:
            return datetime.fromisoformat(text)
    except (ValueError, KeyError, ArithmeticError):
        pass
    return text


class Solutions(Sequence[dict[str, Any]]):
    """The solutions of a query, each a dictionary from variable to Python value (None when unbound).

    Without an ORDER BY the engine's order means nothing, so solutions are then sorted by their terms.
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

    def __len__(self) -> int:
        return len(self.terms)

    def __getitem__(self, index: Any) -> Any:
        if isinstance(index, slice):
            return [self._row(row) for row in self.terms[index]]
        return self._row(self.terms[index])

    def __iter__(self) -> Iterator[dict[str, Any]]:
        return (self._row(row) for row in self.terms)

    def _row(self, row: Sequence[Any]) -> dict[str, Any]:
        return {name: value_of(term) for name, term in zip(self.variables, row, strict=True)}

    def __repr__(self) -> str:
        return f"<Solutions: {len(self)} of {', '.join('?' + name for name in self.variables)}>"

    def to_dicts(self) -> list[dict[str, Any]]:
        """A list of plain dictionaries."""
        return list(self)

    def _serialize(self, format_: ox.QueryResultsFormat) -> str:
        # The engine serialises what it has parsed, so the rows take the way through the JSON form.
        return rewritten_results(self.to_json().encode(), format_).decode()

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

    def to_table(self) -> str:
        """A plain table with aligned columns."""
        rows = [list(self.variables), *self.cells()]
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
        """A pandas `DataFrame` (extra `pandas`)."""
        import pandas

        return pandas.DataFrame(self.to_dicts(), columns=list(self.variables))

    def to_polars(self) -> Any:
        """A polars `DataFrame` (extra `polars`); columns of mixed kinds become texts."""
        import polars

        columns = {}
        for name in self.variables:
            values = [row[name] for row in self]
            plain = [str(value) if isinstance(value, str) else value for value in values]
            kinds = {type(value) for value in plain if value is not None}
            columns[name] = plain if len(kinds) < 2 else [None if value is None else str(value) for value in plain]
        return polars.DataFrame(columns)


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


def _cell(term: Any, prefixes: Mapping[str, str]) -> str:
    if term is None:
        return ""
    if isinstance(term, ox.NamedNode):
        return compact(term.value, prefixes)
    text = term.value if isinstance(term, ox.Literal) else str(term)
    return re.sub(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+", " ", text)
