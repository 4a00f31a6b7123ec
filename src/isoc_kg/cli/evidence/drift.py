"""`isoc-kg evidence drift`: what changed between two texts of a document."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..options import one_at_a_time, project_option, slug_option
from .held import list_held

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ...authoring.dataset import Dataset
    from ...documents.editions import Edition
    from ...documents.original_text import OriginalText
    from ...project import Project


@click.command()
@project_option
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@slug_option("Name of the document, if two have the same text.")
@click.option("--edition", metavar="E", help="With --write: name of the new edition.")
@click.option("--write", is_flag=True, help="Write the new index; move facts and gists to the new edition.")
@one_at_a_time
def drift(project: Path | None, old: Path, new: Path, slug: str | None, edition: str | None, write: bool) -> None:
    """Compare two texts of a document: units that stayed, moved, changed or vanished, and their claims.

    OLD is the text of an edition in kg.toml, its original document, or its index (.jsonl) if both are lost. NEW is a
    text, or a document in any format that document add reads. With --write NEW becomes an edition in kg.toml. Evidence
    on unchanged units moves to it. Evidence on other units is held: it stays with the old edition until evidence
    confirm moves it.
    """
    from ...authoring.dataset import build_dataset
    from ...documents.original_text import original_text
    from ...project import load_project

    project_ = load_project(project)
    dataset = build_dataset(project_)
    candidates = [source for source in dataset.editions if slug in (None, source.document.slug)]
    markup = not any(source.index.extractor for source in candidates)
    with (
        original_text(old, project_.limits, markup=markup) as before,
        original_text(new, project_.limits, markup=markup) as after,
    ):
        _drift(project_, dataset, candidates, (old, before.file), (new, after), edition, write)


def _drift(
    project: "Project",
    dataset: "Dataset",
    candidates: "Sequence[Edition]",
    before: tuple[Path, Path],
    after: "tuple[Path, OriginalText]",
    edition: str | None,
    write: bool,
) -> None:
    """Show, and write, what changed between two texts; each comes with the file that was named."""
    from ...authoring.dataset import build_dataset
    from ...documents.addition import Particulars, prepare
    from ...documents.cutting.rules import CutRules
    from ...documents.index import load_index
    from ...documents.succession import next_index
    from ...documents.text import read_text
    from ...errors import UsageError, counted
    from ...evidence.drift import KEPT, compare_editions
    from ...evidence.held import replaced_editions, units_to_compare
    from ...evidence.new_edition import add_edition
    from ...evidence.rewriting import refuse_edition, write_drift
    from ...project import load_project

    (named, old), (_, taken) = before, after
    new = taken.file
    if old.suffix == ".jsonl":
        digest = load_index(old).sha256
        sources = [replace(s, comparison=None) for s in candidates if s.index.sha256 == digest]
    else:
        sources = [s for s in (source.compared(old) for source in candidates) if s.text() is not None]
    if len({s.document.slug for s in sources}) == 1:  # an earlier edition may have this text, too
        replaced = replaced_editions(dataset)
        sources = [s for s in sources if s.iri not in {r.iri for r in replaced}] or sources
    if len(sources) != 1:
        editions = ", ".join(f"{s.document.slug} {s.document.edition}" for s in dataset.editions)
        raise UsageError(
            f"{named} is the text of {'several editions' if sources else 'no edition'} in kg.toml ({editions}).",
            advice="Name the document: --slug SLUG."
            if sources
            else "Name the text that was indexed, or the edition's index in facts/units.",
        )
    source = sources[0]
    text, new_text = source.text(), read_text(new)
    succession = next_index(source.index, new_text, edition or "", CutRules(source.document.units))
    changes = compare_editions(
        units_to_compare(source),
        list(succession.index.units.values()),
        None if text is None else (text, new_text),
    )
    for change in changes:
        if change.case == "same":
            continue
        iri = f"{source.iri}#"
        moved = {iri + number for number in change.old}
        claims = [c for c in dataset.resting if any(unit in moved for _, unit, _ in c.units())]
        held = ", held" if write and claims and change.case not in KEPT else ""
        click.echo(
            f"{change.case:<9} {' '.join(change.old) or '–'} → {' '.join(change.new) or '–'}  "
            f"({counted(len(claims), 'claim')}{held})"
        )
    same = sum(change.case == "same" for change in changes)
    click.echo(f"{counted(same, 'unit')} stayed, {counted(len(changes) - same, 'case')} to review")
    for number in succession.lost:
        click.echo(f"note: the correction of unit {number} does not match {new}", err=True)
    if write:
        if edition is None:
            raise UsageError("the new edition needs a name.", advice="Give --edition E.")
        refuse_edition(dataset, source, new)
        own = source.document
        for other in dataset.editions:
            if (other.document.slug, other.document.revision_of) == (own.slug, own.edition):
                click.echo(f"note: {source.name}, already has a later edition: {other.document.edition}", err=True)
        if taken.original is not None and taken.extracted is not None:
            wanted = Particulars(slug=own.slug, edition=edition)
            addition = prepare(project, taken.original, taken.extracted, wanted)
            if addition.block is None or addition.block.get("revision_of") != own.edition:
                raise UsageError(
                    f"{own.slug} has a later edition than {own.edition}.", advice="Compare with the latest one."
                )
            click.echo("\n".join(f"wrote {path}" for path in add_edition(project, addition)[1]))
        else:
            for line in write_drift(project, source, (old, new), edition, changes):
                click.echo(line)
        list_held(build_dataset(load_project(project.root)))
