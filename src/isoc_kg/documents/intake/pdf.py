"""PDF: the text layer of a document as passages, by pypdfium2; a scan has none and is refused."""

from collections.abc import Iterator

import pypdfium2 as pdfium

from ...errors import LimitExceeded, ParseError, counted
from ...limits import Limits
from .footnotes import take_footnotes
from .line_ends import DocumentWords
from .page_columns import page_regions
from .page_furniture import without_furniture
from .page_lines import page_lines
from .passages import Extraction
from .pdf_file import file_says, open_pdf
from .pdf_glyphs import PageWords, page_text
from .pdf_paragraphs import DocumentStyle, document_paragraphs, without_repeated_heads
from .pdf_passages import PassageWriter
from .pdf_text_layer import check_text_layer

__all__ = ["extract_pdf"]

_PAGE_CHARACTERS = 500_000
_LAYOUT = 1  #: the edition of the rules here: a change of what they give must change it


def extract_pdf(content: bytes, limits: Limits) -> Extraction:
    """The passages of a PDF in reading order, each word with its page and its box.

    Page heads, feet and numbers are left out, footnotes stand behind the text, words that a line's end breaks are
    whole. Raises `ParseError` for a file that is damaged or encrypted, or whose text layer is missing or no text,
    and `LimitExceeded` for one that is too large.
    """
    with open_pdf(content, limits) as document:
        pages = list(_pages(document, limits))
        says = file_says(document)
    notes = list(check_text_layer(pages))
    lines, left_out = without_furniture([page_lines(page) for page in pages])
    notes += left_out
    regions = [page_regions(of_page) for of_page in lines]
    words = DocumentWords([line.text for of_page in lines for line in of_page])
    style = DocumentStyle(regions)
    footnotes, marks = take_footnotes(regions, style.body)
    writer = PassageWriter(pages, words)
    paragraphs, heads = without_repeated_heads(document_paragraphs(regions, style))
    passages = [writer.passage(paragraph) for paragraph in paragraphs]
    passages += [writer.note(note) for note in footnotes]
    if footnotes:
        notes.append(f"{counted(len(footnotes), 'footnote')} moved behind the text")
    if heads:
        notes.append(f"{counted(heads, 'repeated table head')} left out")
    if marks:
        notes.append(f"{counted(marks, 'mark')} of notes left out of the text")
    if writer.broken:
        notes.append(f"{counted(writer.broken, 'word')} broken at a line's end made whole")
    return Extraction(
        tuple(passage for passage in passages if passage.text),
        f"pypdfium2 {pdfium.PYPDFIUM_INFO} (pdfium {pdfium.PDFIUM_INFO.build}), layout {_LAYOUT}",
        title=says.title,
        author=says.author,
        language=says.language,
        notes=tuple(notes),
    )


def _pages(document: pdfium.PdfDocument, limits: Limits) -> Iterator[PageWords]:
    """The text of each page; `ParseError` for a page that cannot be read, `LimitExceeded` for too much."""
    total = 0
    for index in range(len(document)):
        try:
            page = document[index]
        except pdfium.PdfiumError:
            raise ParseError(
                f"the PDF is damaged: page {index + 1} cannot be read.",
                advice="Get the file again, or save it anew with the program that made it.",
            ) from None
        text = page_text(page, index + 1, min(_PAGE_CHARACTERS, limits.intake_characters - total))
        page.close()
        total += text.characters
        if text.characters > _PAGE_CHARACTERS:
            raise LimitExceeded(
                f"page {index + 1} of the PDF has more than {_PAGE_CHARACTERS:,} characters.",
                advice="No page that people read has as many: look at how the file was made.",
            )
        if total > limits.intake_characters:
            raise LimitExceeded(
                f"the PDF has more than {limits.intake_characters:,} characters.",
                advice="Divide it, or raise intake_characters under [limits] in kg.toml.",
            )
        yield text
