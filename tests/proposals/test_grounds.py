"""What a patch puts behind the type and the names of a new thing, and what became of it when an edition follows."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.namespaces import EV, SKOS
from isoc_kg.project import Project, load_project
from isoc_kg.proposals.acceptance import Review
from isoc_kg.proposals.decisions import Decision, append_decision, now
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.proposal import Proposal
from isoc_kg.proposals.submission import Submission, claims_of_patch
from isoc_kg.publication.build import build_publication
from isoc_kg.review.view import claim_of_turtle, view_of

Cli = Callable[..., Any]

PATCH = """id:thornbury-fund a c:Body {| ev:impliedBy s:7.5 , s:6.2 |} ;
    schema:name "Thornbury Fund"@en {| ev:supportedBy s:7.5 ; oa:exact "Thornbury Fund" |} ,
        "Thornbury-Stiftung"@de {| skos:editorialNote "Our German form; \\"Stiftung\\" is ours."@en |} .
id:thornbury-fund schema:foundingDate "1999"^^xsd:gYear {| ev:supportedBy s:7.4 ; oa:exact "in 1999" |} .
"""
SAID = {
    "ontology#Body>": {EV.impliedBy: {"7.5", "6.2"}},
    '"Thornbury Fund"@en': {EV.supportedBy: {"7.5"}},
    '"Thornbury-Stiftung"@de': {SKOS.editorialNote: {'"Our German form; \\"Stiftung\\" is ours."@en'}},
    "foundingDate>": {EV.supportedBy: {"7.4"}},
}


def propose(project: Project, patch: str) -> tuple[Judge, list[str]]:
    """Put a patch into the queue; the judge, and the reasons of what was refused."""
    judge = Judge(project)
    submission = Submission(judge, "a tool")
    reasons = []
    for place, claim in claims_of_patch(judge, patch.encode(), "patch.ttl"):
        arrival = submission.refuse(claim, place) if isinstance(claim, Exception) else submission.submit(claim, place)
        if arrival.assessment.refusal:
            reasons.append(arrival.assessment.refusal.name)
    submission.write()
    return judge, reasons


def grounds(project: Project, kinds: tuple[str, ...] = (EV.supportedBy, EV.impliedBy, SKOS.editorialNote)) -> object:
    """What stands behind each fact about the Thornbury Fund; of a unit its number."""
    return {
        end: {
            name: {token.rpartition("#")[2].rstrip(">") if token.startswith("<") else token for token in values}
            for name, values in claim.evidence.items()
            if name in kinds
        }
        for line, claim in build_dataset(project).claims.items()
        for end in SAID
        if line.startswith(b"<https://canal.example/kg/id/thornbury-fund>") and end in line.decode()
    }


def test_each_keeps_its_own(canal: Project) -> None:
    """From the patch through the queue, the view and the acceptance into the facts; the build passes; undone whole."""
    before = set(build_dataset(canal).claims)
    judge, refused = propose(canal, PATCH)
    assert refused == []
    review = Review(canal, "Ann", judge)
    (proposal,) = review.open()
    view = view_of(judge, proposal)
    assert claim_of_turtle(judge, view.turtle).grounds == proposal.claim.grounds
    assert "supported by report:7.5" in view.introduces[0]
    assert "note: Our German form" in view.introduces[0]
    done = review.accept(proposal)
    assert grounds(canal) == SAID
    assert build_publication(canal).gate.passed
    for line, claim in build_dataset(canal).claims.items():
        if line in dict(done.decision.statements):
            assert EV.proposedWith in claim.evidence, line
    assert Decision.from_json(json.loads(done.decision.to_json())) == done.decision
    review.undo()
    assert set(build_dataset(canal).claims) == before
    assert not judge.is_known(b"<https://canal.example/kg/id/thornbury-fund>")


def test_a_name_is_asked_of_its_own_unit(canal: Project) -> None:
    """Not of that of the statement, which need not name the thing; what its own unit lacks is a refusal still."""
    patch = (
        "id:thornbury-fund a c:Body {| ev:impliedBy s:7.5 |} ; schema:name\n"
        '    "Thornbury Fund"@en {| ev:supportedBy s:7.5 |} , "Canals of Wexmoor"@en {| ev:supportedBy s:1.1 |} ;\n'
        '    schema:foundingDate "1999"^^xsd:gYear {| ev:supportedBy s:7.4 |} .\n'
    )
    assert propose(canal, patch)[1] == []
    assert propose(canal, patch.replace("1999", "1998").replace("s:1.1", "s:7.4"))[1] == ["object"]


def test_a_later_claim_brings_them_too(canal: Project) -> None:
    """Whichever of two proposals that mention the new thing is accepted first."""
    propose(canal, PATCH)
    later = "id:ida-thornbury c:chairs id:thornbury-fund {| ev:impliedBy s:7.4 |} .\n"
    propose(canal, later)
    review = Review(canal, "Ann", Judge(canal))
    second = next(one for one in review.open() if b"chairs" in one.claim.triple)
    review.accept(second)
    expected = {end: said for end, said in SAID.items() if end != "foundingDate>"}
    assert {end: said for end, said in grounds(canal).items() if end != "foundingDate>"} == expected  # type: ignore[attr-defined]


def test_a_name_is_sought_in_its_own_unit(canal: Project) -> None:
    """And not in the unit of the statement, which may go on about the thing without a name."""
    patch = (
        'id:oskar-lind a c:Person {| ev:impliedBy s:6.4 |} ; schema:name "Oskar Lind"@en {| ev:supportedBy s:6.4 |} .\n'
        "id:oskar-lind c:chairs id:eastwater-society {| ev:impliedBy s:6.5 |} .\n"
    )
    judge, refused = propose(canal, patch)
    assert refused == []
    (proposal,) = Review(canal, "Ann", judge).open()
    assert "Oskar Lind" not in (judge.unit_text(proposal.claim.unit) or "")
    wrong = patch.replace("ev:supportedBy s:6.4", "ev:supportedBy s:6.3")
    assert propose(canal, wrong.replace("oskar-lind", "o-lind"))[1] == ["object"]


@pytest.mark.parametrize(
    ("before", "after", "reasons"),
    [
        ('s:7.5 ; oa:exact "Thornbury Fund"', "s:99.1", ["unit"]),
        ('s:7.5 ; oa:exact "Thornbury Fund"', "s:3.1", ["object"]),
        ('oa:exact "Thornbury Fund"', 'oa:exact "Thornbury  Fund"', ["quote"]),
        ("skos:editorialNote", "ev:preferred", ["form"]),
    ],
)
def test_grounds_that_are_none(canal: Project, before: str, after: str, reasons: list[str]) -> None:
    """A unit that there is not, or that has not the name, a quote that it has not, anything else: refused, not lost."""
    assert before in PATCH
    found = propose(canal, PATCH.replace(before, after))[1]
    assert found[: len(reasons)] == reasons


def test_a_new_thing_by_itself(canal: Project) -> None:
    """Its type may have a note alone: the proposal rests on the unit of its name."""
    patch = (
        'id:oskar-lind a c:Person {| skos:editorialNote "Who chairs is a person."@en |} ;\n'
        '    schema:name "Oskar Lind"@en {| ev:supportedBy s:6.4 |} .\n'
    )
    judge, refused = propose(canal, patch)
    assert refused == []
    review = Review(canal, "Ann", judge)
    review.accept(review.open()[0])
    text = "".join(path.read_text(encoding="utf-8") for path in canal.facts_files)
    assert 'id:oskar-lind a c:Person {| skos:editorialNote "Who chairs is a person."@en |} .' in text
    assert 'id:oskar-lind schema:name "Oskar Lind"@en {| ev:supportedBy s:6.4 |} .' in text


def contest(project: Project, proposal: Proposal) -> None:
    """Have another reviewer refuse what was accepted."""
    append_decision(project, Decision("refuse", proposal.id, "Bo", now(), reason="no", key=proposal.claim.key))


def test_what_is_contested_is_held_whole(canal: Project) -> None:
    """The names with a note of their own, too."""
    before = build_publication(canal).target.joinpath("canal.nt").read_bytes()
    judge, _ = propose(canal, PATCH)
    review = Review(canal, "Ann", judge)
    (proposal,) = review.open()
    review.accept(proposal)
    contest(canal, proposal)
    assert build_publication(canal).target.joinpath("canal.nt").read_bytes() == before


def new_edition(canal: Project, cli: Cli, old: str, new: str) -> Project:
    """The report's second edition, with some words changed, and the evidence moved to it."""
    text = (canal.root / "documents" / "report.txt").read_text(encoding="utf-8")
    assert old in text
    file = canal.root.parent / "second.txt"
    file.write_text(text.replace(old, new), encoding="utf-8")
    cli("document", "add", str(file), "--project", str(canal.root), "--slug", "report", "--edition", "2", code=0)
    return load_project(canal.root)


