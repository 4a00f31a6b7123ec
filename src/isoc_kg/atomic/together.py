"""Files of a project that change together: all of them or none."""

import contextlib
import json
import os
from collections.abc import Mapping
from pathlib import Path

from ..errors import OutputError
from ..limits.processes import ending_in_order
from .files import mode, output_error, write_file
from .turns import locked

__all__ = ["finish_writing", "write_together"]

#: What a run that writes several files of a project has come to, and the ends of their names until all are written.
_JOURNAL = ".isoc-kg.writing.json"
_JOURNAL_PARTS = f".{_JOURNAL}.*.part"
_TOGETHER = ".together.part"


def write_together(root: Path, files: Mapping[Path, bytes]) -> None:
    """Write several files below a folder, all of them or none, wherever it is stopped. Raises `OutputError`.

    They are written beside their targets, and take their names when all are whole; a journal in the folder says how
    far it is. `finish_writing` completes a run that was stopped after that, and clears one that was stopped before.
    """
    root = root.resolve()
    journal = root / _JOURNAL
    files = {path.parent.resolve() / path.name: data for path, data in files.items()}
    if beyond := next((path for path in files if _outside(path, root)), None):
        raise OutputError(f"lies outside {root}, whose files are written together.", file=beyond)
    # numbered: the beginnings of two long names may be the same
    parts = {path: path.with_name(f".{number}.{path.name[:50]}{_TOGETHER}") for number, path in enumerate(files)}
    names = {str(part.relative_to(root)): str(path.relative_to(root)) for path, part in parts.items()}
    with ending_in_order(), locked(root):
        whole = False
        try:
            _settle(root)
            write_file(journal, json.dumps({"whole": False, "files": names}).encode(), fixed=True)
            for path, data in files.items():
                path.parent.mkdir(parents=True, exist_ok=True)
                with parts[path].open("wb") as file:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                parts[path].chmod(mode(path))
            write_file(journal, json.dumps({"whole": True, "files": names}).encode(), fixed=True)
            whole = True
            _settle(root)
        except SystemExit:  # a signal to stop
            with contextlib.suppress(OSError, OutputError):
                _settle(root)
            raise
        except (OSError, OutputError) as error:
            try:
                _settle(root)
            except (OSError, OutputError):
                failure = error if isinstance(error, OutputError) else output_error(error, root, fixed=True)
                rest = "the next command finishes the change" if whole else "the next command clears what was begun"
                failure.message += f" Some of it is done: {rest}."
                raise failure from None
            if not whole:
                raise (error if isinstance(error, OutputError) else output_error(error, root, fixed=True)) from None


def finish_writing(root: Path) -> None:
    """Let the files of a `write_together` that was stopped take their names, if all of them are whole; else clear them.

    A run that is still writing is waited for, where the system has locks; elsewhere nothing is cleared.
    """
    if (root / _JOURNAL).is_file() or any(root.glob(_JOURNAL_PARTS)):
        try:
            with locked(root) as has_locks:
                _settle(root.resolve(), clear=has_locks)
        except OSError as error:
            raise output_error(error, root, fixed=True) from None


def _settle(root: Path, *, clear: bool = True) -> None:
    """Finish what the journal says is whole; else clear what a stopped run has left, if asked to."""
    journal = root / _JOURNAL
    if clear:
        for left in root.glob(_JOURNAL_PARTS):
            left.unlink(missing_ok=True)
    try:
        content = json.loads(journal.read_text(encoding="utf-8"))
        whole, names = content["whole"] is True, dict(content["files"])
        pairs = [((root / part), (root / name)) for part, name in names.items()]
        if any(
            not part.name.endswith(_TOGETHER) or _outside(part, root) or _outside(name, root) for part, name in pairs
        ):
            raise ValueError
    except FileNotFoundError:
        return
    except (ValueError, KeyError, TypeError):
        raise OutputError("is not a journal of isoc-kg.", file=journal, advice="Remove it.") from None
    if not whole and not clear:
        return
    for part, name in pairs:
        with contextlib.suppress(FileNotFoundError):  # it has its name already
            part.replace(name) if whole else part.unlink()
    journal.unlink()


def _outside(path: Path, root: Path) -> bool:
    return not path.resolve().is_relative_to(root)
