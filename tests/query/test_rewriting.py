"""What the embedded engine gets wrong is put right before it runs, or noted."""

from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner

from isoc_kg import KnowledgeGraph
from isoc_kg.cli.query import query
from isoc_kg.errors import CannotCarry, QueryError
from isoc_kg.query import StoreEvaluator, run_query
from isoc_kg.query.edits import Edits
from isoc_kg.query.lexical_forms import is_kept, marked_lines, unmarked_lines
from isoc_kg.query.replacement import engine_replacement
from isoc_kg.query.solutions import Solutions, truth_value

PREFIXES = {"": "http://e.org/", "xsd": "http://www.w3.org/2001/XMLSchema#"}


def store(text: str = "") -> StoreEvaluator:
    """Turtle, or TriG, in a store."""
    head = "".join(f"PREFIX {name}: <{iri}>\n" for name, iri in PREFIXES.items())
    quads = ox.parse(head + text, format=ox.RdfFormat.TRIG)
    return StoreEvaluator.of_lines([f"{quad} .\n".encode() for quad in quads])


def rows(text: str, data: str = "") -> list[list[str]]:
    """The solutions of a query as texts, sorted."""
    found = run_query(store(data), text, prefixes=PREFIXES).solutions
    assert found is not None
    return [["" if term is None else str(term).replace("^^<http://www.w3.org/2001/XMLSchema#", "^^<") for term in row]
            for row in found.terms]  # fmt: skip


def value(expression: str, data: str = "") -> str:
    """The value of an expression; empty for an error."""
    return rows(f"SELECT ({expression} AS ?x) {{}}", data)[0][0]


@pytest.mark.parametrize(
    ("condition", "wanted"),
    [
        ('"a"@en', "1"), ('""@en', "0"), ('"a"', "1"), ('""', "0"), ("0", "0"), ("0.0", "0"), ("1e0", "1"),
        ('"NaN"^^xsd:double', "0"), ('"-INF"^^xsd:double', "1"), ('"x"^^xsd:integer', "0"), ('"x"^^xsd:boolean', "0"),
        ('"1"^^xsd:boolean', "1"), ('"0"^^xsd:boolean', "0"), ('"007"^^xsd:byte', "1"), ("<x:y>", ""), ("?none", ""),
        ('"2020"^^xsd:gYear', ""), ("99999999999999999999999", "1"), ('"a"^^<x:t>', ""),
    ],
)  # fmt: skip
def test_conditions(condition: str, wanted: str) -> None:
    """Effective boolean values, wherever one is taken."""
    assert value(f"IF({condition}, 1, 0)").partition("^^")[0].strip('"') == wanted
    truth = {"1": "true", "0": "false", "": ""}[wanted]
    for expression in (f"({condition}) && true", f"false || ({condition})", f"!!({condition})"):
        assert value(expression).partition("^^")[0].strip('"') == truth
    data = "SELECT (1 AS ?one) { FILTER(%s) }", "SELECT (COUNT(*) AS ?n) { } HAVING (%s)"
    for text in data:
        assert bool(rows(text % condition)) == (wanted == "1")


def test_concatenation() -> None:
    """GROUP_CONCAT takes the text of any value; terms are told apart before their texts are."""
    data = ':a :p 5, 7.50, "x"@en, <x:y>, true .'
    found = rows('SELECT (GROUP_CONCAT(?o; SEPARATOR="|") AS ?all) { ?s :p ?o }', data)[0][0]
    assert sorted(found.strip('"').split("|")) == ["5", "7.50", "true", "x", "x:y"]
    found = rows('SELECT (GROUP_CONCAT(DISTINCT ?o; SEPARATOR="+") AS ?all) { VALUES ?o { "a"@en "a" "a" <a:> } }')[0][
        0
    ]
    assert found == '"a+a+a:"'
    assert rows("SELECT (GROUP_CONCAT(?o) AS ?all) { ?s :p ?o }", ":a :p 1, [] .") == [[""]]
    assert rows("SELECT (GROUP_CONCAT(?o) AS ?all) { ?s :p ?o }") == [['""']]


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (r'"a$b", "\\$", "\\$\\$"', '"a$$b"'), ('"abab", "(a)(b)", "$2$1$10"', '"baa0baa0"'),
        ('"abc", "b", "<$0>"', '"a<b>c"'), ('"abc", "(b)", "$1x"', '"abxc"'), ('"abc", "b", "$1"', '"ac"'),
        (r'"abc", "b", "\\\\"', r'"a\\c"'), ('"abc", "b", "$"', ""), (r'"abc", "b", "\\n"', ""),
        ('"abc", "x*", "-"', ""), ('"a.c", ".", "$0", "q"', '"a$0c"'), ('"Abc"@en, "a", "x", "i"', '"xbc"@en'),
        ('"abc", ?pattern, "x"', ""), ('"(a)b", "[(](a)[)]", "$1"', '"ab"'),
    ],
)  # fmt: skip
def test_replacement(arguments: str, wanted: str) -> None:
    """REPLACE takes replacement strings as XPath has them, written in the query or computed."""
    assert value(f"REPLACE({arguments})") == wanted
    text, pattern, replacement, *flags = [part.strip() for part in arguments.split(", ")]
    computed = ", ".join([text, f"STR({pattern})", f"STR({replacement})", *flags])
    assert value(f"REPLACE({computed})") == wanted
    assert engine_replacement("$", "a") is None


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (r'"a_b", "^\\w+$"', "false"), (r'"a😀²", "^\\w+$"', "true"), (r'"\u00A0", "\\s"', "false"),
        (r'"bad", "^[a-z-[aeiou]]+$"', "false"), (r'"bcd", "^[a-z-[aeiou]]+$"', "true"), (r'"&", "[a&&b]"', "true"),
        (r'"a-b.1", "^\\i\\c*$"', "true"), (r'"αβ", "^\\p{IsGreek}+$"', "true"), (r'"abab", "^(ab)\\1$"', "true"),
        (r'"a\nb", "^b$", "m"', "true"), (r'"a#b", "a # b", "x"', "true"), (r'"A.b", "a.B", "qi"', "true"),
        (r'"foo bar", "\\bbar"', ""), (r'"abc", "\\Aabc"', ""), (r'"ABC", "(?i)abc"', ""), (r'"a", "a{,2}"', ""),
        (r'"a", "a++"', ""), (r'"a", "[[:alpha:]]"', ""), (r'"a", "a", "g"', ""), (r'"a/b", "a\\/b"', ""),
        ('"harbour"@en, "HAR", "i"', "true"), ('1, "1"', ""), ('?none, "a"', ""), ('"a", "a"@en', ""),
        (r'"aaa", "^[\\w-[b]]{1,800}$"', "true"),
    ],
)  # fmt: skip
def test_patterns(arguments: str, wanted: str) -> None:
    """REGEX takes patterns as XPath has them, written in the query or computed, and names those that it refuses."""
    expected = wanted and f'"{wanted}"^^<boolean>'
    assert value(f"REGEX({arguments})") == expected
    text, pattern, *flags = arguments.split(", ")
    assert value(f"REGEX({', '.join([text, f'COALESCE({pattern})', *flags])})") == expected
    assert value(f"REGEX({', '.join([text, pattern, *map('COALESCE({})'.format, flags)])})") == expected


