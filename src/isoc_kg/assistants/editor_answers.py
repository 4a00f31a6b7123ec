"""What an editor is told of a file of facts: what a name stands for, and what the gate says at which line."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Literal

from ..authoring.dataset import Dataset, build_dataset
from ..authoring.vocabulary import DESCRIPTIONS
from ..authoring.vocabulary_values import literal_datatypes, offered_classes, offered_properties, successors
from ..documents.unit_names import unit_name
from ..errors import Finding, IsocKgError
from ..iris import compact, expand
from ..namespaces import SH
from ..project import FILE_NAME, load_project
from ..publication.gate import Gate, check_dataset
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import is_literal
from ..validation import ShapesGraph

__all__ = ["Diagnosis", "EditorProject", "name_at", "prefixes_of"]

_NAME = re.compile(r"<[^<>\"{}|^`\\\x00-\x20]*>|[^\W\d_]?[\w.-]*:(?:[\w:%-]|\\.|\.(?=[\w:%-]))*")
_PREFIX = re.compile(r"^[ \t]*@?prefix[ \t]+([\w.-]*):[ \t]*<([^<>\s]*)>", re.IGNORECASE | re.MULTILINE)
#: A name has at most so many characters, and so many of a text are shown.
_LONGEST, _SHOWN = 2_000, 1_000


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Something wrong at a line, from 1, of a file; without a line it concerns the whole."""

    file: Path
    line: int
    severity: Literal["error", "warning", "question"]
    message: str


def prefixes_of(text: str) -> dict[str, str]:
    """The prefixes that a Turtle text declares, as far as it has been written."""
    return dict(_PREFIX.findall(text))


def name_at(line: str, column: int) -> str | None:
    """The prefixed name, or IRI between angle brackets, at a place of a line of Turtle."""
    start = max(0, column - _LONGEST)
    for match in _NAME.finditer(line, start, column + _LONGEST):
        if match.start() <= column <= match.end():
            return match[0]
    return None


class EditorProject:
    """A project as an editor sees it: read when it is asked for, and anew after a file was saved."""

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()
        self._dataset: Dataset | None = None
        self._current = False
        self._reading = Lock()

    def forget(self) -> None:
        """Read the project again when it is needed."""
        self._current = False

    def hover(self, name: str, prefixes: dict[str, str]) -> str | None:
        """What a name stands for, in Markdown: a unit's sentence or gist, a term's or thing's names and definition.

        `prefixes` are those of the text it stands in. Where the project cannot be read it is as it was when it could
        last; None where it never could, or says nothing of the name.
        """
        with self._reading:  # whoever asks while it is read waits for it
            if not self._current:
                self._current = True  # until the next file is saved, whatever comes of it
                with suppress(IsocKgError, OSError):
                    self._dataset = build_dataset(load_project(self.root))
        if (dataset := self._dataset) is None:
            return None
        known = dict(dataset.project.prefixes) | prefixes
        full = name[1:-1] if name.startswith("<") else expand(name, known)
        if full is None:
            return None
        if full in dataset.units:
            return _unit(dataset, full)
        return _term(dataset, full, compact(full, known))

    def problems(self) -> list[Diagnosis]:
        """What a build would say of the project's files as they are on the disk, and what only a reader can judge."""
        try:
            project = load_project(self.root)
            dataset = build_dataset(project)
            gate = check_dataset(dataset, ShapesGraph.of_project(project))
        except IsocKgError as error:
            advice = f"\n{error.advice}" if error.advice else ""
            details = "".join(f"\n{text}" for text in error.details)
            return [self._problem(error.file, error.line, "error", f"{error.message}{advice}{details}")]
        self._dataset, self._current = dataset, True
        return list(dict.fromkeys(self._of_gate(gate)))

    def _of_gate(self, gate: Gate) -> Iterator[Diagnosis]:
        for finding in gate.findings:
            yield self._found(finding, finding.severity)
        for flag in gate.evidence.unanswered:
            yield self._found(flag.finding, "question")
        for report in gate.reports:
            for result in report.results:
                file, line = gate.locate(result) or (None, None)
                severity: Literal["error", "warning"] = "error" if result.severity == SH.Violation else "warning"
                yield self._problem(file, line, severity, result.message or f"{result.shape} is not met")

    def _found(self, finding: Finding, severity: Literal["error", "warning", "question"]) -> Diagnosis:
        advice = f"\n{finding.advice}" if finding.advice else ""
        return self._problem(finding.file, finding.line, severity, f"{finding.message}{advice}")

    def _problem(
        self, file: Path | str | None, line: int | None, severity: Literal["error", "warning", "question"], message: str
    ) -> Diagnosis:
        """A problem at a file, or at kg.toml where none is named."""
        return Diagnosis(self.root / (file or FILE_NAME), line or 1, severity, message)


def _unit(dataset: Dataset, name: str) -> str:
    edition, unit = dataset.units[name]
    text = edition.text()
    words, what = (unit.text(text), unit.kind) if text is not None else (None, f"{unit.kind}, its text is not at hand")
    if words is None and unit.number in edition.gists:
        words, what = literal(edition.gists[unit.number])[0], f"gist of a {unit.kind}"
    head = f"**{unit_name(edition, unit.number, dataset.editions)}** ({what})"
    return head if words is None else f"{head}\n\n{_as_text(words)}"


def _term(dataset: Dataset, name: str, shown: str) -> str | None:
    """Names and definition of a term or a thing; of one in wide use what is known of it here."""
    definitions = [
        literal(object_)[0]
        for graph in ("ontology", "facts")
        for subject, predicate, object_, _ in map(split, dataset.graph(graph))
        if is_literal(object_) and iri(predicate) in DESCRIPTIONS and subject == b"<%s>" % name.encode()
    ]
    labels = list(dataset.labels.get(name, ()))
    for offered in (*offered_properties(), *offered_classes()):
        if offered.name == name:
            labels, definitions = labels or [offered.label], definitions or [offered.definition]
    if successor := successors().get(name):
        definitions.append(f"Its vocabulary has {compact(successor, dataset.project.prefixes)} in its place.")
    if datatype := literal_datatypes().get(name):
        definitions.append(f"Its values are literals ({compact(datatype, dataset.project.prefixes)}).")
    if not labels and not definitions:
        return None
    head = f"**{shown}**" + (f" {_as_text(', '.join(labels[:5]))}" if labels else "")
    return "\n\n".join([head, *map(_as_text, definitions[:3])])


def _as_text(words: str) -> str:
    """A text that Markdown shows as it is."""
    plain = " ".join(words.split())
    plain = plain if len(plain) <= _SHOWN else f"{plain[:_SHOWN]}…"
    return re.sub(r"([\\`*_{}\[\]<>()#+!|~&-])", r"\\\1", plain)
