"""The process in which documents are read: `limits.processes` starts it, limits it and can end it.

Run as a script by its path. Reads a JSON object in one line from standard input (`name`, `format`, `stated`, `charset`,
`limits`) and behind it the document's bytes; writes the extraction, or what is wrong, as JSON to standard output.
"""

import json
import sys
from pathlib import Path
from typing import Any


def extracted(task: dict[str, Any], content: bytes) -> dict[str, Any]:
    """The format and the extraction, in the form that `carrying` gives it."""
    from importlib import import_module

    from isoc_kg.documents.intake.carrying import to_json
    from isoc_kg.documents.intake.characters import too_many_characters
    from isoc_kg.documents.intake.recognition import FORMATS, format_of
    from isoc_kg.limits import Limits

    name = task["format"] or format_of(content, task["name"], task["stated"], task["charset"])
    reading = FORMATS[name]
    extract = getattr(import_module(f"isoc_kg.documents.intake.{reading.module}"), reading.function)
    more = {"charset": task["charset"]} if reading.stated_encoding and task["charset"] else {}
    limits = Limits(**task["limits"])
    extraction = extract(content, limits, **more)
    if sum(len(passage.text) for passage in extraction.passages) > limits.intake_characters:
        raise too_many_characters(limits)
    return {"format": name, **to_json(extraction)}


def _failure(error: Exception) -> dict[str, Any]:
    from isoc_kg.errors import IsocKgError

    if isinstance(error, IsocKgError):
        kind = type(error).__name__
        return {"error": error.message, "kind": kind, "line": error.line, "advice": error.advice}
    text = "it is nested too deeply" if isinstance(error, RecursionError) else f"{type(error).__name__}: {error}"
    return {"error": f"its reader failed ({text[:300]}).", "kind": "ParseError", "line": None, "advice": None}


def main() -> None:
    """Read the document as standard input asks."""
    task = json.loads(sys.stdin.buffer.readline())
    sys.path.insert(0, str(Path(__file__).parent.parent.parent.parent))
    try:
        answer = extracted(task, sys.stdin.buffer.read())
    except MemoryError:
        answer = {"error": "out of memory", "kind": "memory"}
    except Exception as error:  # noqa: BLE001 – whatever a reader raises becomes one message of the parent
        answer = _failure(error)
    try:
        data = json.dumps(answer, ensure_ascii=False).encode("utf-8", "replace")
    except MemoryError:
        data = b'{"error": "out of memory", "kind": "memory"}'
    sys.stdout.buffer.write(data)


if __name__ == "__main__":
    main()
