"""`isoc-kg export` and what stands behind it: any RDF to any format, the same bytes each time."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg.errors import UnknownName, UsageError
from isoc_kg.formats import FORMATS, JSONLD, NQUADS, NTRIPLES, TRIG, TURTLE, Format, format_from_path
from isoc_kg.rdf.conversion import DEFAULT_GRAPH, convert, convert_unordered
from isoc_kg.rdf.files import RdfFile

DATA = b"""@prefix e: <http://e/> . e:a e:b "x"@en , [ e:c 1.10 ] . e:g { e:a e:b e:c . }"""


def run(*arguments: str, cwd: Path, data: bytes = b"") -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "isoc_kg", "export", *arguments]
    return subprocess.run(command, cwd=cwd, input=data, capture_output=True, check=False)


def converted(files: list[RdfFile], format_: Format, work=convert, **how) -> bytes:
    out = io.BytesIO()
    work(files, format_, out, prefixes={}, **how)
    return out.getvalue()


def dataset(data: bytes, format_: Format) -> ox.Dataset:
    found = ox.Dataset(ox.parse(data, format=format_.engine))
    found.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    return found


def test_files_merge_whatever_their_order() -> None:
    """Blank nodes with one label in two files stay two nodes, and the bytes do not depend on the order."""
    files = [RdfFile(f'_:b <x:p> "{n}" .'.encode(), NTRIPLES) for n in range(3)]
    first = converted(files, NQUADS)
    assert first == converted(files[::-1], NQUADS)
    assert len({quad.subject for quad in ox.parse(first, format=NQUADS.engine)}) == 3
    assert re.fullmatch(rb'_:b[0-9a-f]{16} <x:p> "0" \.\n', converted([files[0]], NTRIPLES))


def test_prefixes_of_the_files_are_kept() -> None:
    """What a file declares is used in what is written."""
    text = converted([RdfFile(DATA, TRIG)], TURTLE).decode()
    assert text.startswith("@prefix e: <http://e/> .\n")
    assert 'e:a e:b "x"@en' in text
    assert '"1.10"' in text


def test_one_graph_can_be_chosen() -> None:
    """A named graph, the default one, and a name that is no graph's."""
    files = [RdfFile(DATA, TRIG)]
    assert converted(files, NTRIPLES, graph="http://e/g") == b"<http://e/a> <http://e/b> <http://e/c> .\n"
    assert converted(files, NQUADS, graph="http://e/g").endswith(b" <http://e/g> .\n")
    assert converted(files, NTRIPLES, graph=DEFAULT_GRAPH).count(b"\n") == 3
    with pytest.raises(UnknownName) as caught:
        converted(files, NTRIPLES, graph="http://e/h")
    assert caught.value.suggestions == ("http://e/g",)


@pytest.mark.parametrize("format_", [TURTLE, NTRIPLES, NQUADS, TRIG])
def test_unordered_is_the_same_data(format_: Format) -> None:
    """Written as it is read, with one graph or all."""
    for graph in (None, "http://e/g", DEFAULT_GRAPH):
        streamed = converted([RdfFile(DATA, TRIG)], format_, convert_unordered, graph=graph)
        assert dataset(streamed, format_) == dataset(converted([RdfFile(DATA, TRIG)], format_, graph=graph), format_)


def test_what_cannot_stream_says_so() -> None:
    """JSON-LD is grouped by subject, so there is no unordered form of it."""
    with pytest.raises(UsageError, match="not written as a stream"):
        converted([RdfFile(DATA, TRIG)], JSONLD, convert_unordered)


def test_every_format_to_every_format(tmp_path: Path) -> None:
    """By the command: formats told by the names of the files, the same triples in the end."""
    (tmp_path / "a.ttl").write_bytes(b'@prefix e: <http://e/> . e:a e:b "x"@en , 1.10 , e:c .')
    expected = None
    for source in FORMATS:
        done = run("a.ttl", "-o", f"b.{source.name}", cwd=tmp_path)
        assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
        path = tmp_path / f"b.{source.name}"
        found = dataset(path.read_bytes(), format_from_path(path))
        assert expected is None or found == expected
        expected = found


