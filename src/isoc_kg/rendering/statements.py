"""Statements as templates have them: by property, each with the evidence of its claim; and the links from elsewhere."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from markupsafe import Markup

from ..evidence.answers import parts_of_answer
from ..evidence.statement import BOOKKEEPING
from ..namespaces import EV, PROV, RDFS
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, is_literal
from ..wording.strings import is_translated, without_signs
from .beside import MOST_LINKS, Beside
from .citations import citations_address, claim_citation
from .renderer import Renderer
from .resource import WITHDRAWN, ClaimView, Resource, Statement
from .standing import StandingView, disagreement, standings
from .unit_words import unit_words

__all__ = [
    "Backing",
    "IncomingLinks",
    "PropertyGroup",
    "StatementView",
    "acceptance",
    "corroboration",
    "decisions",
    "headings",
    "incoming_links",
    "statement_groups",
    "statement_sections",
    "statement_view",
    "support",
    "unit_lines",
]

#: What the page's head already tells.
_ANSWER = iri_token(EV.answer)
_IN_HEAD = frozenset(iri_token(name) for name in (RDFS.label,))
_UNRANKED = 1 << 30


class StatementView(NamedTuple):
    """A statement; all but its value is empty when there is no claim."""

    value: Markup
    anchor: str = ""
    iri: str = ""
    standing: Sequence[StandingView] = ()  #: supported, implied, contradicted or editorial, and by which units
    units: Sequence[Markup] = ()
    notes: Sequence[str] = ()
    sources: Sequence[Markup] = ()
    corroboration: str = ""
    disputed: str = ""  #: that sources disagree, or what was decided
    gone: bool = False  #: whether it is stated no longer
    retracted: Sequence[str] = ()  #: the reasons
    contradicting: Sequence[Markup] = ()
    rivals: Sequence[Markup] = ()
    reasons: Sequence[tuple[str, str]] = ()
    further: Sequence[tuple[Markup, Markup]] = ()
    acceptance: str = ""  #: who accepted it, and when
    citation: str = ""
    citations: str = ""  #: the address of the same in every form, of its Turtle, and of the way to say that it is wrong
    objectable: bool = False  #: whether there is such a way
    beside: str = ""  #: what is said of a thing that nothing else leads to


class Backing(NamedTuple):
    """How a statement is supported, in few words; all is empty where nothing is claimed."""

    state: str  #: a keyword: supported, implied, editorial, disputed, derived
    words: str  #: what a reader should know first; empty where sentences say it
    units: str  #: which sentences there are
    anchor: str  #: where the statement stands on its thing's page


class PropertyGroup(NamedTuple):
    """The statements with one property."""

    heading: Markup
    statements: Sequence[StatementView]


class IncomingLinks(NamedTuple):
    """The links from elsewhere with one property."""

    heading: Markup
    total: str
    links: list[Markup]
    more: str
    derived: str = ""  #: that the build derived them


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
    retracted: list[Statement] = []
    unpreferred: list[Statement] = []
    for statement in by_graph[WITHDRAWN]:
        (retracted if statement.claim and statement.claim.retracted else unpreferred).append(statement)
    for name, members in (("unpreferred", unpreferred), ("withdrawn", retracted)):
        if members:
            others.append((t[f"{name}_title"], t[f"{name}_text"], statement_groups(renderer, root, members)))
    if by_graph["alignments"]:
        others.append((t["elsewhere"], "", statement_groups(renderer, root, by_graph["alignments"])))
    if by_graph["derived"]:
        others.append((t["derived_title"], t["derived"], statement_groups(renderer, root, by_graph["derived"])))
    return claimed, others


def statement_groups(renderer: Renderer, root: str, statements: Iterable[Statement]) -> list[PropertyGroup]:
    """Statements by property in the order of reading: `sh:order` of the shapes, then the ontology's, then by name."""
    by_predicate: dict[bytes, list[Statement]] = {}
    for statement in statements:
        by_predicate.setdefault(statement.predicate, []).append(statement)
    groups, beside = [], Beside(renderer)
    for predicate, heading in headings(renderer, root, tuple(by_predicate)):
        members = by_predicate[predicate]
        if len(members) > 1:
            members.sort(key=lambda statement: renderer.sort_key(statement.object))
        views = [statement_view(renderer, root, statement) for statement in members]
        if len(members) <= MOST_LINKS:
            views = [
                view._replace(beside=beside.text(*statement[:3]))
                if (view.anchor and not view.gone) or statement.object.startswith(b"_:")
                else view
                for view, statement in zip(views, members, strict=True)
            ]
        groups.append(PropertyGroup(heading, views))
    return groups