@pytest.mark.parametrize(
    ("arguments", "wanted"),
    [
        (r'"a_b", "\\w", "-"', '"-_-"'), ('"aabb"@en, "(.)[$]?\\\\1", "<$1>"', '"<a><b>"@en'),
        (r'"a\nb", "^", "-", "m"', ""), (r'"a\nb", "^(.)", "-$1", "m"', r'"-a\n-b"'), ('"abc", ".+?", "x"', '"xxx"'),
        (r'"ab", "(a)|(b)\\2", "$2$1$3$10"', '"aa0b"'), (r'"aa", "(.)\\1", "\\\\$"', ""),
        (r'"aa", "(.)\\1", "\\$\\\\"', r'"$\\"'), (r'"a", "\\b", "x"', ""), (r'1, "(1)\\1", "x"', ""),
    ],
)  # fmt: skip
def test_patterns_of_replace(arguments: str, wanted: str) -> None:
    """REPLACE takes the same patterns, reluctant ones among them."""
    assert value(f"REPLACE({arguments})") == wanted
    text, pattern, replacement, *flags = arguments.split(", ")
    computed = [text, f"COALESCE({pattern})", f"COALESCE({replacement})", *flags]
    assert value(f"REPLACE({', '.join(computed)})") == wanted


def test_literals_stay_as_written() -> None:
    """Forms and datatypes are those of the data, values are compared as values."""
    data = ':a :p 1.10, 007, "1"^^xsd:boolean, "5"^^xsd:byte, "2020-01-01T00:00:00.0Z"^^xsd:dateTime ; :q 1.1 .'
    assert rows("SELECT ?o { :a :p ?o }", data) == [
        ['"007"^^<integer>'], ['"1"^^<boolean>'], ['"1.10"^^<decimal>'], ['"2020-01-01T00:00:00.0Z"^^<dateTime>'],
        ['"5"^^<byte>'],
    ]  # fmt: skip
    for text, wanted in (
        ("SELECT (STR(?o) AS ?t) { :a :p ?o FILTER(?o < 6) }", [['"1.10"'], ['"5"']]),
        ("SELECT (DATATYPE(?o) AS ?t) { :a :p ?o FILTER(?o = 5) }", [["<http://www.w3.org/2001/XMLSchema#byte>"]]),
        ("SELECT ?o { :a :q ?v ; :p ?o FILTER(?o = ?v && !sameTerm(?o, ?v)) }", [['"1.10"^^<decimal>']]),
        ("SELECT ?s { ?s :p 1.1 }", []),
        ("SELECT ?s { ?s :p 1.10 }", [["<http://e.org/a>"]]),
        ("SELECT ?o { :a :p ?o FILTER(isNumeric(?o)) } ORDER BY DESC(?o) LIMIT 1", [['"007"^^<integer>']]),
        ("SELECT (MAX(?o) AS ?m) (SUM(?o) AS ?n) { :a :p ?o FILTER(isNumeric(?o)) }",
         [['"007"^^<integer>', '"13.1"^^<decimal>']]),
        ("SELECT (MIN(?o) AS ?n) (MAX(?o) AS ?m) {VALUES ?o {01 2.50}}", [['"01"^^<integer>', '"2.50"^^<decimal>']]),
        ("SELECT (COUNT(DISTINCT ?o) AS ?n) { { :a :p ?o } UNION { :a :q ?o } }", [['"6"^^<integer>']]),
        ("SELECT (STRDT('01', xsd:integer) AS ?t) (01 AS ?u) {}", [['"01"^^<integer>', '"01"^^<integer>']]),
        ("SELECT (?o + 1 AS ?n) { VALUES ?o { 01 } }", [['"2"^^<integer>']]),
        ("SELECT (COALESCE(?o, 1) * 2 AS ?n) { VALUES ?o { 1.50 } FILTER(?o IN (1.5)) }", [['"3"^^<decimal>']]),
        ("SELECT ?o { VALUES ?o { 1.50 1.5 } }", [['"1.5"^^<decimal>'], ['"1.50"^^<decimal>']]),
    ):  # fmt: skip
        assert rows(text, data) == wanted, text
    triples = run_query(store(data), "CONSTRUCT { :b :r ?o, 1.20 } WHERE { :a :p ?o }", prefixes=PREFIXES).triples
    assert triples is not None
    assert sorted(line.split(b" ")[2].partition(b"^")[0] for line in triples) == [
        b'"007"', b'"1"', b'"1.10"', b'"1.20"', b'"2020-01-01T00:00:00.0Z"', b'"5"',
    ]  # fmt: skip


