"""What the texts and units that a command is given are of the project's, and what to say where it has none."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ...authoring.dataset import Dataset
    from ...documents.editions import Edition
    from ...documents.unit_names import NamedUnit

__all__ = ["FIRST_DOCUMENT", "edition_at_hand", "no_document", "units_meant"]

FIRST_DOCUMENT = "Add one: isoc-kg document add FILE."


def edition_at_hand(dataset: "Dataset", source: "Edition", document: Path | None) -> "Edition":
    """The edition with the text named, else with the one that is where kg.toml says.

    Where there are several editions, a text named is at hand for those only whose words it has.
    """
    if document is None:
        return source
    compared = source.compared(document)
    if compared.text() is None and len(dataset.editions) > 1:
        return replace(source, comparison=None, difference=None)
    return compared


def no_document(dataset: "Dataset") -> Exception:
    """The failure of a command that needs a text and has none."""
    from ...errors import ProjectError

    if not dataset.editions:
        return ProjectError("kg.toml names no document.", advice=FIRST_DOCUMENT)
    return ProjectError("no text of a document is available.", advice="Name the file of the text: --document FILE.")


def units_meant(dataset: "Dataset", name: str) -> "list[NamedUnit]":
    """All units that a name may mean; prefixes are those of kg.toml and of the files of facts."""
    from ...documents.unit_names import units_named
    from ...evidence.abbreviation import prefixes_of_facts

    project = dataset.project
    return units_named(name, dataset.editions, (project.prefixes, *prefixes_of_facts(project)))