def headings(renderer: Renderer, root: str, predicates: tuple[bytes, ...]) -> Sequence[tuple[bytes, Markup]]:
    """Predicates in the order of reading with their headings; cached, since many things have the same ones."""
    key = root, predicates
    if (known := renderer.headings.get(key)) is not None:
        return known
    ranks, counts = renderer.ranks, Counter(map(renderer.text_of, predicates))
    found = []
    for predicate in sorted(predicates, key=lambda name: (ranks.get(name, _UNRANKED), *renderer.sort_key(name))):
        heading = renderer.link(root, predicate)
        if counts[renderer.text_of(predicate)] > 1:  # others of the same name are told apart
            heading += renderer.prefixed_tag(iri(predicate))
        found.append((predicate, heading))
    renderer.headings[key] = found
    return found


def incoming_links(renderer: Renderer, root: str, resource: Resource) -> list[IncomingLinks]:
    """Links from elsewhere by property, with how many there are in all."""
    t = renderer.theme.strings
    groups = []
    for predicate, count, subjects, derived in resource.incoming:
        more = t["and_more"].format(count=renderer.theme.figure(count - len(subjects))) if count > len(subjects) else ""
        total = str(count)
        if not resource.counted:
            total, more = f"≥ {total}", t["and_others"]
        links = renderer.links(root, subjects)
        mark = str(t["derived_title"]) if derived else ""
        groups.append(IncomingLinks(renderer.link(root, predicate), total, links, more, mark))
    return groups


def statement_view(renderer: Renderer, root: str, statement: Statement) -> StatementView:
    """A statement with its evidence, without what stands beside it."""
    claim = statement.claim
    value = renderer.value(root, statement.object)
    if claim is None:
        return StatementView(value)
    citation = claim_citation(renderer, statement, claim)
    return StatementView(
        value,
        anchor=claim.anchor,
        iri=claim.iri,
        standing=standings(renderer, claim),
        units=unit_lines(renderer, root, claim.units),
        notes=claim.notes,
        sources=[renderer.value(root, iri_token(source)) for source in claim.sources],
        corroboration=corroboration(renderer, claim),
        disputed=disagreement(renderer, statement, claim),
        contradicting=unit_lines(renderer, root, ((name, False) for name in claim.contradicting)),
        rivals=[_rival(renderer, root, name) for name in claim.rivals],
        gone=statement.graph == WITHDRAWN,
        retracted=claim.retracted,
        reasons=[] if claim.retracted else decisions(renderer, claim),
        further=[
            (renderer.link(root, name), _further(renderer, root, name, value))
            for name, value in claim.further
            if iri(name) not in BOOKKEEPING
        ],
        acceptance=acceptance(renderer, claim),
        citation=without_signs(citation.text),
        citations=citations_address(renderer, root, statement, claim),
        objectable=renderer.project.contact is not None,
    )


def _further(renderer: Renderer, root: str, name: bytes, value: bytes) -> Markup:
    """What else is said of a claim; a curator's answer to a flag in readers' words: question, unit, reason."""
    if name == _ANSWER and is_literal(value):
        text, language, _ = literal(value)
        parts = parts_of_answer(text)
        if parts and (question := renderer.theme.strings.get(f"flag_kind_{parts[1]}")):
            return Markup("{} ({}): {}").format(question, parts[0], renderer.tagged(parts[2], language or ""))
    return renderer.value(root, value)


