"""Every question of the evidence check, with a claim that raises it and one that does not, in four languages."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.evidence.answers import check_answers
from isoc_kg.evidence.check import EvidenceCheck, check_evidence
from isoc_kg.evidence.flags import ERRORS, FLAGS
from isoc_kg.evidence.literals import missing_parts
from isoc_kg.evidence.numerals import numbers
from isoc_kg.evidence.questions import QUESTIONS
from isoc_kg.namespaces import XSD
from isoc_kg.project import load_project
from isoc_kg.validation import ShapesGraph

from material import ROOT

HEAD = """@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ev: <https://w3id.org/isoc-kg/evidence#> .
@prefix lamp: <https://lamp.example/kg/ontology#> .
@prefix id: <https://lamp.example/kg/id/> .
@prefix en: <https://lamp.example/kg/document/en/1#> .
@prefix de: <https://lamp.example/kg/document/de/1#> .
@prefix ja: <https://lamp.example/kg/document/ja/1#> .
@prefix ar: <https://lamp.example/kg/document/ar/1#> .
"""
#: The lines above are followed by one statement a line, from here on.
FIRST = HEAD.count("\n") + 1


def check(project: Path, files: Sequence[Path] = ()) -> EvidenceCheck:
    """The check of a project's folder."""
    dataset = build_dataset(load_project(project))
    return check_evidence(dataset, ShapesGraph.of_project(dataset.project), files)


def checked(project: Path, *statements: str) -> EvidenceCheck:
    """The check of a project with more statements, one a line."""
    (project / "facts" / "more.ttl").write_text(HEAD + "\n".join(statements) + "\n", encoding="utf-8")
    return check(project)


def raised(project: Path, *statements: str) -> set[str]:
    """The names of all that the check finds wrong with more statements."""
    result = checked(project, *statements)
    return {finding.message.partition(":")[0] for finding in result.errors} | {flag.question for flag in result.flags}


def test_the_project_is_clean(lamp: Path) -> None:
    """The four documents raise nothing: year and number in words and digits, passive, “not only”, ability."""
    result = check(lamp)
    assert [finding.render() for finding in result.errors] == []
    assert [flag.finding.render() for flag in result.flags] == []
    assert result.pairs > 60
    assert result.compared == ("en 1", "de 1", "ja 1", "ar 1")
    assert result.not_asked == ()


