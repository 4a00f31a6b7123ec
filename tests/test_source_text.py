"""The source document's sentences stand nowhere here: facts, gists and answers are in our own words."""

import html
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from material import DOCUMENT, ROOT, requires_document

#: So many consecutive words of the source are a quotation; proper names are shorter.
RUN = 8
WORD = re.compile(r"[^\W_]+")
#: Plain tags add no word of their own; what stands in attributes is read.
TAG = re.compile(r"</?[A-Za-z]\w*>")
#: Escapes of JSON, Turtle and program text that would glue a letter to the word behind them, or hide one.
ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\[nrtbf]")


def words(text: str) -> list[str]:
    """The words of a text without case, punctuation and markup's escapes."""
    plain = ESCAPE.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", TAG.sub(" ", html.unescape(text)))
    return WORD.findall(plain.casefold())


class Source:
    """The runs of a source, looked up by their hash."""

    def __init__(self, text: str) -> None:
        listed = words(text)
        self.vocabulary = set(listed)
        self.runs = {tuple(listed[start : start + RUN]) for start in range(len(listed) - RUN + 1)}

    def quoted_in(self, text: str) -> Iterator[str]:
        """The source's runs that stand in a text; one pass, and only stretches of the source's words are looked up."""
        listed = words(text)
        known = 0
        for end, word in enumerate(listed, 1):
            known = known + 1 if word in self.vocabulary else 0
            if known >= RUN and (run := tuple(listed[end - RUN : end])) in self.runs:
                yield " ".join(run)


def files() -> list[Path]:
    """Every tracked file and every file that a build wrote."""
    git = shutil.which("git")
    if git is None or not (ROOT / ".git").exists():
        pytest.skip("not a checkout: the tracked files are not known")
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode()
    named = {ROOT / name for name in listed.split("\0") if name}
    return sorted(path for path in named | set((ROOT / "out").rglob("*")) if path.is_file())


@requires_document
def test_no_file_quotes_the_source() -> None:
    """No run of eight words of the source stands in a tracked or a published file."""
    assert DOCUMENT is not None
    source = Source(DOCUMENT.read_text(encoding="utf-8"))
    quoted = {}
    for path in files():
        if found := sorted(set(source.quoted_in(path.read_text(encoding="utf-8", errors="replace")))):
            quoted[path.relative_to(ROOT).as_posix()] = found
    assert quoted == {}


@requires_document
def test_the_scan_would_find_the_source() -> None:
    """The scan finds each run of the document in the document itself, so that its silence means something."""
    assert DOCUMENT is not None
    text = DOCUMENT.read_text(encoding="utf-8")
    source = Source(text)
    assert set(map(tuple, map(str.split, source.quoted_in(text)))) == source.runs
    assert len(source.runs) > 500


SOURCE = "A harbour master keeps the book of ships, and every ship pays him for it."


@pytest.mark.parametrize(
    "planted",
    [
        "x. A HARBOUR-MASTER keeps: the book of SHIPS and",
        "# a harbour master\n# keeps the book\n#   of ships and",
        r'{"text": "ships\na harbour master\tkeeps the book of ships"}',
        r"the book of \u0073hips, and every ship pays",
        "<b>the</b> book of ships &#97;nd every ship pays",
        "the_book_of_ships_and_every_ship_pays",
    ],
)
def test_a_planted_run_is_found(planted: str) -> None:
    """Case, punctuation, line breaks, escapes and markup hide nothing."""
    source = Source(SOURCE)
    assert list(source.quoted_in(planted))


@pytest.mark.parametrize(
    "fine",
    [
        "keeps the book of ships, and every",
        "a harbour master keeps the old book of ships, and every",
        "",
    ],
)
def test_seven_words_may_stand(fine: str) -> None:
    """Shorter runs, as names are, and runs with another word within, are no quotation."""
    assert list(Source(SOURCE).quoted_in(fine)) == []
