"""The table of constructs and engines: each row by cases whose results the specification gives."""

import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg.validation import validate, worker
from isoc_kg.validation.choice import choose
from isoc_kg.validation.constructs import BOUNDS, CONSTRUCTS, ORDINARY, Uses
from isoc_kg.validation.prepared import prepared_shapes
from isoc_kg.validation.shape_index import ShapeIndex

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
"""
#: Everything that no row of the table is about: right in every engine.
PLAIN = "all else"
#: What no query says, so that the engine of this package leaves it to others (`test_compiled.py`).
NOT_SAID = (
    "a shape that refers to itself",
    "shapes nested more than 20 deep",
    "more than 3 values counted inside another constraint",
    "a query inside another constraint",
)
NODE = "e:s a sh:NodeShape ; sh:targetNode e:a ; "


def prop(constraint: str) -> str:
    return f"{NODE} sh:property [ sh:path e:p ; {constraint} ] ."


def values(*given: str) -> str:
    return f"e:a e:p {', '.join(given)} ."


def typed(name: str, *forms: str) -> str:
    return values(*(f'"{form}"^^xsd:{name}' for form in forms))


def query(text: str, more: str = "") -> str:
    return NODE + f"sh:sparql [ {more} sh:select '''{text}''' ] ."


VALUELESS = "a query of a property shape that may have solutions without ?value"
NUMBERS = "sh:datatype of numbers, dates and booleans"
TIMES = "sh:datatype xsd:decimal, xsd:duration, or of times"
LITERALS = "a query that looks at literals"
VALUES = "a query on the values of literals"
XSD = "http://www.w3.org/2001/XMLSchema#"
BIG = "123456789012345678901234567890"
#: The row, shapes, data, and the values (or focus nodes) of the results, sorted; `-` for a result without a value.
CASES = [
    (PLAIN, prop("sh:in ( 1 1.0 true 'x'@en )"), values('"01"^^xsd:integer', "1", '"1.00"^^xsd:decimal', "true"),
     ['"01"^^integer', '"1.00"^^decimal']),
    (PLAIN, prop("sh:hasValue 1"), typed("integer", "01"), ["-"]),
    (PLAIN, prop("sh:hasValue true"), typed("boolean", "1"), ["-"]),
    (PLAIN, prop("sh:equals e:q"), 'e:a e:p "01"^^xsd:integer ; e:q 1 .', ['"01"^^integer', '"1"^^integer']),
    (PLAIN, prop("sh:disjoint e:q"), 'e:a e:p "01"^^xsd:integer , 2 ; e:q 1 , 2 .', ['"2"^^integer']),
    (PLAIN, prop("sh:maxCount 1"), values('"01"^^xsd:integer', "1"), ["-"]),
    (PLAIN, prop("sh:minCount 2"), values('"1"^^xsd:boolean', "true"), []),
    (PLAIN, 'e:s sh:targetNode "01"^^xsd:integer ; sh:in ( 1 ) .', "e:a e:p 1 .", ['"01"^^integer']),
    (PLAIN, prop("sh:languageIn ( '' )"), values("1", "'x'"), ['"1"^^integer', '"x"']),
    (PLAIN, prop("sh:datatype xsd:string"), values('"x"', '"x"@en', "1"), ['"1"^^integer', '"x"@en']),
    (PLAIN, prop("sh:datatype e:own"), values('"x"^^e:own', '"x"'), ['"x"']),
    (PLAIN, prop("sh:pattern '^0'"), values('"007"^^xsd:integer', "7", '"0x"@en', '"1"'), ['"1"', '"7"^^integer']),
    (PLAIN, prop("sh:maxLength 3"), values('"007"^^xsd:integer', '"1.00"^^xsd:decimal'), ['"1.00"^^decimal']),
    (PLAIN, prop("sh:uniqueLang true"), values('"a"@en-GB', '"b"@en-gb', '"c"', '"d"'), ["-"]),
    (PLAIN, prop('sh:uniqueLang "1"^^xsd:boolean'), values('"a"@en', '"b"@en'), []),
    (PLAIN, NODE + 'sh:closed "1"^^xsd:boolean .', "e:a e:p 1 .", []),
    (PLAIN, NODE + "sh:closed false ; sh:ignoredProperties ( e:q ) ; sh:nodeKind sh:Literal .", "e:a e:p 1 .", ["a"]),
    (PLAIN, NODE + 'sh:deactivated "1"^^xsd:boolean ; sh:nodeKind sh:Literal .', "e:a e:p 1 .", ["a"]),
    (PLAIN, NODE + "sh:closed true ; sh:ignoredProperties ( e:q ) ; sh:property [ sh:path e:p ] .",
     "e:a e:p 1 ; e:q 2 ; e:r 3 .", ['"3"^^integer']),
    (PLAIN, prop("sh:node [ sh:closed true ; sh:property [ sh:path e:n ] ]"),
     "e:a e:p e:b ; e:z 1 . e:b e:n 1 ; e:c 2 .", ["b"]),
    (PLAIN, NODE + "sh:class e:C .", "e:a a e:D . e:D rdfs:subClassOf e:E . e:E rdfs:subClassOf e:C .", []),
    (PLAIN, "e:K rdfs:subClassOf rdfs:Class . e:C a e:K, sh:NodeShape ; sh:nodeKind sh:Literal .",
     "e:a a e:C .", ["a"]),
    (PLAIN, "e:C a rdfs:Class ; sh:nodeKind sh:Literal .", "e:a a e:C .", ["a"]),
    (PLAIN, "e:C a owl:Class, sh:NodeShape ; sh:nodeKind sh:Literal .", "e:a a e:C .", []),
    (PLAIN, "owl:Class rdfs:subClassOf rdfs:Class . e:C a owl:Class ; sh:nodeKind sh:Literal .", "e:a a e:C .", ["a"]),
    (PLAIN, "e:s sh:targetClass e:C ; sh:targetSubjectsOf e:p ; sh:nodeKind sh:Literal .",
     "e:a a e:C ; e:p 1 .", ["a"]),
    (PLAIN, prop("sh:qualifiedValueShape [ sh:class e:C ] ; sh:qualifiedMinCount 5"),
     "e:a e:p e:c . e:c a e:C .", ["-"]),
    ("sh:closed in a property shape", prop("sh:closed true ; sh:property [ sh:path e:n ]"),
     "e:a e:p e:b ; e:z 1 . e:b e:n 1 ; e:c 2 .", ['"2"^^integer']),
    ("sh:closed in a property shape", prop("sh:closed true ; sh:ignoredProperties ( e:c )"),
     "e:a e:p e:b . e:b e:n 1 ; e:c 2 .", ['"1"^^integer']),
    ("sh:qualifiedValueShapesDisjoint", "e:Q sh:class e:D . " + NODE
     + "sh:property [ sh:path e:p ; sh:qualifiedValueShape e:Q ; sh:qualifiedValueShapesDisjoint true ; "
     "sh:qualifiedMinCount 1 ] , [ sh:path e:p ; sh:qualifiedValueShape e:Q ; sh:qualifiedMaxCount 2 ] .",
     "e:a e:p e:d . e:d a e:D .", []),
    (NUMBERS, prop("sh:datatype xsd:byte"), typed("byte", "127", "-128", "+1", "128", "x", " 1"),
     ['" 1"^^byte', '"128"^^byte', '"x"^^byte']),
    (NUMBERS, prop("sh:datatype xsd:long"), typed("long", "5", "9223372036854775807", "9223372036854775808"),
     ['"9223372036854775808"^^long']),
    (NUMBERS, prop("sh:datatype xsd:unsignedLong"), typed("unsignedLong", "18446744073709551615", "-1"),
     ['"-1"^^unsignedLong']),
    (NUMBERS, prop("sh:datatype xsd:integer"), typed("integer", BIG, "-0", "007", "1.0"), ['"1.0"^^integer']),
    (NUMBERS, prop("sh:datatype xsd:nonNegativeInteger"), typed("nonNegativeInteger", BIG, "-1"),
     ['"-1"^^nonNegativeInteger']),
    (NUMBERS, prop("sh:datatype xsd:double"), typed("double", "INF", "-INF", "NaN", "1.E5", "inf", "NAN"),
     ['"NAN"^^double', '"inf"^^double']),
    (NUMBERS, prop("sh:datatype xsd:date"), typed("date", "2000-02-29Z", "12001-02-03", "1900-02-29"),
     ['"1900-02-29"^^date']),
    (NUMBERS, prop("sh:datatype xsd:boolean"), typed("boolean", "true", "0", "TRUE"), ['"TRUE"^^boolean']),
    (TIMES, prop("sh:datatype xsd:dateTime"), typed("dateTime", "2001-02-03T24:00:00", "2001-02-03T24:00:01"),
     ['"2001-02-03T24:00:01"^^dateTime']),
    (TIMES, prop("sh:datatype xsd:dateTimeStamp"),
     typed("dateTimeStamp", "2001-02-03T04:05:06Z", "2001-02-03T04:05:06"),
     ['"2001-02-03T04:05:06"^^dateTimeStamp']),
    (TIMES, prop("sh:datatype xsd:decimal"), typed("decimal", f"{BIG}.5", "1.", "1e5"), ['"1e5"^^decimal']),
    (TIMES, prop("sh:datatype xsd:duration"), typed("duration", "P1Y", "P1YT"), ['"P1YT"^^duration']),
    ("a number as a bound", prop("sh:minInclusive 2"), values(f'"{BIG}"^^xsd:integer', "1", "2.0", '"3"@en', "e:i"),
     ['"1"^^integer', '"3"@en', "i"]),
    ("a number as a bound", prop("sh:maxExclusive 2"),
     values("true", '"z"^^e:own', "1"), ['"true"^^boolean', '"z"^^own']),
    ("a number as a bound", prop("sh:minInclusive 1.5"), values(f'"{BIG}"^^xsd:integer', "1", '"2001"^^xsd:gYear'),
     ['"1"^^integer', '"2001"^^gYear']),
    ("a number as a bound", prop(f'sh:maxExclusive "{BIG}"^^xsd:integer'), values("1.5", f"{BIG}.5"),
     [f'"{BIG}.5"^^decimal']),
    ("a number as a bound", prop("sh:minInclusive 2"),
     values('"300"^^xsd:byte', '"-1"^^xsd:unsignedInt', '"0.5"^^xsd:float'),
     ['"-1"^^unsignedInt', '"0.5"^^float', '"300"^^byte']),
    ("a number as a bound", prop("sh:maxInclusive 300"),
     values('"300"^^xsd:byte', '"-1"^^xsd:unsignedInt', '"0"^^xsd:positiveInteger', '"+5"^^xsd:byte', "300"),
     ['"-1"^^unsignedInt', '"0"^^positiveInteger', '"300"^^byte']),
    ("sh:lessThan", prop("sh:lessThanOrEquals e:q"),
     'e:a e:p "300"^^xsd:byte , "70000"^^xsd:short , 5 ; e:q 80000 .', ['"300"^^byte', '"70000"^^short']),
    ("a number as a bound", prop("sh:maxExclusive '0.1'^^xsd:double"), values('"0.1"^^xsd:float', "0.1", f"0.0{BIG}"),
     ['"0.1"^^decimal', '"0.1"^^float']),
    ("a number as a bound", prop("sh:minInclusive 16777217"), values('"16777216"^^xsd:float', '"1e39"^^xsd:float'), []),
    ("a number as a bound", prop(f"sh:maxInclusive '{BIG}'^^xsd:integer"),
     values('"INF"^^xsd:double', '"-INF"^^xsd:double', '"NaN"^^xsd:double'), ['"INF"^^double', '"NaN"^^double']),
    ("a number as a bound", prop("sh:minInclusive 1"), typed("integer", "1.5", "2"), ['"1.5"^^integer']),
    ("sh:lessThan", prop("sh:lessThan e:q"),
     'e:a e:p "2001-01-01"^^xsd:dateTime ; e:q "2001-01-02T00:00:00Z"^^xsd:dateTime .', ['"2001-01-01"^^dateTime']),
    ("a number as a bound", prop("sh:minInclusive 2"), typed("double", "NaN", "INF"), ['"NaN"^^double']),
    ("a number as a bound", prop("sh:minInclusive '-INF'^^xsd:double"),
     values('"Infinity"^^xsd:double', '"nan"^^xsd:double', '"inf"^^xsd:float', '"+INF"^^xsd:double', "-1e5"),
     ['"Infinity"^^double', '"inf"^^float', '"nan"^^double']),
    ("a number as a bound", prop("sh:minInclusive 'NaN'^^xsd:float"), values('"NaN"^^xsd:float', "1"),
     ['"1"^^integer', '"NaN"^^float']),
    ("a number as a bound", prop("sh:minInclusive '300'^^xsd:byte"), values('"300"^^xsd:byte', "400"),
     ['"300"^^byte', '"400"^^integer']),
    ("a date as a bound", prop('sh:minInclusive "2001-02-30"^^xsd:date'), typed("date", "2001-02-30", "2002-01-01"),
     ['"2001-02-30"^^date', '"2002-01-01"^^date']),
    ("a bound that is neither a number nor a date", prop("sh:minInclusive '2001-01-01T00:00:00Z'^^xsd:dateTime"),
     typed("dateTimeStamp", "2001-01-01T00:00:00Z", "2001-01-01T00:00:00"), ['"2001-01-01T00:00:00"^^dateTimeStamp']),
    ("sh:lessThan", prop("sh:lessThanOrEquals e:q"), 'e:a e:p "2001-02-30"^^xsd:date ; e:q "2001-02-30"^^xsd:date .',
     ['"2001-02-30"^^date']),
    ("sh:lessThan", prop("sh:lessThanOrEquals e:q"), 'e:a e:p "NaN"^^xsd:double ; e:q "NaN"^^xsd:double .',
     ['"NaN"^^double']),
    ("sh:lessThan", prop("sh:lessThanOrEquals e:q"), 'e:a e:p "NaN" ; e:q "NaN" .', []),
    ("sh:lessThan", prop("sh:lessThanOrEquals e:q"),
     'e:a e:p "2001-02-28"^^xsd:date ; e:q "2001-02-28"^^xsd:date .', []),
    ("a date as a bound", prop('sh:minInclusive "2001-01-01"^^xsd:date'), values("1"), ['"1"^^integer']),
    ("a date as a bound", prop('sh:maxExclusive "2001-01-01"^^xsd:date'), typed("date", "2000-12-31", "2001-01-01"),
     ['"2001-01-01"^^date']),
    ("a bound that is neither a number nor a date", prop('sh:minInclusive "a"'), values('"b"', '"b"@en', "1"),
     ['"1"^^integer', '"b"@en']),
    ("a bound that is neither a number nor a date", prop("sh:maxExclusive true"), values("false", "true"),
     ['"true"^^boolean']),
    ("sh:lessThan", prop("sh:lessThan e:q"), 'e:a e:p "a"@en ; e:q "b"@de .', ['"a"@en']),
    ("sh:lessThan", prop("sh:lessThan e:q"), f'e:a e:p 3 ; e:q "{BIG}"^^xsd:integer .', []),
    ("sh:lessThan", prop("sh:lessThan e:q"), "e:a e:p false ; e:q true .", []),
    ("sh:lessThan", prop("sh:lessThanOrEquals e:q"), 'e:a e:p "x"^^e:own ; e:q "x"^^e:own .', ['"x"^^own']),
    (PLAIN, prop("sh:lessThan e:q"), 'e:a e:p "a"@en , "c"@en ; e:q "b"@en .', ['"c"@en']),
    (PLAIN, prop("sh:lessThanOrEquals e:q"), 'e:a e:p "a"@en , "c"@en ; e:q "a"@en .', ['"c"@en']),
    ("sh:languageIn", prop("sh:languageIn ( 'en' 'DE-CH' )"),
     values('"a"@en', '"b"@EN-us', '"c"@de', '"d"@de-ch-1901', '"e"@eng', '"f"'), ['"c"@de', '"e"@eng', '"f"']),
    ("sh:minLength", prop("sh:minLength 0"), values("[]", '"x"'), ["_"]),
    ("a pattern with back references or the flag m", prop(r"sh:pattern '^(a|b)\\1$'"),
     values('"aa"', '"ab"'), ['"ab"']),
    ("a pattern with back references or the flag m", prop("sh:pattern '^b$' ; sh:flags 'm'"),
     values(r'"a\nb"', '"ab"'), ['"ab"']),
    ("an empty list", NODE + "sh:or () .", "e:a e:p 1 .", ["a"]),
    ("an empty list", NODE + "sh:and () .", "e:a e:p 1 .", []),
    ("a query that computes or nests", 'e:c a sh:ConstraintComponent ; sh:parameter [ sh:path e:par ] ; sh:validator '
     "[ a sh:SPARQLAskValidator ; sh:ask 'ASK { FILTER($value > $par) }' ] . " + prop("e:par 5"), values("3", "7"),
     ['"3"^^integer']),
    ("a query that computes or nests",
     query("SELECT $this ?value WHERE { $this <http://e/p> ?v BIND(?v + 1 AS ?value) FILTER(?v > 1) }"),
     "e:a e:p 1 , 2 .", ['"3"^^integer']),
    (PLAIN, query("SELECT $this WHERE { $this <http://e/p> ?v }", "sh:deactivated true ;"), "e:a e:p 1 .", []),
    (VALUELESS, prop("sh:sparql [ sh:select 'SELECT $this WHERE { $this $PATH ?v }' ]"), "e:a e:p e:b .", ["-"]),
    (VALUELESS, prop("sh:sparql [ sh:select 'SELECT $this WHERE { $this $PATH ?value }' ]"), "e:a e:p e:b .", ["-"]),
    (VALUELESS, prop("sh:sparql [ sh:select 'SELECT $this ?value WHERE { $this $PATH ?v OPTIONAL { ?v a ?value } }' ]"),
     "e:a e:p e:b .", ["-"]),
    (PLAIN, prop("sh:sparql [ sh:select 'SELECT $this ?value WHERE { $this $PATH ?value }' ]"), "e:a e:p e:b .", ["b"]),
    (PLAIN, query("SELECT $this WHERE { $this <http://e/p> ?v }"), "e:a e:p e:b .", ["a"]),
    ("a query that computes or nests", query("SELECT $this ($currentShape AS ?value) WHERE { $this <http://e/p> ?v }"),
     "e:a e:p 1 .", ["s"]),
    ("a query that computes or nests",
     query("SELECT $this ?value (COUNT(?v) AS ?n) WHERE { $this <http://e/p> ?v BIND(STR($this) AS ?value) } "
           "GROUP BY $this ?value $currentShape"), "e:a e:p 1 , 2 .", ['"http://e/a"']),
    ("a query that computes or nests", query("SELECT $this (STR($this) AS ?value) WHERE { $this <http://e/p> ?v }"),
     "e:a e:p 1 .", ['"http://e/a"']),
    ("a query",
     query("SELECT $this $currentShape ?value WHERE { $this <http://e/p> ?value . $currentShape ?q ?value }"),
     "e:a e:p 1 , 2 . e:s e:r 2 .", ['"2"^^integer']),
    ("a query", query("SELECT $this WHERE { $this <http://e/p> ?v }"), "e:a e:p 1 , 2 .", ["a", "a"]),
    ("a query", query("SELECT $this ?value WHERE { $this <http://e/p> ?value }"), values('"01"^^xsd:integer', "1"),
     ['"01"^^integer', '"1"^^integer']),
    ("a query", query("SELECT $this ?value WHERE { $this <http://e/p> ?value ; <http://e/q> ?value }"),
     'e:a e:p 1 ; e:q "01"^^xsd:integer .', []),
    *((VALUES, query(f"SELECT $this ?value WHERE {{ $this <http://e/p> ?value FILTER({condition}) }}"),
       values(value), found)
      for value, condition, found in [
          ('"01"^^xsd:integer', "?value IN (1)", ['"01"^^integer']), ('"a"^^e:own', "?value != 1", []),
          ('"a"@en', '?value > "A"', []), ("true", "?value < 2", []), ('"x"', "?value >= 1", []),
          ('"2001-01-01"^^xsd:date', "?value", []), ('"x"^^xsd:integer', "!?value", ['"x"^^integer']),
          ('"x"^^xsd:integer', "isNumeric(?value)", []), ('"a"^^e:own', "!(?value = 1)", []),
          ("1.0", f"<{XSD}integer>(?value) = 1", ['"1.0"^^decimal']), ("1", "?value + 1 = 2", ['"1"^^integer']),
          ("1", "?value +1 = 2", ['"1"^^integer']),
      ]),
    *((LITERALS, query(f"SELECT $this ?value WHERE {{ $this <http://e/p> ?value FILTER({condition}) }}"),
       values(value), [shown_value] if shown_value else [])
      for value, condition, shown_value in [
          ('"x"@en', 'LANG(?value) = "en"', '"x"@en'), ('""@en', '!BOUND(?value) || STR(?value) = ""', '""@en'),
          ('"1"^^xsd:byte', f"DATATYPE(?value) = <{XSD}byte>", '"1"^^byte'),
          ('"01"^^xsd:integer', 'STR(?value) = "01"', '"01"^^integer'),
          ('"01"^^xsd:integer', "?value = 1", '"01"^^integer'), ('"01"^^xsd:integer', "sameTerm(?value, 1)", ""),
          ('"01"^^xsd:integer', "NOT EXISTS { $this <http://e/p> 1 }", '"01"^^integer'),
          ('"1.10"^^xsd:decimal', "STRLEN(STR(?value)) = 4", '"1.10"^^decimal'),
          ('"1"^^xsd:boolean', 'REGEX(STR(?value), "^1")', '"1"^^boolean'),
      ]),
    ("a path of paths", NODE + "sh:property [ sh:path [ sh:inversePath ( e:p e:q ) ] ; sh:maxCount 0 ] .",
     "e:z e:p e:y . e:y e:q e:a .", ["-"]),
]  # fmt: skip
IDS = [f"{row}-{number}" for number, (row, *_) in enumerate(CASES)]
Judge = Callable[[str, str], "list[str] | None"]


def nt(turtle: str) -> bytes:
    parsed = ox.parse((HEAD + turtle).encode(), format=ox.RdfFormat.TURTLE)
    return ox.serialize(parsed, format=ox.RdfFormat.N_TRIPLES) or b""


def shown(value: str | None) -> str:
    """A term, short enough for the table of cases."""
    if value is None:
        return "-"
    text = re.sub(r"\^\^<[^>]*[#/](\w+)>$", r"^^\1", value)
    return text if text.startswith('"') else "_" if text.startswith("_") else text.strip("<>").rpartition("/")[2]


@pytest.fixture(params=["shacl", "compiled", "pyshacl"])
def engine(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def judge(engine: str, tmp_path: Path) -> Judge:
    """An engine in this process, since shapes and data are ours."""

    def results(shapes: str, data: str) -> list[str] | None:
        files = tmp_path / "shapes.nt", tmp_path / "data.nt"
        files[0].write_bytes(prepared_shapes(ShapeIndex(nt(shapes)), engine))
        files[1].write_bytes(nt(data))
        try:
            found = worker.validate_by(engine, *map(str, files))["results"]
        except Exception:  # noqa: BLE001 – whatever it is, it is no report
            return None
        return sorted(shown(item["value"]) for item in found)

    return results


def test_the_table(engine: str, judge: Judge) -> None:
    """An engine is right on all cases of a row exactly where the table says so."""
    wrong: dict[str, list[str]] = {row: [] for row, *_ in CASES}
    for row, shapes, data, expected in CASES:
        found = judge(shapes, data)
        if found != expected:
            wrong[row].append(f"{shapes} on {data}: {found} instead of {expected}")
    right = {row for row, faults in wrong.items() if not faults}
    stated = {row for row in wrong if row == PLAIN or engine in CONSTRUCTS[row]}
    assert right == stated, {row: wrong[row] for row in right ^ stated}
    assert {*CONSTRUCTS, PLAIN} == {*wrong, *NOT_SAID}


def test_the_rows_are_seen() -> None:
    """The shapes of each case are of the construct that its row is about."""
    for row, shapes, *_ in CASES:
        graph = ShapeIndex(nt(shapes))
        uses = {use.construct for shape, _ in graph.with_targets() for use in Uses(graph).of(shape)}
        assert row == PLAIN or row in uses, shapes


@pytest.mark.parametrize(("row", "shapes", "data", "expected"), CASES, ids=IDS)
def test_the_choice_is_right(row: str, shapes: str, data: str, expected: list[str], tmp_path: Path) -> None:
    """`auto` takes an engine that is right, without a doubt, and so do shapes beside others."""
    graph, lines = ShapeIndex(nt(shapes)), nt(data)
    choice = choose(graph, [lines], ("shacl", "compiled", "pyshacl"))
    (engine,) = choice.shapes
    assert not [note for note in choice.notes if "may be wrong" in note]
    assert row in (PLAIN, *ORDINARY) or engine in CONSTRUCTS[row]
    files = tmp_path / "shapes.nt", tmp_path / "data.nt"
    files[0].write_bytes(prepared_shapes(graph, engine, choice.shapes[engine]))
    files[1].write_bytes(lines)
    found = worker.validate_by(engine, *map(str, files))["results"]
    assert sorted(shown(item["value"]) for item in found) == expected


def test_shapes_of_one_report(tmp_path: Path) -> None:
    """`shacl` takes what it is right on in small data, `compiled` the rest; of large data one engine takes all."""
    shapes = nt("e:t sh:targetNode e:a ; sh:class e:C . " + prop("sh:closed true"))
    data = nt("e:a e:p e:b . e:b e:c 1 .")
    large = tmp_path / "large.nt"
    large.write_bytes(data + b"# ignored\n" * 500_000)
    for given, engines in ((data, "shacl, compiled"), (large, "compiled")):
        report = validate([given], shapes)
        assert report.engine == engines
        assert report.notes == ("compiled validates s: shacl is not right on sh:closed in a property shape.",)
        assert [shown(result.value) for result in report.results] == ['"1"^^integer', "a"]


@pytest.mark.parametrize(
    "condition", [*(f"sh:{name} 5" for name in BOUNDS), "sh:lessThan e:q", "sh:lessThanOrEquals e:q"]
)
def test_ordinary_numbers_of_several_types(condition: str, tmp_path: Path) -> None:
    """`shacl` validates them: as values, not as texts, whatever the types of both; no other engine differs."""
    types = ("integer", "decimal", "long", "nonNegativeInteger")
    numbers = [f'"{number}"^^xsd:{name}' for number in ("4", "5", "05", "+5", "10", "100") for name in types]
    data = nt(f"e:a e:p {', '.join(numbers)} ; e:q 5 , '9'^^xsd:nonNegativeInteger .")
    shapes = nt(prop(condition))
    report = validate([data], shapes)
    assert report.engine == "shacl"
    assert report.results
    assert report.results == validate([data], shapes, engine="compiled").results
    declared = nt("e:list e:has e:p , e:q . e:p e:in e:list .")
    assert validate([data, declared], shapes).engine == "shacl"  # an ontology, in which properties are objects
    negative = nt("e:a e:p '-5'^^xsd:nonNegativeInteger ; e:q 5 .")
    text = nt("e:a e:p ' <http://e/p> ' ; e:q 5 .")
    for other in (negative, text):
        assert validate([other], shapes).engine == "compiled"


def test_engines_beside_one_another() -> None:
    """Shapes that no one engine is right on are parted among two; the report is one, and none of it is there twice."""
    deep = "sh:not [ " * 22 + "sh:nodeKind sh:IRI" + " ]" * 22
    shapes = nt(f"e:t sh:targetNode e:a ; {deep} . " + prop("sh:closed true ; sh:nodeKind sh:Literal"))
    report = validate([nt("e:a e:p e:b . e:b e:c 1 .")], shapes)
    assert report.engine == "shacl, compiled"
    assert sorted(shown(result.value) for result in report.results) == ['"1"^^integer', "b"]
    assert report == validate([nt("e:a e:p e:b . e:b e:c 1 .")], shapes)


def test_each_engine_reads_its_own_shapes_alone() -> None:
    """A pattern that one engine cannot read is not among the shapes that it gets beside another engine."""
    deep = "sh:not [ " * 22 + "sh:nodeKind sh:IRI" + " ]" * 22
    shapes = nt(f"e:t sh:targetNode e:a ; {deep} . " + prop(r"sh:not [ sh:pattern '^(a|b)\\1$' ]"))
    report = validate([nt(values('"aa"'))], shapes)
    assert report.engine == "shacl, compiled"
    assert [shown(result.value) for result in report.results] == ['"aa"']
    assert not [note for note in report.notes if "in place of" in note or "may be wrong" in note]


@pytest.mark.parametrize(
    ("value", "condition", "results"),
    [('"01"^^xsd:integer', 'STR(?v) = "01"', 0), ('"1"', "isIRI(?v)", 1)],
)
def test_a_query_on_literals_inside_another_constraint(value: str, condition: str, results: int) -> None:
    """It goes to the engine that has literals as they are written, without a doubt."""
    text = f"SELECT $this WHERE {{ $this <http://e/p> ?v FILTER({condition}) }}"
    shapes = nt(NODE + f"sh:node [ sh:sparql [ sh:select '''{text}''' ] ] .")
    report = validate([nt(values(value))], shapes)
    assert (report.engine, len(report.results)) == ("pyshacl", 1 - results)
    assert not [note for note in report.notes if "may be wrong" in note]


def test_a_query_on_values_inside_another_constraint_has_a_doubt() -> None:
    """No engine is right on both, so the report says it."""
    text = "SELECT $this WHERE { $this <http://e/p> ?v . $this <http://e/q> ?w FILTER(?v < ?w) }"
    report = validate([nt(values("1"))], nt(NODE + f"sh:node [ sh:sparql [ sh:select '''{text}''' ] ] ."))
    assert [note for note in report.notes if "may be wrong on s" in note]


def test_a_doubt_is_said() -> None:
    """An engine that is asked for by name, and is wrong on a shape, has a note."""
    report = validate([nt("e:a e:p e:b .")], nt(prop("sh:closed true")), engine="shacl")
    assert report.notes == ("shacl may be wrong on s: sh:closed in a property shape.",)
