"""The subject is named in the unit, or in what the unit goes on from: items of one list are none of each other's."""

from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.documents.index import index_document
from isoc_kg.evidence.check import check_evidence
from isoc_kg.project import load_project
from isoc_kg.validation import ShapesGraph
from language_projects import CLASSES, HEAD, NAMES, ONTOLOGY, TOML, WORDS

SUBJECT = "id:verein t:supports id:wache"
#: Language, text, unit, and whether the society, in this sentence, is asked for.
CASES = [
    # items do not speak of what another item names
    ("en", "- The Lamp Society has a boat.\n- The Salt Guild supports the Night Watch.", "1.2", True),
    ("en", "- The Lamp Society has a boat.\n- It supports the Night Watch.", "1.2", True),
    ("en", "The Lamp Society has tasks:\n- It supports the Night Watch.\n- It rests.", "1.2", False),
    ("en", "The Lamp Society has tasks:\n\n- rests.\n- supports the Night Watch.", "2.2", False),
    # the one before the list rules it, others only where the item refers back
    ("en", "The Lamp Society is old. The Salt Guild has tasks:\n- supports the Night Watch.", "1.3", True),
    ("en", "The Lamp Society is old. It has tasks:\n- It supports the Night Watch.", "1.3", False),
    # a further sentence of an item goes on from it, and from no other; the next item from neither
    ("en", "- The Lamp Society is old. It supports the Night Watch.\n- The Salt Guild rests.", "1.2", False),
    ("en", "- The Lamp Society is old.\n- The Salt Guild rests. It supports the Night Watch.", "1.3", True),
    ("en", "- The Salt Guild rests. The Lamp Society is old.\n- It supports the Night Watch.", "1.3", True),
    # a sentence refers back, or does not
    ("en", "The Lamp Society is old. It supports the Night Watch.", "1.2", False),
    ("en", "The Lamp Society is old. The society supports the Night Watch.", "1.2", False),
    ("en", "The Lamp Society is old. The Salt Guild supports the Night Watch.", "1.2", True),
    ("en", "It supports the Night Watch. The Lamp Society is old.", "1.1", True),
    ("en", "The Lamp Society is old.\n\nIt supports the Night Watch.", "2.1", True),
    ("de", "- Der Leuchtverein hat ein Boot.\n- Die Salzgilde unterstützt die Nachtwache.", "1.2", True),
    ("de", "Der Leuchtverein ist alt. Er unterstützt die Nachtwache.", "1.2", False),
    ("de", "Der Leuchtverein ist alt. Der Verein unterstützt die Nachtwache.", "1.2", False),
    ("de", "Der Leuchtverein ist alt. Die Salzgilde unterstützt die Nachtwache.", "1.2", True),
    ("ja", "- 灯台協会は古い。\n- 塩組合は夜警団を支援する。", "1.2", True),
    ("ja", "灯台協会は古い。夜警団を支援する。", "1.2", False),
    ("ja", "灯台協会は古い。同協会は夜警団を支援する。", "1.2", False),
    ("ja", "灯台協会は古い。塩組合は夜警団を支援する。", "1.2", True),
    ("ar", "- جمعية المنارة قديمة.\n- نقابة الملح تدعم حرس الليل.", "1.2", True),
    ("ar", "جمعية المنارة قديمة. وهي تدعم حرس الليل.", "1.2", False),
    ("ar", "جمعية المنارة قديمة. تدعم حرس الليل.", "1.2", False),
    ("ar", "جمعية المنارة قديمة. تدعم نقابة الملح حرس الليل.", "1.2", True),
    ("ar", "جمعية المنارة قديمة. إن نقابة الملح تدعم حرس الليل.", "1.2", True),
]


@pytest.mark.parametrize(("language", "text", "unit", "asked"), CASES)
def test_what_a_unit_goes_on_from(tmp_path: Path, language: str, text: str, unit: str, asked: bool) -> None:
    """A lead-in rules its list; a pronoun or a definite noun leads back to what stands before in the paragraph."""
    words = WORDS[language]
    for name in ("facts", "ontology"):
        (tmp_path / name).mkdir()
    (tmp_path / "d.txt").write_text(text + "\n", encoding="utf-8")
    toml = TOML.format(language=language, **words).replace('"verein"', '"gilde"')
    (tmp_path / "kg.toml").write_text(toml, encoding="utf-8")
    (tmp_path / "ontology" / "t.ttl").write_text(HEAD + ONTOLOGY.format(language=language, **words), encoding="utf-8")
    index = tmp_path / "facts" / "units" / "d" / "1.jsonl"
    index_document(tmp_path / "d.txt", index, slug="d", edition="1", language=language)
    note = '{| skos:editorialNote "x"@en |}'
    facts = [
        f'id:{name} a {CLASSES.get(name, "t:Body")} {note} ; schema:name "{label}"@{language} {note} .'
        for name, label in zip(NAMES, words["names"], strict=True)
    ]
    facts.append(f"{SUBJECT} {{| ev:supportedBy s:{unit} |}} .")
    (tmp_path / "facts" / "f.ttl").write_text("\n".join((HEAD, *facts)) + "\n", encoding="utf-8")
    dataset = build_dataset(load_project(tmp_path))
    result = check_evidence(dataset, ShapesGraph.of_project(dataset.project))
    assert result.errors == ()
    assert ("subject" in {flag.question for flag in result.flags}) == asked
