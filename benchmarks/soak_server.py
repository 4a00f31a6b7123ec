"""Mixed load with faults: no wrong answer, no mixed state, no hang, flat memory, nothing left at the end.

    python benchmarks/soak_server.py [--minutes 10] [--clients 12] [--hostile 2000]

A server over a generated publication, of which every label names the state that it is of. Clients ask for pages, data,
whole graphs, lists and queries, and hold each answer against the states that may be served; others send hostile queries
of fifty kinds. Meanwhile its processes are killed and stopped, the disk for its files is filled (a tmpfs where this may
be mounted), and it is told to reload what is new, broken, or not there. At the end it is told to end, or killed. Exit
code 1 if anything was wrong. Needs Linux.
"""

import argparse
import contextlib
import http.client
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from bench_server import Readers, free_port, memory
from bench_site import BASE, SETTINGS

THINGS = 6000
KG = (
    SETTINGS
    + """
[server]
query_seconds = 0.7
queue_seconds = 8
long_queries = 3
query_memory_bytes = 400_000_000
queries_per_client = 40
cache_bytes = 16_000_000
spool_bytes = 300_000_000
"""
)
PATIENCE = 45.0  #: seconds after which an answer hangs
FINE = {200, 303, 304, 400, 403, 404, 406, 413, 414, 429, 431, 503, 504}
NUMBERS = " ".join(map(str, range(200)))
ALL = "?a ?b ?c . ?d ?e ?f . ?g ?h ?i"


def nested(number: int, before: str, middle: str, after: str) -> str:
    """Something inside itself."""
    return before * number + middle + after * number


