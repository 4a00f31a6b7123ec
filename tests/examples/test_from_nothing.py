"""From an empty folder to a site: the commands of the guide, with the documents of the example."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from isoc_kg.project import load_project
from isoc_kg.proposals.acceptance import Review
from isoc_kg.proposals.decisions import DecisionLog

from material import ROOT

EXAMPLE = ROOT / "examples" / "harbour-trust"
#: So many proposals are accepted, a few of which only name a thing.
ENOUGH = 66
Cli = Callable[..., Any]
#: Document, its slug, language and date.
DOCUMENTS = (
    ("about-1.html", "about", "en", "2024-06"),
    ("minutes-1.txt", "minutes", "de", "2025-02-25"),
    ("report-1.pdf", "report", "en", "2025-02-10"),
)


def begun(cli: Cli, folder: Path) -> Path:
    """A new project with three documents, the ontology and the shapes of the example, and no fact."""
    cli(
        *("init", folder, "--title", "Harbour trust", "--base", "https://example.org/harbour-trust/"),
        *("--creator", "Ada", "--licence", "https://creativecommons.org/publicdomain/zero/1.0/"),
    )
    for name, slug, language, date in DOCUMENTS:
        cli(
            *("document", "add", EXAMPLE / "documents" / name, "--slug", slug, "--language", language, "--date", date),
            *("--publish-text", "--about", "selmersund-harbour-trust", "--project", folder),
        )
    for part in ("ontology/harbour-trust.ttl", "shapes/harbour-trust-shapes.ttl"):
        (folder / part).write_bytes((EXAMPLE / part).read_bytes())
    words = re.search(r"(?ms)^\[words\].*?\n\n", (EXAMPLE / "kg.toml").read_text(encoding="utf-8"))
    assert words
    settings = (folder / "kg.toml").read_text(encoding="utf-8")
    (folder / "kg.toml").write_text(settings.replace("[[document]]", f"{words[0]}[[document]]", 1), encoding="utf-8")
    return folder


def patch() -> str:
    """The example's facts as somebody would propose them: on first editions, without what editors add."""
    text = (EXAMPLE / "facts" / "accepted.ttl").read_text(encoding="utf-8").replace("report/2#", "report/1#")
    text = re.sub(r' ; ev:answer "[^"]*"@en', "", text)
    left_out = ("ev:retracted", "ev:contradictedBy", "ev:preferred", "report-1:", "schema:validFrom")
    return "".join(line for line in text.splitlines(keepends=True) if not any(each in line for each in left_out))


def test_from_an_empty_folder_to_a_site(cli: Cli, tmp_path: Path) -> None:
    """Fifty facts and more are accepted, each by a decision, and the pages have their sentences."""
    folder = begun(cli, tmp_path / "trust")
    (tmp_path / "facts.ttl").write_text(patch(), encoding="utf-8")
    cli("propose", "--project", folder, tmp_path / "facts.ttl", code=None)
    review = Review(load_project(folder), "Ada Reviewer")
    clear = [proposal for proposal in review.open() if not review.assess(proposal).flags]
    for proposal in clear[:ENOUGH]:
        review.accept(proposal)
    decisions, _ = DecisionLog(load_project(folder)).read()
    accepted = [one for one in decisions if one.kind == "accept"]
    assert len(accepted) == ENOUGH
    built = cli("build", "--project", folder).stdout
    statements, said = re.search(r"facts +(\d+) statements about \d+ things \((\d+) from sentences", built).groups()
    assert int(statements) >= len(accepted)
    assert int(said) >= 50
    cli("publish", "--project", folder, "-o", tmp_path / "site")
    page = (tmp_path / "site" / "id" / "tar-house.html").read_text(encoding="utf-8")
    assert "Tar House" in page
    print(len(accepted), statements, said)
