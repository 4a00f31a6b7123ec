"""Numbers, dates, names and denials that a unit has, but not of what the claim says them: in four languages."""

from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.documents.index import index_document
from isoc_kg.evidence.audit import audit_evidence
from isoc_kg.evidence.check import check_evidence
from isoc_kg.evidence.corpus import Corpus
from isoc_kg.evidence.figures import figures, values
from isoc_kg.evidence.texts import texts_at_hand
from isoc_kg.namespaces import XSD
from isoc_kg.project import load_project
from isoc_kg.validation import ShapesGraph
from language_projects import HEAD, TOML

ONTOLOGY = """t:Body a owl:Class ; rdfs:subClassOf schema:Organization ; rdfs:label {body} .
t:Mill a owl:Class ; rdfs:label {mill} .
t:Meeting a owl:Class ; rdfs:label "meeting"@en .
t:tends a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range t:Mill ; skos:hiddenLabel {tends} .
t:owns a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range t:Mill ; skos:hiddenLabel {owns} .
t:joined a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range t:Body ; skos:hiddenLabel {joined} .
t:chaired a owl:ObjectProperty ; rdfs:domain schema:Person ; rdfs:range t:Meeting ; skos:hiddenLabel "chaired"@en .
t:founder a owl:ObjectProperty ; rdfs:range schema:Person ; skos:hiddenLabel {founder} .
t:sails a owl:DatatypeProperty ; rdfs:domain t:Mill ; skos:hiddenLabel {sails} .
t:floors a owl:DatatypeProperty ; rdfs:domain t:Mill ; skos:hiddenLabel {floors} .
t:repaired a owl:DatatypeProperty ; rdfs:domain t:Mill ; skos:hiddenLabel {repaired} .
schema:foundingDate skos:hiddenLabel {founded} .
"""
WORDS = {
    "en": {
        "body": '"guild"@en', "mill": '"mill"@en', "tends": '"tends"@en , "tend"@en',
        "owns": '"owns"@en , "own"@en , "owned by"@en',
        "joined": '"took over"@en', "founder": '"founded by"@en', "sails": '"sails"@en', "floors": '"floors"@en',
        "repaired": '"repaired"@en', "founded": '"founded in"@en , "was founded"@en', "title": "Mills",
        "names": ("Ash Hill Guild", "Friends of Low Mill", "Dun Water", "Low Mill", "Ash Hill", "Ada Penn",
                  "Rue Adams"),
    },
    "de": {
        "body": '"Gilde"@de', "mill": '"Mühle"@de', "tends": '"pflegt"@de', "owns": '"gehört"@de',
        "joined": '"übernahm"@de',
        "founder": '"gegründet von"@de', "sails": '"Flügel"@de', "floors": '"Stockwerke"@de',
        "repaired": '"ausgebessert"@de',
        "founded": '"gegründet"@de', "title": "Mühlen",
        "names": ("Gilde Eschberg", "Mühlenfreunde", "Wasserwerk", "Untermühle", "Eschberg", "Ada Penn", "Rue Adams"),
    },
    "ja": {
        "body": '"組合"@ja', "mill": '"水車"@ja', "tends": '"管理"@ja', "owns": '"所有"@ja', "joined": '"合併"@ja',
        "founder": '"によって設立"@ja', "sails": '"羽根"@ja', "floors": '"階"@ja',
        "repaired": '"修理"@ja', "founded": '"設立"@ja',
        "title": "水車",
        "names": ("丘組合", "友の会", "水道局", "下水車", "丘", "アダ", "ルウ"),
    },
    "ar": {
        "body": '"نقابة"@ar', "mill": '"طاحونة"@ar', "tends": '"ترعى"@ar', "owns": '"تملك"@ar', "joined": '"ضمت"@ar',
        "founder": '"أسست على يد"@ar', "sails": '"أشرعة"@ar', "floors": '"طوابق"@ar', "repaired": '"أصلحت"@ar',
        "founded": '"تأسست"@ar', "title": "الطواحين",
        "names": ("نقابة التل", "جمعية الأصدقاء", "شركة المياه", "الطاحونة السفلى", "التل", "ادا بن", "رو ادمز"),
    },
}  # fmt: skip
THINGS = {
    "guild": "t:Body", "friends": "t:Body", "water": "t:Body", "mill": "t:Mill", "hill": "t:Hill",
    "ada": "schema:Person", "rue": "schema:Person",
}  # fmt: skip


