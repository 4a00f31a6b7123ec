"""The propositions of gold/propositions.tsv: what the document says, and what it does not."""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from isoc_kg.authoring.annotations import SUPPORTING
from isoc_kg.authoring.dataset import Dataset

FILE = Path(__file__).parent / "gold" / "propositions.tsv"


@dataclass(frozen=True)
class Proposition:
    """One thing that the document says, or does not say."""

    number: int  #: line of the file
    unit: str
    text: str
    denied: bool  #: whether the document does not say it
    triples: tuple[bytes, ...]

    def answered(self, dataset: Dataset, graph: Collection[bytes]) -> bool:
        """Whether all its statements are in the graph, one of them with the unit as evidence."""
        (edition,) = dataset.editions
        unit = edition.unit_iri(self.unit)
        claims = [dataset.claims.get(triple) for triple in self.triples]
        named = {name for claim in claims if claim for _, name, _ in claim.units(*SUPPORTING)}
        return unit in named and all(triple in graph for triple in self.triples)

    def __str__(self) -> str:
        return f"{FILE.name}:{self.number}: {self.unit} {self.text}"


def read_propositions(dataset: Dataset) -> list[Proposition]:
    """All of the file, in its order."""
    head = "".join(f"@prefix {name}: <{space}> .\n" for name, space in dataset.project.prefixes.items())
    read = []
    for number, line in enumerate(FILE.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#"):
            continue
        unit, text, turtle = line.split("\t")
        quads = ox.parse(f"{head}{turtle.removeprefix('!')} .", format=ox.RdfFormat.TURTLE)
        triples = tuple(f"{quad.triple} .\n".encode() for quad in quads)
        read.append(Proposition(number, unit, text, turtle.startswith("!"), triples))
    return read
