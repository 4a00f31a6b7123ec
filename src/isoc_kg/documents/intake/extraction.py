"""A document in any format, read in a process of its own with an end to its time and its memory."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from ...errors import EncodingError, LimitExceeded, ParseError, UnknownName
from ...limits import Limits
from ...limits.processes import TookTooLong, run_script
from ...limits.regular_files import read_regular
from .carrying import from_json
from .passages import Extraction
from .recognition import FORMATS

__all__ = ["Extracted", "extract", "read_original"]

_WORKER = Path(__file__).with_name("worker.py")
_ERRORS = {kind.__name__: kind for kind in (ParseError, EncodingError, LimitExceeded)}
_AGAIN = "Save it anew in the program that made it, or in another format."


@dataclass(frozen=True, slots=True)
class Extracted:
    """An extraction, and the format (a name of `FORMATS`) that it was made of."""

    format: str
    extraction: Extraction


def read_original(file: Path, limits: Limits) -> bytes:
    """The bytes of a document. Raises `ParseError` where it cannot be read, and `LimitExceeded`."""
    if file.is_dir():
        raise ParseError("is a folder, not a document.", file=file)
    try:
        if file.stat().st_size > limits.intake_bytes:
            raise LimitExceeded(
                f"the file has more than {limits.intake_bytes:,} bytes.",
                file=file,
                advice="Divide it, or raise intake_bytes under [limits] in kg.toml.",
            )
        return read_regular(file, limits.intake_bytes)
    except OSError as error:
        raise ParseError(f"cannot be read: {error.strerror}.", file=file) from None


def extract(
    content: bytes,
    file: Path | str,
    limits: Limits,
    *,
    format_name: str | None = None,
    stated: str | None = None,
    charset: str | None = None,
) -> Extracted:
    """The text and the passages of a document; `file` names it in messages, and tells a format that content does not.

    `stated` and `charset` are the format and the encoding that a server says a text is in. Raises `ParseError` for what
    is not read here, or not whole, `UnknownName` for a format that does not exist, and `LimitExceeded`.
    """
    if format_name not in (None, *FORMATS):
        raise UnknownName(f"there is no format “{format_name}”.", advice=f"Formats: {', '.join(FORMATS)}.")
    task: dict[str, Any] = {"name": Path(file).name, "format": format_name, "stated": stated, "charset": charset}
    task["limits"] = asdict(limits)
    try:
        done = run_script(
            _WORKER,
            json.dumps(task).encode() + b"\n" + content,
            seconds=limits.intake_seconds,
            memory=limits.intake_memory_bytes,
        )
    except TookTooLong:
        raise LimitExceeded(
            f"reading it took more than {limits.intake_seconds:g} seconds.",
            file=file,
            advice="Divide it, or raise intake_seconds under [limits] in kg.toml.",
        ) from None
    whole = done.code == 0 and done.output
    answer: dict[str, Any] = json.loads(done.output) if whole else {"kind": "crash", "error": ""}
    if "error" not in answer:
        return _checked(Extracted(answer["format"], from_json(answer)), file)
    if answer["kind"] == "memory" or (answer["kind"] == "crash" and b"MemoryError" in done.errors):
        raise LimitExceeded(
            f"reading it took more than {limits.intake_memory_bytes:,} bytes of memory.",
            file=file,
            advice="Divide it, or raise intake_memory_bytes under [limits] in kg.toml.",
        )
    if answer["kind"] == "crash":
        raise ParseError(f"its reader ended without an answer (code {done.code}).", file=file, advice=_AGAIN)
    raise _ERRORS[answer["kind"]](answer["error"], file=file, line=answer["line"], advice=answer["advice"])


def _checked(extracted: Extracted, file: Path | str) -> Extracted:
    if not extracted.extraction.passages:
        raise ParseError("there is no text in it.", file=file, advice="Nothing can rest on it.")
    return extracted