WRONG = {
    # question, and a statement that raises it
    "heading": ("heading", "id:lamp-society lamp:supports id:salt-guild {| ev:supportedBy en:1.1 |} ."),
    "digits, a year": ("digits", 'id:rope-school schema:foundingDate "1905"^^xsd:gYear {| ev:supportedBy en:2.1 |} .'),
    "digits, in German words": (
        "digits", 'id:lamp-society lamp:towers "13"^^xsd:integer {| ev:supportedBy de:2.6 |} .',
    ),
    "digits, in Japanese": ("digits", 'id:lamp-society lamp:towers "13"^^xsd:integer {| ev:supportedBy ja:2.4 |} .'),
    "digits, in Arabic": ("digits", 'id:lamp-society lamp:towers "13"^^xsd:integer {| ev:supportedBy ar:2.4 |} .'),
    "digits, only implied": ("digits", 'id:lamp-society lamp:towers "13"^^xsd:integer {| ev:impliedBy en:2.7 |} .'),
    "object": ("object", "id:lamp-society lamp:supports id:salt-guild {| ev:supportedBy en:2.2 |} ."),
    "object, the property's label alone": (
        "object", "id:lamp-society lamp:trains id:sailors {| ev:supportedBy en:2.4 |} .",
    ),
    "object, in Japanese": ("object", "id:lamp-society lamp:supports id:salt-guild {| ev:supportedBy ja:2.2 |} ."),
    "object, in Arabic": ("object", "id:lamp-society lamp:supports id:salt-guild {| ev:supportedBy ar:2.2 |} ."),
    "object, a name with another word": (
        "object", 'id:ole-berg schema:name "Ole Bergen"@en {| ev:supportedBy en:3.4 |} .',
    ),
    "subject": ("subject", "id:ole-berg lamp:supports id:night-watch {| ev:supportedBy en:2.2 |} ."),
    "subject, only implied": ("subject", "id:ole-berg a lamp:Group {| ev:impliedBy en:2.2 |} ."),
    "classes": ("classes", "id:lamp-society lamp:trains id:night-watch {| ev:supportedBy en:2.3 |} ."),
    "classes, only implied": ("classes", "id:lamp-society lamp:trains id:night-watch {| ev:impliedBy en:2.3 |} ."),
    "classes, a text": ("classes", 'id:lamp-society lamp:trains "pilots" {| ev:supportedBy en:2.4 |} .'),
    "predicate": ("predicate", "id:lamp-society lamp:teaches id:pilots {| ev:supportedBy en:2.4 |} ."),
    "direction": ("direction", "id:night-watch lamp:tookOver id:lamp-society {| ev:supportedBy en:2.3 |} ."),
    "direction, in the passive": (
        "direction", "id:rope-school lamp:tookOver id:salt-guild {| ev:supportedBy en:3.3 |} .",
    ),
    "direction, in Japanese": (
        "direction", "id:night-watch lamp:supports id:lamp-society {| ev:supportedBy ja:2.2 |} .",
    ),
    "direction, in Arabic": ("direction", "id:night-watch lamp:supports id:lamp-society {| ev:supportedBy ar:2.2 |} ."),
    "nearest": ("nearest", "id:lamp-society lamp:trains id:sailors {| ev:supportedBy en:2.5 |} ."),
    "actor": ("actor", "id:lamp-society lamp:trains id:divers {| ev:supportedBy en:3.5 |} ."),
    "denial": ("denial", "id:lamp-society lamp:supports id:salt-guild {| ev:supportedBy en:3.1 |} ."),
    "denial, in German": ("denial", "id:lamp-society lamp:supports id:salt-guild {| ev:supportedBy de:3.1 |} ."),
    "denial, in Japanese": ("denial", "id:lamp-society lamp:supports id:salt-guild {| ev:supportedBy ja:3.1 |} ."),
    "denial, in Arabic": ("denial", "id:lamp-society lamp:supports id:salt-guild {| ev:supportedBy ar:3.1 |} ."),
    "doubt": ("doubt", 'id:salt-guild schema:description "the Old Pier" {| ev:supportedBy en:3.2 |} .'),
    "doubt, in German": ("doubt", "id:salt-guild lamp:supports id:night-watch {| ev:supportedBy de:3.2 |} ."),
    "doubt, in Japanese": ("doubt", "id:salt-guild lamp:supports id:night-watch {| ev:supportedBy ja:3.2 |} ."),
    "doubt, in Arabic": ("doubt", "id:salt-guild lamp:supports id:night-watch {| ev:supportedBy ar:3.2 |} ."),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_question_is_raised(lamp: Path, case: str) -> None:
    """Each wrong statement raises the question that it is a case of."""
    name, statement = WRONG[case]
    assert name in raised(lamp, statement)


def test_every_question_has_a_case() -> None:
    """No question goes without a statement that raises it; `test_scope` has those of parts and periods."""
    assert {name for name, _ in WRONG.values()} | {"attribute", "elsewhere", "part", "period"} == {
        question.name for question in QUESTIONS
    }


def test_the_names_of_flags_and_errors_are_those_of_the_questions() -> None:
    """They are told apart from the questions, which read texts."""
    assert [(question.name, question.severity) for question in QUESTIONS] == [
        *((name, "error") for name in ERRORS),
        *((name, "flag") for name in FLAGS),
    ]


ATTRIBUTES = {
    # a statement about the harbour, and whether an end of it only says more of something else
    "id:old-harbour schema:containsPlace id:oak {| ev:supportedBy g:2.2 |} .": True,
    "id:old-harbour schema:containsPlace id:oak {| ev:supportedBy n:1.2 |} .": True,
    "id:oak harbour:builtFrom id:cranes {| ev:supportedBy g:2.2 |} .": True,
    "id:oak schema:containsPlace id:cranes {| ev:supportedBy n:1.2 |} .": True,
    "id:oak schema:containsPlace id:cranes {| ev:impliedBy n:1.2 |} .": False,
    "id:cranes schema:material id:oak {| ev:supportedBy g:2.2 |} .": False,
    "id:old-harbour schema:owns id:cranes {| ev:supportedBy g:2.2 |} .": False,
}


@pytest.mark.parametrize("statement", ATTRIBUTES)
def test_what_only_says_more_of_another_thing(harbour: Path, statement: str) -> None:
    """“Cranes of oak”: the sentence is about the cranes, where no cue word says otherwise."""
    prefixes = "".join(
        f"@prefix {name}: <{iri}> .\n"
        for name, iri in (
            ("schema", "https://schema.org/"),
            ("ev", "https://w3id.org/isoc-kg/evidence#"),
            ("harbour", "https://harbour.example/kg/ontology#"),
            ("id", "https://harbour.example/kg/id/"),
            ("g", "https://harbour.example/kg/document/guide/1#"),
            ("n", "https://harbour.example/kg/document/notice/1#"),
        )
    )
    file = harbour / "facts" / "more.ttl"
    file.write_text(prefixes + statement + "\n", encoding="utf-8")
    asked = {flag.question for flag in check(harbour).flags if flag.finding.file == file}
    assert ("attribute" in asked) == ATTRIBUTES[statement]


RIGHT = [
    "id:night-watch lamp:trains id:pilots {| ev:impliedBy en:2.5 |} .",  # named in the paragraph, and “it”
    'id:lamp-society schema:foundingDate "1904-01-01"^^xsd:date {| skos:editorialNote "The year is enough."@en |} .',
    'id:salt-guild schema:alternateName "the Salt Guild"@en {| ev:supportedBy en:3.1 |} .',  # a name, in a denial
    'id:lamp-society schema:name "The Lamp Society"@en {| ev:supportedBy en:1.1 |} .',  # a name, in a heading
]


@pytest.mark.parametrize("statement", RIGHT)
def test_nothing_is_raised(lamp: Path, statement: str) -> None:
    """Statements that stand, however they stand there, raise nothing."""
    assert raised(lamp, statement) == set()


def test_a_finding_names_the_statement_s_place(lamp: Path) -> None:
    """File and line are those of the annotation, and the advice has the answer ready to fill in."""
    result = checked(lamp, "", "id:night-watch lamp:tookOver id:lamp-society {| ev:supportedBy en:2.3 |} .")
    flag = next(flag for flag in result.flags if flag.question == "direction")
    assert flag.finding.file == lamp / "facts" / "more.ttl"
    assert flag.finding.line == FIRST + 1
    assert 'ev:answer "en:2.3 direction: …"' in (flag.finding.advice or "")


# ----------------------------------------------------------------------------
# Answers
# ----------------------------------------------------------------------------

TURNED = "id:night-watch lamp:tookOver id:lamp-society {| ev:supportedBy en:2.3 ; ev:answer %s |} ."


def test_an_answer_answers_one_flag_of_one_pair(lamp: Path) -> None:
    """The flag stays counted, with its reason; the same flag of another unit stays open."""
    result = checked(lamp, TURNED % '"en:2.3 direction: said for this test."@en')
    (flag,) = [flag for flag in result.flags if flag.question == "direction"]
    assert flag.answer == "said for this test."
    assert result.unanswered == []
    both = TURNED.replace("en:2.3", "en:2.3, de:2.3", 1) % '"de:2.3 direction: said for this test."@en'
    assert [flag.unit.rpartition("/document/")[2] for flag in checked(lamp, both).unanswered] == ["en/1#2.3"]


def test_implied_is_an_answer_too(lamp: Path) -> None:
    """What only follows is not asked for words, direction and denial."""
    statement = "id:lamp-society lamp:tookOver id:salt-guild {| ev:impliedBy en:3.1 |} ."
    assert raised(lamp, statement) == set()
    assert raised(lamp, statement.replace("impliedBy", "supportedBy")) == {"predicate", "denial"}


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ('"because"@en', "“because” is not an answer."),
        ('"en:2.3 direktion: it is."@en', "there is no flag “direktion”."),
        ('"en:2.4 direction: it is."@en', "the claim does not rest on a unit en:2.4."),
    ],
)
def test_an_answer_is_validated(lamp: Path, answer: str, message: str) -> None:
    """What is no answer, or names what is not there, is an error at its line, with or without a text."""
    result = checked(lamp, TURNED % answer)
    assert [finding.message for finding in result.errors] == [message]
    assert result.errors[0].line == FIRST
    claims = build_dataset(load_project(lamp)).claims
    assert [finding.message for finding in check_answers(claims, ["direction"])] == [message]


