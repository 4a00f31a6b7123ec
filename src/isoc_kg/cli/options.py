"""Options that several commands share."""

import shlex
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click
from click.core import ParameterSource

from ..endpoint.schemes import SCHEMES
from ..iris import is_local_name

if TYPE_CHECKING:
    from ..documents.editions import Edition
    from ..endpoint import Endpoint
    from ..graph.endpoint_source import EndpointSource
    from ..graph.knowledge_graph import KnowledgeGraph
    from ..rdf.files import RdfFile, Reading

__all__ = [
    "Remote", "again", "document_option", "documents_option", "endpoint_options", "files_of", "in_own_project", "note",
    "one_at_a_time", "own_project", "project_of_files_option", "project_option", "reading_options", "slug_option",
    "verifier_option", "warn_of_claims", "warn_of_texts",
]  # fmt: skip

project_option = click.option(
    "--project",
    "project",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Project folder (default: the current folder if it has a kg.toml, else the shipped publication).",
)
#: Of commands that take RDF files, too, to which no project applies unless it is named.
project_of_files_option = click.option(
    "--project",
    "project",
    metavar="DIR",
    type=click.Path(path_type=Path),
    help="Project folder (default: none with files; else the current folder if it has a kg.toml, or the shipped "
    "publication).",
)


class _TextFile(click.Path):
    """The path of a document's text; a name that is no file may be meant for a document."""

    def __init__(self) -> None:
        super().__init__(path_type=Path)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        path = Path(str(super().convert(value, param, ctx)))
        if not path.is_file():
            self.fail(
                f"{path} is not a file. --document takes the file of a text; --slug names a document.", param, ctx
            )
        return path


documents_option = click.option(
    "--document",
    "documents",
    metavar="FILE",
    multiple=True,
    type=_TextFile(),
    help="The text of a document, if kg.toml does not locate it; repeatable.",
)

verifier_option = click.option(
    "--verifier", "verify", is_flag=True, help="Also ask the verifier that kg.toml names under [evidence]."
)

document_option = click.option(
    "--document",
    "document",
    metavar="FILE",
    type=_TextFile(),
    help="The text of the document, if kg.toml does not locate it.",
)


def again(command: str, *words: str) -> str:
    """A command line of another command, or of the same, with the options of this call that it takes, too."""
    context = click.get_current_context()
    assert context.parent is not None
    group = context.parent.command
    assert isinstance(group, click.Group)
    other = group.get_command(context.parent, command)
    takes = {name for parameter in (other.params if other else ()) for name in parameter.opts}
    parts = ["isoc-kg", command, *words]
    for option in context.command.params:
        given = context.get_parameter_source(option.name or "") is ParameterSource.COMMANDLINE
        if not isinstance(option, click.Option) or not given or option.opts[-1] not in takes:
            continue
        value = context.params.get(option.name or "")
        if option.is_flag:
            parts.append((option.opts if value else option.secondary_opts)[-1])
            continue
        for one in value if isinstance(value, tuple) else (value,):
            parts += (option.opts[-1], str(one))
    return shlex.join(parts)


