"""Documents of every format, and their mutants: whatever comes of them, reading ends in quads or one of our errors.

As a script it tries as many as are asked for: python tests/rdf/mutate_documents.py 30000
"""

import bz2
import gzip
import io
import lzma
import os
import random
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from isoc_kg.errors import IsocKgError
from isoc_kg.limits import Limits
from isoc_kg.rdf.files import Reading

_TURTLE = """@prefix e: <http://e/> .
e:a e:b "text"@en-GB, 'x', 1.50, true, [ e:c ( 1 "é" ) ] ; a e:T . # remark
<http://e/d> e:long \"\"\"one
two\"\"\" ; e:typed "1"^^<http://e/t> .
_:e e:d <<( e:a e:b e:c )>> .
"""
_XML = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE rdf:RDF [<!ENTITY e "http://e/">]>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/" xml:base="http://b/">
  <rdf:Description rdf:about="&e;a" xml:lang="en-GB" e:q="a
b"><e:p>text <![CDATA[<x>]]> &amp; <!-- remark --></e:p><e:p xml:lang="">y</e:p>
  <e:l rdf:parseType="Literal"><b xmlns="http://n/">x</b></e:l><e:c rdf:parseType="Collection"><e:T rdf:ID="i"/></e:c>
  </rdf:Description>
</rdf:RDF>
"""
_PLAIN_XML = (
    _XML.replace("<![CDATA[<x>]]>", "").replace("<!-- remark -->", "").replace('xml:lang=""', "").replace("a\nb", "ab")
)
_JSON = """{"@context": {"@vocab": "http://v/", "t": {"@type": "@id"}, "l": {"@container": "@list"}},
 "@id": "http://e/a", "@type": "T", "t": "http://e/b", "l": [1, 2.5, "é"], "p": {"@value": "x", "@language": "en-GB"}}
"""
_LINES = '<http://e/a> <http://e/p> "text\\n"@en-GB .\n_:b <http://e/p> "1"^^<http://e/t> .\n'
_ZIP = io.BytesIO()
with zipfile.ZipFile(_ZIP, "w") as archive:
    archive.writestr("a.ttl", _TURTLE)
    archive.writestr("d/b.nt", _LINES)

DOCUMENTS: dict[str, bytes] = {
    "a.ttl": _TURTLE.encode(),
    "a.trig": f"{_TURTLE}<http://e/g> {{ <x:s> <x:p> 1 }}".encode(),
    "a.nt": _LINES.encode(),
    "a.nq": _LINES.replace(" .\n", " <http://e/g> .\n").encode(),
    "a.rdf": _XML.encode(),
    "b.rdf": _PLAIN_XML.replace('<b xmlns="http://n/">x</b>', "x").replace('rdf:parseType="Literal"', "").encode(),
    "c.rdf": _XML.replace("UTF-8", "UTF-16").encode("utf-16"),
    "a.jsonld": _JSON.encode(),
    "a.n3": _TURTLE.encode(),
    "a.txt": _TURTLE.encode(),
    "a.ttl.gz": gzip.compress(_TURTLE.encode(), mtime=0),
    "a.rdf.bz2": bz2.compress(_XML.encode()),
    "a.nt.xz": lzma.compress(_LINES.encode()),
    "a.zip": _ZIP.getvalue(),
}
_PIECES = [
    b"<",
    b">",
    b'"',
    b"'",
    b"&",
    b";",
    b"{",
    b"}",
    b"[",
    b"]",
    b"\\",
    b"\0",
    b"\r\n",
    b"\xff",
    b"\xef\xbb\xbf",
    b"<!--",
    b"-->",
    b"]]>",
    b"<![CDATA[",
    b"&#1;",
    b"&x;",
    b"xml:lang",
    b"rdf:parseType",
    b"@context",
    b"@import",
    b"\\u0040",
    b"1e400",
    b"@en-US",
    b"<<(",
    b"=>",
    b".",
    b":",
    b"#",
    b"^^",
    b"xml:base=''",
    b"null",
    b"//",
    b"../",
    b" ",
]


def mutant(data: bytes, chance: random.Random) -> bytes:
    """The bytes with one or two small changes."""
    for _ in range(chance.choice((1, 1, 2))):
        at, size = chance.randrange(len(data) + 1), chance.choice((1, 1, 2, 5, 20, 100))
        kind = chance.randrange(6)
        if kind == 0:
            data = data[:at] + data[at + size :]
        elif kind == 1:
            data = data[:at] + chance.choice(_PIECES) + data[at:]
        elif kind == 2:
            data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
        elif kind == 3:
            data = data[:at] + data[at : at + size] * chance.choice((2, 3, 50)) + data[at + size :]
        elif kind == 4:
            other = chance.randrange(len(data) + 1)
            data = data[:at] + data[other : other + size] + data[at:]
        else:
            data = data[:at]
    return data


def tried(count: int, folder: Path, seed: int = 1) -> Iterator[tuple[str, bytes, BaseException | None]]:
    """Name, bytes and outcome of as many mutants: None for quads, else what was raised."""
    chance = random.Random(seed)
    limits = Limits(reading_seconds=20, canonicalization_seconds=20)
    names = sorted(DOCUMENTS)
    for number in range(count):
        name = names[number % len(names)]
        data = mutant(DOCUMENTS[name], chance)
        path = folder / name
        path.write_bytes(data)
        try:
            for file in Reading(base="http://b/" if number % 3 else None).files([path]):
                file.lines(limits)
        except BaseException as error:  # noqa: BLE001 – whatever it is, the caller judges
            yield name, data, error
        else:
            yield name, data, None


def main() -> None:
    """Try them, and tell what came of them."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    outcomes: Counter[str] = Counter()
    slowest = 0.0
    with tempfile.TemporaryDirectory() as folder:
        start = time.perf_counter()
        for name, data, error in tried(count, Path(folder), int(sys.argv[2]) if len(sys.argv) > 2 else 1):
            slowest = max(slowest, time.perf_counter() - start)
            outcomes["read" if error is None else type(error).__name__] += 1
            if error is not None and not isinstance(error, IsocKgError):
                print(name, repr(error), data)
            start = time.perf_counter()
        left = sorted({path.name for path in Path(folder).iterdir()} - set(DOCUMENTS))
    children = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
    alive = children.read_text().split() if children.exists() else []
    print(dict(outcomes), f"slowest {slowest:.2f} s", f"left behind {left}, alive {alive}")


if __name__ == "__main__":
    main()