def test_a_unit_of_several_documents_needs_the_slug(lamp: Path) -> None:
    """With 2.3 of two documents behind a claim an answer says which."""
    result = checked(lamp, TURNED.replace("en:2.3", "en:2.3, de:2.3", 1) % '"2.3 direction: it is."@en')
    assert "of several documents" in result.errors[0].message


def test_an_answer_to_nothing_is_reported(lamp: Path) -> None:
    """An answer to a flag that the pair does not raise is a warning."""
    result = checked(
        lamp, 'id:lamp-society lamp:trains id:pilots {| ev:supportedBy en:2.4 ; ev:answer "en:2.4 denial: no."@en |} .'
    )
    assert any("nothing raised what “en:2.4 denial: no.” answers" in finding.message for finding in result.warnings)


def test_an_answer_to_an_error_gets_one_message(lamp: Path) -> None:
    """Errors are mended, not answered; nobody is told besides that nothing raised it."""
    result = checked(
        lamp,
        'id:lamp-society lamp:towers 13 {| ev:supportedBy en:2.7 ; ev:answer "en:2.7 digits: so it is."@en |} .',
        'id:night-watch lamp:trains id:pilots {| ev:impliedBy en:2.4 ; ev:answer "en:2.4 object: so it is."@en |} .',
    )
    about = [finding for finding in (*result.errors, *result.warnings) if "answer" in finding.message]
    assert [finding.message for finding in about] == [
        "“digits” is an error, and no answer settles it.",
        "“object” is an error, and no answer settles it.",
    ]


