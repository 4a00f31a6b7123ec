"""What the judge refuses and flags: recorded proposals, most of them wrong in a known way."""

import json
from collections import Counter
from typing import Any

import pytest

from isoc_kg.errors import UsageError
from isoc_kg.iris import expand
from isoc_kg.project import Project
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.proposal import ProposedClaim, tool_name
from isoc_kg.proposals.submission import Submission
from isoc_kg.proposals.suggestion import command_proposer
from proposed import RECORDED, recorded

#: What a mistake may lead to; what is only a question to the reviewer is queued with a flag.
REFUSALS = {
    "unit that there is not": {"unit"},
    "quote that is not in the unit": {"quote"},
    "misspelt property": {"term"},
    "misspelt subject": {"thing"},
    "misspelt object": {"thing"},
    "turned round": {"ends", "queued"},
    "another number": {"digits"},
    "not a value of the datatype": {"literal"},
    "class that there is not": {"term"},
    "another sentence": {"object", "digits"},
    "fact already": {"duplicate"},
    "fact, implied": {"duplicate"},
    "disjoint classes": {"consistency"},
    "heading": {"heading"},
    "itself": {"ends"},
    "literal for a thing": {"ends"},
    "thing for a literal": {"ends"},
    "no claim": {"form"},
    "hostile name": {"thing"},
    "hostile identifier": {"thing"},
    "hostile property": {"term"},
    "hostile unit": {"unit"},
}


def test_there_are_many() -> None:
    """Enough of each kind, most of them mistakes."""
    kinds = Counter(entry["kind"] for entry in RECORDED)
    assert len(RECORDED) >= 200
    assert len(kinds) >= 25


@pytest.mark.parametrize("entry", RECORDED, ids=lambda entry: entry["kind"].replace(" ", "-"))
def test_outcome(shared_judge: Judge, entry: dict[str, Any]) -> None:
    """Each recorded proposal is refused for its mistake, or queued with the flags that it was recorded with."""
    arrival = Submission(shared_judge, "test", queued=False).submit_json(entry["claim"])
    refusal = arrival.assessment.refusal
    outcome = refusal.name if refusal else "queued"
    assert outcome == entry["outcome"], refusal
    if refusal is None:
        assert sorted({flag.name for flag in arrival.assessment.flags}) == entry["flags"]
    assert outcome in REFUSALS.get(entry["kind"], {outcome})
    if entry["kind"] == "turned round" and outcome == "queued":
        assert "direction" in entry["flags"]
    json.dumps(arrival.to_json(shared_judge)).encode("utf-8")


def test_refusals_say_what_may_be_meant(shared_judge: Judge) -> None:
    """Did-you-mean for things, terms and units."""
    for kind, wanted in (("misspelt object", "Did you mean id:"), ("misspelt property", "Did you mean ")):
        advice = [
            arrival.assessment.refusal.advice or ""
            for claim in recorded(kind)
            if (arrival := Submission(shared_judge, "test", queued=False).submit_json(claim)).assessment.refusal
        ]
        assert sum(wanted in text for text in advice) > len(advice) / 2, advice


def test_a_judgement_leaves_no_trace(shared_judge: Judge) -> None:
    """New things of a proposal are known to nobody afterwards, and the same proposal gets the same answer again."""
    new = next(claim for claim in recorded("true") if isinstance(claim["subject"], dict))
    before = set(shared_judge.corpus.types), dict(shared_judge.corpus.labels)
    first = Submission(shared_judge, "test", queued=False).submit_json(new)
    assert Submission(shared_judge, "test", queued=False).submit_json(new) == first
    assert (set(shared_judge.corpus.types), dict(shared_judge.corpus.labels)) == before


def test_what_is_proposed_or_was_refused_is_not_proposed_again(shared_judge: Judge) -> None:
    """Each with its own reason; the reviewer's is given."""
    submission = Submission(shared_judge, "test", queued=False)
    claim = submission.claim(recorded("true")[0])
    again = shared_judge.assess(claim, open_keys={claim.key})
    assert again.refusal is not None
    assert again.refusal.name == "duplicate"
    refused = shared_judge.assess(claim, refused={claim.key: "the basin is another's"})
    assert refused.refusal is not None
    assert (refused.refusal.name, "the basin is another's" in refused.refusal.message) == ("refused", True)


