"""Commands and workers in processes of their own that start warm: forked from one that has read the modules.

Starting the interpreter and reading modules takes most commands longer than their work. Each still has its own process,
arguments, folder, environment and streams, and ends by its own exit code.
"""

import array
import io
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from isoc_kg.limits.guard import limit_memory
from isoc_kg.limits.processes import Finished, TookTooLong, run_script

__all__ = ["WarmStart"]

#: Descriptors with numbers below are those that a process is given.
_ABOVE = 500
_MOST = 200  # descriptors in one request
_OWN_MEMORY = 1_000_000_000  # bytes, which the modules that were read take a good part of


class WarmStart:
    """The process that others are forked from, from the first one to the end of the `with` block."""

    def __init__(self) -> None:
        self._socket, self._other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._process: subprocess.Popen[bytes] | None = None
        self._starting = Lock()
        self._environment = _interpreter(os.environ)

    def _start(self) -> None:
        with self._starting:
            if self._process is None:
                number = self._other.fileno()
                command = [sys.executable, __file__, str(number)]
                self._process = subprocess.Popen(command, pass_fds=[number], stdin=subprocess.DEVNULL)
                self._other.close()

    def fits(self, environment: Mapping[str, str]) -> bool:
        """Whether an interpreter would start in this environment as the one did that others are forked from."""
        return hasattr(os, "pidfd_open") and _interpreter(environment) == self._environment

    def command(
        self, arguments: Sequence[str], cwd: Path, *, seconds: float, environment: Mapping[str, str] = os.environ
    ) -> "subprocess.CompletedProcess[str]":
        """`python -m isoc_kg` with these arguments and no input. Raises `subprocess.TimeoutExpired`."""
        request = {"arguments": list(arguments), "folder": str(cwd), "environment": dict(environment)}
        code, *outputs = self._run(request, b"", (), seconds)
        out, err = (output.decode().replace("\r\n", "\n") for output in outputs)
        return subprocess.CompletedProcess(list(arguments), code, out, err)

    def script(
        self,
        script: Path,
        input: bytes,  # noqa: A002
        *,
        seconds: float,
        memory: int = 0,
        descriptors: Sequence[int] = (),
    ) -> Finished:
        """What `isoc_kg.limits.processes.run_script` gives, which has the work where it is to have little memory."""
        if 0 < memory < _OWN_MEMORY or not self.fits(os.environ):
            return run_script(script, input, seconds=seconds, memory=memory, descriptors=descriptors)
        request = {"script": str(script), "memory": memory, "folder": str(Path.cwd()), "environment": dict(os.environ)}
        try:
            return Finished(*self._run(request, input, descriptors, seconds))
        except subprocess.TimeoutExpired as ended:
            raise TookTooLong(ended.stderr or b"") from None

    def _run(
        self, request: dict[str, Any], data: bytes, descriptors: Sequence[int], seconds: float
    ) -> tuple[int, bytes, bytes]:
        self._start()
        request |= {"descriptors": list(descriptors)}
        ends = [os.pipe() for _ in range(3)]  # its output, its errors, how it ended
        given = [_file(json.dumps(request).encode("utf-8", "surrogatepass")), _file(data), *(end for _, end in ends)]
        try:
            socket.send_fds(self._socket, [b"x"], [*given, *descriptors])
        finally:
            for descriptor in given:
                os.close(descriptor)
        texts: dict[int, bytes] = {}

        def read(descriptor: int) -> None:
            with os.fdopen(descriptor, "rb") as stream:
                texts[descriptor] = stream.read()

        readers = [Thread(target=read, args=(end,), daemon=True) for end, _ in ends[:2]]
        for reader in readers:
            reader.start()
        with os.fdopen(ends[2][0], "rb", buffering=0) as ending:
            process = int(ending.readline())
            until = time.monotonic() + seconds
            for reader in readers:
                reader.join(max(0, until - time.monotonic()))
            late = any(reader.is_alive() for reader in readers)
            if late:
                os.kill(process, signal.SIGKILL)
            code = int(ending.readline())
        for reader in readers:
            reader.join(10)
        out, err = (texts.get(end, b"") for end, _ in ends[:2])
        if late:
            raise subprocess.TimeoutExpired(str(request), seconds, out, err)
        return code, out, err

    def __enter__(self) -> "WarmStart":
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.close()
        if self._process is not None:
            self._process.wait(30)
        self._other.close()


