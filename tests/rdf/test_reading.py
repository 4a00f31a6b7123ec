"""Hostile and broken RDF is refused with one message that names the place; what is fine is read to the letter."""

import contextlib
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.errors import EncodingError, IsocKgError, LimitExceeded, ParseError
from isoc_kg.formats import JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from isoc_kg.limits import Limits
from isoc_kg.rdf import lines_from_quads, read_lines, read_located, read_quads

RDF_HEAD = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'


def read(data: bytes, format_: Format = TURTLE, **how) -> list[bytes]:
    return lines_from_quads(read_quads(data, format_, **how))


def test_a_syntax_error_shows_the_spot(tmp_path: Path) -> None:
    """File, line, column, the line itself and a caret under the place."""
    path = tmp_path / "broken.ttl"
    path.write_text("@prefix e: <http://e/> .\ne:a e:b e:c .\ne:a e:b ; ; , e:d .\n")
    with pytest.raises(ParseError) as caught:
        read_lines(path)
    error = caught.value
    assert (error.file, error.line) == (path, 3)
    assert error.column
    text, caret = (error.excerpt or "").splitlines()
    assert text == "e:a e:b ; ; , e:d ."
    assert caret.index("^") == error.column - 1
    assert str(error).startswith(f"{path}:3:{error.column}: ")


def test_a_missing_file_is_one_message(tmp_path: Path) -> None:
    """No file, or a folder in its place."""
    for path in (tmp_path / "no.ttl", tmp_path / "folder.ttl"):
        if path.stem == "folder":
            path.mkdir()
        with pytest.raises(ParseError, match="cannot be read"):
            read_lines(path)


@pytest.mark.parametrize("format_", [TURTLE, NTRIPLES, NQUADS, TRIG, RDFXML, JSONLD])
def test_what_is_not_utf_8_is_told_by_its_byte(format_: Format) -> None:
    """The offset counts bytes, the line counts line feeds."""
    with pytest.raises(EncodingError, match="byte 8") as caught:
        read(b"# \xc3\xa9\nabc\xff", format_)
    assert caught.value.line == 2


def test_bad_bytes_anywhere_in_a_line_are_found() -> None:
    """In an IRI, a label, a literal or a tag of N-Triples, which the parser itself judges."""
    for text in (b'<x:\xff> <x:p> "a" .', b'<x:s> <x:p> "a\xff" .', b"_:\xff <x:p> <x:o> .", b'<x:s> <x:p> "a"@e\xff .',
                 b'<x:s> <x:p> "\xc0\x80" .', b'<x:s> <x:p> "\xed\xa0\x80" .'):  # fmt: skip
        for format_ in (NTRIPLES, NQUADS):
            with pytest.raises(EncodingError, match="byte"):
                read(text, format_)


@pytest.mark.parametrize("format_", [TURTLE, NTRIPLES, NQUADS, TRIG])
def test_an_empty_file_is_an_empty_graph(format_: Format) -> None:
    """No statement is a valid document; so is a comment alone."""
    assert read(b"", format_) == read(b"# nothing\n", format_) == []


@pytest.mark.parametrize(
    ("text", "advice"),
    [
        ("<http://e/a b> <x:p> <x:o> .", "%20"),
        ("<a> <x:p> <x:o> .", "@base"),
        ("e:a <x:p> <x:o> .", "@prefix"),
        ('<x:a> <x:p> "x"@a .', "RFC 5646"),
    ],
)
def test_common_mistakes_come_with_advice(text: str, advice: str) -> None:
    """An IRI with a space, a relative IRI without a base, a prefix that nobody declared, a tag."""
    with pytest.raises(ParseError) as caught:
        read(b"\n" + text.encode())
    assert caught.value.line == 2
    assert advice in (caught.value.advice or "")


@pytest.mark.parametrize(
    "text",
    [
        r'''<x:s> <x:p> <<( <x:s> <x:q> """a\n"b" \\"\"""" )>> .''',
        r"""<x:s> <x:p> <<( <x:s> <x:q> '''a\n"b" \\""'''^^<http://www.w3.org/2001/XMLSchema#string> )>> .""",
        '<x:s> <x:p> <<(<x:s><x:q>"""a\n"b" \\\\"\\""""#>>\n)>> .',
        r'''# it's << """ \n<x:s> <x:p> <<( <x:s> <x:q> """a\n"b" \\"\"""" )>> .'''.replace("\\n<x", "\n<x"),
    ],
)
@pytest.mark.parametrize("format_", [TURTLE, TRIG])
def test_long_strings_in_triple_terms(text: str, format_: Format) -> None:
    """RDF 1.2 Turtle, production ttObject: with quotes of both kinds, line feeds and escapes."""
    assert read(text.encode(), format_) == [rb'<x:s> <x:p> <<( <x:s> <x:q> "a\n\"b\" \\\"\"" )>> .' + b"\n"]


