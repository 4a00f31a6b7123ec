"""The check in projects of one language: English, German, Japanese and Arabic sentences, right and wrong claims."""

from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.documents.index import index_document
from isoc_kg.evidence.check import check_evidence
from isoc_kg.project import load_project
from isoc_kg.validation import ShapesGraph

TOML = """name = "turm"
title = "{title}"
description = "{title}"
base = "https://turm.example/kg/"
language = "{language}"
licence = "https://creativecommons.org/publicdomain/zero/1.0/"
creator = "turm"
created = 2026-01-02
modified = 2026-02-03
version = "1.0.0"
subject = "verein"

[prefixes]
t = "https://turm.example/kg/ontology#"

[[document]]
slug = "d"
edition = "1"
title = "{title}"
language = "{language}"
path = "d.txt"
publish_text = true
unknown = ["author", "publisher", "date", "source"]
"""
HEAD = """@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix schema: <https://schema.org/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ev: <https://w3id.org/isoc-kg/evidence#> .
@prefix t: <https://turm.example/kg/ontology#> .
@prefix id: <https://turm.example/kg/id/> .
@prefix s: <https://turm.example/kg/document/d/1#> .
"""
ONTOLOGY = """t:Body a owl:Class ; rdfs:label "{body}"@{language} .
t:Group a owl:Class ; rdfs:label "{group}"@{language} .
t:supports a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range t:Body ;
    skos:hiddenLabel {supports} .
t:foundedBy a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range schema:Person ; skos:hiddenLabel {foundedBy} .
t:tookOver a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range t:Body ; skos:hiddenLabel {tookOver} .
t:trains a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range t:Group ; skos:hiddenLabel {trains} .
t:towers a owl:DatatypeProperty ; rdfs:label "{towers}"@{language} .
"""
NAMES = ("verein", "wache", "gilde", "schule", "ida", "ole", "lotsen", "taucher")
CLASSES = {"ida": "schema:Person", "ole": "schema:Person", "lotsen": "t:Group", "taucher": "t:Group"}
WORDS = {
    "en": {
        "names": ("Lamp Society", "Night Watch", "Salt Guild", "Rope School", "Ida Holm", "Ole Berg", "pilots",
                  "divers"),
        "title": "The Lamp Society", "body": "body", "group": "group", "towers": "number of towers",
        "supports": '"supports"@en', "foundedBy": '"founded by"@en', "tookOver": '"took over"@en',
        "trains": '"trains"@en',
    },
    "de": {
        "names": ("Leuchtverein", "Nachtwache", "Salzgilde", "Seilschule", "Ida Holm", "Ole Berg", "Lotsen", "Taucher"),
        "title": "Der Leuchtverein", "body": "Körperschaft", "group": "Gruppe", "towers": "Zahl der Türme",
        "supports": '"unterstützt"@de , "fördert"@de , "unterstützen"@de , "Förderung"@de',
        "foundedBy": '"gegründet von"@de', "tookOver": '"übernahm"@de , "übernommen"@de',
        "trains": '"bildet"@de , "ausgebildet"@de',
    },
    "ja": {
        "names": ("灯台協会", "夜警団", "塩組合", "縄学校", "イダ・ホルム", "オーレ・ベルグ", "水先人", "潜水士"),
        "title": "灯台協会", "body": "団体", "group": "集団", "towers": "塔の数",
        "supports": '"支援"@ja', "foundedBy": '"によって設立"@ja', "tookOver": '"吸収"@ja', "trains": '"育成"@ja',
    },
    "ar": {
        "names": ("جمعية المنارة", "حرس الليل", "نقابة الملح", "مدرسة الحبال", "إيدا هولم", "أولي بيرغ", "المرشدين",
                  "الغواصين"),
        "title": "جمعية المنارة", "body": "هيئة", "group": "جماعة", "towers": "عدد الأبراج",
        "supports": '"تدعم"@ar , "دعم"@ar', "foundedBy": '"تأسست على يد"@ar , "أسست على يد"@ar',
        "tookOver": '"ضمت"@ar', "trains": '"تدرب"@ar',
    },
}  # fmt: skip

