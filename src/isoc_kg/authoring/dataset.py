"""From a project's files to its dataset: ontology, documents, facts with their claims, and what follows of itself."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .. import rdf
from ..documents.units import Edition, Unit, load_index, read_text
from ..errors import Finding, ParseError
from ..namespaces import DCTERMS, EV, OA, OWL, PROV, RDF, RDFS, SCHEMA, SKOS, XSD
from ..project import DocumentSource, Project
from ..rdf.lines import iri, literal, sort_lines, split
from ..validation.literals import lint_literals
from .facts import Claim, Facts, Place, collect_facts

__all__ = ["GRAPHS", "PUBLISHED", "Dataset", "Source", "build_dataset"]

#: The named graphs, and those of them whose union is the publication's Turtle.
GRAPHS = ("facts", "evidence", "document", "derived", "ontology", "alignments")
PUBLISHED = ("facts", "evidence", "document", "derived")
_LABELS = (SCHEMA.name, SKOS.prefLabel, "http://www.w3.org/ns/lemon/ontolex#writtenRep", RDF.value)
#: What a unit of each kind is called in the published data.
_KINDS = {
    "heading": EV.Heading,
    "sentence": EV.Sentence,
    "item": EV.ListItem,
    "question": EV.Question,
    "segment": EV.Segment,
    "lead-in": EV.ListLeadIn,
}
_EXEMPT = {"heading": EV.Heading, "lead-in": EV.ListLeadIn}


@dataclass(frozen=True, slots=True)
class Source:
    """An edition as the project names it and as its index tells it."""

    document: DocumentSource
    edition: Edition
    iri: str
    gists: Mapping[str, bytes]  #: unit number → the gist's literal token
    exempt: Mapping[str, str]  #: unit number → IRI of the reason, by hand or by kind
    stale: Mapping[str, bytes]  #: unit number → the note that its gist must be looked at again

    def text(self, file: Path | None = None) -> str | None:
        """The document's text, when it is at hand."""
        path = file or self.document.path
        return read_text(path) if path is not None and path.is_file() else None


@dataclass(frozen=True)
class Dataset:
    """The quads of a project in their middle form, with what the checks of their form found."""

    project: Project
    lines: list[bytes]
    claims: dict[bytes, Claim]
    sources: tuple[Source, ...]
    findings: list[Finding]

    def graph(self, *names: str) -> list[bytes]:
        """The triples of the graphs named, as one graph."""
        found = [self._by_graph.get(name, []) for name in names]
        return list(rdf.merge(*found)) if len(found) > 1 else list(found[0])

    @cached_property
    def _by_graph(self) -> dict[str, list[bytes]]:
        """Each named graph's triples, in order."""
        result: dict[str, list[bytes]] = {name: [] for name in GRAPHS}
        suffixes = [(f" <{self.project.ids.graph(name)}> .\n".encode(), result[name]) for name in GRAPHS]
        for line in self.lines:
            for suffix, triples in suffixes:
                if line.endswith(suffix):
                    triples.append(line[: -len(suffix)] + b" .\n")
                    break
        return result

    @cached_property
    def published(self) -> list[bytes]:
        """The triples of facts, evidence, document and derived graph: what `<name>.ttl` holds."""
        return self.graph(*PUBLISHED)

    @cached_property
    def editions(self) -> list[str]:
        """The IRIs of the editions that the data rest on, as the data themselves tell it."""
        end = f" <{RDF.type}> <{EV.Edition}> .\n".encode()
        return [iri(line[: -len(end)]) for line in self.graph("document") if line.endswith(end)]

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the whole dataset's canonical N-Quads (RDFC-1.0 of a dataset without blank nodes)."""
        return rdf.digest(self.lines)

    @cached_property
    def units(self) -> dict[str, tuple[Source, Unit]]:
        """Every unit of every edition by its IRI."""
        ids = self.project.ids
        return {
            ids.unit(source.document.slug, source.document.edition, unit.number): (source, unit)
            for source in self.sources
            for unit in source.edition.units.values()
        }

    @cached_property
    def labels(self) -> dict[str, list[str]]:
        """IRI → all that names it, its label first."""
        result: dict[str, list[str]] = {}
        wanted = (RDFS.label, *_LABELS[:2], SCHEMA.alternateName, SKOS.altLabel, SKOS.hiddenLabel)
        predicates = {f"<{name}>".encode(): rank for rank, name in enumerate(wanted)}
        found: dict[str, list[tuple[int, str]]] = {}
        for line in self.lines:
            subject, predicate, object_, _ = split(line)
            if predicate in predicates and object_.startswith(b'"'):
                found.setdefault(iri(subject), []).append((predicates[predicate], literal(object_)[0]))
        for name, labels in found.items():
            result[name] = list(dict.fromkeys(text for _, text in sorted(labels)))
        return result

    @cached_property
    def places(self) -> dict[str, Place]:
        """Where the first statement about a thing, and each claim, is written."""
        result: dict[str, Place] = {}
        for triple, claim in self.claims.items():
            result.setdefault(iri(split(triple)[0]), claim.places[0])
            result[claim.iri] = claim.places[0]
        return result

    @property
    def editorial_share(self) -> float:
        """The share of claims behind which only our own decision stands."""
        return sum(claim.editorial for claim in self.claims.values()) / max(1, len(self.claims))


