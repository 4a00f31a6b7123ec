"""The queue: Turtle in which nothing is asserted, read back as it was, whatever stands in it."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.errors import UsageError
from isoc_kg.namespaces import RDF
from isoc_kg.project import Project, load_project
from isoc_kg.proposals.acceptance import Review
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.proposal import Proposal, ProposedClaim, Quote, agent_name
from isoc_kg.proposals.queue import ProposalQueue, changed_files, undecided, write_submission, write_withdrawal
from isoc_kg.proposals.submission import Arrival, Submission, claims_of_text, resolve_unit
from isoc_kg.rdf.tokens import text_token
from proposed import CANAL, recorded

UNIT = "https://canal.example/kg/document/report/1#2.1"


def triples(path: Path) -> list[ox.Quad]:
    """What a parser that knows nothing of this package reads."""
    return list(ox.parse(path.read_bytes(), format=ox.RdfFormat.TURTLE))


def test_nothing_is_asserted(canal: Project, queued: Callable[..., Judge]) -> None:
    """A reader of Turtle gets statements about proposals alone: no proposed triple is in the graph."""
    queued()
    (file,) = canal.proposals_folder.glob("*.ttl")
    quads = triples(file)
    assert {quad.subject.value.rpartition("/")[0] for quad in quads} == {"https://canal.example/kg/proposal"}
    proposed = [quad.object for quad in quads if quad.predicate.value == RDF.reifies]
    assert len(proposed) >= len(recorded("true"))
    asserted = {(quad.subject, quad.predicate, quad.object) for quad in quads}
    assert not asserted & {(term.subject, term.predicate, term.object) for term in proposed}


def test_quotes_are_offsets_unless_the_text_is_published(canal: Project, queued: Callable[..., Judge]) -> None:
    """Of the report, which is published, the words are kept; of the other text place and digest alone."""
    judge = queued()
    proposals, findings = ProposalQueue(canal).read()
    assert not findings
    assert len(proposals) == len(recorded("true"))
    for proposal in proposals:
        quote, text = proposal.quote, judge.unit_text(proposal.claim.unit)
        assert quote is not None
        assert text is not None
        assert quote.words(text)
        assert (quote.text is None) == ("/bericht/" in proposal.claim.unit)
    written = b"".join(path.read_bytes() for path in canal.proposals_folder.glob("*.ttl")).decode()
    assert "Greta Holm leitet" not in written


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.booleans(), st.booleans())
def test_any_text_is_read_back(
    tmp_path_factory: pytest.TempPathFactory, text: str, implied: bool, quoted: bool
) -> None:
    """Whatever a literal, a note or a name says, it stays a literal, a note or a name."""
    root = tmp_path_factory.mktemp("queue")
    (root / "kg.toml").write_bytes((CANAL / "kg.toml").read_bytes())
    project = load_project(root)
    token = text_token(text, "en")
    claim = ProposedClaim(
        b"<https://canal.example/kg/id/x> <https://schema.org/name> " + token + b" .\n", UNIT, implied,
        (b"<https://canal.example/kg/id/x> <https://schema.org/description> " + token + b" .\n",), note=text or None,
    )  # fmt: skip
    quote = Quote.of("ab", "cab", keep=True) if quoted else None
    proposal = Proposal(claim, text or "t", "2026-01-01T00:00:00Z", text or None, quote)
    path = write_submission(project, [proposal])
    assert path.parent == project.proposals_folder
    read, findings = ProposalQueue(project).read()
    assert not findings
    assert [(one.claim, one.source, one.proposer, one.quote) for one in read] == [
        (claim, proposal.source, proposal.proposer, quote)
    ]


@pytest.mark.parametrize(
    "content",
    [
        "",
        "no turtle",
        "@prefix p: <https://canal.example/kg/proposal/> . p:0000000000000000 p:x 5 .",
        "<https://canal.example/kg/id/a> <https://canal.example/kg/ontology#owns> <https://canal.example/kg/id/b> .",
        "\x00\x01",
        "@prefix : <x:> . :a :b " + "(" * 5000 + ")" * 5000 + " .",
    ],
)
def test_a_file_of_another_form_proposes_nothing(canal: Project, content: str) -> None:
    """It is named in a warning; the queue is read all the same."""
    canal.proposals_folder.mkdir()
    (canal.proposals_folder / "a.ttl").write_text(content, encoding="utf-8")
    proposals, findings = ProposalQueue(canal).read()
    assert proposals == []
    assert all(finding.severity == "warning" and finding.file for finding in findings)
    assert len(findings) == 1


@pytest.mark.parametrize(
    "edit",
    [
        lambda text: text.replace("id:copper-basin", "id:heron"),
        lambda text: text.replace('"recorded"', '"a trusted tool"'),
        lambda text: text.replace("ev:supportedBy", "ev:impliedBy", 1),
        lambda text: text.replace(" ;\n", ' ;\n    rdf:reifies <<( id:heron schema:name "x" )>> ;\n', 1),
        lambda text: text[: len(text) // 2],
        lambda text: "",
    ],
    ids=["statement", "tool", "support", "one more statement", "torn", "empty"],
)
def test_a_changed_file_proposes_nothing(
    canal: Project, queued: Callable[..., Judge], edit: Callable[[str], str]
) -> None:
    """Its name is the digest of its content: whatever is edited, nothing of it is proposed, and a warning names it."""
    queued(recorded("true")[:2])
    (file,) = canal.proposals_folder.glob("*.ttl")
    text = file.read_text(encoding="utf-8")
    file.write_bytes(text.replace("\n", "\r\n").encode())
    assert len(ProposalQueue(canal).read()[0]) == 2, "line ends are version control's matter"
    assert edit(text) != text
    file.write_text(edit(text), encoding="utf-8")
    proposals, findings = ProposalQueue(canal).read()
    assert proposals == []
    assert "digest" in findings[0].message
    assert findings == changed_files(canal)
    assert findings[0].file == file


def test_withdrawal(canal: Project, queued: Callable[..., Judge]) -> None:
    """Only its own source withdraws a proposal, by a file of its own; afterwards it may be proposed again."""
    claim = recorded("true")[0]
    queued([claim], source="first")
    (proposal,) = undecided(canal)
    write_withdrawal(canal, Proposal(proposal.claim, "second", proposal.time))
    assert undecided(canal) == [proposal]
    files = {path: path.read_bytes() for path in canal.proposals_folder.glob("*.ttl")}
    write_withdrawal(canal, proposal)
    assert undecided(canal) == []
    assert all(path.read_bytes() == content for path, content in files.items())
    queued([claim], source="first")
    assert [one.id for one in undecided(canal)] == [proposal.id]


def test_a_patch_in_turtle(canal: Project) -> None:
    """Prefixes need no declaration; new things come with what mentions them; each unit makes a proposal."""
    patch = b"""
        id:oskar-lind a c:Person ; schema:name "Oskar Lind"@en ;
            c:chairs id:eastwater-society {| ev:supportedBy s:6.4 ; oa:exact "Oskar Lind chairs" |} .
        id:averham-boat-yard c:owns id:heron {| ev:supportedBy s:4.4 ; ev:impliedBy s:7.3 |} .
        id:heron c:owns id:heron .
        id:nora-quist c:chairs id:averham-boat-yard {| ev:confidence 0.5 |} .
    """
    judge = Judge(canal)
    submission = Submission(judge, "patch")
    outcomes = []
    for place, claim in claims_of_text(judge, patch, "patch.ttl"):
        arrival = (
            submission.submit(claim, place) if isinstance(claim, ProposedClaim) else submission.refuse(claim, place)
        )
        refusal = arrival.assessment.refusal
        outcomes.append((place, refusal.name if refusal else "queued"))
    assert outcomes == [
        ("line 3", "queued"), ("line 4", "queued"), ("line 4", "queued"), ("line 5", "unit"), ("line 6", "form"),
    ]  # fmt: skip
    first = submission.arrivals[0]
    assert first.claim is not None
    assert len(first.claim.introduces) == 2
    assert first.assessment.quote is not None


def test_many_proposals_are_bounded(canal: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond so many open ones, further proposals are refused until some are decided on."""
    monkeypatch.setattr("isoc_kg.proposals.submission.MOST_OPEN", 3)
    submission = Submission(Judge(canal), "flood")
    names = [
        refusal.name if (refusal := submission.submit_json(claim).assessment.refusal) else "queued"
        for claim in recorded("true")[:6]
    ]
    assert names == ["queued"] * 3 + ["queue"] * 3


