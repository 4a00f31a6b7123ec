"""A publication as a research object: `ro-crate-metadata.json` of RO-Crate 1.1, beside the files it describes.

https://w3id.org/ro/crate/1.1. The context is named by its address, as the specification asks (section “RO-Crate
Structure”); it is not fetched. A crate needs a licence (section “Direct properties of the Root Data Entity”): where
`kg.toml` names none, none is made.
"""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from ..authoring.dataset import Dataset
from ..project import Project
from ..project.authority_lists import licence_types
from .agents import creator_iri, creator_type, mailto, publisher_iri, publisher_name, publisher_type
from .data_file import DataFile
from .indented_json import indented_json

__all__ = ["CRATE_FILE", "write_crate"]

CRATE_FILE = "ro-crate-metadata.json"
_VERSION = "https://w3id.org/ro/crate/1.1"
_ROOT = "./"
#: Media types of files that are no RDF.
_MEDIA_TYPES = {"SHA256SUMS": "text/plain"}
_Entity = dict[str, Any]


def write_crate(dataset: Dataset, files: Sequence[DataFile]) -> bytes | None:
    """The metadata file of a crate of these files; None without a licence or a date."""
    project = dataset.project
    if not project.licence or not project.created:
        return None
    descriptor: _Entity = {
        "@id": CRATE_FILE,
        "@type": "CreativeWork",
        "conformsTo": _reference(_VERSION),
        "about": _reference(_ROOT),
    }
    parts = [_file(project, file) for file in files]
    root: _Entity = {
        "@id": _ROOT,
        "@type": "Dataset",
        "name": project.title,
        "description": project.description,
        "datePublished": project.created.isoformat(),
        "license": _reference(project.licence),
        "identifier": project.ids.dataset,
        "inLanguage": project.language,
        "hasPart": [_reference(part["@id"]) for part in parts],
    }
    if project.modified:
        root["dateModified"] = project.modified.isoformat()
    if project.version:
        root["version"] = project.version
    if project.catalogue.keywords:
        root["keywords"] = ", ".join(project.catalogue.keywords)
    if project.homepage:
        root["url"] = _reference(project.homepage)
    if editions := dataset.edition_iris:
        root["isBasedOn"] = _one_or_all([_reference(edition) for edition in editions])
    entities: dict[str, _Entity] = {entity["@id"]: entity for entity in (descriptor, root)}
    for key, agent, type_, name in (
        ("author", creator_iri(project), creator_type(project), project.creator),
        ("publisher", publisher_iri(project), publisher_type(project), publisher_name(project)),
    ):
        if agent:
            root[key] = _reference(agent)
            entities.setdefault(agent, {"@id": agent, "@type": type_, "name": name})
    if (contact := _contact(project)) and (agent := publisher_iri(project)):
        entities[agent]["contactPoint"] = _reference(contact["@id"])
        entities.setdefault(contact["@id"], contact)
    if subject := project.subject:
        about = project.ids.thing(subject)
        root["about"] = _reference(about)
        names = dataset.labels.get(about)
        entities.setdefault(about, {"@id": about, "@type": "Thing", **({"name": names[0]} if names else {})})
    entities.setdefault(project.licence, _licence(project.licence))
    entities |= {part["@id"]: part for part in parts}
    graph = {"@context": f"{_VERSION}/context", "@graph": list(entities.values())}
    return indented_json(graph)


def _reference(name: str) -> dict[str, str]:
    return {"@id": name}


def _one_or_all(values: list[dict[str, str]]) -> Any:
    """Compacted JSON-LD has no list of one."""
    return values[0] if len(values) == 1 else values


def _file(project: Project, file: DataFile) -> _Entity:
    media_type = file.format.media_type if file.format else _MEDIA_TYPES.get(file.name)
    entity: _Entity = {
        "@id": quote(file.name),
        "@type": "File",
        "name": file.name,
        "description": file.description(project.name),
        "contentSize": str(file.size),
    }
    return entity | ({"encodingFormat": media_type} if media_type else {})


def _contact(project: Project) -> _Entity | None:
    """How readers reach somebody; its identifier is the mail address, or else the form."""
    given = project.contact
    if given is None:
        return None
    mail = mailto(given.mail) if given.mail else None
    entity: _Entity = {"@id": mail or given.form, "@type": "ContactPoint"}
    for key, value in (("name", given.name), ("email", given.mail), ("url", given.form)):
        if value:
            entity[key] = value
    return entity


def _licence(licence: str) -> _Entity:
    """The licence, named by its IRI: its title is its maker's to say."""
    entity = {"@id": licence, "@type": "CreativeWork", "name": licence, "identifier": licence}
    kinds = ", ".join(kind.label for kind in licence_types(licence))
    return entity | ({"description": kinds} if kinds else {})
