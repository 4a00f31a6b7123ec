"""Nothing that nobody accepted reaches facts, output or site, by whichever door it came."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.errors import ProjectError
from isoc_kg.project import Project, load_project
from isoc_kg.proposals.acceptance import Review
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.policy import apply_policy, read_policy
from isoc_kg.proposals.queue import ProposalQueue, undecided
from isoc_kg.proposals.submission import Submission
from isoc_kg.publication.build import build_publication
from isoc_kg.site import publish_project
from proposed import CANAL, RECORDED, files_of, recorded

Cli = Callable[..., Any]


def json_lines(claims: list[dict[str, Any]]) -> str:
    """The claims as a program writes them."""
    return "".join(json.dumps(claim) + "\n" for claim in claims)


def by_json(canal: Project, cli: Cli) -> None:
    """`isoc-kg propose` with JSON Lines, right and wrong ones."""
    file = canal.root.parent / "claims.jsonl"
    file.write_text(json_lines([entry["claim"] for entry in RECORDED]) + "no json\n", encoding="utf-8")
    cli("propose", file, "--project", canal.root, "--by", "Bo", code=1)


def by_turtle(canal: Project, cli: Cli) -> None:
    """`isoc-kg propose` with a patch that asserts what it proposes."""
    file = canal.root.parent / "patch.ttl"
    file.write_text("id:averham-boat-yard c:owns id:heron {| ev:supportedBy s:4.4 |} .", encoding="utf-8")
    cli("propose", file, "--project", canal.root)


def by_command(canal: Project, cli: Cli) -> None:
    """`isoc-kg suggest` with a program that writes facts, too: into its own output, where it is data."""
    script = canal.root.parent / "program.py"
    claims = json_lines(recorded("true") + recorded("hostile label"))
    script.write_text(f"import sys\nsys.stdin.read()\nprint({claims!r})\n", encoding="utf-8")
    cli("suggest", "--with", f"{sys.executable} {script}", "--limit", "40", "--project", canal.root)


def by_baseline(canal: Project, cli: Cli) -> None:
    """`isoc-kg suggest` with the proposer that is built in."""
    cli("suggest", "--with", "baseline", "--limit", "40", "--project", canal.root)


def by_python(canal: Project, _: Cli) -> None:
    """The function below all of them, which assistants' tools call, too."""
    submission = Submission(Judge(canal), "mcp")
    for claim in recorded("true"):
        submission.submit_json(claim)
    submission.write()


DOORS = (by_json, by_turtle, by_command, by_baseline, by_python)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the project's output and its site."""
    folder = tmp_path_factory.mktemp("published")
    project = load_project(shutil.copytree(CANAL, folder / "canal"))
    build_publication(project, folder / "out")
    publish_project(project, folder / "site")
    return folder


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_door_leads_to_the_queue_alone(
    canal: Project, cli: Cli, door: Callable[[Project, Cli], None], published: Path, tmp_path: Path
) -> None:
    """Facts, output and site have the very bytes that they had before; the queue has something."""
    shutil.copytree(published / "out", canal.folder("out"), dirs_exist_ok=True)
    shutil.copytree(published / "site", tmp_path / "site")
    kept = files_of(canal.root, "facts", "ontology", "shapes", "documents", "out", "kg.toml")
    site = files_of(tmp_path, "site")
    lines = build_dataset(canal).lines
    door(canal, cli)
    assert undecided(canal)
    assert not canal.decisions_folder.exists()
    assert files_of(canal.root, "facts", "ontology", "shapes", "documents", "out", "kg.toml") == kept
    build_publication(canal)
    publish_project(canal, tmp_path / "site")
    assert build_dataset(canal).lines == lines
    assert files_of(canal.root, "out") == {name: data for name, data in kept.items() if name.startswith("out")}
    assert files_of(tmp_path, "site") == site


def test_refusing_publishes_nothing(canal: Project, queued: Callable[..., Judge]) -> None:
    """Refusals, undone refusals and trial runs of a policy leave the publication as it was."""
    before = build_dataset(canal).lines
    review = Review(canal, "Ann", queued())
    for proposal in review.open()[:5]:
        review.refuse(proposal, "no")
    review.undo()
    file = canal.root.parent / "p.toml"
    file.write_text('[[accept]]\nsources = ["recorded"]\nproperties = ["c:chairs", "c:owns"]\n', encoding="utf-8")
    assert apply_policy(review, read_policy(canal, file), dry_run=True) == []
    assert build_dataset(canal).lines == before


def test_evaluation_and_menus_write_nothing(canal: Project, cli: Cli) -> None:
    """Not even the queue."""
    before = files_of(canal.root, ".")
    cli("suggest", "--project", canal.root)
    cli("suggest", "--project", canal.root, "--json", "--unit", "report:2.2")
    cli("suggest", "--project", canal.root, "--evaluate", "--hold-out", "report:2", "--with", "baseline")
    assert files_of(canal.root, ".") == before


@pytest.mark.parametrize(
    "settings",
    ['[folders]\nfacts = "proposals"\n', '[folders]\nontology = "proposals/x"\n', '[folders]\nout = "proposals"\n',
     '[imports]\n"https://e.example/" = "proposals/a.ttl"\n'],
)  # fmt: skip
def test_no_setting_makes_facts_of_proposals(canal: Project, settings: str) -> None:
    """The folder of proposals is none of the folders that a publication is made from."""
    file = canal.root / "kg.toml"
    file.write_text(file.read_text(encoding="utf-8") + settings, encoding="utf-8")
    with pytest.raises(ProjectError, match="in the folder of proposals"):
        load_project(canal.root)


def test_a_hundred_thousand_lines(canal: Project) -> None:
    """A flood of one program's claims is judged or refused, and memory and queue stay bounded."""
    judge = Judge(canal)
    submission = Submission(judge, "flood")
    claim = recorded("true")[0]
    for number in range(100_000):
        submission.submit_json(
            {**claim, "note": str(number)} if number % 2 else {**claim, "unit": f"report:{number}.1"}
        )
    submission.write()
    assert len(ProposalQueue(canal).read()[0]) == 1


@pytest.mark.parametrize("arguments", [("propose", "-"), ("suggest", "--with", "baseline"), ("mcp", "--propose")])
def test_nobody_proposes_to_the_shipped_publication_by_accident(cli: Cli, arguments: tuple[str, ...]) -> None:
    """Where there is no project, one has to be named: an installed package is no place to write."""
    done = cli(*arguments, code=2)
    assert "--project DIR" in done.stderr
