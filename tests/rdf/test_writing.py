"""What is written is what was read, in every format, whatever IRIs and texts it holds."""

import io
import json
import random
import re
import subprocess
import sys
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.errors import CannotCarry
from isoc_kg.formats import FORMATS, JSONLD, NQUADS, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from isoc_kg.rdf import (
    Compaction,
    Description,
    digest,
    lines_from_quads,
    literal,
    read_lines,
    split,
    term,
    triples,
    write,
)
from isoc_kg.rdf.jsonld_terms import UniformContext

from .manifests import canonical

PREFIXES = {
    "schema": "https://schema.org/", "ex": "http://example.org/ns#", "odd": "http://example.org/ns#a", "id": "http://e/id/",
    "xsd": "http://www.w3.org/2001/XMLSchema#", "urn": "urn:x:", "mailto": "http://e/mail/", "_": "http://no/",
}  # fmt: skip
CONTEXT = {
    "@version": 1.1,
    "schema": "https://schema.org/", "ex": "http://example.org/ns#", "xsd": "http://www.w3.org/2001/XMLSchema#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "name": {"@id": "schema:name", "@container": "@language"},
    "knows": {"@id": "ex:knows", "@type": "@id", "@container": "@set"},
    "kind": {"@id": "ex:kind", "@type": "@vocab"},
    "year": {"@id": "ex:year", "@type": "xsd:gYear"},
    "note": {"@id": "ex:note"},
    "Person": "ex:Person",
    "claims": {"@reverse": "rdf:subject", "@container": "@set"},
}  # fmt: skip

RDF_NS = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
SOME = [
    "https://schema.org/name", "http://example.org/ns#knows", "http://example.org/ns#kind", "http://example.org/ns#year",
    "http://example.org/ns#note", "http://example.org/ns#Person", "http://example.org/ns#ab", "http://example.org/ns#",
    "http://example.org/ns#a.b.", "http://example.org/ns#-a", "http://example.org/ns#a/b?c=d&e=f", "http://e/id/2.2",
    "http://e/id//x", "urn:x:y", "urn:x://y", "http://e/é", "http://e/%20", "http://e/id/a:b", "http://e/id/@type",
    "http://e/(a)'b,c;d~e", RDF_NS + "type", RDF_NS + "subject", RDF_NS + "first", RDF_NS + "nil", "a:", "x:@id",
]  # fmt: skip
iris = st.sampled_from(SOME) | st.builds(
    lambda a, b: a + b,
    st.sampled_from(["http://example.org/ns#", "https://schema.org/", "http://e/id/", "tag:e,2026:"]),
    st.text(st.sampled_from("aZ09_-.:/@#?=&'()!*,;~éß漢"), max_size=6).filter(lambda text: "#" not in text),
)
texts = st.text(max_size=12) | st.sampled_from(
    [
        "1.10",
        "007",
        'a "b" <c> .',
        "\\",
        "\r\n\t\x00\x7f",
        "_:x",
        "<http://e/x>",
        "]]>",
        "é\U0001f600\ufffe",
        "\\u0041",
        " . ",
    ]
)
named = iris.map(ox.NamedNode)
nodes = named | st.sampled_from(["a", "b0", "0"]).map(ox.BlankNode)
literals = (
    texts.map(ox.Literal)
    | st.builds(lambda v, t: ox.Literal(v, language=t), texts, st.sampled_from(["en", "de-ch", "en-fonipa", "x-a"]))
    | st.builds(
        lambda v, t: ox.Literal(v, datatype=ox.NamedNode(t)),
        texts,
        st.sampled_from(
            [
                "http://www.w3.org/2001/XMLSchema#" + name
                for name in ("integer", "boolean", "gYear", "decimal", "string")
            ]
            + [RDF_NS + "JSON", RDF_NS + "XMLLiteral", "http://example.org/ns#Person", "urn:x:t"]
        ),
    )
)
quads = st.builds(ox.Quad, nodes, named, nodes | literals, st.none().map(lambda _: ox.DefaultGraph()) | nodes)
datasets = st.lists(quads, max_size=12)


