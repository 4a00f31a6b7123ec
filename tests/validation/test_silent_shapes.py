"""Shapes that would validate less, or more, than SHACL says, and nothing would tell: each is named or mended."""

from collections.abc import Callable
from pathlib import Path

import pytest

from isoc_kg.limits import Limits
from isoc_kg.validation import DataGraph, Result, ShapesGraph, Validation, validate_graphs

HEAD = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix e: <http://e/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = 'e:a a e:C ; e:p e:b , 1 , "x"@en . e:b a e:D .'
NODE = "e:S a sh:NodeShape ; sh:targetNode e:a ; "
PROPERTY = f"{NODE} sh:property e:P . e:P sh:path e:p ; "
REGIME = "http://www.w3.org/ns/entailment/"
ENGINES = ["auto", "shacl", "compiled", "pyshacl"]

Validated = Callable[..., Validation]


@pytest.fixture
def validated(tmp_path: Path) -> Validated:
    def made(shapes: str, data: str = DATA, *, engine: str | None = None, lenient: bool = False) -> Validation:
        files = tmp_path / "s.ttl", tmp_path / "d.ttl"
        for file, text in zip(files, (shapes, data), strict=True):
            file.write_text(HEAD + text, encoding="utf-8")
        graphs = DataGraph(files[1]), ShapesGraph([files[0]], Limits())
        return validate_graphs([graphs], engine=engine, lenient=lenient)

    return made


def told(validation: Validation) -> list[tuple[str, str, int | None]]:
    """What is said of the shapes, and where."""
    return [(one.severity, one.message, one.line) for one in validation.findings]


def components(validation: Validation) -> list[str]:
    return [result.component.rpartition("#")[2].removesuffix("ConstraintComponent") for result in results(validation)]


def results(validation: Validation) -> tuple[Result, ...]:
    return validation.report.results


@pytest.mark.parametrize(("regime", "stops"), [("RDFS", True), ("OWL-RL", True), ("Simple", False)])
def test_entailment_that_no_engine_has(regime: str, stops: bool, validated: Validated) -> None:
    """An entailment regime is an error with its line, but for the one that entails nothing; leniently, a warning."""
    shapes = f"<http://e/g> sh:entailment <{REGIME}{regime}> .\n{NODE} sh:nodeKind sh:Literal ."
    strict, lenient = validated(shapes), validated(shapes, lenient=True)
    assert bool(strict.reports) is not stops
    assert [(level, line) for level, _, line in told(strict)] == ([("error", 3)] if stops else [])
    assert strict.can_be_lenient
    assert [level for level, *_ in told(lenient)] == (["warning"] if stops else [])
    assert components(lenient) == ["NodeKind"]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize(
    "constraint",
    [
        *("sh:expression false", "sh:someValue [ sh:nodeKind sh:BlankNode ]", "sh:minListLength 2", "sh:subsetOf e:q"),
        *("sh:rootClass e:Z", "sh:memberShape [ sh:nodeKind sh:IRI ]", "sh:targetWhere [ sh:class e:D ]"),
        "sh:target [ a sh:SPARQLTarget ; sh:select 'SELECT ?this WHERE { ?this a <http://e/D> }' ]",
    ],
)
def test_what_is_ignored_reaches_no_engine(engine: str, constraint: str, validated: Validated) -> None:
    """Terms of later drafts and of SHACL-AF, of which a warning says that they are ignored, are so in each engine."""
    validation = validated(f"{NODE} sh:nodeKind sh:Literal ; {constraint} .", engine=engine)
    assert any("is ignored" in message for _, message, _ in told(validation))
    assert [result.focus_node for result in results(validation)] == ["<http://e/a>"]
    assert components(validation) == ["NodeKind"]


