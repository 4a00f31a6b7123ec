"""Serving a publication, from reading it to the signal that ends it."""

import asyncio
import contextlib
import os
import re
import socket
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn
from urllib.parse import urlsplit

from ..errors import EngineError, IsocKgError, OutputError, UsageError, visible
from ..limits import ServerLimits
from ..limits.starting import hung_up_at_start
from ..project import find_project, load_project, project_of_files
from ..publication.watching import SourceWatch
from ..rdf.files import RdfFile
from .app import Application
from .content.rereading import reread
from .content.snapshot import Snapshot
from .content.source import Source
from .http.forwarded import Proxies
from .log import logging_to
from .sibling_figures import SiblingFigures
from .siblings import reusable, serve_in_processes, share_of
from .watching import WatchedApplication

if TYPE_CHECKING:
    from ..endpoint import Endpoint

__all__ = ["serve"]

_SEND_BYTES = 262_144  #: of one connection, which the system may hold: what a slow reader costs beside our own memory
_MOST_FILES = 65_536
_OWN_FILES = 40  #: that the server has open beside connections: its sockets, data, templates that are read, answers
_WORKER_FILES = 6  #: for a worker: its socket, results and errors, while another takes its place
_LEAST_CONNECTIONS = 8
_PUBLISHED_EVERY = 1.0  #: seconds: what a process has counted, for the others
_BACKLOG = 2048  #: connections that wait to be accepted


def serve(
    project: Path | None,
    files: Sequence[RdfFile],
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    base: str | None = None,
    root_path: str = "",
    store: Path | None = None,
    endpoint: "Endpoint | None" = None,
    log: bool = True,
    forwarded_from: Sequence[str] = (),
    watch: bool = False,
    processes: int = 1,
) -> None:
    """Serve a project, RDF files, or a store in a folder or behind an endpoint, until a signal ends it.

    SIGHUP has another process read it again; with `watch`, on loopback alone, each change of its files does, and pages
    show what comes of it.

    With more `processes` than one, each has its part of the limits that are for all clients together, and what is
    served of files is in memory once; `serve_in_processes` says how they start and end.

    `base` is the address under which clients reach it, if that is another than where it listens, and `root_path` the
    path of that address where only this is known. Raises
    `NotConforming` and `OutputError` (a port that is taken) before anything is served.
    """
    if sum((bool(files), store is not None, endpoint is not None)) > 1:
        raise UsageError("FILES, --store and --endpoint are different things to serve.", advice="Give one of them.")
    if watch and processes > 1:
        raise UsageError("--watch is for one process.", advice="Leave out --processes.")
    proxies = Proxies(forwarded_from)
    if not files or project is not None:
        project = find_project(project).absolute()  # read again, it is this one, whether or not its kg.toml is there
    most_files = _raise_number_of_files()
    limits = (project_of_files(project) if files else load_project(project)).server
    base = _public_url(base)
    prefix = _path_prefix(root_path, base)
    limits = _with_files(share_of(limits, processes) if processes > 1 else limits, most_files)
    listeners = _listeners(host, port, processes)
    listener = listeners[0]
    local = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    root = urlsplit(base).path.rstrip("/") if base else prefix

    address = base or f"{local}{root}/"
    source = Source(project, tuple(files), store, endpoint, base, address)

    async def reread_source() -> Snapshot:
        """What is served, as it is now, read by another process."""
        return await reread(source, limits)

    if processes > 1:
        _serve_in_processes(source, limits, proxies, listeners, local, root, log=log, host=host)
    follower = _watch(project, files, host, others=store is not None or endpoint is not None) if watch else None
    seen = follower.signature() if follower else {}
    while True:
        try:
            app = Application(source.load, limits, address=address, root=root, log=log, reread=reread_source)
            break
        except IsocKgError as error:
            if follower is None:
                listener.close()
                raise
            sys.stderr.write("".join(f"{visible(text)}\n" for text in (*error.details, f"error: {error}")))
            sys.stderr.write("waiting for a change\n")
            seen = follower.changed(seen)
        except BaseException:
            listener.close()
            raise
    notice = _notice(app.services.snapshot, local, host, proxies)
    watched = WatchedApplication(app, follower, seen) if follower else None
    _run(app, listener, proxies, notice, watched)


