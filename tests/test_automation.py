"""The files at the top that machines and contributors follow: they name what there is, and agree with one another."""

import re
import subprocess

import pytest

from isoc_kg import __version__

from material import ROOT

yaml = pytest.importorskip("yaml")
CI = ROOT / ".ci" / "run"  # not part of the source distribution


def test_the_workflow_calls_what_runs_everywhere() -> None:
    """One job, whose one command for linters and tests is `.ci/run`; it may read the repository and no more."""
    workflow = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    (job,) = workflow["jobs"].values()
    commands = [step["run"] for step in job["steps"] if "run" in step]
    assert commands[-1] == ".ci/run"
    assert not [command for command in commands if re.search("pytest|ruff|mypy|pip ", command)]


@pytest.mark.skipif(not CI.is_file(), reason="a source distribution has no automation of its own")
def test_what_runs_everywhere() -> None:
    """The linters, then all tests; it can be executed, and its syntax is right."""
    lines = CI.read_text(encoding="utf-8").splitlines()
    assert lines[-4:] == ["ruff check .", "ruff format --check --quiet .", "mypy", "pytest"]
    assert CI.stat().st_mode & 0o100
    subprocess.run(["bash", "-n", CI], check=True)


def test_hooks_before_a_commit() -> None:
    """The linters of `.ci/run`, as they are installed: nothing is fetched from anywhere."""
    (repository,) = yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8"))["repos"]
    assert repository["repo"] == "local"
    entries = [hook["entry"] for hook in repository["hooks"]]
    assert [" ".join(entry.split()[:2]) for entry in entries] == ["ruff check", "ruff format", "mypy"]
    assert {hook["language"] for hook in repository["hooks"]} == {"system"}


def test_security() -> None:
    """The version that is fixed is this one, and every link to a description of limits leads to a heading."""
    text = (ROOT / "SECURITY.md").read_text(encoding="utf-8")
    assert f"| {'.'.join(__version__.split('.')[:2])} | yes |" in text
    links = re.findall(r"\]\(([^)#]+)(?:#([^)]+))?\)", text)
    assert len(links) > 5
    for path, anchor in links:
        page = (ROOT / path).read_text(encoding="utf-8")
        headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
        slugs = {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}
        assert not anchor or anchor in slugs, (path, anchor)


@pytest.mark.parametrize("page", ["CONTRIBUTING.md"])
def test_what_pages_name_exists(page: str) -> None:
    """Files and folders of the repository that stand as code."""
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"`((?:tests|src|docs|web|facts|queries|benchmarks|\.ci|\.github)/[\w./-]*)`", text)
    examples = {"tests/X", "src/isoc_kg/X", "tests/test_X.py", "src/isoc_kg/X.py"}
    own = {".ci/run"} if not CI.is_file() else set()
    assert named
    assert [name for name in named if name not in examples | own and not (ROOT / name).exists()] == []
