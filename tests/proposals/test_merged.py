"""Facts and decisions that a merge of branches brought apart, and decisions of several reviewers and clocks."""

import json
import random
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.errors import Finding, UsageError
from isoc_kg.namespaces import EV
from isoc_kg.project import Project
from isoc_kg.proposals import acceptance
from isoc_kg.proposals.acceptance import Review
from isoc_kg.proposals.decisions import Decision, DecisionLog, append_decision, standing
from isoc_kg.proposals.judge import Judge
from isoc_kg.rdf.lines import split
from proposed import recorded

_FOUNDED = [claim for claim in recorded("true") if claim["property"] == "schema:foundingDate"]
_OSIER = [claim for claim in recorded("true") if "Osier Cut" in json.dumps(claim)]


def _facts(project: Project) -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in project.facts_files}


def _restore(texts: dict[Path, str]) -> None:
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")


def _said(project: Project) -> tuple[set[bytes], list[Finding]]:
    """The statements that are published, and what is said about acceptances."""
    dataset = build_dataset(project)
    return set(dataset.claims), [one for one in dataset.findings if "accepted" in one.message]


def test_an_undone_line_that_comes_back_is_held_back(canal: Project, queued: Callable[..., Judge]) -> None:
    """It is named by file and line; accepting it again writes no second one."""
    review = Review(canal, "Ann", queued(recorded("true")[:1]))
    (proposal,) = review.open()
    ((file, line),) = review.accept(proposal).written
    merged = _facts(canal)
    review.undo()
    _restore(merged)
    claims, (finding,) = _said(canal)
    assert proposal.claim.triple not in claims
    assert (finding.file, finding.severity) == (file, "warning")
    assert finding.line == 1 + merged[file].splitlines().index(line)
    assert "no decision on it stands" in finding.message
    assert "delete the line" in (finding.advice or "")
    Review(canal, "Bo").accept(proposal)
    assert file.read_text(encoding="utf-8").count(line) == 1
    claims, findings = _said(canal)
    assert proposal.claim.triple in claims
    assert not findings


def test_a_line_of_what_stands_refused_is_held_back(canal: Project, queued: Callable[..., Judge]) -> None:
    """One reviewer on two branches: the later decision stands, and taking it back takes the line out, too."""
    review = Review(canal, "Ann", queued(_OSIER[:1]))
    before = set(build_dataset(canal).claims)
    (proposal,) = review.open()
    review.accept(proposal)
    merged = _facts(canal)
    review.undo()
    review.refuse(proposal, "no")
    _restore(merged)
    claims, findings = _said(canal)
    assert claims == before
    assert all("Ann refused it" in one.message for one in findings)
    assert len(findings) == 3
    Review(canal, "Ann").undo()
    claims, findings = _said(canal)
    assert (claims, findings) == (before, [])


def test_a_line_of_ones_own_stands_without_the_record(canal: Project, queued: Callable[..., Judge]) -> None:
    """Without a decision a line in the facts is an author's; with other evidence it keeps that."""
    review = Review(canal, "Ann", queued(recorded("true")[:1]))
    (proposal,) = review.open()
    review.accept(proposal)
    merged = _facts(canal)
    review.undo()
    _restore(merged)
    for path in canal.decisions_folder.iterdir():
        path.unlink()
    claims, findings = _said(canal)
    assert proposal.claim.triple in claims
    assert not findings


def test_an_acceptance_without_its_line_is_named(
    canal: Project, queued: Callable[..., Judge], cli: Callable[..., Any]
) -> None:
    """And can be taken back, by the command that the message gives."""
    review = Review(canal, "Ann", queued(recorded("true")[:1]))
    (proposal,) = review.open()
    before = _facts(canal)
    review.accept(proposal)
    _restore(before)
    claims, (finding,) = _said(canal)
    assert proposal.claim.triple not in claims
    assert "accepted by Ann" in finding.message
    assert "no such line" in finding.message
    assert (finding.advice or "").endswith(f"isoc-kg review --take-back {proposal.id}")
    arguments = ("review", "--take-back", proposal.id, "--project", canal.root, "--reviewer")
    assert "no decision of yours" in cli(*arguments, "Bo", code=2).stderr
    assert "is taken back" in cli(*arguments, "Ann").stdout
    assert _said(canal)[1] == []


def test_a_value_that_is_corrected_by_hand_is_not_missed(canal: Project, queued: Callable[..., Judge]) -> None:
    """Another literal on the same unit is in its place; one on another unit, or another thing, is not."""
    review = Review(canal, "Ann", queued(_FOUNDED[:1]))
    (proposal,) = review.open()
    before = _facts(canal)
    review.accept(proposal)
    _restore(before)
    subject, predicate, _, _ = (part.decode() for part in split(proposal.claim.triple))
    unit = proposal.claim.unit
    elsewhere = f"{unit.partition('#')[0]}#1.1"
    own = canal.root / "facts" / "zz-corrected.ttl"
    for value, named, missing in (
        ('"1790"^^<http://www.w3.org/2001/XMLSchema#gYear>', unit, 0),
        ('"1790"^^<http://www.w3.org/2001/XMLSchema#gYear>', elsewhere, 1),
        (f"<{canal.ids.thing('another')}>", unit, 1),
    ):
        own.write_text(f"{subject} {predicate} {value} {{| <{EV.impliedBy}> <{named}> |}} .\n", "utf-8")
        assert len([one for one in build_dataset(canal).findings if "no such line" in one.message]) == missing


