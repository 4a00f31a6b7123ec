"""JSON-LD with contexts of any kind: what is written is the dataset, or is refused by name."""

import io
import json
import random
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from pyld import jsonld

from isoc_kg.errors import CannotCarry
from isoc_kg.rdf import Compaction
from isoc_kg.rdf.canonicalization import canonical_lines
from isoc_kg.rdf.jsonld import write_jsonld
from isoc_kg.rdf.jsonld_compaction import is_ordinary
from isoc_kg.rdf.lines import lines_from_quads

E = "http://e.org/"
V = E + "v/"
XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
#: Contexts of the suite that are not valid, or cannot name all of what the test has.
REFUSED = {"#te002", "#ten01", "#tep06", "#tep08", "#tep09", "#tpr01", "#tpr02", "#tpr03"}
#: Inputs that are not JSON-LD 1.1, or hold what no N-Quads can.
NO_INPUT = 3


class Processor(jsonld.JsonLdProcessor):  # type: ignore[misc]
    """PyLD, but for the forms of doubles, which it does not keep."""

    def _object_to_rdf(self, item: Any, *more: Any) -> Any:
        if isinstance(item, dict) and item.get("@type") == XSD + "double" and isinstance(item.get("@value"), str):
            return {"type": "literal", "value": item["@value"], "datatype": XSD + "double"}
        return super()._object_to_rdf(item, *more)


def no_document(url: str, _: Any) -> Any:
    """Nothing is fetched."""
    raise AssertionError(url)


def read(document: Any, base: str = "http://elsewhere.example/x") -> list[bytes]:
    """The lines of a document, as PyLD has them."""
    options = {"format": "application/n-quads", "base": base, "documentLoader": no_document}
    text = Processor().to_rdf(document, options | {"processingMode": "json-ld-1.1"})
    return canonical_lines(lines_from_quads(ox.parse(str(text).encode(), format=ox.RdfFormat.N_QUADS)))


def written(lines: list[bytes], context: Any) -> Any:
    """What is written with a context."""
    out = io.BytesIO()
    write_jsonld(lines, out, {"ex": V}, context)
    return json.loads(out.getvalue())


def lines_of(text: str) -> list[bytes]:
    """The middle form of TriG."""
    return canonical_lines(lines_from_quads(ox.parse(f"PREFIX : <{V}>\n{text}", format=ox.RdfFormat.TRIG)))


def test_contexts_of_the_suite(suites: Path) -> None:
    """The data of each W3C compaction test, written with its context, come back; some contexts are refused."""
    folder = suites / "w3c-json-ld-api" / "tests"
    refused, no_input, ordinary = set(), 0, 0
    for test in json.loads((folder / "compact-manifest.jsonld").read_text())["sequence"]:
        context = json.loads((folder / test["context"]).read_text())
        context = context.get("@context") if isinstance(context, dict) else context
        try:
            lines = read(json.loads((folder / test["input"]).read_text()), f"http://suite.example/{test['input']}")
        except (jsonld.JsonLdError, SyntaxError):
            no_input += 1
            continue
        try:
            document = written(lines, context)
        except CannotCarry:
            refused.add(test["@id"])
            continue
        ordinary += is_ordinary(context)
        assert read(document) == lines, test["@id"]
    assert refused == REFUSED
    assert no_input == NO_INPUT
    assert ordinary > 40


DATA = """
:a :name "plain", "text"@en, "Text"@de-at ; :born "2020-01-01"^^<http://www.w3.org/2001/XMLSchema#date> ;
  :size 01, 1.50 ; :knows :b, <urn:x:y>, _:b ; a :Person .
_:b :in _:l . _:l <http://www.w3.org/1999/02/22-rdf-syntax-ns#first> "x" .
GRAPH :g { :a :knows :a }
:c :name "{}"^^<http://www.w3.org/1999/02/22-rdf-syntax-ns#JSON> .
"""


