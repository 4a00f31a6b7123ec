"""Terms that only RDF 1.2 has, in every form of solutions."""

import json

import pyoxigraph as ox

from isoc_kg.namespaces import PREFIXES
from isoc_kg.query import StoreEvaluator, run_query
from isoc_kg.query.solutions import token_in_json
from isoc_kg.query.values import value_of
from isoc_kg.rdf.tokens import term_token

QUERY = "SELECT (<<( rdf:a rdf:b 'x'@en--ltr )>> AS ?t) (1/0 AS ?none) {}"


def test_triple_terms_have_every_form() -> None:
    """A triple term and a text with a direction come back from JSON, XML and TSV as they were."""
    found = run_query(StoreEvaluator(ox.Store()), QUERY, prefixes=PREFIXES).solutions
    assert found is not None
    ((expected, _),) = found.terms
    value = json.loads(found.to_json())["results"]["bindings"][0]["t"]["value"]
    assert value["object"] == {"type": "literal", "value": "x", "xml:lang": "en", "its:dir": "ltr"}
    forms = {ox.QueryResultsFormat.JSON: found.to_json(), ox.QueryResultsFormat.XML: found.to_xml()}
    forms[ox.QueryResultsFormat.TSV] = found.to_tsv()
    for form, text in forms.items():
        parsed = ox.parse_query_results(text.encode(), format=form)
        assert isinstance(parsed, ox.QuerySolutions)
        assert [solution["t"] for solution in parsed] == [expected], text
    assert found.to_csv().count("\n") == 2
    assert found.to_table()
    assert found.to_markdown()


def test_terms_in_json_have_their_tokens() -> None:
    """Each kind of term, in JSON and back."""
    query = (
        "SELECT * { VALUES ?x { <http://e/a> 'x' 'x'@en 'x'@en--ltr 1 <<( rdf:a rdf:b <<( rdf:a rdf:b '\\n' )>> )>> } }"
    )
    found = run_query(StoreEvaluator(ox.Store()), query, prefixes=PREFIXES).solutions
    assert found is not None
    rows = json.loads(found.to_json())["results"]["bindings"]
    assert [token_in_json(row["x"]) for row in rows] == [term_token(term) for (term,) in found.terms]
    assert len(rows) == 6
    assert token_in_json({"type": "bnode", "value": "b0"}) == b"_:b0"
    assert "<<( rdf:a" not in found.to_table()
    assert "<<( <http" in found.to_table()
    assert str(value_of(found.terms[-1][0])).startswith("<<( <http")
