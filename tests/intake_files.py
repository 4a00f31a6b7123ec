"""Documents for the tests of intake, made here part by part, and by programs that are on the machine."""

import shutil
import subprocess
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import pytest

#: Programs that make documents → the packages of Debian that have them.
PROGRAMS = {"pandoc": "pandoc", "soffice": "libreoffice-writer-nogui"}
PANDOC, SOFFICE = map(shutil.which, PROGRAMS)
requires_pandoc = pytest.mark.skipif(PANDOC is None, reason="pandoc is not there (Debian: pandoc)")
requires_libreoffice = pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice is not there (Debian: libreoffice-writer-nogui)"
)

#: A block of a text: its kind and its text, or the cells of a row.
Block = tuple[str, str | Sequence[str]]


def archive(parts: Mapping[str, str | bytes], first: str | None = None) -> bytes:
    """A ZIP archive; the part `first` is its mimetype, stored and not packed."""
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as file:
        if first is not None:
            file.writestr(zipfile.ZipInfo("mimetype"), first)
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)  # the same bytes at any time
    return buffer.getvalue()


W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_WORD = (
    f'{W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape" '
    'xmlns:v="urn:schemas-microsoft-com:vml"'
)
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_STYLES = f"""<w:styles {W}>
<w:docDefaults><w:rPrDefault><w:rPr><w:lang w:val="en-US"/></w:rPr></w:rPrDefault></w:docDefaults>
<w:style w:styleId="H1"><w:name w:val="heading 1"/></w:style>
<w:style w:styleId="Own"><w:name w:val="Own heading"/><w:basedOn w:val="H1"/></w:style>
<w:style w:styleId="LB"><w:name w:val="List Bullet"/><w:pPr><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr></w:style>
<w:style w:styleId="Veiled"><w:name w:val="Veiled"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:styleId="TOC1"><w:name w:val="toc 1"/></w:style></w:styles>"""


def docx(body: str, *, styles: str = _STYLES, **parts: str) -> bytes:
    """A Word document with this body; `footnotes`, `endnotes`, `comments`, `header1` and others are its parts."""
    relations = {"styles": "styles", **{name: name.rstrip("0123456789") for name in parts if name != "core"}}
    files = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": _relations({"word/document.xml": "officeDocument", "docProps/core.xml": "core-properties"}),
        "word/document.xml": f"<w:document {_WORD}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "word/_rels/document.xml.rels": _relations({f"{name}.xml": kind for name, kind in relations.items()}),
        "word/styles.xml": styles,
    }
    for name, content in parts.items():
        root = name.rstrip("0123456789")
        path = "docProps/core.xml" if name == "core" else f"word/{name}.xml"
        files[path] = content if name == "core" else f"<w:{root} {_WORD}>{content}</w:{root}>"
    return archive(files)


def _relations(targets: Mapping[str, str]) -> str:
    entries = "".join(
        f'<Relationship Id="r{n}" Type="http://example.org/{kind}" Target="{target}"/>'
        for n, (target, kind) in enumerate(targets.items())
    )
    return f'<Relationships xmlns="{_RELATIONS}">{entries}</Relationships>'


def run(text: str) -> str:
    return f'<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr>{run(text)}</w:p>"


_ODF = (
    " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{space}:1.0"'
        for name, space in {
            **{name: name for name in ("office", "text", "table", "style", "meta")},
            "draw": "drawing",
            "fo": "xsl-fo-compatible",
            "svg": "svg-compatible",
        }.items()
    )
    + ' xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_MANIFEST = '<manifest xmlns="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">{}</manifest>'


def odt(body: str, *, automatic: str = "", styles: str = "", meta: str = "", manifest: str = "") -> bytes:
    """An OpenDocument text with this body and these automatic styles."""
    files = {
        "content.xml": f"<office:document-content {_ODF}><office:automatic-styles>{automatic}</office:automatic-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        "styles.xml": f"<office:document-styles {_ODF}><office:styles>{styles}</office:styles>"
        "</office:document-styles>",
        "meta.xml": f"<office:document-meta {_ODF}><office:meta>{meta}</office:meta></office:document-meta>",
        "META-INF/manifest.xml": _MANIFEST.format(manifest),
    }
    return archive(files, "application/vnd.oasis.opendocument.text")


def epub(pages: Mapping[str, str | bytes], *, metadata: str = "", nav: str | None = None, **parts: str) -> bytes:
    """A book of these pages (XHTML by name, in order)."""
    items = "".join(f'<item id="{name}" href="{name}" media-type="application/xhtml+xml"/>' for name in pages)
    spine = "".join(f'<itemref idref="{name}"/>' for name in pages)
    if nav is not None:
        items += '<item id="n" href="nav.xhtml" properties="nav" media-type="application/xhtml+xml"/>'
        spine = '<itemref idref="n"/>' + spine
    opf = (
        '<package xmlns="http://www.idpf.org/2007/opf" xmlns:dc="http://purl.org/dc/elements/1.1/" version="3.0">'
        f"<metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = (
        '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
        '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    )
    files: dict[str, str | bytes] = {"META-INF/container.xml": container, "OEBPS/book.opf": opf}
    files |= {f"OEBPS/{name}": text for name, text in pages.items()}
    files |= {"OEBPS/nav.xhtml": nav} if nav is not None else {}
    return archive({**files, **parts}, "application/epub+zip")


def xhtml(body: str, title: str = "") -> str:
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<!DOCTYPE html>\n<html xmlns="http://www.w3.org/1999/xhtml" '
        f'xmlns:epub="http://www.idpf.org/2007/ops"><head><title>{title}</title></head><body>{body}</body></html>'
    )


