"""A number of the wrong kind is flagged, a right one is not: in sentences of several languages, and in tables."""

from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.documents.index import index_document
from isoc_kg.evidence.check import check_evidence
from isoc_kg.project import load_project
from isoc_kg.validation import ShapesGraph
from language_projects import HEAD, TOML

ONTOLOGY = """t:Body a owl:Class ; rdfs:label "body"@en .
t:size a owl:DatatypeProperty ; rdfs:label "size"@en .
t:opened a owl:DatatypeProperty ; rdfs:range xsd:gYear ; rdfs:label "opened"@en .
t:share a owl:DatatypeProperty ; rdfs:label "share"@en .
t:pageStart a owl:DatatypeProperty ; rdfs:label "first page"@en .
t:founded a owl:DatatypeProperty ; rdfs:subPropertyOf schema:foundingDate ; skos:hiddenLabel "Founded"@en .
t:members a owl:DatatypeProperty ; skos:hiddenLabel "Members"@en , "Mitglieder"@de .
t:boats a owl:DatatypeProperty ; skos:hiddenLabel "Boats"@en , "Boote"@de .
"""


def year(value: int) -> str:
    """The statement of a year."""
    return f'schema:foundingDate "{value}"^^xsd:gYear'


#: Language, sentence, what is stated of “Tarn”, whether the number is of that kind.
NUMBERS = [
    ("en", "Tarn has 2014 members.", year(2014), False),
    ("en", "Tarn has 2014 members.", "t:size 2014", True),
    ("en", "In 2014 Tarn moved to the quay.", "t:size 2014", False),
    ("en", "In 2014 Tarn moved to the quay.", year(2014), True),
    ("en", "Tarn is described on page 1987 of the survey.", year(1987), False),
    ("en", "Tarn is described on page 12 of the survey.", "t:size 12", False),
    ("en", "Tarn is described on page 12 of the survey.", "t:pageStart 12", True),
    ("en", "Tarn met on 14 May 2019 for the first time.", "t:size 14", False),
    ("en", "Tarn met on 14 May 2019 for the first time.", "t:size 2019", False),
    ("en", "Tarn met on 14 May 2019 for the first time.", year(2019), True),
    ("en", "Tarn held its 14th regatta.", "t:size 14", False),
    ("en", "Tarn held its fourteenth regatta.", "t:size 14", False),
    ("en", "Tarn keeps 14 boats.", "t:size 14", True),
    ("en", "Tarn lost 14 % of its boats.", "t:size 14", False),
    ("en", "Tarn lost 14 % of its boats.", "t:share 14", True),
    ("en", "Tarn paid $1,950 for the pier.", 'schema:foundingDate "1950"', False),
    ("en", "Tarn was begun in 1950.", 'schema:foundingDate "1950"', True),
    ("en", "Tarn was begun in 1950.", 't:opened "1950"^^xsd:integer', True),
    ("en", "Tarn sold over 1950 tickets.", "t:opened 1950", False),
    ("en", "Tarn sold over 1950 tickets.", "t:size 1950", True),
    ("en", "Tarn opens at 9 a.m.", "t:size 9", False),
    ("en", "Tarn won the 2014 elections.", year(2014), True),
    ("en", "Tarn grew between 2010 and 2014.", "t:size 2014", None),
    ("de", "Tarn zählt 1999 Mitglieder.", year(1999), False),
    ("de", "Tarn zählt 1999 Mitglieder.", "t:size 1999", True),
    ("de", "Seit 1999 besteht Tarn.", "t:size 1999", False),
    ("de", "Seit 1999 besteht Tarn.", year(1999), True),
    ("de", "Im Jahr 1999 wurde Tarn eröffnet.", "t:size 1999", False),
    ("de", "Tarn steht auf Seite 17 des Berichts.", "t:size 17", False),
    ("de", "Tarn hielt am 17. Juni das Fest.", "t:size 17", False),
    ("de", "Tarn hielt das 17. Fest.", "t:size 17", False),
    ("de", "Tarn hat 17 Boote.", "t:size 17", True),
    ("de", "1999 übernahm Tarn den Hafen.", year(1999), True),
    ("de", "Tarn baute 1850 Meter Mauer.", year(1850), False),
    ("fr", "Tarn compte 1987 membres.", year(1987), False),
    ("fr", "Tarn compte 1987 membres.", "t:size 1987", True),
    ("fr", "Depuis 1987 Tarn garde le port.", "t:size 1987", False),
    ("fr", "Depuis 1987 Tarn garde le port.", year(1987), True),
    ("fr", "Tarn figure à la page 44 du rapport.", "t:size 44", False),
    ("fr", "Tarn a perdu 44 % des bateaux.", "t:size 44", False),
    ("es", "Tarn cuenta con 1990 personas.", year(1990), False),
    ("es", "Tarn aparece en la página 90.", "t:size 90", False),
    ("es", "Tarn existe desde 1990.", year(1990), True),
    ("es", "Tarn existe desde 1990.", "t:size 1990", False),
    ("sv", "Tarn har 1990 medlemmar.", year(1990), False),
    ("sv", "Sedan 1990 finns Tarn.", year(1990), True),
    ("ja", "Tarnの会員は2014人である。", year(2014), False),
    ("ja", "Tarnの会員は2014人である。", "t:size 2014", True),
    ("ja", "Tarnは2014年に移転した。", "t:size 2014", False),
    ("ja", "Tarnは2014年に移転した。", year(2014), True),
    ("ja", "Tarnは報告書の12ページに載っている。", "t:size 12", False),
    ("ar", "انتقل Tarn عام 2014 إلى الميناء.", "t:size 2014", False),
    ("ar", "انتقل Tarn عام 2014 إلى الميناء.", year(2014), True),
    ("ar", "يضم Tarn 2014 عضوا.", year(2014), False),
    ("ar", "يضم Tarn 2014 عضوا.", "t:size 2014", True),
    ("en", "Tarn employed 1880 workers on the dam.", year(1880), False),
    ("en", "Tarn employed 1880 workers on the dam.", "t:size 1880", True),
    ("en", "Some 1,900 visitors came to Tarn.", year(1900), False),
    ("en", "Founded in 1871, Tarn has 40 boats.", year(1871), True),
    ("en", "Founded in 1871, Tarn has 40 boats.", "t:size 1871", False),
    ("en", "Tarn (1871) is the oldest.", year(1871), True),
    ("en", "See section 1950 about Tarn.", year(1950), False),
    ("en", "Tarn is in fourth place with 30 points.", "t:size 4", False),
    ("en", "Tarn was built by 1960.", year(1960), True),
    ("en", "The 30 boats of Tarn sail in May.", "t:size 30", True),
    ("en", "Tarn rents 12 rooms from 3 May.", "t:size 3", False),
    ("en", "Tarn rents 12 rooms from 3 May.", "t:size 12", True),
    ("de", "Tarn ist rund 1500 Jahre alt.", year(1500), False),
    ("de", "Bis 1936 gehörte Tarn dem Staat.", "t:size 1936", False),
    ("de", "Tarn verlor 20 Prozent der Boote.", "t:size 20", False),
    ("de", "Tarn wurde am 3. Mai 1936 eröffnet.", "t:size 3", False),
    ("de", "In Abschnitt 5 wird Tarn erwähnt.", "t:size 5", False),
    ("fr", "En 1905 Tarn achète 30 bateaux.", "t:size 1905", False),
    ("fr", "En 1905 Tarn achète 30 bateaux.", "t:size 30", True),
    ("fr", "Tarn loge 1905 habitants.", year(1905), False),
    ("es", "En 1931 Tarn tenía 20 barcos.", "t:size 1931", False),
    ("es", "En 1931 Tarn tenía 20 barcos.", "t:size 20", True),
    ("it", "Nel 1960 Tarn aveva 12 barche.", "t:size 1960", False),
    ("it", "Nel 1960 Tarn aveva 12 barche.", year(1960), True),
    ("nl", "In 1960 had Tarn 1200 leden.", year(1200), False),
    ("nl", "In 1960 had Tarn 1200 leden.", "t:size 1960", False),
    ("pl", "W 1960 roku Tarn miał 12 łodzi.", "t:size 1960", False),
    ("pt", "Em 1960 Tarn tinha 12 barcos.", "t:size 1960", False),
    ("pt", "Em 1960 Tarn tinha 12 barcos.", "t:size 12", True),
    ("ja", "Tarnは第5回大会を開いた。", "t:size 5", False),
    ("ja", "1985年、Tarnは船を30隻持っていた。", "t:size 30", True),
    ("ja", "1985年、Tarnは船を30隻持っていた。", "t:size 1985", False),
    ("ar", "في عام 1985 كان لدى Tarn 30 قاربا.", "t:size 1985", False),
    ("ar", "في عام 1985 كان لدى Tarn 30 قاربا.", "t:size 30", True),
]  # fmt: skip


