"""`isoc-kg load`."""

import signal
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from ..endpoint.schemes import SCHEMES
from .options import files_of, project_of_files_option, reading_options
from .progress import progress_bar

if TYPE_CHECKING:
    from ..endpoint import Credentials
    from ..rdf.files import Reading
    from ..stores import Load, LoadReport, Profile


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@click.option(
    "--to",
    "profile_name",
    metavar="PROFILE",
    default="auto",
    show_default=True,
    help="The kind of store: oxigraph, fuseki, virtuoso, rdf4j, graphdb, qlever, blazegraph, stardog, neptune, "
    "generic, or auto: recognised by its answers.",
)
@click.option("--endpoint", "url", metavar="URL", help="URL of the store (for fuseki with the name of the dataset).")
@click.option("--graph", metavar="IRI", help="Graph for triples without a graph (default: the default graph).")
@project_of_files_option
@reading_options(own_iri=False)
@click.option(
    "--verify",
    type=click.Choice(["digest", "count"]),
    default="digest",
    show_default=True,
    help="Read all triples back and compare them, or only count them.",
)
@click.option("--stage/--no-stage", help="Use a staging graph even if nothing is replaced.")
@click.option("--resume", is_flag=True, help="Resume an interrupted load of the same data.")
@click.option("--skolemize", is_flag=True, help="Replace blank nodes by IRIs, which are stable for the same data.")
@click.option("--dry-run", is_flag=True, help="Show what would be sent; send nothing.")
@click.option("--native", is_flag=True, help="Print the store's own bulk command; send nothing.")
@click.option("--update", "update_url", metavar="URL", help="URL for updates, if it differs from --endpoint.")
@click.option("--graph-store", "graph_store_url", metavar="URL", help="URL of the Graph Store Protocol.")
@click.option(
    "--auth",
    type=click.Choice(SCHEMES),
    help="Authentication scheme; credentials: ISOC_KG_USER and ISOC_KG_PASSWORD, or ISOC_KG_TOKEN.",
)
@click.option(
    "--auth-file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="Read the credentials from FILE.",
)
@click.option(
    "--timeout",
    metavar="S",
    type=click.FloatRange(0.1),
    default=600.0,
    show_default=True,
    help="Give up after S seconds without data.",
)
def load(
    files: tuple[Path, ...],
    profile_name: str,
    url: str | None,
    graph: str | None,
    project: Path | None,
    reading: "Reading",
    verify: Literal["count", "digest"],
    stage: bool,
    resume: bool,
    skolemize: bool,
    dry_run: bool,
    native: bool,
    update_url: str | None,
    graph_store_url: str | None,
    auth: str | None,
    auth_file: Path | None,
    timeout: float,
) -> None:
    """Load RDF files, or the publication, into a triple store.

    The publication is checked as by build first, and loaded with its named graphs. New triples are staged beside the
    graph that they replace, read back, compared, and swapped in. If a step fails, the old graph stays. Known changes
    to literals are reported.
    """
    from ..endpoint import credentials_from_environment
    from ..errors import UsageError
    from ..project import NOWHERE, load_project, project_of_files
    from ..rdf.blank_nodes import skolemized
    from ..stores import Load, RemoteStore

    if url is None and not native:
        raise UsageError("--endpoint is required.", advice="Give the URL of the store: --endpoint URL.")
    credentials = credentials_from_environment(auth, auth_file)  # type: ignore[arg-type]
    profile = _profile(profile_name, url, credentials, timeout)
    if native:
        _print_native(profile, files, graph)
        return
    assert url is not None
    if not profile.tested:
        click.echo(f"warning: the profile {profile.name} is untested with {profile.label}.", err=True)
    if auth is None and credentials is not None and credentials.scheme == "basic" and profile.auth[:1] == ("digest",):
        credentials = credentials_from_environment("digest", auth_file)
    settings = project_of_files(project, reading.base) if files else load_project(project)
    graphs = _graphs(files, settings, reading, graph)
    if skolemize:
        if settings.base == NOWHERE:
            raise UsageError(
                "--skolemize needs a base IRI.",
                advice="Give one: --base https://example.org/.",
            )
        graphs = skolemized(graphs, settings.base)
    store = RemoteStore(
        profile, url, update_url=update_url, graph_store_url=graph_store_url, credentials=credentials, timeout=timeout
    )
    work = Load(store, graphs, verify, resume, stage)
    del graphs  # `work` has them, in less room
    if dry_run:
        click.echo("\n".join(work.plan()))
    else:
        _report(_run(work), work.total, verify)


