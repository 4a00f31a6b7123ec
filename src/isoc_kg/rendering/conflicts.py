"""The page on which sources that disagree stand side by side."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from ..rdf.lines import iri, split
from ..rdf.tokens import iri_token
from .index import Index
from .pages import Bundle
from .renderer import Renderer
from .statements import decisions, unit_lines

__all__ = ["conflict_bundles"]

_MOST = 500  #: conflicts on the page; the rest is counted


class _SideView(NamedTuple):
    """One claim of a conflict, or the sentences that deny it."""

    value: Markup
    href: str
    state: str
    units: Sequence[Markup]
    sources: Sequence[Markup]
    reasons: Sequence[tuple[str, str]]


class _ConflictView(NamedTuple):
    heading: Markup
    settled: bool
    sides: list[_SideView]


def conflict_bundles(renderer: Renderer) -> Iterator[Bundle]:
    """The page, where there are claims that conflict, or that were denied or taken back."""
    if renderer.index.disputed:
        yield Bundle("conflicts", lambda: [("conflicts.html", _page(renderer))])


def _page(renderer: Renderer) -> bytes:
    groups = _groups(renderer.index)
    marked = sorted(((_is_settled(renderer.index, group), group) for group in groups), key=lambda pair: pair[0])
    open_ = sum(not settled for settled, _ in marked)
    page = renderer.page("conflicts.html", renderer.theme.strings["conflicts"], "overview", section="conflicts.html")
    return renderer.html(
        "conflicts.html",
        page,
        conflicts=[_view(renderer, group, settled) for settled, group in marked[:_MOST]],
        counted=renderer.theme.strings["conflicts_counted"].format(all=len(marked), open=open_),
        more=max(0, len(marked) - _MOST),
    )


def _groups(index: Index) -> list[tuple[str, ...]]:
    """The claims that conflict with each other, directly or by way of others; one that is denied may stand alone."""
    groups = []
    seen: set[str] = set()
    for claim in sorted(index.disputed):
        if claim in seen:
            continue
        group, waiting = {claim}, [claim]
        while waiting:
            view, _ = index.claim(waiting.pop())
            rivals = set(view.rivals) - group if view else set()
            group |= rivals
            waiting += rivals
        seen |= group
        members = tuple(sorted((name for name in group if index.triple_of(name)), key=index.triple_of))
        denied = any(view.contradicting for name in members if (view := index.claim(name)[0]))
        if len(members) > 1 or denied:  # else a claim that was only taken back, which its own page shows
            groups.append(members)
    return sorted(groups, key=lambda group: index.triple_of(group[0]))


def _is_withdrawn(index: Index, claim: str) -> bool:
    triple = index.triple_of(claim)
    return (triple, claim) in index.no_longer_stated.get(triple[: triple.index(b" ")], ())


def _is_settled(index: Index, group: Sequence[str]) -> bool:
    """Whether one value at most is stated, and nobody denies it against the editors' decision."""
    stated = [name for name in group if not _is_withdrawn(index, name)]
    views = [view for name in stated if (view := index.claim(name)[0])]
    return len(stated) <= 1 and all(view.preferred or not view.contradicting for view in views)


def _view(renderer: Renderer, group: Sequence[str], settled: bool) -> _ConflictView:
    index, t = renderer.index, renderer.theme.strings
    subject, property_, _, _ = split(index.triple_of(group[0]))
    sides = []
    for name in group:
        claim, _ = index.claim(name)
        assert claim is not None
        value = split(index.triple_of(name))[2]
        state = t["stated"]
        if claim.retracted:
            state = t["retracted"]
        elif _is_withdrawn(index, name):
            state = t["settled_against"]
        elif claim.preferred:
            state = t["preferred"]
        href = f"{renderer.href('', iri(subject))}#{claim.anchor}"
        sources = [renderer.link("", iri_token(source)) for source in claim.sources]
        sides.append(
            _SideView(
                renderer.value("", value), href, state, unit_lines(renderer, "", claim.units), sources,
                decisions(renderer, claim),
            )
        )  # fmt: skip
        if claim.contradicting:
            denying = unit_lines(renderer, "", ((unit, False) for unit in claim.contradicting))
            sides.append(_SideView(renderer.value("", value), "", t["contradicted_by"], denying, (), ()))
    heading = Markup("{} – {}").format(renderer.link("", subject), renderer.link("", property_))
    return _ConflictView(heading, settled, sides)
