"""PDF files of a few objects, whole and hostile, and programs that print."""

import os
import shutil
import subprocess
import zlib
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

PDFLATEX = shutil.which("pdflatex")
CHROMIUM = os.environ.get("ISOC_KG_CHROMIUM") or shutil.which("chromium")
requires_pdflatex = pytest.mark.skipif(
    PDFLATEX is None, reason="TeX is not there (Debian: texlive-latex-base texlive-latex-recommended lmodern)"
)
requires_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not there (Debian: chromium)")

HELVETICA = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>"
FONT_WITHOUT_MEANINGS = (
    b"<</Type/Font/Subtype/Type1/BaseFont/AAAAAA+Foo/FirstChar 1/LastChar 30/Widths[" + b"500 " * 30 + b"]"
    b"/Encoding<</Type/Encoding/Differences[1 " + b" ".join(b"/g%d" % at for at in range(1, 31)) + b"]>>>>"
)
A4 = b"[0 0 595 842]"


def whole(objects: Mapping[int, bytes], trailer: bytes = b"") -> bytes:
    """A file of numbered objects, the first of which is the catalog."""
    out = b"%PDF-1.7\n"
    places = {}
    for number, body in objects.items():
        places[number] = len(out)
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table, size = len(out), max(objects) + 1
    out += b"xref\n0 %d\n0000000000 65535 f \n" % size
    for number in range(1, size):
        out += b"%010d 00000 n \n" % places[number] if number in places else b"0000000000 00000 f \n"
    return out + b"trailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, table)


def stream(data: bytes, entries: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (entries, len(packed), packed)


def pages(
    contents: Sequence[bytes], *, box: bytes = A4, fonts: bytes = HELVETICA, entries: bytes = b"",
    more: Mapping[int, bytes] | None = None, resources: bytes = b"", more_fonts: bytes = b"", trailer: bytes = b"",
) -> bytes:  # fmt: skip
    """A file of pages with these contents; the font /F is object 5."""
    numbers = range(100, 100 + 2 * len(contents), 2)
    kids = b" ".join(b"%d 0 R" % number for number in numbers)
    objects = {1: b"<</Type/Catalog/Pages 2 0 R>>", 5: fonts, **(more or {})}
    objects[2] = b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(contents))
    for number, content in zip(numbers, contents, strict=True):
        objects[number] = (
            b"<</Type/Page/Parent 2 0 R/MediaBox%s/Contents %d 0 R/Resources<</Font<</F 5 0 R%s>>%s>>%s>>"
            % (box, number + 1, more_fonts, resources, entries)
        )
        objects[number + 1] = stream(content)
    return whole(objects, trailer)


def at(x: float, y: float, text: str, size: float = 12, turn: str = "1 0 0 1") -> bytes:
    """A text at a place."""
    escaped = text.replace("\\", r"\\").replace("(", r"\(").replace(")", r"\)").encode("cp1252")
    return b"BT /F %g Tf %s %g %g Tm (%s) Tj ET\n" % (size, turn.encode(), x, y, escaped)


def lines(texts: Sequence[str], x: float = 72, top: float = 770, step: float = 14, size: float = 12) -> bytes:
    """Lines, one below the other."""
    return b"".join(at(x, top - number * step, text, size) for number, text in enumerate(texts))


def from_tex(source: str, folder: Path) -> bytes:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.tex").write_text(source, encoding="utf-8")
    assert PDFLATEX
    subprocess.run([PDFLATEX, "-interaction=batchmode", "a.tex"], cwd=folder, capture_output=True, timeout=120)
    return (folder / "a.pdf").read_bytes()


def from_html(source: str, folder: Path) -> bytes:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.html").write_text(source, encoding="utf-8")
    assert CHROMIUM
    profile = f"--user-data-dir={folder / 'profile'}"
    options = ["--headless", "--no-sandbox", "--disable-gpu", profile, f"--print-to-pdf={folder / 'a.pdf'}"]
    subprocess.run([CHROMIUM, *options, str(folder / "a.html")], capture_output=True, check=True, timeout=120)
    return (folder / "a.pdf").read_bytes()


def from_fodt(source: str, folder: Path) -> bytes:
    from intake_files import libreoffice

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.fodt").write_text(source, encoding="utf-8")
    return libreoffice(folder / "a.fodt", "pdf", folder).read_bytes()
