"""`isoc-kg evidence coverage`: how many claims rest on each unit."""

from pathlib import Path

import click

from ..options import document_option, project_option, warn_of_texts
from .arguments import FIRST_DOCUMENT, edition_at_hand


@click.command()
@project_option
@document_option
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
def coverage(project: Path | None, document: Path | None, format_name: str) -> None:
    """Show how many claims rest on each unit, and its uncovered words."""
    import json

    from ...authoring.dataset import build_dataset
    from ...documents.unit_names import current_editions
    from ...errors import counted
    from ...evidence.coverage import measure_coverage
    from ...project import load_project

    dataset = build_dataset(load_project(project))
    sources = [edition_at_hand(dataset, source, document) for source in current_editions(dataset.editions)]
    warn_of_texts(sources)
    results = [measure_coverage(dataset, source, source.text()) for source in sources]
    if not results:
        click.echo(f"kg.toml names no document. {FIRST_DOCUMENT}", err=True)
    if format_name == "json":
        value = [
            {
                "document": result.edition.document.slug,
                "edition": result.edition.document.edition,
                "share": result.share,
                "units": [
                    {
                        "number": unit.unit.number,
                        "kind": unit.unit.kind,
                        "start": unit.unit.start,
                        "end": unit.unit.end,
                        "claims": len(unit.claims),
                        "covering": unit.covering,
                        "exempt": unit.exempt,
                        "left_over": unit.left_over,
                    }
                    for unit in result.units
                ],
            }
            for result in results
        ]
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
        return
    for result in results:
        click.echo(
            f"{result.edition.document.title}, edition {result.edition.document.edition}: {result.share:.1%} covered\n"
            + (
                f"{counted(result.named, 'unit')} with only names, kinds and definitions, which cover nothing\n"
                if result.named
                else ""
            )
        )
        for unit in result.units:
            uncovered = "NAMES ONLY" if unit.claims else "NOT COVERED"
            mark = "·" if unit.exempt else ("█" * min(20, unit.covering) or uncovered)
            left = f"  uncovered words: {', '.join(unit.left_over)}" if unit.left_over and not unit.exempt else ""
            click.echo(f"{unit.unit.number:>7}  {unit.unit.kind:<8}  {mark}{left}")
        click.echo("")
