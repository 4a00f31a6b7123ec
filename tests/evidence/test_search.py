"""Sentences, things and terms by words, with Turtle that parses."""

import json
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.evidence.search import KINDS, SearchResult, Skeletons, search
from isoc_kg.evidence.word_index import WordIndex
from isoc_kg.project import load_project
from isoc_kg.publication.start import copy_example

from material import ROOT

Cli = Callable[..., "object"]
HARBOUR = build_dataset(load_project(ROOT / "tests" / "projects" / "harbour"))
LAMP = build_dataset(load_project(ROOT / "tests" / "projects" / "lamp"))


def found(dataset: Dataset, question: str, **more: object) -> SearchResult:
    texts = {edition.iri: edition.text() for edition in dataset.editions}
    return search(dataset, texts, question, **more)  # type: ignore[arg-type]


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
        assert len(parsed(head + match.turtle)) == 3  # the triple, its reifier, the unit
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
    index = WordIndex(["en"])
    for text in ("the oak pier", "the oak crane stands on the pier", "a pier", "a pier is here", "the end"):
        index.add((text,), ("en",))
    assert index.ranked("oak crane").texts == (1, 0)
    assert index.ranked("pier").texts[:2] == (2, 0)
    assert index.ranked("the pier").texts[0] == 1  # in their order
    assert index.ranked("").texts == ()
    assert index.ranked("the").texts
    assert index.ranked("pier " * 10_000).texts


def test_find(cli: Cli, harbour: Path, tmp_path: Path) -> None:
    """Text is Turtle, JSON has the same; nothing found is exit code 1."""
    project = ("--project", harbour)
    done = cli("find", "cranes", *project)
    parsed(done.stdout)  # type: ignore[attr-defined]
    value = json.loads(cli("find", "harbour", *project, "--format", "json", "--limit", "1").stdout)  # type: ignore[attr-defined]
    assert {match["kind"] for match in value["matches"]} <= set(KINDS)
    assert value["left_out"] > 0
    assert "Kinds: sentence, thing, term" in cli("find", "x", "--kind", "page", *project, code=2).stderr  # type: ignore[attr-defined]
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
    assert two.endswith(f"# 2 of {total} units are not covered; --limit 0 shows all\n")
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
