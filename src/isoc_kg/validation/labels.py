"""Blank nodes of a report by the labels that their content gives them, as an export labels them."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from ..limits import Limits
from ..rdf.files import RdfFile
from ..rdf.lines import lines_in_order, split
from .report import Report, Result

__all__ = ["located_with_labels", "with_labels"]

_BLANK = re.compile(r"_:[\w.-]*\w")
Located = tuple[tuple[str, str, str], tuple[Path, int]]


def with_labels(report: Report, data: Sequence[bytes | Path]) -> Report:
    """The report with the nodes of the data (N-Triples) labelled by content, and with the ways to focus nodes."""
    if not any(token and token.startswith("_:") for one in report.results for token in (one.focus_node, one.value)):
        return report
    from ..rdf.labelling import labels_by_content, substituted
    from ..rdf.ways import places_above, way_to

    lines = [
        line
        for part in data
        for line in (part.read_bytes() if isinstance(part, Path) else part).splitlines(keepends=True)
        if b"_:" in line
    ]
    labels = labels_by_content(list(dict.fromkeys(lines)))
    results = tuple(sorted((_labelled(result, labels) for result in report.results), key=repr))
    above = places_above(sorted(substituted(line, labels) for line in lines if b" _:" in line))
    blank = {result.focus_node for result in results if result.focus_node.startswith("_:")}
    return replace(report, results=results, ways={node: way for node in blank if (way := way_to(node, above))})


def _labelled(result: Result, labels: Mapping[bytes, bytes]) -> Result:
    tokens = [token for token in (result.focus_node, result.value) if token and token.startswith("_:")]
    names = {token: labels.get(token.encode(), token.encode()).decode() for token in tokens}

    def within(text: str) -> str:
        return _BLANK.sub(lambda match: names.get(match[0], match[0]), text)

    return replace(
        result,
        focus_node=names.get(result.focus_node, result.focus_node),
        value=names.get(result.value or "", result.value),
        message=within(result.message),
        messages=tuple(map(within, result.messages)),
    )


def located_with_labels(files: Sequence[RdfFile], limits: Limits) -> Iterator[Located]:
    """The triples of files, as tokens with labels by content, each with its place."""
    from ..rdf.labelling import blank_nodes_of, labels_by_content, substituted

    lines: list[bytes] = []
    places: list[tuple[Path, int]] = []
    for number, file in enumerate(files):
        quads, numbers = [], []
        for quad, line in file.located(limits):
            quads.append(quad)
            numbers.append((file.path, line))
        apart = b"_:f%d" % number  # one label in two files means two blank nodes
        for text in lines_in_order(ox.Quad(*quad.triple) for quad in quads):
            lines.append(substituted(text, {node: apart + node[2:] for node in blank_nodes_of(text)}))
        places += numbers
    labels = labels_by_content(list(dict.fromkeys(line for line in lines if b"_:" in line)))
    for text, place in zip(lines, places, strict=True):
        subject, predicate, object_, _ = split(substituted(text, labels) if b"_:" in text else text)
        yield (subject.decode(), predicate.decode(), object_.decode()), place
