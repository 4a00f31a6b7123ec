"""Shapes compiled to queries: the report is that of the other engines, whatever the store makes of blank nodes."""

import re
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import count
from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg.errors import EngineError, QueryError
from isoc_kg.limits import Limits
from isoc_kg.project import load_project
from isoc_kg.query import StoreEvaluator
from isoc_kg.validation import Result, validate, worker
from isoc_kg.validation.compiled import validate_compiled
from isoc_kg.validation.messages import with_messages

from material import ROOT

sys.path[:0] = [str(Path(__file__).parent), str(ROOT / "tests" / "shapes"), str(ROOT / "tests")]
import random_shapes
import reports

import mutate_shapes

HEAD = random_shapes.HEAD
Term = ox.NamedNode | ox.BlankNode | ox.Literal
Row = Sequence[Term | None]


class Forgetful(StoreEvaluator):
    """A store as others are: no blank node has the same name in two answers, nor can a query name it."""

    def __init__(self, store: ox.Store) -> None:
        super().__init__(store)
        self.asked: list[str] = []

    def select(self, text: str) -> tuple[list[str], Sequence[Row]]:
        self.asked.append(text)
        variables, rows = super().select(text)
        names: dict[str, ox.BlankNode] = {}
        numbers = count()

        def renamed(term: Term | None) -> Term | None:
            if isinstance(term, ox.BlankNode):
                if term.value not in names:
                    names[term.value] = ox.BlankNode(f"b{next(numbers)}")
                return names[term.value]
            return term

        return variables, [tuple(renamed(term) for term in row) for row in rows]

    def construct(self, text: str) -> list[bytes]:
        self.asked.append(text)
        names: dict[bytes, bytes] = {}

        def renamed(match: re.Match[bytes]) -> bytes:
            return names.setdefault(match[0], b"_:b%d" % len(names))

        return [re.sub(rb"_:\w+", renamed, line) for line in super().construct(text)]


def nt(turtle: str) -> bytes:
    data = ox.serialize(ox.parse((HEAD + turtle).encode(), format=ox.RdfFormat.TURTLE), format=ox.RdfFormat.N_TRIPLES)
    assert data is not None
    return data


def store_of(data: bytes) -> ox.Store:
    store = ox.Store()
    store.load(data, format=ox.RdfFormat.N_TRIPLES)
    return store


def comparable(results: Iterable[Result]) -> Counter[str]:
    """Results with how often each is there; blank nodes have no name to compare."""
    return Counter(re.sub(r"_:\w+", "_:", repr(result)) for result in results)


def by_shacl(data: bytes, shapes: bytes) -> list[Result]:
    return list(validate([data], shapes, engine="shacl").results)


def inside(data: bytes, shapes: bytes, folder: Path) -> list[Result]:
    """The embedded engine in this process, since here both data and shapes are ours."""
    (folder / "shapes.nt").write_bytes(shapes)
    (folder / "data.nt").write_bytes(data)
    items = worker.validate_fast(str(folder / "shapes.nt"), str(folder / "data.nt"))
    return list(with_messages((Result(**item) for item in items), shapes))


#: Seeds on which the engines differ, each for the same reason: `shacl` puts texts of different languages, and equal
#: literals of unknown datatypes, in an order; `<` and `<=` cannot compare them, which SHACL makes a violation.
ORDERED = {921}


@pytest.mark.parametrize("start", range(0, 1000, 250))
def test_random_shapes(start: int, tmp_path: Path) -> None:
    """A thousand sets of random shapes on random data: `shacl` and the queries agree to the last result and message."""
    differ, results = set(), 0
    for seed in range(start, start + 250):
        maker = random_shapes.Maker(seed)
        data, shapes = nt(maker.data().removeprefix(HEAD)), nt(maker.shapes().removeprefix(HEAD))
        expected = inside(data, shapes, tmp_path)
        report = validate_compiled(Forgetful(store_of(data)), shapes, engine=lambda d, s: inside(d, s, tmp_path))
        results += len(expected)
        if comparable(report.results) != comparable(expected):
            differ.add(seed)
    assert differ == {seed for seed in ORDERED if start <= seed < start + 250}
    assert results > 4000


