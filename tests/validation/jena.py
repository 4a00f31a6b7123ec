"""Jena's SHACL and SPARQL as a further opinion: the services of a Fuseki server, on loopback."""

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

__all__ = ["MISSING", "send", "server", "service"]

MISSING = "Jena needs java, and jena-fuseki-server-*.jar in the folder that ISOC_KG_STORES names"
_SH = "http://www.w3.org/ns/shacl#"
_CONFIG = """
@prefix fuseki: <http://jena.apache.org/fuseki#> . @prefix ja: <http://jena.hpl.hp.com/2005/11/Assembler#> .
[] a fuseki:Server ; fuseki:services ( <#s> ) .
<#s> a fuseki:Service ; fuseki:name "ds" ; fuseki:dataset [ a ja:MemoryDataset ] ;
  fuseki:endpoint [ fuseki:operation fuseki:gsp-rw ; fuseki:name "data" ] ,
    [ fuseki:operation fuseki:shacl ; fuseki:name "shacl" ] , [ fuseki:operation fuseki:query ; fuseki:name "query" ] .
"""
Opinion = Callable[[bytes, bytes], "Counter[tuple[str, ...]] | None"]


@contextmanager
def service() -> Iterator[Opinion | None]:
    """Its results of shapes on data (N-Triples); None where it is not at hand."""
    with server() as root:
        yield None if root is None else lambda data, shapes: _results(root, data, shapes)


@contextmanager
def server() -> Iterator[str | None]:
    """The address of a dataset in memory, with services `data`, `query` and `shacl`; None where it is not at hand."""
    jar = next(iter(sorted(Path(os.environ.get("ISOC_KG_STORES", "nowhere")).glob("jena-fuseki-server-*.jar"))), None)
    java = shutil.which("java")
    if jar is None or java is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "config.ttl").write_text(_CONFIG, encoding="utf-8")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [java, "-Xmx500m", "-jar", str(jar), "--localhost", f"--port={port}", "--config=config.ttl"]
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            root = f"http://127.0.0.1:{port}/ds"
            _wait(root, process)
            yield root
        finally:
            process.kill()
            process.wait()


def _wait(root: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(240):
        assert process.poll() is None, "Fuseki has ended"
        try:
            send("PUT", f"{root}/data?default", b"")
        except OSError:
            time.sleep(0.25)
        else:
            return
    raise AssertionError("Fuseki does not answer")


def send(
    method: str, url: str, body: bytes, kind: str = "application/n-triples", accept: str = "application/n-triples"
) -> bytes:
    """What comes back for a body of a media type."""
    request = urllib.request.Request(url, data=body, method=method)
    request.add_header("Content-Type", kind)
    request.add_header("Accept", accept)
    with urllib.request.urlopen(request, timeout=60) as answer:
        content: bytes = answer.read()
        return content


def _results(root: str, data: bytes, shapes: bytes) -> "Counter[tuple[str, ...]] | None":
    send("PUT", f"{root}/data?default", data)
    try:
        answer = send("POST", f"{root}/shacl?graph=default", shapes)
    except OSError:
        return None
    results: dict[str, dict[str, str]] = {}
    for quad in ox.parse(answer, format=ox.RdfFormat.N_TRIPLES):
        results.setdefault(str(quad.subject), {})[quad.predicate.value.removeprefix(_SH)] = str(quad.object)
    names = ("focusNode", "value", "sourceConstraintComponent", "resultSeverity")
    return Counter(
        tuple(_plain(found.get(name, ""), iri=name[0] in "sr") for name in names)
        for found in results.values()
        if "focusNode" in found
    )


def _plain(token: str, *, iri: bool) -> str:
    return token.strip("<>") if iri else re.sub(r"_:\w+", "_:", token)
