"""Finding where sources disagree, among generated documents: time and memory by how many there are.

    python benchmarks/bench_conflicts.py [--documents 1000 2500 5000 10000]

Each size is a process of its own, which reads the project, finds the conflicts, and compares them with what was
planted. Writing and indexing the documents is not measured. Time is the process's own, memory its peak.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from disagreeing_documents import write_documents  # noqa: E402

MEASURED = """
import json, resource, sys, time
start = time.process_time()
from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.evidence.authored import Authored
from isoc_kg.evidence.conflicts import find_conflicts
from isoc_kg.project import load_project
dataset = build_dataset(load_project(sys.argv[1]))
read = time.process_time()
conflicts = find_conflicts(dataset, Authored(dataset))
done = time.process_time()
kinds = {"conflict": 0, "settled": 0, "denial": 0}
for conflict in conflicts:
    kinds["denial" if conflict.kind == "denial" else "settled" if conflict.settled else "conflict"] += 1
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
print(json.dumps({"read": read - start, "find": done - read, "peak": peak, "kinds": kinds}))
"""


def main() -> None:
    """Measure each size and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--documents", type=int, nargs="+", default=[1_000, 2_500, 5_000, 10_000])
    sizes = parser.parse_args().documents
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    print(f"{'documents':>9} {'conflicts':>9} {'read, s':>8} {'find, s':>8} {'ms a document':>13} {'peak, MB':>8}")
    for documents in sizes:
        with tempfile.TemporaryDirectory() as folder:
            planted = write_documents(Path(folder) / "project", documents).counts()
            done = subprocess.run(
                [sys.executable, "-c", MEASURED, str(Path(folder) / "project")],
                capture_output=True, text=True, check=True, cwd=folder,
            )  # fmt: skip
        result = json.loads(done.stdout)
        assert result["kinds"] == {kind: planted[kind] for kind in result["kinds"]}, (result, planted)
        total = result["read"] + result["find"]
        peak = result["peak"] / (1_000_000 if platform.system() == "Darwin" else 1_000)
        print(
            f"{documents:>9,} {sum(result['kinds'].values()):>9,} {result['read']:>8.2f} {result['find']:>8.2f} "
            f"{1000 * total / documents:>13.2f} {peak:>8.0f}"
        )


if __name__ == "__main__":
    main()
