"""Files for this process and its children alone: on Linux nothing of them is left, however the processes end."""

import contextlib
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from .descriptors import beyond_standard

__all__ = ["ScratchFiles"]

_OPEN_FILES = "/proc/self/fd"
_PIECE = 1 << 20


class ScratchFiles:
    """Files without a name, for as long as the block lasts.

    A child process that inherits `descriptors` opens them by the same paths. Where the system has no paths for open
    files they have names, and are removed at the end of the block.
    """

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._descriptors: list[int] = []

    @property
    def descriptors(self) -> tuple[int, ...]:
        """What a child process is to inherit (`pass_fds`)."""
        return tuple(self._descriptors)

    @staticmethod
    def is_unnamed(path: Path) -> bool:
        """Whether a path is of a file that only this process, and those that inherit it, can open."""
        return str(path).startswith(f"{_OPEN_FILES}/")

    def add(self, *parts: bytes | Path) -> Path:
        """The path of a new file with these bytes, and those of these files, one after another."""
        unnamed = Path(_OPEN_FILES).is_dir()
        file: Any = _unnamed() if unnamed else tempfile.NamedTemporaryFile(delete=False)  # noqa: SIM115
        self._stack.callback(file.close)
        if unnamed:
            self._descriptors.append(file.fileno())
        else:
            self._stack.callback(_remove, file.name)
        for part in parts:
            if isinstance(part, bytes):
                file.write(part)
                continue
            with part.open("rb") as source:
                shutil.copyfileobj(source, file, _PIECE)
        file.flush()
        return Path(f"{_OPEN_FILES}/{file.fileno()}" if unnamed else file.name)

    def close(self) -> None:
        """Let go of the files, as the end of the block does."""
        self._stack.close()

    def __enter__(self) -> "ScratchFiles":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _unnamed() -> BinaryIO:
    with tempfile.TemporaryFile() as file:
        return os.fdopen(beyond_standard(os.dup(file.fileno())), "w+b")


def _remove(name: str) -> None:
    with contextlib.suppress(OSError):
        Path(name).unlink()
