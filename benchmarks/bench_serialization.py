"""How long, and in how much memory, N-Triples become Turtle and JSON-LD: isoc-kg, pyoxigraph and rdflib side by side.

    python benchmarks/bench_serialization.py [TRIPLES …] [--runs N]

Each measurement is a process of its own, file to file, start of the interpreter included; the contestants take
turns, and the least of the runs counts. isoc-kg sorts and groups; pyoxigraph writes the statements as they
come (JSON-LD in expanded form); rdflib is measured up to 100,000 triples and scaled linearly above.
"""

import argparse
import importlib.metadata
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RDFLIB_MOST = 100_000
CONTESTANTS = ("pyoxigraph", "isoc-kg", "rdflib")
FORMATS = ("ttl", "jsonld")


def generate(path: Path, triples: int) -> None:
    """Organisations, each with five triples and two reified statements of five: the subjects in random order."""
    random_ = random.Random(triples)
    rdf, schema, base = "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "https://schema.org/", "https://example.org/kg/"
    count = max(1, triples // 15)
    names = random_.sample(range(10 * count), count)
    written = 0
    with path.open("w", encoding="utf-8") as file:
        for number, name in enumerate(names):
            thing, other = f"<{base}id/organisation-{name}>", f"<{base}id/organisation-{random_.choice(names)}>"
            year = f'"{1900 + number % 120}"^^<http://www.w3.org/2001/XMLSchema#gYear>'
            lines = [
                f"{thing} <{rdf}type> <{schema}Organization> .",
                f'{thing} <{schema}name> "Organisation “{name}”"@en .',
                f"{thing} <{schema}foundingDate> {year} .",
                f"{thing} <http://www.w3.org/ns/org#linkedTo> {other} .",
                f'{thing} <{schema}description> "What number {name} does,\\nin \\"own\\" words." .',
            ]
            for property_, value in (
                ("https://schema.org/foundingDate", year),
                ("http://www.w3.org/ns/org#linkedTo", other),
            ):
                claim = f"<{base}claim/organisation-{name}.{random_.getrandbits(64):016x}>"
                lines += [
                    f"{claim} <{rdf}type> <{rdf}Statement> .",
                    f"{claim} <{rdf}subject> {thing} .",
                    f"{claim} <{rdf}predicate> <{property_}> .",
                    f"{claim} <{rdf}object> {value} .",
                    f"{claim} <{base}ontology#supportedBy> <{base}document/report/1#{number % 90}.{number % 7}> .",
                ]
            lines = lines[: triples - written]
            file.writelines(line + "\n" for line in lines)
            written += len(lines)


def convert(contestant: str, source: str, target: str) -> None:
    """One conversion, in this process."""
    kind = Path(target).suffix[1:]
    if contestant == "pyoxigraph":
        import pyoxigraph as ox

        format_ = ox.RdfFormat.TURTLE if kind == "ttl" else ox.RdfFormat.JSON_LD
        ox.serialize(ox.parse(path=source, format=ox.RdfFormat.N_TRIPLES), target, format=format_)
    elif contestant == "rdflib":
        import rdflib

        graph = rdflib.Graph().parse(source, format="nt")
        graph.serialize(target, format="turtle" if kind == "ttl" else "json-ld")
    else:
        from isoc_kg.formats import format_from_path
        from isoc_kg.namespaces import PREFIXES
        from isoc_kg.rdf.conversion import convert
        from isoc_kg.rdf.files import RdfFile

        prefixes = {**PREFIXES, "id": "https://example.org/kg/id/", "claim": "https://example.org/kg/claim/"}
        with Path(target).open("wb") as out:
            convert([RdfFile(Path(source))], format_from_path(target), out, prefixes=prefixes)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)


def measure(contestant: str, source: Path, target: Path) -> tuple[float, int, float]:
    """Seconds, the peak in MiB, and seconds of processor time, all processes together."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    command = [sys.executable, __file__, "--worker", contestant, str(source), str(target)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return seconds, int(done.stdout), after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("triples", nargs="*", type=int, default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in CONTESTANTS)
    print(f"{platform.platform()}, {platform.machine()}, Python {platform.python_version()}, {versions}")
    print(f"least of {arguments.runs} runs, in turn; N-Triples file to file; rdflib once, above {RDFLIB_MOST:,} scaled")
    print(
        f"{'triples':>10} {'to':7} {'MB in':>6} {'pyoxigraph':>11} {'isoc-kg':>9} {'times':>6} "
        f"{'rdflib':>9} {'faster':>7} {'peak MiB':>10}"
    )
    with tempfile.TemporaryDirectory() as folder:
        rates: dict[str, float] = {}
        for triples in arguments.triples:
            source = Path(folder) / f"{triples}.nt"
            generate(source, triples)
            for kind in FORMATS:
                target = source.with_suffix("." + kind)
                least = {name: float("inf") for name in CONTESTANTS}
                used = dict(least)
                peak = 0
                for _ in range(arguments.runs):
                    for name in ("pyoxigraph", "isoc-kg"):
                        seconds, mebibytes, processor = measure(name, source, target)
                        least[name], used[name] = min(least[name], seconds), min(used[name], processor)
                        if name == "isoc-kg":
                            peak = max(peak, mebibytes)
                if triples <= RDFLIB_MOST:
                    least["rdflib"], *_ = measure("rdflib", source, target)
                    rates[kind] = least["rdflib"] / triples
                elif kind in rates:
                    least["rdflib"] = rates[kind] * triples
                scaled = "~" if triples > RDFLIB_MOST else ""
                print(
                    f"{triples:>10,} {kind:7} {source.stat().st_size / 1e6:>6.1f} {least['pyoxigraph']:>9.2f} s "
                    f"{least['isoc-kg']:>7.2f} s {least['isoc-kg'] / least['pyoxigraph']:>6.2f} "
                    f"{scaled + format(least['rdflib'], '.2f'):>7} s {least['rdflib'] / least['isoc-kg']:>7.1f} "
                    f"{peak:>10}   processor time {used['pyoxigraph']:.2f} s, {used['isoc-kg']:.2f} s in all processes",
                    flush=True,
                )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--worker"]:
        convert(*sys.argv[2:])
    else:
        main()
