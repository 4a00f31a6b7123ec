"""PDF: what its layout does to a text is undone; what is no text, not whole or hostile is refused."""

import zlib
from dataclasses import replace

import pytest

import pdf_files as files
from isoc_kg.documents.intake.extraction import extract
from isoc_kg.documents.intake.passages import Extraction, place_of
from isoc_kg.documents.intake.pdf import extract_pdf
from isoc_kg.errors import IsocKgError, LimitExceeded, ParseError
from isoc_kg.limits import Limits

TEXT = ["The harbour was opened in 1871 and has", "been enlarged twice since then."]
LIMITS = Limits()


def texts(content: bytes) -> list[tuple[str, str]]:
    return [(passage.kind, passage.text) for passage in extract_pdf(content, LIMITS).passages]


def read(content: bytes) -> Extraction:
    return extract_pdf(content, LIMITS)


def refused(content: bytes, error: type[IsocKgError] = ParseError) -> str:
    with pytest.raises(error) as caught:
        extract_pdf(content, LIMITS)
    assert caught.value.advice
    return str(caught.value)


def test_lines_become_paragraphs() -> None:
    content = files.pages([files.lines([*TEXT, "", "A second paragraph stands apart from it."])])
    assert texts(content) == [("paragraph", " ".join(TEXT)), ("paragraph", "A second paragraph stands apart from it.")]


def test_words_have_page_and_box() -> None:
    extraction = read(files.pages([files.lines(["First page."]), files.lines(TEXT)]))
    place = place_of(extraction.passages[1], 0, 11)
    assert place is not None
    assert place.page == 2
    ((left, bottom, right, top),) = place.boxes
    assert 72 <= left < right < 140
    assert 766 < bottom < 771 < 775 < top < 782
    over_two_lines = place_of(extraction.passages[1], 30, 45)
    assert over_two_lines is not None
    assert len(over_two_lines.boxes) == 2


@pytest.mark.parametrize(
    ("rotation", "matrix", "box"),
    [
        (0, "1 0 0 1 72 770", (72, 770)),
        (90, "0 1 -1 0 72 72", (72, 595 - 72)),
        (270, "0 -1 1 0 72 770", (842 - 770, 72)),
        (0, "0 1 -1 0 300 72", None),
    ],
)
def test_turned_pages(rotation: int, matrix: str, box: tuple[float, float] | None) -> None:
    """Boxes are those of the page as it is shown, and text that is turned as a whole is read as well."""
    content = b"BT /F 12 Tf %s Tm 14 TL (%s) Tj T* (%s) Tj ET" % (matrix.encode(), *(t.encode() for t in TEXT))
    extraction = read(files.pages([content], entries=b"/Rotate %d" % rotation))
    assert extraction.text.split() == " ".join(TEXT).split()
    place = place_of(extraction.passages[0], 0, 3)
    assert place is not None
    (left, bottom, right, top), *_ = place.boxes
    if box:
        assert left == pytest.approx(box[0], abs=1.5)
        assert bottom == pytest.approx(box[1], abs=1.5)
        assert right - left > top - bottom
    else:
        assert (left, bottom) == (pytest.approx(300 - 9, abs=2), pytest.approx(72, abs=1.5))
        assert top - bottom > right - left


def test_text_beside_the_page_and_across_it_is_left_out_and_noted() -> None:
    content = files.lines(TEXT) + files.at(700, 300, "Outside") + files.at(200, 200, "DRAFT", 40, "0.7 0.7 -0.7 0.7")
    extraction = read(files.pages([content]))
    assert extraction.text == " ".join(TEXT) + "\n"
    assert extraction.notes == (
        "5 characters in another direction than the page's text left out (page 1)",
        "7 characters outside of the page left out (page 1)",
    )


