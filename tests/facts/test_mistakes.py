"""Mistakes that curators make: each is made in a copy of the shipped publication, and the gate names its line.

All are made at once, each in a file of its own, so that one run of the gate answers for all of them.
"""

import re
import shutil
from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.errors import FactsError
from isoc_kg.project import load_project
from isoc_kg.publication.gate import Gate, NotConforming, check_dataset
from isoc_kg.site import publish_project
from isoc_kg.validation import ShapesGraph

from material import DOCUMENT, ROOT, requires_document

HEAD = """@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> . @prefix org: <http://www.w3.org/ns/org#> .
@prefix dcterms: <http://purl.org/dc/terms/> . @prefix isoc: <https://w3id.org/isoc-kg/ontology#> .
@prefix ev: <https://w3id.org/isoc-kg/evidence#> . @prefix id: <https://w3id.org/isoc-kg/id/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> . @prefix wrong: <http://schema.org/> .
@prefix s: <https://w3id.org/isoc-kg/document/internet-society-term/1#> . @prefix nobody: <https://example.org/ns#> .
"""
E = "{| ev:supportedBy s:2.1 |}"
#: Mistake → its facts, the line to blame marked by `#!`, and what the message has to say.
CAUGHT: dict[str, tuple[str, str]] = {
    "m01-turned": (f"id:internet-society schema:founder id:manrs {E} . #!", "began in 2014"),
    "m01-ietf-manages": (f"id:ietf isoc:manages id:internet-society {E} . #!", "another body|is said of"),
    "m01-person": (f"id:manrs a schema:Person {E} . #!", "is of one class"),
    "m04-class": (f"id:internet-society isoc:worksWith id:route-leaking {E} . #!", "isoc:StakeholderGroup"),
    "m05-plain-year": (f'id:pir schema:foundingDate "1992" {E} . #!', "xsd:gYear"),
    "m09-too-early": (
        (
            f'id:m09 a isoc:IntegrationEvent {E} ; schema:name "m09"@en {E} ; schema:about id:ota {E} ;\n'
            f'schema:organizer id:internet-society {E} ; schema:startDate "1990"^^xsd:gYear {E} . #!'
        ),
        "began in 1992",
    ),
    "m11-no-label": (f"id:m11 a isoc:Topic {E} . #!", "preferred label"),
    "m12-no-type": (
        f'id:m12 skos:prefLabel "m twelve"@en {E} .\nid:internet-society isoc:focusesOn id:m12 {E} . #!',
        "must have a type",
    ),
    "m13-twice": (f'id:m13 a isoc:Topic {E} ; skos:prefLabel "Online trust"@en {E} . #!', "id:online-trust"),
    "m16-no-tag": (f'id:m16 a isoc:Topic {E} ;\n skos:prefLabel "m sixteen" {E} . #!', "language"),
    "m17-dangling": (f"id:internet-society isoc:worksWith id:goverments {E} . #!", "must have a type"),
    "m19-no-unit": ("id:ietf isoc:focusesOn id:online-trust {| ev:supportedBy s:99.1 |} . #!", "there is no unit"),
    "m21-no-evidence": ("id:ietf isoc:focusesOn id:involvement . #!", "without evidence"),
    "m22-property": (f"id:manrs isoc:promote id:best-practices {E} . #!", "Did you mean isoc:promotes?"),
    "m23-schema": (f'id:pir schema:foundedDate "1992"^^xsd:gYear {E} . #!', "Did you mean schema:foundingDate?"),
    "m23-namespace": (f'id:pir wrong:name "p"@en {E} . #!', "Did you mean schema:name"),
    "m23-class": (f'id:m23 a schema:Projekt {E} ; #!\n schema:name "m23"@en {E} .', "Did you mean schema:Project?"),
    "m23-datatype": (f'id:pir schema:description "12"^^xsd:integr {E} . #!', "Did you mean xsd:integer?"),
    "m23-as-property": (f"id:pir schema:Project id:manrs {E} . #!", "used as a property"),
    "m23-as-class": (f"id:m23b a isoc:promotes {E} . #!", "used as a class"),
    "m25-loop": (f"id:stakeholders skos:broader id:governments {E} . #!", "leads round"),
    "m27-literal": (f'id:internet-society isoc:manages "the task force"@en {E} . #!', "another body"),
    "m28-group": (f"id:manrs isoc:aimsAt id:governments {E} . #!", "isoc:Effect"),
    "m31-two-kinds": (f"id:online-trust a isoc:Quality {E} . #!", "Keep the class"),
    "m33-two-labels": (f'id:route-leaking skos:prefLabel "leaking of routes"@en {E} . #!', "one preferred label"),
    "m37-external": (f"id:manrs isoc:focusesOn <https://elsewhere.example/x> {E} . #!", "described nowhere here"),
    "m38-answer": (
        f"id:question-what-it-is schema:acceptedAnswer id:member {E} . #!",
        "exactly one answer, a schema:Answer",
    ),
    "m41-area": (f"id:training isoc:inArea id:online-trust {E} . #!", "isoc:Area"),
    "self": (f"id:internet-society isoc:supports id:internet-society {E} . #!", "another body"),
    "positions": (
        (
            f'id:p1 a isoc:PhoneticSegment {E} ; schema:position 91 {E} ; schema:name "p1"@en {E} .\n'
            f'id:p2 a isoc:PhoneticSegment {E} ; schema:name "p2"@en {E} ; schema:position 91 {E} . #!\n'
            f"id:w a <http://www.w3.org/ns/lemon/ontolex#Word> {E} ; isoc:hasSegment id:p1 {E} , id:p2 {E} ."
        ),
        "both number 91",
    ),
    "second-date": (f'id:pir schema:foundingDate "1999"^^xsd:gYear {E} . #!', "one year"),
    "broader-itself": (f"id:involvement skos:broader id:involvement {E} . #!", "to itself"),
    "m05-no-year": (f'id:manrs schema:foundingDate "x"^^xsd:gYear {E} . #!', "xsd:gYear"),
    "untrimmed": (f'id:pir schema:alternateName "PIR "@en {E} . #!', "white space"),
    "future": (f'id:ota schema:foundingDate "2030"^^xsd:gYear {E} . #!', "the publication is of"),
}
#: What only a person can tell: the gate is silent, and the report page lists it under one of these headings.
SHOWN = {"m30-stronger": "judge-close", "m34-implied": "judge-implied", "m35-editorial": "judge-editorial"}
IN_SHOWN = {
    "m30-stronger": f"id:manrs isoc:ensures id:improved-security-and-stability {E} .",
    "m34-implied": "id:pir isoc:focusesOn id:online-trust {| ev:impliedBy s:2.1 |} .",
    "m35-editorial": 'id:ietf isoc:focusesOn id:involvement {| skos:editorialNote "Known."@en |} .',
}