def _notice(snapshot: Snapshot, local: str, host: str, proxies: Proxies) -> str:
    """What whoever starts it is told."""
    notices = [f"{snapshot.project.title}: listening at {local}/", *_exposure(host, proxies)]
    notices += [f"warning: {note}" for note in snapshot.notes]
    return "".join(f"{visible(notice, line=True)}\n" for notice in notices)


def _serve_in_processes(
    source: Source,
    limits: ServerLimits,
    proxies: Proxies,
    listeners: Sequence[socket.socket],
    local: str,
    root: str,
    *,
    log: bool,
    host: str,
) -> NoReturn:
    """Serve in as many processes as there are sockets; what is read of files is read once for all of them."""
    try:
        shared = source.load()
    except BaseException:
        for listener in listeners:
            listener.close()
        raise
    figures = SiblingFigures(len(listeners))

    def serve_one(listener: socket.socket, number: int, outdated: bool, ready: Callable[[], None]) -> None:
        async def reread_source() -> Snapshot:
            return await reread(source, limits)

        def load() -> Snapshot:
            """What was read at the start, unless it was to be read again since, and can be."""
            if outdated:
                with suppress(IsocKgError):
                    return source.again().load()
            return shared if source.read_at_start else source.again().load()

        app = Application(load, limits, address=source.address, root=root, log=log, reread=reread_source)
        figures.begin(number)
        app.status.siblings = figures
        _run(app, listener, proxies, "", ready=ready)

    for listener in listeners:
        listener.listen(_BACKLOG)  # who reads the notice may connect
    serve_in_processes(listeners, serve_one, _notice(shared, local, host, proxies))


def _watch(project: Path | None, files: Sequence[RdfFile], host: str, *, others: bool) -> SourceWatch:
    """What is watched. Raises `UsageError` for what cannot be, and where others would be shown errors."""
    if others or any(not isinstance(file.source, Path) for file in files):
        raise UsageError("--watch is for a project, or for files.", advice="A store is read at each request.")
    if not _is_loopback(host):
        raise UsageError(f"--watch shows errors to whoever reaches {host}.", advice="Leave out --host.")
    paths = [file.source for file in files if isinstance(file.source, Path)]
    return SourceWatch(None if files else find_project(project), paths)


def _is_loopback(host: str) -> bool:
    """Whether this machine alone reaches a host."""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost"


def _exposure(host: str, proxies: Proxies) -> list[str]:
    """What is open to others, where others than this machine reach it."""
    if _is_loopback(host):
        return []
    believed = str(proxies) or "nobody, so that behind a proxy all clients count as one"
    text = (
        f"open to whoever reaches {host}, without password or encryption: all pages, data and SPARQL queries, /metrics"
    )
    return [f"{text}; limits: /about", f"believed about the addresses of clients: {believed}"]


def _public_url(base: str | None) -> str | None:
    """The address under which clients reach the server, with a slash at its end. Raises `UsageError`."""
    if base is None:
        return None
    if not base.startswith(("http://", "https://")) or any(c in base for c in "<>\"'` \\?#") or not base.isprintable():
        raise UsageError(f"“{base}” is not a valid URL.", advice="Give one such as https://example.org/kg/.")
    return base if base.endswith("/") else base + "/"


def _path_prefix(root_path: str, base: str | None) -> str:
    """The path prefix that a proxy adds, without a slash at its end. Raises `UsageError`."""
    if not root_path.strip("/"):
        return ""
    prefix = "/" + root_path.strip("/")
    if not re.fullmatch(r"[A-Za-z0-9/._~-]+", prefix) or base is not None:
        raise UsageError(f"“{prefix}” is not a valid path, or --base is given too.", advice="Give one such as /kg.")
    return prefix


def _listeners(host: str, port: int, processes: int) -> list[socket.socket]:
    """A socket for each process, all at one address. Raises `OutputError` when that is taken."""
    first = _listener(host, port)  # which nobody else can be at, whatever they allow
    if processes == 1 or not reusable():
        return [first] * processes
    port = first.getsockname()[1]
    first.close()
    return [_listener(host, port, shared=True) for _ in range(processes)]