def test_functions_of_strings_take_no_numbers() -> None:
    """A literal that is kept as it was written is an error to them, as its value is, and they take strings as ever."""
    data = ':s :n 1.10 ; :n "1"^^xsd:boolean ; :n "PT60M"^^xsd:duration ; :t "a1"@en .'
    calls = [f"{name}(%s)" for name in ("STRLEN", "UCASE", "LCASE", "ENCODE_FOR_URI", "MD5", "SHA1", "SHA256", "IRI")]
    for name in ("CONTAINS", "STRSTARTS", "STRENDS", "STRBEFORE", "STRAFTER", "REGEX", "CONCAT", "STRLANG"):
        calls += [f'{name}(%s, "1")', f'{name}("1", %s)']
    for call in [*calls, 'REPLACE(%s, "1", "2")', 'REPLACE("1", %s, "2")', 'LANGMATCHES(%s, "*")']:
        found = rows(f"SELECT ({call % '?n'} AS ?x) {{ ?s :n ?n }}", data)
        assert found == [[""]] * 3, call
    assert rows('SELECT ?t { ?s :t ?t FILTER(REGEX(?t, "1$") && CONTAINS(?t, "a")) }', data) == [['"a1"@en']]
    assert rows("SELECT (SUBSTR(?t, ?n) AS ?x) { ?s :t ?t ; :n ?n }", ':s :t "a1" ; :n "02"^^xsd:byte .') == [['"1"']]


def test_extremes_of_mixed_terms() -> None:
    """Blank nodes come before all else, whatever comes first in the data."""
    for data in (":a :p 01, 4.50, _:b .", ":a :p _:b, 01, 4.50 ."):
        found = rows("SELECT (isBlank(MIN(?o)) AS ?b) (MAX(?o) AS ?m) { :a :p ?o }", data)
        assert found == [['"true"^^<boolean>', '"4.50"^^<decimal>']]


def test_marks_are_taken_away() -> None:
    """Lines come back as they were, and ordinary data are not marked."""
    lines = b'<x:s> <x:p> "01"^^<http://www.w3.org/2001/XMLSchema#integer> .\n<x:s> <x:p> "a \\"1\\"" .\n'
    data, written, _ = marked_lines([lines])
    assert written
    assert data != lines
    assert unmarked_lines(data) == lines
    assert marked_lines([lines.replace(b"01", b"1")]) == (lines.replace(b"01", b"1"), False, False)
    assert is_kept("10", "http://www.w3.org/2001/XMLSchema#integer")
    assert not is_kept("10", "http://www.w3.org/2001/XMLSchema#long")


def test_paths_of_length_zero() -> None:
    """They lead from a term to itself, whether the data have the term or not, once."""
    data = ":a :p :b . :b :p :c . :c :q 01 ."
    for path in (":p*", ":p?", "^(:p*)", "(:p|:q)*"):
        assert rows(f"SELECT ?x {{ :none {path} ?x }}", data) == [["<http://e.org/none>"]], path
        assert rows(f"SELECT ?x {{ ?x {path} 1.10 }}", data) == [['"1.10"^^<decimal>']], path
        assert rows(f"SELECT (1 AS ?one) {{ :none {path} :none }}", data) == [['"1"^^<integer>']], path
        assert not rows(f"SELECT (1 AS ?one) {{ :none {path} :other }}", data), path
    assert rows("SELECT ?x ?y { :none :p* ?x ; :q* ?y . }", data) == [["<http://e.org/none>"] * 2]
    assert len(rows("SELECT ?x { :a :p* ?x }", data)) == 3
    assert rows("SELECT ?g ?x { GRAPH ?g { :a :p? ?x } }", "GRAPH :g { :a :p :b } GRAPH :h { :x :p :y }") == [
        ["<http://e.org/g>", "<http://e.org/a>"], ["<http://e.org/g>", "<http://e.org/b>"],
        ["<http://e.org/h>", "<http://e.org/a>"],
    ]  # fmt: skip
    assert store(data).notes("SELECT * { <x:none> <x:p>* _:x }")


