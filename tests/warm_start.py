"""Commands and workers in processes of their own that start warm: forked from one that has read the modules.

Starting the interpreter and reading modules takes most commands longer than their work. Each still has its own process,
arguments, folder, environment and streams, and ends by its own exit code. So have the workers of a command, unlike its
other children; they do not end with it. `cold_workers` in `conftest` has them started as ever, as they are below what
tests start themselves.
"""

import array
import io
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from threading import Lock, RLock, Thread
from typing import Any, ClassVar

from isoc_kg.documents.intake import extraction
from isoc_kg.limits.guard import limit_memory
from isoc_kg.limits.processes import Finished, Stop, TookTooLong, run_script
from isoc_kg.publication import build
from isoc_kg.rdf import canonicalization, jsonld_reading
from isoc_kg.validation import engines
from isoc_kg.validation.waiting import engines_waiting

__all__ = ["WARM", "Started", "WarmStart", "none_waiting"]

#: The modules whose workers take longer to start than to work.
WARM = (canonicalization, engines, extraction, jsonld_reading)

#: Descriptors with numbers below are those that a process is given.
_ABOVE = 500
_MOST = 200  # descriptors in one request
_PROJECT = Path(__file__).parent / "projects" / "harbour"
_OWN_MEMORY = 1_000_000_000  # bytes, which the modules that were read take a good part of


class WarmStart:
    """The process that others are forked from, from the first one to the end of the `with` block."""

    current: ClassVar["WarmStart"]  #: of this process, for what is no fixture

    def __init__(self) -> None:
        self.cold = False  #: whether commands start their workers themselves
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
        code, *outputs = self._run(*self._asked(arguments, cwd, environment), seconds)
        out, err = (output.decode().replace("\r\n", "\n") for output in outputs)
        return subprocess.CompletedProcess(list(arguments), code, out, err)

    def process(
        self, arguments: Sequence[str], cwd: Path, *, environment: Mapping[str, str] = os.environ
    ) -> "Started | subprocess.Popen[str]":
        """`python -m isoc_kg` with these arguments and no input, while it runs; both outputs are pipes of text."""
        if self.fits(environment):
            return Started(self._start_one(*self._asked(arguments, cwd, environment)))
        return subprocess.Popen(
            [sys.executable, "-m", "isoc_kg", *arguments], cwd=cwd, env=environment, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8",
        )  # fmt: skip

    def script(
        self,
        script: Path,
        input: bytes,  # noqa: A002
        *,
        seconds: float,
        memory: int = 0,
        descriptors: Sequence[int] = (),
        stop: Stop | None = None,
    ) -> Finished:
        """What `isoc_kg.limits.processes.run_script` gives, which has the work where it may have to end it."""
        if stop or 0 < memory < _OWN_MEMORY or not self.fits(os.environ):
            return run_script(script, input, seconds=seconds, memory=memory, descriptors=descriptors, stop=stop)
        request = {"script": str(script), "memory": memory, "folder": str(Path.cwd()), "environment": dict(os.environ)}
        try:
            return Finished(*self._run(request, input, descriptors, seconds))
        except subprocess.TimeoutExpired as ended:
            raise TookTooLong(ended.stderr or b"") from None

    def _asked(
        self, arguments: Sequence[str], cwd: Path, environment: Mapping[str, str]
    ) -> tuple[dict[str, Any], bytes, Sequence[int]]:
        """The request for a command, which is lent the socket on which it asks for its workers."""
        request = {"arguments": list(arguments), "folder": str(cwd), "environment": dict(environment)}
        return request, b"", () if self.cold else (self._socket.fileno(),)

    def _run(
        self, request: dict[str, Any], data: bytes, descriptors: Sequence[int], seconds: float
    ) -> tuple[int, bytes, bytes]:
        ends = self._start_one(request, data, descriptors)
        texts: dict[int, bytes] = {}

        def read(descriptor: int) -> None:
            with os.fdopen(descriptor, "rb") as stream:
                texts[descriptor] = stream.read()

        readers = [Thread(target=read, args=(end,), daemon=True) for end in ends[:2]]
        for reader in readers:
            reader.start()
        with os.fdopen(ends[2], "rb", buffering=0) as ending:
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
        out, err = (texts.get(end, b"") for end in ends[:2])
        if late:
            raise subprocess.TimeoutExpired(str(request), seconds, out, err)
        return code, out, err

    def _start_one(self, request: dict[str, Any], data: bytes, descriptors: Sequence[int]) -> tuple[int, int, int]:
        """A process: where its output and its errors are read, and there its number, then how it ended."""
        self._start()
        request |= {"descriptors": list(descriptors)}
        ends = [os.pipe() for _ in range(3)]
        given = [_file(json.dumps(request).encode("utf-8", "surrogatepass")), _file(data), *(end for _, end in ends)]
        try:
            socket.send_fds(self._socket, [b"x"], [*given, *descriptors])
        finally:
            for descriptor in given:
                os.close(descriptor)
        out, err, ending = (end for end, _ in ends)
        return out, err, ending

    def __enter__(self) -> "WarmStart":
        WarmStart.current = self
        return self

    def __exit__(self, *_error: object) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)  # it is lent to commands, which may run still
        self._socket.close()
        if self._process is not None:
            self._process.wait(30)
        self._other.close()