SUPPORTS, TURNED = "verein t:supports id:wache", "wache t:supports id:verein"
GUILD = "verein t:supports id:gilde"
FOUNDED, OTHER = "verein t:foundedBy id:ida", "verein t:foundedBy id:ole"
TOOK, TAKEN = "gilde t:tookOver id:schule", "schule t:tookOver id:gilde"
PILOTS, DIVERS = "verein t:trains id:lotsen", "verein t:trains id:taucher"


def towers(number: int) -> str:
    return f'verein t:towers "{number}"^^xsd:integer'


def founding(date: str, kind: str = "gYear") -> str:
    return f'verein schema:foundingDate "{date}"^^xsd:{kind}'


#: Language, sentence, statement, and the questions that it raises.
CASES: list[tuple[str, str, str, set[str]]] = [
    ("en", "The Lamp Society was founded by Ida Holm, not by Ole Berg.", FOUNDED, set()),
    ("en", "The Lamp Society was founded by Ida Holm, not by Ole Berg.", OTHER, {"denial"}),
    ("en", "The Lamp Society trains pilots, and the Salt Guild trains divers.", PILOTS, set()),
    ("en", "The Lamp Society trains pilots, and the Salt Guild trains divers.", DIVERS, {"actor"}),
    ("en", "The Lamp Society has two dozen towers.", towers(24), set()),
    ("en", "The Lamp Society has two dozen towers.", towers(12), {"digits"}),
    ("de", "Der Leuchtverein unterstützt die Nachtwache.", SUPPORTS, set()),
    ("de", "Der Leuchtverein unterstützt die Nachtwache.", TURNED, {"direction"}),
    ("de", "Die Nachtwache wird vom Leuchtverein unterstützt.", SUPPORTS, set()),
    ("de", "Die Nachtwache wird vom Leuchtverein unterstützt.", TURNED, {"direction"}),
    ("de", "Der Leuchtverein unterstützt keineswegs die Nachtwache.", SUPPORTS, {"denial"}),
    ("de", "Der Leuchtverein unterstützt nicht nur die Nachtwache, sondern auch die Salzgilde.", SUPPORTS, set()),
    ("de", "Der Leuchtverein unterstützt nicht nur die Nachtwache, sondern auch die Salzgilde.", GUILD, set()),
    ("de", "Der Leuchtverein unterstützt die Nachtwache nicht mehr.", SUPPORTS, {"denial"}),
    ("de", "Weder der Leuchtverein noch die Seilschule unterstützt die Nachtwache.", SUPPORTS, {"denial"}),
    ("de", "Der Leuchtverein hat es abgelehnt, die Nachtwache zu unterstützen.", SUPPORTS, {"denial"}),
    ("de", "Der Leuchtverein weigert sich, die Nachtwache zu unterstützen.", SUPPORTS, {"denial"}),
    ("de", "Kaum unterstützt der Leuchtverein die Nachtwache.", SUPPORTS, {"denial"}),
    ("de", "Der Leuchtverein hörte auf, die Nachtwache zu unterstützen.", SUPPORTS, {"denial"}),
    ("de", "Der Leuchtverein lehnte die Förderung der Nachtwache ab.", SUPPORTS, {"denial"}),
    ("de", "Möglicherweise unterstützt der Leuchtverein die Nachtwache.", SUPPORTS, {"doubt"}),
    ("de", "Der Leuchtverein soll die Nachtwache unterstützen.", SUPPORTS, {"doubt"}),
    ("de", "Der Leuchtverein dürfte die Nachtwache unterstützt haben.", SUPPORTS, {"doubt"}),
    ("de", "Ob der Leuchtverein die Nachtwache unterstützt, ist unklar.", SUPPORTS, {"doubt"}),
    ("de", "Dem Vernehmen nach unterstützt der Leuchtverein die Nachtwache.", SUPPORTS, {"doubt"}),
    ("de", "Der Leuchtverein kann die Nachtwache unterstützen, wie er will.", SUPPORTS, set()),
    ("de", "Der Leuchtverein wurde von Ida Holm gegründet, nicht von Ole Berg.", FOUNDED, set()),
    ("de", "Der Leuchtverein wurde von Ida Holm gegründet, nicht von Ole Berg.", OTHER, {"denial"}),
    ("de", "Der Leuchtverein hat einundzwanzig Türme.", towers(21), set()),
    ("de", "Der Leuchtverein hat einundzwanzig Türme.", towers(22), {"digits"}),
    ("de", "Der Leuchtverein hat zweitausenddreihundertvierzig Türme.", towers(2340), set()),
    ("de", "Der Leuchtverein hat zwei Dutzend Türme.", towers(24), set()),
    ("de", "Der Leuchtverein entstand im Jahre achtzehnhundertfünf.", founding("1805"), set()),
    ("de", "Der Leuchtverein entstand im Jänner 1904.", founding("1904-01", "gYearMonth"), set()),
    ("de", "Der Leuchtverein entstand im März 1904.", founding("1904-04", "gYearMonth"), {"digits"}),
    ("de", "Am 5. Mai 1911 übernahm die Salzgilde die Seilschule.", TOOK, set()),
    ("de", "Am 5. Mai 1911 übernahm die Salzgilde die Seilschule.", TAKEN, {"direction"}),
    ("de", "Die Seilschule ist durch die Salzgilde übernommen worden.", TOOK, set()),
    ("de", "Die Seilschule ist durch die Salzgilde übernommen worden.", TAKEN, {"direction"}),
    ("de", "Der Leuchtverein bildet Lotsen aus, die Salzgilde bildet Taucher aus.", PILOTS, set()),
    ("de", "Der Leuchtverein bildet Lotsen aus, die Salzgilde bildet Taucher aus.", DIVERS, {"actor"}),
    ("de", "Die Lotsen werden vom Leuchtverein ausgebildet.", PILOTS, set()),
    ("de", "Die Salzgilde unterstützt die Nachtwache.", SUPPORTS, {"subject"}),
    ("de", "Der Leuchtverein besucht die Nachtwache.", SUPPORTS, {"predicate"}),
    ("de", "Das Wirken des Leuchtvereins unterstützt die Nachtwache.", SUPPORTS, set()),
    ("ja", "灯台協会は夜警団を支援する。", SUPPORTS, set()),
    ("ja", "灯台協会は夜警団を支援する。", TURNED, {"direction"}),
    ("ja", "夜警団は灯台協会によって支援される。", SUPPORTS, set()),
    ("ja", "夜警団は灯台協会によって支援される。", TURNED, {"direction"}),
    ("ja", "夜警団は灯台協会に支援されている。", SUPPORTS, set()),
    ("ja", "夜警団は灯台協会に支援されている。", TURNED, {"direction"}),
    ("ja", "夜警団を灯台協会が支援する。", SUPPORTS, set()),
    ("ja", "夜警団を灯台協会が支援する。", TURNED, {"direction"}),
    ("ja", "夜警団は灯台協会が支援している。", SUPPORTS, set()),
    ("ja", "夜警団は灯台協会が支援している。", TURNED, {"direction"}),
    ("ja", "灯台協会は夜警団を支援していない。", SUPPORTS, {"denial"}),
    ("ja", "灯台協会は夜警団を支援しなかった。", SUPPORTS, {"denial"}),
    ("ja", "灯台協会は夜警団を支援しません。", SUPPORTS, {"denial"}),
    ("ja", "灯台協会は夜警団を支援せず、塩組合を支援した。", SUPPORTS, {"denial"}),
    ("ja", "灯台協会は夜警団を支援せず、塩組合を支援した。", GUILD, set()),
    ("ja", "灯台協会は夜警団への支援をやめた。", SUPPORTS, {"denial"}),
    ("ja", "灯台協会は夜警団の支援を拒否した。", SUPPORTS, {"denial"}),
    ("ja", "灯台協会は夜警団だけでなく塩組合も支援する。", SUPPORTS, set()),
    ("ja", "灯台協会は夜警団のみならず塩組合も支援する。", GUILD, set()),
    ("ja", "灯台協会は夜警団を支援したとされる。", SUPPORTS, {"doubt"}),
    ("ja", "灯台協会は夜警団を支援したようだ。", SUPPORTS, {"doubt"}),
    ("ja", "灯台協会は夜警団を支援したと思われる。", SUPPORTS, {"doubt"}),
    ("ja", "灯台協会が夜警団を支援したかどうかは不明である。", SUPPORTS, {"doubt"}),
    ("ja", "灯台協会は夜警団を支援することができる。", SUPPORTS, set()),
    ("ja", "灯台協会には塔が二十一ある。", towers(21), set()),
    ("ja", "灯台協会には塔が二十一ある。", towers(22), {"digits"}),
    ("ja", "灯台協会には塔が三百五基ある。", towers(305), set()),
    ("ja", "灯台協会には塔が一万二千ある。", towers(12000), set()),
    ("ja", "灯台協会は明治三十七年にできた。", founding("1904"), set()),
    ("ja", "灯台協会は明治三十七年にできた。", founding("1905"), {"digits"}),
    ("ja", "灯台協会は昭和元年にできた。", founding("1926"), set()),
    ("ja", "灯台協会は一九〇四年三月にできた。", founding("1904-03", "gYearMonth"), set()),
    ("ja", "塩組合は縄学校を吸収した。", TOOK, set()),
    ("ja", "塩組合は縄学校を吸収した。", TAKEN, {"direction"}),
    ("ja", "縄学校は一九一一年に塩組合によって吸収された。", TOOK, set()),
    ("ja", "縄学校は一九一一年に塩組合によって吸収された。", TAKEN, {"direction"}),
    ("ja", "灯台協会はイダ・ホルムによって港に設立された。", FOUNDED, set()),
    ("ja", "塩組合は夜警団を支援する。", SUPPORTS, {"subject"}),
    ("ja", "灯台協会は水先人を育成し、塩組合は潜水士を育成する。", PILOTS, set()),
    ("ja", "灯台協会は水先人を育成し、塩組合は潜水士を育成する。", DIVERS, {"actor"}),
    ("ar", "تدعم جمعية المنارة حرس الليل.", SUPPORTS, set()),
    ("ar", "تدعم جمعية المنارة حرس الليل.", TURNED, {"direction"}),
    ("ar", "جمعية المنارة تدعم حرس الليل.", SUPPORTS, set()),
    ("ar", "جمعية المنارة تدعم حرس الليل.", TURNED, {"direction"}),
    ("ar", "وتدعم جمعية المنارة حرس الليل.", SUPPORTS, set()),
    ("ar", "لا تدعم جمعية المنارة حرس الليل.", SUPPORTS, {"denial"}),
    ("ar", "لم تدعم جمعية المنارة حرس الليل.", SUPPORTS, {"denial"}),
    ("ar", "لن تدعم جمعية المنارة حرس الليل.", SUPPORTS, {"denial"}),
    ("ar", "لم تعد جمعية المنارة تدعم حرس الليل.", SUPPORTS, {"denial"}),
    ("ar", "لا تزال جمعية المنارة تدعم حرس الليل.", SUPPORTS, set()),
    ("ar", "ما زالت جمعية المنارة تدعم حرس الليل.", SUPPORTS, set()),
    ("ar", "رفضت جمعية المنارة دعم حرس الليل.", SUPPORTS, {"denial"}),
    ("ar", "توقفت جمعية المنارة عن دعم حرس الليل.", SUPPORTS, {"denial"}),
    ("ar", "لا تدعم جمعية المنارة حرس الليل فحسب بل نقابة الملح أيضا.", SUPPORTS, set()),
    ("ar", "ربما تدعم جمعية المنارة حرس الليل.", SUPPORTS, {"doubt"}),
    ("ar", "قد تدعم جمعية المنارة حرس الليل.", SUPPORTS, {"doubt"}),
    ("ar", "على الأرجح تدعم جمعية المنارة حرس الليل.", SUPPORTS, {"doubt"}),
    ("ar", "يقال إن جمعية المنارة تدعم حرس الليل.", SUPPORTS, {"doubt"}),
    ("ar", "تستطيع جمعية المنارة دعم حرس الليل.", SUPPORTS, set()),
    ("ar", "تأسست جمعية المنارة على يد إيدا هولم.", FOUNDED, set()),
    ("ar", "لقد تأسست جمعية المنارة على يد إيدا هولم.", FOUNDED, set()),
    ("ar", "لجمعية المنارة واحد وعشرون برجا.", towers(21), set()),
    ("ar", "لجمعية المنارة واحد وعشرون برجا.", towers(22), {"digits"}),
    ("ar", "لجمعية المنارة مئة وخمسة أبراج.", towers(105), set()),
    ("ar", "لجمعية المنارة ألفان وثلاثمئة برج.", towers(2300), set()),
    ("ar", "لجمعية المنارة ثلاثة ملايين برج.", towers(3_000_000), set()),
    ("ar", "نشأت جمعية المنارة في آذار ١٩٠٤.", founding("1904-03", "gYearMonth"), set()),
    ("ar", "نشأت جمعية المنارة في تشرين الثاني ١٩٠٤.", founding("1904-11", "gYearMonth"), set()),
    ("ar", "نشأت جمعية المنارة في تشرين الثاني ١٩٠٤.", founding("1904-10", "gYearMonth"), {"digits"}),
    ("ar", "ضمت نقابة الملح مدرسة الحبال.", TOOK, set()),
    ("ar", "ضمت نقابة الملح مدرسة الحبال.", TAKEN, {"direction"}),
    ("ar", "تدعم نقابة الملح حرس الليل.", SUPPORTS, {"subject"}),
]


