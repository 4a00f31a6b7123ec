"""--from, --base, --context and every form of input in the commands that read files."""

import gzip
import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from isoc_kg.cli import main
from isoc_kg.errors import LimitExceeded, ParseError
from isoc_kg.limits import Limits
from isoc_kg.namespaces import RDF
from isoc_kg.rdf.content import unpacked

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> .
<#S> a sh:NodeShape ; sh:targetSubjectsOf <http://e/p> ; sh:property <#P> .
<#P> sh:path <http://e/p> ; sh:maxCount 1 .
"""
READING = ("validate", "export", "query", "describe", "diff", "publish", "serve", "load")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Files with relative IRIs, a remote context and odd names, in the current folder."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "me.ttl").write_text('<#me> <http://e/p> "x" .')
    (tmp_path / "data.odd").write_text('<http://e/a> <http://e/p> "x", "y" .')
    (tmp_path / "shapes.ttl").write_text(SHAPES)
    (tmp_path / "remote.jsonld").write_text('{"@context": "http://c/", "@id": "http://e/a", "p": "x"}')
    (tmp_path / "context.json").write_text('{"@context": {"@vocab": "http://e/"}}')
    (tmp_path / "q.rq").write_bytes(b"\xef\xbb\xbfSELECT ?s { ?s ?p ?o }")
    return tmp_path


def run(*arguments: str, capfd: pytest.CaptureFixture[str]) -> tuple[int, str, str]:
    capfd.readouterr()
    code = 0
    try:
        main(arguments)
    except SystemExit as ended:
        code = int(ended.code or 0)
    out, err = capfd.readouterr()
    return code, out, err


def test_every_command_that_reads_files_has_the_options() -> None:
    """And says so."""
    from isoc_kg.cli import cli

    for name in READING:
        done: Result = CliRunner().invoke(cli, [name, "--help"])
        for option in ("--from", "--base", "--context"):
            assert option in done.output, (name, option)


def test_relative_iris_in_every_command(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """What answers resolves them against the file and tells; what writes data elsewhere wants a base."""
    own = (folder / "me.ttl").as_uri()
    ask = "SELECT ?s { ?s ?p ?o }"
    for arguments, expected in (
        (("query", "--data", "me.ttl", ask), 0),
        (("validate", "--shapes", "shapes.ttl", "me.ttl"), 0),
        (("diff", "me.ttl", "me.ttl"), 0),
    ):
        code, _, err = run(*arguments, capfd=capfd)
        assert code == expected, err
        assert err.count(f"<{own}>") == 1
        assert "--base" in err
    for arguments in (
        ("export", "me.ttl"),
        ("publish", "me.ttl", "-o", "site"),
        ("load", "me.ttl", "--endpoint", "http://localhost:1/", "--to", "oxigraph", "--dry-run"),
    ):
        code, _, err = run(*arguments, capfd=capfd)
        assert (code, "relative IRI" in err, "--base" in err) == (3, True, True)
        code, _, err = run(*arguments, "--base", "http://b/c", capfd=capfd)
        assert (code, own in err) == (0, False)
    code, out, err = run("query", "--data", "me.ttl", "--base", "http://b/c", "--format", "csv", ask, capfd=capfd)
    assert (code, out.splitlines()[1:], err) == (0, ["http://b/c#me"], "")
    code, _, err = run("publish", "me.ttl", "-o", "other", "--base", "http://b/c/", capfd=capfd)
    assert (code, own in err) == (0, False)
    assert not any(own.encode() in path.read_bytes() for path in (folder / "other").rglob("*") if path.is_file())
    assert run("export", "me.ttl", "--base", "no base", capfd=capfd)[0] == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("d.ttl", '<> <http://e/p> "x" .'),
        ("d.trig", '<g> { <http://e/a> <http://e/p> "x" }'),
        ("d.rdf", f'<r:RDF xmlns:r="{RDF.iri}" xmlns:e="http://e/"><e:T r:about=""/></r:RDF>'),
        ("d.jsonld", '{"@id": "", "http://e/p": "x"}'),
    ],
)
def test_no_folder_of_the_author_is_published(
    name: str, text: str, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """Without a base, nothing is written, nor served where others reach it; with one, all is below it."""
    (folder / name).write_text(text)
    for arguments in (
        ("publish", name, "-o", "site"),
        ("serve", name, "--host", "0.0.0.0", "--port", "0"),
        ("serve", name, "--root-path", "/kg", "--port", "0"),
    ):
        code, _, err = run(*arguments, capfd=capfd)
        assert (code, "--base" in err, name in err) == (3, True, True), err
    assert not (folder / "site").exists()
    code, _, err = run("publish", name, "-o", "site", "--base", "http://b/c/", capfd=capfd)
    assert code == 0, err
    written = [path.read_bytes() for path in (folder / "site").rglob("*") if path.is_file()]
    assert not any(b"file://" in content or bytes(folder) in content for content in written)
    assert any(b"<http://b/c/" in content for content in written)


#: What relative IRIs may stand in → the command line; {} is the file, whose thing is the focus node or its class.
USES = {
    "data": ["validate", "{}", "--shapes", "by-class.ttl"],
    "shapes": ["validate", "thing.ttl", "--shapes", "{}"],
    "ontology": ["validate", "thing.ttl", "--shapes", "by-class.ttl", "--ontology", "{}"],
    "import": ["validate", "imports.ttl", "--shapes", "by-class.ttl", "--import", "http://e/i={}"],
    "import of shapes": ["validate", "thing.ttl", "--shapes", "imports.ttl", "--import", "http://e/i={}"],
}
CLASSES = "@prefix s: <http://www.w3.org/2000/01/rdf-schema#> . <#Lower> s:subClassOf <#Upper> ."
BY_CLASS = """@prefix sh: <http://www.w3.org/ns/shacl#> .
{shape} a sh:NodeShape ; sh:targetClass {upper} ; sh:property [ sh:path <http://e/p> ; sh:minCount 1 ] ."""


@pytest.mark.parametrize("use", USES)
@pytest.mark.parametrize("base", ["http://b/c", None])
def test_the_base_of_every_file(use: str, base: str | None, folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A result is found only where the files agree on what is relative to what."""
    imported = use.startswith("import")
    own = base or ("http://e/i" if imported else (folder / "file.ttl").as_uri())
    lower, upper = f"<{own}#Lower>", f"<{own}#Upper>"
    (folder / "by-class.ttl").write_text(BY_CLASS.format(shape="<http://e/S>", upper=upper))
    thing = f"<http://e/thing> a {lower} ."
    (folder / "thing.ttl").write_text(thing if "shapes" not in use else thing.replace("Lower", "Upper"))
    imports = "<http://e/o> <http://www.w3.org/2002/07/owl#imports> <http://e/i> ."
    (folder / "imports.ttl").write_text(imports + ("" if "shapes" in use else thing))
    file = {"data": f"<#it> a <#Upper> . {CLASSES}"}.get(use, CLASSES)
    (folder / "file.ttl").write_text(BY_CLASS.format(shape="<#S>", upper="<#Upper>") if "shapes" in use else file)
    arguments = [word.replace("{}", "file.ttl") for word in USES[use]]
    code, out, err = run(*arguments, *(["--base", base] if base else []), capfd=capfd)
    assert code == 1, out + err
    assert (f"{own}#it" if use == "data" else "http://e/thing") in out
    assert ("--base" in err) == (base is None and not imported)


def test_diff_has_one_base(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A file in two places, and folders of such files, are the same; the base is told."""
    text = "<> a <http://e/Ontology> . <#a> <http://e/p> <b>, [ <http://e/q> <> ] ."
    for name in ("old/a.ttl", "old/sub/b.ttl", "new/a.ttl", "new/sub/b.ttl"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    for pair in (("old/a.ttl", "new/sub/b.ttl"), ("old", "new")):
        code, out, err = run("diff", *pair, capfd=capfd)
        assert (code, out) == (0, "0 added, 0 removed\n"), out
        assert "one base" in err
        assert f"<{(folder / 'new').as_uri()}/" in err
    code, out, err = run("diff", "old/a.ttl", "new/a.ttl", "--base", "http://b/", capfd=capfd)
    assert (code, out, err) == (0, "0 added, 0 removed\n", "")
    (folder / "new" / "a.ttl").write_text(text + " <#a> <http://e/p> <c> .")
    code, out, _ = run("diff", "old", "new", capfd=capfd)
    assert (code, out.splitlines()[-1]) == (1, "1 added, 0 removed")


def test_formats_are_named_in_every_command(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A file whose name tells nothing is told by its content, or by --from, which goes before it."""
    for more, code in ((), 0), (("--from", "ttl"), 0), (("--from", "nt"), 3), (("--from", "none"), 2):
        for arguments in (
            ("export", "data.odd"),
            ("query", "--data", "data.odd", "-f", "q.rq"),
            ("diff", "data.odd", "data.odd"),
        ):
            assert run(*arguments, *more, capfd=capfd)[0] == code, (arguments, more)
        assert run("validate", "--shapes", "shapes.ttl", "data.odd", *more, capfd=capfd)[0] == (code or 1)


def test_contexts_are_named(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The message for one that is not at hand has the option."""
    code, _, err = run("export", "remote.jsonld", capfd=capfd)
    assert code == 3
    assert "--context http://c/=FILE" in err
    code, out, _ = run("export", "remote.jsonld", "--format", "nt", "--context", "http://c/=context.json", capfd=capfd)
    assert (code, out) == (0, '<http://e/a> <http://e/p> "x" .\n')
    for given in ("http://c/", "http://c/=none.json", "=context.json"):
        assert run("export", "remote.jsonld", "--context", given, capfd=capfd)[0] == 2


def test_marks_in_what_is_ours(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """A project whose kg.toml, facts and queries begin with a byte order mark is read."""
    assert run("init", "mine", "--example", "bakery", capfd=capfd)[0] == 0
    for path in [*(folder / "mine").rglob("*.ttl"), *(folder / "mine").rglob("*.rq"), folder / "mine" / "kg.toml"]:
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    code, _, err = run("build", "--project", "mine", capfd=capfd)
    assert code == 0, err
    assert issubclass(ParseError, Exception)


def archive(**files: str) -> bytes:
    """A zip archive in memory."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, text in files.items():
            opened.writestr(name.replace("__", "/").replace("_", "."), text)
    return made.getvalue()


@pytest.mark.parametrize("compressed", [False, True])
def test_an_archive_from_standard_input(
    compressed: bool, folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Each RDF file of it, as of a path: the same, relative IRIs too."""
    data = archive(b__me_ttl='<#me> <http://e/p> "x" .', a_nt='<http://e/a> <http://e/p> "y" .', readme_md="none")
    (folder / "both.zip").write_bytes(data)
    sent = gzip.compress(data) if compressed else data
    written = []
    for name in ("-", "both.zip"):
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(sent)))
        assert run("export", name, "--base", "http://b/", "-o", "out.nt", capfd=capfd)[0] == 0
        written.append((folder / "out.nt").read_text())
    assert written[0] == written[1] == '<http://b/#me> <http://e/p> "x" .\n<http://e/a> <http://e/p> "y" .\n'


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (archive(readme_md="none"), "standard input: there is no RDF file in the archive."),
        (archive(a_zip="none"), "standard input: there is no RDF file in the archive, but another archive, a.zip."),
        (archive(a_ttl="<http://e/a> <http://e/p> ?x ."), "standard input/a.ttl:1:"),
        (archive(a_ttl="x")[:40], "standard input: cannot be decompressed"),
    ],
    ids=["nothing", "archive", "faulty", "truncated"],  # an archive has the time in it
)
@pytest.mark.usefixtures("folder")
def test_an_archive_that_is_none(
    data: bytes, message: str, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """The message names the member, or what is missing."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
    code, _, error = run("export", "-", capfd=capfd)
    assert code in (2, 3), error
    assert message in error


def test_an_archive_that_grows_together() -> None:
    """The members of one that cannot be read again are kept, so all of them count."""
    data = archive(a_nt="#" * 600, b_nt="#" * 600)
    assert len(list(unpacked(data, Limits(max_file_bytes=1_200), "it"))) == 2
    with pytest.raises(LimitExceeded, match="together"):
        list(unpacked(data, Limits(max_file_bytes=1_000), "it"))


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ("<e:p><e:A/><e:B/></e:p>", "a second value in one property element"),
        ("<e:p>x<e:B/></e:p>", "a second value in one property element"),
        ("<e:p><e:B/>x</e:p>", "the text “x” stands where RDF/XML allows none"),
    ],
)
@pytest.mark.usefixtures("folder")
def test_two_values_in_one_property_element(inner: str, message: str, capfd: pytest.CaptureFixture[str]) -> None:
    """What is wrong, the line, and what to write."""
    rdf = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    text = f'<rdf:RDF {rdf} xmlns:e="http://e/">\n<e:T rdf:about="http://e/a">{inner}</e:T></rdf:RDF>'
    Path("two.rdf").write_text(text)
    code, _, error = run("export", "two.rdf", capfd=capfd)
    assert code == 3
    assert f"two.rdf:2: {message}" in error
    assert "property element" in error.splitlines()[-1]


def test_a_thing_by_an_unknown_prefix(folder: Path, capfd: pytest.CaptureFixture[str]) -> None:
    """The whole IRI is named where the prefix is in wide use."""
    _, _, error = run("describe", "--data", "data.odd", "--from", "ttl", "doap:Project", capfd=capfd)
    assert "<http://usefulinc.com/ns/doap#Project>" in error
    _, _, error = run("describe", "--data", "data.odd", "--from", "ttl", "Chapter 2: the end", capfd=capfd)
    assert "Give a label" in error
