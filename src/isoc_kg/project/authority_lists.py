"""Concepts of the lists that DCAT-AP 3.0.1 names for what a catalogue says (its section “Controlled Vocabularies”).

https://semiceu.github.io/DCAT-AP/releases/3.0.1/#controlled-vocs. Each list is here as far as projects need it, with
its English labels; what a list does not have is left unsaid.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = [
    "ACCESS_RIGHTS",
    "DATASET_TYPES",
    "FILE_TYPES",
    "PUBLISHER_TYPES",
    "THEMES",
    "ListedConcept",
    "licence_types",
    "listed_language",
    "tag_of_code",
]

_EU = "http://publications.europa.eu/resource/authority/"
_ADMS = "http://purl.org/adms/"


@dataclass(frozen=True, slots=True)
class ListedConcept:
    """A concept of a list, with its English label."""

    iri: str
    label: str
    scheme: str  #: the list's IRI
    scheme_title: str


def _listed(prefix: str, scheme: str, title: str, labels: Mapping[str, str]) -> Mapping[str, ListedConcept]:
    concepts = {code: ListedConcept(prefix + code, label, scheme, title) for code, label in labels.items()}
    return MappingProxyType(concepts)


def _authority(name: str, labels: Mapping[str, str]) -> Mapping[str, ListedConcept]:
    """Concepts of a list of the Publications Office of the European Union, by their codes."""
    return _listed(f"{_EU}{name}/", _EU + name, name.replace("-", " ").capitalize(), labels)


#: What a dataset is about.
THEMES = _authority(
    "data-theme",
    {
        "AGRI": "Agriculture, fisheries, forestry and food",
        "ECON": "Economy and finance",
        "EDUC": "Education, culture and sport",
        "ENER": "Energy",
        "ENVI": "Environment",
        "GOVE": "Government and public sector",
        "HEAL": "Health",
        "INTR": "International issues",
        "JUST": "Justice, legal system and public safety",
        "OP_DATPRO": "Provisional data",
        "REGI": "Regions and cities",
        "SOCI": "Population and society",
        "TECH": "Science and technology",
        "TRAN": "Transport",
    },
)
#: Who may have it.
ACCESS_RIGHTS = _authority("access-right", {"PUBLIC": "public", "RESTRICTED": "restricted", "NON_PUBLIC": "non-public"})
DATASET_TYPES = _authority("dataset-type", {"ONTOLOGY": "Ontology", "MAPPING": "Mapping", "SCHEMA": "Schema"})
#: By the media type of a file.
FILE_TYPES: Mapping[str, ListedConcept] = MappingProxyType(
    {
        media_type: ListedConcept(f"{_EU}file-type/{code}", label, _EU + "file-type", "File type")
        for media_type, code, label in (
            ("text/turtle", "RDF_TURTLE", "RDF Turtle"),
            ("application/n-triples", "RDF_N_TRIPLES", "RDF N-Triples"),
            ("application/n-quads", "RDF_N_QUADS", "RDF N-Quads"),
            ("application/trig", "RDF_TRIG", "RDF TriG"),
            ("application/rdf+xml", "RDF_XML", "RDF XML"),
            ("application/ld+json", "JSON_LD", "JSON-LD"),
        )
    }
)
#: What kind of organisation publishes: the list of ADMS.
PUBLISHER_TYPES = _listed(
    _ADMS + "publishertype/",
    _ADMS + "publishertype/1.0",
    "Publisher type",
    {
        "Academia-ScientificOrganisation": "Academia/Scientific organisation",
        "Company": "Company",
        "IndustryConsortium": "Industry consortium",
        "LocalAuthority": "Local Authority",
        "NationalAuthority": "National authority",
        "NonGovernmentalOrganisation": "Non-Governmental Organisation",
        "NonProfitOrganisation": "Non-Profit Organisation",
        "PrivateIndividual(s)": "Private Individual(s)",
        "RegionalAuthority": "Regional authority",
        "StandardisationBody": "Standardisation body",
        "SupraNationalAuthority": "Supra-national authority",
    },
)
_LICENCE_TYPES = _listed(
    _ADMS + "licencetype/",
    _ADMS + "licencetype/1.0",
    "Licence type",
    {
        "Attribution": "Attribution",
        "NoDerivativeWork": "No derivative work",
        "NonCommercialUseOnly": "Non-commercial use only",
        "PublicDomain": "Public domain",
        "ViralEffect-ShareAlike": "Viral effect (a.k.a. Share-alike)",
    },
)
#: Of the names of Creative Commons' and Open Data Commons' licences: part → type.
_LICENCE_PARTS = {
    "by": "Attribution",
    "nc": "NonCommercialUseOnly",
    "nd": "NoDerivativeWork",
    "sa": "ViralEffect-ShareAlike",
    "zero": "PublicDomain",
    "mark": "PublicDomain",
    "pddl": "PublicDomain",
    "odbl": "ViralEffect-ShareAlike",
}
_LICENCE = re.compile(
    r"https?://(?:creativecommons\.org/(?:licenses|publicdomain)/|(?:www\.)?opendatacommons\.org/licenses/)"
    r"([a-z-]+)(?:/|$)"
)


def licence_types(licence: str) -> list[ListedConcept]:
    """What kinds of licence it is; none where its IRI does not tell.

    >>> [concept.label for concept in licence_types("https://creativecommons.org/licenses/by-nc/4.0/")]
    ['Attribution', 'Non-commercial use only']
    """
    match = _LICENCE.match(licence)
    parts = match[1].split("-") if match else []
    known = all(part in _LICENCE_PARTS for part in parts)
    return [_LICENCE_TYPES[_LICENCE_PARTS[part]] for part in parts] if known else []


def listed_language(tag: str) -> ListedConcept | None:
    """The language of a tag (RFC 5646), whatever its script and region; None for one that is not in the table here.

    >>> listed_language("de-CH").iri
    'http://publications.europa.eu/resource/authority/language/DEU'
    """
    code, label = _LANGUAGES.get(tag.lower().partition("-")[0], ("", ""))
    return ListedConcept(f"{_EU}language/{code}", label, _EU + "language", "Language") if code else None


def tag_of_code(tag: str) -> str | None:
    """The tag that RFC 5646 (section 2.2.1) has for a language named by its code of ISO 639-3; None for no such code.

    >>> tag_of_code("deu"), tag_of_code("haw")
    ('de', None)
    """
    return next((subtag for subtag, (code, _) in _LANGUAGES.items() if code == tag.upper()), None)


#: Subtag of ISO 639-1, the list's code (that of ISO 639-3), label.
_TABLE = """
af afr Afrikaans; am amh Amharic; ar ara Arabic; az aze Azerbaijani; be bel Belarusian; bg bul Bulgarian; bn ben
Bengali; br bre Breton; bs bos Bosnian; ca cat Catalan; co cos Corsican; cs ces Czech; cy cym Welsh; da dan Danish;
de deu German; el ell Greek; en eng English; eo epo Esperanto; es spa Spanish; et est Estonian; eu eus Basque; fa
fas Persian; fi fin Finnish; fo fao Faroese; fr fra French; fy fry Western Frisian; ga gle Irish; gd gla Scottish
Gaelic; gl glg Galician; gu guj Gujarati; he heb Hebrew; hi hin Hindi; hr hrv Croatian; hu hun Hungarian; hy hye
Armenian; id ind Indonesian; is isl Icelandic; it ita Italian; ja jpn Japanese; ka kat Georgian; kk kaz Kazakh; km
khm Khmer; kn kan Kannada; ko kor Korean; ku kur Kurdish; la lat Latin; lb ltz Luxembourgish; lo lao Lao; lt lit
Lithuanian; lv lav Latvian; mk mkd Macedonian; ml mal Malayalam; mn mon Mongolian; mr mar Marathi; ms msa Malay; mt
mlt Maltese; my mya Burmese; nb nob Norwegian Bokmål; ne nep Nepali; nl nld Dutch; nn nno Norwegian Nynorsk; no nor
Norwegian; oc oci Occitan; pa pan Punjabi; pl pol Polish; pt por Portuguese; rm roh Romansh; ro ron Romanian; ru rus
Russian; se sme Northern Sami; si sin Sinhala; sk slk Slovak; sl slv Slovenian; so som Somali; sq sqi Albanian; sr
srp Serbian; sv swe Swedish; sw swa Swahili; ta tam Tamil; te tel Telugu; th tha Thai; tr tur Turkish; uk ukr
Ukrainian; ur urd Urdu; uz uzb Uzbek; vi vie Vietnamese; yi yid Yiddish; zh zho Chinese; zu zul Zulu
"""
_LANGUAGES = {
    tag: (code.upper(), label) for tag, code, label in (entry.split(maxsplit=2) for entry in _TABLE.split(";"))
}
