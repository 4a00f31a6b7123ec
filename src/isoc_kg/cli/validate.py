"""`isoc-kg validate`."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..limits import Limits
from ..validation.engine_names import engines_at_hand
from .engine_option import engine_option
from .options import Remote, endpoint_options, files_of, note, project_of_files_option, reading_options

if TYPE_CHECKING:
    from ..rdf.files import RdfFile, Reading


def _with_engines(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let the processes of engines start, which takes them as long as the command needs to load what it is made of."""

    @wraps(command)
    def wrapped(**options: Any) -> Any:
        from ..validation.waiting import engines_waiting

        with engines_waiting(*_engines(**options), memory=Limits().validation_memory_bytes):
            return command(**options)

    return wrapped


def _engines(url: str | None, engine: str | None, *, advanced: bool, **_: Any) -> list[str]:
    """The engines that a validation needs for certain, or nearly so: one for the shapes, by SHACL-SHACL, and others."""
    if "shacl" not in engines_at_hand():
        return []
    return ["shacl"] * (1 if url or advanced or engine not in (None, "auto", "shacl") else 2)


@click.command()
@_with_engines
@project_of_files_option
@click.option(
    "--shapes",
    "shapes",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Shapes to use instead of those of the project; repeatable.",
)
@engine_option
@click.option("--format", "format_name", type=click.Choice(["text", "json", "ttl"]), default="text", show_default=True)
@click.option(
    "--max-results",
    metavar="N",
    type=click.IntRange(1),
    default=10,
    show_default=True,
    help="Most results per shape (text format).",
)
@click.option(
    "--ontology",
    "ontologies",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Ontology whose subclasses are added to the data, and nothing else of it; repeatable.",
)
@click.option(
    "--import",
    "imports",
    metavar="IRI=FILE",
    multiple=True,
    help="Local copy of what owl:imports names; repeatable.",
)
@click.option("--lenient", is_flag=True, help="Skip ill-formed shapes, and list them, instead of stopping.")
@click.option("--advanced", is_flag=True, help="Run the rules and functions of SHACL-AF; needs pyshacl.")
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
    ontologies: tuple[Path, ...],
    imports: tuple[str, ...],
    lenient: bool,
    advanced: bool,
    files: tuple[Path, ...],
) -> None:
    """Validate RDF files, the publication or a store against shapes.

    With --endpoint the shapes are run as queries, and the data stay in the store. The ontology of the project, and
    those of --ontology, add subclasses, so that instances of subclasses of a target class are focus nodes. The exit
    code is 1 if there are results of severity sh:Violation. With warnings only it is 0, although the report states
    that the data do not conform.
    """
    from ..errors import ShapesError, UsageError
    from ..project import load_project, project_of_files
    from ..publication.gate import check_data, check_dataset
    from ..rdf.files import RdfFile, Reading
    from ..validation import DataGraph, ShapesGraph

    project_ = project_of_files(project) if files else load_project(project)
    if remote and files:
        raise click.UsageError("Give --endpoint or files, not both.")
    if project_.foreign and not shapes:
        raise UsageError("--shapes is required: these files belong to no project.", advice="Give --shapes FILE.")
    limits = project_.limits
    beside = Reading(None, reading.base, reading.contexts, note)  # --from is about the data
    catalogue: dict[str, Path | RdfFile] = {**project_.imports, **_catalogue(imports, beside)}
    by = (
        ShapesGraph(files_of(shapes, beside), limits, imports=catalogue) if shapes else ShapesGraph.of_project(project_)
    )
    if advanced and engine not in (None, "auto", "pyshacl"):
        raise click.UsageError("--advanced needs --engine pyshacl or auto.")
    if not (remote or files) and (ontologies or imports or lenient or advanced):
        raise click.UsageError("--ontology, --import, --lenient and --advanced need files or --endpoint.")
    classes = files_of(ontologies, beside)
    if remote:
        data: DataGraph = remote.graph(project).data_graph
        data.add_ontologies(classes, catalogue)
        gate = check_data(data, by, engine, limits, lenient=lenient, advanced=advanced)
    elif files:
        data = DataGraph(*files_of(files, reading), project=project_, ontologies=classes, imports=catalogue)
        gate = check_data(data, by, engine, limits, lenient=lenient, advanced=advanced)
    else:
        from ..authoring.dataset import build_dataset

        gate = check_dataset(build_dataset(project_), by, engine)
    try:
        report, locate = gate.validation.report, gate.locate
    except ShapesError as error:
        if (remote or files) and not lenient and gate.validation.can_be_lenient:
            error.advice = "Correct the shapes, or skip them: --lenient."
        raise
    for finding in gate.findings:
        click.echo(finding.render(), err=True)
    if format_name == "text":
        click.echo(report.to_text(locate, max_results), nl=False)
    elif format_name == "json":
        click.echo(report.to_json(locate), nl=False)
    else:
        from .. import rdf
        from ..formats import TURTLE

        # a report on others' data has no address
        lines = report.to_lines(None if project_.foreign else project_.ids.dataset + "/report")
        rdf.write(lines, TURTLE, sys.stdout.buffer, prefixes=project_.prefixes)
        sys.stdout.buffer.flush()
        for remark in report.remarks:  # for which SHACL has no term
            click.echo(f"note: {remark}", err=True)
    sys.exit(0 if gate.passed else 1)


def _catalogue(given: tuple[str, ...], reading: "Reading") -> "dict[str, RdfFile]":
    """The IRIs and the files of options IRI=FILE; where no base is named, a file's is the IRI."""
    files = {}
    for option in given:
        iri, mark, path = option.rpartition("=")
        if not mark or not iri or not Path(path).exists():
            raise click.BadParameter(f"“{option}” does not name a file: write IRI=FILE.", param_hint="--import")
        own = reading.files([Path(path)])
        if len(own) != 1:
            raise click.BadParameter(f"“{option}” names {len(own)} files: name one file.", param_hint="--import")
        files[iri] = own[0]
    return files
