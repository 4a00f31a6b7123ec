"""A publication as catalogues of data list it: DCAT 3 (https://www.w3.org/TR/vocab-dcat-3/) by DCAT-AP 3.0.1.

https://semiceu.github.io/DCAT-AP/releases/3.0.1/. The dataset, its graphs, its ontology and its shapes are each a
`dcat:Dataset` with the files that represent it and no others. What `kg.toml` does not give is left out, never made up.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from ..authoring.dataset import Dataset
from ..authoring.terms import EVIDENCE_ONTOLOGY
from ..namespaces import DCAT, DCTERMS, FOAF, OWL, PROV, RDF, RDFS, SPDX, XSD
from ..project import Project
from ..project.authority_lists import (
    ACCESS_RIGHTS,
    DATASET_TYPES,
    FILE_TYPES,
    THEMES,
    ListedConcept,
    listed_language,
)
from ..rdf.lines import iri, split
from ..rdf.text_preference import preference
from ..rdf.tokens import iri_token, is_iri, is_literal, statement_line, text_token, typed_token
from .agents import concept_lines, describe_agents, describe_licence, publisher_iri
from .data_file import DATASET_HOLDS, HOLDS, DataFile
from .statistics import graph_word

__all__ = ["describe_catalogue"]

#: What an ontology says of itself that a catalogue repeats.
_OWN_WORDS = (
    *(DCTERMS.title, DCTERMS.description, RDFS.comment),
    *(OWL.versionInfo, DCTERMS.license, DCTERMS.issued, DCTERMS.modified),
)
#: The language of the text that a line ends in.
_TAG = re.compile(rb'"@([A-Za-z]{2,8})[A-Za-z0-9-]*(?: <[^<>]*>)? \.\n\Z')
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"


@dataclass(frozen=True, slots=True)
class _Entry:
    """A dataset of the catalogue, besides the main one."""

    iri: str
    word: str  #: what it is, behind the title of the publication
    kinds: tuple[str, ...]  #: what its files hold
    type: ListedConcept | None = None
    own: bool = True  #: whether it is made by whoever makes the publication


def describe_catalogue(dataset: Dataset, files: Sequence[DataFile]) -> Iterator[bytes]:
    """The triples, in no order, of a catalogue with the dataset, its parts and their distributions."""
    project = dataset.project
    ids, name = project.ids, project.ids.dataset
    shared = EVIDENCE_ONTOLOGY.startswith(project.base)
    entries = [
        _Entry(name, "", DATASET_HOLDS),
        _Entry(ids.graph("facts"), graph_word("facts"), ("facts",)),
        _Entry(ids.graph("alignments"), graph_word("alignments"), ("alignments",), DATASET_TYPES["MAPPING"]),
        _Entry(ids.ontology, "ontology", ("ontology", "context"), DATASET_TYPES["ONTOLOGY"]),
        _Entry(ids.shapes, "shapes", ("shapes",), DATASET_TYPES["SCHEMA"]),
        _Entry(f"{name}/report", "validation report", ("report",)),
        _Entry(EVIDENCE_ONTOLOGY, "evidence vocabulary", ("evidence",), DATASET_TYPES["ONTOLOGY"], shared),
    ]
    by_entry = {entry.iri: [f for f in files if f.holds(project.name) in entry.kinds] for entry in entries}
    entries = [entry for entry in entries if by_entry[entry.iri]]
    own = [entry.iri for entry in entries if entry.own]
    catalogue = f"{name}/catalogue"
    publisher = publisher_iri(project)
    if publisher:  # a catalogue needs one
        yield from _catalogue(project, catalogue, [entry.iri for entry in entries])
    yield from describe_agents(project, [*own, *([catalogue] if publisher else [])])
    yield from _main(dataset, name)
    yield statement_line(ids.graph("facts"), DCTERMS.isPartOf, name)
    yield statement_line(name, DCTERMS.isReferencedBy, f"{name}/report")
    texts = {name: dataset.published} | {ids.graph(graph): dataset.graph(graph) for graph in ("facts", "alignments")}
    for entry in entries:
        languages = _languages(project, texts.get(entry.iri, ())) if entry.own else []
        yield from _entry(dataset, entry, languages)
        for file in by_entry[entry.iri]:
            yield from _distribution(dataset, entry, file, languages)
    yield from _sorted_by(project, name)
    for resource in own:
        yield from _open_to(project, resource)


def _catalogue(project: Project, catalogue: str, entries: Sequence[str]) -> Iterator[bytes]:
    yield statement_line(catalogue, RDF.type, DCAT.Catalog)
    yield statement_line(catalogue, DCTERMS.title, text_token(project.title, project.language))
    text = f"The datasets of “{project.title}”: its data, their ontology and shapes."
    yield statement_line(catalogue, DCTERMS.description, text_token(text, "en"))
    yield from _origin(project, catalogue, {}, _languages(project, ()))
    for entry in entries:
        yield statement_line(catalogue, DCAT.dataset, entry)
    if project.catalogue.themes:
        yield statement_line(catalogue, DCAT.themeTaxonomy, THEMES[project.catalogue.themes[0]].scheme)


def _main(dataset: Dataset, name: str) -> Iterator[bytes]:
    """What only the whole publication has."""
    project = dataset.project
    yield statement_line(name, DCTERMS.identifier, text_token(f"sha256:{dataset.digest}"))
    if project.subject:
        yield statement_line(name, DCTERMS.subject, project.ids.thing(project.subject))
    if project.homepage:
        yield statement_line(name, DCAT.landingPage, project.homepage)
    for edition in dataset.edition_iris:
        yield statement_line(name, PROV.wasDerivedFrom, edition)
    for standard in (project.ids.ontology, project.ids.shapes):
        yield statement_line(name, DCTERMS.conformsTo, standard)
        yield statement_line(standard, RDF.type, DCTERMS.Standard)


def _languages(project: Project, lines: Iterable[bytes]) -> list[ListedConcept]:
    """The project's language, in which titles and descriptions are, and those of the texts in lines; each once."""
    tags = {project.language: None} | {tag[1].decode(): None for line in lines if (tag := _TAG.search(line))}
    languages = {language.iri: language for language in map(listed_language, tags) if language}
    return list(languages.values())


