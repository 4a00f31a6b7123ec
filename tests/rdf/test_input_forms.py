"""Files as they are published: compressed, archived, in folders, with marks, under any name, with relative IRIs."""

import bz2
import codecs
import gzip
import lzma
import sys
import zipfile
from pathlib import Path

import pytest

from isoc_kg.errors import EncodingError, IsocKgError, LimitExceeded, ParseError, UnknownName
from isoc_kg.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, format_from_content, format_of
from isoc_kg.limits import Limits
from isoc_kg.rdf import read_lines
from isoc_kg.rdf.files import RdfFile, Reading, read_files
from isoc_kg.rdf.rdfxml import write_rdfxml

from .mutate_documents import DOCUMENTS, tried
from material import ROOT

TEXT = b'@prefix e: <http://e/> .\ne:a e:p "x" .\n'
LINE = b'<http://e/a> <http://e/p> "x" .\n'


def lines_of(*paths: Path, **more: object) -> list[bytes]:
    return read_files(Reading(**more).files(paths))[0]  # type: ignore[arg-type]


def zstandard(data: bytes) -> bytes:
    if sys.version_info >= (3, 14):
        from compression import zstd
    else:
        zstd = pytest.importorskip("backports.zstd")
    return bytes(zstd.compress(data))


@pytest.mark.parametrize(
    ("ending", "compress"), [("gz", gzip.compress), ("bz2", bz2.compress), ("xz", lzma.compress), ("zst", zstandard)]
)
def test_compressed_files_are_read_whatever_their_name(ending: str, compress, tmp_path: Path) -> None:
    """By what is in them; cut off, or changed, they are refused."""
    data = compress(TEXT)
    for name in (f"a.ttl.{ending}", "a.ttl", f"A.TTL.{ending.upper()}"):
        path = tmp_path / name
        path.write_bytes(data)
        assert lines_of(path) == [LINE]
        path.write_bytes(data[:-9])
        with pytest.raises(ParseError, match="decompressed"):
            lines_of(path)


def test_what_grows_out_of_proportion_is_refused(tmp_path: Path) -> None:
    """Long before it is too much for the memory, in a file and in an archive."""
    packed = gzip.compress(b"#" * 200_000_000, 9)
    (tmp_path / "a.nt.gz").write_bytes(packed)
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.nt", b"#" * 200_000_000)
    for name in ("a.nt.gz", "a.zip"):
        with pytest.raises(LimitExceeded, match="become more than") as caught:
            lines_of(tmp_path / name)
        assert caught.value.file


def test_archives_and_folders_are_the_rdf_files_in_them(tmp_path: Path) -> None:
    """One label in two of them means two nodes; hidden files and texts are passed over."""
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("README.md", "text")
        archive.writestr("d/a.ttl", TEXT + b"_:b e:q _:b .")
        archive.writestr("b.nt.gz", gzip.compress(b'_:b <http://e/r> "y" .\n'))
        archive.writestr("__MACOSX/._a.ttl", "x")
    folder = tmp_path / "folder"
    (folder / ".git").mkdir(parents=True)
    (folder / "sub").mkdir()
    (folder / ".git" / "x.ttl").write_text("no")
    (folder / "notes.txt").write_text("no")
    (folder / "a.ttl").write_bytes(TEXT + b"_:b e:q _:b .")
    (folder / "sub" / "b.nt").write_bytes(b'_:b <http://e/r> "y" .\n')
    for path in (tmp_path / "a.zip", folder):
        lines = lines_of(path)
        assert len(lines) == 3
        assert len({token for line in lines for token in line.split() if token.startswith(b"_:")}) == 2
    with zipfile.ZipFile(tmp_path / "a.zip", "a") as archive:
        archive.writestr("bad.ttl", "bad")
    with pytest.raises(ParseError, match=r"a\.zip/bad\.ttl:1:") as caught:
        lines_of(tmp_path / "a.zip")
    assert caught.value.line == 1
    (tmp_path / "empty").mkdir()
    with zipfile.ZipFile(tmp_path / "empty.zip", "w") as archive:
        archive.writestr("README", "x")
    for name in ("empty", "empty.zip"):
        with pytest.raises(ParseError, match="no RDF file"):
            lines_of(tmp_path / name)