def test_long_strings_leave_lines_and_other_strings_as_they_are() -> None:
    """Errors and quads behind one are on their lines; what is beside a reified triple keeps its quotes."""
    text = b"<x:s> <x:p> \"\"\"\n<<\"\"\" .\n<< <x:s> <x:p> '''a\r\n\nb'''@en >>\n"
    text += b"""<x:q> '''c\nd''' .\n<x:it's> <x:p> 1 .\n"""
    lines = {str(quad): line for quad, line in read_located(text, TURTLE)}
    assert {key.split(" ", 2)[2]: line for key, line in lines.items() if "x:it" in key or "x:q" in key} == {
        r'"c\nd"': 7,
        '"1"^^<http://www.w3.org/2001/XMLSchema#integer>': 8,
    }
    assert any(r'"a\r\n\nb"@en' in key for key in lines)
    with pytest.raises(ParseError) as caught:
        read(text + b"x .")
    assert caught.value.line == 9


def test_a_control_character_in_an_iri_is_refused() -> None:
    """Bare or escaped."""
    for text in (b"<http://e/\x01> <x:p> <x:o> .", b"<http://e/\\u0001> <x:p> <x:o> ."):
        with pytest.raises(ParseError):
            read(text)


def test_long_lines_and_files_have_limits(tmp_path: Path) -> None:
    """The limits are settings; the message names the line and the setting."""
    limits = Limits(max_line_bytes=100)
    fine = b'<x:s> <x:p> "a" .\n' * 50
    assert len(read(fine, limits=limits)) == 1
    with pytest.raises(LimitExceeded, match="over 100 bytes") as caught:
        read(fine + b'<x:s> <x:p> "' + b"a" * 100 + b'" .\n', limits=limits)
    assert caught.value.line == 51
    path = tmp_path / "large.nt"
    path.write_bytes(fine)
    with pytest.raises(LimitExceeded, match="the limit is 100"):
        read_lines(path, limits=Limits(max_file_bytes=100))


def test_a_literal_that_the_engine_cannot_hold() -> None:
    """Sixteen megabytes over many lines: one message, not a MemoryError."""
    text = b'<x:s> <x:p> """' + (b"a" * 999 + b"\n") * 17_500 + b'""" .'
    with pytest.raises(LimitExceeded):
        read(text)