def test_hyphens_at_the_ends_of_lines() -> None:
    """Words of the document tell whether a hyphen is the word's own."""
    printed = [
        "The well-known committee met in the spring of that",
        "year. Its chair, who is well-",
        "known abroad, welcomed the com-",
        "mittee and its guests. A state-of-the-",
        "art building was opened by UN-",
        "Women; the Vor- und Nach-",
        "teile of it, first- and second-",
        "class alike, were discussed in 1998-",
        "1999 at length by everybody pre\u00ad",
        "sent, see https://example.org/a-",
        "b/c for more of it.",
    ]
    assert read(files.pages([files.lines(printed)])).text == (
        "The well-known committee met in the spring of that year. Its chair, who is well-known abroad, welcomed the "
        "committee and its guests. A state-of-the-art building was opened by UN-Women; the Vor- und Nachteile of it, "
        "first- and secondclass alike, were discussed in 1998-1999 at length by everybody present, see "
        "https://example.org/a-b/c for more of it.\n"
    )


def test_a_text_that_breaks_no_words_keeps_its_hyphens() -> None:
    printed = [f"Line {number} of a text that is set without breaking words" for number in range(50)]
    printed[20:20] = ["Later the off-", "season began in the upper part of the valley as usual"]
    assert "the off-season began" in read(files.pages([files.lines(printed)])).text


def test_page_heads_and_numbers() -> None:
    bodies = [
        [f"{word} page of it {n} ends with {n} votes to {n}." for n in range(30)] for word in ("One", "Two", "Six")
    ]
    content = [
        files.at(72, 810, "The annual report")
        + files.lines(body, top=770, step=14)
        + files.at(300, 40, str(7 + number))
        for number, body in enumerate(bodies)
    ]
    extraction = read(files.pages(content))
    assert extraction.text.split() == " ".join(line for body in bodies for line in body).split()
    assert extraction.notes == ("3 page heads or feet left out (1 different)", "3 page numbers left out")


@pytest.mark.parametrize(
    ("head", "foot"),
    [
        (("11/26/26, 8:41 PM", "The harbour page"), ("file:///C:/one.html", "1/1")),
        (("26.11.2026, 20:41", ""), ("https://harbour.example/a?b=c", "1/1")),
        (("The harbour page", "https://harbour.example/"), ("1 of 1", "26/11/2026, 20:41")),
    ],
)
def test_what_a_browser_prints_around_one_page(head: tuple[str, str], foot: tuple[str, str]) -> None:
    """Day, title, address and number are left out of a single page too; alone, or without the number, they are text."""
    body = files.lines(["The trust was founded in 1969.", "It keeps two harbours."], top=760)

    def page(head: tuple[str, str], foot: tuple[str, str]) -> bytes:
        rows = [(y, x, text) for y, row in ((815, head), (20, foot)) for x, text in zip((24, 320), row, strict=True)]
        return files.pages([b"".join(files.at(x, y, text, 8) for y, x, text in rows if text) + body])

    assert read(page(head, foot)).text == "The trust was founded in 1969. It keeps two harbours.\n"
    kept = read(page(head, ("", ""))).text
    assert head[0] in kept.replace("\n", " ")
    assert "3/9" in read(page(head, ("https://harbour.example/", "3/9"))).text


def test_what_is_alike_on_two_pages_but_no_head_stays() -> None:
    """Lines of the text that end in figures, and stand at the same place on two pages."""
    pages = [[f"In {year} the council approved the budget by", "49 votes to 4."] for year in (1998, 2004)]
    extraction = read(files.pages([files.lines(page) for page in pages]))
    assert extraction.text.split() == " ".join(line for page in pages for line in page).split()
    assert extraction.notes == ()


