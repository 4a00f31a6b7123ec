"""What the server counts, in Prometheus' text format (https://prometheus.io/docs/instrumenting/exposition_formats/)."""

from bisect import bisect_left
from collections import Counter

__all__ = ["Metrics"]

_BUCKETS = (0.001, 0.005, 0.02, 0.1, 0.5, 2.0, 10.0, 60.0)


class Metrics:
    """Requests by kind and status, and how long they took."""

    def __init__(self) -> None:
        self._requests: Counter[tuple[str, int]] = Counter()
        self._times: dict[str, list[int]] = {}
        self._sums: dict[str, float] = {}

    def count(self, kind: str, status: int, seconds: float) -> None:
        """One more request."""
        self._requests[kind, status] += 1
        if kind not in self._times:
            self._times[kind] = [0] * (len(_BUCKETS) + 1)
            self._sums[kind] = 0.0
        self._times[kind][bisect_left(_BUCKETS, seconds)] += 1
        self._sums[kind] += seconds

    def text(self, gauges: dict[str, tuple[str, float]]) -> str:
        """Everything; `gauges` are further values by name, each with what it tells."""
        lines = ["# HELP isoc_kg_requests_total Requests answered.", "# TYPE isoc_kg_requests_total counter"]
        for (kind, status), number in sorted(self._requests.items()):
            lines.append(f'isoc_kg_requests_total{{kind="{kind}",status="{status}"}} {number}')
        lines += ["# HELP isoc_kg_request_seconds Time to answer.", "# TYPE isoc_kg_request_seconds histogram"]
        for kind, counts in sorted(self._times.items()):
            total = 0
            for bound, number in zip((*map(str, _BUCKETS), "+Inf"), counts, strict=True):
                total += number
                lines.append(f'isoc_kg_request_seconds_bucket{{kind="{kind}",le="{bound}"}} {total}')
            lines.append(f'isoc_kg_request_seconds_sum{{kind="{kind}"}} {self._sums[kind]:.6f}')
            lines.append(f'isoc_kg_request_seconds_count{{kind="{kind}"}} {total}')
        for name, (help_, value) in gauges.items():
            kind = "counter" if name.endswith("_total") else "gauge"
            lines += [f"# HELP isoc_kg_{name} {help_}", f"# TYPE isoc_kg_{name} {kind}", f"isoc_kg_{name} {value:g}"]
        return "\n".join(lines) + "\n"