#: Each makes a query out of a random number.
HOSTILE: list[Callable[[int], str]] = [
    lambda n: f"SELECT (COUNT(*) AS ?n) {{ {ALL} }} # {n}",
    lambda n: f"SELECT * {{ {ALL} }} LIMIT {n}0000",
    lambda n: f"SELECT DISTINCT ?c ?f {{ {ALL} }} # {n}",
    lambda n: f"SELECT REDUCED * {{ {ALL} }} OFFSET {n}000000",
    lambda n: f"ASK {{ {ALL} FILTER(?c = ?f && ?f = ?i && STR(?a) = '{n}') }}",
    lambda n: f"CONSTRUCT {{ ?a ?e ?i }} {{ {ALL} }} # {n}",
    lambda n: f"CONSTRUCT {{ ?s ?p ?o . ?o ?p ?s . [] ?p [ ?p ?o ] }} {{ ?s ?p ?o }} # {n}",
    lambda n: f"DESCRIBE * {{ ?s ?p ?o }} LIMIT {n}000",
    lambda n: f"SELECT * {{ ?a (!<urn:{n}>)* ?b . ?c (!<urn:x>)* ?d }}",
    lambda n: f"SELECT * {{ ?a (<urn:{n}>|!<urn:x>)+ ?b . ?b (^!<urn:x>)* ?c }}",
    lambda n: f"SELECT * {{ ?a {'/'.join(['!<urn:x>'] * (n % 60 + 2))} ?b }}",
    lambda n: f"SELECT * {{ ?a {'|'.join(f'<urn:{k}>' for k in range(n % 900 + 2))} ?b }}",
    lambda n: f"SELECT * {{ ?s ?p ?o FILTER(REGEX(STR(?o), '(a+)+(b+)+(.*)*x{n}$')) }}",
    lambda n: "SELECT * { " + " ".join(f"VALUES ?v{k} {{ {NUMBERS} }}" for k in range(5)) + f" }} # {n}",
    lambda n: "SELECT * {" + nested(n % 4000, "{", "", "}") + "}",
    lambda n: "SELECT * { FILTER(" + nested(n % 6000, "(", "1", ")") + ") }",
    lambda n: "SELECT * { FILTER(" + nested(n % 3000, "!", "true", "") + ") }",
    lambda n: "SELECT * { FILTER(" + nested(n % 900, "IF(true, ", "1", ", 2)") + ") }",
    lambda n: "SELECT * { FILTER(" + nested(n % 900, "COALESCE(", "1", ")") + ") }",
    lambda n: "SELECT * {" + nested(n % 400, "OPTIONAL { ?s ?p ?o ", "", "}") + "}",
    lambda n: "SELECT * { ?s ?p ?o " + nested(n % 300, "MINUS { ?s ?p ?o ", "", "}") + "}",
    lambda n: "SELECT * {" + nested(n % 300, "FILTER EXISTS { ?s ?p ?o ", "", "}") + "}",
    lambda n: "SELECT * {" + nested(n % 200, "{ SELECT * { ", "?s ?p ?o", "} }") + "}",
    lambda n: "SELECT * {" + " UNION ".join(["{ ?s ?p ?o }"] * (n % 400 + 2)) + "}",
    lambda n: "SELECT (1" + "+1" * (n * 7 % 9000) + " AS ?n) {}",
    lambda n: f"SELECT * {{ ?s ?p ?o FILTER(?o IN ({', '.join(map(str, range(n * 3 % 9000 + 1)))})) }}",
    lambda n: "SELECT ?x30 { BIND('aaaaaaaaaaaaaaaa' AS ?x0) "
    + " ".join(f"BIND(CONCAT(?x{k}, ?x{k}) AS ?x{k + 1})" for k in range(30)) + f" }} # {n}",
    lambda n: "SELECT (STRLEN(?x) AS ?l) { BIND(REPLACE('" + "a" * (n % 3000) + "', '', '" + "b" * 3000 + "') AS ?x) }",
    lambda n: f"SELECT (GROUP_CONCAT(?o; separator='{'-' * 1000}') AS ?g) {{ ?s ?p ?o . ?a ?b ?c }} # {n}",
    lambda n: f"SELECT ?s (SAMPLE(?o) AS ?x) {{ ?s ?p ?o . ?a ?b ?o }} GROUP BY ?s ?a HAVING (COUNT(*) > {n})",
    lambda n: f"SELECT * {{ ?s ?p ?o . ?a ?b ?c }} ORDER BY RAND() LIMIT {n}",
    lambda n: f"SELECT * {{ ?s ?p ?o }} ORDER BY MD5(STR(?o)) SHA512(STR(?s)) OFFSET {n}",
    lambda n: f"SELECT (UUID() AS ?u) (STRUUID() AS ?v) {{ ?s ?p ?o . ?a ?b ?c }} LIMIT {n}00",
    lambda n: f"SELECT * {{ SERVICE <http://127.0.0.1:{n % 60000 + 1}/> {{ ?s ?p ?o }} }}",
    lambda n: f"SELECT * {{ SERVICE SILENT <http://169.254.169.254/{n}> {{ ?s ?p ?o }} }}",
    lambda n: f"INSERT DATA {{ <urn:{n}> <urn:p> <urn:o> }}",
    lambda n: f"LOAD <file:///etc/passwd> INTO GRAPH <urn:{n}>",
    lambda n: f"DROP ALL # {n}",
    lambda n: " ".join(f"PREFIX p{k}: <urn:{k}>" for k in range(n % 2000)) + " SELECT * { ?s ?p ?o } LIMIT 1",
    lambda n: "SELECT * " + " ".join(f"FROM <urn:{k}>" for k in range(n % 2000)) + " { ?s ?p ?o }",
    lambda n: f"SELECT * {{ <urn:{'x' * (n * 9 % 90_000)}> ?p ?o }}",
    lambda n: f"SELECT * {{ ?s ?p {'9' * (n * 9 % 90_000 + 1)} }}",
    lambda n: f"SELECT * {{ ?s ?p '{'x' * n}",
    lambda n: f"SELECT * {{ ?s ?p '\x00\x01\ufffe{n}' }}",
    lambda n: f"SELECT * {{ ?s ?p '\\uD800{n}' }}",
    lambda n: "#" * (n * 30 % 99_000),
    lambda n: f"SELECT * {{ GRAPH ?g {{ ?a ?b ?c }} GRAPH ?h {{ ?d ?e ?f }} FILTER(?g != ?h || {n} > 0) }}",
    lambda n: "SELECT * {" + " . ".join(f"?s{k} ?p ?s{k + 1}" for k in range(n % 30 + 3)) + "}",
    lambda n: f"SELECT (SUM(?x * {n}e300) AS ?y) (AVG(1/0) AS ?z) {{ ?s ?p ?o BIND(1e308 * 1e308 AS ?x) . ?a ?b ?c }}",
    lambda n: "SELECT * {" + nested(n % 200, "<< ", "<urn:s>", " <urn:p> <urn:o> >>") + " ?p ?o }",
]  # fmt: skip


