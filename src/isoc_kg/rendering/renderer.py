"""A renderer: what all pages of a publication share, and the fragments that stand on many of them."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import SimpleNamespace
from typing import Any, TypeVar
from urllib.parse import quote

from markupsafe import Markup, escape

from .. import rdf
from ..evidence.audit_record import AuditRecord, load_record
from ..evidence.coverage import not_covering
from ..formats import JSONLD, NTRIPLES, Format
from ..iris import compact
from ..project import Project
from ..publication.description import DataFile
from ..publication.publication import Publication
from ..query import NamedQuery
from ..rdf.lines import iri, literal
from ..rdf.tokens import iri_token, is_literal
from ..validation import Report
from .addresses import PART_PAGES, Addresses
from .index import Index
from .pages import Page
from .published_check import PublishedCheck, published_check
from .theme import Theme, load_theme

__all__ = ["Material", "Renderer", "renderer_of"]

_MOST = 60_000  #: fragments of one kind that are remembered
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True, slots=True)
class Material:
    """What pages are made of besides the lines: files beside them, the report, queries, shapes."""

    files: Sequence[DataFile] = ()
    report: Report | None = None
    audit: AuditRecord | None = None
    check: PublishedCheck | None = None  #: what the evidence check raised; None where no text was compared
    queries: Mapping[str, NamedQuery] = field(default_factory=dict)
    shapes: Sequence[bytes] = ()
    context: Mapping[str, Any] | None = None
    digest: str = ""
    described: bool = True  #: whether the dataset is described in files of its own, `dataset.ttl` and its like
    not_compared: Sequence[str] = ()  #: the editions whose text was not at hand


class _Cache(dict[_Key, _Value]):
    """Fragments by what they are made of; emptied when it is full."""

    def __setitem__(self, key: _Key, value: _Value) -> None:
        if len(self) >= _MOST:
            self.clear()
        super().__setitem__(key, value)


@dataclass
class Renderer:
    """Renders pages out of an index; keeps every fragment that stands on more than one of them."""

    index: Index
    theme: Theme
    material: Material
    host: str  #: address of the site's root, with a slash at its end; empty where it is not known
    only: frozenset[str] | None = None  #: the pages that there are beside those of resources; None: all
    unit_lines: _Cache[tuple[str, str, bool], Markup] = field(default_factory=_Cache)
    _links: _Cache[tuple[str, bytes], Markup] = field(default_factory=_Cache)
    _editions: dict[str, str] = field(default_factory=dict)
    _hrefs: _Cache[tuple[str, str], str] = field(default_factory=_Cache)
    _parts: dict[tuple[str, str, str, tuple[str, ...], tuple[str, ...]], Markup] = field(default_factory=dict)

    @property
    def project(self) -> Project:
        """The project whose publication this is."""
        return self.index.project

    @cached_property
    def not_covering(self) -> frozenset[bytes]:
        """The predicates of statements that say nothing of a thing, but name, sort or point at it."""
        return not_covering(self.project)

    @cached_property
    def addresses(self) -> Addresses:
        """Where pages stand."""
        project = self.project
        return Addresses(project.ids, project.prefixes, whole=self.only is not None, mints=project.mints)

    def has(self, path: str) -> bool:
        """Whether there is such a page, beside those of resources."""
        return path not in self._absent and (self.only is None or path in self.only)

    @cached_property
    def _absent(self) -> frozenset[str]:
        """The pages that RDF without a project has nothing for."""
        if not self.project.foreign:
            return frozenset()
        absent = {"report.html", "shapes.html", "queries.html"}
        return frozenset(absent | (set() if self.index.terms else {"ontology.html"}))

    def for_index(self, index: Index) -> "Renderer":
        """A renderer of the same publication for the pages that an index of a part of it has."""
        renderer = Renderer(index, self.theme, self.material, self.host, self.only, _parts=self._parts)
        renderer.__dict__["site"] = self.site
        renderer.__dict__["compaction"] = self.compaction
        return renderer

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The project's prefixes."""
        return self.project.prefixes

    @cached_property
    def compaction(self) -> rdf.Compaction:
        """How resources are written in JSON-LD."""
        return rdf.Compaction(self.project.prefixes, self.material.context)

    @cached_property
    def site(self) -> SimpleNamespace:
        """What the frame says of the publication."""
        project, t = self.project, self.theme.strings
        documents = project.documents
        navigation = [("browse/index.html", t["browse"])]
        if documents:
            navigation.append(("documents.html", t["documents"]))
        navigation.append(("ontology.html", t["ontology"]))
        if self.material.queries:
            navigation.append(("queries.html", t["queries"]))
        navigation += [("sparql.html", t["sparql"]), ("explore.html", t["explore"])]
        foot = [
            ("about.html", t["about"]),
            ("dataset.html", t["downloads"]),
            ("statistics.html", t["statistics"]),
            ("shapes.html", t["shapes"]),
            ("report.html", t["report"]),
        ]
        if self.index.disputed:
            foot.append(("conflicts.html", t["conflicts"]))
        return SimpleNamespace(
            title=project.title,
            description=project.description,
            licences=[(name, name.startswith(("https://", "http://"))) for name in project.licences],
            creator=project.creator,
            version=project.version,
            modified=project.modified.isoformat() if project.modified else "",
            navigation=[row for row in navigation if self.has(row[0])],
            foot=[row for row in foot if self.has(row[0])],
            searches=self.has("search.html"),
            explores=self.has("explore.html"),
            consoles=self.only is None,
            linksets=self.has("linkset.json"),
            scripts=self.theme.scripts,
            own_style="theme/own.css" in self.theme.files,
            base="" if project.foreign else project.base,
            subject=project.subject,
            evidenced=bool(documents) or self.only is not None or self.index.has_claims,
            described=self.material.described,
            ontology=self.has("ontology.html"),
            shapes=self.has("shapes.html"),
        )

    def page(self, path: str, title: str, kind: str, **more: Any) -> Page:
        """The frame of a page."""
        styles = more.pop("styles", ())
        if "theme/own.css" in self.theme.files:
            styles = (*styles, "theme/own.css")
        return Page(
            path=path,
            title=title,
            root=more.pop("root", "../" * path.count("/")),
            lang=self.project.language,
            canonical=self.host + quote(path, safe="/=~@") if self.host else "",
            kind=kind,
            styles=styles,
            **more,
        )

    def html(self, template: str, page: Page, **context: Any) -> bytes:
        """A page through its template."""
        return self.theme.render(
            template,
            page=page,
            site=self.site,
            links=self._once("links.html", page),
            header=self._once("header.html", page),
            footer=self._once("footer.html", page),
            **context,
        ).encode()

    def _once(self, template: str, page: Page) -> Markup:
        """A part of the frame that is the same on every page of a section with the same scripts and styles."""
        key = (template, page.root, page.section, page.styles, page.scripts)
        part = self._parts.get(key)
        if part is None:
            text = self.theme.render(
                template,
                root=page.root,
                section=page.section,
                styles=page.styles,
                scripts=page.scripts,
                site=self.site,
            )
            part = self._parts[key] = Markup(text)  # noqa: S704 – made by an escaping template
        return part

    def serialize(self, lines: Sequence[bytes], format_: Format) -> bytes:
        """Sorted triples in a format. Raises `CannotCarry`."""
        if format_ is NTRIPLES:
            return b"".join(lines)
        out = io.BytesIO()
        if format_ is JSONLD:
            self.compaction.write(list(lines), out)
        else:
            rdf.write(list(lines), format_, out, prefixes=self.prefixes)
        return out.getvalue()

    # -- fragments -----------------------------------------------------------

    def href(self, root: str, name: str) -> str:
        """Where a page's link to a resource leads: its page here, else the IRI itself if it is one to follow."""
        key = (root, name)
        href = self._hrefs.get(key)
        if href is None:
            href = self._hrefs[key] = self._href(root, name)
        return href

    def _href(self, root: str, name: str) -> str:
        path, fragment = self.addresses.page(name)
        own = iri_token(name.partition("#")[0] if fragment else name) in self.index.paged
        part = path in PART_PAGES and path != "evidence"  # which is there only where the data have it
        if own or fragment or part or path.startswith("query/"):
            return f"{root}{path}.html{'#' + quote(fragment, safe='') if fragment else ''}"
        return name if name.startswith(("http://", "https://")) else ""

    def link(self, root: str, token: bytes, text: str | None = None) -> Markup:
        """A link to what a token names, with its label; cached, since the same ones stand on many pages."""
        key = (root, token)
        if text is None and (link := self._links.get(key)) is not None:
            return link
        name = token.decode()
        if not name.startswith("<"):
            return Markup("<code>{}</code>").format(name)
        name = name[1:-1]
        label, language = self.index.name_of(token)
        tag = self.foreign(language) if text is None else ""
        lang = f' lang="{tag}"' if tag else ""
        href = self.href(root, name)
        outside = ' rel="external"' if href == name else ""
        link = escape(text or label)
        if _needs_isolation(link):
            link = Markup(f"<bdi>{link}</bdi>")  # noqa: S704 – escaped above
        if href:
            link = Markup(f'<a href="{escape(href)}"{lang}{outside}>{link}</a>')  # noqa: S704 – so is this
        if text is None:
            self._links[key] = link
        return link

    def value(self, root: str, token: bytes) -> Markup:
        """A term as it stands in a page: a link, or a literal with its language or datatype."""
        if not is_literal(token):
            return self.link(root, token)
        text, language, datatype = literal(token)
        lang, note = "", ""
        if language:
            if tag := self.foreign(language.partition("--")[0]):
                lang, note = f' lang="{tag}"', f' <span class="tag">{tag}</span>'
        elif datatype and datatype != _XSD + "string":
            note = f' <span class="tag">{escape(self.short(datatype))}</span>'
        return Markup(f'<span class="literal" dir="auto"{lang}>{escape(text)}</span>{note}')  # noqa: S704 – escaped above

    def foreign(self, language: str) -> str:
        """The tag of a language other than the publication's own; empty for that one, and where there is none."""
        return "" if language == self.project.language else language

    def short(self, name: str) -> str:
        """An IRI as people write it, with a prefix where one fits."""
        return compact(name, self.prefixes)

    def edition_text(self, edition: str) -> str:
        """An edition as a citation names it: authors, title, publisher, date, source, each where it is known."""
        text = self._editions.get(edition)
        if text is None:
            index = self.index
            # an agent without a name is cited by its IRI, of which no part need be its name
            named = {
                key: [
                    literal(token)[0] if is_literal(token)
                    else iri(token) if key == "source" or token not in index.label
                    else index.label[token][0]
                    for token in tokens
                ]
                for key, tokens in index.provenance(edition).items()
            }  # fmt: skip
            text = self.index.name_of(iri_token(edition))[0]
            if authors := named.get("author"):
                text = f"{', '.join(authors)}: {text}"
            text = ", ".join([text, *named.get("publisher", ()), *named.get("date", ()), *named.get("source", ())])
            self._editions[edition] = text
        return text

    def text_of(self, token: bytes) -> str:
        """A term as plain text."""
        return literal(token)[0] if is_literal(token) else self.index.name_of(token)[0]

    def links(self, root: str, tokens: Iterable[bytes]) -> list[Markup]:
        """Links to several resources, in the order of their names."""
        return [self.link(root, token) for token in sorted(tokens, key=self.sort_key)]

    def sort_key(self, token: bytes) -> tuple[str, bytes]:
        """By name as people sort, then by IRI."""
        return self.text_of(token).casefold(), token


_TURNING = re.compile("[\u0590-\u08ff\u200e-\u2069]").search


def _needs_isolation(text: str) -> bool:
    """Whether a text holds characters that turn the direction of what follows it."""
    return not text.isascii() and _TURNING(text) is not None


def _current_audit(publication: Publication) -> AuditRecord | None:
    """The recorded audit of the evidence check, unless it is of other data."""
    record = load_record(publication.project) if publication.dataset else None
    return record if record and publication.dataset and not record.stale(publication.dataset) else None


def renderer_of(publication: Publication, host: str) -> Renderer:
    """What renders the pages of a publication; `host` is the address of their root, with a slash at its end."""
    project, dataset = publication.project, publication.dataset
    audit = _current_audit(publication)
    material = Material(
        files=publication.files,
        report=publication.gate.data if publication.gate else None,
        audit=audit,
        check=published_check(publication, audit),
        queries=publication.queries,
        shapes=publication.shapes.all_lines if publication.shapes else (),
        context=publication.context,
        digest=publication.digest,
        described=dataset is not None,
        not_compared=[edition.name for edition in dataset.editions if edition.comparison is None] if dataset else (),
    )
    return Renderer(Index(project, publication.lines), load_theme(project), material, host)
