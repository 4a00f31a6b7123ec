"""`isoc-kg validate` beside `shacl` alone and pyshacl on the same synthetic organisation graph, in one run.

    python benchmarks/bench_validation.py [TRIPLES …]

File to report, interpreter included; pyshacl is run once. The shapes are two node shapes with seven property shapes:
counts, patterns, classes, datatypes, written here.
"""

import platform
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))
from benchmarks.bench_serialization import generate

SHAPES = """@prefix sh: <http://www.w3.org/ns/shacl#> . @prefix schema: <https://schema.org/> .
@prefix org: <http://www.w3.org/ns/org#> . @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> . @prefix s: <https://example.org/shapes#> .
s:Organization a sh:NodeShape ; sh:targetClass schema:Organization ; sh:pattern "/id/[a-z0-9-]+$" ;
  sh:property s:name , s:founded , s:linked , s:description .
s:name a sh:PropertyShape ; sh:path schema:name ; sh:minCount 1 ; sh:uniqueLang true ; sh:datatype rdf:langString .
s:founded a sh:PropertyShape ; sh:path schema:foundingDate ; sh:maxCount 1 ; sh:datatype xsd:gYear ;
  sh:pattern "^[0-9]{4}$" .
s:linked a sh:PropertyShape ; sh:path org:linkedTo ; sh:class schema:Organization ; sh:nodeKind sh:IRI .
s:description a sh:PropertyShape ; sh:path schema:description ; sh:maxLength 200 .
s:Claim a sh:NodeShape ; sh:targetClass rdf:Statement ; sh:property s:subject , s:predicate , s:object .
s:subject a sh:PropertyShape ; sh:path rdf:subject ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI .
s:predicate a sh:PropertyShape ; sh:path rdf:predicate ; sh:minCount 1 ; sh:maxCount 1 ; sh:nodeKind sh:IRI .
s:object a sh:PropertyShape ; sh:path rdf:object ; sh:minCount 1 ; sh:maxCount 1 .
"""
SLOW_MOST = 100_000  #: triples that pyshacl is given
ALONE = "import sys, shacl; print(len(shacl.Shapes.from_file(sys.argv[1]).validate_file(sys.argv[2]).results))"


def seconds(command: list[str]) -> tuple[float, float]:
    """One run by the clock, and its processor time, children included; in a folder that is no project."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, cwd=tempfile.gettempdir())
    took = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return took, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    """Run all and print the table."""
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    packages = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "shacl", "pyshacl"))
    print(f"{platform.platform()}, Python {platform.python_version()}, {packages}; least of 3 runs\n")
    print("triples, seconds (of processor time)   isoc-kg validate   shacl alone   ratio   isoc-kg --engine pyshacl")
    with tempfile.TemporaryDirectory() as name:
        shapes = Path(name) / "shapes.ttl"
        shapes.write_text(SHAPES, encoding="utf-8")
        for size in sizes:
            data = Path(name) / f"{size}.nt"
            generate(data, size)
            ours = [sys.executable, "-m", "isoc_kg", "validate", str(data), "--shapes", str(shapes)]
            alone = [sys.executable, "-c", ALONE, str(shapes), str(data)]
            mine, others = zip(*((seconds(ours), seconds(alone)) for _ in range(3)), strict=True)
            clock, used = map(min, zip(*mine, strict=True))
            other, other_used = map(min, zip(*others, strict=True))
            slow = ""
            if size <= SLOW_MOST:
                took, _ = seconds([*ours, "--engine", "pyshacl"])
                slow = f"{took:8.2f} s, {took / clock:5.1f} times as long"
            print(
                f"{size:>9,}   {clock:8.3f} ({used:.3f})   {other:8.3f} ({other_used:.3f})   "
                f"{clock / other:5.2f} ({used / other_used:.2f})   {slow}",
                flush=True,
            )
    print(f"\npeak memory of a child: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
