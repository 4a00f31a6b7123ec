"""Statements as templates have them: by property, each with the evidence of its claim; and the links from elsewhere."""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from markupsafe import Markup

from ..namespaces import RDF, RDFS, SCHEMA, SKOS
from ..rdf.lines import iri, split
from ..rdf.tokens import iri_token
from .renderer import Renderer
from .resource import WITHDRAWN, ClaimView, Resource, Statement

__all__ = [
    "IncomingLinks",
    "PropertyGroup",
    "StatementView",
    "decisions",
    "incoming_links",
    "statement_groups",
    "statement_sections",
    "unit_lines",
]

#: What the page's head already tells.
_IN_HEAD = frozenset(iri_token(name) for name in (RDFS.label,))
_FIRST = {
    iri_token(name): rank
    for rank, name in enumerate((RDF.type, SCHEMA.name, SKOS.prefLabel, SCHEMA.alternateName, SCHEMA.description))
}


class StatementView(NamedTuple):
    """A statement; all but its value is empty when there is no claim."""

    value: Markup
    anchor: str = ""
    iri: str = ""
    summary: str = ""
    caution: str = ""  #: that no sentence says it: it only follows, or the editors decided it
    units: Sequence[Markup] = ()
    notes: Sequence[str] = ()
    sources: Sequence[Markup] = ()
    corroboration: str = ""
    disputed: str = ""  #: that sources disagree, or what was decided
    contradicting: Sequence[Markup] = ()
    rivals: Sequence[Markup] = ()
    reasons: Sequence[tuple[str, str]] = ()
    further: Sequence[tuple[Markup, Markup]] = ()
    turtle: str = ""
    citation: str = ""


class PropertyGroup(NamedTuple):
    """The statements with one property."""

    heading: Markup
    statements: Sequence[StatementView]
    cautions: Sequence[str] = ()  #: what to mind when the property is used


class IncomingLinks(NamedTuple):
    """The links from elsewhere with one property."""

    heading: Markup
    total: str
    links: list[Markup]
    more: str


def statement_sections(
    renderer: Renderer, root: str, resource: Resource
) -> tuple[list[PropertyGroup], list[tuple[str, str, list[PropertyGroup]]]]:
    """Statements grouped by property: what is claimed first, then what is derived, and what comes from elsewhere."""
    t = renderer.theme.strings
    by_graph: dict[str, list[Statement]] = {"": [], "alignments": [], "derived": [], WITHDRAWN: []}
    for statement in resource.statements:
        if statement.predicate in _IN_HEAD and statement.graph in ("derived", "document"):
            by_graph["derived"].append(statement)
        else:
            by_graph[statement.graph if statement.graph in by_graph else ""].append(statement)
    claimed = statement_groups(renderer, root, by_graph[""])
    others = []
    if by_graph[WITHDRAWN]:
        withdrawn = statement_groups(renderer, root, by_graph[WITHDRAWN])
        others.append((t["withdrawn_title"], t["withdrawn_text"], withdrawn))
    if by_graph["alignments"]:
        others.append((t["elsewhere"], "", statement_groups(renderer, root, by_graph["alignments"])))
    if by_graph["derived"]:
        others.append((t["derived_title"], t["derived"], statement_groups(renderer, root, by_graph["derived"])))
    return claimed, others


def statement_groups(renderer: Renderer, root: str, statements: Iterable[Statement]) -> list[PropertyGroup]:
    """Statements by property, in the order of the properties' names, what names the thing first."""
    by_predicate: dict[bytes, list[Statement]] = {}
    for statement in statements:
        by_predicate.setdefault(statement.predicate, []).append(statement)
    groups = []
    for predicate in sorted(by_predicate, key=lambda name: (_FIRST.get(name, 99), *renderer.sort_key(name))):
        members = by_predicate[predicate]
        if len(members) > 1:
            members.sort(key=lambda statement: renderer.sort_key(statement.object))
        views = [_view(renderer, root, statement) for statement in members]
        cautions = renderer.index.scope_notes(predicate) if any(view.anchor for view in views) else ()
        groups.append(PropertyGroup(renderer.link(root, predicate), views, cautions))
    return groups


def incoming_links(renderer: Renderer, root: str, resource: Resource) -> list[IncomingLinks]:
    """Links from elsewhere by property, with how many there are in all."""
    t = renderer.theme.strings
    groups = []
    for predicate, count, subjects in resource.incoming:
        more = t["and_more"].format(count=f"{count - len(subjects):,}") if count > len(subjects) else ""
        total = str(count)
        if not resource.counted:
            total, more = f"≥ {total}", t["and_others"]
        groups.append(IncomingLinks(renderer.link(root, predicate), total, renderer.links(root, subjects), more))
    return groups


def _view(renderer: Renderer, root: str, statement: Statement) -> StatementView:
    claim = statement.claim
    value = renderer.value(root, statement.object)
    if claim is None:
        return StatementView(value)
    triple = b"%s %s %s ." % (statement.subject, statement.predicate, statement.object)
    return StatementView(
        value,
        anchor=claim.anchor,
        iri=claim.iri,
        summary=_summary(renderer, claim),
        caution=_caution(renderer, claim),
        units=unit_lines(renderer, root, claim.units),
        notes=claim.notes,
        sources=[renderer.link(root, iri_token(source)) for source in claim.sources],
        corroboration=_corroboration(renderer, claim),
        disputed=_disputed(renderer, statement, claim),
        contradicting=unit_lines(renderer, root, ((name, False) for name in claim.contradicting)),
        rivals=[_rival(renderer, root, name) for name in claim.rivals],
        reasons=decisions(renderer, claim),
        further=[(renderer.link(root, name), renderer.value(root, value)) for name, value in claim.further],
        turtle=triple.decode(),
        citation=_citation(renderer, statement, claim),
    )


