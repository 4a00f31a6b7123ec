"""The reading view: a document's units in order, each with the claims that rest on it.

A long document has a page of contents at its address, and a page for each of its sections.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from markupsafe import Markup, escape

from ..namespaces import DCTERMS, PROV, SCHEMA
from ..publication.citation import coins, dublin_core
from ..publication.cited import cite_document
from ..rdf.jsonld_escapes import script_safe
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, is_iri
from .citations import citation_texts, citations_files
from .coverage_text import count_coverage, coverage_text
from .data_files import DATA_FORMATS, data_files, data_links
from .left_out import left_out_bundles, left_out_page
from .pages import Bundle, Link, Page
from .renderer import Renderer
from .resource import Resource
from .sections import ANCHORED_UNITS, Heading, Section
from .statements import IncomingLinks, incoming_links, statement_groups
from .things import ThingBundle, ThingPages
from .unit_rows import covering, is_same, state_of, unit_row
from .unit_view import UnitView

__all__ = ["document_bundles"]

_PLAIN_TEXT = "http://tools.ietf.org/rfc/rfc5147"
_REPLACED, _REVISED = iri_token(DCTERMS.isReplacedBy), iri_token(PROV.wasRevisionOf)
_PDF = "http://tools.ietf.org/rfc/rfc8118"
_MOST_ENTRIES = 1_000  #: lines of the contents on one page, and as many headings below them
_MOST_BYTES = 120_000  #: of each
_NEAR = 100  #: sections that the page of one of them lists


def document_bundles(renderer: Renderer) -> Iterator[Bundle | ThingBundle]:
    """The list of documents, and the reading view of each edition with its data and annotations."""
    things = ThingPages(renderer)
    editions = dict(renderer.index.editions())
    if editions:
        yield Bundle("documents", lambda: [("documents.html", _list(renderer, editions))])
    yield from left_out_bundles(renderer)
    start = f"<{renderer.project.ids.base}document/".encode()
    for token in renderer.index.subjects:
        if not token.startswith(start):
            continue
        path = renderer.addresses.page(iri(token))[0]
        if iri(token) in editions:
            edition = _Edition(renderer, token, path, editions[iri(token)])
            yield Bundle(path, edition.files)
            for section in edition.sections:
                yield Bundle(f"{path}/{section.number}", lambda e=edition, s=section: e.section_files(s))  # type: ignore[misc]
        else:
            yield ThingBundle(path, things, token)


def _list(renderer: Renderer, editions: dict[str, list[UnitView]]) -> bytes:
    page = renderer.page("documents.html", renderer.theme.strings["documents"], "documents", section="documents.html")
    rows = []
    for edition, units in editions.items():
        counts = count_coverage(renderer, units)
        link = renderer.link("", iri_token(edition))
        left_out = left_out_page(renderer, edition)
        newer = _last(renderer, iri_token(edition), _REPLACED)
        rows.append(
            {"link": link, "newer": renderer.link("", newer) if newer else "", "units": len(units),
             "covered": counts.covered, "asked": counts.asked, "left_out": left_out}
        )  # fmt: skip
    return renderer.html("documents.html", page, rows=rows)


def _size(headings: Iterable[Heading | None]) -> int:
    """The bytes that headings take in the contents, about."""
    return sum(200 + (len(escape(str(heading.text)).encode()) if heading else 0) for heading in headings)


def _times(size: int, entries: int) -> int:
    """By how much entries of the contents are too many for a page; 1 where they are not."""
    return max(1, -(-entries // _MOST_ENTRIES), -(-size // _MOST_BYTES))


def _last(renderer: Renderer, edition: bytes, predicate: bytes, most: int = 100) -> bytes | None:
    """The edition at the end of the links from one to the next by a property, after no more than `most` of them."""
    passed = [edition]
    while len(passed) <= most:
        triples = map(split, renderer.index.lines_of(passed[-1]))
        following = (object_ for _, property_, object_, _ in triples if property_ == predicate and is_iri(object_))
        further = next((one for one in following if one not in passed), None)
        if further is None:
            break
        passed.append(further)
    return passed[-1] if len(passed) > 1 else None


def _opens(section: Section, unit: UnitView) -> bool:
    """Whether a unit is the heading that the page of a section has at its head, in full."""
    opening = section.opening
    texts = (text for text in (unit.quote, unit.gist) if text)
    return opening is not None and unit is opening.unit and any(is_same(text, opening.text) for text in texts)


@dataclass(frozen=True)
class _Edition:
    """The pages of an edition: one, or its contents and a page a section."""

    renderer: Renderer
    token: bytes
    path: str
    units: list[UnitView]

    @cached_property
    def sections(self) -> Sequence[Section]:
        """Its sections; none where one page has all of it."""
        return self.renderer.cut(self.units)

    @cached_property
    def states(self) -> dict[str, str]:
        """Whether something rests on each unit: `covered`, `uncovered` or `exempt`, by its IRI."""
        return {unit.iri: state_of(self.renderer, unit) for unit in self.units}

    def files(self) -> list[tuple[str, bytes]]:
        """The page at the edition's address, its data, and all evidence as annotations."""
        renderer, index, path = self.renderer, self.renderer.index, self.path
        root = "../" * path.count("/")
        resource = index.resource(self.token)
        data = data_files(renderer, path, resource.lines, about=self.token)
        written = [format_ for format_ in DATA_FORMATS if f"{path}.{format_.extension}" in dict(data)]
        files = data_links(path, written)
        title = renderer.worded(self.token)
        citation = cite_document(renderer.sources, resource.iri)
        links = (Link("cite-as", resource.iri), *(link for pair in files for link in pair), self.annotations)
        page = self._page(f"{path}.html", title, links)
        long = bool(self.sections)
        digests = (literal(s.object)[0] for s in resource.statements if iri(s.predicate) == SCHEMA.sha256)
        html = renderer.html(
            "contents.html" if long else "edition.html",
            page,
            **self._shown(root, self.units),
            rows=[] if long else [unit_row(renderer, root, unit) for unit in self.units],
            contents=self._contents() if long else [],
            pages=len(self.sections),
            anchors=len(self.units) <= ANCHORED_UNITS,
            statements=statement_groups(renderer, root, resource.statements),
            incoming=self._incoming(root, resource),
            sha256=next(digests, ""),
            citations=citation_texts(renderer, citation),
            coins=coins(citation),
            dublin_core=dublin_core(citation),
            files=[*(alternate for alternate, _ in files), self.annotations],
        )
        cited = citations_files(renderer, resource, path)
        return [(f"{path}.html", html), *cited, *data, (f"{path}.annotations.jsonld", self._annotations(resource.iri))]

    @property
    def annotations(self) -> Link:
        """The link to all evidence as Web Annotations."""
        media = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
        return Link("alternate", f"{self.path.rpartition('/')[2]}.annotations.jsonld", media, "Web Annotation")

    def _incoming(self, root: str, resource: Resource) -> list[IncomingLinks]:
        """The links to it, but the one from the edition that it replaces, which the head of the page tells."""
        views = incoming_links(self.renderer, root, resource)
        told = _last(self.renderer, self.token, _REVISED, 1) is not None
        return [
            view
            for group, view in zip(resource.incoming, views, strict=True)
            if not told or group.predicate != _REPLACED
        ]

    def _annotations(self, name: str) -> bytes:
        return _annotations(self.renderer, name, self.units)

    def _page(self, path: str, title: str, links: tuple[Link, ...]) -> Page:
        return self.renderer.page(
            path,
            title,
            "reading",
            section="documents.html",
            links=links,
            scripts=("reading.js",),
            styles=("theme/tools.css",),
        )

    def _shown(self, root: str, units: Sequence[UnitView]) -> dict[str, Any]:
        """What every page of the edition says of it, and of the units on the page."""
        newer = _last(self.renderer, self.token, _REPLACED)
        older = _last(self.renderer, self.token, _REVISED, 1)
        counts = count_coverage(self.renderer, units)
        return {
            "iri": iri(self.token),
            "label": self.renderer.worded(self.token),
            "newer": self.renderer.link(root, newer) if newer else "",
            "older": self.renderer.link(root, older) if older else "",
            "unknown": self.renderer.not_known(iri(self.token), "unknown_of"),
            "left_out": left_out_page(self.renderer, iri(self.token)),
            "covered": counts.covered,
            "uncovered": counts.uncovered,
            "counted": coverage_text(self.renderer, counts),
            "exempt": counts.exempt,
            "all": len(units),
            "published": any(unit.quote for unit in self.units),
            "characters": max((unit.end for unit in self.units), default=0),
        }

    # -- sections ---------------------------------------------------------------

    def _contents(self) -> list[dict[str, Any]]:
        """Each section, or, where there are too many for one page, every so many of them, with its headings."""
        inner = [
            [
                heading
                for heading in section.headings
                if heading.text and heading is not section.opening and heading.level
            ]
            for section in self.sections
        ]
        step = _times(_size(section.opening for section in self.sections), len(self.sections))
        listed = [heading for headings in inner for heading in headings]
        nested = step == 1 and _times(_size(listed), len(listed)) <= 1
        below = self.path.rpartition("/")[2]
        entries = []
        for at in range(0, len(self.sections), step):
            part = self.sections[at : at + step]
            entry = self._entry(part[0], part[-1], f"{below}/{part[0].number}.html")
            if nested:
                entry["headings"] = [
                    {"text": heading.text, "level": min(heading.level, 4), "number": heading.unit.number}
                    for heading in inner[at]
                ]
            entry["units"] = [unit for one in part for unit in one.units]
            entries.append(entry)
        return entries

    def _entry(self, first: Section, last: Section, href: str) -> dict[str, Any]:
        """A line of the contents, for a section or for several that follow each other."""
        states = {self.states[unit.iri] for number in range(first.number, last.number + 1)
                  for unit in self.sections[number - 1].units}  # fmt: skip
        t = self.renderer.theme.strings
        beyond = f"{first.units[0].number}–{last.units[-1].number}"
        span = t["units_span"].format(span=first.span if first is last else beyond)
        heading = first.opening or first.above
        text = heading.text if heading else ""
        return {
            "number": first.number,
            "href": href,
            "text": text,
            # what goes on under a heading is told from where that begins
            "name": Markup("{}, {}").format(text, span) if text and not first.opening else text or span,
            "level": max(1, min(heading.level, 4)) if heading else 1,
            "span": span,
            "states": " ".join(sorted(states)),
            "headings": [],
        }

    def section_files(self, section: Section) -> list[tuple[str, bytes]]:
        """The page of a section."""
        renderer = self.renderer
        path = f"{self.path}/{section.number}"
        root = "../" * path.count("/")
        name = self.path.rpartition("/")[2]
        up = f"../{name}.html"
        entry = self._entry(section, section, "")
        document = renderer.index.name_of(self.token)[0]
        parts = (entry["text"], entry["span"] if not section.opening else "")
        text = ", ".join(part for part in parts if part)
        links = [Link("collection", up)]
        around = {"prev": section.number - 1, "next": section.number + 1}
        numbers = {rel: number for rel, number in around.items() if 0 < number <= len(self.sections)}
        links += [Link(rel, f"{number}.html") for rel, number in numbers.items()]
        first = max(0, min(section.number - 1 - _NEAR // 2, len(self.sections) - _NEAR))
        near = [self._entry(one, one, f"{one.number}.html") for one in self.sections[first : first + _NEAR]]
        texts = {iri(s.predicate): literal(s.object)[0] for s in renderer.index.resource(self.token).statements
                 if iri(s.predicate) == SCHEMA.sha256}  # fmt: skip
        html = renderer.html(
            "section.html",
            self._page(f"{path}.html", f"{text} – {document}", tuple(links)),
            **self._shown(root, section.units),
            rows=[
                unit_row(renderer, root, unit, bounded=True) | {"title": _opens(section, unit)}
                for unit in section.units
            ],
            heading=entry["text"],
            span=entry["span"],
            document=renderer.link(root, self.token),
            place=renderer.theme.strings["section_of"].format(
                number=renderer.theme.figure(section.number), count=renderer.theme.figure(len(self.sections))
            ),
            up=up,
            previous=near[numbers["prev"] - first - 1] if "prev" in numbers else None,
            next=near[numbers["next"] - first - 1] if "next" in numbers else None,
            near=near,
            number=section.number,
            cut=len(near) < len(self.sections),
            own_headings=[heading for heading in section.headings if heading.text and heading is not section.opening],
            annotations=f"../{self.annotations.href}",
            dublin_core=dublin_core(cite_document(renderer.sources, iri(self.token))),
            sha256=texts.get(SCHEMA.sha256, ""),
        )
        return [(f"{path}.html", html)]


def _annotations(renderer: Renderer, edition: str, units: list[UnitView]) -> bytes:
    """All evidence in an edition as Web Annotations (https://www.w3.org/TR/annotation-model/), one for each unit."""
    items = []
    for unit in units:
        claims = [claim for _, claim in covering(renderer, unit)]
        if not claims:
            continue
        selectors: list[dict[str, Any]] = [
            {"type": "TextPositionSelector", "start": unit.start, "end": unit.end},
            {"type": "FragmentSelector", "value": f"char={unit.start},{unit.end}", "conformsTo": _PLAIN_TEXT},
        ]
        if unit.page is not None:
            selectors.append({"type": "FragmentSelector", "value": f"page={unit.page}", "conformsTo": _PDF})
        if unit.element:
            selectors.append({"type": "CssSelector", "value": unit.element})
        if unit.quote:
            selectors.append({"type": "TextQuoteSelector", "exact": unit.quote})
        body: list[Any] = [{"id": claim, "purpose": "linking"} for claim in claims]
        if unit.gist:
            gist = {"type": "TextualBody", "value": unit.gist, "purpose": "describing"}
            body.append(gist | {"language": renderer.project.language})
        items.append(
            {
                "id": f"{unit.iri}.annotation",
                "type": "Annotation",
                "motivation": "linking",
                "body": body,
                "target": {"id": unit.iri, "type": "SpecificResource", "source": edition, "selector": selectors},
            }
        )
    value = {
        "@context": "http://www.w3.org/ns/anno.jsonld",
        "id": f"{edition}#annotations",
        "type": "AnnotationPage",
        "items": items,
    }
    return script_safe((json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode())
