"""`isoc-kg serve`."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import Remote, endpoint_options, files_of, project_option, reading_options

if TYPE_CHECKING:
    from ..rdf.files import Reading


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@project_option
@click.option(
    "--store", type=click.Path(exists=True, file_okay=False, path_type=Path), metavar="DIR",
    help="Serve an Oxigraph store on disk, which is opened for reading only.",
)  # fmt: skip
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen at.")
@click.option(
    "--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="The port; 0 takes a free one."
)
@click.option(
    "--base",
    metavar="URL",
    help="Under which address clients reach it, when that is another: behind a proxy; "
    "relative IRIs in FILES are relative to it.",
)
@click.option(
    "--root-path",
    default="",
    metavar="PATH",
    help="The path below which a proxy serves it, when no more is known: /kg.",
)
@click.option(
    "--log/--no-log", default=True, show_default=True, help="Write a line of JSON for each request to stderr."
)
@click.option(
    "--forwarded-from", multiple=True, metavar="IP",
    help="Whose Forwarded and X-Forwarded-For are believed: proxies' addresses or networks; "
    "nobody's unless it is given.",
)  # fmt: skip
@click.option("--review", is_flag=True, help="Serve the review of proposed claims instead, on this machine alone.")
@click.option("--reviewer", metavar="NAME", help="With --review: your name, for the record (default: git's user name).")
@click.option("--watch", is_flag=True, help="Read files again when they change, and show it in open pages.")
@click.option(
    "--processes", default=1, show_default=True, type=click.IntRange(1, 64), metavar="N",
    help="Answer requests in so many processes, each with its part of the limits.",
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

    With FILES, any RDF is served in its place; with --store or --endpoint, all that a store holds,
    without reading it first.
    Every IRI leads to its page or its data; /sparql answers SPARQL queries, /api/queries the named ones, /graph-store
    whole graphs. Pages are those that `publish` writes. It only reads: change the files, then send SIGHUP.

    With --review it serves nothing of this, but the documents with what is proposed on each sentence, to whoever opens
    the address that it prints; decisions are written into the project.
    """
    if review:
        from ..review.serving import serve_review

        if files or store or remote or base or root_path or forwarded_from:
            raise click.UsageError("--review serves a project, on this machine alone: give --project and --port.")
        serve_review(project, host=host, port=port, reviewer=reviewer)
        return
    if reviewer is not None:
        raise click.UsageError("--reviewer needs --review.")
    from ..review.access import LOOPBACK
    from ..server.serving import serve as run

    # where others reach it, the folder of this machine is none of theirs: relative IRIs need a base
    private = host in LOOPBACK and not root_path
    reading = replace(reading, base=base, notice=reading.notice if private else None)
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