def _file(data: bytes) -> int:
    """The descriptor of a file in memory that has these bytes."""
    descriptor = os.memfd_create("data")
    while data:
        data = data[os.write(descriptor, data) :]
    os.lseek(descriptor, 0, os.SEEK_SET)
    return descriptor


def _interpreter(environment: Mapping[str, str]) -> dict[str, str]:
    """What an interpreter looks at when it starts."""
    return {name: value for name, value in environment.items() if name.startswith(("PYTHON", "LC_", "LANG"))}


def _serve(requests: socket.socket) -> None:
    """Fork a process for each request, until nobody can ask any more."""
    import fcntl
    import gc
    import pkgutil
    import select
    from importlib import import_module

    import isoc_kg

    for module in pkgutil.walk_packages(isoc_kg.__path__, "isoc_kg."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for name in ("pyshacl", "rdflib", "jinja2", "httpx", "pyld.jsonld"):
        import_module(name)
    gc.collect()
    gc.freeze()
    waiting: dict[int, tuple[int, int]] = {}  # of each process: its descriptor, its number, where its end is told
    while True:
        ready, _, _ = select.select([requests, *waiting], [], [])
        for descriptor in ready:
            if descriptor is not requests:
                process, ending = waiting.pop(descriptor)
                os.close(descriptor)
                _, status = os.waitpid(process, 0)
                os.write(ending, b"%d\n" % os.waitstatus_to_exitcode(status))
                os.close(ending)
                continue
            descriptors = array.array("i")
            data, ancillary, _, _ = requests.recvmsg(1, socket.CMSG_SPACE(_MOST * descriptors.itemsize))
            if not data:
                return
            for _, _, block in ancillary:
                descriptors.frombytes(block)
            given = [fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, _ABOVE) for one in descriptors]
            for one in descriptors:
                os.close(one)
            file, *streams = given[:4]
            ending = given[4]
            process = os.fork()
            if process == 0:
                requests.close()
                for one in (ending, *waiting, *(told for _, told in waiting.values())):
                    os.close(one)
                _run(file, streams, given[5:])
            for one in (file, *streams, *given[5:]):
                os.close(one)
            os.write(ending, b"%d\n" % process)
            waiting[os.pidfd_open(process)] = process, ending


def _run(file: int, streams: Sequence[int], descriptors: Sequence[int]) -> None:
    """What a request asks for, in the process forked for it."""
    import atexit
    import runpy
    import threading

    code: object = 1
    try:
        with os.fdopen(file, "rb") as text:
            request = json.loads(text.read().decode("utf-8", "surrogatepass"))
        _take_streams(streams)
        for descriptor, number in zip(descriptors, request["descriptors"], strict=True):
            os.dup2(descriptor, number)
            os.close(descriptor)
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        if "script" in request:
            limit_memory(request["memory"])
            sys.argv = [request["script"]]
            runpy.run_path(request["script"], run_name="__main__")
        else:
            from isoc_kg.cli import main

            sys.argv = ["isoc-kg", *request["arguments"]]
            main()
        code = 0
    except SystemExit as ending:
        code = 0 if ending.code is None else ending.code
        if not isinstance(code, int):
            print(code, file=sys.stderr)
            code = 1
    except BaseException:  # noqa: BLE001 – told as the interpreter tells it
        sys.excepthook(*sys.exc_info())
    finally:
        threading._shutdown()  # type: ignore[attr-defined]
        atexit._run_exitfuncs()
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                code = code or 120
        os._exit(int(code))


def _take_streams(streams: Sequence[int]) -> None:
    """Have these descriptors as standard input, output and error, with new streams: a pipe is read otherwise."""
    for number, (name, stream) in enumerate(zip(("stdin", "stdout", "stderr"), streams, strict=True)):
        os.dup2(stream, number)
        os.close(stream)
        former = getattr(sys, f"__{name}__")
        raw = io.FileIO(number, "r" if number == 0 else "w", closefd=False)
        buffered = io.BufferedReader(raw) if number == 0 else io.BufferedWriter(raw)
        made = io.TextIOWrapper(buffered, former.encoding, former.errors, line_buffering=number == 2)
        setattr(sys, name, made)
        setattr(sys, f"__{name}__", made)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))