def test_mutants_of_the_shapes(tmp_path: Path) -> None:
    """Every mutant of the project's shapes gets the same report from queries as from `shacl`."""
    number, differ = 0, []
    for shape in reports.node_shapes():
        shapes, data = reports.write_inputs(shape, tmp_path)
        lines = shapes.read_bytes().splitlines(keepends=True)
        text = data.read_bytes()
        store = StoreEvaluator(store_of(text))
        for what, mutant in (*mutate_shapes.mutants(lines), *mutate_shapes.longer_lists(lines)):
            try:
                expected = inside(text, b"".join(mutant), tmp_path)
            except ValueError:  # no shape any more
                continue
            number += 1
            report = validate_compiled(store, b"".join(mutant))
            if {rounded(result) for result in report.results} != {rounded(result) for result in expected}:
                differ.append(f"{shape}: {what}")
    assert differ == []
    assert number > 800


def rounded(result: Result) -> str:
    """A result with the datatypes that an embedded store keeps."""
    return repr(result).replace("nonNegativeInteger", "integer").replace("positiveInteger", "integer")


def test_the_publication() -> None:
    """The shipped publication: the same report from all engines, all of it by queries."""
    from isoc_kg.authoring.dataset import build_dataset
    from isoc_kg.rdf import merge, read_lines, triples

    project = load_project(ROOT)
    dataset = build_dataset(project)
    lines = b"".join(merge(dataset.published, dataset.graph("alignments"), dataset.graph("ontology")))
    shapes = b"".join(line for path in project.shapes_files for line in triples(read_lines(path)))
    broken = b"".join(
        line for line in lines.splitlines(keepends=True) if b"/purpose>" not in line and b"#prefLabel>" not in line
    )
    for data, wrong in ((lines, 0), (broken, 1)):
        expected = validate([data], shapes, engine="shacl")
        report = validate([data], shapes, engine="compiled")
        assert comparable(report.results) == comparable(expected.results)
        assert report.unmet == expected.unmet
        assert (expected.violations > 0) == wrong
        assert not [note for note in report.notes if "fetched" in note]


@pytest.mark.parametrize(
    ("shapes", "data", "reason"),
    [
        pytest.param(
            "e:s a sh:NodeShape ; sh:targetClass e:C ; sh:property [ sh:path e:p ; sh:node e:s ; sh:minCount 1 ] .",
            "e:a a e:C ; e:p e:b . e:b e:p e:a . e:z a e:C ; e:p e:y .",
            "refers to itself",
            id="recursion",
        ),
        pytest.param(
            "e:s a sh:NodeShape ; sh:targetClass e:C ; sh:not [ sh:path e:p ; sh:minCount 5 ] .",
            "e:a a e:C ; e:p 1, 2, 3, 4, 5 . [] a e:C ; e:p 1, 2, 3, 4, 5, 6 . e:z a e:C ; e:p 1 .",
            "more than 3 values",
            id="count-inside-a-constraint",
        ),
        pytest.param(
            'e:s a sh:NodeShape ; sh:targetClass e:C ; sh:sparql [ sh:select "SELECT $this WHERE '
            '{ { $this a ?b } UNION { ?b ?c $this } }" ] .',
            "[] a e:C .",
            "blank nodes",
            id="query-for-a-blank-node",
        ),
        pytest.param(
            'e:s a sh:NodeShape ; sh:targetClass e:C ; sh:not [ sh:sparql [ sh:select "SELECT $this WHERE '
            '{ $this <http://e/p> ?b . ?b <http://e/p> ?c }" ] ] .',
            "e:a a e:C ; e:p e:b . e:b a e:C ; e:p e:c .",
            "stands inside another",
            id="query-inside-a-constraint",
        ),
    ],
)
def test_what_no_query_says_is_fetched(shapes: str, data: str, reason: str) -> None:
    """It is named, and the embedded engine gets the focus nodes with what the shape can reach."""
    store = Forgetful(store_of(nt(data + " e:far e:away e:off .")))
    report = validate_compiled(store, nt(shapes))
    assert comparable(report.results) == comparable(by_shacl(nt(data), nt(shapes)))
    assert [note for note in report.notes if reason in note]
    assert report.results


