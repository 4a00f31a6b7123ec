"""`isoc-kg diff`."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import files_of, reading_options

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ..rdf.files import RdfFile, Reading


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@reading_options()
def diff(reading: "Reading", old: Path, new: Path, format_name: str) -> None:
    """Compare two publications, or two RDF files.

    Each of OLD and NEW is a project folder, a built folder, or an RDF file. Exit code 1 when they differ. Blank nodes
    are paired by what is said of them; the graphs of files count. Without --base relative IRIs of both are relative to
    NEW, so that a file in two places is the same.
    """
    from ..publication.difference import compare
    from ..publication.difference_texts import render_json, render_text
    from ..rdf import triples
    from ..rdf.lines import Lines

    before: Sequence[bytes] = Lines(_lines(old, reading, new))  # as a block, while the other one is read
    after: Sequence[bytes] = _lines(new, reading, new)
    if old.is_dir() or new.is_dir():  # what is published as one graph
        before, after = list(triples(before)), list(triples(after))
    difference = compare(before, after)
    click.echo(render_json(difference) if format_name == "json" else render_text(difference), nl=False)
    sys.exit(1 if difference else 0)


def _lines(path: Path, reading: "Reading", new: Path) -> list[bytes]:
    from ..atomic import MANIFEST
    from ..authoring.dataset import build_dataset
    from ..project import load_project
    from ..rdf.files import RdfFile, read_files

    if (path / "kg.toml").is_file():
        return build_dataset(load_project(path)).published
    dumps = sorted(path.glob("*.nt")) if (path / MANIFEST).is_file() else []
    if dumps:
        return read_files([RdfFile(dump) for dump in dumps])[0]
    return read_files([_beside(file, path, new) for file in files_of([path], reading)])[0]


def _beside(file: "RdfFile", path: Path, new: Path) -> "RdfFile":
    """The file with the IRI of the one that it is compared with: in a folder, of the one in the same place of it."""
    if not isinstance(file.source, Path):
        return replace(file, beside=new)
    return replace(file, beside=new / file.source.relative_to(path))
