"""Pages of things that are composed are those of the long way, to the byte."""

from pathlib import Path

import pytest

from isoc_kg.namespaces import EV, OWL, RDF, RDFS, SCHEMA, SKOS, XSD
from isoc_kg.project import Project, load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.index import Index
from isoc_kg.rendering.renderer import Material, Renderer, renderer_of
from isoc_kg.rendering.theme import load_theme
from isoc_kg.rendering.things import thing_bundles

from material import ROOT

_HOST = "https://host.example/kg/"
_BASE = "https://odd.example/"


def _composed(renderer: Renderer) -> tuple[int, int]:
    """How many pages are composed, of how many; each is compared twice, since the first one cuts a frame."""
    composed = pages = 0
    for bundle in thing_bundles(renderer):
        composition = bundle.things.composition(bundle.key.count("/"))
        expected = bundle.things.page_at_length(bundle.token, bundle.key)
        for _ in range(2):
            found = composition.page(bundle.token, bundle.key)
            assert found is None or found == expected, bundle.key
        composed, pages = composed + (found is not None), pages + 1
    return composed, pages


def _renderer(project: Project, lines: list[bytes]) -> Renderer:
    return Renderer(Index(project, sorted(lines)), load_theme(project), Material(), _HOST)


def test_the_shipped_publication() -> None:
    """Most of its things have nothing but what can be composed."""
    lines = (ROOT / "out/isoc-kg.nq").read_bytes().splitlines(keepends=True)
    composed, pages = _composed(_renderer(load_project(ROOT), lines))
    assert 3 * composed > 2 * pages


@pytest.mark.parametrize("settings", ["", '\n[contact]\nmail = "data@example.org"\n', '\n[site]\nformats = ["ttl"]\n'])
@pytest.mark.parametrize("name", ["harbour", "lighthouse", "lamp"])
def test_other_publications(name: str, settings: str, request: pytest.FixtureRequest) -> None:
    """With several documents, sources that disagree, claims taken back; with a way to write to the publisher."""
    folder: Path = request.getfixturevalue(name)
    with (folder / "kg.toml").open("a", encoding="utf-8") as file:
        file.write(settings)
    composed, _ = _composed(renderer_of(Publication.of_project(load_project(folder)), _HOST))
    assert composed


_ODD = """name = "odd"
title = "100 % (odd) & <more>"
description = "Odd %s"
created = 2026-01-02
modified = 2026-01-03
version = "1"
base = "https://odd.example/"
language = "LANGUAGE"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
CREATOR
"""
_WORDS = (
    "100 %", "%(groups)s", "<b>&amp;</b>", "{brace}", "a_b", "x~y", "it's", 'say \\"a\\"', "back\\\\slash", "a\\nb",
    "\u05d0\u05d1", "مرحبا", "東京", "e\u0301", "\u2028", "\u202eturn", "\ufdd0sign",
    "a  b", " c ", "Oak", "oak", "x--y", "100 % (odd) & <more>",
)  # fmt: skip


def _odd_lines() -> list[bytes]:
    """Things with odd names, links, numbers, classes and parts, in several graphs; some with claims."""
    facts, derived, ontology = (f"<{_BASE}graph/{name}>" for name in ("facts", "derived", "ontology"))
    lines = [
        f"<{_BASE}ontology#Body> <{RDF.type}> <{OWL.Class}> {ontology} .\n",
        f"<{_BASE}ontology#Body> <{RDFS.subClassOf}> <{SCHEMA.Organization}> {ontology} .\n",
    ]
    classes = [SCHEMA.Place, SCHEMA.Question, SCHEMA.DefinedTermSet, f"{_BASE}ontology#Body", SKOS.Concept]
    links = [SCHEMA.about, SCHEMA.knows, SCHEMA.sameAs, SCHEMA.itemListElement, SKOS.inScheme, SCHEMA.acceptedAnswer]
    for number in range(3 * len(_WORDS)):
        word, tag = _WORDS[number % len(_WORDS)], ("@en", "@de", "@he", "")[number % 4]
        thing = f"<{_BASE}id/odd-{number}>"
        others = [f"<{_BASE}id/odd-{(number * step + 1) % (3 * len(_WORDS))}>" for step in (3, 5, 7)]
        lines += [
            f"{thing} <{RDF.type}> <{classes[number % 5]}> {facts} .\n",
            f'{thing} <{SCHEMA.name}> "{word}"{tag} {facts} .\n',
            f'{thing} <{SCHEMA.alternateName}> "{word} too"@he {facts} .\n',
            f'{thing} <{SCHEMA.description}> "{" ".join([word] * (number % 40))}"{tag} {facts} .\n',
            f'{thing} <{SCHEMA.price}> "{number}.50"^^<{XSD.decimal}> {facts} .\n',
            f"{thing} <{SCHEMA.url}> <https://elsewhere.example/{number}?a=%25&b> {facts} .\n",
            *(f"{thing} <{links[(number + at) % 6]}> {other} {facts} .\n" for at, other in enumerate(others)),
        ]
        if number % 3 == 0:
            lines += [
                f"{thing} <{RDF.type}> <{SCHEMA.Thing}> {derived} .\n",
                f"{thing} <{SKOS.closeMatch}> <http://www.wikidata.org/entity/Q{number}> <{_BASE}graph/alignments> .\n",
                f"{thing} <{SCHEMA.knows}> {others[1]} {derived} .\n",
            ]
        if number % 7 == 0:
            lines.append(f"{thing} <{SCHEMA.knows}> _:b{number} {facts} .\n")
        if number % 11 == 0:
            lines.append(f"{thing} <{SCHEMA.knows}> {thing} {facts} .\n")
    return [line.encode() for line in lines]


