"""What the gate stops is stopped before every command that would let it out: build, publish, load, serve."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from subprocess import CompletedProcess

Run = Callable[..., "CompletedProcess[str]"]
PREFIXES = """@prefix : <https://harbour.example/kg/id/> . @prefix h: <https://harbour.example/kg/ontology#> .
@prefix g: <https://harbour.example/kg/document/guide/1#> . @prefix schema: <https://schema.org/> .
@prefix ev: <https://w3id.org/isoc-kg/evidence#> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
#: Fault → what is added to the facts, or the words of the text that are exchanged, and what is said of it.
FAULTS = {
    "violating facts": (":old-harbour schema:description 5 {| ev:supportedBy g:2.1 |} .", "", "zz.ttl:4"),
    "an unknown term": (':old-harbour h:nmae "x"@en {| ev:supportedBy g:2.1 |} .', "", "h:nmae|harbour:nmae"),
    "a number that is not in the text": (
        ':old-harbour schema:foundingDate "1654"^^xsd:gYear {| ev:supportedBy g:2.1 |} .',
        "",
        "digits: ",
    ),
    "a text with other words": ("", "Two cranes", "not the words of guide, edition 1"),
}
COMMANDS = {
    "build": ("build", "-o", "out"),
    "publish": ("publish", "-o", "site"),
    "load": ("load", "--to", "oxigraph", "--endpoint", "http://127.0.0.1:1/"),
    "load --dry-run": ("load", "--to", "oxigraph", "--endpoint", "http://127.0.0.1:1/", "--dry-run"),
    "serve": ("serve", "--port", "0"),
}


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_gets_out(harbour: Path, cli: Run, tmp_path: Path, fault: str, command: str) -> None:
    """Exit 1, the fault by its place, and nothing written, sent or served."""
    turtle, words, wanted = FAULTS[fault]
    if turtle:
        (harbour / "facts" / "zz.ttl").write_text(PREFIXES + turtle + "\n", encoding="utf-8")
    else:
        text = harbour / "documents" / "guide.txt"
        text.write_text(text.read_text(encoding="utf-8").replace(words, "Nine cranes"), encoding="utf-8")
    done = cli(*COMMANDS[command], "--project", harbour, code=1)
    assert any(part in done.stderr for part in wanted.split("|")), done.stderr
    assert done.stdout == ""
    assert not (tmp_path / "out").exists()
    assert not (tmp_path / "site").exists()
