"""Value type constraint components (https://www.w3.org/TR/shacl/#core-components-value-type)."""

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from ....namespaces import RDF, SH, XSD
from ...shape_index import Shape
from ...terms import Uncompilable, iri
from ..check import Check, ValueCheck
from ..compilation import Compilation
from ..datatypes import REWRITTEN, well_formed
from ..expressions import all_of, any_of, negated

__all__ = ["checks"]

_KINDS = {
    SH.IRI: ("isIRI",),
    SH.BlankNode: ("isBlank",),
    SH.Literal: ("isLiteral",),
    SH.BlankNodeOrIRI: ("isBlank", "isIRI"),
    SH.BlankNodeOrLiteral: ("isBlank", "isLiteral"),
    SH.IRIOrLiteral: ("isIRI", "isLiteral"),
}


def checks(compilation: Compilation, shape: Shape) -> Iterator[Check]:
    """The checks of `sh:class`, `sh:datatype` and `sh:nodeKind`."""
    graph = compilation.graph
    for term in graph.values(shape.node, SH["class"]):
        if not isinstance(term, ox.NamedNode):
            raise Uncompilable("sh:class needs an IRI")
        yield ValueCheck(SH.ClassConstraintComponent, _class(compilation, term.value))
    for term in graph.values(shape.node, SH.datatype):
        if not isinstance(term, ox.NamedNode):
            raise Uncompilable("sh:datatype needs an IRI")
        yield ValueCheck(SH.DatatypeConstraintComponent, _datatype(compilation, term.value))
    for term in graph.values(shape.node, SH.nodeKind):
        if not isinstance(term, ox.NamedNode) or term.value not in _KINDS:
            raise Uncompilable("sh:nodeKind has a value that is none of the six")
        yield ValueCheck(SH.NodeKindConstraintComponent, _kind(_KINDS[term.value]))


def _class(compilation: Compilation, name: str) -> Callable[[str, str], str]:
    return lambda _, value: negated(compilation.classes.instance(value, name, compilation.names))


def _kind(tests: tuple[str, ...]) -> Callable[[str, str], str]:
    return lambda _, value: negated(any_of(f"{test}({value})" for test in tests))


def _datatype(compilation: Compilation, name: str) -> Callable[[str, str], str]:
    kept = compilation.literals.datatype(name) if name in REWRITTEN or compilation.literals.as_written else name

    def bad(_: str, value: str) -> str:
        if name == RDF.langString:  # not every store gives a text with a language its datatype
            return negated(f'(isLiteral({value}) && LANG({value}) != "")')
        same = f"DATATYPE({value}) = {iri(kept)}"
        if name == XSD.string:
            same = f'({same} && LANG({value}) = "")'
        return negated(all_of([f"isLiteral({value})", same, well_formed(value, name)]))

    return bad
