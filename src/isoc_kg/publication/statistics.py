"""What a publication amounts to, in VoID (https://www.w3.org/TR/void/): its graphs, classes and properties, counted.

A dataset is the union of its subsets: `void:triples` of the published graphs add up to that of the whole, and those of
all graphs to that of the dataset with ontology and links. Each dump is named by the dataset whose triples it has.
"""

from collections import Counter
from collections.abc import Iterator

from ..authoring.dataset import GRAPHS, PUBLISHED, Dataset
from ..iris import compact
from ..namespaces import DCTERMS, RDF, VOID, XSD
from ..rdf.lines import iri, split
from ..rdf.tokens import iri_token, statement_line, text_token, typed_token
from .data_file import DataFile

__all__ = ["all_graphs", "count_dataset", "graph_word"]

#: What graphs are called whose names are words of ours.
_WORDS = {"alignments": "links to other data"}


def all_graphs(dataset: Dataset) -> str:
    """The IRI of the dataset of all graphs: what is published, its ontology, and links to other data."""
    return f"{dataset.project.ids.dataset}/all"


def graph_word(graph: str) -> str:
    """What a graph is called behind the publication's title, in English."""
    return _WORDS.get(graph, graph)


def count_dataset(dataset: Dataset, files: list[DataFile]) -> Iterator[bytes]:
    """The triples, in no order, that count the whole, its subsets, classes and properties; with the dumps of each."""
    name, everything = dataset.project.ids.dataset, all_graphs(dataset)
    yield from _whole(dataset, name)
    yield statement_line(everything, RDF.type, VOID.Dataset)
    title = f"{dataset.project.title}: all named graphs"
    yield statement_line(everything, DCTERMS.title, text_token(title, "en"))
    yield statement_line(everything, VOID.triples, typed_token(len(dataset.lines), XSD.integer))
    for graph in GRAPHS:
        triples = dataset.graph(graph)
        if triples:
            part = dataset.project.ids.graph(graph)
            yield statement_line(everything, VOID.subset, part)
            if graph in PUBLISHED:
                yield statement_line(name, VOID.subset, part)
            yield statement_line(part, RDF.type, VOID.Dataset)
            title = f"{dataset.project.title}: {graph_word(graph)}"
            yield statement_line(part, DCTERMS.title, text_token(title, "en"))
            yield statement_line(part, VOID.triples, typed_token(len(triples), XSD.integer))
    of = {
        "whole": name,
        "graphs": everything,
        "facts": dataset.project.ids.graph("facts"),
        "alignments": dataset.project.ids.graph("alignments"),
    }
    for file in files:
        owner = of.get(file.holds(dataset.project.name))
        if file.format and owner:
            yield statement_line(owner, VOID.dataDump, dataset.project.base + file.name)
            yield statement_line(owner, VOID.feature, file.format.iri)


def _whole(dataset: Dataset, name: str) -> Iterator[bytes]:
    classes: Counter[str] = Counter()
    properties: Counter[str] = Counter()
    subjects, objects = set(), set()
    for line in dataset.published:
        subject, predicate, object_, _ = split(line)
        properties[iri(predicate)] += 1
        subjects.add(subject)
        objects.add(object_)
        if iri(predicate) == RDF.type:
            classes[iri(object_)] += 1
    things = iri_token(dataset.project.ids.things)[:-1]
    yield statement_line(name, VOID.uriSpace, text_token(dataset.project.ids.things))
    for term, count in (
        (VOID.triples, len(dataset.published)),
        (VOID.distinctSubjects, len(subjects)),
        (VOID.distinctObjects, len(objects)),
        (VOID.classes, len(classes)),
        (VOID.properties, len(properties)),
        (VOID.entities, sum(subject.startswith(things) for subject in subjects)),
    ):
        yield statement_line(name, term, typed_token(count, XSD.integer))
    for vocabulary in sorted({term[: max(term.rfind("#"), term.rfind("/")) + 1] for term in (*classes, *properties)}):
        yield statement_line(name, VOID.vocabulary, vocabulary)
    for kind, counts, of, count_of in (
        ("class", classes, VOID["class"], VOID.entities),
        ("property", properties, VOID.property, VOID.triples),
    ):
        prefixes = dataset.project.prefixes
        for term, count in counts.items():
            part = f"{name}/{kind}/{compact(term, prefixes).strip('<>')}"
            yield statement_line(name, VOID[f"{kind}Partition"], part)
            yield statement_line(part, of, term)
            yield statement_line(part, count_of, typed_token(count, XSD.integer))
