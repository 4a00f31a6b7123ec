"""Texts with the cuts that they should get, and how many of them are cut exactly so."""

from pathlib import Path

from isoc_kg.documents.units import cut

FOLDER = Path(__file__).parent / "documents" / "cuts"


def texts(name: str) -> list[tuple[str, str, list[str]]]:
    """Language, text and units of each entry in a file."""
    result = []
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        language, marked = line.replace("\\n", "\n").split("\t", 1)
        marked = marked.replace("\\t", "\t")
        units = [
            unit.strip() for at, outside in enumerate(marked.split("¦")) if at % 2 == 0 for unit in outside.split("|")
        ]
        result.append((language, marked.replace("|", "").replace("¦", ""), [unit for unit in units if unit]))
    return result


def units(text: str, language: str) -> list[str]:
    """The units of a text."""
    return [unit.text(text) for unit in cut([text], language)]