@pytest.mark.parametrize(
    "context",
    [
        {"@language": "en"}, {"@language": "de", "name": {"@id": V + "name", "@language": None}},
        {"@direction": "rtl"}, {"@language": "en", "@direction": "ltr"}, {"@vocab": V}, {"@base": E, "@vocab": "v/"},
        [{"ex": V}, {"name": "ex:name"}], [None, {"name": V + "name"}], {}, [],
        {"id": "@id", "type": "@type", "graph": "@graph", "value": "@value"},
        {"ex": V, "knows": {"@id": "ex:knows", "@type": "@id", "@context": {"ex": "http://other.example/"}}},
        {"ex": V, "Person": {"@id": "ex:Person", "@context": {"name": {"@id": "ex:name", "@language": "en"}}}},
        {"ex": V, "Person": {"@id": "ex:Person", "@context": {"@propagate": True, "@vocab": "http://other.example/"}}},
        {"knows": {"@id": V + "knows", "@container": "@id"}}, {"in": {"@id": V + "in", "@container": "@list"}},
        {"name": {"@id": V + "name", "@container": "@index"}}, {"knows": {"@id": V + "knows", "@container": "@type"}},
        {"g": {"@id": V + "g", "@container": "@graph"}}, {"knownBy": {"@reverse": V + "knows"}},
        {"knownBy": {"@reverse": V + "knows", "@container": "@index"}}, {"name": {"@id": V + "name", "@type": "@none"}},
        {"name": {"@id": V + "name", "@type": "@json"}}, {"name": {"@id": V + "name", "@nest": "@nest"}},
        {"@protected": True, "name": {"@id": V + "name", "@protected": False}}, {"ex": {"@id": V, "@prefix": True}},
        {"ex": V, "ex:name": {"@id": V + "name", "@type": "@id"}},
        {"ex": V, "sub": "ex:na", "name": "sub:me"}, {"@vocab": V, "name": None, "knows": {"@type": "@vocab"}},
        {"born": {"@id": V + "born", "@type": XSD + "date"}, "size": {"@id": V + "size", "@type": XSD + "integer"}},
        {"name": {"@id": V + "name", "@container": ["@language", "@set"]}, "@version": 1.1},
        {"@vocab": V, "@language": None, "@base": None, "@direction": None},
        {"ex": V, "@propagate": True},
        {"@vocab": V, "knows": {"@context": [{"@vocab": None}, {"@vocab": None, "name": V + "name"}]}},
    ],
)  # fmt: skip
def test_features(context: Any) -> None:
    """Each feature by itself gives the dataset back; so does a page's own part of it."""
    lines = lines_of(DATA)
    assert read(written(lines, context)) == lines
    out = io.BytesIO()
    Compaction({"ex": V}, context).write(lines, out)
    assert read(json.loads(out.getvalue())) == lines


@pytest.mark.parametrize(
    ("context", "message"),
    [
        ("http://context.example/", r"refers to <http://context.example/>.*not fetched"),
        ([{"ex": V}, "other.jsonld"], "cannot be used|not fetched"),
        ({"@import": "http://context.example/"}, "not fetched"),
        ({"name": {"@id": 5}}, "cannot be used.*name"), ({"name": {"@container": "@bag"}}, "cannot be used.*name"),
        ({"urn": V}, "<urn:x:y> would be read with its prefix “urn”"),
        (7, "cannot be used"), ({"@vocab": 7}, "cannot be used"), ({"urn": {"@id": "urn:x:y"}}, "cannot be used"),
        ({V + "name": {"@id": V + "name", "@language": "en"}}, "v/name.*would change it"),
        ([{"@propagate": 5}, {}], "cannot be used"), ({"@version": 1.0}, "cannot be used"),
    ],
)  # fmt: skip
def test_refusals(context: Any, message: str) -> None:
    """A context that cannot be used is refused with its reason, and pages do without it."""
    lines = lines_of(DATA)
    with pytest.raises(CannotCarry, match=message):
        written(lines, context)
    out = io.BytesIO()
    Compaction({"ex": V}, context).write(lines, out)
    assert read(json.loads(out.getvalue())) == lines


def test_random_contexts() -> None:
    """Random terms, coercions and containers over random data: the same dataset, or a refusal."""
    chance = random.Random(5)
    names = ("name", "knows", "type", "id", "urn", "Person")
    kept = 0
    for _ in range(60):
        context: Any = {"ex": V}
        for name in chance.sample(names, 3):
            term: Any = {"@id": chance.choice(["ex:name", V + "knows", "urn:x:p"])}
            if chance.random() < 0.5:
                term["@type"] = chance.choice(["@id", "@vocab", XSD + "integer", "@none"])
            elif chance.random() < 0.5:
                term["@language"] = chance.choice(["en", "de-at", None])
            if chance.random() < 0.3:
                term["@container"] = chance.choice(["@set", "@language", "@list", "@index", ["@graph", "@set"]])
            context[name] = chance.choice([term, "ex:" + name])
        if chance.random() < 0.3:
            context["@language"] = "en"
        lines = lines_of(DATA + f"<urn:x:s> <urn:x:p> <mailto:x>, {chance.randint(0, 9)} .")
        try:
            document = written(lines, context)
        except CannotCarry:
            continue
        kept += 1
        assert read(document) == lines, context
    assert kept > 20
