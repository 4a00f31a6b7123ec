"""Shapes are checked before they check: engines take a misspelt constraint for none at all."""

import re
import shlex
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeGuard

import pyoxigraph as ox

from ..errors import Finding, counted
from ..namespaces import OWL, RDF, RDFS, SH
from ..query.regular_expressions import PatternError, read_pattern
from .constructs import BOUNDS
from .scan import Bytes, lines_with
from .shacl_terms import ADVANCED, TERMS, parameter_path
from .shape_index import LOGICAL, ShapeIndex
from .terms import AnyTerm

__all__ = [
    "TARGETS",
    "Fault",
    "Located",
    "check_shapes",
    "shape_faults",
    "shapes_without_focus",
    "subclasses",
    "with_dependent",
    "without",
]

Place = tuple[Path | None, int | None]
_OWL_CLASS, _RDFS_CLASS = ox.NamedNode(OWL.Class), ox.NamedNode(RDFS.Class)

TARGETS = (SH.targetClass, SH.targetNode, SH.targetSubjectsOf, SH.targetObjectsOf, SH.target)
_NEEDS_IRI = tuple(
    SH[name]
    for name in (
        "targetClass",
        "targetSubjectsOf",
        "targetObjectsOf",
        "class",
        "datatype",
        "nodeKind",
        "severity",
        "equals",
        "disjoint",
        "lessThan",
        "lessThanOrEquals",
    )
)
_NEEDS_NODE = tuple(SH[name] for name in ("property", "node", "not", "and", "or", "xone", "in", "path", "sparql"))
_NEEDS_INTEGER = tuple(
    SH[name] for name in ("minCount", "maxCount", "minLength", "maxLength", "qualifiedMinCount", "qualifiedMaxCount")
)
_BOUNDS = tuple(SH[name] for name in BOUNDS)
_SIMPLE = "http://www.w3.org/ns/entailment/Simple"
_FLAGS = frozenset(SH[name] for name in ("closed", "uniqueLang", "qualifiedValueShapesDisjoint", "optional"))
_ONE = ox.Literal("1", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#boolean"))
_NAMES_SHAPE = (SH.node, SH["not"], SH.qualifiedValueShape)
#: What a node has that is a shape and not only a query.
_OF_SHAPES = frozenset((SH.sparql, *TARGETS))
#: What says how a function in JavaScript is called: whether one is missed is told by what would call it.
_OF_FUNCTIONS = frozenset(("jsFunctionName", "jsLibrary", "jsLibraryURL"))
_MISSING = (
    "The vocabulary of SHACL gives it one: add that by --shapes, or by --import http://www.w3.org/ns/shacl#=FILE where "
    "it is imported."
)
Located = tuple[ox.Quad, Path | None, int | None]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a shape; an error leaves no other way than to leave the shape out."""

    node: AnyTerm | None
    finding: Finding
    path: str | None = None  #: the property (a token) whose values are at fault
    at: AnyTerm | None = None  #: the node that has the property, where that is not the shape
    of_graph: bool = False  #: an error about the shapes graph, of which a lenient validation warns

    def as_warning(self) -> "Fault":
        """The same as a warning."""
        return replace(self, finding=replace(self.finding, severity="warning"))


def check_shapes(quads: Iterable[Located], *, advanced: bool = False) -> list[Finding]:
    """What would make the shapes check less than their author thinks, with file and line: errors and warnings.

    Errors are what is ill-formed (https://www.w3.org/TR/shacl/#syntax-rules); a term that SHACL does not have is a
    warning, and so is, unless `advanced`, one of SHACL Advanced Features.
    """
    return [fault.finding for fault in shape_faults(list(quads), advanced=advanced)]


def shape_faults(quads: Sequence[Located], *, advanced: bool = False, files: Sequence[Path | None] = ()) -> list[Fault]:
    """The same, each with the node of the shape that it is about; `files` are those that were read."""
    faults: list[Fault] = []
    seen: set[str] = set()
    paths: Counter[AnyTerm] = Counter(quad.subject for quad, _, _ in quads if quad.predicate.value == SH.path)
    flags = {
        quad.subject: quad.object.value
        for quad, _, _ in quads
        if quad.predicate.value == SH.flags and isinstance(quad.object, ox.Literal)
    }
    classes = {quad.subject for quad, _, _ in quads if quad.predicate.value == RDF.type and quad.object == _OWL_CLASS}
    below = _below(quads, {_RDFS_CLASS})  # their instances are classes
    targets_owl = _OWL_CLASS in below
    declared = {quad.subject for quad, _, _ in quads if quad.predicate.value == RDF.type and _is_of_shacl(quad.subject)}
    shaped = _shaped(quads)
    has_target = False
    for quad, file, line in quads:
        predicate, subject = quad.predicate.value, quad.subject
        has_target = has_target or predicate in TARGETS or (subject in shaped and _implicit(quad, below))
        iri = str(subject).strip("<>")
        if predicate == SH.property and not isinstance(quad.object, ox.Literal) and paths[quad.object] != 1:
            what = "more than one" if paths[quad.object] else "no"
            message = f"the property shape {quad.object} has {what} sh:path."
            advice = _MISSING if _is_own_parameter(quad.object) and not paths[quad.object] else "Give it one."
            faults.append(Fault(quad.object, Finding(message, file=file, line=line, iri=iri, advice=advice)))
        for message, advice in _wrong(quad, flags.get(subject, "")):
            faults.append(Fault(subject, Finding(message, file=file, line=line, iri=iri, advice=advice)))
        for message, advice in _unknown(quad, declared, advanced=advanced):
            if message not in seen:
                seen.add(message)
                finding = Finding(message, severity="warning", file=file, line=line, iri=iri, advice=advice)
                faults.append(Fault(None, finding))
    faults += _entailments(quads, advanced=advanced)
    faults += _ineffective(quads)
    faults += _members(quads)
    shapes = {quad.subject: (file, line) for quad, file, line in quads if _is_shape_type(quad)}
    if not targets_owl:
        faults += _not_targeted(quads, classes & shapes.keys(), shapes, below)
    if not has_target:
        faults.append(Fault(None, _without_target(quads, files)))
    return faults


def _entailments(quads: Sequence[Located], *, advanced: bool) -> Iterator[Fault]:
    """An error for each entailment regime that the shapes ask for: none is supported but those that add nothing.

    To ignore it is not allowed (https://www.w3.org/TR/shacl/#entailment).
    """
    for quad, file, line in quads:
        regime = quad.object.value if isinstance(quad.object, ox.NamedNode) else str(quad.object)
        if quad.predicate.value != SH.entailment or regime == _SIMPLE or (advanced and regime == SH.Rules):
            continue
        what = f"the shapes need the entailment regime <{regime}> (sh:entailment), which no engine here has."
        advice = (
            "Run the rules with --advanced (pyshacl)."
            if regime == SH.Rules
            else "Add the entailed triples to the data, and take sh:entailment out; --lenient ignores it."
        )
        yield Fault(None, Finding(what, file=file, line=line, iri=regime, advice=advice), of_graph=True)


def _ineffective(quads: Sequence[Located]) -> Iterator[Fault]:
    """Warnings about constraints that are none: flags that are not `true`, counts of no shape, severities of queries.

    One for each kind, with its first place.
    """
    predicates: dict[AnyTerm, set[str]] = {}
    queries = set()
    for quad, _, _ in quads:
        if quad.predicate.value.startswith(SH.iri):
            predicates.setdefault(quad.subject, set()).add(quad.predicate.value)
        if quad.predicate.value == SH.sparql:
            queries.add(quad.object)
    told = set()
    for quad, file, line in quads:
        name, own = quad.predicate.value, predicates.get(quad.subject, set())
        short = "sh:" + name.removeprefix(SH.iri)
        if name in _FLAGS and quad.object == _ONE:
            message = f"{short} has no effect: its value is “1”, which SHACL does not take for “true”."
            advice = "Write true."
        elif name in (SH.qualifiedMinCount, SH.qualifiedMaxCount) and SH.qualifiedValueShape not in own:
            message = f"{short} has no effect: the shape has no sh:qualifiedValueShape."
            advice = "Add it, or write sh:minCount or sh:maxCount."
        elif name == SH.severity and quad.subject in queries and not own & _OF_SHAPES:
            message = "sh:severity of a constraint in SPARQL has no effect: results have the severity of their shape."
            advice = "Move it to the shape (https://www.w3.org/TR/shacl/#severity)."
        else:
            continue
        if message not in told:
            told.add(message)
            iri = str(quad.subject).strip("<>")
            yield Fault(None, Finding(message, "warning", file, line, iri, advice))


def _members(quads: Sequence[Located]) -> Iterator[Fault]:
    """Errors about literals in lists of shapes, and a warning of shapes that are named but not described."""
    described = {quad.subject for quad, _, _ in quads}
    rest: dict[AnyTerm, AnyTerm] = {q.subject: q.object for q, _, _ in quads if q.predicate.value == RDF.rest}
    firsts: dict[AnyTerm, list[tuple[AnyTerm, Path | None, int | None]]] = {}
    for quad, file, line in quads:
        if quad.predicate.value == RDF.first:
            firsts.setdefault(quad.subject, []).append((quad.object, file, line))
    named: dict[AnyTerm, Finding] = {}
    for quad, file, line in quads:
        predicate, cell = quad.predicate.value, quad.object
        members = [(cell, file, line)] if predicate in _NAMES_SHAPE else []
        seen: set[AnyTerm] = set()
        while predicate in LOGICAL and cell not in seen:
            seen.add(cell)
            members += firsts.get(cell, ())
            cell = rest.get(cell, cell)
        for member, member_file, member_line in members:
            short, iri = "sh:" + predicate.removeprefix(SH.iri), str(quad.subject).strip("<>")
            if isinstance(member, ox.Literal) and predicate in LOGICAL:
                message = f"{member} in the list of {short}, which needs shapes."
                advice = "Refer to a node."
                yield Fault(quad.subject, Finding(message, "error", member_file, member_line, iri, advice))
            elif isinstance(member, ox.NamedNode) and member not in described and member not in named:
                message = f"{member}, which {short} names, is not described in the shapes: every node conforms to it."
                advice = "Correct the IRI, or add the file with it by --shapes or --import."
                named[member] = Finding(message, "warning", member_file, member_line, iri, advice)
    if len(named) > 1:
        term, first = next(iter(named.items()))
        what = f"{term} and {counted(len(named) - 1, 'other shape')} are named, but not described in the shapes: "
        yield Fault(None, replace(first, message=what + "every node conforms to them."))
    else:
        yield from (Fault(None, finding) for finding in named.values())


def _without_target(quads: Sequence[Located], read: Sequence[Path | None]) -> Finding:
    """The error about a graph whose shapes have no target, or that has no shapes at all."""
    nothing = "there is no shape with a target, so everything would conform."
    if any(str(term).startswith("<" + SH.iri) for quad, _, _ in quads for term in (quad.predicate, quad.object)):
        return Finding(nothing, advice="Add sh:targetClass to a node shape.")
    files = list(dict.fromkeys(file for _, file, _ in quads if file))
    if not quads and any(read):
        names = [str(file) for file in read if file]
        of_json = any(Path(name).suffix in (".jsonld", ".json") for name in names)
        return Finding(
            f"there is no SHACL shape in {', '.join(names)}: there are no statements at all"
            f"{': is it a context alone, or JSON without one?' if of_json else '.'}",
            advice="The shapes graph is empty: name files with shapes by --shapes.",
        )
    if not files:
        return Finding(nothing, advice="The shapes graph is empty: name files with shapes by --shapes.")
    kinds = {quad.object.value for quad, _, _ in quads if isinstance(quad.object, ox.NamedNode)}
    ontology = bool(kinds & {OWL.Ontology, OWL.Class, RDFS.Class, OWL.ObjectProperty, OWL.DatatypeProperty})
    what = f"there is no SHACL shape in {', '.join(map(str, files))}: "
    if ontology:
        return Finding(
            what + "it describes classes and properties, as an ontology.",
            advice=f"To add its subclasses to the data: --ontology {files[0]}; shapes go to --shapes.",
        )
    return Finding(
        what + "it seems to be data.",
        advice="Data are named without an option, shapes by --shapes: "
        f"isoc-kg validate {shlex.quote(str(files[0]))} --shapes FILE.",
    )


def with_dependent(quads: Sequence[Located], nodes: Iterable[AnyTerm]) -> set[AnyTerm]:
    """Some shapes of a shapes graph, and those that cannot be said without them.

    One that has one of them as a property shape can; one that needs it otherwise (`sh:not`, `sh:or`) cannot.
    """
    left_out = set(nodes)
    held = {quad.object: quad.subject for quad, _, _ in quads if quad.predicate.value == RDF.rest}
    while True:
        needing: set[AnyTerm] = set()
        for quad, _, _ in quads:
            if quad.object in left_out and _is_needed(quad.predicate.value):
                needing.add(quad.subject)
            if quad.object in left_out and quad.predicate.value == RDF.first:
                cell = quad.subject
                while cell in held:
                    cell = held[cell]
                needing |= {q.subject for q, _, _ in quads if q.object == cell and q.predicate.value in LOGICAL}
        if needing <= left_out:
            return left_out
        left_out |= needing


def without(quads: Sequence[Located], left_out: Collection[AnyTerm]) -> list[Located]:
    """The triples of a shapes graph without some of its shapes, and without what names them as property shapes."""
    return [
        (quad, file, line)
        for quad, file, line in quads
        if quad.subject not in left_out and not (quad.predicate.value == SH.property and quad.object in left_out)
    ]


def _is_needed(predicate: str) -> bool:
    """Whether a shape cannot be said without the value of a predicate."""
    return predicate.startswith(SH.iri) and predicate != SH.property


def _not_targeted(
    quads: Sequence[Located], nodes: Collection[AnyTerm], places: Mapping[Any, Place], below: Collection[AnyTerm]
) -> Iterator[Fault]:
    """Shapes that are classes of OWL alone: to SHACL no classes, unless the shapes graph says so."""
    others = {quad.subject for quad, _, _ in quads if quad.predicate.value in TARGETS or _implicit(quad, below)}
    found = sorted((node for node in nodes if node not in others), key=str)
    if found:
        file, line = places[found[0]]
        more = f" and {len(found) - 1} others" if len(found) > 1 else ""
        finding = Finding(
            f"{found[0]}{more}: the shape is an owl:Class and no rdfs:Class, so that its instances are no focus nodes.",
            severity="warning",
            file=file,
            line=line,
            iri=str(found[0]).strip("<>"),
            advice="Give it sh:targetClass, or write owl:Class rdfs:subClassOf rdfs:Class into the shapes.",
        )
        yield Fault(None, finding)


def _unknown(quad: ox.Quad, declared: Collection[AnyTerm], *, advanced: bool) -> Iterator[tuple[str, str]]:
    """The terms of a triple in SHACL's namespace that it does not have, or that only its advanced features have.

    One that the graph declares is known to it, and the property that a shape is about is data.
    """
    for term in (quad.predicate, quad.object):
        if not _is_of_shacl(term) or (term == quad.object and quad.predicate.value == SH.path):
            continue
        name = term.value.removeprefix(SH.iri)
        if name in ADVANCED:
            if term != quad.predicate or name in _OF_FUNCTIONS:
                pass
            elif name == "js":
                yield (
                    "sh:js is a constraint in JavaScript, which no engine here runs.",
                    "Write it in SPARQL: sh:sparql.",
                )
            elif not advanced:
                yield (
                    f"sh:{name} is a term of SHACL Advanced Features and is ignored.",
                    "Run it with --advanced (pyshacl).",
                )
        elif name and name not in TERMS and term not in declared:
            from difflib import get_close_matches

            near = get_close_matches(name, TERMS, 1)
            advice = f"Did you mean sh:{near[0]}?" if near else "Check the spelling."
            yield f"sh:{name} is not a term of SHACL and is ignored.", advice


def _is_of_shacl(term: AnyTerm) -> TypeGuard[ox.NamedNode]:
    """Whether a term is in SHACL's namespace."""
    return isinstance(term, ox.NamedNode) and term.value.startswith(SH.iri)


def _is_own_parameter(term: AnyTerm) -> bool:
    """Whether a term is a parameter of one of SHACL's own components, which its vocabulary describes."""
    return _is_of_shacl(term) and parameter_path(term.value.removeprefix(SH.iri)) is not None


def _wrong(quad: ox.Quad, flags: str) -> Iterator[tuple[str, str]]:
    """What is ill-formed in one triple of a shapes graph, and what to do."""
    predicate, object_ = quad.predicate.value, quad.object
    if predicate in _NEEDS_IRI and not isinstance(object_, ox.NamedNode):
        yield f"{object_} where <{predicate}> needs an IRI.", "Write the IRI, without quotes."
    if predicate in _NEEDS_NODE and isinstance(object_, ox.Literal):
        yield f"{object_} where <{predicate}> needs a shape, a path or a list.", "Refer to a node."
    if predicate in _BOUNDS and not isinstance(object_, ox.Literal):
        yield f"{object_} where <{predicate}> needs a literal.", "Write a value."
    whole = (
        isinstance(object_, ox.Literal) and object_.datatype.value.endswith("#integer") and object_.value.isdecimal()
    )
    if predicate in _NEEDS_INTEGER and not whole:
        yield f"{object_} where <{predicate}> needs a whole number.", "Write it without quotes: 1."
    if predicate == SH.pattern and isinstance(object_, ox.Literal):
        try:
            read_pattern(object_.value, flags)
        except PatternError as error:
            yield (
                f"a pattern that is none of XPath's, which SHACL uses: {error}.",
                "See https://www.w3.org/TR/xpath-functions-31/#regex-syntax.",
            )


def _implicit(quad: ox.Quad, below: Collection[AnyTerm]) -> bool:
    """A shape that is a class is its own target (https://www.w3.org/TR/shacl/#implicit-targetClass)."""
    return quad.predicate.value == RDF.type and quad.object in below


def _below(quads: Sequence[Located], classes: set[AnyTerm]) -> set[AnyTerm]:
    """Some classes and all below them."""
    above = [(quad.subject, quad.object) for quad, _, _ in quads if quad.predicate.value == RDFS.subClassOf]
    below = set(classes)
    while more := {lower for lower, upper in above if upper in below} - below:
        below |= more
    return below


def _shaped(quads: Sequence[Located]) -> set[AnyTerm]:
    """What may be a shape: SHACL says something of it, or it is an instance of one of SHACL's classes or below."""
    kinds = _below(quads, {ox.NamedNode(SH.NodeShape), ox.NamedNode(SH.PropertyShape)})
    return {
        quad.subject
        for quad, _, _ in quads
        if quad.predicate.value.startswith(SH.iri) or (quad.predicate.value == RDF.type and quad.object in kinds)
    }


def _is_shape_type(quad: ox.Quad) -> bool:
    return quad.predicate.value == RDF.type and str(quad.object) in (f"<{SH.NodeShape}>", f"<{SH.PropertyShape}>")


def shapes_without_focus(graph: ShapeIndex, data: Sequence[Bytes]) -> list[str]:
    """The IRIs of shapes with targets none of which is in the data (N-Triples with single spaces between terms)."""
    targets = {
        shape.node.value: [(kind, str(term)) for kind, term in found]
        for shape, found in graph.with_targets()
        if isinstance(shape.node, ox.NamedNode) and not shape.deactivated
    }
    if not targets:
        return []
    below = subclasses(data)
    # Few classes are looked for one by one, many among all that there are.
    many = sum(kind == SH.targetClass for found in targets.values() for kind, _ in found) > _MANY
    classes = {match for part in data for match in _TYPE.findall(part)} if many else None
    return sorted(
        iri for iri, found in targets.items() if not any(_met(kind, term, data, below, classes) for kind, term in found)
    )


def _met(
    kind: str, term: str, data: Sequence[Bytes], below: Mapping[str, set[str]], classes: Collection[bytes] | None
) -> bool:
    if kind == SH.targetClass:
        names = [name.encode() for name in below.get(term, set()) | {term}]
        if classes is not None:
            return any(name in classes for name in names)
        marks = [b" <%b> %b " % (RDF.type.encode(), name) for name in names]
    elif kind in (SH.targetSubjectsOf, SH.targetObjectsOf):
        marks = [f" {term} ".encode()]
    else:
        return True
    return any(part.find(mark) >= 0 for part in data for mark in marks)


_MANY = 100
_TYPE = re.compile(rb" <" + re.escape(RDF.type).encode() + rb"> (<[^>\n]*>)")


def subclasses(data: Sequence[Bytes]) -> dict[str, set[str]]:
    """Class → all classes below it, as tokens, in N-Triples with single spaces between terms."""
    direct: dict[str, set[str]] = {}
    for part in data:
        for lower, upper in lines_with(part, RDFS.subClassOf):
            direct.setdefault(upper.rpartition(b" ")[0].strip().decode(), set()).add(lower.strip().decode())
    result: dict[str, set[str]] = {}
    for name in direct:
        seen: set[str] = set()
        todo = list(direct[name])
        while todo:
            if (one := todo.pop()) not in seen:
                seen.add(one)
                todo += direct.get(one, ())
        result[name] = seen
    return result