def test_shapes_that_the_data_name(validated: Validated) -> None:
    """`sh:shape` in the data is no target."""
    shapes = f"{NODE} sh:nodeKind sh:Literal ."
    for data in ("e:b sh:shape e:S .", "_:b sh:shape e:S .", "e:b sh:shape e:T ; e:p '> <http://www.w3.org/ns/' ."):
        assert [result.focus_node for result in results(validated(shapes, f"{DATA} {data}"))] == ["<http://e/a>"]


@pytest.mark.parametrize("engine", ENGINES)
def test_severity_of_a_query(engine: str, validated: Validated) -> None:
    """Results of a constraint in SPARQL have the severity of the shape; one beside the query is a warning."""
    query = "sh:select 'SELECT $this WHERE { $this a <http://e/C> }'"
    validation = validated(f"{NODE} sh:severity sh:Info ; sh:sparql [ sh:severity e:Bad ; {query} ] .", engine=engine)
    assert [result.severity.rpartition("#")[2] for result in results(validation)] == ["Info"]
    assert [level for level, message, _ in told(validation) if "sh:severity" in message] == ["warning"]
    itself = f"{NODE} sh:severity sh:Info ; sh:sparql e:S ; {query} ; sh:nodeKind sh:IRI ."
    validation = validated(itself, engine=engine)
    assert ([result.severity.rpartition("#")[2] for result in results(validation)], told(validation)) == (["Info"], [])


DECLARED = "e:o sh:declare [ sh:prefix 'x' ; sh:namespace 'http://e/'^^xsd:anyURI ] . "


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (NODE + "sh:sparql [ sh:select 'SELECT $this WHERE { $this ?p 1 }' , 'SELECT $this WHERE { $this ?p 2 }' ] .",
         "more than one query"),
        (NODE + "sh:sparql [ sh:select 'ASK { $this ?p ?o }' ] .", "is not a SELECT query over the data"),
        (NODE + "sh:sparql [ sh:select 'SELECT $this WHERE { $this <p> ?o }' ] .", "the relative IRI <p>"),
        (DECLARED + DECLARED.replace("//e/", "//f/") + NODE
         + "sh:sparql [ sh:prefixes e:o ; sh:select 'SELECT $this WHERE { $this x:p ?o }' ] .",
         "“http://e/” and with “http://f/”"),
        (NODE + "sh:and ( 'x' ) .", '"x" in the list of sh:and'),
    ],
)  # fmt: skip
def test_ill_formed_shapes(shapes: str, message: str, validated: Validated) -> None:
    """What is ill-formed and would be read in one of several ways, or in none, is an error with file and line."""
    validation = validated(shapes)
    assert not validation.reports
    assert [(level, message in said, line) for level, said, line in told(validation)] == [("error", True, 3)]
    assert validated(f"{shapes}\ne:T sh:targetNode e:a ; sh:nodeKind sh:Literal .", lenient=True).reports


def test_a_prefix_declared_twice_alike(validated: Validated) -> None:
    """The same declaration twice is no conflict."""
    query = "sh:sparql [ sh:prefixes e:o , e:o2 ; sh:select 'SELECT $this WHERE { $this x:p ?o }' ] ."
    validation = validated(DECLARED + DECLARED.replace("e:o", "e:o2") + NODE + query)
    assert len(results(validation)) == 3
    assert not validation.findings


ONE = "'1'^^xsd:boolean"


@pytest.mark.parametrize(
    ("shapes", "message"),
    [
        (f"{NODE} sh:closed {ONE} .", "sh:closed has no effect"),
        (f"{PROPERTY} sh:uniqueLang {ONE} .", "sh:uniqueLang has no effect"),
        (f"{PROPERTY} sh:qualifiedMinCount 9 .", "sh:qualifiedMinCount has no effect"),
        (f"{NODE} sh:node e:Gone .", "<http://e/Gone>, which sh:node names, is not described"),
        (f"{NODE} sh:or ( [ sh:nodeKind sh:Literal ] e:Gone ) .", "<http://e/Gone>, which sh:or names, is not"),
        (f"{NODE} sh:node e:Gone , e:Gone2 .", "and 1 other shape are named, but not described"),
    ],
)
def test_constraints_without_effect(shapes: str, message: str, validated: Validated) -> None:
    """A constraint that is none, or a shape that nothing describes, is one warning with its line."""
    validation = validated(shapes)
    assert [(level, message in said, line) for level, said, line in told(validation)] == [("warning", True, 3)]
    assert validation.report.conforms


