"""A publication as a folder for any web host."""

import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..dataset import build_dataset
from ..errors import UsageError
from ..formats import TURTLE
from ..project import Project
from ..query import load_queries
from ..release import NotConforming, check_dataset, context_of, release_files
from ..rendering.index import Index
from ..rendering.pages import Material, Renderer
from ..rendering.theme import load_theme
from ..rendering.things import TWINS
from ..serialization import merge, read_lines, write
from .publish import Published, publish

if TYPE_CHECKING:
    from ..catalog import DataFile

__all__ = ["Site", "publish_project"]


@dataclass(frozen=True, slots=True)
class Site:
    """What was published, and where it is meant to live."""

    published: Published
    host: str
    scripts: bool


def publish_project(
    project: Project,
    target: Path,
    *,
    host: str | None = None,
    engine: str | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> Site:
    """Build a project, hold it against its shapes, and write its site.

    `host` is the address of the site's root; identifiers in the data stay as they are whatever it is. Raises
    `NotConforming` before anything is written.
    """
    host = host or project.base
    if not host.startswith(("http://", "https://")) or any(c in host for c in "<>\"'` \\?#") or not host.isprintable():
        raise UsageError(f"“{host}” is no address of a site.", advice="Give one such as https://example.org/kg/.")
    host = host if host.endswith("/") else host + "/"
    dataset = build_dataset(project)
    gate = check_dataset(dataset, engine)
    if not gate.passed:
        raise NotConforming(gate, dataset)
    files: list[DataFile] = []
    data = dict(release_files(dataset, gate, files))
    data |= _in_every_format("dataset", data["dataset.ttl"], project)
    paths = [*project.shapes_files, *filter(None, [project.ontology_shapes_file])]
    material = Material(
        files=files,
        report=gate.data,
        queries=load_queries(project.folder("queries")),
        shapes=list(merge(*(sorted(read_lines(path, limits=project.limits)) for path in paths))),
        context=context_of(project),
        digest=dataset.digest,
    )
    theme = load_theme(project)
    renderer = Renderer(Index(project, dataset.lines), theme, material, host)
    return Site(publish(renderer, target, data, progress=progress), host, theme.scripts)


def _in_every_format(name: str, turtle: bytes, project: Project) -> dict[str, bytes]:
    """A description that stands on a page of its own, in each format that pages offer."""
    lines = sorted(read_lines(turtle, TURTLE))
    result = {}
    for format_ in TWINS:
        if format_ is not TURTLE:
            out = io.BytesIO()
            write(lines, format_, out, prefixes=project.prefixes)
            result[f"{name}.{format_.extension}"] = out.getvalue()
    return result
