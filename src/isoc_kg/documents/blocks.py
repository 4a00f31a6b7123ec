"""The `[[document]]` blocks of kg.toml, added and edited in place: comments and order stay."""

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from itertools import takewhile
from pathlib import Path
from typing import Any

from ..errors import ProjectError
from ..project import ORIGIN, DocumentSource

__all__ = ["Bare", "with_documents", "with_edition"]

_HEADER = re.compile(r"\s*\[")
_DOCUMENT = re.compile(r"\s*\[\[\s*document\s*\]\]")
#: A table within the block of a document, such as [document.units].
_WITHIN = re.compile(r"\s*\[\[?\s*document\s*\.")


def with_documents(toml: str, file: Path, documents: Sequence[Mapping[str, Any]]) -> str:
    """kg.toml with blocks for more documents, behind the last one that it has, or at its end.

    Values are texts, lists of texts, times as they are written in TOML (`Bare`) or truth values. Raises `ProjectError`
    when the file is written in a form in which it cannot be edited by line.
    """
    expected = tomllib.loads(toml)
    added = "".join("\n\n[[document]]" + "".join(map(_setting, block.items())) for block in documents)
    lines = toml.split("\n")
    blocks = _blocks(lines)
    at = len(("\n".join(lines[: blocks[-1][1]]) if blocks else toml).rstrip("\r\n"))
    ending = "\r\n" if "\r\n" in toml else "\n"
    written = added.replace("\n", ending)
    result = toml[:at] + (written if at else written.lstrip()) + (toml[at:] or ending)
    try:
        values = tomllib.loads(added)["document"]
        if tomllib.loads(result) == {**expected, "document": [*expected.get("document", []), *values]}:
            return result
    except (tomllib.TOMLDecodeError, TypeError):
        pass
    raise _not_editable(file)


class Bare(str):
    """A value that stands in TOML without quotes, such as a time."""

    __slots__ = ()


def _setting(item: tuple[str, Any]) -> str:
    key, value = item
    return f"\n{key} = {value if isinstance(value, Bare) else _written(value)}"


def _written(value: Any) -> str:
    """A text, a truth value or a list of these in TOML (https://toml.io/en/v1.0.0#string)."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _not_editable(file: Path) -> ProjectError:
    return ProjectError(
        "the documents are written in a form that cannot be edited here.",
        file=file,
        advice="Write each as a [[document]] block with one setting a line.",
    )


def with_edition(
    toml: str, file: Path, document: DocumentSource, edition: str, old_path: str | None, new_path: str
) -> str:
    """kg.toml with a new edition's block behind the last document, complete, and the old edition's text at its place.

    A text that is lost (`old_path` None) is not published any more. Raises `ProjectError` when the file is written in
    a form in which it cannot be edited by line.
    """
    expected = tomllib.loads(toml)
    entries: list[dict[str, Any]] = expected["document"]
    at = next(
        n for n, entry in enumerate(entries) if (entry["slug"], entry["edition"]) == (document.slug, document.edition)
    )
    new: dict[str, Any] = {"edition": edition, "path": new_path, "revision_of": document.edition, "date": None}
    new |= dict.fromkeys(ORIGIN)  # those of the old edition
    old: dict[str, Any] = {"path": old_path}
    if old_path is None and document.publish_text:
        old["publish_text"] = False
    lines = toml.splitlines()
    blocks = _blocks(lines)
    if len(blocks) == len(entries):
        start, end = blocks[at]
        last = blocks[-1][1]
        added = ["", *_edited(lines[start:end], new)]
        lines[last:last] = added
        lines[start:end] = _edited(lines[start:end], old)
        result = "\n".join(lines) + "\n"
        entries.append({key: value for key, value in {**entries[at], **new}.items() if value is not None})
        entries[at] = {key: value for key, value in {**entries[at], **old}.items() if value is not None}
        try:
            if tomllib.loads(result) == expected:
                return result
        except tomllib.TOMLDecodeError:
            pass
    raise _not_editable(file)


def _blocks(lines: list[str]) -> list[tuple[int, int]]:
    """The ranges of the documents' blocks, tables within them included.

    Comments and blank lines before the next header are not theirs.
    """
    headers = [number for number, line in enumerate(lines) if _HEADER.match(line) and not _WITHIN.match(line)]
    result = []
    for number, following in zip(headers, [*headers, len(lines)][1:], strict=True):
        if _DOCUMENT.match(lines[number]):
            end = following
            while not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#"):
                end -= 1
            result.append((number, end))
    return result


def _edited(block: list[str], values: dict[str, Any]) -> list[str]:
    """A block with other values; None takes a setting out."""
    result = list(block)
    for key, value in values.items():
        setting = re.compile(rf"(\s*{key}\s*=\s*)(\"(?:[^\"\\]|\\.)*\"|'[^']*'|[^\s#]+)(.*)")
        own = takewhile(lambda line: not _WITHIN.match(line), result)
        at = next((number for number, line in enumerate(own) if setting.fullmatch(line)), None)
        if value is None:
            result = [line for number, line in enumerate(result) if number != at]
            continue
        text = json.dumps(value, ensure_ascii=False)
        if at is None:
            inner = next((number for number, line in enumerate(result) if _WITHIN.match(line)), len(result))
            result.insert(inner, f"{key} = {text}")
        else:
            result[at] = setting.sub(lambda match, text=text: f"{match[1]}{text}{match[3]}", result[at])  # type: ignore[misc]
    return result
