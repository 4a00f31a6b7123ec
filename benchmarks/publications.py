"""A project of any size: bodies that were founded in a year, support and advise one another, a sentence a statement.

Some have a name in Cyrillic, Greek, Arabic or Han script too, with a sentence in which it stands. About 110 triples
of the publication a body: facts, claims, units of the document.
"""

from collections.abc import Sequence
from pathlib import Path

TOML = """name = "large"
title = "Many bodies"
description = "Bodies and what they do."
base = "https://large.example/kg/"
language = "en"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
creator = "Nobody"
created = 2026-01-02
modified = 2026-02-03
version = "1.0.0"
subject = "body-0"

[prefixes]
l = "https://large.example/kg/ontology#"

[[document]]
slug = "d"
edition = "1"
title = "Many bodies"
language = "en"
path = "d.txt"
publish_text = true
unknown = ["author", "publisher", "date", "source"]
"""
PREFIXES = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ev: <https://w3id.org/isoc-kg/evidence#> .
@prefix l: <https://large.example/kg/ontology#> .
@prefix id: <https://large.example/kg/id/> .
@prefix s: <https://large.example/kg/document/d/1#> .
"""
ONTOLOGY = """l:Body a owl:Class ; rdfs:label "body"@en .
l:supports a owl:ObjectProperty ; rdfs:label "supports"@en ; skos:hiddenLabel "backs"@en ;
    rdfs:domain l:Body ; rdfs:range l:Body .
l:advises a owl:ObjectProperty ; rdfs:label "advises"@en ; skos:hiddenLabel "counsels"@en ;
    rdfs:domain l:Body ; rdfs:range l:Body .
"""
#: Syllables of which names are made, so that words are many and each is in few sentences.
_SYLLABLES = ("ba", "do", "fi", "gu", "ke", "lo", "mi", "nu", "pa", "re", "so", "ti", "vu", "wa", "ze", "xo")


#: The same sixteen in other scripts, with the tags of the languages.
_SCRIPTS = (
    ("ru", ["ба", "до", "фи", "гу", "ке", "ло", "ми", "ну", "па", "ре", "со", "ти", "ву", "ва", "зе", "хо"]),
    ("el", ["βα", "δο", "φι", "γκου", "κε", "λο", "μι", "νου", "πα", "ρε", "σο", "τι", "βου", "ουα", "ζε", "ξο"]),
    ("ar", ["با", "دو", "في", "غو", "كي", "لو", "مي", "نو", "پا", "ري", "سو", "تي", "ڤو", "وا", "زي", "خو"]),
    ("zh", ["巴", "多", "菲", "古", "科", "洛", "米", "努", "帕", "雷", "索", "提", "武", "瓦", "泽", "霍"]),
)


def word(number: int, syllables: Sequence[str] = _SYLLABLES) -> str:
    """A word of five syllables for a number below a million."""
    return "".join(syllables[(number >> (4 * place)) & 15] for place in range(5)).capitalize()


def write_project(folder: Path, claims: int, *, scripts: bool = False) -> None:
    """A project with so many claims on sentences of a document; with `scripts` a fifth more, names in other scripts."""
    from isoc_kg.documents.index import index_document

    for name in ("facts", "ontology"):
        (folder / name).mkdir(parents=True)
    bodies = claims // 5
    names = [f"{word(number)} Society" for number in range(bodies)]
    paragraphs, lines = [], [PREFIXES]
    for number, name in enumerate(names):
        first, second = ((number * step + 1) % bodies for step in (7, 13))
        first, second = (other if other != number else (other + 1) % bodies for other in (first, second))
        year = 1200 + number % 800
        paragraphs.append(
            f"{name} was founded in {year}. {name} supports {names[first]}. {name} advises {names[second]}."
        )
        at = number + 1
        also = ""
        if scripts:
            tag, syllables = _SCRIPTS[number % len(_SCRIPTS)]
            other = word(number, syllables)
            paragraphs[-1] += f" {name} is also called {other}."
            also = f'    schema:alternateName "{other}"@{tag} {{| ev:supportedBy s:{at}.4 |}} ;\n'
        lines.append(
            f"id:body-{number} a l:Body {{| ev:impliedBy s:{at}.1 |}} ;\n"
            f'    schema:name "{name}"@en {{| ev:supportedBy s:{at}.1 |}} ;\n'
            f'    schema:foundingDate "{year}"^^xsd:gYear {{| ev:supportedBy s:{at}.1 |}} ;\n'
            f"{also}"
            f"    l:supports id:body-{first} {{| ev:supportedBy s:{at}.2 |}} ;\n"
            f"    l:advises id:body-{second} {{| ev:supportedBy s:{at}.3 |}} ."
        )
    (folder / "d.txt").write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")
    (folder / "kg.toml").write_text(TOML, encoding="utf-8")
    (folder / "ontology" / "l.ttl").write_text(PREFIXES + ONTOLOGY, encoding="utf-8")
    (folder / "facts" / "l.ttl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    index = folder / "facts" / "units" / "d" / "1.jsonl"
    index_document(folder / "d.txt", index, slug="d", edition="1", language="en")