def test_files_named_like_flags(tmp_path: Path) -> None:
    """After `--`, or with `./` before it, a name is a name; `-` is standard input and output."""
    (tmp_path / "--format.nt").write_bytes(b"<x:s> <x:p> <x:o> .\n")
    for arguments in (["--", "--format.nt"], ["./--format.nt"]):
        done = run("--format", "nt", *arguments, cwd=tmp_path)
        assert (done.returncode, done.stdout) == (0, b"<x:s> <x:p> <x:o> .\n")
    done = run("--from", "ttl", "--format", "nq", "-o", "-", "-", cwd=tmp_path, data=b"<x:s> <x:p> 1 .")
    assert done.stdout.startswith(b'<x:s> <x:p> "1"^^')
    done = run("-o", "./-x.nt", "./--format.nt", cwd=tmp_path)
    assert (tmp_path / "-x.nt").read_bytes() == b"<x:s> <x:p> <x:o> .\n"


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["no.ttl"], 3, "cannot be read"),
        (["bad.ttl"], 3, "bad.ttl:1:"),
        (["prose.txt"], 2, "cannot tell the RDF format"),
        (["-o", "out.txt", "good.nt"], 2, "the file name does not show an RDF format"),
        (["--format", "pdf", "good.nt"], 2, "no RDF format"),
        (["-"], 2, "standard input"),
        (["--unordered"], 2, "--from and --base need files"),
        (["--graph", "http://e/none", "good.nt"], 2, "no graph"),
        (["-o", "folder.nt", "good.nt"], 3, "cannot be written"),
        (["-o", "good.nt/x.nt", "good.nt"], 3, "cannot be written"),
        (["--format", "nt", "-o", "/dev/full", "good.nt"], 3, "disk is full"),
        (["--format", "rdf", "digits.nt"], 3, "<http://x/123>"),
    ],
)
def test_what_goes_wrong_is_one_message(arguments: list[str], code: int, words: str, tmp_path: Path) -> None:
    """The right exit code, what is wrong, no traceback, and nothing written."""
    (tmp_path / "good.nt").write_bytes(b"<x:s> <x:p> <x:o> .\n")
    (tmp_path / "prose.txt").write_bytes(b"Dear reader, this is no RDF.\n")
    (tmp_path / "digits.nt").write_bytes(b"<x:s> <http://x/123> <x:o> .\n")
    (tmp_path / "bad.ttl").write_bytes(b"<x:s> <x:p> .\n")
    (tmp_path / "folder.nt").mkdir()
    before = sorted(path.name for path in tmp_path.iterdir())
    done = run(*arguments, cwd=tmp_path)
    assert done.returncode == code
    assert words in done.stderr.decode()
    assert "Traceback" not in done.stderr.decode()
    assert sorted(path.name for path in tmp_path.iterdir()) == before


def test_a_failed_export_leaves_the_old_file(tmp_path: Path) -> None:
    """Whatever stood there stands there still."""
    (tmp_path / "digits.nt").write_bytes(b"<x:s> <http://x/123> <x:o> .\n")
    (tmp_path / "out.rdf").write_bytes(b"old")
    assert run("-o", "out.rdf", "digits.nt", cwd=tmp_path).returncode == 3
    assert (tmp_path / "out.rdf").read_bytes() == b"old"


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    """`| head` closes the pipe: no message, no traceback."""
    (tmp_path / "a.nt").write_bytes(b"".join(b'<x:s%d> <x:p> "%s" .\n' % (n, b"x" * 100) for n in range(20_000)))
    read_end, write_end = os.pipe()
    os.close(read_end)
    with subprocess.Popen(
        [sys.executable, "-m", "isoc_kg", "export", "--format", "nt", "a.nt"],
        cwd=tmp_path, stdout=write_end, stderr=subprocess.PIPE,
    ) as process:  # fmt: skip
        os.close(write_end)
        _, errors = process.communicate()
    assert b"Traceback" not in errors


def test_the_publication_without_files(tmp_path: Path) -> None:
    """The shipped publication: all graphs where there are graphs, one by its short name, the same bytes twice."""
    whole = run("--format", "nq", cwd=tmp_path)
    assert whole.returncode == 0, whole.stderr.decode()
    facts = run("--graph", "facts", "--format", "nq", cwd=tmp_path).stdout.splitlines()
    assert facts
    assert set(facts) < set(whole.stdout.splitlines())
    assert all(line.endswith(b"/graph/facts> .") for line in facts)
    assert run("-o", "a.jsonld", cwd=tmp_path).returncode == run("-o", "b.jsonld", cwd=tmp_path).returncode == 0
    assert (tmp_path / "a.jsonld").read_bytes() == (tmp_path / "b.jsonld").read_bytes()
