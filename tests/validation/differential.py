"""Random shapes on random data in every engine that the table of constructs calls right on them.

Engines that are right give one report. Where two differ, the table lacks a row, or the engine of this package is wrong.
"""

import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pyoxigraph as ox

from isoc_kg.validation import worker
from isoc_kg.validation.choice import PREFERRED, choose
from isoc_kg.validation.prepared import prepared_shapes
from isoc_kg.validation.shape_index import ShapeIndex

sys.path[:0] = [str(Path(__file__).parent)]
import random_shapes

__all__ = ["differences"]

#: The results of shapes on data (N-Triples): focus node, value, component and severity; None for a refusal.
Opinion = Callable[[bytes, bytes], "Counter[tuple[str, ...]] | None"]


def differences(seeds: range, others: dict[str, Opinion] | None = None) -> Iterator[tuple[int, dict[str, object]]]:
    """The seeds whose reports are not one, with the results of each engine that others do not have.

    `others` are opinions from elsewhere, asked about shapes that every engine is right on.
    """
    with tempfile.TemporaryDirectory() as folder:
        for seed in seeds:
            data, shapes = _made(seed)
            graph = ShapeIndex(shapes)
            right = [engine for engine in PREFERRED if not choose(graph, [b"\t"], [engine]).notes]
            reports = {engine: _results(engine, graph, data, Path(folder)) for engine in right}
            if len(right) == len(PREFERRED) and not any(mark in shapes for mark in _XPATH_ALONE):
                reports |= {name: opinion(data, shapes) for name, opinion in (others or {}).items()}
            answers = [report for report in reports.values() if report is not None]
            if any(report != answers[0] for report in answers):
                common = answers[0]
                for report in answers:
                    common = common & report
                yield seed, {name: report and report - common for name, report in reports.items()}


#: In patterns, what others take for another dialect's.
_XPATH_ALONE = (rb"\\w", rb"\\i", rb"-[")


def _made(seed: int) -> tuple[bytes, bytes]:
    maker = random_shapes.OddMaker(seed)
    data, shapes = (
        ox.serialize(ox.parse(text, format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES) or b""
        for text in (maker.data(), maker.shapes())
    )
    return data, shapes


def _results(engine: str, graph: ShapeIndex, data: bytes, folder: Path) -> "Counter[tuple[str, ...]]":
    files = folder / "shapes.nt", folder / "data.nt"
    files[0].write_bytes(prepared_shapes(graph, engine))
    files[1].write_bytes(data)
    found = worker.validate_by(engine, *map(str, files))["results"]
    return Counter(
        tuple(re.sub(r"_:\w+", "_:", item[part] or "") for part in ("focus_node", "value", "component", "severity"))
        for item in found
    )