def year(thing: str, value: int, property_: str = "schema:foundingDate") -> str:
    """A statement of a year."""
    return f'{thing} {property_} "{value}"^^xsd:gYear'


TOOK = "In 2018 the Ash Hill Guild took over the Friends of Low Mill, a society founded in 1989."
SIZE = "Low Mill has 4 sails and is built on 12 floors."
HOLDS = "Dun Water owns Low Mill and lets the Ash Hill Guild tend it."
NOT_OWN = "The Ash Hill Guild does not own Low Mill; it is owned by Dun Water."
UNLIKE = "Unlike Dun Water, which was founded in 1890, the Ash Hill Guild was founded in 1921."
JOINED = "2018 übernahm die Gilde Eschberg die Mühlenfreunde, die 1989 gegründet wurden."
CASES = [
    # language, text, statement, whether it is only implied, the questions that are raised
    ("en", TOOK, year("friends", 1989), False, set()),
    ("en", TOOK, year("friends", 2018), False, {"elsewhere"}),
    ("en", TOOK, year("guild", 1989), False, {"elsewhere"}),
    ("en", TOOK, year("guild", 1989), True, {"elsewhere"}),
    ("en", SIZE, "mill t:sails 4", False, set()),
    ("en", SIZE, "mill t:sails 12", False, {"elsewhere"}),
    ("en", SIZE, "mill t:floors 12", False, set()),
    ("en", SIZE, "mill t:floors 4", False, {"elsewhere"}),
    ("en", "The Ash Hill Guild and Dun Water were founded in 1974.", year("guild", 1974), False, set()),
    ("en", "The Ash Hill Guild and Dun Water were founded in 1974.", year("water", 1974), False, set()),
    ("en", "Low Mill was repaired in 1797, 1810 and 1820.", year("mill", 1820, "t:repaired"), False, set()),
    ("en", "In 1974, with 30 members, the Ash Hill Guild was founded.", year("guild", 1974), False, set()),
    ("en", "The Ash Hill Guild was founded in 1974 by Ada Penn.", "guild t:founder id:ada", False, set()),
    ("en", "The Ash Hill Guild was founded in 1974 by Ada Penn.", "hill t:founder id:ada", False, {"subject"}),
    ("en", "Ash Hill was founded by Ada Penn.", "hill t:founder id:ada", False, set()),
    ("en", HOLDS, "water t:owns id:mill", False, set()),
    ("en", HOLDS, "guild t:owns id:mill", False, {"actor"}),
    ("en", HOLDS, "guild t:tends id:mill", False, set()),
    ("en", HOLDS, "water t:tends id:mill", False, {"direction"}),
    ("en", NOT_OWN, "guild t:owns id:mill", False, {"denial"}),
    ("en", NOT_OWN, "guild t:owns id:mill", True, {"denial"}),
    ("en", NOT_OWN, "water t:owns id:mill", False, set()),
    ("en", "Reportedly the Ash Hill Guild owns Low Mill.", "guild t:owns id:mill", True, {"doubt"}),
    ("en", "The Ash Hill Guild tends Low Mill.", "water t:tends id:mill", True, {"actor"}),
    ("en", "Low Mill, the next mill, may be sold by Dun Water.", "mill a t:Mill", False, set()),
    ("en", "Low Mill is not a mill.", "mill a t:Mill", False, {"denial"}),
    ("en", "Low Mill may be a mill.", "mill a t:Mill", False, {"doubt"}),
    ("de", JOINED, year("friends", 1989), False, set()),
    ("de", JOINED, year("friends", 2018), False, {"elsewhere"}),
    ("en", UNLIKE, year("guild", 1921), False, set()),
    ("en", UNLIKE, year("guild", 1890), False, {"elsewhere"}),
    ("de", "1989 wurden die Mühlenfreunde gegründet, 1995 kamen 120 Mitglieder.", year("friends", 1989), False, set()),
    ("ar", "بعد فيضان عام 1953 أصلحت الطاحونة السفلى عام 1955.", year("mill", 1955, "t:repaired"), False, set()),
    ("ar", "بعد فيضان عام 1953 أصلحت الطاحونة السفلى عام 1955.", year("mill", 1953, "t:repaired"), False,
     {"elsewhere"}),
    ("ar", "للطاحونة السفلى 4 أشرعة و7 طوابق.", "mill t:floors 7", False, set()),
    ("ar", "للطاحونة السفلى 4 أشرعة و7 طوابق.", "mill t:floors 4", False, {"elsewhere"}),
    ("de", "Die Untermühle hat 4 Flügel und 12 Stockwerke.", "mill t:sails 4", False, set()),
    ("de", "Die Untermühle hat 4 Flügel und 12 Stockwerke.", "mill t:sails 12", False, {"elsewhere"}),
    ("de", "Die Gilde Eschberg wurde 1974 von Ada Penn gegründet.", "hill t:founder id:ada", False, {"subject"}),
    ("de", "Die Gilde Eschberg pflegt die Untermühle nicht.", "guild t:tends id:mill", True, {"denial"}),
    ("ja", "丘組合は1974年に設立され、2018年に友の会を合併した。", year("guild", 1974), False, set()),
    ("ja", "丘組合は1974年に設立され、2018年に友の会を合併した。", year("guild", 2018), False, {"elsewhere"}),
    ("ja", "下水車には羽根が4枚、階が12ある。", "mill t:sails 4", False, set()),
    ("ja", "下水車には羽根が4枚、階が12ある。", "mill t:sails 12", False, {"elsewhere"}),
    ("ja", "丘組合はアダによって設立された。", "hill t:founder id:ada", False, {"subject"}),
    ("ja", "丘組合は下水車を管理しない。", "guild t:tends id:mill", True, {"denial"}),
    ("ar", "تأسست نقابة التل عام 1974 وضمت جمعية الأصدقاء عام 2018.", year("guild", 1974), False, set()),
    ("ar", "تأسست نقابة التل عام 1974 وضمت جمعية الأصدقاء عام 2018.", year("guild", 2018), False, {"elsewhere"}),
    ("ar", "أسست نقابة التل على يد ادا بن.", "hill t:founder id:ada", False, {"subject"}),
    ("ar", "لا ترعى نقابة التل الطاحونة السفلى.", "guild t:tends id:mill", True, {"denial"}),
]  # fmt: skip


