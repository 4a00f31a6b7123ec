"""Shapes are checked before they check: the fast engine takes a misspelt constraint for none at all."""

import mmap
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path

import pyoxigraph as ox

from ..errors import Finding
from ..namespaces import RDF, SH
from .shape_index import ShapeIndex

__all__ = ["TARGETS", "check_shapes", "shapes_without_focus"]

Bytes = bytes | mmap.mmap

#: Every term of the SHACL vocabulary (https://www.w3.org/TR/shacl/#ValidationReport and what stands around it).
TERMS = frozenset(
    [
        "Shape",
        "NodeShape",
        "PropertyShape",
        "ValidationReport",
        "ValidationResult",
        "AbstractResult",
        "Severity",
        "Info",
        "Violation",
        "Warning",
        "BlankNode",
        "BlankNodeOrIRI",
        "BlankNodeOrLiteral",
        "IRI",
        "IRIOrLiteral",
        "Literal",
        "NodeKind",
        "Parameterizable",
        "Parameter",
        "ConstraintComponent",
        "PropertyGroup",
        "PrefixDeclaration",
        "SPARQLExecutable",
        "SPARQLAskExecutable",
        "SPARQLConstructExecutable",
        "SPARQLSelectExecutable",
        "SPARQLConstraint",
        "SPARQLAskValidator",
        "SPARQLSelectValidator",
        "Validator",
        "Target",
        "SPARQLTarget",
        "SPARQLTargetType",
        "TargetType",
        "JSConstraint",
        "Function",
        "Rule",
        "and",
        "class",
        "closed",
        "datatype",
        "deactivated",
        "declare",
        "defaultValue",
        "description",
        "detail",
        "disjoint",
        "entailment",
        "equals",
        "flags",
        "focusNode",
        "group",
        "hasValue",
        "ignoredProperties",
        "in",
        "inversePath",
        "alternativePath",
        "zeroOrMorePath",
        "oneOrMorePath",
        "zeroOrOnePath",
        "languageIn",
        "lessThan",
        "lessThanOrEquals",
        "maxCount",
        "maxExclusive",
        "maxInclusive",
        "maxLength",
        "message",
        "minCount",
        "minExclusive",
        "minInclusive",
        "minLength",
        "name",
        "namespace",
        "node",
        "nodeKind",
        "nodeValidator",
        "not",
        "optional",
        "or",
        "order",
        "parameter",
        "path",
        "pattern",
        "prefix",
        "prefixes",
        "property",
        "propertyValidator",
        "qualifiedMaxCount",
        "qualifiedMinCount",
        "qualifiedValueShape",
        "qualifiedValueShapesDisjoint",
        "result",
        "resultMessage",
        "resultPath",
        "resultSeverity",
        "select",
        "ask",
        "construct",
        "update",
        "severity",
        "shapesGraph",
        "shapesGraphWellFormed",
        "conforms",
        "source",
        "sourceConstraint",
        "sourceConstraintComponent",
        "sourceShape",
        "sparql",
        "subject",
        "predicate",
        "object",
        "targetClass",
        "targetNode",
        "targetObjectsOf",
        "targetSubjectsOf",
        "target",
        "uniqueLang",
        "validator",
        "value",
        "labelTemplate",
        "xone",
        "this",
        "currentShape",
        "suggestedShapesGraph",
    ]
)
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
_LOOK_AROUND = re.compile(r"\(\?(?:[=!]|<[=!])|\\[1-9]")


def check_shapes(quads: Iterable[tuple[ox.Quad, Path | None, int | None]], *, fast: bool = True) -> list[Finding]:
    """What would make the shapes check less than their author thinks, with file and line.

    `fast` also names what the fast engine cannot do and pyshacl can.
    """
    findings: list[Finding] = []
    paths: Counter[str] = Counter()
    properties: dict[str, tuple[Path | None, int | None]] = {}
    has_target = False
    for quad, file, line in quads:
        predicate = quad.predicate.value
        has_target = has_target or predicate in TARGETS or _implicit(quad)
        paths[str(quad.subject)] += predicate == SH.path
        if predicate == SH.property and not isinstance(quad.object, ox.Literal):
            properties.setdefault(str(quad.object), (file, line))
        for message, advice in _wrong(quad, fast):
            findings.append(Finding(message, file=file, line=line, iri=str(quad.subject).strip("<>"), advice=advice))
    for node, (file, line) in properties.items():
        if paths[node] != 1:
            what = "more than one" if paths[node] else "no"
            findings.append(
                Finding(f"the property shape {node} has {what} sh:path.", file=file, line=line, advice="Give it one.")
            )
    if not has_target:
        findings.append(
            Finding(
                "there is no shape with a target, so everything would conform.",
                advice="Add sh:targetClass to a node shape.",
            )
        )
    return findings


