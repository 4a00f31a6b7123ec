"""The formats of results, and results in them, with a notice where one was cut."""

import json

import pyoxigraph as ox

from ...formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE
from ...query.solutions import Solutions

__all__ = ["GRAPHS", "GRAPH_FORMATS", "RESULTS", "written"]

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
_WRITERS = {
    ox.QueryResultsFormat.JSON: Solutions.to_json,
    ox.QueryResultsFormat.XML: Solutions.to_xml,
    ox.QueryResultsFormat.CSV: Solutions.to_csv,
    ox.QueryResultsFormat.TSV: Solutions.to_tsv,
}


def written(solutions: Solutions, type_: str, cut: bool = False) -> bytes:
    """Solutions as a media type; JSON has room to say that they are but the first."""
    body = _WRITERS[RESULTS[type_]](solutions)
    if cut and RESULTS[type_] is ox.QueryResultsFormat.JSON:
        notice = f"only the first {len(solutions):,} solutions; add LIMIT and OFFSET, or ask for less."
        body = json.dumps(json.loads(body) | {"cut": notice}, ensure_ascii=False)
    return body.encode()
