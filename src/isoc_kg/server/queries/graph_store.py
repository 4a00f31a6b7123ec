"""The SPARQL 1.1 Graph Store HTTP Protocol (https://www.w3.org/TR/sparql11-http-rdf-update/), for reading.

Graphs are read from the publication's lines, so literals stand as they were authored.
"""

import io
from collections.abc import Sequence

from ... import rdf
from ...errors import CannotCarry
from ...formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE
from ...negotiation import choose
from ...rdf.lines import triples
from ...rdf.tokens import iri_token
from ...rendering.index import Index
from ..http.problems import Problem
from ..http.reply import Reply
from ..http.request import Request
from .protocol import READ_ONLY, SparqlProtocol, accepted

__all__ = ["graph_of_index", "graph_of_store", "graph_type", "requested_graph"]

_FORMATS = {format_.media_type: format_ for format_ in (TURTLE, NTRIPLES, JSONLD, RDFXML, TRIG, NQUADS)}
ALLOW = "GET, HEAD, OPTIONS"


def requested_graph(request: Request) -> str | None:
    """The graph that `?graph=IRI` names, None for `?default`. Raises `Problem`: 405 for writes."""
    if not request.reads:
        raise Problem(405, READ_ONLY, headers={"Allow": ALLOW})
    names = [value for name, value in request.query if name == "graph"]
    default = any(name == "default" for name, _ in request.query)
    if len(names) + default != 1:
        raise Problem(400, "a graph is named by one “graph” parameter, or by “default”.")
    return names[0] if names else None


async def graph_of_store(
    name: str | None, graphs: Sequence[tuple[str, int | None]], protocol: SparqlProtocol, request: Request
) -> Reply:
    """A graph out of a store, by a query with the limits of queries; None is the default graph."""
    names = [graph for graph, _ in graphs]
    if name is not None and name not in names:
        raise Problem(404, f"there is no graph {name[:200]}.", alternatives=names[:50])
    pattern = "{ ?s ?p ?o }" if name is None else f"{{ GRAPH <{name}> {{ ?s ?p ?o }} }}"
    return await protocol.query(
        f"CONSTRUCT {{ ?s ?p ?o }} {pattern}", _media_type(accepted(request.query, request.accept)), request.client
    )


def _media_type(accept: str | None) -> str:
    """The media type of the graph that a request gets. Raises `Problem`: 406 when there is none."""
    type_ = choose(accept, tuple(_FORMATS))
    if type_ is None:
        raise Problem(406, "a graph is RDF.", alternatives=list(_FORMATS))
    return type_


def graph_type(name: str | None, index: Index, accept: str | None) -> str:
    """The media type that is liked best for a graph. Raises `Problem`: 404 when there is no such graph, 406."""
    if name is not None and iri_token(name) not in index.sizes:
        raise Problem(404, f"there is no graph {name[:200]}.", alternatives=_names(index))
    return _media_type(accept)


def graph_of_index(name: str | None, index: Index, prefixes: dict[str, str], type_: str) -> Reply:
    """A graph in a format; None is the default graph, which is the union of all. Raises `Problem`."""
    graph = list(triples(index.lines, None if name is None else [name]))
    out = io.BytesIO()
    try:
        rdf.write(graph, _FORMATS[type_], out, prefixes=prefixes)
    except CannotCarry as error:
        raise Problem(406, error.message) from None
    return Reply(
        200,
        type_ + ("; charset=utf-8" if type_.startswith("text/") else ""),
        out.getvalue(),
        {"access-control-allow-origin": "*", "x-content-type-options": "nosniff"},
        vary="Accept",
        cache="public, max-age=300",
        ranges=True,
    )


def _names(index: Index) -> list[str]:
    return [graph.decode()[1:-1] for graph in sorted(index.sizes) if graph]