def test_a_line_stays_while_another_acceptance_stands(canal: Project, queued: Callable[..., Judge]) -> None:
    """Two reviewers accepted the same new thing: its lines go with the last of them."""
    before = set(build_dataset(canal).claims)
    ann = Review(canal, "Ann", queued(_OSIER[:1]))
    (proposal,) = ann.open()
    decision = ann.accept(proposal).decision
    append_decision(canal, replace(decision, reviewer="Bo"))
    ann.undo()
    claims, findings = _said(canal)
    assert {line for line, _ in decision.statements} <= claims
    assert not findings
    Review(canal, "Bo").undo()
    assert _said(canal) == (before, [])


def test_a_new_thing_goes_with_the_last_that_needs_it(canal: Project, queued: Callable[..., Judge]) -> None:
    """Who accepted it first takes it back first; the other one's fact needs its class and name until that goes."""
    before = set(build_dataset(canal).claims)
    ann = Review(canal, "Ann", queued(_OSIER))
    first, second = ann.open()[:2]
    ann.accept(first)
    Review(canal, "Bo").accept(second)
    ann = Review(canal, "Ann")
    ann.undo()
    claims, findings = _said(canal)
    assert second.claim.triple in claims
    assert not findings
    Review(canal, "Bo").undo()
    assert _said(canal) == (before, [])


@pytest.mark.parametrize("implied", [True, False])
def test_settling_writes_no_second_line(canal: Project, queued: Callable[..., Judge], implied: bool) -> None:
    """One accepted as supported, one as implied: what settles it is what the facts have, once."""
    before = set(build_dataset(canal).claims)
    ann = Review(canal, "Ann", queued(_OSIER[:1]))
    (proposal,) = ann.open()
    start = _facts(canal)
    own = ann.accept(proposal, implied=True).decision
    ann.undo()
    _restore(start)
    other = ann.accept(proposal, implied=False).decision
    file, line = canal.root / other.written[-1][0], other.written[-1][1]
    text = file.read_text(encoding="utf-8").replace(line, f"{own.written[-1][1]}\n{line}")
    file.write_text(text, encoding="utf-8")
    append_decision(canal, replace(own, reviewer="Bo", time=other.time))
    assert [found.id for found, _ in Review(canal, "Cy").contested()] == [proposal.id]
    assert proposal.claim.triple not in _said(canal)[0]
    cy = Review(canal, "Cy")
    (done,) = cy.accept(proposal, implied=implied, settles=True).written[-1:]
    texts = "".join(_facts(canal).values())
    assert texts.count(done[1]) == 1
    assert (own if not implied else other).written[-1][1] not in texts
    claims, findings = _said(canal)
    assert proposal.claim.triple in claims
    assert not findings
    cy.undo()
    assert _said(canal) == (before, [])
    assert [one.id for one in cy.open()] == [proposal.id]


