"""What was measured: a row for each work and size, with a figure for each contestant, as JSON."""

import dataclasses
import json
import statistics
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

OURS = "isoc-kg"


@dataclass
class Figure:
    """What one contestant took for one work; without runs, `reason` states why it has none."""

    name: str
    version: str = ""
    command: str = ""
    #: By the clock, one each run; for servers, requests a second.
    values: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    peak: int = 0
    reason: str = ""
    #: What it does otherwise than the work says.
    note: str = ""
    #: What its output came to, where contestants must agree: results, triples, solutions.
    answer: str = ""

    @property
    def ran(self) -> bool:
        """Whether there is a figure."""
        return bool(self.values) and not self.reason

    @property
    def median(self) -> float:
        """The middle of its runs."""
        return statistics.median(self.values)


@dataclass
class Row:
    """A work on data of one size."""

    work: str
    line: str
    triples: int
    #: The size that the command was given, to which data come near.
    triples_asked: int = 0
    #: `s`, where less is better, or `/s`, where more is.
    unit: str = "s"
    figures: list[Figure] = field(default_factory=list)
    #: What the machine does at best: the figure of the least that any program must do here.
    limit: Figure | None = None

    @property
    def ours(self) -> Figure | None:
        """The figure of isoc-kg."""
        return next((figure for figure in self.figures if figure.name == OURS), None)

    def ratio(self, other: Figure) -> float | None:
        """How many times as fast isoc-kg is as another, by medians; None where one of them has no figure."""
        ours = self.ours
        if ours is None or not ours.ran or not other.ran:
            return None
        return other.median / ours.median if self.unit == "s" else ours.median / other.median


@dataclass
class Measurement:
    """All rows of one run, and on which machine."""

    machine: dict[str, str]
    rows: list[Row] = field(default_factory=list)
    growth: list[Row] = field(default_factory=list)

    def write(self, path: Path) -> None:
        """As JSON."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(dataclasses.asdict(self), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, path: Path) -> "Measurement":
        """From the JSON that `write` wrote."""
        found = json.loads(path.read_text(encoding="utf-8"))
        return cls(found["machine"], [_row(row) for row in found["rows"]], [_row(row) for row in found["growth"]])


def _row(found: dict[str, Any]) -> Row:
    limit = Figure(**found.pop("limit")) if found["limit"] else found.pop("limit")
    return Row(**{**found, "figures": [Figure(**figure) for figure in found["figures"]], "limit": limit})