def project(folder: Path, language: str) -> Path:
    """A project whose names, cues and document are of one language, each sentence a paragraph."""
    words = WORDS[language]
    for name in ("facts", "ontology"):
        (folder / name).mkdir()
    sentences = list(dict.fromkeys(sentence for tag, sentence, _, _ in CASES if tag == language))
    (folder / "d.txt").write_text("\n\n".join(sentences) + "\n", encoding="utf-8")
    (folder / "kg.toml").write_text(TOML.format(language=language, **words), encoding="utf-8")
    ontology = HEAD + ONTOLOGY.format(language=language, **words)
    (folder / "ontology" / "t.ttl").write_text(ontology, encoding="utf-8")
    index = folder / "facts" / "units" / "d" / "1.jsonl"
    index_document(folder / "d.txt", index, slug="d", edition="1", language=language)
    lines = [HEAD]
    for name, label in zip(NAMES, words["names"], strict=True):
        note = '{| skos:editorialNote "x"@en |}'
        lines.append(f'id:{name} a {CLASSES.get(name, "t:Body")} {note} ; schema:name "{label}"@{language} {note} .')
    (folder / "facts" / "names.ttl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    cases = [HEAD] + [
        f"id:{statement} {{| ev:supportedBy s:{sentences.index(sentence) + 1}.1 |}} ."
        for tag, sentence, statement, _ in CASES if tag == language
    ]  # fmt: skip
    (folder / "facts" / "cases.ttl").write_text("\n".join(cases) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("language", WORDS)
def test_sentences(tmp_path: Path, language: str) -> None:
    """Each statement raises just what its sentence gives reason for, at its line."""
    dataset = build_dataset(load_project(project(tmp_path, language)))
    result = check_evidence(dataset, ShapesGraph.of_project(dataset.project))
    assert result.not_asked == ()
    lines = {}
    for finding in (*result.errors, *(flag.finding for flag in result.flags)):
        lines.setdefault(finding.line, set()).add(finding.message.partition(":")[0])
    cases = [case for case in CASES if case[0] == language]
    first = HEAD.count("\n") + 2
    raised = {(sentence, statement): lines.get(first + n, set()) for n, (_, sentence, statement, _) in enumerate(cases)}
    wanted = {(sentence, statement): questions for _, sentence, statement, questions in cases}
    # of a pair with a mistake all that matters is that the question is among those raised
    differing = {
        case: (found, wanted[case])
        for case, found in raised.items()
        if (found != set() if not wanted[case] else not wanted[case] <= found)
    }
    assert differing == {}
