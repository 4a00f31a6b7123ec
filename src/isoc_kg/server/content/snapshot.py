"""A publication as it is served: its pages, its data and its queries, made once and never changed."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import Any

from ...errors import CannotCarry
from ...limits import ServerLimits
from ...namespaces import RDF
from ...project import SOURCE_FOLDERS, Project
from ...publication.publication import Publication
from ...rdf.lines import iri, split
from ...rdf.tokens import iri_token
from ...rendering.discovery import discovery_files
from ...rendering.index import Index
from ...rendering.overview import bundles
from ...rendering.pages import Bundle
from ...rendering.renderer import renderer_of
from ...rendering.things import ThingBundle
from ..queries.pool import Pool
from ..queries.runner import QueryRunner

__all__ = ["Snapshot", "newest"]

_SUBJECT = iri_token(RDF.subject)


class Snapshot:
    """Everything that is served of one state of a publication; `modified` is when its newest source was written."""

    on_demand = False  #: whether pages are made by asking a store when they are asked for

    def __init__(self, publication: Publication, host: str | None, modified: float) -> None:
        self.publication = publication
        self.project = publication.project
        self.queries = publication.queries
        self.digest = publication.digest
        self.modified = modified
        self.host = host or self.project.base
        self.renderer = renderer_of(publication, self.host)
        self.bundles: dict[str, Bundle | ThingBundle] = {bundle.key: bundle for bundle in bundles(self.renderer)}
        self._making = Lock()

    @property
    def base(self) -> str:
        """What the paths of IRIs that are asked for stand behind: in anybody's data, where they are served."""
        return self.project.base if self.project.mints else self.host

    @property
    def graphs(self) -> list[tuple[str, int | None]]:
        """The named graphs, each with its number of triples where that is known; an empty name is the default graph."""
        return sorted((graph.decode()[1:-1], count) for graph, count in self.index.sizes.items())

    @property
    def index(self) -> Index:
        """The publication's lines, and what is found in them."""
        return self.renderer.index

    @property
    def lines(self) -> Sequence[bytes]:
        """The canonical lines."""
        return self.index.lines

    @property
    def data(self) -> Mapping[str, bytes]:
        """The data files by their paths; made when they are first asked for, since few ask for them."""
        with self._making:
            found = self.publication.data
        if "dataset.ttl" in found:
            found["void.ttl"] = found[".well-known/void"] = found["dataset.ttl"]
        return found

    @cached_property
    def machine(self) -> dict[str, bytes]:
        """Site map, robots, linkset."""
        _ = self.data
        pages = [f"{key}.html" for key in self.bundles if not key.startswith("data/")]
        return dict(discovery_files(self.renderer, pages))

    @property
    def notes(self) -> list[str]:
        """What is left out, for whoever starts the server."""
        return self.publication.notes()

    @property
    def left_out(self) -> Mapping[str, CannotCarry]:
        """The data files whose format cannot carry the data, each with the reason."""
        return self.publication.left_out

    def bundle(self, key: str) -> Bundle | ThingBundle | None:
        """The page, with its data, at a path without extension."""
        return self.bundles.get(key)

    def subject_of(self, claim: str) -> str | None:
        """The subject of the statement that a claim is about."""
        for line in self.index.lines_of(iri_token(claim)):
            _, predicate, object_, _ = split(line)
            if predicate == _SUBJECT:
                return iri(object_)
        return None

    def pool(self, limits: ServerLimits, base: str) -> QueryRunner:
        """What runs queries; relative IRIs in them are relative to `base`."""
        return self._workers(self.lines, limits, base)

    def _workers(self, data: Sequence[bytes] | Path, limits: ServerLimits, base: str) -> Pool:
        prefixes, claims = self.project.prefixes, self.project.ids.claims
        return Pool(data, limits, prefixes=prefixes, base=base, claims=claims, text_limits=self.project.limits)

    async def connect(self, pool: QueryRunner) -> None:
        """The pool answers from now on; what is here needs no answers."""

    def slow(self, path: str) -> bool:
        """Whether a file takes long to make, so that others should not wait for it."""
        key, dot, _ = path.rpartition(".")
        return bool(dot) and not isinstance(self.bundles.get(key), ThingBundle)

    def file(self, path: str) -> bytes | None:
        """The content of the file that the site has at a path; None when it has none.

        Raises `CannotCarry` for one whose format cannot carry the data.
        """
        key, _, extension = path.rpartition(".")
        if (file := self.renderer.theme.files.get(path)) is not None:
            return file.read_bytes()
        bundle = self.bundle(key) or (
            self.bundle(key.removesuffix(".annotations")) if key.endswith(".annotations") else None
        )
        if isinstance(bundle, ThingBundle):
            return self._of_thing(bundle, path, extension)
        if bundle is not None:
            if path in ("dataset.html", "data/editor.json", "index.html", "about.html"):
                _ = self.data  # these name the data files
            found = dict(bundle.render()).get(path)
            if found is not None:
                return found
        if path in ("sitemap.xml", "robots.txt", "linkset.json") or path.startswith("sitemap-"):
            return self.machine.get(path)
        found = self.data.get(path)
        if found is None and (refusal := self.left_out.get(path)) is not None:
            raise refusal
        return found

    def _of_thing(self, bundle: ThingBundle, path: str, extension: str) -> bytes | None:
        if extension == "html":
            return bundle.things.page(bundle.token, bundle.key)
        for format_ in bundle.things.formats:
            if format_.extension == extension:
                return bundle.things.renderer.serialize(
                    bundle.things.renderer.index.resource(bundle.token).lines, format_
                )
        return None

    def figures(self) -> dict[str, Any]:
        """What health checks want to know."""
        return {"title": self.project.title, "digest": f"sha256:{self.digest}", "things": len(self.index.subjects)}


def newest(project: Project, files: Sequence[Path]) -> float:
    """When the newest of the files that are published was written."""
    paths = list(files) or [
        path
        for name in SOURCE_FOLDERS
        if project.folder(name).is_dir()
        for path in project.folder(name).rglob("*")
        if path.is_file()
    ]
    return max([path.stat().st_mtime for path in paths], default=0.0)
