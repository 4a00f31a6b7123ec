"""What the endpoint is: SPARQL 1.1 Service Description (https://www.w3.org/TR/sparql11-service-description/)."""

import io
from collections.abc import Sequence

from ... import rdf
from ...formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE
from ...iris import Identifiers
from ...namespaces import RDF
from ...negotiation import choose
from ...rdf.lines import sort_lines
from ..http.problems import Problem
from ..http.reply import Reply

__all__ = ["describe_service"]

_SD = "http://www.w3.org/ns/sparql-service-description#"
_VOID = "http://rdfs.org/ns/void#"
_W3 = "http://www.w3.org/ns/formats/"
_INTEGER = "http://www.w3.org/2001/XMLSchema#integer"
_FORMATS = {format_.media_type: format_ for format_ in (TURTLE, JSONLD, NTRIPLES, RDFXML)}


def describe_service(
    endpoint: str,
    ids: Identifiers | None,
    graphs: Sequence[tuple[str, int | None]],
    prefixes: dict[str, str],
    accept: str | None,
) -> Reply:
    """The description in the format that is liked best.

    `graphs` are names with how many triples each has, where that is known.
    """
    type_ = choose(accept, tuple(_FORMATS))
    if type_ is None:
        raise Problem(406, "the description of the service is RDF.", alternatives=list(_FORMATS))
    service, dataset, default = f"<{endpoint}>", f"<{endpoint}#dataset>", f"<{endpoint}#default-graph>"
    found: list[tuple[str, str, str]] = [
        (service, RDF.type, f"<{_SD}Service>"),
        (service, f"{_SD}endpoint", service),
        (service, f"{_SD}supportedLanguage", f"<{_SD}SPARQL11Query>"),
        (service, f"{_SD}feature", f"<{_SD}UnionDefaultGraph>"),
        (service, f"{_SD}defaultDataset", dataset),
        (dataset, RDF.type, f"<{_SD}Dataset>"),
        (dataset, RDF.type, f"<{_VOID}Dataset>"),
        (dataset, f"{_VOID}sparqlEndpoint", service),
        (dataset, f"{_SD}defaultGraph", default),
        (default, RDF.type, f"<{_SD}Graph>"),
    ]
    if ids:
        found.append((dataset, f"{_VOID}subset", f"<{ids.dataset}>"))
    counts = [count for _, count in graphs if count is not None]
    if counts and len(counts) == len(graphs):
        found.append((default, f"{_VOID}triples", _number(sum(counts))))
    for name in ("SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV"):
        found.append((service, f"{_SD}resultFormat", f"<{_W3}{name}>"))
    for format_ in (TURTLE, JSONLD, NTRIPLES, RDFXML, TRIG, NQUADS):
        found.append((service, f"{_SD}resultFormat", f"<{format_.iri}>"))
    for name, count in graphs:
        if not name:
            continue
        entry, graph = f"<{endpoint}#{name.rpartition('/')[2]}>", f"<{endpoint}#{name.rpartition('/')[2]}-graph>"
        found += [
            (dataset, f"{_SD}namedGraph", entry),
            (entry, RDF.type, f"<{_SD}NamedGraph>"),
            (entry, f"{_SD}name", f"<{name}>"),
            (entry, f"{_SD}graph", graph),
            (graph, RDF.type, f"<{_SD}Graph>"),
        ]
        if count is not None:
            found.append((graph, f"{_VOID}triples", _number(count)))
    lines = sort_lines([f"{s} <{p}> {o} .\n".encode() for s, p, o in found])
    out = io.BytesIO()
    rdf.write(lines, _FORMATS[type_], out, prefixes={**prefixes, "sd": _SD, "void": _VOID})
    return Reply(
        200,
        type_ + ("; charset=utf-8" if type_.startswith("text/") else ""),
        out.getvalue(),
        {"access-control-allow-origin": "*"},
        vary="Accept",
        cache="public, max-age=300",
    )


def _number(count: int) -> str:
    return f'"{count}"^^<{_INTEGER}>'
