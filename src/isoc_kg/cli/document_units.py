"""`isoc-kg document join`, `cut` and `recut`: how a document is cut into units, put right by hand."""

import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ..errors import UsageError, counted
from .options import in_own_project, one_at_a_time, project_option

if TYPE_CHECKING:
    from ..authoring.dataset import Dataset
    from ..documents.corrections import Corrections
    from ..documents.editions import Edition
    from ..documents.units import Unit

_text_option = click.option(
    "--document",
    "file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="The text of the document, if kg.toml does not locate it.",
)


@click.command()
@project_option
@_text_option
@click.argument("unit")
@in_own_project
@one_at_a_time
def join(project: Path, file: Path | None, unit: str) -> None:
    """Join UNIT with the next unit.

    UNIT is a number (4.1), with the document's name before it where there are several (minutes:4.1), an IRI, or a name
    by a prefix of the facts. The joined unit
    has its number; other units keep theirs. Facts on either part rest on the whole from then on.
    """
    dataset, edition, number = _named(project, unit, file)
    units = list(edition.index.units.values())
    at = next(place for place, other in enumerate(units) if other.number == number)
    if at + 1 == len(units):
        raise UsageError(f"no unit follows unit {number}.")
    ranges = [(other.start, other.end) for other in units]
    ranges[at : at + 2] = [(ranges[at][0], ranges[at + 1][1])]
    _recut(dataset, edition, _corrections(edition, ranges))


@click.command()
@project_option
@_text_option
@click.argument("unit")
@click.option("--after", "words", metavar="WORDS", help="Last words of the first part, as in the unit.")
@click.option("--letters", metavar="N", type=click.IntRange(1), help="Instead: number of letters of the first part.")
@in_own_project
@one_at_a_time
def cut(project: Path, file: Path | None, unit: str, words: str | None, letters: int | None) -> None:
    """Cut UNIT in two, behind the words given.

    The following units of its paragraph get the next numbers, and facts follow them. If facts rest on UNIT itself,
    nothing is cut, and they are listed.
    """
    from ..documents.corrections import letter_place
    from ..evidence.recutting import text_of

    if (words is None) == (letters is None):
        raise UsageError("the place of the cut is missing.", advice="Give --after WORDS or --letters N.")
    dataset, edition, number = _named(project, unit, file)
    whole = edition.index.units[number]
    content = whole.text(text_of(edition))
    at = _behind(content, words, number) if words is not None else letter_place(content, letters or 0)
    if at < 0 or not content[at:].strip():
        raise UsageError(f"the cut leaves no second part of unit {number}.")
    start = whole.start + at + len(content[at:]) - len(content[at:].lstrip())
    ranges = [(other.start, other.end) for other in edition.index.units.values()]
    place = ranges.index((whole.start, whole.end))
    ranges[place : place + 1] = [(whole.start, whole.start + len(content[:at].rstrip())), (start, whole.end)]
    _recut(dataset, edition, _corrections(edition, ranges))


@click.command()
@project_option
@_text_option
@click.argument("slug", required=False)
@in_own_project
@one_at_a_time
def recut(project: Path, file: Path | None, slug: str | None) -> None:
    """Cut a document anew, by its settings in kg.toml and the corrections beside its index.

    The index is rewritten, and facts follow units whose numbers change. If facts rest on a unit that would be split,
    nothing is written.
    """
    dataset, edition = _edition(project, slug, file)
    _recut(dataset, edition, edition.index.corrections, anew=True)


def _named(project: Path, name: str, file: Path | None) -> "tuple[Dataset, Edition, str]":
    """The data, the edition that a unit is of, with its text at hand where there is one, and the unit's number."""
    from ..authoring.dataset import build_dataset
    from ..documents.unit_names import unit_named
    from ..evidence.abbreviation import prefixes_of_facts
    from ..project import load_project

    dataset = build_dataset(load_project(project))
    known = (dataset.project.prefixes, *prefixes_of_facts(dataset.project))
    edition, unit = unit_named(name, dataset.editions, known)
    return dataset, edition.compared(file) if file is not None else edition, unit.number


def _edition(project: Path, slug: str | None, file: Path | None) -> "tuple[Dataset, Edition]":
    """The data, and the edition meant: the latest of the document, with its text at hand where there is one."""
    from ..authoring.dataset import build_dataset
    from ..documents.unit_names import current_editions
    from ..project import load_project

    dataset = build_dataset(load_project(project))
    editions = [e for e in current_editions(dataset.editions) if slug in (None, e.document.slug)]
    names = ", ".join(sorted({edition.document.slug for edition in dataset.editions}))
    if not editions:
        raise UsageError(f"there is no document {slug}." if slug else "there are no documents.", advice=names or None)
    if len(editions) > 1:
        raise UsageError("there are several documents.", advice=f"Put its name before the unit: {names}.")
    edition = editions[0]
    return dataset, edition.compared(file) if file is not None else edition


def _corrections(edition: "Edition", ranges: list[tuple[int, int]]) -> "Corrections":
    """The corrections by which the rules' cut has units at these places."""
    from ..documents.corrections import corrections_between
    from ..documents.units import cut as cut_text
    from ..evidence.recutting import text_of

    text, index = text_of(edition), edition.index
    units: list[Unit] = list(cut_text([text], index.language, index.rules))
    return corrections_between(units, ranges, text)


def _behind(content: str, words: str, number: str) -> int:
    """Where the words end in a unit, white space not counted."""
    pattern = r"\s+".join(re.escape(word) for word in words.split())
    places = [match.end() for match in re.finditer(pattern, content)] if pattern else []
    if len(places) != 1:
        raise UsageError(
            f"the words occur {len(places)} times in unit {number}." if places else f"unit {number} lacks the words.",
            advice="Give words as in the unit, enough of them to occur once.",
        )
    return places[0]


def _recut(dataset: "Dataset", edition: "Edition", corrections: "Corrections", *, anew: bool = False) -> None:
    """Cut and tell; by the rules of the index, or anew by those of kg.toml."""
    from ..documents.cutting.rules import CutRules
    from ..evidence.recutting import recut_document

    rules = CutRules(edition.document.units) if anew else replace(edition.index.rules, corrections="")
    done = recut_document(dataset, edition, corrections, rules)
    if not done.files:
        click.echo(f"{edition.name}: nothing to change")
        return
    renumbered = {number: new for number, new in done.became.items() if new != (number,)}
    for number, new in renumbered.items():
        click.echo(f"{number} → {', '.join(new)}")
    click.echo(f"{edition.name}: {counted(len(done.index.units), 'unit')}")
    if renumbered:
        click.echo("note: published links to the old numbers lead to other units now", err=True)
    for path in done.files:
        click.echo(f"wrote {path}")
