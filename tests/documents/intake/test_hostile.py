"""Documents that are made to harm, or are not whole: one kind message each, in bounded time and memory."""
# ruff: noqa: E501

import re
import zipfile
from io import BytesIO
from pathlib import Path

import pytest

from intake_files import archive, docx, epub, odt, paragraph, xhtml
from isoc_kg.documents.intake.extraction import extract, read_original
from isoc_kg.errors import EncodingError, IsocKgError, LimitExceeded, ParseError, UnknownName
from isoc_kg.limits import Limits

TIGHT = Limits(intake_seconds=20, intake_memory_bytes=1_000_000_000, intake_unpacked_bytes=30_000_000)


def refused(content: bytes, name: str, limits: Limits = TIGHT) -> IsocKgError:
    with pytest.raises(IsocKgError) as caught:
        extract(content, Path(name), limits)
    assert str(caught.value).startswith(f"{name}:")
    assert caught.value.exit_code == 3
    return caught.value


def encrypted(content: bytes) -> bytes:
    """The archive with the flag of encryption on each part, in its headers and in its directory."""
    data = bytearray(content)
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(mark)
        while at >= 0:
            data[at + offset] |= 1
            at = data.find(mark, at + 1)
    return bytes(data)


def claiming(content: bytes, size: int) -> bytes:
    """The archive with a directory by which its parts have another size."""
    data = bytearray(content)
    at = data.find(b"PK\x01\x02")
    while at >= 0:
        data[at + 24 : at + 28] = size.to_bytes(4, "little")
        at = data.find(b"PK\x01\x02", at + 1)
    return bytes(data)


def twice(content: bytes) -> bytes:
    """The archive with two parts of one name."""
    buffer = BytesIO(content)
    with zipfile.ZipFile(buffer, "a") as file, pytest.warns(UserWarning, match="Duplicate"):
        file.writestr("word/document.xml", "<x/>")
    return buffer.getvalue()


