"""The pages of errors, as a server makes them: at once, but with a project's own templates, which may take long.

Those are rendered in one thread, within a short time. They may depend on what was asked, which no trial before knows:
when one has failed, all errors of the state have plain pages.
"""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from ..rendering.error_pages import ERROR_PAGE_SECONDS, error_page, not_found_page
from .cache import BoundedCache
from .content.near_addresses import NearAddresses
from .content.snapshot import Snapshot
from .http.problems import Problem
from .log import log_event

__all__ = ["ErrorPages"]

_NOT_FOUND_BYTES = 2_000_000  #: of pages kept ready that report that there is nothing
_MOST_WAITING = 16  #: pages of own templates; who comes then gets a plain one

_Near = tuple[tuple[str, str], ...]


class ErrorPages:
    """Pages of errors in the frame of a snapshot's site, which is reached below the path `root`."""

    def __init__(self, snapshot: Snapshot, root: str) -> None:
        self._renderer, self._root = snapshot.renderer, f"{root}/"
        self._near = NearAddresses(snapshot)
        #: of what is not there, by what is near: many who ask for what is nowhere get the same
        self._not_found: BoundedCache[_Near, bytes] = BoundedCache(
            _NOT_FOUND_BYTES, lambda near, page: len(page) + 500 * len(near)
        )
        self._own = ThreadPoolExecutor(1) if self._renderer.theme.own else None
        self._waiting = 0
        self.failed = False  #: whether the project's own templates have failed for an error

    def read(self) -> None:
        """Read which addresses there are, to name those that are near: of ten thousand that takes a while."""
        self._near.read()

    def close(self) -> None:
        """Make no more pages with the project's own templates."""
        self.failed = True
        if self._own:
            self._own.shutdown(wait=False)

    def at_once(self, problem: Problem, request_id: str, query: str = "") -> bytes | None:
        """The page of an error; None where it cannot be made, and where a project's own templates would make it."""
        if self._own:
            return None
        try:
            near = self._near_to(problem)
            if (found := self._kept(near)) is not None:
                return found
            return self._keep(near, self._made(problem, request_id, query, near))
        except Exception as error:  # noqa: BLE001 – an error is answered, whatever the frame of its page comes to
            _log(error)
            return None

    async def page(self, problem: Problem, request_id: str, query: str = "") -> bytes | None:
        """The page of an error; None where it cannot be made, so that a plain one is to be sent."""
        if self._own is None:
            return self.at_once(problem, request_id, query)
        near = self._near_to(problem)
        if (found := self._kept(near)) is not None:
            return found
        if self.failed or self._waiting >= _MOST_WAITING:
            return None
        self._waiting += 1
        make = partial(self._made_in_time, problem, request_id, query, near)
        try:
            page = await asyncio.get_running_loop().run_in_executor(self._own, make)
            return self._keep(near, page) if page is not None else None
        except Exception as error:  # noqa: BLE001 – as above
            if not self.failed:
                self.failed = True
                _log(error)
            return None
        finally:
            self._waiting -= 1

    def _near_to(self, problem: Problem) -> _Near | None:
        """Addresses that are near the one at which there is nothing; None for any other error."""
        if problem.nothing_at is None:
            return None
        return tuple(self._near.to(problem.nothing_at, self._root))

    def _kept(self, near: _Near | None) -> bytes | None:
        return None if near is None else self._not_found.get(near)

    def _keep(self, near: _Near | None, page: bytes) -> bytes:
        if near is not None:
            self._not_found.put(near, page)
        return page

    def _made_in_time(self, problem: Problem, request_id: str, query: str, near: _Near | None) -> bytes | None:
        if self.failed:
            return None
        with self._renderer.theme.within(ERROR_PAGE_SECONDS):
            return self._made(problem, request_id, query, near)

    def _made(self, problem: Problem, request_id: str, query: str, near: _Near | None) -> bytes:
        if near is not None:
            return not_found_page(self._renderer, self._root, near)
        retry = next((value for name, value in problem.headers.items() if name.lower() == "retry-after"), "")
        return error_page(
            self._renderer,
            self._root,
            problem.status,
            problem.title,
            problem.detail,
            members=problem.members,
            retry=retry,
            request_id=request_id,
            query=query,
        )


def _log(error: Exception) -> None:
    log_event({"event": "error page not made", "error": f"{type(error).__name__}: {error}"[:500]})
