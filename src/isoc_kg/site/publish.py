"""Writing the site: every page, its data and what hosts need, whole or not at all."""

import gc
import hashlib
import multiprocessing
import os
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING

from ..atomic import Building, building_folder
from ..errors import EngineError, UsageError
from ..rendering.discovery import machine_files
from ..rendering.overview import bundles
from ..rendering.pages import Bundle, Renderer
from ..rendering.things import ThingBundle
from .rules import rule_files

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.sharedctypes import Synchronized

__all__ = ["PublishedSite", "publish"]

#: Fingerprints of what was rendered, for the next run; beside the manifest, and as little a page as that is.
_FINGERPRINTS = ".isoc-kg.pages"
_SHARE = 200  #: bundles that a process takes at a time
_WORTH = 2000  #: below this many, processes cost more than they save


@dataclass(frozen=True, slots=True)
class PublishedSite:
    """What was written."""

    target: Path
    pages: int
    files: int
    changed: tuple[str, ...]
    kept: int  #: bundles that were taken over unrendered


_job: tuple[Building, list[Bundle | ThingBundle], Mapping[str, tuple[bytes, list[str]]], bytes] | None = None


def publish(
    renderer: Renderer,
    target: Path,
    data: Mapping[str, bytes],
    *,
    processes: int | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> PublishedSite:
    """Write the site of a publication with the data files given (path → bytes).

    What an earlier run rendered from the same data, templates and settings is taken over unrendered. Raises
    `OutputError` when the target is not ours to replace, `UsageError` when two pages meet at one path.
    """
    gc.freeze()  # what is there stays, and is not looked through again, in this process or its children
    everything = list(bundles(renderer))
    _refuse_collisions(everything)
    frame = _frame(renderer)
    about = {"version": renderer.project.version, "digest": renderer.material.digest, "host": renderer.host}
    fingerprints: list[tuple[str, bytes, list[str]]] = []
    kept = 0
    with building_folder(target, about) as building:
        before = _fingerprints(Path(building.target) / _FINGERPRINTS) if _FINGERPRINTS in building.old else {}
        done, total = 0, sum(bundle.fingerprint is not None for bundle in everything)
        for prints, names, changed, reused in _run(building, everything, before, frame, processes):
            building.took(names, changed)
            fingerprints += prints
            kept += reused
            done += len(prints)
            if progress:
                progress(done, total)
        written = set(building.names)
        pages = [name for name in building.names if name.endswith(".html")]
        rest = dict(data)
        rest |= {name: path.read_bytes() for name, path in renderer.theme.files.items()}
        rest |= dict(machine_files(renderer, pages))
        rest |= rule_files(renderer.project, renderer.host)
        if "dataset.ttl" in rest:
            rest["void.ttl"] = rest[".well-known/void"] = rest["dataset.ttl"]
        for name, content in rest.items():
            if name not in written:
                building.put(name, content)
        lines = (f"{print_.hex()} {' '.join(names)}\n" for _, print_, names in sorted(fingerprints))
        building.put(_FINGERPRINTS, "".join(lines).encode())
        files = len(building.names)
    return PublishedSite(Path(building.target), len(pages), files, tuple(building.changed), kept)


def _refuse_collisions(everything: Sequence[Bundle | ThingBundle]) -> None:
    seen: set[str] = set()
    for bundle in everything:
        if bundle.key in seen:
            raise UsageError(
                f"two pages would stand at {bundle.key}.html.", advice="Give one of the things another IRI."
            )
        seen.add(bundle.key)


def _frame(renderer: Renderer) -> bytes:
    """A digest over what every page shows besides its data."""
    digest = hashlib.sha256(renderer.theme.digest)
    digest.update(repr(sorted(vars(renderer.site).items())).encode())
    project = renderer.project
    shown = (renderer.host, renderer.material.context, project.names, sorted(project.prefixes.items()))
    digest.update(repr(shown).encode())
    for module in sorted(Path(sys.modules["isoc_kg.rendering"].__path__[0]).glob("*.py")):
        digest.update(module.read_bytes())
    for term in renderer.index.terms:
        digest.update(repr(renderer.index.name_of(term)).encode())
    return digest.digest()


def _fingerprints(path: Path) -> dict[str, tuple[bytes, list[str]]]:
    """Key of a bundle → fingerprint and names of its files."""
    result = {}
    for line in path.read_text(encoding="utf-8").splitlines():
        print_, *names = line.split(" ")
        if names:
            result[names[0].rpartition(".")[0]] = (bytes.fromhex(print_), names)
    return result


_Result = tuple[list[tuple[str, bytes, list[str]]], list[str], list[str], int]


def _run(
    building: Building,
    everything: list[Bundle | ThingBundle],
    before: Mapping[str, tuple[bytes, list[str]]],
    frame: bytes,
    processes: int | None,
) -> Iterator[_Result]:
    """Render all bundles, in processes of their own where there are many and the system can fork."""
    global _job
    _job = (building, everything, before, frame)
    # what is not about one thing takes long and comes first, so that no process ends up alone with it
    everything.sort(key=lambda bundle: bundle.fingerprint is not None)
    single = sum(bundle.fingerprint is None for bundle in everything)
    starts = [*range(0, single, 2), *range(single, len(everything), _SHARE)]
    shares = [slice(start, end) for start, end in pairwise([*starts, len(everything)])]
    count = processes or (os.cpu_count() or 1 if len(everything) >= _WORTH else 1)
    try:
        if count == 1 or sys.platform != "linux":
            yield from map(_share, shares)
            return
        gc.freeze()
        yield from _together(shares, count)
    finally:
        _job = None
        gc.unfreeze()


def _together(shares: Sequence[slice], count: int) -> Iterator[_Result]:
    """The results of all shares, of which this process takes as many as it can and its children the rest.

    A child costs memory for whatever it touches, so there is one less of them than processes are wanted.
    """
    import fcntl  # not everywhere there, nor is what this function does

    context = multiprocessing.get_context("fork")
    taken = context.Value("L", 0)
    children = []
    for _ in range(count - 1):
        results, end = context.Pipe(duplex=False)
        fcntl.fcntl(end.fileno(), fcntl.F_SETPIPE_SZ, 1 << 20)  # the child need not wait until they are read
        child = context.Process(target=_work, args=(shares, taken, end), daemon=True)
        child.start()
        end.close()
        children.append((child, results))
    try:
        waiting = [results for _, results in children]
        for share in _left(shares, taken):
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


def _left(shares: Sequence[slice], taken: "Synchronized[int]") -> Iterator[slice]:
    while True:
        with taken.get_lock():
            number = taken.value
            taken.value += 1
        if number >= len(shares):
            return
        yield shares[number]


def _work(shares: Sequence[slice], taken: "Synchronized[int]", results: "Connection") -> None:
    """What a child does: its shares, then nothing; what goes wrong is told to the parent."""
    try:
        for share in _left(shares, taken):
            results.send(_share(share))
        results.send(None)
    except KeyboardInterrupt:
        return
    except Exception as error:  # noqa: BLE001 – raised again in the parent
        results.send(error)


def _received(results: "Connection") -> _Result | None:
    """What a child has sent: the result of a share, or None when there are no more."""
    found = results.recv()
    if isinstance(found, Exception):
        raise found
    result: _Result | None = found
    return result


def _share(share: slice) -> _Result:
    assert _job is not None
    building, everything, before, frame = _job
    names_before, changed_before = len(building.names), len(building.changed)
    prints: list[tuple[str, bytes, list[str]]] = []
    reused = 0
    for bundle in everything[share]:
        if bundle.fingerprint is None:
            for name, content in bundle.render():
                building.put(name, content)
            continue
        print_ = hashlib.sha256(frame + bundle.fingerprint()).digest()
        known = before.get(bundle.key)
        if known and known[0] == print_ and all(building.keep(name) for name in known[1]):
            names = known[1]
            reused += 1
        else:
            rendered = bundle.render()
            for name, content in rendered:
                building.put(name, content)
            names = [name for name, _ in rendered]
        prints.append((bundle.key, print_, names))
    result = prints, building.names[names_before:], building.changed[changed_before:], reused
    del building.names[names_before:], building.changed[changed_before:]
    return result
