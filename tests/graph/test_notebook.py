"""What people see of a graph in a notebook or at a prompt, and the ways into it that need no SPARQL."""

import ast
import copy
import json
import pickle
import re
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import numpy
import pandas
import pyoxigraph as ox
import pytest
import rdflib

import isoc_kg
from isoc_kg import KnowledgeGraph
from isoc_kg.errors import CannotCarry, QueryError, UnknownName, UsageError
from isoc_kg.graph.endpoint_source import EndpointSource
from isoc_kg.query import IRI, Solutions, term_from_value, term_of_type
from isoc_kg.query.values import BlankNode, Text, TypedText, is_ordinary, value_of
from isoc_kg.validation import Report

from material import ROOT

XSD = "http://www.w3.org/2001/XMLSchema#"
MANY = 600


@pytest.fixture(scope="module")
def kg() -> KnowledgeGraph:
    """The shipped publication."""
    return KnowledgeGraph.load(ROOT)


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeGraph:
    """A file with mark-up, control characters, dangerous addresses and much of everything."""
    file = tmp_path_factory.mktemp("hostile") / "much.ttl"
    mark_up = '<img src=x onerror=alert(1)>&\\"\\u202e\\u001b[31m'
    values = " , ".join(f'"{mark_up} {number} {"long " * 200}"' for number in range(MANY))
    file.write_text(
        f'<http://e/t> <http://www.w3.org/2000/01/rdf-schema#label> "{mark_up}" ; <http://e/p> {values} ; '
        '<http://e/run> <javascript:alert(1)> ; <http://e/l> <http://e/"> .'.replace('/">', "/'onclick='alert(1)>"),
        encoding="utf-8",
    )
    return KnowledgeGraph.load(file)


