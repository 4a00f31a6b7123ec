"""Facts about what the build describes itself: units, editions, claims; and texts that no XML can carry."""

import re
from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.project import load_project

HEAD = """@prefix schema: <https://schema.org/> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ev: <https://w3id.org/isoc-kg/evidence#> . @prefix oa: <http://www.w3.org/ns/oa#> .
@prefix id: <https://harbour.example/kg/id/> . @prefix g: <https://harbour.example/kg/document/guide/1#> .
@prefix d: <https://harbour.example/kg/document/> . @prefix c: <https://harbour.example/kg/claim/> .
"""
NOTE = '{| skos:editorialNote "ours"@en |}'


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        (f"g:2.1 oa:hasSelector id:fq {NOTE} .", "is described by the build"),
        (f'g:2.1 oa:exact "Nobody was here." {NOTE} .', "is described by the build"),
        (f"<https://harbour.example/kg/document/guide/1#2.1.quote> oa:exact 'x' {NOTE} .", "is described by the build"),
        (f"<https://harbour.example/kg/document/guide/1> schema:author id:oak {NOTE} .", "is described by the build"),
        (f"d:guide schema:name 'x'@en {NOTE} .", "is described by the build"),
        (f"c:cranes.0123456789abcdef skos:note 'x'@en {NOTE} .", "is described by the build"),
        (f"id:oak ev:unitKind ev:Sentence {NOTE} .", "is a term of evidence"),
        (f"id:fake a ev:Unit {NOTE} .", "is a term of evidence"),
        (f"id:oak ev:retracted 'never'@en {NOTE} .", "is a term of evidence"),
        ('id:oak schema:alternateName "a\\u001Bb"@en {| ev:supportedBy g:2.2 |} .', r"control character, U\+001B"),
        ('id:oak schema:alternateName "o"@en {| ev:supportedBy g:2.2 ;\n ev:retracted "\\u001B"@en |} .',
         r"control character, U\+001B"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("folder", ["facts", "ontology"])
def test_forged(harbour: Path, fact: str, message: str, folder: str) -> None:
    """The line is named, in facts and in alignments."""
    path = harbour / folder / ("alignments.ttl" if folder == "ontology" else "forged.ttl")
    path.write_text(HEAD + fact, encoding="utf-8")
    findings = build_dataset(load_project(harbour)).findings
    matching = [finding for finding in findings if finding.file == path and finding.line in (5, 6)]
    texts = "\n".join(finding.message for finding in matching if finding.severity == "error")
    assert re.search(message, texts)
