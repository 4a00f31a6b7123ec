"""`isoc-kg document`: documents come into a project."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ..errors import counted
from .document_units import cut, join, recut
from .options import own_project, project_option

if TYPE_CHECKING:
    from ..documents.addition import Addition, Original, Particulars
    from ..documents.intake.extraction import Extracted
    from ..evidence.drift import UnitChange
    from ..project import Project

_format_option = click.option(
    "--as",
    "format_name",
    metavar="FORMAT",
    help="Format of the file, if its content does not show it: text, markdown, …",
)


@click.group()
def document() -> None:
    """Add documents in any format, list them, correct their units."""


for _command in (join, cut, recut):
    document.add_command(_command)


_PARTICULARS = (
    click.option("--slug", metavar="NAME", help="Name in IRIs (default: from the file name)."),
    click.option("--edition", metavar="E", help="Edition (default: 1)."),
    click.option("--title", help="Title (default: from the metadata of the file, else its first heading)."),
    click.option("--author", metavar="NAME|IRI", help="Author (default: from the metadata of the file)."),
    click.option("--publisher", metavar="NAME|IRI", help="Publisher."),
    click.option("--date", metavar="DATE", help="Date of publication: a year, a month or a day."),
    click.option("--source", metavar="IRI", help="Source (default: the URL that was fetched)."),
    click.option("--language", metavar="TAG", help="Language (default: from the file, else that of the project)."),
    click.option("--rights", metavar="TEXT", help="Rights in the text."),
    click.option("--about", metavar="NAME", help="Local name of the thing that it is about."),
    click.option("--publish-text", is_flag=True, help="Publish the text itself."),
)


def _particulars(command: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(_PARTICULARS):
        command = option(command)
    return command


@document.command()
@project_option
@click.argument("what", metavar="FILE|URL|FOLDER")
@_particulars
@_format_option
def add(project: Path | None, what: str, format_name: str | None, **particulars: Any) -> None:
    """Add a document: plain text, Markdown, HTML, DOCX, ODT, EPUB or PDF.

    The text is extracted and cut into units. The document is described in kg.toml and indexed in facts/units. Text and
    original are stored in documents/, which git ignores without --publish-text. Only the URL itself is fetched. From a
    FOLDER every new file is added.
    """
    from ..documents.addition import Particulars
    from ..documents.intake.fetching import is_address

    root, wanted = own_project(project), Particulars(**particulars)
    if not is_address(what) and Path(what).is_dir():
        _add_folder(root, Path(what), wanted, format_name)
    else:
        _add_one(root, what, wanted, format_name)


def _add_one(root: Path, what: str, wanted: "Particulars", format_name: str | None) -> None:
    from ..atomic import alone_in
    from ..documents.addition import known_document, prepare, write_additions
    from ..evidence.new_edition import add_edition
    from ..project import FILE_NAME, load_project

    project = load_project(root)
    original, charset, stated = _original(project, what)
    known = known_document(project, original)
    if known is not None and (known.path is None or known.path.is_file()):
        click.echo(f"{what} has been added already: {known.slug}, edition {known.edition}")
        return
    extracted = _extracted(project, original, what, format_name, stated, charset)
    with alone_in(root):
        project = load_project(root)
        addition = prepare(project, original, extracted, wanted)
        changes: Sequence[UnitChange] = ()
        files: Iterable[Path] = [*addition.files, root / FILE_NAME]
        if addition.block and addition.block.get("revision_of"):
            changes, files = add_edition(project, addition)
        else:
            write_additions(project, [addition])
    _tell(addition, changes, files)


def _original(project: "Project", what: str) -> "tuple[Original, str | None, str | None]":
    """A file or what is at an address; the encoding and the format that a server says it has."""
    from ..documents.addition import Original
    from ..documents.intake.extraction import read_original
    from ..documents.intake.fetching import fetch, is_address

    if not is_address(what):
        return Original(read_original(Path(what), project.limits), Path(what).name, Path(what)), None, None
    answer = fetch(what, project.limits)
    original = Original(answer.content, answer.name, url=answer.url, fetched=answer.at)
    return original, answer.charset, answer.format


def _extracted(
    project: "Project",
    original: "Original",
    what: str,
    format_name: str | None,
    stated: str | None,
    charset: str | None,
) -> "Extracted":
    from ..documents.intake.extraction import extract
    from .progress import waiting_for

    named = original.path or (original.name or what)
    with waiting_for(f"reading {what}"):
        return extract(original.content, named, project.limits, format_name=format_name, stated=stated, charset=charset)


def _tell(addition: "Addition", changes: "Sequence[UnitChange]", files: "Iterable[Path]") -> None:
    """What was added, which of its particulars come from where, and the files that were written."""
    document = addition.document
    if addition.index is None:
        for path in addition.files:
            click.echo(f"wrote {path}")
        click.echo(f"restored the text of {document.slug}, edition {document.edition}")
        return
    assert addition.block is not None
    index = addition.index
    click.echo(
        f"{document.slug}, edition {document.edition}: {counted(len(index.units), 'unit')}, "
        f"{counted(index.characters, 'character')} ({addition.format})"
    )
    for name in ("title", "author", "publisher", "date", "source", "language"):
        if value := addition.block.get(name):
            origin = " (from the file)" if name in addition.said else ""
            click.echo(f"  {name:<9} {value}{origin}")
    for note in addition.notes:
        click.echo(f"  {note}")
    if unknown := addition.block.get("unknown"):
        options = " ".join(f"--{name}" for name in unknown)
        click.echo(f"  unknown: {', '.join(unknown)}, as recorded in kg.toml (options: {options})")
    if revised := addition.block.get("revision_of"):
        from ..evidence.drift import KEPT

        kept = sum(change.case in KEPT for change in changes)
        click.echo(
            f"  {counted(kept, 'unit')} of edition {revised} unchanged, evidence moved; "
            f"{counted(len(changes) - kept, 'change')}, evidence held: isoc-kg evidence confirm"
        )
    for path in files:
        click.echo(f"wrote {path}")


def _add_folder(root: Path, folder: Path, wanted: "Particulars", format_name: str | None) -> None:
    from ..documents.collection import add_folder, files_of_folder
    from ..errors import UsageError
    from ..project import load_project
    from .progress import progress_bar

    given = [name for name in ("slug", "title", "edition", "date", "source") if getattr(wanted, name)]
    if given:
        raise UsageError(
            f"--{given[0]} applies to one document, not to a folder.", advice="Name the file of the document."
        )
    files = files_of_folder(folder, load_project(root))
    if not files:
        raise UsageError(f"there are no documents in {folder}.")
    with progress_bar("documents", rate=True) as progress:
        result = add_folder(root, files, wanted, format_name=format_name, progress=progress)
    for addition in result.added:
        document = addition.document
        units = f": {counted(len(addition.index.units), 'unit')} ({addition.format})" if addition.index else ""
        click.echo(f"{document.slug}, edition {document.edition}{units}")
    for error in result.failures:
        click.echo(f"error: {error}", err=True)
    there = f", {result.there:,} already there" if result.there else ""
    failed = f", {counted(len(result.failures), 'file')} not added (see above)" if result.failures else ""
    click.echo(f"{counted(len(result.added), 'document')} added{there}{failed}")
    sys.exit(1 if result.failures else 0)


@document.command()
@project_option
@click.argument("what", metavar="FILE|URL")
@click.option("--language", metavar="TAG", help="Language (default: from the file, else that of the project).")
@_format_option
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def preview(project: Path | None, what: str, language: str | None, format_name: str | None, output: str) -> None:
    """Show the units of a document before it is added, and what of it is left out. Nothing is written."""
    from ..documents.addition import index_of, known_document
    from ..documents.cutting.rules import CutRules
    from ..documents.intake.carrying import place_to_json
    from ..documents.language_of_text import language_of
    from ..project import load_project

    project_ = load_project(project)
    original, charset, stated = _original(project_, what)
    extracted = _extracted(project_, original, what, format_name, stated, charset)
    extraction = extracted.extraction
    text = extraction.text
    known = next((d for d in project_.documents if d.path and d.path == Path(what).absolute()), None)
    known = known or known_document(project_, original)
    tag, doubt = language_of(extraction, language or (known.language if known else None), project_.language)
    notes = (*extraction.notes, *([doubt] if doubt else []))
    index = index_of(extraction, "preview", "1", tag, CutRules(known.units) if known else None)
    kinds: dict[str, int] = {}
    for unit in index.units.values():
        kinds[unit.kind] = kinds.get(unit.kind, 0) + 1
    if output == "json":
        units = [
            {
                "number": unit.number,
                "kind": unit.kind,
                "text": unit.text(text),
                **({"place": place_to_json(unit.place)} if unit.place else {}),
            }
            for unit in index.units.values()
        ]
        about = {name: getattr(extraction, name) for name in ("title", "author", "date", "extractor")}
        about |= {"format": extracted.format, "language": index.language, "characters": len(text)}
        value = {**about, "kinds": kinds, "notes": list(notes), "units": units}
        click.echo(json.dumps(value, ensure_ascii=False, indent=1))
        return
    for unit in index.units.values():
        words = " ".join(unit.text(text).split())
        click.echo(f"{unit.number:>7}  {unit.kind:<8}  {words if len(words) <= _WIDTH else words[: _WIDTH - 1] + '…'}")
    click.echo("")
    counts = ", ".join(counted(number, kind) for kind, number in kinds.items())
    click.echo(f"{extracted.format}, {index.language}: {counted(len(index.units), 'unit')} ({counts})")
    for note in notes:
        click.echo(note)


_WIDTH = 90  # letters of a unit that are shown


@document.command("list")
@project_option
@click.option("--format", "output", type=click.Choice(["text", "json"]), default="text", show_default=True)
def list_(project: Path | None, output: str) -> None:
    """List the documents of the project, edition by edition."""
    from ..documents.index import load_index
    from ..project import load_project

    project_ = load_project(project)
    rows = []
    for edition in project_.documents:
        path = project_.index_path(edition)
        index = load_index(path) if path.is_file() else None
        at_hand = edition.path is not None and edition.path.is_file()
        rows.append(
            {
                "document": edition.slug,
                "edition": edition.edition,
                "title": edition.title,
                "language": edition.language,
                "units": len(index.units) if index else None,
                "text_at_hand": at_hand,
                "extractor": index.extractor if index else None,
            }
        )
    if output == "json":
        click.echo(json.dumps(rows, ensure_ascii=False, indent=1))
        return
    if not rows:
        click.echo("no documents yet; add one: isoc-kg document add FILE")
    for edition, row in zip(project_.documents, rows, strict=True):
        units = "no index" if row["units"] is None else counted(int(str(row["units"])), "unit")
        title = " ".join(edition.title.split())
        hand = "" if row["text_at_hand"] else ", its text is not at hand"
        click.echo(f"{row['document']}, edition {row['edition']}  {row['language']}  {units}{hand}  {title}")