class _Elements(HTMLParser):
    """The elements, attributes and nesting of a fragment."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.addresses: list[str] = []
        self.open: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.addresses += [value for name, value in attrs if name == "href"]
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def _safe(shown: str) -> None:
    """Assert that a fragment is small, well-formed and holds nothing that acts."""
    assert len(shown) < 250_000
    elements = _Elements(shown)
    allowed = {"p", "strong", "table", "thead", "tbody", "tr", "th", "td", "a", "ul", "li"}
    assert elements.names <= allowed
    assert elements.attributes <= {"dir", "style", "scope", "href", "rel"}
    assert all(address.startswith(("http://", "https://")) for address in elements.addresses)
    assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", shown)


def test_dir_shows_what_there_is() -> None:
    """`dir` of the package lists its surface, also before it is loaded."""
    assert dir(isoc_kg) == sorted(isoc_kg.__all__)


def test_reprs_show_the_sentences(kg: KnowledgeGraph) -> None:
    """Graph, thing, solutions, evidence and explanation show themselves as text and as HTML."""
    solutions = kg.select("founded-in", year=2014)
    evidence = kg.evidence("id:manrs", "schema:foundingDate")
    thing = kg["MANRS"]
    explanation = kg.why(solutions)
    gist = evidence.sentences[0].gist
    assert gist
    assert repr(kg).startswith(f"<KnowledgeGraph “{kg.project.title}”: {len(kg.lines):,} statements, ")
    assert repr(thing).startswith("<Entity id:manrs “Mutually Agreed Norms for Routing Security”: ")
    assert "id:manrs" in repr(solutions)
    assert repr(evidence).startswith('<id:manrs schema:foundingDate "2014"')
    for shown in (repr(evidence), repr(explanation), evidence._repr_html_(), explanation._repr_html_()):
        assert gist in shown
    assert gist in thing._repr_html_()
    assert any(gist in repr(statement) for statement in thing.statements)
    report = Report((), "compiled", notes=("a <note>",))
    assert repr(report).startswith("conforms")
    for one in (kg, thing, solutions, evidence, explanation, report, kg.search("routing")):
        _safe(one._repr_html_())


def test_reprs_show_what_speaks_against(kg: KnowledgeGraph) -> None:
    """A claim that was retracted, contradicted or settled does not look like any other."""
    evidence = kg.evidence("id:manrs", "schema:foundingDate")
    doubtful = replace(
        evidence,
        sentences=(),
        contradicting=evidence.sentences,
        retracted=("misread",),
        rivals=(("https://e.org/c", '"2015"'),),
        notes=("our own <b>",),
    )
    for text in ("contradicted", "retracted: misread", "another source says “2015”"):
        assert text in repr(doubtful)
        assert text in doubtful._repr_html_()
    assert "our own &lt;b&gt;" in doubtful._repr_html_()
    many = replace(evidence, sentences=evidence.sentences * MANY)
    assert len(repr(many)) < 10_000
    _safe(many._repr_html_())


def test_what_is_shown_is_escaped_and_bounded(hostile: KnowledgeGraph, tmp_path: Path) -> None:
    """Mark-up stays text, control characters are visible, dangerous addresses are no links, much is cut."""
    thing = hostile["http://e/t"]
    solutions = hostile.select("SELECT * { ?s ?p ?o }")
    shapes = hostile.validate(_shapes(tmp_path), engine="compiled")
    assert len(thing.statements) == MANY + 3
    assert shapes.violations == MANY
    for one in (hostile, thing, solutions, shapes, hostile.why(solutions), hostile.search("img")):
        shown = repr(one)
        assert len(shown) < 20_000
        assert not re.search("[\x00-\x09\x0b-\x1f\u202e]", shown)
        _safe(one._repr_html_())
    assert "more" in solutions._repr_html_()
    wide = Solutions([f"v{number}" * 50 for number in range(MANY)], [[ox.Literal("<" * 10_000)] * MANY] * MANY, {})
    assert len(repr(wide)) < 50_000
    _safe(wide._repr_html_())


def _shapes(folder: Path) -> Path:
    file = folder / "shapes.ttl"
    file.write_text(
        "@prefix sh: <http://www.w3.org/ns/shacl#> . <http://e/S> a sh:NodeShape ; sh:targetNode <http://e/t> ; "
        "sh:property <http://e/P> . <http://e/P> sh:path <http://e/p> ; sh:nodeKind sh:IRI .",
        encoding="utf-8",
    )
    return file


def test_a_repr_asks_no_endpoint(kg: KnowledgeGraph) -> None:
    """A graph behind an endpoint is shown by its address alone."""

    class Silent:
        query_url = "http://127.0.0.1:1/sparql"

        def unite(self) -> None:
            """Nothing to unite."""

    graph = KnowledgeGraph(kg.project, EndpointSource(kg.project, Silent()))  # type: ignore[arg-type]
    assert repr(graph) == "<KnowledgeGraph “http://127.0.0.1:1/sparql”: behind an endpoint>"
    _safe(graph._repr_html_())


def test_things_by_name(kg: KnowledgeGraph) -> None:
    """`kg[name]` is the thing; `in` asks whether there is one; a graph is not gone through by numbers."""
    assert kg["MANRS"] == kg.entity("id:manrs")
    assert "MANRS" in kg
    assert "no such thing at all" not in kg
    assert 0 not in kg
    with pytest.raises(UnknownName):
        kg["no such thing at all"]
    with pytest.raises(UsageError, match="by a text, not by a int"):
        kg[0]  # type: ignore[index]
    with pytest.raises(TypeError):
        iter(kg)  # type: ignore[call-overload]
    assert "Internet Society" in kg._ipython_key_completions_()


def test_statements_of_a_thing(kg: KnowledgeGraph) -> None:
    """A thing's statements have Python values and their evidence, derived ones that of what they follow from."""
    thing = kg["MANRS"]
    assert sorted(one.line for one in thing.statements) == list(thing.lines)
    (founded,) = (one for one in thing.statements if one.predicate == "https://schema.org/foundingDate")
    assert founded.value == 2014
    assert founded.evidence == (kg.evidence("id:manrs", "schema:foundingDate"),)
    assert thing.values("schema:foundingDate") == [2014]
    for name in ("schema:noSuchProperty", "no such property"):
        with pytest.raises(UnknownName, match=f"no property “{name}”"):
            thing.values(name)
    derived = [one for one in thing.statements if one.evidence and one.line not in kg.dataset.claims]  # type: ignore[union-attr]
    assert derived
    assert replace(thing, support=None).statements[0].evidence == ()


def test_search(kg: KnowledgeGraph, hostile: KnowledgeGraph) -> None:
    """All kinds by words; of other data what they have."""
    found = kg.search("routng", kinds=["thing"], limit=2)
    assert len(found) == len(list(found)) == 2
    assert {match.kind for match in found} == {"thing"}
    assert "“routng” taken for routing" in repr(found)
    assert [match.iri for match in hostile.search("IMG")] == ["http://e/t"]
    assert len(hostile.search("nothing")) == 0
    with pytest.raises(UsageError, match="no kind page"):
        kg.search("routing", kinds=["page"])
    assert len(hostile.search("img", kinds=["sentence"])) == 0
    with pytest.raises(UsageError, match="positive"):
        kg.search("routing", limit=0)


