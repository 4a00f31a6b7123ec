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
from ...rendering.citations import CITATIONS
from ...rendering.discovery import discovery_files
from ...rendering.index import Index
from ...rendering.overview import bundles
from ...rendering.pages import Bundle
from ...rendering.renderer import Material, Renderer, renderer_of
from ...rendering.search_files import SearchFiles
from ...rendering.search_page import SearchPage
from ...rendering.template_trial import try_templates
from ...rendering.theme import Theme
from ...rendering.things import ThingBundle
from ..queries.points import PointAnswers, Points
from ..queries.pool import Pool
from ..queries.runner import QueryRunner
from ..spool import Content
from .heavy import DATA, SEARCH, Heavy

__all__ = ["Snapshot", "Variants", "newest"]

#: The content and the entity tag of a file by its coding, an empty one for none.
Variants = Mapping[str, tuple[Content, str]]
_SEARCH = "data/search"  #: the bundle of what is searched, and where its files are
_MACHINE = ("sitemap.xml", "robots.txt", "linkset.json")
_NAMING_DATA = ("dataset.html", "data/editor.json", "index.html", "about.html")
_LIGHT_LINES = 20_000  #: with more, what is made of all of them is made by other processes
_LIGHT_THING = 200  #: lines about a thing that is always rendered where it is asked for
_DESCRIPTIONS = ("void.ttl", ".well-known/void")  #: as which `dataset.ttl` is there too
_SUBJECT = iri_token(RDF.subject)
_BESIDE = (".annotations", CITATIONS)  #: files beside a page, by what stands before their extension


