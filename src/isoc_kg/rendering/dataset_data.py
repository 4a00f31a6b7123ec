"""What the pages about a publication as a whole say to search engines: a website, and a dataset with its files.

https://developers.google.com/search/docs/appearance/structured-data/dataset
"""

from typing import Any

from ..iris import is_absolute
from ..publication.agents import UNKNOWN, creator_iri, creator_type, publisher_iri, publisher_name, publisher_type
from ..wording.strings import plain
from .renderer import Renderer

__all__ = ["dataset_node", "website"]

_SHORTEST, _LONGEST = 50, 5_000  #: characters of a dataset's description


def website(renderer: Renderer) -> dict[str, Any]:
    """The site: its name, address, description and language."""
    project = renderer.project
    node: dict[str, Any] = {"@type": "WebSite", "name": project.title, "inLanguage": project.language}
    if project.description:
        node["description"] = project.description
    if address := renderer.address(""):
        node |= {"@id": address, "url": address}
    return node


def dataset_node(renderer: Renderer, statements: int) -> dict[str, Any]:
    """The dataset: what it is, who made it, under which licence, in which files.

    Its files are those that `dataset.ttl` lists as its own: ontology, shapes, the facts alone and links to other data
    are resources of their own there.
    """
    project = renderer.project
    node: dict[str, Any] = {
        "@type": "Dataset",
        "name": project.title,
        "description": _description(renderer, statements),
    }
    if not project.foreign:
        node = {"@id": project.ids.dataset, **node}
    if renderer.material.digest:
        node["identifier"] = f"sha256:{renderer.material.digest}"
    if address := renderer.address("dataset.html"):
        node["url"] = address
    if licences := [name for name in project.licences if is_absolute(name)]:
        node["license"] = licences[0] if len(licences) == 1 else licences
    for key, agent, type_, name in (
        ("creator", creator_iri(project), creator_type(project), project.creator),
        ("publisher", publisher_iri(project), publisher_type(project), publisher_name(project)),
    ):
        if name and type_ != UNKNOWN:  # a maker or publisher of schema.org is an organisation or a person
            node[key] = {**({} if project.foreign else {"@id": agent}), "@type": type_, "name": name}
    if keywords := project.catalogue.keywords:
        node["keywords"] = list(keywords)
    for key, value in (
        ("version", project.version),
        ("datePublished", project.created and project.created.isoformat()),
        ("dateModified", project.modified and project.modified.isoformat()),
    ):
        if value:
            node[key] = value
    node |= {"inLanguage": project.language, "isAccessibleForFree": True}
    if files := [file for file in renderer.material.files if project.foreign or file.has_dataset(project.name)]:
        node["distribution"] = [
            {
                "@type": "DataDownload",
                "name": file.name,
                "description": renderer.holds(file),
                "contentUrl": renderer.address(file.name) or file.name,
                "encodingFormat": file.format.media_type,
                "contentSize": f"{file.size} B",
                "sha256": file.sha256,
            }
            for file in files
            if file.format
        ]
    return node


def _description(renderer: Renderer, statements: int) -> str:
    """The publication's own description; one that is too short to be taken is made longer by what it amounts to."""
    text = " ".join((renderer.project.description or renderer.project.title).split())
    if len(text) < _SHORTEST:
        amount = plain(renderer.theme.strings["dataset_amount"]).format(count=renderer.theme.figure(statements))
        text += f"{'' if text.endswith('.') else '.'} {amount}"
    return text[:_LONGEST]