def test_why_of_solutions(kg: KnowledgeGraph, hostile: KnowledgeGraph) -> None:
    """Solutions know their query: what stands behind them is that of the query with its parameters."""
    solutions = kg.select("founded-in", year=2014)
    explanation = kg.why(solutions)
    assert explanation.solutions.terms == solutions.terms
    assert list(explanation) == list(kg.why("founded-in", {"year": 2014}))
    again = pickle.loads(pickle.dumps(solutions))
    assert again.terms == solutions.terms
    for other in (hostile.select("SELECT ?s { ?s ?p <javascript:alert(1)> }"), again):
        with pytest.raises(UsageError, match="not of a query of this graph"):
            kg.why(other)
    with pytest.raises(UsageError, match="other solutions now"):
        kg.why(kg.select("SELECT ?s (STRUUID() AS ?u) { ?s schema:foundingDate ?y }"))
    with pytest.raises(UsageError, match="have their parameters"):
        kg.why(solutions, {"year": 1992})
    blank = "SELECT ?s ?b { VALUES ?s { id:manrs } BIND(BNODE() AS ?b) }"
    assert len(kg.why(kg.select(blank))) == 1


LITERALS = [
    ("2014", "gYear", 2014), ("-0044", "gYear", -44), ("7", "integer", 7), ("07", "integer", 7), ("7", "byte", 7),
    ("1.50", "decimal", Decimal("1.50")), ("+.5", "decimal", Decimal("0.5")), ("1.5", "float", 1.5),
    ("1e3", "double", 1000.0), ("INF", "double", float("inf")), ("true", "boolean", True),
    ("2014-05-01", "date", date(2014, 5, 1)), ("2014-05-01T10:00:00", "dateTime", datetime(2014, 5, 1, 10)),
    ("2014-05-01T10:00:00Z", "dateTime", datetime.fromisoformat("2014-05-01T10:00:00+00:00")),
    ("2014-05-01T10:00:00.1234567", "dateTime", datetime(2014, 5, 1, 10, 0, 0, 123456)),
    # what Python would take, and the datatype does not, stays as it is written
    ("1_000", "integer", "1_000"), ("٧", "integer", "٧"), ("300", "byte", "300"), ("1e5", "decimal", "1e5"),
    ("nan", "double", "nan"), ("20140501", "date", "20140501"), ("2014-W01-1", "date", "2014-W01-1"),
    ("2014-05-01 10:00:00", "dateTime", "2014-05-01 10:00:00"), ("2014-05-01", "dateTime", "2014-05-01"),
    ("2014-02-30", "date", "2014-02-30"), ("9" * 5000, "integer", "9" * 5000), ("2014-05", "gYearMonth", "2014-05"),
]  # fmt: skip


@pytest.mark.parametrize(("form", "datatype", "value"), LITERALS)
def test_values_go_both_ways(form: str, datatype: str, value: Any) -> None:
    """A literal has its Python value, and the value as a parameter is the literal again, to the character."""
    term = ox.Literal(form, datatype=ox.NamedNode(XSD + datatype))
    there = value_of(term)
    assert there == value
    assert isinstance(there, type(value))
    assert term_from_value(there) == term
    assert copy.copy(there) == pickle.loads(pickle.dumps(there)) == there
    if isinstance(value, datetime):
        assert repr(there) == repr(value)
    if isinstance(value, (int, float, Decimal)) and not isinstance(value, bool):
        assert term_from_value(there + 0) != ox.Literal("07", datatype=ox.NamedNode(XSD + "integer"))


def test_texts_go_both_ways() -> None:
    """Languages, directions and datatypes come back; blank nodes and triple terms are refused, not made texts."""
    for term in (
        ox.Literal("ahoy", language="en"),
        ox.Literal("ahoy", language="ar", direction=ox.BaseDirection.RTL),
        ox.Literal("ahoy", datatype=ox.NamedNode("http://e/own")),
        ox.Literal("http://e/text"),
        ox.NamedNode("http://e/iri"),
    ):
        assert term_from_value(value_of(term)) == term
    for value in (Text("ahoy", "en"), TypedText("ahoy", "http://e/own")):
        again = pickle.loads(pickle.dumps(value))
        assert (again, vars(again)) == (value, vars(value))
    for value in (value_of(ox.BlankNode("b0")), ox.BlankNode("b0"), rdflib.BNode(), BlankNode("b")):
        with pytest.raises(QueryError, match="cannot be a blank node"):
            term_from_value(value)
    triple = ox.Triple(ox.NamedNode("http://e/a"), ox.NamedNode("http://e/b"), ox.Literal("c"))
    with pytest.raises(QueryError, match="cannot be a triple term"):
        term_from_value(value_of(triple))


def test_values_of_other_libraries() -> None:
    """Scalars of numpy and pandas, and rdflib's terms, are values, too; what is missing or many is none."""
    year = rdflib.Literal("2014", datatype=rdflib.XSD.gYear)
    expected = {
        '"3"^^<%sinteger>': numpy.int64(3), '"1.0"^^<%sdouble>': numpy.float64(1),
        '"true"^^<%sboolean>': numpy.bool_(1),
        '"2014-01-01T00:00:00"^^<%sdateTime>': pandas.Timestamp("2014-01-01"), '"2014"^^<%sgYear>': year,
    }  # fmt: skip
    for token, value in expected.items():
        assert str(term_from_value(value)) == token % XSD
    for value in (None, pandas.NaT, pandas.NA, numpy.array([1]), [1], object()):
        with pytest.raises(QueryError, match="cannot be a"):
            term_from_value(value)


