"""`isoc-kg export`."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click

from .options import Remote, endpoint_options, files_of, project_of_files_option, reading_options

if TYPE_CHECKING:
    from ..formats import Format
    from ..project import Project
    from ..rdf.files import Reading


#: The format of `--format` that is no syntax of RDF.
_NANOPUB = "nanopub"


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@project_of_files_option
@click.option(
    "--format",
    "format_name",
    metavar="F",
    help="ttl, jsonld, nt, nq, trig, rdf or nanopub (default: by the ending of -o).",
)
@click.option("--graph", metavar="G", help="One graph only, by IRI or short name; “default” is the default graph.")
@reading_options(own_iri=False)
@click.option(
    "--write-context",
    metavar="C",
    help="JSON-LD context of the output: a file, or a URL of which --context names a copy.",
)
@click.option(
    "--unordered",
    is_flag=True,
    help="Write statements in the order they are read: less memory; language tags in lower case.",
)
@click.option("--tree", is_flag=True, help="Write the subject of the publication and its parts as one JSON-LD tree.")
@click.option("--evidence", is_flag=True, help="With --tree: include the claims behind the statements.")
@click.option("-o", "--output", metavar="FILE", default="-", help="File to write; - is standard output.")
@partial(endpoint_options, graphs=False)
def export(
    files: tuple[Path, ...],
    project: Path | None,
    remote: Remote | None,
    format_name: str | None,
    reading: "Reading",
    graph: str | None,
    write_context: str | None,
    unordered: bool,
    tree: bool,
    evidence: bool,
    output: str,
) -> None:
    """Write RDF files, or the publication, in any format.

    The same data always give the same bytes: Turtle and TriG in reading order, other formats sorted. FILE may be - for
    standard input, a folder, a zip archive, or compressed (gz, bz2, xz, zst). nanopub writes the claims of the
    publication as unsigned nanopublications, in TriG. Formats without named graphs (ttl, nt, rdf) contain the union of
    the graphs, or the one of --graph. A context that is given by URL is referenced in the output by its URL.
    """
    from dataclasses import replace

    from ..errors import UsageError
    from ..formats import JSONLD, format_from_name
    from ..iris import expand
    from ..project import load_project, project_of_files
    from ..rdf.conversion import DEFAULT_GRAPH, convert, convert_unordered
    from ..rdf.files import Reading

    if evidence and not tree:
        raise UsageError("--evidence needs --tree; all other formats contain the evidence.")
    if tree:
        if files or remote or unordered or format_name or graph or write_context or reading != Reading():
            raise UsageError("--tree allows only --project, --evidence and -o.")
        _tree(load_project(project), evidence, output)
        return
    if format_name == _NANOPUB:
        if files or remote or unordered or graph or write_context or reading != Reading():
            raise UsageError("--format nanopub allows only --project and -o.")
        _nanopublications(load_project(project), output)
        return
    named = "ttl" if format_name is None and output == "-" else format_name
    format_ = format_from_name(named) if named is not None else _named(output)
    if write_context is not None and (format_ is not JSONLD or remote):
        raise UsageError("--write-context needs --format jsonld, without --endpoint.")
    if remote:
        if files or unordered or reading != Reading():
            raise UsageError("--endpoint excludes files, --unordered, --from, --base and --context.")
        _stored(remote, project, format_, graph, output)
        return
    project_ = project_of_files(project) if files else load_project(project)
    prefixes = project_.prefixes
    if not files:
        if unordered or replace(reading, contexts={}) != Reading():
            raise UsageError("--unordered, --from and --base need files.")
        context = None if write_context is None else _context(write_context, project_, reading)
        _publication(project_, format_, graph, output, context, reading.contexts)
        return
    if graph is not None and graph != DEFAULT_GRAPH and "://" not in graph:
        graph = expand(graph, prefixes) or graph
    sources = files_of(files, reading)
    context = None if write_context is None else _context(write_context, project_, reading)
    with _opened(output) as out:
        if unordered:
            convert_unordered(sources, format_, out, prefixes=prefixes, graph=graph, limits=project_.limits)
        else:
            convert(
                sources,
                format_,
                out,
                prefixes=prefixes,
                graph=graph,
                limits=project_.limits,
                context=context,
                contexts=reading.contexts,
            )


def _named(output: str) -> "Format":
    """The format that the name of the output tells. Raises `UnknownName`."""
    from ..errors import UnknownName
    from ..formats import FORMATS, format_from_path

    try:
        return format_from_path(output)
    except UnknownName:
        known = ", ".join(f".{item.name}" for item in FORMATS)
        raise UnknownName(
            f"{output}: the file name does not show an RDF format.",
            advice=f"Use one of the endings {known}, or name the format: --format ttl.",
        ) from None


def _context(named: str, project: "Project", reading: "Reading") -> Any:
    """The context to write with: what a file has, or a URL."""
    from ..errors import UsageError

    if "://" not in named:
        return project.read_context(Path(named))
    if named not in reading.contexts:
        raise UsageError(
            f"the context {named} is not fetched.", advice=f"Download it and name the copy: --context {named}=FILE."
        )
    return named


def _publication(
    project: "Project",
    format_: "Format",
    graph: str | None,
    output: str,
    context: Any,
    contexts: Mapping[str, Path],
) -> None:
    """Write the publication as `build` does: all graphs by name, or what is published as one graph."""
    from ..authoring.dataset import build_dataset
    from ..authoring.reading import project_order
    from ..formats import JSONLD
    from ..iris import expand
    from ..publication.files import published_context
    from ..rdf import write
    from ..rdf.conversion import DEFAULT_GRAPH, select_graph
    from ..validation import ShapesGraph

    shapes = ShapesGraph.of_project(project)
    dataset = build_dataset(project, shapes)
    context = published_context(dataset, shapes) if context is None and format_ is JSONLD else context
    lines = dataset.lines if format_.datasets or graph else dataset.published
    if graph is not None and graph != DEFAULT_GRAPH:
        name = expand(graph, project.prefixes) if ":" in graph and "://" not in graph else None
        lines = select_graph(lines, name or (graph if ":" in graph else project.ids.graph(graph)))
    with _opened(output) as out:
        order = project_order(project, shapes.all_lines)
        write(lines, format_, out, prefixes=project.prefixes, context=context, contexts=contexts, order=order)


def _tree(project: "Project", evidence: bool, output: str) -> None:
    """Write the tree of the publication's subject."""
    from ..authoring.dataset import build_dataset
    from ..errors import ProjectError
    from ..publication.files import published_context, published_tree
    from ..validation import ShapesGraph

    if not project.subject:
        raise ProjectError(
            "the publication has no subject, which --tree needs.",
            file=project.root / "kg.toml",
            advice='Name the thing that it is about: subject = "its-local-name".',
        )
    shapes = ShapesGraph.of_project(project)
    dataset = build_dataset(project, shapes)
    tree = published_tree(dataset, shapes, published_context(dataset, shapes), evidence=evidence)
    with _opened(output) as out:
        out.write(tree.text)


