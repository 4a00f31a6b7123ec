"""The files by which crawlers and clients discover a site: site map, robots, linkset."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import quote
from xml.sax.saxutils import escape

from ..formats import JSONLD, RDFXML
from ..iris import is_absolute
from ..rdf import refusals
from ..rdf.lines import iri
from ..rdf.tokens import iri_token, is_iri
from .citations import CITATIONS
from .data_files import DATA_FORMATS, data_formats
from .folder_pages import is_of_folder
from .renderer import Renderer

__all__ = ["discovery_files"]

_LISTED = 5000  #: things in the linkset
_URLS = 50_000  #: in one site map (https://www.sitemaps.org/protocol.html)
_SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def discovery_files(renderer: Renderer, pages: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of each file, given the paths of all pages.

    Without an address there is no site map, which names pages by whole addresses alone.
    """
    host, modified = renderer.host, renderer.project.modified.isoformat() if renderer.project.modified else ""
    indexed = sorted(page for page in pages if not _is_unlisted(page))
    if host:
        yield from _sitemaps(host, indexed, modified)
    yield (
        "robots.txt",
        f"User-agent: *\nAllow: /\n{f'Sitemap: {host}sitemap.xml' if host else ''}".strip().encode() + b"\n",
    )
    yield "linkset.json", _linkset(renderer)


def _is_unlisted(page: str) -> bool:
    """Whether nobody should come to a page from a search engine: it is part of another, or in place of one."""
    return page == "404.html" or page.endswith(f"{CITATIONS}.html") or is_of_folder(page)


def _sitemaps(host: str, pages: Sequence[str], modified: str) -> Iterator[tuple[str, bytes]]:
    parts = [pages[start : start + _URLS] for start in range(0, len(pages), _URLS)] or [[]]
    if len(parts) == 1:
        yield "sitemap.xml", _sitemap(host, parts[0], modified)
        return
    names = [f"sitemap-{number + 1}.xml" for number in range(len(parts))]
    rows = "".join(f"<sitemap><loc>{escape(host + name)}</loc></sitemap>\n" for name in names)
    yield (
        "sitemap.xml",
        f'<?xml version="1.0" encoding="UTF-8"?>\n<sitemapindex {_SITEMAP}>\n{rows}</sitemapindex>\n'.encode(),
    )
    for name, part in zip(names, parts, strict=True):
        yield name, _sitemap(host, part, modified)


def _sitemap(host: str, pages: Iterable[str], modified: str) -> bytes:
    dated = f"<lastmod>{modified}</lastmod>" if modified else ""
    rows = "".join(f"<url><loc>{escape(host + quote(page, safe='/=~@'))}</loc>{dated}</url>\n" for page in pages)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<urlset {_SITEMAP}>\n{rows}</urlset>\n'.encode()


def _linkset(renderer: Renderer) -> bytes:
    """Typed links of the publication as a whole and of its things (RFC 9264, Signposting level 2).

    A publication of many things names here only the one that it is about; the heads of pages have the links of each.
    """
    host, project = renderer.host, renderer.project
    licences = [{"href": name} for name in project.licences if is_absolute(name)]
    licence = {"license": licences} if licences else {}
    described = [{"href": f"{host}dataset.{f.extension}", "type": f.media_type} for f in DATA_FORMATS]
    whole: dict[str, Any] = {
        "anchor": f"{host}dataset.html",
        **({} if project.foreign else {"cite-as": [{"href": project.ids.dataset}]}),
        "type": [{"href": "http://www.w3.org/ns/dcat#Dataset"}, {"href": "https://schema.org/Dataset"}],
        **licence,
        **({"describedby": described} if renderer.material.described else {}),
        "item": [
            {"href": host + file.name} | ({"type": file.format.media_type} if file.format else {})
            for file in renderer.material.files
        ],
    }
    collection = [{"href": f"{host}dataset.html", "type": "text/html"}]
    # RDF/XML cannot carry every resource, so nothing is promised of it here
    formats = [format_ for format_ in data_formats(project) if format_ is not RDFXML]
    things = list(_things(renderer))
    # one alone is looked at by itself, sooner than all lines
    refused = len(things) == 1 or (things and next(refusals(renderer.index.lines, JSONLD), None) is not None)
    sets = [whole]
    for token, path in things:
        address = host + quote(path, safe="/=~@")
        types = [{"href": iri(type_)} for type_ in renderer.index.types.get(token, ()) if is_iri(type_)]
        sets.append(
            {
                "anchor": f"{address}.html",
                "cite-as": [{"href": iri(token)}],
                **({"type": types} if types else {}),
                **licence,
                "collection": collection,
                "describedby": [
                    {"href": f"{address}.{f.extension}", "type": f.media_type}
                    for f in formats
                    if not (refused and f is JSONLD and _refuses(renderer, token))
                ],
            }
        )
    return (json.dumps({"linkset": sets}, ensure_ascii=False, indent=1) + "\n").encode()


def _refuses(renderer: Renderer, token: bytes) -> bool:
    """Whether JSON-LD cannot carry what is said about a thing."""
    return next(refusals(renderer.index.resource(token).lines, JSONLD), None) is not None


def _things(renderer: Renderer) -> Iterator[tuple[bytes, str]]:
    """Things with the paths of their pages: all, or, of too many, the one that the publication is about."""
    index, project = renderer.index, renderer.project
    tokens = index.subjects
    if len(tokens) > _LISTED:
        tokens = [iri_token(project.ids.thing(project.subject))] if project.subject else []
    for token in tokens:
        if is_iri(token):
            path, fragment = renderer.addresses.page(iri(token))
            if not fragment and path.startswith(("id/", "resource/", "document/")):
                yield token, path
