"""A unit in the reading view: what rests on it, below the subjects of the statements, and how each of them stands."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import Any, NamedTuple

from markupsafe import Markup

from ..namespaces import DCTERMS, EV
from ..rdf.lines import literal, split
from ..rdf.tokens import iri_token, is_literal
from .renderer import Renderer
from .standing import on_unit, supported_on
from .unit_view import UnitView
from .unit_weights import LONGEST_VALUE
from .unit_words import kind_of

__all__ = ["covering", "is_same", "state_of", "unit_row"]

_MOST_CLAIMS = 200  #: claims that a section's page shows of one unit
_MOST_BYTES = 120_000  #: of them, about
_TITLE = iri_token(DCTERMS.title)

_Claims = list[tuple[bytes, str]]  # triple without ` .` and line end, and the claim's IRI


class _SubjectView(NamedTuple):
    """The statements on one subject."""

    link: Markup
    statements: list[Markup]


def covering(renderer: Renderer, unit: UnitView) -> _Claims:
    """Triple and claim IRI of what rests on a unit, in the order of subjects."""
    return _triples(renderer, (claim for _, claim in renderer.index.claims.get(unit.iri, ())))


def _triples(renderer: Renderer, claims: Iterable[str]) -> _Claims:
    """Triple and IRI of each claim that is whole, in the order of subjects."""
    return sorted({(triple[:-3], claim) for claim in claims if (triple := renderer.index.triple_of(claim))})


def state_of(renderer: Renderer, unit: UnitView) -> str:
    """Whether something rests on a unit, or nothing needs to: `covered`, `uncovered` or `exempt`."""
    if unit.exempt is not None:
        return "exempt"
    covered = unit.iri in renderer.index.contradicted or any(
        triple.split(b" ", 2)[1] not in renderer.not_covering for triple, _ in covering(renderer, unit)
    )
    return "covered" if covered else "uncovered"


def unit_row(renderer: Renderer, root: str, unit: UnitView, *, bounded: bool = False) -> dict[str, Any]:
    """A unit with its claims, as the template has it; where it is bounded, the claims too many for it are counted.

    Its `title` is whether the name of the document, which the head of the edition's page has, is all that it says.
    """
    claims = covering(renderer, unit)
    denied = _triples(renderer, renderer.index.contradicted.get(unit.iri, ()))
    shown, shown_denied = (_first(renderer, rest) if bounded else rest for rest in (claims, denied))
    supported = supported_on(renderer, unit.iri)
    kinds = {claim: "supported" if claim in supported else "implied" for _, claim in claims}
    return {
        "unit": unit,
        "state": state_of(renderer, unit),
        "heading": unit.kind == EV.Heading,
        "title": _is_title(renderer, unit),
        "count": len(claims),
        "more": len(claims) - len(shown) + len(denied) - len(shown_denied),
        "kind": kind_of(renderer, unit.iri),
        "subjects": _by_subject(renderer, root, unit, shown, kinds),
        "denies": _by_subject(renderer, root, unit, shown_denied, {}),
        "covered": any(triple.split(b" ", 2)[1] not in renderer.not_covering for triple, _ in claims),
        "exempt": renderer.worded(iri_token(unit.exempt)) if unit.exempt else "",
    }


def _is_title(renderer: Renderer, unit: UnitView) -> bool:
    """Whether a unit is a heading that repeats the name of its document."""
    if unit.kind != EV.Heading or unit.position != 1:
        return False
    texts = [text for text in (unit.quote, unit.gist) if text]
    lines = map(split, renderer.index.lines_of(iri_token(unit.edition)))
    titles = (literal(token)[0] for _, predicate, token, _ in lines if predicate == _TITLE and is_literal(token))
    return any(is_same(text, title) for title in titles for text in texts)


def is_same(one: str, other: str) -> bool:
    """Whether two texts differ in no more than blanks and capitals."""
    return " ".join(one.split()).casefold() == " ".join(other.split()).casefold()


def _first(renderer: Renderer, claims: _Claims) -> _Claims:
    """The claims for which there is room."""
    size = 0
    for at, (triple, claim) in enumerate(claims[:_MOST_CLAIMS]):
        size += renderer.weights.claim(triple, claim)
        if size > _MOST_BYTES and at:
            return claims[:at]
    return claims[:_MOST_CLAIMS]


def _by_subject(
    renderer: Renderer, root: str, unit: UnitView, claims: Sequence[tuple[bytes, str]], kinds: dict[str, str]
) -> list[_SubjectView]:
    return [
        _SubjectView(
            renderer.link(root, subject),
            [_statement(renderer, root, unit, triple, claim, kinds.get(claim, "")) for triple, claim in members],
        )
        for subject, members in groupby(claims, lambda one: one[0].split(b" ", 1)[0])
    ]


def _statement(renderer: Renderer, root: str, unit: UnitView, triple: bytes, claim: str, kind: str) -> Markup:
    """A statement below its subject, and how it stands; its property leads to it on the subject's page."""
    subject, predicate, object_ = triple.split(b" ", 2)
    page = renderer.href(root, subject.decode().strip("<>"))
    return Markup('<a href="{}">{}</a> {} {}{}').format(
        f"{page}#{claim.rpartition('.')[2]}",
        renderer.worded(predicate),
        renderer.value(root, object_, LONGEST_VALUE),
        renderer.theme.fragment("standing", on_unit(renderer, unit.iri, triple, claim, kind)).strip(),
        _reasons(renderer, claim),
    )


def _reasons(renderer: Renderer, claim: str) -> Markup:
    """Why a claim was retracted; empty for others."""
    view = renderer.index.claim(claim)[0] if claim in renderer.index.disputed else None
    reasons = view.retracted if view else ()
    return Markup("").join(Markup(' <span class="reason">{}</span>').format(reason) for reason in reasons)
