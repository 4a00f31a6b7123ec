"""JSON-LD written with a context that the document names by its address."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from isoc_kg.cli import cli

URL = "https://contexts.example/people"
TURTLE = """@prefix v: <http://v/> .
<http://e/1> a v:Person ; v:name "A"@en, "B" ; v:knows <http://e/2> ; v:born "2000"^^<http://v/year> .
"""
CONTEXT = {"@vocab": "http://v/", "id": "@id", "knows": {"@type": "@id"}, "born": {"@type": "http://v/year"}}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("data.ttl").write_text(TURTLE)
    Path("copy.json").write_text(json.dumps({"@context": CONTEXT}))
    return tmp_path


def export(*words: str) -> Result:
    return CliRunner().invoke(cli, ["export", *words])


def test_documents_name_the_context_and_come_back(folder: Path) -> None:
    """Alone, or in an array of a file beside terms of its own."""
    (folder / "more.json").write_text(json.dumps({"@context": [URL, {"w": "http://w/"}]}))
    expected = export("data.ttl", "--format", "nt").output
    for context, written in ((URL, URL), ("more.json", [URL, {"w": "http://w/"}])):
        copy = ("--context", f"{URL}=copy.json")
        done = export("data.ttl", "--write-context", context, *copy, "-o", "out.jsonld")
        assert (done.exit_code, done.output) == (0, "")
        document = json.loads(Path("out.jsonld").read_text())
        assert document["@context"] == written
        assert document["@graph"][0]["knows"] == "http://e/2"
        assert export("out.jsonld", *copy, "--format", "nt").output == expected


def test_a_file_is_written_out(folder: Path) -> None:
    """A context named by its file stands in the document."""
    document = json.loads(export("data.ttl", "--format", "jsonld", "--write-context", "copy.json").output)
    assert document["@context"] == CONTEXT


@pytest.mark.parametrize("context", [URL, "more.json"])
def test_contexts_without_a_copy_are_refused_by_name(folder: Path, context: str) -> None:
    """The message names the option."""
    (folder / "more.json").write_text(json.dumps({"@context": [URL]}))
    done = export("data.ttl", "--format", "jsonld", "--write-context", context)
    assert done.exit_code != 0
    assert f"--context {URL}=FILE" in str(done.exception)


def test_contexts_that_would_change_the_data_are_refused(folder: Path) -> None:
    """Whatever is written says the same when it is read."""
    (folder / "copy.json").write_text(json.dumps({"@context": {"name": None, "@vocab": "http://v/", "Person": "@id"}}))
    done = export("data.ttl", "--format", "jsonld", "--write-context", URL, "--context", f"{URL}=copy.json")
    assert done.exit_code == 0 or "would change it" in str(done.exception)
    assert done.exit_code != 0 or json.loads(done.output)["@context"] == URL


def test_other_formats_have_no_context(folder: Path) -> None:
    """Said, not passed over."""
    assert export("data.ttl", "--format", "nt", "--write-context", "copy.json").exit_code != 0