@pytest.mark.parametrize("creator", ["", 'creator = "A %(label)s"'])
@pytest.mark.parametrize("language", ["en", "de", "ar"])
def test_odd_values(language: str, creator: str, tmp_path: Path) -> None:
    """Nothing in a value is taken for a mark, a tag or a place, in any language of the pages."""
    (tmp_path / "kg.toml").write_text(_ODD.replace("LANGUAGE", language).replace("CREATOR", creator))
    composed, pages = _composed(_renderer(load_project(tmp_path), _odd_lines()))
    assert pages == 3 * len(_WORDS)
    assert (composed > 0) == (language != "ar")  # whose texts are not all translated


@pytest.mark.parametrize("more", ["", f'<{SKOS.editorialNote}> "noted"@en', f'<{EV.retracted}> "wrong"@en'])
def test_claims(more: str, tmp_path: Path) -> None:
    """On units that support or imply them, in one document or two; one of them with more behind it."""
    (tmp_path / "kg.toml").write_text(_ODD.replace("LANGUAGE", "en").replace("CREATOR", ""))
    project = load_project(tmp_path)
    facts, evidence, document = (f"<{_BASE}graph/{name}>" for name in ("facts", "evidence", "document"))
    lines = []
    for number in range(12):
        edition = f"{_BASE}document/d{number % 2}/1"
        unit = f"<{edition}#{number}.1>"
        lines += [
            f"<{edition}> <{RDF.type}> <{EV.Edition}> {document} .\n",
            f"{unit} <{RDF.type}> <{EV.Unit}> {document} .\n",
            f'{unit} <{SCHEMA.position}> "{number}"^^<{XSD.integer}> {document} .\n',
            f"{unit} <{EV.unitKind}> <{EV.Sentence}> {document} .\n",
        ]
    for number in range(8):
        thing = f"<{_BASE}id/t-{number}>"
        pairs = [
            f"<{RDF.type}> <{SCHEMA.Place}>",
            f'<{SCHEMA.name}> "<t> {number}"@en',
            f"<{SCHEMA.knows}> <{_BASE}id/t-{number // 2}>",
            f"<{SCHEMA.about}> <{_BASE}id/t-{number * 3 % 8}>",
        ]
        for at, pair in enumerate(pairs):
            lines.append(f"{thing} {pair} {facts} .\n")
            if at == number % 5:  # has no claim
                continue
            triple = f"{thing} {pair} .\n"
            claim = f"<{project.ids.claim(triple.encode())}>"
            said = zip((RDF.subject, RDF.predicate, RDF.object), (thing, *pair.split(" ", 1)), strict=True)
            lines += [f"{claim} <{name}> {value} {evidence} .\n" for name, value in said]
            for unit in range(number % 3 + 1):
                name = EV.impliedBy if unit % 2 else EV.supportedBy
                place = f"<{_BASE}document/d{(number + unit) % 2}/1#{(number + unit) % 12}.1>"
                lines.append(f"{claim} <{name}> {place} {evidence} .\n")
            if more and number == 3 and at == 1:
                lines.append(f"{claim} {more} {evidence} .\n")
    composed, pages = _composed(_renderer(project, [line.encode() for line in set(lines)]))
    assert composed >= pages // 2


def test_that_files_are_composed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is written to a site is what is composed: once a frame is there, no template is filled in."""
    (tmp_path / "kg.toml").write_text(_ODD.replace("LANGUAGE", "en").replace("CREATOR", 'creator = "A"'))
    things = [f"<{_BASE}id/t-{number}>" for number in range(4)]
    lines = [f'{thing} <{SCHEMA.name}> "T{n}"@en <{_BASE}graph/facts> .\n'.encode() for n, thing in enumerate(things)]
    bundles = list(thing_bundles(_renderer(load_project(tmp_path), lines)))
    written = [bundle.render() for bundle in bundles]
    assert {len(files) for files in written} == {5}
    expected = [bundle.things.page_at_length(bundle.token, bundle.key) for bundle in bundles]
    monkeypatch.delattr("isoc_kg.rendering.things.ThingPages.html")
    assert [bundle.render()[0][1] for bundle in bundles] == expected
    assert [bundle.render() for bundle in bundles] == written


def test_pieces_are_bounded(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No more of them are remembered than so many."""
    monkeypatch.setattr("isoc_kg.rendering.composition._MOST", 3)
    monkeypatch.setattr("isoc_kg.rendering.terms_shown._MOST", 5)
    renderer = renderer_of(Publication.of_project(load_project(harbour)), _HOST)
    composed, _ = _composed(renderer)
    assert composed
    assert len(next(thing_bundles(renderer)).things.composition(1).terms) <= 5
