"""What a child process does of reading and writing: the same as one process does alone."""

import io
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from isoc_kg.errors import DataWarning, ParseError
from isoc_kg.limits import forking
from isoc_kg.namespaces import RDF, SKOS
from isoc_kg.rdf import files, turtle
from isoc_kg.rdf.files import RdfFile, read_files
from isoc_kg.rdf.reading_order import ReadingOrder

LINUX = pytest.mark.skipif(sys.platform != "linux", reason="only there are processes forked")
TERM = b"<https://example.org/terms#term-%d>"


@pytest.fixture(params=[True, False], ids=["two processes", "one"])
def processes(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[bool]:
    """Whether a child does half of it, however little there is."""
    forks = []
    before = os.fork

    def fork() -> int:
        forks.append(1)
        return before()

    monkeypatch.setattr(os, "fork", fork)
    for module in (files, turtle):
        monkeypatch.setattr(module, "_WORTH", 4)
        monkeypatch.setattr(module, "may_fork", lambda: request.param)
    yield request.param
    assert bool(forks) == request.param


def statements(count: int) -> list[bytes]:
    """Things, terms and claims, several statements of each, some twice, in no order, tags of both spellings."""
    lines = []
    for number in range(count):
        name = TERM % number if number % 3 else b"<https://example.org/things/%d>" % number
        lines += [
            name + b" <%s> <%s> .\n" % (RDF.type.encode(), RDF.Statement.encode() if number % 4 else b"x:Thing"),
            name + b' <%s> "number %d"@%s .\n' % (SKOS.prefLabel.encode(), number, b"en-GB" if number % 2 else b"de"),
            name + b" <https://example.org/terms#next> " + TERM % (number + 1) + b" .\n",
        ]
    return [*lines[::2], *lines[1::2], *lines[:5]]


ORDER = ReadingOrder(terms={TERM % number: 50 - number for number in range(0, 40, 2)})


@LINUX
def test_turtle_is_the_same_in_two_processes(processes: bool) -> None:
    """Blocks, their order, and the prefixes at the top; terms have an order of their own across both halves."""
    lines = sorted(set(statements(40)))
    out = io.BytesIO()
    turtle.write_turtle(lines, out, {"t": "https://example.org/terms#", "skos": SKOS.iri}, ORDER)
    text = out.getvalue()
    alone = io.BytesIO()
    turtle.write_turtle(iter(lines), alone, {"t": "https://example.org/terms#", "skos": SKOS.iri}, ORDER)
    assert text == alone.getvalue()
    assert text.count(b"\nt:term-") == 26
    assert text.index(b"\nt:term-38 ") < text.index(b"\nt:term-2 ")


@LINUX
def test_a_file_is_read_the_same_in_two_processes(processes: bool, tmp_path: Path) -> None:
    """Sorted, none twice, tags as they are spelled first."""
    file = tmp_path / "data.nt"
    file.write_bytes(b"".join(statements(30)) + b'<x:s> <x:p> "text"@en-gb .\n')
    lines, _ = read_files([RdfFile(file)])
    expected = {line.replace(b"@en-gb", b"@en-GB") for line in (*statements(30), b'<x:s> <x:p> "text"@en-gb .\n')}
    assert lines == sorted(expected)


@pytest.mark.parametrize(
    ("more", "line"),
    [(b"<x:s> <x:p> .\n", 91), (b'<x:s> <x:p> "\xff" .\n', 91)],
    ids=["syntax", "encoding"],
)
@LINUX
def test_what_is_wrong_is_said_with_its_line(processes: bool, tmp_path: Path, more: bytes, line: int) -> None:
    """In whichever half it stands."""
    whole = b"".join(statements(30)[:90])
    for content, place in ((whole + more, line), (more + whole, 1)):
        file = tmp_path / "data.nt"
        file.write_bytes(content)
        with pytest.raises(ParseError) as error:
            read_files([RdfFile(file)])
        assert (error.value.line, error.value.file) == (place, file)


@LINUX
def test_blank_nodes_and_empty_halves_are_for_one_process(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Labels by content need all lines as they come; a half without statements is no file without them."""
    monkeypatch.setattr(files, "_WORTH", 4)
    monkeypatch.setattr(files, "may_fork", lambda: True)
    file = tmp_path / "data.nt"
    file.write_bytes(b"".join(statements(30)) + b"_:a <x:p> _:b .\n_:b <x:p> <x:o> .\n")
    assert sum(b"_:" in line for line in read_files([RdfFile(file)])[0]) == 2
    file.write_bytes(b"".join(statements(2)) + b"# nothing\n" * 200)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert read_files([RdfFile(file)])[0] == sorted(set(statements(2)))
    file.write_bytes(b"# nothing\n" * 200)
    with pytest.warns(DataWarning, match="no statements"):
        assert read_files([RdfFile(file)])[0] == []


@LINUX
def test_a_child_that_fails_or_is_not_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its work is to be done by whoever asked for it, and no child stays."""

    def fail() -> int:
        raise ValueError

    def refuse(*_: object) -> int:
        raise BlockingIOError

    with forking.forked(fail) as child:
        assert child.result() is None
    with forking.forked(lambda: {"a": [1, 2]}) as child:
        assert child.result() == {"a": [1, 2]}
    for name in ("fork", "memfd_create"):
        with monkeypatch.context() as patch:
            patch.setattr(os, name, refuse)
            with forking.forked(lambda: 1) as child:
                assert child.result() is None
    with forking.forked(lambda: os.read(os.pipe()[0], 1)) as child:
        number = child._child
    with pytest.raises(ProcessLookupError):
        os.kill(number, 0)
