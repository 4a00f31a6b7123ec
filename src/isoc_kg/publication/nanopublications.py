"""The claims of a publication as nanopublications: for each its statement, what it rests on, and who published it.

https://nanopub.net/guidelines/working_draft/. They are not signed, so their IRIs are the publication's own and the same
in every run. What is retracted, or settled against, is not asserted, and so has none.
"""

from collections.abc import Iterator

from ..authoring.annotations import CONTRADICTING, SUPPORTING
from ..authoring.dataset import Dataset
from ..authoring.facts import Claim
from ..namespaces import DCTERMS, FOAF, OA, OWL, PROV, RDF, XSD, Namespace
from ..project import Project
from ..rdf.lines import sort_lines, split
from ..rdf.tokens import iri_token, statement_line, text_token, typed_token
from .agents import creator_iri, publisher_iri

__all__ = ["NANOPUB_PREFIXES", "nanopublications"]

NP = Namespace("http://www.nanopub.org/nschema#")
#: The prefixes of the file, besides those of the project.
NANOPUB_PREFIXES = {"np": NP.iri}
_SELECTOR = iri_token(OA.hasSelector)


def nanopublications(dataset: Dataset) -> list[bytes]:
    """The nanopublications of all claims that hold, as sorted canonical quads, four graphs each."""
    places: dict[bytes, list[bytes]] = {}
    for line in dataset.graph("document"):
        places.setdefault(line[: line.index(b" ")], []).append(line)
    publication = list(_publication(dataset.project))
    quads: list[bytes] = []
    for triple, claim in dataset.claims.items():
        if triple not in dataset.withdrawn:
            name = dataset.project.ids.nanopublication(claim.iri)
            parts = {
                "Head": list(_head(name)),
                "assertion": [triple],
                "provenance": list(_provenance(f"{name}#assertion", claim, places)),
                "pubinfo": [*_about(dataset.project, name, claim), *publication],
            }
            for part, lines in parts.items():
                graph = iri_token(f"{name}#{part}")
                quads += [line[:-2] + graph + b" .\n" for line in dict.fromkeys(lines)]
    return sort_lines(quads)


def _head(name: str) -> Iterator[bytes]:
    yield statement_line(name, RDF.type, NP.Nanopublication)
    for property_, part in (
        (NP.hasAssertion, "assertion"),
        (NP.hasProvenance, "provenance"),
        (NP.hasPublicationInfo, "pubinfo"),
    ):
        yield statement_line(name, property_, f"{name}#{part}")


def _provenance(assertion: str, claim: Claim, places: dict[bytes, list[bytes]]) -> Iterator[bytes]:
    """All that is said in support of a claim, and the place of each unit, its words where they are published."""
    for property_, values in claim.evidence.items():
        for value in values:
            yield statement_line(assertion, property_, value.encode())
            if property_ in SUPPORTING:
                yield statement_line(assertion, PROV.wasDerivedFrom, value.encode())
            if property_ in (*SUPPORTING, *CONTRADICTING):
                for line in places.get(value.encode(), ()):
                    yield line
                    _, predicate, object_, _ = split(line)
                    if predicate == _SELECTOR:
                        yield from places.get(object_, ())


def _about(project: Project, name: str, claim: Claim) -> Iterator[bytes]:
    """When it was made, by whom, as part of what."""
    yield statement_line(name, DCTERMS.isPartOf, project.ids.dataset)
    yield statement_line(name, PROV.wasDerivedFrom, claim.iri)
    if project.modified:
        yield statement_line(name, DCTERMS.created, typed_token(project.modified, XSD.date))
    if project.version:
        yield statement_line(name, OWL.versionInfo, text_token(project.version))
    if project.licence:
        yield statement_line(name, DCTERMS.license, project.licence)
    if creator := creator_iri(project):
        yield statement_line(name, DCTERMS.creator, creator)
    if publisher := publisher_iri(project):
        yield statement_line(name, DCTERMS.publisher, publisher)


def _publication(project: Project) -> Iterator[bytes]:
    """What agents and dataset are called."""
    title = text_token(project.title, project.language)
    yield statement_line(project.ids.dataset, DCTERMS.title, title)
    for agent, name in (
        (creator_iri(project), project.creator),
        (publisher_iri(project), project.publisher.name if project.publisher else None),
    ):
        if agent and name:
            yield statement_line(agent, FOAF.name, text_token(name))
