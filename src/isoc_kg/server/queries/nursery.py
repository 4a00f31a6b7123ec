"""The process that reads the data once and forks a worker whenever it is asked for one, seen from inside.

Signals to the whole group (of a terminal, of `timeout`, of systemd) are for the server, which decides when it is over;
it and its workers end with the server.
"""

import errno
import json
import os
import resource
import signal
import socket
import struct
import sys
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from time import monotonic
from traceback import extract_tb
from typing import Any, NoReturn, Protocol

from ...limits.processes import end_with
from ...query.basic_patterns import is_point
from ..http.coding import compress, content_coding, entity_tag, is_compressible
from .frame import HEAD, INLINE_BYTES, WITHOUT_ROOM_BYTES, pack_frame, read_head, written_head
from .processors import leave_one_to_the_server

__all__ = ["LOOK", "NO_ROOM", "NO_ROOM_HEAD", "WORKER", "Answer", "NotReadable", "run_nursery", "write_whole"]

#: What the server sends: that it wants a worker, with the worker's socket, file and standard error; or a look whether
#: the process answers, to which the answer is a process number of 0.
WORKER, LOOK = b"w", b"?"
#: Head and body for a request.
Answer = Callable[[dict[str, Any]], tuple[dict[str, Any], bytes]]
#: How the system says that a file finds no room.
NO_ROOM = (errno.ENOSPC, errno.EFBIG, errno.EDQUOT)
_TOGETHER = 0.001  #: seconds for which an answer may be kept for others to leave with it
NO_ROOM_HEAD: Mapping[str, Any] = {"status": 503, "detail": "there is no room on the disk for the result.", "retry": 30}


class NotReadable(Exception):
    """The data cannot be served, for the reason that is told."""


class Prepare(Protocol):
    """Reads the data; what it returns is called in each worker, with the file for large results, and answers there."""

    def __call__(self, data: int, settings: dict[str, Any], control: socket.socket, /) -> Callable[[int], Answer]: ...


def run_nursery(prepare: Prepare) -> NoReturn:
    """Read the data, then fork a worker for each socket, file and pipe that are passed in, until the server ends.

    Arguments of the process: the number of its control socket and of the file with the data, settings as JSON.
    """
    control, data, settings = socket.socket(fileno=int(sys.argv[1])), int(sys.argv[2]), json.loads(sys.argv[3])
    try:
        _nurse(prepare, control, data, settings)
    except ConnectionError:  # the server has ended
        os._exit(0)


def _nurse(prepare: Prepare, control: socket.socket, data: int, settings: dict[str, Any]) -> NoReturn:
    """Do what `run_nursery` says. Raises `ConnectionError` when the server is gone."""
    end_with(settings["parent"])
    leave_one_to_the_server()
    try:
        worker = prepare(data, settings, control)
    except NotReadable as error:
        control.sendall(b"!" + str(error).encode()[:1000])
        os._exit(1)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    control.sendall(b".")
    parent = os.getpid()
    while True:
        message, fds, _, _ = socket.recv_fds(control, 1, 3)
        if not message:
            os._exit(0)
        if message == LOOK:
            control.sendall(struct.pack("!I", 0))
            continue
        child = os.fork()
        if child:
            for fd in fds:
                os.close(fd)
            control.sendall(struct.pack("!I", child))
            continue
        control.close()
        end_with(parent)
        os.dup2(fds[2], 2)
        os.close(fds[2])
        os.nice(10)  # the serving process answers everybody: it comes first
        try:
            _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
            size = settings["spool_bytes"] if most == resource.RLIM_INFINITY else min(most, settings["spool_bytes"])
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))
            _serve(socket.socket(fileno=fds[0]), fds[1], worker(fds[1]))
        except ConnectionError:  # the server has ended, or wants nothing more of it
            pass
        except BaseException as error:  # noqa: BLE001 – whatever ends it, the server has a line about it
            place = extract_tb(error.__traceback__)[-1]
            text = f"{type(error).__name__}: {error} ({Path(place.filename).name}:{place.lineno})"
            os.write(2, text.encode(errors="replace")[:1000])
        finally:
            os._exit(0)


def _serve(connection: socket.socket, spool: int, answer: Answer) -> None:
    """Answer until the server closes the connection.

    Of requests that came together, answers leave together, unless the next one may take a while.
    """
    received, first = bytearray(), 0.0
    buffer = memoryview(bytearray(1 << 16))
    answers: list[bytes] = []
    while True:
        request = _taken(received)
        if answers and (request is None or not is_point(request.get("query", "")) or monotonic() - first > _TOGETHER):
            connection.sendall(b"".join(answers))
            answers.clear()
        if request is None:
            if not (size := connection.recv_into(buffer)):
                return
            received += buffer[:size]
            continue
        if not answers:
            first = monotonic()
        try:
            head, body = answer(request)
            head, body = _spooled(head, body, spool, request.get("coding", ""))
            answers.append(pack_frame(written_head(head), body))
        except MemoryError:
            os._exit(3)
        if "spooled" in head:  # the file holds one result
            received.clear()


def _taken(received: bytearray) -> dict[str, Any] | None:
    """The next request out of what was received; None where it is not whole."""
    if len(received) < HEAD.size:
        return None
    head, text = HEAD.unpack_from(received)
    start, end = HEAD.size + head, HEAD.size + head + text
    if len(received) < end:
        return None
    request = read_head(bytes(received[HEAD.size : start]))
    if text:
        request["query"] = received[start:end].decode()
    del received[:end]
    return request


def _spooled(head: dict[str, Any], body: bytes, spool: int, accepted: str) -> tuple[dict[str, Any], bytes]:
    """Head and body as they are sent: what is large is coded as its client likes, and left in the file."""
    if len(body) <= INLINE_BYTES:
        return head, body
    coding = ""
    if head["status"] == 200 and is_compressible(head.get("type", ""), len(body)):
        coding = content_coding(accepted, len(body))
    head |= {"coding": coding, "tag": entity_tag(sha256(body).hexdigest(), coding)}
    if coding:
        body = compress(body, coding)
    try:
        write_whole(spool, body, 0)
    except OSError as error:
        if error.errno not in NO_ROOM:
            raise
        os.ftruncate(spool, 0)
        return (head, body) if len(body) <= WITHOUT_ROOM_BYTES else (dict(NO_ROOM_HEAD), b"")
    return head | {"spooled": len(body)}, b""


def write_whole(fd: int, body: bytes, at: int) -> None:
    """Write bytes from a position in a file on. Raises `OSError`."""
    view = memoryview(body)
    start = 0
    while start < len(body):
        start += os.pwrite(fd, view[start : start + (1 << 20)], at + start)