def _wrong(quad: ox.Quad, fast: bool) -> Iterator[tuple[str, str]]:
    """What is wrong with one triple of a shapes graph, and what to do."""
    predicate, object_ = quad.predicate.value, quad.object
    for term in (quad.predicate, object_):
        name = term.value.removeprefix(SH.iri) if isinstance(term, ox.NamedNode) else ""
        if isinstance(term, ox.NamedNode) and term.value.startswith(SH.iri) and name not in TERMS:
            near = get_close_matches(name, TERMS, 1)
            yield f"sh:{name} is no term of SHACL.", f"Did you mean sh:{near[0]}?" if near else "Check the spelling."
    if predicate in _NEEDS_IRI and not isinstance(object_, ox.NamedNode):
        yield f"{object_} where <{predicate}> needs an IRI.", "Write the IRI, without quotes."
    if predicate in _NEEDS_NODE and isinstance(object_, ox.Literal):
        yield f"{object_} where <{predicate}> needs a shape, a path or a list.", "Refer to a node."
    whole = (
        isinstance(object_, ox.Literal) and object_.datatype.value.endswith("#integer") and object_.value.isdecimal()
    )
    if predicate in _NEEDS_INTEGER and not whole:
        yield f"{object_} where <{predicate}> needs a whole number.", "Write it without quotes: 1."
    if predicate == SH.pattern and isinstance(object_, ox.Literal):
        if fast and _LOOK_AROUND.search(object_.value):
            yield (
                "a pattern with look-around or back references, which the fast engine does not know.",
                "Validate with --engine pyshacl, or say it another way.",
            )
        elif error := _broken(object_.value):
            yield f"a pattern that is no regular expression: {error}.", "Correct it."


def _implicit(quad: ox.Quad) -> bool:
    """A shape that is a class is its own target (https://www.w3.org/TR/shacl/#implicit-targetClass)."""
    return quad.predicate.value == RDF.type and str(quad.object) == "<http://www.w3.org/2000/01/rdf-schema#Class>"


def _broken(pattern: str) -> str | None:
    try:
        re.compile(pattern)
    except (re.error, RecursionError, OverflowError) as error:
        return str(error)
    return None


def shapes_without_focus(graph: ShapeIndex, data: Sequence[Bytes]) -> list[str]:
    """The IRIs of shapes with targets none of which is in the data (N-Triples with single spaces between terms)."""
    targets = {
        shape.node.value: [(kind, str(term)) for kind, term in found]
        for shape, found in graph.with_targets()
        if isinstance(shape.node, ox.NamedNode) and not shape.deactivated
    }
    if not targets:
        return []
    below, classes = _subclasses(data), {match for part in data for match in _TYPE.findall(part)}
    return sorted(
        iri for iri, found in targets.items() if not any(_met(kind, term, data, below, classes) for kind, term in found)
    )


def _met(
    kind: str, term: str, data: Sequence[Bytes], below: Mapping[str, set[str]], classes: Collection[bytes]
) -> bool:
    if kind == SH.targetClass:
        return any(name.encode() in classes for name in below.get(term, set()) | {term})
    if kind in (SH.targetSubjectsOf, SH.targetObjectsOf):
        marks = [f" {term} ".encode()]
    else:
        return True
    return any(part.find(mark) >= 0 for part in data for mark in marks)


_TYPE = re.compile(rb" <" + re.escape(RDF.type).encode() + rb"> (<[^>\n]*>)")
_SUBCLASS = re.compile(rb"^(\S+) <http://www\.w3\.org/2000/01/rdf-schema#subClassOf> (\S+) ", re.MULTILINE)


def _subclasses(data: Sequence[Bytes]) -> dict[str, set[str]]:
    """Class → all classes below it."""
    direct: dict[str, set[str]] = {}
    for part in data:
        if part.find(b"rdf-schema#subClassOf>") >= 0:
            for match in _SUBCLASS.finditer(part):
                direct.setdefault(match[2].decode(), set()).add(match[1].decode())
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
