"""What follows from the facts by itself, and so carries no claim: the graph `/derived`."""

from collections.abc import Iterable, Iterator

from ..namespaces import RDF, RDFS, SKOS
from ..project import Project
from ..rdf.lines import iri, split
from ..rdf.tokens import iri_token, is_literal, text_token, triple_line

__all__ = ["derive_lines"]

_TYPE, _LABEL, _IN_SCHEME = iri_token(RDF.type), iri_token(RDFS.label), iri_token(SKOS.inScheme)


def derive_lines(project: Project, facts: Iterable[bytes], ontology: Iterable[bytes]) -> Iterator[bytes]:
    """`rdfs:label` of every thing and `skos:inScheme` of every concept that the ontology does not declare."""
    types: dict[bytes, list[str]] = {}
    labels: dict[bytes, list[tuple[int, bytes]]] = {}
    properties = (*(name for name in project.names.labels if name != RDFS.label), RDF.value)
    ranks = {iri_token(name): rank for rank, name in enumerate(properties)}
    for triple in facts:
        subject, predicate, object_, _ = split(triple)
        if predicate == _TYPE:
            types.setdefault(subject, []).append(iri(object_))
        elif predicate in ranks and is_literal(object_):
            labels.setdefault(subject, []).append((ranks[predicate], object_))
    declared = {line[: line.index(b" ")] for line in ontology}
    for subject, classes in types.items():
        if subject in declared:
            continue
        best = sorted(labels.get(subject, []))
        for rank, token in best:
            if rank == best[0][0]:
                yield triple_line(subject, _LABEL, token)
        if not best:
            name = iri(subject).rpartition("/")[2].replace("-", " ")
            yield triple_line(subject, _LABEL, text_token(name, project.language))
        for class_ in classes:
            if scheme := project.schemes.get(class_):
                yield triple_line(subject, _IN_SCHEME, iri_token(project.ids.thing(scheme)))