def test_accepted_things_are_known_at_once(canal: Project) -> None:
    """What was accepted is a duplicate, and its things may be named, without reading the project again."""
    judge = Judge(canal)
    new = next(claim for claim in recorded("true") if claim["object"] == "id:eastwater-society")
    arrival = Submission(judge, "test", queued=False).submit_json(new)
    assert arrival.claim is not None
    judge.add(judge.claim(line, arrival.claim.unit, implied=implied) for line, implied in arrival.assessment.statements)
    second = Submission(judge, "test", queued=False).submit_json(new)
    assert second.assessment.refusal is not None
    assert second.assessment.refusal.name == "duplicate"
    by_name = {"unit": "report:6.4", "subject": "Oskar Lind", "property": "c:chairs", "object": "id:long-reach"}
    third = Submission(judge, "test", queued=False).submit_json(by_name).assessment
    assert third.refusal is not None
    assert third.refusal.name in ("ends", "object")


@pytest.mark.parametrize("name", ["Pound No. 9", "nine pounds", "Pound ９"])
def test_new_things_have_no_number_that_the_sentence_lacks(shared_judge: Judge, name: str) -> None:
    """The evidence check asks the same of a new thing's name, though it is only implied: a build would stop there."""
    new = {"new": {"type": "c:Town", "label": name}}
    claim = {"unit": "report:3.4", "subject": "id:millgate-lock", "property": "c:liesIn", "support": "implied"}
    refusal = Submission(shared_judge, "test", queued=False).submit_json({**claim, "object": new}).assessment.refusal
    assert refusal is not None
    assert refusal.name == "digits"


@pytest.mark.parametrize(
    "property_",
    ["rdf:reifies", "rdf:subject", "rdf:predicate", "rdf:object", "ev:supportedBy", "ev:answer", "ev:preferred"],
)
@pytest.mark.parametrize("value", ["id:copper-basin", {"value": "x"}])
def test_what_is_read_as_evidence_is_no_fact(shared_judge: Judge, property_: str, value: Any) -> None:
    """Statements about statements would be read as evidence once they stood among the facts."""
    claim = {"unit": "report:2.2", "subject": "id:long-reach", "property": property_, "object": value}
    refusal = Submission(shared_judge, "test", queued=False).submit_json(claim).assessment.refusal
    assert refusal is not None
    assert refusal.name == "term"


@pytest.mark.parametrize("class_", ["rdf:Statement", "ev:Edition", "ev:Unit"])
def test_things_are_not_of_the_classes_of_evidence(shared_judge: Judge, class_: str) -> None:
    """A new thing of such a class, and a known one."""
    new = {"new": {"type": class_, "label": "Millgate"}}
    for claim in (
        {"unit": "report:3.4", "subject": "id:millgate-lock", "property": "c:liesIn", "object": new},
        {"unit": "report:3.4", "subject": "id:millgate-lock", "property": "rdf:type", "object": class_},
    ):
        refusal = Submission(shared_judge, "test", queued=False).submit_json(claim).assessment.refusal
        assert refusal is not None
        assert refusal.name == "term"


@pytest.mark.parametrize(
    ("property_", "message"),
    [
        ("s:2.3", "is no property"), ("id:", "is no property"), ("id:long-reach", "id:long-reach is no property"),
        ("id:suplies", "Did you mean c:supplies"), ("c:", "is no property"),
        ("https://example.org/unheard#of", "nobody here knows"),
    ],
)  # fmt: skip
def test_what_is_no_term_is_no_property(shared_judge: Judge, property_: str, message: str) -> None:
    """A unit, a thing, the ontology itself, a name below the base that nothing declares, a vocabulary nobody knows."""
    ids = shared_judge.project.ids
    prefixes = {**shared_judge.project.prefixes, "s": f"{ids.document('report')}/1#"}
    name = ids.ontology if property_ == "c:" else expand(property_, prefixes)
    line = f"<{ids.things}copper-basin> <{name}> <{ids.things}long-reach> .\n"
    refusal = shared_judge.assess(ProposedClaim(line.encode(), ids.unit("report", "1", "2.2"))).refusal
    assert refusal is not None
    assert refusal.name == "term"
    assert message in f"{refusal.message} {refusal.advice}"


