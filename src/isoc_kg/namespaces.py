"""The namespaces and prefixes that every part knows without being told."""

from collections.abc import Mapping
from types import MappingProxyType

__all__ = [
    "BOOLEAN_FORMS",
    "COMMON_PREFIXES",
    "DCAT",
    "DCTERMS",
    "DECOMP",
    "DQV",
    "EV",
    "FOAF",
    "FRACTION_TYPES",
    "INTEGER_BOUNDS",
    "INTEGER_TYPES",
    "OA",
    "ONTOLEX",
    "ORG",
    "OWL",
    "PREFIXES",
    "PROV",
    "RDF",
    "RDFS",
    "SCHEMA",
    "SH",
    "SKOS",
    "SPDX",
    "STATEMENT_PARTS",
    "VANN",
    "VCARD",
    "VOID",
    "XSD",
    "Namespace",
]


class Namespace:
    """Terms of one vocabulary: `RDF.type` and `RDF["type"]` are the IRI as a `str`.

    >>> RDF.type
    'http://www.w3.org/1999/02/22-rdf-syntax-ns#type'
    """

    def __init__(self, iri: str) -> None:
        self.iri = iri

    def __getattr__(self, name: str) -> str:
        if name.startswith("__"):  # keep copy, pickle and doctest from asking a vocabulary
            raise AttributeError(name)
        term = self.__dict__[name] = self.iri + name  # asked but once: some are in every loop
        return term

    def __getitem__(self, name: str) -> str:
        return self.iri + name

    def __repr__(self) -> str:
        return f"Namespace({self.iri!r})"


RDF = Namespace("http://www.w3.org/1999/02/22-rdf-syntax-ns#")
RDFS = Namespace("http://www.w3.org/2000/01/rdf-schema#")
OWL = Namespace("http://www.w3.org/2002/07/owl#")
XSD = Namespace("http://www.w3.org/2001/XMLSchema#")
SKOS = Namespace("http://www.w3.org/2004/02/skos/core#")
SCHEMA = Namespace("https://schema.org/")
ORG = Namespace("http://www.w3.org/ns/org#")
PROV = Namespace("http://www.w3.org/ns/prov#")
DCTERMS = Namespace("http://purl.org/dc/terms/")
DCAT = Namespace("http://www.w3.org/ns/dcat#")
DQV = Namespace("http://www.w3.org/ns/dqv#")
VOID = Namespace("http://rdfs.org/ns/void#")
OA = Namespace("http://www.w3.org/ns/oa#")
ONTOLEX = Namespace("http://www.w3.org/ns/lemon/ontolex#")
DECOMP = Namespace("http://www.w3.org/ns/lemon/decomp#")
VANN = Namespace("http://purl.org/vocab/vann/")
FOAF = Namespace("http://xmlns.com/foaf/0.1/")
SH = Namespace("http://www.w3.org/ns/shacl#")
SPDX = Namespace("http://spdx.org/rdf/terms#")
VCARD = Namespace("http://www.w3.org/2006/vcard/ns#")
#: The vocabulary of evidence; the same in every project, whatever its own base is.
EV = Namespace("https://w3id.org/isoc-kg/evidence#")

#: The parts of the triple that a claim is about (https://www.w3.org/TR/rdf11-schema/#ch_reificationvocab).
STATEMENT_PARTS = (RDF.subject, RDF.predicate, RDF.object)
#: `xsd:integer` and the types derived from it → their least and greatest value, None where there is none
#: (https://www.w3.org/TR/xmlschema11-2/#integer).
INTEGER_BOUNDS: Mapping[str, tuple[int | None, int | None]] = MappingProxyType(
    {
        XSD.integer: (None, None),
        XSD.byte: (-(2**7), 2**7 - 1),
        XSD.short: (-(2**15), 2**15 - 1),
        XSD.int: (-(2**31), 2**31 - 1),
        XSD.long: (-(2**63), 2**63 - 1),
        XSD.unsignedByte: (0, 2**8 - 1),
        XSD.unsignedShort: (0, 2**16 - 1),
        XSD.unsignedInt: (0, 2**32 - 1),
        XSD.unsignedLong: (0, 2**64 - 1),
        XSD.nonNegativeInteger: (0, None),
        XSD.positiveInteger: (1, None),
        XSD.nonPositiveInteger: (None, 0),
        XSD.negativeInteger: (None, -1),
    }
)
INTEGER_TYPES = frozenset(INTEGER_BOUNDS)
#: The datatypes of numbers that are none of integers alone.
FRACTION_TYPES = frozenset((XSD.decimal, XSD.double, XSD.float))
#: The lexical forms of `xsd:boolean` → the canonical ones (https://www.w3.org/TR/xmlschema11-2/#boolean).
BOOLEAN_FORMS: Mapping[str, str] = MappingProxyType({"true": "true", "1": "true", "false": "false", "0": "false"})

PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        "rdf": RDF.iri,
        "rdfs": RDFS.iri,
        "owl": OWL.iri,
        "xsd": XSD.iri,
        "skos": SKOS.iri,
        "schema": SCHEMA.iri,
        "org": ORG.iri,
        "prov": PROV.iri,
        "dcterms": DCTERMS.iri,
        "dcat": DCAT.iri,
        "dqv": DQV.iri,
        "void": VOID.iri,
        "oa": OA.iri,
        "ontolex": ONTOLEX.iri,
        "decomp": DECOMP.iri,
        "vann": VANN.iri,
        "foaf": FOAF.iri,
        "sh": SH.iri,
        "spdx": SPDX.iri,
        "ev": EV.iri,
    }
)
#: Prefixes that many data use and none of our files does: not known without being declared, but a message names them.
COMMON_PREFIXES: Mapping[str, str] = MappingProxyType(
    {
        **PREFIXES,
        "adms": "http://www.w3.org/ns/adms#",
        "bibo": "http://purl.org/ontology/bibo/",
        "cc": "http://creativecommons.org/ns#",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcam": "http://purl.org/dc/dcam/",
        "dcmitype": "http://purl.org/dc/dcmitype/",
        "dct": DCTERMS.iri,
        "doap": "http://usefulinc.com/ns/doap#",
        "ldp": "http://www.w3.org/ns/ldp#",
        "pav": "http://purl.org/pav/",
        "prof": "http://www.w3.org/ns/dx/prof/",
        "qb": "http://purl.org/linked-data/cube#",
        "sdo": SCHEMA.iri,
        "skosxl": "http://www.w3.org/2008/05/skos-xl#",
        "sosa": "http://www.w3.org/ns/sosa/",
        "ssn": "http://www.w3.org/ns/ssn/",
        "time": "http://www.w3.org/2006/time#",
        "vcard": VCARD.iri,
    }
)