def decisions(renderer: Renderer, claim: ClaimView) -> list[tuple[str, str]]:
    """What an editor decided about a claim, and why."""
    t = renderer.theme.strings
    return [(t["preferred"], reason) for reason in claim.preferred] + [
        (t["retracted"], reason) for reason in claim.retracted
    ]


def _caution(renderer: Renderer, claim: ClaimView) -> str:
    """What a reader should know before the evidence is unfolded: that no sentence says it."""
    t = renderer.theme.strings
    if claim.units:
        return str(t["only_implied"]) if all(implied for _, implied in claim.units) else ""
    return "" if claim.sources else str(t["only_editorial"])


def _disputed(renderer: Renderer, statement: Statement, claim: ClaimView) -> str:
    """What to know of a claim before its sentences are read; empty where sources agree."""
    t = renderer.theme.strings
    if claim.retracted:
        return str(t["retracted"])
    if statement.graph == WITHDRAWN:
        return str(t["settled_against"])
    if claim.preferred:
        return str(t["preferred"])
    return str(t["disputed"]) if claim.rivals or claim.contradicting else ""


def _corroboration(renderer: Renderer, claim: ClaimView) -> str:
    """How many units of how many documents support a claim."""
    t = renderer.theme.strings
    if not claim.units:
        return ""
    return str(t["corroboration"].format(units=len(claim.units), documents=claim.documents))


def _rival(renderer: Renderer, root: str, name: str) -> Markup:
    """The value that another claim gives, as a link to where that claim is shown."""
    subject, _, value, _ = split(renderer.index.triple_of(name) or b"<> <> <> .\n")
    if subject == b"<>":
        return Markup("<code>{}</code>").format(name)
    href = f"{renderer.href(root, iri(subject))}#{name.rpartition('.')[2]}"
    return Markup('<a href="{}">{}</a>').format(href, renderer.text_of(value))


def unit_lines(renderer: Renderer, root: str, units: Iterable[tuple[str, bool]]) -> list[Markup]:
    """Units as evidence, each with whether it only implies the claim."""
    return [_unit(renderer, root, name, implied) for name, implied in units]


def _summary(renderer: Renderer, claim: ClaimView) -> str:
    """Which sentences stand behind a claim, in few words."""
    t = renderer.theme.strings
    if not claim.units:
        return t["source"] if claim.sources else t["note"]
    several = claim.documents > 1 or bool(claim.rivals or claim.contradicting)
    numbers = [_number(name, with_slug=several) for name, _ in claim.units]
    first = ", ".join(numbers[:4]) + (" …" if len(numbers) > 4 else "")
    return f"{t['sentence'] if len(numbers) == 1 else t['sentences']} {first}"


def _number(unit: str, *, with_slug: bool) -> str:
    """A unit's number, with the name of its document where several speak."""
    edition, _, number = unit.partition("#")
    return f"{edition.rpartition('/')[0].rpartition('/')[2]}:{number}" if with_slug else number


def _unit(renderer: Renderer, root: str, name: str, implied: bool) -> Markup:
    """A unit as evidence: its number, gist or quote, and place; cached, since many claims rest on the same one."""
    key = (root, name, implied)
    line = renderer.unit_lines.get(key)
    if line is not None:
        return line
    unit = renderer.index.units.get(name)
    if unit is None:
        return Markup("<li><code>{}</code></li>").format(name)
    edition = renderer.edition_text(unit.edition)
    kind = renderer.index.name_of(iri_token(unit.kind))[0] if unit.kind else ""
    href = renderer.href(root, name)
    held = ""
    if renderer.index.is_replaced(unit):
        held = renderer.theme.strings["held"].format(edition=unit.edition.rpartition("/")[2])
    line = renderer.unit_lines[key] = renderer.theme.fragment(
        "unit_line", root, unit, href, edition, implied, kind, held
    )
    return line


def _cited(renderer: Renderer, claim: ClaimView) -> Iterator[str]:
    """The units behind a claim by number, with the edition that they are of as it is cited."""
    t = renderer.theme.strings
    editions: dict[str, list[str]] = {}
    for name, implied in claim.units:
        edition, _, number = name.partition("#")
        editions.setdefault(edition, []).append(f"{number} ({t['implied']})" if implied else number)
    for edition, numbers in editions.items():
        what = t["sentence"] if len(numbers) == 1 else t["sentences"]
        yield f"{what} {', '.join(numbers)}, {renderer.edition_text(edition)}"


def _citation(renderer: Renderer, statement: Statement, claim: ClaimView) -> str:
    """How to cite this one fact."""
    project = renderer.project
    fact = " – ".join(renderer.text_of(part) for part in (statement.subject, statement.predicate, statement.object))
    sentences = f" ({'; '.join(_cited(renderer, claim))})" if claim.units else ""
    version = f"{renderer.theme.strings['version'].lower()} {project.version}" if project.version else ""
    year = str(project.modified.year) if project.modified else ""
    source = ", ".join(filter(None, (project.title, version, year)))
    return f"“{fact}”{sentences}. {f'{project.creator}: ' if project.creator else ''}{source}. {claim.iri}"
