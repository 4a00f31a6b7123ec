"""Sentences, things and terms by words, with Turtle that parses."""

import json
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.evidence.retrieval.entries import Entry, search_index
from isoc_kg.evidence.search import KINDS, Searcher, SearchResult, search
from isoc_kg.evidence.skeletons import Skeletons
from isoc_kg.project import load_project
from isoc_kg.publication.publication import Publication
from isoc_kg.publication.start import copy_example
from isoc_kg.rendering.renderer import renderer_of
from isoc_kg.rendering.search_files import SearchFiles, search_files
from isoc_kg.rendering.search_page import SearchPage

from material import ROOT

Cli = Callable[..., "object"]
HARBOUR = build_dataset(load_project(ROOT / "tests" / "projects" / "harbour"))
LAMP = build_dataset(load_project(ROOT / "tests" / "projects" / "lamp"))
DATASETS = [HARBOUR, LAMP]


@cache
def searcher(number: int) -> Searcher:
    dataset = DATASETS[number]
    return Searcher(dataset, {edition.iri: edition.text() for edition in dataset.editions})


def found(dataset: Dataset, question: str, **more: object) -> SearchResult:
    if dataset not in DATASETS:
        DATASETS.append(dataset)
    return searcher(DATASETS.index(dataset)).search(question, **more)  # type: ignore[arg-type]


def names(dataset: Dataset, question: str, kind: str) -> list[str]:
    return [match.name for match in found(dataset, question, kinds=(kind,)).matches]


def parsed(turtle: str) -> list[ox.Quad]:
    return list(ox.parse(turtle.encode(), ox.RdfFormat.TURTLE))


@pytest.mark.parametrize(
    ("question", "kind", "first"),
    [
        ("cranes", "sentence", "guide:2.2"),
        ("crane", "sentence", "guide:2.2"),  # inflected otherwise
        ("CRANES", "sentence", "guide:2.2"),
        ("two cranes oak", "sentence", "guide:2.2"),
        ("rowing dawn", "sentence", "guide:4.2"),
        ("Kräne", "sentence", "notice:1.2"),
        ("old harbour", "thing", "id:old-harbour"),
        ("harbo", "thing", "id:old-harbour"),  # a beginning
        ("oak", "thing", "id:oak"),
        ("Eiche", "thing", "id:oak"),
        ("founding date", "term", "schema:foundingDate"),
        ("foundingDate", "term", "schema:foundingDate"),
        ("pref label", "term", "skos:prefLabel"),
    ],
)
def test_first(question: str, kind: str, first: str) -> None:
    assert names(HARBOUR, question, kind)[0] == first


@pytest.mark.parametrize(("question", "word"), [("crames", "cranes"), ("harbuor", "harbour"), ("rowign", "rowing")])
def test_misspelt(question: str, word: str) -> None:
    """What nothing has is taken for what is like it, and said so; what something has is not."""
    result = found(HARBOUR, question)
    assert result.matches
    assert word in result.meant[question]
    assert not found(HARBOUR, word).meant
    assert not found(HARBOUR, "xyzzyx").matches


@pytest.mark.parametrize("dataset", [HARBOUR, LAMP], ids=["harbour", "lamp"])
def test_every_sentence_is_found_by_its_words(dataset: Dataset) -> None:
    """In any language: whoever has the words of a unit finds it first, or one with the same words."""
    for edition in dataset.editions:
        text = edition.text()
        assert text is not None
        for unit in edition.index.units.values():
            words = " ".join(unit.text(text).split())
            first = found(dataset, words, kinds=("sentence",)).matches[0]
            assert " ".join(first.text.split()) == words or words in " ".join(first.text.split()), words


def test_own_terms_with_definitions(tmp_path: Path) -> None:
    """A term of the project's ontology comes with what it means, and is found by that."""
    dataset = build_dataset(copy_example(tmp_path / "bakery", "bakery")[0])
    match = found(dataset, "links a bakery", kinds=("term",)).matches[0]
    assert (match.name, match.text) == ("bakery:bakes", "property: bakes")
    assert match.definition == "Links a bakery to something that it bakes."
    assert match.turtle == "id:SUBJECT bakery:bakes id:OBJECT {| ev:supportedBy s:UNIT |} ."
    (place,) = (match for match in found(dataset, "bakery", kinds=("term",)).matches if match.name == "schema:Bakery")
    assert place.turtle == "id:SUBJECT a schema:Bakery {| ev:supportedBy s:UNIT |} ."


def test_things_of_a_sentence() -> None:
    """The statement begins with what the sentence names; a thing within a longer name is none."""
    (match,) = found(HARBOUR, "two cranes oak", kinds=("sentence",), limit=1).matches
    assert match.turtle == "id:cranes harbour:PROPERTY id:oak {| ev:supportedBy g:2.2 |} ."