def test_footnotes_move_behind_the_text_and_their_marks_go() -> None:
    body = [f"Line {number} of the text is set in the usual size of it" for number in range(12)]
    content = files.lines([*body, "and its last sentence ends here."], top=600, step=14)
    raised = b"/F 7 Tf 4 Ts (%s) Tj /F 12 Tf 0 Ts"
    content = content.replace(b"ends here.) Tj", b"ends here.) Tj " + raised % b"1")
    content += files.at(72, 418, "The area is 30 m").replace(b") Tj", b") Tj " + raised % b"2")
    content += files.at(72, 103, "1", 6) + files.at(76, 100, "A note in small print.", 9)
    extraction = read(files.pages([content]))
    assert extraction.passages[-1].kind == "note"
    assert extraction.passages[-1].text == "A note in small print."
    assert "ends here. The area is 30 m²" in extraction.text.replace("\n\n", " ")
    assert "1 footnote moved behind the text" in extraction.notes
    assert "1 mark of notes left out of the text" in extraction.notes


def test_a_note_whose_number_is_the_page_s_stays() -> None:
    """It begins the last line of the page, apart from the text, as a page's number would."""
    pages = [
        files.lines([f"The text of page {number}"] * 5)
        + files.at(72, 103, str(number), 6) + files.at(76, 100, f"The note of page {number}.", 9)
        for number in (1, 2, 3)
    ]  # fmt: skip
    text = read(files.pages(pages)).text
    assert [f"The note of page {number}." in text for number in (1, 2, 3)] == [True] * 3


def test_a_number_before_a_heading_stays() -> None:
    content = (
        files.at(72, 800, "1. Rules of the harbour", 18)
        + files.lines(TEXT)
        + files.lines(["a. First", "b. Next"], 90, 700)
    )
    assert [passage.lead + passage.text for passage in read(files.pages([content])).passages] == [
        "1. Rules of the harbour", " ".join(TEXT), "a. First", "b. Next",
    ]  # fmt: skip


def test_an_abbreviation_is_bound_to_the_next_word() -> None:
    """Programs put a blank there at which no line ends, so that the line before may end early."""
    printed = [TEXT[0], "grown by a third with the stones of", "St. Hilarion by boats of a guild there."]
    assert texts(files.pages([files.lines(printed)])) == [("paragraph", " ".join(printed))]


def test_the_number_of_an_empty_page_is_left_out() -> None:
    pages = [files.lines(TEXT), files.at(300, 40, "ii"), files.lines(["Last of all."])]
    extraction = read(files.pages(pages))
    assert [passage.text for passage in extraction.passages] == [" ".join(TEXT), "Last of all."]
    assert extraction.notes == ("1 page number left out",)


def test_letters_begin_items_of_a_list_within_a_list() -> None:
    """Also below a line that ended early, however the item begins."""
    content = files.lines(TEXT) + files.lines(["1. to trim it, that is:"], 90, 700)
    content += files.lines(["a. in summer;", "b. in winter."], 110, 686) + files.lines(["2. to sweep."], 90, 658)
    assert [passage.lead + passage.text for passage in read(files.pages([content])).passages[1:]] == [
        "1. to trim it, that is:", "a. in summer;", "b. in winter.", "2. to sweep.",
    ]  # fmt: skip


def test_two_columns_are_read_one_after_the_other() -> None:
    first = [f"left {number} goes on and on here" for number in range(10)]
    second = [f"right {number} goes on and on here" for number in range(10)]
    content = files.lines(first, x=72) + files.lines(second, x=320)
    assert read(files.pages([content])).text.split() == " ".join([*first, *second]).split()


def test_a_table_is_read_row_by_row() -> None:
    rows = [("Year", "Members", "Budget"), ("1998", "12", "1,000"), ("1999", "25", "2,500")]
    content = files.lines(TEXT) + b"".join(
        files.at(72 + 90 * column, 700 - 14 * number, cell)
        for number, row in enumerate(rows)
        for column, cell in enumerate(row)
    )
    assert texts(files.pages([content]))[1:] == [("row", "\t".join(row)) for row in rows]


def test_list_marks() -> None:
    content = files.lines(TEXT) + files.lines(
        ["• First of them", "• Second of them", "3. Third of them"], x=90, top=700
    )
    passages = read(files.pages([content])).passages
    assert [(passage.kind, passage.mark, passage.text) for passage in passages[1:]] == [
        ("item", "-", "First of them"),
        ("item", "-", "Second of them"),
        ("item", "3.", "Third of them"),
    ]


