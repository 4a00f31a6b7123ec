"""Random shapes on random data in every engine that is right on them, and in Jena where it is at hand.

    python benchmarks/compare_engines.py [SEEDS] [--start N]

Jena is its Fuseki server's SHACL service: `java`, and `jena-fuseki-server-*.jar` in the folder ISOC_KG_STORES names; it
is asked where `tests/validation/jena.py` does not list it as wrong.
Each disagreement is printed with what one engine reports and the others do not; exit code 1 when there is one.
"""

import argparse
import logging
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / "tests" / "validation"), str(ROOT / "tests")]
import differential  # noqa: E402
import jena  # noqa: E402


def main() -> None:
    """Run all and print what differs."""
    parser = argparse.ArgumentParser()
    parser.add_argument("seeds", nargs="?", type=int, default=2000)
    parser.add_argument("--start", type=int, default=1000)
    given = parser.parse_args()
    logging.disable(logging.CRITICAL)
    number = 0
    with jena.service() as opinion:
        print("with Jena" if opinion else f"without Jena: {jena.MISSING}")
        others = {"jena": jena.where_right(opinion)} if opinion else {}
        for seed, reports in differential.differences(range(given.start, given.start + given.seeds), others):
            number += 1
            print(f"seed {seed}")
            for name, report in reports.items():
                print(f"    {name}: {report}")
    print(f"{given.seeds} seeds, {number} disagreements")
    sys.exit(1 if number else 0)


if __name__ == "__main__":
    main()
