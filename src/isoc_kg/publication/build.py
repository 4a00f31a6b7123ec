"""Writing a publication: every file of `out/`, whole or not at all."""

import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

from ..atomic import MANIFEST, replace_folder, turn_for
from ..authoring.dataset import Dataset, build_dataset
from ..errors import ChecksFailed, OutputError
from ..evidence.coverage import Coverage, measure_coverage
from ..evidence.held import replaced_editions
from ..namespaces import RDF
from ..project import SOURCE_FOLDERS, Project
from ..rdf.lines import split
from ..rdf.tokens import iri_token
from ..validation import ShapesGraph
from ..validation.engine_names import engines_at_hand
from ..validation.waiting import engines_waiting
from .data_file import DataFile
from .files import DataFiles, published_context
from .gate import Gate, NotConforming, check_dataset
from .tree import Tree

__all__ = ["Build", "build_publication", "output_turn"]


@dataclass(frozen=True)
class Build:
    """What was written and what it holds."""

    dataset: Dataset
    gate: Gate
    coverage: tuple[Coverage, ...]
    files: tuple[DataFile, ...]
    tree: Tree | None  #: of a project that is about something
    changed: tuple[str, ...]
    target: Path
    warning: str | None

    @property
    def things(self) -> int:
        """How many things and concepts the facts type."""
        type_ = iri_token(RDF.type)
        return len({split(line)[0] for line in self.dataset.claims if split(line)[1] == type_})


#: That the engines are waited for: in most builds all have been asked after a tenth of it.
_MOST_SECONDS = 1.0


def build_publication(
    project: Project,
    target: Path | None = None,
    *,
    engine: str | None = None,
    rdf12: bool = False,
    documents: Sequence[Path] = (),
    verify: bool = False,
    strict: bool = False,
) -> Build:
    """Build the dataset, check it, and write its publication; with `strict`, warnings stop it.

    Raises `NotConforming` before anything is written; `OutputError` leaves what was there whole.
    """
    target = target or project.folder("out")
    with output_turn(project, target), ExitStack() as stack:
        shapes = ShapesGraph.of_project(project)
        all_taken = stack.enter_context(
            engines_waiting(*_needed(shapes, engine), memory=project.limits.validation_memory_bytes)
        )
        dataset = build_dataset(project, shapes)

        def meanwhile(validates: Callable[[], bool]) -> None:
            end = time.monotonic() + _MOST_SECONDS
            while validates() and not all_taken(0.02) and time.monotonic() < end:
                pass  # else this process would take the time in which it asks them
            _ = dataset.digest, dataset.labels  # which the description needs

        written = DataFiles(dataset, shapes, cache(partial(published_context, dataset, shapes)), rdf12=rdf12)
        with written.begun():
            gate = check_dataset(dataset, shapes, engine, documents, verify=verify, meanwhile=meanwhile)
            if not gate.passes(strict=strict):
                raise NotConforming(gate)
            warning = _same_version_other_digest(project, dataset, target)
            if warning and strict:
                raise ChecksFailed(warning, file=project.root / "kg.toml")
            changed = replace_folder(
                target, written.contents(gate.data), about={"version": project.version or "", "digest": dataset.digest}
            )
        replaced = {edition.iri for edition in replaced_editions(dataset)}
        coverage = tuple(
            measure_coverage(dataset, edition) for edition in dataset.editions if edition.iri not in replaced
        )
        return Build(dataset, gate, coverage, tuple(written.files), written.tree, tuple(changed), target, warning)


def _needed(shapes: ShapesGraph, engine: str | None) -> list[str]:
    """The engines that a build needs for certain, or nearly so."""
    if engine not in (None, "auto"):
        return []
    # data, ontology, and the shapes by SHACL-SHACL
    fast = 2 + (shapes.for_ontology is not None) if "shacl" in engines_at_hand() else 0
    return [*(["compiled"] if shapes.has_queries else []), *(["shacl"] * fast)]


@contextmanager
def output_turn(project: Project, target: Path) -> Iterator[None]:
    """Others that write the same target wait, so that who comes last has read what is newest.

    Raises `OutputError` for a target among the files that a project publishes from, and after a time of waiting.
    """
    place = target.resolve()
    sources = [] if project.foreign else [project.root, *map(project.folder, SOURCE_FOLDERS)]
    if any(place == source.resolve() for source in sources) or any(
        place.is_relative_to(source.resolve()) for source in sources[1:]
    ):
        raise OutputError(
            "lies among the files that the project publishes from.", file=target, advice="Name another folder with -o."
        )
    if not place.parent.is_dir():  # nobody else writes there yet
        yield
        return
    with turn_for(target):
        yield


def _same_version_other_digest(project: Project, dataset: Dataset, target: Path) -> str | None:
    if (project.version or "").startswith("0."):  # https://semver.org: nothing is promised of these versions
        return None
    try:
        old = json.loads((target / MANIFEST).read_text(encoding="utf-8"))["about"]
        if old["version"] == project.version and old["digest"] != dataset.digest:
            return (
                f"the data changed while the version is still {project.version}, compared with what is in {target}: "
                "raise it in kg.toml."
            )
    except (OSError, ValueError, KeyError, TypeError):
        pass
    return None
