"""An edition of a document: its entry in `kg.toml`, the index of its units, and the gists written of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from .. import rdf
from ..errors import Finding, ParseError
from ..namespaces import EV, SKOS
from ..project import DocumentSource, Project
from ..rdf.tokens import term_token
from .index import UnitIndex, load_index
from .text import read_text
from .units import EXEMPT_KINDS, KINDS

__all__ = ["Edition", "read_edition"]


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of a document, with what is said of its units; the text itself need not be at hand."""

    document: DocumentSource
    index: UnitIndex
    iri: str
    gists: Mapping[str, bytes]  #: unit number → the gist's literal token
    exempt: Mapping[str, str]  #: unit number → IRI of the reason, by hand or by kind
    stale: Mapping[str, bytes]  #: unit number → the note that its gist must be looked at again

    def unit_iri(self, number: str) -> str:
        """The IRI of a unit."""
        return f"{self.iri}#{number}"

    def text(self, file: Path | None = None) -> str | None:
        """The document's text, when it is at hand."""
        path = file or self.document.path
        return read_text(path) if path is not None and path.is_file() else None


def read_edition(project: Project, document: DocumentSource) -> tuple[Edition, list[Finding]]:
    """An edition as its index and its file of gists describe it, and what is wrong with the gists.

    Raises `ParseError` for an index that cannot be read, or that is another edition's.
    """
    index = load_index(project.index_path(document))
    if (index.slug, index.edition) != (document.slug, document.edition):
        raise ParseError(
            f"the index is of {index.slug}, edition {index.edition}.",
            file=project.index_path(document),
            advice=f"kg.toml names {document.slug}, edition {document.edition}.",
        )
    name = project.ids.edition(document.slug, document.edition)
    gists: dict[str, bytes] = {}
    exempt = {unit.number: KINDS[unit.kind] for unit in index.units.values() if unit.kind in EXEMPT_KINDS}
    stale: dict[str, bytes] = {}
    findings: list[Finding] = []
    path = project.gists_path(document)
    if path.is_file():
        for quad, line in rdf.read_located(path, limits=project.limits):
            subject, predicate, object_ = str(quad.subject)[1:-1], quad.predicate.value, term_token(quad.object)
            number = subject.removeprefix(name + "#")
            if number not in index.units:
                findings.append(
                    Finding(
                        f"there is no unit <{subject}>.",
                        file=path,
                        line=line,
                        advice=f"Gists here are of units of <{name}>.",
                    )
                )
            elif predicate == EV.gist:
                gists[number] = object_
            elif predicate == EV.exemptAs:
                exempt[number] = rdf.iri(object_)
            elif predicate == SKOS.changeNote:
                stale[number] = object_
            else:
                findings.append(
                    Finding(
                        f"<{predicate}> has no place among gists.",
                        file=path,
                        line=line,
                        advice="Here stand ev:gist, ev:exemptAs and skos:changeNote.",
                    )
                )
    return Edition(document, index, name, gists, exempt, stale), findings
