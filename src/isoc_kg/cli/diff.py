"""`isoc-kg diff`."""

import sys
from contextlib import suppress
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

import click

from .options import files_of, reading_options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from ..rdf.files import RdfFile, Reading

_HEAD = 1 << 16  #: bytes in which a file has its prefixes


@click.command()
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.option("--format", "format_name", type=click.Choice(["text", "json"]), default="text", show_default=True)
@click.option("--all", "all_units", is_flag=True, help="List every unit that changed (text format).")
@reading_options()
def diff(reading: "Reading", old: Path, new: Path, format_name: str, all_units: bool) -> None:
    """Compare two publications, or two RDF files.

    Each of OLD and NEW is a project folder, a built folder, or an RDF file. Exit code 1 when they differ. Blank nodes
    are paired by what is said of them; the graphs of files count. Relative IRIs of both files are resolved
    against --base, or else against NEW, so a file and its copy are equal. Text output uses the prefixes that OLD or NEW
    declares, and lists them first; documents and units come last, and many units of one document are counted. JSON
    output has whole IRIs.
    """
    from ..publication.difference import compare
    from ..publication.difference_texts import render_json, render_text
    from ..rdf import triples
    from ..rdf.lines import Lines

    lines, of_old = _lines(old, reading, new)
    before: Sequence[bytes] = Lines(lines)  # as a block, while the other one is read
    del lines
    after, of_new = _lines(new, reading, new)
    if old.is_dir() or new.is_dir():  # what is published as one graph
        before, after = list(triples(before)), list(triples(after))
    difference = compare(before, after)
    text = (
        render_json(difference)
        if format_name == "json"
        else render_text(difference, {**of_old, **of_new}, all_units=all_units)
    )
    click.echo(text, nl=False)
    sys.exit(1 if difference else 0)


def _lines(path: Path, reading: "Reading", new: Path) -> "tuple[Sequence[bytes], dict[str, str]]":
    """The middle form, and the prefixes that are declared there."""
    from ..atomic import MANIFEST
    from ..authoring.dataset import build_dataset
    from ..project import load_project
    from ..rdf.files import RdfFile, read_files

    if (path / "kg.toml").is_file():
        project = load_project(path)
        return build_dataset(project).published, project.prefixes
    dumps = sorted(path.glob("*.nt")) if (path / MANIFEST).is_file() else []
    if dumps:
        return read_files([RdfFile(dump) for dump in dumps])[0], _of_turtle(
            [dump.with_suffix(".ttl") for dump in dumps]
        )
    return read_files([_beside(file, path, new) for file in files_of([path], reading)])


def _of_turtle(paths: "Iterable[Path]") -> dict[str, str]:
    """The prefixes at the heads of Turtle files that were written beside N-Triples; none without such a file."""
    import pyoxigraph as ox

    prefixes: dict[str, str] = {}
    for path in filter(Path.is_file, paths):
        with path.open("rb") as file:
            head = file.read(_HEAD).splitlines(keepends=True)[:-1]
        declared: Iterator[bytes] = takewhile(lambda line: line[:8] == b"@prefix ", head)
        parser = ox.parse(b"".join(declared), ox.RdfFormat.TURTLE)
        with suppress(SyntaxError, ValueError):
            for _ in parser:
                pass
            prefixes |= parser.prefixes
    return prefixes


def _beside(file: "RdfFile", path: Path, new: Path) -> "RdfFile":
    """The file with the IRI of the one that it is compared with: in a folder, of the one in the same place of it."""
    if not isinstance(file.source, Path):
        return replace(file, beside=new)
    return replace(file, beside=new / file.source.relative_to(path))
