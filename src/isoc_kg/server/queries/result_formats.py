"""The formats of results, and results in them, with a notice where one was cut."""

import json
import re

import pyoxigraph as ox

from ...formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE
from ...query.lexical_forms import unmarked_lines
from ...query.solutions import Solutions, xml_of

__all__ = ["GRAPHS", "GRAPH_FORMATS", "RESULTS", "finished", "fitted", "says_nothing", "written"]

#: Media type → format of solutions, in the order of our preference.
RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "text/csv": ox.QueryResultsFormat.CSV,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/xml": ox.QueryResultsFormat.XML,
}
#: Media type → format of graphs: those that are announced, and two more that are accepted.
GRAPH_FORMATS = {format_.media_type: format_ for format_ in (TURTLE, JSONLD, NTRIPLES, RDFXML, TRIG, NQUADS)}
GRAPHS = {**GRAPH_FORMATS, "application/json": JSONLD, "application/xml": RDFXML}
_MAYBE_NOTHING = re.compile(rb'"bindings":\s*\[\s*\]|"0"|"boolean":\s*false')
_SHORT = 5_000  #: bytes of a result that is looked at
#: What stands before a blank node's label, and the label: nothing in a literal looks so.
_BLANK_NODES = {
    ox.QueryResultsFormat.JSON: re.compile(rb'("type":"bnode","value":")([^"]*)'),
    ox.QueryResultsFormat.XML: re.compile(rb"(<bnode>)([^<]*)"),
    ox.QueryResultsFormat.TSV: re.compile(rb"((?:^|\t)_:)([^\t\n]*)", re.MULTILINE),
}
_WRITERS = {
    ox.QueryResultsFormat.JSON: Solutions.to_json,
    ox.QueryResultsFormat.XML: Solutions.to_xml,
    ox.QueryResultsFormat.CSV: Solutions.to_csv,
    ox.QueryResultsFormat.TSV: Solutions.to_tsv,
}


def fitted(body: bytes, type_: str, *, written: bool, labelled: bool) -> bytes | None:
    """The engine's result as it leaves the server; None for one that has to be written by `written`.

    `written` tells that it may have marked literals, `labelled` that its blank nodes are to be labelled in the order
    in which they appear. Raises `CannotCarry`.
    """
    format_ = RESULTS[type_]
    if format_ is ox.QueryResultsFormat.CSV and labelled and b"_:" in body:
        return None  # a text may look like a blank node
    if written:
        body = unmarked_lines(body)
    if labelled and (pattern := _BLANK_NODES.get(format_)):
        labels: dict[bytes, bytes] = {}
        body = pattern.sub(lambda match: match[1] + labels.setdefault(match[2], b"b%d" % len(labels)), body)
    if format_ is ox.QueryResultsFormat.XML:
        body = xml_of(body.decode()).encode()
    return body


def finished(body: bytes, type_: str, cut: int = 0) -> bytes:
    """The engine's rewriting of others' results as it leaves the server; JSON says how many a cut one has.

    Raises `CannotCarry`.
    """
    if RESULTS[type_] is ox.QueryResultsFormat.XML:
        return xml_of(body.decode()).encode()
    if cut and RESULTS[type_] is ox.QueryResultsFormat.JSON:
        end = body.rindex(b"}")
        return b'%s,"cut":%s}' % (body[:end], json.dumps(_notice(cut)).encode())
    return body


def says_nothing(body: bytes, type_: str) -> bool:
    """Whether a result has no solutions, or one in which nothing but 0 is, or is a “no”; not known of graphs."""
    format_ = RESULTS.get(type_)
    if format_ is None or len(body) > _SHORT:
        return body == b"false\n"
    if format_ is ox.QueryResultsFormat.JSON:
        if not _MAYBE_NOTHING.search(body):  # most results: no need to read them
            return False
        value = json.loads(body)
        rows = value.get("results", {}).get("bindings", ())
        return (
            not value.get("boolean")
            and len(rows) < 2
            and all(term["value"] == "0" for row in rows for term in row.values())
        )
    if format_ is ox.QueryResultsFormat.XML:
        return b"<result>" not in body and b"<boolean>true" not in body
    return body.count(b"\n") <= 1


def _notice(number: int) -> str:
    return f"only the first {number:,} solutions; add LIMIT and OFFSET, or ask for less."


def written(solutions: Solutions, type_: str, cut: bool = False) -> bytes:
    """Solutions as a media type; JSON has room to say that they are but the first."""
    body = _WRITERS[RESULTS[type_]](solutions)
    if cut and RESULTS[type_] is ox.QueryResultsFormat.JSON:
        body = json.dumps(json.loads(body) | {"cut": _notice(len(solutions))}, ensure_ascii=False)
    return body.encode()
