"""Canonical labels for foreign blank nodes: RDFC-1.0 in a process that can be killed.

RDFC-1.0 (https://www.w3.org/TR/rdf-canon/) may take for ever on a graph made for it, and the engine can be
neither interrupted nor limited, so it runs apart.
"""

import subprocess
import sys

from ..errors import EngineError, LimitExceeded
from ..limits import Limits
from .lines import blank_nodes, sort_lines

__all__ = ["canonical_lines"]


def canonical_lines(lines: list[bytes], limits: Limits | None = None) -> list[bytes]:
    """The middle form with blank nodes labelled `_:c14n0` and so on, the same for isomorphic datasets.

    Raises `LimitExceeded` after `limits.canonicalization_seconds`.
    """
    limits = limits or Limits()
    if not blank_nodes(lines):
        return lines
    try:
        done = subprocess.run(
            [sys.executable, "-I", "-c", _WORKER],
            input=b"".join(lines),
            capture_output=True,
            timeout=limits.canonicalization_seconds,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise LimitExceeded(
            f"the blank nodes could not be told apart within {limits.canonicalization_seconds:g} seconds.",
            advice="Give them IRIs, or raise canonicalization_seconds under [limits].",
        ) from None
    if done.returncode:
        raise EngineError("the engine could not label the blank nodes.", advice="Give them IRIs.")
    return sort_lines(done.stdout.splitlines(keepends=True))


# A string rather than a module: the child then needs neither this package nor its imports.
_WORKER = """
import sys, pyoxigraph as ox
data = ox.Dataset(ox.parse(sys.stdin.buffer.read(), format=ox.RdfFormat.N_QUADS))
data.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
ox.serialize(data, sys.stdout.buffer, format=ox.RdfFormat.N_QUADS)
"""
