"""What may stand between a user and a store: real servers on the loopback that pass requests on, or do not."""

import http.client
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import ClassVar
from urllib.parse import unquote

__all__ = ["proxy", "sign_in_page"]


class _Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Nothing: the test says what went wrong."""

    def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("Content-Length", "0")))


@contextmanager
def _serving(handler: type[BaseHTTPRequestHandler], certificate: Path | None = None) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    if certificate is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
        server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def sign_in_page() -> Iterator[str]:
    """A proxy that answers everything with a web page, status 200."""

    class Handler(_Quiet):
        def do_GET(self) -> None:
            self.body()
            self.answer(200, b"<html><title>Sign in</title><p>Please sign in.</html>", {"Content-Type": "text/html"})

        do_POST = do_PUT = do_GET  # noqa: N815

    with _serving(Handler) as address:
        yield address


@contextmanager
def proxy(
    port: int,
    *,
    certificate: Path | None = None,
    loses: int = 0,
    busy: int = 0,
    breaks_after: int | None = None,
    passes_on: bool = False,
    once: tuple[bytes, bytes] | None = None,
    sent: list[tuple[str, int]] | None = None,
) -> Iterator[str]:
    """A proxy to a store: with TLS, or losing the last lines of each N-Triples body, or busy (503) so many times.

    With `breaks_after` it passes so many POSTs on and from then on closes connections without an answer, `passes_on`
    when the store has had them. `once` is what it puts in place of what in the first update; `sent` gets the path and
    the size of each request but GET.
    """

    class Handler(_Quiet):
        refused: ClassVar[int] = 0
        posts: ClassVar[int] = 0
        updates: ClassVar[int] = 0

        def do_GET(self) -> None:
            body = self.body()
            kind = type(self)
            if sent is not None and self.command != "GET":
                sent.append((unquote(self.path), len(body)))
            if (
                once is not None
                and self.headers.get("Content-Type") == "application/sparql-update"
                and not kind.updates
            ):
                kind.updates += 1
                body = body.replace(*once)
            silent = False
            if self.command == "POST":
                kind.posts += 1
                silent = breaks_after is not None and kind.posts > breaks_after
                if silent and not passes_on:
                    self.close_connection = True
                    return
                if kind.refused < busy:
                    kind.refused += 1
                    self.answer(503, b"busy", {"Retry-After": "0"})
                    return
            if loses and self.headers.get("Content-Type") == "application/n-triples":
                body = b"".join(body.splitlines(keepends=True)[:-loses])
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            names = ("Content-Type", "Accept", "Authorization")
            headers = {name: self.headers[name] for name in names if name in self.headers}
            connection.request(self.command, self.path, body, headers)
            got = connection.getresponse()
            if silent:
                got.read()
                connection.close()
                self.close_connection = True
                return
            self.answer(got.status, got.read(), {"Content-Type": got.getheader("Content-Type", "text/plain")})
            connection.close()

        do_POST = do_PUT = do_DELETE = do_GET  # noqa: N815

    with _serving(Handler, certificate) as address:
        yield address