class Kind(str, Enum):  # noqa: UP042 – whose `str` is the member's name
    """A text, as applications list them."""

    PORT = "ahoy"


def test_values_of_enumerations_and_times() -> None:
    """A member is its value, as if that were given; numpy's times keep their places, and counts of them are none."""
    assert term_from_value(Kind.PORT) == ox.Literal("ahoy")
    assert is_ordinary(Kind.PORT)
    for text, form in (("2014-01-01", "2014-01-01T00:00:00"), ("2014-01-01T00:00:00.123456780", None)):
        literal = ox.Literal(form or text.rstrip("0"), datatype=ox.NamedNode(XSD + "dateTime"))
        assert term_from_value(numpy.datetime64(text, "ns")) == literal
    odd = timezone(timedelta(hours=5, minutes=53, seconds=28)), timezone(timedelta(hours=20))
    for value in (
        numpy.timedelta64(1, "ns"), numpy.longdouble(1), rdflib.Variable("x"), 10**5000, "\ud800",
        Text("ahoy", "no tag"), *(datetime(2014, 1, 1, tzinfo=zone) for zone in odd),
    ):  # fmt: skip
        with pytest.raises(QueryError):
            term_from_value(value)


def test_rdflib_has_it_or_refuses(tmp_path: Path) -> None:
    """Terms as written, whatever other threads set; what rdflib has no term for is named, not made another."""
    (tmp_path / "a.trig").write_text(f'<x:a> <x:b> "01"^^<{XSD}integer> . <x:g> {{ <x:a> <x:b> "-- a"^^<x:d--d> }}')
    (tmp_path / "b.ttl").write_text("<x:a> <x:b> <<( <x:a> <x:b> 1 )>> .")
    (tmp_path / "c.ttl").write_text('<x:a> <x:b> "c"@ar--rtl .')
    assert {str(o) for o in KnowledgeGraph.load(tmp_path / "a.trig").rdflib.objects()} == {"01", "-- a"}
    for name, what in (("b.ttl", "triple terms"), ("c.ttl", "texts with a direction")):
        with pytest.raises(CannotCarry, match=what):
            KnowledgeGraph.load(tmp_path / name).rdflib  # noqa: B018


def test_what_a_text_says_is_no_thing(tmp_path: Path) -> None:
    """An IRI in a literal alone is not found, by no name."""
    (tmp_path / "a.ttl").write_text('<http://e/a> <x:b> "see \\"<http://e/x>, <http://e/x#port>" .')
    kg = KnowledgeGraph.load(tmp_path / "a.ttl")
    assert [name in kg for name in ("http://e/a", "http://e/x", "port", "http://e/x#port", "\ud800")] == [True] + [
        False
    ] * 4


TYPED = [
    (2014, "xsd:gYear", '"2014"^^<%sgYear>'), ("2014", "xsd:gYear", '"2014"^^<%sgYear>'),
    (date(2014, 5, 1), "xsd:date", '"2014-05-01"^^<%sdate>'), (7, "xsd:byte", '"7"^^<%sbyte>'),
    (7, "xsd:decimal", '"7"^^<%sdecimal>'), (2014, "text", '"2014"'), ("ahoy", "@en", '"ahoy"@en'),
    (" 2014\n", "xsd:gYear", '"2014"^^<%sgYear>'), ("\u00a0ahoy ", "text", '"ahoy"'), (" a ", "iri", "<http://id/a>"),
    (Text("ahoy", "en"), "@en", '"ahoy"@en'), (IRI("http://e/a"), "iri", "<http://e/a>"), ("a", "iri", "<http://id/a>"),
    (ox.Literal("x", language="de"), "@en", '"x"@de'), ("--05", "xsd:gMonth", '"--05"^^<%sgMonth>'),
]  # fmt: skip
REFUSED = [
    ("abc", "xsd:gYear"), (2014.0, "xsd:gYear"), (date(2014, 5, 1), "xsd:gYear"), (True, "xsd:gYear"), (7, "iri"),
    ("20 14", "xsd:gYear"), ("2014-02-30", "xsd:date"), ("300", "xsd:byte"), ("1_0", "xsd:integer"),
    (IRI("http://e/a"), "text"), (Text("ahoy", "de"), "@en"), (Text("ahoy", "de"), "text"), ("yes", "xsd:boolean"),
]  # fmt: skip


@pytest.mark.parametrize(("value", "type_", "token"), TYPED)
def test_parameters_of_a_declared_type(value: Any, type_: str, token: str) -> None:
    """A value becomes a term of the type that the named query declares."""
    term = term_of_type("p", value, type_, {"xsd": XSD, "id": "http://id/"})
    assert str(term) == (token % XSD if "%s" in token else token)


