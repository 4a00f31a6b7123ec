"""A renderer: what all pages of a publication share, and the fragments that stand on many of them."""

import io
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import SimpleNamespace
from typing import Any, TypeVar
from urllib.parse import quote

from markupsafe import Markup, escape

from .. import rdf
from ..authoring.reading import project_order
from ..evidence.audit_record import AuditRecord, load_record
from ..evidence.coverage import not_covering
from ..formats import JSONLD, NTRIPLES, RDFXML, TRIG, TURTLE, Format
from ..iris import compact
from ..project import Project
from ..publication.cited import CitationSources
from ..publication.contact import page_ways, ways
from ..publication.data_file import DataFile
from ..publication.publication import Publication
from ..query import NamedQuery
from ..rdf.lines import iri, literal
from ..rdf.reading_order import ReadingOrder
from ..rdf.text_direction import direction
from ..rdf.text_order import name_key
from ..rdf.tokens import iri_token, is_iri, is_literal
from ..validation import Report
from ..wording.lead_patterns import Patterns, lead_patterns, page_ranks
from ..wording.strings import OURS, is_translated, plain, without_signs
from .addresses import PART_PAGES, Addresses
from .alike import Alike
from .index import Index
from .pages import Page
from .published_check import PublishedCheck, claim_places, published_check
from .sections import Section, sections_of
from .structured_data import breadcrumbs, script
from .tagged_text import TaggedText, language_attributes
from .theme import Theme, load_theme
from .unit_view import UnitView
from .unit_weights import UnitWeights

__all__ = ["Material", "Renderer", "renderer_of"]