def _profile(name: str, url: str | None, credentials: "Credentials | None", timeout: float) -> "Profile":
    """The profile of this name; with `auto`, that of the store which answers."""
    from ..endpoint import Http
    from ..errors import UsageError
    from ..stores import find_profile, recognise

    if name != "auto":
        return find_profile(name)
    if url is None:
        raise UsageError("--native needs --to.", advice="Name the kind of store: --to PROFILE.")
    with Http(credentials=credentials, timeout=min(timeout, 60.0)) as http:
        profile = recognise(url, http)
    click.echo(f"note: {url} is {profile.label} (--to {profile.name})", err=True)
    return profile


def _run(work: "Load") -> "LoadReport":
    """Load with a progress bar; a signal to stop ends the command, saying what the store holds."""

    def stop(*_: Any) -> None:
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        with work.store, progress_bar("triples", rate=True) as work.progress:
            return work.run()
    except KeyboardInterrupt:
        click.echo(f"stopped: {work.state}", err=True)
        sys.exit(130)
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _graphs(
    files: tuple[Path, ...], project: Any, reading: "Reading", graph: str | None
) -> Mapping[str | None, Sequence[bytes]]:
    from ..errors import UsageError
    from ..iris import expand
    from ..stores import dataset_of_files, dataset_of_project

    if graph is not None:
        if "://" not in graph:
            graph = expand(graph, project.prefixes) or graph
        _check_iri(graph)
    if not files:
        if graph is not None:
            raise UsageError("the publication has its own named graphs.", advice="Omit --graph, or name files.")
        graphs, warnings = dataset_of_project(project)
        for text in warnings:
            click.echo(text, err=True)
        return graphs
    return dataset_of_files(files_of(files, reading), project, graph)


def _check_iri(text: str) -> None:
    import pyoxigraph as ox

    from ..errors import UsageError

    try:
        ox.NamedNode(text)
    except ValueError:
        raise UsageError(
            f"“{text}” is not a valid IRI.", advice="Name the graph by an IRI: --graph https://example.org/g."
        ) from None


def _print_native(profile: "Profile", files: tuple[Path, ...], graph: str | None) -> None:
    from ..errors import UsageError

    if profile.native is None:
        raise UsageError(f"no bulk command is known for {profile.label}.")
    for file in files or (Path("FILE.nt"),):
        option = f" --graph {graph}" if graph else ""
        click.echo(profile.native.format(file=file, name=file.name, graph=option, iri=graph or "GRAPH"))


def _report(done: "LoadReport", total: int, verify: str) -> None:
    """What was done: the result to stdout, everything that the user should look at to stderr."""
    from ..errors import counted

    for note in done.notes:
        click.echo(f"note: {note}", err=True)
    if done.requests_repeated:
        click.echo(f"note: {counted(done.requests_repeated, 'request')} repeated", err=True)
    for graph, rewritten in done.rewritten.items():
        for literals in rewritten:
            kind = "warning" if literals.rewriting.lossy else "note"
            click.echo(f"{kind}: {literals}" + (f" in <{graph}>" if graph else ""), err=True)
    for graph, count in done.counts.items():
        click.echo(f"{f'<{graph}>' if graph else 'default graph'}: {counted(count, 'triple')}")
    if (fewer := total - sum(done.counts.values())) > 0 and done.rewritten:
        what = f"{counted(fewer, 'triple')} {'is' if fewer == 1 else 'are'}"
        click.echo(f"note: {what} merged with another by the store, which equates their literals", err=True)
    how = "compared one by one" if verify == "digest" else "counted"
    if done.unchanged:
        click.echo(f"nothing changed: the store has the {counted(total, 'triple')} already, {how}")
    else:
        rate = f"{total / max(done.seconds, 1e-3):,.0f}"
        click.echo(f"loaded and {how}: {counted(total, 'triple')} in {done.seconds:.1f} s, {rate} a second")
