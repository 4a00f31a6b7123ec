"""Skeletons: statements in Turtle whose parts in capitals an author puts in."""

from collections.abc import Iterable, Mapping, Sequence

from ..authoring.dataset import Dataset
from ..documents.unit_names import current_editions
from ..iris import compact
from ..namespaces import EV
from ..rdf.turtle_tokens import lexemes
from .abbreviation import prefixes_of_facts

__all__ = ["Skeletons"]


class Skeletons:
    """Statements to complete, with prefixes as the files of facts have them: pasted there, they mean the same.

    What an author puts in stands in capitals, which no thing of a project may be called: the build refuses it.
    """

    def __init__(self, dataset: Dataset) -> None:
        project = dataset.project
        self.prefixes = _prefixes(project.prefixes, list(prefixes_of_facts(project)))
        self.subject, self.object = (self.name(project.ids.things + part) for part in ("SUBJECT", "OBJECT"))
        self.property = self.name(f"{project.ids.ontology}#PROPERTY")
        editions = current_editions(dataset.editions)
        self.unit = self.name(f"{editions[0].iri}#UNIT" if editions else f"{project.ids.document('DOCUMENT')}/1#UNIT")

    def name(self, name: str) -> str:
        """An IRI as Turtle has it."""
        return compact(name, self.prefixes)

    def statement(self, *parts: str, unit: str | None = None) -> str:
        """A statement that rests on a unit (an IRI)."""
        supported = self.name(EV.supportedBy)
        return f"{' '.join(parts)} {{| {supported} {self.name(unit) if unit else self.unit} |}} ."

    def used(self, statements: Iterable[str]) -> dict[str, str]:
        """The prefixes that statements need, sorted."""
        names = {token.text.partition(":")[0] for text in statements for token in lexemes(text) if token.kind == "name"}
        return {name: self.prefixes[name] for name in sorted(names)}


def _prefixes(own: Mapping[str, str], files: Sequence[Mapping[str, str]]) -> dict[str, str]:
    """A project's prefixes, in the place of each that files of facts have for a namespace, theirs."""
    result = dict(own)
    for declared in files:
        for name, space in declared.items():
            if any(other.get(name, space) != space for other in files):
                result.pop(name, None)  # it means several things
            else:
                result = {other: value for other, value in result.items() if value != space} | {name: space}
    return result