def written(lines: list[bytes], format_: Format, **how) -> bytes:
    out = io.BytesIO()
    write(lines, format_, out, prefixes=how.pop("prefixes", PREFIXES), **how)
    return out.getvalue()


def back(data: bytes, format_: Format) -> set[bytes]:
    return canonical(ox.parse(data, format=format_.engine))


def of_lines(lines) -> set[bytes]:
    return back(b"".join(lines), NQUADS)


@settings(max_examples=300, deadline=None)
@given(datasets)
def test_every_format_gives_back_the_same_data(data) -> None:
    """Hostile IRIs, literals and tags come back to the character, or are refused; what is refused is RDF/XML's."""
    lines = lines_from_quads(data)
    for format_ in FORMATS:
        try:
            text = written(lines, format_)
        except CannotCarry:
            assert format_ is RDFXML
            continue
        assert back(text, format_) == of_lines(lines if format_.datasets else triples(lines)), format_.name


@settings(max_examples=200, deadline=None)
@given(datasets)
def test_a_context_changes_nothing_but_the_looks(data) -> None:
    """With terms for coercion, language maps, sets and a reverse property the JSON-LD is the same dataset."""
    lines = lines_from_quads(data)
    for context in (CONTEXT, UniformContext(CONTEXT)):
        assert back(written(lines, JSONLD, context=context), JSONLD) == of_lines(lines)


@settings(max_examples=60, deadline=None)
@given(datasets)
def test_pyld_and_rdflib_read_it_too(data) -> None:
    """Two readers of other makers find the same dataset in the JSON-LD, with and without a context."""
    from pyld import jsonld

    lines = lines_from_quads(data)
    for context in (None, CONTEXT, UniformContext(CONTEXT)):
        document = json.loads(written(lines, JSONLD, context=context))
        found = jsonld.to_rdf(document, {"format": "application/n-quads"})
        assert back(found.encode(), NQUADS) == of_lines(lines)


@settings(max_examples=200, deadline=None)
@given(datasets)
def test_tokens_are_terms(data) -> None:
    """Splitting a line gives the tokens of its terms, and a token gives its term."""
    for quad in data:
        (line,) = lines_from_quads([quad])
        subject, predicate, object_, graph = split(line)
        assert (term(subject), term(predicate), term(object_)) == (quad.subject, quad.predicate, quad.object)
        assert (term(graph) if graph else ox.DefaultGraph()) == quad.graph_name
        if isinstance(quad.object, ox.Literal):
            assert literal(object_)[0] == quad.object.value


@settings(max_examples=100, deadline=None)
@given(datasets)
def test_leaving_graph_names_out_keeps_the_order(data) -> None:
    """The union's triples are the sorted canonical lines of the triples."""
    found = list(triples(lines_from_quads(data)))
    assert found == lines_from_quads(ox.Quad(quad.subject, quad.predicate, quad.object) for quad in data)


def test_a_literal_that_ends_like_a_graph_name_has_none() -> None:
    """Texts that hold brackets, quotes and dots are not mistaken for what follows a text."""
    for text in ("a <http://e/g> .", '" <http://e/g>', "_:g", "\\", '")>> .', "<<("):
        for tail in (ox.Literal(text), ox.Literal(text, language="en"), ox.Literal(text, datatype=ox.NamedNode("x:y"))):
            quad = ox.Quad(ox.NamedNode("x:s"), ox.NamedNode("x:p"), tail)
            (line,) = lines_from_quads([quad])
            assert term(split(line)[2]) == tail
            assert split(line)[3] == b""
            nested = ox.Triple(quad.subject, quad.predicate, ox.Triple(quad.subject, quad.predicate, tail))
            (line,) = lines_from_quads([ox.Quad(*nested, ox.NamedNode("x:g"))])
            assert term(split(line)[2]) == nested.object
            assert split(line)[3] == b"<x:g>"


