"""A file of a publication: its name, size and checksum, and what it holds."""

from dataclasses import dataclass

from ..errors import UnknownName
from ..formats import Format, format_from_path

__all__ = ["DATASET_HOLDS", "HOLDS", "DataFile"]

#: What a file has → in words; the number of triples or quads follows where there is one.
HOLDS = {
    "whole": "Facts with their evidence, the documents' units, and what follows from the facts, as one graph",
    "graphs": "All named graphs, the ontology and links to other data included",
    "reified": "Facts with their evidence as one graph, each claim a reifier of its triple (RDF 1.2)",
    "tree": "What the publication is about and what belongs to it as one tree; an excerpt, without evidence",
    "facts": "The facts alone, without evidence",
    "alignments": "Links from things of the dataset to other data, with their sources",
    "ontology": "The classes and properties of the dataset",
    "context": "The JSON-LD context: the short names of properties and classes in the JSON-LD files",
    "evidence": "The vocabulary that ties a statement to sentences of documents",
    "shapes": "The SHACL shapes that the data are validated with",
    "report": "What the validation of the data found, as a SHACL validation report",
    "dataset": "The description of the dataset and its files (VoID, DCAT, DQV)",
    "ro-crate-metadata": "The description of the files as a research object (RO-Crate)",
    "sums": "The checksums of the files",
}


#: Of these, what represents the dataset itself.
DATASET_HOLDS = ("whole", "graphs", "reified", "tree")


@dataclass(frozen=True, slots=True)
class DataFile:
    """A file of the publication, as it was written."""

    name: str
    size: int  #: bytes
    sha256: str
    statements: int | None = None  #: triples, or quads, that it has; None where it is no RDF

    def holds(self, name: str) -> str:
        """What is in it, by a word for each kind; `name` is the project's, empty for RDF without one."""
        first, _, rest = self.name.partition(".")
        if not name:
            return "quads" if self.format and self.format.datasets else "triples"
        if first == name:
            return "graphs" if rest in ("nq", "trig") else "whole"
        if first == f"{name}-rdf12":
            return "reified"
        return "sums" if self.name == "SHA256SUMS" else first.partition("/")[0]

    def has_dataset(self, name: str) -> bool:
        """Whether it represents the dataset of the project of this name, and no part of it."""
        return self.holds(name) in DATASET_HOLDS

    def description(self, name: str) -> str:
        """What it holds, as a sentence in English, with the number of its statements, triples or quads."""
        kind = self.holds(name)
        unit = {"graphs": "quads", "facts": "statements"}.get(kind, "triples")
        return HOLDS[kind] + ("." if self.statements is None else f": {self.statements:,} {unit}.")

    @property
    def format(self) -> Format | None:
        """The RDF format that the name tells, if it is one."""
        try:
            return format_from_path(self.name)
        except UnknownName:
            return None
