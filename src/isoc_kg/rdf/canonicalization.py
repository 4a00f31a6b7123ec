"""RDFC-1.0 (https://www.w3.org/TR/rdf-canon/), for whoever compares digests with others.

It takes time and memory without end on some graphs, and the engine can be neither interrupted nor limited: it runs in a
process that can be killed. Nothing else here needs it: `labelling` names blank nodes.
"""

from pathlib import Path

from ..errors import EngineError, LimitExceeded
from ..limits import Limits
from ..limits.processes import TookTooLong, run_script
from .labelling import may_have_blank_nodes
from .lines import sort_lines

__all__ = ["canonical_lines"]

_WORKER = Path(__file__).with_name("canonicalization_worker.py")


def canonical_lines(lines: list[bytes], limits: Limits | None = None) -> list[bytes]:
    """The middle form with blank nodes labelled `_:c14n0` and so on, the same for isomorphic datasets.

    Raises `LimitExceeded` after `limits.canonicalization_seconds`, and `EngineError` where
    `limits.canonicalization_memory_bytes` do not suffice.
    """
    limits = limits or Limits()
    if not may_have_blank_nodes(lines):
        return lines
    try:
        done = run_script(
            _WORKER,
            b"".join(lines),
            seconds=limits.canonicalization_seconds,
            memory=limits.canonicalization_memory_bytes,
        )
    except TookTooLong:
        raise LimitExceeded(
            f"RDFC-1.0 could not tell the blank nodes apart within {limits.canonicalization_seconds:g} seconds.",
            advice="Give them IRIs, or raise canonicalization_seconds under [limits].",
        ) from None
    if done.code:
        raise EngineError(
            "RDFC-1.0 could not label the blank nodes: out of memory.",
            advice="Give them IRIs, or raise canonicalization_memory_bytes under [limits].",
        )
    return sort_lines(done.output.splitlines(keepends=True))
