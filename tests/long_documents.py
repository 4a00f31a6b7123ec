"""The published lines of a made document, as long as one likes, with headings and with claims here and there."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

from isoc_kg.project import load_project
from isoc_kg.rdf.lines import sort_lines
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.renderer import Material, Renderer
from isoc_kg.rendering.theme import load_theme

__all__ = ["BASE", "EDITION", "document_lines", "long_renderer", "renderer_of_lines"]

BASE = "https://lighthouse.example/kg/"
EDITION = f"{BASE}document/log/1"
_XSD, _EV, _OA = "http://www.w3.org/2001/XMLSchema#", "https://w3id.org/isoc-kg/evidence#", "http://www.w3.org/ns/oa#"
_SCHEMA, _RDF = "https://schema.org/", "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


def document_lines(
    units: int, *, quotes: bool = True, every: int = 15, claims: int = 10, words: str = ""
) -> list[bytes]:
    """The lines of so many units, five a paragraph, a chapter each 200; every fifteenth unit has ten claims.

    What claims say ends with the `words`.
    """
    document, facts, evidence = (f"<{BASE}graph/{name}>" for name in ("document", "facts", "evidence"))
    lines = [
        f'<{EDITION}> <http://www.w3.org/2000/01/rdf-schema#label> "The long log"@en {document} .',
        f"<{EDITION}> <{_RDF}type> <{_EV}Edition> {document} .",
    ]
    for position in range(1, units + 1):
        for subject, predicate, value in _unit(position, quotes=quotes):
            lines.append(f"<{subject}> <{predicate}> {value} {document} .")
        for number in range(claims if position % every == 7 % every else 0):
            ship = f"<{BASE}id/ship-{position % 50}>"
            passed, label = (
                f"<{BASE}ontology#passed>",
                f'"Buoy {position}.{number}, on the way to the open sea{words}"@en',
            )
            digest = hashlib.sha256(f"{ship} {passed} {label} .\n".encode()).hexdigest()[:16]
            claim = f"<{BASE}claim/ship-{position % 50}.{digest}>"
            lines.append(f"{ship} {passed} {label} {facts} .")
            for name, value in (("subject", ship), ("predicate", passed), ("object", label)):
                lines.append(f"{claim} <{_RDF}{name}> {value} {evidence} .")
            lines.append(f"{claim} <{_RDF}type> <{_RDF}Statement> {evidence} .")
            lines.append(f"{claim} <{_EV}supportedBy> <{EDITION}#{_number(position)}> {evidence} .")
    return sort_lines([f"{line}\n".encode() for line in lines])


def _number(position: int) -> str:
    return f"{(position - 1) // 5 + 1}.{(position - 1) % 5 + 1}"


def _unit(position: int, *, quotes: bool) -> Iterator[tuple[str, str, str]]:
    number, chapter = _number(position), (position - 1) // 200 + 1
    unit = f"{EDITION}#{number}"
    words = f"On day {position} the {number} watch saw ships, and wrote down their names in the order they came."
    heading = position % 50 == 1
    if heading:
        part = (position - 1) % 200 // 50
        words = f"{chapter} Year {1800 + chapter}" if part == 0 else f"{chapter}.{part} Season {part}"
    yield unit, f"{_RDF}type", f"<{_EV}Unit>"
    yield unit, "http://purl.org/dc/terms/identifier", f'"{number}"'
    yield unit, f"{_OA}hasSource", f"<{EDITION}>"
    yield unit, f"{_SCHEMA}position", f'"{position}"^^<{_XSD}integer>'
    yield unit, f"{_SCHEMA}sha256", f'"{hashlib.sha256(words.encode()).hexdigest()}"'
    yield unit, f"{_EV}unitKind", f"<{_EV}{'Heading' if heading else 'Sentence'}>"
    if heading:
        yield unit, f"{_EV}exemptAs", f"<{_EV}Heading>"
    if quotes:
        yield unit, f"{_OA}hasSelector", f"<{unit}.quote>"
        yield f"{unit}.quote", f"{_OA}exact", f'"{words}"'
    else:
        yield unit, f"{_EV}gist", f'"{words[:60]}"@en'
    yield unit, f"{_OA}hasSelector", f"<{unit}.position>"
    yield f"{unit}.position", f"{_OA}start", f'"{position * 100}"^^<{_XSD}nonNegativeInteger>'
    yield f"{unit}.position", f"{_OA}end", f'"{position * 100 + len(words)}"^^<{_XSD}nonNegativeInteger>'


def long_renderer(units: int, *, quotes: bool = True, every: int = 15, claims: int = 10, words: str = "") -> Renderer:
    """What renders the pages of such a document, and of the things that it speaks of."""
    return renderer_of_lines(document_lines(units, quotes=quotes, every=every, claims=claims, words=words))


def renderer_of_lines(lines: list[bytes]) -> Renderer:
    """What renders the pages of such lines."""
    project = load_project(Path(__file__).parent / "projects" / "lighthouse")
    return Renderer(Index(project, lines), load_theme(project), Material(), "https://host.example/")
