"""A file that is in another format than its name says: the message names both, and what to do."""

from pathlib import Path

import pytest

from isoc_kg.errors import DataWarning, ParseError, UnknownName
from isoc_kg.formats import format_from_name, format_of
from isoc_kg.rdf.reading import read_lines

XML = b"""<?xml version="1.0"?>
<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">
<r:Description r:about="http://e/a"><e:p>x</e:p></r:Description></r:RDF>"""
TURTLE = b'@prefix e: <http://e/> . # so\ne:a e:p "x" .\n'
LINES = {
    "rdf": XML,
    "ttl": TURTLE,
    "jsonld": b'{"@id": "http://e/a", "http://e/p": "x"}',
    "nt": b'<http://e/a> <http://e/p> "x" .\n',
    "nq": b'<http://e/a> <http://e/p> "x" <http://e/g> .\n',
    "trig": b'@prefix e: <http://e/> .\ne:g { e:a e:p "x" }\n',
}


@pytest.mark.parametrize("content", LINES)
@pytest.mark.parametrize("extension", [*LINES, "owl", "n3", "xml"])
def test_formats(content: str, extension: str, tmp_path: Path) -> None:
    """Each in a file of each name: read right, or refused with the option that reads it."""
    path = tmp_path / f"file.{extension}"
    path.write_bytes(LINES[content])
    try:
        lines = read_lines(path)
    except ParseError as error:
        assert f"--from {content})" in str(error), str(error)
        assert str(error).startswith(f"{path}: not ")
        lines = read_lines(path, format_from_name(content))
    assert lines[0].startswith(b'<http://e/a> <http://e/p> "x"')


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"<!DOCTYPE html>\n<html><head><title>x</title></head></html>", "web page"),
        (b"<!-- a --><!-- b -->\n<html lang='en'>\n<body>x</body></html>", "web page"),
        (b'<?xml version="1.0"?><!-- a --><html xmlns="http://www.w3.org/1999/xhtml"><head/></html>', "web page"),
        (b'<h:html xmlns:h="http://www.w3.org/1999/xhtml"><h:head/></h:html>', "web page"),
        (b'<svg xmlns="http://www.w3.org/2000/svg"><g/></svg>', "SVG"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><title>x</title></feed>', "Atom"),
        (b'<Ontology xmlns="http://www.w3.org/2002/07/owl#" ontologyIRI="http://e/o"/>', "OWL/XML"),
        (b"Prefix(:=<http://e/>)\nOntology(<http://e/o>)", "functional syntax"),
        (b"Prefix: : <http://e/>\nOntology: <http://e/o>", "Manchester"),
        (b"format-version: 1.2\nontology: x\n", "OBO"),
        (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n", "Git LFS"),
        (b"$HDT\1<http://purl.org/HDT/hdt#HDTv1>\0", "HDT"),
        (b'<TriX xmlns="http://www.w3.org/2004/03/trix/trix-1/"><graph/></TriX>', "TriX"),
        (b"%PDF-1.7\n", "PDF"),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\xff", "binary"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("extension", [*LINES, "owl"])
def test_what_is_no_rdf(content: bytes, what: str, extension: str, tmp_path: Path) -> None:
    """Named, whatever the file is called; never taken for RDF/XML."""
    path = tmp_path / f"file.{extension}"
    path.write_bytes(content)
    with pytest.raises(ParseError, match=f"it looks like .*{what}"):
        read_lines(path)


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.ttl", b"@prefix e: <http://e/> .\ne:a e:p e:b\ne:c e:p e:d ."),
        ("a.nt", b"<http://e/a> <http://e/p> .\n"),
        ("a.trig", b"<http://e/g> { <http://e/a> <http://e/p> }"),
        ("a.rdf", XML.replace(b"</r:RDF>", b"")),
        ("a.jsonld", b'{"@id": "http://e/a", }'),
        ("a.ttl", b"<html> <p> <body> ."),
        ("a.ttl", b"<x> <y> <z> ."),
    ],
)
def test_errors_of_the_format_itself(name: str, content: bytes, tmp_path: Path) -> None:
    """They are told as they are, with their lines."""
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(ParseError) as caught:
        read_lines(path)
    assert "looks like" not in str(caught.value)
    assert caught.value.line is not None