def test_triple_terms_and_directions_survive_turtle_and_are_refused_elsewhere() -> None:
    """What RDF 1.2 adds goes where there is a syntax for it; elsewhere the triple is named."""
    for object_ in ('<<( <x:a> <x:b> <<( <x:a> <x:b> "c"^^<http://example.org/ns#d> )>> )>>', '"a"@ar--rtl'):
        lines = read_lines(f"<x:s> <x:p> {object_} .".encode(), NTRIPLES)
        for format_ in (TURTLE, TRIG, NTRIPLES, NQUADS):
            assert back(written(lines, format_), format_) == of_lines(lines)
        for format_ in (RDFXML, JSONLD):
            with pytest.raises(CannotCarry, match="cannot carry this triple") as caught:
                written(lines, format_)
            assert "<x:s> <x:p>" in str(caught.value)
            assert "trig" in (caught.value.advice or "")
            assert "jsonld" not in (caught.value.advice or ""), "which cannot carry it either"


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("<x:s> <http://x/123> <x:o> .", "does not end in a name"),
        ("<x:s> <http://x/a/> <x:o> .", "does not end in a name"),
        (f"<x:s> <{RDF_NS}li> <x:o> .", "does not end in a name that an XML element may have"),
        (f"<x:s> <{RDF_NS}about> <x:o> .", "does not end in a name that an XML element may have"),
        ('<x:s> <x:p> "\\u0001" .', "one of its characters"),
        ('<x:s> <x:p> "\\b" .', "one of its characters"),
        ('<x:s> <x:p> "\uffff" .', "one of its characters"),
    ],
)
def test_what_xml_cannot_say_is_refused_by_name(line: str, why: str) -> None:
    """Names that XML has not, names that RDF/XML keeps for itself, characters that XML has not."""
    lines = read_lines(line.encode(), NTRIPLES)
    out = io.BytesIO()
    with pytest.raises(CannotCarry, match=why) as caught:
        write(lines, RDFXML, out, prefixes={})
    assert "<x:s>" in str(caught.value)
    assert out.getvalue() == b""


def test_classes_without_a_name_are_carried() -> None:
    """A class that no element may be named for comes back, as do its instances' labels that XML has not."""
    import rdflib

    classes = ["http://x/123", "http://x/a&'b/", f"{RDF_NS}Description", "http://www.w3.org/2000/xmlns/a", "http://x/A"]
    lines = read_lines("".join(f"_:{n} <{RDF_NS}type> <{name}> .\n" for n, name in enumerate(classes)).encode())
    text = written(lines, RDFXML)
    assert back(text, RDFXML) == of_lines(lines)
    graph = rdflib.Graph().parse(data=text, format="xml")
    assert {str(name) for name in graph.objects()} == set(classes)


def test_the_first_triple_that_xml_cannot_carry_is_named() -> None:
    """Whatever is wrong with later ones."""
    lines = read_lines(b'<x:s> <x:a> "\\\\u0041" . <x:s> <x:b> "\\b" . <x:s> <x:c> <<( <x:s> <x:b> 1 )>> ; <x:d/> 2 .')
    with pytest.raises(CannotCarry, match="one of its characters") as caught:
        written(lines, RDFXML)
    assert "<x:b>" in str(caught.value)
    assert written(lines[:1], RDFXML, prefixes={"x": "x:"}).count(b"<x:a>\\u0041</x:a>") == 1


def test_carriage_returns_survive_xml() -> None:
    """A text's CR, LF and TAB come back from RDF/XML through a real XML parser."""
    import rdflib

    lines = read_lines(b'<x:s> <http://x/p> "a\\r\\n\\tb ]]> & <c>" .', NTRIPLES)
    graph = rdflib.Graph().parse(data=written(lines, RDFXML), format="xml")
    assert [str(value) for value in graph.objects()] == ["a\r\n\tb ]]> & <c>"]


