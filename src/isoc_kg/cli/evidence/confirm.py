"""`isoc-kg evidence confirm`: evidence that is held moves to the later edition."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ...errors import counted
from ..options import one_at_a_time, project_option
from .arguments import units_meant
from .held import list_held

if TYPE_CHECKING:
    from ...authoring.dataset import Dataset
    from ...documents.editions import Edition
    from ...errors import Finding
    from ...evidence.held import HeldUnit


@click.command()
@project_option
@click.argument("units", nargs=-1, metavar="[UNIT]...")
@click.option(
    "--to",
    "targets",
    metavar="N",
    multiple=True,
    help="Unit of the later edition (default: its counterpart); repeatable.",
)
@click.option(
    "--claim", "claims", metavar="CLAIM", multiple=True, help="Move the evidence of this claim only; repeatable."
)
@one_at_a_time
def confirm(project: Path | None, units: tuple[str, ...], targets: tuple[str, ...], claims: tuple[str, ...]) -> None:
    """List the evidence held since a document changed, or move that on UNIT to the later edition.

    UNIT is a number (2.2) of the earlier edition, with the name of the document if there are several (guide:2.2,
    guide/1:2.2). Correct the facts first if the new text differs from them. Claims that fail the check against the new
    unit stay held and are listed, and the exit code is 1. With --claim other claims on UNIT stay held.
    """
    from ...authoring.dataset import build_dataset
    from ...evidence.confirmation import corpus_of_texts, objections
    from ...evidence.held import held_units
    from ...evidence.rewriting import confirm_units, noted_gists
    from ...project import load_project
    from ...rdf import literal
    from ...validation import ShapesGraph

    dataset = build_dataset(load_project(project))
    if not units:
        list_held(dataset)
        return
    held = list(held_units(dataset))
    confirmed = [_confirmable(dataset, held, name, targets) for name in units]
    moves: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    for unit, numbers in confirmed:
        moves.setdefault((unit.edition.iri, unit.later.iri), {})[unit.number] = numbers
    resting = {claim.iri for unit, _ in confirmed for claim in unit.claims}
    chosen = set(_claims_held(dataset, [unit for unit, _ in confirmed], claims)) if claims else resting
    corpus = corpus_of_texts(dataset, ShapesGraph.of_project(dataset.project).lines)
    stay: dict[str, Finding] = {}
    for unit, numbers in confirmed:
        if unit.later.iri not in corpus.texts:
            click.echo(f"note: the text of {unit.later.name} is not available: its claims were not checked", err=True)
        for claim, finding in objections(corpus, unit, numbers, chosen if claims else ()):
            if claim.iri in chosen:
                stay.setdefault(claim.iri, finding)
    moving = chosen - stay.keys()
    settled = [
        (unit.later, numbers) for unit, numbers in confirmed if moving.issuperset(claim.iri for claim in unit.claims)
    ]
    if moving:
        for path in confirm_units(dataset.project, moves, None if moving == resting else moving, settled):
            click.echo(f"wrote {path}")
        names = ", ".join(f"{_edition_name(unit.later)}:{' '.join(numbers)}" for unit, numbers in confirmed)
        click.echo(f"note: the evidence of {counted(len(moving), 'claim')} moved to {names}", err=True)
    for edition, numbers in settled:
        for number in noted_gists(edition, numbers):
            gist = literal(edition.gists[number])[0]
            click.echo(f"note: the gist of {_edition_name(edition)}:{number} is still “{gist}”", err=True)
    for finding in stay.values():
        click.echo(finding.render(), err=True)
    sys.exit(1 if stay else 0)


def _confirmable(
    dataset: "Dataset", held: list["HeldUnit"], name: str, targets: tuple[str, ...]
) -> "tuple[HeldUnit, tuple[str, ...]]":
    """The held unit of this name, and the units of the later edition to which its evidence would move."""
    from ...errors import UnknownName, UsageError

    named = {edition.unit_iri(unit.number) for edition, unit in units_meant(dataset, name)}
    matching = [unit for unit in held if unit.edition.unit_iri(unit.number) in named]
    if not matching:
        names = ", ".join(dict.fromkeys(f"{unit.edition.document.slug}:{unit.number}" for unit in held))
        raise UnknownName(f"no evidence is held on {name}.", advice=f"Held: {names or 'nothing'}.")
    meant = [{(edition.iri, unit.number) for edition, unit in units_meant(dataset, target)} for target in targets]
    fitting = [unit for unit in matching if all(unit.later.iri in {iri for iri, _ in units} for units in meant)]
    if len({unit.edition.iri for unit in fitting}) > 1:
        names = " or ".join(f"{_edition_name(unit.edition)}:{unit.number}" for unit in fitting)
        raise UsageError(f"{name} is a unit of several documents or editions.", advice=f"Write {names}.")
    if len(fitting) > 1:  # kg.toml has two editions that revise this one
        later = [f"{_edition_name(unit.later)}:{(*unit.change.new, 'N')[0]}" for unit in fitting]
        raise UsageError(
            f"edition {fitting[0].edition.document.edition} has several later ones in kg.toml.",
            advice=f"Name the unit there: --to {' or --to '.join(later)}; "
            "or remove the superfluous edition from kg.toml.",
        )
    if not fitting or not (targets or fitting[0].change.new):
        raise UsageError(
            f"{name} has no counterpart in edition {matching[0].later.document.edition}.",
            advice="Name its unit: --to N. Or remove the evidence from the facts.",
        )
    unit = fitting[0]
    numbers = [number for units in meant for iri, number in sorted(units) if iri == unit.later.iri]
    return unit, tuple(numbers) or unit.change.new


def _edition_name(edition: "Edition") -> str:
    """An edition as the names of its units begin."""
    return f"{edition.document.slug}/{edition.document.edition}"


def _claims_held(dataset: "Dataset", units: list["HeldUnit"], names: tuple[str, ...]) -> list[str]:
    """The IRIs of claims that rest on any of the units; `UnknownName` for a name that is none of theirs."""
    from ...errors import UnknownName

    ids, chosen = dataset.project.ids, []
    held = {claim.iri.removeprefix(ids.claims): claim.iri for unit in units for claim in unit.claims}
    for name in names:
        local = name.removeprefix("claim:").removeprefix(ids.claims)
        if local not in held:
            raise UnknownName(
                f"no claim {name} rests on the confirmed units.",
                advice=f"Claims there: {', '.join(f'claim:{other}' for other in held)}.",
            )
        chosen.append(held[local])
    return chosen
