"""From a proposal to a fact and back: what is written, where, and that nothing else changes."""

import json
import os
import shutil
import signal
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.atomic import finish_writing
from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.errors import OutputError, UsageError
from isoc_kg.namespaces import EV, PROV
from isoc_kg.project import Project, load_project
from isoc_kg.proposals.acceptance import Review
from isoc_kg.proposals.decisions import Decision, DecisionLog, append_decision, decision_file, now, standing
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.proposal import Proposal
from isoc_kg.proposals.submission import Submission
from isoc_kg.publication.build import build_publication
from isoc_kg.site import publish_project
from proposed import RECORDED, files_of, recorded


def claims_of(project: Project) -> dict[bytes, set[str]]:
    """The facts: statement → units."""
    return {line: {unit for _, unit, _ in claim.units()} for line, claim in build_dataset(project).claims.items()}


def test_all_true_ones_become_facts(canal: Project, queued: Callable[..., Judge]) -> None:
    """Each accepted statement, and those of its new things, is a fact on its unit, and a build passes."""
    review = Review(canal, "Ann", queued())
    before = claims_of(canal)
    proposals = review.open()
    expected = set(before)
    for proposal in proposals:
        done = review.accept(proposal)
        expected |= {line for line, _ in done.decision.statements}
    assert review.open() == []
    after = claims_of(canal)
    assert set(after) == expected
    assert all(after[line] >= units for line, units in before.items())
    assert all(one.claim.unit in after[one.claim.triple] for one in proposals)
    assert build_publication(canal).gate.passed


def test_a_statement_stands_below_its_subject(canal: Project, queued: Callable[..., Judge]) -> None:
    """On one line, behind the comment of the block's last one; all else stays as it was."""
    file = canal.folder("facts") / "trust.ttl"
    before = file.read_text(encoding="utf-8").splitlines()
    review = Review(canal, "Ann", queued(recorded("true")[:1]))
    (proposal,) = review.open()
    done = review.accept(proposal, implied=True)
    after = file.read_text(encoding="utf-8").splitlines()
    line = "id:wexmoor-canal-trust c:maintains id:copper-basin {| ev:impliedBy s:2.2 |} ."
    assert [(path.name, text) for path, text in done.written] == [("trust.ttl", line)]
    at = after.index(line)
    assert after[at - 1].endswith("# and the basin?")
    assert [*after[:at], *after[at + 1 :]] == before


def test_missing_prefixes_are_added(canal: Project, queued: Callable[..., Judge]) -> None:
    """The other document's prefix is declared at the head; the file says what it said besides."""
    claim = {"unit": "bericht:2.4", "subject": "id:wexmoor-canal-trust", "property": "c:owns", "object": "id:heron"}
    review = Review(canal, "Ann", queued([{**claim, "support": "implied"}]))
    (proposal,) = review.open()
    review.accept(proposal)
    text = (canal.folder("facts") / "trust.ttl").read_text(encoding="utf-8")
    assert "@prefix b: <https://canal.example/kg/document/bericht/1#> ." in text  # as the other file of facts has it
    assert "id:wexmoor-canal-trust c:owns id:heron {| ev:impliedBy b:2.4 |} ." in text


def test_an_answer_goes_with_it(canal: Project, queued: Callable[..., Judge]) -> None:
    """A flag that the reviewer has looked at is answered on the claim, so that the evidence check asks it no more."""
    review = Review(canal, "Ann", queued(recorded("turned round")))
    proposal = review.open()[0]
    assert [flag.name for flag in review.assess(proposal).flags] == ["direction"]
    answers = {
        "direction": 'they trade "both" ways\n. id:a c:owns id:b',
        "rival": "no flag of the check",
        "denial": "x",
    }
    done = review.accept(proposal, answers=answers)
    assert "rival: no flag of the check" in (done.decision.reason or "")
    gate = build_publication(canal).gate
    assert gate.passed
    assert not gate.evidence.unanswered


def test_answers_stand_on_the_statements_that_are_asked(canal: Project, queued: Callable[..., Judge]) -> None:
    """What the check asks of a new thing's class is flagged before, and answered where it would be asked."""
    claim = {"unit": "report:3.4", "subject": "id:millgate-lock", "property": "c:liesIn", "support": "implied"}
    judge = queued([{**claim, "object": {"new": {"type": "c:Town", "label": "Fernhollow"}}}])
    review = Review(canal, "Ann", judge)
    (proposal,) = review.open()
    flags = review.assess(proposal).flags
    assert ("subject", proposal.claim.introduces[0]) in [(flag.name, flag.line) for flag in flags]
    review.accept(proposal, answers={flag.name: "the map has it" for flag in flags})
    gate = build_publication(canal).gate
    assert gate.passed
    assert not gate.evidence.unanswered
    assert not gate.evidence.errors


