"""Messages of assistants on standard input and output: each line is bounded, and so is what waits for an answer."""

import json
import sys
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, BinaryIO, Self

import anyio
import mcp_types as types
from mcp.server.stdio import stdio_server
from mcp.shared.message import SessionMessage

__all__ = ["MOST_MESSAGE_BYTES", "MOST_UNANSWERED", "bounded_stdio"]

MOST_MESSAGE_BYTES = 1_000_000  #: a message, which is a line
MOST_UNANSWERED = 64  #: requests; further messages are read when one of them has its answer
_BLOCK = 1 << 16


@asynccontextmanager
async def bounded_stdio() -> AsyncIterator[tuple[Any, Any]]:
    """The streams of messages that are read and written.

    What is no message, too long, nested too deeply or not UTF-8 is answered by an error of JSON-RPC, and the next line
    is read.
    """
    requests = _Requests()
    lines = _Lines(sys.stdin.buffer, requests)
    async with stdio_server(stdin=lines) as (read, write):  # type: ignore[arg-type]
        lines.answers = write
        yield read, _Answers(write, requests)


class _Requests:
    """The requests that have no answer yet."""

    def __init__(self) -> None:
        self._ids: set[str] = set()
        self._freed = anyio.Event()

    def add(self, number: object) -> None:
        self._ids.add(str(number))

    def remove(self, number: object) -> None:
        self._ids.discard(str(number))
        self._freed.set()

    async def wait(self) -> None:
        """Until there is room for one more."""
        while len(self._ids) >= MOST_UNANSWERED:
            self._freed = anyio.Event()
            await self._freed.wait()


class _Lines:
    """The lines of standard input that are messages."""

    def __init__(self, source: BinaryIO, requests: _Requests) -> None:
        self.answers: Any = None
        self._source, self._requests = source, requests
        self._lines: deque[bytes | None] = deque()  #: None: one that is too long
        self._rest = bytearray()
        self._overlong = self._ended = False

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> str:
        while True:
            while not self._lines:
                if self._ended:
                    raise StopAsyncIteration
                # a read that waits for the client is left alone when the server stops
                self._take(await anyio.to_thread.run_sync(self._read, abandon_on_cancel=True))
            line = self._lines.popleft()
            if line is None:
                await self._refuse(types.INVALID_REQUEST, f"a message may have {MOST_MESSAGE_BYTES:,} bytes at most.")
                continue
            if not line.strip():
                continue
            try:
                text = line.decode()
                message = types.jsonrpc_message_adapter.validate_json(text, by_name=False)
                if isinstance(message, types.JSONRPCNotification) and '"id"' in text and "id" in json.loads(text):
                    raise ValueError("an id that is neither a text nor a number")
            except UnicodeDecodeError as error:
                await self._refuse(types.PARSE_ERROR, f"the message is not UTF-8 at byte {error.start}.")
            except (ValueError, RecursionError) as error:
                await self._refuse(*_reason(error, text), number=_id_of(text))
            else:
                await self._requests.wait()
                if isinstance(message, types.JSONRPCRequest):
                    self._requests.add(message.id)
                elif isinstance(message, types.JSONRPCNotification) and message.method == "notifications/cancelled":
                    self._requests.remove((message.params or {}).get("requestId"))
                return text

    def _read(self) -> bytes:
        return self._source.read1(_BLOCK)  # type: ignore[attr-defined, no-any-return]

    def _take(self, block: bytes) -> None:
        """Cut a block into lines; of a line that is too long nothing is kept."""
        self._ended = not block
        *ends, rest = block.split(b"\n")
        for end in ends:
            self._add(end)
            self._lines.append(None if self._overlong else bytes(self._rest))
            self._rest.clear()
            self._overlong = False
        self._add(rest)
        if self._ended and (self._rest or self._overlong):
            self._lines.append(None if self._overlong else bytes(self._rest))
            self._rest.clear()

    def _add(self, part: bytes) -> None:
        if self._overlong or len(self._rest) + len(part) > MOST_MESSAGE_BYTES:
            self._overlong = True
            self._rest.clear()
        else:
            self._rest += part

    async def _refuse(self, code: int, reason: str, number: str | int | None = None) -> None:
        error = types.JSONRPCError(jsonrpc="2.0", id=number, error=types.ErrorData(code=code, message=reason))
        await self.answers.send(SessionMessage(error))


def _id_of(text: str) -> str | int | None:
    """The id of a request that is no valid one, if it can be read."""
    number = _members(text).get("id")
    if isinstance(number, str) and number.isascii():
        return number
    return number if isinstance(number, int) and not isinstance(number, bool) else None


def _reason(error: Exception, text: str) -> tuple[int, str]:
    """Code and message for a line that is no message."""
    if "json_invalid" not in str(error) and not isinstance(error, RecursionError):
        params = _members(text).get("params", {})
        if not isinstance(params, dict | list | None):
            return types.INVALID_PARAMS, "“params” must be an object."
        return types.INVALID_REQUEST, "the line is no message of JSON-RPC 2.0."
    if _members(text):  # JSON, but with half of a pair of surrogates
        return types.INVALID_REQUEST, "a text in the message is not Unicode: it has a surrogate without its pair."
    return types.PARSE_ERROR, "the message is not JSON, or nested too deeply."


def _members(text: str) -> dict[str, Any]:
    """The members of a line that is a JSON object; none for any other."""
    try:
        message = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return message if isinstance(message, dict) else {}


class _Answers:
    """The stream of messages that are written, which knows the requests that they answer."""

    def __init__(self, stream: Any, requests: _Requests) -> None:
        self._stream, self._requests = stream, requests

    async def send(self, item: SessionMessage) -> None:
        """Write a message."""
        await self._stream.send(item)
        if isinstance(item.message, types.JSONRPCResponse | types.JSONRPCError):
            self._requests.remove(item.message.id)

    async def aclose(self) -> None:
        """Close the stream."""
        await self._stream.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()
