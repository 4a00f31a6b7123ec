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

    rules: int = 2  #: edition of the rules; 1 is that of version 1 of isoc-kg
    headings: bool = True  #: recognise headings without a blank line after them
    lists: bool = True  #: recognise lines that begin with a list mark or a label
    tables: bool = True  #: recognise lines with cells between tabs or vertical bars
    run_in: bool = True  #: recognise headings, transcriptions and lists that run into the surrounding text
    abbreviations: tuple[str, ...] = ()  #: further abbreviations after which no sentence ends


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """One `[[document]]`: an edition of a text that facts rest on."""

    slug: str  #: local name of the document: lower-case words joined by hyphens
    edition: str  #: name of the edition, in the same form as the slug
    title: str  #: title of the document
    language: str  #: language tag of the text
    path: Path | None = None  #: path of the text; the file may be missing
    rights: str | None = None  #: rights in the text
    source: str | None = None  #: IRI of the source of the text
    publish_text: bool = False  #: publish the sentences of the document
    revision_of: str | None = None  #: name of the previous edition
    about: str | None = None  #: local name of the thing that the document is about
    author: str | None = None  #: name or IRI of the author
    publisher: str | None = None  #: name or IRI of the publisher
    date: str | None = None  #: date of publication: a year, a month or a day
    original: Path | None = None  #: path of the original file of the text; the file may be missing
    original_sha256: str | None = None  #: SHA-256 of the original file
    fetched: str | None = None  #: time at which `source` was fetched (ISO 8601)
    unknown: tuple[str, ...] = ()  #: which of `PROVENANCE` are unknown; this removes the warning
    units: UnitSettings = field(default_factory=UnitSettings)


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of a project, relative to its `kg.toml`."""

    ontology: str = "ontology"  #: classes and properties in Turtle; `alignments.ttl` has links to other data
    shapes: str = "shapes"  #: SHACL shapes
    facts: str = "facts"  #: statements with their evidence
    queries: str = "queries"  #: named queries, one in each file
    out: str = "out"  #: output of `build`


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """The second reader of the evidence check, under `[evidence]`; it runs only with `--verifier`."""

    verifier: str = ""  #: command of the second reader; empty for none
    verifier_seconds: float = 600.0  #: time limit of the command


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """What the publication contains about reviews, under `[review]`."""

    publish_names: bool = False  #: publish the names of who proposed and who accepted a claim


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """Pages and data files of a site, under `[site]`."""

    formats: tuple[str, ...] = SITE_FORMATS  #: data formats of each thing, of `SITE_FORMATS`
    accent: str | None = None  #: colour of links, buttons and drawings, such as `#0b5563`; default: the theme's
    accent_dark: str | None = None  #: the same for dark pages; default: the accent, made lighter
    #: name → property (IRI) that links things: lists in addition to those by class, scheme and year
    facets: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NameProperties:
    """The properties (IRIs) whose values name a thing, the best first.

    Either list can be set under `[names]`, in place of the whole list here, by prefixed names or IRIs:

        [names]
        labels = ["rdfs:label", "dcterms:title"]
        alternatives = ["skos:altLabel"]
    """

    #: properties of labels; the label is the first value in the project's language, or without a language
    labels: tuple[str, ...] = (
        *(RDFS.label, SCHEMA.name, SKOS.prefLabel),
        *(DCTERMS.title, FOAF.name, ONTOLEX.writtenRep),
    )
    #: properties of other names, such as acronyms and misspellings, by which a thing is found
    alternatives: tuple[str, ...] = (SCHEMA.alternateName, SKOS.altLabel, SKOS.hiddenLabel)


@dataclass(frozen=True, slots=True)
class CatalogueSettings:
    """Keywords, themes and access rights for catalogues, under `[catalogue]`; codes are those of `authority_lists`."""

    keywords: tuple[str, ...] = ()  #: keywords, in the project's language
    themes: tuple[str, ...] = ()  #: themes: codes of `THEMES`
    access: str | None = None  #: access rights: a code of `ACCESS_RIGHTS`


@dataclass(frozen=True, slots=True)
class Publisher:
    """The publisher of the data, under `[publisher]`; without it, the creator."""

    name: str  #: name of the person or organisation
    iri: str | None = None  #: IRI of the publisher
    type: str | None = None  #: kind of publisher: a code of `PUBLISHER_TYPES`


@dataclass(frozen=True, slots=True)
class Contact:
    """Where readers report mistakes, under `[contact]`: by mail, by a form, or both."""

    name: str | None = None  #: name of the person or department
    mail: str | None = None  #: mail address, such as `data@example.org`
    form: str | None = None  #: URL of a form, such as an issue tracker