@pytest.mark.parametrize(
    "path",
    [":a/:b*", ":b*/:a", ":a/:b*/:c*", ":b*/:c*", ":a/:b?", "^:b*/:a", "(:a/:b*)/(:c|:a/:b*)", ":a/(:b/:c)*/:a?",
     ":b*/:a/:c*/:b?/:a", ":a/(:b*/:c)", "!:a/:b*", "(:a|:b)/:c*"],
)  # fmt: skip
@pytest.mark.parametrize("ends", ["?s %s ?o", ":n0 %s ?o", "?s %s :n1", ":n0 %s ?x . ?x :c ?o", "?s %s :none"])
def test_steps_that_may_be_left_out_within_exists(path: str, ends: str) -> None:
    """No `*` or `?` of a sequence is left within EXISTS, where it is followed from all nodes."""
    data = " ".join(f":n{i} :{p} :n{(i * k + 1) % 7} ." for p, k in (("a", 2), ("b", 3), ("c", 5)) for i in range(5))
    text = f"SELECT DISTINCT ?s ?o {{ ?s ?p ?o FILTER EXISTS {{ {ends % path} }} }} ORDER BY ?s ?o"
    kept = store(data)
    given = kept._rewriting(text, PREFIXES, "", {}).text.partition("EXISTS")[2]
    if path != ":b*/:c*":
        assert "*" not in given
        assert "?/" not in given
    wanted = [tuple(row) for row in kept.store.query(text, prefixes=PREFIXES)]
    found = run_query(kept, text, prefixes=PREFIXES).solutions
    assert found is not None
    assert [tuple(row) for row in found.terms] == wanted
    counted = f"SELECT ?s {{ ?s :a ?o FILTER EXISTS {{ SELECT (COUNT(*) AS ?n) {{ :n0 {path} ?y }} HAVING(?n > 2) }} }}"
    assert ")+" not in kept._rewriting(counted, PREFIXES, "", {}).text  # how often it is there matters


def test_alternatives_are_a_union() -> None:
    """What two alternatives lead to is there twice; a triple of two graphs is there once."""
    data = ":a :p :b ; :q :b . :b :r :c . GRAPH :g { :b :r :c }"
    assert len(rows("SELECT ?x { :a :p|:q ?x }", data)) == 2
    assert len(rows("SELECT ?x { :a (:p|:q)/:r ?x }", data)) == 2
    assert len(rows("SELECT ?x { ?x !(:r|^:q) :b }", data)) == 3
    assert len(rows("SELECT ?x { :a :p|:r ?x }", data)) == 1
    assert len(rows("SELECT ?x { ?x :r :c }", data)) == 1
    assert rows("SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", data) == [['"3"^^<integer>']]


@pytest.mark.parametrize(
    ("clauses", "wanted"),
    [
        ("FROM :g FROM :h", "3"), ("FROM :g FROM :g", "2"), ("FROM :h FROM NAMED :g FROM :g", "3"), ("FROM :g", "2"),
        ("FROM :none FROM :h", "2"), ("", "3"), ("FROM :g FROM :i", "3"), ("FROM NAMED :g", "0"),
    ],
)  # fmt: skip
def test_graphs_of_a_query_are_merged(clauses: str, wanted: str) -> None:
    """A triple that two graphs of FROM clauses have is there once (RDF merge), and named graphs stay apart."""
    data = ":g { :a :p 1, 01 } :h { :a :p 1, 3 } :i { :a :p 4 }"
    evaluator = store(data)
    prologue = "PREFIX : <http://e.org/> "
    counted = f"{prologue}SELECT (COUNT(*) AS ?n) (COUNT(DISTINCT ?o) AS ?d) {clauses} {{ ?s :p ?o }}"
    if clauses:
        _, found = evaluator.select(counted)
        assert [term.value for term in found[0]] == [wanted, wanted]
    assert not evaluator.notes(counted)
    assert evaluator.ask(f"{prologue}ASK {clauses or 'FROM NAMED :g'} {{ GRAPH :g {{ :a :p 01 }} }}") == (
        "NAMED" in clauses or not clauses
    )
    graphs = [ox.NamedNode(f"http://e.org/{name}") for name in "gh"]
    answer, _ = evaluator.run("SELECT * { ?s ?p ?o }", default_graph=graphs, named_graphs=[])
    assert isinstance(answer, ox.QuerySolutions)
    assert len(list(answer)) == 3