def test_only_what_a_shape_reaches_is_fetched() -> None:
    """Triples that no part of the shape looks at stay in the store."""
    seen: list[bytes] = []

    def engine(data: bytes, shapes: bytes) -> list[Result]:
        seen.append(data)
        return by_shacl(data, shapes)

    data = nt("e:a a e:C ; e:p e:b ; e:other 1 . e:b a e:D ; e:q 2 ; e:other 3 . e:c e:p e:d . [] a e:C ; e:p e:b .")
    shapes = nt(
        "e:s a sh:NodeShape ; sh:targetClass e:C ; sh:not [ sh:path ( e:p e:q ) ; sh:minCount 4 ] ; "
        "sh:property [ sh:path e:p ; sh:class e:E ] ."
    )
    report = validate_compiled(Forgetful(store_of(data)), shapes, engine=engine)
    assert comparable(report.results) == comparable(by_shacl(data, shapes))
    assert len(report.results) == 2
    fetched = b"".join(seen)
    assert b"<http://e/q>" in fetched
    assert b"other" not in fetched
    assert b"<http://e/d>" not in fetched


def test_an_ontology_beside_the_store() -> None:
    """Subclasses count whether the store knows them or they are given; classes without names too."""
    data = nt("e:a a e:Sub . e:b a e:Far . e:c a [ rdfs:subClassOf e:Sub ] . e:Far rdfs:subClassOf e:Mid .")
    ontology = nt("e:Sub rdfs:subClassOf e:C . e:Mid rdfs:subClassOf e:Sub .")
    shapes = nt("e:s a sh:NodeShape ; sh:targetClass e:C ; sh:nodeKind sh:Literal ; sh:not [ sh:class e:C ] .")
    report = validate_compiled(Forgetful(store_of(data)), shapes, ontology=ontology)
    assert Counter(result.focus_node for result in report.results) == Counter(
        {"<http://e/a>": 2, "<http://e/b>": 2, "<http://e/c>": 2}
    )
    assert report.unmet == ()
    assert validate_compiled(Forgetful(store_of(data)), shapes).unmet == ("http://e/s",)


def test_long_lists_are_asked_in_parts() -> None:
    """Hundreds of classes or nodes are no single list, which some stores plan badly; nothing is reported twice."""
    classes = " ".join(f"e:C{i} rdfs:subClassOf e:C ." for i in range(170))
    data = nt(classes + " e:x a e:C1, e:C60, e:C160 ." + " ".join(f"e:n{i} e:p e:x ." for i in range(120)))
    nodes = ", ".join(f"e:n{i}" for i in range(120))
    shapes = nt(f"e:s a sh:NodeShape ; sh:targetClass e:C ; sh:targetNode {nodes} ; sh:nodeKind sh:Literal .")
    store = Forgetful(store_of(data))
    assert len(validate_compiled(store, shapes).results) == 121
    lists = [
        len(re.findall("<", found)) for text in store.asked for found in re.findall(r"VALUES [^{]*\{([^}]*)\}", text)
    ]
    assert max(lists) <= 50


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT $this WHERE { SERVICE <http://127.0.0.1:1/> { ?a ?b $this } }", "SERVICE"),
        ("DELETE WHERE { ?a ?b ?c }", "not a SELECT query"),
        ("SELECT $this WHERE { $this ?a ?b } } UNION { ?c ?d ?e", "brackets"),
        ('SELECT $this WHERE { $this ?a ?b FILTER(?b != """) }', "outside of any token"),
        ("SELECT $this FROM <http://e/g> WHERE { $this ?a ?b }", "not a SELECT query over the data"),
        ("SELECT $this WHERE { $this ?a ?b MINUS { ?b ?c ?d } }", "MINUS"),
        (f"SELECT $this WHERE {{ {'{' * 300} ?a ?b ?c {'}' * 300} }}", "nested"),
        ("SELECT $this WHERE { $this e:p ?a }", "prefix"),
    ],
)
def test_queries_that_no_store_gets(query: str, message: str) -> None:
    """A query of a shape is read before any store sees it; what it may not do is one message."""
    shapes = nt(f"e:s a sh:NodeShape ; sh:targetClass e:C ; sh:sparql [ sh:select '''{query}''' ] .")
    store = Forgetful(store_of(nt("e:a a e:C .")))
    with pytest.raises(EngineError, match=message):
        validate_compiled(store, shapes)
    assert not [text for text in store.asked if "SERVICE" in text]