def _listener(host: str, port: int, *, shared: bool = False) -> socket.socket:
    """A socket bound to an address. Raises `OutputError` when that is taken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BYTES)
    if shared:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        reason = error.strerror or str(error)
        raise OutputError(f"cannot listen at {host}:{port}: {reason}.", advice="Choose another --port.") from None
    return listener


def _run(
    app: Application,
    listener: socket.socket,
    proxies: Proxies,
    notice: str,
    watched: WatchedApplication | None = None,
    ready: Callable[[], None] | None = None,
) -> None:
    """Answer requests until a signal ends it; the notice is shown as soon as it listens.

    With `ready`, which is called when it answers, it is one of several processes, whose parent ends it at once.
    """
    import signal

    import uvicorn

    from .http.connections import connection_protocol

    config = uvicorn.Config(
        watched or app,
        http=connection_protocol(
            app.status.traffic, proxies, watched.quick if watched else app.quick, app.problem_page
        ),
        ws="none",
        log_config=None,
        log_level="critical",
        access_log=False,
        lifespan="on",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
    )

    class Server(uvicorn.Server):
        """Ends in order at the first signal, at once at the second."""

        ended_by = 0  #: the first signal

        def handle_exit(self, sig: int, frame: Any) -> None:
            if self.should_exit and ready is not None:
                return  # the first may come twice, from the parent and from whoever ends all processes
            if self.should_exit:
                os._exit(128 + sig)  # whatever still runs ends with this process
            self.ended_by = sig
            self.should_exit = True
            if not app.started:  # nobody is answered yet
                loop.call_soon_threadsafe(end)
            loop.call_soon_threadsafe(app.begin_stop)

    server = Server(config)

    loop: asyncio.AbstractEventLoop

    def end() -> None:
        """End at once, since threads may be reading a publication that nobody will see."""
        log.end()
        os._exit(128 + signal.SIGINT if server.ended_by == signal.SIGINT else 0)

    async def run() -> None:
        nonlocal loop
        loop = asyncio.get_running_loop()
        if hasattr(signal, "SIGHUP"):
            loop.add_signal_handler(signal.SIGHUP, app.reload)
            if hung_up_at_start():
                app.reload()
        listener.listen(_BACKLOG)  # who reads the notice may connect
        sys.stderr.write(notice)
        following = loop.create_task(watched.follow()) if watched else None
        waiting = loop.create_task(_tell(app, ready)) if ready else None
        try:
            await server.serve(sockets=[listener])
        except SystemExit:
            raise app.failure or EngineError("the server did not start.") from None
        for task in filter(None, (following, waiting)):
            task.cancel()
        end()

    config.load()
    sys.stderr.flush()
    with (
        logging_to(sys.stderr.fileno()) as log,
        asyncio.Runner(loop_factory=config.get_loop_factory()) as runner,
    ):
        runner.run(run())


async def _tell(app: Application, ready: Callable[[], None]) -> None:
    """Say it when the server has started, then each second what it has counted."""
    while not app.started:
        await asyncio.sleep(0.02)
    ready()
    while app.status.siblings:
        app.status.siblings.publish(app.status.metrics, app.services.gauges())
        await asyncio.sleep(_PUBLISHED_EVERY)


def _with_files(limits: ServerLimits, files: int) -> ServerLimits:
    """The limits with no more connections than there may be beside what answers queries. Raises `EngineError`."""
    needed = _OWN_FILES + _WORKER_FILES * (limits.workers + limits.long_queries)
    if files < needed + _LEAST_CONNECTIONS:
        raise EngineError(
            f"the system lets this process open {files} files; with {limits.workers} workers it needs "
            f"{needed + _LEAST_CONNECTIONS} at least, for connections, processes and results.",
            advice="Raise that number: ulimit -n 65536; LimitNOFILE= in a unit of systemd.",
        )
    return replace(limits, connections=min(limits.connections, files - needed))


def _raise_number_of_files() -> int:
    """Have the system let this process open as many files as it may; gives their number."""
    import resource

    soft, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _MOST_FILES if most == resource.RLIM_INFINITY else min(most, _MOST_FILES)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
            return wanted
    return _MOST_FILES if soft == resource.RLIM_INFINITY else soft