def _entry(dataset: Dataset, entry: _Entry, languages: Iterable[ListedConcept]) -> Iterator[bytes]:
    """Title, description, origin and type of a dataset of the catalogue."""
    project = dataset.project
    yield statement_line(entry.iri, RDF.type, DCAT.Dataset)
    if entry.type:
        yield statement_line(entry.iri, DCTERMS.type, entry.type.iri)
        yield from concept_lines(entry.type)
    if entry.word:
        said = _said(dataset, entry.iri)
        titles = said[DCTERMS.title] or [text_token(f"{project.title}: {entry.word}", "en")]
        texts = said[DCTERMS.description] or said[RDFS.comment] or [text_token(HOLDS[entry.kinds[0]] + ".", "en")]
    else:
        said = {}
        titles = [text_token(project.title, project.language)]
        texts = [text_token(project.description, project.language)]
    for property_, tokens in ((DCTERMS.title, titles), (DCTERMS.description, texts)):
        for token in tokens:
            yield statement_line(entry.iri, property_, token)
    yield from _origin(project if entry.own else None, entry.iri, said, languages)


def _said(dataset: Dataset, subject: str) -> Mapping[str, list[bytes]]:
    """What the ontology says of a subject as a whole; texts in the best language first."""
    values: dict[str, list[bytes]] = {term: [] for term in _OWN_WORDS}
    start = f"<{subject}> ".encode()
    for line in dataset.graph("ontology"):
        if line.startswith(start):
            _, predicate, object_, _ = split(line)
            if iri(predicate) in values:
                values[iri(predicate)].append(object_)
    language = dataset.project.language
    return {
        term: sorted(tokens, key=lambda token: preference(token, language) if is_literal(token) else ())
        for term, tokens in values.items()
    }