@pytest.mark.parametrize("class_", ["id:long-reach", "id:no-such", "c:supplies"])
def test_what_is_no_class(shared_judge: Judge, class_: str) -> None:
    """A thing, what nobody described, a property."""
    claim = {"unit": "report:3.4", "subject": "id:millgate-lock", "property": "rdf:type", "object": class_}
    refusal = Submission(shared_judge, "test", queued=False).submit_json(claim).assessment.refusal
    assert refusal is not None
    assert refusal.name in ("term", "thing")


@pytest.mark.parametrize("name", ["baseline", "Baseline", " mcp", "ｂａｓｅｌｉｎｅ", "review"])
def test_names_of_built_in_proposers(name: str) -> None:
    """No other tool may have them: policies trust names."""
    with pytest.raises(UsageError, match="built in"):
        tool_name(name)
    assert command_proposer(f"./{name.strip()}", seconds=1)[0] == "command"
    assert command_proposer("baseline", seconds=1)[0] == "baseline"


def test_introduced_statements_are_asked_the_same_questions(shared_judge: Judge) -> None:
    """What the evidence check would ask of each line that is written is shown before it is written."""
    for claim in recorded("true"):
        assessment = Submission(shared_judge, "test", queued=False).submit_json(claim).assessment
        lines = {line for line, _ in assessment.statements}
        assert all(flag.line in lines for flag in assessment.flags if flag.line)


@pytest.mark.parametrize(
    ("refused", "again", "flagged"),
    [
        ("It leaks", "it  leaks", True),
        ("It leaks", "It leaks.", True),
        ("It leaks", "It\u200b\u00a0leaks", True),
        ("Caf\u00e9", "CAF\u00c9", True),
        ("It leaks", "It leaked", False),
    ],
)
def test_a_refused_text_is_known_again(shared_judge: Judge, refused: str, again: str, flagged: bool) -> None:
    """A text that differs in what hardly anybody sees from one that was refused is flagged, with the reason."""
    claim = {"unit": "report:2.4", "subject": "id:marigold", "property": "schema:name", "support": "implied"}
    submission = Submission(shared_judge, "test", queued=False)
    first, second = (submission.claim({**claim, "object": {"value": text}}) for text in (refused, again))
    flags = shared_judge.assess(second, refused={first.key: "not of the tug"}).flags
    found = [flag for flag in flags if flag.name == "refused-before"]
    assert bool(found) == flagged
    assert all("not of the tug" in flag.message for flag in found)


@pytest.mark.parametrize(
    ("unit", "value", "flags"),
    [
        ("report:3.5", 6, ["subject"]),  # “The company employs 6 people.”
        ("report:2.5", 14, []),  # “It employs 14 people.”
        ("report:6.3", 1990, ["subject"]),  # “The Eastwater Society was founded in 1990.”
    ],
)
def test_what_a_document_is_about_is_asked_for_where_another_thing_opens_the_sentence(
    shared_judge: Judge, unit: str, value: int, flags: list[str]
) -> None:
    """A sentence that begins with another thing says nothing of it, unless it refers back."""
    subject = "https://canal.example/kg/id/wexmoor-canal-trust"
    line = b'<%s> <https://canal.example/kg/ontology#employs> "%d"^^<http://www.w3.org/2001/XMLSchema#integer> .\n' % (
        subject.encode(), value,
    )  # fmt: skip
    unit = f"https://canal.example/kg/document/report/1#{unit.partition(':')[2]}"
    assert [name for name in shared_judge.questions(line, unit) if name == "subject"] == flags
