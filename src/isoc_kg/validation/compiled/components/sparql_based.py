"""SPARQL-based constraints and their components (https://www.w3.org/TR/shacl/#sparql-constraints, section 6)."""

from collections.abc import Iterator, Mapping
from itertools import product

import pyoxigraph as ox

from ....errors import EngineError
from ....limits import Limits
from ....namespaces import OWL, SH
from ...shape_index import VALIDATORS, Shape, ShapeIndex
from ...terms import Term, Uncompilable, token
from ..check import SparqlCheck
from ..prebinding import BoundQuery, read_query

__all__ = ["checks", "own_components"]


def checks(graph: ShapeIndex, shape: Shape, limits: Limits | None = None) -> Iterator[SparqlCheck]:
    """The checks of `sh:sparql`, and of the components that the shapes graph declares."""
    for node in graph.values(shape.node, SH.sparql):
        if not graph.holds(node, SH.deactivated):
            severity = graph.value(node, SH.severity)
            yield SparqlCheck(
                SH.SPARQLConstraintComponent,
                _query(graph, node, SH.select, shape, {}, limits=limits),
                False,
                _messages(graph, node),
                severity.value if isinstance(severity, ox.NamedNode) else None,
                {},
            )
    for component, parameters in own_components(graph, shape):
        yield _declared(graph, shape, component, parameters, limits)


def own_components(graph: ShapeIndex, shape: Shape) -> Iterator[tuple[Term, dict[str, Term]]]:
    """The declared components that a shape uses, with the values of their parameters, once for each constraint."""
    for component in dict.fromkeys(graph.subjects(SH.parameter)):
        if not any(graph.values(component, SH[name]) for name in VALIDATORS):
            continue
        names, values = [], []
        for parameter in graph.values(component, SH.parameter):
            path = graph.value(parameter, SH.path)
            if not isinstance(path, ox.NamedNode):
                raise EngineError(f"a parameter of {component} in the shapes has no IRI as its path.")
            found = graph.values(shape.node, path.value)
            if not found and not graph.holds(parameter, SH.optional):
                break
            if found:
                names.append(_local(path.value))
                values.append(found)
        else:
            for chosen in product(*values) if values else ():
                yield component, dict(zip(names, chosen, strict=True))


def _declared(
    graph: ShapeIndex, shape: Shape, component: Term, parameters: dict[str, Term], limits: Limits | None
) -> SparqlCheck:
    kinds = ("nodeValidator", "validator") if shape.path is None else ("propertyValidator", "validator")
    validator = next((node for kind in kinds for node in graph.values(component, SH[kind])), None)
    if validator is None or not isinstance(component, ox.NamedNode):
        raise Uncompilable("a constraint component has no validator for this kind of shape")
    asks = bool(graph.values(validator, SH.ask))
    return SparqlCheck(
        component.value,
        _query(graph, validator, SH.ask if asks else SH.select, shape, parameters, value=asks, limits=limits),
        asks,
        _messages(graph, validator) or _messages(graph, component),
        None,
        parameters,
    )


def _query(
    graph: ShapeIndex,
    node: Term,
    predicate: str,
    shape: Shape,
    parameters: Mapping[str, Term],
    *,
    value: bool = False,
    limits: Limits | None = None,
) -> BoundQuery:
    text = graph.value(node, predicate)
    if not isinstance(text, ox.Literal):
        raise EngineError(f"{shape.name or 'a shape'} has a constraint in SPARQL without a query.")
    prebound = ["this", *(["value"] if value else []), *parameters]
    query = read_query(text.value, _prefixes(graph, node), prebound, limits or Limits(), shape.name or "a shape")
    terms = {name: token(term) for name, term in parameters.items()}
    if "shapesGraph" in query.mentions:
        raise Uncompilable("its query reads the shapes graph")
    if shape.path is not None:
        terms["PATH"] = shape.path.to_sparql()
    if "currentShape" in query.mentions:
        terms["currentShape"] = token(shape.node)
    return query.bound(terms)


def _messages(graph: ShapeIndex, node: Term) -> tuple[str, ...]:
    return tuple(term.value for term in graph.values(node, SH.message) if isinstance(term, ox.Literal))


def _prefixes(graph: ShapeIndex, node: Term) -> dict[str, str]:
    """What `sh:prefixes` declares, and what the ontologies that it names import."""
    found: dict[str, str] = {}
    seen: set[Term] = set()
    todo = [*graph.values(node, SH.prefixes)]
    while todo:
        ontology = todo.pop()
        if ontology in seen:
            continue
        seen.add(ontology)
        todo += graph.values(ontology, OWL.imports)
        for declaration in graph.values(ontology, SH.declare):
            prefix, namespace = graph.value(declaration, SH.prefix), graph.value(declaration, SH.namespace)
            if isinstance(prefix, ox.Literal) and isinstance(namespace, ox.Literal):
                token(ox.NamedNode(namespace.value))
                found[prefix.value] = namespace.value
    return found


def _local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]
