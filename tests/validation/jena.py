"""Jena's SHACL and SPARQL as a further opinion: the services of a Fuseki server, on loopback."""

import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyoxigraph as ox

from isoc_kg.namespaces import RDF, SH
from isoc_kg.validation.shape_index import TRUE, ShapeIndex

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parent.parent)]
from differential import Opinion

from stores.running import JARS
from stores.running import MISSING as STORES

__all__ = ["MISSING", "ODDITIES", "oddities", "send", "server", "service", "where_right"]

#: How to get it, where it is not at hand.
MISSING = STORES.get("fuseki")
_CONFIG = """
@prefix fuseki: <http://jena.apache.org/fuseki#> . @prefix ja: <http://jena.hpl.hp.com/2005/11/Assembler#> .
[] a fuseki:Server ; fuseki:services ( <#s> ) .
<#s> a fuseki:Service ; fuseki:name "ds" ; fuseki:dataset [ a ja:MemoryDataset ] ;
  fuseki:endpoint [ fuseki:operation fuseki:gsp-rw ; fuseki:name "data" ] ,
    [ fuseki:operation fuseki:shacl ; fuseki:name "shacl" ] , [ fuseki:operation fuseki:query ; fuseki:name "query" ] .
"""


_MADE_UP = re.compile(rb'clusive> "(300|2001-02-30)"')
_XPATH = re.compile(rb"\\\\[wic]|-\[")
_FLAGS = ("closed", "uniqueLang", "deactivated")
#: What it is wrong on, and how to see that shapes and data have it.
ODDITIES: dict[str, Callable[[ShapeIndex, bytes, bytes], bool]] = {
    "sh:closed of a property shape is judged on the focus node": lambda graph, *_: _both(graph, SH.path, SH.closed),
    "sh:property of a property shape inside another constraint is judged on the focus node": lambda graph, *_: _both(
        graph, SH.path, SH.property
    ),
    "a term is at most itself, though it has no value": lambda graph, shapes, _: bool(
        _MADE_UP.search(shapes) or [*graph.subjects(SH.lessThanOrEquals)]
    ),
    "NaN is greater than all numbers": lambda _, shapes, data: b'"NaN"' in shapes + data,
    "an ill-formed number is neither true nor false": lambda _, shapes, __: b"!?value" in shapes,
    '"1"^^xsd:boolean is taken for true': lambda graph, *_: any(
        value != TRUE for name in _FLAGS for node in graph.subjects(SH[name]) for value in graph.values(node, SH[name])
    ),
    "a class is a target only as an instance of sh:NodeShape": lambda graph, *_: any(
        SH.NodeShape not in {term.value for term in graph.values(node, RDF.type)} for node in graph.implicit_targets
    ),
    "a deactivated query runs": lambda graph, *_: _both(graph, SH.select, SH.deactivated),
    "results of a query in a property shape have the focus node for a value": lambda graph, *_: _both(
        graph, SH.path, SH.sparql
    ),
    "an empty language range matches texts without a language": lambda graph, *_: any(
        not term.value
        for node in graph.subjects(SH.languageIn)
        for listed in graph.values(node, SH.languageIn)
        for term in graph.members(listed)
    ),
    "results of sh:uniqueLang have a value": lambda graph, *_: any(graph.subjects(SH.uniqueLang)),
    "patterns are Java's": lambda _, shapes, __: bool(_XPATH.search(shapes)),
    "white space before an integer passes": lambda _, __, data: b'" 1"' in data,
    "an xsd:dateTimeStamp is no xsd:dateTime": lambda _, __, data: b"#dateTimeStamp>" in data,
}


def _both(graph: ShapeIndex, *predicates: str) -> bool:
    return any(all(graph.values(node, name) for name in predicates) for node in graph.subjects(predicates[0]))


def oddities(shapes: bytes, data: bytes) -> set[str]:
    """What of `ODDITIES` shapes and data have."""
    graph = ShapeIndex(shapes)
    return {reason for reason, applies in ODDITIES.items() if applies(graph, shapes, data)}


def where_right(opinion: Opinion) -> Opinion:
    """The opinion on shapes and data without oddities, and none on others."""
    return lambda data, shapes: None if oddities(shapes, data) else opinion(data, shapes)


@contextmanager
def service() -> Iterator[Opinion | None]:
    """Its results of shapes on data (N-Triples); None where it is not at hand."""
    with server() as root:
        yield None if root is None else lambda data, shapes: _results(root, data, shapes)


@contextmanager
def server() -> Iterator[str | None]:
    """The address of a dataset in memory, with services `data`, `query` and `shacl`; None where it is not at hand."""
    jar, java = next(iter(sorted(JARS.glob("jena-fuseki-server-*.jar"))), None), shutil.which("java")
    if jar is None or java is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "config.ttl").write_text(_CONFIG, encoding="utf-8")
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        command = [
            java,
            "-Xmx500m",
            "-XX:TieredStopAtLevel=1",
            "-jar",
            str(jar),
            "--localhost",
            f"--port={port}",
            "--config=config.ttl",
        ]
        process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            root = f"http://127.0.0.1:{port}/ds"
            _wait(root, process)
            yield root
        finally:
            process.kill()
            process.wait()


def _wait(root: str, process: "subprocess.Popen[bytes]") -> None:
    for _ in range(600):
        assert process.poll() is None, "Fuseki has ended"
        try:
            send("PUT", f"{root}/data?default", b"")
        except OSError:
            time.sleep(0.1)
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
        results.setdefault(str(quad.subject), {})[quad.predicate.value.removeprefix(SH.iri)] = str(quad.object)
    names = ("focusNode", "value", "sourceConstraintComponent", "resultSeverity")
    return Counter(
        tuple(_plain(found.get(name, ""), iri=name[0] in "sr") for name in names)
        for found in results.values()
        if "focusNode" in found
    )


def _plain(token: str, *, iri: bool) -> str:
    return token.strip("<>") if iri else re.sub(r"_:\w+", "_:", token)
