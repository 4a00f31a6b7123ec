"""A project in English, German, Japanese or Arabic: its settings, ontology, names and cue words."""

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
t:owns a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range t:Body ; skos:hiddenLabel {owns} .
t:rejects a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range t:Body ; skos:hiddenLabel {rejects} .
t:towers a owl:DatatypeProperty ; rdfs:label "{towers}"@{language} .
"""
NAMES = ("verein", "wache", "gilde", "schule", "ida", "ole", "lotsen", "taucher")
CLASSES = {"ida": "schema:Person", "ole": "schema:Person", "lotsen": "t:Group", "taucher": "t:Group"}
WORDS = {
    "en": {
        "names": ("Lamp Society", "Night Watch", "Salt Guild", "Rope School", "Ida Holm", "Ole Berg", "pilots",
                  "divers"),
        "owns": '"owns"@en , "has"@en', "rejects": '"rejects"@en',
        "title": "The Lamp Society", "body": "body", "group": "group", "towers": "number of towers",
        "supports": '"supports"@en', "foundedBy": '"founded by"@en', "tookOver": '"took over"@en',
        "trains": '"trains"@en',
    },
    "de": {
        "names": ("Leuchtverein", "Nachtwache", "Salzgilde", "Seilschule", "Ida Holm", "Ole Berg", "Lotsen", "Taucher"),
        "owns": '"hat"@de , "besitzt"@de', "rejects": '"lehnt"@de',
        "title": "Der Leuchtverein", "body": "Körperschaft", "group": "Gruppe", "towers": "Zahl der Türme",
        "supports": '"unterstützt"@de , "fördert"@de , "unterstützen"@de , "Förderung"@de',
        "foundedBy": '"gegründet von"@de', "tookOver": '"übernahm"@de , "übernommen"@de',
        "trains": '"bildet"@de , "ausgebildet"@de',
    },
    "ja": {
        "names": ("灯台協会", "夜警団", "塩組合", "縄学校", "イダ・ホルム", "オーレ・ベルグ", "水先人", "潜水士"),
        "owns": '"所有"@ja', "rejects": '"拒否"@ja',
        "title": "灯台協会", "body": "団体", "group": "集団", "towers": "塔の数",
        "supports": '"支援"@ja', "foundedBy": '"によって設立"@ja', "tookOver": '"吸収"@ja', "trains": '"育成"@ja',
    },
    "ar": {
        "names": ("جمعية المنارة", "حرس الليل", "نقابة الملح", "مدرسة الحبال", "إيدا هولم", "أولي بيرغ", "المرشدين",
                  "الغواصين"),
        "owns": '"تملك"@ar', "rejects": '"ترفض"@ar',
        "title": "جمعية المنارة", "body": "هيئة", "group": "جماعة", "towers": "عدد الأبراج",
        "supports": '"تدعم"@ar , "دعم"@ar', "foundedBy": '"تأسست على يد"@ar , "أسست على يد"@ar',
        "tookOver": '"ضمت"@ar', "trains": '"تدرب"@ar',
    },
}  # fmt: skip
