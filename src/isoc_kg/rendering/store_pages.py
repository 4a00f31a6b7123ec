"""The pages of data that nobody has read as a whole: what there is by class, a form for queries, and each resource."""

import re
from dataclasses import dataclass, field
from threading import Lock
from urllib.parse import quote

from ..negotiation import FORMAT_PARAMETER
from ..query.evaluator import Evaluator
from ..rdf.lines import iri
from ..rdf.tokens import iri_token, is_valid_iri
from .data_files import data_formats
from .documents import document_bundles
from .listings import Listings
from .neighbourhood import class_index, classes, members, resource_index
from .pages import Bundle
from .renderer import Renderer
from .things import ThingBundle, ThingPages

__all__ = ["PAGES", "StorePages"]

#: The pages that there are beside those of resources, classes, queries and the ontology's terms.
PAGES = frozenset({"index.html", "queries.html", "ontology.html", "evidence.html", "shapes.html", "sparql.html"})
_LONGEST = 500  #: entries on one page of a list
_KEPT = 200  #: neighbourhoods that are remembered
_MOST_CLASSES = 200
_SECTION = re.compile(r"(document/[^/]+/[^/]+)/[1-9][0-9]{0,5}")


@dataclass
class StorePages:
    """Finds pages by asking a store. `renderer` is that of the ontology's lines, with `only` set to `PAGES`."""

    renderer: Renderer
    evaluator: Evaluator
    _bundles: dict[str, Bundle | ThingBundle] = field(default_factory=dict)
    _classes: list[tuple[bytes, int]] | None = None
    _counting: Lock = field(default_factory=Lock)

    def bundle(self, key: str) -> Bundle | ThingBundle | None:
        """The page at a path without extension; None when the store says nothing of what would be there."""
        if key == "index":
            return Bundle(key, lambda: [("index.html", self.home())])
        if key == "sparql":
            return Bundle(key, lambda: [("sparql.html", self.form())])
        if key.startswith("browse/class/"):
            return self._members(key)
        if (bundle := self._bundles.get(key)) is not None:
            return bundle
        section = _SECTION.fullmatch(key)
        name = self.renderer.addresses.iri(section[1] if section else key)
        if name is None or not is_valid_iri(name):
            return None
        bundle = self._resource(key, iri_token(name))
        if bundle is not None:
            while len(self._bundles) >= _KEPT:
                self._bundles.pop(next(iter(self._bundles)), None)
            self._bundles[key] = bundle
        return bundle

    def _resource(self, key: str, token: bytes) -> Bundle | ThingBundle | None:
        index = resource_index(self.evaluator, self.renderer.project, token, self.renderer.index)
        if index is None:
            return None
        renderer = self.renderer.for_index(index)
        if iri(token) in dict(index.editions()):
            return next((bundle for bundle in document_bundles(renderer) if bundle.key == key), None)
        if _SECTION.fullmatch(key):
            return None
        return ThingBundle(key, ThingPages(renderer, data_formats(renderer.project)), token)

    # -- lists ----------------------------------------------------------------

    def classes(self) -> list[tuple[bytes, int]] | None:
        """Each class with its number of things; None while another thread counts them."""
        if self._classes is None and self._counting.acquire(blocking=False):
            try:
                self._classes = classes(self.evaluator)
            finally:
                self._counting.release()
        return self._classes

    def home(self) -> bytes:
        """The first page."""
        renderer = self.renderer
        classes = self.classes()
        kinds = None
        if classes is not None:
            kinds = [
                (renderer.worded(name), self._address(name), renderer.theme.figure(count))
                for name, count in classes[:_MOST_CLASSES]
            ]
        page = renderer.page("index.html", renderer.project.title, "home", description=renderer.site.description)
        queries = renderer.questions[:8]
        return renderer.html("collection.html", page, kinds=kinds, queries=queries)

    def _address(self, class_: bytes) -> str:
        """Where the list of a class's things is."""
        path = self.renderer.addresses.page(iri(class_))[0]
        return f"browse/class/{quote(path, safe='/=~')}.html"

    def form(self) -> bytes:
        """A form for queries."""
        renderer = self.renderer
        page = renderer.page("sparql.html", renderer.theme.strings["sparql"], "overview", section="sparql.html")
        queries = renderer.questions
        return renderer.html("ask.html", page, formats=FORMAT_PARAMETER, queries=queries)

    def _members(self, key: str) -> Bundle | None:
        path, _, number = key.removeprefix("browse/class/").partition("~")
        class_ = self.renderer.addresses.iri(path)
        if (
            class_ is None
            or not is_valid_iri(class_)
            or (number and not (number.isascii() and number.isdigit() and len(number) < 7))
        ):
            return None
        page = int(number or 1) - 1
        things = members(self.evaluator, iri_token(class_), page * _LONGEST, _LONGEST + 1)
        if not things:
            return None
        return Bundle(key, lambda: [(f"{key}.html", self._list(key, iri_token(class_), things, page))])

    def _list(self, key: str, class_: bytes, things: list[bytes], number: int) -> bytes:
        """One page of a class's things."""
        part = things[:_LONGEST]
        index = class_index(self.evaluator, self.renderer.project, {*part, class_}, self.renderer.index)
        renderer = self.renderer.for_index(index)
        listings, root = Listings(renderer), "../" * key.count("/")
        own = key.rpartition("/")[2].partition("~")[0]
        return renderer.html(
            "members.html",
            renderer.page(f"{key}.html", renderer.worded(class_), "browse"),
            heading=renderer.link(root, class_),
            entries=[listings.entry(root, thing) for thing in part],
            previous=f"{own}{f'~{number}' if number > 1 else ''}.html" if number else "",
            next=f"{own}~{number + 2}.html" if len(things) > _LONGEST else "",
        )
