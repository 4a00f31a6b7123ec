"""A new edition of a document that comes as a file: evidence on units that kept their words follows at once."""

from collections.abc import Sequence
from pathlib import Path

from ..atomic import write_together
from ..authoring.dataset import build_dataset
from ..documents.addition import Addition, added_files
from ..errors import UsageError
from ..project import Project
from .drift import UnitChange, compare_editions
from .held import units_to_compare
from .rewriting import followed_files

__all__ = ["add_edition"]


def add_edition(project: Project, addition: Addition) -> tuple[Sequence[UnitChange], Sequence[Path]]:
    """Write a later edition with what follows it, all of it or nothing.

    Gives what became of each unit of the one before, and the files that were written.

    Evidence on units that kept their words moves to it; evidence on others is held. Raises as `added_files`, and
    `OutputError`.
    """
    assert addition.index is not None
    assert addition.block is not None
    new = addition.document
    gists = project.gists_path(new)
    if gists.exists():
        raise UsageError(f"{gists} is there already; it may hold somebody's work.", advice="Move it away first.")
    dataset = build_dataset(project)
    before = new.slug, addition.block["revision_of"]
    old = next(edition for edition in dataset.editions if (edition.document.slug, edition.document.edition) == before)
    text = old.text()
    changes = compare_editions(
        units_to_compare(old),
        list(addition.index.units.values()),
        None if text is None else (text, addition.text),
    )
    files = followed_files(project, old, new.edition, changes) | added_files(project, [addition])
    write_together(project.root, files)
    return changes, tuple(files)
