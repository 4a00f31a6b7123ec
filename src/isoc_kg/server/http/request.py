"""A request as its handlers see it."""

from collections.abc import Awaitable, Callable
from typing import Any
from urllib.parse import parse_qsl

from .forwarded import client_of
from .problems import Problem

__all__ = ["Parameters", "Receive", "Request", "Scope", "parse_parameters"]

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[dict[str, Any]]]
Parameters = list[tuple[str, str]]
_MOST_PARAMETERS = 500


def parse_parameters(text: str) -> Parameters:
    """The parameters of a query string or a form. Raises `Problem` for what is no UTF-8."""
    try:
        return parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS, errors="strict")
    except UnicodeDecodeError:
        raise Problem(400, "the parameters are not UTF-8.") from None
    except ValueError:
        raise Problem(400, f"more than {_MOST_PARAMETERS} parameters.") from None


class Request:
    """A request for a path below the server's root, which is given without a slash at its end."""

    def __init__(self, scope: Scope, receive: Receive, root: str) -> None:
        self.method: str = scope["method"]
        path: str = scope["raw_path"].decode("latin-1").partition("?")[0]
        if root and (path == root or path.startswith(root + "/")):
            path = path[len(root) :]
        self.path = path.removeprefix("/")  #: as it was sent, without the slash at its start
        self.address: str = scope["client"][0] if scope.get("client") else ""
        self.client = client_of(self.address)  #: who has a share of what the server can do
        self.headers: dict[str, str] = {}
        for name, value in scope["headers"]:
            key, text = name.decode("latin-1"), value.decode("latin-1")
            self.headers[key] = f"{self.headers[key]}, {text}" if key in self.headers else text
        self._query_string: bytes = scope["query_string"]
        self._query: Parameters | None = None
        self._receive = receive
        #: what the query in it has come to, where it was run before
        self.outcome: Awaitable[Any] | None = scope.get("outcome")

    @property
    def accept(self) -> str | None:
        """The `Accept` header."""
        return self.headers.get("accept")

    @property
    def reads(self) -> bool:
        """Whether its method is GET or HEAD."""
        return self.method in ("GET", "HEAD")

    @property
    def query(self) -> Parameters:
        """The parameters of its URL. Raises `Problem` for what is no UTF-8."""
        if self._query is None:
            self._query = parse_parameters(self._query_string.decode("latin-1"))
        return self._query

    async def body(self) -> bytes:
        """Its content, which its connection has received as a whole."""
        data: bytes = (await self._receive()).get("body", b"")
        return data

    async def disconnection(self) -> None:
        """Return when the client has disconnected."""
        while (await self._receive())["type"] != "http.disconnect":
            pass
