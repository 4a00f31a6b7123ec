"""The terms of the SHACL vocabulary, and those of its advanced features."""

import pyoxigraph as ox

from ..namespaces import SH

__all__ = ["ADVANCED", "TERMS", "has_term", "is_own_component", "parameter_path"]

_END = "ConstraintComponent"
#: The parameters of SHACL's own constraint components by the component's name, without the end that all of them have:
#: each is named `sh:MinCountConstraintComponent-minCount`, and so on.
_PARAMETERS: dict[str, tuple[str, ...]] = {
    **{
        name[0].upper() + name[1:]: (name,)
        for name in (
            *("and", "class", "datatype", "disjoint", "equals", "expression", "hasValue", "in", "languageIn"),
            *("lessThan", "lessThanOrEquals", "maxCount", "maxExclusive", "maxInclusive", "maxLength", "minCount"),
            *("minExclusive", "minInclusive", "minLength", "node", "nodeKind", "not", "or", "property", "uniqueLang"),
            "xone",
        )
    },
    "Closed": ("closed", "ignoredProperties"),
    "JS": ("js",),
    "Pattern": ("pattern", "flags"),
    "QualifiedMaxCount": ("qualifiedMaxCount", "qualifiedValueShape", "qualifiedValueShapesDisjoint"),
    "QualifiedMinCount": ("qualifiedMinCount", "qualifiedValueShape", "qualifiedValueShapesDisjoint"),
    "SPARQL": ("sparql",),
}
#: Local name of a parameter → that of the property that is its path. The vocabulary calls one of them by no component.
_PATHS = {f"{name}{_END}-{path}": path for name, paths in _PARAMETERS.items() for path in paths} | {
    "JSConstraint-js": "js"
}

#: Every term of the SHACL vocabulary (https://www.w3.org/ns/shacl#).
TERMS = frozenset(
    [
        *(name + _END for name in _PARAMETERS),
        *_PATHS,
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
        *("resultAnnotation", "ResultAnnotation", "annotationProperty", "annotationValue", "annotationVarName"),
        "SPARQLUpdateExecutable",
    ]
)
#: What only processors of SHACL Advanced Features (https://www.w3.org/TR/shacl-af/) act on.
ADVANCED = frozenset(
    [
        *("rule", "condition", "Rule", "TripleRule", "SPARQLRule", "JSRule", "SPARQLConstructExecutable", "construct"),
        *("target", "Target", "TargetType", "SPARQLTarget", "SPARQLTargetType", "JSTarget", "JSTargetType"),
        *("Function", "SPARQLFunction", "JSFunction", "returnType", "expression", "ExpressionConstraintComponent"),
        *("values", "filterShape", "nodes", "union", "intersection", "if", "then", "else", "count", "distinct"),
        *("min", "max", "sum", "groupConcat", "separator", "orderBy", "desc", "limit", "offset", "exists"),
        *("js", "JSConstraint", "JSConstraintComponent", "JSExecutable", "JSLibrary", "JSValidator"),
        *("jsFunctionName", "jsLibrary", "jsLibraryURL", "NodeExpression", "minus", "Rules"),
    ]
)
_CORE = TERMS - ADVANCED


def has_term(iri: str, *, advanced: bool = False) -> bool:
    """Whether SHACL, or with `advanced` its advanced features, has a term (an IRI)."""
    name = iri.removeprefix(SH.iri)
    return name in _CORE or (advanced and name in ADVANCED)


def is_own_component(node: object) -> bool:
    """Whether a node is a constraint component that SHACL defines itself."""
    name = node.value if isinstance(node, ox.NamedNode) else ""
    return name.endswith(_END) and name.removesuffix(_END).removeprefix(SH.iri) in _PARAMETERS


def parameter_path(name: str) -> str | None:
    """The local name of the property that a parameter of SHACL's own components is for, by the parameter's."""
    return _PATHS.get(name)
