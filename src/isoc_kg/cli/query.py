"""`isoc-kg query`."""

import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from shutil import get_terminal_size
from typing import TYPE_CHECKING

import click

from .options import (
    Remote,
    again,
    endpoint_options,
    files_of,
    project_of_files_option,
    reading_options,
    warn_of_claims,
    warn_of_texts,
)

if TYPE_CHECKING:
    from ..evidence.behind import Explanation
    from ..graph.knowledge_graph import KnowledgeGraph
    from ..query import Solutions
    from ..rdf.files import Reading

SOLUTION_FORMATS = ("table", "csv", "tsv", "json", "xml", "md")
_ADVICE = "Use table, csv, tsv, json, xml or md."
FORMATS = [*SOLUTION_FORMATS, "ttl", "jsonld", "nt", "nq", "trig", "rdf"]


@click.command()
@project_of_files_option
@click.argument("text", required=False, metavar="[SPARQL]")
@click.option(
    "-f",
    "--file",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Read the query from FILE; - is standard input.",
)
@click.option("--name", metavar="NAME", help="Run a named query.")
@click.option("--param", "params", metavar="K=V", multiple=True, help="Set variable K to value V; repeatable.")
@click.option(
    "--format", "format_name", type=click.Choice(FORMATS), help="Output format (default: table; ttl for graphs)."
)
@click.option("--why", is_flag=True, help="Show the sentences behind each solution.")
@click.option(
    "--labels/--no-labels",
    default=None,
    help="Show labels beside IRIs in a table (default: on a terminal that is wide enough).",
)
@click.option("--list", "list_", is_flag=True, help="List the named queries; with --name, describe one.")
@click.option(
    "--data",
    metavar="FILE",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Query RDF files instead; repeatable.",
)
@reading_options()
@endpoint_options
def query(
    project: Path | None,
    remote: Remote | None,
    reading: "Reading",
    text: str | None,
    file: Path | None,
    name: str | None,
    params: tuple[str, ...],
    format_name: str | None,
    why: bool,
    labels: bool | None,
    list_: bool,
    data: tuple[Path, ...],
) -> None:
    """Run a SPARQL query or a named query.

    Known prefixes need no declaration. The default graph is the union of all graphs. Queries are read-only and reach
    no network, except the store of --endpoint.
    """
    from ..errors import ParseError, UsageError
    from ..graph.knowledge_graph import KnowledgeGraph

    if list_:
        _list(project, name)
        return
    if sum(given is not None for given in (text, file, name)) != 1:
        raise click.UsageError("Give one query: SPARQL, -f FILE or --name NAME.")
    if file is not None:
        try:
            text = (sys.stdin.buffer.read() if str(file) == "-" else file.read_bytes()).decode("utf-8-sig")
        except OSError as error:
            raise ParseError(f"cannot be read: {str(error.strerror).lower()}.", file=file) from None
        except UnicodeDecodeError as error:
            raise ParseError(f"not UTF-8 at byte {error.start}.", file=file) from None
        text += "\n"
    parameters = {}
    for param in params:
        key, equals, value = param.partition("=")
        if not equals:
            raise UsageError(f"--param {param} has no value.", advice="Write --param NAME=VALUE.")
        parameters[key.lstrip("?$")] = value
    if remote and data:
        raise click.UsageError("Give --endpoint or --data, not both.")
    if remote:
        kg: KnowledgeGraph = remote.graph(project)
    else:
        kg = (
            KnowledgeGraph.load(files_of(data, reading), project=project)
            if data
            else KnowledgeGraph.load(project=project)
        )
    warn_of_texts(kg.dataset.editions if kg.dataset else ())
    asked = name or _sparql(kg, text or "")
    _note_defaults(kg, asked, parameters)
    # A running query cannot be interrupted from Python: let Ctrl-C end the process itself.
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        if why and _selects(kg, asked):
            explanation = kg.why(asked, parameters)
            explanation.solutions.names_of = kg.names_of
            _solutions(explanation.solutions, format_name or "table", labels)
            _why(explanation, kg.prefixes)
            _notes(explanation.solutions.notes)
            warn_of_claims(kg, (evidence.claim for _, claims in explanation for evidence in claims))
            return
        answer = kg.run(asked, parameters)
    finally:
        signal.signal(signal.SIGINT, before)
    _notes((*answer.notes, *answer.hints))
    if answer.boolean is not None:
        _truth_value(answer.boolean, format_name or "table")
    elif answer.solutions is not None:
        if labels:
            answer.solutions.names_of = kg.names_of
        _solutions(answer.solutions, format_name or "table", labels)
    else:
        _graph(kg, answer.triples or [], format_name or "ttl")


