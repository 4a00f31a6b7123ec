"""Stores that are started once for all tests which do not end them, and loads as users start them."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pytest

from isoc_kg.endpoint import Credentials, Endpoint
from isoc_kg.stores import find_profile
from isoc_kg.stores.store import RemoteStore
from warm_start import WarmStart

from .running import STARTERS, Running, skip_unless_here

KINDS = tuple(STARTERS)


@pytest.fixture(scope="session")
def _shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Running]]:
    """One store of each kind, started when it is first asked for."""
    running: dict[str, Running] = {}

    def get(kind: str) -> Running:
        skip_unless_here(kind)
        if kind not in running:
            store = STARTERS[kind](tmp_path_factory.mktemp(kind))
            try:
                store.start()
            except BaseException:
                store.stop()  # else the next test would take it for one that runs
                raise
            running[kind] = store
        return running[kind]

    yield get
    for store in running.values():
        store.stop()


@pytest.fixture(params=KINDS)
def store(request: pytest.FixtureRequest, _shared: Callable[[str], Running]) -> Running:
    """Each store in turn; it may hold graphs of other tests."""
    return _shared(request.param)


@pytest.fixture
def oxigraph(_shared: Callable[[str], Running]) -> Running:
    """The quickest to start."""
    return _shared("oxigraph")


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Callable[[str], Running]]:
    """A store of a test's own, which the test may end."""
    stores = []

    def get(kind: str, name: str = "store") -> Running:
        skip_unless_here(kind)
        (tmp_path / name).mkdir()
        stores.append(STARTERS[kind](tmp_path / name))
        return stores[-1]

    yield get
    for one in stores:
        one.stop()


class Loader:
    """`isoc-kg load` in a process of its own, as a user has it."""

    def __init__(self, folder: Path, warm_start: WarmStart) -> None:
        self.folder, self.warm_start = folder, warm_start

    def start(
        self,
        store: Running,
        *arguments: str | Path,
        to: str | None = None,
        endpoint: str | None = None,
        **environment: str,
    ) -> "subprocess.Popen[str]":
        """The load, while it runs."""
        return subprocess.Popen(
            [sys.executable, "-m", "isoc_kg", *self._arguments(store, arguments, to, endpoint)],
            cwd=self.folder,
            env=self._environment(store, environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def __call__(
        self,
        store: Running,
        *arguments: str | Path,
        code: int = 0,
        to: str | None = None,
        endpoint: str | None = None,
        **environment: str,
    ) -> "subprocess.CompletedProcess[str]":
        """The load when it has ended, with this exit code and never a traceback or the password."""
        words, given = self._arguments(store, arguments, to, endpoint), self._environment(store, environment)
        if self.warm_start.fits(given):
            done = self.warm_start.command(words, self.folder, seconds=300, environment=given)
        else:
            process = self.start(store, *arguments, to=to, endpoint=endpoint, **environment)
            out, err = process.communicate(timeout=300)
            done = subprocess.CompletedProcess(words, process.returncode, out, err)
        assert "Traceback" not in done.stderr, done.stderr
        assert not store.password or store.password not in done.stdout + done.stderr
        assert done.returncode == code, (done.returncode, done.stdout, done.stderr)
        return done

    def _arguments(
        self, store: Running, arguments: Sequence[str | Path], to: str | None, endpoint: str | None
    ) -> list[str]:
        where = ["--to", to or store.kind, "--endpoint", endpoint or store.endpoint]
        return ["load", *where, *map(str, arguments)]

    def _environment(self, store: Running, more: Mapping[str, str]) -> dict[str, str]:
        names = ("ISOC_KG_USER", "ISOC_KG_PASSWORD", "ISOC_KG_TOKEN")
        base = {name: value for name, value in os.environ.items() if name not in names}
        return {**base, **store.environment, **more}


@pytest.fixture
def load(tmp_path: Path, warm_start: WarmStart) -> Loader:
    """Start loads in an empty folder."""
    return Loader(tmp_path, warm_start)


def remote(store: Running) -> RemoteStore:
    """The store as the package's own client sees it."""
    credentials = Credentials(store.auth, store.user, store.password) if store.auth else None  # type: ignore[arg-type]
    return RemoteStore(find_profile(store.kind), store.endpoint, credentials=credentials)


def held(store: Running, graph: str | None) -> list[bytes]:
    """What a graph of the store holds, read by the client of queries: another path than the load's own."""
    one = remote(store)
    with Endpoint(one.endpoint.query_url, http=one.endpoint.http) as endpoint:
        return endpoint.triples(graph)


def graphs(store: Running) -> list[str]:
    """The named graphs of a store."""
    one = remote(store)
    with Endpoint(one.endpoint.query_url, http=one.endpoint.http) as endpoint:
        return endpoint.named_graphs()
