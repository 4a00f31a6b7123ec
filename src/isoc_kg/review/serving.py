"""`serve --review`: the review of a project in the browser of this machine."""

import asyncio
import signal
import socket
import sys
from pathlib import Path
from typing import Any

from ..errors import OutputError, UsageError, visible
from ..limits.starting import hung_up_at_start
from ..project import load_project
from ..proposals.proposal import agent_name
from .access import LOOPBACK, Access
from .browser import ReviewApplication
from .desk import Desk
from .reviewer import default_reviewer

__all__ = ["serve_review"]


def serve_review(project: Path | None, *, host: str, port: int, reviewer: str | None = None) -> None:
    """Serve a review until a signal ends it. Raises `UsageError` for a host that others reach, and `OutputError`."""
    if host not in LOOPBACK:
        raise UsageError(
            f"a review is served on this machine alone, and not at {visible(host, line=True)}.",
            advice="Leave --host out. From elsewhere: ssh -L 8000:127.0.0.1:8000.",
        )
    found = load_project(project)
    name = agent_name(reviewer) if reviewer is not None else default_reviewer(found.root)
    desk = Desk(found, name)
    for one in desk.waiting()[:1]:
        desk.assessment(one.proposal)  # the first takes longer: it reads the shapes, too
    listener = _listener(host, port)
    access = Access(host, listener.getsockname()[1])
    notice = f"{found.title}: review by {name} at {access.address}\n"
    _run(ReviewApplication(desk, access), listener, visible(notice))


def _listener(host: str, port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputError(f"cannot listen at {host}:{port}: {reason}.", advice="Choose another --port.") from None
    return listener


def _run(app: ReviewApplication, listener: socket.socket, notice: str) -> None:
    import uvicorn
    from uvicorn.protocols.http.auto import AutoHTTPProtocol

    class Connection(AutoHTTPProtocol):  # type: ignore[misc,valid-type]
        """One of a stranger, until it shows the cookie."""

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            app.strangers.arrive(transport)
            self._stranger = transport

        def connection_lost(self, exc: Exception | None) -> None:
            app.strangers.leave(self._stranger)
            super().connection_lost(exc)

    config = uvicorn.Config(
        app,
        http=Connection,
        backlog=64,
        ws="none",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=200,
        timeout_graceful_shutdown=5,
    )

    class Server(uvicorn.Server):
        """What is being written is written to its end; the first signal lets nothing new begin."""

        ended_by = 0

        def handle_exit(self, sig: int, frame: Any) -> None:
            self.ended_by = sig
            self.should_exit = True

    server = Server(config)

    def hang_up() -> None:
        if sys.stderr.isatty():  # its terminal is closed
            server.handle_exit(signal.SIGHUP, None)
        else:
            sys.stderr.write("SIGHUP is ignored: to have the project read anew, end the review and begin again\n")
            sys.stderr.flush()

    async def run() -> None:
        if hasattr(signal, "SIGHUP"):
            asyncio.get_running_loop().add_signal_handler(signal.SIGHUP, hang_up)
            if hung_up_at_start():
                hang_up()
        listener.listen(config.backlog)  # who reads the notice may connect
        sys.stderr.write(notice)
        sys.stderr.flush()
        await server.serve(sockets=[listener])

    config.load()
    asyncio.run(run())
    if server.ended_by == signal.SIGINT:
        raise SystemExit(128 + signal.SIGINT)
