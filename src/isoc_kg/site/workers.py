"""Workers: processes that share out the bundles of a site, render them and write their files."""

import gc
import hashlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from ..atomic import Building
from ..errors import EngineError
from ..limits.processes import end_with
from ..rendering.pages import Bundle
from ..rendering.things import ThingBundle
from .records import Record, Records, Rendered

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.sharedctypes import Synchronized

__all__ = ["ShareResult", "render_bundles"]

_SHARE = 200  #: bundles that a process takes at a time
_LISTS = 10  #: of those that are about many things each
_WORTH = 2000  #: below this many, processes cost more than they save


class ShareResult(NamedTuple):
    """What became of a share of the bundles."""

    rendered: Rendered  #: of the bundles that have fingerprints
    names: list[str]
    changed: list[str]
    kept: int  #: bundles that were taken over unrendered
    part: Any = None  #: of the part of a bundle, what the whole has to know of it


class _Share(NamedTuple):
    """What a process takes at a time: some bundles, or a part of one, or what is about all parts of that."""

    bundles: slice
    part: int | None = None
    parts: Sequence[Any] | None = None


class _Job(NamedTuple):
    building: Building
    bundles: Sequence[Bundle | ThingBundle]
    before: Records
    frame: bytes
    untouched: Collection[str]


_job: _Job | None = None  #: what processes inherit when they are forked
_release: Callable[[], None] | None = None  #: of the last bundle that this process rendered


def render_bundles(
    building: Building,
    bundles: Sequence[Bundle | ThingBundle],
    before: Records,
    frame: bytes,
    processes: int | None,
    untouched: Collection[str] = (),
) -> Iterator[ShareResult]:
    """Render all bundles, in processes of their own where there are many and the system can fork.

    A bundle whose fingerprint is the one from before is kept; `frame` is a digest over what all of them share. That of
    those whose keys are `untouched` is known to be.
    """
    global _job, _release
    # what is not about one thing takes long and comes first, so that no process ends up alone with it
    first = [bundle for bundle in bundles if isinstance(bundle, Bundle) and bundle.fingerprint is None]
    first.sort(key=lambda bundle: (not bundle.parts, not bundle.share, bundle.share))
    rest = (bundle for bundle in bundles if bundle.fingerprint is not None)
    ordered = [*first, *sorted(rest, key=lambda bundle: isinstance(bundle, ThingBundle))]
    _job = _Job(building, ordered, before, frame, untouched)
    lists = sum(isinstance(bundle, Bundle) for bundle in ordered) - len(first)
    parts, shares = _shares(first, lists, len(ordered))
    count = processes or (os.cpu_count() or 1 if len(ordered) >= _WORTH else 1)
    try:
        if count == 1 or sys.platform != "linux":
            results: Iterator[tuple[_Share, ShareResult]] = map(_share, chain(parts, shares))
        else:
            gc.freeze()
            results = _together(parts, shares, count)
        yield from _with_wholes(results)
    finally:
        _job = _release = None


def _shares(first: Sequence[Bundle], lists: int, count: int) -> tuple[list[_Share], list[_Share]]:
    """What processes take in turn, of so many bundles: the first ones, which are given, so many lists, then things.

    Parts of bundles are apart from the rest.
    """
    parts, shares = [], []
    starts = [n for n, bundle in enumerate(first) if not (n and bundle.share and bundle.share == first[n - 1].share)]
    starts += [*range(len(first), len(first) + lists, _LISTS), *range(len(first) + lists, count, _SHARE)]
    for start, end in pairwise([*starts, count]):
        of = first[start].parts if start < len(first) else None
        if of is None:
            shares.append(_Share(slice(start, end)))
        else:
            parts += [_Share(slice(start, end), number) for number in range(of.count)]
    return parts, shares


def _with_wholes(results: Iterable[tuple[_Share, ShareResult]]) -> Iterator[ShareResult]:
    """The results of shares, and of what is about all parts of a bundle, rendered as soon as these are there."""
    assert _job is not None
    parts: dict[int, dict[int, Any]] = {}
    for share, result in results:
        yield result._replace(part=None)
        if share.part is not None:
            number = share.bundles.start
            found = parts.setdefault(number, {})
            found[share.part] = result.part
            bundle = _job.bundles[number]
            if isinstance(bundle, Bundle) and bundle.parts and len(found) == bundle.parts.count:
                del parts[number]
                yield _share(_Share(share.bundles, parts=[found[part] for part in sorted(found)]))[1]


