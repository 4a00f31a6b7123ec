"""Empty answers: names and values that a query needs and that no statement has; nothing where empty is right."""

import pytest

from isoc_kg.query import StoreEvaluator, run_query
from isoc_kg.query.absence import absences
from isoc_kg.query.patterns import ends_of, patterns_of
from isoc_kg.query.tokens import tokens

PREFIXES = {"e": "https://e.org/", "xsd": "http://www.w3.org/2001/XMLSchema#"}
DATA = b"""
<https://e.org/lamp> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://e.org/Guild> .
<https://e.org/lamp> <https://e.org/name> "Lamp Guild"@en .
<https://e.org/lamp> <https://e.org/founded> "1754"^^<http://www.w3.org/2001/XMLSchema#gYear> .
<https://e.org/lamp> <https://e.org/keeps> <https://e.org/tower> .
<https://e.org/tower> <https://e.org/code> "T1" .
"""


@pytest.fixture(scope="module")
def store() -> StoreEvaluator:
    """A guild that keeps a tower."""
    return StoreEvaluator.of_lines(DATA.strip().splitlines(keepends=True))


def hints(store: StoreEvaluator, query: str) -> list[str]:
    """The hints at a query's answer."""
    return list(run_query(store, query, prefixes=PREFIXES).hints)


TEXT = 'no e:founded is "1754", which is a text: values have the type xsd:gYear. Did you mean "1754"^^xsd:gYear?'
ANYWHERE = 'no value is the text "1754". There is "1754"^^xsd:gYear as e:founded.'
PROPERTY = "no statement uses e:keps as a property. Did you mean e:keeps?"


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("SELECT ?x { ?x e:keps ?y }", PROPERTY),
        ("SELECT (COUNT(*) AS ?n) { ?x e:keps ?y }", PROPERTY),
        ("ASK { ?x e:keps [] }", PROPERTY),
        ("CONSTRUCT { ?x e:was ?y } WHERE { ?x e:keps ?y }", PROPERTY),
        ("SELECT ?x { ?x e:keps+ ?y }", PROPERTY),
        ("SELECT ?x { ?y ^e:keps ?x }", PROPERTY),
        ("SELECT ?x { ?x e:name/e:keps ?y }", PROPERTY),
        ("SELECT ?x { { SELECT ?x { ?x e:keps ?y } } }", PROPERTY),
        ("SELECT ?x { ?x a e:Guild FILTER EXISTS { ?x e:keps ?y } }", PROPERTY),
        ("SELECT ?x { { ?x e:keps ?y } UNION { ?y e:keps ?x } }", PROPERTY),
        ("SELECT ?x { VALUES ?how { e:keps } ?x ?how ?y }", PROPERTY),
        ("SELECT ?x { ?x a e:Gild }", "nothing has the class e:Gild. Did you mean e:Guild?"),
        ("SELECT ?x { e:lanp ?p ?x }", "no statement names e:lanp. Did you mean e:lamp?"),
        ("SELECT ?x { ?x e:keeps ?y FILTER(?y = e:towr) }", "no statement names e:towr. Did you mean e:tower?"),
        ("SELECT ?x { GRAPH e:facts { ?x ?p ?y } }", "there is no graph e:facts."),
        ('SELECT ?x { ?x e:founded "1754" }', TEXT),
        ('SELECT ?x { ?x e:founded ?y FILTER(?y = "1754") }', TEXT),
        ('SELECT ?x { ?x ?p ?y FILTER(?y = "1754") }', ANYWHERE),
        ('SELECT ?x { ?x ?p "1754" }', ANYWHERE),
        ('ASK { ?x ?p ?y FILTER("1754" = ?y) }', ANYWHERE),
        (
            "SELECT ?x { ?x e:founded 1754 }",
            'no e:founded is "1754"^^xsd:integer. Did you mean "1754"^^xsd:gYear?',
        ),
        (
            "SELECT ?x { ?x e:founded ?y FILTER(?y = 1754) }",
            'no e:founded is "1754"^^xsd:integer. Did you mean "1754"^^xsd:gYear?',
        ),
        ('SELECT ?x { ?x e:name "lamp guild" }', 'no e:name is "lamp guild". Did you mean "Lamp Guild"@en?'),
        (
            'SELECT ?x { ?x e:name ?n FILTER(STR(?n) = "Lamp Gild") }',
            'no e:name is "Lamp Gild". Did you mean "Lamp Guild"@en?',
        ),
        (
            'SELECT ?x { ?x e:founded "Lamp Guild" }',
            'no e:founded is "Lamp Guild". There is "Lamp Guild"@en as e:name.',
        ),
        ('SELECT ?x { ?x e:name "Bakers" }', 'no e:name is "Bakers".'),
        (
            "SELECT ?x { ?x <http://e.org/name> ?y }",
            "no statement uses <http://e.org/name> as a property. Did you mean e:name?",
        ),
    ],
)
def test_what_is_needed_and_nowhere(store: StoreEvaluator, query: str, hint: str) -> None:
    """It is named, with what may be meant."""
    assert hints(store, query) == [hint]