@settings(deadline=None, max_examples=60)
@given(st.text(max_size=40) | st.sampled_from(["cranes", "name", "the", "a", "founding", "港", "()", "[", "\\", "#\r"]))
def test_turtle_parses_whatever_is_asked(question: str) -> None:
    """Prefixes included, and one statement by one."""
    result = found(HARBOUR, question, limit=3)
    parsed(result.to_turtle())
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in result.prefixes.items())
    for match in result.matches:
        assert len(parsed(head + match.turtle)) == (3 if match.turtle else 0)  # the triple, its reifier, the unit
    assert json.loads(json.dumps(result.to_json()))["matches"] == [match.to_json() for match in result.matches]
    assert all(sum(match.kind == kind for match in result.matches) <= 3 for kind in KINDS)


def test_gists_where_there_is_no_text() -> None:
    """What is not at hand is named; its gists are searched."""
    dataset = build_dataset(load_project(ROOT))
    result = search(dataset, {}, "founding year", kinds=("sentence",))
    assert result.not_at_hand == ("internet-society-term, edition 1",)
    assert result.matches[0].name == "2.2"


def test_a_prefix_with_two_meanings(harbour: Path) -> None:
    """What a file of facts means by a prefix is not what is pasted into it as another: then it stands in full."""
    facts = harbour / "facts" / "harbour.ttl"
    facts.write_text(facts.read_text(encoding="utf-8").replace("@prefix g:", "@prefix s2:", 1).replace(" g:", " s2:"))
    skeletons = Skeletons(build_dataset(load_project(harbour)))
    assert skeletons.unit == "s2:UNIT"
    assert skeletons.prefixes["s2"].endswith("document/guide/1#")
    (harbour / "facts" / "more.ttl").write_text("@prefix s2: <http://e.example/> .\n")
    skeletons = Skeletons(build_dataset(load_project(harbour)))
    assert "s2" not in skeletons.prefixes
    assert parsed(f"{''.join(f'@prefix {n}: <{s}> . ' for n, s in skeletons.prefixes.items())} "
                  f"{skeletons.statement(skeletons.subject, skeletons.property, skeletons.object)}")  # fmt: skip


def test_order() -> None:
    """More of the words first, then rarer ones, then the shorter text; words that say nothing do not count."""
    texts = ("the oak pier", "the oak crane stands on the pier", "a pier", "a pier is here", "the end")
    entries = sorted((Entry("sentence", text, text, text=text) for text in texts), key=lambda entry: entry.order)
    index = search_index(entries, ["en"])

    def order(question: str) -> list[str]:
        ranking = index.ranked(question)
        return [entries[number].text for number in ranking.numbers]

    assert order("oak crane") == ["the oak crane stands on the pier", "the oak pier"]
    assert order("piers")[0] == "a pier"
    assert order("the pier")[0] == "a pier"
    assert order("") == []
    assert order("the")
    assert order("pier " * 10_000)


def test_find(cli: Cli, harbour: Path, tmp_path: Path) -> None:
    """Text is Turtle, JSON has the same; nothing found is exit code 1."""
    project = ("--project", harbour)
    done = cli("find", "cranes", *project)
    parsed(done.stdout)  # type: ignore[attr-defined]
    value = json.loads(cli("find", "harbour", *project, "--format", "json", "--limit", "1").stdout)  # type: ignore[attr-defined]
    assert {match["kind"] for match in value["matches"]} <= set(KINDS)
    assert value["left_out"] > 0
    assert "Kinds: thing, term" in cli("find", "x", "--kind", "page", *project, code=2).stderr  # type: ignore[attr-defined]
    missed = cli("find", "xyzzyx", *project, code=1)
    assert missed.stdout == ""  # type: ignore[attr-defined]
    assert "nothing" in missed.stderr  # type: ignore[attr-defined]
    assert "did you mean cranes" in cli("find", "crames", "--kind", "sentence", *project).stderr  # type: ignore[attr-defined]


def test_evidence_show_takes_words(cli: Cli, harbour: Path) -> None:
    """Things and units come first; then sentences with the words, and what rests on them."""
    shown = cli("evidence", "show", "two", "crames", "--project", harbour)
    assert shown.stdout.startswith("guide:2.2  ")  # type: ignore[attr-defined]
    assert "did you mean cranes" in shown.stderr  # type: ignore[attr-defined]
    assert "claim:" in shown.stdout  # type: ignore[attr-defined]
    assert "old harbour" in cli("evidence", "show", "old", "harbour", "--project", harbour).stdout  # type: ignore[attr-defined]
    assert "nothing called" in cli("evidence", "show", "xyzzyx", "--project", harbour, code=2).stderr  # type: ignore[attr-defined]


