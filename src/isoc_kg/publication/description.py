"""The publication described for machines.

VoID (https://www.w3.org/TR/void/) and DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/).
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..authoring.dataset import GRAPHS, Dataset
from ..errors import UnknownName
from ..evidence.audit_record import load_record
from ..formats import Format, format_from_path
from ..iris import compact
from ..namespaces import DCAT, DCTERMS, FOAF, OWL, PROV, RDF, SPDX, VOID, XSD
from ..project import Project
from ..rdf.lines import iri, sort_lines, split
from ..rdf.tokens import iri_token, statement_line, text_token, typed_token

__all__ = ["DataFile", "describe_dataset"]

_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of the publication, as it was written."""

    name: str
    size: int  #: bytes
    sha256: str

    @property
    def format(self) -> Format | None:
        """The RDF format that the name tells, if it is one."""
        try:
            return format_from_path(self.name)
        except UnknownName:
            return None


def describe_dataset(dataset: Dataset, files: Sequence[DataFile]) -> list[bytes]:
    """Sorted canonical triples that describe the dataset, its graphs, classes, properties and files."""
    return sort_lines(list(_description(dataset, files)))


def _description(dataset: Dataset, files: Sequence[DataFile]) -> Iterator[bytes]:
    project = dataset.project
    name = project.ids.dataset

    for class_ in (DCAT.Dataset, VOID.Dataset):
        yield statement_line(name, RDF.type, class_)
    yield statement_line(name, DCTERMS.title, text_token(project.title, project.language))
    yield statement_line(name, DCTERMS.description, text_token(project.description, project.language))
    yield from _origin(project)
    yield statement_line(name, DCTERMS.identifier, text_token(f"sha256:{dataset.digest}"))
    yield statement_line(name, DCTERMS.language, text_token(project.language))
    if project.homepage:
        yield statement_line(name, FOAF.homepage, project.homepage)
    if project.subject:
        yield statement_line(name, VOID.exampleResource, project.ids.thing(project.subject))
        yield statement_line(name, DCTERMS.subject, project.ids.thing(project.subject))
    yield statement_line(name, VOID.uriSpace, text_token(project.ids.things))
    for edition in dataset.edition_iris:
        yield statement_line(name, DCTERMS.source, edition)
    record = load_record(project)
    if record and not record.stale(dataset):
        yield from record.lines(name)
    yield from _statistics(dataset, name)
    for graph in GRAPHS:
        triples = dataset.graph(graph)
        if triples:
            part = project.ids.graph(graph)
            yield statement_line(name, VOID.subset, part)
            yield statement_line(part, RDF.type, VOID.Dataset)
            yield statement_line(part, DCTERMS.title, text_token(f"{project.title}: {graph}", project.language))
            yield statement_line(part, VOID.triples, typed_token(len(triples), XSD.integer))
    for file in files:
        part = f"{name}/{file.name}"
        address = project.base + file.name
        yield statement_line(name, DCAT.distribution, part)
        yield statement_line(part, RDF.type, DCAT.Distribution)
        yield statement_line(part, DCTERMS.title, text_token(file.name))
        if project.licence:
            yield statement_line(part, DCTERMS.license, project.licence)
        yield statement_line(part, DCAT.downloadURL, address)
        yield statement_line(part, DCAT.accessURL, address)
        yield statement_line(part, DCAT.byteSize, typed_token(file.size, XSD.nonNegativeInteger))
        if format_ := file.format:
            yield statement_line(part, DCAT.mediaType, _MEDIA_TYPES + format_.media_type)
            yield statement_line(part, DCTERMS.format, format_.iri)
            yield statement_line(name, VOID.feature, format_.iri)
            if file.name.startswith(project.name + "."):
                yield statement_line(name, VOID.dataDump, address)
        checksum = f"{part}/checksum"
        yield statement_line(part, SPDX.checksum, checksum)
        yield statement_line(checksum, RDF.type, SPDX.Checksum)
        yield statement_line(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
        yield statement_line(checksum, SPDX.checksumValue, typed_token(file.sha256, XSD.hexBinary))


def _origin(project: Project) -> Iterator[bytes]:
    """Who made it, when, in which version, under which licence."""
    name = project.ids.dataset
    if project.licence:
        yield statement_line(name, DCTERMS.license, project.licence)
    if project.creator:
        yield statement_line(name, DCTERMS.creator, project.creator_iri or text_token(project.creator))
    if curator := project.curator:
        # PROV's attribution is to an agent: one of our own where only a name is given
        is_iri = curator.startswith(("https://", "http://"))
        agent = curator if is_iri else f"{name}/curator"
        yield statement_line(name, PROV.wasAttributedTo, agent)
        yield statement_line(agent, RDF.type, PROV.Agent)
        if not is_iri:
            yield statement_line(agent, FOAF.name, text_token(curator))
    if project.created:
        yield statement_line(name, DCTERMS.issued, typed_token(project.created, XSD.date))
    if project.modified:
        yield statement_line(name, DCTERMS.modified, typed_token(project.modified, XSD.date))
    if project.version:
        yield statement_line(name, DCAT.version, text_token(project.version))
        yield statement_line(name, OWL.versionInfo, text_token(project.version))


def _statistics(dataset: Dataset, name: str) -> Iterator[bytes]:
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
    yield statement_line(name, VOID.triples, typed_token(len(dataset.published), XSD.integer))
    yield statement_line(name, VOID.distinctSubjects, typed_token(len(subjects), XSD.integer))
    yield statement_line(name, VOID.distinctObjects, typed_token(len(objects), XSD.integer))
    yield statement_line(name, VOID.classes, typed_token(len(classes), XSD.integer))
    yield statement_line(name, VOID.properties, typed_token(len(properties), XSD.integer))
    things = iri_token(dataset.project.ids.things)[:-1]
    yield statement_line(
        name, VOID.entities, typed_token(sum(subject.startswith(things) for subject in subjects), XSD.integer)
    )
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
