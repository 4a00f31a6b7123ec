"""Results too large to be held in memory: files without a name, from which they are sent piece by piece."""

import contextlib
import os
import tempfile
from collections import Counter
from collections.abc import Iterator

from .http.problems import Problem

__all__ = ["Content", "Spool", "SpooledContent", "no_temporary_file", "pieces", "unnamed_file"]

PIECE_BYTES = 65_536  #: that are read and sent at once


def unnamed_file() -> int:
    """A new file without a name, open for reading and writing; in memory where the disk takes no more files."""
    try:
        with tempfile.TemporaryFile(buffering=0) as file:
            return os.dup(file.fileno())
    except OSError:
        if not hasattr(os, "memfd_create"):
            raise
        return os.memfd_create("isoc-kg")


def no_temporary_file(error: OSError) -> str:
    """Why nothing can be written to temporary files, with the folder."""
    try:
        folder = tempfile.gettempdir()
    except OSError:  # none takes any
        folder = os.environ.get("TMPDIR", "/tmp")  # noqa: S108 – which Python tries first
    return f"no temporary file in {folder} (TMPDIR): {error.strerror or error}"


class _File:
    """An open file, closed when nobody has a part of it any more."""

    __slots__ = ("_client", "_fd", "_size", "_spool")

    def __init__(self, spool: "Spool", fd: int, size: int, client: str) -> None:
        self._spool, self._fd, self._size, self._client = spool, fd, size, client
        spool.count(client, size)

    def read(self, size: int, offset: int) -> bytes:
        return os.pread(self._fd, size, offset)

    def __del__(self) -> None:
        self._spool.count(self._client, -self._size)
        with contextlib.suppress(OSError):
            os.close(self._fd)


class SpooledContent:
    """Bytes in a file, as far as an answer needs them: how many there are, a part, pieces to send."""

    __slots__ = ("_end", "_file", "_start")

    def __init__(self, file: _File, start: int, end: int) -> None:
        self._file, self._start, self._end = file, start, end

    def __len__(self) -> int:
        return self._end - self._start

    def __getitem__(self, part: slice) -> "SpooledContent":
        start, end, _ = part.indices(len(self))
        return SpooledContent(self._file, self._start + start, self._start + max(start, end))

    def __bytes__(self) -> bytes:
        return self.part(0, len(self))

    def part(self, start: int, end: int) -> bytes:
        """The bytes from one position to before another. Raises `OSError` when the file is shorter than it was."""
        read = self._file.read(min(end, len(self)) - start, self._start + start)
        if len(read) < min(end, len(self)) - start:
            raise OSError("a result is shorter than it was")
        return read


Content = bytes | SpooledContent


def pieces(content: Content) -> Iterator[tuple[bytes, bool]]:
    """Content in the pieces in which it is sent, at least one, each with whether more come. Raises `OSError`."""
    size = len(content)
    for at in range(0, size or 1, PIECE_BYTES):
        end = at + PIECE_BYTES
        piece = content.part(at, end) if isinstance(content, SpooledContent) else content[at:end]
        yield piece, end < size


class Spool:
    """The files of results that are being sent or kept; so many bytes in all, half of them for one client."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self._sizes: Counter[str] = Counter()

    @property
    def size(self) -> int:
        """Bytes in all files."""
        return self._sizes.total()

    def count(self, client: str, size: int) -> None:
        """Count bytes of a client, the server itself being an empty one."""
        self._sizes[client] += size
        if not self._sizes[client]:
            del self._sizes[client]

    def has_share(self, client: str, size: int) -> bool:
        """Whether so many bytes more are within what one client may have."""
        return not client or self._sizes[client] + size <= self.capacity // 2

    def take(self, fd: int, size: int, client: str) -> SpooledContent:
        """The content of a file, which is closed by it. Raises `Problem`: 429 or 503 where there is no room for it."""
        own = not self.has_share(client, size)
        if own or self.size + size > self.capacity:
            os.close(fd)
            whose = "results of yours are" if own else "results are"
            text = f"too many large {whose} being sent already."
            raise Problem(429 if own else 503, text, headers={"Retry-After": "5"})
        return SpooledContent(_File(self, fd, size, client), 0, size)