def state_lines(number: int) -> str:
    """The publication in one of its states."""
    label = "<http://www.w3.org/2000/01/rdf-schema#label>"
    type_ = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
    return "".join(
        f'<{BASE}id/thing-{n}> {label} "thing {n} of state-{number}-" .\n<{BASE}id/thing-{n}> {type_} <{BASE}Thing> .\n'
        f"<{BASE}id/thing-{n}> <{BASE}near> <{BASE}id/thing-{n * 7 % 50}> .\n"
        f'<{BASE}id/thing-{n}> <{BASE}weight> "{n}" .\n'
        for n in range(THINGS)
    )


class Soak:
    """A server under load, and what was seen of it."""

    def __init__(self, folder: Path, spool: Path) -> None:
        self.folder, self.spool = folder, spool
        self.data = folder / "data.nt"
        self.state = 0  # the newest that the server was told of
        self.oldest = 0  # the oldest that it may still serve
        self.codes: Counter[str] = Counter()
        self.faults: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.port = free_port()
        self.over = threading.Event()
        self.hostile_left = 0
        self._lock = threading.Lock()

    def start(self) -> subprocess.Popen[bytes]:
        """The server, up."""
        (self.folder / "kg.toml").write_text(KG)
        self.data.write_text(state_lines(0))
        command = [sys.executable, "-m", "isoc_kg", "serve", "--port", str(self.port), "--project", str(self.folder)]
        process = subprocess.Popen(
            [*command, str(self.data)], cwd=self.folder, env={**os.environ, "TMPDIR": str(self.spool)},
            stderr=(self.folder / "log").open("wb"),
        )  # fmt: skip
        while self.ask("health", patience=5.0)[0] != 200:
            if process.poll() is not None:
                raise SystemExit((self.folder / "log").read_text())
            time.sleep(0.1)
        return process

    def ask(
        self, path: str, query: str = "", accept: str = "*/*", patience: float = PATIENCE, client: int = 1
    ) -> tuple[int, str]:
        """Status and text; 0 for what is cut off or refused, -1 for what hangs. Each client has an address."""
        target = f"/{path}"
        if query:
            target += "?query=" + urllib.parse.quote(query.encode("utf-8", "surrogatepass"))
        connection = http.client.HTTPConnection(
            "127.0.0.1", self.port, timeout=patience, source_address=(f"127.0.0.{client}", 0)
        )
        try:
            connection.request("GET", target, headers={"Accept": accept})
            answer = connection.getresponse()
            return answer.status, answer.read().decode("utf-8", "replace")
        except TimeoutError:
            return -1, ""
        except (OSError, http.client.HTTPException):
            return 0, ""
        finally:
            connection.close()

    def look(self, client: int, what: str, expected: int = 1) -> None:
        """Ask, and hold the answer against the states that may be served."""
        accept, query = "*/*", ""
        path = what
        if what.startswith("SELECT"):
            path, query, accept = "sparql", what, "text/csv"
        first = self.oldest
        status, text = self.ask(path, query, accept, client=client)
        last = self.state
        kind = re.sub(r"\d+", "N", what)[:40]
        with self._lock:
            self.codes[str(status)] += 1
            if status == -1 or (status not in FINE and status):
                self.wrong.append(f"{status} for {kind}: {text[:300]}")
            if status != 200:
                return
            states = {int(found) for found in re.findall(r"state-(\d+)-", text)}
            if len(states) != 1 or not first <= min(states) <= last:
                self.wrong.append(f"{kind} is of states {sorted(states)}, not of one in {first}–{last}: {text[:100]}")
            elif expected > 1 and text.count("state-") < expected:
                self.wrong.append(f"{kind} has {text.count('state-')} of {expected} labels")

    def client(self, number: int) -> None:
        """Ask for this and that."""
        chosen = random.Random(number)
        while not self.over.is_set():
            thing = chosen.randrange(THINGS)
            kind = chosen.random()
            if kind < 0.4:
                self.look(number + 2, f"id/thing-{thing}.{chosen.choice(['html', 'ttl', 'nt', 'jsonld', 'rdf'])}")
            elif kind < 0.7:
                self.look(number + 2, f"SELECT ?o {{ <{BASE}id/thing-{thing}> rdfs:label ?o }} # {chosen.random()}")
            elif kind < 0.78:
                self.look(number + 2, "SELECT ?o { ?s rdfs:label ?o } LIMIT 5000 # " + str(chosen.random()), 5000)
            elif kind < 0.86:
                self.look(number + 2, "graph-store?default", THINGS)
            elif kind < 0.92:
                self.look(number + 2, chosen.choice(["data.nt", "data.ttl", "data.nq"]), THINGS)
            elif kind < 0.96:
                self.look(number + 2, f"id/thing-{thing % 50}.html")
            else:
                self.look(
                    number + 2, "data/search.json" if chosen.random() < 0.5 else f"describe?iri={BASE}id/thing-{thing}"
                )

    def attacker(self, number: int) -> None:
        """Send hostile queries."""
        chosen = random.Random(-number)
        while not self.over.is_set() and self.hostile_left > 0:
            with self._lock:
                self.hostile_left -= 1
                at = self.hostile_left
            query = HOSTILE[at % len(HOSTILE)](chosen.randrange(1, 10_000))
            status, text = self.ask("sparql", query, client=100 + number)
            with self._lock:
                self.codes[f"hostile {status}"] += 1
                if status == -1 or (status and status not in FINE):
                    self.wrong.append(f"{status} for hostile {at % len(HOSTILE)}: {text[:300]}")

    def breaker(self, process: subprocess.Popen[bytes]) -> None:
        """Do it one harm after the other."""
        chosen = random.Random(5)
        while not self.over.wait(chosen.uniform(1.0, 4.0)):
            harm = chosen.choice([self.kill, self.kill, self.new_state, self.new_state, self.bad_state, self.fill])
            with contextlib.suppress(ProcessLookupError):
                harm(process.pid, chosen)

    def kill(self, pid: int, chosen: random.Random) -> None:
        """Kill or stop one of its processes."""
        found = children(pid)
        if found:
            how = chosen.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGSTOP])
            victim = chosen.choice(found)
            self.faults[f"{how.name} of a {'parent' if children(victim) else 'worker'}"] += 1
            os.kill(victim, how)

    def new_state(self, pid: int, chosen: random.Random) -> None:
        """Have it serve the next state, told once or many times."""
        self.state += 1
        self.data.with_suffix(".new").write_text(state_lines(self.state))
        self.data.with_suffix(".new").replace(self.data)
        for _ in range(chosen.choice([1, 1, 20])):
            os.kill(pid, signal.SIGHUP)
        self.faults["new state"] += 1
        wanted = self.state
        for _ in range(200):
            if self.over.wait(0.1) or f"state-{wanted}-" in self.ask("id/thing-1.nt")[1]:
                time.sleep(0.2)
                self.oldest = max(self.oldest, wanted) if not self.over.is_set() else self.oldest
                return
        self.faults["new state that was not taken up in time"] += 1

    def bad_state(self, pid: int, chosen: random.Random) -> None:
        """Have it read what is broken, or not there; then put the right one back."""
        whole = self.data.read_text()
        if chosen.random() < 0.5:
            self.data.write_text(whole[: len(whole) // 2] + "this is no RDF")
            self.faults["broken state"] += 1
        else:
            self.data.unlink()
            self.faults["vanished state"] += 1
        os.kill(pid, signal.SIGHUP)
        self.over.wait(2.0)
        self.data.with_suffix(".new").write_text(whole)
        self.data.with_suffix(".new").replace(self.data)

    def fill(self, pid: int, chosen: random.Random) -> None:
        """Fill the disk for its files, tell it to reload meanwhile, and make room again."""
        if not self.spool.is_mount():
            return
        filler = self.spool / "filler"
        with contextlib.suppress(OSError), filler.open("wb") as file:
            while True:
                file.write(b"x" * 1_000_000)
                file.flush()
        self.faults["full disk"] += 1
        if chosen.random() < 0.5:
            os.kill(pid, signal.SIGHUP)
        self.over.wait(3.0)
        filler.unlink()


def children(pid: int) -> list[int]:
    """The processes below one."""
    found = [pid]
    for one in found:
        with contextlib.suppress(OSError):
            found += [int(child) for child in Path(f"/proc/{one}/task/{one}/children").read_text().split()]
    return found[1:]


def lives(pid: int) -> bool:
    """Whether a process has not ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def run(folder: Path, spool: Path, minutes: float, clients: int, hostile: int) -> bool:
    """Whether all was well."""
    soak = Soak(folder, spool)
    soak.hostile_left = hostile
    process = soak.start()
    threads = [threading.Thread(target=soak.client, args=(number,)) for number in range(clients)]
    threads += [threading.Thread(target=soak.attacker, args=(number,)) for number in range(16)]
    threads += [threading.Thread(target=soak.breaker, args=(process,))]
    for thread in threads:
        thread.start()
    end = time.monotonic() + minutes * 60
    sizes, files = [], []
    try:
        while time.monotonic() < end and process.poll() is None:
            time.sleep(5)
            with contextlib.suppress(OSError, IndexError):
                sizes.append(memory(process.pid))
                files.append(len(list(Path(f"/proc/{process.pid}/fd").iterdir())))
    finally:
        soak.over.set()
        for thread in threads:
            thread.join(PATIENCE + 30)
    if process.poll() is not None:
        soak.wrong.append(f"the server ended with {process.returncode}")
    last = [soak.ask(f"id/thing-{n}.html")[0] for n in range(3)]
    family = children(process.pid)
    with Readers(soak.port, ["/sparql?query=" + urllib.parse.quote(HOSTILE[0](1))] * 3):
        family += children(process.pid)
        process.send_signal(signal.SIGKILL if random.random() < 0.5 else signal.SIGTERM)
        process.wait(40)
    time.sleep(1)
    left = [pid for pid in set(family) if lives(pid)]
    half = len(sizes) // 2
    before, after = max(size for size, _ in sizes[:half]), max(size for size, _ in sizes[half:])
    events = Counter(re.findall(r'"event": "([^"]*)"', (folder / "log").read_text()))
    print("answers:", ", ".join(f"{code} {number:,}" for code, number in sorted(soak.codes.items())))
    print("faults:", ", ".join(f"{fault} {number}" for fault, number in sorted(soak.faults.items())))
    print("events:", ", ".join(f"{event} {number}" for event, number in sorted(events.items())))
    whole = max(all_ for _, all_ in sizes)
    print(
        f"memory: server at most {before:.0f} MiB, then {after:.0f} in the second half; with all processes {whole:.0f}"
    )
    print(f"open files: {files[0]} at the start, {max(files)} at most, {files[-1]} at the end")
    print(f"processes left: {len(left)}; pages at the end: {last}; hostile queries not sent: {soak.hostile_left}")
    for line in soak.wrong[:20]:
        print("WRONG:", line)
    for text in re.findall(r'"traceback": "(.*)"', (folder / "log").read_text())[:3]:
        print("TRACEBACK:", text.replace("\\n", "\n"))
    return not soak.wrong and not left and last == [200] * 3 and after <= 1.3 * before


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--clients", type=int, default=12)
    parser.add_argument("--hostile", type=int, default=2000)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, spool = Path(name) / "project", Path(name) / "spool"
        folder.mkdir()
        spool.mkdir()
        mount, umount = shutil.which("mount"), shutil.which("umount")
        small = mount and subprocess.run(
            [mount, "-t", "tmpfs", "-o", "size=150m", "tmpfs", str(spool)], capture_output=True, check=False
        )
        if not (small and small.returncode == 0):
            print("no tmpfs may be mounted: the disk is not filled", file=sys.stderr)
        try:
            well = run(folder, spool, asked.minutes, asked.clients, asked.hostile)
        finally:
            if umount and spool.is_mount():
                subprocess.run([umount, "-l", str(spool)], check=False)
    sys.exit(0 if well else 1)


if __name__ == "__main__":
    main()