def copy(folder: Path) -> Path:
    """The shipped publication, to be changed."""
    for name in ("facts", "ontology", "shapes", "queries"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "kg.toml", folder)
    return folder


@pytest.fixture(scope="module")
def messages(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What the gate says of all mistakes."""
    folder = copy(tmp_path_factory.mktemp("mistakes"))
    for name, (turtle, _) in CAUGHT.items():
        (folder / "facts" / f"zz-{name}.ttl").write_text(HEAD + turtle + "\n", encoding="utf-8")
    dataset = build_dataset(load_project(folder))
    gate = check_dataset(dataset, ShapesGraph.of_project(dataset.project))
    return shown(gate)


def shown(gate: Gate) -> str:
    """All that the gate says, every result."""
    reports = [report.to_text(gate.locate, 10_000) for report in gate.validation.reports]
    return "\n".join([*(finding.render() for finding in gate.findings), *reports])


@pytest.mark.parametrize("name", CAUGHT)
def test_caught(messages: str, name: str) -> None:
    """The mistake is named at its line, in words that say what to do."""
    turtle, wanted = CAUGHT[name]
    line = next(number for number, text in enumerate((HEAD + turtle).splitlines(), 1) if "#!" in text)
    mark = rf"(?:error|violation): \S*/zz-{name}\.ttl:{line}: .*(?:\n  (?!violation|warning).*)*"
    told = re.findall(mark, messages)
    everything = "\n".join(re.findall(rf".*zz-{name}.*", messages))
    assert any(re.search(wanted, text) for text in told), everything


def test_told_once(messages: str) -> None:
    """A statement that breaks a declaration and a shape, or two constraints of a shape, is reported once."""
    for name in (
        *("m04-class", "m05-plain-year", "self", "m27-literal", "m28-group", "m17-dangling", "m19-no-unit"),
        *("m21-no-evidence", "m31-two-kinds", "m33-two-labels", "m37-external", "m38-answer", "second-date"),
        *("broader-itself", "m01-turned", "m05-no-year"),
    ):
        assert len(re.findall(rf"/zz-{name}\.ttl:", messages)) == 1, re.findall(rf".*/zz-{name}\.ttl:.*", messages)


@requires_document
def test_with_the_text_at_hand(tmp_path: Path) -> None:
    """M18, M20: evidence to a heading and to a sentence that does not name the object."""
    assert DOCUMENT
    folder = copy(tmp_path)
    turtle = (
        "id:pir isoc:focusesOn id:online-trust {| ev:supportedBy s:1.1 |} ,\n"
        " id:involvement {| ev:supportedBy s:5.1 |} ."
    )
    (folder / "facts" / "zz.ttl").write_text(HEAD + turtle, encoding="utf-8")
    dataset = build_dataset(load_project(folder))
    gate = check_dataset(dataset, ShapesGraph.of_project(dataset.project), documents=(DOCUMENT,))
    told = shown(gate)
    assert re.search(r"error: \S*/zz\.ttl:7: heading", told), told
    assert re.search(r"error: \S*/zz\.ttl:8: object", told), told
    assert not gate.passed


def test_blank_node(tmp_path: Path) -> None:
    """M42: a blank node is refused while the facts are read."""
    folder = copy(tmp_path)
    (folder / "facts" / "zz.ttl").write_text(HEAD + f"id:manrs isoc:focusesOn [] {E} .\n", encoding="utf-8")
    with pytest.raises(FactsError, match=r"needs IRIs|blank node"):
        build_dataset(load_project(folder))


def test_what_only_a_person_can_tell(tmp_path: Path) -> None:
    """M30, M34, M35: no rule tells these from true facts; the report page lists them, and each page marks them."""
    folder = copy(tmp_path)
    for name, turtle in IN_SHOWN.items():
        (folder / "facts" / f"zz-{name}.ttl").write_text(HEAD + turtle + "\n", encoding="utf-8")
    project = load_project(folder)
    assert [finding for finding in build_dataset(project).findings if finding.severity == "error"] == []
    publish_project(project, tmp_path / "site")
    text = (tmp_path / "site" / "report.html").read_text(encoding="utf-8")
    lists = {part.partition('"')[0]: part for part in text.split('<h3 id="')[1:]}
    for name, heading in SHOWN.items():
        subject, predicate, object_ = re.findall(r"(?:id|isoc):([\w-]+)", IN_SHOWN[name])[:3]
        page = (tmp_path / "site" / "id" / f"{object_}.html").read_text(encoding="utf-8")
        (label,) = re.findall(r"<h1[^>]*>(.*?)</h1>", page)
        row = rf'id/{subject}\.html#[0-9a-f]{{16}}"><em>[^<]*</em> {re.escape(label)}</a>'
        assert re.search(row, lists[heading]), (name, predicate)
    manrs = (tmp_path / "site" / "id" / "manrs.html").read_text(encoding="utf-8")
    assert "What is only tried is linked by “aims at”." not in manrs
    term = (tmp_path / "site" / "ontology" / "ensures.html").read_text(encoding="utf-8")
    assert "What is only tried is linked by “aims at”." in term
    pir = (tmp_path / "site" / "id" / "pir.html").read_text(encoding="utf-8")
    link = r'class="statement"><span class="value"><a href="[./id]*online-trust.html"[^\n]*\n'
    assert re.search(link + '<details class="evidence"><summary><span class="standing implied">implied by', pir)
    ietf = (tmp_path / "site" / "id" / "ietf.html").read_text(encoding="utf-8")
    assert "editorial decision" in ietf
    assert "Known." in ietf


def test_too_much_of_our_own(harbour: Path) -> None:
    """M36: more than one editorial statement in ten is a warning of the build."""
    facts = harbour / "facts" / "zz.ttl"
    note = '{| <http://www.w3.org/2004/02/skos/core#editorialNote> "We say so."@en |}'
    rows = "".join(
        f'<https://harbour.example/kg/id/x{n}> <https://schema.org/name> "x{n}"@en {note} ; '
        f"a <https://schema.org/Place> {note} .\n"
        for n in range(20)
    )
    facts.write_text(rows, encoding="utf-8")
    told = [finding.message for finding in build_dataset(load_project(harbour)).findings]
    assert any("editorial decisions alone" in message for message in told)
    assert NotConforming.exit_code == 1


def test_terms_can_be_allowed(harbour: Path) -> None:
    """`[terms] allow` in kg.toml lets a term pass, or all of a namespace; unknown vocabularies are a warning."""
    (harbour / "facts" / "zz.ttl").write_text(
        "@prefix : <https://harbour.example/kg/id/> . @prefix h: <https://harbour.example/kg/ontology#> .\n"
        "@prefix e: <https://elsewhere.example/ns#> . @prefix n: <http://www.w3.org/2004/02/skos/core#> .\n"
        ':old-harbour h:newer "x"@en {| n:editorialNote "y"@en |} ; e:odd "z"@en {| n:editorialNote "y"@en |} .\n',
        encoding="utf-8",
    )

    def severities() -> dict[str, str]:
        findings = build_dataset(load_project(harbour)).findings
        return {finding.message.split()[-1].strip("<>"): finding.severity for finding in findings if finding.file}

    assert severities() == {"harbour:newer": "error", "https://elsewhere.example/ns#odd": "warning"}
    settings = harbour / "kg.toml"
    allow = '\n[terms]\nallow = ["harbour:newer", "https://elsewhere.example/ns#"]\n'
    settings.write_text(settings.read_text(encoding="utf-8") + allow, encoding="utf-8")
    assert severities() == {}
