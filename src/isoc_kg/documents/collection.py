"""Many documents at once: a folder's files, read by several processes, written some at a time."""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path

from ..atomic import alone_in
from ..errors import IsocKgError
from ..project import Project, load_project
from .addition import Addition, Original, Particulars, known_document, prepare, write_additions
from .intake.extraction import Extracted, extract, read_original

__all__ = ["FolderAdded", "add_folder", "files_of_folder"]

_AT_ONCE = 64  # documents that are written together
_SECONDS = 5.0  # so long at most is a document ready and not written


@dataclass(slots=True)
class FolderAdded:
    """What became of a folder's files."""

    added: list[Addition]
    there: int = 0  #: that had been added before
    failures: list[IsocKgError] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.failures = self.failures or []


def files_of_folder(folder: Path, project: Project) -> list[Path]:
    """The files in a folder and those within it, sorted; hidden ones and texts of the project's documents are not.

    Links to folders are not followed.
    """
    own = {path.resolve() for d in project.documents for path in (d.path, d.original) if path is not None}
    files = []
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        files += [Path(parent, name) for name in sorted(names) if not name.startswith((".", "~$"))]
    return [file for file in files if file.resolve() not in own]


def add_folder(
    root: Path,
    files: Sequence[Path],
    wanted: Particulars,
    *,
    format_name: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> FolderAdded:
    """Add documents to the project in a folder, each under a name of its own; what fails does not keep the others out.

    What is in the project already is passed over, so that a run that was stopped is gone on with by running it again.
    """
    project = load_project(root)
    result = FolderAdded([])
    ready: list[tuple[Original, Extracted]] = []
    written = time.monotonic()
    for done, (file, outcome) in enumerate(_read(project, files, format_name), 1):
        if isinstance(outcome, IsocKgError):
            outcome.file = outcome.file or file
            result.failures.append(outcome)
        elif outcome is None:
            result.there += 1
        else:
            ready.append(outcome)
        if len(ready) >= _AT_ONCE or (ready and time.monotonic() - written > _SECONDS):
            _write(root, ready, wanted, result)
            ready, written = [], time.monotonic()
        if progress is not None:
            progress(done, len(files))
    _write(root, ready, wanted, result)
    result.failures.sort(key=lambda error: str(error.file))
    return result


def _read(
    project: Project, files: Sequence[Path], format_name: str | None
) -> Iterator[tuple[Path, tuple[Original, Extracted] | IsocKgError | None]]:
    """Each file with what was taken out of it, with what is wrong with it, or None where the project has it."""

    def read(file: Path) -> tuple[Original, Extracted] | IsocKgError | None:
        try:
            original = Original(read_original(file, project.limits), file.name, file)
            known = known_document(project, original)
            if known is not None and (known.path is None or known.path.is_file()):
                return None
            return original, extract(original.content, file, project.limits, format_name=format_name)
        except IsocKgError as error:
            return error

    with ThreadPoolExecutor(os.cpu_count() or 1) as pool:
        waiting = iter(files)
        running = {}
        for file in waiting:
            running[pool.submit(read, file)] = file
            if len(running) >= 4 * (os.cpu_count() or 1):  # results must not pile up in memory
                future = next(as_completed(running))
                yield running.pop(future), future.result()
        for future in as_completed(running):
            yield running[future], future.result()


def _write(root: Path, ready: Sequence[tuple[Original, Extracted]], wanted: Particulars, result: FolderAdded) -> None:
    """Write documents in the order of their files."""
    if not ready:
        return
    with alone_in(root):
        project = load_project(root)
        taken = {document.slug for document in project.documents}
        additions: list[Addition] = []
        digests: set[str] = set()
        for original, extracted in sorted(ready, key=lambda pair: str(pair[0].path)):
            if original.digest in digests:
                result.there += 1
                continue
            try:
                addition = prepare(project, original, extracted, wanted, taken)
            except IsocKgError as error:
                error.file = error.file or original.path
                result.failures.append(error)
                continue
            digests.add(original.digest)
            taken.add(addition.document.slug)
            additions.append(addition)
        write_additions(project, additions)
        result.added += additions
