"""What no query says is fetched: the focus nodes of a shape, and for each the triples that the shape can reach."""

from collections.abc import Callable, Iterable, Iterator

import pyoxigraph as ox

from ...errors import QueryError
from ...namespaces import RDF, RDFS, SH
from ..paths import Path
from ..report import Result
from ..shape_index import LOGICAL, NESTING, Shape
from ..shapes import TARGETS
from ..terms import Term, iri, token
from .compiler import Compiler
from .components.sparql_based import own_components
from .query import Focus

__all__ = ["Engine", "fetched_results"]

#: The results of an engine on data and shapes (N-Triples).
Engine = Callable[[bytes, bytes], list[Result]]
#: Focus nodes whose triples one query asks for, and that one run of the engine validates.
_AT_ONCE, _PER_RUN = 50, 1000
#: Marks the focus nodes in what is fetched; a node can be marked whatever kind it is of.
_MARK = "<urn:isoc-kg:focus>"


class _Unbounded(Exception):
    """A shape may reach anything."""


def fetched_results(
    compiler: Compiler, shape: Shape, focuses: Iterable[Focus], shapes: bytes, engine: Engine
) -> list[Result]:
    """The engine's results for one shape with targets, on no more data than the shape needs.

    A shape that refers to itself or holds SPARQL may reach anything: then the whole graph is fetched, and so
    it is where the store refuses a query for less.
    """
    try:
        steps = list(dict.fromkeys(_reach(compiler, shape, "", ())))
        return _results_of_parts(compiler, shape, list(focuses), steps, shapes, engine)
    except (_Unbounded, QueryError):
        everything = compiler.evaluator.construct("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        return engine(b"".join(everything) + compiler.classes.lines(), _alone(shapes, shape, marked=False))


def _results_of_parts(
    compiler: Compiler,
    shape: Shape,
    focuses: list[Focus],
    steps: list[tuple[str, str]],
    shapes: bytes,
    engine: Engine,
) -> list[Result]:
    classes = compiler.classes.lines()
    alone = _alone(shapes, shape, marked=True)
    results: list[Result] = []
    nodes: dict[Term, None] = {}
    if focuses:
        # Blank nodes have no names in a second query: these and their triples come with one.
        node, patterns = focuses[0].node, " UNION ".join(f"{{ {focus.pattern} }}" for focus in focuses)
        nameless = f"{{ SELECT DISTINCT {node} WHERE {{ {patterns} FILTER(isBlank({node})) }} }}"
        if lines := compiler.evaluator.construct(_construct(node, nameless, steps, marked=True)):
            results += engine(b"".join(lines) + classes, alone)
        _, rows = compiler.evaluator.select(f"SELECT DISTINCT {node} WHERE {{ {patterns} FILTER(!isBlank({node})) }}")
        nodes = {row[0]: None for row in rows if row[0] is not None}
    named = list(nodes)
    for start in range(0, len(named), _PER_RUN):
        part = named[start : start + _PER_RUN]
        data = b"".join(_batches(compiler, compiler.names.fresh(), part, steps))
        results += engine(data + classes, alone)
    return results


def _batches(compiler: Compiler, node: str, named: list[Term], steps: list[tuple[str, str]]) -> Iterator[bytes]:
    marked = compiler.probes.keeps_literals
    for number, start in enumerate(range(0, len(named), _AT_ONCE)):
        listed = " ".join(token(term) for term in named[start : start + _AT_ONCE])
        lines: list[bytes] = []
        if steps or marked:
            query = _construct(node, f"VALUES {node} {{ {listed} }}", steps, marked=marked)
            lines += compiler.evaluator.construct(query)
        if not marked:
            lines += [f"{_MARK} {_MARK} {token(term)} .\n".encode() for term in named[start : start + _AT_ONCE]]
        # Two answers may give different blank nodes one name.
        yield (
            b"".join(lines).replace(b"_:", f"_:q{number}x".encode())
            if any(b"_:" in ln for ln in lines)
            else b"".join(lines)
        )


def _construct(node: str, focus: str, steps: list[tuple[str, str]], *, marked: bool) -> str:
    """A query for the triples that the steps lead to from focus nodes, and for these, marked."""
    template, parts = [f"{_MARK} {_MARK} {node} ."] if marked else [], [f"{{ {focus} }}"] if marked else []
    for number, (path, predicate) in enumerate(steps):
        start, end, between = f"?s{number}", f"?o{number}", predicate or f"?p{number}"
        template.append(f"{start} {between} {end} .")
        way = f"{node} {path} {start} ." if path else ""
        triple = f"{start if path else node} {between} {end} ."
        bind = "" if path else f" BIND({node} AS {start})"
        parts.append(f"{{ {focus} {way} {triple}{bind} }}")
    return f"CONSTRUCT {{ {' '.join(template)} }} WHERE {{ {' UNION '.join(parts)} }}"


def _alone(shapes: bytes, shape: Shape, *, marked: bool) -> bytes:
    """The shapes with the targets of one of them only, or with the marked nodes for its target."""
    kept = []
    for quad in ox.parse(shapes, format=ox.RdfFormat.N_TRIPLES):
        implicit = quad.predicate.value == RDF.type and quad.object == ox.NamedNode(RDFS.Class)
        if (quad.subject == shape.node and not marked) or (quad.predicate.value not in TARGETS and not implicit):
            kept.append(ox.Triple(quad.subject, quad.predicate, quad.object))
    if marked:
        assert not isinstance(shape.node, ox.Literal)
        kept.append(ox.Triple(shape.node, ox.NamedNode(SH.targetObjectsOf), ox.NamedNode(_MARK[1:-1])))
    return ox.serialize(kept, format=ox.RdfFormat.N_TRIPLES) or b""


def _reach(compiler: Compiler, shape: Shape, at: str, within: tuple[Term, ...]) -> Iterator[tuple[str, str]]:
    """Each step that a shape takes: the path to a node, and the predicate of a triple there (none: any)."""
    graph = compiler.graph
    if shape.node in within or graph.values(shape.node, SH.sparql) or any(own_components(graph, shape)):
        raise _Unbounded
    if shape.path is not None and shape.path.repeats and not compiler.probes.repeats_paths:
        raise _Unbounded
    within = (*within, shape.node)
    for name in ("equals", "disjoint", "lessThan", "lessThanOrEquals"):
        for term in graph.values(shape.node, SH[name]):
            yield at, token(term)
    if shape.path is not None:
        yield from _along(shape.path.plain(), at)
        at = _joined(at, shape.path.to_sparql())
    if graph.holds(shape.node, SH.closed):
        yield at, ""
    if graph.values(shape.node, SH["class"]):
        yield at, iri(RDF.type)
    below = [graph.shape(node) for name in NESTING for node in graph.values(shape.node, name)]
    for name in LOGICAL:
        for term in graph.values(shape.node, name):
            below += [graph.shape(node) for node in graph.members(term)]
    if graph.holds(shape.node, SH.qualifiedValueShapesDisjoint):
        below += [
            graph.shape(other)
            for parent in graph.parents(shape.node)
            for sibling in graph.values(parent, SH.property)
            for other in graph.values(sibling, SH.qualifiedValueShape)
        ]
    for one in below:
        yield from _reach(compiler, one, at, within)


def _joined(at: str, path: str) -> str:
    return f"{at}/{path}" if at else path


def _along(path: Path, at: str) -> Iterator[tuple[str, str]]:
    """The steps of a path that starts where another ends."""
    if path.kind == "predicate":
        yield at, iri(path.iri)
    elif path.kind == "inverse":
        yield _joined(at, path.shown()), iri(path.parts[0].iri)
    elif path.kind == "sequence":
        for part in path.parts:
            yield from _along(part, at)
            at = _joined(at, part.shown())
    elif path.kind in ("alternative", "zeroOrOne"):
        for part in path.parts:
            yield from _along(part, at)
    else:
        yield from _along(path.parts[0], _joined(at, f"({path.parts[0].shown()})*"))
