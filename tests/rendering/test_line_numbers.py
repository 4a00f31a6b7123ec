"""Line numbers: of each of many tokens, in one array."""

import tracemalloc
from pathlib import Path

from isoc_kg.namespaces import SCHEMA, XSD
from isoc_kg.project import load_project
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.line_numbers import LineNumbers

_MOST_BYTES = 1_650  #: of an index for each of the things below, besides the text of its lines


def test_numbers_of_tokens() -> None:
    """Each token has its numbers in order, whether it is one or several, and what was never added has none."""
    numbers = LineNumbers()
    for number, token in enumerate((b"<a>", b"<b>", b"<a>", b"<c>", b"<a>", b"<c>")):
        numbers.add(token, number)
    numbers.pack()
    assert {token: list(found) for token, found in numbers.items()} == {b"<a>": [0, 2, 4], b"<b>": [1], b"<c>": [3, 5]}
    assert list(numbers.of(b"<d>")) == []
    assert (b"<b>" in numbers, b"<d>" in numbers) == (True, False)
    assert list(numbers) == [b"<a>", b"<b>", b"<c>"]
    assert list(numbers.of(b"<a>")[:2]) == [0, 2]


def test_memory_of_an_index(harbour: Path) -> None:
    """An index takes a bounded number of bytes for each thing: names, kinds, a description, links and addresses."""
    base = "https://harbour.example/kg/"
    lines = []
    count = 2_000
    for number in range(count):
        said = [
            (SCHEMA.name, f'"thing {number}"@en'),
            (SCHEMA.alternateName, f'"T{number}"@en'),
            (SCHEMA.description, f'"{"about " * 14}{number}"@en'),
            (SCHEMA.foundingDate, f'"1992"^^<{XSD.gYear}>'),
            (SCHEMA.url, f"<https://www.example.org/{number}>"),
            *((SCHEMA.iri + name, f"<{base}id/thing-{number * step % count}>") for name, step in _LINKS),
        ]
        lines += [f"<{base}id/thing-{number}> <{p}> {o} <{base}graph/facts> .\n".encode() for p, o in said]
    lines.sort()
    project = load_project(harbour)
    Index(project, lines[:10])
    tracemalloc.start()
    try:
        index = Index(project, lines)
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(index.subjects) == count
    assert (taken - sum(map(len, lines))) / count < _MOST_BYTES


_LINKS = (("knows", 3), ("isPartOf", 7), ("about", 11), ("location", 13))