def test_terms_are_tokens() -> None:
    """What a literal or an IRI holds is never read as syntax."""
    hostile = r"\"} ?x ?y ?z . { \" \\"
    shapes = nt(f'e:s a sh:NodeShape ; sh:targetClass e:C ; sh:in ( "{hostile}" 1 ) ; sh:hasValue "{hostile}" .')
    data = nt("e:a a e:C .")
    assert len(validate_compiled(Forgetful(store_of(data)), shapes).results) == 2
    bad = shapes.replace(b"<http://e/C>", rb"<http://e/C\u003E\u007D>")
    with pytest.raises(EngineError, match="shapes graph cannot be read"):
        validate_compiled(Forgetful(store_of(data)), bad)


def test_the_messages_of_queries() -> None:
    """The author's message with the values of variables; groups by the focus node are its own."""
    shapes = nt(
        "e:s a sh:NodeShape ; sh:targetClass e:C ; sh:sparql [ sh:message 'has {?n} types, {$this}' ; "
        "sh:select 'SELECT $this (COUNT(?b) AS ?n) WHERE { $this a ?b } GROUP BY $this HAVING (COUNT(?b) > 1)' ] ."
    )
    report = validate_compiled(Forgetful(store_of(nt("e:a a e:C, e:D . e:b a e:C ."))), shapes)
    assert [result.message for result in report.results] == ["has 2 types, http://e/a"]
    assert not report.notes


def test_a_store_that_refuses_a_merged_query() -> None:
    """Shapes asked about together are asked about apart when the store will not have it so."""

    class Narrow(Forgetful):
        def select(self, text: str) -> tuple[list[str], Sequence[Row]]:
            if " AS ?" in text or "Refused>" in text:
                raise QueryError("the store will not have this.")
            return super().select(text)

    shapes = nt(
        "e:s a sh:NodeShape ; sh:targetClass e:C ; sh:nodeKind sh:Literal . "
        "e:t a sh:NodeShape ; sh:targetClass e:C ; sh:class e:D . "
        "e:u a sh:NodeShape ; sh:targetClass e:C ; sh:class e:Refused ; sh:nodeKind sh:Literal ."
    )
    data = nt("e:a a e:C . [] a e:C .")
    report = validate_compiled(Narrow(store_of(data)), shapes)
    assert comparable(report.results) == comparable(by_shacl(data, shapes))
    assert [note.partition(" is")[0] for note in report.notes] == ["http://e/u"]


def test_hostile_shapes_end_by_the_limit() -> None:
    """A query that never ends is stopped with its process; shapes nested without end are one message."""
    endless = nt(
        'e:s a sh:NodeShape ; sh:targetClass e:C ; sh:sparql e:q . e:q sh:select """SELECT $this WHERE { '
        '?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o FILTER(CONCAT(STR(?a),STR(?d),STR(?g)) = "x") }""" .'
    )
    data = nt("e:x a e:C . " + " ".join(f"e:x{i} e:p e:x{i + 1} ." for i in range(300)))
    with pytest.raises(EngineError, match="compiled was stopped after 2 seconds"):
        validate([data], endless, engine="compiled", limits=Limits(validation_seconds=2))
    deep = " ".join(f"e:n{i} sh:not e:n{i + 1} ." for i in range(2000))
    deep = nt(f"e:s a sh:NodeShape ; sh:targetClass e:C ; sh:not e:n0 . {deep} e:n2000 sh:nodeKind sh:Literal .")
    with pytest.raises(EngineError, match=r"engine compiled (could not|was stopped|crashed)"):
        validate([data], deep, engine="compiled", limits=Limits(validation_seconds=20))


