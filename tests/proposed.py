"""The canal project's recorded proposals, and what several tests of proposals share."""

import json
from pathlib import Path
from typing import Any

CANAL = Path(__file__).parent / "proposals" / "canal"
#: Each with what it was meant to be, the claim, and what becomes of it in a project where nothing else is proposed.
RECORDED: list[dict[str, Any]] = [
    json.loads(line) for line in CANAL.with_name("recorded.jsonl").read_text(encoding="utf-8").splitlines()
]


def recorded(kind: str) -> list[dict[str, Any]]:
    """The claims that were recorded as of a kind."""
    return [entry["claim"] for entry in RECORDED if entry["kind"] == kind]


def files_of(root: Path, *names: str) -> dict[str, bytes]:
    """The files below folders of a project, or named, and their bytes."""
    paths = [path for name in names for path in ((root / name).rglob("*") if (root / name).is_dir() else [root / name])]
    return {str(path.relative_to(root)): path.read_bytes() for path in sorted(paths) if path.is_file()}
