"""Terms that only RDF 1.2 has, in every form of solutions."""

import json

import pyoxigraph as ox

from isoc_kg.namespaces import PREFIXES
from isoc_kg.query import StoreEvaluator, run_query

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