def as_text(blocks: Sequence[Block]) -> bytes:
    """A text as an editor has it: paragraphs between blank lines, lists and tables line by line."""
    parts, last = [], ""
    for kind, text in blocks:
        line = f"- {text}" if kind == "item" else text if isinstance(text, str) else "\t".join(text)
        parts += ["\n" if kind == last and kind in ("item", "row") else "\n\n", line]
        last = kind
    return "".join(parts[1:]).encode()


def as_markdown(blocks: Sequence[Block]) -> bytes:
    """The same in Markdown."""
    parts, last = [], ""
    for kind, text in blocks:
        if kind == "row":
            cells = list(text)
            lines = ["| " + " | ".join(cells) + " |"]
            lines += ["|" + "---|" * len(cells)] if last != "row" else []
        else:
            lines = [{"heading": "## ", "item": "- "}.get(kind, "") + str(text)]
        parts += ["\n" if kind == last and kind in ("item", "row") else "\n\n", *["\n".join(lines)]]
        last = kind
    return "".join(parts[1:]).encode()


def html_body(blocks: Sequence[Block]) -> str:
    """The same in HTML, the inside of its body."""
    parts, last = [], ""
    for kind, text in blocks:
        if kind != last:
            parts += [
                {"item": "</ul>", "row": "</table>"}.get(last, ""),
                {"item": "<ul>", "row": "<table>"}.get(kind, ""),
            ]
        if kind == "row":
            parts.append("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in text) + "</tr>")
        else:
            name = {"heading": "h2", "item": "li"}.get(kind, "p")
            parts.append(f"<{name}>{escape(str(text))}</{name}>")
        last = kind
    return "".join([*parts, {"item": "</ul>", "row": "</table>"}.get(last, "")])


def as_html(blocks: Sequence[Block]) -> bytes:
    return f"<!doctype html><html lang=en><meta charset=utf-8><title>T</title><body>{html_body(blocks)}".encode()


def as_docx(blocks: Sequence[Block]) -> bytes:
    """The same as a Word document."""
    parts, last = [], ""
    for kind, text in blocks:
        if kind == "row" or last == "row":
            parts.append("</w:tbl>" if last == "row" != kind else "<w:tbl>" if last != "row" else "")
        if kind == "row":
            parts.append("<w:tr>" + "".join(f"<w:tc>{paragraph(cell)}</w:tc>" for cell in text) + "</w:tr>")
        else:
            style = {"heading": '<w:pStyle w:val="H1"/>', "item": '<w:pStyle w:val="LB"/>'}.get(kind, "")
            parts.append(paragraph(str(text), style))
        last = kind
    return docx("".join([*parts, "</w:tbl>" if last == "row" else ""]))


def as_odt(blocks: Sequence[Block]) -> bytes:
    """The same as an OpenDocument text."""
    parts, last = [], ""
    opening = {"row": "<table:table>", "item": "<text:list>"}
    closing = {"row": "</table:table>", "item": "</text:list>"}
    for kind, text in blocks:
        if kind != last:
            parts += [closing.get(last, ""), opening.get(kind, "")]
        if kind == "row":
            cells = "".join(f"<table:table-cell><text:p>{escape(c)}</text:p></table:table-cell>" for c in text)
            parts.append(f"<table:table-row>{cells}</table:table-row>")
        elif kind == "item":
            parts.append(f"<text:list-item><text:p>{escape(str(text))}</text:p></text:list-item>")
        else:
            name = "h" if kind == "heading" else "p"
            parts.append(f"<text:{name}>{escape(str(text))}</text:{name}>")
        last = kind
    return odt("".join([*parts, closing.get(last, "")]))


def as_epub(blocks: Sequence[Block]) -> bytes:
    return epub({"one.xhtml": xhtml(html_body(blocks))})


def pandoc(source: Path, target: Path, *options: str) -> Path:
    """A document as pandoc makes it of another one."""
    assert PANDOC
    subprocess.run([PANDOC, "-s", str(source), "-o", str(target), *options], check=True, timeout=120)
    return target


def libreoffice(source: Path, suffix: str, folder: Path) -> Path:
    """A document as LibreOffice converts it; a profile of its own, so that several may run at once."""
    assert SOFFICE
    folder.mkdir(exist_ok=True)
    filters = {"docx": "docx:MS Word 2007 XML", "html": "html:HTML (StarWriter)"}
    profile = f"-env:UserInstallation={(folder / 'profile').resolve().as_uri()}"
    command = [
        SOFFICE,
        "--headless",
        profile,
        "--convert-to",
        filters.get(suffix, suffix),
        "--outdir",
        str(folder),
        str(source),
    ]
    subprocess.run(command, check=True, timeout=180, capture_output=True)
    return folder / f"{source.stem}.{suffix}"
