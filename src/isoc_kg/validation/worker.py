"""The process in which an engine validates: `limits.processes` starts it, limits it and can end it.

Run as a script by its path, so that nothing of this package is imported unless shapes are compiled to queries. Loads
what the engine needs that its argument names, if there is one, and reads a line of JSON from standard input:
`engine`, `shapes` and `data` (paths of N-Triples files), `advanced`, `seconds` for the queries of one shape, and
`mark`. Writes the results as JSON to standard output, and the shapes that take time, with the mark before them, to
standard error, as they come.
"""

from __future__ import annotations

import json
import mmap
import os
import re
import sys

TYPE_CHECKING = False  # what is loaded here, each validation waits for
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

#: Numbers and booleans that engines write in another way.
_NOT_CANONICAL = re.compile(
    rb'"(?:[+][^"\n]*|-?0[0-9][^"\n]*|-0|[0-9-]*[.](?:[0-9]*0)?|[.][0-9]+)"\^\^<http://www.w3.org/2001/XMLSchema#\w+>'
    rb'|"[01]"\^\^<http://www.w3.org/2001/XMLSchema#boolean>'
)
_SHAPE = b"<http://www.w3.org/ns/shacl#shape>"
_BLANK = re.compile(r"_:[\w.-]*\w")
#: Where the parser of a query stopped, and all that it would have taken there.
_EXPECTED = re.compile(r"(?:error )?at (\d+):(\d+): .*", re.DOTALL)
#: What `compiled.fetching` puts before names of blank nodes.
_PART = re.compile(r"^_:bq\d+x")


def validate_fast(shapes: str, data: str) -> list[dict[str, Any]]:
    """The results of the Rust engine `shacl`."""
    import shacl

    compiled = shacl.Shapes.from_text(_text(shapes), "nt")
    # its name tells the engine how to read a file
    report = compiled.validate_file(data) if data.endswith(".nt") else compiled.validate_text(_text(data), "nt")
    results = list(report.results)
    if results and _names_shapes(data, {(result.focus_node, result.root_shape or "") for result in results}):
        raise ValueError("it takes sh:shape in the data for a target, which SHACL does not")
    names = _names_by_number(shapes, data) if any(map(_has_blank_node, results)) else {}
    return [
        {
            "focus_node": names.get(result.focus_node, result.focus_node),
            "path": result.path,
            "value": result.value and names.get(result.value, result.value),
            "component": result.component_iri,
            "severity": result.severity_iri,
            "shape": _name(result.source_shape) or _name(result.root_shape),
            "message": _BLANK.sub(lambda match: names.get(match[0], match[0]), result.message or ""),
        }
        for result in results
    ]


def _names_shapes(data: str, pairs: set[tuple[str, str]]) -> bool:
    """Whether data (N-Triples) say by `sh:shape`, a term of a later draft, that a node has a shape; of these pairs."""
    if not os.stat(data).st_size:  # noqa: PTH116
        return False
    with open(data, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:  # noqa: PTH123
        start = lines.find(_SHAPE)
        while start >= 0:
            end = lines.find(b"\n", start)
            line = lines[lines.rfind(b"\n", 0, start) + 1 : end if end >= 0 else len(lines)]
            subject, _, object_ = line.partition(_SHAPE)
            shape = object_.rpartition(b".")[0].strip().decode()
            if any(
                root in (shape, shape[1:-1]) and (focus == subject.strip().decode() or focus.startswith("_:"))
                for focus, root in pairs
            ):
                return True
            start = lines.find(_SHAPE, start + 1)
    return False


def _text(path: str) -> str:
    return _bytes(path).decode()


def _bytes(path: str) -> bytes:
    with open(path, "rb") as file:  # noqa: PTH123 – pathlib takes longer to load than this file to read
        return file.read()


def _renamed(result: Any, name: Callable[[str], str]) -> Any:
    """The result (`report.Result`) with other names for its blank nodes, in its message, too."""
    from dataclasses import replace

    tokens = [token for token in (result.focus_node, result.value) if token and token.startswith("_:")]
    names = {token: name(token) for token in tokens}
    message = _BLANK.sub(lambda match: names.get(match[0], match[0]), result.message)
    return replace(
        result,
        focus_node=names.get(result.focus_node, result.focus_node),
        value=names.get(result.value, result.value),
        message=message,
    )


def _has_blank_node(result: Any) -> bool:
    return result.focus_node.startswith("_:") or (result.value or "").startswith("_:")


def _names_by_number(shapes: str, data: str) -> dict[str, str]:
    """The name that the Rust engine gives a blank node, by the order of those of shapes and data → its own."""
    nodes = [*_blank_nodes(shapes), *_blank_nodes(data)]
    start = len(_blank_nodes(shapes))
    return {f"_:0_b{number}": node for number, node in enumerate(nodes) if number >= start}


def _blank_nodes(path: str) -> list[str]:
    """The blank nodes of N-Triples in the order in which they appear."""
    import pyoxigraph as ox

    return list(
        dict.fromkeys(
            str(term)
            for quad in ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES)
            for term in (quad.subject, quad.object)
            if isinstance(term, ox.BlankNode)
        )
    )


