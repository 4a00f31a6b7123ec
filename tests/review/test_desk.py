"""Several reviewers at once, and files that change under them: no decision is lost, and what is judged is current."""

import threading
from pathlib import Path

import pytest

from isoc_kg.errors import UsageError
from isoc_kg.project import load_project
from isoc_kg.proposals.decisions import DecisionLog
from isoc_kg.review.desk import Desk
from isoc_kg.review.view import claim_of_turtle, view_of

from .conftest import CLAIMS, facts, propose


def desk(project: Path, reviewer: str = "Ann") -> Desk:
    return Desk(load_project(project), reviewer)


def test_the_order_is_that_of_the_document(canal: Path) -> None:
    """Proposals come sentence by sentence, whenever they were made."""
    propose(canal, [{"unit": "report:2.1", "subject": "id:wexmoor-canal-trust", "property": "c:maintains",
                     "object": "id:copper-basin", "support": "implied"}])  # fmt: skip
    one = desk(canal)
    units = [view_of(one.judge, waiting.proposal).unit for waiting in one.waiting()]
    assert units == ["report:2.1", "report:2.2", "report:2.3", "report:2.4", "report:2.5", "report:3.4"]


def test_two_reviewers_lose_nothing(canal: Path) -> None:
    """Two who decide at the same time: each proposal is decided once, and every acceptance is in the facts."""
    desks = [desk(canal, "Ann"), desk(canal, "Ben")]
    refused: list[str] = []

    def work(one: Desk, step: int) -> None:
        for waiting in one.waiting()[::step]:
            try:
                one.accept(waiting)
            except UsageError as error:
                refused.append(error.message)

    threads = [threading.Thread(target=work, args=(one, step)) for one, step in zip(desks, (1, -1), strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    decisions, findings = DecisionLog(load_project(canal)).read()
    assert findings == []
    assert len(decisions) == len({one.proposal for one in decisions}) == 5
    assert len(refused) == 5
    assert all("has accepted this already" in message for message in refused)
    for decision in decisions:
        for _, line in decision.written:
            assert facts(canal).count(line) == 1
    assert desks[0].waiting() == desks[1].waiting() == []


def test_what_another_accepts_is_known(canal: Path) -> None:
    """An acceptance elsewhere is a fact for this judge at once, without reading the project again."""
    ann, ben = desk(canal, "Ann"), desk(canal, "Ben")
    judge = ann.judge
    first = ann.waiting()[0]
    assert ann.assessment(first.proposal).accepted
    ben.accept(ben.waiting()[0])
    assert ann.assessment(first.proposal).refusal.name == "duplicate"  # type: ignore[union-attr]
    assert ann.judge is judge
    with pytest.raises(UsageError, match="Ben has accepted this already"):
        ann.accept(first)


def test_what_another_takes_back_is_known(canal: Path) -> None:
    """So is what another takes back, and what is written by hand."""
    ann, ben = desk(canal, "Ann"), desk(canal, "Ben")
    ben.accept(ben.waiting()[0])
    assert len(ann.waiting()) == 4
    ben.undo()
    first = ann.waiting()[0]
    assert ann.assessment(first.proposal).accepted
    file = canal / "facts" / "trust.ttl"
    line = "id:ida-thornbury c:chairs id:wexmoor-canal-trust {| ev:supportedBy s:2.3 |} .\n"
    other = next(one for one in ann.waiting() if b"chairs" in one.proposal.claim.triple)
    assert ann.assessment(other.proposal).accepted
    file.write_text(file.read_text(encoding="utf-8") + line, encoding="utf-8")
    assert ann.assessment(other.proposal).refusal.name == "duplicate"  # type: ignore[union-attr]


def test_what_was_judged_before_is_kept_where_nothing_touches_it(canal: Path) -> None:
    """An acceptance has what mentions the same things judged again, and the rest later."""
    one = desk(canal)
    waiting = one.waiting()
    for each in waiting:
        one.assessment(each.proposal)
    one.accept(waiting[0])
    known = [one.last_assessment(each.proposal) is not None for each in waiting]
    assert known == [False, False, False, False, True]  # the fifth is about another company
    assert not any(one.is_judged(each.proposal) for each in waiting)


def test_turtle_there_and_back(canal: Path) -> None:
    """What a reviewer gets to edit is the proposal itself, new things included."""
    one = desk(canal)
    for waiting in one.waiting():
        view = view_of(one.judge, waiting.proposal)
        claim = claim_of_turtle(one.judge, view.turtle)
        assert claim.key == waiting.proposal.claim.key
        assert set(claim.introduces) == set(waiting.proposal.claim.introduces)
        assert claim_of_turtle(one.judge, " ".join(view.turtle.split("\n"))).key == claim.key
    for wrong in ("", "nonsense", "id:x c:y id:z .", "# nothing\n", "id:a c:b id:c, id:d {| ev:supportedBy s:2.1 |} ."):
        with pytest.raises(Exception) as caught:
            claim_of_turtle(one.judge, wrong)
        assert getattr(caught.value, "exit_code", 0) in (2, 3)


def test_contested(canal: Path) -> None:
    """What two reviewers contradict each other in, by files that git merged, waits for somebody to settle it."""
    ann, ben = desk(canal, "Ann"), desk(canal, "Ben")
    name = ann.waiting()[0].proposal.id
    ann.refuse(ann.waiting()[0], "no")
    kept = next((canal / "proposals/decisions").glob("*ann*"))
    content = kept.read_bytes()
    kept.unlink()
    ben.accept(next(one for one in ben.waiting() if one.proposal.id == name))
    kept.write_bytes(content)
    found = {one.proposal.id: one for one in desk(canal, "Cleo").waiting()}
    assert found[name].standing is not None
    cleo = desk(canal, "Cleo")
    cleo.refuse(found[name], "settled")
    assert name not in {one.proposal.id for one in cleo.waiting()}
    assert "c:maintains id:copper-basin" not in facts(canal)


def test_views_of_odd_proposals(canal: Path) -> None:
    """A unit that is gone, a text that is not at hand: shown as far as it is known."""
    (canal / "documents" / "report.txt").unlink()
    one = desk(canal)
    views = [view_of(one.judge, waiting.proposal) for waiting in one.waiting()]
    assert {view.text for view in views} == {None}
    assert {view.marks for view in views} == {()}
    assert CLAIMS[0]["unit"] == views[0].unit
