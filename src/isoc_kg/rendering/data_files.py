"""The data beside a page: the same triples in each format, and the links that lead to them."""

from collections.abc import Iterable, Sequence
from urllib.parse import quote

from ..errors import CannotCarry
from ..formats import JSONLD, NTRIPLES, RDFXML, TURTLE, Format
from ..project import Project
from .pages import Link
from .renderer import Renderer

__all__ = ["DATA_FORMATS", "data_files", "data_formats", "data_links"]

#: The formats in which every resource is given beside its page.
DATA_FORMATS: tuple[Format, ...] = (TURTLE, JSONLD, NTRIPLES, RDFXML)


def data_formats(project: Project) -> tuple[Format, ...]:
    """The formats that things are given in: those that `[site] formats` of `kg.toml` names, else all four."""
    return tuple(format_ for format_ in DATA_FORMATS if format_.name in project.site.formats)


def data_files(
    renderer: Renderer, path: str, lines: Sequence[bytes], formats: Iterable[Format] = DATA_FORMATS, about: bytes = b""
) -> list[tuple[str, bytes]]:
    """Triples in each format, what they are `about` first; RDF/XML cannot carry every triple and is left out then."""
    files = []
    for format_ in formats:
        try:
            files.append((f"{path}.{format_.extension}", renderer.serialize(lines, format_, about)))
        except CannotCarry:
            continue
    return files


def data_links(path: str, formats: Iterable[Format]) -> list[tuple[Link, Link]]:
    """For each format the two links from a page to its data: another form of it, and what describes it."""
    own = quote(path.rpartition("/")[2], safe="=~@")
    return [
        (
            Link("alternate", f"{own}.{format_.extension}", format_.media_type, format_.label),
            Link("describedby", f"{own}.{format_.extension}", format_.media_type),
        )
        for format_ in formats
    ]
