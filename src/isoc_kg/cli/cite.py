"""`isoc-kg cite`."""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import Remote, endpoint_options, files_of, project_of_files_option, reading_options

if TYPE_CHECKING:
    from ..rdf.files import Reading


@click.command()
@project_of_files_option
@click.argument("what", required=False, metavar="[IRI | NAME]")
@click.option(
    "--format", "format_name", type=click.Choice(["text", "bibtex", "csl", "ris"]), default="text", show_default=True
)  # fmt: skip
@click.option(
    "--accessed",
    metavar="DATE",
    type=click.DateTime(["%Y-%m-%d"]),
    help="Date of access (2026-11-26), for styles that have one.",
)
@click.option(
    "--data", metavar="FILE", multiple=True, type=click.Path(path_type=Path), help="Read RDF files instead; repeatable."
)
@reading_options()
@endpoint_options
def cite(
    project: Path | None,
    remote: Remote | None,
    reading: "Reading",
    what: str | None,
    format_name: str,
    accessed: datetime | None,
    data: tuple[Path, ...],
) -> None:
    """Cite a statement, a thing, a document or the publication.

    A statement is named by its claim (claim:manrs.0123456789abcdef, or the whole IRI), a document by its slug, its
    title or the IRI of an edition, a thing by a label, an acronym, a local name or an IRI. RDF files and
    stores without a project are cited by the title, maker and version that their data state.
    """
    from ..graph.knowledge_graph import KnowledgeGraph

    if remote and data:
        raise click.UsageError("Give --endpoint or --data, not both.")
    if remote:
        kg = remote.graph(project)
    else:
        source = files_of(data, reading) if data else None
        kg = KnowledgeGraph.load(source, project=project)
    text = kg.cite(what, format_name, accessed=accessed.date() if accessed else None)
    click.echo(text.encode())  # as data: in a file no character of it is escaped