@pytest.mark.parametrize("name", ["", "  ", "a\nb", "\x1b[31m", "x" * 201, "\u202eab"])
def test_odd_names_are_refused(name: str) -> None:
    """Names of tools and people are printable."""
    with pytest.raises(UsageError):
        agent_name(name)


def test_new_things_of_open_proposals_may_be_mentioned(canal: Project) -> None:
    """By identifier or name, in this submission or a later one; each proposal brings what it mentions with it."""
    claims = recorded("true")
    chair = next(claim for claim in claims if claim["unit"] == "report:6.4")
    judge = Judge(canal)
    first = Submission(judge, "a")
    assert first.submit_json(chair).id
    for subject in ("id:oskar-lind", "Oskar Lind", "oskar lind"):
        claim = {"unit": "report:6.3", "subject": subject, "property": "c:chairs", "object": "id:averham-boat-yard"}
        assessment = Submission(judge, "b").submit_json({**claim, "support": "implied"}).assessment
        assert assessment.refusal is not None
        arrival = first.submit_json({**claim, "support": "implied", "note": subject})
        refusal = arrival.assessment.refusal
        assert (refusal.name if refusal else "") in ("", "duplicate")
        assert arrival.claim is not None
        assert len(arrival.claim.introduces) == 2
    first.write()
    later = Submission(judge, "c").submit_json(
        {"unit": "report:6.5", "subject": "Oskar Lind", "property": "c:chairs", "object": "id:millgate-lock-company",
         "support": "implied"}
    )  # fmt: skip
    assert later.id
    assert later.claim is not None
    assert len(later.claim.introduces) == 2