def test_decisions_follow_one_another_whatever_the_clock_says(
    canal: Project, queued: Callable[..., Judge], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clock that was set back, or stands: what was decided on what was seen comes behind it."""
    review = Review(canal, "Ann", queued(recorded("true")[:2]))
    first, second = review.open()
    times = iter(f"2026-01-0{day}T00:00:00.000000Z" for day in (3, 2, 2, 1, 1, 1, 1))
    monkeypatch.setattr(acceptance, "now", lambda: next(times))
    review.refuse(first, "no")
    review.undo()
    review.accept(first)
    assert review.standings()[first.id].accepted
    review.accept(second)
    assert review.undo().proposal == second.id
    assert [one.id for one in review.open()] == [second.id]
    Review(canal, "Bo").refuse(first, "no", settles=True)
    standings = Review(canal, "Cy").standings()
    assert [one.reviewer for one in standings[first.id].decisions] == ["Bo"]
    assert first.claim.triple not in build_dataset(canal).claims


def _decision(kind: str, reviewer: str, time: str) -> Decision:
    return Decision(kind, "0123456789abcdef", reviewer, time)


def test_lines_of_a_file_keep_their_order(canal: Project) -> None:
    """By line within a file, by time between files, a fraction of a second being later than none."""
    canal.decisions_folder.mkdir(parents=True)
    lines = [_decision("refuse", "Ann", "2026-01-02T12:00:00Z"), _decision("undo", "Ann", "2026-01-02T11:00:00Z")]
    (canal.decisions_folder / "b.jsonl").write_bytes(b"".join(one.to_json() for one in lines))
    other = _decision("refuse", "Bo", "2026-01-02T12:00:00.5Z")
    (canal.decisions_folder / "a.jsonl").write_bytes(other.to_json())
    decisions = DecisionLog(canal).read()[0]
    assert decisions == [*lines, other]
    assert standing(decisions)["0123456789abcdef"].decisions == (other,)


def test_nothing_is_later_than_the_end_of_time(canal: Project, queued: Callable[..., Judge]) -> None:
    """A decision of the last microsecond is named, and nothing written."""
    review = Review(canal, "Ann", queued(recorded("true")[:1]))
    (proposal,) = review.open()
    append_decision(canal, Decision("refuse", proposal.id, "Ann", "9999-12-31T23:59:59.999999Z"))
    with pytest.raises(UsageError, match="9999"):
        review.undo()


@pytest.mark.parametrize(
    "change",
    [
        {"time": "2026-13-01T00:00:00Z"}, {"time": "2026-02-30T00:00:00Z"}, {"time": "0000-01-01T00:00:00Z"},
        {"time": "2026-01-01T24:61:00Z"}, {"reviewer": "\ud800"}, {"reason": "a\udfffb"}, {"source": "\ud800"},
        {"of": {"triple": "<x:a> <x:b> <x:c> .", "unit": "\udc00"}}, {"written": [{"file": "\ud800", "line": "a"}]},
        {"statements": [{"triple": '<x:a> <x:b> "\ud800" .', "implied": True}]},
        *(
            {"of": {"triple": triple, "unit": "x:u"}}
            for triple in (
                "<x:a> <x:b> .", "<x:a> <x:b>  .", "<x:a> .", ' .', '<x:a> <x:b> " .', '<x:a> <x:b> "c"@ .',
                "<x:a> <x:b> <x:c>",
                "<x:a> <x:b> <<( <x:c> .", "<x:a> <x:b> _:c .", "<x:a> <x:b> <x:c> <x:d> .", "<x:a> b <x:c> .",
                "<x:a> <x:b> <x:c d> .", "<x:a> <x:b> <x:c> .\n<x:a> <x:b> <x:d> .", '<x:a> <x:b> "a"^^<b> .',
            )
        ),
        {"of": {"triple": "<x:a> <x:b> <x:c> .", "unit": "no IRI"}}, {"unit": "x:<"},
    ],
)  # fmt: skip
def test_no_such_time_character_or_statement(canal: Project, change: dict[str, object]) -> None:
    """They make a line none, which a build names with its place."""
    line = {"decision": "refuse", "proposal": "0123456789abcdef", "reviewer": "a", "time": "2026-01-01T00:00:00Z"}
    canal.decisions_folder.mkdir(parents=True)
    file = canal.decisions_folder / "2026-01-01-a.jsonl"
    file.write_text("\n" + json.dumps(line | change) + "\n", encoding="utf-8")
    found = [one for one in build_dataset(canal).findings if "not a decision" in one.message]
    assert [(one.file, one.line) for one in found] == [(file, 2)]


def test_whatever_a_line_has(canal: Project) -> None:
    """Of lines with random faults, each is a decision whose statements can be taken apart, or is named."""
    chance = random.Random(14)
    triple = '<x:a> <x:b> "c \\"d"@en .'
    line = json.dumps({
        "decision": "accept", "proposal": "0123456789abcdef", "reviewer": "a", "time": "2026-01-01T00:00:00Z",
        "unit": "x:u", "statements": [{"triple": triple, "implied": False}], "of": {"triple": triple, "unit": "x:u"},
    })  # fmt: skip
    signs = ["", '"', '\\"', "<", ">", " .", "\\", "null", "[]", "{}", "<<( ", ")>>", "_:", "@", "^^", " ", "\x00", "5"]
    lines = []
    for _ in range(1000):
        start = chance.randrange(len(line))
        end = start + chance.choice((0, 1, 2, 5, 20))
        lines.append(line[:start] + chance.choice(signs) + line[end:])
    canal.decisions_folder.mkdir(parents=True)
    (canal.decisions_folder / "2026-01-01-a.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    decisions, findings = DecisionLog(canal).read()
    assert len(decisions) + len(findings) == len(lines)
    for decision in decisions:
        for statement, _ in decision.statements:
            assert all(split(statement)[:3])


def test_a_linked_file_of_facts_stays_a_link(canal: Project, queued: Callable[..., Judge]) -> None:
    """What it leads to within the project is changed."""
    link, real = canal.folder("facts") / "trust.ttl", canal.root / "kept" / "trust.ttl"
    real.parent.mkdir()
    link.rename(real)
    link.symlink_to(Path("..") / "kept" / "trust.ttl")
    before = real.read_text(encoding="utf-8")
    review = Review(canal, "Ann", queued(recorded("true")[:1]))
    ((file, line),) = review.accept(review.open()[0]).written
    assert file == link
    assert link.is_symlink()
    assert line in real.read_text(encoding="utf-8")
    review.undo()
    assert link.is_symlink()
    assert real.read_text(encoding="utf-8") == before
