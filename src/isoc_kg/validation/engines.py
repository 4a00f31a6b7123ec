"""Validation by an engine in a process of its own."""

import json
import mmap
import signal
from collections.abc import Collection, Sequence
from contextlib import ExitStack
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from ..errors import EngineError, Finding, UsageError
from ..limits import Limits
from ..limits.processes import Stop, TookTooLong, run_script
from ..limits.scratch import ScratchFiles
from ..limits.threads import beside
from ..namespaces import SH
from .choice import Choice, choose, listed_names
from .engine_names import ENGINES, PREFERRED, default_engine, engines_at_hand
from .messages import with_messages
from .prepared import prepared_shapes
from .report import Report, Result
from .shape_index import ShapeIndex
from .shapes import Fault, shapes_without_focus
from .terms import Term
from .waiting import WORKER, waiting_engine

__all__ = ["check_by_shacl", "mapped", "shacl_faults", "validate"]

#: Stands before the name of the shape that an engine is on, in what it says meanwhile.
_MARK = "isoc-kg: "


def validate(
    data: Sequence[bytes | Path],
    shapes: bytes,
    *,
    engine: str | None = None,
    limits: Limits | None = None,
    among: Collection[str] = PREFERRED,
    advanced: bool = False,
    stop: Stop | None = None,
) -> Report:
    """The report of an engine on data (N-Triples, as bytes or files) and shapes (N-Triples).

    `auto` takes, shape by shape, an engine that is right on it, one of those `among` which there are; the report names
    the engines, and its notes say why. With `advanced`, pyshacl runs the rules and functions of SHACL-AF.

    Raises `EngineError` when an engine fails, is ended by `stop`, or runs into `limits.validation_seconds` or
    `limits.validation_memory_bytes`.
    """
    limits = limits or Limits()
    engine = engine or default_engine()
    at_hand = engines_at_hand()
    if engine not in ("auto", *at_hand):
        raise UsageError(f"there is no engine “{engine}” here.", advice=f"Engines: {', '.join(ENGINES)}.")
    graph = ShapeIndex(shapes)
    if advanced:
        choice = Choice({"pyshacl": tuple(graph.nodes)}, ())
    else:
        choice = choose(graph, data, [name for name in at_hand if name in among] if engine == "auto" else [engine])
    with ScratchFiles() as scratch:
        # a file is handed over as it is: the child reads it, and nobody copies it
        whole = data[0] if len(data) == 1 and isinstance(data[0], Path) else scratch.add(*data)

        def run(chosen: str, nodes: Sequence[Term], share: float) -> dict[str, Any]:
            file = scratch.add(prepared_shapes(graph, chosen, nodes, advanced=advanced))
            own = replace(limits, validation_seconds=share * limits.validation_seconds)
            names = listed_names([graph.shape(node) for node in nodes]) if nodes and not advanced else ""
            return _run(chosen, file, whole, own, scratch, advanced=advanced, names=names, stop=stop)

        def answer(chosen: str) -> dict[str, Any]:
            # of shapes that take an engine long, another one tells which: both in the time that there is
            again = engine == "auto" and chosen == "shacl" and "compiled" in among
            try:
                return run(chosen, choice.shapes[chosen], 0.5 if again else 1)
            except EngineError as error:
                if not again or not any(what in error.message for what in ("could not", "was stopped")):
                    raise
                found = run("compiled", choice.shapes[chosen], 0.5)
                return found | {"notes": [*found["notes"], f"compiled in place of shacl: {error.message}"]}

        def look() -> tuple[str, ...]:
            if not asked:
                return ()
            if stop:  # a search keeps other threads of this process from starting an engine
                stop.begun.wait()
            with ExitStack() as stack:
                parts = [part if isinstance(part, bytes) else mapped(part, stack) for part in data]
                return tuple(shapes_without_focus(graph, parts))

        asked = any(chosen != "compiled" for chosen in choice.shapes)  # that one tells it itself
        with beside() as begin:  # each engine is a process of its own
            first, *others = choice.shapes
            further = [begin(answer, chosen) for chosen in others]
            looked = begin(look)
            try:
                answers = [answer(first), *(one.result() for one in further)]
            finally:
                if stop:  # or there is none to wait for
                    stop.begun.set()
            unmet = looked.result()
    results = with_messages((Result(**item) for found in answers for item in found["results"]), shapes)
    notes = (*choice.notes, *(note for found in answers for note in found.get("notes", ())))
    name = ", ".join(choice.shapes)
    if all("unmet" in found for found in answers):
        return Report(results, name, tuple(sorted(iri for found in answers for iri in found["unmet"])), notes)
    return Report(results, name, unmet, notes)