def validate_queries(shapes: str, data: str, seconds: float | None = None, mark: str = "") -> dict[str, Any]:
    """The report of shapes compiled to queries on an embedded store; fetched triples go to the other engines.

    Shapes with queries of their authors' run on a store that is asked as SPARQL says: literals are as written, and
    have the values that expressions expect.
    """
    from dataclasses import asdict
    from pathlib import Path

    import pyoxigraph as ox

    from isoc_kg.query.evaluator import StoreEvaluator
    from isoc_kg.rdf.lines import lines_from_quads
    from isoc_kg.validation.compiled import validate_compiled
    from isoc_kg.validation.compiled.written_literals import WrittenLiterals, written_results, written_store
    from isoc_kg.validation.constructs import QUERIES, Uses
    from isoc_kg.validation.prepared import prepared_shapes
    from isoc_kg.validation.report import Result
    from isoc_kg.validation.shape_index import ShapeIndex
    from isoc_kg.validation.terms import shown

    graph = ShapeIndex(_bytes(shapes))
    targeted = [shape for shape, _ in graph.with_targets()]
    uses = Uses(graph)
    queried = [shape.node for shape in targeted if any(use.construct in QUERIES for use in uses.of(shape))]
    others = [shape.node for shape in targeted if shape.node not in queried]
    results: list[Result] = []
    unmet: list[str] = []
    notes: list[str] = []

    def at(name: str) -> None:
        if mark:
            sys.stderr.write(f"{mark}{name}\n")
            sys.stderr.flush()

    def fetched(triples: bytes, with_shapes: bytes) -> list[Result]:
        items, doubts = _fetched(triples, with_shapes)
        notes.extend(doubt for doubt in doubts if doubt not in notes)
        return [_renamed(Result(**item), lambda node: shown(ox.BlankNode(node[2:]))) for item in items]

    if others:
        evaluator = written_store(Path(data))
        literals = WrittenLiterals(evaluator)
        report = validate_compiled(
            evaluator,
            prepared_shapes(graph, "compiled", others),
            engine=fetched,
            literals=literals,
            seconds=seconds,
            at=at,
        )
        results, unmet, notes = written_results(report.results), list(report.unmet), [*report.notes, *notes]
        del evaluator
    if queried:
        quads = ox.parse(path=data, format=ox.RdfFormat.N_TRIPLES)
        asked = StoreEvaluator.of_lines(lines_from_quads(quads))
        report = validate_compiled(
            asked, prepared_shapes(graph, "compiled", queried), engine=fetched, seconds=seconds, at=at
        )
        results += report.results
        unmet += report.unmet
        notes += [note for note in report.notes if note not in notes]
    if any(map(_has_blank_node, results)):
        names = {shown(ox.BlankNode(node[2:])): node for node in _blank_nodes(data)}

        def own(node: str) -> str:
            # what was fetched in parts has the part's number before the name
            return names.get(node) or names.get(_PART.sub("_:b", node), node)

        results = [_renamed(result, own) for result in results]
    return {"results": [asdict(result) for result in results], "unmet": unmet, "notes": notes}