def test_undo_gives_the_facts_back(canal: Project, queued: Callable[..., Judge]) -> None:
    """Acceptances taken back one by one leave the facts as they were, but for prefixes; refusals are open again."""
    before = claims_of(canal)
    review = Review(canal, "Ann", queued())
    first, second, *others = review.open()
    review.refuse(second, "no")
    for proposal in (first, *others):
        review.accept(proposal)
    for _ in range(len(others) + 2):
        review.undo()
    assert claims_of(canal) == before
    assert len(review.open()) == len(others) + 2
    with pytest.raises(UsageError, match="no decision of yours"):
        review.undo()


def test_undo_keeps_what_others_need(canal: Project, queued: Callable[..., Judge]) -> None:
    """The thing that an acceptance introduced stays while another fact is about it."""
    review = Review(canal, "Ann", queued([claim for claim in recorded("true") if "Osier Cut" in json.dumps(claim)]))
    first, second = review.open()
    review.accept(first)
    review.accept(second)
    review.undo(first.id)
    facts = claims_of(canal)
    assert first.claim.triple not in facts
    assert second.claim.triple in facts
    assert build_publication(canal).gate.passed


def test_undo_says_when_the_line_was_changed(canal: Project, queued: Callable[..., Judge]) -> None:
    """Nothing is removed that is not as it was written, and the decision stands."""
    review = Review(canal, "Ann", queued(recorded("true")[:1]))
    done = review.accept(review.open()[0])
    file, line = done.written[0]
    file.write_text(file.read_text(encoding="utf-8").replace(line, line.replace(" .", "  .")), encoding="utf-8")
    state = files_of(canal.root, "facts", "proposals")
    with pytest.raises(UsageError, match="not there any more"):
        review.undo()
    assert files_of(canal.root, "facts", "proposals") == state


def test_what_is_edited_is_judged_again(canal: Project, queued: Callable[..., Judge]) -> None:
    """A reviewer cannot accept what the judge refuses; what is accepted in place of a proposal is recorded as such."""
    review = Review(canal, "Ann", queued(recorded("turned round")))
    proposal = review.open()[0]
    line = proposal.claim.triple.decode().split(" ")
    wrong = type(proposal.claim)(" ".join([line[0], line[1] + "x", *line[2:]]).encode(), proposal.claim.unit)
    wrong = type(proposal.claim)(wrong.triple.replace(b">x", b"x>"), proposal.claim.unit)
    with pytest.raises(UsageError, match="no ontology file declares"):
        review.accept(proposal, edited=wrong)
    right = type(proposal.claim)(" ".join([line[2], line[1], line[0], "."]).encode() + b"\n", proposal.claim.unit)
    done = review.accept(proposal, edited=right)
    assert done.decision.edited
    assert claims_of(canal)[right.triple] == {right.unit}


def test_provenance_is_published(canal: Project, queued: Callable[..., Judge]) -> None:
    """The claim says tool, time and verdict; names only where the project says so."""
    review = Review(canal, "Ann Ünal", queued(recorded("true")[:1], source="a tool", by="Bo"))
    proposal = review.open()[0]
    review.accept(proposal)
    claim = build_dataset(canal).claims[proposal.claim.triple]
    said = {name: list(values) for name, values in claim.evidence.items()}
    assert said[EV.proposedWith] == ['"a tool"']
    assert said[EV.verdict] == ['"supported"']
    assert said[PROV.generatedAtTime][0].endswith('Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>')
    assert not {EV.acceptedBy, EV.proposedBy} & said.keys()
    with (canal.root / "kg.toml").open("a", encoding="utf-8") as file:
        file.write("\n[review]\npublish_names = true\n")
    open_ = load_project(canal.root)
    evidence = build_dataset(open_).claims[proposal.claim.triple].evidence
    assert (list(evidence[EV.acceptedBy]), list(evidence[EV.proposedBy])) == (['"Ann Ünal"'], ['"Bo"'])
    build = build_publication(open_)
    assert build.gate.passed
    assert '"Ann Ünal"' in (build.target / "canal.ttl").read_text(encoding="utf-8")
    publish_project(open_, canal.root.parent / "site")
    page = (canal.root.parent / "site" / "id" / "wexmoor-canal-trust.html").read_text(encoding="utf-8")
    assert all(text in page for text in ("accepted by", "Ann Ünal"))


