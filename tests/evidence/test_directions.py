"""Who does what to whom, in the active and the passive: whichever way the cue words are authored, in four languages."""

from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.documents.index import index_document
from isoc_kg.evidence.check import check_evidence
from isoc_kg.project import load_project
from isoc_kg.validation import ShapesGraph
from language_projects import HEAD, TOML

#: Active properties have the agent as their subject, the inverse ones as their object.
ONTOLOGY = """t:Body a owl:Class ; rdfs:label "body"@en .
t:supports a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range t:Body ; skos:hiddenLabel {supports} .
t:supportedBy a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range t:Body ; skos:hiddenLabel {supportedBy} .
t:foundedBy a owl:ObjectProperty ; rdfs:domain t:Body ; rdfs:range t:Body ; skos:hiddenLabel {foundedBy} .
"""
CUES = {
    "en": ('"supports"@en , "supported"@en', '"supported by"@en', '"founded by"@en'),
    "de": ('"unterstützt"@de , "unterstützte"@de', '"unterstützt von"@de', '"gegründet von"@de'),
    "ja": ('"支援"@ja', '"によって支援"@ja', '"によって設立"@ja'),
    "ar": ('"تدعم"@ar , "دعم"@ar , "مدعومة"@ar', '"مدعومة من قبل"@ar', '"تأسست على يد"@ar , "أسست على يد"@ar'),
}
NAMES = {
    "en": ("Tarn Guild", "Fell Trust"),
    "de": ("Tarngilde", "Fellstiftung"),
    "ja": ("丘組合", "谷財団"),
    "ar": ("نقابة التل", "مؤسسة الوادي"),
}
#: Language, sentence in which the Tarn Guild is the agent and the Fell Trust the patient, and the verb.
SENTENCES = [
    ("en", "The Tarn Guild supports the Fell Trust.", "support"),
    ("en", "The Fell Trust is supported by the Tarn Guild.", "support"),
    ("en", "The Fell Trust, supported by the Tarn Guild, keeps boats.", "support"),
    ("en", "Supported by the Tarn Guild, the Fell Trust keeps boats.", "support"),
    ("en", "The Fell Trust, which is supported by the Tarn Guild, keeps boats.", "support"),
    ("en", "The Fell Trust has been generously supported since 1990 by the Tarn Guild.", "support"),
    ("en", "The Tarn Guild, which supports the Fell Trust, keeps boats.", "support"),
    ("en", "The Tarn Guild supported the Fell Trust by lending boats.", "support"),
    ("en", "Since 1990 the Tarn Guild supports the Fell Trust.", "support"),
    ("en", "The Fell Trust was founded by the Tarn Guild.", "found"),
    ("en", "The Fell Trust was founded in 1890 by the Tarn Guild.", "found"),
    ("en", "The Fell Trust, founded by the Tarn Guild, keeps boats.", "found"),
    ("en", "Founded by the Tarn Guild, the Fell Trust keeps boats.", "found"),
    ("en", "The Fell Trust, founded in 1890 by the Tarn Guild, keeps boats.", "found"),
    ("en", "The Tarn Guild founded the Fell Trust.", "found"),
    ("en", "In 1890 the Tarn Guild founded the Fell Trust.", "found"),
    ("de", "Die Tarngilde unterstützt die Fellstiftung.", "support"),
    ("de", "Die Fellstiftung wird von der Tarngilde unterstützt.", "support"),
    ("de", "Die von der Tarngilde unterstützte Fellstiftung hat Boote.", "support"),
    ("de", "Die Fellstiftung, unterstützt von der Tarngilde, hat Boote.", "support"),
    ("de", "Von der Tarngilde wird die Fellstiftung unterstützt.", "support"),
    ("de", "Die Fellstiftung wurde 1890 von der Tarngilde gegründet.", "found"),
    ("de", "Die Fellstiftung, 1890 von der Tarngilde gegründet, hat Boote.", "found"),
    ("de", "Gegründet von der Tarngilde, hat die Fellstiftung Boote.", "found"),
    ("de", "Die Tarngilde gründete die Fellstiftung.", "found"),
    ("de", "Die Tarngilde hat die Fellstiftung gegründet.", "found"),
    ("de", "Die Fellstiftung, seit 1990 unterstützt von der Tarngilde, hat Boote.", "support"),
    ("de", "Unterstützt von der Tarngilde, hat die Fellstiftung Boote.", "support"),
    ("de", "Die Tarngilde unterstützt von Anfang an die Fellstiftung.", "support"),
    ("de", "Die Fellstiftung, die von der Tarngilde unterstützt wird, hat Boote.", "support"),
    ("en", "It was the Tarn Guild that founded the Fell Trust.", "found"),
    ("en", "The Fell Trust, a body supported by the Tarn Guild, keeps boats.", "support"),
    ("en", "The Fell Trust, founded in 1890 and supported by the Tarn Guild, keeps boats.", "support"),
    ("en", "By 1990 the Tarn Guild supported the Fell Trust.", "support"),
    ("en", "The Fell Trust had been founded as a school by the Tarn Guild.", "found"),
    ("ja", "谷財団を設立したのは丘組合である。", "found"),
    ("ja", "丘組合は谷財団を支援する。", "support"),
    ("ja", "谷財団は丘組合によって支援される。", "support"),
    ("ja", "丘組合によって支援される谷財団は船を持つ。", "support"),
    ("ja", "谷財団は丘組合に支援されている。", "support"),
    ("ja", "谷財団は丘組合によって設立された。", "found"),
    ("ja", "谷財団は1890年に丘組合によって設立された。", "found"),
    ("ja", "丘組合が谷財団を設立した。", "found"),
    ("ja", "丘組合によって設立された谷財団は船を持つ。", "found"),
    ("ar", "تدعم نقابة التل مؤسسة الوادي.", "support"),
    ("ar", "مؤسسة الوادي مدعومة من قبل نقابة التل.", "support"),
    ("ar", "نقابة التل تدعم مؤسسة الوادي.", "support"),
    ("ar", "تأسست مؤسسة الوادي على يد نقابة التل.", "found"),
    ("ar", "أسست مؤسسة الوادي على يد نقابة التل عام 1890.", "found"),
]
STATEMENTS = {
    "support": (
        ("tarn t:supports id:fell", True), ("fell t:supports id:tarn", False),
        ("fell t:supportedBy id:tarn", True), ("tarn t:supportedBy id:fell", False),
    ),
    "found": (("fell t:foundedBy id:tarn", True), ("tarn t:foundedBy id:fell", False)),
}  # fmt: skip


