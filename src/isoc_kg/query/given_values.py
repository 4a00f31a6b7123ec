"""Which term the data have for a value given to a query's variable by Python's types alone.

A number or a text out of a data frame no longer tells its literal: `2014` may be an `xsd:gYear` in the data, a text may
have a language, an address may be a thing. So the data are asked where the variable stands.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

import pyoxigraph as ox

from ..errors import IsocKgError, QueryError
from ..iris import expand, is_absolute
from ..namespaces import RDF, XSD
from ..rdf.tokens import is_valid_iri
from .forms import namespaces
from .parameters import is_valid
from .patterns import GroupPattern, ends_of, groups, patterns_of
from .tokens import tokens
from .values import is_ordinary

__all__ = ["terms_in_data"]

#: Variables and rows of a SELECT query.
_Select = Callable[[str], tuple[Sequence[str], Sequence[Sequence[Any]]]]
_Term = ox.NamedNode | ox.Literal
#: Datatypes that tell nothing about how a text is written, or that no text has without its language.
_WITHOUT_FORM = frozenset((XSD.string, RDF.langString, RDF.dirLangString))
_MOST_READ = 200_000  #: statements that are read for a value


def terms_in_data(
    text: str, given: Mapping[str, Any], terms: Mapping[str, _Term], prefixes: Mapping[str, str], select: _Select
) -> dict[str, _Term]:
    """The terms of a query's parameters, with those of the data in place of literals that no datum is.

    `terms` are those of the values `given`, as Python's types make them. One is exchanged where the properties that its
    variable stands at have one term of the same value or text, or else literals of one datatype alone, which allows it.
    What says itself which term it is (a term, a value of a solution, a text with a datatype) stays.

    A text where only a thing or a property can stand is the IRI that it writes; raises `QueryError` where it is none.
    """
    open_ = [name for name, value in given.items() if is_ordinary(value)]
    if not open_:
        return dict(terms)
    query = list(tokens(text))
    root = patterns_of(text, query, prefixes)
    patterns = [pattern for group in groups(root) for pattern in group.patterns]
    result = dict(terms)
    resources = {pattern.subject.variable for pattern in patterns} | {pattern.path.variable for pattern in patterns}
    for name in resources.intersection(open_).difference(pattern.object.variable for pattern in patterns):
        result[name] = _resource(name, result[name], namespaces(query, prefixes)[0])
    for name in open_:
        term = result[name]
        ends = dict.fromkeys(end for variable in _like(root, name) for end in ends_of(root, variable))
        verbs = (result.get(pattern.path.variable) for pattern in patterns if pattern.object.variable == name)
        ends |= {(str(verb), True): None for verb in verbs if isinstance(verb, ox.NamedNode)}
        if ends and isinstance(term, ox.Literal):
            # a store that cannot say it leaves the value as it is
            with suppress(IsocKgError, SyntaxError, ValueError, RuntimeError, OSError):
                result[name] = _in_data(term, list(ends), select)
    return result


def _resource(name: str, term: _Term, prefixes: Mapping[str, str]) -> ox.NamedNode:
    """The IRI that a text writes, in full or as a prefixed name."""
    if isinstance(term, ox.NamedNode):
        return term
    iri = expand(term.value, prefixes) or ""
    if not is_absolute(iri) or not is_valid_iri(iri):
        raise QueryError(
            f"“{term.value[:100]}” is not a valid IRI, and ?{name} stands where only a thing or a property can be.",
            advice='Give an IRI, a prefixed name, or in Python a thing such as kg["MANRS"].',
        )
    return ox.NamedNode(iri)


def _like(root: GroupPattern, name: str) -> Iterator[str]:
    """A variable and those that it is compared with."""
    yield name
    for group in groups(root):
        for variable, other in group.compared:
            if name in (variable, other.variable):
                yield other.variable if variable == name else variable


def _in_data(term: ox.Literal, ends: Sequence[tuple[str, bool]], select: _Select) -> _Term:
    values = " UNION ".join(f"{{ ?s {verb} ?o }}" if forward else f"{{ ?o {verb} ?s }}" for verb, forward in ends)
    forms = list(_forms(term))
    texts = ", ".join(str(ox.Literal(form)) for form in forms)
    read = f"{{ SELECT ?o {{ {values} }} LIMIT {_MOST_READ} }}"
    _, rows = select(f"SELECT DISTINCT ?o {{ {read} FILTER(STR(?o) IN ({texts}) || ?o = {term}) }} LIMIT 20")
    there = [row[0] for row in rows if isinstance(row[0], (ox.NamedNode, ox.Literal))]
    if term in there:
        return term
    if there:
        return there[0] if len(there) == 1 else term
    _, rows = select(f"SELECT DISTINCT ?d {{ {read} BIND(DATATYPE(?o) AS ?d) }} LIMIT 3")
    if len(rows) == 1 and isinstance(rows[0][0], ox.NamedNode):
        for form in forms:
            written = ox.Literal(form, datatype=rows[0][0])
            if rows[0][0].value not in _WITHOUT_FORM and is_valid(written):
                return written
    return term


def _forms(term: ox.Literal) -> Iterator[str]:
    """How a value may be written as another datatype: 2014.0 as 2014, the year 800 as 0800, midnight as its day."""
    form, datatype = term.value, term.datatype.value
    whole = form.removesuffix(".0") if datatype in (XSD.double, XSD.decimal) else form
    yield whole
    if whole != form:
        yield form
    if datatype != XSD.string and whole.isdecimal() and len(whole) < 4:
        yield whole.zfill(4)
    if datatype == XSD.dateTime and form[10:19] == "T00:00:00":
        yield form[:10]
