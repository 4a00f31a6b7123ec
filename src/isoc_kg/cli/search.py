"""`isoc-kg search`."""

import json
import sys
from pathlib import Path

import click

from .options import files_of, project_of_files_option, reading_options


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@project_of_files_option
@click.option("--kind", "kinds", metavar="KIND", multiple=True,
              help="Search one kind: thing, term, document, question or sentence; repeatable.")  # fmt: skip
@click.option(
    "--limit", metavar="N", type=click.IntRange(1, 1000), default=5, show_default=True, help="Most results per kind."
)
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option(
    "--data",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Search RDF files instead; repeatable.",
)
@reading_options()
def search(
    words: tuple[str, ...],
    project: Path | None,
    kinds: tuple[str, ...],
    limit: int,
    format_name: str,
    data: tuple[Path, ...],
    reading: object,
) -> None:
    """Search the publication, as the search on its pages does.

    Each line has the kind, the name by which commands and queries take it, the label, and why it was found. To write
    a new statement with what is found: isoc-kg find.
    """
    from ..graph.knowledge_graph import KnowledgeGraph
    from ..rdf.files import Reading

    assert isinstance(reading, Reading)
    kg = KnowledgeGraph.load(files_of(data, reading) if data else None, project=project)
    result = kg.search_published(" ".join(words), kinds=kinds or None, limit=limit)
    if format_name == "json":
        click.echo(json.dumps(result.to_json(), ensure_ascii=False, indent=1))
        sys.exit(0 if result.matches else 1)
    for match in result:
        label = match.text if match.kind == "sentence" else match.label
        why = f" – {match.why}" if match.why and match.why != match.label else ""
        click.echo(f"{match.kind:<8}  {match.name}  {' '.join(label.split())}{why}")
    if not result.matches:
        click.echo(f"nothing has a word of “{' '.join(words)}”, or one like it", err=True)
    if result.partial:
        click.echo("note: nothing has all of these words; these have some of them", err=True)
    for word, others in result.meant.items():
        click.echo(f"note: nothing has “{word}”; did you mean {' or '.join(others)}?", err=True)
    if result.left_out:
        click.echo(f"note: {result.left_out:,} more: --limit", err=True)
    sys.exit(0 if result.matches else 1)
