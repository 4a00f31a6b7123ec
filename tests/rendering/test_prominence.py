"""The home page names what a reader looks for; statements stand in the order of reading."""

from pathlib import Path

from isoc_kg.project import Project
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering.listings import Listings
from isoc_kg.rendering.prominence import prominent
from isoc_kg.rendering.renderer import Renderer, renderer_of
from isoc_kg.rendering.statements import statement_sections

PREFIXES = """
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix org: <http://www.w3.org/ns/org#> .
@prefix t: <https://tea.example/> .
"""


def rendered(folder: Path, text: str) -> Renderer:
    file = folder / "data.ttl"
    file.write_text(PREFIXES + text, encoding="utf-8")
    return renderer_of(Publication.of_files(Project.of_files(), [file]), "")


def best(renderer: Renderer, most: int = 8) -> list[str]:
    found = prominent(renderer, Listings(renderer).things, b"", most)
    return [renderer.text_of(token) for token in found]


def test_no_lists_roles_and_answers(tmp_path: Path) -> None:
    """However much is said of them, and though others are linked better."""
    answers = "".join(
        f't:a{n} a schema:Answer ; schema:name "answer {n}" ; schema:text "…" ; schema:about t:firm, t:town ; '
        f'schema:author t:ada ; schema:upvoteCount 3 .\n'
        for n in range(9)
    )  # fmt: skip
    renderer = rendered(
        tmp_path,
        answers
        + 't:firm a schema:Organization ; schema:name "Firm" ; schema:location t:town ; schema:founder t:ada .\n'
        't:ada a schema:Person ; schema:name "Ada" ; schema:birthPlace t:town .\n'
        't:town a schema:Place ; schema:name "Town" ; schema:containsPlace t:firm .\n'
        't:role a org:Membership ; skos:prefLabel "membership" ; org:member t:ada ;\n'
        " org:organization t:firm ; org:role t:x .\n"
        't:list a schema:ItemList ; schema:name "list" ; schema:itemListElement t:a1, t:a2, t:a3 .\n'
        "t:word a t:Word ; schema:about t:firm ; schema:author t:ada .\n",  # without a name
    )
    assert set(best(renderer)) == {"Firm", "Ada", "Town"}


def test_a_thesaurus_has_concepts(tmp_path: Path) -> None:
    """Where there is nothing but ideas, these are named, and not their schemes; where there are only lists, lists."""
    renderer = rendered(
        tmp_path,
        't:s a skos:ConceptScheme ; skos:prefLabel "scheme" ; skos:hasTopConcept t:a, t:b .\n'
        't:a a skos:Concept ; skos:prefLabel "tea" ; skos:narrower t:b, t:c ; skos:related t:c .\n'
        't:b a skos:Concept ; skos:prefLabel "green tea" ; skos:broader t:a .\n'
        't:c a skos:Concept ; skos:prefLabel "cup" .\n',
    )
    assert best(renderer) == ["tea", "green tea", "cup"]
    lists = rendered(tmp_path, 't:l a schema:ItemList ; schema:name "list" .')
    assert best(lists) == ["list"]


def test_key_facts_come_first(tmp_path: Path) -> None:
    """Kind and names, then what says what a thing is, then the rest by name."""
    renderer = rendered(
        tmp_path,
        't:firm a schema:Organization ; schema:name "Firm" ; t:awards 3 ; t:zeal 1 ; schema:location t:town ; '
        'schema:foundingDate "1999" ; schema:founder t:ada .',
    )
    resource = renderer.index.resource(b"<https://tea.example/firm>")
    claimed, _ = statement_sections(renderer, "", resource)
    headings = [group.heading.striptags() for group in claimed]
    assert headings == ["type", "name", "founding date", "founder", "location", "awards", "zeal"]


def test_that_notes_without_a_class_come_last(tmp_path: Path) -> None:
    """A blank node without a class, however much is stated of it, is a part of what it is said of."""
    notes = "".join(
        f't:c{n} a skos:Concept ; skos:prefLabel "concept {n}" ; skos:changeNote [ dcterms:title "change {n}" ; '
        f'dcterms:creator t:ada ; dcterms:created "2020-01-0{n + 1}" ; dcterms:source "x" ] .\n'
        for n in range(4)
    )
    found = best(rendered(tmp_path, "@prefix dcterms: <http://purl.org/dc/terms/> .\n" + notes), 4)
    assert set(found) == {f"concept {n}" for n in range(4)}
