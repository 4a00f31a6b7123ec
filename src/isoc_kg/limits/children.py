"""How child processes end: unknown where this process ignores SIGCHLD, as one may that was started by another."""

import signal
import threading

__all__ = ["UNKNOWN_ENDS", "keep_ends_of_children", "knows_ends_of_children"]

#: Why no child process is started.
UNKNOWN_ENDS = "this process ignores SIGCHLD, so the system does not keep how its child processes end"


def knows_ends_of_children() -> bool:
    """Whether the system keeps how a child process ends until this process asks."""
    return not hasattr(signal, "SIGCHLD") or signal.getsignal(signal.SIGCHLD) is not signal.SIG_IGN


def keep_ends_of_children() -> None:
    """Have the system keep it, in the main thread of a process that is ours."""
    if not knows_ends_of_children() and threading.current_thread() is threading.main_thread():
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
