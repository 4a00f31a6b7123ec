"""Files that cannot be read, in every command that reads files: one message with the file, exit code 3."""

import gzip
import io
import os
import threading
import warnings
import zipfile
from pathlib import Path

import pytest

from isoc_kg.cli import main

GOOD = b'<http://e/a> <http://e/p> "x" .\n'
SHAPES = b"""@prefix sh: <http://www.w3.org/ns/shacl#> .
<http://e/S> a sh:NodeShape ; sh:targetSubjectsOf <http://e/p> ; sh:property [ sh:path <http://e/p> ; sh:maxCount 5 ] .
"""
IMPORTS = b"<http://e/o> <http://www.w3.org/2002/07/owl#imports> <http://e/i> .\n"
QUERY = "SELECT ?s { ?s ?p ?o }"


def archive(**members: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name, data in members.items():
            file.writestr(name.replace("_", "."), data)
    return out.getvalue()


#: Use → the command line; {} is the file.
COMMANDS = {
    "validate": ["validate", "{}", "--shapes", "shapes.ttl"],
    "shapes": ["validate", "good.ttl", "--shapes", "{}"],
    "ontology": ["validate", "good.ttl", "--shapes", "shapes.ttl", "--ontology", "{}"],
    "import": ["validate", "imports.ttl", "--shapes", "shapes.ttl", "--import", "http://e/i={}"],
    "export": ["export", "{}"],
    "query": ["query", "--data", "{}", QUERY],
    "describe": ["describe", "--data", "{}", "http://e/a"],
    "old": ["diff", "{}", "good.ttl"],
    "new": ["diff", "good.ttl", "{}"],
    "publish": ["publish", "{}", "-o", "site"],
    "serve": ["serve", "{}", "--port", "0"],
    "load": ["load", "{}", "--to", "oxigraph", "--endpoint", "http://127.0.0.1:9/", "--dry-run"],
}
#: Name of a file → its content (None: it is made otherwise) and what the message says.
FILES: dict[str, tuple[bytes | None, str]] = {
    "missing.ttl": (None, "cannot be read: no such file or directory"),
    "good.ttl/below": (None, "cannot be read: not a directory"),
    "folder": (None, "there is no RDF file in the folder"),
    "secret.ttl": (None, "cannot be read: permission denied"),
    "binary.ttl": (bytes(range(256)), "it looks like a binary file"),
    "empty.rdf": (b"", "not well-formed XML"),
    "empty.ttl.gz": (b"", "cannot be decompressed: it is empty"),
    "empty.zip": (b"", "cannot be decompressed: it is empty"),
    "cut.ttl.gz": (gzip.compress(GOOD * 99)[:40], "cannot be decompressed: compressed file ended"),
    "wrong.ttl.gz": (b"\x1f\x8bnothing that gzip made", "cannot be decompressed: unknown compression method"),
    "wrong.ttl.bz2": (b"BZhnothing", "cannot be decompressed: invalid data stream"),
    "wrong.ttl.xz": (b"\xfd7zXZ\0nothing", "cannot be decompressed: corrupt input data"),
    "wrong.zip": (b"PK\x03\x04nothing", "cannot be decompressed: file is not a zip file"),
    "twice.ttl.gz": (gzip.compress(gzip.compress(GOOD)), "a compressed file within a compressed one"),
    "nested.zip": (archive(in_zip=archive(a_ttl=GOOD)), "but another archive, in.zip"),
    "nothing.zip": (archive(), "there is no RDF file in the archive"),
    "renamed.zip": (archive(a_ttl=archive(b_ttl=GOOD)), "it looks like a zip archive"),
    "page.ttl": (b"<!DOCTYPE html>\n<html><body>Not found</body></html>", "it looks like a web page (HTML)"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name, data in {"good.ttl": GOOD, "shapes.ttl": SHAPES, "imports.ttl": IMPORTS}.items():
        (tmp_path / name).write_bytes(data)
    (tmp_path / "folder").mkdir()
    for name, (content, _) in FILES.items():
        if content is not None:
            (tmp_path / name).write_bytes(content)
    return tmp_path


@pytest.fixture(autouse=True)
def warnings_as_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line shows warnings in its own way."""
    monkeypatch.setattr("warnings.showwarning", warnings.showwarning)


def run(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    capfd.readouterr()
    code = 0
    try:
        main(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    return code, *capfd.readouterr()


@pytest.mark.parametrize("use", COMMANDS)
def test_one_message(
    use: str, folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It begins with the file; nothing is written."""
    secret = folder / "secret.ttl"
    secret.write_bytes(GOOD)
    opened = os.open

    def locked(path: str | Path, *more: int, **named: int) -> int:  # the superuser may read every file
        if Path(path).name == secret.name:
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *more, **named)

    monkeypatch.setattr(os, "open", locked)
    for name, (_, message) in FILES.items():
        if use == "import" and not Path(name).exists():
            continue  # a value of the option that is none: a usage error
        code, _, err = run([word.replace("{}", name) for word in COMMANDS[use]], capfd)
        assert (code, err.count("error: ")) == (3, 1), (name, err)
        assert err.startswith(f"error: {name}"), (name, err)
        assert message in err, (name, err)
    assert not (folder / "site").exists()


#: Uses in which a command ends with 0 when the file is GOOD.
READ = ("validate", "ontology", "export", "query", "describe", "old", "new", "load", "publish")


@pytest.mark.parametrize("use", READ)
def test_a_pipe_is_read_once(use: str, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """As shells make them for <(…)."""
    pipe = folder / "pipe.ttl"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(GOOD,), daemon=True)
    writer.start()
    code, _, err = run([word.replace("{}", "pipe.ttl") for word in COMMANDS[use]], capfd)
    writer.join(20)
    assert code == 0, err


@pytest.mark.parametrize("use", [*READ, "shapes"])
def test_standard_input(
    use: str, folder: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """- is read, compressed or not; what nothing tells the format of is named."""
    text = SHAPES if use == "shapes" else GOOD
    arguments = [word.replace("{}", "-") for word in COMMANDS[use]]
    for data, expected in ((text, 0), (gzip.compress(text), 0), (b"x", 2)):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        code, _, err = run(arguments, capfd)
        assert code == expected, err
        assert ("format of standard input is not known" in err) == bool(expected)


@pytest.mark.filterwarnings("always::isoc_kg.errors.DataWarning")
@pytest.mark.parametrize("use", ["validate", "export", "query", "old"])
def test_what_is_empty_is_told(use: str, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A file without statements is read, with a note."""
    (folder / "empty.ttl").write_bytes(b"# nothing\n")
    code, _, err = run([word.replace("{}", "empty.ttl") for word in COMMANDS[use]], capfd)
    assert code == (1 if use == "old" else 0)
    assert "note: empty.ttl: no statements in it." in err
