"""The page of a resource and its data: the same triples in each."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from typing import Any, NamedTuple

from markupsafe import Markup

from ..errors import CannotCarry
from ..formats import Format
from ..namespaces import DCTERMS
from ..publication.citation import Citation, coins, dublin_core
from ..publication.cited import cite_thing
from ..rdf.lines import iri
from ..rdf.tokens import iri_token, is_iri
from .addresses import PART_PAGES
from .beside import Beside
from .citations import citation_texts, citations_files
from .composition import Composition
from .data_files import DATA_FORMATS, data_formats, data_links
from .diagrams import link_diagram
from .fingerprints import Fingerprints
from .frames import ThingFrames
from .lead import Leads
from .pages import Link, Page
from .renderer import Renderer
from .resource import WITHDRAWN, Resource
from .statements import incoming_links, statement_sections
from .structured_data import thing_nodes

__all__ = ["ThingBundle", "ThingPages", "thing_bundles"]

_REPLACED = iri_token(DCTERMS.isReplacedBy)
_NEIGHBOURS = 12  #: in the diagram, on each side at most half of them


class ThingBundle(NamedTuple):
    """The page and the data of a resource, rendered on demand; as there may be a million, little more than a name."""

    key: str
    things: "ThingPages"
    token: bytes

    def render(self) -> list[tuple[str, bytes]]:
        """The files."""
        return self.things.files(self.token, self.key)

    def fingerprint(self) -> bytes:
        """A digest over what they show."""
        return self.things.fingerprint(self.token)


@dataclass(frozen=True)
class ThingPages:
    """Renders resources."""

    renderer: Renderer
    formats: tuple[Format, ...] = DATA_FORMATS
    _compositions: dict[int, Composition] = field(default_factory=dict)

    @cached_property
    def fingerprints(self) -> Fingerprints:
        """What tells whether a page has to be rendered again."""
        return Fingerprints(self.renderer.index, self.renderer.alike)

    @cached_property
    def _beside(self) -> Beside:
        return Beside(self.renderer)

    def fingerprint(self, token: bytes) -> bytes:
        """A digest over what the files of a resource show."""
        own, beside = self.fingerprints.of(token), "\0".join(self._beside.texts(token))
        return sha256(own + beside.encode()).digest() if beside else own

    def files(self, token: bytes, path: str) -> list[tuple[str, bytes]]:
        """The resource's page, its citations and its data in each format that can carry them."""
        files = [(f"{path}.html", self.page(token, path)), *self.citations(token, path)]
        for format_ in self.formats:
            try:
                files.append((f"{path}.{format_.extension}", self.data(token, format_)))
            except CannotCarry:
                continue
        return files

    def citations(self, token: bytes, path: str) -> list[tuple[str, bytes]]:
        """The file of its citations alone, if it has one."""
        index = self.renderer.index
        return citations_files(self.renderer, index.resource(token), path) if index.has_claims else []

    def page(self, token: bytes, path: str) -> bytes:
        """The resource's page alone."""
        return self.composition(path.count("/")).page(token, path) or self.page_at_length(token, path)

    def composition(self, depth: int) -> Composition:
        """What composes pages in folders of a depth."""
        if depth not in self._compositions:
            self._compositions[depth] = Composition(self, depth)
        return self._compositions[depth]

    def page_at_length(self, token: bytes, path: str) -> bytes:
        """The same, whatever there is in it."""
        index, refused = self.renderer.index, self.refused(token)
        data = {f"{path}.{format_.extension}": b"" for format_ in self.formats if format_ not in refused}
        return self.html(token, index.resource(token), path, data)

    def refused(self, token: bytes) -> list[Format]:
        """The formats that have no way to write the resource's data."""
        return self.renderer.index.description(token).refused(self.formats)

    def data(self, token: bytes, format_: Format) -> bytes:
        """The resource's data in a format. Raises `CannotCarry`."""
        return self.renderer.described(self.renderer.index.description(token), format_, token)

    def links(self, name: str, types: Iterable[bytes], path: str, formats: Iterable[Format]) -> list[Link]:
        """What the page of a resource says of itself to machines, addresses relative to it.

        Of the resource it is given its IRI and its classes; https://signposting.org/FAIR/.
        """
        # an address to keep, which an IRI such as javascript:… is not
        scripted = name.lower().startswith(("_:", "javascript:", "data:"))
        links = [] if scripted else [Link("cite-as", name)]
        links += [link for pair in data_links(path, formats) for link in pair]
        links += [Link("type", iri(type_)) for type_ in types if is_iri(type_)]
        if not self.renderer.has("dataset.html"):
            return links
        return [*links, Link("collection", f"{'../' * path.count('/')}dataset.html")]

    def html(self, token: bytes, resource: Resource, path: str, data: Mapping[str, bytes]) -> bytes:
        """The page, with the triples of the data files and nothing else."""
        return self.frames.html(*self.material(token, resource, path, data))

    def material(
        self, token: bytes, resource: Resource, path: str, data: Mapping[str, bytes]
    ) -> tuple[Page, dict[str, Any]]:
        """The frame of a resource's page, and what its template knows of it."""
        renderer, index = self.renderer, self.renderer.index
        root = "../" * path.count("/")
        about = renderer.tagged(*self.leads.answer(token, resource))
        carried = [format_ for format_ in self.formats if f"{path}.{format_.extension}" in data]
        groups, more = statement_sections(renderer, root, resource)
        citation = self.citation(token, path)
        successors = [statement.object for statement in resource.statements if statement.predicate == _REPLACED]
        context = {
            "iri": resource.iri,
            "label": renderer.worded(token),
            "kinds": [renderer.link(root, type_) for type_ in index.types.get(token, ())],
            "names": index.names.get(token, []),
            "about": "" if about == self.leads.class_alone(resource) else about,
            "withdrawn": token in index.withdrawn,
            "taken_back": bool(resource.statements) and all(one.graph == WITHDRAWN for one in resource.statements),
            "replaced_by": renderer.link(root, successors[0]) if successors else "",
            "documents": self.documents(root, resource),
            "groups": groups,
            "more": more,
            "incoming": incoming_links(renderer, root, resource),
            "picture": link_diagram(renderer, root, token, resource, _NEIGHBOURS),
            "files": [alternate for alternate, _ in data_links(path, carried)],
            "citations": citation_texts(renderer, citation),
            "coins": coins(citation) if citation else "",
            "dublin_core": dublin_core(citation) if citation else [],
            "digest": sha256(index.description(token).text).hexdigest(),
        }
        return self._frame(token, resource, path, carried, about), context

    @cached_property
    def frames(self) -> ThingFrames:
        """What makes pages."""
        return ThingFrames(self.renderer)

    @property
    def leads(self) -> Leads:
        """What makes the sentence at the head of a page."""
        return Leads(self.renderer)

    def citation(self, token: bytes, path: str) -> Citation | None:
        """How to cite the thing; a document is cited by its editions, which somebody else wrote."""
        return None if path.startswith("document/") else cite_thing(self.renderer.sources, token)

    def _frame(self, token: bytes, resource: Resource, path: str, formats: Iterable[Format], about: str) -> Page:
        renderer, index = self.renderer, self.renderer.index
        label = renderer.worded(token)
        # what a list of results can show where nothing describes it
        kinds = (renderer.text_of(type_) for type_ in index.types.get(token, ()))
        names = ", ".join([label, *index.names.get(token, ()), *kinds])
        about = about or f"{names}. {renderer.project.description}"
        return renderer.page(
            f"{path}.html",
            label,
            "resource",
            description=" ".join(about.split())[:300],
            og_type="article",
            links=tuple(self.links(resource.iri, index.types.get(iri_token(resource.iri), ()), path, formats)),
            section="browse/index.html",
            nodes=thing_nodes(index, resource, renderer.address(f"{path}.html")),
        )

    def documents(self, root: str, resource: Resource) -> list[Markup]:
        """Links to the editions in which the sentences behind the statements stand, with what is not known of each."""
        claims = [statement.claim for statement in resource.statements if statement.claim]
        editions = sorted({name.partition("#")[0] for claim in claims for name, _ in claim.units})
        return self.links_to_editions(root, editions)

    def links_to_editions(self, root: str, editions: Sequence[str]) -> list[Markup]:
        """Links to editions, with what is not known of each."""
        renderer = self.renderer
        unknown = {edition: renderer.not_known(edition) for edition in editions}
        links = {edition: renderer.link(root, iri_token(edition)) for edition in editions}
        return [
            Markup("{} ({})").format(link, unknown[name]) if unknown[name] else link for name, link in links.items()
        ]


def thing_bundles(renderer: Renderer) -> Iterator[ThingBundle]:
    """One bundle for each resource that the publication describes, documents and their editions apart."""
    index = renderer.index
    things = ThingPages(renderer, data_formats(renderer.project))
    for token in (*index.subjects, *index.taken_back):
        name = iri(token) if is_iri(token) else token.decode()
        path, fragment = renderer.addresses.page(name)
        part = path in PART_PAGES and (path != "evidence" or token in index.terms)
        if not fragment and not part and not path.startswith(("document/", "query/", "ontology/")):
            yield ThingBundle(path, things, token)
