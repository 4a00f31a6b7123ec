"""Labels of blank nodes: by content, whatever they were called and in whatever order they came."""

import random
import re
from collections.abc import Iterable

import pytest

from isoc_kg.errors import DataWarning
from isoc_kg.rdf import labelled_lines
from isoc_kg.rdf.labelling import has_blank_node, labelled

TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*"|<[^<>]*>|_:\w+')


def disguised(lines: Iterable[bytes], seed: int = 0) -> list[bytes]:
    """The same statements with other labels, in another order, one of them twice."""
    chance = random.Random(seed)
    labels: dict[bytes, bytes] = {}

    def other(match: re.Match[bytes]) -> bytes:
        if not match[0].startswith(b"_:"):
            return match[0]
        return labels.setdefault(match[0], b"_:z%d" % chance.getrandbits(60))

    result = [TOKEN.sub(other, line) for line in lines]
    chance.shuffle(result)
    return [*result, result[0]]


def linked(*pairs: tuple[int, int]) -> list[bytes]:
    return [b"_:n%d <x:p> _:n%d .\n" % pair for pair in pairs]


def both_ways(pairs: Iterable[tuple[int, int]]) -> list[bytes]:
    return linked(*(pair for one, other in pairs for pair in ((one, other), (other, one))))


ROOK = [(i, j) for i in range(16) for j in range(i) if i // 4 == j // 4 or i % 4 == j % 4]
STEPS = {(0, 1), (0, 3), (1, 0), (3, 0), (1, 1), (3, 3)}
SHRIKHANDE = [(i, j) for i in range(16) for j in range(i) if ((i // 4 - j // 4) % 4, (i % 4 - j % 4) % 4) in STEPS]
SIDE = 60
GRID = [(i * SIDE + j, i * SIDE + j + 1) for i in range(SIDE) for j in range(SIDE - 1)]
GRID += [(i * SIDE + j, (i + 1) * SIDE + j) for i in range(SIDE - 1) for j in range(SIDE)]
CASES = {
    "leaves": [b'_:a <x:k> "_:b" .\n', b'<x:s> <x:p> _:a .\n', b'<x:s> <x:p> _:b .\n', b'_:b <x:k> "2"@en .\n'],
    "equal leaves of two things": [b"<x:s> <x:p> _:n1 .\n", b"<x:t> <x:p> _:n2 .\n", *linked((1, 3), (2, 4))],
    "equal leaves of one thing": [b"<x:s> <x:p> _:a .\n", b"<x:s> <x:p> _:b .\n", b"<x:s> <x:p> _:c .\n"],
    "told apart from below, beside": [
        *linked((1, 2), (3, 4), (5, 2), (6, 4)), b"<x:s> <x:p> _:n5 .\n", b"<x:t> <x:p> _:n6 .\n"
    ],
    "graphs": [b"_:a <x:p> _:b _:g .\n", b"_:b <x:p> _:a <x:g> .\n", b"_:g <x:p> <x:o> .\n"],
    "a node with itself": [b"_:a <x:p> _:a .\n", b"_:b <x:p> _:b _:b .\n"],
    "triple terms": [
        b"_:r <x:reifies> <<( _:a <x:p> <<( _:b <x:q> _:a )>> )>> .\n", b"_:a <x:p> _:c .\n", b"_:b <x:p> _:c .\n"
    ],
    "long chain": linked(*((n, n + 1) for n in range(10_000))),
    "cycle": linked(*((n, (n + 1) % 30_000) for n in range(30_000))),
    "marked cycle": [*linked(*((n, (n + 1) % 5_000) for n in range(5_000))), b"_:n7 <x:q> <x:o> .\n"],
    "cycles of two lengths": linked(*((n, (n + 1) % 6) for n in range(6)), (10, 11), (11, 12), (12, 10)),
    "clique": both_ways((i, j) for i in range(12) for j in range(i)),
    "grid": linked(*GRID),
    "many components": linked(*((3 * n + k, 3 * n + (k + 1) % 3) for n in range(5_000) for k in range(3))),
    "strongly regular": both_ways(ROOK),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_labels_do_not_depend_on_labels_or_order(name: str) -> None:
    """And no two nodes get one: as many labels and lines come out as went in."""
    lines = CASES[name]
    first = labelled(list(lines))
    assert all(labelled(disguised(lines, seed)).lines == first.lines for seed in range(3))
    assert len(first.lines) == len(set(lines))
    assert len(nodes(first.lines)) == len(nodes(lines))
    assert labelled(list(first.lines)).lines == first.lines
    assert first.ties == (1 if name == "cycle" else 0)


def nodes(lines: Iterable[bytes]) -> set[bytes]:
    return {match[0] for line in lines for match in TOKEN.finditer(line) if match[0].startswith(b"_:")}


def test_what_lies_elsewhere_changes_no_label() -> None:
    """A literal far below changes the labels above it, and none beside."""
    lines = [
        b"<x:a> <x:p> _:x .\n", b"_:x <x:q> _:y .\n", b'_:y <x:v> "1" .\n', b"_:x <x:q> _:z .\n", b'_:z <x:v> "3" .\n'
    ]  # fmt: skip
    before = labelled(list(lines)).lines
    after = labelled([*lines[:2], b'_:y <x:v> "2" .\n', *lines[3:]]).lines
    assert [line for line in before if b'"3"' in line] == [line for line in after if b'"3"' in line]


def test_ties_are_counted_and_told() -> None:
    """Graphs that only a search could tell apart: still no node is lost, and the user is told."""
    both = [*both_ways(ROOK), *both_ways((i + 16, j + 16) for i, j in SHRIKHANDE)]
    result = labelled(list(both))
    assert len(result.lines) == len(both)
    assert len(nodes(result.lines)) == 32
    assert result.ties
    with pytest.warns(DataWarning, match=r"3 choices were made by the order of the input"):
        labelled_lines(both)


def test_random_graphs() -> None:
    """Every small graph over quads and triple terms gets the same bytes, disguised, and keeps its shape."""
    chance = random.Random(5)
    for seed in range(1_500):
        names = [b"_:n%d" % n for n in range(chance.randint(1, 6))]
        lines = {
            b"%b <x:p%d> %b%b .\n"
            % (
                chance.choice([*names, b"<x:a>"]),
                chance.randint(0, 1),
                chance.choice([*names, *names, b"<x:a>", b'"_:n0 \\" "', b"<<( %b <x:q> _:n0 )>>" % names[-1]]),
                chance.choice([b"", b"", b" <x:g>", b" " + names[0]]),
            )
            for _ in range(chance.randint(1, 9))
        }
        first, second = labelled(sorted(lines)), labelled(disguised(lines, seed))
        assert first == second
        assert len(first.lines) == len(lines)
        assert len(nodes(first.lines)) == len(nodes(lines))


def test_a_blank_node_within_a_triple_term_is_one() -> None:
    """And what looks like one in a literal or an IRI is none."""
    assert has_blank_node(b"<x:s> <x:p> <<( <x:a> <x:p> _:b )>> .\n")
    assert has_blank_node(b'<x:s> <x:p> "a" _:g .\n')
    assert not has_blank_node(b'<x:s> <x:_:a> "a _:b \\" _:c" .\n')