def test_graphs_of_a_query_that_are_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is not merged is noted."""
    monkeypatch.setattr("isoc_kg.query.evaluator._MOST_MERGED", 1)
    text = "SELECT * FROM <http://e.org/g> FROM <http://e.org/h> { ?s ?p ?o }"
    assert "use DISTINCT" in store(":g { :a :p 1 } :h { :a :p 1 }").notes(text)[0]
    assert "use DISTINCT" in store(":g { :a :p 1 } :h { :a :p 1 }").run(text)[1].notes[0]


def test_each_graph_by_itself() -> None:
    """MINUS and inner queries in GRAPH ?g see one graph at a time."""
    data = "GRAPH :g { :a :p 1, 2 } GRAPH :h { :b :p 1 }"
    found = rows("SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?s :p 2 } } }", data)
    assert found == [["<http://e.org/g>", '"1"^^<integer>'], ["<http://e.org/h>", '"0"^^<integer>']]
    assert rows("SELECT ?g { GRAPH ?g { VALUES ?x { 1 } } }", data) == [["<http://e.org/g>"], ["<http://e.org/h>"]]
    assert not rows("SELECT ?g ?s { GRAPH ?g { ?s :p ?o MINUS { ?s :p 1 } } }", data)


_BIG, _LONG, _FINE = "12345678901234567890", "9223372036854775807", "1.2345678901234567890123"


@pytest.mark.parametrize(
    ("expression", "wanted"),
    [
        (f"{_LONG} + 1", f"{_LONG[:-1]}8"), (f"1 + 2 + {_LONG} - 4", f"{_LONG[:-1]}6"),
        (f"{_BIG} - 1.5", f"{_BIG[:-2]}88.5"),
        (f"{_LONG} * 2 * 0.5", _LONG), (f"-{_BIG}", f"-{_BIG}"), ("-(?big)", f"-{_BIG}"), ("+(?big)", _BIG),
        (f"ABS(-{_BIG})", _BIG), (f"CEIL({_FINE})", "2"), (f"FLOOR({_FINE})", "1"), (f"ROUND({_FINE})", "1"),
        (f"ROUND({_BIG}.5)", f"{_BIG[:-1]}1"), (f"{_BIG} / 10", f"{_BIG[:-1]}"), ("?big / ?big", "1"), ("?big / 0", ""),
        (f"{_BIG} * {_BIG}", "152415787532388367501905199875019052100"), (f"{_BIG} + 1e0", "12345678901234567000"),
        ("0.000000000000000001 * 2.5", "0.0000000000000000025"), ("?big + ?none", ""), ('?big + "1"', ""),
        ("isNumeric(?big)", "true"), (f"isNumeric({_FINE})", "true"), ('isNumeric("300"^^xsd:byte)', "false"),
        ('isNumeric("x")', "false"), ("isNumeric(<x:y>)", "false"), ("isNumeric(?none)", ""),
        (f'xsd:integer("{_BIG}")', _BIG), (f'xsd:integer(CONCAT(" ", "{_BIG}"))', _BIG), (f"xsd:integer({_FINE})", "1"),
        (f"xsd:double({_FINE})", "1.2345678901234567"), ("xsd:boolean(?big)", "true"), ("xsd:decimal(?big)", _BIG),
        ("xsd:integer(1e15)", "1000000000000000"), ("xsd:integer(123456789012e0)", "123456789012"),
        ("xsd:integer(1e30)", "1000000000000000019884624838656"), ("xsd:decimal(0.1e0)", "0.1"),
        ("xsd:integer(-2.5)", "-2"),
        ("xsd:decimal(123456.789e0)", "123456.789"), ('xsd:integer("NaN"^^xsd:double)', ""),
        ('xsd:integer("1e3")', ""), ("xsd:integer(true)", "1"), ('xsd:integer("7"@en)', ""), ("xsd:integer(<x:7>)", ""),
        ("?big = ?small", "false"), ("?big != ?small", "true"), ("?big = ?big", "true"), ("?big != ?text", "true"),
        ("?big IN (1, ?big)", "true"), ("?big IN (1, 2)", "false"), ("?text NOT IN (?big, 1)", "true"),
        ("1 IN (?big, 1/0)", ""), ("?small IN (?big, ?none, 7)", "true"), ("?small < ?big", "true"),
        ('"abc" != 12345678901234567890', "true"), ("<x:y> IN (12345678901234567890)", "false"),
        ('"x"^^<x:t> = 12345678901234567890', ""), ('"x"^^<x:t> IN (12345678901234567890, 1)', ""),
        ('0 / "1.5"^^xsd:integer', ""), ("SUM(?big) + SUM(?small)", f"{_BIG[:-1]}7"), ("AVG(?big)", _BIG),
        ("SUM(DISTINCT ?big)", _BIG), ("MAX(?big)", _BIG), ("SUM(?text)", ""),
        ("SUM(?big * 2)", "24691357802469135780"), ("?big = \"abc\"", "false"), ("1 < ?text", ""),
    ],
)  # fmt: skip
def test_any_number(expression: str, wanted: str) -> None:
    """Numbers beyond 64 bits or 18 places are numbers, in query and data, and as what a computation comes to."""
    given = f'VALUES (?big ?small ?text) {{ ({_BIG} 7 "abc") }}'
    for where in (
        given,
        f"?s :big ?big ; :small ?small ; :text ?text {given}",
        "?s :big ?big ; :small ?small ; :text ?text",
    ):
        found = rows(f"SELECT ({expression} AS ?x) {{ {where} }}", f':a :big {_BIG} ; :small 7 ; :text "abc" .')[0][0]
        assert found.partition("^^")[0].strip('"') == wanted, where


def test_sums_and_order_of_large_numbers() -> None:
    """They are added up, and come in the order of their values, whatever their length."""
    data = (
        f':a :p 9, 10, -{_BIG}, {_BIG}, {_LONG}, 9223372036854775808, 9223372036854775806, 1.5e0, "NaN"^^xsd:double .'
    )
    wanted = [f"-{_BIG}", "1.5e0", "9", "10", "9223372036854775806", _LONG, "9223372036854775808", _BIG]
    for direction, forms in (("?o", wanted), ("ASC(?o)", wanted), ("DESC(?o + 0)", wanted[::-1])):
        text = f"PREFIX : <http://e.org/> SELECT ?o {{ ?s :p ?o FILTER(?o = ?o) }} ORDER BY {direction}"
        assert [row[0].value for row in store(data).select(text)[1]] == forms
    assert rows("SELECT (MIN(?o) AS ?x) (MAX(?o) AS ?y) { ?s :p ?o FILTER(?o = ?o) }", data)[0] == [
        f'"-{_BIG}"^^<integer>', f'"{_BIG}"^^<integer>',
    ]  # fmt: skip
    assert rows("SELECT (SUM(?o) AS ?x) (AVG(?o) AS ?y) (SUM(?none) AS ?z) { ?s :q ?o }") == [
        ['"0"^^<integer>', '"0"^^<integer>', '"0"^^<integer>']
    ]
    assert rows("SELECT (SUM(DISTINCT ?o) AS ?x) (AVG(DISTINCT ?o) AS ?y) { ?s :p ?o }", ":a :p 1, 01 . :b :p 1 .") == [
        ['"2"^^<integer>', '"1"^^<decimal>']
    ]


def test_what_is_not_grouped() -> None:
    """A variable of SELECT that is neither grouped nor in an aggregate is an error; the engine's gap is noted."""
    for expression in ("?o + 1", "?o = 1", "ABS(?o)", "xsd:integer(?o)", "REGEX(STR(?o), STR(?o))"):
        for keys in ("?s", "STR(?o)", "(STR(?o) AS ?t)"):
            with pytest.raises(QueryError, match="unbound"):
                rows(f"SELECT ({expression} AS ?x) (COUNT(*) AS ?n) {{ ?s :p ?o }} GROUP BY {keys}")
        for keys in ("?o", "(?o)", "?s ?o", "(STR(?s) AS ?o)" if "xsd" not in expression else "?o"):
            rows(f"SELECT ({expression} AS ?x) {{ ?s :p {'?p' if 'AS' in keys else '?o'} }} GROUP BY {keys}")
    text = "PREFIX : <http://e.org/> SELECT (COALESCE(?o, 1) AS ?x) (COUNT(*) AS ?n) { ?s :p ?o } GROUP BY ?s"
    assert "?o has no value" in store().notes(text)[0]
    assert not store().notes(text.replace("BY ?s", "BY ?o"))


