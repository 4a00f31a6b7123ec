"""Ontology-like data of any size: classes with restrictions, unions as lists, and annotated axioms, in blank nodes.

About thirty triples a class, of them seven blank nodes; labels in Latin, Cyrillic, Arabic and Han script.
"""

import random
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

BASE = "https://bench.example/ontology#"
OWL, RDF = "http://www.w3.org/2002/07/owl#", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS, DCTERMS = "http://www.w3.org/2000/01/rdf-schema#", "http://purl.org/dc/terms/"
LABELS = (("vessel {}", "en"), ("судно {}", "ru"), ("سفينة {}", "ar"), ("船舶{}", "zh"))
PROPERTIES = 40


def _head() -> Iterator[tuple[str, str, str]]:
    ontology = f"<{BASE[:-1]}>"
    yield ontology, RDF + "type", f"<{OWL}Ontology>"
    yield ontology, DCTERMS + "title", '"Vessels"@en'
    yield ontology, DCTERMS + "description", '"Generated classes with restrictions."@en'
    yield ontology, DCTERMS + "created", '"2026-01-02"^^<http://www.w3.org/2001/XMLSchema#date>'
    yield ontology, DCTERMS + "creator", '"Nobody"'
    for number in range(PROPERTIES):
        property_ = f"<{BASE}carries{number}>"
        yield property_, RDF + "type", f"<{OWL}ObjectProperty>"
        yield property_, RDFS + "label", f'"carries {number}"@en'


def _class(number: int, count: int, choice: random.Random) -> Iterator[tuple[str, str, str]]:
    name = f"<{BASE}Vessel{number}>"
    others = [f"<{BASE}Vessel{choice.randrange(count)}>" for _ in range(5)]
    yield name, RDF + "type", f"<{OWL}Class>"
    for text, tag in LABELS:
        yield name, RDFS + "label", f'"{text.format(number)}"@{tag}'
    yield name, RDFS + "comment", f'"What vessel {number} is, in \\"own\\" words."@en'
    if number:
        yield name, RDFS + "subClassOf", f"<{BASE}Vessel{choice.randrange(number)}>"
    for k in range(2):
        node = f"_:r{number}x{k}"
        yield name, RDFS + "subClassOf", node
        yield node, RDF + "type", f"<{OWL}Restriction>"
        yield node, OWL + "onProperty", f"<{BASE}carries{choice.randrange(PROPERTIES)}>"
        yield node, OWL + ("someValuesFrom" if k else "allValuesFrom"), others[k]
    union = f"_:u{number}"
    yield name, RDFS + "subClassOf", union
    yield union, RDF + "type", f"<{OWL}Class>"
    yield union, OWL + "unionOf", f"_:l{number}x0"
    for k in range(3):
        cell = f"_:l{number}x{k}"
        yield cell, RDF + "first", others[2 + k]
        yield cell, RDF + "rest", f"<{RDF}nil>" if k == 2 else f"_:l{number}x{k + 1}"
    axiom = f"_:a{number}"
    yield axiom, RDF + "type", f"<{OWL}Axiom>"
    yield axiom, OWL + "annotatedSource", name
    yield axiom, OWL + "annotatedProperty", f"<{RDFS}comment>"
    yield axiom, OWL + "annotatedTarget", f'"What vessel {number} is, in \\"own\\" words."@en'
    yield axiom, RDFS + "comment", f'"From list {number % 90}."@en'


def generate(path: Path, triples: int) -> int:
    """Write N-Triples of about that many triples; the number written."""
    choice = random.Random(triples)
    count = max(1, triples // 29)
    written = 0
    with path.open("w", encoding="utf-8") as file:
        classes = (_class(number, count, choice) for number in range(count))
        for subject, predicate, value in chain(_head(), chain.from_iterable(classes)):
            file.write(f"{subject} <{predicate}> {value} .\n")
            written += 1
    return written