@pytest.mark.parametrize(("value", "type_"), REFUSED)
def test_parameters_of_another_type(value: Any, type_: str) -> None:
    """A value that is not of the declared type is refused, with what to give; no empty answer comes of it."""
    with pytest.raises(QueryError, match="is not a value for “p”") as raised:
        term_of_type("p", value, type_, {"xsd": XSD, "id": "http://id/"})
    assert raised.value.advice.startswith("Give ")  # type: ignore[union-attr]


@pytest.mark.parametrize("type_", ["text", "@en", "iri", "xsd:gYear", "xsd:string"])
def test_parameters_without_a_value(type_: str) -> None:
    """Nothing but blanks is no value, of whatever type; what to give is told in words, not in names of datatypes."""
    with pytest.raises(QueryError, match="“p” has no value") as raised:
        term_of_type("p", " \t", type_, {"xsd": XSD, "id": "http://id/"})
    assert (raised.value.advice == "Give a year, such as 2014.") == (type_ == "xsd:gYear")


def test_names_with_their_case_aside(kg: KnowledgeGraph) -> None:
    """A short name is known in small letters and in the singular; one that is not is answered with those there are."""
    for given, name in ((" ietf", "Internet Engineering Task Force"), ("IXP", "Internet exchange points")):
        assert [str(row["name"]) for row in kg.select("acronym", short=given)] == [name]
    (told,) = kg.run("acronym", {"short": "xyz"}).hints
    assert told == "nothing here has the short xyz; such as 3IP, IETF, ISOC."


def test_answers_lead_on(kg: KnowledgeGraph) -> None:
    """Values and things of one answer are parameters of the next."""
    year = kg.select("SELECT ?year { id:manrs schema:foundingDate ?year }")[0]["year"]
    for given in (year, 2014, "2014"):
        assert kg.select("founded-in", year=given)[0]["body"] == kg.find("MANRS")
    assert kg.ask("ASK { ?s schema:foundingDate ?y }", y=year, s=kg["MANRS"])
    with pytest.raises(QueryError, match="“MMXIV” is not a value for “year”"):
        kg.select("founded-in", year="MMXIV")


def test_data_frames_keep_kinds(kg: KnowledgeGraph) -> None:
    """Whole numbers and truth values stay so where some are missing; large and mixed ones are not rounded."""
    query = (
        "SELECT * { VALUES (?n ?i ?year ?b ?big ?mixed ?none) { "
        '(1 1 "2014"^^xsd:gYear true 99999999999999999999 1 UNDEF) '
        "(2 UNDEF UNDEF UNDEF UNDEF 9007199254740993.5 UNDEF) } } ORDER BY ?n"
    )
    solutions = kg.select(query)
    frame = solutions.to_pandas()
    kinds = {name: str(dtype) for name, dtype in frame.dtypes.items()}
    assert kinds == {
        "n": "int64", "i": "Int64", "year": "Int64", "b": "boolean", "big": "object", "mixed": "object",
        "none": "object",
    }  # fmt: skip
    assert frame["year"][0] == 2014
    assert frame["big"][0] == 99999999999999999999
    assert [type(value) for value in frame["mixed"]] == [int, Decimal]
    assert kg.select("founded-in", year=frame["year"][0])[0]["body"] == kg.find("MANRS")
    empty = kg.select("SELECT ?a ?b { FILTER(false) }").to_pandas()
    assert list(empty.columns) == ["a", "b"]
    assert len(empty) == 0
    assert len(kg.select("SELECT * { {} UNION {} }").to_pandas()) == 2
    columns = solutions.to_polars()
    assert columns["i"].to_list() == [1, None]
    assert columns["big"].to_list() == ["99999999999999999999", None]


