"""How right and how fast texts are cut, by either edition of the rules: bench_cutting.py [MEGABYTES]."""

import sys
from pathlib import Path
from time import process_time

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from cut_texts import texts
from isoc_kg.documents.cutting.rules import CutRules
from isoc_kg.documents.units import cut
from isoc_kg.project import UnitSettings

PARAGRAPH = (
    "The kiln was lit at 6 a.m. and went out twice. Mrs. Harrow, who spoke for approx. 20 minutes, blamed the wind "
    "(cf. Table 4 of Vol. 3). “Who lit it?” she asked. Nobody knew.\n\n- Ropes: 12 of them. They are long.\n- Lamps\n\n"
)


def main() -> None:
    """Exact units of the texts in tests/documents/cuts, and megabytes a second of CPU time."""
    size = float(sys.argv[1]) if len(sys.argv) > 1 else 2.0
    text = PARAGRAPH * int(size * 1e6 / len(PARAGRAPH))
    for edition in (1, 2):
        rules = CutRules(UnitSettings(rules=edition))
        for name in ("held_out", "held_out_fresh", "unseen", "tuned"):
            entries = texts(name)
            right = sum([u.text(t) for u in cut([t], language, rules)] == units for language, t, units in entries)
            print(f"rules {edition}, {name}: {right} of {len(entries)} exact ({right / len(entries):.0%})")
        start = process_time()
        count = sum(1 for _ in cut([text], "en", rules))
        print(f"rules {edition}: {len(text) / 1e6 / (process_time() - start):.2f} MB/s, {count:,} units")


if __name__ == "__main__":
    main()
