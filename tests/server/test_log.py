"""The log: whole lines for who reads it, and no waiting for who does not."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest

from isoc_kg.server.log import LogStream

from .processes import until
from .running import Running


def drain(fd: int) -> list[str]:
    """All lines that come until the other side is closed."""
    with os.fdopen(fd, encoding="utf-8") as file:
        return file.read().splitlines()


@pytest.mark.parametrize("size", [5, 20, 70_000], ids=["short", "medium", "longer than a pipe"])
def test_lines_are_whole(size: int) -> None:
    """However the pieces come, and whatever is dropped, a line is there as it was written, or not at all."""
    reader, writer = os.pipe()
    log = LogStream(writer, held_bytes=20_000 + 2 * size)
    texts = [f"{number:05} {'é' * (size // 2)}" for number in range(20_000 if size < 100 else 50)]
    for text in texts:
        print(text[:3], end="", file=log)
        print(text[3:], file=log)
    dropped = log.dropped
    assert 0 < dropped < len(texts)
    lines: list[str] = []
    thread = Thread(target=lambda: lines.extend(drain(reader)))
    thread.start()
    until(lambda: log._size == 0, "all is written")
    print("last", file=log)
    log.end(60)
    os.close(writer)
    thread.join()
    assert lines.pop() == "last"
    reports = [json.loads(line)["lines"] for line in lines if line.startswith("{")]
    kept = [line for line in lines if not line.startswith("{")]
    assert set(kept) <= set(texts)
    assert kept == sorted(kept)
    assert len(kept) + dropped == len(texts)
    assert sum(reports) == log.dropped == dropped


def test_a_reader_that_is_gone() -> None:
    """What nobody can read any more costs nothing but the lines."""
    reader, writer = os.pipe()
    os.close(reader)
    log = LogStream(writer)
    print("one\ntwo", file=log)
    until(lambda: log.dropped == 2, "both lines are dropped")
    print("three", end="", file=log)
    log.end()
    assert log.dropped >= 3
    os.close(writer)


def test_a_line_without_an_end() -> None:
    """It is held as far as lines may be, and written when the log ends."""
    reader, writer = os.pipe()
    log = LogStream(writer, held_bytes=1000)
    log.write("x" * 1001)
    log.write("rest")
    log.end()
    os.close(writer)
    report, rest = drain(reader)
    assert (json.loads(report)["lines"], rest) == (1, "rest")


@contextmanager
def logging(folder: Path) -> Iterator[Running]:
    """A server that logs into a pipe, of which nothing but the first line is read."""
    command = [sys.executable, "-m", "isoc_kg", "serve", "--port", "0", "--project", str(folder)]
    process = subprocess.Popen(command, cwd=folder, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    try:
        found = re.search(r"http://127\.0\.0\.1:\d+/", process.stderr.readline())
        assert found
        server = Running(found[0], process)
        server.wait()
        yield server
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        process.stderr.close()


@pytest.mark.parametrize("read", [True, False], ids=["read later", "never read"])
def test_a_pipe_that_nobody_reads(harbour: Path, read: bool) -> None:
    """Requests are answered, reloads happen, the server ends; /metrics and the log say how many lines were dropped."""
    with logging(harbour) as server:
        digest = server.get("health").json()["digest"]
        host, port = server.address.removeprefix("http://").rstrip("/").split(":")
        request = f"GET /{'%01' * 490} HTTP/1.1\r\nHost: x\r\n\r\n".encode()  # whose line has about 3,000 bytes
        with socket.create_connection((host, int(port)), timeout=60) as connection:
            Thread(target=connection.sendall, args=(request * 500,)).start()
            answers = b""
            while answers.count(b"HTTP/1.1 404 ") < 500:
                answers += connection.recv(1 << 20)
        dropped = int(
            re.findall(r"^isoc_kg_log_lines_dropped_total (\d+)", server.get("metrics").text, re.MULTILINE)[0]
        )
        assert dropped > 0
        facts = harbour / "facts/harbour.ttl"
        facts.write_text(facts.read_text().replace('"oak"@en', '"Oak"@en'))
        server.process.send_signal(signal.SIGHUP)
        until(lambda: server.get("health").json()["digest"] != digest, "it is read again")
        if read:
            entries: list[dict[str, object]] = []
            stderr = server.process.stderr
            assert stderr is not None
            Thread(target=lambda: entries.extend(map(json.loads, stderr)), daemon=True).start()  # each line is whole
            until(lambda: server.get("health").is_success and any(map(_reports, entries)), "the log says how many")
            assert any(str(entry.get("path")).startswith("/\x01") for entry in entries)
        server.process.terminate()
        assert server.process.wait(30) == 0


def _reports(entry: dict[str, object]) -> bool:
    return entry.get("event") == "lines of the log dropped"
