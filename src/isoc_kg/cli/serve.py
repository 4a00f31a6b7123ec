"""`isoc-kg serve`."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import Remote, endpoint_options, files_of, project_of_files_option, reading_options

if TYPE_CHECKING:
    from ..rdf.files import Reading


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@project_of_files_option
@click.option(
    "--store", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
    help="Serve an Oxigraph store on disk; it is opened read-only.",
)  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(0, 65535),
    help="Port to listen on; 0 takes a free one.",
)
@click.option(
    "--base",
    metavar="URL",
    help="Public URL, when behind a proxy; relative IRIs in FILES are relative to it.",
)
@click.option(
    "--root-path",
    default="",
    metavar="PATH",
    help="Path prefix that the proxy adds, such as /kg, if the public URL is unknown.",
)
@click.option("--log/--no-log", default=True, show_default=True, help="Log each request to stderr, as a line of JSON.")
@click.option(
    "--forwarded-from", multiple=True, metavar="IP",
    help="Trusted proxies (comma-separated addresses or networks), whose Forwarded and X-Forwarded-For are used; "
    "repeatable (default: none).",
)  # fmt: skip
@click.option("--review", is_flag=True, help="Serve the review of proposed claims instead, on this machine only.")
@click.option(
    "--reviewer", metavar="NAME", help="With --review: your name, which is recorded (default: the user name of git)."
)
@click.option("--watch", is_flag=True, help="Reload when files change; open pages follow.")
@click.option(
    "--processes", default=1, show_default=True, type=click.IntRange(1, 64), metavar="N",
    help="Number of server processes; they share the limits.",
)  # fmt: skip
@reading_options(base=False)
@endpoint_options
def serve(
    files: tuple[Path, ...],
    project: Path | None,
    store: Path | None,
    remote: Remote | None,
    reading: "Reading",
    host: str,
    port: int,
    base: str | None,
    root_path: str,
    log: bool,
    forwarded_from: tuple[str, ...],
    review: bool,
    reviewer: str | None,
    watch: bool,
    processes: int,
) -> None:
    """Serve the publication: linked data, SPARQL, pages.

    With FILES it serves their RDF instead; with --store or --endpoint the content of a store, without loading it
    first. Every IRI has its page and its data. /sparql is a SPARQL endpoint, /api/queries runs the named queries,
    /graph-store returns whole graphs. The pages are those of `publish`. The server is read-only: change the files,
    then send SIGHUP to reload.

    With --review it serves the review instead: the documents, with the proposed claims beside each sentence. Open the
    address that it prints. Decisions are written into the project.
    """
    if review:
        from ..review.serving import serve_review

        if files or store or remote or base or root_path or forwarded_from:
            raise click.UsageError("--review serves a project, on this machine only: give --project and --port.")
        serve_review(project, host=host, port=port, reviewer=reviewer)
        return
    if reviewer is not None:
        raise click.UsageError("--reviewer needs --review.")
    from ..review.access import LOOPBACK
    from ..server.serving import serve as run

    # where others reach it, the folder of this machine is none of theirs: relative IRIs need a base
    private = host in LOOPBACK and not root_path
    reading = replace(reading, base=base, notice=reading.notice if private else None)
    if sys.stderr.isatty():
        click.echo("loading the data …" if store or remote else "reading and validating the data …", err=True)
    run(
        project,
        files_of(files, reading),
        store=store,
        endpoint=remote.endpoint() if remote else None,
        host=host,
        port=port,
        base=base,
        root_path=root_path,
        log=log,
        forwarded_from=forwarded_from,
        watch=watch,
        processes=processes,
    )
