"""A store as a load works on it: one profile, one endpoint, and every request that a load makes of it."""

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pyoxigraph as ox

from ..endpoint import Credentials, Endpoint, HttpResponse
from ..endpoint.client import ACCEPT_RESULTS
from ..endpoint.completeness import graph_in_pages
from ..errors import EndpointError, LimitExceeded, ParseError
from ..query.results import read_results
from ..rdf.lines import Lines, graph_token, with_graph
from .batches import batches, insert_data
from .profiles import Profile

__all__ = ["RemoteStore", "StagingGraph", "canonical"]

_NTRIPLES, _NQUADS = "application/n-triples", "application/n-quads"
_AT_ONCE = 2  #: pages that are asked for at the same time
_PARSED = 100_000  #: lines that are parsed together
TripleCounter = Callable[[int], None]  #: is given how many more triples were sent


@dataclass(frozen=True, slots=True)
class StagingGraph:
    """A graph of so many triples that is to take another one's place."""

    name: str
    graph: str | None
    count: int
    onto_nothing: bool


class RemoteStore:
    """A store of a known kind. Nothing here is believed for its status alone; whoever calls looks at the data."""

    def __init__(
        self,
        profile: Profile,
        url: str,
        *,
        update_url: str | None = None,
        graph_store_url: str | None = None,
        credentials: Credentials | None = None,
        timeout: float = 600.0,
    ) -> None:
        self.profile = profile
        root = profile.root(url)
        self.dataset_url = None if profile.dataset is None else _with(root + profile.dataset, profile.bulk)
        if graph_store_url is None and profile.graph_store is not None:
            graph_store_url = _with(root + profile.graph_store, profile.bulk)
        self.endpoint = Endpoint(
            root + profile.query,
            update_url=update_url or root + profile.update,
            graph_store_url=graph_store_url,
            credentials=credentials,
            timeout=timeout,
        )

    def __enter__(self) -> "RemoteStore":
        return self

    def __exit__(self, *_: object) -> None:
        """End the connections."""
        self.endpoint.close()

    # -- reading --------------------------------------------------------------------------------

    def count(self, graph: str | None) -> int:
        """How many triples a graph has, 0 when it is not there."""
        text = f"SELECT (COUNT(*) AS ?n) WHERE {{ {_all(graph)} }}"
        answer = self.endpoint.query(text, ACCEPT_RESULTS, max_bytes=1_000_000)
        format_ = {"application/sparql-results+json": ox.QueryResultsFormat.JSON}.get(
            answer.media_type, ox.QueryResultsFormat.XML
        )
        with suppress(LimitExceeded, ParseError, ValueError, IndexError, AttributeError):
            results = read_results(answer.body, format_)
            if not isinstance(results, bool):
                count = int(results[1][0][0].value)
                if count >= 0:
                    return count
        raise _no_sparql(answer, self.endpoint.query_url)

    def holds(self, graph: str | None, line: bytes) -> bool:
        """Whether a graph has this triple, given as a line without blank nodes."""
        triple = line.decode()
        return self.endpoint.ask(f"ASK {{ {triple if graph is None else f'GRAPH <{graph}> {{ {triple} }}'} }}")

    def triples(self, graph: str | None, count: int, most: int | None = None) -> list[bytes]:
        """The triples of a graph, `count` of them expected: canonical lines, unsorted, blank nodes as in the store.

        Raises `EndpointError` for an answer of more than `most` bytes.
        """
        if self.profile.rows is not None and count >= self.profile.rows:
            return list(graph_in_pages(_all(graph), count, self.profile.rows, self._constructed, _AT_ONCE))
        if self.endpoint.graph_store_url is not None:
            # sent as it is read; what a CONSTRUCT makes Jena puts together in memory first
            return self._lines(self.endpoint.send_graph("GET", graph, max_bytes=most))
        return self._constructed(f"WHERE {{ {_all(graph)} }}", most)

    def _constructed(self, query: str, most: int | None = None) -> list[bytes]:
        text = f"CONSTRUCT {{ ?s ?p ?o }} {query}"
        ask = self.endpoint.query
        return self._lines(ask(text, _GRAPHS) if most is None else ask(text, _GRAPHS, max_bytes=most))

    def _lines(self, answer: HttpResponse) -> list[bytes]:
        body = answer.body
        if answer.media_type not in (_NTRIPLES, "text/plain", "text/turtle", "application/x-turtle"):
            raise _no_sparql(answer, self.endpoint.query_url)
        turtle = "turtle" in answer.media_type
        if not turtle:
            # Virtuoso writes tabs between terms; within one a tab is always escaped
            body = body.replace(b"\t", b" ")
            if _CANONICAL.match(body) and b"\\u" not in body:
                return body.splitlines(keepends=True)
        return _parsed(body, ox.RdfFormat.TURTLE if turtle else ox.RdfFormat.N_TRIPLES)

    # -- writing --------------------------------------------------------------------------------

    def fill(self, graph: str | None, lines: Sequence[bytes], done: TripleCounter) -> None:
        """Add triples to a graph in batches."""
        profile = self.profile
        if self.endpoint.graph_store_url is None:
            for text, count in insert_data(lines, graph, profile.statement_triples, profile.batch_bytes):
                self.endpoint.update(text, repeatable=True)
                done(count)
            return
        for body, count, repeatable in batches(lines, profile.batch_bytes):
            if graph is None and self.dataset_url is not None:
                self._send_quads(body, repeatable)
            else:
                self.endpoint.send_graph("POST", graph, body, repeatable=repeatable)
            done(count)

    def fill_at_once(self, graphs: Mapping[str | None, Sequence[bytes]], done: TripleCounter) -> None:
        """Add triples to several graphs in one request."""
        body = Lines(with_graph(line, graph_token(name)) for name, lines in graphs.items() for line in lines).text
        self._send_quads(body, repeatable=b"_:" not in body)
        done(sum(map(len, graphs.values())))

    def _send_quads(self, body: bytes, repeatable: bool) -> None:
        assert self.dataset_url is not None
        self.endpoint.http.send(
            "POST", self.dataset_url, content=body, headers={"Content-Type": _NQUADS}, repeatable=repeatable
        )

    def drop(self, *graphs: str | None) -> None:
        """Remove graphs, whether or not they are there."""
        self.endpoint.update(" ;\n".join(self._drop(graph) for graph in graphs), repeatable=True)

    def _drop(self, graph: str | None) -> str:
        return "CLEAR SILENT DEFAULT" if graph is None else f"{self.profile.drop} <{graph}>"

    def swap(self, stagings: Sequence[StagingGraph]) -> None:
        """Make each graph equal to its staging graph, all of them in one request. Staging graphs may stay.

        Where a request is one transaction, only what differs is inserted and deleted: a MOVE onto triples loses some
        in Fuseki 5.6.0 (98 of 100,000), and in Virtuoso 7.2.5 after a crash. Where a failing operation also undoes it,
        the graphs are counted before it ends.
        """
        self.endpoint.update(" ;\n".join(map(self._swap, stagings)), repeatable=False)

    def _swap(self, staging: StagingGraph) -> str:
        if self.profile.guarded:
            return f"{_replace(staging)} ;\n{_guard(staging)}"
        if self.profile.atomic_update and not staging.onto_nothing:
            return _replace(staging)
        return f"MOVE GRAPH <{staging.name}> TO " + ("DEFAULT" if staging.graph is None else f"GRAPH <{staging.graph}>")

    def took_place(self, staging: StagingGraph) -> bool:
        """Whether a swap that was not answered well took place."""
        if self.count(staging.graph) != staging.count:
            return False
        if self.count(staging.name) == 0:
            return True
        return not self.endpoint.ask(f"ASK {{ {_all(staging.name)} FILTER NOT EXISTS {{ {_all(staging.graph)} }} }}")