class Snapshot:
    """Everything that is served of one state of a publication; `modified` is when its newest source was written."""

    on_demand = False  #: whether pages are made by asking a store when they are asked for
    light = (
        True  #: whether all of it may be made in the process that serves it; else `Heavy` is raised for what may not
    )
    made: Mapping[str, Variants] | None = None  #: the data files in their codings, where others make them
    made_search: Mapping[str, Variants] | None = None  #: the files of what is searched, likewise

    def __init__(
        self,
        publication: Publication,
        host: str | None,
        modified: float,
        material: Material | None = None,
        theme: Theme | None = None,
    ) -> None:
        self.publication = publication
        self.project = publication.project
        self.queries = publication.queries
        self.digest = publication.digest
        self.modified = modified
        self.host = host or self.project.base
        if material is None or theme is None:
            self.renderer = renderer_of(publication, self.host)
        else:
            self.renderer = Renderer(Index(self.project, publication.lines), theme, material, self.host)
        self.light = len(self.lines) <= _LIGHT_LINES
        self._own_files = {
            path: file.read_bytes() for path, file in self.renderer.theme.files.items() if path == "theme/own.css"
        }
        self.bundles: dict[str, Bundle | ThingBundle] = {bundle.key: bundle for bundle in bundles(self.renderer)}
        self._making = Lock()
        self._maker = False
        self._found_in: SearchFiles | None = None  # what a maker searches

    @property
    def state(self) -> tuple[Any, ...]:
        """What an equal snapshot is made of in another process, however the files may have changed."""
        return self.publication, self.host, self.modified, self.renderer.material, self.renderer.theme

    def __getstate__(self) -> tuple[Any, ...]:
        return self.state

    def __setstate__(self, state: tuple[Any, ...]) -> None:
        Snapshot.__init__(self, *state)

    def try_templates(self) -> None:
        """Render a page of each kind, where the project has templates of its own. Raises `ProjectError`."""
        try_templates(self.renderer, self.bundles)

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
    def data(self) -> Mapping[str, Content]:
        """The data files by their paths; made when they are first asked for, since few ask for them. Raises `Heavy`."""
        found: dict[str, Content]
        if self.light:
            with self._making:
                found = dict(self.publication.data)
        elif self.made is None:
            raise Heavy(DATA)
        else:
            found = {path: variants[""][0] for path, variants in self.made.items()}
        if "dataset.ttl" in found:
            found["void.ttl"] = found[".well-known/void"] = found["dataset.ttl"]
        return found

    def have(self, made: Mapping[str, Variants], left_out: Mapping[str, CannotCarry]) -> None:
        """Have data files that others made, and the reasons why some are left out."""
        self.publication.left_out.update(left_out)
        self.made = made

    def have_search(self, made: Mapping[str, Variants]) -> None:
        """Have the files of what is searched, which others made."""
        self.made_search = made

    def variants(self, path: str) -> "Variants":
        """The codings in which a data file is there already."""
        made = self.made_search if path.startswith(_SEARCH) else self.made
        return (made or {}).get("dataset.ttl" if path in _DESCRIPTIONS else path, {})

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
        """The page, with its data, at a path without extension. Raises `Heavy` for a thing with much about it."""
        found = self.bundles.get(key)
        if not self.light and not self._maker and isinstance(found, ThingBundle) and self._has_much(found.token):
            raise Heavy
        return found

    def _has_much(self, token: bytes) -> bool:
        """Whether so much is said about a thing that to render it takes a while."""
        return len(self.index.incoming.of(token)) > _LIGHT_THING or self.index.has_more(token, _LIGHT_THING)

    def light_thing(self, key: str) -> ThingBundle | None:
        """The thing whose page is at a path without extension, unless it takes a while to render."""
        found = self.bundles.get(key)
        return found if isinstance(found, ThingBundle) and not self._has_much(found.token) else None

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

    def points(self, base: str) -> Points:
        """What answers queries for the values of an IRI in this process; IRIs in them are relative to `base`."""
        return PointAnswers(self.index, self.project.prefixes)

    def be_maker(self, made: Mapping[str, Variants] | None = None) -> None:
        """Make pages here whatever it takes, but for the data files; `made` are those that there are."""
        self._maker, self.made = True, made

    def search_in(self, files: SearchFiles) -> None:
        """As a maker, find in these files what is searched."""
        self._found_in = files

    def slow(self, path: str) -> bool:
        """Whether a file takes a while to make here, so that others should not wait for it.

        With a project's own templates nearly everything may: what has no page's name may be answered by one, too.
        """
        if self.renderer.theme.own:
            return path not in self.renderer.theme.files
        if not self.light:
            return False
        key, dot, _ = path.rpartition(".")
        found = self.bundles.get(key) or self.bundles.get(path)
        if isinstance(found, ThingBundle):
            return self._has_much(found.token)
        return bool(dot) or path in ("", "describe")

    def file(self, path: str) -> Content | None:
        """The content of the file that the site has at a path; None when it has none.

        Raises `CannotCarry` for one whose format cannot carry the data, and `Heavy`.
        """
        key, _, extension = path.rpartition(".")
        if path in self._own_files:
            return self._own_files[path]
        if path in self.renderer.theme.files:
            return self.renderer.theme.content(path)
        in_shards = key == _SEARCH or key.startswith(f"{_SEARCH}/")
        beside = next((end for end in _BESIDE if key.endswith(end)), "")
        bundle = self.bundle(_SEARCH if in_shards else key)
        bundle = bundle or (self.bundle(key.removesuffix(beside)) if beside else None)
        if isinstance(bundle, ThingBundle):
            return self._of_thing(bundle, path, extension)
        machine = path in _MACHINE or path.startswith("sitemap-")
        if not self.light and not self._maker:
            if in_shards:
                return self._searched_elsewhere(path)
            return self._made_elsewhere(path, machine, page=bundle is not None)
        if bundle is not None:
            if path in _NAMING_DATA:
                _ = self.data  # these name the data files
            page = dict(bundle.render()).get(path)
            if page is not None:
                return page
        if machine:
            return self.machine.get(path)
        if self._maker:
            raise Heavy(DATA)  # these are not made here
        if (found := self.data.get(path)) is None and (refusal := self.left_out.get(path)) is not None:
            raise refusal
        return found

    def _searched_elsewhere(self, path: str) -> Content | None:
        """A file of what is searched, which others make; None for what is none. Raises `Heavy`."""
        if self.made_search is None:
            raise Heavy(SEARCH)
        return self.made_search[path][""][0] if path in self.made_search else None

    def _made_elsewhere(self, path: str, machine: bool, page: bool) -> Content | None:
        """A file that others make: a data file that is there, or `Heavy`; None for what is none."""
        if not machine and not path.endswith(".html"):
            if (found := self.data.get(path)) is not None:
                return found
            if (refusal := self.left_out.get(path)) is not None:
                raise refusal
        if machine or page:
            raise Heavy
        return None

    def _of_thing(self, bundle: ThingBundle, path: str, extension: str) -> bytes | None:
        if path == f"{bundle.key}{CITATIONS}.html":
            return dict(bundle.things.citations(bundle.token, bundle.key)).get(path)
        if extension == "html":
            return bundle.things.page(bundle.token, bundle.key)
        for format_ in bundle.things.formats:
            if format_.extension == extension:
                return bundle.things.data(bundle.token, format_)
        return None

    @cached_property
    def _own_search(self) -> SearchFiles:
        """What is searched of data that are light."""

        def read(path: str) -> bytes:
            content = self.file(path)
            assert content is not None
            return bytes(content)

        return SearchFiles.reading(read)

    def search_page(self, question: str, kind: str) -> bytes:
        """The search page with what a question finds, for those who run no scripts. Raises `Heavy`."""
        search = self._own_search if self.light else self._found_in
        if search is None:
            raise Heavy(SEARCH if self._maker else "")
        return SearchPage(self.renderer).html(search, question, kind)

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
