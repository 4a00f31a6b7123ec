"""A query that a store does not run is one that validation does without, whatever store it is."""

from typing import Any

import pyoxigraph as ox
import pytest

from endpoint.answering import answering_queries
from isoc_kg.endpoint import Endpoint
from isoc_kg.errors import EndpointError
from isoc_kg.query import StoreEvaluator
from isoc_kg.validation.compiled import validate_compiled

REFUSED = "isLiteral"
SHAPES = b"""\
<urn:s> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://www.w3.org/ns/shacl#NodeShape> .
<urn:s> <http://www.w3.org/ns/shacl#targetClass> <urn:C> .
<urn:s> <http://www.w3.org/ns/shacl#nodeKind> <http://www.w3.org/ns/shacl#Literal> .
"""


class Refusing(StoreEvaluator):
    """An embedded store that does not run some queries."""

    def run(self, text: str, **more: Any) -> Any:
        if REFUSED in text:
            raise ValueError("no such query")
        return super().run(text, **more)


@pytest.fixture
def store() -> ox.Store:
    """One focus node that breaks the shape."""
    store = ox.Store()
    store.load(b"<urn:a> a <urn:C> .", format=ox.RdfFormat.TURTLE)
    return store


def test_a_refusal_is_the_same_everywhere(store: ox.Store) -> None:
    """The report names the shape and the store's words, and has the results that fetched triples give."""
    here = validate_compiled(Refusing(store), SHAPES)
    with answering_queries(store, REFUSED) as url, Endpoint(url) as endpoint:
        there = validate_compiled(endpoint, SHAPES)
    assert here == there
    assert here.notes == ("urn:s is checked on fetched triples: the store refuses a query: no such query.",)
    assert here.results == validate_compiled(StoreEvaluator(store), SHAPES).results
    assert len(here.results) == 1


def test_a_failure_is_no_refusal(store: ox.Store) -> None:
    """A store that does not let this user in, or is gone, ends the validation."""
    with answering_queries(store, REFUSED, 403) as url, Endpoint(url) as endpoint, pytest.raises(EndpointError):
        validate_compiled(endpoint, SHAPES)
