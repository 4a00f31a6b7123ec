"""The identifiers of a publication: which IRI a thing, a claim, a unit or a graph has."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from .namespaces import COMMON_PREFIXES

__all__ = ["Identifiers", "compact", "expand", "hint_at_prefix", "is_language_tag", "is_local_name", "local_name"]

_LOCAL_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{1,8}(-[A-Za-z0-9]{1,8})*")
#: A local part that every Turtle and SPARQL parser reads without escapes; a subset of PN_LOCAL
#: (https://www.w3.org/TR/turtle/#grammar-production-PN_LOCAL).
_PLAIN_LOCAL = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?)?")
_NEAR = 0.75  #: how alike two prefixes are of which one may be meant for the other


def is_local_name(name: str) -> bool:
    """Whether the name may stand behind `id/`: lower-case words joined by single hyphens.

    >>> is_local_name("internet-society"), is_local_name("Internet_Society")
    (True, False)
    """
    return _LOCAL_NAME.fullmatch(name) is not None


def is_language_tag(tag: str) -> bool:
    """Whether a text has the form of a language tag (https://www.w3.org/TR/turtle/#grammar-production-LANGTAG).

    >>> is_language_tag("de-CH"), is_language_tag("../de")
    (True, False)
    """
    return _LANGUAGE_TAG.fullmatch(tag) is not None


def is_absolute(name: str) -> bool:
    """Whether it is an absolute IRI, as far as its characters tell."""
    scheme, colon, rest = name.partition(":")
    return (
        bool(colon and rest)
        and scheme[:1].isalpha()
        and not any(c in name for c in '<>"{}|^`\\')
        and name.isprintable()
        and " " not in name
    )


def local_name(iri: str) -> str:
    """What stands behind the last `#` or `/`.

    >>> local_name("https://w3id.org/isoc-kg/evidence#supportedBy")
    'supportedBy'
    """
    return re.split(r"[#/]", iri)[-1]


def compact(iri: str, prefixes: Mapping[str, str]) -> str:
    """The IRI as a prefixed name when a prefix fits and no escape is needed, else `<iri>`.

    >>> compact("https://schema.org/name", {"schema": "https://schema.org/"})
    'schema:name'
    """
    best = ""
    for prefix, namespace in prefixes.items():
        if iri.startswith(namespace) and (not best or len(namespace) > len(prefixes[best])):
            best = prefix
    if best and _PLAIN_LOCAL.fullmatch(iri[len(prefixes[best]) :]):
        return f"{best}:{iri[len(prefixes[best]) :]}"
    return f"<{iri}>"


def expand(name: str, prefixes: Mapping[str, str]) -> str | None:
    """The IRI of a prefixed name, of `<iri>` or of an IRI; None when no prefix fits.

    >>> expand("schema:name", {"schema": "https://schema.org/"})
    'https://schema.org/name'
    """
    if name.startswith("<") and name.endswith(">"):
        return name[1:-1]
    prefix, colon, local = name.partition(":")
    if not colon:
        return None
    if prefix in prefixes:
        return prefixes[prefix] + local
    return name if local.startswith("//") or prefix == "urn" else None


def hint_at_prefix(prefix: str, known: Mapping[str, str]) -> str:
    """What to write in place of a prefix that is not known: a near one, or its declaration.

    >>> hint_at_prefix("dct", {"dcterms": "http://purl.org/dc/terms/"})
    'Write dcterms: in its place, or declare it: PREFIX dct: <http://purl.org/dc/terms/>.'
    """
    from difflib import get_close_matches

    namespace = COMMON_PREFIXES.get(prefix)
    declaration = f"declare it: PREFIX {prefix}: <{namespace or '…'}>."
    same = [name for name, iri in known.items() if name and iri == namespace]
    if same:
        return f"Write {same[0]}: in its place, or {declaration}"
    near = [] if namespace else get_close_matches(prefix, sorted(filter(None, known)), 1, _NEAR)
    if near:
        return f"Did you mean {near[0]}:? Else {declaration}"
    return declaration[0].upper() + declaration[1:]


@dataclass(frozen=True, slots=True)
class Identifiers:
    """The IRIs below one base, which ends in a slash."""

    base: str

    @property
    def things(self) -> str:
        """The namespace of things, prefix `id:`."""
        return self.base + "id/"

    @property
    def claims(self) -> str:
        """The namespace of claims, prefix `claim:`."""
        return self.base + "claim/"

    @property
    def ontology(self) -> str:
        """The IRI of the project's ontology; its terms stand behind `#`."""
        return self.base + "ontology"

    @property
    def dataset(self) -> str:
        """The IRI of the publication as a dataset."""
        return self.base + "dataset"

    @property
    def shapes(self) -> str:
        """The IRI of the shapes graph; its shapes stand behind `#`."""
        return self.base + "shapes"

    def thing(self, name: str) -> str:
        """The IRI of a thing or concept."""
        return self.things + name

    def graph(self, name: str) -> str:
        """The IRI of a named graph: facts, evidence, document, derived, ontology, alignments."""
        return f"{self.base}graph/{name}"

    def document(self, slug: str) -> str:
        """The IRI of a document, whatever its edition."""
        return f"{self.base}document/{slug}"

    def edition(self, slug: str, edition: str) -> str:
        """The IRI of one edition of a document."""
        return f"{self.base}document/{slug}/{edition}"

    def unit(self, slug: str, edition: str, number: str) -> str:
        """The IRI of a unit, such as `…#2.2`: paragraph and sentence."""
        return f"{self.base}document/{slug}/{edition}#{number}"

    def shape(self, name: str) -> str:
        """The IRI of a shape."""
        return f"{self.shapes}#{name}"

    def query(self, name: str) -> str:
        """The IRI of a named query."""
        return f"{self.base}query/{name}"

    def claim(self, triple: bytes) -> str:
        """The IRI of the claim that a triple holds.

        The subject's local name and the first 16 hex digits of the SHA-256 of the triple's canonical
        N-Triples line (https://www.w3.org/TR/rdf12-n-triples/#canonical-ntriples), its ` .` and line feed
        included. A subject from elsewhere gets a name made of its IRI's last part.
        """
        subject = triple[1 : triple.index(b">")].decode()
        name = subject[len(self.things) :] if subject.startswith(self.things) else local_name(subject)
        if not is_local_name(name):
            name = "-".join(re.findall("[a-z0-9]+", name.lower())) or "thing"
        return f"{self.claims}{name}.{hashlib.sha256(triple).hexdigest()[:16]}"
