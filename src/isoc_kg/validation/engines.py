"""Validation by an engine in a process of its own."""

import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ..errors import EngineError, UsageError
from ..project import Limits
from .report import Report, Result
from .shapes import shapes_without_focus

__all__ = ["ENGINES", "default_engine", "validate"]

ENGINES = ("shacl", "pyshacl")


def default_engine() -> str:
    """`shacl` where it is installed, else pyshacl, which needs no wheel."""
    return "shacl" if find_spec("shacl") else "pyshacl"


def validate(
    data: Sequence[bytes | Path], shapes: bytes, *, engine: str | None = None, limits: Limits | None = None
) -> Report:
    """The report of an engine on data (N-Triples, as bytes or files) and shapes (N-Triples).

    Raises `EngineError` when the engine fails, or runs into `limits.validation_seconds` or
    `limits.validation_memory_bytes`.
    """
    limits = limits or Limits()
    engine = engine or default_engine()
    if engine not in ENGINES or not find_spec(engine):
        raise UsageError(f"There is no engine “{engine}” here.", advice=f"Engines: {', '.join(ENGINES)}.")
    with tempfile.TemporaryDirectory(prefix="isoc-kg-") as name:
        folder = Path(name)
        (folder / "shapes.nt").write_bytes(shapes)
        content = (
            data[0]
            if len(data) == 1 and isinstance(data[0], bytes)
            else b"".join(part if isinstance(part, bytes) else part.read_bytes() for part in data)
        )
        (folder / "data.nt").write_bytes(content)
        answer = _run(engine, folder, limits)
    results = tuple(sorted((Result(**item) for item in answer["results"]), key=repr))
    quads = list(ox.parse(shapes, format=ox.RdfFormat.N_TRIPLES))
    return Report(results, engine, tuple(shapes_without_focus(quads, content)))


def _run(engine: str, folder: Path, limits: Limits) -> dict[str, Any]:
    task = {
        "engine": engine,
        "shapes": str(folder / "shapes.nt"),
        "data": str(folder / "data.nt"),
        "memory": limits.validation_memory_bytes,
    }
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-m", "isoc_kg.validation.worker"],
            input=json.dumps(task).encode(),
            capture_output=True,
            timeout=limits.validation_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise EngineError(
            f"the engine {engine} was stopped after {limits.validation_seconds:g} seconds.",
            advice="Simplify the shapes, or raise validation_seconds under [limits].",
        ) from None
    if done.returncode:
        what = signal.Signals(-done.returncode).name if done.returncode < 0 else f"exit code {done.returncode}"
        raise EngineError(
            f"the engine {engine} crashed ({what}).",
            advice=f"Try --engine {ENGINES[engine == 'shacl']}, or look at deeply nested shapes and paths.",
        )
    answer: dict[str, Any] = json.loads(done.stdout)
    if "error" in answer:
        advice = (
            "Raise validation_memory_bytes under [limits]."
            if answer["error"] == "out of memory"
            else (f"Try --engine {ENGINES[engine == 'shacl']}.")
        )
        raise EngineError(f"the engine {engine} could not validate: {answer['error']}.", advice=advice)
    return answer
