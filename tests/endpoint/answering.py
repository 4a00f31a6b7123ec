"""A small store on loopback that answers queries by the SPARQL protocol, over the union of its graphs."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import pyoxigraph as ox


@contextmanager
def answering_queries(
    store: ox.Store,
    refused: str | None = None,
    status: int = 400,
    *,
    held: str | None = None,
    log: list[str] | None = None,
) -> Iterator[str]:
    """The address of an endpoint over a store. A query with a dataset of its own is answered over that.

    What has `refused` in it is answered by this status; what has `held` never: that it came, and that its client left,
    is written into the log.
    """

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self._answer(urlsplit(self.path).query)

        def do_POST(self) -> None:
            self._answer(self.rfile.read(int(self.headers["Content-Length"])).decode())

        def _answer(self, form: str) -> None:
            (text,) = parse_qs(form)["query"]
            if held is not None and log is not None and held in text:
                log.append("came")
                while self.connection.recv(4096):
                    pass
                log.append("left")
                self.close_connection = True
                return
            if refused is not None and refused in text:
                self._send(status, "text/plain", b"no such query")
                return
            try:
                results = store.query(text, use_default_graph_as_union="FROM <" not in text)
            except (SyntaxError, ValueError) as error:
                self._send(400, "text/plain", str(error).encode())
                return
            if isinstance(results, ox.QueryTriples):
                lines = ox.serialize(results, format=ox.RdfFormat.N_TRIPLES)
                self._send(200, "application/n-triples", lines or b"")
            else:
                body = results.serialize(format=ox.QueryResultsFormat.JSON)
                self._send(200, "application/sparql-results+json", body or b"")

        def _send(self, status: int, type_: str, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", type_)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def version_string(self) -> str:
            """A kind of store that never cuts an answer short."""
            return "oxigraph"

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/sparql"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
