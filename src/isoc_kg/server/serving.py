"""Serving a publication, from reading it to the signal that ends it."""

import re
import socket
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ..errors import OutputError, UsageError
from ..project import load_project
from ..publication.publication import Publication
from .app import Application
from .content.snapshot import Snapshot, newest
from .content.store import FolderSnapshot, snapshot_of_endpoint

if TYPE_CHECKING:
    from ..endpoint import Endpoint

__all__ = ["serve"]


def serve(
    project: Path | None,
    files: Sequence[Path],
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
    import asyncio
    import signal

    import uvicorn

    from .http.connections import guarded

    if sum((bool(files), store is not None, endpoint is not None)) > 1:
        raise UsageError("FILES, --store and --endpoint are different things to serve.", advice="Give one of them.")
    loaded = load_project(project)
    if base is not None:
        if (
            not base.startswith(("http://", "https://"))
            or any(c in base for c in "<>\"'` \\?#")
            or not base.isprintable()
        ):
            raise UsageError(f"“{base}” is no address.", advice="Give one such as https://example.org/kg/.")
        base = base if base.endswith("/") else base + "/"
    if root_path.strip("/"):
        root_path = "/" + root_path.strip("/")
        if not re.fullmatch(r"[A-Za-z0-9/._~-]+", root_path) or base is not None:
            raise UsageError(f"“{root_path}” is no path, or stands beside --base.", advice="Give one such as /kg.")
    limits = loaded.server
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot listen at {host}:{port}: {reason}.", advice="Choose another --port.") from None
    shown = f"[{host}]" if ":" in host else host
    root = urlsplit(base).path.rstrip("/") if base else root_path.rstrip("/")
    address = base or f"http://{shown}:{listener.getsockname()[1]}{root}/"
    proxies = forwarded_from.split(",")

    def load() -> Snapshot:
        if store is not None:
            return FolderSnapshot(load_project(project), store, base)
        found = load_project(project)
        if endpoint is not None:
            return snapshot_of_endpoint(found, endpoint, base, limits.mirrored_triples)
        publication = Publication.of_files(found, files) if files else Publication.of_project(found)
        return Snapshot(publication, base, newest(found, files))

    app = Application(load, limits, address=address, root=root, proxies=proxies, log=log)
    config = uvicorn.Config(
        app,
        http=guarded(limits, proxies, app.quick),
        ws="none",
        log_config=None,
        access_log=False,
        lifespan="on",
        server_header=False,
        proxy_headers=True,
        forwarded_allow_ips=forwarded_from,
        limit_concurrency=limits.connections,
        timeout_graceful_shutdown=10,
    )
    server = uvicorn.Server(config)

    async def run() -> None:
        loop = asyncio.get_running_loop()
        if hasattr(signal, "SIGHUP"):
            loop.add_signal_handler(signal.SIGHUP, app.reload)
        sys.stderr.write(
            f"{app.state.snapshot.project.title}: listening at http://{shown}:{listener.getsockname()[1]}/\n"
        )
        sys.stderr.flush()
        await server.serve(sockets=[listener])

    config.load()
    uvicorn_run = getattr(asyncio, "Runner", None)
    factory = config.get_loop_factory()
    assert uvicorn_run is not None
    with uvicorn_run(loop_factory=factory) as runner:
        runner.run(run())
