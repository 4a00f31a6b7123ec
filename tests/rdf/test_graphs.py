"""A dataset by graph, and the lines in which its graphs have their names."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isoc_kg.errors import UnknownName
from isoc_kg.rdf import Graphs, digest, merge, split, triples
from isoc_kg.rdf.conversion import select_graph
from isoc_kg.rdf.lines import sort_lines, with_graph, without_graph

TRIPLES = [
    b"<x:s> <x:p> <x:o> .\n",
    b'<x:s> <x:p> "a <x:g> ." .\n',
    b'<x:s> <x:p> "b"@en--rtl .\n',
    b'_:b <x:p> <<( <x:s> <x:p> "c \\" <x:g>" )>> .\n',
    b'<x:t> <x:p> "1"^^<x:d> .\n',
]
GRAPHS = [b"", b"<x:g>", b"<x:g/2>", b"_:g"]
lines_ = st.sets(st.tuples(st.sampled_from(TRIPLES), st.sampled_from(GRAPHS))).map(
    lambda pairs: sorted(with_graph(*pair) for pair in pairs)
)


@given(lines_)
def test_quads_and_back(lines: list[bytes]) -> None:
    """Taking a graph's name from a line and adding it again leaves the line; so does the whole of a dataset."""
    for line in lines:
        graph = split(line)[3]
        assert with_graph(without_graph(line, graph), graph) == line
    graphs = Graphs.of_quads(lines)
    assert graphs.quads() == lines
    assert digest(graphs.quads()) == digest(lines)
    assert sum(map(len, graphs.values())) == len(lines)


@given(lines_)
def test_one_graph_has_one_content(lines: list[bytes]) -> None:
    """By its name in the dataset, by the choice that export has, and by the selection among lines."""
    graphs = Graphs.of_quads(lines)
    for name, content in graphs.items():
        assert content == sort_lines(list(content)) == list(triples(lines, [name or ""]))
        assert content == list(triples(select_graph(lines, name or "default"))) == graphs.union(name)
    assert graphs.union(*graphs) == list(triples(lines)) == list(merge(*graphs.values()))


def test_triples_without_a_graph_can_have_one() -> None:
    """They go with those that are in it already."""
    graphs = Graphs.of_quads([TRIPLES[0], with_graph(TRIPLES[0], b"<x:g>"), with_graph(TRIPLES[4], b"<x:g>")], "x:g")
    assert graphs == {"x:g": [TRIPLES[0], TRIPLES[4]]}
    assert graphs.union("x:none") == graphs.union() == []
    with pytest.raises(UnknownName):
        select_graph(graphs.quads(), "x:none")
