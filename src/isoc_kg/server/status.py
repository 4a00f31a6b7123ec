"""What operators look at: the server's health, its metrics and its limits."""

import json
import time
from html import escape
from typing import TYPE_CHECKING, Any

from ..limits import ServerLimits
from .http.reply import Reply
from .http.traffic import Traffic
from .metrics import Metrics
from .queries.protocol import wants_page

if TYPE_CHECKING:
    from .sibling_figures import SiblingFigures

__all__ = ["Status"]


class Status:
    """The state of a server that is reached at `address`, whose path without a slash at its end is `root`."""

    def __init__(self, limits: ServerLimits, address: str, root: str) -> None:
        self.limits = limits
        self.address = address
        self.root = root
        self.metrics = Metrics()
        self.traffic = Traffic(limits)
        self.siblings: SiblingFigures | None = None  #: the figures of all, where this is one of several processes
        self._started = time.monotonic()  # which nobody sets

    def health(self, figures: dict[str, Any], reason: str) -> Reply:
        """What it serves, and since how many seconds: 503 where there is a reason why queries are not answered."""
        status = f"queries are not answered: {reason}" if reason else "ok"
        seconds = round(time.monotonic() - self._started)
        reply = _json({"status": status, **figures, "seconds": seconds, **self._process()})
        reply.status = 503 if reason else 200
        return reply

    def measures(self, gauges: dict[str, tuple[str, float]]) -> Reply:
        """What was counted, for Prometheus; of several processes, what all have."""
        metrics = self.metrics
        if self.siblings:
            metrics, gauges = self.siblings.of_all(metrics, gauges)
            gauges["processes"] = "Processes that answer requests.", self.siblings.processes
        return Reply(200, "text/plain; version=0.0.4; charset=utf-8", metrics.text(gauges).encode())

    def _process(self) -> dict[str, int]:
        """Which process this is, of how many."""
        return {"process": self.siblings.number + 1, "processes": self.siblings.processes} if self.siblings else {}

    def about(self, title: str, figures: dict[str, Any], accept: str | None) -> Reply:
        """What it serves and with which limits, for programs or for people."""
        rows = self.limits.rows()
        if self.siblings:  # of which each has limits of its own
            rows = [*rows, ("processes", f"{self.siblings.processes}")]
        if not wants_page(accept):
            return _json({**figures, "endpoint": f"{self.address}sparql", "limits": dict(rows)})
        cells = "".join(f"<tr><th scope=row>{escape(name)}</th><td>{escape(number)}</td></tr>" for name, number in rows)
        title = escape(title)
        text = (
            f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}: this server</title>'
            f'<link rel="stylesheet" href="{self.root}/theme/site.css"></head><body><main><h1>This server</h1>'
            f'<p><a href="{self.root}/">{title}</a>. SPARQL: <code>{escape(self.address)}sparql</code></p>'
            f"<table><caption>Limits</caption>{cells}</table></main></body></html>\n"
        )
        return Reply(200, "text/html; charset=utf-8", text.encode(), vary="Accept")


def _json(value: dict[str, Any]) -> Reply:
    body = (json.dumps(value, ensure_ascii=False, indent=1) + "\n").encode()
    return Reply(200, "application/json", body, {"access-control-allow-origin": "*"})
