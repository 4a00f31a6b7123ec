"""The bytes of a file: compressed or not, within limits, and the members of an archive."""

import io
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from ..errors import LimitExceeded, ParseError, UsageError
from ..formats import is_compressed_name, is_rdf_name
from ..limits import Limits
from ..limits.regular_files import open_regular, read_regular

if TYPE_CHECKING:  # most files are neither compressed nor archives
    import zipfile

__all__ = ["content", "decompressed", "is_archive", "is_compressed", "members", "piped", "starts_archive", "unpacked"]

_PIECE = 1 << 20
_FREE = 100_000_000  # bytes that anything may become, however short it was
_MOST_GROWTH = 200  # times; real data become ten to a hundred times as long
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")  # the second: with nothing in it


def _open_gzip(file: BinaryIO) -> Any:
    from gzip import GzipFile

    return GzipFile(fileobj=file)


def _open_bzip2(file: BinaryIO) -> Any:
    from bz2 import BZ2File

    return BZ2File(file)


def _open_xz(file: BinaryIO) -> Any:
    from lzma import LZMAFile

    return LZMAFile(file)


def _open_zstandard(file: BinaryIO) -> Any:
    try:
        from compression import zstd  # type: ignore[import-not-found, unused-ignore]  # Python 3.14
    except ImportError:
        try:
            from backports import zstd  # type: ignore[import-not-found, unused-ignore]
        except ImportError:
            raise UsageError(
                "Zstandard files need a package that is not installed.",
                advice="Install it (pip install backports.zstd), or decompress the file first.",
            ) from None
    return zstd.ZstdFile(file)


#: How compressed files begin, and what reads them: whatever their names.
_READERS: dict[bytes, Callable[[BinaryIO], Any]] = {
    b"\x1f\x8b": _open_gzip,
    b"BZh": _open_bzip2,
    b"\xfd7zXZ\0": _open_xz,
    b"\x28\xb5\x2f\xfd": _open_zstandard,
}


def content(path: Path, limits: Limits, member: str | None = None) -> bytes:
    """The content of a file, decompressed; with `member`, of one file in an archive.

    Raises `ParseError` for what cannot be read, and `LimitExceeded` for a file beyond `max_file_bytes` and for one that
    grows out of all proportion.
    """
    with _readable(path):
        size = path.stat().st_size
        if not size and path.is_file() and is_compressed_name(path):
            raise EOFError("it is empty")
        if size > limits.max_file_bytes:
            raise LimitExceeded(
                f"the file has {size:,} bytes; the limit is {limits.max_file_bytes:,}.",
                advice="Raise max_file_bytes under [limits] in kg.toml.",
            )
        if member is not None:
            with open_regular(path) as file, _archive(file) as archive:
                return _member(archive, member, limits, path)
        return decompressed(read_regular(path, limits.max_file_bytes), limits, str(path))


def piped(path: Path, limits: Limits) -> bytes:
    """What comes out of a pipe, or a terminal, until it ends; decompressed.

    Raises `ParseError` for other devices, and `LimitExceeded` beyond `max_file_bytes`.
    """
    with _readable(path), path.open("rb") as file:
        if not (file.isatty() or stat.S_ISFIFO(os.fstat(file.fileno()).st_mode)):
            raise ParseError("it is neither a file nor a pipe.", file=path, advice="Name a file.")
        return decompressed(_whole(file, limits.max_file_bytes), limits, str(path))


def _whole(file: IO[bytes], most: int) -> bytes:
    """All that can be read, in pieces."""
    parts: list[bytes] = []
    total = 0
    while piece := file.read(_PIECE):
        parts.append(piece)
        total += len(piece)
        if total > most:
            raise LimitExceeded(f"it has more than {most:,} bytes.")
    return b"".join(parts)


def decompressed(data: bytes, limits: Limits, name: str = "the text") -> bytes:
    """The bytes as they were before they were compressed; the same when they were not.

    Raises `ParseError` for what cannot be decompressed, and `LimitExceeded`.
    """
    for start, reader in _READERS.items():
        if data.startswith(start):
            with _readable(Path(name)), reader(io.BytesIO(data)) as opened:
                return _bounded(opened, len(data), limits)
    return data


