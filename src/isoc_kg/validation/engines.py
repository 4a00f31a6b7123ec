"""Validation by an engine in a process of its own."""

import json
import mmap
import shutil
import signal
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ..errors import EngineError, Finding, UsageError
from ..limits import Limits
from ..limits.processes import TookTooLong, run_script
from ..namespaces import SH
from .messages import with_messages
from .report import Report, Result
from .shapes import shapes_without_focus

__all__ = ["ENGINES", "check_by_shacl", "default_engine", "validate"]

#: `compiled` is this package's own: shapes as queries on an embedded store.
ENGINES = ("shacl", "pyshacl", "compiled")


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
    if engine not in ENGINES or (engine != "compiled" and not find_spec(engine)):
        raise UsageError(f"There is no engine “{engine}” here.", advice=f"Engines: {', '.join(ENGINES)}.")
    with tempfile.TemporaryDirectory(prefix="isoc-kg-") as name:
        folder = Path(name)
        (folder / "shapes.nt").write_bytes(shapes)
        whole = folder / "data.nt"
        if len(data) == 1 and isinstance(data[0], Path):
            whole = data[0]  # handed over as it is: the child reads it, and nobody copies it
        else:
            for part in data:
                if isinstance(part, Path) and not whole.exists():
                    shutil.copyfile(part, whole)  # in the kernel, where that can be done
                    continue
                with whole.open("ab") as out:
                    out.write(part if isinstance(part, bytes) else part.read_bytes())
        answer = _run(engine, folder / "shapes.nt", whole, limits)
    results = with_messages((Result(**item) for item in answer["results"]), shapes)
    if "unmet" in answer:
        return Report(results, engine, tuple(answer["unmet"]), tuple(answer["notes"]))
    quads = list(ox.parse(shapes, format=ox.RdfFormat.N_TRIPLES))
    with ExitStack() as stack:
        parts = [part if isinstance(part, bytes) else _mapped(part, stack) for part in data]
        unmet = tuple(shapes_without_focus(quads, parts))
    return Report(results, engine, unmet)


def _mapped(path: Path, stack: ExitStack) -> bytes | mmap.mmap:
    """A file's bytes without reading it into memory."""
    if not path.stat().st_size:
        return b""
    file = stack.enter_context(path.open("rb"))
    return stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def check_by_shacl(shapes: bytes, limits: Limits | None = None) -> list[Finding]:
    """What SHACL-SHACL (https://www.w3.org/TR/shacl/#shacl-shacl), as in pyshacl, finds in shapes (N-Triples)."""
    found = find_spec("pyshacl")
    if found is None or not found.submodule_search_locations:
        return []
    path = Path(found.submodule_search_locations[0]) / "assets" / "shacl-shacl.ttl"
    quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    report = validate([shapes], ox.serialize(quads, format=ox.RdfFormat.N_TRIPLES) or b"", limits=limits)
    return [
        Finding(
            f"{result.focus_node} is not a well-formed shape: "
            f"{result.component.rpartition('#')[2].removesuffix('ConstraintComponent')} of {result.path or 'the shape'}"
            f"{f', value {result.value}' if result.value else ''}.",
            severity="warning" if result.severity != SH.Violation else "error",
            iri=result.focus_node.strip("<>"),
            advice="See https://www.w3.org/TR/shacl/#syntax-rules.",
        )
        for result in report.results
    ]


def _run(engine: str, shapes: Path, data: Path, limits: Limits) -> dict[str, Any]:
    task = {
        "engine": engine,
        "shapes": str(shapes),
        "data": str(data.absolute()),
    }
    try:
        done = run_script(
            Path(__file__).with_name("worker.py"),
            json.dumps(task).encode(),
            seconds=limits.validation_seconds,
            memory=limits.validation_memory_bytes,
        )
    except TookTooLong:
        raise EngineError(
            f"the engine {engine} was stopped after {limits.validation_seconds:g} seconds.",
            advice="Simplify the shapes, or raise validation_seconds under [limits].",
        ) from None
    if done.code:
        what = signal.Signals(-done.code).name if done.code < 0 else f"exit code {done.code}"
        raise EngineError(
            f"the engine {engine} crashed ({what}).",
            advice=f"Try --engine {ENGINES[engine == 'shacl']}, or look at deeply nested shapes and paths.",
        )
    answer: dict[str, Any] = json.loads(done.output)
    if "error" in answer:
        advice = (
            "Raise validation_memory_bytes under [limits]."
            if answer["error"] == "out of memory"
            else (f"Try --engine {ENGINES[engine == 'shacl']}.")
        )
        raise EngineError(f"the engine {engine} could not validate: {answer['error']}.", advice=advice)
    return answer