def test_byte_order_marks() -> None:
    """They are passed over in UTF-8; UTF-16 is named where a format is always UTF-8."""
    for format_ in (TURTLE, TRIG, NTRIPLES, NQUADS):
        assert read_lines(codecs.BOM_UTF8 + LINE, format_) == [LINE]
        with pytest.raises(EncodingError, match="UTF-16"):
            read_lines(LINE.decode().encode("utf-16"), format_)
    assert read_lines(codecs.BOM_UTF8 + b'{"@id": "http://e/a", "http://e/p": "x"}', JSONLD) == [LINE]


def test_formats_by_name_and_by_content() -> None:
    """Names that say little leave it to the content; others are taken at their word."""
    xml = b'\xef\xbb\xbf<?xml version="1.0"?><rdf:RDF/>'
    for name in ("a.owl", "a.rdfs", "a.rdf", "a.shacl", "a.txt", "a", "a.xml.gz"):
        assert format_of(name, xml) is RDFXML
        assert format_of(name, b"# remark\n@prefix a: <b> .") is TURTLE
        assert format_of(name, b"PREFIX a: <b>") is TURTLE
        assert format_of(name, LINE) is TURTLE
        assert format_of(name, b"<x:a> <x:b> <x:c> <x:d> .") is NQUADS
        assert format_of(name, b' [{"@id": "x"}]') is JSONLD
    assert format_of("a.n3", b"") is TURTLE
    assert format_of("a.nt.zst", xml) is NTRIPLES
    assert format_of("a.owl", b"Ontology(") is RDFXML
    assert format_from_content("<rdf:RDF>".encode("utf-16")) is RDFXML
    for content in (b"", b"Dear reader", b"a,b,c\n", b"%PDF-1.7"):
        with pytest.raises(UnknownName, match="cannot tell"):
            format_of("a.txt", content)


@pytest.mark.parametrize(
    ("text", "feature"),
    [
        ("{ ?x :p :y } => { ?x :q :y } .", "formula"),
        (":a :b ?x .", "variable"),
        (":a => :b .", "rule"),
        ("@forAll :x .", "quantifier"),
        (":a!:b :c :d .", "path"),
        (":a = :b .", "sameAs"),
        (":a is :b of :c .", "inverse"),
        ("@keywords a .", "@keywords"),
    ],
)
def test_features_of_notation3_are_refused_by_name(text: str, feature: str, tmp_path: Path) -> None:
    """Without any, such a file is Turtle."""
    path = tmp_path / "a.n3"
    path.write_text('@prefix : <http://e/> . :a :b "{ ?x } => !" . # =>\n')
    assert len(lines_of(path)) == 1
    path.write_text(f"@prefix : <http://e/> .\n{text}")
    with pytest.raises(ParseError, match="Notation3") as caught:
        lines_of(path)
    assert feature in caught.value.message
    assert caught.value.line == 2


def test_relative_iris_are_relative_to_what_is_said_or_to_the_file_which_is_told(tmp_path: Path) -> None:
    """Without either they are an error that names the option."""
    texts = {
        "a b.ttl": b"<#x> <x:p> <> .",
        "a.rdf": DOCUMENTS["a.rdf"].replace(b'xml:base="http://b/"', b"").replace(b"&e;a", b""),
        "a.jsonld": b'{"@id": "#x", "x:p": {"@id": ""}}',
    }
    for name, text in texts.items():
        path = tmp_path / name
        path.write_bytes(text)
        with pytest.raises(ParseError, match="relative") as caught:
            lines_of(path)
        assert "--base" in (caught.value.advice or "")
        assert any(b"<http://b/c" in line for line in lines_of(path, base="http://b/c"))
        told: list[str] = []
        lines = lines_of(path, notice=told.append)
        assert any(path.as_uri().encode() in line for line in lines)
        assert len(told) == 1
        assert path.as_uri() in told[0]
        for file in Reading(notice=told.append).files([path]):
            assert [quad for quad, _ in file.located(None)]
        assert len(told) == 2
    told.clear()
    (tmp_path / "whole.ttl").write_bytes(b"@prefix : <#> . " + LINE)
    assert lines_of(tmp_path / "whole.ttl", notice=told.append) == [LINE]
    assert told == []