DEEP = {
    "triple terms": (TURTLE, lambda n: b"<x:s> <x:p> " + b"<<( <x:s> <x:p> " * n + b"<x:o> " + b")>> " * n + b"."),
    "run together": (NTRIPLES, lambda n: b"<x:s> <x:p> " + b"<<(<x:s><x:p>" * n + b"<x:o>" + b")>>" * n + b"."),
    "reifying triples": (TURTLE, lambda n: b"<< " * n + b"<x:s>" + b" <x:p> <x:o> >>" * n + b" <x:p> <x:o> ."),
    "arrays": (JSONLD, lambda n: b"[" * n + b"]" * n),
    "objects": (JSONLD, lambda n: b'{"http://e/a":' * n + b"1" + b"}" * n),
    "graphs": (JSONLD, lambda n: b'{"@graph":' * n + b"1" + b"}" * n),
    "elements": (
        RDFXML,
        lambda n: RDF_HEAD + b"<rdf:Description><e:p>" * n + b"</e:p></rdf:Description>" * n + b"</rdf:RDF>",
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", DEEP)
def test_nesting_that_would_crash_the_parser_never_reaches_it(what: str) -> None:
    """A process survives 20,000 levels of everything that nests, with one message."""
    format_, make = DEEP[what]
    assert read(make(40), format_) is not None
    with pytest.raises(LimitExceeded, match="deep"):
        read(make(20_000), format_)


@pytest.mark.parametrize(
    "text",
    [
        b'<x:s> <x:p> "' + b"<<( " * 300 + b'" .',
        b'<x:s> <x:p> """' + b'<<( "" \\" ' * 300 + b'""" .',
        b"# " + b"<<( " * 300 + b"\n<x:s> <x:p> <x:o> .",
        b"<x:s> <x:p> <x:#" + b"((((" * 300 + b"> .",
        b"<x:s> <x:p> <<( <x:s> <x:p> <x:o> )>> .\n" * 300,
        b"<x:s> <x:p> <x:o> {| <x:q> <x:r> |} .\n" * 300,
    ],
)
def test_brackets_in_texts_comments_and_iris_are_not_nesting(text: bytes) -> None:
    """Only what nests is counted."""
    assert read(text)


@given(
    st.text(st.sampled_from("<>(){}|\"'\\#[] \n,.;:ax@^_"), max_size=60),
    st.sampled_from([TURTLE, TRIG, NQUADS, JSONLD, RDFXML]),
)
@settings(max_examples=300, deadline=None)
def test_rubbish_is_a_parse_error(text: str, format_: Format) -> None:
    """Whatever the bytes, there are quads or one of our errors."""
    with contextlib.suppress(IsocKgError):
        assert isinstance(read(text.encode(), format_, base="http://e/"), list)


def test_entities_that_refer_to_entities_are_read_within_limits() -> None:
    """A few are read as XML says; many, and those that grow without end, are refused."""
    head = b'<!DOCTYPE rdf:RDF [<!ENTITY a "http://e/">%s]>' + RDF_HEAD
    tail = b'<rdf:Description rdf:about="&a;x"><e:p>b</e:p></rdf:Description></rdf:RDF>'
    assert read((head % b"") + tail, RDFXML) == [b'<http://e/x> <http://e/p> "b" .\n']
    for entity in (b'<!ENTITY b "&a;&a;">', b"<!ENTITY b '&a;'>", b'<!ENTITY b\n"\n&a;">', b'<!ENTITY b "&#38;a;">'):
        assert read((head % entity) + tail, RDFXML) == [b'<http://e/x> <http://e/p> "b" .\n']
    ten = [b'<!ENTITY e%d "%s">' % (n + 1, b"&e%d;" % n * 10) for n in range(9)]
    bomb = b'<!ENTITY e0 "xxxxxxxxxx">' + b"".join(ten)
    with pytest.raises(LimitExceeded, match="entities"):
        read((head % bomb) + tail.replace(b"<e:p>b", b"<e:p>&e9;"), RDFXML)
    chain = b'<!ENTITY e0 "x">' + b"".join(b'<!ENTITY e%d "&e%d;">' % (n + 1, n) for n in range(50_000))
    with pytest.raises(LimitExceeded, match="entities"):
        read((head % chain) + tail.replace(b"<e:p>b", b"<e:p>&e49999;"), RDFXML)


def test_relative_iris_stay_below_their_base_where_that_is_asked() -> None:
    """Leading out of the base is refused with the line; strings, comments and whole IRIs are not looked at."""
    base = "https://w3id.org/x/"
    fine = b'@prefix e: <http://e/> .\n<a> e:p <b/../c>, <#d>, <>, "<../../x>" . # <../../y>\n<a> e:p <http://o/> .'
    assert len(read(fine, base=base, confined=True)) == 5
    for reference in (b"../../x", b"../x", b"/x", b"//e/x"):
        text = fine + b"\n<" + reference + b"> e:p e:o ."
        assert read(text, base=base)
        with pytest.raises(ParseError, match="leads out of") as caught:
            read(text, base=base, confined=True)
        assert caught.value.line == 4
    assert read(b"@base <http://e/a/b/> .\n<../c> <x:p> <x:o> .", base=base) != []
    with pytest.raises(ParseError, match="leads out of http://e/a/b/"):
        read(b"BASE <http://e/a/b/>\n<../c> <x:p> <x:o> .", base=base, confined=True)


def test_each_quad_is_found_on_its_line() -> None:
    """The line is the one on which the parser had the statement whole."""
    text = b'@prefix e: <http://e/> .\n\ne:a e:p e:b ,\n  e:c ;\n  e:q """x\ny""" .\ne:d e:p\n e:e .\n'
    found = [(quad.object.value, line) for quad, line in read_located(text, TURTLE)]
    assert [value for value, _ in found] == ["http://e/b", "http://e/c", "x\ny", "http://e/e"]
    lines = [line for _, line in found]
    assert lines == sorted(lines)
    assert lines[0] in (3, 4)
    assert lines[2] == 6
    assert lines[3] in (7, 8)


def test_a_graph_can_be_given_to_what_has_none() -> None:
    """Default-graph triples move into the graph named, others stay."""
    text = b"<x:s> <x:p> <x:o> .\n<x:s> <x:p> <x:o> <x:g> .\n"
    assert read_lines(text, NQUADS, graph="x:h") == [
        b"<x:s> <x:p> <x:o> <x:g> .\n",
        b"<x:s> <x:p> <x:o> <x:h> .\n",
    ]


def test_reading_loads_nothing_heavy() -> None:
    """Neither rdflib nor pyld is imported to read and write."""
    code = "import sys, isoc_kg.rdf; print([m for m in ('rdflib', 'pyld', 'asyncio') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_declared_prefixes_are_handed_out() -> None:
    """They are known when the last quad is read."""
    prefixes: dict[str, str] = {}
    assert list(read_quads(b"@prefix e: <http://e/> . e:a e:b e:c .", TURTLE, prefixes=prefixes))
    assert prefixes == {"e": "http://e/"}
    assert ox.NamedNode("http://e/a") == next(read_quads(b"<http://e/a> <x:p> 1 .", TURTLE)).subject


def test_literals_beyond_what_the_parser_takes_are_refused_by_name() -> None:
    """Except in RDF/XML, where the setting alone is the bound."""
    text = "x" * (17 << 20)
    limits = Limits(max_line_bytes=1 << 26)
    with pytest.raises(LimitExceeded, match="16 MiB, the most that the parser takes in Turtle") as caught:
        list(read_quads(f'<http://e/1> <http://e/p> "{text}" .'.encode(), TURTLE, limits=limits))
    assert "RDF/XML" in (caught.value.advice or "")
    document = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        f'<rdf:Description rdf:about="http://e/1"><e:p>{text}</e:p></rdf:Description></rdf:RDF>'
    )
    (quad,) = read_quads(document.encode(), RDFXML, limits=limits)
    assert quad.object.value == text
