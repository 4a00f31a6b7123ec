"""The files to download, as their page lists them: what each holds, how much, and how to use and check it."""

import shlex
from collections.abc import Callable
from typing import NamedTuple

from ..publication.data_file import DataFile
from .renderer import Renderer

__all__ = ["Download", "downloads"]

#: What a file holds → of which counts it has: facts, claims.
_COUNTED = {"whole": (True, True), "graphs": (True, True), "reified": (True, True), "facts": (True, False)}


class Download(NamedTuple):
    """A file as it is listed."""

    name: str
    holds: str
    format: str
    counts: str  #: of triples, and of facts and claims where it has some
    size: str
    bytes: str
    sha256: str
    commands: str  #: lines to type: fetch it, check it, use it


def downloads(renderer: Renderer, facts: int, claims: int) -> list[Download]:
    """Each data file of a publication with so many facts and claims, in the order in which they are written."""
    return [_download(renderer, file, facts, claims) for file in renderer.material.files]


def _download(renderer: Renderer, file: DataFile, facts: int, claims: int) -> Download:
    t, figure = renderer.theme.strings, renderer.theme.figure
    kind = _kind(renderer, file)
    has_facts, has_claims = _COUNTED.get(kind, (False, False))
    counts = []
    if file.statements is not None:
        counts.append(
            t["count_quads" if kind in ("graphs", "quads") else "count_triples"].format(count=figure(file.statements))
        )
    if has_facts and facts:
        counts.append(t["count_facts"].format(count=figure(facts)))
    if has_claims and claims:
        counts.append(t["count_claims"].format(count=figure(claims)))
    return Download(
        file.name,
        renderer.holds(file),
        file.format.label if file.format else "",
        ", ".join(counts),
        _size(file.size, figure),
        t["count_bytes"].format(count=figure(file.size)),
        file.sha256,
        "\n".join(_commands(renderer, file)),
    )


def _kind(renderer: Renderer, file: DataFile) -> str:
    return file.holds("" if renderer.project.foreign else renderer.project.name)


def _commands(renderer: Renderer, file: DataFile) -> list[str]:
    """What fetches a file, checks it, and makes use of it, with no more than the files that are listed."""
    own = file.name.rpartition("/")[2]
    name = shlex.quote(own)
    lines = [f"curl -O {shlex.quote(renderer.address(file.name))}"] if renderer.host else []
    kind = _kind(renderer, file)
    names = {one.name for one in renderer.material.files}
    whole = f"{renderer.project.name}.ttl"
    if kind == "sums":
        return [*lines, f"sha256sum --check --ignore-missing {name}"]
    lines.append(f"echo {shlex.quote(f'{file.sha256}  {own}')} | sha256sum --check")
    if kind == "shapes" and whole in names:
        lines.append(f"isoc-kg validate --shapes {name} {shlex.quote(whole)}")
    elif file.statements is not None:
        lines.append(f"isoc-kg query --data {name} 'SELECT * {{ ?s ?p ?o }} LIMIT 10'")
    return lines


def _size(size: int, figure: Callable[[float, int], str]) -> str:
    """A number of bytes as people say it.

    >>> plain = "{:,.{}f}".format
    >>> _size(999, plain), _size(41_234, plain), _size(12_345_678, plain)
    ('999 B', '41 kB', '12.3 MB')
    """
    if size < 1_000:
        return f"{size} B"
    return f"{figure(size / 1_000, 0)} kB" if size < 999_500 else f"{figure(size / 1_000_000, 1)} MB"
