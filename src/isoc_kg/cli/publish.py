"""`isoc-kg publish`."""

import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .engine_option import engine_option
from .options import Remote, endpoint_options, files_of, project_of_files_option, reading_options

if TYPE_CHECKING:
    from ..rdf.files import Reading


@click.command()
@click.argument("files", metavar="[FILE]...", nargs=-1, type=click.Path(path_type=Path, allow_dash=True))
@project_of_files_option
@click.option("-o", "--output", metavar="DIR", type=click.Path(path_type=Path), required=True, help="Folder to write.")
@click.option(
    "--base",
    "host",
    metavar="URL",
    help="Public URL of the site (default: the base IRI of the project); relative IRIs in FILES are relative to it.",
)
@engine_option
@reading_options(base=False, own_iri=False)
@click.option("--strict", is_flag=True, help="Stop at warnings too.")
@click.option("--replace", "replaced", is_flag=True, help="Replace the site of another publication.")
@endpoint_options
def publish(
    files: tuple[Path, ...],
    project: Path | None,
    remote: Remote | None,
    reading: "Reading",
    output: Path,
    host: str | None,
    engine: str | None,
    strict: bool,
    replaced: bool,
) -> None:
    """Write the publication as a static site for any web host.

    Each thing has a page, and its data in four formats, with the sentences that support each statement. The site also
    has a reading view, the ontology, a SPARQL console that runs in the browser, and rules for web servers. Unchanged
    files of an earlier run are kept.

    With FILES or --endpoint it publishes any RDF, with the title, licence and publisher that the data state.
    """
    from ..errors import counted
    from ..project import load_project, project_of_files
    from ..publication.contact import contact_rows
    from ..publication.publication import Publication
    from ..site import publish_project, publish_site
    from .progress import progress_bar

    start = time.perf_counter()
    without: list[tuple[str, str]] = []
    with progress_bar("pages") as progress:
        if remote and files:
            raise click.UsageError("Give --endpoint or FILES, not both.")
        if files:
            publication = Publication.of_files(project_of_files(project), files_of(files, replace(reading, base=host)))
            done = publish_site(publication, output, host=host, replace=replaced, progress=progress)
        elif remote:
            publication = Publication.of_store(remote.graph(project), engine)
            done = publish_site(publication, output, host=host, replace=replaced, progress=progress)
        else:
            project_ = load_project(project)
            without = contact_rows(project_)
            done = publish_project(
                project_, output, host=host, engine=engine, strict=strict, replace=replaced, progress=progress
            )
    published = done.published
    for text in done.warnings:
        click.echo(text, err=True)
    if not done.scripts:
        click.echo(
            "warning: isoc-kg was installed without page scripts: the site has no console, graph and search.\n"
            "  Install the wheel, or build again where the package registry of Node is available.",
            err=True,
        )
    click.echo(f"{'pages':<9} {published.pages:,}, {counted(published.files, 'file')} in {published.target}")
    click.echo(f"{'changed':<9} {counted(len(published.changed), 'file')}")
    for name, text in (*done.review, *without):
        click.echo(f"{name:<9} {text}")
    address = done.host or "unknown (--base URL): no site map, no canonical links"
    click.echo(f"{'address':<9} {address}")
    click.echo(f"{'time':<9} {time.perf_counter() - start:.2f} s")
