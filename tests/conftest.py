"""Fixtures that several rooms of the tests share."""

from pathlib import Path

import pytest

from material import DOCUMENT, ROOT, SUITES


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested for want of material."""
    if not SUITES.is_dir():
        terminalreporter.write_line(
            f"NOT TESTED: no W3C suites at {SUITES}; set ISOC_KG_SUITES to their folder", red=True
        )
    if DOCUMENT is None or not DOCUMENT.is_file():
        terminalreporter.write_line("NOT TESTED: no source document; set ISOC_KG_DOCUMENT to its file", red=True)


@pytest.fixture
def root() -> Path:
    """The root of the repository."""
    return ROOT


@pytest.fixture
def document() -> Path:
    """The source document of the shipped publication; skips when it is not at hand."""
    if DOCUMENT is None or not DOCUMENT.is_file():
        pytest.skip("the source document is not at hand: set ISOC_KG_DOCUMENT to it")
    return DOCUMENT


@pytest.fixture
def suites() -> Path:
    """The folder of the W3C suites; skips when it is not at hand."""
    if not SUITES.is_dir():
        pytest.skip(f"the W3C suites are not at {SUITES}: set ISOC_KG_SUITES to their folder")
    return SUITES