def _nanopublications(project: "Project", output: str) -> None:
    """Write a nanopublication for each claim."""
    from ..authoring.dataset import build_dataset
    from ..formats import TRIG
    from ..publication.nanopublications import NANOPUB_PREFIXES, nanopublications
    from ..rdf import write

    lines = nanopublications(build_dataset(project))
    with _opened(output) as out:
        write(lines, TRIG, out, prefixes={**NANOPUB_PREFIXES, **project.prefixes})


def _stored(remote: Remote, project: Path | None, format_: "Format", graph: str | None, output: str) -> None:
    """Write what a store holds: all graphs, or one, in the project's reading order."""
    from ..authoring.reading import project_order
    from ..iris import expand
    from ..rdf import labelled_lines, triples, write
    from ..rdf.conversion import DEFAULT_GRAPH
    from ..validation import ShapesGraph

    source = remote.source(project)
    settings = source.project
    if graph is None:
        lines = source.lines if format_.datasets else list(triples(source.lines))
    elif graph == DEFAULT_GRAPH:
        lines = source.evaluator.triples(None)
    else:
        lines = source.evaluator.triples(expand(graph, settings.prefixes) or settings.ids.graph(graph))
    order = project_order(settings, ShapesGraph.of_project(settings).all_lines)
    with _opened(output) as out:
        write(labelled_lines(lines), format_, out, prefixes=settings.prefixes, order=order)


@contextmanager
def _opened(output: str) -> Iterator[BinaryIO]:
    """Standard output, or a file that is there whole or not at all."""
    from ..atomic import writing_file

    if output != "-":
        with writing_file(output) as file:
            yield file
        return
    yield sys.stdout.buffer
    sys.stdout.buffer.flush()