def test_uncovered_in_parts(cli: Cli, harbour: Path) -> None:
    """Limited, by document, by kind; always Turtle."""
    facts = harbour / "facts" / "harbour.ttl"
    head = [line for line in facts.read_text(encoding="utf-8").splitlines() if line.startswith("@prefix")]
    facts.write_text("\n".join(head) + "\n", encoding="utf-8")
    show = ("evidence", "show", "--uncovered", "--project", harbour)
    every = cli(*show, "--limit", "0").stdout  # type: ignore[attr-defined]
    total = len(parsed(every)) // 3
    assert every.endswith(f"# {total} units are not covered\n")
    two = cli(*show, "--limit", "2").stdout  # type: ignore[attr-defined]
    assert len(parsed(two)) == 6
    assert two.endswith(f"# {total} units are not covered; the first 2 are shown, --limit 0 shows all\n")
    notice = cli(*show, "--slug", "notice").stdout  # type: ignore[attr-defined]
    assert "# notice:1.1 (sentence" in notice
    assert "guide:" not in notice
    assert "(item" not in cli(*show, "--kind", "sentence").stdout  # type: ignore[attr-defined]
    assert "Documents: guide, notice" in cli(*show, "--slug", "guid", code=2).stderr  # type: ignore[attr-defined]
    assert "Kinds: heading" in cli(*show, "--kind", "page", code=2).stderr  # type: ignore[attr-defined]
    cli("evidence", "show", "2.1", "--limit", "3", "--project", harbour, code=2)
    facts.write_text(facts.read_text(encoding="utf-8") + every, encoding="utf-8")
    refused = cli("build", "--project", harbour, code=None)
    assert refused.returncode != 0  # type: ignore[attr-defined]
    assert "SUBJECT" in refused.stdout + refused.stderr or "PROPERTY" in refused.stdout + refused.stderr  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("question", "term", "value"),
    [
        ("founding date", "schema:foundingDate", '"OBJECT"^^xsd:date'),
        ("legal name", "schema:legalName", '"OBJECT"'),
        ("description", "dcterms:description", '"OBJECT"'),
        ("pref label", "skos:prefLabel", '"OBJECT"'),
        ("is family friendly", "schema:isFamilyFriendly", '"OBJECT"^^xsd:boolean'),
        ("founder", "schema:founder", "id:OBJECT"),
        ("broader", "skos:broader", "id:OBJECT"),
    ],
)
def test_literals_where_a_property_has_them(question: str, term: str, value: str) -> None:
    """The statement to complete has a literal of the property's datatype, or a thing."""
    (match,) = [one for one in found(HARBOUR, question, kinds=("term",)).matches if one.name == term]
    assert f" {term} {value} " in match.turtle
    assert parsed(found(HARBOUR, question, kinds=("term",)).to_turtle())


@pytest.mark.parametrize(
    ("old", "new"), [("founders", "founder"), ("employees", "employee"), ("encodings", "encoding")]
)
def test_terms_with_a_successor_are_left_out(old: str, new: str) -> None:
    """What schema.org keeps for old data alone is found by its words as what is in its place."""
    shown = [match.name for match in found(HARBOUR, old, kinds=("term",), limit=20).matches]
    assert f"schema:{new}" in shown
    assert f"schema:{old}" not in shown


def test_a_property_is_found_by_its_verb() -> None:
    """Whoever employs has an employee; what is no such word has no verb."""
    assert "schema:employee" in names(HARBOUR, "employs", "term")
    assert "schema:founder" in names(HARBOUR, "founds", "term")


def test_an_ontology_is_no_term(harbour: Path) -> None:
    """Its title has words, and it is neither property nor class."""
    (harbour / "ontology" / "zz.ttl").write_text(
        "@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix dcterms: <http://purl.org/dc/terms/> .\n"
        '<https://harbour.example/kg/ontology> a owl:Ontology ; dcterms:title "Quayside museum"@en .\n',
        encoding="utf-8",
    )
    dataset = build_dataset(load_project(harbour))
    assert all("ontology" not in name for name in names(dataset, "quayside museum", "term"))


def test_the_range_of_an_own_property(tmp_path: Path) -> None:
    """The datatype that the ontology declares."""
    project = copy_example(tmp_path / "bakery", "bakery")[0]
    ontology = next((project.root / "ontology").glob("*.ttl"))
    with ontology.open("a", encoding="utf-8") as file:
        file.write('bakery:ovens a owl:DatatypeProperty ; rdfs:label "ovens"@en ; rdfs:range xsd:integer .\n')
    text = ontology.read_text(encoding="utf-8")
    ontology.write_text("@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .\n" + text, encoding="utf-8")
    (match,) = (one for one in found(build_dataset(project), "ovens", kinds=("term",)).matches)
    assert match.turtle == 'id:SUBJECT bakery:ovens "OBJECT"^^xsd:integer {| ev:supportedBy s:UNIT |} .'


