"""The language of a project: what catalogues do not know of it is said in words."""

import re
from pathlib import Path

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.project import load_project


@pytest.mark.parametrize(
    ("tag", "advice"), [("xx", "Write the tag of a language"), ("deu", "Write de."), ("de-AT", "")]
)
def test_a_language_that_is_in_no_list(harbour: Path, tag: str, advice: str) -> None:
    """What the description of the dataset leaves out is a warning, at the line of `kg.toml`, with what to write."""
    settings = harbour / "kg.toml"
    text = re.sub(r'^language = ".*"', f'language = "{tag}"', settings.read_text(), count=1, flags=re.MULTILINE)
    settings.write_text(text)
    findings = [one for one in build_dataset(load_project(harbour)).findings if "“language”" in one.message]
    assert len(findings) == bool(advice)
    for finding in findings:
        assert finding.severity == "warning"
        assert finding.line == text[: text.index("language = ")].count("\n") + 1
        assert advice in (finding.advice or "")