CONTRADICTIONS = {
    "en:1.1": "error",  # a heading
    "en:3.4": "flag",  # says nothing of it
    "de:3.1": "flag",
}


@pytest.mark.parametrize("unit", CONTRADICTIONS)
def test_a_contradiction_is_asked(lamp: Path, unit: str) -> None:
    """A conflict is not made by naming any unit."""
    result = checked(
        lamp,
        f"id:lamp-society lamp:tookOver id:night-watch {{| ev:supportedBy en:2.3 ; ev:contradictedBy {unit} |}} .",
    )
    findings = {"error": result.errors, "flag": [flag.finding for flag in result.unanswered]}
    here = [finding for finding in findings[CONTRADICTIONS[unit]] if finding.message.startswith("contradiction: ")]
    assert [finding.line for finding in here] == [FIRST]


def test_one_unit_does_not_support_and_contradict(lamp: Path) -> None:
    """It does the one or the other, whether or not the text is at hand."""
    statement = "id:lamp-society lamp:tookOver id:night-watch {| ev:supportedBy en:2.3 ; ev:contradictedBy en:2.3 |} ."
    (lamp / "facts" / "more.ttl").write_text(HEAD + statement, encoding="utf-8")
    findings = build_dataset(load_project(lamp)).findings
    assert [finding.line for finding in findings if "and contradicts it" in finding.message] == [FIRST]


def test_a_contradiction_that_is_one(lamp: Path) -> None:
    """A sentence that denies it raises nothing; a flag has an answer as others have."""
    denied = (
        'id:lamp-society lamp:supports id:salt-guild {| skos:editorialNote "Ours."@en ; ev:contradictedBy en:3.1 |} .'
    )
    assert raised(lamp, denied) == set()
    far = denied.replace("en:3.1", "en:3.4")
    assert raised(lamp, far) == {"contradiction"}
    answered = far.replace(" |}", ' ; ev:answer "en:3.4 contradiction: by its sense."@en |}')
    assert [flag.answer for flag in checked(lamp, answered).flags] == ["by its sense."]


