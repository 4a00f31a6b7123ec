"""Which format a document is in, and what is said of those that are not read."""

import pytest

from intake_files import archive, docx, epub, odt
from isoc_kg.documents.intake.recognition import format_of
from isoc_kg.errors import ParseError

READ = {
    "docx": [(docx(""), "a.docx"), (docx(""), "a.bin"), (docx(""), "a")],
    "odt": [(odt(""), "a.odt"), (archive({"content.xml": "", "styles.xml": ""}), "a.odt")],
    "epub": [(epub({}), "a.epub"), (archive({"META-INF/container.xml": ""}), "a")],
    "html": [
        (b"<p>a", "a.htm"),
        (b"a", "A.XHTML"),
        (b"\xef\xbb\xbf \n<!-- x -->\n<!DOCTYPE HTML><p>", "index.php"),
        (b"<?xml version='1.0'?><html xmlns='http://www.w3.org/1999/xhtml'>", "page"),
    ],
    "markdown": [(b"a", "a.md"), (b"# a", "README.markdown")],
    "text": [(b"a", "a.txt"), (b"a", "minutes"), (b"a", "a.TEXT"), ("ä".encode("utf-16"), "minutes")],
}


@pytest.mark.parametrize("name", READ)
def test_formats(name: str) -> None:
    """Content first, then the name."""
    assert {format_of(content, file) for content, file in READ[name]} == {name}


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)
REFUSED = {
    "Word 97": (OLE + "WordDocument".encode("utf-16-le"), "a.doc", "a Word 97 document", "Save it as DOCX"),
    "encrypted": (OLE + "EncryptedPackage".encode("utf-16-le"), "a.docx", "encrypted", "without a password"),
    "RTF": (rb"{\rtf1 a}", "a.rtf", "an RTF document", "DOCX"),
    "RTF named DOC": (rb"{\rtf1 a}", "a.doc", "an RTF document", "DOCX"),
    "slides": (archive({"[Content_Types].xml": "", "ppt/a.xml": ""}), "a.pptx", "slides", "PDF"),
    "a workbook": (archive({"[Content_Types].xml": "", "xl/a.xml": ""}), "a.xlsx", "a workbook", "PDF"),
    "a spreadsheet": (archive({}, "application/vnd.oasis.opendocument.spreadsheet"), "a.ods", "another kind", "ODT"),
    "Pages": (archive({"Index/Document.iwa": ""}), "a.pages", "a document of Pages", "Export"),
    "an archive": (archive({"a.txt": "a"}), "a.zip", "a ZIP archive", "add the folder"),
    "a scan": (b"\x89PNG\r\n\x1a\n", "a.png", "a picture", "OCR"),
    "a photograph": (b"\xff\xd8\xff\xe0", "a", "a picture", "OCR"),
    "TIFF": (b"II*\0", "a.tif", "a picture", "OCR"),
    "sound": (b"ID3\x03", "a.mp3", "sound or film", "transcript"),
    "compressed": (b"\x1f\x8b\x08", "a.txt.gz", "a compressed file", "Unpack"),
    "a program": (b"\x7fELF", "a", "a program", "document"),
    "an e-mail": (b"From: a@example.org\nSubject: b\n\nc", "a.eml", "an e-mail", "Save its text"),
    "TeX": (b"\\documentclass{article}", "a.tex", "a TeX document", "PDF"),
    "XML": (b"<?xml version='1.0'?><feed/>", "a.xml", "another kind", "HTML"),
    "a pointer": (b"version https://git-lfs.github.com/spec/v1", "a.docx", "a pointer", "git lfs pull"),
    "text of an unknown format": (b"a,b", "a.csv", ".csv files", "--as text"),
    "unknown bytes": (b"\x01\x02\x03\xff", "a.xyz", "not known here", "Save it as"),
    "unknown bytes without a name": (b"\x01\x02\x03\xff", "a", "not known here", "Save it as"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_not_read(case: str) -> None:
    """What it is, and what to do."""
    content, name, label, advice = REFUSED[case]
    with pytest.raises(ParseError) as caught:
        format_of(content, name)
    assert label in caught.value.message
    assert advice in str(caught.value.advice)


def test_what_a_server_says_counts_where_the_content_does_not_tell() -> None:
    """A page without a document type is HTML by its media type; a Word document is none."""
    assert format_of(b"<p>a", "page.php", "html") == "html"
    assert format_of(b"a", "minutes.php", "text") == "text"
    assert format_of(docx(""), "page.php", "html") == "docx"
    with pytest.raises(ParseError, match="a picture"):
        format_of(b"\x89PNG\r\n\x1a\n", "page.php", "html")
