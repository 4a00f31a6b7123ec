"""Where what is served comes from, and reading it: at the start in the server, later in another process."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import LimitExceeded
from ...project import Project, load_project, project_of_files
from ...publication.publication import Publication
from ...rdf.files import RdfFile
from .snapshot import Snapshot, newest
from .store_snapshot import FolderSnapshot, snapshot_of_endpoint

if TYPE_CHECKING:
    from ...endpoint import Endpoint

__all__ = ["Source"]


@dataclass(frozen=True, slots=True)
class Source:
    """A project, or RDF files, a store in a folder, or one behind an endpoint, seen through a project.

    `base` is the address under which clients reach it, where that is given; `address` what is taken where it is not.
    """

    project: Path | None
    files: tuple[RdfFile, ...]
    store: Path | None
    endpoint: "Endpoint | None"
    base: str | None
    address: str

    @property
    def read_at_start(self) -> bool:
        """Whether all of it is read when it is loaded; of a store, next to nothing."""
        return self.store is None and self.endpoint is None

    def load(self) -> Snapshot:
        """What is served, as it is now, with templates that make pages.

        Raises `NotConforming`, `ProjectError` for what is wrong in a template, and what reading raises.
        """
        snapshot = self._snapshot()
        snapshot.try_templates()
        return snapshot

    def _snapshot(self) -> Snapshot:
        project = project_of_files(self.project) if self.files else load_project(self.project)
        if self.store is not None:
            return FolderSnapshot(project, self.store, self.base, self.address)
        if self.endpoint is not None:
            most = project.server.mirrored_triples
            return snapshot_of_endpoint(project, self.endpoint, self.base, most, self.address)
        publication = _of_files(project, self.files) if self.files else Publication.of_project(project)
        paths = [file.source for file in self.files if isinstance(file.source, Path)]
        host = self.address if project.foreign else self.base
        return Snapshot(publication, host, newest(project, paths))

    def again(self) -> "Source":
        """The same for another process, which has nobody to tell of relative IRIs once more."""
        return replace(self, files=tuple(replace(file, notice=None) for file in self.files))


def _of_files(project: Project, files: Sequence[RdfFile]) -> Publication:
    """What files hold. Raises `LimitExceeded` where the memory for pages and queries over it might not be there."""
    publication = Publication.of_files(project, files)
    count, most = len(publication.lines), project.server.file_triples
    if count > most:
        raise LimitExceeded(
            f"{count:,} triples, and at most {most:,} are served from files, since all of them are kept in memory.",
            advice="Put them into a store on disk: oxigraph load --location DIR --file FILE; then serve it: isoc-kg "
            "serve --store DIR. Or raise file_triples under [server] in kg.toml: each triple takes 1.5 kB.",
        )
    return publication