def raised(folder: Path, language: str, text: str, statements: list[str]) -> list[set[str]]:
    """The names of what the check raises of each statement, written as “unit, predicate and object”."""
    for name in ("facts", "ontology"):
        (folder / name).mkdir()
    (folder / "d.txt").write_text(text, encoding="utf-8")
    toml = TOML.format(language=language, title="Tarn").replace('"verein"', '"tarn"')
    (folder / "kg.toml").write_text(toml, encoding="utf-8")
    (folder / "ontology" / "t.ttl").write_text(HEAD + ONTOLOGY, encoding="utf-8")
    index = folder / "facts" / "units" / "d" / "1.jsonl"
    index_document(folder / "d.txt", index, slug="d", edition="1", language=language)
    note = '{| skos:editorialNote "x"@en |}'
    lines = [HEAD, f'id:tarn a t:Body {note} ; schema:name "Tarn"@{language} {note} .']
    for statement in statements:
        unit, rest = statement.split(" ", 1)
        lines.append(f"id:tarn {rest} {{| ev:supportedBy s:{unit} |}} .")
    (folder / "facts" / "cases.ttl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    dataset = build_dataset(load_project(folder))
    result = check_evidence(dataset, ShapesGraph.of_project(dataset.project))
    flags: dict[int, set[str]] = {}
    for claim in dataset.claims.values():
        for _, unit, (_, line) in claim.units():
            flags[line] = {flag.question for flag in result.flags if (flag.claim, flag.unit) == (claim.iri, unit)}
    return [found for _, found in sorted(flags.items())]


@pytest.mark.parametrize("language", sorted({language for language, *_ in NUMBERS}))
def test_numbers_in_sentences(tmp_path: Path, language: str) -> None:
    """A year is no amount, a page no year, a day no count; what is open is not flagged."""
    cases = [case for case in NUMBERS if case[0] == language]
    texts = list(dict.fromkeys(case[1] for case in cases))
    statements = [f"{texts.index(case[1]) + 1}.1 {case[2]}" for case in cases]
    flags = raised(tmp_path, language, "\n\n".join(texts) + "\n", statements)
    wrong = [
        (case, "flagged" if "elsewhere" in found else "not flagged")
        for case, found in zip(cases, flags, strict=True)
        if ("elsewhere" in found) is not (case[3] is False)
    ]
    assert wrong == []


PLAIN = """Harbour\tFounded\tBoats\tMembers
Tarn\t1794\t30\t1900
\t1801\t31\t2000
\t\t32\t2100
Tarn\t\t33\t
"""
BARRED = PLAIN.replace("\n", " |\n").replace("\t", " | ")
#: Unit, what is stated of “Tarn”, whether the number stands below the words for that.
CELLS = [
    ("2", "t:founded 1794", True), ("2", "t:boats 30", True), ("2", "t:members 1900", True),
    ("2", "t:boats 1900", False), ("2", "t:founded 1900", False), ("2", "t:members 1794", False),
    ("2", "t:members 30", False),
    ("3", "t:founded 1801", True), ("3", "t:boats 31", True), ("3", "t:members 2000", True),
    ("3", "t:boats 2000", False),
    ("4", "t:boats 32", True), ("4", "t:members 2100", True), ("4", "t:founded 32", False),
    ("4", "t:boats 2100", False),
    ("5", "t:boats 33", True), ("5", "t:members 33", False), ("5", "t:founded 33", False),
]  # fmt: skip


@pytest.mark.parametrize("table", ["tabs", "bars", "paragraphs"])
def test_numbers_in_tables(tmp_path: Path, table: str) -> None:
    """A number belongs to the words at the head of its column, also where the first cells of its row are empty."""
    text = {"tabs": PLAIN, "bars": "| " + "\n| ".join(BARRED.splitlines()), "paragraphs": PLAIN.replace("\n", "\n\n")}
    unit = "{0}.1" if table == "paragraphs" else "1.{0}"
    flags = raised(tmp_path, "en", text[table], [f"{unit.format(cell[0])} {cell[1]}" for cell in CELLS])
    wrong = [(cell, found) for cell, found in zip(CELLS, flags, strict=True) if bool(found - {"subject"}) is cell[2]]
    assert wrong == []


def test_another_table_has_other_heads(tmp_path: Path) -> None:
    """A second table's columns are read by its own head, and a lone row by none."""
    text = "Name\tBoats\tMembers\nTarn\t3\t40\n\nName\tMembers\tBoats\nTarn\t50\t6\n\nTarn\t7\t90\n"
    flags = raised(tmp_path, "en", text, ["1.2 t:boats 3", "2.2 t:boats 6", "2.2 t:boats 50", "3.1 t:members 90"])
    assert [found - {"subject"} for found in flags] == [set(), set(), {"predicate", "elsewhere"}, {"predicate"}]
