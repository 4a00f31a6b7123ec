"""Projects with mistakes at random: the gate reports them, or refuses the project with a message; it never crashes."""

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.errors import IsocKgError
from isoc_kg.project import load_project
from isoc_kg.publication.gate import check_dataset
from isoc_kg.validation import ShapesGraph

from material import ROOT

PROJECTS = ROOT / "tests" / "projects"
FILES = {
    "lamp": ["kg.toml", "facts/lamp.ttl", "ontology/lamp.ttl", "shapes/lamp-shapes.ttl", "documents/ja.txt",
             "documents/de.txt", "facts/units/ja/1.jsonl", "facts/units/en/1.jsonl"],
    "lighthouse": ["kg.toml", "facts/light.ttl", "ontology/light.ttl", "shapes/light-shapes.ttl",
                   "documents/logbook.txt", "facts/units/logbook/1.jsonl"],
}  # fmt: skip
#: What authors write by mistake, and what they write right in the wrong place.
PIECES = st.one_of(
    st.sampled_from(
        ["", ".", ";", ",", '"', "{|", "|}", "<", ">", "\\", "\x00", "\ufeff", "\r\n", "\n\n", "[", "]", "#", "@en",
         "ev:supportedBy", "ev:impliedBy", "ev:contradictedBy", "ev:answer", "ev:retracted", "ev:preferred",
         "schema:validFrom", "skos:broader", "owl:sameAs", "rdfs:subPropertyOf", "rdf:type", "a", "id:lamp-society",
         "en:2.1", "en:0.0", '"1904"^^xsd:gYear', '"-1"^^xsd:date', '"9999999999"^^xsd:gYear', "sh:path", "sh:minCount",
         "_:b", "<<( id:a id:b id:c )>>", 'date = "1900"', "edition = 2", 'language = "xx"', "unknown = []",
         "[[document]]", "1754", "nicht", "ない", "لا", "\u202e", "\U0001f600", "null", "{}", "-1", "1e999"]
    ),
    st.text(max_size=8),
)  # fmt: skip
EDIT = st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(0, 40), PIECES)


def edited(text: str, where: float, length: int, piece: str) -> str:
    """A text with a piece in place of some of its characters."""
    at = int(where * len(text))
    return text[:at] + piece + text[at + length :]


@given(st.sampled_from(sorted(FILES)), st.lists(EDIT, min_size=1, max_size=4))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_the_gate_never_crashes(name: str, edits: list[tuple[float, float, int, str]]) -> None:
    """Whatever is put anywhere into a project's files, there is a gate with findings that print, or a message."""
    with tempfile.TemporaryDirectory() as folder:
        project = Path(shutil.copytree(PROJECTS / name, Path(folder) / name))
        for which, where, length, piece in edits:
            file = project / FILES[name][min(int(which * len(FILES[name])), len(FILES[name]) - 1)]
            text = file.read_bytes().decode("utf-8")
            file.write_bytes(edited(text, where, length, piece).encode("utf-8", "replace"))
        try:
            settings_ = load_project(project)
            shapes = ShapesGraph.of_project(settings_)
            gate = check_dataset(build_dataset(settings_, shapes), shapes, "compiled")
        except IsocKgError as error:
            assert str(error).strip()
            return
        assert all(text.strip() for text in gate.warnings())
        assert gate.evidence.summary
        assert isinstance(gate.passed, bool)