@pytest.mark.parametrize("package", ["pandas", "polars"])
def test_missing_extras_say_what_to_install(kg: KnowledgeGraph, package: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the package of an extra the message has the command."""
    solutions = kg.select("SELECT ?s { ?s schema:foundingDate ?y }")
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UsageError) as raised:
        getattr(solutions, f"to_{package}")()
    assert str(raised.value) == f"the package {package} is not installed.\n  pip install 'isoc-kg[{package}]'"


def test_export_to_a_file_gives_nothing(hostile: KnowledgeGraph, tmp_path: Path) -> None:
    """A notebook does not fill with what was written to a file; without one the text is the answer."""
    assert hostile.export(tmp_path / "all.nt") is None  # type: ignore[func-returns-value]
    assert (tmp_path / "all.nt").read_text(encoding="utf-8") == hostile.export(format="nt")


def test_the_notebook_is_as_executed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The cells of examples/who-says-so.ipynb, executed in order, give the outputs that stand in it."""
    monkeypatch.chdir(ROOT)
    book = json.loads((ROOT / "examples" / "who-says-so.ipynb").read_text(encoding="utf-8"))
    scope: dict[str, Any] = {}
    shown = 0
    for cell in book["cells"]:
        if cell["cell_type"] != "code":
            continue
        *statements, last = ast.parse("".join(cell["source"])).body
        exec(compile(ast.Module(statements, []), "cell", "exec"), scope)
        if not isinstance(last, ast.Expr):
            exec(compile(ast.Module([last], []), "cell", "exec"), scope)
            assert cell["outputs"] == []
            continue
        value = eval(compile(ast.Expression(last.value), "cell", "eval"), scope)
        (output,) = cell["outputs"]
        forms = {"text/plain": repr(value)}
        if hasattr(value, "_repr_html_"):
            forms["text/html"] = value._repr_html_()
        assert {form: "".join(lines) for form, lines in output["data"].items()} == forms
        shown += 1
    assert shown > 3


def test_a_thing_is_given_by_whatever_names_it(kg: KnowledgeGraph) -> None:
    """An entity, an IRI, a prefixed name and a name are one, wherever a thing is asked for."""
    thing = kg["MANRS"]
    iri = rdflib.URIRef(thing.iri)
    for subject in (thing, thing.iri, iri, ox.NamedNode(thing.iri), "id:manrs", "MANRS"):
        for founder in (kg["ISOC"], "ISOC", "id:internet-society"):
            assert kg.evidence(subject, "schema:founder", founder).claim == kg.evidence(thing, "schema:founder").claim
        assert kg.evidence(subject, "founding date").triple[2].startswith('"2014"')
        assert kg.entity(subject).iri == thing.iri
        assert len(kg.describe(subject).lines) == len(thing.lines)
    area = kg["Internet access"]
    for value in (area, "internet access", "internet-access", area.iri):
        assert len(kg.select("activities-in-area", area=value)) == 2, value


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        (lambda kg: kg.evidence("MANRSS", "schema:founder"), "Did you mean “MANRS”"),
        (lambda kg: kg.evidence("id:manrss", "schema:founder"), "Did you mean “MANRS”"),
        (lambda kg: kg.evidence("MANRS", "schema:foundingdate"), "Did you mean .*schema:foundingDate"),
        (lambda kg: kg.evidence("MANRS", "schema:foundingDate", 2013), "has another value.\n.*2014"),
        (lambda kg: kg.describe("MANRSS"), "Did you mean “MANRS”"),
        (lambda kg: kg.describe("MANRS", area=1), "no parameters"),
        (lambda kg: kg.select("activities-in-area", area="internet acess"), "Did you mean “Internet access”"),
        (lambda kg: kg["MANRS"].values("schema:foundingdate"), "Did you mean schema:foundingDate"),
        (lambda kg: kg[""], "an empty name finds nothing"),
        (lambda kg: kg.find(" <> "), "an empty name finds nothing"),
        (lambda kg: kg["MANRS"].values("nonsense"), "no property “nonsense”"),
        (lambda kg: kg.cite("MANRS", format="ris"), "no argument “format”.\n.*form"),
        (lambda kg: kg["MANRS"].cite(format="ris"), "no argument “format”"),
        (lambda kg: kg["MANRS"].statements[0].cite(format="ris"), "no argument “format”"),
        (lambda kg: kg.evidence("MANRS", "schema:founder").cite(format="ris"), "no argument “format”"),
    ],
)
def test_what_nothing_is_called(kg: KnowledgeGraph, asked: Any, told: str) -> None:
    """The message says what may be meant."""
    with pytest.raises((UsageError, UnknownName)) as caught:
        asked(kg)
    assert re.search(told, str(caught.value))


def test_values_of_a_property_by_any_name(kg: KnowledgeGraph) -> None:
    """Its label too; one that the thing has no value of gives none."""
    thing = kg["MANRS"]
    assert thing.values("founding date") == thing.values("schema:foundingDate") == [2014]
    assert thing.values("isoc:manages") == []


def test_key_facts_come_first(kg: KnowledgeGraph) -> None:
    """A thing begins with what it is, as its page does; what is derived is counted."""
    statements = kg["MANRS"].statements
    names = [one.predicate.rpartition("/")[2] for one in statements if not one.derived]
    assert [name for name in names if name in ("name", "foundingDate", "founder")] == [
        "name",
        "foundingDate",
        "founder",
    ]
    marks = [one.derived for one in statements]
    assert marks == sorted(marks)
    assert any(marks)
    for shown in (kg["MANRS"]._repr_html_(), statements._repr_html_()):
        _safe(shown)
        assert shown.index("schema:foundingDate") < shown.index("isoc:aimsAt")
        assert "dcterms:audience" not in shown
        assert f"{sum(marks)} derived statements" in shown
    assert f"{sum(marks)} derived statements" in repr(statements)


