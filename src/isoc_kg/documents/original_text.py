"""The text of a document in any format, as a file: of PDF and the like, what is taken out of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from ..errors import ParseError
from ..limits import Limits
from .addition import Original
from .intake.extraction import Extracted, extract, read_original
from .intake.recognition import format_of

__all__ = ["OriginalText", "original_text"]

_HEAD = 1 << 16  #: bytes that tell the format of a file
_AS_WRITTEN = ("text", "markdown", "html")  #: formats that may have been indexed as they are written, markup included


@dataclass(frozen=True, slots=True)
class OriginalText:
    """A text in a file, and the document that it was taken out of."""

    file: Path  #: of the text; gone when the context ends, where it was taken out of another file
    original: Original | None = None  #: None where the file itself is the text
    extracted: Extracted | None = None


@contextmanager
def original_text(file: Path, limits: Limits, *, markup: bool) -> Iterator[OriginalText]:
    """The text of a document. With `markup`, Markdown and HTML are texts as they are written.

    Raises as `extract` does.
    """
    if _is_text(file, markup):
        yield OriginalText(file)
        return
    content = read_original(file, limits)
    extracted = extract(content, file, limits)
    with TemporaryDirectory() as folder:
        text = Path(folder) / f"{file.stem}.txt"
        text.write_text(extracted.extraction.text, encoding="utf-8", newline="\n")
        yield OriginalText(text, Original(content, file.name, file), extracted)


def _is_text(file: Path, markup: bool) -> bool:
    if not file.is_file() or file.suffix == ".jsonl":
        return True
    with file.open("rb") as opened:
        head = opened.read(_HEAD)
    try:
        name = format_of(head, file.name)
    except ParseError:
        # an archive is known by the list at its end
        return not head.startswith(b"PK\x03\x04")
    return name == "text" or (markup and name in _AS_WRITTEN)
