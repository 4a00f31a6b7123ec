"""`isoc-kg document`: the way of a document into a project, as its user sees it."""

import hashlib
import json
import re
import shutil
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from intake_files import docx, epub, paragraph, xhtml
from isoc_kg.project import load_project

if TYPE_CHECKING:
    import subprocess

Cli = Callable[..., "subprocess.CompletedProcess[str]"]
PAGE = (
    "<!doctype html><html lang=de><title>Protokoll</title><nav>x</nav><h1>Protokoll</h1>"
    "<p>Die Pumpe ist alt. Sie geht.{}"
)


@pytest.fixture
def project(cli: Cli, tmp_path: Path) -> Path:
    """The starter project, without what its own document brings."""
    cli("init", tmp_path / "kg", "--example", "bakery")
    return tmp_path / "kg"


def test_add_preview_list_build(cli: Cli, project: Path, tmp_path: Path) -> None:
    """Every format of one text, to the publication."""
    (tmp_path / "protokoll.html").write_text(PAGE.format(""))
    shown = cli("document", "preview", tmp_path / "protokoll.html", cwd=project)
    assert "1.1  heading   Protokoll\n" in shown.stdout
    assert "html, de: 3 units (1 heading, 2 sentences)\nleft out: 1 navigation block" in shown.stdout
    value = json.loads(cli("document", "preview", tmp_path / "protokoll.html", "--format", "json", cwd=project).stdout)
    assert [unit["text"] for unit in value["units"]] == ["Protokoll", "Die Pumpe ist alt.", "Sie geht."]
    assert value["units"][1]["place"] == {"selector": "html > body > p:nth-of-type(1)"}
    added = cli("document", "add", tmp_path / "protokoll.html", "--author", "Ada", cwd=project)
    assert "protokoll, edition 1: 3 units" in added.stdout
    assert "title     Protokoll (from the file)" in added.stdout
    assert "language  de (from the file)" in added.stdout
    assert "author    Ada\n" in added.stdout
    assert "unknown: publisher, date, source" in added.stdout
    assert "left out: 1 navigation block" in added.stdout
    again = cli("document", "add", tmp_path / "protokoll.html", cwd=project)
    assert "has been added already: protokoll, edition 1" in again.stdout
    rows = json.loads(cli("document", "list", "--format", "json", cwd=project).stdout)
    assert [(row["document"], row["units"], row["text_at_hand"]) for row in rows] == [
        ("about", 5, True),
        ("protokoll", 3, True),
    ]
    assert "protokoll, edition 1  de  3 units  Protokoll" in cli("document", "list", cwd=project).stdout
    settings = project / "kg.toml"
    before = settings.read_text(encoding="utf-8")
    settings.write_text(before.replace('title = "Protokoll"', 'title = "Proto\\nkoll"'), encoding="utf-8")
    assert "3 units  Proto koll\n" in cli("document", "list", cwd=project).stdout
    settings.write_text(before, encoding="utf-8")
    cli("build", cwd=project)
    assert "char=11,29" in "".join(path.read_text() for path in (project / "out").glob("*.ttl"))


def test_an_address(cli: Cli, project: Path, tmp_path: Path) -> None:
    """The page alone is fetched; kg.toml keeps where from, when, and its digest."""
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            body = PAGE.format("<img src=/a.png><link rel=stylesheet href=/b.css>").encode("cp1252")
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=windows-1252")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{server.server_address[1]}/minutes/may"
    try:
        done = cli("document", "add", url + "#top", cwd=project)
        assert f"source    {url}\n" in done.stdout
        assert "has been added already" in cli("document", "add", url, cwd=project).stdout
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert set(asked) == {"/minutes/may"}
    document = load_project(project).documents[-1]
    assert (document.slug, document.source, document.unknown) == ("may", url, ("author", "publisher", "date"))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", str(document.fetched))
    assert document.original is not None
    assert document.original.name == "may-1.html"
    assert hashlib.sha256(document.original.read_bytes()).hexdigest() == document.original_sha256
    cli("build", cwd=project)


