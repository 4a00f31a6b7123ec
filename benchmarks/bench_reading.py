"""Reading RDF/XML and JSON-LD: ordinary and difficult documents, each beside the engine alone.

python benchmarks/bench_reading.py [TRIPLES]
"""

import collections
import io
import sys
import tempfile
import time
from pathlib import Path

import organisations
import pyoxigraph as ox

from isoc_kg.formats import JSONLD, RDFXML, Format
from isoc_kg.rdf import read_lines, read_quads, write

PREFIXES = {"schema": organisations.SCHEMA, "org": organisations.ORG, "e": organisations.EX}


def seconds(read) -> float:
    start = time.perf_counter()
    collections.deque(read(), maxlen=0)
    return time.perf_counter() - start


def report(what: str, data: bytes, format_: Format) -> None:
    alone = min(seconds(lambda: ox.parse(data, format=format_.engine, base_iri="http://b/")) for _ in range(2))
    ours = min(seconds(lambda: read_quads(data, format_, base="http://b/")) for _ in range(2))
    print(f"{what:<28} {len(data) / 1e6:6.1f} MB  engine {alone:6.2f} s  isoc-kg {ours:6.2f} s  {ours / alone:5.1f} ×")


def main() -> None:
    triples = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "data.nt"
        organisations.generate(path, triples)
        lines = read_lines(path)
    for format_, mark, difficult in (
        (RDFXML, b"</rdf:Description>", b"<e:note><![CDATA[x]]></e:note></rdf:Description>"),
        (JSONLD, b'"@graph"', b'"e:note": {"@type": "@json", "@value": 1}, "@graph"'),
    ):
        out = io.BytesIO()
        write(lines, format_, out, prefixes=PREFIXES)
        data = out.getvalue()
        report(f"{format_.label}, ordinary", data, format_)
        if format_ is RDFXML:
            report("RDF/XML, CR LF", data.replace(b"\n", b"\r\n"), format_)
        report(f"{format_.label}, difficult", data.replace(mark, difficult, 1), format_)


if __name__ == "__main__":
    main()
