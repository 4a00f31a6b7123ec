"""Blank nodes of the middle form: labels that do not change with the input's, and IRIs in their place."""

import re
import warnings
from collections.abc import Mapping, Sequence

from ..errors import DataWarning
from .graphs import Graphs
from .labelling import BLANK_OR_OTHER, has_blank_node, labelled, may_have_blank_nodes
from .lines import digest, sort_lines

__all__ = ["labelled_lines", "skolemized"]


def labelled_lines(lines: list[bytes]) -> list[bytes]:
    """The middle form of lines in any order, some perhaps twice, blank nodes labelled by content; `lines` is used up.

    The labels depend on neither labels nor order of the input as far as the nodes can be told apart; a `DataWarning`
    says where they cannot.
    """
    if not may_have_blank_nodes(lines):
        return sort_lines(lines)
    result = labelled(lines)
    if result.ties:
        choices = "choice was" if result.ties == 1 else "choices were"
        warnings.warn(
            f"some blank nodes are alike in all that is said around them: {result.ties:,} {choices} made by the order "
            "of the input, so the same data in another order may get other labels. Give these nodes IRIs.",
            DataWarning,
            stacklevel=3,
        )
    return result.lines


def skolemized(graphs: Mapping[str | None, Sequence[bytes]], base: str) -> Mapping[str | None, Sequence[bytes]]:
    """The same with IRIs in place of blank nodes (RDF 1.1 Concepts, section 3.5), the same for the same data each time.

    The IRI is made of a digest over all statements about blank nodes and the node's label, so that nodes of different
    data do not meet in one store.
    """
    if not any(map(may_have_blank_nodes, graphs.values())):
        return graphs
    about = [line for lines in graphs.values() for line in lines if has_blank_node(line)]
    prefix = f"{base}.well-known/genid/{digest(sorted(about))[:16]}-".encode()

    def skolem_iri(match: re.Match[bytes]) -> bytes:
        return b"<" + prefix + match[0][2:] + b">" if match[0].startswith(b"_:") else match[0]

    return Graphs(
        {
            name: sort_lines([BLANK_OR_OTHER.sub(skolem_iri, line) if b"_:" in line else line for line in lines])
            for name, lines in graphs.items()
        }
    )
