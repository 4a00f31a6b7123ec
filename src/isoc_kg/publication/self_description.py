"""What RDF data say of themselves: title, description, maker, licence, version, date.

They say it of an `owl:Ontology`, a `dcat:Dataset` or `dcat:Catalog`, a `void:Dataset`, a `skos:ConceptScheme` or a
`schema:Dataset`. Where none of a kind is there alone, or nothing is said of it, it is left unsaid.
"""

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice

from ..authoring.terms import EVIDENCE_ONTOLOGY
from ..iris import Identifiers
from ..namespaces import DCAT, DCTERMS, EV, FOAF, OWL, RDF, RDFS, SCHEMA, SKOS, VANN, VOID
from ..project import CatalogueSettings, Project
from ..query import Evaluator
from ..rdf.lines import iri, literal, sort_lines, split
from ..rdf.text_preference import preference
from ..rdf.tokens import iri_token, is_blank, is_iri, is_literal

__all__ = ["SelfDescription", "base_of_claims", "fitted", "lines_of_the_whole", "seen_as"]

_DC = "http://purl.org/dc/elements/1.1/"
_SCHEMA = (SCHEMA.iri, SCHEMA.iri.replace("https:", "http:"))
#: Kinds of things that stand for the data as a whole, the one that is asked first before the others.
_KINDS = (
    *((OWL.Ontology,), (DCAT.Catalog,), (DCAT.Dataset,), (VOID.Dataset,), (SKOS.ConceptScheme,)),
    tuple(name + "Dataset" for name in _SCHEMA),
)
_TITLES = (DCTERMS.title, _DC + "title", RDFS.label, SKOS.prefLabel, *(name + "name" for name in _SCHEMA))
_DESCRIPTIONS = (
    *(DCTERMS.description, _DC + "description", DCTERMS.abstract, *(name + "description" for name in _SCHEMA)),
    *(RDFS.comment, SKOS.definition),
)
_LICENCES = (
    *(DCTERMS.license, "http://creativecommons.org/ns#license", *(name + "license" for name in _SCHEMA)),
    "http://www.w3.org/1999/xhtml/vocab#license",
)
_MAKERS = (*(DCTERMS.creator, _DC + "creator", FOAF.maker, *(name + "creator" for name in _SCHEMA)),)
_PUBLISHERS = (DCTERMS.publisher, _DC + "publisher", *(name + "publisher" for name in _SCHEMA))
_VERSIONS = (
    *(OWL.versionInfo, DCAT.version, *(name + "version" for name in _SCHEMA)),
    "http://purl.org/pav/version",
)
_DATES = (DCTERMS.modified, *(name + "dateModified" for name in _SCHEMA))
_NAMES = (FOAF.name, RDFS.label, *(name + "name" for name in _SCHEMA), SKOS.prefLabel)
_MOST_LINES = 10_000  #: about the whole that are asked for
_TYPE = iri_token(RDF.type)
_SUPPORTED = iri_token(EV.supportedBy)
_EVIDENCE_ONTOLOGY = iri_token(EVIDENCE_ONTOLOGY)
_CLAIM = re.compile(rb"<([^<>]+/)claim/[^<>/#?]+\.[0-9a-f]{16}> " + re.escape(_SUPPORTED))
_Values = dict[str, list[bytes]]


@dataclass(frozen=True, slots=True)
class SelfDescription:
    """What data say of themselves; None for what they do not say."""

    title: str | None = None
    description: str | None = None
    creator: str | None = None  #: all makers; where none is named, all publishers
    licences: tuple[str, ...] = ()
    version: str | None = None
    modified: date | None = None
    namespace_prefix: str | None = None  #: `vann:preferredNamespacePrefix`

    @classmethod
    def of_lines(cls, lines: Sequence[bytes], language: str = "en") -> "SelfDescription":
        """What sorted canonical lines say of the whole, in this language where they have several."""
        subject = _whole(lines)
        if subject is None:
            return cls()
        values = _said(lines, subject)
        makers = _names(lines, values, _MAKERS, language) or _names(lines, values, _PUBLISHERS, language)
        return cls(
            title=_text(values, _TITLES, language),
            description=_text(values, _DESCRIPTIONS, language),
            creator=", ".join(makers) or None,
            licences=_licences(values),
            version=_version(values, language),
            modified=_date(values),
            namespace_prefix=_text(values, (VANN.preferredNamespacePrefix,), language),
        )


def seen_as(project: Project, lines: Sequence[bytes], name: str) -> Project:
    """The project that data are shown as: of `project` its settings, of the rest what the data say of themselves.

    Where they have no title, it is that of a project which the user chose, else `name`.
    """
    own = SelfDescription.of_lines(lines, project.language)
    title = own.title or (name if project.foreign else project.title)
    return replace(
        project, name="data", title=title, description=own.description or "", subject=None, documents=(),
        licence=next(iter(own.licences), None), further_licences=own.licences[1:],
        creator=own.creator, creator_iri=None, curator=None, version=own.version,
        created=None, modified=own.modified, homepage=None, publisher=None, catalogue=CatalogueSettings(),
    )  # fmt: skip


