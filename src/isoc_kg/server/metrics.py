"""What the server counts, in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from typing import Any

__all__ = ["Metrics"]

_BUCKETS = (0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0)


class _Cell:
    """Requests of one sort."""

    __slots__ = ("buckets", "count", "seconds")

    def __init__(self) -> None:
        self.count = 0
        self.seconds = 0.0
        self.buckets = [0] * (len(_BUCKETS) + 1)

    def add(self, other: "_Cell") -> None:
        """Count another's as well."""
        self.count += other.count
        self.seconds += other.seconds
        self.buckets = [one + two for one, two in zip(self.buckets, other.buckets, strict=True)]


class Metrics:
    """Requests by kind and status, and how long they took."""

    def __init__(self) -> None:
        self._cells: dict[tuple[str, int], _Cell] = {}

    def count(self, kind: str, status: int, seconds: float) -> None:
        """One more request."""
        key = kind, status
        cell = self._cells.get(key)
        if cell is None:
            cell = self._cells[key] = _Cell()
        cell.count += 1
        cell.seconds += seconds
        cell.buckets[0 if seconds < _BUCKETS[0] else bisect_left(_BUCKETS, seconds)] += 1

    @property
    def requests(self) -> int:
        """How many there were."""
        return sum([cell.count for cell in self._cells.values()])

    def record(self) -> list[list[Any]]:
        """All that was counted, for `add_record`."""
        return [[*key, cell.count, cell.seconds, cell.buckets] for key, cell in self._cells.items()]

    def add_record(self, record: Iterable[Sequence[Any]]) -> None:
        """Count what another has counted as well."""
        for kind, status, count, seconds, buckets in record:
            other = _Cell()
            other.count, other.seconds, other.buckets = count, seconds, list(buckets)
            self._cells.setdefault((kind, status), _Cell()).add(other)

    def text(self, gauges: dict[str, tuple[str, float]]) -> str:
        """Everything; `gauges` are further values by name, each with what it tells."""
        lines = ["# HELP isoc_kg_requests_total Requests answered.", "# TYPE isoc_kg_requests_total counter"]
        times: dict[str, _Cell] = {}
        for (kind, status), cell in sorted(self._cells.items()):
            lines.append(f'isoc_kg_requests_total{{kind="{kind}",status="{status}"}} {cell.count}')
            times.setdefault(kind, _Cell()).add(cell)
        lines += ["# HELP isoc_kg_request_seconds Time to answer.", "# TYPE isoc_kg_request_seconds histogram"]
        for kind, cell in times.items():
            total = 0
            for bound, number in zip((*map(str, _BUCKETS), "+Inf"), cell.buckets, strict=True):
                total += number
                lines.append(f'isoc_kg_request_seconds_bucket{{kind="{kind}",le="{bound}"}} {total}')
            lines.append(f'isoc_kg_request_seconds_sum{{kind="{kind}"}} {cell.seconds:.6f}')
            lines.append(f'isoc_kg_request_seconds_count{{kind="{kind}"}} {total}')
        for name, (help_, value) in gauges.items():
            kind = "counter" if name.endswith("_total") else "gauge"
            lines += [f"# HELP isoc_kg_{name} {help_}", f"# TYPE isoc_kg_{name} {kind}", f"isoc_kg_{name} {value:g}"]
        return "\n".join(lines) + "\n"