def test_language_tags_stay_as_they_were_written(tmp_path: Path) -> None:
    """In every format; one tag has one spelling."""
    texts = {
        "a.ttl": b'<x:s> <x:p> "a"@en-GB, "b"@EN-gb, \'"c@de-AT\'@de-CH, """ "@fr-BE """ , "<"@zh-Hans . # "@it-IT',
        "a.nt": b'<x:s> <x:p> "a \\"@fr-BE"@en-GB .\n<x:s> <x:p> "b"@de-CH .\n',
        "a.jsonld": b'{"@id": "x:s", "x:p": ["de-CH", {"@value": "a", "@language": "en-GB"}]}',
        "a.rdf": DOCUMENTS["a.rdf"],
    }
    for name, text in texts.items():
        (tmp_path / name).write_bytes(text)
        joined = b"".join(lines_of(tmp_path / name))
        assert b'"@en-GB .' in joined
        assert b"en-gb" not in joined.replace(b"EN-gb", b"en-gb")
    lines = lines_of(tmp_path / "a.ttl")
    assert lines == sorted(lines)
    assert {line.rsplit(b'"', 1)[1] for line in lines} == {b"@en-GB .\n", b"@de-CH .\n", b"@zh-Hans .\n", b" .\n"}
    import io

    out = io.BytesIO()
    write_rdfxml([b'<x:s> <http://e/p> " xml:lang=\\"en-gb\\">"@en-GB .\n'], out, {})
    assert b'xml:lang="en-GB"> xml:lang=&quot;en-gb&quot;&gt;<' in out.getvalue()


def test_a_named_format_goes_before_all_else(tmp_path: Path) -> None:
    """For files, for members of an archive, and for bytes."""
    (tmp_path / "a.data").write_bytes(LINE)
    assert lines_of(tmp_path / "a.data", format=NTRIPLES) == [LINE]
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.data", LINE)
    assert lines_of(tmp_path / "a.zip", format=NTRIPLES) == [LINE]
    assert read_files(list(Reading().texts(TEXT, "standard input")))[0] == [LINE]
    assert RdfFile.of(tmp_path / "a.ttl").path == tmp_path / "a.ttl"


def test_the_documents_of_the_mutants_are_read(tmp_path: Path) -> None:
    """So that their mutants are near to what is right."""
    for name, data in DOCUMENTS.items():
        (tmp_path / name).write_bytes(data)
        assert lines_of(tmp_path / name, base="http://b/")


@pytest.mark.filterwarnings("ignore::isoc_kg.errors.DataWarning")  # what is left may be empty
@pytest.mark.usefixtures("cold_workers")
def test_mutants_are_read_or_refused_in_one_message(tmp_path: Path) -> None:
    """Seven hundred of all formats: one of our errors at most, and nothing left behind."""
    before = children()
    read = 0
    for name, data, error in tried(700, tmp_path):
        assert error is None or isinstance(error, IsocKgError), (name, data)
        read += error is None
    assert read > 30  # most break the syntax
    assert {path.name for path in tmp_path.iterdir()} == set(DOCUMENTS)
    assert not children() - before


def children() -> set[str]:
    """The process numbers of this process's children."""
    return {number for path in Path("/proc/self/task").glob("*/children") for number in path.read_text().split()}


def test_limits_of_the_shipped_project_reach_the_reader() -> None:
    """The settings that kg.toml may have."""
    assert {"reading_seconds", "reading_memory_bytes"} <= set(Limits.__dataclass_fields__)
    assert (ROOT / "kg.toml").is_file()
