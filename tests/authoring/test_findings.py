"""What is wrong with facts is looked for when somebody asks, once."""

from pathlib import Path

import pytest

from isoc_kg.authoring import dataset
from isoc_kg.project import load_project


def test_checks_wait_until_somebody_asks(harbour: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads the dataset for its data does without them; an error of reading is there at once."""
    asked = []
    for name in ("check_claims", "check_terms", "check_ends", "check_consistency", "lint_literals"):
        monkeypatch.setattr(dataset, name, lambda *_, name=name: asked.append(name) or ())
    found = dataset.build_dataset(load_project(harbour))
    assert found.lines
    assert asked == []
    assert found.findings == found.findings
    assert asked == ["check_claims", "check_terms", "check_ends", "check_consistency", "lint_literals"]