def build_dataset(project: Project) -> Dataset:
    """Read all files of a project; what is wrong with their content stands in the dataset's findings.

    Raises `ParseError`, `FactsError`, `LimitExceeded` or `EncodingError` for a file that cannot be read at all.
    """
    ids = project.ids
    findings: list[Finding] = []
    sources = tuple(_source(project, document, findings) for document in project.documents)
    limits = project.limits
    facts = collect_facts(
        ((file, rdf.read_located(file, base=ids.base, limits=limits, confined=True)) for file in project.facts_files),
        ids.claim,
    )
    aligned = Facts()
    if project.alignments_file:
        file = project.alignments_file
        aligned = collect_facts(
            [(file, rdf.read_located(file, base=ids.base, limits=limits, confined=True))], ids.claim
        )
    claims = facts.claims | aligned.claims
    findings += facts.findings + aligned.findings
    known = {ids.unit(s.document.slug, s.document.edition, number) for s in sources for number in s.edition.units}
    findings += _check_claims(project, claims, known)
    ontology = [line for path in project.ontology_files for line in rdf.read_lines(path, limits=limits)]
    ontology = sort_lines(ontology)
    lines: list[bytes] = []
    for name, triples in (
        ("facts", facts.claims),
        ("evidence", sort_lines(list(_evidence_lines(facts.claims)))),
        ("document", sort_lines([line for source in sources for line in _document_lines(project, source)])),
        ("derived", sort_lines(list(_derived_lines(project, facts, ontology)))),
        ("ontology", ontology),
        ("alignments", [*aligned.claims, *_evidence_lines(aligned.claims)]),
    ):
        suffix = f" <{ids.graph(name)}> .\n".encode()
        lines += [line[:-3] + suffix for line in triples]
    findings += lint_literals(
        claims, {key: claim.places[0] for key, claim in claims.items()}, limits.max_literal_characters
    )
    return Dataset(project, sort_lines(lines), claims, sources, findings)


def _check_claims(project: Project, claims: Mapping[bytes, Claim], known: set[str]) -> Iterator[Finding]:
    """What neither the parser nor SHACL can say: units that exist, claims apart, local names, one base."""
    ids = project.ids
    by_iri: dict[str, bytes] = {}
    for triple, claim in claims.items():
        other = by_iri.setdefault(claim.iri, triple)
        file, line = claim.places[0]
        if other != triple:
            yield Finding(
                f"two triples have the claim IRI {claim.iri}.",
                file=file,
                line=line,
                iri=claim.iri,
                advice="Give one of the subjects another local name.",
            )
        for _, unit, (unit_file, unit_line) in claim.units():
            if unit not in known:
                yield _unknown_unit(unit, known, unit_file, unit_line, claim.iri)
        for token in split(triple)[::2][:2]:
            if token.startswith(f"<{ids.things}".encode()) and not _local(iri(token)[len(ids.things) :]):
                yield Finding(
                    f"{token.decode()} is not of the form of a thing's IRI.",
                    file=file,
                    line=line,
                    iri=iri(token),
                    advice="Local names are lower-case words joined by hyphens: id:internet-society.",
                )


def _local(name: str) -> bool:
    from ..iris import is_local_name

    return is_local_name(name)


