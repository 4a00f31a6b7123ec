"""`isoc-kg export`."""

import sys
from pathlib import Path
from typing import BinaryIO

import click

from .options import project_option


@click.command()
@project_option
@click.option(
    "--format", "format_name", metavar="F", help="ttl, jsonld, nt, nq, trig or rdf (default: as -o is named, else ttl)."
)
@click.option(
    "--graph", metavar="G", help="One graph: facts, evidence, document, derived, ontology, alignments, or an IRI."
)
@click.option("-o", "--output", metavar="FILE", default="-", help="The file to write; - is standard output (default).")
@click.option("--unordered", is_flag=True, help="N-Triples or N-Quads in reading order, for input larger than memory.")
@click.argument("files", nargs=-1, metavar="[FILE…]", type=click.Path(path_type=Path))
def export(
    project: Path | None,
    format_name: str | None,
    graph: str | None,
    output: str,
    unordered: bool,
    files: tuple[Path, ...],
) -> None:
    """Write RDF files, or the publication, in any format.

    The same input gives the same bytes. Formats without named graphs get the union of all graphs; of the
    publication that is facts, evidence, document and what is derived from them.
    """
    from ..atomic import writing_file
    from ..formats import TURTLE, format_from_name, format_from_path
    from ..project import load_project

    if format_name:
        target = format_from_name(format_name)
    else:
        target = TURTLE if output == "-" else format_from_path(output)
    project_ = load_project(project)

    def write(out: BinaryIO) -> None:
        from .. import serialization
        from ..conversion import convert, convert_unordered
        from ..dataset import GRAPHS, build_dataset

        if files and unordered:
            convert_unordered(files, target, out, limits=project_.limits)
        elif files:
            convert(files, target, out, prefixes=project_.prefixes, graph=graph, limits=project_.limits)
        else:
            from ..export import context_of

            dataset = build_dataset(project_)
            if graph:
                if graph not in GRAPHS:
                    from ..errors import UnknownName

                    raise UnknownName(f"There is no graph “{graph}”.", advice=f"Graphs: {', '.join(GRAPHS)}.")
                lines = dataset.graph(graph)
            else:
                lines = dataset.lines if target.datasets and target.name != "jsonld" else dataset.published
            serialization.write(lines, target, out, prefixes=project_.prefixes, context=context_of(project_))

    if output == "-":
        write(sys.stdout.buffer)
        sys.stdout.buffer.flush()
    else:
        with writing_file(output) as out:
            write(out)
