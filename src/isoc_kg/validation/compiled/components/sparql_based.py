"""SPARQL-based constraints and their components (https://www.w3.org/TR/shacl/#sparql-constraints, section 6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

import pyoxigraph as ox

from ....errors import EngineError
from ....limits import Limits
from ....namespaces import OWL, SH
from ...shape_index import VALIDATORS, Shape, ShapeIndex
from ...terms import Term, Uncompilable, is_iri, token
from ..check import SparqlCheck
from ..prebinding import BoundQuery, read_query, replaced, undeclared

__all__ = ["Executable", "as_written", "check", "checks", "executables", "own_components"]


@dataclass(frozen=True, slots=True)
class Executable:
    """A query of the shapes' author (https://www.w3.org/TR/shacl/#sparql-executable) where a shape uses it.

    `node` has the query, as value of `predicate`; `component` is None for `sh:sparql`.
    """

    node: Term
    predicate: str
    component: Term | None
    parameters: Mapping[str, Term]


def executables(graph: ShapeIndex, shape: Shape) -> Iterator[Executable]:
    """The queries of `sh:sparql`, and of the components that the shapes graph declares."""
    for node in graph.values(shape.node, SH.sparql):
        if not graph.holds(node, SH.deactivated):
            yield Executable(node, SH.select, None, {})
    for component, parameters in own_components(graph, shape):
        kinds = ("nodeValidator", "validator") if shape.path is None else ("propertyValidator", "validator")
        validator = next((node for kind in kinds for node in graph.values(component, SH[kind])), None)
        if validator is None or not isinstance(component, ox.NamedNode):
            raise Uncompilable("a constraint component has no validator for this kind of shape")
        yield Executable(validator, SH.ask if graph.values(validator, SH.ask) else SH.select, component, parameters)


def checks(graph: ShapeIndex, shape: Shape, limits: Limits | None = None) -> Iterator[SparqlCheck]:
    """What the queries of a shape ask. Raises `EngineError` for one that no engine may run, or that is none."""
    return (check(graph, shape, executable, limits) for executable in executables(graph, shape))


def check(graph: ShapeIndex, shape: Shape, executable: Executable, limits: Limits | None = None) -> SparqlCheck:
    """The same of one query."""
    node, component = executable.node, executable.component
    query = _query(graph, executable, shape, limits)
    if component is None:
        return SparqlCheck(SH.SPARQLConstraintComponent, query, False, _messages(graph, node), {})
    messages = _messages(graph, node) or _messages(graph, component)
    asks = executable.predicate == SH.ask
    return SparqlCheck(str(component)[1:-1], query, asks, messages, executable.parameters)


def own_components(graph: ShapeIndex, shape: Shape) -> Iterator[tuple[Term, dict[str, Term]]]:
    """The declared components that a shape uses, with the values of their parameters, once for each constraint."""
    for component in dict.fromkeys(graph.subjects(SH.parameter)):
        if not any(graph.values(component, SH[name]) for name in VALIDATORS):
            continue
        names, values = [], []
        for parameter in graph.values(component, SH.parameter):
            path = graph.value(parameter, SH.path)
            if not isinstance(path, ox.NamedNode):
                raise EngineError(
                    f"a parameter of {component} in the shapes has no IRI as its path.",
                    advice="See https://www.w3.org/TR/shacl/#sparql-constraint-components-parameters.",
                )
            found = graph.values(shape.node, path.value)
            if not found and not graph.holds(parameter, SH.optional):
                break
            if found:
                names.append(_local(path.value))
                values.append(found)
        else:
            for chosen in product(*values) if values else ():
                yield component, dict(zip(names, chosen, strict=True))


def as_written(graph: ShapeIndex, shape: Shape, executable: Executable, limits: Limits) -> tuple[str, dict[str, str]]:
    """The text of a query that may be run, `$PATH` as the path that it stands for, and the prefixes that it knows."""
    check(graph, shape, executable, limits)
    text = graph.value(executable.node, executable.predicate)
    assert isinstance(text, ox.Literal)  # seen by the check
    path = {"PATH": shape.path.to_sparql()} if shape.path is not None else {}
    return replaced(text.value, path), _prefixes(graph, executable.node)


def _query(graph: ShapeIndex, executable: Executable, shape: Shape, limits: Limits | None) -> BoundQuery:
    text, parameters = graph.value(executable.node, executable.predicate), executable.parameters
    name = shape.name or "a shape without a name"
    if len(graph.values(executable.node, executable.predicate)) > 1:
        raise EngineError(
            f"{name} has a constraint in SPARQL with more than one query.",
            advice="Write a constraint for each query (https://www.w3.org/TR/shacl/#sparql-constraints-syntax).",
        )
    if not isinstance(text, ox.Literal):
        raise EngineError(
            f"{name} has a constraint in SPARQL without a query.",
            advice="Write the query as the value of sh:select (of a validator, also of sh:ask).",
        )
    prefixes = _prefixes(graph, executable.node)
    if missing := undeclared(text.value, prefixes):
        raise EngineError(
            f"the query of {name} uses the prefix {missing[0]}:, which no sh:prefixes of the query declares.",
            advice=f"{_declaring(graph, executable.node, missing[0])} Queries do not see the prefixes of the file "
            "(https://www.w3.org/TR/shacl/#sparql-prefixes); pyshacl by itself lends them.",
        )
    prebound = ["this", *(["value"] if executable.predicate == SH.ask else []), *parameters]
    kind = "ASK" if executable.predicate == SH.ask else "SELECT"
    query = read_query(text.value, kind, prefixes, prebound, limits or Limits(), name)
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
        for prefix, namespace in _declarations(graph, ontology):
            if not is_iri(namespace):
                raise EngineError(
                    f"the prefix {prefix}: is declared by sh:namespace with “{namespace}”, which is not a valid IRI.",
                    advice="Correct the IRI.",
                )
            if found.setdefault(prefix, namespace) != namespace:
                one, other = sorted((found[prefix], namespace))
                raise EngineError(
                    f"the prefix {prefix}: is declared by sh:namespace with “{one}” and with “{other}”.",
                    advice="Keep one of them (https://www.w3.org/TR/shacl/#sparql-prefixes).",
                )
    return found


def _declarations(graph: ShapeIndex, ontology: Term) -> Iterator[tuple[str, str]]:
    for declaration in graph.values(ontology, SH.declare):
        prefix, namespace = graph.value(declaration, SH.prefix), graph.value(declaration, SH.namespace)
        if isinstance(prefix, ox.Literal) and isinstance(namespace, ox.Literal):
            yield prefix.value, namespace.value


def _declaring(graph: ShapeIndex, node: Term, prefix: str) -> str:
    """What to write so that a query knows a prefix, with what the shapes graph has already."""
    for ontology in graph.subjects(SH.declare):
        if isinstance(ontology, ox.NamedNode) and prefix in dict(_declarations(graph, ontology)):
            return f"Add sh:prefixes {ontology} beside the query: {prefix}: is declared there."
    declaration = f'sh:declare [ sh:prefix "{prefix}" ; sh:namespace "…"^^xsd:anyURI ]'
    named = [term for term in graph.values(node, SH.prefixes) if isinstance(term, ox.NamedNode)]
    if named:
        return f"Add {declaration} to {named[0]}, which sh:prefixes names."
    return f"Add sh:prefixes beside the query, with an IRI that has {declaration}."


def _local(iri: str) -> str:
    return iri.replace("#", "/").rpartition("/")[2]