def _all(graph: str | None) -> str:
    return "?s ?p ?o" if graph is None else f"GRAPH <{graph}> {{ ?s ?p ?o }}"


def _replace(staging: StagingGraph) -> str:
    """Operations after which a graph equals its staging graph. What is new comes before what is old goes."""
    new, old = _all(staging.name), _all(staging.graph)
    return f"""INSERT {{ {old} }} WHERE {{ {new} }} ;
DELETE {{ {old} }} WHERE {{ {old} FILTER NOT EXISTS {{ {new} }} }}"""


def _guard(staging: StagingGraph) -> str:
    """Operations that fail when the graph does not have as many triples as were staged.

    An update has no way to say so, hence two graphs of one triple that are there, or not, by the count: Oxigraph and
    Fuseki refuse to move a graph that is not there, Oxigraph and RDF4J to create one that is.
    """
    right, wrong, moved = f"<{staging.name}:right>", f"<{staging.name}:wrong>", f"<{staging.name}:moved>"
    counted = f"{{ SELECT (COUNT(*) AS ?n) WHERE {{ {_all(staging.graph)} }} }}"
    return f"""INSERT {{ GRAPH {right} {{ {right} {right} ?n }} }} WHERE {{ {counted} FILTER(?n = {staging.count}) }} ;
INSERT {{ GRAPH {wrong} {{ {wrong} {wrong} ?n }} }} WHERE {{ {counted} FILTER(?n != {staging.count}) }} ;
MOVE GRAPH {right} TO GRAPH {moved} ;
CREATE GRAPH {wrong} ;
DROP SILENT GRAPH {moved} ;
DROP SILENT GRAPH {wrong}"""


_GRAPHS = "application/n-triples, text/plain;q=0.9, text/turtle;q=0.5"
#: Begins like canonical N-Triples: one space between terms.
_CANONICAL = re.compile(rb"(?:<[^>\s]*>|_:\S+) <[^>\s]*> \S")


def _with(url: str, parameters: str) -> str:
    return f"{url}?{parameters}" if parameters else url


def _no_sparql(answer: HttpResponse, url: str) -> EndpointError:
    kind = "a web page" if "html" in answer.media_type else answer.media_type[:60] or "something without a media type"
    return EndpointError(
        f"{url} answers with {kind}, not as a SPARQL endpoint does.",
        advice="Is this the store's own address, and does no proxy or sign-in page stand before it?",
        status=answer.status,
    )


def canonical(lines: Sequence[bytes]) -> list[bytes]:
    """Lines of N-Triples, however they are written, as canonical ones. Raises `EndpointError` when they are none."""
    made: list[bytes] = []
    for start in range(0, len(lines), _PARSED):
        made += _parsed(b"".join(lines[start : start + _PARSED]), ox.RdfFormat.N_TRIPLES)
    return made


def _parsed(body: bytes, format_: ox.RdfFormat) -> list[bytes]:
    try:
        quads = ox.parse(body, format=format_)
        written = ox.serialize((quad.triple for quad in quads), format=ox.RdfFormat.N_TRIPLES)
    except (SyntaxError, ValueError, MemoryError) as error:
        raise EndpointError(
            f"what the store sent back is malformed: {error}.",
            advice="The store may be damaged, or something stands between it and us.",
        ) from None
    return (written or b"").splitlines(keepends=True)