def _unknown_unit(unit: str, known: set[str], file: Path, line: int, claim: str) -> Finding:
    from difflib import get_close_matches

    near = get_close_matches(unit, known, 1, 0.9)
    advice = (
        f"Did you mean …{near[0][near[0].rfind('/') :]}?" if near else "Units are listed by: isoc-kg evidence coverage."
    )
    return Finding(f"there is no unit <{unit}>.", file=file, line=line, iri=claim, advice=advice)


def _source(project: Project, document: DocumentSource, findings: list[Finding]) -> Source:
    edition = load_index(project.index_path(document))
    if (edition.slug, edition.edition) != (document.slug, document.edition):
        raise ParseError(
            f"the index is of {edition.slug}, edition {edition.edition}.",
            file=project.index_path(document),
            advice=f"kg.toml names {document.slug}, edition {document.edition}.",
        )
    name = project.ids.edition(document.slug, document.edition)
    gists: dict[str, bytes] = {}
    exempt = {unit.number: _EXEMPT[unit.kind] for unit in edition.units.values() if unit.kind in _EXEMPT}
    stale: dict[str, bytes] = {}
    path = project.gists_path(document)
    if path.is_file():
        for quad, line in rdf.read_located(path, limits=project.limits):
            subject, predicate, object_ = str(quad.subject)[1:-1], quad.predicate.value, str(quad.object)
            number = subject.removeprefix(name + "#")
            if number not in edition.units:
                findings.append(
                    Finding(
                        f"there is no unit <{subject}>.",
                        file=path,
                        line=line,
                        advice=f"Gists here are of units of <{name}>.",
                    )
                )
            elif predicate == EV.gist:
                gists[number] = object_.encode()
            elif predicate == EV.exemptAs:
                exempt[number] = object_[1:-1]
            elif predicate == SKOS.changeNote:
                stale[number] = object_.encode()
            else:
                findings.append(
                    Finding(
                        f"<{predicate}> has no place among gists.",
                        file=path,
                        line=line,
                        advice="Here stand ev:gist, ev:exemptAs and skos:changeNote.",
                    )
                )
    return Source(document, edition, name, gists, exempt, stale)


def _triple(subject: str, predicate: str, object_: str | bytes) -> bytes:
    """A line; an object given as text is an IRI, one given as bytes a token."""
    token = object_ if isinstance(object_, bytes) else f"<{object_}>".encode()
    return f"<{subject}> <{predicate}> ".encode() + token + b" .\n"


def text_token(text: str, language: str | None = None) -> bytes:
    """The canonical token of a text."""
    import pyoxigraph as ox

    return str(ox.Literal(text, language=language) if language else ox.Literal(text)).encode()


def _typed(value: object, datatype: str) -> bytes:
    return f'"{value}"^^<{datatype}>'.encode()


def _evidence_lines(claims: Mapping[bytes, Claim]) -> Iterator[bytes]:
    """Each claim as a named `rdf:Statement` (https://www.w3.org/TR/rdf11-schema/#ch_reificationvocab)."""
    for triple, claim in claims.items():
        subject, predicate, object_, _ = split(triple)
        yield _triple(claim.iri, RDF.type, RDF.Statement)
        yield _triple(claim.iri, RDF.subject, subject)
        yield _triple(claim.iri, RDF.predicate, predicate)
        yield _triple(claim.iri, RDF.object, object_)
        for name, values in claim.evidence.items():
            for token in values:
                yield _triple(claim.iri, name, token.encode())


def _document_lines(project: Project, source: Source) -> Iterator[bytes]:
    """A document, its edition and its units with Web Annotation selectors."""
    ids, document, edition, name = project.ids, source.document, source.edition, source.iri
    whole = ids.document(document.slug)
    title = text_token(document.title, document.language)
    yield _triple(whole, RDF.type, SCHEMA.DigitalDocument)
    yield _triple(whole, DCTERMS.title, title)
    yield _triple(whole, RDFS.label, title)
    yield _triple(name, RDF.type, EV.Edition)
    yield _triple(name, DCTERMS.isVersionOf, whole)
    yield _triple(name, DCTERMS.title, title)
    yield _triple(name, RDFS.label, text_token(f"{document.title}, edition {document.edition}", document.language))
    yield _triple(name, DCTERMS.language, text_token(document.language))
    yield _triple(name, SCHEMA.version, text_token(document.edition))
    yield _triple(name, SCHEMA.sha256, text_token(edition.sha256))
    if document.rights:
        yield _triple(name, DCTERMS.rights, text_token(document.rights, project.language))
    if document.source:
        yield _triple(name, DCTERMS.source, document.source)
    if document.about:
        yield _triple(whole, SCHEMA.about, ids.thing(document.about))
    if document.revision_of:
        yield _triple(name, PROV.wasRevisionOf, ids.edition(document.slug, document.revision_of))
    text = source.text() if document.publish_text else None
    for position, unit in enumerate(edition.units.values(), 1):
        yield from _unit_lines(source, unit, position, text)