def test_other_xml(tmp_path: Path) -> None:
    """Any root is RDF/XML's, so that of a vocabulary nobody knows is read, with a warning."""
    path = tmp_path / "any.xml"
    path.write_bytes(b'<thing xmlns="http://e/"/>')
    with pytest.warns(DataWarning, match="namespace of RDF"):
        assert len(read_lines(path)) == 1


@pytest.mark.parametrize("name", ["a.n3", "a.N3", "a.n3.gz"])
def test_the_empty_prefix_of_notation3(name: str, tmp_path: Path) -> None:
    """Undeclared it is <#>; declared what its author says. Lines and columns of errors are those of the file."""
    import gzip

    path = tmp_path / name

    def read(text: bytes) -> list[bytes]:
        path.write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
        return read_lines(path, base="http://b/c")

    assert read(b":a :b :c .") == [b"<http://b/c#a> <http://b/c#b> <http://b/c#c> .\n"]
    assert read(b'# @prefix : <x> .\n<http://e/a> <http://e/p> "@prefix : <x>", : .')[1].endswith(b"<http://b/c#> .\n")
    assert read(b"@prefix : <http://e/> . :a :b :c .") == [b"<http://e/a> <http://e/b> <http://e/c> .\n"]
    assert read(b"PREFIX : <http://e/>\n:a :b 'x:y' .") == [b'<http://e/a> <http://e/b> "x:y" .\n']
    with pytest.raises(ParseError) as caught:
        read(b":a :b e:c .")
    assert (caught.value.line, caught.value.column) == (1, 7)
    assert caught.value.excerpt == ":a :b e:c .\n      ^"
    path.write_bytes(gzip.compress(b":a :b :c .") if name.endswith(".gz") else b":a :b :c .")
    with pytest.raises(ParseError, match="--base"):
        read_lines(path)


@pytest.mark.parametrize(
    ("name", "what", "advice"),
    [
        ("a.omn", "Manchester", "ROBOT"),
        ("a.ofn", "functional", "ROBOT"),
        ("a.owx", "OWL/XML", "ROBOT"),
        ("a.obo.gz", "OBO", "ROBOT"),
        ("a.html", "web page", "text/turtle"),
        ("a.HTM", "web page", "text/turtle"),
        ("a.csv", "CSV", "Map it"),
        ("a.tsv", "TSV", "Map it"),
        ("a.shex", "no SHACL", "ShEx processor"),
        ("a.shaclc", "compact syntax", "Convert"),
        ("a.hdt", "HDT", "hdt2rdf"),
        ("a.trix", "TriX", "riot"),
        ("a.rj", "RDF/JSON", "riot"),
    ],
)
def test_what_an_extension_says(name: str, what: str, advice: str) -> None:
    """Of what is no format here; the option that reads it all the same is there, too."""
    with pytest.raises(UnknownName) as raised:
        format_of(name, b"x")
    assert what in raised.value.message
    assert advice in (raised.value.advice or "")
    assert "--from" in (raised.value.advice or "")


@pytest.mark.parametrize("name", ["a.shex", "a.shaclc", "a.rj"])
def test_what_could_be_taken_for_another_format(name: str) -> None:
    """The name counts where the content would be read wrong."""
    for content in (b"PREFIX e: <http://e/>\ne:S { e:p . }", b'{"http://e/s": {}}'):
        with pytest.raises(UnknownName):
            format_of(name, content)
    assert format_of("page.html", TURTLE).name == "ttl"
    assert format_of("ontology.owx", XML).name == "rdf"


@pytest.mark.parametrize(
    "content",
    [
        b'{"http://e/s": {"http://e/p": [{"type": "literal", "value": "x"}]}}',
        b'{ "_:s" : { "http://e/p" : [ { "value" : "a \\" b", "type" : "uri" } ] } }',
        b'{"http://e/s": {"http://e/p": [{"value": "x", "lang": "en", "type": "literal"}]}}',
    ],
)
def test_rdf_json_is_no_json_ld(content: bytes) -> None:
    """JSON-LD would read it as statements about blank nodes."""
    with pytest.raises(ParseError, match="RDF/JSON"):
        read_lines(content, format_from_name("jsonld"))


def test_json_ld_that_looks_a_little_like_it() -> None:
    """A document without a context, of whole IRIs."""
    content = b'{"http://e/s": {"http://e/p": [{"http://e/type": "literal", "@type": "http://e/T"}]}}'
    assert len(read_lines(content, format_from_name("jsonld"))) == 4
