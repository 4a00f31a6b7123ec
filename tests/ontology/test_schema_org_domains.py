"""Both publications by schema.org's own definitions: no local declaration widens what a property is said of."""

from typing import TYPE_CHECKING

import pytest

from isoc_kg.authoring.dataset import Dataset, build_dataset
from isoc_kg.authoring.schema_org import classes_above, fits_domain
from isoc_kg.iris import compact
from isoc_kg.namespaces import PREFIXES, RDF, RDFS, SCHEMA
from isoc_kg.project import load_project
from isoc_kg.rdf.lines import iri, split
from isoc_kg.rdf.tokens import is_iri

from material import ROOT

if TYPE_CHECKING:
    from pathlib import Path

PUBLICATIONS = [ROOT, ROOT / "examples" / "harbour-trust"]
#: The ontology's statements that say what a property is said of.
DOMAIN = (RDFS.domain, SCHEMA.domainIncludes)
Links = dict[str, set[str]]


@pytest.fixture(scope="module", params=PUBLICATIONS, ids=["shipped", "example"])
def dataset(request: pytest.FixtureRequest) -> Dataset:
    """The graphs of a publication; the texts need not be there."""
    folder: Path = request.param
    return build_dataset(load_project(folder))


def links(lines: list[bytes], *properties: str) -> Links:
    """Subject → objects (IRIs) by some properties."""
    found: Links = {}
    for subject, predicate, object_, _ in map(split, lines):
        if iri(predicate) in properties and is_iri(object_) and is_iri(subject):
            found.setdefault(iri(subject), set()).add(iri(object_))
    return found


def above(names: set[str], parents: Links) -> set[str]:
    """Names with all those above them."""
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += parents.get(name, ())
    return found


def own_classes(ontology: list[bytes]) -> Links:
    """Class → those above it, as the ontology has it for its own classes: of schema.org's, schema.org says it."""
    parents = links(ontology, RDFS.subClassOf)
    return {name: wide for name, wide in parents.items() if not name.startswith(SCHEMA.iri)}


def test_no_property_outside_its_own_vocabularys_domain(dataset: Dataset) -> None:
    """Each statement, also by the properties above the one that it has."""
    ontology = list(dataset.graph("ontology"))
    lines = [*dataset.graph("facts"), *dataset.graph("alignments")]
    parents, wider = own_classes(ontology), links(ontology, RDFS.subPropertyOf)
    types = links([*lines, *ontology], RDF.type)
    wrong, used = set(), set()
    for subject, predicate, _, _ in map(split, lines):
        for property_ in above({iri(predicate)}, wider):
            if property_.startswith(SCHEMA.iri):
                used.add(property_)
                if not fits_domain(property_, above(types.get(iri(subject), set()), parents)):
                    wrong.add((compact(property_, PREFIXES), subject.decode()))
    assert wrong == set()
    assert len(used) > 10


def test_the_ontology_widens_no_domain_of_schema_org(dataset: Dataset) -> None:
    """A class that a file declares for a term of schema.org is one of those that schema.org names, or below one."""
    ontology = list(dataset.graph("ontology"))
    parents = own_classes(ontology)
    for property_, classes in links(ontology, *DOMAIN).items():
        if property_.startswith(SCHEMA.iri):
            for name in classes:
                assert fits_domain(property_, above({name}, parents)), (property_, name)


def test_the_ontology_has_no_class_of_schema_org_elsewhere(dataset: Dataset) -> None:
    """schema:Museum below schema:Place: what a file says of the classes of schema.org, schema.org says as well."""
    for name, wide in links(list(dataset.graph("ontology")), RDFS.subClassOf).items():
        if name.startswith(SCHEMA.iri):
            assert {one for one in wide if one.startswith(SCHEMA.iri)} <= classes_above([name]), name


def test_the_ontology_keeps_the_names_of_others(dataset: Dataset) -> None:
    """One label in English for a term of schema.org, its name in words; nothing in other languages, no other labels."""
    labels: dict[str, list[bytes]] = {}
    for subject, predicate, object_, _ in map(split, dataset.graph("ontology")):
        if iri(subject).startswith(SCHEMA.iri) and iri(predicate).endswith(("label", "Label")):
            labels.setdefault(iri(subject).removeprefix(SCHEMA.iri), []).append(object_)
    assert labels
    for name, found in labels.items():
        words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in name).strip()
        assert found == [f'"{words}"@en'.encode()], name


def test_an_action_is_no_plan() -> None:
    """What the local declaration hid: schema:scheduledTime is said of a PlanAction alone."""
    scheduled, action, plan = SCHEMA.scheduledTime, SCHEMA.Action, SCHEMA.PlanAction
    assert not fits_domain(scheduled, [action])
    assert fits_domain(scheduled, [plan])
