"""What runs queries for the server: worker processes, or a store behind an endpoint."""

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from ..spool import Content

__all__ = ["Disconnection", "QueryResponse", "QueryRunner"]

#: Head (a status, then a media type and notices, or what is wrong) and content; of content in a file also its coding
#: and entity tag.
QueryResponse = tuple[dict[str, Any], Content]
#: Returns when the client has disconnected.
Disconnection = Callable[[], Awaitable[None]]


class QueryRunner(Protocol):
    """Runs queries; `start` before the first, `stop` after the last."""

    crashes: int

    @property
    def ready(self) -> bool:
        """Whether queries can be answered."""

    @property
    def timeouts(self) -> int:
        """Queries stopped at their deadline."""

    @property
    def running(self) -> int:
        """Queries that run."""

    @property
    def queued(self) -> int:
        """Queries that wait."""

    async def start(self) -> None:
        """Be ready for queries."""

    async def stop(self, grace: float = 10.0) -> None:
        """Finish what runs, then end."""

    async def run(
        self, request: dict[str, Any], client: str, disconnection: Disconnection | None = None
    ) -> QueryResponse:
        """The response to a request. Raises `Problem`."""
