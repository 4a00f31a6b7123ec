"""Triple stores as people run them: processes of their own on free ports of the loopback, each with a data folder.

Each is ended by its process id. `kill` ends one as a power cut would; `start` then starts it on the same data.
"""

import os
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

__all__ = ["MISSING", "STARTERS", "Running", "Start", "free_port"]

PASSWORD = "correct horse"
#: Where Maven has put what is written in `pom.xml` beside this file; see there.
JARS = Path(os.environ.get("ISOC_KG_STORES", Path.home() / ".cache" / "isoc-kg-stores"))
_OXIGRAPH = shutil.which("oxigraph", path=str(Path(sys.executable).parent)) or shutil.which("oxigraph")
_VIRTUOSO = shutil.which("virtuoso-t")
_ISQL = shutil.which("isql-vt")
_JAVA = shutil.which("java")
_FUSEKI = next(iter(sorted(JARS.glob("jena-fuseki-server-*.jar"))), None)
_RDF4J = next(iter(sorted(JARS.glob("rdf4j-http-server-*.war"))), None)
_JETTY = next(iter(sorted(JARS.glob("jetty-runner-*.jar"))), None)
_FROM_MAVEN = f"mvn -f tests/stores/pom.xml dependency:copy-dependencies -DoutputDirectory={JARS} (and Java 17)"


@dataclass
class Running:
    """A store: its kind, where it listens, and its process."""

    kind: str
    folder: Path
    port: int
    command: Callable[["Running"], list[str]]
    ready: Callable[["Running"], bool]
    endpoint: str  #: what a user would give to --endpoint
    auth: str | None = None
    user: str = ""
    password: str = ""
    file_limit: int | None = None  #: bytes that a file of its may have (RLIMIT_FSIZE)
    process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def address(self) -> str:
        """The server's root."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the user's environment holds to sign in."""
        return {"ISOC_KG_USER": self.user, "ISOC_KG_PASSWORD": self.password} if self.user else {}

    def start(self) -> None:
        """Start it, or start it again on the same data; until it answers."""
        limit = self.file_limit
        with (self.folder / "log.txt").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(self),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=None if limit is None else lambda: _limit(limit),
            )
        end = time.monotonic() + 600  # where many share a machine, a start of Java takes minutes
        while time.monotonic() < end:
            assert self.process.poll() is None, self.log()
            try:
                if self.ready(self):
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError(f"{self.kind} does not answer: {self.log()}")

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        """End it in good order, or at once when it does not."""
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.kill()

    def log(self) -> str:
        """The end of what it wrote."""
        return (self.folder / "log.txt").read_text(encoding="utf-8", errors="replace")[-2000:]


Start = Callable[[Path], Running]
#: What has Java spend less on a process that ends soon.
_SPARING = ("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")


def _limit(size: int) -> None:
    """What a full disk does to a process: writes fail from here on."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def free_port() -> int:
    """A port of loopback that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _oxigraph(folder: Path, verb: str = "serve") -> Running:
    port = free_port()
    return Running(
        "oxigraph",
        folder,
        port,
        lambda it: [str(_OXIGRAPH), verb, "--location", str(folder / "db"), "--bind", f"127.0.0.1:{it.port}"],
        lambda it: httpx.get(it.address + "/query", params={"query": "ASK {}"}, timeout=10).is_success,
        f"http://127.0.0.1:{port}",
    )


def oxigraph_read_only(folder: Path) -> Running:
    """Oxigraph that refuses to write, over the data of a store that was stopped."""
    return _oxigraph(folder, "serve-read-only")


def _fuseki(folder: Path) -> Running:
    port = free_port()
    (folder / "db").mkdir(exist_ok=True)
    (folder / "passwd").write_text(f"loader: {PASSWORD}\n")

    def command(it: Running) -> list[str]:
        main = "org.apache.jena.fuseki.main.cmds.FusekiMainCmd"
        options = [f"--port={it.port}", "--localhost", "--tdb2", "--loc=db", "--update", "--passwd=passwd", "--ping"]
        return [str(_JAVA), "-Xmx1500m", *_SPARING, "-cp", str(_FUSEKI), main, *options, "--auth=basic", "/ds"]

    def ready(it: Running) -> bool:
        return httpx.get(it.address + "/$/ping", auth=(it.user, it.password), timeout=10).is_success

    return Running("fuseki", folder, port, command, ready, f"http://127.0.0.1:{port}/ds", "basic", "loader", PASSWORD)


