"""`isoc-kg validate`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .engine_option import engine_option
from .options import Remote, endpoint_options, files_of, note, project_option, reading_options

if TYPE_CHECKING:
    from ..rdf.files import Reading


@click.command()
@project_option
@click.option(
    "--shapes",
    "shapes",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Shapes to use instead of the project's; may be given again.",
)
@engine_option
@click.option("--format", "format_name", type=click.Choice(["text", "json", "ttl"]), default="text", show_default=True)
@click.option(
    "--max-results", metavar="N", type=click.IntRange(1), default=10, show_default=True, help="Shown a shape, as text."
)
@click.argument("files", nargs=-1, metavar="[FILE…]", type=click.Path(path_type=Path))
@reading_options()
@endpoint_options
def validate(
    project: Path | None,
    remote: Remote | None,
    reading: "Reading",
    shapes: tuple[Path, ...],
    engine: str | None,
    format_name: str,
    max_results: int,
    files: tuple[Path, ...],
) -> None:
    """Validate RDF files, the publication, or what a store holds, against shapes.

    With --endpoint the shapes become queries, so that the data stay where they are.
    The project's ontology is added to the data, so that classes below a target class are met. Exit code 1 when
    something of severity sh:Violation was found.
    """
    from .. import rdf
    from ..authoring.dataset import build_dataset
    from ..errors import UsageError
    from ..project import load_project, project_of_files
    from ..publication.gate import check_data, check_dataset
    from ..rdf.files import Reading
    from ..validation import DataGraph, ShapesGraph

    project_ = project_of_files(project) if files else load_project(project)
    if remote and files:
        raise click.UsageError("Give --endpoint or files, not both.")
    if project_.foreign and not shapes:
        raise UsageError("which shapes? These files belong to no project.", advice="Name them: --shapes FILE.")
    limits = project_.limits
    by = ShapesGraph(Reading(notice=note).files(shapes), limits) if shapes else ShapesGraph.of_project(project_)
    if remote:
        gate = check_data(remote.graph(project).data_graph, by, engine, limits)
    elif files:
        gate = check_data(DataGraph(*files_of(files, reading), project=project_), by, engine, limits)
    else:
        gate = check_dataset(build_dataset(project_), by, engine)
    report, locate = gate.validation.report, gate.locate
    for finding in gate.findings:
        click.echo(finding.render(), err=True)
    if format_name == "text":
        click.echo(report.to_text(locate, max_results), nl=False)
    elif format_name == "json":
        click.echo(report.to_json(locate), nl=False)
    else:
        from ..formats import TURTLE

        lines = report.to_lines(project_.ids.dataset + "/report")
        rdf.write(lines, TURTLE, sys.stdout.buffer, prefixes=project_.prefixes)
    sys.exit(0 if gate.passed else 1)
