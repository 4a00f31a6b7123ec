"""The texts of a project's documents that are at hand, and whether they are the ones that were indexed."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from ..authoring.dataset import Dataset
from ..documents.editions import Edition
from ..documents.text import read_text
from ..errors import Finding
from .words import Lexicon

__all__ = ["check_digests", "lexicon_of", "texts_at_hand"]


def texts_at_hand(dataset: Dataset, files: Sequence[Path] = ()) -> tuple[dict[str, tuple[Path, str]], list[Finding]]:
    """Edition → file and text, of the files named and of those that kg.toml names and that are there.

    A file named is the text of the edition whose digest it has, or of the only edition there is.
    """
    texts: dict[str, tuple[Path, str]] = {}
    findings = []
    for edition in dataset.editions:
        path = edition.document.path
        if path is not None and path.is_file():
            texts[edition.iri] = path, read_text(path)
    for file in files:
        text = read_text(file)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        matching = [edition for edition in dataset.editions if edition.index.sha256 == digest] or list(dataset.editions)
        if len(matching) == 1:
            texts[matching[0].iri] = file, text
        else:
            findings.append(
                Finding(
                    f"{file.name} is the text of no edition in kg.toml.",
                    file=file,
                    advice="Name the text that was indexed: its SHA-256 stands in the index.",
                )
            )
    return texts, findings


def check_digests(edition: Edition, text: str, file: Path) -> list[Finding]:
    """Units whose text is not the one that was indexed."""
    findings = []
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if digest != edition.index.sha256:
        findings.append(
            Finding(
                f"this is not the text of {edition.document.slug}, edition {edition.document.edition}: "
                f"its digest is {digest[:16]}…, the edition's {edition.index.sha256[:16]}….",
                file=file,
                advice="Name the text that was indexed, or index this one as a new edition: "
                f"isoc-kg evidence index {file.name} --document {edition.document.slug} --edition NEW",
            )
        )
    for unit in edition.index.units.values():
        if hashlib.sha256(unit.text(text).encode()).hexdigest() != unit.sha256:
            findings.append(
                Finding(
                    f"unit {unit.number} has another text than was indexed.",
                    file=file,
                    line=text.count("\n", 0, unit.start) + 1,
                    iri=f"{edition.iri}#{unit.number}",
                    advice="isoc-kg evidence drift tells what a new edition changes.",
                )
            )
    return findings


def lexicon_of(edition: Edition, text: str) -> Lexicon:
    """The lexicon of an edition's units."""
    return Lexicon(edition.index.language, (unit.text(text) for unit in edition.index.units.values()))
