"""A review with open proposals, as a browser opens it."""

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from isoc_kg.project import load_project
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.submission import Submission
from warm_start import WarmStart

from .conftest import Watch
from material import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

CLAIMS: list[dict[str, Any]] = [
    {"unit": "report:2.2", "subject": "id:wexmoor-canal-trust", "property": "c:maintains", "object": "id:copper-basin",
     "quote": "maintains the Long Reach and the Copper Basin"},
    {"unit": "report:2.3", "subject": "id:ida-thornbury", "property": "c:chairs", "object": "id:wexmoor-canal-trust"},
    {"unit": "report:2.4", "subject": "id:wexmoor-canal-trust", "property": "c:owns", "object": "id:marigold"},
    {"unit": "report:3.4", "subject": "id:millgate-lock", "property": "c:liesIn", "support": "implied",
     "object": {"new": {"type": "c:Town", "label": "Millgate"}}, "note": "a note"},
]  # fmt: skip


def canal_with_proposals(folder: Path) -> Path:
    """A project with four proposals."""
    project = Path(shutil.copytree(ROOT / "tests/proposals/canal", folder / "canal"))
    submission = Submission(Judge(load_project(project)), "recorded")
    for claim in CLAIMS:
        assert submission.submit_json(claim).id, submission.arrivals[-1].assessment.refusal
    submission.write()
    return project


@contextmanager
def reviewing(project: Path) -> Iterator[str]:
    """The printed address of a review."""
    command = ["serve", "--review", "--project", str(project), "--port", "0", "--reviewer", "Ann"]
    process = WarmStart.current.process(command, Path.cwd())
    assert process.stderr is not None
    try:
        address = re.search(r"http://\S+", process.stderr.readline())
        assert address
        yield address[0]
    finally:
        process.terminate()
        process.communicate(timeout=30)


@contextmanager
def opened(browser: "Browser", project: Path, **options: Any) -> Iterator["Page"]:
    """The documents of a review; nothing is said on the console, nobody else is asked."""
    with reviewing(project) as address:
        context = browser.new_context(base_url=address.partition("?")[0], **options)
        context.set_default_timeout(15_000)
        watch = Watch(context)
        page = context.new_page()
        page.goto(address)
        assert "token" not in page.url
        yield page
        context.close()
        assert watch.messages == []
        assert watch.foreign(address) == []