def test_what_exists_sets() -> None:
    """A BIND in EXISTS of a variable that is outside of it is noted."""
    text = "SELECT * { ?s ?p ?o FILTER EXISTS { ?s ?q ?z BIND(?z AS %s) FILTER EXISTS { BIND(1 AS ?x) ?x ?p ?y } } }"
    assert "sets ?o" in store().notes(text % "?o")[0]
    assert not store().notes(text % "?new")


def test_aggregates_within_aggregates() -> None:
    """The engine takes one within another, which has no value: noted."""
    assert "compute the inner one" in store().notes("SELECT (SUM(COUNT(?o)) AS ?n) { ?s ?p ?o } GROUP BY ?s")[0]
    text = "SELECT (SUM(IF(EXISTS { SELECT (COUNT(*) AS ?c) { ?s ?p ?o } }, 1, ?n)) + COUNT(?n) AS ?all) { %s }"
    assert not store().notes(text % "SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s")


def test_what_having_does_not_see() -> None:
    """HAVING is asked before SELECT sets a variable: noted, for other engines look further."""
    text = "SELECT ?s (COUNT(?o) AS ?n) { ?s ?p ?o } GROUP BY ?s HAVING ("
    assert "?n has no value in HAVING" in store().notes(f"{text}?n > 1)")[0]
    assert not store().notes(f"{text}COUNT(?o) > 1 && BOUND(?s)) ORDER BY ?n")
    assert not store().notes(f"SELECT * {{ {{ {text}COUNT(?o) > 1) }} FILTER(?n > 1) }}")


def test_division_of_zero() -> None:
    """Zero can be divided."""
    assert value("0 / 2.5") == '"0"^^<decimal>'
    assert value("8 / 2 / 2") == '"2"^^<decimal>'
    assert value("1 + 6 / 4 * 2") == '"4"^^<decimal>'
    assert value("1 / 0") == ""
    assert value("1e0 / 0") == '"INF"^^<double>'


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        ("1e7", "1.0E7"), ("-123456789e0", "-1.23456789E8"), ("1e6", "1.0E6"), ("999999e0", "999999"),
        ("1e-6", "0.000001"),
        ("9e-7", "9.0E-7"), ("1.50e0", "1.5"), ('"1e3"^^xsd:float', "1000"), ('"1.1e9"^^xsd:float', "1.1E9"),
        ('"0.1"^^xsd:float', "0.1"), ('"-0"^^xsd:double', "-0"), ('"-INF"^^xsd:float', "-INF"),
        ('"NaN"^^xsd:double', "NaN"),
        ("1.50", "1.5"), ("2.0", "2"), ("007", "7"),
        ('"12345678901234567890123"^^xsd:integer', "12345678901234567890123"),
        ("true", "true"), (":a", "http://e.org/a"), ('"1e7"', "1e7"),
    ],
)  # fmt: skip
def test_numbers_as_strings(number: str, wanted: str) -> None:
    """https://www.w3.org/TR/xpath-functions-31/#casting-to-string, and `STR` is the number as it is written."""
    quoted = f'"{wanted}"'
    assert value(f"xsd:string({number})") == quoted
    assert rows("SELECT (xsd:string(?o) AS ?n) { ?s :p ?o }", f":s :p {number} .") == [[quoted]]
    assert value(f"STRLEN(xsd:string({number}))", "") == f'"{len(wanted)}"^^<integer>'