def test_answers_are_published(lamp: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """The note stands on the claim in the evidence graph, and the build counts it."""
    (lamp / "facts" / "more.ttl").write_text(HEAD + TURNED % '"en:2.3 direction: a test."@en' + "\n", encoding="utf-8")
    built = cli("build", "--project", lamp)
    assert "0 flags without an answer, 1 answered" in built.stdout
    assert '<https://w3id.org/isoc-kg/evidence#answer> "en:2.3 direction: a test."@en' in (
        lamp / "out" / "lamp.nt"
    ).read_text(encoding="utf-8")


# ----------------------------------------------------------------------------
# The gate
# ----------------------------------------------------------------------------


def test_an_error_stops_the_build_a_flag_does_not(lamp: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """A wrong year stops; a denial is counted; --strict makes it fail in the check."""
    more = lamp / "facts" / "more.ttl"
    more.write_text(HEAD + WRONG["digits, a year"][1] + "\n", encoding="utf-8")
    done = cli("build", "--project", lamp, code=1)
    assert f"more.ttl:{FIRST}: digits: “1905” is not in sentence en:2.1" in done.stderr
    assert not (lamp / "out").exists()
    more.write_text(HEAD + WRONG["denial"][1] + "\n", encoding="utf-8")
    assert "1 flag without an answer (denial 1)" in cli("build", "--project", lamp).stdout
    listed = cli("evidence", "check", "--project", lamp)
    assert f"more.ttl:{FIRST}: denial: sentence en:3.1" in listed.stdout
    cli("evidence", "check", "--project", lamp, "--strict", code=1)


def test_a_text_that_changed_stops_the_build(lamp: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """The digest is asked first, and nothing of a text that is another one."""
    text = lamp / "documents" / "en.txt"
    text.write_text(text.read_text(encoding="utf-8").replace("1904", "1905"), encoding="utf-8")
    done = cli("build", "--project", lamp, code=1)
    assert "not the words of en, edition 1: unit 2.1 is the first that differs" in done.stderr


def test_a_text_that_is_not_at_hand_is_named(lamp: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """Without a text the build says so; with --document it compares."""
    text = lamp / "documents" / "de.txt"
    elsewhere = text.rename(lamp / "elsewhere.txt")
    toml = lamp / "kg.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace("publish_text = true\n", ""), encoding="utf-8")
    assert "text not compared: de 1" in cli("build", "--project", lamp).stdout
    assert "not compared" not in cli("build", "--project", lamp, "--document", elsewhere).stdout


def test_other_languages_are_reported_as_not_asked(harbour: Path) -> None:
    """Denial and doubt need a grammar; where there is none the summary says so."""
    toml = harbour / "kg.toml"
    index = harbour / "facts" / "units" / "notice" / "1.jsonl"
    for file in (toml, index):
        file.write_text(
            file.read_text(encoding="utf-8")
            .replace('language = "de"', 'language = "fi"')
            .replace('"language": "de"', '"language": "fi"'),
            encoding="utf-8",
        )
    result = check(harbour)
    assert result.not_asked == ("fi",)
    assert "denial and doubt not asked in fi" in result.summary


def test_the_shipped_evidence_holds(document: Path) -> None:
    """No error, and every flag answered, with a reason that is not empty."""
    result = check(ROOT, [document])
    assert [finding.render() for finding in (*result.errors, *result.warnings)] == []
    assert [flag.finding.render() for flag in result.unanswered] == []
    assert result.pairs > 1000


# ----------------------------------------------------------------------------
# Mistakes that curators make, as far as this check can see them
# ----------------------------------------------------------------------------

SHIPPED = (
    HEAD.replace("lamp:", "isoc:").replace("https://lamp.example/kg/ontology#", "https://w3id.org/isoc-kg/ontology#")
    .replace("https://lamp.example/kg/", "https://w3id.org/isoc-kg/")
    + "@prefix s: <https://w3id.org/isoc-kg/document/internet-society-term/1#> .\n"
)  # fmt: skip
MISTAKES = {
    "M01": ("direction", "id:internet-society schema:founder id:manrs {| ev:supportedBy s:15.2 |} ."),
    "M04": ("classes", "id:internet-society isoc:worksWith id:route-hijacking {| ev:supportedBy s:15.3 |} ."),
    "M09": ("digits", 'id:ota schema:foundingDate "1990"^^xsd:gYear {| ev:supportedBy s:17.2 |} .'),
    "M18": ("heading", "id:internet-society isoc:promotes id:best-practices {| ev:supportedBy s:13.1 |} ."),
    "M20": ("object", "id:internet-society isoc:supports id:pir {| ev:supportedBy s:2.3 |} ."),
    "M27": ("classes", 'id:internet-society isoc:provides "training" {| ev:supportedBy s:22.2 |} .'),
    "M28": ("classes", "id:ota isoc:aimsAt id:consumers {| ev:supportedBy s:17.3 |} ."),
    "M37": ("object", "id:internet-society isoc:promotes <https://example.org/thing> {| ev:supportedBy s:22.1 |} ."),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_curator_s_mistake_is_noticed(document: Path, tmp_path: Path, mistake: str) -> None:
    """Each mistake is noticed at the line of the statement."""
    import shutil

    project = tmp_path / "project"
    for name in ("facts", "ontology", "shapes"):
        shutil.copytree(ROOT / name, project / name)
    shutil.copy(ROOT / "kg.toml", project)
    name, statement = MISTAKES[mistake]
    (project / "facts" / "zz.ttl").write_text(SHIPPED + statement + "\n", encoding="utf-8")
    result = check(project, [document])
    findings = [*result.errors, *(flag.finding for flag in result.unanswered)]
    here = [finding for finding in findings if finding.file == project / "facts" / "zz.ttl"]
    assert name in {finding.message.partition(":")[0] for finding in here}
    assert {finding.line for finding in here} == {SHIPPED.count("\n") + 1}


# ----------------------------------------------------------------------------
# Numbers
# ----------------------------------------------------------------------------

NUMBERS = [
    ("en", "founded in 1992 with 1,200 members and 3.5 million", {1992, 1200}),
    ("en", "in nineteen ninety-two, with two thousand and five members and twenty-one chairs", {1992, 2005, 21}),
    ("en", "three hundred and twelve, the third, one million", {312, 3, 1_000_000}),
    ("de", "im Jahr neunzehnhundertzweiundneunzig, tausendzweihundertfünf, zwei Millionen, der dritte",
     {1992, 1205, 2_000_000, 3}),
    ("de", "1.200 Mitglieder", {1200}),
    ("ja", "一九九二年に千九百九十二人、３万人、２０１４", {1992, 30000, 2014}),
    ("ar", "عام ١٩٩٢، ألف وتسعمئة واثنان وتسعون، اثنا عشر", {1992, 12}),
]  # fmt: skip


@pytest.mark.parametrize(("language", "text", "wanted"), NUMBERS)
def test_numbers_are_read(language: str, text: str, wanted: set[int]) -> None:
    """Digits of any script, groups, and number words of four languages."""
    assert wanted <= numbers(text, language)


def test_digits_in_a_name_are_no_number() -> None:
    """“3IP” does not say three; a text without the number does not give it."""
    assert 3 not in numbers("the 3IP in Africa", "en")
    assert missing_parts("1992", XSD.gYear, "since 1991", "en") == ["1992"]
    assert missing_parts("1992-03", XSD.gYearMonth, "in March 1992", "en") == []
    assert missing_parts("1992-04", XSD.gYearMonth, "in March 1992", "en") == ["04"]
    assert missing_parts("1992-03-05", XSD.date, "am 5. März 1992", "de") == []


# ----------------------------------------------------------------------------
# Whatever is stated, the check answers
# ----------------------------------------------------------------------------

THING = st.sampled_from(
    ["id:lamp-society", "id:night-watch", "id:salt-guild", "id:ida-holm", "id:pilots", "id:nobody", "id:ole-berg"]
)
PROPERTY = st.sampled_from(
    ["lamp:supports", "lamp:foundedBy", "lamp:trains", "lamp:towers", "lamp:unheard", "rdf:type", "schema:name",
     "skos:broader", "schema:foundingDate", "schema:position"]
)  # fmt: skip
TEXT = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters='"\\'), max_size=12)
OBJECT = st.one_of(
    THING,
    TEXT.map('"{}"@en'.format),
    TEXT.map('"{}"'.format),
    st.integers(-5000, 5000).map('"{}"^^xsd:integer'.format),
    st.sampled_from(['"x"^^xsd:decimal', '"NaN"^^xsd:double', '"1904"^^xsd:gYear', '"-0044"^^xsd:gYear', '"a"^^<x:y>']),
)
UNIT = st.builds(
    "{}:{}".format, st.sampled_from(["en", "de", "ja", "ar"]), st.sampled_from(["1.1", "2.1", "2.3", "3.1"])
)
STATEMENT = st.builds(
    "{} {} {} {{| ev:{} {} |}} .".format, THING, PROPERTY, OBJECT, st.sampled_from(["supportedBy", "impliedBy"]), UNIT
)


@given(st.lists(STATEMENT, min_size=1, max_size=12))
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_random_statements_never_crash_the_check(lamp: Path, statements: list[str]) -> None:
    """Any statement is asked, and every finding can be printed with its place."""
    result = checked(lamp, *statements)
    for finding in (*result.errors, *result.warnings, *(flag.finding for flag in result.flags)):
        assert finding.render()
