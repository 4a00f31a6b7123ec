"""Several reviewers at once, and files that change under them: no decision is lost, and what is judged is current."""

import json
import re
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.documents.index import index_document
from isoc_kg.errors import UsageError
from isoc_kg.namespaces import EV
from isoc_kg.project import load_project
from isoc_kg.proposals.acceptance import UnseenFlags
from isoc_kg.proposals.decisions import Decision, DecisionLog
from isoc_kg.rdf.lines import split
from isoc_kg.review.desk import Desk
from isoc_kg.review.listing import description
from isoc_kg.review.pages import ReviewPages
from isoc_kg.review.reading import rows_of
from isoc_kg.review.screen import screen
from isoc_kg.review.session import Session
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


@pytest.mark.filterwarnings("ignore:waiting for process")  # what a slow machine says
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


@pytest.mark.parametrize("reason", ["", " ", "\n\t", "\u200b", "\u2060\ufeff\u00ad ", "\u0301"])
def test_no_refusal_without_a_reason(canal: Path, reason: str) -> None:
    """By whichever door."""
    one = desk(canal)
    with pytest.raises(UsageError, match="needs a reason"):
        one.refuse(one.waiting()[0], reason)
    with pytest.raises(UsageError, match="needs a reason"):
        one.review.refuse(one.waiting()[0].proposal, reason)
    assert len(one.waiting()) == 5


def test_flags_are_seen_and_recorded(empty: Path) -> None:
    """What was not shown is not accepted; the decision tells which flags stood there, with or without an answer."""
    propose(empty, [{"unit": "report:4.3", "subject": "id:wexmoor-canal-trust", "property": "c:supplies",
                     "object": "id:averham-boat-yard"}])  # fmt: skip
    one = desk(empty)
    (waiting,) = one.waiting()
    marks = one.assessment(waiting.proposal).marks
    assert [mark.partition(":")[0] for mark in marks] == ["direction"]
    for seen in ((), ("direction:000000000000",)):
        with pytest.raises(UsageError, match=r"flag that was not shown\. direction: "):
            one.accept(waiting, seen=seen)
    assert one.waiting() == [waiting]
    one.accept(waiting, seen=marks)
    (decision,) = DecisionLog(load_project(empty)).read()[0]
    assert decision.flags == ("direction",)
    assert Decision.from_json(json.loads(decision.to_json())) == decision


def test_flags_of_the_reading_that_is_accepted(empty: Path) -> None:
    """As implied, a claim has flags of its own, where as supported it is refused: these are to be seen, no others."""
    propose(empty, [{"unit": "report:3.3", "subject": "id:averham-boat-yard", "property": "c:owns",
                     "object": "id:marigold", "support": "implied"}])  # fmt: skip
    one = desk(empty)
    (waiting,) = one.waiting()
    as_implied = one.assessment(waiting.proposal).marks
    edited = replace(waiting.proposal.claim, implied=False)
    shown = one.assessment(waiting.proposal, edited)
    assert (shown.refusal is not None, shown.marks, bool(as_implied)) == (True, frozenset(), True)
    with pytest.raises(UnseenFlags):
        one.accept(waiting, edited=edited, implied=True, seen=shown.marks)
    assert not one.accept(waiting, edited=edited, implied=True, seen=as_implied).decision.edited


def test_a_new_thing_that_is_known_by_now(canal: Path) -> None:
    """What is edited leaves out what the facts say of its things; where they say it since, it may stand there."""
    lies = {"property": "c:liesIn", "object": CLAIMS[4]["object"]}
    propose(canal, [{"unit": "report:3.3", "subject": "id:copper-basin", "support": "implied", **lies}])
    one = desk(canal)
    waiting = {waiting.proposal.claim.unit.partition("#")[2]: waiting for waiting in one.waiting()}
    before = view_of(one.judge, waiting["3.3"].proposal).turtle
    one.accept(waiting["3.4"])
    after = view_of(one.judge, waiting["3.3"].proposal).turtle
    assert "a c:Town" in before
    assert after == "id:copper-basin c:liesIn id:millgate {| ev:impliedBy s:3.3 |} ."
    assert claim_of_turtle(one.judge, before) == claim_of_turtle(one.judge, after)
    with pytest.raises(UsageError, match="names no unit"):
        claim_of_turtle(one.judge, 'id:millgate a c:Town ; schema:name "Millgate"@en .')


def test_whose_decision_can_be_taken_back(canal: Path) -> None:
    """Only who has decided is told to take it back."""
    ann, ben = desk(canal, "Ann"), desk(canal, "Ben")
    first = ann.waiting()[0]
    ben.accept(first)
    with pytest.raises(UsageError) as other:
        ann.accept(first)
    with pytest.raises(UsageError) as own:
        ben.accept(first)
    assert "Take your own" not in (other.value.advice or "")
    assert "Take your own" in (own.value.advice or "")
    assert ann.fate(first.proposal.id) == "Ben has accepted this already."
    assert "withdrawn" in ann.fate("0" * 16)


