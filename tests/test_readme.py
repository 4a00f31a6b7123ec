"""README does what it says: its commands print what it shows, its facts are accepted, its files are there."""

import os
import re
import shutil
from pathlib import Path

from review.keyboard import terminal
from transcripts import matches, run, transcripts

from material import ROOT

README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_transcripts(tmp_path: Path) -> None:
    """All that README shows at a terminal, in its order, from the PDF of the harbour trust's report to a site."""
    shutil.copy(ROOT / "examples/harbour-trust/documents/report-2.pdf", tmp_path / "report.pdf")
    facts = re.search(r"^```turtle\n(id:harbour-trust .*?)^```", README, re.MULTILINE | re.DOTALL)
    assert facts
    (tmp_path / "facts.ttl").write_text(facts[1], encoding="utf-8")
    folder = tmp_path
    for step in (step for transcript in transcripts(README) for step in transcript):
        if step.command.startswith("cd "):
            folder /= step.command[3:]
            continue
        printed = review(folder) if step.command == "isoc-kg review" else run(step.command, folder)
        assert matches(step.printed, printed), f"$ {step.command}\n{printed}"
    assert (tmp_path / "site/id/harbour-trust.html").is_file()


def review(folder: Path) -> str:
    """What is left on the terminal by a review in which the one proposal is accepted."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        with terminal("review", "--reviewer", "Ann") as screen:
            screen.shows("a accept")
            screen.type("a")
            screen.shows("No proposal is left")
            screen.type("q")
            assert screen.end() == 0
            return re.findall(r"\d+ accepted, \d+ refused, \d+ proposals? left", screen.sent)[-1]
    finally:
        os.chdir(before)


def test_set_up() -> None:
    """The two set-up commands stand alone on their lines."""
    lines = README.splitlines()
    assert "pip install . && isoc-kg build" in lines
    assert "pip install -e '.[test]' && pytest" in lines
