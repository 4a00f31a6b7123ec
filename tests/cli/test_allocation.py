"""A server over a store starts again with more freed memory at hand, once, as the same process."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest


def _glibc() -> bool:
    return sys.platform == "linux" and "glibc" in (os.confstr("CS_GNU_LIBC_VERSION") or "")


@pytest.mark.skipif(not _glibc(), reason="only glibc has these settings")
@pytest.mark.parametrize("given", [None, "glibc.malloc.check=0"])
def test_a_server_over_a_store(tmp_path: Path, given: str | None) -> None:
    """What somebody has set stays as it is."""
    store = ox.Store(tmp_path / "store")
    store.add(ox.Quad(ox.NamedNode("urn:x:s"), ox.NamedNode("urn:x:p"), ox.Literal("a b")))
    store.flush()
    del store
    environment = {name: value for name, value in os.environ.items() if name != "GLIBC_TUNABLES"}
    environment |= {"GLIBC_TUNABLES": given} if given else {}
    command = [sys.executable, "-m", "isoc_kg", "serve", "--no-log", "--port", "0", "--store", "store"]
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, text=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        try:
            assert process.stderr is not None
            address = process.stderr.readline().split()[-1]
            assert httpx.get(f"{address}health", timeout=30).status_code == 200
            about = Path(f"/proc/{process.pid}")
            assert about.joinpath("cmdline").read_bytes().split(b"\0")[1:-1] == [one.encode() for one in command[1:]]
            expected = given or "glibc.malloc.tcache_count=100"
            set_ = about.joinpath("environ").read_bytes().split(b"\0")
            assert any(one.startswith(f"GLIBC_TUNABLES={expected}".encode()) for one in set_)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
    assert process.returncode == 0
