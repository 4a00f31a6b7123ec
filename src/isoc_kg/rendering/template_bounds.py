"""What a project's own templates may cost: time, memory, and the size of what they make.

A project may come from anybody, so these are no settings of it.
"""

import signal
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import jinja2.sandbox
from jinja2.exceptions import SecurityError

from ..limits.interruption import interrupted_after, thread_clock

try:
    import resource
except ImportError:  # Windows
    resource = None  # type: ignore[assignment]

__all__ = ["MOST_PAGE_CHARACTERS", "Bounds", "OwnTemplates", "TookTooMuch"]

MOST_PAGE_CHARACTERS = 20_000_000
_SECONDS = 10.0  #: of processor time, for one page
_SECONDS_ON_AVERAGE = 0.2  #: for each of many pages, beyond the first minute
_BYTES = 1_000_000_000  #: beside what the process has
_MOST_BITS = 10_000  #: of a whole number
_MOST_REPEATED = 10_000_000  #: characters or members
_LIMITED = threading.Lock()
_BEFORE: list[int] = []  #: the limit of address space before, once for each thread that renders


class TookTooMuch(Exception):
    """A template took too long. What runs in a template catches nothing, so it ends the rendering."""


class OwnTemplates(jinja2.sandbox.ImmutableSandboxedEnvironment):
    """Jinja's sandbox in which no number or sequence becomes so large that to make it cannot be stopped."""

    intercepted_binops = frozenset({"*", "**"})

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        rounded = self.filters["round"]

        def bounded(value: Any, precision: int = 0, method: Any = "common") -> Any:
            if abs(precision) > 50:
                raise SecurityError("a number cannot be rounded to more than 50 places")
            return rounded(value, precision, method)

        self.filters["round"] = bounded

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        """The product or power; `SecurityError` where it is too large."""
        if isinstance(left, int) and isinstance(right, int):
            bits = left.bit_length() * abs(right) if operator == "**" else left.bit_length() + right.bit_length()
            if bits > _MOST_BITS:
                raise SecurityError("a number with more than 3,000 digits")
        elif operator == "*":
            for sequence, times in ((left, right), (right, left)):
                if isinstance(times, int) and hasattr(sequence, "__len__") and len(sequence) * times > _MOST_REPEATED:
                    raise SecurityError(f"a text or list of more than {_MOST_REPEATED:,} parts")
        return super().call_binop(context, operator, left, right)


class Bounds:
    """The bounds of one site's rendering, in this process."""

    def __init__(self) -> None:
        self._spent: defaultdict[str, float] = defaultdict(float)  # template → seconds
        self._pages: Counter[str] = Counter()
        self._here = threading.local()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """Let each template that is rendered in the block, in this thread, take so much time at most."""
        before = getattr(self._here, "seconds", None)
        self._here.seconds = seconds if before is None else min(seconds, before)
        try:
            yield
        finally:
            self._here.seconds = before

    @contextmanager
    def __call__(self, template: str) -> Iterator[None]:
        """Let the block end with `TookTooMuch` after its time, and with `MemoryError` beyond its memory."""
        if getattr(self._here, "inside", False):
            yield
            return
        if self._spent[template] > 60 + self._pages[template] * _SECONDS_ON_AVERAGE:
            raise TookTooMuch(f"takes more than {_SECONDS_ON_AVERAGE:g} seconds a page")
        self._here.inside = True
        started = time.thread_time()
        seconds = getattr(self._here, "seconds", None)
        try:
            with _memory(), _timer(_SECONDS if seconds is None else min(seconds, _SECONDS)):
                yield
        finally:
            self._here.inside = False
            self._spent[template] += time.thread_time() - started
            self._pages[template] += 1


@contextmanager
def _memory() -> Iterator[None]:
    """Less address space for as long as the block runs, where the system can tell how much there is (Linux)."""
    size = None
    if resource is not None:
        with suppress(OSError, ValueError):
            size = int(Path("/proc/self/statm").read_bytes().split()[0]) * resource.getpagesize()
    if size is None:
        yield
        return
    most = size + _BYTES
    with _LIMITED:
        soft, hard = resource.getrlimit(resource.RLIMIT_AS)
        bounded = bool(_BEFORE) or soft == resource.RLIM_INFINITY or soft >= most
        if bounded:  # the first thread that renders sets the limit for all, and the last one lifts it
            if not _BEFORE:
                resource.setrlimit(resource.RLIMIT_AS, (most, hard))
            _BEFORE.append(_BEFORE[0] if _BEFORE else soft)
    try:
        yield
    finally:
        if bounded:
            with _LIMITED:
                before = _BEFORE.pop()
                if not _BEFORE:
                    resource.setrlimit(resource.RLIMIT_AS, (before, hard))


@contextmanager
def _timer(seconds: float) -> Iterator[None]:
    def too_long() -> TookTooMuch:
        return TookTooMuch(f"takes more than {seconds:g} seconds for one page")

    if threading.current_thread() is threading.main_thread() and hasattr(signal, "ITIMER_PROF"):
        yield from _by_signal(seconds, too_long)
        return
    try:
        with interrupted_after(seconds, TookTooMuch, thread_clock()):
            yield
    except TookTooMuch as error:
        if error.args:
            raise
        raise too_long().with_traceback(error.__traceback__) from None


def _by_signal(seconds: float, too_long: Callable[[], TookTooMuch]) -> Iterator[None]:
    """In the main thread a signal, which also ends what the interpreter's own functions do."""

    def stop(*_: Any) -> None:
        raise too_long()

    before = signal.signal(signal.SIGPROF, stop)
    try:
        # again and again: what is computed while a template is compiled catches all exceptions
        signal.setitimer(signal.ITIMER_PROF, seconds, 1)
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
