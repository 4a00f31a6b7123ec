"""What a node breaks of a shape that another one asks it for (`sh:node`): results that name statements.

SHACL reports no more of `sh:node` than that the node does not conform
(https://www.w3.org/TR/shacl/#NodeConstraintComponent). Whoever corrects facts wants the statement, so the shape that
is asked for is asked again of the nodes that break it, and its results stand in place of that one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from ..limits import Limits
from ..namespaces import RDF, RDFS, SH
from ..rdf.lines import split
from ..rdf.tokens import iri_token, triple_line
from ..validation import DataGraph, Report, Result, ShapesGraph, Validation

__all__ = ["detailed"]

_NODE, _TARGET = iri_token(SH.node), iri_token(SH.targetNode)
_TARGETS = {
    iri_token(SH[name]) for name in ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf", "target")
}
_CLASS = (iri_token(RDF.type), iri_token(RDFS.Class))
#: Shapes that ask for shapes that ask for shapes are followed so deep.
_DEPTH = 8


def detailed(
    validation: Validation, pairs: Sequence[tuple[DataGraph, ShapesGraph]], engine: str | None, limits: Limits
) -> Validation:
    """The validation with what nodes break of the shapes that `sh:node` names, as far as these tell."""
    reports = [
        _detailed(report, data, list(shapes.lines), engine, limits)
        for report, (data, shapes) in zip(validation.reports, pairs, strict=bool(validation.reports))
    ]
    return replace(validation, reports=tuple(reports))


def _detailed(report: Report, data: DataGraph, shapes: list[bytes], engine: str | None, limits: Limits) -> Report:
    asked: dict[bytes, list[bytes]] = {}
    for line in shapes if any(map(_is_broad, report.results)) else ():
        subject, predicate, object_, _ = split(line)
        if predicate == _NODE:
            asked.setdefault(subject, []).append(object_)
    results = report.results
    for _ in range(_DEPTH):
        broad = [result for result in results if _is_broad(result) and _shapes_of(result, asked)]
        if not broad:
            break
        text = b"".join((*_without_targets(shapes), *_targets(broad, asked)))
        by_node: dict[str, list[Result]] = {}
        for result in data.report(text, engine, limits).results:
            by_node.setdefault(result.focus_node, []).append(result)
        told = {
            replace(detail, severity=result.severity)
            for result in broad
            for detail in by_node.get(result.value or "", ())
        }
        kept = [result for result in results if result not in broad or not by_node.get(result.value or "")]
        following = tuple(sorted({*kept, *told}, key=repr))
        if following == results:
            break
        results = following
    return replace(report, results=results)


def _is_broad(result: Result) -> bool:
    return result.component == SH.NodeConstraintComponent and (result.value or "_:").startswith("<")


def _shapes_of(result: Result, asked: Mapping[bytes, list[bytes]]) -> list[bytes]:
    return asked.get(iri_token(result.shape), []) if result.shape else []


def _targets(broad: Iterable[Result], asked: Mapping[bytes, list[bytes]]) -> list[bytes]:
    nodes = {(shape, (result.value or "").encode()) for result in broad for shape in _shapes_of(result, asked)}
    return [triple_line(shape, _TARGET, node) for shape, node in sorted(nodes)]


def _without_targets(shapes: Iterable[bytes]) -> list[bytes]:
    """The shapes without what they are asked of by themselves."""
    kept = []
    for line in shapes:
        _, predicate, object_, _ = split(line)
        if predicate not in _TARGETS and (predicate, object_) != _CLASS:
            kept.append(line)
    return kept