def test_the_record_stays_over_editions(canal: Project, cli: Cli) -> None:
    """Units are followed by their words: with what it was proposed, when it was accepted and as what, is kept."""
    judge, _ = propose(canal, PATCH)
    review = Review(canal, "Ann", judge)
    (proposal,) = review.open()
    done = review.accept(proposal)
    second = new_edition(canal, cli, "The canals of Wexmoor\n", "The canals of Wexmoor\n\nA note on names.\n")
    claims = build_dataset(second).claims
    for line, _ in done.decision.statements:
        evidence = claims[line].evidence
        units = [unit for _, unit, _ in claims[line].units()]
        assert all("report/2#" in unit for unit in units), units
        assert {EV.proposedWith, EV.verdict} <= evidence.keys(), line
    contest(second, proposal)
    assert not any(line in build_dataset(second).claims for line, _ in done.decision.statements)


def test_a_prefix_means_what_the_facts_say(canal: Project, cli: Cli) -> None:
    """In a patch, in JSON, and where it is written: never the edition that the project's own order would give."""
    second = new_edition(canal, cli, "The canals of Wexmoor\n", "The canals of Wexmoor\n\nA note on names.\n")
    judge, refused = propose(second, PATCH.replace("s:7.", "s:8.").replace("s:6.", "s:7."))
    assert refused == []
    assert judge.prefixes["s"].endswith("report/2#")
    review = Review(second, "Ann", judge)
    (proposal,) = review.open()
    assert "report/2#" in proposal.claim.unit
    assert claim_of_turtle(judge, view_of(judge, proposal).turtle).key == proposal.claim.key
    assert all("report/2#8.1" not in line and "s:8." in line + "s:8." for _, line in review.accept(proposal).written)
    for path in second.facts_files:
        spaces = re.findall("@prefix [^ ]* <(.*)>", path.read_text(encoding="utf-8"))
        assert len(spaces) == len(set(spaces)), path


