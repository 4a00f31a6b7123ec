"""What of a publication can be cited, and what is known of it: the dataset, a thing, a statement, a document."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import groupby
from typing import NamedTuple

from ..documents.units import KINDS
from ..iris import local_name
from ..project import DocumentSource, Project
from ..rdf.lines import iri, literal
from ..rdf.tokens import iri_token, is_iri, is_literal
from .citation import Citation

__all__ = [
    "CitationSources",
    "CitedStatement",
    "basis_text",
    "cite_dataset",
    "cite_document",
    "cite_statement",
    "cite_thing",
    "looked_at",
    "statement_text",
]

_KINDS = {name: kind.replace("-", "_") for kind, name in KINDS.items()}


@dataclass(frozen=True)
class CitationSources:
    """What citations ask of a publication: what things are called and where documents are from, wherever it is."""

    project: Project
    words: Mapping[str, str]  #: by the keys of `strings.toml`
    name_of: Callable[[bytes], tuple[str, str]]  #: token → what its resource is called, and in which language
    provenance: Callable[[str], Mapping[str, Sequence[str]]]  #: edition → author, publisher, date, source, to read
    kind_of: Callable[[str], str]  #: unit → the IRI of its kind; empty where nothing is known of it
    unit_name: Callable[
        [str], str
    ]  #: unit → by which commands find it: its number, with its document's name of several
    _editions: dict[str, str] = field(default_factory=dict)
    _remarks: dict[str, str] = field(default_factory=dict)

    def text_of(self, token: bytes) -> str:
        """A term as plain text."""
        return literal(token)[0] if is_literal(token) else self.name_of(token)[0]

    def edition_text(self, edition: str) -> str:
        """An edition as a citation names it: authors, title, publisher, date, source, each where it is known."""
        text = self._editions.get(edition)
        if text is None:
            named = self.provenance(edition)
            text = self.name_of(iri_token(edition))[0]
            if authors := named.get("author"):
                text = f"{', '.join(authors)}: {text}"
            text = ", ".join([text, *named.get("publisher", ()), *named.get("date", ()), *named.get("source", ())])
            self._editions[edition] = text
        return text

    def source_of(self, edition: str) -> DocumentSource | None:
        """What `kg.toml` says of an edition; None where it is of no document of the project."""
        project = self.project
        return next((one for one in project.documents if project.ids.edition(one.slug, one.edition) == edition), None)

    def not_known(self, edition: str) -> list[str]:
        """What is said to be unknown of where an edition comes from, as keys of `PROVENANCE`."""
        source = self.source_of(edition)
        known = self.provenance(edition) if source and source.unknown else {}
        return [key for key in source.unknown if not known.get(key)] if source else []

    def not_known_text(self, edition: str, words: Mapping[str, str], key: str = "unknown") -> str:
        """The same in words, by a key of `strings.toml`: “not known: author, date”; empty where there is nothing."""
        names = [words[f"unknown_{one}"] for one in self.not_known(edition)]
        return words[key].format(names=", ".join(names)) if names else ""

    def remark(self, edition: str) -> str:
        """What to know of a source that readers cannot look up: what is not known of it, that its text is not here."""
        remark = self._remarks.get(edition)
        if remark is None:
            source, words = self.source_of(edition), self.words
            parts = [self.not_known_text(edition, words)]
            if source and not source.publish_text and not self.provenance(edition).get("source"):
                parts.append(words["cited_not_published"])
            remark = self._remarks[edition] = "; ".join(filter(None, parts))
        return remark

    def units_text(self, names: Sequence[str]) -> str:
        """Units in their order, what is of one kind together: “sentences 2.1, 6.1, heading 7.1”."""
        parts = []
        for kind, members in groupby(names, self.kind_of):
            numbers = list(map(self.unit_name, members))
            key = _KINDS.get(kind)
            if len(numbers) > 1:
                word = self.words[f"kinds_{key}" if key else "kinds_any"]
            else:
                word = self.words[f"script_unit_{key}" if key else "kind_any"]
            parts.append(f"{word} {', '.join(numbers)}")
        return ", ".join(parts)

    @property
    def version(self) -> str:
        """The version in words."""
        version = self.project.version
        return self.words["cited_version"].format(number=version) if version else ""


class CitedStatement(NamedTuple):
    """A claim and what is known of it, wherever it is known from."""

    claim: str
    triple: tuple[bytes, bytes, bytes]
    units: Iterable[tuple[str, bool]]  #: with whether it only implies the claim
    contradicting: Iterable[str] = ()
    sources: Iterable[str] = ()
    retracted: Iterable[str] = ()  #: the reasons
    settled_against: bool = False
    rivals: Iterable[bytes] = ()  #: the values (tokens) that other sources give in its place


def _maker(project: Project) -> tuple[str, ...]:
    return (project.creator,) if project.creator else ()


def _publisher(project: Project) -> tuple[str, ...]:
    """Who publishes it, where that is somebody else than its maker."""
    return (project.publisher.name,) if project.publisher and project.publisher.name != project.creator else ()


def _date(project: Project) -> str:
    return project.modified.isoformat() if project.modified else ""


def _entry(
    sources: CitationSources, name: str, text: str, title: str, url: str, language: str, note: str = ""
) -> Citation:
    """What is part of the publication, with what is known of that."""
    project = sources.project
    return Citation(
        "entry",
        name,
        text,
        title,
        authors=_maker(project),
        publishers=_publisher(project),
        date=_date(project),
        container=project.title,
        version=project.version or "",
        version_text=sources.version,
        url=url,
        language=language,
        note=note,
    )


def _dataset_text(sources: CitationSources) -> str:
    """The publication in a line: maker, year, title, version, IRI, of what is known; empty without a maker."""
    project = sources.project
    if not project.creator:
        return ""
    year = f" ({project.modified.year})" if project.modified else ""
    iri_text = "" if project.foreign else f" {project.ids.dataset}"
    return f"{project.creator}{year}. {', '.join(filter(None, (project.title, sources.version)))}.{iri_text}"


def cite_dataset(sources: CitationSources) -> Citation | None:
    """The publication as a whole; None where nobody is known to have made it."""
    project = sources.project
    text = _dataset_text(sources)
    if not text:
        return None
    return Citation(
        "dataset",
        project.name,
        text,
        project.title,
        authors=_maker(project),
        publishers=_publisher(project),
        date=_date(project),
        version=project.version or "",
        version_text=sources.version,
        url="" if project.foreign else project.ids.dataset,
        language=project.language,
    )


def cite_thing(sources: CitationSources, token: bytes) -> Citation | None:
    """A thing as the publication describes it; None for a node without IRI, and in data that name no maker."""
    project = sources.project
    if not is_iri(token) or (project.foreign and not project.creator):
        return None
    name, (label, language) = iri(token), sources.name_of(token)
    year = f" ({project.modified.year})" if project.modified else ""
    maker = f"{project.creator}{year}. " if project.creator else ""
    whole = ", ".join(filter(None, (project.title, sources.version)))
    text = f"{maker}{label}. {whole}{'' if project.creator else year}. {name}"
    return _entry(sources, local_name(name.rstrip("/#")) or name, text, label, name, language or project.language)


def cite_document(sources: CitationSources, edition: str) -> Citation:
    """A document that statements rest on: its own author, publisher, date and address, none of the publication's."""
    project = sources.project
    known = sources.provenance(edition)
    origins = known.get("source", ())
    address = next((source for source in origins if source.startswith(("https://", "http://"))), "")
    whole = ", ".join(filter(None, (project.title, sources.version)))
    where = f"{sources.words['cited_as']} {whole}: {edition}"
    others = [source for source in origins if source != address]
    name = edition.removeprefix(project.ids.document("")).replace("/", "-")
    source, remark = sources.source_of(edition), sources.remark(edition)
    return Citation(
        "document",
        name,
        f"{sources.edition_text(edition)}{f' ({remark})' if remark else ''}. {where}",
        sources.name_of(iri_token(edition))[0],
        authors=tuple(known.get("author", ())),
        publishers=tuple(known.get("publisher", ())),
        date=next(iter(known.get("date", ())), ""),
        url=address,
        language=source.language if source else "",
        note=". ".join(filter(None, (*others, remark[:1].upper() + remark[1:], where))),
        undated="date" in sources.not_known(edition),
    )


