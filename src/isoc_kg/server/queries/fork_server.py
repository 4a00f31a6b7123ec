"""The process that reads the data once and forks workers, as the server sees it."""

import asyncio
import contextlib
import json
import os
import socket
import struct
import subprocess
import sys
import tempfile
from collections import deque
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, Generic, TypeVar

from ...errors import EngineError

__all__ = ["ForkServer"]

_Worker = TypeVar("_Worker", bound=asyncio.Protocol)


class ForkServer(Generic[_Worker]):
    """Gives worker processes; `connection_of` makes the protocol of one with a process number."""

    def __init__(
        self, data: Iterable[bytes] | Path, settings: dict[str, Any], connection_of: Callable[[int], _Worker]
    ) -> None:
        self._connection_of = connection_of
        self._pending: deque[tuple[socket.socket, Callable[[_Worker], None]]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._control, theirs = socket.socketpair()
        settings = {**settings, "store": str(data) if isinstance(data, Path) else None, "parent": os.getpid()}
        with tempfile.TemporaryFile() as file:
            if not isinstance(data, Path):
                file.writelines(data)
                file.seek(0)
            fds = (theirs.fileno(), file.fileno())
            self._process = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.worker", *map(str, fds), json.dumps(settings)], pass_fds=fds
            )
        theirs.close()

    async def start(self) -> None:
        """Wait until the data are read; raises `EngineError` if they cannot be."""
        loop = asyncio.get_running_loop()
        self._control.setblocking(False)
        message = await loop.sock_recv(self._control, 1024)
        if message != b".":
            self._process.wait()
            raise EngineError(f"the store cannot be opened: {message[1:].decode() or 'its process ended'}.")
        loop.add_reader(self._control.fileno(), self._forked)

    async def stop(self) -> None:
        """End the process; its workers end with it."""
        loop = asyncio.get_running_loop()
        with contextlib.suppress(ValueError, OSError):
            loop.remove_reader(self._control.fileno())
        self._control.close()
        await loop.run_in_executor(None, self._process.wait)
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for ours, _ in self._pending:
            ours.close()

    def fork(self, use: Callable[[_Worker], None]) -> None:
        """Have one more worker, and use it as soon as it is connected."""
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        socket.send_fds(self._control, [b"w"], [theirs.fileno()])
        theirs.close()
        self._pending.append((ours, use))

    def _forked(self) -> None:
        """The process number of the next worker has come."""
        try:
            data = self._control.recv(4)
        except OSError:
            data = b""
        loop = asyncio.get_running_loop()
        if len(data) < 4:
            loop.remove_reader(self._control.fileno())
            return
        ours, use = self._pending.popleft()
        worker = self._connection_of(struct.unpack("!I", data)[0])
        task = loop.create_task(self._connect(ours, worker, use))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _connect(self, ours: socket.socket, worker: _Worker, use: Callable[[_Worker], None]) -> None:
        await asyncio.get_running_loop().create_unix_connection(lambda: worker, sock=ours)
        use(worker)
