"""Serving a publication, from reading it to the signal that ends it."""

import re
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import OutputError, UsageError
from ..project import load_project, project_of_files
from ..publication.publication import Publication
from ..rdf.files import RdfFile
from .app import Application
from .content.snapshot import Snapshot, newest
from .content.store_snapshot import FolderSnapshot, snapshot_of_endpoint

if TYPE_CHECKING:
    from ..endpoint import Endpoint

__all__ = ["serve"]


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
    forwarded_from: str = "127.0.0.1",
) -> None:
    """Serve a project, RDF files, or a store in a folder or behind an endpoint, until a signal ends it.

    SIGHUP reads what is served again.

    `base` is the address under which clients reach it, if that is another than where it listens, and `root_path` the
    path of that address where only this is known. Raises
    `NotConforming` and `OutputError` (a port that is taken) before anything is served.
    """
    if sum((bool(files), store is not None, endpoint is not None)) > 1:
        raise UsageError("FILES, --store and --endpoint are different things to serve.", advice="Give one of them.")
    limits = (project_of_files(project) if files else load_project(project)).server
    base = _public_url(base)
    prefix = _path_prefix(root_path, base)
    listener = _listener(host, port)
    local = f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}"
    root = urlsplit(base).path.rstrip("/") if base else prefix

    address = base or f"{local}{root}/"
    paths = [file.source for file in files if isinstance(file.source, Path)]

    def load() -> Snapshot:
        """What is served, as it is now."""
        loaded = project_of_files(project) if files else load_project(project)
        if store is not None:
            return FolderSnapshot(loaded, store, base, address)
        if endpoint is not None:
            return snapshot_of_endpoint(loaded, endpoint, base, limits.mirrored_triples, address)
        publication = Publication.of_files(loaded, files) if files else Publication.of_project(loaded)
        return Snapshot(
            publication,
            address if loaded.foreign else base,
            newest(loaded, paths),
        )

    proxies = forwarded_from.split(",")
    try:
        app = Application(load, limits, address=address, root=root, proxies=proxies, log=log)
    except BaseException:
        listener.close()
        raise
    snapshot = app.services.snapshot
    notices = [f"{snapshot.project.title}: listening at {local}/", *(f"warning: {note}" for note in snapshot.notes)]
    _run(app, listener, proxies, "".join(f"{notice}\n" for notice in notices))


def _public_url(base: str | None) -> str | None:
    """The address under which clients reach the server, with a slash at its end. Raises `UsageError`."""
    if base is None:
        return None
    if not base.startswith(("http://", "https://")) or any(c in base for c in "<>\"'` \\?#") or not base.isprintable():
        raise UsageError(f"“{base}” is no address.", advice="Give one such as https://example.org/kg/.")
    return base if base.endswith("/") else base + "/"


def _path_prefix(root_path: str, base: str | None) -> str:
    """The path below which a proxy serves it, without a slash at its end. Raises `UsageError`."""
    if not root_path.strip("/"):
        return ""
    prefix = "/" + root_path.strip("/")
    if not re.fullmatch(r"[A-Za-z0-9/._~-]+", prefix) or base is not None:
        raise UsageError(f"“{prefix}” is no path, or stands beside --base.", advice="Give one such as /kg.")
    return prefix


def _listener(host: str, port: int) -> socket.socket:
    """A socket bound to an address. Raises `OutputError` when that is taken."""
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot listen at {host}:{port}: {reason}.", advice="Choose another --port.") from None
    return listener


def _run(app: Application, listener: socket.socket, proxies: Sequence[str], notice: str) -> None:
    """Answer requests until a signal ends it; the notice is shown as soon as it listens."""
    import asyncio
    import signal

    import uvicorn

    from .http.connections import connection_protocol

    config = uvicorn.Config(
        app,
        http=connection_protocol(app.limits, proxies, app.quick),
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=",".join(proxies),
        limit_concurrency=app.limits.connections,
        timeout_graceful_shutdown=10,
    )
    server = uvicorn.Server(config)

    async def run() -> None:
        if hasattr(signal, "SIGHUP"):
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, app.reload)
        sys.stderr.write(notice)
        sys.stderr.flush()
        await server.serve(sockets=[listener])

    config.load()
    with asyncio.Runner(loop_factory=config.get_loop_factory()) as runner:
        runner.run(run())
