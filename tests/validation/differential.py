"""Random shapes on random data in every engine that the table of constructs calls right on them.

Engines that are right give one report, and so does `auto`. Where two differ, the table lacks a row, or the engine of
this package is wrong.
"""

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import pyoxigraph as ox
from pyshacl.errors import ReportableRuntimeError

from isoc_kg.validation import worker
from isoc_kg.validation.choice import choose
from isoc_kg.validation.engine_names import PREFERRED
from isoc_kg.validation.prepared import prepared_shapes
from isoc_kg.validation.shape_index import ShapeIndex
from isoc_kg.validation.terms import Term

sys.path[:0] = [str(Path(__file__).parent)]
import random_shapes

__all__ = ["Opinion", "Report", "differences", "made"]

#: The results: focus node, value, component and severity.
Report = Counter[tuple[str, ...]]
#: The results of shapes on data (data and shapes as N-Triples); None for a refusal.
Opinion = Callable[[bytes, bytes], Report | None]


def differences(
    seeds: range, others: dict[str, Opinion] | None = None
) -> Iterator[tuple[int, dict[str, Report | None]]]:
    """The seeds whose reports are not one, with the results of each engine that others do not have.

    `others` are opinions from elsewhere; None is a refusal.
    """
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            data, shapes = made(seed)
            graph = ShapeIndex(shapes)
            right = [engine for engine in PREFERRED if not choose(graph, [b"\t"], [engine]).notes]
            reports = {engine: _asked(engine, graph, data, Path(folder)) for engine in right}
            reports["auto"] = _chosen(graph, data, Path(folder))
            reports |= {name: opinion(data, shapes) for name, opinion in (others or {}).items()}
            answers = [report for report in reports.values() if report is not None]
            if any(report != answers[0] for report in answers):
                common = answers[0]
                for report in answers:
                    common = common & report
                yield seed, {name: report and report - common for name, report in reports.items()}


def made(seed: int) -> tuple[bytes, bytes]:
    maker = random_shapes.OddMaker(seed)
    data, shapes = (
        ox.serialize(ox.parse(text, format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES) or b""
        for text in (maker.data(), maker.shapes())
    )
    return data, shapes


def _chosen(graph: ShapeIndex, data: bytes, folder: Path) -> Report | None:
    """The results of the engines that `auto` takes for these shapes on these data; None where it has a doubt."""
    choice = choose(graph, [data], PREFERRED)
    if any("may be wrong" in note for note in choice.notes):
        return None
    results: Report = Counter()
    for engine, nodes in choice.shapes.items():
        found = _asked(engine, graph, data, folder, nodes)
        if found is None:
            return None
        results += found
    return results


def _asked(
    engine: str, graph: ShapeIndex, data: bytes, folder: Path, nodes: Collection[Term] | None = None
) -> Report | None:
    """The results of an engine; None where pyshacl refuses the data, as it does when it is to compare a blank node."""
    try:
        return _results(engine, graph, data, folder, nodes)
    except ReportableRuntimeError as error:
        if "compare a BlankNode" not in error.message:
            raise
        return None


def _results(
    engine: str, graph: ShapeIndex, data: bytes, folder: Path, nodes: Collection[Term] | None = None
) -> Report:
    """The results of an engine in this process."""
    files = folder / "shapes.nt", folder / "data.nt"
    files[0].write_bytes(prepared_shapes(graph, engine, nodes))
    files[1].write_bytes(data)
    found = worker.validate_by(engine, *map(str, files))["results"]
    return Counter(
        tuple(re.sub(r"_:\w+", "_:", item[part] or "") for part in ("focus_node", "value", "component", "severity"))
        for item in found
    )
