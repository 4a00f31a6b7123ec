"""The seconds that the entailment of listed terms adds to a build of a million triples.

    python benchmarks/bench_entailment.py [--triples N] [--runs N]

Claims with their evidence, as a build has them: each thing has a class, a name and links by own properties, and each of
these statements is a claim with a sentence. The terms, the ontology and the share of each predicate are the shipped
project's. The least of the runs counts; labels and schemes, which a build derives anyway, are timed alone first.
"""

import argparse
import time
from collections.abc import Iterator
from dataclasses import replace

from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.authoring.derivation import derive_lines
from isoc_kg.project import load_project
from isoc_kg.rdf.lines import sort_lines


def copies(lines: list[bytes], things: bytes, number: int) -> Iterator[bytes]:
    """The lines again and again, with other names of things and claims each time."""
    size = 0
    for copy in range(number // len(lines) + 1):
        mark = b"%s%d-" % (things, copy)
        for line in lines:
            if size == number:
                return
            size += 1
            yield line.replace(things, mark).replace(b"/claim/", b"/claim/%d-" % copy)


def main() -> None:
    """Print the seconds with and without."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--triples", type=int, default=1_000_000)
    parser.add_argument("--runs", type=int, default=3)
    arguments = parser.parse_args()
    project = load_project()
    dataset = build_dataset(project)
    things = project.ids.things.encode()
    ontology = dataset.graph("ontology")
    parts = {name: dataset.graph(name) for name in ("facts", "evidence")}
    share = len(parts["facts"]) / sum(map(len, parts.values()))
    facts = list(copies(parts["facts"], things, int(arguments.triples * share)))
    others = list(copies(parts["evidence"], things, arguments.triples - len(facts)))
    least: dict[str, tuple[float, int]] = {}
    for _ in range(arguments.runs):
        for name, made in (("labels and schemes", replace(project, entailed=())), ("with entailment", project)):
            start = time.perf_counter()
            derived = sort_lines(derive_lines(made, facts, ontology, others=others))
            seconds = time.perf_counter() - start
            least[name] = min(least.get(name, (seconds, len(derived))), (seconds, len(derived)))
    print(f"{len(facts) + len(others):,} triples, {len(project.entailed)} terms")
    for name, (seconds, count) in least.items():
        print(f"{name:20} {seconds:6.2f} s  {count:9,} derived")
    (before, _), (after, _) = least.values()
    print(f"{'added':20} {after - before:6.2f} s")


if __name__ == "__main__":
    main()
