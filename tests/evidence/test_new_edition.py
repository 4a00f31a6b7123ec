"""A later edition that comes as a file in another format: evidence follows the units that kept their words."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from intake_files import docx, paragraph
from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.evidence.held import held_units
from isoc_kg.project import load_project

if TYPE_CHECKING:
    import subprocess

Cli = Callable[..., "subprocess.CompletedProcess[str]"]


def test_evidence_follows_kept_units(cli: Cli, tmp_path: Path) -> None:
    """From a plain text to a Word document, one sentence changed, one added before; the rest is held."""
    kg = tmp_path / "kg"
    cli("init", kg, "--example", "bakery")
    text = (kg / "documents/about.txt").read_text(encoding="utf-8")
    before = build_dataset(load_project(kg))
    (old,) = before.editions
    units = [unit.text(text) for unit in old.index.units.values()]
    resting = {iri.partition("#")[2] for claim in before.claims.values() for _, iri, _ in claim.units()}
    changed = max(resting)
    words = dict(zip(old.index.units, units, strict=True))
    words[changed] = words[changed].replace(" the ", " some ", 1) + " So it is said."
    content = docx(paragraph("A new beginning.") + "".join(paragraph(part) for part in words.values()))
    (tmp_path / "about.docx").write_bytes(content)
    done = cli("document", "add", tmp_path / "about.docx", "--slug", "about", "--edition", "2", cwd=kg)
    assert "unchanged, evidence moved" in done.stdout
    after = build_dataset(load_project(kg))
    assert [edition.document.edition for edition in after.editions] == ["1", "2"]
    assert {unit.number for unit in held_units(after)} <= {changed}
    moved = {iri for claim in after.claims.values() for _, iri, _ in claim.units()}
    assert any("/about/2#" in iri for iri in moved)
    assert len(after.claims) == len(before.claims)
    cli("build", cwd=kg)
