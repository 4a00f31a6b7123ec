"""The RDF formats: one table that reading, writing, the command line and later the server all ask."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import UnknownName
from .lazy_patterns import lazy_pattern

if TYPE_CHECKING:
    import pyoxigraph

__all__ = [
    "FORMATS", "JSONLD", "NQUADS", "NTRIPLES", "OTHER_SYNTAXES", "RDFXML", "TRIG", "TURTLE", "Format",
    "format_from_content", "format_from_name", "format_from_path", "format_of",
    "is_compressed_name", "is_notation3", "is_rdf_name",
]  # fmt: skip


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
TURTLE = Format("ttl", "Turtle", "text/turtle", _W3 + "Turtle", False, True, "TURTLE", ("turtle", "n3"))
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
#: Extensions of RDF files in more than one format, which the content tells.
_BY_CONTENT = ("rdfs", "shacl", "shapes", "skos", "txt")
#: Extension → what files are that have it, none of the formats here, and what to do with them.
_CONVERTED = "Convert it to RDF first, for example with ROBOT: robot convert --input FILE --output FILE.ttl."
_SHAPES_IN_SHACL = "Shapes are read in SHACL, as RDF: Turtle, JSON-LD, RDF/XML and others."
OTHER_SYNTAXES = {
    "omn": ("OWL Manchester syntax, which is no RDF", _CONVERTED),
    "ofn": ("OWL functional syntax, which is no RDF", _CONVERTED),
    "owx": ("OWL/XML, which is not RDF/XML", _CONVERTED),
    "obo": ("OBO, which is no RDF", _CONVERTED),
    "html": ("a web page (HTML)", "Save the page's data as a file: a server may give it for Accept: text/turtle."),
    "csv": ("a table (CSV)", "Map it to RDF first, for example with Tarql or an RML processor."),
    "shex": ("ShEx, which is no SHACL", f"{_SHAPES_IN_SHACL} Translate them, or validate with a ShEx processor."),
    "shaclc": ("SHACL's compact syntax", f"{_SHAPES_IN_SHACL} Convert them first, for example with shaclcjs."),
    "hdt": ("HDT, a binary format of RDF", "Convert it first, with hdt-cpp or hdt-java: hdt2rdf FILE FILE.nt."),
    "trix": ("TriX", "Convert it first, for example with Apache Jena: riot --output=trig FILE > FILE.trig."),
    "rj": ("RDF/JSON, which is not JSON-LD", "Convert it first, for example with Apache Jena: riot FILE > FILE.nq."),
}
OTHER_SYNTAXES |= {
    **dict.fromkeys(("htm", "xhtml"), OTHER_SYNTAXES["html"]),
    "tsv": ("a table (TSV)", OTHER_SYNTAXES["csv"][1]),
}
#: Of these, what content could be taken for RDF that is read, and would be read wrong.
_MISLEADING = ("shex", "shaclc", "rj")
_COMPRESSED = (".gz", ".bz2", ".xz", ".zst", ".zip")


def format_from_name(name: str) -> Format:
    """The format of this name or extension (`ttl`, `turtle`, `.ttl`); `UnknownName` says which there are.

    >>> format_from_name("Turtle").media_type
    'text/turtle'
    """
    found = _BY_NAME.get(name.lower().removeprefix("."))
    if found is None:
        known = ", ".join(item.name for item in FORMATS)
        raise UnknownName(f"there is no RDF format “{name}”.", advice=f"Formats: {known}.")
    return found


def format_from_path(path: Path | str) -> Format:
    """The format that the file name's extension tells."""
    found = _BY_NAME.get(Path(path).suffix.lower().removeprefix("."))
    if found is None:
        raise _unknown(path)
    return found


def format_of(path: Path | str, content: bytes) -> Format:
    """The format of a file, by its name or, where that leaves it open, by its content; a compression is passed over.

    Raises `UnknownName` when neither tells it.

    >>> format_of("data.nt.gz", b"").name
    'nt'
    """
    named = _BY_NAME.get(_extension(path))
    if named is not None and named is not RDFXML:
        return named
    shown = None if _extension(path) in _MISLEADING else format_from_content(content)
    found = shown or named  # .owl, .xml and .rdf are also given to Turtle
    if found is None:
        raise _unknown(path)
    return found


def _extension(path: Path | str) -> str:
    name = Path(path).name.lower()
    while name.endswith(_COMPRESSED):
        name = name.rpartition(".")[0]
    return Path(name).suffix.removeprefix(".")


def is_compressed_name(path: Path | str) -> bool:
    """Whether files of such a name are compressed or archives."""
    return str(path).lower().endswith(_COMPRESSED)


def is_notation3(path: Path | str) -> bool:
    """Whether files of such a name are Notation3, of which Turtle is a part."""
    return _extension(path) == "n3"


def is_rdf_name(path: Path | str) -> bool:
    """Whether files of such a name are RDF; those that may be anything (`.txt`, `.xml`) are not."""
    extension = _extension(path)
    return (extension in _BY_NAME or extension in _BY_CONTENT) and extension not in ("txt", "xml", "json")


def _unknown(path: Path | str) -> UnknownName:
    if foreign := OTHER_SYNTAXES.get(_extension(path)):
        label, advice = foreign
        return UnknownName(
            f"{path}: by its name it is {label}.",
            advice=f"{advice} If it is a format of RDF all the same, name that: --from ttl.",
        )
    known = ", ".join("." + item.name for item in FORMATS)
    return UnknownName(
        f"{path}: cannot tell the RDF format from the file name.",
        advice=f"Name the file with one of {known}, or name the format: --from ttl (in Python format=…).",
    )


_XML_START = lazy_pattern(rb"\s*<(?:\?xml[\s?]|!DOCTYPE|!--|[A-Za-z_][\w.-]*:RDF[\s>]|RDF[\s>])")
_JSON_START = lazy_pattern(rb"\s*(?:\{\s*(?:\"|\})|\[\s*(?:\{|\]))")
_TURTLE_START = lazy_pattern(
    rb"(?:\s|#[^\n]*\n)*(?:@(?:prefix|base|version)\s|(?i:prefix|base|version)\s|<[^<>\s\"{}]*>\s|_:|\[|\(|<<)"
)
_LINE_OF_QUADS = lazy_pattern(rb"(?:<[^<>\s]+>|_:\S+)\s+<[^<>\s]+>\s+(?:<[^<>\s]+>|_:\S+|\"(?:[^\"\\\n]|\\.)*\"\S*)\s+"
                            rb"(?:<[^<>\s]+>|_:\S+)\s*\.")  # fmt: skip


def format_from_content(content: bytes) -> Format | None:
    """The format that the beginning of a document shows: RDF/XML, JSON-LD, N-Quads, or else Turtle; None for others."""
    start = content[:4096].removeprefix(b"\xef\xbb\xbf")
    if start.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in start[:4]:
        start = start[2:].replace(b"\0", b"")
    if _XML_START.match(start):
        return RDFXML
    if _JSON_START.match(start):
        return JSONLD
    if _TURTLE_START.match(start):
        return NQUADS if any(map(_LINE_OF_QUADS.match, start.splitlines())) else TURTLE
    return None
