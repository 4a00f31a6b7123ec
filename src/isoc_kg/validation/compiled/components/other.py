"""Other constraint components: closed, value, members (https://www.w3.org/TR/shacl/#core-components-others)."""

from collections.abc import Callable, Iterator

import pyoxigraph as ox

from ....namespaces import SH, XSD
from ...shape_index import Shape
from ...terms import Term, iri
from ..check import Check, FocusCheck, Rows, RowsCheck, ValueCheck
from ..compilation import Compilation
from ..expressions import any_of, leads, negated, some
from ..stored_literals import StoredLiterals

__all__ = ["checks"]


def checks(compilation: Compilation, shape: Shape) -> Iterator[Check]:
    """The checks of `sh:closed`, `sh:hasValue` and `sh:in`."""
    graph = compilation.graph
    if graph.holds(shape.node, SH.closed):
        yield _closed(compilation, shape)
    for term in graph.values(shape.node, SH.hasValue):
        yield _has_value(compilation, shape, term)
    for term in graph.values(shape.node, SH["in"]):
        yield ValueCheck(SH.InConstraintComponent, _in(graph.members(term), compilation.literals))


def _closed(compilation: Compilation, shape: Shape) -> Check:
    graph, names = compilation.graph, compilation.names
    known = [path for part in graph.values(shape.node, SH.property) for path in graph.values(part, SH.path)]
    known += [part for ignored in graph.values(shape.node, SH.ignoredProperties) for part in graph.members(ignored)]
    allowed = ", ".join(dict.fromkeys(iri(term.value) for term in known if isinstance(term, ox.NamedNode)))

    def foreign(node: str, predicate: str, value: str) -> str:
        return f"{node} {predicate} {value} ." + (f" FILTER({predicate} NOT IN ({allowed}))" if allowed else "")

    def rows(focus: str) -> Rows:
        predicate, value = names.fresh(), names.fresh()
        if shape.path is None:
            return Rows(foreign(focus, predicate, value), value, predicate)
        node = names.fresh()
        path = f"{focus} {shape.path.to_sparql()} {node} . "
        return Rows(path + foreign(node, predicate, value), value, predicate, (node,))

    def bad(focus: str) -> str:
        def held(node: str) -> str:
            return f"EXISTS {{ {foreign(node, names.fresh(), names.fresh())} }}"

        return held(focus) if shape.path is None else some(focus, shape.path, held, names)

    return RowsCheck(SH.ClosedConstraintComponent, rows, bad)


def _has_value(compilation: Compilation, shape: Shape, term: Term) -> Check:
    path, wanted = shape.path, compilation.literals.token(term)

    def bad(focus: str) -> str:
        if path is None:
            same = f"sameTerm({focus}, {wanted})"  # of an IRI and a typed literal it is an error in some stores
            return negated(f"(isLiteral({focus}) && {same})" if wanted.startswith('"') else same)
        return negated(leads(focus, path, wanted, compilation.names))

    return FocusCheck(SH.HasValueConstraintComponent, bad)


def _in(members: list[Term], literals: StoredLiterals) -> Callable[[str, str], str]:
    """`IN` compares values; for IRIs, plain and language-tagged texts that is to compare terms."""
    plain: list[str] = []
    typed: list[str] = []
    for member in members:
        if isinstance(member, ox.BlankNode):
            continue  # no node of the data
        literal = isinstance(member, ox.Literal) and not member.language and member.datatype.value != XSD.string
        (typed if literal else plain).append(literals.token(member))

    def bad(_: str, value: str) -> str:
        listed = [f"COALESCE({value} IN ({', '.join(plain)}), false)"] if plain else []
        return negated(any_of([*listed, *(f"sameTerm({value}, {one})" for one in typed)]))

    return bad
