"""Whether a PDF's text layer can be read as text: there is one, its letters have meanings, left to right."""

from collections.abc import Sequence

from ...errors import ParseError, counted
from .pdf_glyphs import PageWords

__all__ = ["check_text_layer"]

_UNMAPPED = 0.02  #: of the characters without meaning, above which a text is refused
_RIGHT_TO_LEFT = 0.2  #: of the characters in scripts from right to left, above which a text is refused
_SCAN = 20  #: characters a page, below which a document of pictures is taken for a scan


def check_text_layer(pages: Sequence[PageWords]) -> tuple[str, ...]:
    """Notes of what in a text layer is to be known; `ParseError` where it is missing, or not to be read."""
    characters = sum(page.characters - page.outside for page in pages)
    if not characters or (characters < _SCAN * len(pages) and all(page.pictures for page in pages)):
        raise ParseError(
            f"the PDF has no text layer: {counted(characters, 'character')} on {counted(len(pages), 'page')}; "
            "it looks like a scan.",
            advice="Recognize its text first (OCR, such as ocrmypdf) and proofread it, or add another format.",
        )
    _check_meanings(pages, characters)
    _check_direction(pages, characters)
    return tuple(_notes(pages))


def _check_meanings(pages: Sequence[PageWords], characters: int) -> None:
    unmapped = sum(page.unmapped for page in pages)
    if unmapped > _UNMAPPED * characters:
        raise ParseError(
            f"{unmapped:,} of the PDF's {counted(characters, 'character')} have no meaning in Unicode"
            f"{_where(pages, 'unmapped')}: its fonts lack the table for it, so the text cannot be read.",
            advice="Save it anew from its source, or recognize its text anew (OCR, such as ocrmypdf --force-ocr).",
        )


def _check_direction(pages: Sequence[PageWords], characters: int) -> None:
    right_to_left = sum(page.right_to_left for page in pages)
    if right_to_left > _RIGHT_TO_LEFT * characters:
        raise ParseError(
            f"{right_to_left:,} of the PDF's {counted(characters, 'character')} are written from right to left, "
            "whose order a PDF does not keep reliably.",
            advice="Add the document in another format: HTML, DOCX, ODT, or text.",
        )


def _notes(pages: Sequence[PageWords]) -> list[str]:
    notes = []
    for name, what in (
        ("unmapped", "without a meaning in Unicode stand as U+FFFD"),
        ("right_to_left", "written from right to left may stand in the wrong order"),
        ("turned", "in another direction than the page's text left out"),
        ("outside", "outside of the page left out"),
        ("invisible", "not painted, as of a scan whose text was recognized; proofread them"),
    ):
        if number := sum(getattr(page, name) for page in pages):
            notes.append(f"{counted(number, 'character')} {what}{_where(pages, name)}")
    if empty := [page.number for page in pages if not page.characters]:
        notes.append(f"no text on {_pages(empty)}")
    return notes


def _where(pages: Sequence[PageWords], name: str) -> str:
    return f" ({_pages([page.number for page in pages if getattr(page, name)])})"


def _pages(numbers: Sequence[int]) -> str:
    shown = ", ".join(map(str, numbers[:5]))
    return f"page{'s' if len(numbers) > 1 else ''} {shown}{' and others' if len(numbers) > 5 else ''}"
