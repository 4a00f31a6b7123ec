"""Results of queries are read, or refused with one error, whatever they hold."""

import json

import pyoxigraph as ox
import pytest

from isoc_kg.errors import LimitExceeded, ParseError
from isoc_kg.query.results import read_results

JSON, XML = ox.QueryResultsFormat.JSON, ox.QueryResultsFormat.XML
URI = {"type": "uri", "value": "urn:a"}


def results(*terms: object) -> bytes:
    """JSON results with one variable."""
    bindings = [{"x": term} for term in terms]
    return json.dumps({"head": {"vars": ["x"]}, "results": {"bindings": bindings}}).encode()


def nested(depth: int, opened: str, innermost: str, closed: str) -> bytes:
    """A triple term in a triple term, and so on."""
    return (opened * depth + innermost + closed * depth).encode()


def nested_json(depth: int, closed: str = "}}", more: str = "") -> bytes:
    """Triple terms as objects of one another, as JSON results."""
    uri = '{"type":"uri","value":"urn:a"}'
    opened = f'{{"type":"triple",{more}"value":{{"subject":{uri},"predicate":{uri},"object":'
    head = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":'
    return head + nested(depth, opened, uri, closed) + b"}]}}"


def nested_xml(depth: int, more: str = "", name: str = "triple") -> bytes:
    """The same as XML."""
    space = ' xmlns:r="http://www.w3.org/2005/sparql-results#"'
    opened = f"{more}<{name}><subject><uri>urn:a</uri></subject><predicate><uri>urn:a</uri></predicate>{more}<object>"
    head = (
        f'<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"{space}>'
        '<head><variable name="x"/></head><results><result><binding name="x">'
    )
    end = b"</binding></result></results></sparql>"
    return head.encode() + nested(depth, opened, "<uri>urn:a</uri>", f"</object></{name}>") + end


@pytest.mark.parametrize(
    ("term", "token"),
    [
        (URI, "<urn:a>"),
        ({"type": "bnode", "value": "b0"}, "_:b0"),
        ({"type": "literal", "value": 'a "{b}"\\\n\x00'}, '"a \\"{b}\\"\\\\\\n\\u0000"'),
        ({"type": "literal", "value": "x", "xml:lang": "en"}, '"x"@en'),
        ({"type": "typed-literal", "value": "1", "datatype": "urn:d"}, '"1"^^<urn:d>'),
        ({"type": "triple", "value": {"subject": URI, "predicate": URI, "object": URI}}, "<urn:a> <urn:a> <urn:a>"),
    ],
)
def test_terms(term: object, token: str) -> None:
    """Every kind of term."""
    variables, rows = read_results(results(term, term), JSON)  # type: ignore[misc]
    assert variables == ["x"]
    assert [str(row[0]) for row in rows] == [token, token]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b"\xff",
        b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"uri","value":"urn:a"}}',
        results({"type": "uri", "value": "urn:a> <urn:b"}),
        results({"type": "uri", "value": "relative"}),
        results({"type": "uri"}),
        results({"type": "bnode", "value": "a b"}),
        results({"type": "literal", "value": 1}),
        results({"type": "literal", "value": "x", "xml:lang": "en> <urn:b"}),
        results({"type": "literal", "value": "x", "datatype": "a b"}),
        results({"type": "other", "value": "x"}),
        results("x"),
        b'{"head":{"vars":["x"]},"results":{"bindings":[{"y":{"type":"uri","value":"urn:a"}}]}}',
        b"[" * 100_000,
        b"{" * 100_000,
        b'{"head":' * 100_000,
    ],
)
def test_what_is_no_result(body: bytes) -> None:
    """One error; a token never holds more than its one term."""
    with pytest.raises((ParseError, LimitExceeded)):
        read_results(body, JSON)


@pytest.mark.parametrize(
    "body",
    [
        nested_json(50_000),
        nested_json(50_000, closed=""),
        nested_json(50_000, more='"a":"}}\\"}}","b":"\\\\",'),
        nested_json(50_000).replace(b"triple", rb"tr\u0069ple"),
    ],
)
def test_deep_json(body: bytes) -> None:
    """Triple terms that would end the interpreter are refused, whatever stands in between to hide how deep they are."""
    with pytest.raises(LimitExceeded, match="nested"):
        read_results(body, JSON)


@pytest.mark.parametrize(
    "body",
    [
        nested_xml(50_000),
        nested_xml(50_000, "<!--</triple>-->"),
        nested_xml(50_000, "<![CDATA[</triple>]]>"),
        nested_xml(50_000, "<a b='<!--'/><a b=\"</triple>\"/>"),
        nested_xml(50_000, name="r:triple"),
    ],
)
def test_deep_xml(body: bytes) -> None:
    """The same in XML."""
    with pytest.raises(LimitExceeded, match="nested"):
        read_results(body, XML)


@pytest.mark.parametrize(("body", "format_"), [(nested_json(90), JSON), (nested_xml(90), XML)], ids=["json", "xml"])
def test_nested_terms_are_terms(body: bytes, format_: ox.QueryResultsFormat) -> None:
    """As deep as anybody may need them."""
    _, rows = read_results(body, format_)  # type: ignore[misc]
    assert str(rows[0][0]).count("<urn:a>") == 181


def test_many_terms_are_not_deep() -> None:
    """Neither many triple terms beside one another nor braces in texts count as depth."""
    triple = {"type": "triple", "value": {"subject": URI, "predicate": URI, "object": URI}}
    text = {"type": "literal", "value": "{" * 1000 + '\\"' + "triple" * 1000}
    body = results(*[triple, text] * 500)
    _, rows = read_results(body, JSON)  # type: ignore[misc]
    assert len(rows) == 1000
    parsed = ox.parse_query_results(body, JSON)
    assert isinstance(parsed, ox.QuerySolutions)
    as_xml = parsed.serialize(format=XML)
    assert as_xml is not None
    assert list(read_results(as_xml, XML)[1]) == list(rows)  # type: ignore[index]