def texts_of(project: Project) -> dict[Path, str]:
    """The files of facts, as a branch has them."""
    return {path: path.read_text(encoding="utf-8") for path in project.facts_files}


def bring_back(texts: dict[Path, str]) -> None:
    """Write the files of facts as a merge may leave them."""
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")


SOURCED = PATCH.replace('"Thornbury Fund"@en {|', '"Thornbury Fund"@en {| dcterms:source <https://names.example/7> ;')
FURTHER = (
    'id:thornbury-fund schema:name "Thornbury-Fonds"@de {| dcterms:source <https://names.example/8> |} .\n' + SOURCED
)


@pytest.mark.parametrize("patch", [PATCH, SOURCED, FURTHER])
def test_grounds_are_taken_out_as_they_were_written(canal: Project, patch: str) -> None:
    """Notes and sources, too; and a merge that brings the lines back publishes none of them, and names each."""
    before = set(build_dataset(canal).claims)
    judge, refused = propose(canal, patch)
    assert refused == []
    review = Review(canal, "Ann", judge)
    (proposal,) = review.open()
    done = review.accept(proposal)
    own = {line for line, _ in done.decision.statements}
    merged = texts_of(canal)
    review.undo()
    assert set(build_dataset(canal).claims) == before
    assert not judge.is_known(b"<https://canal.example/kg/id/thornbury-fund>")
    assert not own & judge.claims.keys()
    bring_back(merged)
    dataset = build_dataset(canal)
    assert set(dataset.claims) == before
    assert len([one for one in dataset.findings if "no decision on it stands" in one.message]) == len(own)
    Review(canal, "Bo").accept(proposal)
    texts = "".join(texts_of(canal).values())
    assert [texts.count(line) for _, line in done.written] == [1] * len(own)
    dataset = build_dataset(canal)
    assert set(dataset.claims) == before | own
    assert not [one for one in dataset.findings if "accepted" in one.message]


def test_what_an_author_says_besides_stays(canal: Project) -> None:
    """Of a line that came back, exactly what the acceptance wrote is held back."""
    judge, _ = propose(canal, PATCH)
    review = Review(canal, "Ann", judge)
    (proposal,) = review.open()
    file = review.accept(proposal).written[0][0]
    merged = texts_of(canal)
    merged[file] += (
        '\nid:thornbury-fund schema:name "Thornbury-Stiftung"@de {| skos:editorialNote "As on its door."@en |} ;\n'
        "    a c:Body {| ev:impliedBy s:6.2 |} , c:Body {| ev:supportedBy s:7.4 |} .\n"
    )
    review.undo()
    bring_back(merged)
    assert grounds(canal) == {
        '"Thornbury-Stiftung"@de': {SKOS.editorialNote: {'"As on its door."@en'}},
        "ontology#Body>": {EV.supportedBy: {"7.4"}},
    }


def test_grounds_stay_while_another_acceptance_stands(canal: Project) -> None:
    """Two reviewers accepted the same: the lines go with the last of them."""
    before = set(build_dataset(canal).claims)
    judge, _ = propose(canal, PATCH)
    ann = Review(canal, "Ann", judge)
    (proposal,) = ann.open()
    append_decision(canal, replace(ann.accept(proposal).decision, reviewer="Bo"))
    ann.undo()
    assert grounds(canal) == SAID
    assert build_publication(canal).gate.passed
    Review(canal, "Bo").undo()
    assert set(build_dataset(canal).claims) == before