def acceptance(renderer: Renderer, claim: ClaimView) -> str:
    """Who accepted a claim, where names are published, under which policy, if nobody read it, and on which day."""
    known: dict[str, list[str]] = {}
    for name, value in claim.further:
        if iri(name) in BOOKKEEPING and is_literal(value):
            known.setdefault(iri(name), []).append(literal(value)[0])
    t, day = renderer.theme.strings, max(known.get(PROV.generatedAtTime, [""]))[:10]
    who, policy = (" · ".join(sorted(known.get(name, ()))) for name in (EV.acceptedBy, EV.acceptedUnder))
    under = t["accepted_under"].format(policy=policy) if policy else ""
    if who:
        return ", ".join(filter(None, (t["accepted_by"].format(who=who), under, day)))
    return ", ".join(filter(None, (t["accepted_on"].format(day=day), under))) if day else ""


def decisions(renderer: Renderer, claim: ClaimView) -> list[tuple[str, str]]:
    """What an editor decided about a claim, and why."""
    t = renderer.theme.strings
    return [(t["preferred"], reason) for reason in claim.preferred] + [
        (t["retracted"], reason) for reason in claim.retracted
    ]


def support(renderer: Renderer, statement: Statement) -> Backing:
    """How a statement is supported, as a line that stands for it shows it."""
    claim, t = statement.claim, renderer.theme.strings
    if claim is None:
        derived = statement.graph == "derived"
        return Backing("derived" if derived else "", t["derived_title"] if derived else "", "", "")
    found, disputed = standings(renderer, claim), disagreement(renderer, statement, claim)
    kinds = {one.kind for one in found}
    state = next((kind for kind in ("supported", "implied", "editorial") if kind in kinds), "")
    word = t[state] if state in ("supported", "implied") else t["standing_editorial"] if state else ""
    texts = "; ".join(one.text for one in found)
    return Backing(
        "disputed" if disputed else state, disputed or ("" if state == "supported" else word), texts, claim.anchor
    )


def corroboration(renderer: Renderer, claim: ClaimView) -> str:
    """How many units of how many documents support or imply a claim; nothing of one that the editors took back."""
    t = renderer.theme.strings
    if not claim.units or claim.retracted:
        return ""
    ways = {implied for _, implied in claim.units}
    key = "corroboration" if ways == {False} else "corroboration_implied" if ways == {True} else "corroboration_mixed"
    return str(t[key].format(units=len(claim.units), documents=claim.documents))


def _rival(renderer: Renderer, root: str, name: str) -> Markup:
    """The value that another claim gives, as a link to where that claim is shown."""
    subject, _, value, _ = split(renderer.index.triple_of(name) or b"<> <> <> .\n")
    if subject == b"<>":
        return Markup("<code>{}</code>").format(name)
    href = f"{renderer.href(root, iri(subject))}#{name.rpartition('.')[2]}"
    return Markup('<a href="{}">{}</a>').format(href, renderer.worded(value))


def unit_lines(
    renderer: Renderer, root: str, units: Iterable[tuple[str, bool]], *, placed: bool = True
) -> list[Markup]:
    """Units as evidence, each with whether it only implies the claim; `placed` with where they stand in a document."""
    return [_unit(renderer, root, name, implied, placed) for name, implied in units]


def _unit(renderer: Renderer, root: str, name: str, implied: bool, placed: bool) -> Markup:
    """A unit as evidence: kind, name, gist or quote, and place; cached, since many claims rest on the same one."""
    key = (root, name, implied, placed)
    line = renderer.unit_lines.get(key)
    if line is not None:
        return line
    unit = renderer.index.units.get(name)
    if unit is None:
        return Markup("<li><code>{}</code></li>").format(name)
    edition = renderer.edition_text(unit.edition) if placed else None
    href = renderer.href(root, name)
    held = ""
    if renderer.index.is_replaced(unit):
        held = renderer.theme.strings["held"].format(edition=unit.edition.rpartition("/")[2])
    # where the words around the edition's name are in English, too, all of it is read from left to right
    turned = edition.left_to_right if edition and not is_translated(renderer.theme.strings["characters"]) else ""
    line = renderer.unit_lines[key] = renderer.theme.fragment(
        "unit_line", unit, href, edition, implied, unit_words(renderer, name), held, turned
    )
    return line
