"""The process that reads what is served again: with an end to its memory, the first to end where memory is short.

Standard input: the pickled source, and bytes of memory. The snapshot goes, pickled, into the file whose number is the
second argument; the first is the parent's process number. Standard output: why there is none.
"""

import os
import pickle
import signal
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import Any

from ...errors import IsocKgError, OutputError, visible
from ...limits.guard import end_with, limit_memory
from ...publication.gate import NotConforming
from ..log import log_event
from ..spool import no_temporary_file

_MOST = 20_000  # characters of what is wrong
_ENDED_FIRST = "1000"  # https://man7.org/linux/man-pages/man5/proc_pid_oom_score_adj.5.html


def _warn(message: Warning | str, *_: Any, **__: Any) -> None:
    log_event({"event": "warning", "text": str(message)})


def _write(snapshot: Any, number: int) -> None:
    """Pickle the snapshot into the file. Raises `OutputError`."""
    try:
        with os.fdopen(number, "wb") as file:
            pickle.dump(snapshot, file, pickle.HIGHEST_PROTOCOL)
    except OSError as error:
        raise OutputError(f"{no_temporary_file(error)}.") from None


def main() -> None:
    """Read the source, and write the snapshot."""
    parent, number = int(sys.argv[1]), int(sys.argv[2])
    end_with(parent)
    for name in ("SIGINT", "SIGHUP"):  # those to the whole group are for the server
        signal.signal(getattr(signal, name), signal.SIG_IGN)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text(_ENDED_FIRST, encoding="ascii")
    warnings.showwarning = _warn
    source, memory = pickle.load(sys.stdin.buffer)  # noqa: S301 – written by the server that started this process
    limit_memory(memory)
    try:
        snapshot = source.load()
        _write(snapshot, number)
    except MemoryError:
        reason = f"it needs more than {memory:,} bytes of memory (reload_memory_bytes)."
    except (IsocKgError, OSError) as error:
        reason = str(error)
        if isinstance(error, NotConforming):
            reason = "\n".join([*error.details, f"{reason} The publication as it was is still served."])
            if len(reason) > _MOST:
                reason = f"{reason[:_MOST]} …"
    else:
        return
    sys.stdout.write(visible(reason))
    sys.stdout.flush()
    os._exit(1)


if __name__ == "__main__":
    main()
