"""The pages of what a document says and no statement records: passages by heading, each with its place."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from ..documents.units import KINDS
from ..rdf.tokens import iri_token
from ..wording.strings import plain
from .coverage_text import count_coverage, coverage_text, is_named
from .lead import shortened
from .pages import Bundle
from .renderer import Renderer
from .tagged_text import TaggedText
from .unit_rows import state_of
from .unit_view import UnitView
from .unit_words import kind_of, unit_words

__all__ = ["left_out_bundles", "left_out_page"]

_LONGEST = 400  #: passages on one page
_NAME = "not-recorded"
_HEADING = KINDS["heading"]


class _PassageView(NamedTuple):
    """One passage: a link to its place, its words or their gist, and the page of the original."""

    link: Markup
    quote: str
    gist: str  #: in our own words, where the document's are not published
    page: int | None


class _GroupView(NamedTuple):
    """The passages below one heading."""

    heading: str  #: in the language that it is written in
    passages: list[_PassageView]


class _ExemptView(NamedTuple):
    """A passage of which nothing needs to be recorded, and what it is."""

    passage: _PassageView
    reason: str  #: empty where its kind says so


def left_out_bundles(renderer: Renderer) -> Iterator[Bundle]:
    """The pages of each edition that no later one replaces."""
    for edition, units in renderer.index.editions():
        if not left_out_page(renderer, edition):
            continue
        found = _left_out(renderer, units)
        path = f"{renderer.addresses.page(edition)[0]}/{_NAME}"
        pages = max(1, -(-len(found) // _LONGEST))
        for number in range(pages):
            name = path if number == 0 else f"{path}~{number + 1}"

            def render(
                name: str = name, number: int = number, edition: str = edition,
                units: list[UnitView] = units, found: list[UnitView] = found, pages: int = pages,
            ) -> list[tuple[str, bytes]]:  # fmt: skip
                part = found[number * _LONGEST : (number + 1) * _LONGEST]
                return [
                    (
                        f"{name}.html",
                        _html(renderer, name, edition, units, part, number, pages),
                    )
                ]

            yield Bundle(name, render)


def left_out_page(renderer: Renderer, edition: str) -> str:
    """Where the page of an edition stands, from the site's root; empty where there is none."""
    token = iri_token(edition)
    if renderer.only is not None or token in renderer.index.replaced or not renderer.index.has_claims:
        return ""
    return f"{renderer.addresses.page(edition)[0]}/{_NAME}.html"


def _left_out(renderer: Renderer, units: Sequence[UnitView]) -> list[UnitView]:
    """The units that need a statement and have none that says something of a thing."""
    return [unit for unit in units if state_of(renderer, unit) == "uncovered"]


def _exempt(renderer: Renderer, path: str, units: Sequence[UnitView], *, named: bool) -> list[_ExemptView]:
    """The units that need no statement, and have some (`named`) or none; so many as a page may have."""
    root = "../" * path.count("/")
    views: list[_ExemptView] = []
    for unit in units:
        if unit.exempt is None or is_named(renderer, unit) != named or len(views) == _LONGEST:
            continue
        reason = renderer.worded(iri_token(unit.exempt))
        # a heading is called one already: “heading 13.1”
        said = str(reason).casefold() == kind_of(renderer, unit.iri).casefold()
        passage = _PassageView(_link(renderer, root, unit), _quote(renderer, unit), unit.gist or "", unit.page)
        views.append(_ExemptView(passage, "" if said else reason))
    return views


def _link(renderer: Renderer, root: str, unit: UnitView) -> Markup:
    """The link to a unit's place."""
    return Markup('<a class="unit" href="{}">{}</a>').format(
        renderer.href(root, unit.iri), unit_words(renderer, unit.iri)
    )


def _groups(renderer: Renderer, path: str, units: Sequence[UnitView], part: Sequence[UnitView]) -> list[_GroupView]:
    """Some of the units, below the headings that they stand under."""
    root = "../" * path.count("/")
    wanted = {unit.iri for unit in part}
    groups: list[_GroupView] = []
    heading: UnitView | None = None
    under: UnitView | None = None
    for unit in units:
        if unit.kind == _HEADING:
            heading = unit
        if unit.iri not in wanted:
            continue
        if not groups or heading is not under:
            words = (_quote(renderer, heading) or heading.gist or unit_words(renderer, heading.iri)) if heading else ""
            groups.append(_GroupView(words, []))
            under = heading
        groups[-1].passages.append(
            _PassageView(_link(renderer, root, unit), _quote(renderer, unit), unit.gist or "", unit.page)
        )
    return groups


def _quote(renderer: Renderer, unit: UnitView) -> TaggedText:
    """The beginning of a unit's words, in their language; empty where they are not published."""
    return renderer.tagged(shortened(unit.quote or ""), renderer.index.language_of(unit.edition))


def _html(
    renderer: Renderer, name: str, edition: str,
    units: Sequence[UnitView], part: Sequence[UnitView], number: int, pages: int,
) -> bytes:  # fmt: skip
    """One of the pages of an edition; the last one has the units that need no statement, too."""
    t, counts = renderer.theme.strings, count_coverage(renderer, units)
    token = iri_token(edition)
    title = renderer.worded(token)
    root = "../" * name.count("/")
    page = renderer.page(
        f"{name}.html",
        plain(t["left_out_title"]).format(title=title),
        "overview",
        section="documents.html",
        description=plain(t["left_out_text"]),
    )
    return renderer.html(
        "left_out.html",
        page,
        document=renderer.link(root, token),
        groups=_groups(renderer, name, units, part),
        counted=coverage_text(renderer, counts),
        exempt=_exempt(renderer, name, units, named=False) if number + 1 == pages else [],
        exempt_covered=_exempt(renderer, name, units, named=True) if number + 1 == pages else [],
        exempt_count=counts.exempt_covered,
        pages=t["page_of"].format(page=number + 1, pages=pages) if pages > 1 else "",
        previous=f"{_NAME}{f'~{number}' if number > 1 else ''}.html" if number else "",
        next=f"{_NAME}~{number + 2}.html" if number + 1 < pages else "",
    )
