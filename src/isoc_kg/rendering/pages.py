"""What a page is: its files, its frame, and the links of its head."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

from markupsafe import Markup, escape

from ..rdf.text_direction import direction

__all__ = ["Bundle", "Link", "Page", "Parts"]


class Parts(Protocol):
    """What makes the files of a bundle in parts, each in any process, and then those that are about all of them."""

    @property
    def count(self) -> int:
        """How many parts there are at most; some may be empty."""

    def know(self, read: Callable[[str], bytes], untouched: Collection[str]) -> None:
        """Take over what a run before has made of things of which nothing has changed.

        `read` gives the content of its files; the things are given by the paths of their pages.
        """

    def part(self, number: int) -> tuple[list[tuple[str, bytes]], Any]:
        """The files of a part, and what the whole has to know of it."""

    def whole(self, parts: Sequence[Any]) -> Iterable[tuple[str, bytes]]:
        """The other files, given what is to be known of all parts."""


@dataclass(frozen=True, slots=True)
class Bundle:
    """Files that are rendered together: the page of a thing and its data, or one page alone."""

    key: str  #: the path of its page, without extension for resources
    render: Callable[[], list[tuple[str, bytes]]]
    fingerprint: Callable[[], bytes] | None = None  #: None: rendered each time
    share: str = ""  #: named where it takes long; those of one share are made of the same, so one process renders them
    parts: Parts | None = None  #: of what takes long and need not be rendered by one process
    release: Callable[[], None] | None = None  #: lets go of what it is made of, and bundles of which this is the same


class Link(NamedTuple):
    """A `link` element of a page's head, or a member of the linkset."""

    rel: str
    href: str
    type: str = ""
    title: str = ""

    @property
    def html(self) -> str:
        """The element."""
        before, after = _attribute("rel", self.rel) + _attribute("type", self.type), _attribute("title", self.title)
        return f'<link{before} href="{escape(self.href)}"{after}>'


@lru_cache(1024)
def _attribute(name: str, value: str) -> str:
    return f' {name}="{escape(value)}"' if value else ""


@dataclass(frozen=True, slots=True)
class Page:
    """What the frame of every page needs to know."""

    path: str
    title: str
    root: str
    lang: str
    canonical: str
    kind: str
    description: str = ""
    og_type: str = ""
    section: str = ""
    links: tuple[Link, ...] = ()
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()
    title_attributes: str = ""  #: its language, where that is another one
    structured: str = ""  #: what it says to search engines, as JSON-LD

    @property
    def href(self) -> str:
        """Its address from the root of the site."""
        return quote(self.path, safe="/=~@")

    @property
    def dir(self) -> str:
        """In which direction the page is written."""
        return direction(self.lang)

    @property
    def head(self) -> Markup:
        """The links of the page's head."""
        return Markup("\n".join([link.html for link in self.links]))  # noqa: S704 – escaped by each
