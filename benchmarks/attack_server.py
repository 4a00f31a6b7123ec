"""A server under attack: connections that drip or stall, answers that nobody takes, malformed requests.

    python benchmarks/attack_server.py [--connections 200] [--requests 20000] [--rounds 1] [--only NAME …]

One row for each kind, in Markdown: what became of its connections, how long the last of them lived, the largest memory
of the serving process meanwhile and the 99th percentile of pages that another client asked for. Each kind has so many
connections, from ten addresses of the loopback. `fuzz`: so many malformed requests, over as many connections as they
end. After each round: the memory of the serving process and of all its processes. It fails when a connection outlives
its limits, an answer is a 5xx that no limit explains, the server stops to answer, or memory grows from the first round
to the last. A round takes about three minutes.
"""

import argparse
import contextlib
import multiprocessing
import os
import random
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench_site import BASE, SETTINGS, lines

KG = SETTINGS + "\n[server]\nrequest_seconds = 4\nidle_seconds = 4\nconnections_per_client = 100\nquery_seconds = 4\n"
GROWTH = 1.1  #: of the serving process's memory, from the first round to the last
LONGEST = 30  #: seconds after which a connection of any kind must have ended
HOST = b"Host: x\r\n"
POST = b"POST /sparql HTTP/1.1\r\n" + HOST + b"Content-Type: application/sparql-query\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
ASK = CHUNKED + b"6\r\nASK {}\r\n0\r\n"
LARGE = b"GET /data.nt HTTP/1.1\r\n" + HOST + b"\r\n"
SELECT = b"GET /sparql?query=SELECT%20*%20{?s%20?p%20?o}%20LIMIT%203NUMBER&format=json HTTP/1.1\r\n" + HOST + b"\r\n"