WORD = docx(paragraph("a"))
ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;">]>'
CASES: dict[str, tuple[bytes, str, str]] = {
    "a part that is packed a thousand times": (docx("<w:p/>" * 6_000_000), "a.docx", "times larger unpacked"),
    "parts that are large together": (
        odt("<text:p>a b c d e f</text:p>" * 100_000 + "<!--" + "".join(map(str, range(6_000_000))) + "-->"),
        "a.odt",
        "more than 30,000,000 bytes unpacked|times larger unpacked",
    ),
    "many parts": (archive({"mimetype": "application/epub+zip", **{str(n): "" for n in range(20_001)}}), "a.epub",
                   "more than 20,000 parts"),
    "a part that is there twice": (twice(WORD), "a.docx", "two parts of one name"),
    "a size that is a lie": (claiming(WORD, 3), "a.docx", "damaged|not well-formed"),
    "encrypted parts": (encrypted(WORD), "a.docx", "encrypted"),
    "an archive that is cut off": (WORD[: len(WORD) // 2], "a.docx", "damaged or cut off"),
    "an archive with a byte changed": (WORD.replace(b"word/document.xml", b"word/documenT.xml", 1), "a.docx",
                                       "damaged|missing"),
    "a document type": (
        archive({"content.xml": ENTITIES + "<x>&b;</x>", "styles.xml": "<x/>"}), "a.odt", "document type"
    ),
    "a document type in UTF-16": (
        archive({"content.xml": (ENTITIES + "<x>&b;</x>").encode("utf-16"), "styles.xml": "<x/>"}), "a.odt",
        "document type",
    ),
    "another encoding": (
        archive({"content.xml": '<?xml version="1.0" encoding="utf-7"?><x/>', "styles.xml": "<x/>"}), "a.odt",
        "not well-formed|neither UTF-8",
    ),
    "XML that is cut off": (archive({"content.xml": "<x><y>", "styles.xml": "<x/>"}), "a.odt", "not well-formed XML"),
    "deep XML": (
        archive({"content.xml": "<x>" * 100_000, "styles.xml": "<x/>"}), "a.odt", "nested too deeply|not well-formed"
    ),
    "deep tables": (
        docx("<w:tbl><w:tr><w:tc>" * 100 + paragraph("a") + "</w:tc></w:tr></w:tbl>" * 100), "a.docx", "nested too deeply"
    ),
    "deep HTML": (b"<p>a" + b"<div>" * 20_000, "a.html", "elements inside one another"),
    "deep Markdown": (b"> " * 30_000 + b"a", "a.md", "elements inside one another|no text in it|nested"),
    "a book with no package": (archive({"META-INF/container.xml": "<x/>"}), "a.epub", "names no package"),
    "a book with no pages": (epub({}), "a.epub", "no pages in its spine"),
    "a book that is encrypted": (
        epub({"one.xhtml": xhtml("a")}, **{"META-INF/encryption.xml": '<e><CipherReference URI="OEBPS/one.xhtml"/></e>'}),
        "a.epub",
        "encrypted",
    ),
    "an empty file": (b"", "a.docx", "the file is empty"),
    "white space": (b" \n\n", "a.txt", "the file is empty"),
    "a page without text": (b"<!doctype html><script>x</script>", "a.html", "no text in it"),
    "a document without text": (docx("<w:p/>"), "a.docx", "no text in it"),
    "bytes that are no text": (b"a\n\xff\xfe", "a.txt", "not UTF-8 at byte 2"),
    "a control character": (b"a\nb\0c", "a.md", r"control character, U\+0000"),
    "names like paths": (archive({"../../word/document.xml": "x", "[Content_Types].xml": "x"}), "a.docx", "ZIP archive"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_it_is_refused(case: str) -> None:
    """Where, what is wrong, what to do; never a traceback."""
    content, name, message = CASES[case]
    error = refused(content, name)
    assert re.search(message, error.message), error.message
    assert error.advice


def test_what_takes_too_long_is_ended() -> None:
    """A page that no parser reads quickly."""
    error = refused(b"<p>a" + b"<div>" * 120_000, "a.html", Limits(intake_seconds=1))
    assert isinstance(error, LimitExceeded)
    assert "more than 1 seconds" in error.message
    assert error.advice is not None
    assert "intake_seconds" in error.advice


def test_what_takes_too_much_memory_is_ended() -> None:
    """The reader's process has an end to its memory."""
    page = b"<!doctype html>" + b"<p>a <b>b</b> c" * 2_000_000
    error = refused(page, "a.html", Limits(intake_memory_bytes=300_000_000))
    assert isinstance(error, LimitExceeded)
    assert "of memory" in error.message


def test_too_long_a_text() -> None:
    """In every format the characters are counted while it is read."""
    limits = Limits(intake_characters=1000)
    for content, name in (
        (b"a " * 1000, "a.txt"),
        (b"a " * 1000, "a.md"),
        (docx(paragraph("a " * 1000)), "a.docx"),
        (odt("<text:p>" + "a " * 1000 + "</text:p>"), "a.odt"),
        (epub({"one.xhtml": xhtml("a " * 1000)}), "a.epub"),
        (epub({f"{n}.xhtml": xhtml("a " * 100) for n in range(10)}), "a.epub"),
    ):
        assert "more than 1,000 characters" in refused(content, name, limits).message


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    """Its size is enough to know."""
    with (tmp_path / "a.txt").open("wb") as file:
        file.truncate(10_000_000_000)
    with pytest.raises(LimitExceeded, match="more than 500,000,000 bytes"):
        read_original(tmp_path / "a.txt", Limits())


def test_what_is_no_file(tmp_path: Path) -> None:
    """A folder, nothing, and what has no end."""
    for path, message in ((tmp_path, "is a folder"), (tmp_path / "x", "No such file"), (Path("/dev/zero"), "a device")):
        with pytest.raises(ParseError, match=message):
            read_original(path, Limits())


def test_a_line_is_named_where_there_are_lines() -> None:
    """As an editor counts them."""
    with pytest.raises(EncodingError, match=r"^a\.md:3: not UTF-8"):
        extract(b"a\n\nb\xff", "a.md", Limits())


def test_a_format_that_does_not_exist() -> None:
    """The formats are named."""
    with pytest.raises(UnknownName, match="no format “word”") as caught:
        extract(b"a", "a", Limits(), format_name="word")
    assert "docx" in str(caught.value)


def test_a_page_of_fifty_megabytes_is_read() -> None:
    """Large is not hostile."""
    page = b"<!doctype html><meta charset=utf-8>" + b"<p>" + b"word " * 10_000 + b"</p>"
    content = page + b"<!--" + b"x" * (50_000_000 - len(page)) + b"-->"
    assert len(extract(content, "a.html", Limits()).extraction.text) == 50_000
