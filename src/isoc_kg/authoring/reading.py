"""The order in which a project's data are read: by its subject, its shapes (`sh:order`) and its ontology's files."""

from collections.abc import Iterable, Mapping
from math import isfinite

from ..namespaces import SH
from ..project import Project
from ..rdf.lines import graph_token, literal, split
from ..rdf.reading_order import ReadingOrder, property_ranks
from ..rdf.tokens import iri_token, is_iri, is_literal
from .dataset import GRAPHS
from .terms import declaration_order

__all__ = ["project_order"]

_PATH, _ORDER = iri_token(SH.path), iri_token(SH.order)


def project_order(
    project: Project,
    shapes: Iterable[bytes] = (),
    declared: Mapping[bytes, int] | None = None,
    key_facts: Iterable[bytes] = (),
) -> ReadingOrder:
    """The reading order of what a project publishes; `shapes` are their canonical lines.

    `declared` is what `declaration_order` has, read anew where it is None.

    A property that shapes give an order (the least one counts) comes before those that the ontology declares, in the
    order of its files: the project's own first, then the vocabulary of evidence. `key_facts` are properties that come
    between the two.
    """
    ids = project.ids
    terms = declaration_order(project) if declared is None else declared
    claims = iri_token(ids.claims)[:-1] if project.mints else b""
    return ReadingOrder(
        main=iri_token(ids.thing(project.subject)) if project.subject else b"",
        ranks=property_ranks(project.names, [*_shown(shapes), *key_facts], terms),
        terms=terms,
        documents=iri_token(ids.document(""))[:-1] if project.mints else b"",
        claims=claims,
        main_claims=claims + f"{project.subject}.".encode() if claims and project.subject else b"",
        graphs=[graph_token(ids.graph(name)) for name in sorted(GRAPHS, key="evidence".__eq__)],
    )


def _shown(shapes: Iterable[bytes]) -> list[bytes]:
    """The properties that property shapes give an order, in it."""
    paths: dict[bytes, bytes] = {}
    orders: dict[bytes, float] = {}
    for line in shapes:
        subject, predicate, object_, _ = split(line)
        if predicate == _PATH and is_iri(object_):
            paths[subject] = object_
        elif predicate == _ORDER and is_literal(object_):
            try:
                number = float(literal(object_)[0])
            except ValueError:
                continue
            if isfinite(number):
                orders[subject] = min(number, orders.get(subject, number))
    places = sorted((orders[shape], path) for shape, path in paths.items() if shape in orders)
    return list(dict.fromkeys(path for _, path in places))
