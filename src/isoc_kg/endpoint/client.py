"""Queries, updates and whole graphs by the SPARQL 1.1 protocols; what is read is complete, or an error says so."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import TracebackType
from urllib.parse import urlsplit

import pyoxigraph as ox

from ..errors import EndpointError, IsocKgError, LimitExceeded, ParseError
from ..query.evaluator import Row
from ..query.forms import names_dataset
from ..query.results import read_results, rewritten_results
from ..query.tokens import tokens
from ..rdf.lines import graph_token, with_graph
from ..rdf.tokens import term_token
from . import completeness
from .credentials import Credentials
from .http import Http, HttpResponse, said_by

__all__ = ["ACCEPT_GRAPHS", "ACCEPT_RESULTS", "Endpoint", "interrupted"]

_RESULTS = {
    "application/sparql-results+json": ox.QueryResultsFormat.JSON,
    "application/json": ox.QueryResultsFormat.JSON,
    "application/sparql-results+xml": ox.QueryResultsFormat.XML,
    "application/xml": ox.QueryResultsFormat.XML,
    "text/xml": ox.QueryResultsFormat.XML,
    "text/tab-separated-values": ox.QueryResultsFormat.TSV,
}
ACCEPT_RESULTS = "application/sparql-results+json, application/sparql-results+xml;q=0.8"
#: RDF/XML and JSON-LD are not asked for: their parsers can be made to hang or to recurse by what they read.
_GRAPHS = {
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/x-turtle": ox.RdfFormat.TURTLE,
}
ACCEPT_GRAPHS = "application/n-triples, text/turtle;q=0.7"
_LONGEST_GET = 1500  #: characters of a query that still goes into an address
#: Stores that never cut an answer short; every other one is asked for its count when an answer is long.
_UNCUT = ("oxigraph", "fuseki", "jena")
_SAMPLES = 20  #: named graphs of which one triple is looked for in the default graph
_SUSPICIOUS = 1000  #: solutions or triples from which an answer may be a cut one
#: Named graphs that a store keeps for itself: Virtuoso's vocabularies and settings.
_SYSTEM_GRAPHS = frozenset(
    {
        "http://www.openlinksw.com/schemas/virtrdf#",
        "http://www.openlinksw.com/schemas/oplweb#",
        "http://www.w3.org/ns/ldp#",
        "http://www.w3.org/2002/07/owl#",
        "http://localuriqaserver/sparql",
        "urn:activitystreams-owl:map",
        "urn:core:services:sparql",
        "virtrdf-label",
        "facets",
        "b3sonto",
        "b3sifp",
    }
)

#: Virtuoso's names of blank nodes in JSON results, which no label may have; in RDF it leaves the first part out itself.
_NODE_ID = re.compile(rb'("type"\s*:\s*"bnode"\s*,\s*"value"\s*:\s*")nodeID://')


class Endpoint:
    """A store at the address of its queries; updates and graphs at theirs, where they are known.

    Queries are answered over the store's own default graph, over the union of `graphs` (which are then the only named
    graphs that a query sees), or, after `unite`, over the union of all. Terms are those that the store returns, to the
    character.
    """

    def __init__(
        self,
        query_url: str,
        *,
        update_url: str | None = None,
        graph_store_url: str | None = None,
        credentials: Credentials | None = None,
        graphs: Sequence[str] | None = None,
        timeout: float = 60.0,
        http: Http | None = None,
    ) -> None:
        self.query_url = query_url
        self.update_url = update_url
        self.graph_store_url = graph_store_url
        self.graphs = None if graphs is None else tuple(graphs)
        self.dataset = _dataset_of(graphs or ())  #: parameters that say what queries see
        self.http = http or Http(credentials=credentials, timeout=timeout)
        self._cuts: bool | None = None
        self.server = ""  #: what the store calls itself, once it has answered

    def __enter__(self) -> "Endpoint":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the connections."""
        self.http.close()

    # -- queries (https://www.w3.org/TR/sparql11-protocol/#query-operation) ---------------------

    def query(self, text: str, accept: str, timeout: float | None = None, max_bytes: int | None = None) -> HttpResponse:
        """The store's answer as it came, of so many bytes at most; long texts are posted."""
        sent = [("query", text)]
        if not names_dataset(tokens(text)):
            sent += self.dataset
        long = sum(len(value) for _, value in sent) > _LONGEST_GET
        answer = self.http.send(
            "POST" if long else "GET",
            self.query_url,
            params=None if long else sent,
            form=sent if long else None,
            headers={"Accept": accept},
            repeatable=True,
            timeout=timeout,
            max_bytes=max_bytes,
        )
        self.server = answer.headers.get("server", "").lower()
        if interrupted(answer):
            raise EndpointError(
                f"{self.query_url} ran out of its time for this query and answered with a part of the result.",
                advice="Ask for less, or let the store take longer.",
            )
        return answer

    def select(self, text: str) -> tuple[list[str], Sequence[Row]]:
        """Variables and all solutions of a SELECT query, unbound as None.

        An answer long enough to be cut short by the store is counted, and read on in pages when it was. Raises
        `EndpointError` when it cannot be completed.
        """
        variables, rows = self._select(text)
        if self.may_be_cut(len(rows)):
            whole = self.count_of(text)
            if whole > len(rows):
                rows = self._paged(text, variables, len(rows), whole)
            elif whole < len(rows):
                raise EndpointError("the data changed while they were read.", advice="Ask again.")
        return variables, rows

    def _select(self, text: str) -> tuple[list[str], Sequence[Row]]:
        results = self.results_of(self.query(text, ACCEPT_RESULTS))
        if isinstance(results, bool):
            raise EndpointError(f"{self.query_url} answered yes or no to a SELECT query.")
        return results

    @property
    def _may_cut(self) -> bool:
        return not any(name in self.server for name in _UNCUT)

    def count_of(self, text: str) -> int:
        """How many solutions a SELECT query has. Raises `EndpointError` when the store cannot tell."""
        try:
            return self.count_in(self.query(completeness.counting(text), ACCEPT_RESULTS))
        except IsocKgError as error:
            raise EndpointError(
                "it cannot be told whether the store cut the answer short.",
                excerpt=str(error),
                advice="Ask for less than 1,000 solutions at a time, with LIMIT and OFFSET.",
            ) from None

    def count_in(self, answer: HttpResponse) -> int:
        """The number in an answer to a query for how many solutions another one has. Raises `EndpointError`."""
        results = self.results_of(answer)
        try:
            return int(results[1][0][0].value)  # type: ignore[index]
        except (TypeError, IndexError, ValueError, AttributeError):
            raise EndpointError(f"{self.query_url} answers a query for a number with something else.") from None

    def _paged(self, text: str, variables: Sequence[str], size: int, whole: int) -> Sequence[Row]:
        rows: list[Row] = []
        while len(rows) < whole:
            _, page = self._select(completeness.page(text, variables, size, len(rows)))
            if not page:
                break
            rows.extend(page)
        if len(rows) != whole:
            raise EndpointError(
                f"of {whole:,} solutions only {len(rows):,} could be read: the store cuts answers short.",
                advice="Ask for less at a time, with LIMIT and OFFSET, or raise the store's limit.",
            )
        return rows

    def ask(self, text: str) -> bool:
        """The answer to an ASK query."""
        results = self.results_of(self.query(text, ACCEPT_RESULTS, max_bytes=1_000_000))
        if isinstance(results, bool):
            return results
        raise EndpointError(f"{self.query_url} answered solutions to an ASK query.")

    def construct(self, text: str) -> list[bytes]:
        """The triples of a CONSTRUCT or DESCRIBE query as sorted canonical lines.

        Where the store may have cut them short, the solutions behind a CONSTRUCT query are read, in pages, in their
        place. Raises `EndpointError` where that cannot be done.
        """
        lines = self.graph_of(self.query(text, ACCEPT_GRAPHS))
        if not self.may_be_cut(len(lines)):
            return lines
        behind = completeness.matches(text)
        if behind is None:
            raise EndpointError(
                f"the store may have cut this graph short, at {len(lines):,} triples.",
                advice="Ask with CONSTRUCT { … } WHERE { … }, which is read on in pages; export --endpoint reads whole "
                "graphs.",
            )
        query, template = behind
        return sorted(set(completeness.triples_of(template, *self.select(query))))

    def results_of(self, answer: HttpResponse) -> bool | tuple[list[str], Sequence[Row]]:
        """What an answer says: yes or no, or variables and solutions. Raises `EndpointError` for what is neither.

        Raises `LimitExceeded` for values that are too long, or nested too deep.
        """
        body, format_ = self._results_in(answer)
        with self._well_formed():
            results = read_results(body, format_)
        if isinstance(results, bool):
            return results
        variables, rows = results
        if variables == ["__ASK_RETVAL"]:  # Virtuoso's way of saying yes or no
            return any(row[0].value == "1" for row in rows)
        return variables, rows

    def rewritten(self, answer: HttpResponse, wanted: ox.QueryResultsFormat) -> bool | tuple[int, bytes]:
        """Yes or no, or the number of solutions, and they in another format: in little more memory than their bytes.

        Raises as `results_of` does.
        """
        if b"__ASK_RETVAL" in answer.body[:1000]:
            found = self.results_of(answer)
            if isinstance(found, bool):
                return found
        body, format_ = self._results_in(answer)
        with self._well_formed():
            return rewritten_results(body, wanted, format_)

    def _results_in(self, answer: HttpResponse) -> tuple[bytes, ox.QueryResultsFormat]:
        """The content of an answer, and its format. Raises `EndpointError` for what is no format of results."""
        format_ = _RESULTS.get(answer.media_type)
        if format_ is None:
            raise self._misunderstood(answer, "SPARQL results")
        body = answer.body
        return _NODE_ID.sub(rb"\1", body) if b"nodeID://" in body else body, format_

    @contextmanager
    def _well_formed(self) -> Iterator[None]:
        """Raise `EndpointError` for results that are not."""
        try:
            yield
        except ParseError as error:
            raise EndpointError(
                f"the results from {self.query_url} break off or are malformed: {error.message}."
            ) from None

    def may_be_cut(self, number: int) -> bool:
        """Whether so many solutions may be the first of more, as far as the store that answered last is known."""
        return number >= _SUSPICIOUS and self._may_cut

    def graph_of(self, answer: HttpResponse) -> list[bytes]:
        """The triples that an answer holds, as sorted canonical lines. Raises `EndpointError` for what is no RDF.

        Raises `LimitExceeded` for a value that is too long.
        """
        format_ = _GRAPHS.get(answer.media_type)
        if format_ is None:
            raise self._misunderstood(answer, "RDF")
        try:
            data = ox.serialize(
                (quad.triple for quad in ox.parse(answer.body, format=format_, base_iri=self.query_url)),
                format=ox.RdfFormat.N_TRIPLES,
            )
        except (SyntaxError, ValueError) as error:
            raise EndpointError(f"the RDF from {self.query_url} is malformed: {error}.") from None
        except MemoryError:
            raise LimitExceeded(
                f"the RDF from {self.query_url} has a value that is too long to be read here.",
                advice="Ask for a part of it by SPARQL, with SUBSTR.",
            ) from None
        return sorted(set((data or b"").splitlines(keepends=True)))

    def _misunderstood(self, answer: HttpResponse, wanted: str) -> EndpointError:
        kind = answer.media_type or "something without a media type"
        kind = "a web page" if "html" in kind else kind[:80]
        return EndpointError(
            f"{self.query_url} answers with {kind}, not with {wanted}.",
            excerpt=said_by(answer, 120) or None,
            advice=self._where_queries_go(),
            status=answer.status,
        )

    def _where_queries_go(self) -> str:
        parts = urlsplit(self.query_url)
        if parts.path.strip("/") or parts.query:
            return "Is this the address of the SPARQL endpoint itself, and does no proxy stand before it?"
        site = f"{parts.scheme}://{parts.netloc}"
        return f"Name the address of queries: {site}/query in Oxigraph, {site}/sparql in Virtuoso."

    # -- updates (https://www.w3.org/TR/sparql11-protocol/#update-operation) --------------------

    def update(self, text: str, *, repeatable: bool, timeout: float | None = None) -> HttpResponse:
        """Carry out an update; `repeatable` when a second time would change nothing."""
        if self.update_url is None:
            raise EndpointError("the address for updates is not known.", advice="Name the kind of store.")
        return self.http.send(
            "POST",
            self.update_url,
            content=text.encode(),
            headers={"Content-Type": "application/sparql-update"},
            repeatable=repeatable,
            timeout=timeout,
        )

    # -- graphs (https://www.w3.org/TR/sparql11-http-rdf-update/) -------------------------------

    def send_graph(
        self,
        method: str,
        graph: str | None,
        content: bytes | None = None,
        media_type: str = "application/n-triples",
        *,
        repeatable: bool = True,
        expected: tuple[int, ...] = (),
        timeout: float | None = None,
        max_bytes: int | None = None,
    ) -> HttpResponse:
        """PUT, POST, DELETE, GET or HEAD a named graph, or the default graph (None).

        Repeating a POST changes nothing only where the content has no blank nodes.
        """
        if self.graph_store_url is None:
            raise EndpointError("the address of the graph store is not known.", advice="Name the kind of store.")
        headers = {"Content-Type": media_type} if content is not None else {}
        if method == "GET":
            headers = {"Accept": ACCEPT_GRAPHS}
        return self.http.send(
            method,
            self.graph_store_url,
            params=[("default", "")] if graph is None else [("graph", graph)],
            content=content,
            headers=headers,
            repeatable=repeatable,
            expected=expected,
            timeout=timeout,
            max_bytes=max_bytes,
        )

    # -- the dataset (https://www.w3.org/TR/sparql11-protocol/#dataset) -------------------------

    def unite(self) -> None:
        """Let queries see the union of all graphs, whatever the store's default graph is, if no graphs were chosen."""
        if self.graphs is not None:
            return
        names = self.named_graphs()
        if not names or ("virtuoso" not in self.server and all(map(self._in_default, names[:_SAMPLES]))):
            return
        if "oxigraph" in self.server:
            self.dataset = [("union-default-graph", "")]
        elif "fuseki" in self.server or "jena" in self.server:
            # https://jena.apache.org/documentation/tdb/dynamic_datasets.html
            defaults = ["urn:x-arq:UnionGraph", "urn:x-arq:DefaultGraph"]
            self.dataset = [("default-graph-uri", name) for name in defaults]
            self.dataset += [("named-graph-uri", name) for name in names]
        else:
            self.dataset = _dataset_of(names)

    def _in_default(self, graph: str) -> bool:
        """Whether the default graph holds the first triple that a named graph gives."""
        _, rows = self._select(f"SELECT ?s ?p ?o WHERE {{ {_in(graph, '?s ?p ?o')} }} LIMIT 1")
        terms = [term_token(term).decode() for row in rows for term in row]
        if any(term.startswith("_:") for term in terms):
            terms = [f"?{position}" if term.startswith("_:") else term for position, term in enumerate(terms)]
        return self.ask(f"ASK {{ {' '.join(terms)} }}") if terms else True

    # -- whole graphs --------------------------------------------------------------------------

    def named_graphs(self) -> list[str]:
        """The IRIs of all named graphs, or of those that this endpoint was made for; the store's own are left out."""
        if self.graphs is not None:
            return list(self.graphs)
        _, rows = self.select("SELECT DISTINCT ?g WHERE { GRAPH ?g { ?s ?p ?o } }")
        names = {row[0].value for row in rows if isinstance(row[0], ox.NamedNode)}
        host = f"{ox.NamedNode(self.query_url).value.partition('/sparql')[0]}/"
        own = {name for name in names if name.startswith(host) and "virtuoso" in self.server}
        return sorted(names - _SYSTEM_GRAPHS - own)

    def count(self, graph: str | None) -> int:
        """How many triples a named graph holds, or (None) the default graph."""
        _, rows = self._select(f"SELECT (COUNT(*) AS ?n) WHERE {{ {_in(graph, '?s ?p ?o')} }}")
        return int(rows[0][0].value)

    def triples(self, graph: str | None) -> list[bytes]:
        """All triples of a named graph, or (None) of the default graph, as sorted canonical lines.

        Raises `EndpointError` when they cannot be read as a whole.
        """
        whole = self.count(graph)
        pattern = _in(graph, "?s ?p ?o")
        lines: list[bytes] = []
        if not self._may_cut or whole < _SUSPICIOUS * 10:
            lines = self.graph_of(self.query(f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {pattern} }}", ACCEPT_GRAPHS))
        if len(lines) != whole:
            lines = self._pages_of(pattern, whole)
        return lines

    def _pages_of(self, pattern: str, whole: int) -> list[bytes]:
        def read(query: str) -> list[bytes]:
            _, rows = self._select(f"SELECT ?s ?p ?o {query}")
            return [b"%s %s %s .\n" % tuple(map(term_token, row)) for row in rows]

        triples = completeness.graph_in_pages(pattern, whole, _SUSPICIOUS * 10, read)
        if len(triples) != whole:
            raise EndpointError(
                f"of {whole:,} triples only {len(triples):,} could be read.",
                advice="Did the data change meanwhile? If not, raise the store's limit of rows.",
            )
        return sorted(triples)

    def quads(self) -> Iterator[bytes]:
        """All named graphs as canonical N-Quads lines, graph after graph, then the default graph if it is apart."""
        united, self.dataset = self.dataset, _dataset_of(self.graphs or ())
        try:
            yield from self._quads()
        finally:
            self.dataset = united

    def _quads(self) -> Iterator[bytes]:
        names = self.named_graphs()
        for name in names:
            token = graph_token(name)
            yield from (with_graph(line, token) for line in self.triples(name))
        if self.graphs is None and self._default_apart(names):
            yield from self.triples(None)

    def _default_apart(self, names: Sequence[str]) -> bool:
        """Whether the default graph holds what no named graph does; in many stores it is the union of them."""
        if not names:
            return True
        if "virtuoso" in self.server:  # has no default graph of its own
            return False
        return self.ask("ASK { ?s ?p ?o FILTER NOT EXISTS { GRAPH ?g { ?s ?p ?o } } }")


def interrupted(answer: HttpResponse) -> bool:
    """Whether a store stopped in the midst of a query and sent what it had, with status 200, as Virtuoso does."""
    return answer.headers.get("x-sql-state", "") == "S1TAT"


def _dataset_of(graphs: Sequence[str]) -> list[tuple[str, str]]:
    return [(name, graph) for name in ("default-graph-uri", "named-graph-uri") for graph in graphs]


def _in(graph: str | None, pattern: str) -> str:
    return pattern if graph is None else f"GRAPH {ox.NamedNode(graph)} {{ {pattern} }}"
