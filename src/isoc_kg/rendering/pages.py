"""Every page of a publication: what there is, by its path, and the bytes of each."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from types import SimpleNamespace
from typing import Any, NamedTuple
from urllib.parse import quote

from markupsafe import Markup, escape

from .. import rdf
from ..formats import Format
from ..iris import compact
from ..project import Project
from ..publication.description import DataFile
from ..publication.publication import Publication
from ..query import NamedQuery
from ..rdf.lines import literal
from ..validation import Report
from .addresses import Addresses
from .index import Index
from .theme import Theme, load_theme

__all__ = ["Bundle", "Link", "Material", "Page", "Renderer", "data_links", "renderer_of"]

_MOST = 60_000  #: links and addresses remembered
_XSD = "http://www.w3.org/2001/XMLSchema#"


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files that are rendered together: the page of a thing and its data, or one page alone."""

    key: str  #: the path of its page, without extension for resources
    render: Callable[[], list[tuple[str, bytes]]]
    fingerprint: Callable[[], bytes] | None = None  #: None: rendered each time


class Link(NamedTuple):
    """A `link` element of a page's head, or a member of the linkset."""

    rel: str
    href: str
    type: str = ""
    title: str = ""

    @property
    def html(self) -> str:
        """The element."""
        return f'<link{_attribute("rel", self.rel)}{_attribute("type", self.type)} href="{escape(self.href)}"{_attribute("title", self.title)}>'


@lru_cache(1024)
def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"' if value else ""


def data_links(path: str, formats: Iterable[Format]) -> list[tuple[Link, Link]]:
    """For each format the two links from a page to its data: another form of it, and what describes it."""
    own = path.rpartition("/")[2]
    return [
        (
            Link("alternate", f"{own}.{format_.extension}", format_.media_type, format_.label),
            Link("describedby", f"{own}.{format_.extension}", format_.media_type),
        )
        for format_ in formats
    ]


@dataclass(frozen=True, slots=True)
class Page:
    """What the frame of every page needs to know."""

    path: str
    title: str
    root: str
    lang: str
    canonical: str
    kind: str
    description: str = ""
    og_type: str = ""
    section: str = ""
    links: tuple[Link, ...] = ()
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()

    @property
    def head(self) -> Markup:
        """The links of the page's head."""
        return Markup("\n".join([link.html for link in self.links]))  # noqa: S704 – escaped by each


@dataclass(frozen=True, slots=True)
class Material:
    """What pages are made of besides the lines: files beside them, the report, queries, shapes."""

    files: Sequence[DataFile] = ()
    report: Report | None = None
    queries: Mapping[str, NamedQuery] = field(default_factory=dict)
    shapes: Sequence[bytes] = ()
    context: Mapping[str, Any] | None = None
    digest: str = ""


