"""The texts of a project's documents that are at hand, and whether they are the ones that were indexed."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

from ..authoring.dataset import Dataset, Source
from ..documents.units import read_text
from ..errors import Finding
from .words import Vocabulary

__all__ = ["check_digests", "texts_at_hand", "vocabulary_of"]


def texts_at_hand(dataset: Dataset, files: Sequence[Path] = ()) -> tuple[dict[str, tuple[Path, str]], list[Finding]]:
    """Edition → file and text, of the files named and of those that kg.toml names and that are there.

    A file named is the text of the edition whose digest it has, or of the only edition there is.
    """
    found: dict[str, tuple[Path, str]] = {}
    findings = []
    for source in dataset.sources:
        path = source.document.path
        if path is not None and path.is_file():
            found[source.iri] = path, read_text(path)
    for file in files:
        text = read_text(file)
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        matching = [source for source in dataset.sources if source.edition.sha256 == digest] or list(dataset.sources)
        if len(matching) == 1:
            found[matching[0].iri] = file, text
        else:
            findings.append(
                Finding(
                    f"{file.name} is the text of no edition in kg.toml.",
                    file=file,
                    advice="Name the text that was indexed: its SHA-256 stands in the index.",
                )
            )
    return found, findings


def check_digests(source: Source, text: str, file: Path) -> list[Finding]:
    """Units whose text is not the one that was indexed."""
    findings = []
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    if digest != source.edition.sha256:
        findings.append(
            Finding(
                f"this is not the text of {source.document.slug}, edition {source.document.edition}: "
                f"its digest is {digest[:16]}…, the edition's {source.edition.sha256[:16]}….",
                file=file,
                advice="Name the text that was indexed, or index this one as a new edition: "
                f"isoc-kg evidence index {file.name} --document {source.document.slug} --edition NEW",
            )
        )
    for unit in source.edition.units.values():
        if hashlib.sha256(unit.text(text).encode()).hexdigest() != unit.sha256:
            findings.append(
                Finding(
                    f"unit {unit.number} has another text than was indexed.",
                    file=file,
                    line=text.count("\n", 0, unit.start) + 1,
                    iri=f"{source.iri}#{unit.number}",
                    advice="isoc-kg evidence drift tells what a new edition changes.",
                )
            )
    return findings


def vocabulary_of(source: Source, text: str) -> Vocabulary:
    """The vocabulary of an edition's units."""
    return Vocabulary(source.edition.language, (unit.text(text) for unit in source.edition.units.values()))