def test_evidence_of_solutions_as_a_table(kg: KnowledgeGraph) -> None:
    """A row for each sentence, with how it supports the claim."""
    table = kg.why("SELECT ?d ?what { id:manrs schema:foundingDate ?d ; schema:description ?what }").to_pandas()
    assert list(table.columns) == ["row", "statement", "sentence", "text", "how", "document"]
    assert set(table["how"]) == {"supported", "implied"}
    none = kg.why("SELECT (1 AS ?x) {}").to_pandas()
    assert (len(none), none["how"][0]) == (1, None)


def test_how_a_claim_was_accepted_is_one_quiet_line() -> None:
    """The sentence comes first; tools and verdicts are in the data."""
    harbour = KnowledgeGraph.load(ROOT / "examples/harbour-trust")
    subjects = {line.split(b" ", 1)[0] for line in harbour.lines}
    claims = (harbour.evidence_of(claim) for claim in harbour.support.about(subjects))
    evidence = next(one for one in claims if one.annotations and one.sentences)
    for shown in (repr(evidence), evidence._repr_html_()):
        assert re.search(r"accepted 20\d\d-\d\d-\d\d", shown)
        assert not re.search("prov:|ev:|patch|verdict", shown)
    assert evidence.reasons[-1] == evidence.acceptance
    named = replace(
        evidence,
        annotations=(*evidence.annotations, ("https://w3id.org/isoc-kg/evidence#acceptedBy", '"Ada Lind"')),
    )
    assert named.acceptance.startswith("accepted by Ada Lind, 20")


def test_why_of_some_solutions_and_of_a_thing(kg: KnowledgeGraph) -> None:
    """A slice stays solutions, a row knows its own; what is neither is told what to give."""
    solutions = kg.select("SELECT ?body ?year { ?body schema:foundingDate ?year }")
    whole = kg.why(solutions)
    assert isinstance(solutions[:1], Solutions)
    for some, rows in ((solutions[1], [1]), (solutions[1:], [1]), ([solutions[1], solutions[0]], [1, 0])):
        explanation = kg.why(some)
        assert explanation.evidence == tuple(whole.evidence[row] for row in rows)
        assert explanation.solutions.terms == tuple(solutions.terms[row] for row in rows)
    assert type(pickle.loads(pickle.dumps(solutions[0]))) is dict
    assert type(solutions.to_dicts()[0]) is dict
    explained = kg.why(kg["MANRS"])
    assert repr(explained).startswith(f"<{len(explained)} statements with evidence>")
    assert len(explained) == len(kg["MANRS"].lines)
    years = [behind for row, behind in explained if row[0].value == "https://schema.org/foundingDate"]
    assert [one.sentences[0].unit.number for one in years[0]] == ["15.2"]
    nothing: list[tuple[Any, str]] = [
        (5, "nothing to explain"), ([], "empty list"), ([{"year": 1992}], "list of values"),
        ({"year": 1992}, "dict of values"), (solutions.to_pandas().iloc[0], "data frame"),
        (("x", 1992), "tuple of values"), (solutions.to_pandas(), "data frame .*\n.*solutions"), (None, "NoneType"),
        (solutions.to_polars(), "data frame"), (whole, "itself the answer"),
        (kg.evidence("MANRS", "schema:foundingDate"), "itself the answer"),
    ]  # fmt: skip
    for what, told in nothing:
        with pytest.raises(UsageError, match=told):
            kg.why(what)
    with pytest.raises(UsageError, match=r"have names.*\n.*evidence\("):
        kg.why("MANRS", "schema:foundingDate")  # type: ignore[arg-type]
    other = kg.select("SELECT ?body { ?body schema:founder ?who }")
    with pytest.raises(UsageError, match="several queries"):
        kg.why([solutions[0], other[0]])


def test_why_of_a_thing_begins_with_key_facts(kg: KnowledgeGraph) -> None:
    """In the order of its page, by whatever name it is given; some of its statements are explained alone."""
    manrs = kg["MANRS"]
    order = [(f"<{one.predicate}>", one.line) for one in manrs.statements]
    explained = kg.why(manrs)
    assert [str(row[0]) for row, _ in explained] == [predicate for predicate, _ in order]
    assert repr(explained).splitlines()[1].startswith("rdf:type")
    for name in ("MANRS", "id:manrs", manrs.iri, kg.find("MANRS")):
        assert list(kg.why(name)) == list(explained)
    stated = [number for number, one in enumerate(manrs.statements) if not one.derived]
    assert list(kg.why([manrs.statements[number] for number in stated])) == [list(explained)[n] for n in stated]
    assert list(kg.why(manrs.statements[3:5])) == list(explained)[3:5]
    assert list(kg.why(manrs.statements[2])) == list(explained)[2:3]
    assert list(kg.why("founded-in", year=2014)) == list(kg.why("founded-in", {"year": 2014}))
    with pytest.raises(UnknownName, match="no query"):
        kg.why("nothing-of-the-sort")


