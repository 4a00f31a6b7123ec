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

sys.path.insert(0, str(Path(__file__).parent))
from bench_serialization import generate

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
ALONE = "import sys, shacl; print(len(shacl.Shapes.from_file(sys.argv[1]).validate_file(sys.argv[2]).results))"


def seconds(command: list[str]) -> float:
    """Wall-clock time of one run."""
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


def main() -> None:
    """Run all and print the table."""
    sizes = [int(size) for size in sys.argv[1:]] or [10_000, 100_000, 1_000_000]
    packages = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "shacl", "pyshacl"))
    print(f"{platform.platform()}, Python {platform.python_version()}, {packages}; least of 3 runs\n")
    print("triples      isoc-kg validate   shacl alone   ratio   pyshacl (isoc-kg --engine pyshacl)")
    with tempfile.TemporaryDirectory() as name:
        shapes = Path(name) / "shapes.ttl"
        shapes.write_text(SHAPES, encoding="utf-8")
        for size in sizes:
            data = Path(name) / f"{size}.nt"
            generate(data, size)
            ours = [sys.executable, "-m", "isoc_kg", "validate", str(data), "--shapes", str(shapes)]
            alone = [sys.executable, "-c", ALONE, str(shapes), str(data)]
            best = [1e9, 1e9]
            for _ in range(3):
                best = [min(best[0], seconds(ours)), min(best[1], seconds(alone))]
            took = seconds([*ours, "--engine", "pyshacl"])
            slow = f"{took:8.2f} s, {took / best[0]:5.1f} times as long"
            print(f"{size:>9,}   {best[0]:14.3f} s   {best[1]:9.3f} s   {best[0] / best[1]:5.2f}   {slow}")
    print(f"\npeak memory of a child: {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    main()
