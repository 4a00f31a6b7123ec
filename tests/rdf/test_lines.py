"""Sorted lines as one block: what starts with a prefix is found, however much that is."""

import pytest

from isoc_kg.rdf.lines import Lines


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 31, 32, 33, 64, 200])
@pytest.mark.parametrize("before", [0, 3])
@pytest.mark.parametrize("after", [0, 1, 40])
def test_the_end_of_what_starts_alike(before: int, count: int, after: int) -> None:
    """Far ends are found as near ones are, also where nothing follows."""
    numbers = {b"a": before, b"b": count, b"c": after}
    lines = Lines([b"<x:%b> <x:p> <x:%04d> .\n" % (name, n) for name, many in numbers.items() for n in range(many)])
    assert lines.end(b"<x:b> ", before) == before + count
    assert lines.block(b"<x:b> ", before).count(b"\n") == count