def _together(parts: Sequence[_Share], shares: Sequence[_Share], count: int) -> Iterator[tuple[_Share, ShareResult]]:
    """The results of all shares, of which this process takes as many as it can and its children the rest.

    A child costs memory for whatever it touches, so there is one less of them than processes are wanted. Parts are made
    of much that only they need, and what they come to is wanted here, so children take them last.
    """
    import fcntl  # not everywhere there, nor is what this function does

    context = multiprocessing.get_context("fork")
    untaken = _Untaken(parts, context.Value("L", 0)), _Untaken(shares, context.Value("L", 0))
    children = []
    for _ in range(count - 1):
        results, end = context.Pipe(duplex=False)
        fcntl.fcntl(end.fileno(), fcntl.F_SETPIPE_SZ, 1 << 20)  # the child need not wait until they are read
        child = context.Process(target=_work, args=(untaken[::-1], end, os.getpid()), daemon=True)
        child.start()
        end.close()
        children.append((child, results))
    try:
        waiting = [results for _, results in children]
        for share in chain(*untaken):
            yield _share(share)
            for results in waiting.copy():
                while results.poll():
                    result = _received(results)
                    if result is None:
                        waiting.remove(results)
                        break
                    yield result
        for results in waiting:
            while (result := _received(results)) is not None:
                yield result
    except EOFError:
        raise EngineError("a process that rendered pages ended before its work was done.") from None
    finally:
        for child, results in children:
            child.terminate()
            child.join()
            results.close()


class _Untaken:
    """The shares that no other process has taken, each when it is asked for."""

    def __init__(self, shares: Sequence[_Share], taken: "Synchronized[int]") -> None:
        self._shares, self._taken = shares, taken

    def __iter__(self) -> Iterator[_Share]:
        while True:
            with self._taken.get_lock():
                number = self._taken.value
                self._taken.value += 1
            if number >= len(self._shares):
                return
            yield self._shares[number]


def _work(untaken: Iterable[_Untaken], results: "Connection", parent: int) -> None:
    """What a child does: its shares, then None; an error is sent to the parent."""
    end_with(parent)
    try:
        for share in chain.from_iterable(untaken):
            results.send(_share(share))
        results.send(None)
    except KeyboardInterrupt:
        return
    except Exception as error:  # noqa: BLE001 – raised again in the parent
        results.send(error)


def _received(results: "Connection") -> tuple[_Share, ShareResult] | None:
    """What a child has sent: a share and its result, or None when there are no more."""
    received: tuple[_Share, ShareResult] | Exception | None = results.recv()
    if isinstance(received, Exception):
        raise received
    return received


def _share(share: _Share) -> tuple[_Share, ShareResult]:
    """Render a share; with it what became of it."""
    assert _job is not None
    building = _job.building
    names_before, changed_before = len(building.names), len(building.changed)
    rendered = Rendered()
    kept = 0
    part = None
    for bundle in _job.bundles[share.bundles]:
        if share.part is None and share.parts is None:
            _let_go(bundle)
        if bundle.fingerprint is None:
            assert isinstance(bundle, Bundle)
            part = _part(building, bundle, share)
            continue
        before = _job.before.get(bundle.key)
        if before and bundle.key in _job.untouched:
            digest = before.digest
        else:
            digest = hashlib.sha256(_job.frame + bundle.fingerprint()).digest()
        first = len(building.names)
        if before and _is_kept(building, before, digest):
            kept += 1
        else:
            first = len(building.names)
            _write(building, bundle.render())
        rendered.add(digest, first - names_before, len(building.names) - first)
    result = ShareResult(rendered, building.names[names_before:], building.changed[changed_before:], kept, part)
    del building.names[names_before:], building.changed[changed_before:]
    return share._replace(parts=None), result


def _is_kept(building: Building, before: Record, digest: bytes) -> bool:
    """Whether the files of a bundle are those of a run before, whose record is given."""
    return before.digest == digest and all(building.keep(name) for name in before.names)


def _let_go(bundle: Bundle | ThingBundle) -> None:
    """Let go of what bundles before were made of, where one comes that is not made of it."""
    global _release
    release = bundle.release if isinstance(bundle, Bundle) else None
    if _release is not None and _release != release:
        _release()
    _release = release


def _part(building: Building, bundle: Bundle, share: _Share) -> Any:
    """Render a bundle, or of one that is made in parts what the share says; what the whole has to know of that."""
    if bundle.parts is None or (share.part is None and share.parts is None):
        _write(building, bundle.render())
    elif share.part is None:
        _write(building, bundle.parts.whole(share.parts or ()))
    else:
        files, part = bundle.parts.part(share.part)
        _write(building, files)
        return part
    return None


def _write(building: Building, files: Iterable[tuple[str, bytes]]) -> None:
    """Put files."""
    for name, content in files:
        building.put(name, content)
