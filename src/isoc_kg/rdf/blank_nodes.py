"""Blank nodes: whether there are any, their canonical labels, and IRIs in their place.

RDFC-1.0 (https://www.w3.org/TR/rdf-canon/) may take for ever on a graph made for it, and the engine can be neither
interrupted nor limited: it runs in a process that can be killed.
"""

import re
import subprocess
import sys
from collections.abc import Sequence

from ..errors import EngineError, LimitExceeded
from ..limits import Limits
from .graphs import Graphs
from .lines import digest, sort_lines

__all__ = ["canonical_lines", "has_blank_node", "may_have_blank_nodes", "skolemized"]

#: A literal or an IRI, in which what looks like a blank node is none, or a blank node.
_TOKENS = re.compile(rb'"(?:[^"\\]|\\.)*"|<[^>]*>|_:[^\s<>")]+')


def may_have_blank_nodes(lines: Sequence[bytes]) -> bool:
    """Whether a line has a blank node, as far as can be told cheaply: a false yes costs time, nothing else."""
    return any(b"_:" in b"".join(lines[start : start + 2000]) for start in range(0, len(lines), 2000))


def has_blank_node(line: bytes) -> bool:
    """Whether a triple has a blank node, as a term or within a triple term."""
    return b"_:" in line and any(match[0].startswith(b"_:") for match in _TOKENS.finditer(line))


def skolemized(graphs: Graphs, base: str) -> Graphs:
    """The same with IRIs in place of blank nodes (RDF 1.1 Concepts, section 3.5), the same for the same data each time.

    The IRI is made of a digest over all statements about blank nodes and the node's canonical label, so that nodes of
    different data do not meet in one store.
    """
    if not any(map(may_have_blank_nodes, graphs.values())):
        return graphs
    about = [line for lines in graphs.values() for line in lines if has_blank_node(line)]
    prefix = f"{base}.well-known/genid/{digest(sorted(about))[:16]}-".encode()

    def skolem_iri(match: re.Match[bytes]) -> bytes:
        return b"<" + prefix + match[0][2:] + b">" if match[0].startswith(b"_:") else match[0]

    return Graphs(
        {
            name: sort_lines([_TOKENS.sub(skolem_iri, line) if b"_:" in line else line for line in lines])
            for name, lines in graphs.items()
        }
    )


def canonical_lines(lines: list[bytes], limits: Limits | None = None) -> list[bytes]:
    """The middle form with blank nodes labelled `_:c14n0` and so on, the same for isomorphic datasets.

    Raises `LimitExceeded` after `limits.canonicalization_seconds`.
    """
    limits = limits or Limits()
    if not may_have_blank_nodes(lines):
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
