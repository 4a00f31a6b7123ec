"""Policies: what they accept, under whose name, and what never."""

from collections.abc import Callable
from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.errors import ProjectError
from isoc_kg.namespaces import EV
from isoc_kg.project import Project
from isoc_kg.proposals.acceptance import Review
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.policy import apply_policy, read_policy
from isoc_kg.publication.build import build_publication
from proposed import recorded


def policy_file(project: Project, text: str) -> Path:
    """A policy beside the project."""
    file = project.root.parent / "policy.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_only_what_a_rule_names_and_nobody_asks_about(canal: Project, queued: Callable[..., Judge]) -> None:
    """By tool, property and document; never what is flagged, introduces a thing, or is implied, unless a rule says."""
    review = Review(canal, "Ann", queued(recorded("true") + recorded("turned round") + recorded("second value")))
    text = '[[accept]]\nsources = ["recorded"]\nproperties = ["c:supplies", "schema:foundingDate"]\n'
    text += 'documents = ["report"]\nnot_asked = true\n'
    policy = read_policy(canal, policy_file(canal, text))
    accepted = apply_policy(review, policy)
    statements = {one.decision.statements[-1][0].decode() for one in accepted}
    assert len(statements) == len(accepted) == 6
    assert (
        not any("direction" in flag.name for one in review.open() for flag in review.assess(one).flags) or review.open()
    )
    assert {one.decision.policy for one in accepted} == {policy.name, f"{policy.name}, not asked: predicate"}
    assert {one.decision.reviewer for one in accepted} == {"Ann"}
    left = {(one.claim.triple.decode(), one.claim.unit) for one in review.open()}
    assert any("bericht" in unit for _, unit in left)
    build = build_publication(canal)
    assert build.gate.passed
    assert not build.gate.evidence.unanswered
    claim = build_dataset(canal).claims[accepted[0].decision.statements[-1][0]]
    assert list(claim.evidence[EV.acceptedUnder])[0].startswith('"policy.toml (sha256 ')


def test_what_could_not_be_asked_is_left(canal: Project, queued: Callable[..., Judge]) -> None:
    """A question that nobody could ask is not answered: without a word of the rule a reviewer decides."""
    review = Review(canal, "Ann", queued())
    text = '[[accept]]\nsources = ["recorded"]\nproperties = ["c:supplies", "schema:foundingDate"]\n'
    left: list[str] = []
    accepted = apply_policy(
        review,
        read_policy(canal, policy_file(canal, text)),
        dry_run=True,
        told=lambda _, assessment: left.append("accepted") if assessment.not_asked else None,
        left=lambda _, assessment: left.append(assessment.not_asked[0][0]),
    )
    assert accepted == []
    assert set(left) == {"predicate"}


def test_new_things_and_a_most(canal: Project, queued: Callable[..., Judge]) -> None:
    """Only where the rule says so, and no more than it says."""
    review = Review(canal, "Ann", queued())
    text = '[[accept]]\nsources = ["recorded"]\nproperties = ["c:chairs"]\nnew_things = true\nmost = 2\n'
    accepted = apply_policy(review, read_policy(canal, policy_file(canal, text)))
    assert len(accepted) == 2
    assert all("chairs" in one.decision.statements[-1][0].decode() for one in accepted)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "rules alone"),
        ("[[accept]]\n", "names no sources"),
        ('[[accept]]\nsources = ["a"]\n', "names no properties"),
        ('[[accept]]\nsources = []\nproperties = ["c:owns"]\n', "list of texts"),
        ('[[accept]]\nsources = "a"\nproperties = ["c:owns"]\n', "list of texts"),
        ('[[accept]]\nsources = ["a"]\nproperties = ["zz:owns"]\n', "prefix that is not known"),
        ('[[accept]]\nsources = ["a"]\nproperties = ["c:owns"]\ndocuments = ["x"]\n', "no document"),
        ('[[accept]]\nsources = ["a"]\nproperties = ["c:owns"]\nflags = true\n', "there is no “flags”"),
        ('[[accept]]\nsources = ["a"]\nproperties = ["c:owns"]\nmost = 0\n', "above zero"),
        ("[[accept]", "not TOML"),
        ("accept = 5\n", "rules alone"),
        ("\udcff", "not TOML"),
    ],
)
def test_a_policy_is_read_strictly(canal: Project, text: str, message: str) -> None:
    """What it gets wrong is named; nothing is accepted by half of it."""
    file = canal.root.parent / "policy.toml"
    file.write_bytes(text.encode("utf-8", "surrogateescape"))
    with pytest.raises(ProjectError, match=message):
        read_policy(canal, file)