class _Lent(WarmStart):
    """The same process to fork from, for a process that was forked from it."""

    def __init__(self, descriptor: int) -> None:
        self._socket = socket.socket(fileno=descriptor)
        self._environment = _interpreter(os.environ)

    def _start(self) -> None:
        pass


def none_waiting(*_engines: str, memory: int) -> AbstractContextManager[Callable[[float], bool]]:
    """In place of `engines_waiting`, whose processes start cold."""
    return engines_waiting(memory=memory)


def warm_workers(run: Callable[..., Finished]) -> None:
    """From now on this process runs by that the scripts that take longer to start than to work."""
    for module in WARM:
        module.run_script = run  # type: ignore[attr-defined]
    build.engines_waiting = none_waiting


class Started:
    """A process that was forked, as `subprocess.Popen` has those of this process."""

    def __init__(self, ends: tuple[int, int, int]) -> None:
        self.stdout, self.stderr = (os.fdopen(end, encoding="utf-8") for end in ends[:2])
        self._ending = os.fdopen(ends[2], "rb", buffering=0)
        self._waiting = RLock()
        self.pid = int(self._ending.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, or the negative number of the signal that ended it, if it has ended."""
        return self._ended(0)

    def wait(self, timeout: float | None = None) -> int:
        """The same, when it has ended. Raises `subprocess.TimeoutExpired`."""
        code = self._ended(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        return code

    def _ended(self, seconds: float | None) -> int | None:
        with self._waiting:
            if self.returncode is None and select.select([self._ending], [], [], seconds)[0]:
                self.returncode = int(self._ending.readline())
                self._ending.close()
            return self.returncode

    def send_signal(self, number: int) -> None:
        """Nothing, if it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def terminate(self) -> None:
        """Send it SIGTERM."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """Send it SIGKILL."""
        self.send_signal(signal.SIGKILL)

    def communicate(self, timeout: float | None = None) -> tuple[str, str]:
        """The rest of both outputs, when it has ended."""
        texts: dict[Any, str] = {}
        streams = [stream for stream in (self.stdout, self.stderr) if not stream.closed]
        readers = [Thread(target=lambda one: texts.update({one: one.read()}), args=(one,)) for one in streams]
        for reader in readers:
            reader.start()
        self.wait(timeout)
        for reader, stream in zip(readers, streams, strict=True):
            reader.join()
            stream.close()
        return texts.get(self.stdout, ""), texts.get(self.stderr, "")


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
    from importlib import import_module

    import isoc_kg
    from compiled_templates import remembering
    from isoc_kg.project import load_project
    from isoc_kg.rendering.theme import load_theme

    for module in pkgutil.walk_packages(isoc_kg.__path__, "isoc_kg."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    for name in ("pyshacl", "rdflib", "jinja2", "httpx", "pyld.jsonld"):
        import_module(name)
    remembering()
    load_theme(load_project(_PROJECT)).compile_all()  # those of English pages
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
                _tell(ending, os.waitstatus_to_exitcode(status))
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
            _tell(ending, process)
            waiting[os.pidfd_open(process)] = process, ending


def _tell(descriptor: int, number: int) -> None:
    """Write a number for whoever asked, unless that was a command which has been killed meanwhile."""
    with suppress(BrokenPipeError):
        os.write(descriptor, b"%d\n" % number)


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
        script = "script" in request
        if script:
            for descriptor, number in zip(descriptors, request["descriptors"], strict=True):
                os.dup2(descriptor, number)
                os.close(descriptor)
        os.environ.clear()
        os.environ.update(request["environment"])
        os.chdir(request["folder"])
        if script:
            limit_memory(request["memory"])
            sys.argv = [request["script"]]
            runpy.run_path(request["script"], run_name="__main__")
        else:
            from isoc_kg.cli import main

            if descriptors:
                warm_workers(_Lent(descriptors[0]).script)
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