@pytest.mark.parametrize("space", [" ", "\\t", "\\n", "\\r", " \\n "])
def test_casts_collapse_white_space(space: str) -> None:
    """White space around a value is not of it; white space within it is an error, and a string keeps its own."""
    for form, kind, wanted in (
        ("5", "integer", '"5"^^<integer>'), ("+1.50", "decimal", '"1.5"^^<decimal>'), ("1e3", "double", "1000"),
        ("INF", "float", '"INF"^^<float>'), ("1", "boolean", '"true"^^<boolean>'), ("2020-02-03", "date", "2020-02-03"),
        ("2020-02-03T04:05:06Z", "dateTime", "2020-02-03T04:05:06Z"), ("5%s5", "integer", ""), ("", "integer", ""),
    ):  # fmt: skip
        text = f"{space}{form.replace('%s', space)}{space}"
        for argument in (f'"{text}"', f'STR("{text}")', f'CONCAT("{space}", "{text}")', f'COALESCE(?n, "{text}")'):
            found = value(f"xsd:{kind}({argument})")
            assert (wanted in found) if wanted else not found, argument
        assert value(f'<http://www.w3.org/2001/XMLSchema#{kind}>("{text}")') == value(f'xsd:{kind} ("{text}")')
    assert value(f'STRLEN(xsd:string("{space}"))') == value(f'STRLEN("{space}")')
    assert value(f'IF(xsd:boolean("{space}false"), 1, 2) + xsd:integer("{space}7")') == '"9"^^<integer>'
    assert rows("SELECT (xsd:integer(?o) AS ?n) { ?s :p ?o }", f':a :p "{space}7", 07, "7"@en .') == [
        ['"7"^^<integer>'], ['"7"^^<integer>'], [""],
    ]  # fmt: skip


def test_notes(tmp_path: Path) -> None:
    """What stays wrong is noted with the answer, on the command line, and as a warning in Python."""
    (tmp_path / "data.nt").write_text("<http://e/s> <http://e/p> <http://e/o> .\n")
    with pytest.warns(UserWarning, match="BNODE"):
        KnowledgeGraph.load(tmp_path / "data.nt").select("SELECT (BNODE('x') AS ?b) {}")
    done = CliRunner().invoke(query, ["SELECT (BNODE('x') AS ?b) {}", "--format", "csv"])
    assert "note: BNODE" in done.stderr
    assert done.stdout.split() == ["b", "_:b0"]
    answer = run_query(store(), "SELECT (BNODE('x') AS ?b) (REGEX('a', '\\\\p{IsGreek}(?=a)') AS ?r) {}", prefixes={})
    assert len(answer.notes) == 2
    assert "there is no looking ahead" in answer.notes[1]
    assert not run_query(store(), "SELECT (REGEX('a', '[a-z]+') AS ?r) {}", prefixes={}).notes


@pytest.mark.parametrize(
    "text",
    [
        'SELECT * { ?s ?p "# FILTER(?x)" } # FILTER(?x)',
        "SELECT ?x { ?x a ?y ; :p [ :q ( 1 2 [] ) ], _:b . _:b :r 'x' }",
        "SELECT (IF(?a, ?b, ?c) AS ?x) { { SELECT ?a { ?a ^:p/:q? ?b } GROUP BY ?a HAVING (COUNT(*) > 1) } }",
        "ASK { FILTER NOT EXISTS { ?s ?p ?o FILTER(?s NOT IN (:a, :b)) } }",
        "DESCRIBE ?x { ?x :p -1, +2.0 FILTER(-?x < ?y -1) }",
        "CONSTRUCT WHERE { ?s ?p true }",
    ],
)
def test_ordinary_texts_run(text: str) -> None:
    """What is read is run, whatever it holds."""
    run_query(store(":a :p 01 ."), text, prefixes=PREFIXES)


def test_edits() -> None:
    """Changes within changes."""
    edits = Edits()
    edits.enclose(4, 5, "f(")
    edits.enclose(4, 9, "g(")
    edits.replace(8, 9, "B")
    assert edits.applied("0123a + b, c") == "0123g(f(a) + B), c"
    edits.replace(4, 9, "_")
    assert edits.applied("0123a + b, c") == "0123g(_), c"


def test_truth_values_in_every_format() -> None:
    """The forms of the specifications where there are any."""
    assert truth_value(True, "json") == '{"head": {}, "boolean": true}\n'
    xml = ox.parse_query_results(truth_value(False, "xml").encode(), format=ox.QueryResultsFormat.XML)
    assert isinstance(xml, ox.QueryBoolean)
    assert not xml
    assert [truth_value(True, name) for name in ("table", "csv", "tsv", "md")] == [
        "yes\n",
        "true\n",
        "true\n",
        "true\n",
    ]


def test_xml_is_well_formed() -> None:
    """A carriage return comes back; what XML has no way to write is refused by name."""
    solutions = Solutions(["x"], [(ox.Literal("a\rb\n\t"),)], {})
    found: Any = ox.parse_query_results(solutions.to_xml().encode(), format=ox.QueryResultsFormat.XML)
    assert next(iter(found))["x"].value == "a\rb\n\t"
    with pytest.raises(CannotCarry, match=r"U\+000C"):
        Solutions(["x"], [(ox.Literal("a\fb"),)], {}).to_xml()


def test_same_bytes() -> None:
    """Blank nodes are labelled in the order in which they appear, those that the query makes among them."""
    data = ":a :p [ :q 1 ], [ :q 2 ], [ :q 3 ] ."
    for text in (
        "SELECT ?o ?v { :a :p ?o . ?o :q ?v }", "SELECT ?o { :a :p ?o } ORDER BY DESC(?o)",
        "SELECT ?o (BNODE() AS ?new) { :a :p ?o }",
    ):  # fmt: skip
        once, again = (run_query(store(data), text, prefixes=PREFIXES).solutions for _ in range(2))
        assert once is not None
        assert again is not None
        assert once.to_csv() == again.to_csv()
        assert once.to_csv().splitlines()[1].startswith("_:b0")
    for text in ("CONSTRUCT { [] :is ?o } WHERE { :a :p ?o }", "DESCRIBE :a"):
        once_, again_ = (run_query(store(data), text, prefixes=PREFIXES).triples for _ in range(2))
        assert once_ == again_
        assert once_