def _rewritten(shapes: str, data: str) -> list[str]:
    """A note for queries of the shapes that may see another literal than the data have."""
    if b"<http://www.w3.org/ns/shacl#select>" not in _bytes(shapes) or not os.stat(data).st_size:  # noqa: PTH116
        return []
    with open(data, "rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as lines:  # noqa: PTH123
        found = _NOT_CANONICAL.search(lines)
        return [f"queries of the shapes see the value of {found[0].decode()}, not its form."] if found else []


def _fetched(triples: bytes, shapes: bytes) -> tuple[list[dict[str, Any]], tuple[str, ...]]:
    """The results on what was fetched for one shape, by another engine, and what that engine may be wrong on."""
    from isoc_kg.limits.scratch import ScratchFiles
    from isoc_kg.validation.choice import choose
    from isoc_kg.validation.engine_names import engines_at_hand
    from isoc_kg.validation.prepared import prepared_shapes
    from isoc_kg.validation.shape_index import ShapeIndex

    graph = ShapeIndex(shapes)
    others = [engine for engine in engines_at_hand() if engine != "compiled"]
    (best, *_) = choose(graph, [triples], others).shapes
    candidates = [engine for engine in dict.fromkeys((best, "pyshacl", "shacl")) if engine in others]
    with ScratchFiles() as scratch:
        data = str(scratch.add(triples))
        for candidate in candidates:
            doubts = choose(graph, [triples], [candidate]).notes
            try:
                by = str(scratch.add(prepared_shapes(graph, candidate)))
                found = validate_by(candidate, by, data)["results"]
            except Exception:
                if candidate == candidates[-1]:
                    raise
            else:
                return found, tuple(note for note in doubts if note.startswith(f"{candidate} may"))
    raise AssertionError("one of the engines has answered or failed")


def _name(term: str | None) -> str | None:
    if term is None or term.startswith("_:"):
        return None
    return term.strip("<>")


def _graph(path: str) -> Any:
    """An rdflib graph with the very terms of a file: parsed by pyoxigraph, nothing normalised."""
    import pyoxigraph as ox
    import rdflib

    rdflib.NORMALIZE_LITERALS = False

    def term(value: Any) -> Any:
        if isinstance(value, ox.NamedNode):
            return rdflib.URIRef(value.value)
        if isinstance(value, ox.BlankNode):
            return rdflib.BNode(value.value)
        if value.language:
            return rdflib.Literal(value.value, lang=value.language)
        plain = value.datatype.value == "http://www.w3.org/2001/XMLSchema#string"
        return rdflib.Literal(value.value, datatype=None if plain else rdflib.URIRef(value.datatype.value))

    graph = rdflib.Graph(bind_namespaces="none")
    for quad in ox.parse(path=path, format=ox.RdfFormat.N_TRIPLES):
        graph.add((term(quad.subject), term(quad.predicate), term(quad.object)))
    return graph


def validate_reference(shapes: str, data: str, *, advanced: bool = False) -> list[dict[str, Any]]:
    """The results of pyshacl, in the form of the other engine."""
    import pyshacl
    from rdflib import RDF, SH, BNode

    shapes_graph = _graph(shapes)
    _, report, _ = pyshacl.validate(_graph(data), shacl_graph=shapes_graph, inference="none", advanced=advanced)
    if isinstance(report, Exception):  # a failure is returned where there would be the report
        raise report
    results = []
    top = set(report.objects(None, SH.result))
    for node in top:
        path = report.value(node, SH.resultPath)
        shape = report.value(node, SH.sourceShape)
        while isinstance(shape, BNode):
            shape = next(iter(shapes_graph.subjects(SH.property, shape)), None)
        value = report.value(node, SH.value)
        results.append(
            {
                "focus_node": _token(report.value(node, SH.focusNode)),
                "path": None if path is None else _path(report, path, RDF),
                "value": None if value is None else _token(value),
                "component": str(report.value(node, SH.sourceConstraintComponent)),
                "severity": str(report.value(node, SH.resultSeverity)),
                "shape": None if shape is None else str(shape),
                "message": str(report.value(node, SH.resultMessage) or ""),
            }
        )
    return results


def _token(term: Any) -> str:
    import pyoxigraph as ox
    import rdflib

    if not isinstance(term, rdflib.Literal):
        return str(term.n3())
    if term.language:
        return str(ox.Literal(str(term), language=str(term.language)))
    return str(
        ox.Literal(str(term), datatype=ox.NamedNode(str(term.datatype))) if term.datatype else ox.Literal(str(term))
    )


def _path(graph: Any, node: Any, rdf: Any) -> str:
    """A SHACL path in SPARQL's syntax (https://www.w3.org/TR/shacl/#property-paths)."""
    from rdflib import SH, URIRef

    if isinstance(node, URIRef):
        return str(node.n3())
    for term, mark in ((SH.zeroOrMorePath, "*"), (SH.oneOrMorePath, "+"), (SH.zeroOrOnePath, "?")):
        inner = graph.value(node, term)
        if inner is not None:
            return f"({_path(graph, inner, rdf)}){mark}"
    inverse = graph.value(node, SH.inversePath)
    if inverse is not None:
        return f"^({_path(graph, inverse, rdf)})"
    alternative = graph.value(node, SH.alternativePath)
    items = list(graph.items(node if alternative is None else alternative))
    return "(" + ("/" if alternative is None else "|").join(_path(graph, item, rdf) for item in items) + ")"


def validate_by(
    engine: str, shapes: str, data: str, *, advanced: bool = False, seconds: float | None = None, mark: str = ""
) -> dict[str, Any]:
    """The answer of an engine: its results, and what else it has to say."""
    if engine == "compiled":
        return validate_queries(shapes, data, seconds, mark)
    if engine == "shacl":
        return {"results": validate_fast(shapes, data), "notes": _rewritten(shapes, data)}
    return {"results": validate_reference(shapes, data, advanced=advanced)}


def _failure(error: Exception) -> dict[str, Any]:
    """What an engine says of its failure, without the lists of all that a parser would have taken."""
    from isoc_kg.errors import IsocKgError

    if isinstance(error, IsocKgError):
        return {"error": error.message, "advice": error.advice, "own": True}
    text = _EXPECTED.sub(r"at line \1, column \2 of the query", str(error)).strip().removesuffix(".")
    if not text or isinstance(error, (KeyError, AttributeError, TypeError, IndexError, AssertionError)):
        text = f"it failed by a fault of its own ({type(error).__name__}{f': {text}' if text else ''})"
    return {"error": text}


def _load(engine: str) -> None:
    """What an engine needs, before there is anything to validate; what fails here fails again where it is told."""
    try:
        if engine == "shacl":
            import shacl  # noqa: F401
        elif engine == "compiled":
            import isoc_kg.validation.compiled.run
            import isoc_kg.validation.compiled.written_literals  # noqa: F401
    except Exception:  # noqa: BLE001, S110
        pass


def main() -> None:
    """Validate as standard input asks."""
    folder = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))  # noqa: PTH100, PTH120
    sys.path.insert(0, folder)
    for engine in sys.argv[1:]:
        _load(engine)
    # a line, since a process that was forked meanwhile may keep standard input open
    task = json.loads(sys.stdin.readline() or "null")
    if task is None:  # nobody asks any more
        return
    try:
        answer: dict[str, Any] = validate_by(
            task["engine"],
            task["shapes"],
            task["data"],
            advanced=task["advanced"],
            seconds=task["seconds"],
            mark=task["mark"],
        )
    except MemoryError:
        answer = {"error": "out of memory"}
    except Exception as error:  # noqa: BLE001 – whatever an engine raises becomes one message of the parent
        answer = _failure(error)
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