def project(folder: Path, language: str, texts: list[str], statements: list[str]) -> Path:
    """A project of one language with these paragraphs and statements."""
    words = WORDS[language]
    for name in ("facts", "ontology"):
        (folder / name).mkdir()
    (folder / "d.txt").write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    toml = TOML.format(language=language, **words).replace('"verein"', '"guild"')
    (folder / "kg.toml").write_text(toml, encoding="utf-8")
    ontology = HEAD + 't:Hill a owl:Class ; rdfs:label "hill"@en .\n' + ONTOLOGY.format(**words)
    (folder / "ontology" / "t.ttl").write_text(ontology, encoding="utf-8")
    index_document(
        folder / "d.txt", folder / "facts" / "units" / "d" / "1.jsonl", slug="d", edition="1", language=language
    )
    note = '{| skos:editorialNote "x"@en |}'
    lines = [HEAD]
    for (name, class_), label in zip(THINGS.items(), words["names"], strict=True):
        lines.append(f'id:{name} a {class_} {note} ; schema:name "{label}"@{language} {note} .')
    (folder / "facts" / "names.ttl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "facts" / "cases.ttl").write_text("\n".join([HEAD, *statements]) + "\n", encoding="utf-8")
    return folder


def raised(folder: Path) -> set[str]:
    """The names of what the check raises."""
    dataset = build_dataset(load_project(folder))
    result = check_evidence(dataset, ShapesGraph.of_project(dataset.project))
    return {finding.message.partition(":")[0] for finding in result.errors} | {flag.question for flag in result.flags}


@pytest.mark.parametrize("case", range(len(CASES)), ids=lambda case: f"{CASES[case][0]}-{case}-{CASES[case][2]}")
def test_sentences(tmp_path: Path, case: int) -> None:
    """Each statement raises what its sentence gives reason for, and the true ones nothing."""
    language, text, statement, implied, wanted = CASES[case]
    how = "impliedBy" if implied else "supportedBy"
    found = raised(project(tmp_path, language, [text], [f"id:{statement} {{| ev:{how} s:1.1 |}} ."]))
    assert wanted <= found if wanted else found == set()


def test_what_goes_on_by_a_noun(tmp_path: Path) -> None:
    """“The mill” is what was last named with this noun, and a meeting in the title is what the text is about."""
    texts = [
        "Minutes of the meeting in March",
        "Low Mill was repaired in 1980. Dun Water owns the mill. Rue Adams chaired the meeting.",
    ]
    note = '{| skos:editorialNote "x"@en |}'
    statements = [
        f'id:meeting a t:Meeting {note} ; schema:name "Meeting in March"@en {note} .',
        "id:water t:owns id:mill {| ev:supportedBy s:2.2 |} .",
        "id:rue t:chaired id:meeting {| ev:supportedBy s:2.3 |} .",
    ]
    folder = project(tmp_path, "en", texts, statements)
    assert raised(folder) == set()
    facts = folder / "facts" / "cases.ttl"
    facts.write_text(facts.read_text(encoding="utf-8").replace("id:rue t:chaired", "id:ada t:chaired")
                     .replace("supportedBy s:2.3", "impliedBy s:2.3"), encoding="utf-8")  # fmt: skip
    assert "actor" in raised(folder)


FIGURES = {
    "en": ("On 4 March 2019 some 1.2 million pounds went to two hundred and five people.",
           ["4 March 2019", "1.2 million", "two hundred and five"]),
    "de": ("Am 4. März 2019 kamen 1,5 Millionen Euro.", ["4. März 2019", "1,5 Millionen"]),
    "ja": ("2019年3月4日に十二人が来た。", ["2019年3月4日", "十二"]),
    "ar": ("في 4 مارس 2019 حضر 12 عضوا", ["4 مارس 2019", "12"]),
}  # fmt: skip


@pytest.mark.parametrize("language", FIGURES)
def test_figures(language: str) -> None:
    """A date is one figure, a number with its scale another."""
    text, wanted = FIGURES[language]
    assert [figure.text for figure in figures(text, language)] == wanted


def test_values_of_a_form() -> None:
    """Years for a year, days for a day, amounts for an amount."""
    assert values(TOOK, "en", "1989", XSD.gYear) == {"2018"}
    assert values(SIZE, "en", "4", XSD.integer) == {"12"}
    text = "It was sold on 3 May 1990 and burned on 12 June 1991."
    assert values(text, "en", "1990-05-03", XSD.date) == {"1991-06-12"}
    assert values(text, "en", "1990-05-04", XSD.date) == set()


@pytest.mark.parametrize("language", WORDS)
def test_the_audit_plants_figures_of_the_sentence(tmp_path: Path, language: str) -> None:
    """Every true statement of the cases, given another figure of its sentence, is flagged."""
    cases = [case for case in CASES if case[0] == language and not case[3] and not case[4]]
    texts = list(dict.fromkeys(case[1] for case in cases))
    statements = [f"id:{case[2]} {{| ev:supportedBy s:{texts.index(case[1]) + 1}.1 |}} ." for case in cases]
    dataset = build_dataset(load_project(project(tmp_path, language, texts, statements)))
    at_hand, _ = texts_at_hand(dataset, ())
    corpus = Corpus(
        dataset, {name: text for name, (_, text) in at_hand.items()}, ShapesGraph.of_project(dataset.project).lines
    )
    result = audit_evidence(corpus)
    score = next(score for score in result.scores if score.kind == "literal in sentence")
    assert score.mutants
    assert result.flagged == 0
    # what is listed beside the true one is not told apart
    assert score.missed == (2 if language == "en" else 0)
