"""The reading view: a document's units in order, each with the claims that rest on it."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from markupsafe import Markup

from ..namespaces import SCHEMA
from ..rdf.lines import iri, literal
from ..rdf.tokens import iri_token
from .data_files import DATA_FORMATS, data_files, data_links
from .pages import Bundle, Link
from .renderer import Renderer
from .resource import UnitView
from .statements import incoming_links, statement_groups
from .things import ThingBundle, ThingPages

__all__ = ["document_bundles"]

_PLAIN_TEXT = "http://tools.ietf.org/rfc/rfc5147"
_PDF = "http://tools.ietf.org/rfc/rfc8118"


def document_bundles(renderer: Renderer) -> Iterator[Bundle | ThingBundle]:
    """The list of documents, and the reading view of each edition with its data and annotations."""
    things = ThingPages(renderer)
    editions = dict(renderer.index.editions())
    if editions:
        yield Bundle("documents", lambda: [("documents.html", _list(renderer, editions))])
    start = f"<{renderer.project.ids.base}document/".encode()
    for token in renderer.index.subjects:
        if not token.startswith(start):
            continue
        path = renderer.addresses.page(iri(token))[0]
        if iri(token) in editions:
            units = editions[iri(token)]
            yield Bundle(path, lambda t=token, p=path, u=units: _edition(renderer, t, p, u))  # type: ignore[misc]
        else:
            yield ThingBundle(path, things, token)


def _list(renderer: Renderer, editions: dict[str, list[UnitView]]) -> bytes:
    page = renderer.page("documents.html", renderer.theme.strings["documents"], "documents", section="documents.html")
    rows = []
    for edition, units in editions.items():
        covered, asked = _covered(renderer, units)
        link = renderer.link("", iri_token(edition))
        rows.append({"link": link, "units": len(units), "covered": covered, "asked": asked})
    return renderer.html("documents.html", page, rows=rows)


def _covering(renderer: Renderer, unit: UnitView) -> list[tuple[bytes, str]]:
    """Triple and claim IRI of what rests on a unit, in the order of subjects."""
    claims = (claim for _, claim in renderer.index.claims.get(unit.iri, ()))
    return _triples(renderer, claims)


def _triples(renderer: Renderer, claims: Iterable[str]) -> list[tuple[bytes, str]]:
    """Triple and IRI of each claim that is whole, in the order of subjects."""
    return sorted({(triple[:-3], claim) for claim in claims if (triple := renderer.index.triple_of(claim))})


def _covered(renderer: Renderer, units: list[UnitView]) -> tuple[int, int]:
    """How many of the units that need a claim have one, and how many need one."""
    asked = [unit for unit in units if unit.exempt is None]
    covered = sum(
        unit.iri in renderer.index.contradicted
        or any(t.split(b" ", 2)[1] not in renderer.not_covering for t, _ in _covering(renderer, unit))
        for unit in asked
    )
    return covered, len(asked)


def _edition(renderer: Renderer, token: bytes, path: str, units: list[UnitView]) -> list[tuple[str, bytes]]:
    index = renderer.index
    root = "../" * path.count("/")
    resource = index.resource(token)
    data = data_files(renderer, path, resource.lines)
    files = data_links(path, (format_ for format_ in DATA_FORMATS if f"{path}.{format_.extension}" in dict(data)))
    annotations = f"{path}.annotations.jsonld"
    media = 'application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"'
    own = Link("alternate", annotations.rpartition("/")[2], media, "Web Annotation")
    title, language = index.name_of(token)
    page = renderer.page(
        f"{path}.html",
        title,
        "reading",
        section="documents.html",
        links=(Link("cite-as", resource.iri), *(link for pair in files for link in pair), own),
        scripts=("reading.js",),
        styles=("theme/tools.css",),
    )
    covered, asked = _covered(renderer, units)
    digests = (literal(s.object)[0] for s in resource.statements if iri(s.predicate) == SCHEMA.sha256)
    html = renderer.html(
        "edition.html",
        page,
        iri=resource.iri,
        label_lang=renderer.foreign(language),
        rows=[_row(renderer, root, unit) for unit in units],
        covered=covered,
        asked=asked,
        published=any(unit.quote for unit in units),
        statements=statement_groups(renderer, root, resource.statements),
        incoming=incoming_links(renderer, root, resource),
        sha256=next(digests, ""),
        characters=max((unit.end for unit in units), default=0),
        files=[*(alternate for alternate, _ in files), own],
    )
    return [(f"{path}.html", html), *data, (annotations, _annotations(renderer, resource.iri, units))]


def _row(renderer: Renderer, root: str, unit: UnitView) -> dict[str, Any]:
    """A unit with its claims, as the template has it."""
    claims = _covering(renderer, unit)
    return {
        "unit": unit,
        "kind": renderer.index.name_of(iri_token(unit.kind))[0] if unit.kind else "",
        "claims": [_claim(renderer, root, triple, claim) for triple, claim in claims],
        "denies": [
            _claim(renderer, root, triple, claim)
            for triple, claim in _triples(renderer, renderer.index.contradicted.get(unit.iri, ()))
        ],
        "covered": any(triple.split(b" ", 2)[1] not in renderer.not_covering for triple, _ in claims),
        "exempt": renderer.index.name_of(iri_token(unit.exempt))[0] if unit.exempt else "",
    }


def _claim(renderer: Renderer, root: str, triple: bytes, claim: str) -> Markup:
    """A claim as a line of reading; its number leads to the statement on its subject's page, wherever that is."""
    subject, predicate, object_ = triple.split(b" ", 2)
    page = renderer.href(root, subject.decode().strip("<>"))
    return Markup('{} <span class="muted">{}</span> {} <a class="unit" href="{}" aria-label="{}">#</a>').format(
        renderer.link(root, subject),
        renderer.text_of(predicate),
        renderer.value(root, object_),
        f"{page}#{claim.rpartition('.')[2]}",
        renderer.theme.strings["permalink"],
    )


def _annotations(renderer: Renderer, edition: str, units: list[UnitView]) -> bytes:
    """All evidence in an edition as Web Annotations (https://www.w3.org/TR/annotation-model/), one for each unit."""
    items = []
    for unit in units:
        claims = [claim for _, claim in _covering(renderer, unit)]
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
    return (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
