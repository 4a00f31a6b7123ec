"""Where material lies that tests read and that is not part of this repository."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
_SHIPPED = [line for line in (ROOT / "out/isoc-kg.nq").read_bytes().splitlines() if b"/graph/facts>" in line]
#: Statements of the shipped publication, and things that they are about, as its file of them has them.
FACTS = len(_SHIPPED)
THINGS = len({line.partition(b" ")[0] for line in _SHIPPED})
#: The W3C test suites.
SUITES = Path(os.environ.get("ISOC_KG_SUITES", ROOT.parent / "shared" / "suites"))
_NAMED = os.environ.get("ISOC_KG_DOCUMENT")
_FOUND = sorted((ROOT.parent / "shared" / "documents").glob("*.txt"))
#: The text that the shipped publication rests on.
DOCUMENT = Path(_NAMED) if _NAMED else (_FOUND[0] if _FOUND else None)

requires_suites = pytest.mark.skipif(
    not SUITES.is_dir(), reason=f"the W3C suites are not at {SUITES}: set ISOC_KG_SUITES to their folder"
)
requires_document = pytest.mark.skipif(
    DOCUMENT is None or not DOCUMENT.is_file(), reason="the source document is not at hand: set ISOC_KG_DOCUMENT to it"
)
