"""`isoc-kg diff`."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import reading_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..rdf.files import Reading


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@reading_options()
def diff(reading: "Reading", old: Path, new: Path, format_name: str) -> None:
    """Compare two publications, or two RDF files.

    Each of OLD and NEW is a project folder, a built folder, or an RDF file. Exit code 1 when they differ. Blank nodes
    are paired by what is said of them; the graphs of files count.
    """
    from ..publication.difference import compare
    from ..publication.difference_texts import render_json, render_text
    from ..rdf import triples
    from ..rdf.lines import Lines

    before: Sequence[bytes] = Lines(_lines(old, reading))  # as a block, while the other one is read
    after: Sequence[bytes] = _lines(new, reading)
    if old.is_dir() or new.is_dir():  # what is published as one graph
        before, after = list(triples(before)), list(triples(after))
    difference = compare(before, after)
    click.echo(render_json(difference) if format_name == "json" else render_text(difference), nl=False)
    sys.exit(1 if difference else 0)


def _lines(path: Path, reading: "Reading") -> list[bytes]:
    from ..atomic import MANIFEST
    from ..authoring.dataset import build_dataset
    from ..project import load_project
    from ..rdf.files import RdfFile, read_files

    if not path.is_dir():
        return read_files(reading.files([path]))[0]
    if (path / "kg.toml").is_file():
        return build_dataset(load_project(path)).published
    dumps = sorted(path.glob("*.nt")) if (path / MANIFEST).is_file() else []
    if not dumps:
        return read_files(reading.files([path]))[0]
    return read_files([RdfFile(dump) for dump in dumps])[0]