def _unit_lines(source: Source, unit: Unit, position: int, text: str | None) -> Iterator[bytes]:
    name = f"{source.iri}#{unit.number}"
    yield _triple(name, RDF.type, EV.Unit)
    yield _triple(name, RDFS.label, text_token(f"{unit.kind} {unit.number}", "en"))
    yield _triple(name, DCTERMS.identifier, text_token(unit.number))
    yield _triple(name, SCHEMA.position, _typed(position, XSD.integer))
    yield _triple(name, EV.unitKind, _KINDS[unit.kind])
    yield _triple(name, SCHEMA.sha256, text_token(unit.sha256))
    yield _triple(name, OA.hasSource, source.iri)
    if unit.number in source.exempt:
        yield _triple(name, EV.exemptAs, source.exempt[unit.number])
    if unit.number in source.gists:
        yield _triple(name, EV.gist, source.gists[unit.number])
    if unit.number in source.stale:
        yield _triple(name, SKOS.changeNote, source.stale[unit.number])
    place = f"{name}.position"
    yield _triple(name, OA.hasSelector, place)
    yield _triple(place, RDF.type, OA.TextPositionSelector)
    yield _triple(place, OA.start, _typed(unit.start, XSD.nonNegativeInteger))
    yield _triple(place, OA.end, _typed(unit.end, XSD.nonNegativeInteger))
    fragment = f"{name}.fragment"
    yield _triple(name, OA.hasSelector, fragment)
    yield _triple(fragment, RDF.type, OA.FragmentSelector)
    yield _triple(fragment, RDF.value, text_token(f"char={unit.start},{unit.end}"))
    yield _triple(fragment, DCTERMS.conformsTo, "http://tools.ietf.org/rfc/rfc5147")
    if text is not None:
        quote = f"{name}.quote"
        yield _triple(name, OA.hasSelector, quote)
        yield _triple(quote, RDF.type, OA.TextQuoteSelector)
        yield _triple(quote, OA.exact, text_token(unit.text(text)))


def _derived_lines(project: Project, facts: Facts, ontology: list[bytes]) -> Iterator[bytes]:
    """`rdfs:label` of every thing and `skos:inScheme` of every concept; derived, so without claims."""
    types: dict[bytes, list[str]] = {}
    labels: dict[bytes, list[tuple[int, bytes]]] = {}
    ranks = {f"<{name}>".encode(): rank for rank, name in enumerate(_LABELS)}
    for triple in facts.claims:
        subject, predicate, object_, _ = split(triple)
        if predicate == f"<{RDF.type}>".encode():
            types.setdefault(subject, []).append(iri(object_))
        elif predicate in ranks and object_.startswith(b'"'):
            labels.setdefault(subject, []).append((ranks[predicate], object_))
    declared = {line[: line.index(b" ")] for line in ontology}
    for subject, classes in types.items():
        if subject in declared:
            continue
        best = sorted(labels.get(subject, []))
        for rank, token in best:
            if rank == best[0][0]:
                yield _triple(iri(subject), RDFS.label, token)
        if not best:
            name = iri(subject).rpartition("/")[2].replace("-", " ")
            yield _triple(iri(subject), RDFS.label, text_token(name, project.language))
        for class_ in classes:
            if scheme := project.schemes.get(class_):
                yield _triple(iri(subject), SKOS.inScheme, project.ids.thing(scheme))


def is_withdrawn(dataset: Dataset, thing: str) -> bool:
    """Whether the facts say that a thing is no longer described."""
    return f'<{thing}> <{OWL.deprecated}> "true"^^<{XSD.boolean}> .\n'.encode() in dataset.claims