def test_contradictory_decisions(canal: Project, queued: Callable[..., Judge]) -> None:
    """Two reviewers, each on a branch of their own: what they disagree on is shown, and published by nobody."""
    claim = next(claim for claim in recorded("true") if claim["unit"] == "report:3.4")
    judge = queued([claim])
    before = (build_publication(canal).target / "canal.nt").read_bytes()
    ann = Review(canal, "Ann", judge)
    (proposal,) = ann.open()
    ann.accept(proposal)
    assert (build_publication(canal).target / "canal.nt").read_bytes() != before
    append_decision(
        canal, Decision("refuse", proposal.id, "Bo", now(), reason="which Millgate?", key=proposal.claim.key)
    )
    bo = Review(canal, "Bo")
    assert [one.id for one, _ in bo.contested()] == [proposal.id]
    assert bo.open() == []
    build = build_publication(canal)
    assert any("contradict each other" in text and "Bo refused it" in text for text in build.gate.warnings())
    assert (build.target / "canal.nt").read_bytes() == before
    with pytest.raises(UsageError, match="has refused this already"):
        bo.accept(proposal)
    bo.refuse(proposal, "settled with Ann", settles=True)
    assert bo.contested() == []
    assert proposal.claim.triple not in claims_of(canal)
    bo.undo()
    assert Review(canal, "Cy").open() == [proposal]


def test_two_reviewers_merge_by_git(canal: Project, queued: Callable[..., Judge]) -> None:
    """Each has files of their own: the union of two folders is the sum of their decisions."""
    judge = queued()
    ann, bo = Review(canal, "Ann", judge), Review(canal, "bo")
    first, second = ann.open()[:2]
    ann.refuse(first, "no")
    bo.refuse(second, "no")
    names = {path.name[11:] for path in canal.decisions_folder.iterdir()}
    assert len(names) == 2
    assert "bo.jsonl" in names
    assert {one.proposal for one in DecisionLog(canal).read()[0]} == {first.id, second.id}


@pytest.mark.parametrize(
    "name", ["../../etc", "/root", "a/b", "..", "CON", "äöü", "名前", "a" * 200, "Ann", "ann", "ANN"]
)
def test_no_name_leads_out_of_the_folder(canal: Project, name: str) -> None:
    """The file of a reviewer is one file in the folder of decisions, and another reviewer's is another one."""
    path = decision_file(canal, name, now())
    assert path.parent == canal.decisions_folder
    assert path.name.endswith(".jsonl")
    assert path.name.isascii()
    assert len(path.name) < 80
    assert path != decision_file(canal, name + "x", now())


def test_a_torn_line_is_left_out_and_said(canal: Project, queued: Callable[..., Judge]) -> None:
    """The decisions before and behind it count."""
    review = Review(canal, "ann", queued())
    first, second, third = review.open()[:3]
    review.refuse(first, "no")
    review.refuse(second, "no")
    path = decision_file(canal, "ann", now())
    path.write_bytes(path.read_bytes()[:-20])
    decisions, findings = DecisionLog(canal).read()
    assert [one.proposal for one in decisions] == [first.id]
    assert [(finding.line, finding.severity) for finding in findings] == [(2, "warning")]
    assert "not written to its end" in findings[0].message
    review.refuse(third, "no")
    review.accept(second)
    assert set(standing(DecisionLog(canal).read()[0])) == {first.id, second.id, third.id}
    assert any(finding.line == 2 for finding in build_dataset(canal).findings)


@pytest.mark.parametrize(
    "line",
    [
        "[]", "5", "{}", '{"decision": "accept"}', '{"decision": "accept", "proposal": "x"}', "[" * 100_000,
        '{"decision":"accept","proposal":"0123456789abcdef","reviewer":"a","time":"2026-01-01T00:00:00Z"}',
        '{"decision":"accept","proposal":"0123456789abcdef","reviewer":"a","time":"2026-01-01T00:00:00Z","unit":"u",'  # noqa: ISC004
        '"statements":[{"triple":"no triple","implied":true}]}',
    ],
)  # fmt: skip
def test_what_is_no_decision(canal: Project, line: str) -> None:
    """It decides nothing, and is named."""
    canal.decisions_folder.mkdir(parents=True)
    (canal.decisions_folder / "2026-01-01-a.jsonl").write_text(line + "\n", encoding="utf-8")
    decisions, findings = DecisionLog(canal).read()
    assert decisions == []
    assert len(findings) == 1


