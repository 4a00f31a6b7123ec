"""Lists of terms that several rooms ask: each gets the same answer everywhere."""

import pyoxigraph as ox
import pytest

from isoc_kg.namespaces import BOOLEAN_FORMS, INTEGER_BOUNDS, INTEGER_TYPES, RDF, STATEMENT_PARTS, XSD
from isoc_kg.query.values import value_of
from isoc_kg.rdf.tokens import PART_TOKENS
from isoc_kg.stores import rewritings
from isoc_kg.validation.compiled.datatypes import DERIVED, well_formed
from isoc_kg.validation.literals import canonical_form


@pytest.mark.parametrize("datatype", sorted(INTEGER_TYPES))
def test_an_integer_is_one_everywhere(datatype: str) -> None:
    """Solutions, the lint of literals, stores' rewritings and compiled shapes know the same integer types."""
    negative = INTEGER_BOUNDS[datatype][1] in (0, -1)
    assert value_of(ox.Literal("-7" if negative else "7", datatype=ox.NamedNode(datatype))) == (-7 if negative else 7)
    assert canonical_form("+07", datatype) == "7"
    assert any(datatype in rewriting.datatypes and rewriting.lossy for rewriting in rewritings.OXIGRAPH)
    assert well_formed("?value", datatype) != "true"
    assert (datatype in DERIVED) == (datatype != XSD.integer)


@pytest.mark.parametrize("form", sorted(BOOLEAN_FORMS))
def test_a_boolean_is_one_everywhere(form: str) -> None:
    """Solutions, the lint of literals and stores' rewritings agree on what is true."""
    assert value_of(ox.Literal(form, datatype=ox.NamedNode(XSD.boolean))) is (form in ("true", "1"))
    assert canonical_form(form, XSD.boolean) == BOOLEAN_FORMS[form]


def test_parts_of_a_statement() -> None:
    """The parts of a statement in the order of a line, as IRIs and as tokens."""
    assert (RDF.subject, RDF.predicate, RDF.object) == STATEMENT_PARTS
    assert tuple(f"<{part}>".encode() for part in STATEMENT_PARTS) == PART_TOKENS