@pytest.mark.parametrize("format_name", ["json", "xml", "csv", "tsv", "md", "table"])
def test_ask_on_the_command_line(format_name: str, tmp_path: Path) -> None:
    """ASK answers in the format that is asked for; a query file may begin with a byte order mark."""
    (tmp_path / "ask.rq").write_text("\ufeffASK {}", encoding="utf-8")
    done = CliRunner().invoke(query, ["-f", str(tmp_path / "ask.rq"), "--format", format_name])
    assert done.stdout == truth_value(True, format_name)
    assert CliRunner().invoke(query, ["ASK {}", "--format", "ttl"]).exit_code


@pytest.mark.parametrize(
    ("comparison", "wanted"),
    [
        ("true > false", "true"), ("false >= true", "false"), ("true < true", "false"), ("(1 = 1) > (1 = 2)", "true"),
        ('"1"^^xsd:boolean <= true', "true"), ('"maybe"^^xsd:boolean < true', ""), ("true < 1", ""),
        ('"NaN"^^xsd:double < 1', "false"), ('1 >= "NaN"^^xsd:float', "false"), ("99999999999999999999 > 1", "true"),
        ("99999999999999999999 = 99999999999999999999.0", "true"), ("-1 != 99999999999999999999", "true"),
        ("0.12345678901234567890123 < 1e0", "true"), ('"x"^^xsd:integer < 1', ""), ("?none < 1", ""), ("<x:y> < 1", ""),
        ('"300"^^xsd:byte > 1', ""), ('"300"^^xsd:byte = "300"^^xsd:byte', "true"), ('"b" > "a"', "true"),
        ('"-1"^^xsd:nonNegativeInteger < 1', ""),
    ],
)  # fmt: skip
def test_comparisons(comparison: str, wanted: str) -> None:
    """Truth values and numbers of any size are ordered, in the query and in data; nothing else is."""
    assert value(comparison).partition("^^")[0].strip('"') == wanted
    left, sign, right = comparison.split(" ", 2) if comparison[0] != "(" else ("true", ">", "false")
    if "?" not in comparison:
        data = f":s :p {left} ; :q {right} ."
        assert len(rows(f"SELECT ?s {{ ?s :p ?p ; :q ?q FILTER(?p {sign} ?q) }}", data)) == (wanted == "true") or (
            sign in ("=", "!=")
        )
        assert len(rows(f"SELECT ?s {{ ?s :p ?p FILTER(?p {sign} {right}) }}", data)) == (wanted == "true")


@pytest.mark.parametrize(
    ("counted", "wanted"),
    [
        ("COUNT(1 / ?o)", "2"), ("COUNT(DISTINCT 1 / ?o)", "1"), ("COUNT(DISTINCT(?o + 0))", "2"), ("COUNT(1/0)", "0"),
        ("COUNT(STRLANG(?none, 'en'))", "0"), ("COUNT( ?o )", "4"), ("count(distinct ?o)", "4"), ("COUNT(*)", "4"),
        ("COUNT(?none)", "0"), ("COUNT(DISTINCT *)", "4"), ("COUNT(UCASE(STR(?o)))", "4"), ("COUNT(2)", "4"),
    ],
)  # fmt: skip
def test_counts(counted: str, wanted: str) -> None:
    """What is an error is not counted, and keeps nothing else from it."""
    assert rows(f"SELECT ({counted} AS ?n) {{ :a :p ?o }}", ":a :p 0, 2, 02, <x:y> .") == [[f'"{wanted}"^^<integer>']]


@pytest.mark.parametrize("literal", ['"300"^^xsd:byte', '"-1"^^xsd:unsignedInt', '"0"^^xsd:positiveInteger'])
def test_integers_out_of_range(literal: str) -> None:
    """An integer that its datatype does not have is no number, and keeps its form."""
    data = f":a :p {literal} ."
    for term in (literal, "?o"):
        found = rows(
            f"SELECT (isNumeric({term}) AS ?n) ({term} + 1 AS ?m) (IF({term}, 1, 0) AS ?c) (xsd:decimal({term}) AS ?d) "
            f"(STR({term}) AS ?t) {{ :a :p ?o }}",
            data,
        )[0]
        assert found == ['"false"^^<boolean>', "", '"0"^^<integer>', "", literal.partition("^^")[0]]
    assert rows("SELECT (SUM(?o) AS ?n) { :a :p ?o }", data) == [[""]]


def test_notes_on_multiplicity() -> None:
    """Negated property sets are noted where it matters, and so is MINUS within EXISTS."""
    twice, once = store(":a :p :b ; :q :b ."), store(":a :p :b . :b :q :c .")
    text = "PREFIX : <http://e.org/> SELECT * { ?a !:r ?b }"
    assert "negated" in " ".join(twice.notes(text))
    for evaluator, other in (
        (once, text),
        (twice, text.replace("SELECT *", "ASK")),
        (twice, text.replace("!:r", "(!:r)+")),
        (twice, "PREFIX : <http://e.org/> SELECT * { ?a :p ?b FILTER EXISTS { ?a !:r ?b } }"),
    ):
        assert evaluator.notes(other) == ()
    text = "PREFIX : <http://e.org/> SELECT * { ?a :p ?b FILTER EXISTS { ?a :p ?c MINUS { ?b :q ?c } } }"
    assert "MINUS within EXISTS" in " ".join(once.notes(text))
