"""The judge: what a judgement, an acceptance and a look at the queue take, in a project of many claims.

    python benchmarks/bench_judge.py [--claims 1000 10000] [--proposals 200]

Each size is a process of its own on the generated project of `bench_check.py`. Times are the process's own,
median and the slowest in twenty; the first judgement, which reads the shapes, stands apart.
"""

import argparse
import json
import platform
import subprocess
import sys
import tempfile
from pathlib import Path

from bench_check import write_project

MEASURED = """
import json, random, sys, time
from isoc_kg.project import load_project
from isoc_kg.proposals.acceptance import Review
from isoc_kg.proposals.judge import Judge
from isoc_kg.proposals.submission import Submission

def timed(work):
    start = time.process_time()
    result = work()
    return result, 1000 * (time.process_time() - start)

project, number = load_project(sys.argv[1]), int(sys.argv[2])
judge, read = timed(lambda: Judge(project))
random.seed(1)
bodies = sorted(judge.corpus.types)
units = [unit for unit in judge.dataset.units if unit.endswith((".2", ".3"))]
submission = Submission(judge, "bench")
times = []
for count in range(number):
    unit = random.choice(units)
    subject, other = random.sample(bodies, 2)
    new = {"new": {"type": "l:Body", "label": f"Newly made body {count} indeed"}}
    claim = {"unit": unit, "subject": f"<{subject}>", "property": random.choice(["l:supports", "l:advises"]),
             "object": new if count % 3 == 0 else f"<{other}>", "support": "implied"}
    times.append(timed(lambda: submission.submit_json(claim))[1])
submission.write()
review = Review(project, "bench", judge)
accepting = [timed(lambda: review.accept(one))[1] for one in review.open()[:10]]
looking = [timed(lambda: review.open())[1] for _ in range(10)]
def figures(values):
    values = sorted(values)
    return values[len(values) // 2], values[-max(1, len(values) // 20)]
print(json.dumps({"read": read, "first": times[0], "judge": figures(times[1:]), "accept": figures(accepting),
                  "open": figures(looking), "queued": sum(one.id is not None for one in submission.arrivals)}))
"""


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--claims", type=int, nargs="*", default=[1_000, 10_000])
    parser.add_argument("--proposals", type=int, default=200)
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.system()} {platform.machine()}; milliseconds\n")
    print(f"{'claims':>7} {'read':>7} {'first':>7} {'judge':>14} {'accept':>14} {'open':>14} {'queued':>7}")
    for claims in options.claims:
        with tempfile.TemporaryDirectory() as folder:
            project = Path(folder) / "project"
            write_project(project, claims)
            command = [sys.executable, "-c", MEASURED, str(project), str(options.proposals)]
            run = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        pairs = " ".join(f"{run[name][0]:>6.1f} {run[name][1]:>7.1f}" for name in ("judge", "accept", "open"))
        print(f"{claims:>7,} {run['read']:>7.0f} {run['first']:>7.0f} {pairs} {run['queued']:>7}")


if __name__ == "__main__":
    main()