@pytest.mark.parametrize(
    "query",
    [
        "SELECT ?x { e:tower e:keeps ?x }",
        "SELECT ?x { ?x a e:Guild OPTIONAL { ?x e:keps ?y } FILTER(?x = e:tower) }",
        "SELECT ?x { ?x a e:Guild FILTER NOT EXISTS { ?x e:keeps ?y } MINUS { ?x e:keps ?z } }",
        "SELECT ?x { { ?x e:keps ?y } UNION { e:tower e:keeps ?x } }",
        "SELECT ?x { e:tower e:keps|e:keeps ?x }",
        "SELECT ?x { e:tower e:keps?/e:keeps ?x }",
        'SELECT ?x { ?x e:founded "1755"^^xsd:gYear }',
        "SELECT ?x { VALUES ?y { e:nowhere e:lamp } ?y e:code ?x }",
        "SELECT ?x { ?x e:founded ?y FILTER(?y > '2000'^^xsd:gYear) }",
        "SELECT ?x { ?x e:founded ?y FILTER(?y > 2000 || ?y > '2000'^^xsd:gYear) }",
        "SELECT ?x { ?x e:founded ?y FILTER(STR(?y) > '2000') }",
        "SELECT ?x { VALUES ?x { e:tower } OPTIONAL { ?x e:keeps ?y } ?x e:code ?c FILTER(?c = 'T2'^^e:Code) }",
        "SELECT ?x { ?x ?how ?y FILTER(STRSTARTS(STR(?how), 'https://e.org/no')) }",
        "SELECT ?x { ?x !e:keps ?y FILTER(?y = 7) }",
        "SELECT ?x { ?x ?how ?y FILTER(?y = 'nowhere') }",
        "SELECT ?x { ?x ?how ?y FILTER(STR(?y) = '1755') }",
        "SELECT ?x {}",
    ],
)
def test_an_empty_answer_that_is_right_has_no_hint(store: StoreEvaluator, query: str) -> None:
    """Names that need not match, and values that might well be there, are not pointed out."""
    assert hints(store, query) == []


YEARS = 'no e:founded can be compared with {}: they are such as "1754"^^xsd:gYear. Did you mean "2000"^^xsd:gYear?'
INTEGER = '"2000"^^xsd:integer'


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        ("SELECT ?x { ?x e:founded ?y FILTER(?y > 2000) }", YEARS.format(INTEGER)),
        ("SELECT ?x { ?x e:founded ?y FILTER(2000 <= ?y && ?x != e:tower) }", YEARS.format(INTEGER)),
        ("SELECT ?x { VALUES ?from { 2000 } ?x e:founded ?y FILTER(?y >= ?from) }", YEARS.format(INTEGER)),
        ("SELECT ?x { ?x e:founded ?y FILTER(?y < '2000') }", YEARS.format('"2000"')),
    ],
)
def test_values_that_cannot_be_compared(store: StoreEvaluator, query: str, hint: str) -> None:
    """The hint says so, and how to write the value."""
    assert hints(store, query) == [hint]


@pytest.mark.parametrize(
    ("query", "given", "hint"),
    [
        ("?x e:keeps ?building", "e:lamp", "e:lamp is no building here; such as e:tower."),
        ("?the_keeper e:keeps ?x", "e:tower", "e:tower is no the keeper here; such as e:lamp."),
        ("?x e:keeps ?b . ?b e:code ?code . ?other e:keeps ?b", "e:lamp", "e:lamp is no b here; such as e:tower."),
        ("{ ?x e:keeps ?b } UNION { ?x e:near ?b }", "e:lamp", "e:lamp is no b here; such as e:tower."),
        ("?x a ?kind", "e:tower", "e:tower is no kind here; such as e:Guild."),
        ("?x e:founded ?year", "'1999'^^xsd:gYear", "nothing here has the year 1999; such as 1754."),
        ("?x e:code ?code", "'T9'", "nothing here has the code T9; such as T1."),
        ("?x e:keeps ?b", "e:2014", "no statement names e:2014."),
        ("OPTIONAL { ?x e:keeps ?b } ?x e:code 'T1', 'T1' FILTER(?x = e:lamp)", "e:lamp", None),
    ],
)
def test_what_is_given_but_stands_nowhere_there(
    store: StoreEvaluator, query: str, given: str, hint: str | None
) -> None:
    """A parameter, bound beside the text or in it: the hint names values that there are."""
    import pyoxigraph as ox

    variable = next(name for name in ("the_keeper", "building", "kind", "year", "code", "b") if f"?{name}" in query)
    variable = "b" if "?b " in query or query.endswith("?b") else variable
    text = f"SELECT ?x {{ VALUES ?{variable} {{ {given} }} {query} }}"
    assert hints(store, f"# title: x\n# param {variable} iri\n{text}") == ([hint] if hint else [])
    assert [one for one in hints(store, text) if "such as" in one] == [], "nobody gave what the query itself has"
    solutions = ox.Store().query(f"SELECT ({given} AS ?v) {{}}", prefixes=PREFIXES)
    term = next(iter(solutions))["v"]  # type: ignore[call-overload, arg-type]
    answer = run_query(store, f"SELECT ?x {{ {query} }}", prefixes=PREFIXES, parameters={variable: term})
    assert list(answer.hints) == ([hint] if hint else [])


