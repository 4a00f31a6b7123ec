"""The RDF formats: one table that reading, writing, the command line and later the server all ask."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import UnknownName

if TYPE_CHECKING:
    import pyoxigraph

__all__ = ["FORMATS", "JSONLD", "NQUADS", "NTRIPLES", "RDFXML", "TRIG", "TURTLE", "Format"]


@dataclass(frozen=True, slots=True)
class Format:
    """One RDF syntax: its names, where it is recognised, and what it can hold."""

    name: str  #: what the command line calls it; also the file name extension
    label: str
    media_type: str
    iri: str  #: https://www.w3.org/ns/formats/
    datasets: bool  #: can hold named graphs
    triple_terms: bool  #: can hold RDF 1.2 triple terms
    engine_name: str  #: attribute of `pyoxigraph.RdfFormat`
    names: tuple[str, ...]  #: further names and extensions

    @property
    def extension(self) -> str:
        """The file name extension, without the dot."""
        return self.name

    @property
    def engine(self) -> "pyoxigraph.RdfFormat":
        """The same format as pyoxigraph knows it."""
        import pyoxigraph

        result: pyoxigraph.RdfFormat = getattr(pyoxigraph.RdfFormat, self.engine_name)
        return result


_W3 = "http://www.w3.org/ns/formats/"
TURTLE = Format("ttl", "Turtle", "text/turtle", _W3 + "Turtle", False, True, "TURTLE", ("turtle",))
NTRIPLES = Format(
    "nt", "N-Triples", "application/n-triples", _W3 + "N-Triples", False, True, "N_TRIPLES", ("ntriples", "n-triples")
)
NQUADS = Format("nq", "N-Quads", "application/n-quads", _W3 + "N-Quads", True, True, "N_QUADS", ("nquads", "n-quads"))
TRIG = Format("trig", "TriG", "application/trig", _W3 + "TriG", True, True, "TRIG", ())
RDFXML = Format(
    "rdf",
    "RDF/XML",
    "application/rdf+xml",
    _W3 + "RDF_XML",
    False,
    False,
    "RDF_XML",
    ("xml", "owl", "rdfxml", "rdf-xml"),
)
JSONLD = Format(
    "jsonld", "JSON-LD", "application/ld+json", _W3 + "JSON-LD", True, False, "JSON_LD", ("json-ld", "json")
)

FORMATS: tuple[Format, ...] = (TURTLE, JSONLD, NTRIPLES, NQUADS, TRIG, RDFXML)
_BY_NAME = {name: item for item in FORMATS for name in (item.name, *item.names)}


def format_from_name(name: str) -> Format:
    """The format of this name or extension (`ttl`, `turtle`, `.ttl`); `UnknownName` says which there are.

    >>> format_from_name("Turtle").media_type
    'text/turtle'
    """
    found = _BY_NAME.get(name.lower().removeprefix("."))
    if found is None:
        known = ", ".join(item.name for item in FORMATS)
        raise UnknownName(f"There is no RDF format “{name}”.", advice=f"Formats: {known}.")
    return found


def format_from_path(path: Path | str) -> Format:
    """The format that the file name's extension tells."""
    suffix = Path(path).suffix
    found = _BY_NAME.get(suffix.lower().removeprefix(".")) if suffix else None
    if found is None:
        known = ", ".join("." + item.name for item in FORMATS)
        raise UnknownName(
            f"{path}: cannot tell the RDF format from the file name.",
            advice=f"Name the file with one of {known}, or name the format.",
        )
    return found
