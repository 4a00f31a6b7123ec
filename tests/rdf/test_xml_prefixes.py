"""Namespaces that RDF/XML declares are the prefixes of what is read."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from isoc_kg.cli import cli
from isoc_kg.formats import RDFXML
from isoc_kg.rdf.files import RdfFile, read_files

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
T = "http://tea.example/"


def prefixes(*documents: str) -> dict[str, str]:
    found = read_files([RdfFile(text.encode(), RDFXML, "text") for text in documents])[1]
    found.pop("rdf")
    return found


TYPE = f'<rdf:type rdf:resource="{T}Leaf"/>'


def document(declared: str, inner: str = TYPE, prolog: str = "") -> str:
    return f'{prolog}<rdf:RDF {RDF} {declared}><rdf:Description rdf:about="{T}a">{inner}</rdf:Description></rdf:RDF>'


REWRITTEN = '<t:v xmlns:t="http://t/"><![CDATA[x]]></t:v>'  # the engine does not read this as it is
LITERAL = '<t:v xmlns:t="http://t/" rdf:parseType="Literal"><s:svg xmlns:s="http://s/" xmlns="http://d/"/></t:v>'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (document(f'xmlns:tea="{T}" xmlns="{T}x#"'), {"tea": T, "": T + "x#"}),
        (document(f"xmlns:tea='{T}'\n xmlns:é='{T}'"), {"tea": T, "é": T}),
        (document('xmlns:tea="&t;a/"', prolog=f'<!DOCTYPE rdf:RDF [<!ENTITY t "{T}">]>'), {"tea": T + "a/"}),
        (document(f'xmlns:tea="{T}"', REWRITTEN), {"tea": T, "t": "http://t/"}),
        (document(f'xmlns:t="{T}"', REWRITTEN), {"t": T}),
        (document(f'xmlns:t="{T}"', '<t:v xmlns:t="http://other/" xmlns="http://d/">x</t:v>'), {"t": T}),
        (document("", LITERAL), {"t": "http://t/"}),
        (document(f'xmlns:_t="{T}" xmlns:r="relative#" xmlns:x.="{T}" xmlns:j.0="{T}"'), {"j.0": T}),
        (f'<t:Leaf xmlns:t="{T}" {RDF} rdf:about="{T}a"/>', {"t": T}),
        (f'<!-- xmlns:no="http://no/" -->{document(f"""xmlns:t="{T}" """)}', {"t": T}),
    ],
)
def test_declared(text: str, expected: dict[str, str]) -> None:
    """By the root element before others, with entities; none that Turtle could not write; none of an XML literal."""
    assert prefixes(text) == expected


def test_the_last_file_counts_as_in_turtle() -> None:
    """Of one prefix in two files."""
    assert prefixes(document('xmlns:t="http://1/"'), document('xmlns:t="http://2/"')) == {"t": "http://2/"}


def test_commands_know_them(tmp_path: Path) -> None:
    """Descriptions, queries and exports."""
    path = tmp_path / "tea.rdf"
    path.write_text(document(f'xmlns:tea="{T}"'))

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(cli, arguments)
        assert done.exit_code == 0, done.output
        return done.output

    assert "a tea:Leaf" in run("describe", "--data", str(path), "tea:a")
    assert "tea:Leaf" in run("query", "--data", str(path), "SELECT ?c { tea:a a ?c }")
    run("export", str(path), "-o", str(tmp_path / "tea.ttl"))
    assert "tea:a a tea:Leaf ." in (tmp_path / "tea.ttl").read_text()