def _rdf4j(folder: Path) -> Running:
    port = free_port()
    root = f"http://127.0.0.1:{port}/rdf4j-server"

    def command(it: Running) -> list[str]:
        settings = [f"-Dorg.eclipse.rdf4j.appdata.basedir={folder / 'data'}", f"-Djava.io.tmpdir={folder}"]
        where = ["--host", "127.0.0.1", "--port", str(it.port), "--path", "/rdf4j-server"]
        return [str(_JAVA), "-Xmx1g", *_SPARING, *settings, "-jar", str(_JETTY), *where, str(_RDF4J)]

    def ready(it: Running) -> bool:
        if not httpx.get(f"{root}/protocol", timeout=10).is_success:
            return False
        if httpx.get(f"{root}/repositories/test/size", timeout=10).status_code == 404:
            made = httpx.put(
                f"{root}/repositories/test",
                content=_REPOSITORY,
                headers={"Content-Type": "text/turtle"},
                timeout=30,
            )
            assert made.is_success, made.text
        return True

    return Running("rdf4j", folder, port, command, ready, f"{root}/repositories/test")


_REPOSITORY = """
@prefix rep: <http://www.openrdf.org/config/repository#> .
@prefix sr: <http://www.openrdf.org/config/repository/sail#> .
@prefix sail: <http://www.openrdf.org/config/sail#> .
@prefix ns: <http://www.openrdf.org/config/sail/native#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
[] a rep:Repository ; rep:repositoryID "test" ; rdfs:label "test" ;
   rep:repositoryImpl [ rep:repositoryType "openrdf:SailRepository" ;
      sr:sailImpl [ sail:sailType "openrdf:NativeStore" ; ns:tripleIndexes "spoc,posc,cspo" ; ns:forceSync true ] ] .
"""


def _virtuoso(folder: Path) -> Running:
    port, sql = free_port(), free_port()
    (folder / "virtuoso.ini").write_text(
        "[Database]\nDatabaseFile = virtuoso.db\nErrorLogFile = virtuoso.log\nLockFile = virtuoso.lck\n"
        "TransactionFile = virtuoso.trx\nxa_persistent_file = virtuoso.pxa\nFileExtend = 200\n"
        "[TempDatabase]\nDatabaseFile = virtuoso-temp.db\nTransactionFile = virtuoso-temp.trx\n"
        f"[Parameters]\nServerPort = 127.0.0.1:{sql}\nDisableUnixSocket = 1\nCheckpointInterval = 60\n"
        "NumberOfBuffers = 40000\nMaxDirtyBuffers = 30000\nDirsAllowed = .\n"
        f"[HTTPServer]\nServerPort = 127.0.0.1:{port}\nServerRoot = .\nServerThreads = 10\n"
        "[SPARQL]\nResultSetMaxRows = 10000\nMaxQueryExecutionTime = 60\nMaxQueryCostEstimationTime = 400\n"
    )
    first = not (folder / "virtuoso.db").exists()

    def ready(it: Running) -> bool:
        nonlocal first
        ready = httpx.get(it.address + "/sparql", params={"query": "ASK { ?s ?p ?o }"}, timeout=10).is_success
        if ready and first:
            text = f"user_set_password('dba', '{PASSWORD}');"
            done = subprocess.run(
                [str(_ISQL), f"127.0.0.1:{sql}", "dba", "dba", f"EXEC={text}"], capture_output=True, text=True
            )
            assert done.returncode == 0, done
            assert "Error" not in done.stderr + done.stdout, done
            first = False
        return ready

    def command(it: Running) -> list[str]:
        # what a killed one leaves behind tells of a process that is no more
        (folder / "virtuoso.lck").unlink(missing_ok=True)
        return [str(_VIRTUOSO), "+configfile", "virtuoso.ini", "+foreground"]

    return Running(
        "virtuoso", folder, port, command, ready, f"http://127.0.0.1:{port}/sparql", "digest", "dba", PASSWORD
    )


STARTERS: dict[str, Start] = {"oxigraph": _oxigraph, "fuseki": _fuseki, "virtuoso": _virtuoso, "rdf4j": _rdf4j}
#: Kind → how to get it, for those that are not here.
MISSING: dict[str, str] = {
    kind: advice
    for kind, here, advice in (
        ("oxigraph", _OXIGRAPH, "pip install -e '.[stores]'"),
        ("fuseki", _FUSEKI and _JAVA, _FROM_MAVEN),
        (
            "virtuoso",
            _VIRTUOSO and _ISQL,
            "apt install virtuoso-opensource-7-bin (virtuoso-opensource starts a server that everybody can reach)",
        ),
        ("rdf4j", _RDF4J and _JETTY and _JAVA, _FROM_MAVEN),
    )
    if not here
}


@contextmanager
def store_of_kind(kind: str, folder: Path) -> Iterator["Running"]:
    """A store while it runs, with a user's name and password in the environment; skips where it is not installed."""
    skip_unless_here(kind)
    store = STARTERS[kind](folder)
    store.start()
    try:
        with pytest.MonkeyPatch.context() as patch:
            for name, value in store.environment.items():
                patch.setenv(name, value)
            yield store
    finally:
        store.stop()


def skip_unless_here(kind: str) -> None:
    """Skip the test, saying how to get the store."""
    if kind in MISSING:
        pytest.skip(f"{kind} is not on this machine: {MISSING[kind]}")
