"""What the server writes to stderr: events, and a line for each request, as JSON."""

import json
import sys
import time
from typing import Any

from ..errors import visible

__all__ = ["log_event", "log_request"]


def log_event(value: dict[str, Any]) -> None:
    """A line about what happened, with the time; nothing in it is obeyed by a terminal."""
    text = json.dumps({"time": round(time.time(), 3), **value}, ensure_ascii=False)
    sys.stderr.write(visible(text, line=True) + "\n")


def log_request(
    request_id: str, client: str, method: str, path: str, *, status: int, size: int, seconds: float
) -> None:
    """A line about a request."""
    log_event(
        {
            "request": request_id, "client": client, "method": method, "path": path[:500],
            "status": status, "bytes": size, "ms": round(seconds * 1000, 2),
        }
    )  # fmt: skip
