"""Building, starting and importing, beside what they are measured against, in one run.

    python benchmarks/bench_build.py [--runs N]

`build` against a plain script that does the same steps with rdflib and pyshacl: read ontology, facts (the RDF 1.1 form,
since rdflib reads no annotations) and shapes, validate, and write the same eight RDF files and a framed tree.
`--help` against a click hello-world; `import isoc_kg` against bare Python. Each is a process of its own, interpreter
included; contestants take turns, the least of the runs counts, by the clock and by processor time, children included.
`--beside FOLDER` names the sources of another version (`src`), which builds in turn with this one.
"""

import argparse
import os
import platform
import resource
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent

PLAIN = """
import sys
from pathlib import Path
import pyshacl, rdflib
root, out = Path(sys.argv[1]), Path(sys.argv[2])
data = rdflib.Dataset()
data.parse(root / "out" / "isoc-kg.nq", format="nquads")
union = rdflib.Graph()
for quad in data.quads():
    union.add(quad[:3])
shapes = rdflib.Graph()
for name in ("evidence-shapes", "isoc-shapes"):
    shapes.parse(root / "shapes" / f"{name}.ttl")
conforms, _, _ = pyshacl.validate(union, shacl_graph=shapes)
assert conforms
style = rdflib.Graph().parse(root / "shapes" / "ontology-shapes.ttl")
ontology = rdflib.Graph()
for name in ("isoc", "evidence"):
    ontology.parse(root / "ontology" / f"{name}.ttl")
assert pyshacl.validate(ontology, shacl_graph=style)[0]
for name, form in (("ttl", "turtle"), ("nt", "nt"), ("rdf", "xml"), ("jsonld", "json-ld")):
    union.serialize(out / f"x.{name}", format=form)
data.serialize(out / "x.nq", format="nquads")
data.serialize(out / "x.trig", format="trig")
ontology.serialize(out / "ontology.ttl")
shapes.serialize(out / "shapes.ttl")
import json
from pyld import jsonld
context = json.loads((root / "out" / "context.jsonld").read_text())["@context"]
context = {k: v for k, v in context.items() if not (isinstance(v, dict) and "@reverse" in v)}
facts = rdflib.Graph().parse(root / "out" / "facts.ttl")
document = json.loads(facts.serialize(format="json-ld"))
frame = {"@context": context, "@id": "https://w3id.org/isoc-kg/id/internet-society"}
json.dump(jsonld.frame(document, frame), (out / "f").open("w"))
"""
HELLO = "import click\n@click.command()\ndef hello():\n    '''Say hello.'''\nhello()"


def processor() -> float:
    """Seconds of processor time that children have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def least(commands: dict[str, list[str]], runs: int, beside: str = "") -> dict[str, tuple[float, float]]:
    """Seconds of the quickest run of each command, taking turns: by the clock, and of processor time."""
    best: dict[str, tuple[float, float]] = {}
    for _ in range(runs):
        for name, command in commands.items():
            environment = {**os.environ, "PYTHONPATH": beside} if name == "before" else None
            start, used = time.perf_counter(), processor()
            subprocess.run(command, check=True, capture_output=True, cwd=tempfile.gettempdir(), env=environment)
            took = time.perf_counter() - start, processor() - used
            best[name] = tuple(map(min, best.get(name, took), took))  # type: ignore[assignment]
    return best


def main() -> None:
    """Run all and print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--beside", metavar="FOLDER")
    arguments = parser.parse_args()
    runs = arguments.runs
    python = [sys.executable]
    packages = ", ".join(f"{name} {version(name)}" for name in ("pyoxigraph", "shacl", "rdflib", "pyshacl", "click"))
    print(f"{platform.platform()}, Python {platform.python_version()}, {packages}; least of {runs} runs\n")
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain"
        plain.mkdir()
        script = Path(folder) / "plain.py"
        script.write_text(PLAIN, encoding="utf-8")
        hello = Path(folder) / "hello.py"
        hello.write_text(HELLO, encoding="utf-8")
        build = [*python, "-m", "isoc_kg", "build", "--project", str(ROOT), "-o", str(Path(folder) / "out")]
        rows = [
            ("build", least({"isoc-kg": build, "other": [*python, str(script), str(ROOT), str(plain)]}, min(runs, 3)),
             "plain rdflib and pyshacl: at least 5 times slower"),
            ("--help", least({"isoc-kg": [*python, "-m", "isoc_kg", "--help"],
                              "other": [*python, str(hello), "--help"]}, runs * 4),
             "click hello-world: at most 2 times it"),
            ("import", least({"isoc-kg": [*python, "-c", "import isoc_kg"],
                              "other": [*python, "-c", "pass"]}, runs * 4),
             "bare Python: at most 40 ms more"),
            ("import KnowledgeGraph", least({"isoc-kg": [*python, "-c", "from isoc_kg import KnowledgeGraph"],
                                             "other": [*python, "-c", "pass"]}, runs * 4),
             "bare Python: at most 40 ms more"),
        ]  # fmt: skip
    for name, best, target in rows:
        (clock, used), (other, other_used) = best["isoc-kg"], best["other"]
        print(f"{name:<22} {clock * 1000:6.0f} ms ({used * 1000:.0f})   other {other * 1000:6.0f} ms "
              f"({other_used * 1000:.0f})   {clock / other:5.2f} × ({used / other_used:.2f})   "
              f"{(clock - other) * 1000:+6.0f} ms   ({target})")  # fmt: skip
    if arguments.beside:
        with tempfile.TemporaryDirectory() as folder:
            build = [*python, "-m", "isoc_kg", "build", "--project", str(ROOT), "-o", str(Path(folder) / "out")]
            best = least({"before": build, "now": build}, runs, arguments.beside)
        for name, (clock, used) in best.items():
            print(f"build, {name:<15} {clock * 1000:6.0f} ms ({used * 1000:.0f})")


if __name__ == "__main__":
    main()
