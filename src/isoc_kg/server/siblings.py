"""Several serving processes: sockets of one address, and a parent that starts them, replaces those that end, ends all.

On Linux each process has a socket of its own at the address (SO_REUSEPORT), among which the system spreads connections;
the parent keeps all of them open, so that those of a process that ended are taken by the one in its place. Elsewhere
they share one. What was read once is shared, as long as it is not written to.
"""

import contextlib
import gc
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import NoReturn

from ..errors import EngineError
from ..limits import ServerLimits
from ..limits.processes import end_with
from ..limits.starting import hung_up_at_start, note_hang_ups
from .log import log_event

__all__ = ["Readiness", "reusable", "serve_in_processes", "share_of"]

_SHARED = ("workers", "long_queries", "queued_queries", "connections", "spool_bytes", "cache_bytes", "held_bytes")
_FAST = 5.0  #: seconds; a process that ends sooner than that may do so again
_LONGEST_PAUSE = 30.0
_LOOKS_EVERY = 0.2  #: seconds, for a signal while processes start
_GRACE = 30.0  #: seconds that the processes have to end
_SIGNALS = frozenset((signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGCHLD))
_FAILED = 3  #: exit code of a process that could not start

#: Serves at a socket; given are also the number of the process, whether what was read may be outdated, and what it
#: calls when it answers.
Serve = Callable[[socket.socket, int, bool, Callable[[], None]], None]


def share_of(limits: ServerLimits, processes: int) -> ServerLimits:
    """The limits of one of so many processes: of what is counted for all clients together, its part."""
    parts = {name: max(1, getattr(limits, name) // processes) for name in _SHARED}
    return replace(limits, **parts)


def reusable() -> bool:
    """Whether several sockets can be at one address, with connections spread among them."""
    return sys.platform == "linux"


class Readiness:
    """A pipe by which a process tells its parent that it answers, or why it could not start."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()

    def tell(self, error: str = "") -> None:
        """In the process: it answers, or it does not."""
        with contextlib.suppress(OSError):
            os.write(self._writer, error.encode()[:4000] or b"\0")

    def close_writer(self) -> None:
        """In the parent: only the process writes."""
        os.close(self._writer)

    def close(self) -> None:
        """In the parent: nobody waits for what it tells."""
        os.close(self._reader)

    def fileno(self) -> int:
        """In the parent: what can be read when it has told something."""
        return self._reader

    def heard(self) -> bytes:
        """In the parent, once: what it told; nothing if it ended before."""
        try:
            return os.read(self._reader, 4096)
        finally:
            self.close()


def serve_in_processes(listeners: Sequence[socket.socket], serve: Serve, notice: str) -> NoReturn:
    """Serve at each of the sockets in a process of its own, until a signal ends it; shows the notice first.

    SIGHUP goes to all. SIGTERM and SIGINT end them in order, at once when they come again. A process that ends by
    itself is replaced. Raises `EngineError` when one does not start.
    """
    _Family(listeners, serve).run(notice)


class _Family:
    """The parent's side of it."""

    def __init__(self, listeners: Sequence[socket.socket], serve: Serve) -> None:
        self._listeners, self._serve = listeners, serve
        self._children: dict[int, tuple[int, float]] = {}  #: process → its number, and when it began
        self._due: dict[int, float] = {}  #: number → when its next process is to begin
        self._fast = [0] * len(listeners)  #: how often the last ones ended soon
        self._outdated = False

    def run(self, notice: str) -> NoReturn:
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        self._outdated = hung_up_at_start()
        sys.stderr.write(notice)
        sys.stderr.flush()
        gc.collect()
        gc.freeze()  # what all share is not to be written to
        starting = [self._start(number) for number in range(len(self._listeners))]
        while starting:
            for pipe in select.select(starting, [], [], _LOOKS_EVERY)[0]:
                starting.remove(pipe)
                if (said := pipe.heard()) != b"\0":
                    self._end(signal.SIGTERM)
                    raise EngineError(said.decode() or "a serving process did not start.")
            if signal.sigpending() & {signal.SIGTERM, signal.SIGINT}:
                break
        while True:
            number = self._next_signal()
            if number == signal.SIGHUP:
                self._outdated = True
                self._send(signal.SIGHUP)
            elif number in (signal.SIGTERM, signal.SIGINT):
                os._exit(self._end(signal.Signals(number)))
            self._replace()

    def _next_signal(self) -> int:
        """The next signal; 0 when it is time to start a process."""
        pause = max(0.0, min(self._due.values()) - time.monotonic()) if self._due else 3600.0
        found = signal.sigtimedwait(_SIGNALS, pause)
        return found.si_signo if found else 0

    def _start(self, number: int) -> Readiness:
        """Start the process of a number."""
        pipe, parent = Readiness(), os.getpid()
        child = os.fork()
        if not child:
            self._be_child(number, pipe, parent)
        pipe.close_writer()
        self._children[child] = number, time.monotonic()
        return pipe

    def _be_child(self, number: int, pipe: Readiness, parent: int) -> NoReturn:
        code = _FAILED
        try:
            for taken in (signal.SIGTERM, signal.SIGINT):
                signal.signal(taken, signal.SIG_DFL)
            note_hang_ups()
            os.setpgid(0, 0)  # a signal of the terminal is the parent's, who passes it on
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            end_with(parent, signal.SIGTERM)
            for other, listener in enumerate(self._listeners):
                if other != number and listener is not self._listeners[number]:
                    listener.close()
            self._serve(self._listeners[number], number, self._outdated, pipe.tell)
            code = 0
        except BaseException as error:  # noqa: BLE001 – the parent says it, and whatever the stack holds is the parent's
            pipe.tell(str(error) or type(error).__name__)
        finally:
            os._exit(code)

    def _replace(self) -> None:
        """Start processes in the place of those that ended."""
        for child, status in _ended():
            number, began = self._children.pop(child, (None, 0.0))
            if number is None:
                continue
            now = time.monotonic()
            fast = self._fast[number] = self._fast[number] + 1 if now - began < _FAST else 0
            self._due[number] = now + (min(2.0**fast, _LONGEST_PAUSE) if fast else 0.0)
            log_event({"event": "serving process ended", "process": number + 1, "code": status})
        for number, at in list(self._due.items()):
            if at <= time.monotonic():
                del self._due[number]
                self._start(number).close()

    def _send(self, number: signal.Signals) -> None:
        for child in self._children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, number)

    def _end(self, first: signal.Signals) -> int:
        """End all; gives the exit code of that."""
        self._send(signal.SIGTERM)
        end = time.monotonic() + _GRACE
        while self._children:
            for child, _ in _ended():
                self._children.pop(child, None)
            if not self._children:
                break
            found = signal.sigtimedwait(_SIGNALS, max(0.0, end - time.monotonic()))
            if found is None or found.si_signo in (signal.SIGTERM, signal.SIGINT):
                self._send(signal.SIGKILL)
                return 128 + (found.si_signo if found else first)
        return 128 + signal.SIGINT if first == signal.SIGINT else 0


def _ended() -> list[tuple[int, int]]:
    """The children that have ended, each with its exit code, or the negative number of its signal."""
    found = []
    with contextlib.suppress(ChildProcessError):
        while (ended := os.waitpid(-1, os.WNOHANG))[0]:
            found.append((ended[0], os.waitstatus_to_exitcode(ended[1])))
    return found
