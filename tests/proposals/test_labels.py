"""Labels in proposals: what they mean, and which are refused."""

from typing import Any

import pytest

from isoc_kg.project import load_project
from isoc_kg.proposals.json_claims import claim_of_json
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.labels import NotAClaim
from isoc_kg.rdf.lines import iri, split

from material import ROOT


@pytest.fixture(scope="module")
def judge() -> Judge:
    return Judge(load_project(ROOT))


def claim(judge: Judge, **members: Any) -> list[str]:
    """The last parts of the IRIs of a claim's triple."""
    found = claim_of_json(judge, {"unit": "2.1", **members})
    return [token.decode().strip("<>").rpartition("/")[2] for token in split(found.triple)[:3]]


def test_labels_are_names(judge: Judge) -> None:
    """Of a thing, though a form of its name is written like it; of a property; of a class, old or new."""
    made = claim(judge, subject="internet society", property="Initiative", object="MANRS")
    assert made == ["internet-society", "ontology#hasInitiative", "manrs"]
    assert claim(judge, subject="MANRS", property="rdf:type", object="Project")[2].endswith("Project")
    new = claim(judge, subject={"new": {"type": "topic", "label": "Moon Topic"}})
    assert new[0] == "moon-topic"
    assert new[2].endswith("#Topic")


@pytest.mark.parametrize(
    ("members", "told"),
    [
        ({"subject": "MANRS", "property": "initiatve", "object": "MANRS"}, "Did you mean isoc:hasInitiative?"),
        ({"subject": {"new": {"type": "Topicc", "label": "Moon"}}}, "Did you mean isoc:Topic?"),
        ({"subject": "MANRS", "property": "rdf:type", "object": "Nonsense"}, "there is no class “Nonsense”"),
        ({"subject": "Nobody", "property": "Initiative", "object": "MANRS"}, "nothing is called “Nobody”"),
    ],
)
def test_what_is_no_label(judge: Judge, members: dict[str, Any], told: str) -> None:
    """It is refused with what is like it."""
    with pytest.raises(NotAClaim) as raised:
        claim(judge, **members)
    assert told in f"{raised.value.message} {raised.value.advice}"


def test_a_label_of_several(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is refused with the names of all."""
    labels = judge.corpus.labels
    both = sorted({iri(split(line)[1]) for line in judge.claims})[:2]
    for term in both:
        monkeypatch.setitem(labels, term, ["shared"])
    with pytest.raises(NotAClaim, match=r"“Shared” is the label of .* and "):
        claim(judge, subject="MANRS", property="Shared", object="MANRS")
