"""`owl:imports` followed to files at hand: nothing is fetched.

What is relative in an imported file is relative to the IRI that it is imported by, unless the file has a base.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox

from ..errors import Finding
from ..limits import Limits
from ..namespaces import OWL, PREFIXES
from ..rdf.files import RdfFile
from .shapes import Located

__all__ = ["Catalogue"]


class Catalogue:
    """The files that have what is imported, by the IRI that imports name."""

    def __init__(self, files: Mapping[str, Path | RdfFile], limits: Limits) -> None:
        self._files = {_plain(iri): _of_import(iri, RdfFile.of(file)) for iri, file in files.items()}
        self._limits = limits

    def read(self, files: Sequence[Path | RdfFile]) -> list[Located]:
        """The triples of files and of all that they import as far as the catalogue has it, with their places.

        A file that is named or imported several times is read once: its blank nodes are not two.
        """
        located: list[Located] = []
        todo = list(map(RdfFile.of, files))
        seen: set[tuple[object, str | None]] = set()
        while todo:
            file = todo.pop(0)
            if (key := file.document) in seen:
                continue
            seen.add(key)
            number = len(seen)  # one label in two files means two blank nodes
            path = file.path
            found: list[Located] = [
                (_relabelled(quad, number) if number > 1 else quad, path, line)
                for quad, line in file.located(self._limits)
            ]
            located += found
            for quad, _, _ in found:
                if imported := self._file(quad):
                    todo.append(imported)
        return located

    def imported(self, iris: Sequence[str]) -> list[RdfFile]:
        """The files for IRIs, those that the catalogue has."""
        return [self._files[_plain(iri)] for iri in iris if _plain(iri) in self._files]

    def not_followed(self, located: Sequence[Located]) -> Iterator[Finding]:
        """A warning for each import that the catalogue does not have, but of vocabularies that everybody knows."""
        own = {_plain(str(quad.subject)[1:-1]) for quad, _, _ in located}
        seen: set[str] = set()
        for quad, file, line in located:
            if quad.predicate.value != OWL.imports or not isinstance(quad.object, ox.NamedNode):
                continue
            iri = _plain(quad.object.value)
            if self._file(quad) is None and iri not in own | seen | _WELL_KNOWN:
                seen.add(iri)
                yield Finding(
                    f"the import of {quad.object.value} is not followed.",
                    severity="warning",
                    file=file,
                    line=line,
                    iri=quad.object.value,
                    advice=f"If the shapes need it: --import {quad.object.value}=FILE, or [imports] in kg.toml.",
                )

    def _file(self, quad: ox.Quad) -> RdfFile | None:
        if quad.predicate.value != OWL.imports or not isinstance(quad.object, ox.NamedNode):
            return None
        return self._files.get(_plain(quad.object.value))


def _of_import(iri: str, file: RdfFile) -> RdfFile:
    return file if file.base or ":" not in iri else replace(file, base=iri)


def _relabelled(quad: ox.Quad, number: int) -> ox.Quad:
    """A triple of the shapes with its blank nodes named apart from those of other files."""
    subject, object_ = quad.subject, quad.object
    if isinstance(subject, ox.BlankNode):
        subject = ox.BlankNode(f"{number}x{subject.value}")
    if isinstance(object_, ox.BlankNode):
        object_ = ox.BlankNode(f"{number}x{object_.value}")
    return ox.Quad(subject, quad.predicate, object_, quad.graph_name)


def _plain(iri: str) -> str:
    """An IRI without the mark that parts a namespace from its names."""
    return iri.rstrip("#/")


_WELL_KNOWN = frozenset(map(_plain, PREFIXES.values()))