def mapped(path: Path, stack: ExitStack) -> bytes | mmap.mmap:
    """A file's bytes without reading it into memory."""
    if not path.stat().st_size:
        return b""
    file = stack.enter_context(path.open("rb"))
    return stack.enter_context(mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ))


def check_by_shacl(shapes: bytes, limits: Limits | None = None) -> list[Finding]:
    """What SHACL-SHACL (https://www.w3.org/TR/shacl/#shacl-shacl), as in pyshacl, finds in shapes (N-Triples)."""
    return [fault.finding for fault in shacl_faults(shapes, limits)]


def shacl_faults(shapes: bytes, limits: Limits | None = None) -> list[Fault]:
    """The same, each with the node of the shape that it is about."""
    spec = find_spec("pyshacl")
    if spec is None or not spec.submodule_search_locations:
        return []
    path = Path(spec.submodule_search_locations[0]) / "assets" / "shacl-shacl.ttl"
    quads = ox.parse(path=str(path), format=ox.RdfFormat.TURTLE)
    text = ox.serialize(quads, format=ox.RdfFormat.N_TRIPLES) or b""
    # The fast engine gives blank nodes names of its own: where it finds fault with some, the other one says which.
    for engine in dict.fromkeys((engines_at_hand()[0], "pyshacl")):
        with ScratchFiles() as scratch:
            by = scratch.add(text if engine == "shacl" else prepared_shapes(ShapeIndex(text), engine))
            answer = _run(engine, by, scratch.add(shapes), limits or Limits(), scratch)
            found = [Result(**item) for item in answer["results"]]
        if not any(result.focus_node.startswith("_:") for result in found):
            break
    return [_fault(result) for result in sorted(found, key=repr)]


def _fault(result: Result) -> Fault:
    token = result.focus_node
    node = ox.BlankNode(token[2:]) if token.startswith("_:") else ox.NamedNode(token[1:-1])
    name = "a shape without a name" if token.startswith("_:") else token
    component = result.component.rpartition("#")[2].removesuffix("ConstraintComponent")
    finding = Finding(
        f"{name} is not a well-formed shape: {component} of {result.path or 'the shape'}"
        f"{f', value {result.value}' if result.value and not result.value.startswith('_:') else ''}.",
        severity="warning" if result.severity != SH.Violation else "error",
        iri=result.focus_node.strip("<>"),
        advice="See https://www.w3.org/TR/shacl/#syntax-rules.",
    )
    return Fault(node, finding, result.path)


def _run(
    engine: str,
    shapes: Path,
    data: Path,
    limits: Limits,
    scratch: ScratchFiles,
    *,
    advanced: bool = False,
    names: str = "",
    stop: Stop | None = None,
) -> dict[str, Any]:
    waiting = waiting_engine(engine, limits.validation_memory_bytes, (shapes, data))
    task = {
        "engine": engine,
        "shapes": str(waiting.path(shapes) if waiting else shapes),
        "data": str(waiting.path(data.absolute()) if waiting else data.absolute()),
        "advanced": advanced,
        "seconds": limits.shape_seconds,
        "mark": _MARK,
    }
    line = json.dumps(task).encode() + b"\n"
    try:
        done = (
            waiting.finish(line, limits.validation_seconds, stop)
            if waiting
            else run_script(
                WORKER,
                line,
                seconds=limits.validation_seconds,
                memory=limits.validation_memory_bytes,
                descriptors=scratch.descriptors,
                stop=stop,
            )
        )
    except TookTooLong as ended:
        lines = ended.errors.decode(errors="replace").splitlines()
        where = next((line.removeprefix(_MARK) for line in reversed(lines) if line.startswith(_MARK)), names)
        raise EngineError(
            f"the engine {engine} was stopped after {limits.validation_seconds:g} seconds{where and f', on {where}'}.",
            advice="Simplify the shapes, or raise validation_seconds under [limits].",
        ) from None
    if done.code:
        what = signal.Signals(-done.code).name if done.code < 0 else f"exit code {done.code}"
        raise EngineError(
            f"the engine {engine} crashed ({what}).",
            advice=f"Try --engine {_other(engine)}, or look at deeply nested shapes and paths.",
        )
    answer: dict[str, Any] = json.loads(done.output)
    if "error" in answer:
        if answer.get("own"):  # of this package: it says all that there is to say
            raise EngineError(answer["error"], advice=answer["advice"])
        advice = (
            "Raise validation_memory_bytes under [limits]."
            if answer["error"] == "out of memory"
            else f"Another engine may read these shapes: --engine {_other(engine)}."
        )
        raise EngineError(f"the engine {engine} could not validate: {answer['error']}.", advice=advice)
    return answer


def _other(engine: str) -> str:
    return "pyshacl" if engine == "compiled" else "compiled"