@dataclass
class Renderer:
    """Renders pages out of an index; keeps every fragment that stands on more than one of them."""

    index: Index
    theme: Theme
    material: Material
    host: str  #: address of the site's root, with a slash at its end
    only: frozenset[str] | None = None  #: the pages that there are beside those of resources; None: all
    _links: dict[tuple[str, bytes], Markup] = field(default_factory=dict)
    _hrefs: dict[tuple[str, str], str] = field(default_factory=dict)
    _parts: dict[tuple[str, str, str, tuple[str, ...], tuple[str, ...]], Markup] = field(default_factory=dict)

    @property
    def project(self) -> Project:
        """The project whose publication this is."""
        return self.index.project

    @cached_property
    def addresses(self) -> Addresses:
        """Where pages stand."""
        return Addresses(self.project.ids, self.project.prefixes, whole=self.only is not None)

    def has(self, path: str) -> bool:
        """Whether there is such a page, beside those of resources."""
        return self.only is None or path in self.only

    def around(self, index: Index) -> "Renderer":
        """A renderer of the same publication for the pages that an index of a part of it has."""
        found = Renderer(index, self.theme, self.material, self.host, self.only, _parts=self._parts)
        found.__dict__["site"] = self.site
        found.__dict__["compaction"] = self.compaction
        return found

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
        return SimpleNamespace(
            title=project.title,
            description=project.description,
            licence=project.licence,
            creator=project.creator,
            version=project.version,
            modified=project.modified.isoformat(),
            navigation=[row for row in navigation if self.has(row[0])],
            foot=[row for row in foot if self.has(row[0])],
            searches=self.has("search.html"),
            explores=self.has("explore.html"),
            consoles=self.only is None,
            linksets=self.has("linkset.json"),
            scripts=self.theme.scripts,
            own_style="theme/own.css" in self.theme.files,
            base=project.base,
            subject=project.subject,
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
            canonical=self.host + quote(path, safe="/=~@"),
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
        found = self._parts.get(key)
        if found is None:
            text = self.theme.render(
                template,
                root=page.root,
                section=page.section,
                styles=page.styles,
                scripts=page.scripts,
                site=self.site,
            )
            found = self._parts[key] = Markup(text)  # noqa: S704 – made by an escaping template
        return found

    # -- fragments -----------------------------------------------------------

    def href(self, root: str, name: str) -> str:
        """Where a page's link to a resource leads: its page here, else the IRI itself if it is one to follow."""
        key = (root, name)
        found = self._hrefs.get(key)
        if found is None:
            if len(self._hrefs) > _MOST:
                self._hrefs.clear()
            found = self._hrefs[key] = self._href(root, name)
        return found

    def _href(self, root: str, name: str) -> str:
        path, fragment = self.addresses.page(name)
        own = f"<{name.partition('#')[0] if fragment else name}>".encode() in self.index.paged
        if own or fragment or path in ("ontology", "shapes", "dataset") or path.startswith("query/"):
            return f"{root}{path}.html{'#' + quote(fragment, safe='') if fragment else ''}"
        return name if name.startswith(("http://", "https://")) else ""

    def link(self, root: str, token: bytes, text: str | None = None) -> Markup:
        """A link to what a token names, with its label; cached, since the same ones stand on many pages."""
        key = (root, token)
        if text is None and (found := self._links.get(key)) is not None:
            return found
        name = token.decode()
        if not name.startswith("<"):
            return Markup("<code>{}</code>").format(name)
        name = name[1:-1]
        label, language = self.index.name_of(token)
        lang = f' lang="{language}"' if text is None and language and language != self.project.language else ""
        href = self.href(root, name)
        outside = ' rel="external"' if href == name else ""
        shown = escape(text or label)
        if _needs_isolation(shown):
            shown = Markup(f"<bdi>{shown}</bdi>")  # noqa: S704 – escaped above
        result = Markup(f'<a href="{escape(href)}"{lang}{outside}>{shown}</a>') if href else shown  # noqa: S704 – so is this
        if text is None:
            if len(self._links) > _MOST:
                self._links.clear()
            self._links[key] = result
        return result

    def value(self, root: str, token: bytes) -> Markup:
        """A term as it stands in a page: a link, or a literal with its language or datatype."""
        if token[0] != 34:
            return self.link(root, token)
        text, language, datatype = literal(token)
        shown, lang, note = escape(text), "", ""
        if language:
            tag = language.partition("--")[0]
            if tag != self.project.language:
                lang, note = f' lang="{tag}"', f' <span class="tag">{tag}</span>'
        elif datatype and datatype != _XSD + "string":
            note = f' <span class="tag">{escape(self.short(datatype))}</span>'
        return Markup(f'<span class="literal" dir="auto"{lang}>{shown}</span>{note}')  # noqa: S704 – escaped above

    def short(self, name: str) -> str:
        """An IRI as people write it, with a prefix where one fits."""
        return compact(name, self.prefixes)

    def text_of(self, token: bytes) -> str:
        """A term as plain text."""
        return literal(token)[0] if token[0] == 34 else self.index.name_of(token)[0]

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


def renderer_of(publication: Publication, host: str) -> Renderer:
    """What renders the pages of a publication; `host` is the address of their root, with a slash at its end."""
    project = publication.project
    material = Material(
        files=publication.files,
        report=publication.gate.data if publication.gate else None,
        queries=publication.queries,
        shapes=publication.shapes.all_lines if publication.shapes else (),
        context=publication.context,
        digest=publication.digest,
    )
    return Renderer(Index(project, publication.lines), load_theme(project), material, host)
