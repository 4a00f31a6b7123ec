"""What runs queries for the server: worker processes, or a store behind an endpoint."""

from typing import Any, Protocol

from ..http.problems import Problem
from ..spool import Content, Spool
from .admission import Admission, Disconnection
from .self_test import SelfTest

__all__ = ["Disconnection", "QueryResponse", "QueryRunner", "simplest_query"]

#: Head (a status, then a media type and notices, or what is wrong) and content; of content in a file also its coding
#: and entity tag.
QueryResponse = tuple[dict[str, Any], Content]


class QueryRunner(Protocol):
    """Runs queries; `start` before the first, `stop` after the last."""

    crashes: int
    spool: Spool  #: where large results are
    admission: Admission
    self_test: SelfTest  #: whether queries are answered, once it is ready

    @property
    def ready(self) -> bool:
        """Whether there is what answers queries."""

    @property
    def restarts(self) -> int:
        """How often what answers queries had to be started again."""

    @property
    def expired(self) -> int:
        """Queries that waited for their turn until their time was over."""

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

    async def drain(self, grace: float) -> None:
        """Take no more; wait until all are answered, or the grace is over."""

    async def stop(self, grace: float = 10.0, why: Problem | None = None) -> None:
        """Finish what runs, then end; what has not ended within the grace is answered with `why`."""

    async def run(
        self, request: dict[str, Any], client: str, disconnection: Disconnection | None = None
    ) -> QueryResponse:
        """The response to a request. Raises `Problem`."""


async def simplest_query(runner: QueryRunner) -> None:
    """Have the server's own query answered that needs least. Raises `Problem` where it is not."""
    head, _ = await runner.run({"query": "ASK {}", "accept": "application/sparql-results+json"}, "")
    if head["status"] != 200:
        raise Problem(503, head.get("detail", f"its answer is {head['status']}."))
