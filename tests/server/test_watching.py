"""`serve --watch`: changes are served, errors are shown in pages, and the last good state stays."""

import contextlib
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from isoc_kg.publication.start import copy_example

from .running import Running, running


@pytest.fixture
def bakery(tmp_path: Path) -> Path:
    """A project to change."""
    copy_example(tmp_path / "bakery", "bakery")
    return tmp_path / "bakery"


def until(server: Running, holds: Callable[[dict[str, str | None]], bool]) -> dict[str, str | None]:
    """The state, as soon as it is as it should be."""
    end = time.monotonic() + 90
    while time.monotonic() < end:
        state: dict[str, str | None] = server.get(".isoc-kg/state").json()
        if holds(state):
            return state
        time.sleep(0.1)
    raise AssertionError(server.get(".isoc-kg/state").text)


def interrupt(process: subprocess.Popen[str]) -> None:
    """Press Ctrl-C until it ends: one that comes within a destructor is lost (Python ignores what is raised there)."""
    for _ in range(12):
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.communicate(timeout=10)
            return
    process.kill()
    process.communicate()
    raise AssertionError("it does not end")


def test_changes_are_served(bakery: Path) -> None:
    """Good ones with another state, bad ones as errors with file and line; pages carry the script, data do not."""
    facts = bakery / "facts" / "bakery.ttl"
    good = facts.read_text(encoding="utf-8")
    with running("--watch", cwd=bakery) as server:
        page = server.get("")
        tag = re.search(r'<script src="/\.isoc-kg/watch\.js" data-state="([^"]+)"></script>', page.text)
        assert tag
        first = tag[1]
        assert page.headers["cache-control"] == "no-store"
        assert "etag" not in page.headers
        assert "script-src 'self'" in page.headers["content-security-policy"]
        assert len(page.content) == int(page.headers["content-length"])
        assert "location.reload()" in server.get(".isoc-kg/watch.js").text
        assert "watch.js" not in server.get("bakery.ttl").text
        assert server.get(".isoc-kg/state").json() == {"state": first, "error": None}

        facts.write_text(good + '\nid:rye-bread schema:name "Roggenbrot"@de {| ev:impliedBy s:2.2 |} .\n')
        second = until(server, lambda state: state["state"] != first)
        assert second["error"] is None
        assert "Roggenbrot" in server.get("bakery.ttl").text

        facts.write_text(good.replace('"1987"', '"1988"'))
        broken = until(server, lambda state: state["error"] is not None)
        assert broken["state"] == second["state"]
        assert f"{facts}:11: " in str(broken["error"])
        assert "Roggenbrot" in server.get("bakery.ttl").text
        facts.write_text(good + "\nid:")
        syntax = until(server, lambda state: state["error"] not in (None, broken["error"]))
        assert f"{facts}:{good.count(chr(10)) + 2}:" in str(syntax["error"])

        facts.write_text(good)
        third = until(server, lambda state: state["error"] is None)
        assert third["state"] not in (first, second["state"])
        assert "Roggenbrot" not in server.get("bakery.ttl").text


def test_for_this_machine_alone(bakery: Path) -> None:
    """Another site's name in the request, and an address that others reach, get nothing."""
    with running("--watch", cwd=bakery) as server:
        assert server.get(".isoc-kg/state", host="evil.example").status_code == 403
        assert httpx.post(server.address + ".isoc-kg/state").status_code == 403
    for options, said in (
        (("--host", "0.0.0.0"), "--watch shows errors to whoever reaches 0.0.0.0"),
        (("--endpoint", "http://127.0.0.1:9/sparql"), "--watch is for a project, or for files"),
    ):
        command = [sys.executable, "-m", "isoc_kg", "serve", "--watch", "--port", "0", *options]
        done = subprocess.run(command, cwd=bakery, capture_output=True, text=True, timeout=60, check=False)
        assert (done.returncode, said in done.stderr) == (2, True), done.stderr


def test_without_watching_there_is_no_script(bakery: Path) -> None:
    with running(cwd=bakery) as server:
        assert "watch.js" not in server.get("").text
        assert server.get(".isoc-kg/state").status_code == 404


def test_begun_with_an_error(bakery: Path) -> None:
    """It says what is wrong, waits, and serves when it is mended; of build the same."""
    facts = bakery / "facts" / "bakery.ttl"
    good = facts.read_text(encoding="utf-8")
    for command, ready in ((["serve", "--port", "0", "--no-log"], "listening at"), (["build"], "digest")):
        facts.write_text("id:x")
        process = subprocess.Popen(
            [sys.executable, "-m", "isoc_kg", *command, "--watch"], cwd=bakery, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env={"PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        try:
            assert process.stdout is not None
            lines = []
            while not lines or "change" not in lines[-1]:
                lines.append(process.stdout.readline())
                assert lines[-1], lines
            assert f"{facts}:1:" in lines[0]
            facts.write_text(good)
            while ready not in lines[-1]:
                lines.append(process.stdout.readline())
                assert lines[-1], lines
        finally:
            interrupt(process)
    assert (bakery / "out" / "bakery.ttl").is_file()


def test_files(tmp_path: Path) -> None:
    """Any RDF file is followed, too."""
    file = tmp_path / "a.ttl"
    file.write_text('<http://e.example/a> <http://www.w3.org/2000/01/rdf-schema#label> "one" .')
    with running(file, "--watch", cwd=tmp_path) as server:
        first = server.get(".isoc-kg/state").json()["state"]
        file.write_text('<http://e.example/a> <http://www.w3.org/2000/01/rdf-schema#label> "two" .')
        until(server, lambda state: state["state"] != first)
        assert "two" in server.get("data.nt").text


def test_the_project_stays_the_one_it_was(bakery: Path) -> None:
    """While its kg.toml is away, what was served stays, with the error; nothing else is served in its place."""
    with running("--watch", cwd=bakery) as server:
        before = server.get("bakery.ttl").text
        (bakery / "kg.toml").rename(bakery / "kg.away")
        broken = until(server, lambda state: state["error"] is not None)
        assert "kg.toml" in str(broken["error"])
        assert server.get("bakery.ttl").text == before
        (bakery / "kg.away").rename(bakery / "kg.toml")
        until(server, lambda state: state["error"] is None)