def test_a_scan_is_refused() -> None:
    image = files.stream(
        bytes(64 * 64), b"/Type/XObject/Subtype/Image/Width 64/Height 64/BitsPerComponent 8/ColorSpace/DeviceGray"
    )
    content = files.pages([b"q 595 0 0 842 0 0 cm /I Do Q"], resources=b"/XObject<</I 6 0 R>>", more={6: image})
    message = refused(content)
    assert "the PDF has no text layer: 0 characters on 1 page; it looks like a scan." in message
    assert "OCR" in message


def test_fonts_without_meanings_are_refused_with_counts() -> None:
    codes = bytes(code for code in range(1, 31) if code not in b"\t\n\r()\\") * 3
    content = files.pages([b"BT /F 12 Tf 72 700 Td (" + codes + b") Tj ET"], fonts=files.FONT_WITHOUT_MEANINGS)
    count = len(codes)
    assert f"{count} of the PDF's {count} characters have no meaning in Unicode (page 1)" in refused(content)


def test_a_few_characters_without_meaning_are_noted() -> None:
    content = files.lines(TEXT * 8) + b"BT /G 12 Tf 72 300 Td (\\005\\006) Tj ET"
    extraction = read(files.pages([content], more={6: files.FONT_WITHOUT_MEANINGS}, more_fonts=b"/G 6 0 R"))
    assert extraction.text.count("\ufffd") == 2
    assert "2 characters without a meaning in Unicode stand as U+FFFD (page 1)" in extraction.notes


@pytest.mark.parametrize(("share", "whole"), [(1.0, True), (0.05, False)])
def test_right_to_left(share: float, whole: bool) -> None:
    """Refused where most of a text is so; else noted."""
    table = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange "
        b"<00> <ff> endcodespacerange 1 beginbfrange <61> <7a> <05d0> endbfrange endcmap end end"
    )
    font = files.HELVETICA[:-2] + b"/ToUnicode 7 0 R>>"
    hebrew = "shalom" if not whole else "shalom haver yakar meod"
    content = b"BT /G 12 Tf 72 300 Td (" + hebrew.encode() + b") Tj ET"
    if not whole:
        content = files.lines(TEXT * 8) + content
    pdf = files.pages([content], more={6: font, 7: files.stream(table)}, more_fonts=b"/G 6 0 R")
    if whole:
        assert "are written from right to left" in refused(pdf)
    else:
        assert any(note.startswith("6 characters written from right to left") for note in read(pdf).notes)


