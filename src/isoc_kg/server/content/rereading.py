"""Reading what is served again, in another process: whatever is read, the server goes on, within limits."""

import asyncio
import os
import pickle
import signal
import subprocess

from ...errors import EngineError
from ...limits import ServerLimits
from ...limits.modules import running
from ..spool import unnamed_file
from .snapshot import Snapshot
from .source import Source

__all__ = ["reread"]

_READER = f"{__package__}.reader"
_GROUP = {signal.SIGINT, signal.SIGTERM, *({signal.SIGHUP} if hasattr(signal, "SIGHUP") else ())}
_PIECE = 65_536  #: bytes of the snapshot that are read at a time, between which others have their turn


async def reread(source: Source, limits: ServerLimits) -> Snapshot:
    """What a source is now. Raises `EngineError` with the reason why it cannot be served, and at the deadline."""
    number = unnamed_file()
    try:
        await _run(pickle.dumps((source.again(), limits.reload_memory_bytes)), number, limits.reload_seconds)
        return await asyncio.to_thread(_snapshot, number)
    finally:
        os.close(number)


async def _run(call: bytes, number: int, seconds: float) -> None:
    """Have a process write the snapshot into a file. Raises `EngineError`."""
    command = [*running(_READER), str(os.getpid()), str(number)]
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _GROUP)
    try:  # in this thread, which lasts: the kernel ends the process with the thread that started it
        process = subprocess.Popen(command, pass_fds=(number,), stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
    work = asyncio.create_task(asyncio.to_thread(process.communicate, call, seconds))
    try:
        output, _ = await asyncio.shield(work)
    except subprocess.TimeoutExpired:
        raise EngineError(f"it was not read within {seconds:g} seconds (reload_seconds).") from None
    finally:
        if process.returncode is None:
            process.kill()
            await asyncio.wait([work])
            if process.returncode is None:
                await asyncio.to_thread(process.communicate)
    if process.returncode < 0:
        name = signal.Signals(-process.returncode).name
        raise EngineError(f"the process that read it was ended ({name}): it may need more memory than there is.")
    if process.returncode:
        raise EngineError(output.decode(errors="replace") or "the process that read it failed.")


def _snapshot(number: int) -> Snapshot:
    """The snapshot in a file. Raises `EngineError`."""
    os.lseek(number, 0, os.SEEK_SET)
    with os.fdopen(os.dup(number), "rb", _PIECE) as file:
        snapshot = pickle.load(file)  # noqa: S301 – written by a process that this one started
    assert isinstance(snapshot, Snapshot)
    return snapshot