_MOST = 60_000  #: fragments of one kind that are remembered
_MOST_ADDRESSES = 10_000  #: which are asked for several times in a row, and seldom again
_Key = TypeVar("_Key")
_Value = TypeVar("_Value")
_TURNS = re.compile("[\u202a-\u202e\u2066-\u2069]")  #: embeddings, overrides and isolates of UAX #9
_SPECIAL = re.compile("[&<>\"']").search
_BEFORE_NUMBER = re.compile(r"(?<=\w) (?=\d[\w.]{0,7}(?:,|$))")  #: of an edition, which its name ends with
_XSD = "http://www.w3.org/2001/XMLSchema#"
#: Datatypes that a value shows by itself: readers need no word for these.
_PLAIN = frozenset(
    _XSD + name
    for name in ("string", "gYear", "gYearMonth", "date", "dateTime", "integer", "int", "long", "nonNegativeInteger",
                 "positiveInteger", "decimal", "boolean")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Material:
    """What pages are made of besides the lines: files beside them, the report, queries, shapes."""

    files: Sequence[DataFile] = ()
    report: Report | None = None
    places: Sequence[str] = ()  #: of the statement that each result of the report is about: file and line, or empty
    audit: AuditRecord | None = None
    claim_places: Mapping[str, str] = field(default_factory=dict)  #: claim → file and line, of a project's files
    check: PublishedCheck | None = None  #: what the evidence check raised; None where no text was compared
    queries: Mapping[str, NamedQuery] = field(default_factory=dict)
    shapes: Sequence[bytes] = ()
    context: Mapping[str, Any] | None = None
    digest: str = ""
    described: bool = True  #: whether the dataset is described in files of its own, `dataset.ttl` and its like
    not_compared: Sequence[str] = ()  #: the editions whose text was not at hand


class _Cache(dict[_Key, _Value]):
    """Fragments by what they are made of; emptied when it is full."""

    @property
    def most(self) -> int:
        """How many it takes."""
        return _MOST

    def __setitem__(self, key: _Key, value: _Value) -> None:
        if len(self) >= self.most:
            self.clear()
        super().__setitem__(key, value)


class _Addresses(_Cache[_Key, _Value]):
    """Few fragments."""

    @property
    def most(self) -> int:
        """How many it takes."""
        return min(_MOST, _MOST_ADDRESSES)


@dataclass
class Renderer:
    """Renders pages out of an index; keeps every fragment that stands on more than one of them."""

    index: Index
    theme: Theme
    material: Material
    host: str  #: address of the site's root, with a slash at its end; empty where it is not known
    only: frozenset[str] | None = None  #: the pages that there are beside those of resources; None: all
    unit_lines: _Cache[tuple[str, str, bool, bool], Markup] = field(default_factory=_Cache)
    source_texts: _Cache[str, tuple[str, frozenset[str]]] = field(default_factory=_Cache)  #: IRI → Turtle, its prefixes
    #: root and properties → them in the order of reading, with what stands above their values
    headings: _Cache[tuple[str, tuple[bytes, ...]], Sequence[tuple[bytes, Markup]]] = field(default_factory=_Cache)
    _links: _Cache[tuple[str, bytes], Markup] = field(default_factory=_Cache)
    _hrefs: _Addresses[tuple[str, str], str] = field(default_factory=_Addresses)
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
        renderer.__dict__["order"] = self.order
        renderer.__dict__["turtle"] = self.turtle
        renderer.__dict__["ranks"] = self.ranks
        renderer.__dict__["patterns"] = self.patterns
        return renderer

    @cached_property
    def prefixes(self) -> Mapping[str, str]:
        """The project's prefixes."""
        return self.project.prefixes

    @cached_property
    def rdfxml(self) -> rdf.RdfxmlDescriptions:
        """How resources are written in RDF/XML."""
        return rdf.RdfxmlDescriptions(self.prefixes)

    @cached_property
    def compaction(self) -> rdf.Compaction:
        """How resources are written in JSON-LD."""
        return rdf.Compaction(self.project.prefixes, self.material.context)

    @cached_property
    def turtle(self) -> rdf.TurtleDescriptions:
        """How resources are written in Turtle."""
        return rdf.TurtleDescriptions(self.prefixes, self.order)

    @cached_property
    def order(self) -> ReadingOrder:
        """The order in which Turtle is read."""
        return project_order(self.project, self.material.shapes)

    @cached_property
    def ranks(self) -> Mapping[bytes, int]:
        """Property → its place on a page."""
        return page_ranks(self.project, self.material.shapes, self.patterns, self.order.terms)

    @cached_property
    def patterns(self) -> Patterns:
        """What sentences are made of facts with."""
        texts = {key: text for key, text in self.theme.strings.items() if is_translated(text)}
        return lead_patterns(texts, self.prefixes)

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
            description="" if project.description == project.title else project.description,  # until it is written
            licences=[(name, name.startswith(("https://", "http://"))) for name in project.licences],
            creator=project.creator,
            publisher=project.publisher.name if project.publisher else "",
            contact=ways(project, t),
            contact_name=project.contact.name if project.contact else "",
            mail_opens=self.mail_opens,
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

    def holds(self, file: DataFile) -> str:
        """What is in a data file, in a sentence."""
        kind = file.holds("" if self.project.foreign else self.project.name)
        t = self.theme.strings
        text = t.get(f"holds_{kind}", "")
        return t["holds_version"].format(holds=text) if text and "/" in file.name else text

    @cached_property
    def sources(self) -> CitationSources:
        """What citations ask of the publication."""
        index = self.index

        def kind_of(unit: str) -> str:
            found = index.units.get(unit)
            return found.kind if found else ""

        return CitationSources(self.project, self.words, index.name_of, self.provenance, kind_of, index.unit_name)

    @cached_property
    def words(self) -> Mapping[str, str]:
        """Our texts for what is no page, such as citations and mails."""
        return {key: plain(text) for key, text in self.theme.strings.items()}

    def edition_text(self, edition: str) -> TaggedText:
        """An edition as a citation names it, whose number no line parts from the word before it."""
        text = _BEFORE_NUMBER.sub("\u00a0", self.sources.edition_text(edition))
        return self.tagged(text, self.index.name_of(iri_token(edition))[1])

    def not_known(self, edition: str, key: str = "unknown") -> str:
        """What is said to be unknown of where an edition comes from, in the words of a key; empty for nothing."""
        return self.sources.not_known_text(edition, self.theme.strings, key)

    def address(self, path: str) -> str:
        """The address of a page; empty where that of the site is not known."""
        return self.host + quote(path, safe="/=~@") if self.host else ""

    def steps(self, path: str, title: str, root: str, section: str) -> list[tuple[str, str]]:
        """The way from the home page to a page: names and addresses."""
        names = {path: plain(name) for path, name in (*self.site.navigation, *self.site.foot)}
        steps = [(self.project.title, "index.html")]
        if section in names and section != path:
            steps.append((names[section], section))
        if path != "index.html":
            steps.append((plain(title), path))
        return [(name, self.address(one) or root + one) for name, one in steps]

    def page(self, path: str, title: str, kind: str, *, nodes: Sequence[dict[str, Any]] = (), **more: Any) -> Page:
        """The frame of a page; `nodes` are what it says to search engines, beside where it stands in the site."""
        styles = more.pop("styles", ())
        if "theme/own.css" in self.theme.files:
            styles = (*styles, "theme/own.css")
        root = more.pop("root", "../" * path.count("/"))
        # it stands in attributes, where nothing ends what would turn the direction of the text behind it
        more["description"] = self.in_attribute(str(more.get("description", "")))
        steps = self.steps(path, title, root, more.get("section", "")) if path != "404.html" else []
        return Page(
            path=path,
            title=str(title),
            title_attributes=getattr(title, "attributes", ""),
            root=root,
            lang=self.project.language,
            canonical=self.address(path),
            kind=kind,
            styles=styles,
            structured=script([*nodes, *breadcrumbs(steps)]),
            **more,
        )

    @staticmethod
    def in_attribute(text: str) -> str:
        """A text without what would turn the direction of what is behind it."""
        return text if text.isascii() else _TURNS.sub("", text)

    def html(self, template: str, page: Page, *, searched: str = "", **context: Any) -> bytes:
        """A page through its template; its search field has what was searched."""
        return self.theme.render(template, page=page, **self.shared(page, searched), **context).encode()

    def shared(self, page: Page, searched: str = "") -> dict[str, Any]:
        """What the template of a page knows beside the page's own."""
        return {
            "site": self.site,
            "links": self._once("links.html", page),
            "header": self._once("header.html", page) if not searched else self._part("header.html", page, searched),
            "footer": self.footer(page),
        }

    @property
    def mail_opens(self) -> str:
        """What a link that writes to the publisher does, with the address for whoever has no mail program."""
        contact = self.project.contact
        return self.theme.strings["mail_opens"].format(mail=contact.mail) if contact and contact.mail else ""

    def footer(self, page: Page) -> Markup:
        """The foot of a page; where a mail can be written, its draft names the page."""
        contact = self.project.contact
        if contact is None or not contact.mail:
            return self._once("footer.html", page)
        t = self.theme.strings
        words = {**t, "objection_page": plain(t["objection_page"])}  # it stands in an address
        ways_here = page_ways(self.project, words, page.canonical or page.path)
        site = SimpleNamespace(**{**vars(self.site), "contact": ways_here, "mail_opens": self.mail_opens})
        text = self.theme.render_part("footer.html", root=page.root, section=page.section, site=site)
        return Markup(text)  # noqa: S704 – made by an escaping template

    def _once(self, template: str, page: Page) -> Markup:
        """A part of the frame that is the same on every page of a section with the same scripts and styles."""
        key = (template, page.root, page.section, page.styles, page.scripts)
        part = self._parts.get(key)
        if part is None:
            part = self._parts[key] = self._part(template, page)
        return part

    def _part(self, template: str, page: Page, searched: str = "") -> Markup:
        text = self.theme.render_part(
            template,
            root=page.root,
            section=page.section,
            styles=page.styles,
            scripts=page.scripts,
            site=self.site,
            searched=searched,
        )
        return Markup(text)  # noqa: S704 – made by an escaping template

    def serialize(self, lines: Sequence[bytes], format_: Format, about: bytes = b"") -> bytes:
        """Sorted triples in a format; Turtle begins with what they are `about`. Raises `CannotCarry`."""
        if format_ is NTRIPLES:
            return b"".join(lines)
        out = io.BytesIO()
        if format_ is JSONLD:
            self.compaction.write(list(lines), out)
        else:
            rdf.write(list(lines), format_, out, prefixes=self.prefixes, order=self.order.about(about))
        return out.getvalue()

    def described(self, description: rdf.Description, format_: Format, about: bytes = b"") -> bytes:
        """What `serialize` gives for the lines of a description. Raises `CannotCarry`."""
        if format_ is NTRIPLES:
            return description.text
        found = None
        if description.plain:
            if format_ in (TURTLE, TRIG):
                found = self.turtle.write(description.groups, about)
            elif format_ is JSONLD:
                found = self.compaction.description(description.groups)
            elif format_ is RDFXML:
                found = self.rdfxml.write(description)
        return found or self.serialize(description.lines, format_, about)

    def prepare(self, token: bytes) -> None:
        """Find out beforehand how `described` writes an IRI."""
        self.turtle.prepare(token)
        self.compaction.prepare(token)

    # -- fragments -----------------------------------------------------------

    def href(self, root: str, name: str) -> str:
        """Where a page's link to a resource leads: its page here, else the IRI itself if it is one to follow."""
        key = (root, name)
        href = self._hrefs.get(key)
        if href is None:
            href = self._hrefs[key] = self._href(root, name)
        return href

    def _href(self, root: str, name: str) -> str:
        if name.startswith(("http://", "https://")) and self.addresses.is_elsewhere(name):
            if iri_token(name) not in self.index.paged:
                return name
        path, fragment = self.addresses.page(name)
        if fragment and (section := self.section_of.get(name)):
            path = f"{path}/{section}"
        token = name.encode() if name.startswith("_:") else iri_token(name.partition("#")[0] if fragment else name)
        own = token in self.index.paged
        part = path in PART_PAGES and path != "evidence"  # which is there only where the data have it
        if own or fragment or part or path.startswith("query/"):
            return f"{root}{quote(path, safe='/=~@')}.html{'#' + quote(fragment, safe='') if fragment else ''}"
        return name if name.startswith(("http://", "https://")) else ""

    def cut(self, units: Sequence[UnitView]) -> list[Section]:
        """The sections of an edition's units that stand on pages of their own; none where one page has all."""
        return sections_of(units, self.weights.unit)

    @cached_property
    def alike(self) -> Alike:
        """Which things are called alike."""
        return Alike(self.index)

    @cached_property
    def weights(self) -> UnitWeights:
        """How much units take of a page."""
        return UnitWeights(self.index)

    @cached_property
    def section_of(self) -> Mapping[str, int]:
        """Unit → the number of the section in which it stands; of long documents alone.

        Empty where the index has not read everything: then links lead to the document's contents, which lead on.
        """
        if self.only is not None:
            return {}
        return {
            unit.iri: section.number
            for _, units in self.index.editions()
            for section in self.cut(units)
            for unit in section.units
        }

    def link(self, root: str, token: bytes, text: str | None = None) -> Markup:
        """A link to what a token names, with its label; cached, since the same ones stand on many pages.

        Where another thing is called alike, the label is followed by the class.
        """
        if text is not None:
            return self.made_link(root, token, text)
        key = (root, token)
        link = self._links.get(key)
        if link is None:
            link = self._links[key] = self.made_link(root, token)
        return link

    def release_links(self) -> None:
        """Let go of all links that are remembered."""
        self._links.clear()

    def _is_plain(self, token: bytes) -> bool:
        """Whether what a token names is called in ASCII in the language of the pages, and nothing else is called so."""
        label, language = self.index.name_of(token)
        plain = self._is_ltr and label.isascii() and label != "" and language in self._own_languages
        return plain and is_iri(token) and self.alike.beside(token) is None

    @cached_property
    def _is_ltr(self) -> bool:
        return direction(self.project.language) == "ltr"

    @cached_property
    def _own_languages(self) -> tuple[str, str]:
        return "", self.project.language

    def made_link(self, root: str, token: bytes, text: str | None = None) -> Markup:
        """The same, made anew."""
        name = token.decode().strip("<>")
        if text is None and self._is_plain(token) and (href := self.href(root, name)):
            outside = ' rel="external"' if href == name else ""
            label = self.index.name_of(token)[0]
            return Markup(f'<a href="{_escaped(href)}"{outside}>{_escaped(label)}</a>')  # noqa: S704 – escaped
        is_blank = name.startswith("_:")
        if not (is_iri(token) or (is_blank and self.index.is_named(token))):
            return Markup("<code>{}</code>").format(token.decode())
        label, language = self.index.name_of(token)
        lang = language_attributes(language, self.project.language) if text is None else ""
        href = self.href(root, name)
        outside = ' rel="external"' if href == name else ""
        if href:
            shown = escape((text or label) if "dir=" in lang else self.tagged(text or label))
            beside = self.alike.beside(token) if text is None and not is_blank else None  # its class is its name
            if beside is not None:
                shown = Markup("{} ({})").format(self.tagged(label, language), self.worded(beside))
                lang = ""
            link = Markup(f'<a href="{escape(href)}"{lang}{outside}>{shown}</a>')  # noqa: S704 – escaped above
        else:
            link = escape(self.tagged(text or label, "" if text else language))
        return link

    def value(self, root: str, token: bytes, most: int | None = None) -> Markup:
        """A term as it stands in a page: a link, or a literal with its language or a datatype that it does not show.

        A literal is cut to `most` characters. What stands on another site and has no name here is told with that site.
        """
        if not is_literal(token):
            return self.with_site(self.link(root, token), token)
        text, language, datatype = literal(token)
        text = without_signs(text)
        if most is not None and len(text) > most:
            text = f"{text[: most - 1]}…"
        lang, note = "", ""
        if language:
            tag = language.partition("--")[0]
            if self.foreign(tag):
                lang, note = f' lang="{tag}"', f' <span class="tag" dir="ltr">{tag}</span>'
        elif datatype in _PLAIN:
            lang = f' title="{escape(self.short(datatype))}"' if datatype != _XSD + "string" else ""
        elif datatype:
            note = f' <span class="tag" dir="ltr">{escape(self.short(datatype))}</span>'
        return Markup(f'<span class="literal" dir="auto"{lang}>{escape(text)}</span>{note}')  # noqa: S704 – escaped above

    def with_site(self, link: Markup, token: bytes) -> Markup:
        """A link to what a token names, and on which site that stands, where its name does not tell it."""
        site = self._site(token)
        return Markup(f'{link} <span class="tag" dir="ltr">{escape(site)}</span>') if site else link  # noqa: S704 – escaped

    def _site(self, token: bytes) -> str:
        """On which site something stands that has no name but the end of its address; empty for anything else."""
        name = token.decode()[1:-1]
        if token in self.index.label or not name.startswith(("https://", "http://")) or self.href("", name) != name:
            return ""
        text, known = self.index.name_of(token)
        site = name.partition("://")[2].partition("/")[0].rpartition("@")[2].removeprefix("www.")
        return "" if known or text.removeprefix("www.") == site else site

    def foreign(self, language: str) -> str:
        """The tag of a language other than the publication's own; empty for that one, and where there is none."""
        return "" if language == self.project.language else language

    def short(self, name: str) -> str:
        """An IRI as people write it, with a prefix where one fits."""
        return compact(name, self.prefixes)

    def prefixed_tag(self, name: str) -> Markup:
        """An IRI with its prefix, as it stands behind a name that others have, too."""
        return Markup(' <code class="tag" dir="ltr">{}</code>').format(self.short(name))

    def provenance(self, edition: str) -> dict[str, list[str]]:
        """Who wrote an edition, who published it, when, and where it is from, to read; of what is known."""
        index = self.index
        # an agent without a name is cited by its IRI, of which no part need be its name
        return {
            key: [
                literal(token)[0] if is_literal(token)
                else iri(token) if key == "source" or token not in index.label
                else index.label[token][0]
                for token in tokens
            ]
            for key, tokens in index.provenance(edition).items()
        }  # fmt: skip

    def tagged(self, text: str, language: str = "") -> TaggedText:
        """A text in a language, empty for that of the pages or none, as it enters a page."""
        return TaggedText(text, language, self.project.language)

    def escaped(self, text: str, language: str = "") -> str:
        """A text in a language as HTML has it."""
        if self._is_ltr and text.isascii() and language in self._own_languages:
            return _escaped(text)
        return str(escape(self.tagged(text, language)))

    def english(self, text: str) -> TaggedText:
        """A message of the program, which is in English whatever the project's language."""
        return self.tagged(text, OURS)

    @cached_property
    def questions(self) -> list[NamedQuery]:
        """The named queries, their titles and descriptions as they enter pages."""
        return [
            replace(query, title=self.tagged(query.title), description=self.tagged(query.description))
            for query in self.material.queries.values()
        ]

    def worded(self, token: bytes) -> TaggedText:
        """A term as it stands in a page where nothing leads to it."""
        if is_literal(token):
            return self.index.text(token)
        return self.tagged(*self.index.name_of(token))

    def text_of(self, token: bytes) -> str:
        """A term as plain text."""
        return without_signs(literal(token)[0]) if is_literal(token) else self.index.name_of(token)[0]

    def links(self, root: str, tokens: Iterable[bytes]) -> list[Markup]:
        """Links to several resources, in the order of their names."""
        return [self.link(root, token) for token in sorted(tokens, key=self.sort_key)]

    def sort_key(self, token: bytes) -> tuple[str, bytes]:
        """By name as people sort, numbers by their size, then by IRI."""
        return name_key(self.text_of(token)), token


def _escaped(text: str) -> str:
    """A text for HTML; most have nothing to be escaped."""
    return str(escape(text)) if _SPECIAL(text) else text


def _places(publication: Publication) -> list[str]:
    """File and line of the statement that each validation result is about, from the project's folder; as is known."""
    if publication.gate is None:
        return []
    root, found = publication.project.root, map(publication.gate.locate, publication.gate.data.results)
    return [
        f"{(at[0].relative_to(root) if at[0].is_relative_to(root) else at[0]).as_posix()}:{at[1]}" if at else ""
        for at in found
    ]


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
        places=_places(publication),
        audit=audit,
        claim_places=claim_places(publication),
        check=published_check(publication, audit),
        queries=publication.queries,
        shapes=publication.shapes.all_lines if publication.shapes else (),
        context=publication.context,
        digest=publication.digest,
        described=dataset is not None,
        not_compared=[edition.name for edition in dataset.editions if edition.comparison is None] if dataset else (),
    )
    return Renderer(Index(project, publication.lines), load_theme(project), material, host)
