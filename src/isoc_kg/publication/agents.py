"""Who stands behind a publication, as DCAT-AP has agents and contacts, and what licence it has.

https://semiceu.github.io/DCAT-AP/releases/3.0.1/#Agent. Where `kg.toml` gives a name alone, the agent has an IRI below
the dataset's; what it does not give is left unsaid.
"""

from collections.abc import Iterator
from urllib.parse import quote

from ..namespaces import DCTERMS, FOAF, PROV, RDF, SKOS, VCARD
from ..project import Project
from ..project.authority_lists import PUBLISHER_TYPES, ListedConcept, licence_types
from ..rdf.tokens import statement_line, text_token

__all__ = [
    "UNKNOWN",
    "concept_lines",
    "creator_iri",
    "creator_type",
    "describe_agents",
    "describe_licence",
    "mailto",
    "publisher_iri",
    "publisher_name",
    "publisher_type",
]

#: The class of schema.org of an agent of which nobody knows what it is.
UNKNOWN = "Thing"
#: Of the types of publishers, the one that is no organisation.
_INDIVIDUALS = "PrivateIndividual(s)"


def concept_lines(concept: ListedConcept, *classes: str) -> Iterator[bytes]:
    """A concept of a list, its label and list, so that nobody need look it up."""
    for class_ in (SKOS.Concept, *classes):
        yield statement_line(concept.iri, RDF.type, class_)
    yield statement_line(concept.iri, SKOS.prefLabel, text_token(concept.label, "en"))
    yield statement_line(concept.iri, SKOS.inScheme, concept.scheme)
    yield statement_line(concept.scheme, RDF.type, SKOS.ConceptScheme)
    yield statement_line(concept.scheme, DCTERMS.title, text_token(concept.scheme_title, "en"))


def creator_iri(project: Project) -> str | None:
    """The agent that made it; None where `kg.toml` does not say."""
    if not project.creator:
        return None
    return project.creator_iri or f"{project.ids.dataset}/creator"


def publisher_iri(project: Project) -> str | None:
    """The agent that publishes it: `[publisher]`, or else whoever made it."""
    if project.publisher is None:
        return creator_iri(project)
    if project.publisher.iri:
        return project.publisher.iri
    same = project.publisher.name == project.creator
    return creator_iri(project) if same else f"{project.ids.dataset}/publisher"


def publisher_name(project: Project) -> str | None:
    """What the publisher is called."""
    return project.publisher.name if project.publisher else project.creator


def publisher_type(project: Project) -> str:
    """The class of schema.org that the publisher is known to have.

    `Organization` where `[publisher]` names a type of organisation, else `Thing`: private individuals are none, one
    name for several is no `Person`, and where no type is given nobody knows.
    """
    kind = project.publisher.type if project.publisher else None
    return "Organization" if kind and kind != _INDIVIDUALS else UNKNOWN


def creator_type(project: Project) -> str:
    """That of the maker, which is known where the publisher is the same."""
    return publisher_type(project) if creator_iri(project) == publisher_iri(project) else UNKNOWN


def mailto(mail: str) -> str:
    """The IRI of a mail address (RFC 6068)."""
    return "mailto:" + quote(mail, safe="@!$'*+=~._-")


def describe_agents(project: Project, resources: list[str]) -> Iterator[bytes]:
    """Creator, publisher, curator and contact of resources, in no order."""
    creator, publisher = creator_iri(project), publisher_iri(project)
    if creator:
        yield from _agent(creator, project.creator)
    if publisher and project.publisher:
        yield from _agent(publisher, project.publisher.name)
        if project.publisher.type:
            kind = PUBLISHER_TYPES[project.publisher.type]
            yield statement_line(publisher, DCTERMS.type, kind.iri)
            yield from concept_lines(kind)
    contact = f"{project.ids.dataset}/contact"
    yield from _contact(project, contact)
    for resource in resources:
        if creator:
            yield statement_line(resource, DCTERMS.creator, creator)
        if publisher:
            yield statement_line(resource, DCTERMS.publisher, publisher)
    if curator := project.curator:
        # PROV's attribution is to an agent: one of our own where only a name is given
        is_iri = curator.startswith(("https://", "http://"))
        agent = curator if is_iri else f"{project.ids.dataset}/curator"
        yield statement_line(project.ids.dataset, PROV.wasAttributedTo, agent)
        yield statement_line(agent, RDF.type, PROV.Agent)
        if not is_iri:
            yield statement_line(agent, FOAF.name, text_token(curator))


def _agent(agent: str, name: str | None) -> Iterator[bytes]:
    for class_ in (FOAF.Agent, PROV.Agent):
        yield statement_line(agent, RDF.type, class_)
    if name:
        yield statement_line(agent, FOAF.name, text_token(name))


def _contact(project: Project, contact: str) -> Iterator[bytes]:
    """The contact as a vCard (https://www.w3.org/TR/vcard-rdf/)."""
    given = project.contact
    if given is None:
        return
    yield statement_line(contact, RDF.type, VCARD.Kind)
    name = given.name or (project.publisher.name if project.publisher else project.creator) or project.title
    yield statement_line(contact, VCARD.fn, text_token(name))
    if given.mail:
        yield statement_line(contact, VCARD.hasEmail, mailto(given.mail))
    if given.form:
        yield statement_line(contact, VCARD.hasURL, given.form)


def describe_licence(licence: str) -> Iterator[bytes]:
    """A licence as a document, with what kinds of licence it is where its IRI tells."""
    yield statement_line(licence, RDF.type, DCTERMS.LicenseDocument)
    for kind in licence_types(licence):
        yield statement_line(licence, DCTERMS.type, kind.iri)
        yield from concept_lines(kind)
