"""The identifiers of a publication: which IRI a thing, a claim, a unit or a graph has."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from .lazy_patterns import lazy_pattern
from .namespaces import COMMON_PREFIXES

__all__ = [
    "Identifiers",
    "compact",
    "expand",
    "hint_at_prefix",
    "is_language_tag",
    "is_local_name",
    "is_normal",
    "local_name",
    "local_name_of",
    "normalized",
]

#: Categories of Unicode (https://www.unicode.org/reports/tr44/#General_Category_Values) that lower-case words have.
_OF_WORDS = frozenset(("Ll", "Lm", "Lo", "Mn", "Mc", "Nd"))
_LOCAL_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
#: `langtag` and `privateuse` of RFC 5646, section 2.1, as engines require them; no grandfathered tags.
_PRIVATE_USE = r"x(?:-[a-z0-9]{1,8})+"
_LANGUAGE_TAG = lazy_pattern(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4,8})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|[0-9]{3}))?"
    r"(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*(?:-[0-9a-wy-z](?:-[a-z0-9]{2,8})+)*"
    rf"(?:-{_PRIVATE_USE})?|{_PRIVATE_USE}",
    re.ASCII | re.IGNORECASE,
)
#: A local part that every Turtle and SPARQL parser reads without escapes; a subset of PN_LOCAL
#: (https://www.w3.org/TR/turtle/#grammar-production-PN_LOCAL).
_PLAIN_LOCAL = re.compile(r"(?:[A-Za-z0-9_](?:[A-Za-z0-9_.\-]*[A-Za-z0-9_\-])?)?")
#: Beyond ASCII, what IRIs may have, format characters and separators among it; in queries private characters, too.
_BEYOND_ASCII = (
    "\xa0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    + "".join(f"{chr(plane)}-{chr(plane + 0xFFFD)}" for plane in range(0x10000, 0xE0000, 0x10000))
    + "\U000e1000-\U000efffd"
)
_PRIVATE = "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"
_CHARACTER = rf"[A-Za-z0-9._~:@!$&'()*+,;={_BEYOND_ASCII}-]|%[0-9A-Fa-f]{{2}}"
_NEAR = 0.75  #: how alike two prefixes are of which one may be meant for the other


@cache
def _absolute() -> re.Pattern[str]:
    """What an absolute IRI matches; not compiled where nobody asks."""
    return re.compile(
        rf"[A-Za-z][A-Za-z0-9+.-]*:(?=.)(?://(?:{_CHARACTER}|[\[\]])*(?=[/?#]|\Z))?(?:{_CHARACTER}|/)*"
        rf"(?:\?(?:{_CHARACTER}|[/?{_PRIVATE}])*)?(?:#(?:{_CHARACTER}|[/?])*)?",
        re.DOTALL,
    )


def is_local_name(name: str, *, any_script: bool = False) -> bool:
    """Whether the name may stand behind `id/`: lower-case words joined by single hyphens.

    With `any_script` the words have letters, marks and digits of any script, in Normalization Form C
    (https://www.w3.org/TR/charmod-norm/#normalizationChoice), so that equal names are equal IRIs.

    >>> is_local_name("internet-society"), is_local_name("Internet_Society"), is_local_name("東京")
    (True, False, False)
    >>> is_local_name("東京", any_script=True), is_local_name("Ärzte", any_script=True)
    (True, False)
    """
    if _LOCAL_NAME.fullmatch(name) is not None:
        return True
    return any_script and all(map(_is_word, name.split("-"))) and is_normal(name) and name == name.lower()


def _is_word(text: str) -> bool:
    """Whether a text begins with a letter or a digit and has none but these and marks; those that IRIs may have."""
    return (
        text != ""
        and not unicodedata.category(text[0]).startswith("M")
        and all(unicodedata.category(one) in _OF_WORDS for one in text)
        and is_absolute(f"x:{text}")
    )


def is_normal(name: str) -> bool:
    """Whether a text is in Normalization Form C, in which what looks alike is alike."""
    return unicodedata.is_normalized("NFC", name)


def normalized(name: str) -> str:
    """The text in Normalization Form C."""
    return unicodedata.normalize("NFC", name)


def local_name_of(label: str, *, any_script: bool = False) -> str:
    """A label as a local name: its words, marks taken off, or in its own script; empty where it has none.

    >>> local_name_of("Größe & Zahl"), local_name_of("東京 タワー", any_script=True), local_name_of("東京")
    ('groe-zahl', '東京-タワー', '')
    """
    if any_script:
        text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", label).lower())
        words = "".join(one if unicodedata.category(one) in _OF_WORDS else " " for one in text).split()
        name = "-".join(words)
        return name if is_local_name(name, any_script=True) else ""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    return "-".join(re.findall("[a-z0-9]+", plain.replace("'", "")))


def is_language_tag(tag: str) -> bool:
    """Whether a text has the form of a language tag (https://www.w3.org/TR/turtle/#grammar-production-LANGTAG).

    >>> is_language_tag("de-CH"), is_language_tag("../de")
    (True, False)
    """
    return _LANGUAGE_TAG.fullmatch(tag) is not None


def is_absolute(name: str) -> bool:
    r"""Whether it is an absolute IRI by the grammar of RFC 3987 (section 2.2); hosts and ports are not looked at.

    >>> is_absolute("https://e.org/\u202e"), is_absolute("https://e.org/a b"), is_absolute("e.org/a")
    (True, False, False)
    """
    return _absolute().fullmatch(name) is not None


def local_name(iri: str) -> str:
    """What stands behind the last `#` or `/`.

    >>> local_name("https://w3id.org/isoc-kg/evidence#supportedBy")
    'supportedBy'
    """
    return iri[max(iri.rfind("#"), iri.rfind("/")) + 1 :]


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
    any_script: bool = False  #: whether local names of things may have letters of any script

    def is_thing_name(self, name: str) -> bool:
        """Whether the name may stand behind `id/` in this project."""
        return is_local_name(name, any_script=self.any_script)

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

    def nanopublication(self, claim: str) -> str:
        """The IRI of the nanopublication of a claim (IRI)."""
        return f"{self.base}nanopub/{claim.removeprefix(self.claims)}"

    def claim(self, triple: bytes, about: str | None = None) -> str:
        """The IRI of the claim that a triple holds; `about` is what `claims_about` its subject gives, if that is known.

        The subject's local name and the first 16 hex digits of the SHA-256 of the triple's canonical
        N-Triples line (https://www.w3.org/TR/rdf12-n-triples/#canonical-ntriples), its ` .` and line feed
        included. A subject from elsewhere gets a name made of its IRI's last part.
        """
        import hashlib  # it loads OpenSSL

        if about is None:
            about = self.claims_about(triple[1 : triple.index(b">")].decode())
        return about + hashlib.sha256(triple).hexdigest()[:16]

    def claims_about(self, subject: str) -> str:
        """How the IRIs of the claims about a subject begin, which those about others may, too."""
        name = subject[len(self.things) :] if subject.startswith(self.things) else local_name(subject)
        if not (self.is_thing_name(name) if subject.startswith(self.things) else is_local_name(name)):
            name = "-".join(re.findall("[a-z0-9]+", name.lower())) or "thing"
        return f"{self.claims}{name}."
