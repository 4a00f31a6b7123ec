"""The publication described for machines: VoID (https://www.w3.org/TR/void/) and DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/)."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ..authoring.dataset import GRAPHS, Dataset, text_token
from ..errors import UnknownName
from ..formats import Format, format_from_path
from ..namespaces import DCAT, DCTERMS, FOAF, OWL, RDF, SPDX, VOID, XSD
from ..rdf.lines import iri, sort_lines, split

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
    return sort_lines([line.encode() for line in _description(dataset, files)])


def _description(dataset: Dataset, files: Sequence[DataFile]) -> Iterator[str]:
    project = dataset.project
    name = project.ids.dataset

    def say(subject: str, predicate: str, object_: str) -> str:
        return f"<{subject}> <{predicate}> {object_} .\n"

    def number(value: int) -> str:
        return f'"{value}"^^<{XSD.integer}>'

    def text(value: str, language: str | None = project.language) -> str:
        return text_token(value, language).decode()

    def day(value: object) -> str:
        return f'"{value}"^^<{XSD.date}>'

    for class_ in (DCAT.Dataset, VOID.Dataset):
        yield say(name, RDF.type, f"<{class_}>")
    yield say(name, DCTERMS.title, text(project.title))
    yield say(name, DCTERMS.description, text(project.description))
    yield say(name, DCTERMS.license, f"<{project.licence}>")
    yield say(name, DCTERMS.creator, f"<{project.creator_iri}>" if project.creator_iri else text(project.creator, None))
    yield say(name, DCTERMS.issued, day(project.created))
    yield say(name, DCTERMS.modified, day(project.modified))
    yield say(name, DCAT.version, text(project.version, None))
    yield say(name, OWL.versionInfo, text(project.version, None))
    yield say(name, DCTERMS.identifier, text(f"sha256:{dataset.digest}", None))
    yield say(name, DCTERMS.language, text(project.language, None))
    if project.homepage:
        yield say(name, FOAF.homepage, f"<{project.homepage}>")
    if project.subject:
        yield say(name, VOID.exampleResource, f"<{project.ids.thing(project.subject)}>")
        yield say(name, DCTERMS.subject, f"<{project.ids.thing(project.subject)}>")
    yield say(name, VOID.uriSpace, text(project.ids.things, None))
    for edition in dataset.editions:
        yield say(name, DCTERMS.source, f"<{edition}>")
    yield from _statistics(dataset, name, number, say)
    for graph in GRAPHS:
        triples = dataset.graph(graph)
        if triples:
            part = project.ids.graph(graph)
            yield say(name, VOID.subset, f"<{part}>")
            yield say(part, RDF.type, f"<{VOID.Dataset}>")
            yield say(part, DCTERMS.title, text(f"{project.title}: {graph}"))
            yield say(part, VOID.triples, number(len(triples)))
    for file in files:
        part = f"{name}/{file.name}"
        address = project.base + file.name
        yield say(name, DCAT.distribution, f"<{part}>")
        yield say(part, RDF.type, f"<{DCAT.Distribution}>")
        yield say(part, DCTERMS.title, text(file.name, None))
        yield say(part, DCTERMS.license, f"<{project.licence}>")
        yield say(part, DCAT.downloadURL, f"<{address}>")
        yield say(part, DCAT.accessURL, f"<{address}>")
        yield say(part, DCAT.byteSize, f'"{file.size}"^^<{XSD.nonNegativeInteger}>')
        if format_ := file.format:
            yield say(part, DCAT.mediaType, f"<{_MEDIA_TYPES}{format_.media_type}>")
            yield say(part, DCTERMS.format, f"<{format_.iri}>")
            yield say(name, VOID.feature, f"<{format_.iri}>")
            if file.name.startswith(project.name + "."):
                yield say(name, VOID.dataDump, f"<{address}>")
        checksum = f"{part}/checksum"
        yield say(part, SPDX.checksum, f"<{checksum}>")
        yield say(checksum, RDF.type, f"<{SPDX.Checksum}>")
        yield say(checksum, SPDX.algorithm, f"<{SPDX.checksumAlgorithm_sha256}>")
        yield say(checksum, SPDX.checksumValue, f'"{file.sha256}"^^<{XSD.hexBinary}>')


def _statistics(dataset: Dataset, name: str, number, say) -> Iterator[str]:  # type: ignore[no-untyped-def]
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
    yield say(name, VOID.triples, number(len(dataset.published)))
    yield say(name, VOID.distinctSubjects, number(len(subjects)))
    yield say(name, VOID.distinctObjects, number(len(objects)))
    yield say(name, VOID.classes, number(len(classes)))
    yield say(name, VOID.properties, number(len(properties)))
    things = f"<{dataset.project.ids.things}".encode()
    yield say(name, VOID.entities, number(sum(subject.startswith(things) for subject in subjects)))
    for vocabulary in sorted({term[: max(term.rfind("#"), term.rfind("/")) + 1] for term in (*classes, *properties)}):
        yield say(name, VOID.vocabulary, f"<{vocabulary}>")
    for kind, counts, of, count_of in (
        ("class", classes, VOID["class"], VOID.entities),
        ("property", properties, VOID.property, VOID.triples),
    ):
        prefixes = dataset.project.prefixes
        for term, count in counts.items():
            from ..iris import compact

            part = f"{name}/{kind}/{compact(term, prefixes).strip('<>')}"
            yield say(name, VOID[f"{kind}Partition"], f"<{part}>")
            yield say(part, of, f"<{term}>")
            yield say(part, count_of, number(count))