ENDLESS = (
    '"""SELECT $this WHERE { $this a e:C . ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l . ?m ?n ?o '
    'FILTER(CONCAT(STR(?a),STR(?d),STR(?g)) = "x") }"""'
).replace("e:C", "<http://e/C>")


def test_a_shape_whose_queries_take_long() -> None:
    """It is named and goes to another engine, while the others have their results; else the message names it."""
    shapes = nt(
        f"e:slow a sh:NodeShape ; sh:targetClass e:C ; sh:nodeKind sh:Literal ; sh:sparql [ sh:select {ENDLESS} ] . "
        "e:quick a sh:NodeShape ; sh:targetClass e:C ; sh:closed true ; sh:property [ sh:path e:none ] ."
    )
    data = nt("e:x a e:C . " + " ".join(f"e:x{i} e:p e:x{i + 1} ." for i in range(300)))
    seen: list[str] = []

    def engine(_: bytes, by: bytes) -> list[Result]:
        assert b"<http://e/quick> <http://www.w3.org/ns/shacl#targetClass>" not in by
        return []

    report = validate_compiled(StoreEvaluator(store_of(data)), shapes, engine=engine, seconds=1, at=seen.append)
    assert report.notes == ("http://e/slow is checked on fetched triples: its queries take more than 1 seconds.",)
    assert {result.shape for result in report.results} == {"http://e/quick"}
    assert "slow" in seen
    with pytest.raises(EngineError, match=r"compiled was stopped after 6 seconds, on slow\."):
        validate([data], shapes, engine="compiled", limits=Limits(validation_seconds=6))


def test_focus_nodes_that_a_query_cannot_be_about() -> None:
    """A query is run for the nodes that have its first property; those without, blank ones too, have no solution."""
    select = "SELECT $this ?o WHERE { $this e:p ?o FILTER(NOT EXISTS { ?o e:q ?r . ?r e:q ?s }) }"
    counting = "SELECT $this WHERE { $this e:p ?o } HAVING(COUNT(*) = 0)"
    data = nt("e:a a e:C ; e:p e:b . e:c a e:C . [] a e:C .")
    for text in (select, counting):
        query = text.replace("e:p", "<http://e/p>").replace("e:q", "<http://e/q>")
        shapes = nt(f"e:s a sh:NodeShape ; sh:targetClass e:C ; sh:sparql [ sh:select '{query}' ] .")
        report = validate_compiled(StoreEvaluator(store_of(data)), shapes)
        if text is select:
            assert [result.focus_node for result in report.results] == ["<http://e/a>"]
        assert bool(report.notes) == (text is counting)  # which is run for the blank one, too


def test_shapes_that_double_at_each_step() -> None:
    """The same shape in many places is written once, not as often as there are ways to it."""
    steps = " ".join(f"e:n{i} sh:and ( e:n{i + 1} e:n{i + 1} ) ." for i in range(20))
    shapes = nt(f"e:s a sh:NodeShape ; sh:targetClass e:C ; sh:node e:n0 . {steps} e:n20 sh:nodeKind sh:Literal .")
    assert len(validate_compiled(Forgetful(store_of(nt("e:x a e:C ."))), shapes).results) == 1


class Small(Forgetful):
    """A store that takes neither back references nor large numbers in its regular expressions, as several do not."""

    def ask(self, text: str) -> bool:
        return "(a|b)" not in text and "{1000}" not in text and super().ask(text)


@pytest.mark.parametrize("pattern", [r"^(a|b)\\1$", "^(a{1000}){19}b?$|^aa$"])
def test_a_pattern_that_a_store_does_not_take(pattern: str) -> None:
    """Nothing would be broken where a store cannot match; such a pattern is judged on fetched triples, and named."""
    shapes = nt(f"e:s a sh:NodeShape ; sh:targetClass e:C ; sh:property [ sh:path e:p ; sh:pattern '{pattern}' ] .")
    data = nt('e:x a e:C ; e:p "aa" . e:y a e:C ; e:p "ab" .')
    report = validate_compiled(Small(store_of(data)), shapes)
    assert [result.focus_node for result in report.results] == ["<http://e/y>"]
    assert "the store does not take the pattern" in report.notes[0]