def test_what_is_no_plain_fact(lighthouse: Path) -> None:
    """A value that is denied, contested or decided by the editors says so in its reason, wherever it is found."""
    with (lighthouse / "facts" / "light.ttl").open("a", encoding="utf-8") as facts:
        facts.write("""id:boathouse a schema:Thing {| ev:impliedBy l:1.3 |} ;
            schema:name "boathouse"@en {| ev:impliedBy l:1.3 |} ;
            light:litIn "1990"^^xsd:gYear
            {| <http://www.w3.org/2004/02/skos/core#editorialNote> "We saw it."@en |} .""")
    project = load_project(lighthouse)
    publication = Publication.of_project(project)
    searched = Searcher(build_dataset(project), {})
    renderer = renderer_of(publication, "")
    files = dict(search_files(renderer))
    page = SearchPage(renderer)
    reading = SearchFiles.reading(files.__getitem__)
    for question, standing, in_page in (
        ("foghorn has", "contradicted by chronicle:2.1", "contradicted by sentence chronicle:2.1"),
        ("lit 1990", "editorial decision", "editorial decision"),
        ("lit 1871", "sources disagree", "sources disagree"),
        ("height 31", "", ""),
        ("built holm", "", ""),
    ):
        matches = {match.name: match for match in searched.search(question, kinds=("thing",))}
        match = matches["id:boathouse" if "1990" in question else "id:ravens-point-light"]
        assert match.why
        assert match.claim
        if standing:
            assert f"{standing})" in match.why
        else:
            assert not re.search("contradicted|editorial|disagree", match.why)
        html = page.html(reading, question, "thing").decode()
        (line,) = re.findall('<ul class="entries">.*?</ul>', html, re.DOTALL)
        assert in_page in line.replace("\xa0", " ")
        assert bool(re.search("contradicted|editorial decision|sources disagree", line)) == bool(standing)


def test_terms_in_wide_use_are_defined_and_named(tmp_path: Path) -> None:
    """By their meaning and by their names in the languages of the project and its documents, declared or not."""
    match = found(LAMP, "Gründung", kinds=("term",)).matches[0]
    assert (match.name, match.text) == ("schema:foundingDate", "property: founding date, Gründung")
    assert match.definition == "Says when an organisation began to exist."
    assert found(LAMP, "began to exist", kinds=("term",)).matches[0].name == "schema:foundingDate"
    declared = found(build_dataset(load_project(ROOT)), "founding date", kinds=("term",)).matches[0]
    assert (declared.name, declared.definition) == (match.name, match.definition)


def test_nothing_has_all_words(cli: Cli, harbour: Path) -> None:
    """Is said, and more of the words come first; not where one entry has all, or one word is asked."""
    result = found(HARBOUR, "pirates cranes dawn two oak", kinds=("sentence",))
    assert result.partial
    assert "none with all of the words" in repr(result)
    assert result.to_json()["partial"] is True
    assert result.matches[0].name == "guide:2.2"
    assert not any(found(HARBOUR, words).partial for words in ("two cranes oak", "oak", "crames", "pirates", ""))
    told = "no result has all words"
    assert told in cli("find", "oak", "pirates", "--project", harbour).stderr  # type: ignore[attr-defined]
    assert told not in cli("find", "oak", "--project", harbour).stderr  # type: ignore[attr-defined]


def test_terms_come_after_others() -> None:
    """Of two entries with as many of the words the term comes last; not where it is called as the question is."""
    entries = [
        Entry("thing", "t", "old pier", text="where boats land"), Entry("term", "u", "lands at"),
        Entry("question", "q", "Who was here?", text="boats and land"),
    ]  # fmt: skip
    index = search_index(entries, ["en"])

    def order(question: str) -> list[str]:
        return [entries[number].iri for number in index.ranked(question).numbers]

    assert order("landing boats")[-1] == "u"
    assert order("the land") == ["t", "q", "u"]
    assert order("lands at")[0] == "u"
    assert index.ranked("boats lands").whole == 2


def test_the_command_and_python_agree(cli: Cli, harbour: Path) -> None:
    """`isoc-kg find` and `kg.search` give the same, with the same reasons and definitions."""
    from isoc_kg import KnowledgeGraph

    kg = KnowledgeGraph.load(harbour)
    for words in ("founding date", "cranes pirates", "harbuor"):
        told = json.loads(cli("find", words, "--project", harbour, "--format", "json").stdout)  # type: ignore[attr-defined]
        assert told == json.loads(json.dumps(kg.search(words).to_json()))