def test_the_line_of_what_was_accepted(empty: Path) -> None:
    """A fact that is proposed again is named with its line as it is in the file by then."""
    for number in range(3):
        propose(empty, [CLAIMS[number]])
    (empty / "facts" / "trust.ttl").touch()
    ann, ben = desk(empty, "Ann"), desk(empty, "Ben")
    waiting = ann.waiting()
    for one in waiting:
        ben.accept(one)
    for one in waiting:
        refusal = ann.assessment(one.proposal).refusal
        again = ben.judge.assess(one.proposal.claim).refusal
        assert refusal
        assert again
        for found in (refusal, again):
            name, line = re.search(r"\(([\w.]+):(\d+)\)", found.message).groups()  # type: ignore[union-attr]
            written = (empty / "facts" / name).read_text(encoding="utf-8").splitlines()[int(line) - 1]
            assert split(one.proposal.claim.triple)[2].decode().rpartition("/")[2][:-1] in written


def test_what_was_not_asked_is_said(canal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A card names the questions that the language, or the property's words, do not allow."""
    one = desk(canal)
    judge = one.judge
    waiting = one.waiting()[0]
    assert one.assessment(waiting.proposal).not_asked == ()
    unit = waiting.proposal.claim.unit
    edition = judge.corpus.edition[unit]
    lexicon = judge.corpus.lexicons[edition]
    for language, names in (
        ("fr", ["direction, nearest, actor", "predicate"]),
        ("sv", ["denial, doubt", "direction, nearest, actor", "predicate"]),
    ):
        lexicon.language = language
        judge.corpus._occurrences.clear()
        found = judge.assess(waiting.proposal.claim).not_asked
        assert [name for name, _ in found] == names
        assert all(f"({language})" in why or why.endswith(f" in {language}") for _, why in found)
    monkeypatch.setattr(Desk, "assessment", lambda *_: judge.assess(waiting.proposal.claim))
    listed = description(one, waiting)["not_asked"]
    assert [entry["questions"] for entry in listed] == ["denial, doubt", "direction, nearest, actor", "predicate"]


def test_a_row_stands_with_its_heads(empty: Path) -> None:
    """A row of a table is shown with the head of each column, in the terminal and in the browser."""
    text = empty / "documents" / "report.txt"
    table = "Year\tPeople employed\tBoats\n2022\t13\t4\n2023\t14\t5\n"
    text.write_text(f"{text.read_text(encoding='utf-8')}\n{table}", encoding="utf-8")
    index = empty / "facts" / "units" / "report" / "1.jsonl"
    index.unlink()
    index_document(text, index, slug="report", edition="1", language="en")
    propose(empty, [{"unit": "report:8.3", "subject": "id:wexmoor-canal-trust", "property": "c:employs",
                     "object": {"value": 14}}])  # fmt: skip
    one = desk(empty)
    (waiting,) = one.waiting()
    view = view_of(one.judge, waiting.proposal)
    assert view.columns == (("Year", "2023"), ("People employed", "14"), ("Boats", "5"))
    session = Session([waiting])
    lines = screen(session, view, one.assessment(waiting.proposal), reviewer="Ann", size=(80, 40))
    assert "People employed: 14" in "\n".join(re.sub(r"\x1b\[[\d;]*m", "", line) for line in lines)
    edition, unit = one.judge.dataset.units[waiting.proposal.claim.unit]
    (row,) = rows_of(one, edition, [unit], [waiting])
    assert re.search(
        "<dt[^>]*>People employed</dt><dd[^>]*>14</dd>", ReviewPages(one.review.project, "Ann", "x").row(row)
    )
    head = view_of(one.judge, waiting.proposal, replace(waiting.proposal.claim, unit=f"{edition.iri}#8.1"))
    assert head.columns == ()


def test_each_line_has_its_own_verdict(canal: Path) -> None:
    """The class of a new thing only follows from a sentence that says the statement, and its page says so."""
    one = desk(canal)
    one.accept(next(waiting for waiting in one.waiting() if waiting.proposal.claim.introduces))
    claims = build_dataset(load_project(canal)).claims
    verdicts = {line: next(iter(claim.evidence[EV.verdict])) for line, claim in claims.items() if b"/millgate>" in line
                and EV.verdict in claim.evidence}  # fmt: skip
    assert {line.split()[1].rpartition(b"/")[2].rpartition(b"#")[2]: text.split('"')[1]
            for line, text in verdicts.items()} == {
        b"type>": "implied", b"name>": "supported", b"liesIn>": "supported",
    }  # fmt: skip
