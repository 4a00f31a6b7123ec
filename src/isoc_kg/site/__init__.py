"""A publication as a folder for any web host."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import UsageError
from ..project import Project
from ..publication.build import output_turn
from ..publication.publication import Publication
from ..publication.review import review_rows
from ..rendering.renderer import renderer_of
from .publish import PublishedSite, publish, refuse_other_site

__all__ = ["Site", "publish_project", "publish_site"]


@dataclass(frozen=True, slots=True)
class Site:
    """What was published, and where it is meant to live."""

    published: PublishedSite
    host: str
    scripts: bool
    warnings: Sequence[str]  #: what the checks found, as texts
    review: Sequence[tuple[str, str]] = ()  #: what waits for a person, a row each


def publish_site(
    publication: Publication,
    target: Path,
    *,
    host: str | None = None,
    replace: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Site:
    """Write the site of a publication.

    `host` is the address of the site's root; identifiers in the data stay as they are whatever it is. The site of
    another publication is replaced with `replace` only; else `OutputError`.
    """
    if not replace:
        refuse_other_site(target, publication.project)
    if host is None:  # RDF that no project publishes has no address of its own
        host = "" if publication.project.foreign else publication.project.base
    if (
        (host and not host.startswith(("http://", "https://")))
        or any(c in host for c in "<>\"'` \\?#")
        or not host.isprintable()
    ):
        raise UsageError(f"“{host}” is not a valid URL of a site.", advice="Give one such as https://example.org/kg/.")
    host = host if host.endswith("/") or not host else host + "/"
    data = publication.data  # before pages are made, which name these files
    warnings = [
        *(publication.gate.warnings() if publication.gate else ()),
        *(f"warning: {note}" for note in publication.notes()),
    ]
    renderer = renderer_of(publication, host)
    review: Sequence[tuple[str, str]] = ()
    if publication.gate and publication.dataset and publication.dataset.claims:
        review = review_rows(publication.dataset, publication.gate.evidence)
    return Site(publish(renderer, target, data, progress=progress), host, renderer.theme.scripts, warnings, review)


def publish_project(
    project: Project,
    target: Path,
    *,
    host: str | None = None,
    engine: str | None = None,
    strict: bool = False,
    replace: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> Site:
    """Build a project, hold it against its shapes, and write its site.

    With `strict`, warnings stop it. Raises `NotConforming` before anything is written.
    """
    if not replace:
        refuse_other_site(target, project)
    with output_turn(project, target):
        publication = Publication.of_project(project, engine, strict=strict)
        return publish_site(publication, target, host=host, replace=True, progress=progress)
