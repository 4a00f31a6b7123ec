"""Documents about things never asked for, made in a loop without sockets: processor time, beside another version.

    python benchmarks/bench_things.py [--things 5000] [--rounds 3] [--claims] [--formats html …] [--beside FOLDER/src]

Each version has a process of its own in each round, and they take turns. One row per format: the median of the rounds'
means, then the least of batches of twenty, which other work on the machine disturbs least. The documents are those of
`bench_server.py --only resources`; with `--prepared` what pages are made of is prepared before, as a server does while
nobody asks, but no page as a whole.
"""

import argparse
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
_BATCH, _FIRST = 20, 200  #: documents that are timed together, and those that are made before


def measure(folder: Path, formats: list[str], prepared: bool) -> dict[str, list[float]]:
    """Microseconds for each document, in this process: the mean and the least of batches, by format."""
    from isoc_kg.project import load_project
    from isoc_kg.publication.publication import Publication
    from isoc_kg.server.content.resources import Resources
    from isoc_kg.server.content.snapshot import Snapshot
    from isoc_kg.server.content.thing_documents import ThingDocuments

    publication = Publication.of_files(load_project(folder), [folder / "data.nq"])
    snapshot = Snapshot(publication, "http://127.0.0.1:8000/", 1.0)
    documents = ThingDocuments(Resources(snapshot, ""), "")
    names = [name for name in snapshot.bundles if name.startswith("id/thing-")]
    random.Random(1).shuffle(names)
    if prepared:
        from isoc_kg.server.content.preparation import Preparation

        for _ in Preparation(snapshot, 0, lambda: 0).steps():
            pass
    size = len(names) // len(formats)
    found = {}
    for number, extension in enumerate(formats):
        part = names[number * size : (number + 1) * size]
        times = []
        for at in range(0, len(part) - _BATCH + 1, _BATCH):
            start = time.process_time()
            for name in part[at : at + _BATCH]:
                assert documents.response((f"/{name}.{extension}".encode(), b"*/*", b""))
            if at >= _FIRST:
                times.append((time.process_time() - start) / _BATCH * 1e6)
        found[extension] = [statistics.mean(times), min(times)]
    return found


def main() -> None:
    """Measure and print."""
    sys.path.insert(0, str(HERE))
    from benchmarks.bench_server import KG, claimed_lines
    from benchmarks.bench_site import lines

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--things", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--claims", action="store_true")
    parser.add_argument("--formats", nargs="+", default=["html", "ttl", "jsonld", "nt", "rdf"])
    parser.add_argument("--prepared", action="store_true")
    parser.add_argument("--beside", type=Path, help="the src folder of another version")
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.run:
        print(json.dumps(measure(asked.run, asked.formats, asked.prepared)))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "kg.toml").write_text(KG)
        (folder / "data.nq").write_bytes(b"".join(claimed_lines(asked.things) if asked.claims else lines(asked.things)))
        versions = {"here": HERE / "src"} | ({"beside": asked.beside.resolve()} if asked.beside else {})
        found: dict[str, list[dict[str, list[float]]]] = {version: [] for version in versions}
        for _ in range(asked.rounds):
            for version, source in versions.items():
                command = [sys.executable, __file__, "--run", name, "--formats", *asked.formats]
                if asked.prepared and version == "here":
                    command.append("--prepared")
                done = subprocess.run(
                    command, env=os.environ | {"PYTHONPATH": str(source)}, capture_output=True, text=True, check=True
                )
                found[version].append(json.loads(done.stdout))
    for extension in asked.formats:
        for version, rounds in found.items():
            mean = statistics.median(one[extension][0] for one in rounds)
            least = min(one[extension][1] for one in rounds)
            print(f"{extension:7} {version:7} mean {mean:7.1f} µs, least {least:7.1f} µs")


if __name__ == "__main__":
    main()