def test_literals_are_never_rewritten() -> None:
    """Forms that a store would normalise stay as they were authored, in every format."""
    data = b"".join(
        f'<x:s> <http://x/p{n}> "{value}"^^<http://www.w3.org/2001/XMLSchema#{kind}> .\n'.encode()
        for n, (value, kind) in enumerate(
            [
                ("1.10", "decimal"),
                ("007", "integer"),
                ("1", "boolean"),
                ("7", "byte"),
                ("1e0", "double"),
                ("0987", "gYear"),
            ]
        )
    )
    lines = read_lines(data, NTRIPLES)
    for format_ in FORMATS:
        found = lines_from_quads(ox.parse(written(lines, format_), format=format_.engine))
        assert found == lines, format_.name


def test_the_bytes_do_not_depend_on_the_order_of_the_input() -> None:
    """Shuffled quads give the same file in every format, and the same digest."""
    source = [
        ox.Quad(ox.NamedNode(f"http://e/id/{n % 7}"), ox.NamedNode(f"https://schema.org/p{n % 3}"), ox.Literal(str(n)))
        for n in range(60)
    ]
    first = lines_from_quads(source)
    for seed in range(5):
        random.Random(seed).shuffle(source)
        again = lines_from_quads([*source, source[0]])
        assert digest(again) == digest(first)
        assert all(written(again, format_) == written(first, format_) for format_ in FORMATS)


def test_the_bytes_do_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    """Two processes with different hash seeds write the same files."""
    code = (
        "import io, sys; from isoc_kg.formats import FORMATS; from isoc_kg.rdf import *\n"
        "from isoc_kg.namespaces import PREFIXES\n"
        "lines = read_lines(b''.join(b'<x:%d> <https://schema.org/p%d> \"x\"@en .\\n' % (n, n) for n in range(9)))\n"
        "for item in FORMATS: write(lines, item, sys.stdout.buffer, prefixes=PREFIXES)"
    )
    found = [
        subprocess.run(
            [sys.executable, "-c", code], env={"PYTHONHASHSEED": seed}, capture_output=True, check=True
        ).stdout
        for seed in ("1", "2")
    ]
    assert found[0] == found[1]
    assert found[0]


def test_only_prefixes_that_are_used_are_declared() -> None:
    """A prefix is declared when a name needs it, the longest one that fits."""
    lines = read_lines(b"<http://example.org/ns#abc> <https://schema.org/name> <http://e/x> .", NTRIPLES)
    assert written(lines, TURTLE).decode().splitlines()[:2] == [
        "@prefix odd: <http://example.org/ns#a> .",
        "@prefix schema: <https://schema.org/> .",
    ]
    assert re.findall('xmlns:(?!its)([a-z]+)="', written(lines, RDFXML).decode()) == ["rdf", "schema"]
    context = json.loads(written(lines, JSONLD))["@context"]
    assert context == {
        "@version": 1.1,
        "odd": {"@id": "http://example.org/ns#a", "@prefix": True},
        "schema": "https://schema.org/",
    }


def test_terms_and_nesting_of_a_context() -> None:
    """Names become language maps, links plain strings, and a claim stands inside the thing that it is about."""
    lines = read_lines(
        b"""PREFIX ex: <http://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        ex:a a ex:Person ; <https://schema.org/name> "A"@en, "B"@en, "C"@de, "plain" ; ex:knows ex:b ; ex:year
        "1992"^^<http://www.w3.org/2001/XMLSchema#gYear> ; ex:note 5 .  ex:c rdf:subject ex:a ; ex:note "n" ."""
    )
    document = json.loads(written(lines, JSONLD, context=CONTEXT))
    assert document["@graph"] == [
        {
            "@id": "ex:a",
            "@type": "Person",
            "knows": ["ex:b"],
            "note": {"@type": "xsd:integer", "@value": "5"},
            "year": "1992",
            "schema:name": "plain",
            "name": {"de": "C", "en": ["A", "B"]},
            "claims": [{"@id": "ex:c", "note": "n"}],
        }
    ]