def test_a_changed_file(cli: Cli, project: Path, tmp_path: Path) -> None:
    """Exit code 2, and what to do; then it is done."""
    page = tmp_path / "p.html"
    page.write_text(PAGE.format(""))
    cli("document", "add", page, cwd=project)
    page.write_text(PAGE.format(" Ja."))
    refused = cli("document", "add", page, cwd=project, code=2)
    assert "p has a document of this name already" in refused.stderr
    assert "--slug p --edition 2" in refused.stderr
    cli("document", "add", page, "--slug", "p", "--edition", "2", cwd=project)
    assert [(d.slug, d.revision_of) for d in load_project(project).documents] == [
        ("about", None),
        ("p", None),
        ("p", "1"),
    ]
    cli("build", cwd=project)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "a.doc: it is a document of an old Office program"),
        ("a.docx", docx(paragraph("a"))[:300], "a.docx: the archive is damaged or cut off"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "Recognize its text first (OCR)"),
        ("a.txt", b"\xff\xfe\xff", "a.txt:1: not UTF-16"),
    ],
)
def test_what_cannot_be_read(cli: Cli, project: Path, tmp_path: Path, name: str, content: bytes, message: str) -> None:
    """Exit code 3, the file and the advice; nothing is written."""
    (tmp_path / name).write_bytes(content)
    before = sorted(project.rglob("*"))
    for command in ("add", "preview"):
        assert message in cli("document", command, tmp_path / name, cwd=project, code=3).stderr
    assert sorted(project.rglob("*")) == before


def test_wrong_options(cli: Cli, project: Path, tmp_path: Path) -> None:
    """Exit code 2."""
    (tmp_path / "a.txt").write_text("A.")
    assert "no format “word”" in cli("document", "add", tmp_path / "a.txt", "--as", "word", cwd=project, code=2).stderr
    assert "must be an IRI" in cli("document", "add", tmp_path / "a.txt", "--source", "x y", cwd=project, code=2).stderr
    assert "there is no kg.toml in this folder" in cli("document", "add", tmp_path / "a.txt", code=3).stderr
    assert "No such file" in cli("document", "add", tmp_path / "b.txt", cwd=project, code=3).stderr
    refused = cli("document", "add", tmp_path, "--title", "T", cwd=project, code=2)
    assert "applies to one document, not to a folder" in refused.stderr


def test_a_folder(cli: Cli, project: Path, tmp_path: Path) -> None:
    """Files of all formats; one that fails is named at the end, exit code 1, and the others stay."""
    folder = tmp_path / "many"
    (folder / "more").mkdir(parents=True)
    (folder / ".hidden").write_text("x")
    (folder / "notes.md").write_text("# Notes\n\nA pump.")
    (folder / "notes.txt").write_text("Another text. It is short.")
    (folder / "copy.txt").write_text("Another text. It is short.")
    (folder / "more/minutes.docx").write_bytes(docx(paragraph("The pump is sold.")))
    (folder / "more/book.epub").write_bytes(epub({"a.xhtml": xhtml("<p>A book.</p>")}))
    (folder / "broken.docx").write_bytes(b"PK\x03\x04")
    done = cli("document", "add", folder, "--publisher", "The council", cwd=project, code=1)
    assert "4 documents added, 1 already there, 1 file not added" in done.stdout
    assert done.stderr.count("error:") == 1
    assert "broken.docx: the archive is damaged" in done.stderr
    documents = load_project(project).documents[1:]
    assert sorted(document.slug for document in documents) == ["book", "copy", "minutes", "notes"]
    assert {document.publisher for document in documents} == {"The council"}
    (folder / "broken.docx").unlink()
    (folder / "notes.html").write_text("<!doctype html><p>A third text of this name.")
    shutil.rmtree(project / "documents")
    done = cli("document", "add", folder, cwd=project)
    assert "5 documents added, 1 already there" in done.stdout  # four texts are at hand again
    assert "notes-html" in done.stdout
    assert "0 documents added, 6 already there" in cli("document", "add", folder, cwd=project).stdout
    shutil.rmtree(project / "documents")
    (project / "documents").mkdir()


def test_the_projects_own_folder_of_documents(cli: Cli, project: Path) -> None:
    """Originals that lie there are added, texts that were taken out of them are not."""
    (project / "documents/minutes.docx").write_bytes(docx(paragraph("The pump is sold.")))
    assert "1 document added" in cli("document", "add", project / "documents", cwd=project).stdout
    assert "there are no documents in" in cli("document", "add", project / "documents", cwd=project, code=2).stderr