def test_names_stand_beside_iris(kg: KnowledgeGraph) -> None:
    """In a notebook, and in a table where they are asked for; data formats are as they are specified."""
    solutions = kg.select('SELECT ?body { ?body schema:foundingDate "2014"^^xsd:gYear }')
    name = "Mutually Agreed Norms for Routing Security"
    assert f"{name} (id:manrs)</a>" in solutions._repr_html_()
    assert f"id:manrs “{name}”" in solutions.to_table(labels=True)
    assert name not in solutions.to_table() + solutions.to_csv() + solutions.to_json()


def test_a_report_is_in_words(kg: KnowledgeGraph, tmp_path: Path) -> None:
    """Names, prefixes, links and the sentences of the statement at fault."""
    file = tmp_path / "bad.ttl"
    file.write_text(
        """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <https://schema.org/> .
        <http://e/S> a sh:NodeShape ; sh:targetNode <https://w3id.org/isoc-kg/id/manrs> ;
            sh:property [ sh:path schema:foundingDate ; sh:maxCount 0 ] .""",
        encoding="utf-8",
    )
    report = kg.validate(file)
    text, html = repr(report), report._repr_html_()
    assert "id:manrs “Mutually Agreed Norms for Routing Security”" in text
    assert "sh:maxCount of schema:foundingDate: 0 expected, more found." in text
    assert "      sentence 15.2: " in text
    assert "http" not in text.replace("http://e/S", "")
    assert '<a href="https://schema.org/foundingDate" rel="noreferrer">schema:foundingDate</a>' in html
    assert "sentence 15.2" in html
    assert report == replace(report, words=type(report.words)())


def test_what_is_tried_next(kg: KnowledgeGraph, hostile: KnowledgeGraph) -> None:
    """Columns, values, membership, one kind, a slice and a frame of matches work as elsewhere in Python."""
    manrs, solutions = kg["MANRS"], kg.select("SELECT ?b ?y { ?b schema:foundingDate ?y } ORDER BY ?y")
    assert solutions["y"] == solutions["?y"] == [1992, 2014]
    assert manrs["schema:foundingDate"] == manrs["established"] == [2014]
    assert manrs.values("established by") == [kg.find("ISOC")]  # as pages call the property
    assert manrs in kg
    assert hostile["t"] not in kg
    assert list(kg.search("routing", kinds="thing")) == list(kg.search("routing", kinds=["thing"]))
    matches = kg.search("routing", limit=3)
    assert matches[:2].matches == matches.matches[:2]
    assert matches[:2].left_out == matches.left_out + len(matches) - 2
    assert list(matches.to_pandas()["name"]) == [match.name for match in matches]
    assert list(manrs.statements.to_pandas()["value"])[0] == manrs.statements[0].value
    assert list(kg.select("founded-in", {"year": 2014})) == list(kg.select("founded-in", year=2014))
    assert repr(kg.queries["founded-in"]) == "<NamedQuery founded-in(year): Which bodies were founded in a year?>"


@pytest.mark.parametrize(("tried", "told"), [
    (lambda kg: kg.search(None), "words are a text"), (lambda kg: kg.select("founded-in", 2014), "names"),
    (lambda kg: KnowledgeGraph(), r"KnowledgeGraph.load\(\)"), (lambda kg: KnowledgeGraph("x.ttl"), "loaded, not made"),
    (lambda kg: kg.cite(accessed="2026-01-31"), "not a date"), (lambda kg: kg["MANRS"][0], "by their properties"),
    (lambda kg: kg.select("SELECT ?x {}")["y"], "They have [?]x"),
])  # fmt: skip
def test_what_is_tried_amiss(kg: KnowledgeGraph, tried: Any, told: str) -> None:
    """The message names what to give."""
    with pytest.raises(UsageError, match=told):
        tried(kg)


def test_things_of_another_graph(kg: KnowledgeGraph, hostile: KnowledgeGraph) -> None:
    """Are not explained as if nothing was behind them."""
    with pytest.raises(UsageError, match="says nothing of the thing"):
        kg.why(hostile["t"])


def test_pickles(kg: KnowledgeGraph) -> None:
    """Things and evidence go to other processes without the graph; a graph is loaded there."""
    manrs, evidence, explained = (
        kg["MANRS"],
        kg.evidence("MANRS", "schema:foundingDate"),
        kg.why("founded-in", year=2014),
    )
    for one in (manrs, evidence, explained, kg.search("manrs")):
        assert repr(pickle.loads(pickle.dumps(one))) == repr(one)
    assert pickle.loads(pickle.dumps(manrs.statements[0])) == manrs.statements[0]
    with pytest.raises(TypeError, match="load it where it is needed"):
        pickle.dumps(kg)
