"""The evidence check: what it adds to a build, and how it grows with the number of claims.

    python benchmarks/bench_check.py [--claims 1000 2500 5000 10000] [--document FILE]

Each size is a process of its own, which checks a generated project: bodies that were founded in a year, support and
advise one another, a sentence a statement. Time is the process's own; memory before the check, and at its peak. With
--document the shipped publication is measured first, check and audit, the least of five runs.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))
from benchmarks.publications import write_project  # noqa: E402

MEASURED = """
import json, resource, sys, time
from pathlib import Path
from isoc_kg.authoring.dataset import build_dataset
from isoc_kg.evidence.audit import audit_evidence, judgements_file, read_judgements
from isoc_kg.evidence.check import check_evidence
from isoc_kg.evidence.corpus import Corpus
from isoc_kg.evidence.texts import texts_at_hand
from isoc_kg.project import load_project
from isoc_kg.validation import ShapesGraph
dataset = build_dataset(load_project(sys.argv[1]))
shapes, files = ShapesGraph.of_project(dataset.project), [Path(name) for name in sys.argv[3:]]
def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
dataset.labels
before = peak()
start = time.process_time()
check = check_evidence(dataset, shapes, files)
checked = time.process_time()
result = {"check": checked - start, "pairs": check.pairs, "flags": len(check.flags), "errors": len(check.errors),
          "before": before, "peak": peak()}
if sys.argv[2] == "audit":
    texts = {name: text for name, (_, text) in texts_at_hand(dataset, files)[0].items()}
    start = time.process_time()
    judgements = read_judgements(judgements_file(dataset.project))
    audit = audit_evidence(Corpus(dataset, texts, shapes.lines), judgements=judgements)
    result |= {"audit": time.process_time() - start, "mutants": sum(score.mutants for score in audit.scores)}
print(json.dumps(result))
"""


def measure(project: Path, *arguments: str) -> dict[str, float]:
    """The figures of one process."""
    command = [sys.executable, "-c", MEASURED, str(project), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    result: dict[str, float] = json.loads(done.stdout)
    unit = 1_000_000 if platform.system() == "Darwin" else 1_000
    return result | {"before": result["before"] / unit, "peak": result["peak"] / unit}


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, nargs="*", default=[1_000, 2_500, 5_000, 10_000])
    parser.add_argument("--document", type=Path)
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}\n")
    if options.document:
        runs = [measure(ROOT, "audit", str(options.document.resolve())) for _ in range(5)]
        check, audit = (min(run[key] for run in runs) for key in ("check", "audit"))
        pairs, mutants = runs[0]["pairs"], runs[0]["mutants"]
        print(f"shipped: check {check:.3f} s for {pairs:,} pairs, audit {audit:.2f} s for {mutants:,} mutants\n")
    print(f"{'claims':>7} {'pairs':>7} {'check, s':>9} {'ms a pair':>10} {'MB before':>10} {'peak, MB':>9}")
    for claims in options.claims:
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder) / "project"
            write_project(project, claims)
            run = measure(project, "check")
        assert run["errors"] == run["flags"] == 0, run
        print(
            f"{claims:>7,} {run['pairs']:>7,} {run['check']:>9.2f} {1000 * run['check'] / run['pairs']:>10.3f} "
            f"{run['before']:>10.0f} {run['peak']:>9.0f}"
        )


if __name__ == "__main__":
    main()
