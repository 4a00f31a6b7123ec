"""The processes below a server, as the system tells of them."""

import os
import re
import time
from collections.abc import Callable
from pathlib import Path

__all__ = ["below", "gone", "nursery", "until", "workers"]


def below(pid: int) -> list[int]:
    """The processes below one."""
    found = [pid]
    for one in found:
        text = Path(f"/proc/{one}/task/{one}/children")
        found += [int(number) for number in text.read_text().split()] if text.exists() else []
    return found[1:]


def nursery(pid: int, module: str = "queries.worker") -> int:
    """The process that forks a server's workers."""
    for child in below(pid):
        command = Path(f"/proc/{child}/cmdline")
        status = Path(f"/proc/{child}/status")
        if command.exists() and module in command.read_text() and re.search(rf"PPid:\s+{pid}\b", status.read_text()):
            return child
    raise AssertionError("there is no such process")


def workers(pid: int, module: str = "queries.worker") -> list[int]:
    """The workers of a server."""
    return below(nursery(pid, module))


def gone(pids: list[int]) -> bool:
    """Whether none of the processes is there any more."""
    return not any(_lives(pid) for pid in pids)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (ProcessLookupError, FileNotFoundError):
        return False


def until(condition: Callable[[], bool], what: str, seconds: float = 60.0) -> None:
    """Return when it holds."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, what
        time.sleep(0.02)