def test_what_fell_is_held_in_later_editions(canal: Project, cli: Cli) -> None:
    """Where the evidence of a line that came back has moved, and where a line that stands has."""
    judge, _ = propose(canal, PATCH)
    review = Review(canal, "Ann", judge)
    (proposal,) = review.open()
    done = review.accept(proposal)
    second = new_edition(canal, cli, "The canals of Wexmoor\n", "The canals of Wexmoor\n\nA note on names.\n")
    dataset = build_dataset(second)
    assert {line for line, _ in done.decision.statements} <= dataset.claims.keys()
    assert not [one for one in dataset.findings if "no such line" in one.message]
    append_decision(second, Decision("undo", proposal.id, "Ann", now(), key=proposal.claim.key))
    dataset = build_dataset(second)
    assert not any(line in dataset.claims for line, _ in done.decision.statements)
    assert len([one for one in dataset.findings if "no decision on it stands" in one.message]) == len(SAID)


def test_what_cannot_be_accepted_anew_leaves_the_judge_as_it_was(
    canal: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Grounds of the lines that an acceptance would have replaced are known as before."""
    judge, _ = propose(canal, PATCH)
    review = Review(canal, "Ann", judge)
    (proposal,) = review.open()
    review.accept(proposal)

    def known() -> dict[bytes, dict[str, set[str]]]:
        return {line: {name: set(of) for name, of in one.evidence.items()} for line, one in judge.claims.items()}

    def full(*_: object) -> None:
        raise OSError

    before = known()
    monkeypatch.setattr(review, "_write", full)
    with pytest.raises(OSError):
        review.accept(proposal, implied=True, settles=True)
    assert known() == before


def test_each_unit_has_its_quote(canal: Project) -> None:
    """Where a statement has several, each of words of its own, no quote is asked of another's unit."""
    patch = (
        'id:thornbury-fund schema:foundingDate "1999"^^xsd:gYear {| ev:supportedBy s:7.4 ; oa:exact "in 1999" |} '
        '{| ev:impliedBy s:7.5 ; oa:exact "Thornbury Fund" |} .\n'
    )
    judge = Judge(canal)
    claims = [claim for _, claim in claims_of_patch(judge, patch.encode(), "patch.ttl")]
    words = {claim.unit.rpartition("#")[2]: claim.words for claim in claims if not isinstance(claim, Exception)}
    assert words == {"7.4": "in 1999", "7.5": "Thornbury Fund"}


def test_a_misspelt_thing_is_named_rightly(canal: Project) -> None:
    """Also where the patch gives it a class or a name, as if it were a new one."""
    judge = Judge(canal)
    patch = """id:wexmoor-canal-trus a c:Body {| ev:impliedBy s:2.2 |} ;
    c:maintains id:copper-basin {| ev:supportedBy s:2.2 ; oa:exact "maintains the Long Reach" |} ."""
    submission = Submission(judge, "a tool")
    (advice,) = [
        arrival.assessment.refusal.advice or ""
        for place, claim in claims_of_patch(judge, patch.encode(), "patch.ttl")
        if not isinstance(claim, Exception)
        and (arrival := submission.submit(claim, place)).assessment.refusal is not None
    ]
    assert "Did you mean id:wexmoor-canal-trust" in advice


def test_a_thing_that_is_corrected_for_a_later_edition_is_not_missed(canal: Project, cli: Cli) -> None:
    """Where the later words are others, another value there, which nobody accepted, stands in its place."""
    judge, _ = propose(canal, "id:wexmoor-canal-trust c:maintains id:copper-basin {| ev:supportedBy s:2.2 |} .")
    review = Review(canal, "Ann", judge)
    (proposal,) = review.open()
    ((file, _),) = review.accept(proposal).written
    second = new_edition(canal, cli, "the Copper Basin", "the Silver Basin")

    def missing(unit: str) -> int:
        ids = second.ids
        own.write_text(
            f"<{ids.thing('wexmoor-canal-trust')}> <{ids.ontology}#maintains> <{ids.thing('silver-basin')}> "
            f"{{| <{EV.supportedBy}> <{ids.edition('report', unit)}> |}} .\n",
            encoding="utf-8",
        )
        return len([one for one in build_dataset(second).findings if "no such line" in one.message])

    own = second.root / "facts" / "zz-corrected.ttl"
    text = file.read_text(encoding="utf-8")
    (kept,) = [one for one in text.splitlines() if "maintains" in one and "copper-basin" in one]
    file.write_text(text.replace(kept, ""), encoding="utf-8")
    assert missing("1#2.2") == 1
    assert missing("2#2.2") == 0