def slug_option(help_text: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """The option that names a document; it was called --document once, which is understood with a note."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def wrapped(slug: str | None, former: str | None, **rest: Any) -> Any:
            if former is not None:
                if slug is not None or not is_local_name(former):
                    raise click.UsageError("Give the text as FILE, without an option; --slug names the document.")
                note(f"note: --document {former} is now --slug {former}; --document takes the file of a text")
            return command(slug=slug or former, **rest)

        wrapped = click.option("--document", "former", hidden=True)(wrapped)
        return click.option("--slug", metavar="SLUG", help=help_text)(wrapped)

    return decorate


class Remote(NamedTuple):
    """The store that a command works on in place of files, as its options name it."""

    url: str
    graphs: tuple[str, ...]
    auth: str | None
    auth_file: Path | None
    timeout: float

    def endpoint(self) -> "Endpoint":
        """The client of the store; nothing is sent yet."""
        from ..endpoint import Endpoint, credentials_from_environment

        credentials = credentials_from_environment(self.auth, self.auth_file)  # type: ignore[arg-type]
        made = Endpoint(self.url, credentials=credentials, graphs=self.graphs or None, timeout=self.timeout)
        click.get_current_context().call_on_close(made.close)
        return made

    def source(self, project: Path | None) -> "EndpointSource":
        """The data that are there, seen through a project."""
        from ..graph.endpoint_source import EndpointSource
        from ..project import load_project

        return EndpointSource(load_project(project), self.endpoint())

    def graph(self, project: Path | None) -> "KnowledgeGraph":
        """The knowledge graph of them."""
        from ..graph.knowledge_graph import KnowledgeGraph

        source = self.source(project)
        return KnowledgeGraph(source.project, source)


_ENDPOINT = click.option("--endpoint", "url", metavar="URL", help="Read from this SPARQL endpoint instead of files.")
_WITHOUT_GRAPHS = (
    _ENDPOINT,
    click.option(
        "--auth", type=click.Choice(SCHEMES),
        help="Authentication scheme; credentials: ISOC_KG_USER and ISOC_KG_PASSWORD, or ISOC_KG_TOKEN.",
    ),
    click.option(
        "--auth-file", metavar="FILE", type=click.Path(path_type=Path),
        help="Read the credentials from FILE.",
    ),
    click.option(
        "--timeout", metavar="S", type=click.FloatRange(0.1), default=60.0, show_default=True,
        help="Give up after S seconds without data.",
    ),
)  # fmt: skip
_OPTIONS = (
    _ENDPOINT,
    click.option(
        "--graph",
        "graphs",
        metavar="IRI",
        multiple=True,
        help="With --endpoint: this named graph only; repeatable (default: all graphs).",
    ),
    *_WITHOUT_GRAPHS[1:],
)


def endpoint_options(command: Callable[..., Any], *, graphs: bool = True) -> Callable[..., Any]:
    """Give a command the options that name a store; it gets them as `remote`, None without --endpoint.

    Without `graphs` the command has a --graph of its own.
    """

    @wraps(command)
    def wrapped(url: str | None, auth: str | None, auth_file: Path | None, timeout: float, **rest: Any) -> Any:
        chosen = rest.pop("graphs") if graphs else ()
        if url is None and (chosen or auth or auth_file):
            raise click.UsageError("--graph, --auth and --auth-file need --endpoint.")
        return command(remote=Remote(url, chosen, auth, auth_file, timeout) if url else None, **rest)

    for option in reversed(_OPTIONS if graphs else _WITHOUT_GRAPHS):
        wrapped = option(wrapped)
    return wrapped


_FROM = click.option(
    "--from", "source_name", metavar="F", help="Format of the files (default: by file name or content)."
)
_BASE = click.option("--base", metavar="IRI", help="Base of relative IRIs in the files.")
_CONTEXT = click.option(
    "--context",
    "contexts",
    metavar="URL=FILE",
    multiple=True,
    help="Local copy of the JSON-LD context at URL; nothing is fetched; repeatable.",
)


def reading_options(*, base: bool = True, own_iri: bool = True) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command the options that say how files are read; it gets them as `reading`.

    Without `base` the command has a --base of its own. With `own_iri` relative IRIs are relative to the file's own IRI
    where no base is given, and a note on stderr says so; else they are an error that names --base.
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(command)
        def wrapped(source_name: str | None, contexts: tuple[str, ...], **rest: Any) -> Any:
            from ..formats import format_from_name
            from ..rdf.files import Reading

            reading = Reading(
                format_from_name(source_name) if source_name else None,
                _absolute(rest.pop("base")) if base else None,
                dict(map(_context, contexts)),
                note if own_iri else None,
            )
            return command(reading=reading, **rest)

        for option in (_CONTEXT, _BASE, _FROM) if base else (_CONTEXT, _FROM):
            wrapped = option(wrapped)
        return wrapped

    return decorate


def files_of(paths: "Iterable[Path]", reading: "Reading") -> "list[RdfFile]":
    """The files of paths, `-` being standard input. Raises `UsageError` when nothing tells the format of that."""
    import sys

    files: list[RdfFile] = []
    for path in paths:
        if str(path) == "-":
            files += reading.texts(sys.stdin.buffer.read(), "standard input")
        else:
            files += reading.files([path])
    return files


def note(text: str) -> None:
    """Tell something on stderr, once."""
    told = click.get_current_context().meta.setdefault(__name__, set())
    if text not in told:
        told.add(text)
        click.echo(text, err=True)


def _absolute(base: str | None) -> str | None:
    """A base that something can be relative to."""
    import pyoxigraph as ox

    from ..errors import UsageError

    if base is None:
        return None
    try:
        next(iter(ox.parse(b"<> <x:p> <x:o> .", ox.RdfFormat.TURTLE, base_iri=base)))
    except (SyntaxError, ValueError):
        raise UsageError(
            f"“{base}” is not a valid base IRI.", advice="Give one such as --base https://example.org/data."
        ) from None
    return base


def _context(given: str) -> tuple[str, Path]:
    """The address and the file of an option URL=FILE."""
    url, mark, path = given.rpartition("=")
    if not mark or not url or not Path(path).is_file():
        raise click.BadParameter(f"“{given}” does not name a file: write URL=FILE.", param_hint="--context")
    return url, Path(path)


def warn_of_claims(kg: "KnowledgeGraph", claims: Iterable[str]) -> None:
    """Warn on stderr of what a build of the project would stop at in claims (IRIs) that are shown with evidence."""
    if kg.dataset is None:
        return
    from ..evidence.check import check_evidence
    from ..validation import ShapesGraph

    shown = set(claims)
    check = check_evidence(kg.dataset, ShapesGraph.of_project(kg.dataset.project))
    for finding in (*kg.dataset.findings, *check.errors):
        if finding.severity == "error" and finding.iri in shown:
            message = f"the build stops here: {finding.message}"
            click.echo(replace(finding, severity="warning", message=message).render(), err=True)


def warn_of_texts(editions: "Iterable[Edition]") -> None:
    """Warn on stderr of texts at hand that differ from their editions' indexes, where a command goes on."""
    for edition in editions:
        if edition.difference:
            click.echo(replace(edition.difference, severity="warning").render(), err=True)


def one_at_a_time(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command that changes a project wait for others that do: what it reads is what it changes."""

    @wraps(command)
    def wrapped(project: Path | None, **rest: Any) -> Any:
        from ..atomic import alone_in
        from ..project import find_project

        with alone_in(find_project(project)):
            return command(project=project, **rest)

    return wrapped


def own_project(project: Path | None) -> Path:
    """The folder of the project that a command changes: the one named, or the current one.

    Raises `ProjectError` where there is none: the publication that ships with isoc-kg is not meant.
    """
    from ..errors import ProjectError
    from ..project import FILE_NAME, find_project

    if project is None and not Path(FILE_NAME).is_file():
        raise ProjectError(
            f"there is no {FILE_NAME} in this folder.",
            advice="Name a project: --project DIR. Or start one: isoc-kg init DIR.",
        )
    return find_project(project)


def in_own_project(command: Callable[..., Any]) -> Callable[..., Any]:
    """Let a command change the project named or the current one, and never the shipped publication."""

    @wraps(command)
    def wrapped(project: Path | None, **rest: Any) -> Any:
        return command(project=own_project(project), **rest)

    return wrapped