def lines_of_the_whole(evaluator: Evaluator) -> list[bytes]:
    """The lines that tell what data say of themselves, asked where the data are, so that not all need be read."""
    kinds = " ".join(f"<{kind}>" for kinds in _KINDS for kind in kinds)
    agents = ", ".join(f"<{name}>" for name in (*_MAKERS, *_PUBLISHERS))
    _, rows = evaluator.select(
        f"SELECT DISTINCT ?s ?p ?o WHERE {{ VALUES ?kind {{ {kinds} }} {{ ?s a ?kind ; ?p ?o }} UNION "
        f"{{ ?whole a ?kind ; ?names ?s . ?s ?p ?o FILTER(?names IN ({agents})) }} }} LIMIT {_MOST_LINES}"
    )
    return sort_lines([f"{s} {p} {o} .\n".encode() for s, p, o in rows])


def fitted(project: Project, lines: Iterable[bytes], prefixes: Mapping[str, str]) -> Project:
    """The project with the prefixes that files declare and, where it is none, the base of the claims among them."""
    if project.foreign and (base := base_of_claims(lines)):
        ids = Identifiers(base)
        project = replace(project, base=base, own_prefixes={"id": ids.things, "claim": ids.claims})
    return replace(project, own_prefixes={**project.own_prefixes, **prefixes})


def base_of_claims(lines: Iterable[bytes]) -> str | None:
    """The base of the publication whose claims are among the lines, when there are any."""
    supporting = (line for line in lines if _SUPPORTED in line)
    return next((match[1].decode() for line in supporting if (match := _CLAIM.match(line))), None)


def _whole(lines: Sequence[bytes]) -> bytes | None:
    """The subject that stands for the data as a whole."""
    tokens = [tuple(map(iri_token, kinds)) for kinds in _KINDS]
    ends = tuple({kind.rpartition(b"/")[2] for kinds in tokens for kind in kinds})
    subjects: dict[bytes, dict[bytes, None]] = {}
    for line in lines:
        if _TYPE in line and any(end in line for end in ends):
            subject, predicate, object_, _ = split(line)
            if predicate == _TYPE and subject != _EVIDENCE_ONTOLOGY:  # which lies in data of anybody's
                subjects.setdefault(object_, {})[subject] = None
    for kinds in tokens:
        wholes = {subject for kind in kinds for subject in subjects.get(kind, ())}
        if len(wholes) > 1:  # several: none of them is all of it, unless the others are only mentioned
            wholes = {whole for whole in wholes if _text(_said(lines, whole), _TITLES, "en")}
            if len(wholes) != 1:
                return None
        if wholes:
            return wholes.pop()
    return None


def _said(lines: Sequence[bytes], subject: bytes) -> _Values:
    """Predicate → objects of what is said of a subject, in the lines' order."""
    values: _Values = {}
    start = subject + b" "
    for line in islice(lines, bisect_left(lines, start), None):
        if not line.startswith(start):
            break
        _, predicate, object_, _ = split(line)
        values.setdefault(iri(predicate), []).append(object_)
    return values


def _values(values: _Values, predicates: Sequence[str]) -> Iterator[bytes]:
    return (value for predicate in predicates for value in values.get(predicate, ()))


def _text(values: _Values, predicates: Sequence[str], language: str) -> str | None:
    """The text to show of those that these properties, the best first, have."""
    ranked = (
        preference(value, language, rank)
        for rank, predicate in enumerate(predicates)
        for value in values.get(predicate, ())
        if is_literal(value)
    )
    return next((shown for *_, text in sorted(ranked) if (shown := text.strip())), None)


def _licences(values: _Values) -> tuple[str, ...]:
    """The IRIs of the licences, or their names."""
    texts = (
        iri(value) if is_iri(value) else literal(value)[0].strip()
        for value in _values(values, _LICENCES)
        if is_iri(value) or is_literal(value)
    )
    return tuple(dict.fromkeys(filter(None, texts)))


def _version(values: _Values, language: str) -> str | None:
    """The version, without a word “version” before it."""
    text = _text(values, _VERSIONS, language)
    return re.sub(r"^version\s+", "", text, flags=re.IGNORECASE) if text else None


def _names(lines: Sequence[bytes], values: _Values, predicates: Sequence[str], language: str) -> list[str]:
    """What makers or publishers are called, each once."""
    names = (_name(lines, value, language) for value in _values(values, predicates))
    return list(dict.fromkeys(name for name in names if name))


def _date(values: _Values) -> date | None:
    for value in _values(values, _DATES):
        if is_literal(value):
            try:
                return date.fromisoformat(literal(value)[0][:10])
            except ValueError:
                continue
    return None


def _name(lines: Sequence[bytes], maker: bytes, language: str) -> str | None:
    """What a maker is called: the text itself, the name of the resource, or its IRI."""
    if is_literal(maker):
        return literal(maker)[0].strip() or None
    return _text(_said(lines, maker), _NAMES, language) or (None if is_blank(maker) else iri(maker))