def test_members_that_nothing_declares_have_one_shape() -> None:
    """With prefixes alone each property and @type is an array, of one value as of several."""
    lines = read_lines(
        b"""PREFIX ex: <http://example.org/ns#>
        ex:a a ex:Person ; ex:knows ex:b ; ex:note "one" .
        ex:b a ex:Person, ex:Other ; ex:knows ex:a, ex:c ; ex:note "one", "two" ."""
    )
    document = json.loads(written(lines, JSONLD, context=None))
    for node in document["@graph"]:
        assert all(isinstance(value, list) for key, value in node.items() if key != "@id")


def test_members_of_a_uniform_context_have_one_shape_each() -> None:
    """A set is an array; what has one value is it, or nothing: several, and odd ones, are under the property's IRI."""
    lines = read_lines(
        b"""PREFIX ex: <http://example.org/ns#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
        PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> PREFIX schema: <https://schema.org/>
        ex:a a ex:Person ; schema:name "A"@en, "B"@en, "C"@de, "plain" ; ex:knows ex:b, "x" ;
            ex:year "1992"^^xsd:gYear .
        ex:b a ex:Person, ex:Other ; ex:year "1992"^^xsd:gYear, "1993"^^xsd:gYear ; ex:note 5 .
        ex:c ex:year 1992 ; rdf:subject ex:a ; ex:other "o" ."""
    )
    document = json.loads(written(lines, JSONLD, context=UniformContext(CONTEXT)))
    years = [{"@type": "xsd:gYear", "@value": "1992"}, {"@type": "xsd:gYear", "@value": "1993"}]
    assert document["@graph"] == [
        {
            "@id": "ex:a",
            "@type": ["Person"],
            "name": {"de": "C", "@none": "plain"},
            "knows": ["ex:b"],
            "year": "1992",
            "ex:knows": ["x"],
            "schema:name": [{"@language": "en", "@value": "A"}, {"@language": "en", "@value": "B"}],
            "claims": [{"@id": "ex:c", "ex:other": ["o"], "ex:year": [{"@type": "xsd:integer", "@value": "1992"}]}],
        },
        {
            "@id": "ex:b",
            "@type": ["ex:Other", "Person"],
            "note": {"@type": "xsd:integer", "@value": "5"},
            "ex:year": years,
        },
    ]


def test_an_iri_whose_scheme_is_a_prefix_of_a_uniform_context() -> None:
    """The prefix is left out, names and shapes stay."""
    lines = read_lines(b'<http://example.org/ns#a> <https://schema.org/name> "A"@en ; <http://e/p> <schema:x> .')
    document = json.loads(written(lines, JSONLD, context=UniformContext(CONTEXT)))
    assert "schema" not in document["@context"]
    assert document["@context"]["name"]["@id"] == "https://schema.org/name"
    assert document["@graph"] == [{"@id": "ex:a", "name": {"en": "A"}, "http://e/p": [{"@id": "schema:x"}]}]
    assert back(json.dumps(document).encode(), JSONLD) == of_lines(lines)


@pytest.mark.parametrize(
    "context",
    [None, {"@version": 1.1, "note": "https://ex.example/note"}, {"@vocab": "https://ex.example/"}],
)
def test_jsonld_may_stand_in_a_script_element(context: dict[str, object] | None) -> None:
    """Whichever way it is written, no text ends the element, and the document is the same data."""
    line = b'<https://ex.example/t> <https://ex.example/note> "</script><!-- \\\\<b>"@en .\n'
    data = written([line], JSONLD, context=context)
    assert b"<" not in data
    assert back(data, JSONLD) == of_lines([line])


def test_small_jsonld_documents_may_stand_in_a_script_element() -> None:
    """By both ways that they are written."""
    line = b'<https://ex.example/t> <https://ex.example/note> "</script>" .\n'
    compaction = Compaction({"ex": "https://ex.example/"}, None)
    out = io.BytesIO()
    compaction.write([line], out)
    description = Description.of_triples([split(line)[:3]])
    assert compaction.description(description.groups) == out.getvalue()
    assert b"\\u003c/script>" in out.getvalue()
    assert b"<" not in out.getvalue()
