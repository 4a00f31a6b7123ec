"""The texts of a project's documents that are at hand, and whether they are the ones that were indexed."""

from collections.abc import Sequence
from pathlib import Path

from ..authoring.dataset import Dataset
from ..documents.editions import Edition
from ..errors import Finding
from .words import Lexicon

__all__ = ["lexicon_of", "texts_at_hand"]


def texts_at_hand(dataset: Dataset, files: Sequence[Path] = ()) -> tuple[dict[str, tuple[Path, str]], list[Finding]]:
    """Edition → file and text, of the files named and of those that kg.toml names, where the words are the edition's.

    A file named is the text of the edition that it is to the character; what is wrong with it is among the findings.
    """
    texts: dict[str, tuple[Path, str]] = {}
    findings: list[Finding] = []
    for edition in dataset.editions:
        text = edition.text()
        if text is not None and edition.document.path is not None:
            texts[edition.iri] = edition.document.path, text
    for file in files:
        compared = [edition.compared(file) for edition in dataset.editions]
        matching = [edition for edition in compared if edition.text() is not None] or compared
        if len(matching) != 1:
            findings.append(
                Finding(
                    f"{file.name} is the text of no edition in kg.toml.",
                    file=file,
                    advice="Name the text that was indexed: its SHA-256 stands in the index.",
                )
            )
        elif matching[0].difference is not None:
            findings.append(matching[0].difference)
        else:
            texts[matching[0].iri] = file, matching[0].text() or ""
    return texts, findings


def lexicon_of(edition: Edition, text: str) -> Lexicon:
    """The lexicon of an edition's units."""
    return Lexicon(edition.index.language, (unit.text(text) for unit in edition.index.units.values()))