NEW = {"type": "c:Body", "label": "Moor Rowing Club"}


@pytest.mark.parametrize(
    ("label", "kind", "unit", "flagged"),
    [
        ("Moor Rowing Club", "c:Body", "report:2.2", True),
        ("moor  rowing club", "c:Body", "report:2.2", True),
        ("Moor Rowing Club", "c:Body", "report:2.3", True),  # the same thing on another unit
        ("Rowing Club of the Moor", "c:Body", "report:2.2", True),  # the same statement up to the identifier
        ("Anglers of Eastwater", "c:Body", "report:2.2", False),  # another thing
        ("Moor Rowing Club", "c:Person", "report:2.3", False),
    ],
)
def test_a_refused_thing_is_known_again(canal: Project, label: str, kind: str, unit: str, flagged: bool) -> None:
    """A new thing that was refused is flagged under another identifier, and no more once the refusal is undone."""
    claim = {"property": "c:maintains", "object": "id:long-reach", "support": "implied"}

    def proposed(judge: Judge, new: dict[str, str], unit: str, name: str) -> Arrival:
        text = f"""
@prefix c: <https://canal.example/kg/ontology#> . @prefix id: <https://canal.example/kg/id/> .
@prefix schema: <https://schema.org/> . @prefix ev: <https://w3id.org/isoc-kg/evidence#> .
id:{name} a {new["type"]} ; schema:name "{new["label"]}"@en .
id:{name} {claim["property"]} {claim["object"]} {{| ev:impliedBy <{resolve_unit(judge, unit)}> |}} .
"""
        submission = Submission(judge, "test")
        (arrival,) = (
            submission.submit(one) for _, one in claims_of_text(judge, text.encode(), "x.ttl")
            if isinstance(one, ProposedClaim)
        )  # fmt: skip
        submission.write()
        return arrival

    review = Review(canal, "Rosa")
    first = proposed(review.judge, NEW, "report:2.2", "rowing-club")
    assert first.assessment.accepted, first.assessment.refusal
    (waiting,) = review.open()
    review.refuse(waiting, "no such club")
    second = proposed(review.judge, {"type": kind, "label": label}, unit, "rowers")
    flags = [flag for flag in second.assessment.flags if flag.name == "refused-before"]
    assert bool(flags) == flagged
    assert all("no such club" in flag.message and "id:rowing-club" in flag.message for flag in flags)
    for again in review.open():
        assert [flag for flag in review.assess(again).flags if flag.name == "refused-before"] == flags
