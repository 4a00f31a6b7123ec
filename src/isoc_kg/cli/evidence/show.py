"""`isoc-kg evidence show`: the claims of a unit, the sentences behind a thing or a claim, units without claims."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...rdf.tokens import iri_token
from ..options import document_option, project_option, warn_of_texts
from .arguments import edition_at_hand, units_meant

if TYPE_CHECKING:
    from ...authoring.dataset import Dataset
    from ...authoring.facts import Claim
    from ...documents.unit_names import NamedUnit
    from ...graph.knowledge_graph import KnowledgeGraph


@click.command()
@project_option
@document_option
@click.argument("what", nargs=-1, metavar="[UNIT | THING | CLAIM | WORDS...]")
@click.option("--uncovered", is_flag=True, help="Show the units without claims, with Turtle to complete.")
@click.option("--slug", metavar="SLUG", help="With --uncovered: this document only.")
@click.option("--kind", metavar="KIND", help="With --uncovered: units of this kind only, such as sentence or item.")
@click.option(
    "--limit", metavar="N", type=click.IntRange(0), default=None,
    help="With --uncovered: most units; 0 shows all (default: 20).",
)  # fmt: skip
def show(
    project: Path | None,
    document: Path | None,
    what: tuple[str, ...],
    uncovered: bool,
    slug: str | None,
    kind: str | None,
    limit: int | None,
) -> None:
    """Show the claims on a unit (2.2, guide:2.2), or the sentences behind a thing or a claim.

    Other WORDS are searched in the sentences.
    """
    from ...graph.knowledge_graph import KnowledgeGraph

    if bool(what) is uncovered:
        raise click.UsageError("Give a unit, a thing, a claim or words; or --uncovered.")
    if not uncovered and not (slug is None and kind is None and limit is None):
        raise click.UsageError("--slug, --kind and --limit need --uncovered.")
    kg = KnowledgeGraph.load(project=project)
    assert kg.dataset is not None
    name = " ".join(what)
    if uncovered:
        _show_uncovered(kg.dataset, document, slug, kind, 20 if limit is None else limit)
    elif units := units_meant(kg.dataset, name):
        _show_units(kg, units, document)
    else:
        _show_claims(kg, name, document)


def _show_uncovered(dataset: "Dataset", document: Path | None, slug: str | None, kind: str | None, limit: int) -> None:
    """The units without claims, a statement to complete for each; the output is Turtle."""
    from ...documents.unit_names import current_editions, unit_prefixes
    from ...documents.units import KINDS
    from ...errors import UnknownName, counted
    from ...evidence.coverage import measure_coverage
    from ...evidence.skeletons import Skeletons

    slugs = [source.document.slug for source in current_editions(dataset.editions)]
    if slug is not None and slug not in slugs:
        raise UnknownName(f"there is no document {slug}.", advice=f"Documents: {', '.join(slugs) or 'none yet'}.")
    if kind is not None and kind not in KINDS:
        raise UnknownName(f"there is no kind {kind}.", advice=f"Kinds: {', '.join(KINDS)}.")
    names, skeletons = unit_prefixes(dataset.editions), Skeletons(dataset)
    blocks: list[str] = []
    statements: list[str] = []
    total = 0
    for source in (edition_at_hand(dataset, source, document) for source in current_editions(dataset.editions)):
        text = source.text()
        for row in measure_coverage(dataset, source, text).uncovered if slug in (None, source.document.slug) else ():
            if kind not in (None, row.unit.kind):
                continue
            total += 1
            if limit and total > limit:
                continue
            place = f"{row.unit.kind}, characters {row.unit.start}–{row.unit.end}"
            words = [" ".join(row.unit.text(text).split())] if text else []
            parts = (skeletons.subject, skeletons.property, skeletons.object)
            statements.append(skeletons.statement(*parts, unit=row.iri))
            lines = (f"{names[source.iri]}{row.unit.number} ({place})", *words)
            blocks.append("\n".join([*(f"# {line}" for line in lines), statements[-1]]))
    for prefix, space in skeletons.used(statements).items():
        click.echo(f"@prefix {prefix}: <{space}> .")
    for block in blocks:
        click.echo(f"\n{block}")
    more = f"; the first {len(blocks)} are shown, --limit 0 shows all" if len(blocks) < total else ""
    if blocks:
        click.echo()
    click.echo(f"# {counted(total, 'unit')} {'is' if total == 1 else 'are'} not covered{more}")


def _show_units(kg: "KnowledgeGraph", units: "list[NamedUnit]", document: Path | None) -> None:
    """Each unit, with the claims that rest on it."""
    from ...documents.unit_names import unit_prefixes
    from ...evidence.abbreviation import prefixes_of_units
    from ...iris import compact

    assert kg.dataset is not None
    resting: dict[str, list[Claim]] = {}
    for claim in kg.dataset.resting:
        for iri in dict.fromkeys(unit for _, unit, _ in claim.units()):
            resting.setdefault(iri, []).append(claim)
    names, prefixes = unit_prefixes(kg.dataset.editions), prefixes_of_units(kg.project)
    for source, unit in units:
        iri = source.unit_iri(unit.number)
        source = edition_at_hand(kg.dataset, source, document)
        warn_of_texts([source])
        unit = source.index.units[unit.number]
        document_ = source.document
        edition = document_.slug, document_.edition
        replaced = any((s.document.slug, s.document.revision_of) == edition for s in kg.dataset.editions)
        held = f"; last confirmed in edition {document_.edition}" if replaced and iri in resting else ""
        name = f"{names[source.iri]}{unit.number}  {compact(iri, prefixes)}"
        click.echo(f"{name}  {unit.kind}, characters {unit.start}–{unit.end}{held}")
        if words := source.quote(unit.number):
            click.echo(f"  “{words}”")
        if gist := source.gists.get(unit.number):
            click.echo(f"  {gist.decode()}")
        for claim in resting.get(iri, ()):
            name = claim.iri.removeprefix(kg.project.ids.claims)
            click.echo(f"  {kg.evidence_of(claim).statement(kg.prefixes)}  (claim:{name})")


def _show_claims(kg: "KnowledgeGraph", name: str, document: Path | None) -> None:
    """The claims about a thing, or the one of this name, with the sentences behind each; or sentences with words."""
    from ...documents.unit_names import is_unit_name, unit_named
    from ...errors import UnknownName
    from ...evidence.search import search
    from ...rdf import split

    assert kg.dataset is not None
    is_claim = name.startswith("claim:") or kg.project.ids.claims in name
    try:
        iri = kg._iri(name) if is_claim else kg.find(name)
    except UnknownName:
        texts = {source.iri: edition_at_hand(kg.dataset, source, document).text() for source in kg.dataset.editions}
        result = search(kg.dataset, texts, name, kinds=("sentence",))
        if is_unit_name(name):
            try:
                unit_named(name, kg.dataset.editions)  # says which units there are
            except UnknownName as unknown:
                if not result.matches:
                    raise
                click.echo(f"note: {unknown.message} These sentences have the words:", err=True)
        if not result.matches:
            raise
        for word, others in result.meant.items():
            click.echo(f"note: no sentence has “{word}”; did you mean {' or '.join(others)}?", err=True)
        _show_units(kg, [kg.dataset.units[match.iri] for match in result.matches], document)
        return
    for claim in kg.dataset.resting:
        if claim.iri == iri or split(claim.triple)[0] == iri_token(iri):
            evidence_ = kg.evidence_of(claim)
            click.echo("  " + evidence_.statement(kg.prefixes))
            for line in (*map(str, evidence_.sentences), *evidence_.status(kg.prefixes)):
                click.echo(f"      {line}")
            if evidence_.sentences:
                click.echo(f"      {evidence_.corroboration}")