def _sparql(kg: "KnowledgeGraph", text: str) -> str:
    """The text of a query. Raises `UsageError` for the name of one, which is given as such."""
    if not any(mark in text for mark in " {\n") and text in kg.queries:
        from ..errors import UsageError

        raise UsageError(f"“{text}” is the name of a query.", advice=f"Write {again('query', '--name', text)}")
    return f"{text} "


def _note_defaults(kg: "KnowledgeGraph", asked: str, given: Mapping[str, str]) -> None:
    """Report which parameters of a named query are not given and have their defaults."""
    from ..query import defaults_taken

    if (named := kg.queries.get(asked)) is not None:
        defaults = defaults_taken(named, given)
        _notes([f"{name} is {value}, the default; --param {name}=… sets it" for name, value in defaults])


def _selects(kg: "KnowledgeGraph", asked: str) -> bool:
    """Whether a query, or the named one, is a SELECT query; an unknown name is none."""
    from ..query.forms import form
    from ..query.tokens import tokens

    named = kg.queries.get(asked)
    return form(list(tokens(named.text if named else asked))) == "SELECT"


def _notes(notes: Sequence[str]) -> None:
    from ..errors import visible

    for note in notes:
        click.echo(f"note: {visible(note, line=True)}", err=True)


def _truth_value(value: bool, format_name: str) -> None:
    from ..query.solutions import truth_value

    if format_name not in SOLUTION_FORMATS:
        from ..errors import UsageError

        raise UsageError(f"a truth value cannot be written as {format_name}.", advice=_ADVICE)
    click.echo(truth_value(value, format_name), nl=False)


def _table(solutions: "Solutions", labels: bool | None) -> str:
    """The table, with names where they are asked for, or where a terminal has room for them."""
    if labels is not None:
        return solutions.to_table(labels=labels)
    if sys.stdout.isatty():
        table = solutions.to_table(labels=True)
        if max(map(len, table.splitlines())) <= get_terminal_size().columns:
            return table
    return solutions.to_table()


def _solutions(solutions: "Solutions", format_name: str, labels: bool | None) -> None:
    writers = {
        "table": lambda: _table(solutions, labels),
        "csv": solutions.to_csv,
        "tsv": solutions.to_tsv,
        "json": solutions.to_json,
        "xml": solutions.to_xml,
        "md": solutions.to_markdown,
    }
    if format_name not in writers:
        from ..errors import UsageError

        raise UsageError(f"solutions cannot be written as {format_name}.", advice=_ADVICE)
    text = writers[format_name]()
    if format_name in ("table", "md"):
        click.echo(text, nl=False)
    else:  # data: as they are
        click.echo(text.encode(), nl=False)


def _graph(kg: "KnowledgeGraph", triples: list[bytes], format_name: str) -> None:
    from .. import rdf
    from ..formats import format_from_name

    if format_name in SOLUTION_FORMATS:
        from ..errors import UsageError

        raise UsageError(f"a graph cannot be written as {format_name}.", advice="Use ttl, jsonld, nt, nq, trig or rdf.")
    rdf.write(triples, format_from_name(format_name), sys.stdout.buffer, prefixes=kg.prefixes)
    sys.stdout.buffer.flush()


def _why(explanation: "Explanation", prefixes: Mapping[str, str]) -> None:
    for number, (_, claims) in enumerate(explanation, 1):
        click.echo(f"\nsolution {number}:" + ("" if claims else " no claims"))
        for evidence in claims:
            click.echo("  " + evidence.statement(prefixes))
            for sentence in evidence.sentences:
                click.echo(f"    {sentence}")
            for note in evidence.notes:
                click.echo(f"    editorial note: {note}")
            for line in evidence.status(prefixes):
                click.echo(f"    {line}")
    if explanation.incomplete:
        click.echo(f"\nclaims may be missing: {explanation.incomplete}")


def _list(project: Path | None, name: str | None) -> None:
    from ..project import load_project
    from ..query import find_query, load_queries

    queries = load_queries(load_project(project).folder("queries"))
    if name:
        found = find_query(queries, name)
        click.echo(f"{found.name}: {found.title}\n{found.description}\n")
        for parameter in found.parameters:
            default = f" (default {parameter.default})" if parameter.default else " (required)"
            click.echo(f"  --param {parameter.name}=…  {parameter.type}{default}  {parameter.text}")
        click.echo("\n" + "\n".join(line for line in found.text.splitlines() if not line.startswith("#")))
        return
    width = max((len(one) for one in queries), default=0)
    for one in queries.values():
        asks = f"  [{', '.join(parameter.name for parameter in one.parameters)}]" if one.parameters else ""
        click.echo(f"{one.name:<{width}}  {one.title}{asks}")
