"""The data beside a page: the same triples in each format, and the links that lead to them."""

from collections.abc import Iterable, Sequence

from ..errors import CannotCarry, ProjectError
from ..formats import JSONLD, NTRIPLES, RDFXML, TURTLE, Format
from ..project import Project
from .pages import Link
from .renderer import Renderer

__all__ = ["DATA_FORMATS", "data_files", "data_formats", "data_links"]

#: The formats in which every resource is given beside its page.
DATA_FORMATS: tuple[Format, ...] = (TURTLE, JSONLD, NTRIPLES, RDFXML)


def data_formats(project: Project) -> tuple[Format, ...]:
    """The formats that things are given in: those that `[site] formats` of `kg.toml` names, else all four."""
    named = project.site.get("formats")
    if named is None:
        return DATA_FORMATS
    wanted = set(named) if isinstance(named, list) else set()
    by_name = {format_.name: format_ for format_ in DATA_FORMATS}
    if JSONLD.name not in wanted or not wanted <= by_name.keys():
        raise ProjectError(
            f"[site] formats must be a list of {', '.join(by_name)}, "
            f"and hold {JSONLD.name}, which is part of every page.",
            file=project.root / "kg.toml",
        )
    return tuple(format_ for name, format_ in by_name.items() if name in wanted)


def data_files(
    renderer: Renderer, path: str, lines: Sequence[bytes], formats: Iterable[Format] = DATA_FORMATS
) -> list[tuple[str, bytes]]:
    """Triples in each format; RDF/XML cannot carry every triple and is left out then."""
    files = []
    for format_ in formats:
        try:
            files.append((f"{path}.{format_.extension}", renderer.serialize(lines, format_)))
        except CannotCarry:
            continue
    return files


def data_links(path: str, formats: Iterable[Format]) -> list[tuple[Link, Link]]:
    """For each format the two links from a page to its data: another form of it, and what describes it."""
    own = path.rpartition("/")[2]
    return [
        (
            Link("alternate", f"{own}.{format_.extension}", format_.media_type, format_.label),
            Link("describedby", f"{own}.{format_.extension}", format_.media_type),
        )
        for format_ in formats
    ]
