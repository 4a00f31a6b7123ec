"""Changes of what a publication is made of, found by looking at the files again and again."""

import os
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from ..errors import IsocKgError
from ..project import FILE_NAME, SOURCE_FOLDERS, load_project

__all__ = ["LOOK_SECONDS", "Signature", "SourceWatch"]

#: Between two looks; a change is acted on when two looks in a row see the same.
LOOK_SECONDS = 0.3
#: File → when it was changed, how long it is, and which it is.
Signature = dict[Path, tuple[int, int, int]]
#: What editors and unfinished writes leave beside a file.
_ASIDE = ("~", ".part", ".swp", ".tmp")


class SourceWatch:
    """The files of a project folder that its publication is made of, or files that are named."""

    def __init__(self, root: Path | None, files: Sequence[Path] = ()) -> None:
        self._root = root.absolute() if root is not None else None
        self._files = tuple(files)
        self._paths: list[Path] = []  # while kg.toml cannot be read, those that it named before

    def signature(self) -> Signature:
        """The files as they are now."""
        seen: Signature = {}
        for path in (*self._files, *self._sources()):
            for file in _files_below(path):
                try:
                    state = file.stat()
                except OSError:
                    continue  # just removed
                seen[file] = state.st_mtime_ns, state.st_size, state.st_ino
        return seen

    def changed(self, seen: Signature) -> Signature:
        """Wait until the files differ from what was seen, and nobody is writing any more; what they are then."""
        before = seen
        while True:
            time.sleep(LOOK_SECONDS)
            now = self.signature()
            if now != seen and now == before:
                return now
            before = now

    def _sources(self) -> list[Path]:
        root = self._root
        if root is None:
            return []
        try:
            project = load_project(root)
        except (IsocKgError, OSError):
            pass
        else:
            self._paths = [project.folder(name) for name in SOURCE_FOLDERS]
            self._paths += [document.path for document in project.documents if document.path is not None]
            self._paths += [root / "templates", root / "theme.css", root / "strings.toml", *root.glob("strings.*.toml")]
            self._paths += project.imports.values()
        return [root / FILE_NAME, *self._paths]


def _files_below(path: Path) -> Iterator[Path]:
    """A file, or the files in a folder and those below it, but for hidden ones and leftovers."""
    if not path.is_dir():
        yield path
        return
    for folder, folders, names in os.walk(path):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(folder, name) for name in names if not name.startswith(".") and not name.endswith(_ASIDE))