def _origin(
    project: Project | None, resource: str, said: Mapping[str, list[bytes]], languages: Iterable[ListedConcept]
) -> Iterator[bytes]:
    """When it was made, in which version and languages, under which licence: its own words before the project's."""
    for property_, token in (
        (DCTERMS.license, iri_token(project.licence) if project and project.licence else None),
        (DCTERMS.issued, typed_token(project.created, XSD.date) if project and project.created else None),
        (DCTERMS.modified, typed_token(project.modified, XSD.date) if project and project.modified else None),
        (OWL.versionInfo, text_token(project.version) if project and project.version else None),
    ):
        own = said.get(property_) or ([token] if token else [])
        for value in own[:1]:
            yield statement_line(resource, property_, value)
            if property_ == OWL.versionInfo:
                yield statement_line(resource, DCAT.version, value)
    for language in languages:
        yield statement_line(resource, DCTERMS.language, language.iri)
        yield from concept_lines(language, DCTERMS.LinguisticSystem)
    if project and project.homepage:
        yield statement_line(resource, FOAF.homepage, project.homepage)
        yield statement_line(project.homepage, RDF.type, FOAF.Document)


def _sorted_by(project: Project, resource: str) -> Iterator[bytes]:
    """What catalogues sort the data by: what they are about, which ontology and shapes are not."""
    for keyword in project.catalogue.keywords:
        yield statement_line(resource, DCAT.keyword, text_token(keyword, project.language))
    for code in project.catalogue.themes:
        yield statement_line(resource, DCAT.theme, THEMES[code].iri)
        yield from concept_lines(THEMES[code])


def _open_to(project: Project, resource: str) -> Iterator[bytes]:
    """Who may have it, and whom readers turn to."""
    if access := project.catalogue.access:
        yield statement_line(resource, DCTERMS.accessRights, ACCESS_RIGHTS[access].iri)
        yield from concept_lines(ACCESS_RIGHTS[access], DCTERMS.RightsStatement)
    if project.contact:
        yield statement_line(resource, DCAT.contactPoint, f"{project.ids.dataset}/contact")


def _distribution(
    dataset: Dataset, entry: _Entry, file: DataFile, languages: Iterable[ListedConcept]
) -> Iterator[bytes]:
    project = dataset.project
    part, address = f"{project.ids.dataset}/{file.name}", project.base + file.name
    yield statement_line(entry.iri, DCAT.distribution, part)
    yield statement_line(part, RDF.type, DCAT.Distribution)
    yield statement_line(part, DCTERMS.title, text_token(file.name))
    yield statement_line(part, DCTERMS.description, text_token(file.description(project.name), "en"))
    said = _said(dataset, entry.iri)[DCTERMS.license]
    licence = iri(said[0]) if said and is_iri(said[0]) else project.licence if entry.own else None
    if licence:
        yield statement_line(part, DCTERMS.license, licence)
        yield from describe_licence(licence)
    for language in languages:
        yield statement_line(part, DCTERMS.language, language.iri)
    yield statement_line(part, DCAT.downloadURL, address)
    yield statement_line(part, DCAT.accessURL, address)
    yield statement_line(part, DCAT.byteSize, typed_token(file.size, XSD.nonNegativeInteger))
    if format_ := file.format:
        media_type = _MEDIA_TYPES + format_.media_type
        yield statement_line(part, DCAT.mediaType, media_type)
        yield statement_line(media_type, RDF.type, DCTERMS.MediaType)
        type_ = FILE_TYPES[format_.media_type]
        yield statement_line(part, DCTERMS.format, type_.iri)
        yield from concept_lines(type_, DCTERMS.MediaTypeOrExtent)
    checksum = f"{part}/checksum"
    yield statement_line(part, SPDX.checksum, checksum)
    yield statement_line(checksum, RDF.type, SPDX.Checksum)
    yield statement_line(checksum, SPDX.algorithm, SPDX.checksumAlgorithm_sha256)
    yield statement_line(SPDX.checksumAlgorithm_sha256, RDF.type, SPDX.ChecksumAlgorithm)
    yield statement_line(checksum, SPDX.checksumValue, typed_token(file.sha256, XSD.hexBinary))