def flags_of(folder: Path, language: str, cases: list[tuple[str, str]]) -> list[set[str]]:
    """The flags of each statement on its sentence."""
    for name in ("facts", "ontology"):
        (folder / name).mkdir()
    texts = list(dict.fromkeys(text for text, _ in cases))
    (folder / "d.txt").write_text("\n\n".join(texts) + "\n", encoding="utf-8")
    toml = TOML.format(language=language, title="Tarn").replace('"verein"', '"boats"')
    (folder / "kg.toml").write_text(toml, encoding="utf-8")
    cues = dict(zip(("supports", "supportedBy", "foundedBy"), CUES[language], strict=True))
    (folder / "ontology" / "t.ttl").write_text(HEAD + ONTOLOGY.format(**cues), encoding="utf-8")
    index = folder / "facts" / "units" / "d" / "1.jsonl"
    index_document(folder / "d.txt", index, slug="d", edition="1", language=language)
    note = '{| skos:editorialNote "x"@en |}'
    lines = [HEAD]
    for name, label in zip(("tarn", "fell", "boats"), (*NAMES[language], "zzz"), strict=True):
        lines.append(f'id:{name} a t:Body {note} ; schema:name "{label}"@{language} {note} .')
    first = len("\n".join(lines).splitlines())
    lines += [f"id:{statement} {{| ev:supportedBy s:{texts.index(text) + 1}.1 |}} ." for text, statement in cases]
    (folder / "facts" / "cases.ttl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    dataset = build_dataset(load_project(folder))
    result = check_evidence(dataset, ShapesGraph.of_project(dataset.project))
    flags: dict[int, set[str]] = {}
    for claim in dataset.claims.values():
        for _, unit, (_, line) in claim.units():
            if line > first:
                flags[line] = {flag.question for flag in result.flags if (flag.claim, flag.unit) == (claim.iri, unit)}
    return [found for _, found in sorted(flags.items())]


@pytest.mark.parametrize("language", CUES)
def test_directions(tmp_path: Path, language: str) -> None:
    """A statement that the sentence makes is not flagged for its direction; the one turned round always is flagged."""
    cases = [
        (text, statement, right)
        for own, text, verb in SENTENCES
        if own == language
        for statement, right in STATEMENTS[verb]
    ]
    flags = flags_of(tmp_path, language, [(text, statement) for text, statement, _ in cases])
    turned = {"direction", "actor", "nearest"}
    pairs = list(zip(cases, flags, strict=True))
    assert [(case, found) for case, found in pairs if case[2] and found & turned] == []
    assert [case for case, found in pairs if not case[2] and not found] == []