def unpacked(data: bytes, limits: Limits, name: str, *, every: bool = False) -> Iterator[tuple[str, bytes]]:
    """The RDF files of a zip archive in memory, as `members` names them, each with its content.

    Raises `ParseError` for what is no archive, or has none, and `LimitExceeded`.
    """
    with _readable(Path(name)), _archive(io.BytesIO(data)) as archive:
        total = 0
        for member in _members(archive, Path(name), every=every):
            text = _member(archive, member, limits, Path(name))
            total += len(text)
            if total > limits.max_file_bytes:  # all are kept, since it cannot be read again
                raise LimitExceeded(
                    f"the files in the archive have more than {limits.max_file_bytes:,} bytes together.",
                    file=Path(name),
                    advice="Save it, and name the archive's path: its files are then read one after the other.",
                )
            yield member, text


def _archive(file: IO[bytes]) -> "zipfile.ZipFile":
    from zipfile import ZipFile

    return ZipFile(file)


def _member(archive: "zipfile.ZipFile", member: str, limits: Limits, path: Path) -> bytes:
    info = archive.getinfo(member)
    with archive.open(info) as opened:
        return decompressed(_bounded(opened, info.compress_size, limits), limits, f"{path}/{member}")


def _bounded(opened: IO[bytes], size: int, limits: Limits) -> bytes:
    """All that a decompressor gives, unless that is too much for the compressed size."""
    parts: list[bytes] = []
    total = 0
    most = min(limits.max_file_bytes, max(_FREE, _MOST_GROWTH * size))
    while piece := opened.read(_PIECE):
        parts.append(piece)
        total += len(piece)
        if total > most:
            raise LimitExceeded(
                f"decompressed, its {size:,} bytes become more than {most:,}.",
                advice="Decompress it yourself if it is what you expect, and name the file that comes of it.",
            )
    return b"".join(parts)


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """Whatever the system or a decompressor raises, as one of our errors."""
    try:
        yield
    except (EOFError, NotImplementedError, RuntimeError) as error:
        raise _damaged(path, error) from None
    except OSError as error:
        if not error.errno:
            raise _damaged(path, error) from None
        raise ParseError(f"cannot be read: {_reason(error)}.", file=path) from None
    except Exception as error:
        import lzma
        import zipfile
        import zlib

        damages = zlib.error, lzma.LZMAError, zipfile.BadZipFile
        if isinstance(error, damages) or type(error).__name__ == "ZstdError":
            raise _damaged(path, error) from None
        raise


def _damaged(path: Path, error: Exception) -> ParseError:
    return ParseError(f"cannot be decompressed: {_reason(error)}.", file=path, advice="Fetch it again.")


def _reason(error: Any) -> str:
    text = str(getattr(error, "strerror", None) or error).rstrip(".")
    return text[:1].lower() + text[1:]


def is_archive(path: Path) -> bool:
    """Whether the file is a zip archive."""
    return starts_archive(_start(path))


def starts_archive(data: bytes) -> bool:
    """Whether bytes are, or begin, a zip archive."""
    return data.startswith(_ZIP)


def is_compressed(path: Path) -> bool:
    """Whether the file is compressed."""
    return _start(path).startswith(tuple(_READERS))


def _start(path: Path) -> bytes:
    if not path.is_file():
        return b""
    with _readable(path), open_regular(path) as file:
        return file.read(8)


def members(path: Path, *, every: bool = False) -> list[str]:
    """The RDF files in an archive by their names, in order of these; `every` file whatever its name.

    Raises `ParseError` when there are none.
    """
    with _readable(path), open_regular(path) as file, _archive(file) as archive:
        return _members(archive, path, every=every)


def _members(archive: "zipfile.ZipFile", path: Path, *, every: bool) -> list[str]:
    names = sorted(
        info.filename
        for info in archive.infolist()
        if not info.is_dir() and not _is_hidden(info.filename) and (every or is_rdf_name(info.filename))
    )
    within = [info.filename for info in archive.infolist() if info.filename.lower().endswith(".zip")]
    if not names:
        raise ParseError(
            "there is no RDF file in the archive" + (f", but another archive, {within[0]}." if within else "."),
            file=path,
            advice="Unpack it first." if within else "Unpack it, and name the file that is RDF.",
        )
    return names


def _is_hidden(name: str) -> bool:
    return any(part.startswith((".", "__MACOSX")) for part in PurePosixPath(name).parts)
