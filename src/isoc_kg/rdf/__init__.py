"""RDF in, RDF out: safe reading, the middle form, and deterministic writing.

Between reading and writing a dataset is its *middle form*: the sorted list of its canonical N-Quads lines
(https://www.w3.org/TR/rdf12-n-quads/#canonical-quads) as bytes, each with its line feed, none twice.
"""

from .blank_nodes import labelled_lines
from .canonicalization import canonical_lines
from .graphs import Graphs
from .jsonld import Compaction
from .lines import digest, iri, lines_from_quads, literal, merge, split, string_body, term, triples
from .reading import read_lines, read_located, read_quads
from .writing import refusals, write

__all__ = [
    "Compaction",
    "Graphs",
    "canonical_lines",
    "digest",
    "iri",
    "labelled_lines",
    "lines_from_quads",
    "literal",
    "merge",
    "read_lines",
    "read_located",
    "read_quads",
    "refusals",
    "split",
    "string_body",
    "term",
    "triples",
    "write",
]