def cite_statement(sources: CitationSources, statement: CitedStatement) -> Citation:
    """One statement: how it is supported, by which units of which document, then the publication and its claim."""
    project = sources.project
    fact = " – ".join(map(sources.text_of, statement.triple))
    basis = basis_text(sources, statement)
    text = statement_text(sources, fact, basis, statement.claim)
    name = statement.claim.removeprefix(project.ids.claims)
    return _entry(sources, name, text, fact, statement.claim, project.language, basis)


def statement_text(sources: CitationSources, fact: str, basis: str, claim: str) -> str:
    """A citation to read, of a statement in words and what it rests on."""
    project = sources.project
    year = str(project.modified.year) if project.modified else ""
    source = ", ".join(filter(None, (project.title, sources.version, year)))
    maker = f"{project.creator}: " if project.creator else ""
    quoted = sources.words["cited_statement"].format(text=fact)
    return f"{quoted}{f' ({basis})' if basis else ''}. {maker}{source}. {claim}"


def basis_text(sources: CitationSources, statement: CitedStatement) -> str:
    """What a statement rests on, in words."""
    return "; ".join(_basis(sources, statement))


def _basis(sources: CitationSources, statement: CitedStatement) -> Iterator[str]:
    """What stands behind a claim and against it: units by kind and number with their edition, sources, decisions."""
    words = sources.words
    if reasons := list(statement.retracted):
        yield f"{words['cited_retracted']}: {'; '.join(reasons)}"
    elif statement.settled_against:
        yield words["cited_settled_against"]
    units = list(statement.units)
    remarked: set[str] = set()
    for how, names in (
        ("standing_supported", [name for name, implied in units if not implied]),
        ("standing_implied", [name for name, implied in units if implied]),
        ("standing_contradicted", statement.contradicting),
    ):
        editions: dict[str, list[str]] = {}
        for name in names:
            editions.setdefault(name.partition("#")[0], []).append(name)
        for edition, members in editions.items():
            remark = "" if edition in remarked else sources.remark(edition)
            remarked.add(edition)
            text = f"{words[how].format(units=sources.units_text(members))}, {sources.edition_text(edition)}"
            yield f"{text} [{remark}]" if remark else text
    rivals = () if statement.retracted or statement.settled_against else dict.fromkeys(statement.rivals)
    if rivals:
        yield words["standing_rival"].format(value=", ".join(map(sources.text_of, rivals)))
    origins = list(statement.sources)
    for one in origins:
        yield f"{words['cited_source']}: {one}"
    if not units and not origins:
        yield words["standing_editorial"]


def looked_at(sources: CitationSources, citation: Citation, day: date) -> Citation:
    """The citation of what was looked at on a day, for styles that name it."""
    text = f"{citation.text} ({sources.words['cited_accessed']} {day.isoformat()})"
    return replace(citation, text=text, accessed=day.isoformat())
