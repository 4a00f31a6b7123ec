"""Constraint components of authors that no engine can run, found before they are."""

from collections.abc import Iterator, Sequence

import pyoxigraph as ox

from ..errors import Finding
from ..namespaces import SH
from .shacl_terms import is_own_component
from .shape_index import TRUE, VALIDATORS
from .shapes import Fault, Located

__all__ = ["component_faults"]


def component_faults(quads: Sequence[Located]) -> Iterator[Fault]:
    """An error for each shape that uses a component all of whose validators are in another language than SPARQL.

    SHACL's own components need no validator, whatever the shapes graph says of them; and one that has none at all is to
    be ignored (https://www.w3.org/TR/shacl/#constraint-components-validation).
    """
    if not any(quad.predicate.value == SH.parameter for quad, _, _ in quads):
        return
    values: dict[object, dict[str, list[object]]] = {}
    for quad, _, _ in quads:
        values.setdefault(quad.subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
    for component, said in values.items():
        validators = [node for name in VALIDATORS for node in said.get(SH[name], ())]
        if SH.parameter not in said or not validators or is_own_component(component):
            continue
        if any(not {SH.ask, SH.select}.isdisjoint(values.get(node, {})) for node in validators):
            continue
        paths = {
            path.value
            for parameter in said[SH.parameter]
            if TRUE not in values.get(parameter, {}).get(SH.optional, ())
            for path in values.get(parameter, {}).get(SH.path, ())
            if isinstance(path, ox.NamedNode)
        }
        language = "JavaScript" if any(SH.jsFunctionName in values.get(node, {}) for node in validators) else ""
        for quad, file, line in quads if paths else ():
            if quad.predicate.value == min(paths) and paths <= values[quad.subject].keys():
                finding = Finding(
                    f"{quad.subject} uses the constraint component {component}, whose validators are "
                    f"{f'in {language} alone' if language else 'no queries'}: no engine can run them.",
                    file=file,
                    line=line,
                    iri=str(quad.subject).strip("<>"),
                    advice="Give the component a validator in SPARQL (sh:ask or sh:select), or leave the shape out "
                    "by --lenient.",
                )
                yield Fault(quad.subject, finding)
