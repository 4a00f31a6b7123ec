"""RDF in, RDF out: safe reading, the middle form, and deterministic writing.

Between reading and writing a dataset is its *middle form*: the sorted list of its canonical N-Quads lines
(https://www.w3.org/TR/rdf12-n-quads/#canonical-quads) as bytes, each with its line feed, none twice.
"""

from typing import TYPE_CHECKING

from ..lazy_names import lazy_names

if TYPE_CHECKING:
    from .blank_nodes import labelled_lines
    from .canonicalization import canonical_lines
    from .descriptions import Description, TurtleDescriptions
    from .graphs import Graphs
    from .jsonld import Compaction
    from .lines import digest, iri, lines_from_quads, literal, merge, split, string_body, term, triples
    from .rdfxml_descriptions import RdfxmlDescriptions
    from .reading import read_lines, read_located, read_quads
    from .writing import refusals, write

__all__ = [
    "Compaction",
    "Description",
    "Graphs",
    "RdfxmlDescriptions",
    "TurtleDescriptions",
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

__getattr__ = lazy_names(
    __name__,
    {
        "Compaction": "jsonld",
        "Description": "descriptions",
        "Graphs": "graphs",
        "RdfxmlDescriptions": "rdfxml_descriptions",
        "TurtleDescriptions": "descriptions",
        "canonical_lines": "canonicalization",
        "digest": "lines",
        "iri": "lines",
        "labelled_lines": "blank_nodes",
        "lines_from_quads": "lines",
        "literal": "lines",
        "merge": "lines",
        "read_lines": "reading",
        "read_located": "reading",
        "read_quads": "reading",
        "refusals": "writing",
        "split": "lines",
        "string_body": "lines",
        "term": "lines",
        "triples": "lines",
        "write": "writing",
    },
)
