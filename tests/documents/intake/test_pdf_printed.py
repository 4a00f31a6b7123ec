"""PDF as programs make it: the sentences are those of the text that was printed, the boxes hit their words."""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from difflib import SequenceMatcher
from pathlib import Path
from typing import NamedTuple

import pypdfium2 as pdfium
import pytest

import pdf_files as files
from intake_files import requires_libreoffice
from isoc_kg.documents.addition import index_of
from isoc_kg.documents.intake.passages import Extraction
from isoc_kg.documents.intake.pdf import extract_pdf
from isoc_kg.documents.units import cut
from isoc_kg.limits import Limits
from printed_texts import ENGLISH, GERMAN, Printed, as_fodt, as_html, as_tex

LEAST = 0.97
PRINTERS: dict[str, Callable[[Printed, Path], bytes]] = {
    "libreoffice": lambda text, folder: files.from_fodt(as_fodt(text), folder),
    "chromium": lambda text, folder: files.from_html(as_html(text), folder),
    "tex in one column": lambda text, folder: files.from_tex(as_tex(text, columns=1), folder),
    "tex in two columns": lambda text, folder: files.from_tex(as_tex(text, columns=2), folder),
}
REQUIRED = {
    "libreoffice": requires_libreoffice,
    "chromium": files.requires_chromium,
    "tex in one column": files.requires_pdflatex,
    "tex in two columns": files.requires_pdflatex,
}


class Print(NamedTuple):
    text: Printed
    content: bytes
    extraction: Extraction


@pytest.fixture(
    scope="module",
    params=[
        pytest.param((printer, text), marks=REQUIRED[printer], id=f"{printer}, {text.language}")
        for printer in PRINTERS
        for text in (ENGLISH, GERMAN)
    ],
)
def printed(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Print:
    printer, text = request.param
    content = PRINTERS[printer](text, tmp_path_factory.mktemp("printed"))
    return Print(text, content, extract_pdf(content, Limits()))


def sentences(extraction: Extraction, language: str) -> list[str]:
    return [" ".join(unit.text(extraction.text).split()) for unit in cut([extraction.text], language)]


def test_sentences_are_those_of_the_text(printed: Print) -> None:
    wanted = sentences(printed.text.passages(), printed.text.language)
    made = sentences(printed.extraction, printed.text.language)
    blocks = SequenceMatcher(None, wanted, made, autojunk=False).get_matching_blocks()
    assert sum(block.size for block in blocks) >= LEAST * len(wanted)
    assert len(made) <= len(wanted) / LEAST


def test_no_letter_is_lost(printed: Print) -> None:
    """What is not in the text is a head, a foot or a page's number, or a mark of a note."""
    with pdfium.PdfDocument(printed.content) as document:
        drawn = "".join(page.get_textpage().get_text_range() for page in document)
    all_of_it = Counter(letters(unicodedata.normalize("NFKC", drawn)))
    made = Counter(
        letters(unicodedata.normalize("NFKC", printed.extraction.text))
    )  # raised figures are drawn as plain ones
    assert made <= all_of_it
    heads = [number for note in printed.extraction.notes if "head" in note for number in re.findall(r"\d+", note)[:1]]
    if not heads:
        assert all(letter.isdecimal() for letter in (all_of_it - made))


def test_kinds_are_those_of_the_text(printed: Print) -> None:
    wanted = [passage.kind for passage in printed.text.passages().passages]
    made = [passage.kind for passage in printed.extraction.passages]
    assert SequenceMatcher(None, wanted, made, autojunk=False).ratio() >= 0.9


def test_boxes_hit_their_words(printed: Print) -> None:
    """The library finds in a unit's boxes the words of the unit, and ink right up to their edges."""
    index = index_of(printed.extraction, "printed", "1", printed.text.language)
    begun = whole = 0
    units = list(index.units.values())
    with pdfium.PdfDocument(printed.content) as document:
        pages = {number: (page, page.get_textpage()) for number, page in enumerate(document, 1)}
        ink = {number: Ink(page) for number, (page, _) in pages.items()}
        for at, unit in enumerate(units):
            assert unit.place is not None
            assert unit.place.page is not None
            text = pages[unit.place.page][1]
            inside = letters("".join(text.get_text_bounded(*shrunk(box)) for box in unit.place.boxes))
            words = letters(unit.text(printed.extraction.text))
            begun += bool(inside) and words.startswith(inside)
            whole += words == inside
            assert at % 3 or all(ink[unit.place.page].fills(box) for box in unit.place.boxes)
    assert begun >= LEAST * len(units)  # what goes over a page's end has boxes on the first page
    assert whole >= 0.9 * len(units)


def letters(text: str) -> str:
    return re.sub(r"[\W_]+|\ufffe", "", text)


def shrunk(box: tuple[float, float, float, float]) -> tuple[float, float, float, float]:
    left, bottom, right, top = box
    middle = (bottom + top) / 2
    return left - 0.5, middle - 0.5, right + 0.5, middle + 0.5


class Ink:
    """A page as it is drawn."""

    def __init__(self, page: pdfium.PdfPage) -> None:
        self.scale = 3
        bitmap = page.render(scale=self.scale, grayscale=True)
        self.bytes, self.stride = bytes(bitmap.buffer), bitmap.stride
        self.width, self.height = bitmap.width, bitmap.height

    def fills(self, box: tuple[float, float, float, float]) -> bool:
        """Whether there is ink in the box within a point of each of its edges."""
        left, bottom, right, top = box
        x0, x1 = max(0, round(left * self.scale) - 1), min(self.width, round(right * self.scale) + 1)
        y0, y1 = max(0, self.height - round(top * self.scale) - 1), self.height - round(bottom * self.scale) + 1
        rows = [self.bytes[y * self.stride + x0 : y * self.stride + x1] for y in range(y0, min(y1, self.height))]
        dark = [y for y, row in enumerate(rows) if min(row) < 160]
        columns = [x for row in rows for x, value in enumerate(row) if value < 160]
        edge = 1.5 * self.scale
        return (
            bool(dark) and dark[0] <= edge and dark[-1] >= len(rows) - 1 - edge
            and min(columns) <= edge and max(columns) >= x1 - x0 - 1 - edge
        )  # fmt: skip
