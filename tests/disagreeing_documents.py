"""Small generated documents that agree, disagree and deny each other, with what was planted."""

import random
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from isoc_kg.documents.index import index_document

__all__ = ["Planted", "write_documents"]

_KG = """name = "generated"
title = "Generated"
description = "Documents that agree and disagree."
base = "https://generated.example/"
language = "en"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
creator = "Nobody"
created = 2026-01-01
modified = 2026-01-01
version = "1"

[prefixes]
g = "https://generated.example/ontology#"
"""
_DOCUMENT = """
[[document]]
slug = "d{number}"
edition = "1"
title = "Document {number}"
language = "en"
path = "documents/d{number}.txt"
unknown = ["author", "publisher", "date", "source"]
"""
_ONTOLOGY = """@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix g: <https://generated.example/ontology#> .
g:Body a owl:Class ; rdfs:label "body"@en .
g:founded a owl:DatatypeProperty , owl:FunctionalProperty ; rdfs:label "founded in"@en .
g:met a owl:DatatypeProperty ; rdfs:label "met in"@en .
"""
_SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix g: <https://generated.example/ontology#> .
g:BodyShape a sh:NodeShape ; sh:targetClass g:Body ; sh:property g:BodyShape-founded .
g:BodyShape-founded a sh:PropertyShape ; sh:path g:founded ; sh:maxCount 1 ; sh:message "One year."@en .
"""
_FACTS = """@prefix schema: <https://schema.org/> . @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ev: <https://w3id.org/isoc-kg/evidence#> . @prefix g: <https://generated.example/ontology#> .
@prefix id: <https://generated.example/id/> . @prefix document: <https://generated.example/document/> .
"""
_KINDS = ("agreement", "conflict", "settled", "denial", "several", "retraction")


@dataclass
class Planted:
    """Which bodies (local names) have what planted in their two documents."""

    bodies: dict[str, set[str]] = field(default_factory=lambda: {kind: set() for kind in _KINDS})

    def counts(self) -> Counter[str]:
        """How many of each kind."""
        return Counter({kind: len(bodies) for kind, bodies in self.bodies.items()})


def write_documents(folder: Path, documents: int, seed: int = 1) -> Planted:
    """A project of so many documents, two about each body, that conforms; returns what they say of each other."""
    choice, planted = random.Random(seed), Planted()
    for name in ("documents", "facts", "ontology", "shapes"):
        (folder / name).mkdir(parents=True)
    (folder / "ontology" / "g.ttl").write_text(_ONTOLOGY, encoding="utf-8")
    (folder / "shapes" / "g.ttl").write_text(_SHAPES, encoding="utf-8")
    facts, blocks = [_FACTS], [_KG]
    for body in range(documents // 2):
        kind = choice.choice(_KINDS)
        planted.bodies[kind].add(f"b{body}")
        one, other = choice.sample(range(1800, 2000), 2)
        first, second = f"B{body} was founded in {one}.", f"B{body} was founded in {other}."
        here, there = (f"<https://generated.example/document/d{2 * body + n}/1#1.1>" for n in (0, 1))
        name = (
            f'id:b{body} a g:Body {{| ev:impliedBy {here} |}} ; schema:name "B{body}"@en {{| ev:supportedBy {here} |}}'
        )
        year, otherwise = f'"{one}"^^xsd:gYear', f'"{other}"^^xsd:gYear'
        said = {
            "agreement": f"g:founded {year} {{| ev:supportedBy {here}, {there} |}}",
            "conflict": f"g:founded {year} {{| ev:supportedBy {here} |}} , {otherwise} {{| ev:supportedBy {there} |}}",
            "settled": f'g:founded {year} {{| ev:supportedBy {here} ; ev:preferred "It is older."@en |}} , '
            f"{otherwise} {{| ev:supportedBy {there} |}}",
            "denial": f"g:founded {year} {{| ev:supportedBy {here} ; ev:contradictedBy {there} |}}",
            "several": f"g:met {year} {{| ev:supportedBy {here} |}} , {otherwise} {{| ev:supportedBy {there} |}}",
            "retraction": f'g:founded {year} {{| ev:supportedBy {here} ; ev:retracted "Misread."@en |}}',
        }
        if kind == "agreement":
            second = first
        elif kind == "denial":
            second = f"B{body} was not founded in {one}."
        elif kind == "several":
            first, second = f"B{body} met in {one}.", f"B{body} met in {other}."
        elif kind == "retraction":
            second = f"B{body} is still there."
        facts.append(f"{name} ; {said[kind]} .\n")
        for number, text in ((2 * body, first), (2 * body + 1, second)):
            path = folder / "documents" / f"d{number}.txt"
            path.write_text(text + "\n", encoding="utf-8")
            index = folder / "facts" / "units" / f"d{number}" / "1.jsonl"
            index_document(path, index, slug=f"d{number}", edition="1", language="en")
            blocks.append(_DOCUMENT.format(number=number))
    (folder / "facts" / "g.ttl").write_text("".join(facts), encoding="utf-8")
    (folder / "kg.toml").write_text("".join(blocks), encoding="utf-8")
    return planted
