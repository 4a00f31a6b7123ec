"""How a claim stands: supported, implied, contradicted, editorial, and by which units; it may be several of them."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from ..namespaces import EV
from ..rdf.lines import split
from ..rdf.tokens import iri_token
from .renderer import Renderer
from .resource import WITHDRAWN, ClaimView, Statement
from .unit_words import unit_list

__all__ = ["StandingView", "disagreement", "on_unit", "rival_text", "rival_values", "standings", "supported_on"]

_MOST_RIVALS, _LONGEST_RIVAL = 3, 60  #: values of other sources, and characters of each
_SUPPORTED = iri_token(EV.supportedBy)


class StandingView(NamedTuple):
    """One way in which a claim stands."""

    kind: str  #: `supported`, `implied`, `contradicted`, `disputed`, `editorial`, `sourced`, `bare`: also its class
    text: str  #: in words, with the units


def standings(renderer: Renderer, claim: ClaimView) -> list[StandingView]:
    """How a claim stands, what speaks for it first; never empty, so that no claim looks better than it is."""
    return list(_standings(renderer, claim))


def _standings(renderer: Renderer, claim: ClaimView) -> Iterator[StandingView]:
    t = renderer.theme.strings
    for kind, units in (
        ("supported", [name for name, implied in claim.units if not implied]),
        ("implied", [name for name, implied in claim.units if implied]),
        ("contradicted", claim.contradicting),
    ):
        if units:
            yield StandingView(kind, t[f"standing_{kind}"].format(units=unit_list(renderer, units)))
    if text := rival_text(renderer, rival_values(renderer, claim.rivals)):
        yield StandingView("disputed", text)
    if claim.units:
        return
    if claim.sources:
        yield StandingView("sourced", t["standing_sourced"])
    elif claim.notes or claim.preferred:
        yield StandingView("editorial", t["standing_editorial"])
    elif not claim.contradicting:
        yield StandingView("bare", t["standing_bare"])


def rival_values(renderer: Renderer, claims: Iterable[str]) -> list[bytes]:
    """What other claims say in the place of one, each value once."""
    triples = (renderer.index.triple_of(name) for name in claims)
    return list(dict.fromkeys(split(triple)[2] for triple in triples if triple))


def rival_text(renderer: Renderer, values: Sequence[bytes]) -> str:
    """That other sources say these values; empty for none."""
    if not values:
        return ""
    names = ", ".join(_shortened(renderer.text_of(value)) for value in values[:_MOST_RIVALS])
    more = " …" if len(values) > _MOST_RIVALS else ""
    return renderer.theme.strings["standing_rival"].format(value=names + more)


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_RIVAL else f"{line[: _LONGEST_RIVAL - 1].rstrip()}…"


def disagreement(renderer: Renderer, statement: Statement, claim: ClaimView) -> str:
    """What to know of a claim before its units are read; empty where sources agree."""
    t = renderer.theme.strings
    if claim.retracted:
        return t["retracted"]
    if statement.graph == WITHDRAWN:
        return t["settled_against"]
    if claim.preferred:
        return t["preferred"]
    return t["disputed"] if claim.rivals or claim.contradicting else ""


def supported_on(renderer: Renderer, unit: str) -> frozenset[str]:
    """The claims that a unit supports, rather than only implies."""
    return frozenset(claim for predicate, claim in renderer.index.claims.get(unit, ()) if predicate == _SUPPORTED)


def on_unit(renderer: Renderer, unit: str, triple: bytes, name: str, kind: str) -> list[StandingView]:
    """How a claim stands for whoever reads one of its units: what the unit does for it, then what others say.

    `triple` is the claim's, as a line without ` .` and line end; `kind` is `supported`, `implied` or empty.
    """
    t, index = renderer.theme.strings, renderer.index
    found = [StandingView(kind, t[kind])] if kind else []
    view = index.claim(name)[0] if name in index.disputed else None
    if view is None:
        return found
    if others := [other for other in view.contradicting if other != unit]:
        found.append(StandingView("contradicted", t["standing_contradicted"].format(units=unit_list(renderer, others))))
    subject, predicate, object_ = triple.split(b" ", 2)
    withdrawn = any(claim == name for _, claim in index.no_longer_stated.get(subject, ()))
    statement = Statement(subject, predicate, object_, WITHDRAWN if withdrawn else "", view)
    if (text := disagreement(renderer, statement, view)) and not (others and text == t["disputed"]):
        found.append(StandingView("disputed", text))
    return found