#: What a connection sends at first, what it sends again and again, and how often in a second; it reads nothing.
KINDS: dict[str, tuple[bytes, bytes, float]] = {
    "silent": (b"", b"", 1),
    "idle after an answer": (b"GET /about HTTP/1.1\r\n" + HOST + b"\r\n", b"", 1),
    "TLS hello": (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03", b"\xa5", 2),
    "request line by bytes": (b"GET /", b"a", 2),
    "headers by bytes": (b"GET / HTTP/1.1\r\nX: ", b"a", 2),
    "headers without end": (b"GET / HTTP/1.1\r\n", b"X: y\r\n" * 1000, 50),
    "content by bytes": (POST + b"Content-Length: 900000\r\n\r\n", b" ", 2),
    "chunks by bytes": (CHUNKED, b"1\r\n \r\n", 2),
    "extension without end": (CHUNKED + b"6;", b"a" * 60_000, 50),
    "trailers by bytes": (ASK + b"a: ", b"a", 2),
    "trailers without end": (ASK, b"a: b\r\n" * 10_000, 50),
    "content beyond its limit": (POST + b"Content-Length: 90000000000\r\n\r\n", b" " * 60_000, 50),
    "large answers, nothing taken": (LARGE * 20, b"", 1),
    "large results, nothing taken": (SELECT, b"", 1),
    "pages without end, nothing taken": (b"", (b"GET / HTTP/1.1\r\n" + HOST + b"\r\n") * 500, 20),
    "half closed": (b"GET / HTTP/1.1\r\n" + HOST + b"X: y\r\n", b"", 0),
}
#: What malformed requests are made of.
REQUESTS = [
    b"GET /about HTTP/1.1\r\n" + HOST + b"\r\n",
    b"HEAD / HTTP/1.1\r\n" + HOST + b"Range: bytes=0-9\r\n\r\n",
    b"OPTIONS * HTTP/1.0\r\n\r\n",
    b"GET /sparql?query=ASK%20{}&format=json HTTP/1.1\r\n" + HOST + b"\r\n",
    POST + b"Content-Length: 6\r\n\r\nASK {}",
    ASK + b"\r\n",
]


def memory(pid: int) -> float:
    """What a process holds, in megabytes."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE") / 1e6


def family(pid: int) -> float:
    """What a process and all below it have for themselves, in megabytes; what they share is counted in parts."""
    pids, size = [pid], 0
    for one in pids:
        with contextlib.suppress(OSError):
            pids += map(int, Path(f"/proc/{one}/task/{one}/children").read_text().split())
            size += int(re.search(r"^Pss:\s+(\d+)", Path(f"/proc/{one}/smaps_rollup").read_text(), re.MULTILINE)[1])  # type: ignore[index]
    return size / 1e3


@contextmanager
def server(folder: Path) -> Iterator[tuple[int, int]]:
    """A server over ten thousand things; its port and process."""
    (folder / "kg.toml").write_text(KG, encoding="utf-8")
    data = folder / "data.nq"
    data.write_bytes(b"".join(lines(10_000)))
    command = [sys.executable, "-m", "isoc_kg", "serve", "--port", "0", "--no-log", "--project", str(folder), str(data)]
    with (folder / "log").open("w+") as log:
        process = subprocess.Popen(command, stderr=log, cwd=folder)
        try:
            for _ in range(1200):
                if found := re.search(r"listening at http://127\.0\.0\.1:(\d+)/", (folder / "log").read_text()):
                    break
                assert process.poll() is None, (folder / "log").read_text()
                time.sleep(0.1)
            assert found
            yield int(found[1]), process.pid
            told = (folder / "log").read_text()
            assert "Traceback" not in told, told[-3000:]
            assert "exception" not in told, told[-3000:]
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)


class Watch:
    """Asks for a page again and again, and looks at the memory, in a process of its own, until it is closed."""

    def __init__(self, port: int, pid: int) -> None:
        self.times: list[float] = []  #: seconds
        self.most = 0.0  #: megabytes
        self.failures = 0
        self._ours, theirs = multiprocessing.Pipe()
        self._process = multiprocessing.Process(target=self._run, args=(theirs, port, pid), daemon=True)

    def __enter__(self) -> "Watch":
        self._process.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._ours.send(None)
        self.times, self.most, self.failures = self._ours.recv()
        self._process.join()

    def _run(self, end: Any, port: int, pid: int) -> None:
        times, most, failures = [], 0.0, 0
        while not end.poll(0.02):
            start = time.perf_counter()
            failures += not get(port, "health").startswith(b"HTTP/1.1 200")
            times.append(time.perf_counter() - start)
            most = max(most, memory(pid))
        end.send((times, most, failures))

    @property
    def p99(self) -> float:
        """Milliseconds."""
        return sorted(self.times)[int(len(self.times) * 0.99)] * 1000


def get(port: int, path: str) -> bytes:
    """The whole answer, empty when none comes."""
    try:
        with socket.create_connection(("127.0.0.1", port), 10) as connection:
            connection.sendall(f"GET /{path} HTTP/1.1\r\nConnection: close\r\n".encode() + HOST + b"\r\n")
            return b"".join(iter(lambda: connection.recv(65536), b""))
    except OSError:
        return b""


def connections(port: int) -> int:
    """How many are open, as the server counts them, without the one that asks and one of a watch."""
    found = re.search(rb"\nisoc_kg_connections (\d+)", get(port, "metrics"))
    return max(0, int(found[1]) - 2) if found else 1


def hold(port: int, number: int, kind: str) -> tuple[Counter[str], float]:
    """What became of so many connections of a kind, and after how many seconds the last had ended."""
    first, again, rate = KINDS[kind]
    start = time.monotonic()
    ends: Counter[str] = Counter()
    open_: dict[socket.socket, bytearray] = {}
    for index in range(number):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        connection.bind((f"127.0.2.{index % 10}", 0))
        connection.connect(("127.0.0.1", port))
        connection.setblocking(False)
        open_[connection] = bytearray()
        with contextlib.suppress(OSError):
            connection.send(first.replace(b"NUMBER", str(index).encode()))
            if not rate:
                connection.shutdown(socket.SHUT_WR)
    takes = "taken" not in kind
    while open_ and time.monotonic() - start < LONGEST:
        for connection, answer in list(open_.items()):
            try:
                if rate and again:
                    connection.send(again)
            except BlockingIOError:
                pass
            except OSError:
                ends[status(answer)] += 1
                open_.pop(connection).clear()
                connection.close()
                continue
            if takes:
                with contextlib.suppress(BlockingIOError):
                    try:
                        part = connection.recv(65536)
                    except ConnectionError:
                        part = b""
                    answer += part[: 1000 - len(answer)]
                    if not part:
                        ends[status(answer)] += 1
                        open_.pop(connection)
                        connection.close()
        if not takes and not connections(port):  # who takes nothing does not see that he was cut
            ends["cut"] += len(open_)
            for connection in open_:
                connection.close()
            open_.clear()
        time.sleep(1 / (rate or 10))
    ends["still open"] = len(open_)
    for connection in open_:
        connection.close()
    return +ends, time.monotonic() - start


def status(answer: bytes) -> str:
    """The status of the last answer, as far as one came."""
    found = re.findall(rb"HTTP/1\.1 (\d+)", answer)
    return found[-1].decode() if found else "closed"


def fuzzed(chance: random.Random) -> bytes:
    """A request with some mistakes in it."""
    data = bytearray(chance.choice(REQUESTS))
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        change = chance.randrange(6)
        if change == 0:
            data[at:at] = bytes(chance.randrange(256) for _ in range(chance.randint(1, 5)))
        elif change == 1:
            del data[at : at + chance.randint(1, 20)]
        elif change == 2 and at < len(data):
            data[at] ^= 1 << chance.randrange(8)
        elif change == 3:
            data[at:at] = chance.choice(
                [b"\r\n", b"\n", b"\0", b" ", b":", b"%00", b"%", b"..", b"\r\n\r\n", b"\xff", b";"]
            )
        elif change == 4:
            data[at:at] = data[: chance.randint(1, 60)]
        else:
            data[at:at] = chance.choice([b"a", b"9", b"%41", b"A: b\r\n"]) * chance.randint(1, 9000)
    return bytes(data)


def fuzz(port: int, number: int) -> tuple[Counter[str], float]:
    """What malformed requests are answered."""
    chance = random.Random(13)
    start = time.monotonic()
    codes: Counter[str] = Counter()
    for index in range(number):
        with socket.create_connection(("127.0.0.1", port), 20, (f"127.0.3.{index % 200}", 0)) as connection:
            try:
                connection.sendall(fuzzed(chance))
                connection.shutdown(socket.SHUT_WR)
                answer = b"".join(iter(lambda: connection.recv(1 << 20), b""))
            except TimeoutError:
                codes["hang"] += 1
                continue
            except ConnectionError:
                codes["reset"] += 1
                continue
        codes[status(answer[:20]) if answer else "closed"] += 1
    return codes, time.monotonic() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--connections", type=int, default=200)
    parser.add_argument("--requests", type=int, default=20_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--only", nargs="*", choices=[*KINDS, "fuzz"], default=[*KINDS, "fuzz"])
    given = parser.parse_args()
    failed = False
    with tempfile.TemporaryDirectory() as folder, server(Path(folder)) as (port, pid):
        with Watch(port, pid) as watch:
            time.sleep(3)
        print(f"{BASE}: {memory(pid):.0f} MB at the start, p99 of pages {watch.p99:.1f} ms\n")
        attacks: dict[str, Callable[[], tuple[Counter[str], float]]] = {
            kind: lambda kind=kind: hold(port, given.connections, kind)
            for kind in KINDS  # type: ignore[misc]
        }
        attacks["fuzz"] = lambda: fuzz(port, given.requests)
        sizes = []
        for number in range(1, given.rounds + 1):
            print("| kind | ends | last after | memory | p99 of pages |\n| --- | --- | --- | --- | --- |")
            for kind in given.only:
                with Watch(port, pid) as watch:
                    ends, seconds = attacks[kind]()
                told = ", ".join(f"{what}: {count}" for what, count in sorted(ends.items()))
                print(f"| {kind} | {told} | {seconds:.1f} s | {watch.most:.0f} MB | {watch.p99:.1f} ms |", flush=True)
                failed |= bool(ends["still open"] or ends["hang"] or ends["500"] or watch.failures)
            time.sleep(6)
            sizes.append(memory(pid))
            print(f"\nround {number}: {sizes[-1]:.0f} MB, with all processes {family(pid):.0f} MB\n", flush=True)
        failed |= sizes[-1] > sizes[0] * GROWTH
    sys.exit(failed)


if __name__ == "__main__":
    main()