@pytest.mark.parametrize("engine", ["auto", "compiled"])
def test_messages_of_shapes_keep_their_languages(engine: str, validated: Validated) -> None:
    """A query without a message has all those of its shape, or of its component, with their language tags."""
    texts = ['"form"@de', '"shape"@en']
    said = f"sh:message {' , '.join(texts)}"
    query = "sh:sparql [ sh:select 'SELECT $this WHERE { $this a ?c }' ] ."
    component = (
        "e:K a sh:ConstraintComponent ; sh:parameter [ sh:path e:k ] ; "
        "sh:validator [ a sh:SPARQLAskValidator ; sh:ask 'ASK { FILTER(false) }' ] "
    )
    for shapes in (
        f"{NODE} {said} ; {query}",
        f"{component} . {NODE} {said} ; e:k 1 .",
        f"{component} ; {said} . {NODE} e:k 1 .",
    ):
        (result,) = results(validated(shapes, engine=engine))
        assert list(result.messages) == texts


def test_a_shapes_file_named_twice(tmp_path: Path) -> None:
    """A file counts once, however often and in whatever spelling it is named, and whoever imports it."""
    data, shapes, copy = tmp_path / "d.ttl", tmp_path / "s.ttl", tmp_path / "copy.ttl"
    data.write_text(HEAD + DATA, encoding="utf-8")
    imports = "<http://e/o> <http://www.w3.org/2002/07/owl#imports> <http://e/again> . "
    text = HEAD + imports + NODE + "sh:property _:x . _:x sh:path e:p ; sh:minCount 9 ; sh:nodeKind sh:Literal ."
    shapes.write_text(text, encoding="utf-8")
    copy.write_text(text, encoding="utf-8")
    files = [shapes, shapes, tmp_path / "." / ".." / tmp_path.name / "s.ttl"]
    for others, number in (([], 2), ([copy], 4)):
        graph = ShapesGraph([*files, *others], Limits(), imports={"http://e/again": shapes})
        validation = validate_graphs([(DataGraph(data), graph)])
        assert len(results(validation)) == number


def test_a_data_file_named_twice(tmp_path: Path) -> None:
    """The blank nodes of a file that is named twice are not two."""
    data, shapes = tmp_path / "d.ttl", tmp_path / "s.ttl"
    data.write_text(HEAD + "e:a e:p _:x . _:x e:q 1 .", encoding="utf-8")
    shapes.write_text(HEAD + PROPERTY + "sh:minCount 2 .", encoding="utf-8")
    graph = DataGraph(data, tmp_path / "." / ".." / tmp_path.name / "d.ttl")
    (result,) = results(validate_graphs([(graph, ShapesGraph([shapes], Limits()))]))
    assert result.component.endswith("#MinCountConstraintComponent")


@pytest.mark.parametrize("engine", ["auto", "shacl", "compiled"])
def test_triple_terms_in_results(engine: str, validated: Validated) -> None:
    """Triple terms are written as N-Triples write them, with the datatypes that the data have."""
    data = "e:r <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> <<( e:x e:p 1 )>> ."
    reifies = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies>"
    (result,) = results(validated(f"e:S sh:targetObjectsOf {reifies} ; sh:nodeKind sh:IRI .", data, engine=engine))
    integer = "<http://www.w3.org/2001/XMLSchema#integer>"
    assert result.value == result.focus_node == f'<<( <http://e/x> <http://e/p> "1"^^{integer} )>>'
