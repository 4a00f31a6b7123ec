"""What the tables of a `kg.toml` set, with what holds where nothing is set."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from ..namespaces import DCTERMS, FOAF, ONTOLEX, RDFS, SCHEMA, SKOS

__all__ = [
    "LOCAL_NAMES",
    "ORIGIN",
    "PROVENANCE",
    "SITE_FORMATS",
    "CatalogueSettings",
    "Contact",
    "DocumentSource",
    "EvidenceSettings",
    "Folders",
    "NameProperties",
    "Publisher",
    "ReviewSettings",
    "SiteSettings",
    "UnitSettings",
]

#: What an edition says of where it comes from.
PROVENANCE = ("author", "publisher", "date", "source")
#: What an edition says of the file that its text was taken out of.
ORIGIN = ("original", "original_sha256", "fetched")
#: The formats of data that stand beside pages, by the extension of their files.
SITE_FORMATS = ("ttl", "jsonld", "nt", "rdf")
#: Which letters local names of things may have.
LOCAL_NAMES = ("ascii", "any-script")


@dataclass(frozen=True, slots=True)
class UnitSettings:
    """How a document is cut into units, under `[document.units]` below its `[[document]]`."""

    rules: int = 2  #: the edition of the rules; the first is that of version 1
    headings: bool = True  #: lines that are headings, without a blank line behind them
    lists: bool = True  #: lines that begin with a list mark or a label
    tables: bool = True  #: lines with cells between tabs or vertical bars
    run_in: bool = True  #: headings, transcriptions and lists that run into the text around them
    abbreviations: tuple[str, ...] = ()  #: behind which no sentence ends, besides those of the language


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """One `[[document]]`: an edition of a text that facts rest on."""

    slug: str  #: its local name: lower-case words joined by hyphens
    edition: str  #: which edition of it this is, in the same form
    title: str  #: what the document is called
    language: str  #: the tag of the language that it is in
    path: Path | None = None  #: where the text may lie; it need not be there
    rights: str | None = None  #: whose it is, and what may be done with it
    source: str | None = None  #: an IRI that says where the text comes from
    publish_text: bool = False  #: whether its sentences may be published
    revision_of: str | None = None  #: the edition before this one
    about: str | None = None  #: local name of the thing that the document is about
    author: str | None = None  #: who wrote it: a name or an IRI
    publisher: str | None = None  #: a name or an IRI
    date: str | None = None  #: when it was published: a year, a month or a day
    original: Path | None = None  #: where the file may lie that the text was taken out of
    original_sha256: str | None = None  #: of that file
    fetched: str | None = None  #: when it was fetched from `source`, in the form of ISO 8601
    unknown: tuple[str, ...] = ()  #: those of `PROVENANCE` that are not known, said so that nobody need ask
    units: UnitSettings = field(default_factory=UnitSettings)


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of a project, relative to its `kg.toml`."""

    ontology: str = "ontology"  #: classes and properties in Turtle; `alignments.ttl` has the links to other data
    shapes: str = "shapes"  #: what data are validated against
    facts: str = "facts"  #: statements with their evidence
    queries: str = "queries"  #: questions with names, a file each
    out: str = "out"  #: where `build` writes


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """The second reader of the evidence check, under `[evidence]`; it runs only when it is asked for."""

    verifier: str = ""  #: a command; empty when there is none
    verifier_seconds: float = 600.0  #: how long it may take


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """What is published of a review, under `[review]`."""

    publish_names: bool = False  #: whether claims that were proposed say who proposed and who accepted them


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """How the publication looks as pages, under `[site]`."""

    formats: tuple[str, ...] = SITE_FORMATS  #: of `SITE_FORMATS`: what each thing is given in, beside its page
    accent: str | None = None  #: the colour of links, buttons, focus and drawings, as `#0b5563`; else the theme's own
    accent_dark: str | None = None  #: for dark pages; else the accent is made lighter
    #: name → property (IRI) that links things: further lists, besides those by class, scheme and year
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NameProperties:
    """The properties (IRIs) whose values name a thing, the best first.

    Either list can be set under `[names]`, in place of the whole list here, by prefixed names or IRIs:

        [names]
        labels = ["rdfs:label", "dcterms:title"]
        alternatives = ["skos:altLabel"]
    """

    #: what a thing is called: the first of these that it has in the project's language, or in none, is its label
    labels: tuple[str, ...] = (
        *(RDFS.label, SCHEMA.name, SKOS.prefLabel),
        *(DCTERMS.title, FOAF.name, ONTOLEX.writtenRep),
    )
    #: what it is also called: acronyms, other and misprinted names; by these, too, it is found
    alternatives: tuple[str, ...] = (SCHEMA.alternateName, SKOS.altLabel, SKOS.hiddenLabel)


@dataclass(frozen=True, slots=True)
class CatalogueSettings:
    """What catalogues of data sort a publication by, under `[catalogue]`; codes are those of `authority_lists`."""

    keywords: tuple[str, ...] = ()  #: in the project's language
    themes: tuple[str, ...] = ()  #: codes of `THEMES`
    access: str | None = None  #: a code of `ACCESS_RIGHTS`


@dataclass(frozen=True, slots=True)
class Publisher:
    """Who makes the publication available, under `[publisher]`."""

    name: str  #: of the person or body
    iri: str | None = None  #: an IRI for it
    type: str | None = None  #: a code of `PUBLISHER_TYPES`


@dataclass(frozen=True, slots=True)
class Contact:
    """Where readers turn with questions and objections, under `[contact]`: by mail, by a form, or both."""

    name: str | None = None  #: of the person or desk
    mail: str | None = None  #: an address such as `data@example.org`
    form: str | None = None  #: the URL of a page, such as that on which issues are filed