def test_another_number_is_no_wrong_spelling() -> None:
    """Names that differ in digits are names of other things: a unit, a claim, a year."""
    store = StoreEvaluator.of_lines([b"<https://e.org/20.1> <https://e.org/q> <https://e.org/pier-12> .\n"])
    assert hints(store, "SELECT ?x { ?x e:q <https://f.org/2014> }") == ["no statement names <https://f.org/2014>."]
    assert hints(store, "SELECT ?x { ?x e:q e:pier-13 }") == ["no statement names e:pier-13."]
    assert hints(store, "SELECT ?x { ?x e:q e:peir-12 }") == ["no statement names e:peir-12. Did you mean e:pier-12?"]


def test_names_of_an_answer_that_is_not_empty_are_not_looked_at(store: StoreEvaluator) -> None:
    """One query is asked, and no more."""
    assert hints(store, "SELECT ?x { ?x a e:Guild OPTIONAL { ?x e:keps ?y } }") == []


def test_a_parameter_of_the_wrong_type(store: StoreEvaluator) -> None:
    """A number where there are years."""
    import pyoxigraph as ox

    answer = run_query(
        store,
        "SELECT ?x { ?x e:founded ?year }",
        prefixes=PREFIXES,
        parameters={"year": ox.Literal("1754", datatype=ox.NamedNode(PREFIXES["xsd"] + "integer"))},
    )
    assert answer.solutions is not None
    assert answer.solutions.notes == ('no e:founded is "1754"^^xsd:integer. Did you mean "1754"^^xsd:gYear?',)
    assert "Did you mean" in repr(answer.solutions)
    assert list(answer.solutions) == []


@pytest.mark.parametrize(
    "text", ["SELECT ?x { ?x e:a (", "SELECT * { " + "{ " * 80 + "} " * 80 + "}", "", "{", "SELECT ?x { [ ; , . } }"]
)
def test_what_cannot_be_read_gives_no_hint(text: str) -> None:
    """Nothing is concluded from it, and it ends."""
    assert absences(text, lambda _: ([], []), PREFIXES) is not None


def test_cost_is_bounded(store: StoreEvaluator) -> None:
    """However many names a query has, a few queries are asked."""
    asked: list[str] = []

    def select(text: str) -> object:
        asked.append(text)
        return store.select(text)

    query = "SELECT ?x { " + " . ".join(f"?x e:unknown{number} ?y{number}" for number in range(90)) + " }"
    assert 0 < len(absences(query, select, PREFIXES)) <= 4  # type: ignore[arg-type]
    assert len(asked) <= 9


@pytest.mark.parametrize(
    ("query", "ends"),
    [
        ("SELECT * { ?v e:keeps ?y }", [("keeps", False)]),
        ("SELECT * { ?y e:keeps|e:name ?v }", [("keeps", True), ("name", True)]),
        ("SELECT * { ?y e:keeps/e:name ?v }", [("name", True)]),
        ("SELECT * { ?y ^e:keeps ?v }", [("keeps", False)]),
        ("SELECT * { OPTIONAL { ?y e:keeps [ e:name ?v ] } }", [("name", True)]),
        ("SELECT * { VALUES ?how { e:keeps } ?v ?how ?y }", [("keeps", False)]),
        ("SELECT * { ?y e:name ?n FILTER(STR(?n) = ?v) }", [("name", True)]),
        ("SELECT * { ?y ?p ?v }", []),
    ],
)
def test_where_a_variable_stands(query: str, ends: list[tuple[str, bool]]) -> None:
    """At which end of which properties, by paths and alternatives."""
    found = ends_of(patterns_of(query, list(tokens(query)), PREFIXES), "v")
    assert found == [(f"<https://e.org/{name}>", forward) for name, forward in ends]