def test_a_decision_changes_no_fact_by_itself(canal: Project) -> None:
    """Decisions that were forged, or whose line was taken out of the facts, add nothing to what is published."""
    before = claims_of(canal)
    line = "<https://canal.example/kg/id/heron> <https://canal.example/kg/ontology#owns> <x:y> ."
    append_decision(
        canal,
        Decision(
            "accept", "0123456789abcdef", "Eve", now(), unit="https://canal.example/kg/document/report/1#2.1",
            statements=((line.encode() + b"\n", False),), written=(("../../outside.ttl", line), ("kg.toml", "name")),
        ),
    )  # fmt: skip
    assert claims_of(canal) == before
    with pytest.raises(UsageError):
        Review(canal, "Eve").undo()
    assert (canal.root / "kg.toml").exists()


def test_a_file_that_cannot_be_extended_stays(canal: Project, queued: Callable[..., Judge]) -> None:
    """Where facts cannot be written, neither is the decision."""
    review = Review(canal, "Ann", queued(recorded("true")[:1]))
    facts = canal.folder("facts") / "trust.ttl"
    text = facts.read_text(encoding="utf-8") + "id:wexmoor-canal-trust c:owns id:heron {| ev:supportedBy s:2.4 \n"
    facts.write_text(text, encoding="utf-8")
    with pytest.raises((OutputError, Exception)):
        review.accept(review.open()[0])
    assert facts.read_text(encoding="utf-8") == text
    assert not canal.decisions_folder.exists()


#: What is counted, and where the process ends: every call that changes something on the disk.
CALLS = ("fsync", "replace", "rename", "open", "unlink", "write")


def accepting(review: Review, proposal: Proposal, number: int) -> int:
    """Accept a proposal in a process that is killed at a call; how it ended: the signal, or 0."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    left = [number]

    def counting(call: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*arguments: Any, **named: Any) -> Any:
            left[0] -= 1
            if left[0] == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            return call(*arguments, **named)

        return counted

    for name in CALLS:
        setattr(os, name, counting(getattr(os, name)))
    for name in ("replace", "unlink", "open", "rename", "chmod"):
        setattr(Path, name, counting(getattr(Path, name)))
    try:
        review.accept(proposal)
    finally:
        os._exit(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_killed_at_any_moment(canal: Project, queued: Callable[..., Judge]) -> None:
    """Wherever an acceptance is killed, both the decision and its facts are there after the next start, or neither."""
    review = Review(canal, "Ann", queued(recorded("true")[6:7]))
    (proposal,) = review.open()
    review.assess(proposal)
    start = files_of(canal.root, "facts")
    number, ended = 1, {True: 0, False: 0}
    while accepting(review, proposal, number):
        finish_writing(canal.root)
        decisions, findings = DecisionLog(canal).read()
        assert not findings
        facts = claims_of(canal)
        for one in decisions:
            assert all(line in facts for line, _ in one.statements)
        if not decisions:
            assert files_of(canal.root, "facts") == start
        ended[bool(decisions)] += 1
        shutil.rmtree(canal.decisions_folder, ignore_errors=True)
        for file, content in start.items():
            (canal.root / file).write_bytes(content)
        number += 1
        assert number < 200
    assert ended[True]
    assert ended[False]
    assert not list(canal.root.rglob("*.part"))


def test_the_judge_forgets_what_is_taken_back(canal: Project, queued: Callable[..., Judge]) -> None:
    """After acceptances and their undoing it says of every recorded claim what it said before."""
    judge = queued()

    def answers() -> list[object]:
        made = [Submission(judge, "x", queued=False).submit_json(entry["claim"]).assessment for entry in RECORDED]
        return [(one.refusal, one.flags, one.statements) for one in made]

    before = answers()
    review = Review(canal, "Ann", judge)
    for proposal in review.open():
        review.accept(proposal)
    assert answers() != before
    while review.standings():
        review.undo()
    assert review.judge is judge
    assert answers() == before
    assert set(judge.claims) == set(Judge(canal).claims)
