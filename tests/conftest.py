"""Fixtures that several rooms of the tests share."""

import os
import shutil
import signal
import ssl
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from httpx._transports import default

from compiled_templates import remembering
from intake_files import PROGRAMS
from isoc_kg.limits.processes import run_script
from isoc_kg.publication import build
from long_first import long_first
from warm_start import WARM, WarmStart, none_waiting

from material import DOCUMENT, ROOT, SUITES


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Run the whole suite, or whole folders of it, on all processors; tests chosen by name start without workers."""
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        # Below nohup: a handler keeps the tests from hanging up, too, but is not handed down to what they start.
        signal.signal(signal.SIGHUP, lambda _number, _frame: None)
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        # In the background of a script: what the tests start would not hear Ctrl-C either.
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if hasattr(config, "workerinput"):  # a worker starts no workers
        return
    option = config.option
    chosen = option.keyword or option.markexpr or any(".py" in argument for argument in config.args)
    if not chosen and getattr(option, "numprocesses", 0) is None and not option.usepdb and not option.collectonly:
        # one more than processors: many tests wait for a process, a store or a moment
        option.numprocesses = (os.cpu_count() or 1) + 1


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What takes long comes first in the share of each worker."""
    if hasattr(config, "workerinput"):
        own = [(item.nodeid.partition("::")[0], item) for item in items]
        items[:] = long_first(own, config.workerinput["workercount"])


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List in red the tests that were skipped for missing data."""
    if not SUITES.is_dir():
        terminalreporter.write_line(
            f"NOT TESTED: no W3C suites at {SUITES}; set ISOC_KG_SUITES to their folder", red=True
        )
    if DOCUMENT is None or not DOCUMENT.is_file():
        terminalreporter.write_line("NOT TESTED: no source document; set ISOC_KG_DOCUMENT to its file", red=True)
    for program, package in PROGRAMS.items():
        if shutil.which(program) is None:
            terminalreporter.write_line(f"NOT TESTED: no {program} to make documents (Debian: {package})", red=True)
    for report in (*terminalreporter.stats.get("passed", ()), *terminalreporter.stats.get("failed", ())):
        for name, figure in report.user_properties:
            terminalreporter.write_line(f"{name}: {figure}")


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


@pytest.fixture(scope="session", autouse=True)
def warm_start() -> Iterator[WarmStart]:
    """What commands are forked from, and the workers of this process and theirs."""
    with WarmStart() as started, pytest.MonkeyPatch.context() as patch:
        for module in WARM:
            patch.setattr(module, "run_script", started.script)
        patch.setattr(build, "engines_waiting", none_waiting)
        yield started


@pytest.fixture(scope="session", autouse=True)
def templates_compiled_once() -> None:
    """Our own templates are compiled once in this process."""
    remembering()


@pytest.fixture(scope="session", autouse=True)
def certificates_read_once() -> Iterator[None]:
    """Have httpx read the authorities' certificates once, which costs more than all else of a small request."""
    own = default.create_ssl_context

    @cache
    def ordinary(file: str | None, folder: str | None) -> ssl.SSLContext:
        return own()

    def context(verify: Any = True, cert: Any = None, trust_env: bool = True) -> ssl.SSLContext:
        if verify is True and cert is None and trust_env:
            return ordinary(os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))
        return own(verify, cert, trust_env)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(default, "create_ssl_context", context)
        yield


@pytest.fixture
def cold_workers(monkeypatch: pytest.MonkeyPatch, warm_start: WarmStart) -> None:
    """Workers of this process and of commands start as ever, as their children."""
    for module in WARM:
        monkeypatch.setattr(module, "run_script", run_script)
    monkeypatch.setattr(warm_start, "cold", True)


@pytest.fixture
def cli(tmp_path: Path, warm_start: WarmStart) -> Callable[..., "subprocess.CompletedProcess[str]"]:
    """Run the command line as a user would: in a process of its own, in an empty folder, with no input."""

    def run(*args: str | Path, cwd: Path | None = None, code: int | None = 0) -> "subprocess.CompletedProcess[str]":
        arguments = list(map(str, args))
        if warm_start.fits(os.environ):
            done = warm_start.command(arguments, cwd or tmp_path, seconds=120)
        else:
            done = subprocess.run(
                [sys.executable, "-m", "isoc_kg", *arguments],
                cwd=cwd or tmp_path,
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                encoding="utf-8",
                timeout=120,
                check=False,
            )
        assert "Traceback" not in done.stderr, done.stderr
        if code is not None:
            assert done.returncode == code, (done.stdout, done.stderr)
        return done

    return run


@pytest.fixture
def harbour(tmp_path: Path) -> Path:
    """A copy of the second project, to be changed."""
    return Path(shutil.copytree(ROOT / "tests" / "projects" / "harbour", tmp_path / "harbour"))


@pytest.fixture
def lighthouse(tmp_path: Path) -> Path:
    """A copy of the project whose documents disagree, to be changed."""
    return Path(shutil.copytree(ROOT / "tests" / "projects" / "lighthouse", tmp_path / "lighthouse"))


@pytest.fixture
def lamp(tmp_path: Path) -> Path:
    """A copy of the project with documents in English, German, Japanese and Arabic, to be changed."""
    return Path(shutil.copytree(ROOT / "tests" / "projects" / "lamp", tmp_path / "lamp"))
