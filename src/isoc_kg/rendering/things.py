"""The page of a resource and its data: the same triples in each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple

from markupsafe import Markup

from ..formats import JSONLD, RDFXML, Format
from ..namespaces import DCTERMS
from ..rdf.lines import iri
from ..rdf.tokens import iri_token, is_iri
from .addresses import PART_PAGES
from .data_files import DATA_FORMATS, data_files, data_formats, data_links
from .diagrams import link_diagram
from .pages import Link, Page
from .renderer import Renderer
from .resource import Resource
from .statements import incoming_links, statement_sections
from .theme import json_in_html

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
        return self.things.renderer.index.fingerprint(self.token)


@dataclass(frozen=True)
class ThingPages:
    """Renders resources."""

    renderer: Renderer
    formats: tuple[Format, ...] = DATA_FORMATS

    def files(self, token: bytes, path: str) -> list[tuple[str, bytes]]:
        """The resource's page and its data in each format that can carry them."""
        resource = self.renderer.index.resource(token)
        data = data_files(self.renderer, path, resource.lines, self.formats)
        return [(f"{path}.html", self.html(token, resource, path, dict(data))), *data]

    def page(self, token: bytes, path: str) -> bytes:
        """The resource's page alone: of its data only what shows in it is written."""
        resource = self.renderer.index.resource(token)
        visible = (JSONLD, RDFXML)  # one is part of the page, of the other the page says whether it is there
        data = {f"{path}.{format_.extension}": b"" for format_ in self.formats if format_ not in visible}
        formats = [format_ for format_ in self.formats if format_ in visible]
        data |= data_files(self.renderer, path, resource.lines, formats)
        return self.html(token, resource, path, data)

    def links(self, resource: Resource, path: str, formats: Iterable[Format]) -> list[Link]:
        """What a page says of itself to machines (https://signposting.org/FAIR/), addresses relative to it."""
        # an address to keep, which an IRI such as javascript:… is not
        scripted = resource.iri.lower().startswith(("_:", "javascript:", "data:"))
        links = [] if scripted else [Link("cite-as", resource.iri)]
        links += [link for pair in data_links(path, formats) for link in pair]
        types = self.renderer.index.types.get(iri_token(resource.iri), ())
        links += [Link("type", iri(type_)) for type_ in types if is_iri(type_)]
        if not self.renderer.has("dataset.html"):
            return links
        return [*links, Link("collection", f"{'../' * path.count('/')}dataset.html")]

    def html(self, token: bytes, resource: Resource, path: str, data: Mapping[str, bytes]) -> bytes:
        """The page, with the triples of the data files and nothing else."""
        renderer, index = self.renderer, self.renderer.index
        root = "../" * path.count("/")
        language = index.name_of(token)[1]
        about, about_language = index.about.get(token, ("", ""))
        carried = [format_ for format_ in self.formats if f"{path}.{format_.extension}" in data]
        groups, more = statement_sections(renderer, root, resource)
        successors = [statement.object for statement in resource.statements if statement.predicate == _REPLACED]
        return renderer.html(
            "resource.html",
            self._frame(token, resource, path, carried),
            iri=resource.iri,
            label_lang=renderer.foreign(language),
            kinds=[renderer.link(root, type_) for type_ in index.types.get(token, ())],
            names=index.names.get(token, []),
            about=about,
            about_lang=renderer.foreign(about_language),
            withdrawn=token in index.withdrawn,
            replaced_by=renderer.link(root, successors[0]) if successors else "",
            documents=self.documents(root, resource),
            groups=groups,
            more=more,
            incoming=incoming_links(renderer, root, resource),
            picture=link_diagram(renderer, root, token, resource, _NEIGHBOURS),
            files=[alternate for alternate, _ in data_links(path, carried)],
            jsonld=json_in_html(data.get(f"{path}.jsonld", b"{}")),
            digest=sha256(b"".join(resource.lines)).hexdigest(),
        )

    def _frame(self, token: bytes, resource: Resource, path: str, formats: Iterable[Format]) -> Page:
        renderer, index = self.renderer, self.renderer.index
        label = index.name_of(token)[0]
        # what a list of results can show where nothing describes it
        kinds = (renderer.text_of(type_) for type_ in index.types.get(token, ()))
        names = ", ".join([label, *index.names.get(token, ()), *kinds])
        about = index.about.get(token, ("", ""))[0] or f"{names}. {renderer.project.description}"
        return renderer.page(
            f"{path}.html",
            label,
            "resource",
            description=" ".join(about.split())[:300],
            og_type="article",
            links=tuple(self.links(resource, path, formats)),
            section="browse/index.html",
        )

    def documents(self, root: str, resource: Resource) -> list[Markup]:
        """Links to the editions in which the sentences behind the statements stand."""
        claims = [statement.claim for statement in resource.statements if statement.claim]
        editions = sorted({name.partition("#")[0] for claim in claims for name, _ in claim.units})
        return [self.renderer.link(root, iri_token(edition)) for edition in editions]


def thing_bundles(renderer: Renderer) -> Iterator[ThingBundle]:
    """One bundle for each resource that the publication describes, documents and their editions apart."""
    index = renderer.index
    things = ThingPages(renderer, data_formats(renderer.project))
    for token in index.subjects:
        name = iri(token) if is_iri(token) else token.decode()
        path, fragment = renderer.addresses.page(name)
        part = path in PART_PAGES and (path != "evidence" or token in index.terms)
        if not fragment and not part and not path.startswith(("document/", "query/", "ontology/")):
            yield ThingBundle(path, things, token)