def test_what_is_not_whole_is_refused() -> None:
    content = files.pages([files.lines(TEXT * 20)])
    assert "its end is missing" in refused(content[:-100])
    start = content.index(b"stream\n") + 7
    assert "cannot be unpacked" in refused(content[: start + 30] + b"\xff" * 8 + content[start + 38 :])
    packed = zlib.compress(files.lines(TEXT * 20))[:60]
    cut = b"<</Filter/FlateDecode/Length 60>>\nstream\n" + packed + b"\nendstream"
    assert "end early" in refused(files.whole({
        1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 4: cut, 5: files.HELVETICA,
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
    }))  # fmt: skip
    assert "there is no %PDF-" in refused(b"hello")
    nothing = files.whole({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[]/Count 0>>"})
    assert "the PDF is damaged" in refused(nothing)
    loop = files.whole({1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[2 0 R]/Count 1>>"})
    assert "the PDF is damaged" in refused(loop)


def test_streams_without_a_checksum_are_read() -> None:
    """Some programs leave it out."""
    packed = zlib.compress(files.lines(TEXT))[:-4]
    body = b"<</Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (len(packed), packed)
    content = files.whole({
        1: b"<</Type/Catalog/Pages 2 0 R>>", 2: b"<</Type/Pages/Kids[3 0 R]/Count 1>>", 4: body, 5: files.HELVETICA,
        3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
    })  # fmt: skip
    assert read(content).text == " ".join(TEXT) + "\n"


def test_an_encrypted_file_is_refused() -> None:
    handler = b"<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (b"ab" * 32, b"cd" * 32)
    content = files.pages([files.lines(TEXT)], more={6: handler}, trailer=b"/Encrypt 6 0 R/ID[<00><00>]")
    assert "encrypted and needs a password" in refused(content)


def test_limits() -> None:
    many = files.pages([files.lines(TEXT)] * 12)
    with pytest.raises(LimitExceeded, match="12 pages; at most 11"):
        extract_pdf(many, replace(LIMITS, intake_pages=11))
    with pytest.raises(LimitExceeded, match="more than 500 characters"):
        extract_pdf(many, replace(LIMITS, intake_characters=500))
    bomb = files.pages([b" " * 3_000_000])
    with pytest.raises(LimitExceeded, match="unpacks to more than 1,000,000"):
        extract_pdf(bomb, replace(LIMITS, intake_unpacked_bytes=1_000_000))


@pytest.mark.parametrize("box", [b"[0 0 1e9 1e9]", b"[-1e30 -1e30 1e30 1e30]", b"[0 0 0 0]", b"[0 0 -5 x]"])
def test_boxes_of_pages_that_make_no_sense(box: bytes) -> None:
    assert read(files.pages([files.lines(TEXT)], box=box)).text == " ".join(TEXT) + "\n"


def test_what_takes_for_ever_is_ended() -> None:
    """Forms that draw themselves twice, thirty levels deep, in the process that reads documents."""
    forms = {
        number: files.stream(
            b"/X Do /X Do" if number < 49 else files.lines(TEXT),
            b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<</Font<</F 5 0 R>>/XObject<</X %d 0 R>>>>"
            % (number + 1),
        )
        for number in range(20, 50)
    }  # fmt: skip
    content = files.pages([b"/X Do"], more=forms, resources=b"/XObject<</X 20 0 R>>")
    with pytest.raises(LimitExceeded, match="more than 1 seconds"):
        extract(content, "forms.pdf", replace(LIMITS, intake_seconds=1.0))


def test_a_child_reads_it() -> None:
    extracted = extract(files.pages([files.lines(TEXT)]), "a.pdf", LIMITS)
    assert extracted.format == "pdf"
    assert extracted.extraction.text == " ".join(TEXT) + "\n"
    assert extracted.extraction.extractor.startswith("pypdfium2 5")


def test_raised_and_lowered_figures_are_no_others() -> None:
    """Powers, indices and fractions keep what they mean."""
    drawn = [
        files.at(72, 770, "There were 10", 12),
        files.at(146, 775, "6", 8),
        files.at(156, 770, "grains, x", 12),
        files.at(203, 767, "2", 8),
        files.at(214, 770, "and", 12),
        files.at(240, 775, "3", 8),
        files.at(240, 766, "4", 8),
        files.at(248, 770, "cup.", 12),
    ]
    ((_, text),) = texts(files.pages([b"\n".join(drawn)]))
    assert text == "There were 10⁶ grains, x₂ and 3/4 cup."


def test_the_head_of_a_table_is_not_repeated() -> None:
    """A row that stands at the top of a further page again is left out and noted; one within a page stays."""
    rows = [("Mill", "Owner"), ("Upper", "Abbey"), ("Mill", "Owner"), ("Lower", "Town")]

    def table(rows: list[tuple[str, str]]) -> bytes:
        cells = [files.at(72 + 200 * n, 770 - 14 * y, text) for y, row in enumerate(rows) for n, text in enumerate(row)]
        return b"\n".join(cells)

    extraction = read(files.pages([table(rows), table([rows[0], ("Old", "Nobody")])]))
    assert [passage.text for passage in extraction.passages] == ["\t".join(row) for row in [*rows, ("Old", "Nobody")]]
    assert any(note == "1 repeated table head left out" for note in extraction.notes)
