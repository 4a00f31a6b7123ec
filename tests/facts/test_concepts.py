"""Concepts: each says what it means, is found under a name that agrees with its IRI, and has a place among others."""

import re

import pytest

from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.namespaces import OWL, RDF, SKOS
from isoc_kg.project import load_project
from isoc_kg.rdf import iri, literal, split
from isoc_kg.rdf.tokens import is_literal

from material import ROOT

#: Words of a local name that tell nothing.
SMALL = frozenset(("a", "all", "an", "and", "for", "in", "of", "on", "that", "the", "to", "with"))


@pytest.fixture(scope="module")
def concepts() -> dict[str, dict[str, list[str]]]:
    """Local name → property → values, of all that kg.toml puts into schemes."""
    dataset: Dataset = build_dataset(load_project(ROOT))
    ids = dataset.project.ids
    classes = set(dataset.project.schemes)
    said: dict[str, dict[str, list[str]]] = {}
    for line in dataset.graph("facts"):
        subject, predicate, value, _ = split(line)
        text = literal(value)[0] if is_literal(value) else iri(value)
        said.setdefault(iri(subject)[len(ids.things) :], {}).setdefault(iri(predicate), []).append(text)
    return {name: values for name, values in said.items() if classes & set(values.get(RDF.type, ()))}


def test_each_has_one_definition_of_its_own(concepts: dict[str, dict[str, list[str]]]) -> None:
    """One sentence, which is neither a name of the concept nor the definition of another."""
    assert len(concepts) > 150
    texts = []
    for name, values in concepts.items():
        (text,) = values.get(SKOS.definition, ["?"])
        assert text.endswith("."), name
        assert 10 < len(text) <= 200, name
        assert text.rstrip(".").casefold() not in {label.casefold() for label in values[SKOS.prefLabel]}, name
        texts.append(text)
    assert len(set(texts)) == len(texts)


def test_iri_and_label_agree(concepts: dict[str, dict[str, list[str]]]) -> None:
    """Half of the words of a local name, inflection aside, stand in the concept's names."""
    for name, values in concepts.items():
        names = " ".join([*values[SKOS.prefLabel], *values.get(SKOS.altLabel, [])]).casefold()
        words = [word for word in name.split("-") if word not in SMALL]
        assert 2 * sum(word[:4] in names for word in words) >= len(words), (name, names)


def test_a_name_within_a_name_is_linked(concepts: dict[str, dict[str, list[str]]]) -> None:
    """Where the label of one concept, of two words or more, is a part of another's, a link leads from one to the other.

    A common neighbour is as good: both are then one step away from it.
    """
    links: dict[str, set[str]] = {}
    for name, values in concepts.items():
        for other in (value.rpartition("/")[2] for iris in values.values() for value in iris):
            if other in concepts:
                links.setdefault(name, set()).add(other)
                links.setdefault(other, set()).add(name)
    labels = {
        name: " ".join(re.findall(r"[a-z]+", values[SKOS.prefLabel][0].casefold()))
        for name, values in concepts.items()
        if OWL.deprecated not in values
    }
    apart = [
        f"{short} – {long}"
        for short, part in labels.items()
        for long, whole in labels.items()
        if short != long and " " in part and f" {part} " in f" {whole} "
        and long not in links.get(short, ()) and not links.get(short, set()) & links.get(long, set())
    ]  # fmt: skip
    assert apart == []
