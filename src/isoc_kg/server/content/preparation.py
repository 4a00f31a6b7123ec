"""What documents about things are made of, made while nobody asks: frames, names, links, evidence, whole pages.

A document that was never asked for then takes no longer than one of things that others have led to.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import chain, islice

from ...rdf.tokens import is_iri
from ...rendering.composition import Composition
from ...rendering.things import ThingBundle
from .snapshot import Snapshot

__all__ = ["Preparation"]

_MOST_LINKS = 90_000  #: that are made, with about a kilobyte each
_MOST_NAMES = 30_000  #: in data formats, with about half of that
_NAMES_AT_ONCE = 20
_MOST_PAGES = 10_000
_SAMPLE = 200  #: pages of which frames are cut
_TURN = 0.002  #: seconds that are worked at a time
_REST = 0.001  #: seconds between two turns, in which whoever asks is answered
_BUSY = 0.1  #: seconds after which it is looked whether anybody still asks


class Preparation:
    """Prepares the pages of a snapshot. `pages` are those that are there: token of a thing → its page.

    They have at most so many bytes; `requests` tells how many were answered.
    """

    def __init__(self, snapshot: Snapshot, most_bytes: int, requests: Callable[[], int]) -> None:
        self._snapshot, self._most_bytes, self._requests = snapshot, most_bytes, requests
        self.pages: dict[bytes, bytes] = {}

    async def run(self) -> None:
        """Prepare all, a little at a time and only while nobody asks."""
        loop, steps = asyncio.get_running_loop(), self.steps()
        while True:
            seen, end = self._requests(), loop.time() + _TURN
            while loop.time() < end:
                if next(steps, self) is self:
                    return
            await asyncio.sleep(_REST)
            while self._requests() != seen:
                seen = self._requests()
                await asyncio.sleep(_BUSY)

    def steps(self) -> Iterator[None]:
        """Prepares a piece with each step."""
        snapshot = self._snapshot
        things = [bundle for bundle in snapshot.bundles.values() if isinstance(bundle, ThingBundle)]
        if not things:
            return
        (depth, _), *_ = Counter(bundle.key.count("/") for bundle in things).most_common(1)
        composition = things[0].things.composition(depth)
        if not composition.usable:
            return
        index = snapshot.index
        for bundle in things[:: len(things) // _SAMPLE + 1]:
            self._page(bundle)
            yield
        tokens = list(islice(filter(is_iri, dict.fromkeys(chain(index.subjects, index.incoming))), _MOST_LINKS))
        for number, token in enumerate(tokens[:_MOST_NAMES]):
            snapshot.renderer.prepare(token)
            if not number % _NAMES_AT_ONCE:
                yield
        for token in tokens:
            self._link(composition, token)
            yield
        waiting, size = iter(things), 0
        for bundle in islice(waiting, _MOST_PAGES):
            page = self._page(bundle)
            if page:
                size += len(page)
                if size > self._most_bytes:
                    break
                self.pages[bundle.token] = page
            yield
        for bundle in waiting if index.has_claims else ():
            if not self._claims(composition, bundle.token):
                return
            yield

    def _link(self, composition: Composition, token: bytes) -> None:
        with suppress(Exception):  # whoever asks for a page that has it is told what is wrong
            _ = composition.terms[token]

    def _claims(self, composition: Composition, token: bytes) -> bool:
        """The evidence of the claims about a thing; whether there is room for more."""
        with suppress(Exception):
            return composition.prepare(token)
        return True

    def _page(self, bundle: ThingBundle) -> bytes | None:
        """The page of a thing, where it is made in a moment and all formats carry its data."""
        with suppress(Exception):
            if self._snapshot.light_thing(bundle.key) is bundle and not bundle.things.refused(bundle.token):
                return bundle.things.page(bundle.token, bundle.key)
        return None
