"""A project folder: what its `kg.toml` says, and where everything that it names lies."""

import json
import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ParseError, ProjectError
from ..iris import Identifiers
from ..limits import Limits, ServerLimits
from ..limits.regular_files import read_regular
from ..namespaces import EV, PREFIXES
from .settings import (
    LOCAL_NAMES,
    CatalogueSettings,
    Contact,
    DocumentSource,
    EvidenceSettings,
    Folders,
    NameProperties,
    Publisher,
    ReviewSettings,
    SiteSettings,
)

if TYPE_CHECKING:
    from .accent import Accent

__all__ = [
    "FILE_NAME",
    "NOWHERE",
    "PROPOSALS",
    "SOURCE_FOLDERS",
    "Project",
    "bundled_ontology",
    "bundled_project_path",
    "bundled_shapes",
    "files_in",
    "is_inside",
]

FILE_NAME = "kg.toml"
#: The folders whose files a publication is made of.
SOURCE_FOLDERS = ("ontology", "shapes", "facts", "queries")
#: The folder of claims that are proposed and not decided on: none of the folders above may be, or lie in, it.
PROPOSALS = "proposals"
#: The base of data that no project publishes: a name that is never given to anything (RFC 6761, section 6.4).
NOWHERE = "http://data.invalid/"
_NO_FOLDER = Path(os.devnull)
#: Documents' names that are prefixes in Turtle and SPARQL (PN_PREFIX) as they stand.
_PREFIX = re.compile("[A-Za-z](?:[A-Za-z0-9-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Project:
    """What `kg.toml` says, checked, with paths made absolute."""

    root: Path
    name: str  #: first part of the file names in `out/`
    title: str  #: title of the publication
    description: str  #: one sentence about the publication
    base: str  #: base IRI: all IRIs of the publication begin with it; it ends in a slash
    language: str  #: language tag (RFC 5646) of titles, labels and pages
    licence: str | None  #: IRI of the licence of the data
    creator: str | None  #: name of the maker of the publication
    creator_iri: str | None  #: IRI of the maker
    curator: str | None  #: name or IRI of who decides what the publication states
    created: date | None  #: day on which the publication was started
    modified: date | None  #: day of the last change
    version: str | None  #: version number of the publication
    subject: str | None  #: local name of the thing that the publication is about; it is the root of `tree.jsonld`
    homepage: str | None  #: URL of a page about the publication
    documents: tuple[DocumentSource, ...]
    folders: Folders
    limits: Limits
    names: NameProperties
    schemes: Mapping[str, str]  #: class IRI → local name of the concept scheme of its instances
    own_prefixes: Mapping[str, str]  #: prefix → namespace, known in facts, queries and settings without a declaration
    terms: tuple[str, ...] = ()  #: terms (IRIs) and namespaces that are allowed although no ontology file declares them
    entailed: tuple[str, ...] = ()  #: classes and properties (IRIs) for which statements are derived
    words: Mapping[str, tuple[str, ...]] = field(
        default_factory=dict
    )  #: term (IRI) → words for a term of another vocabulary, the first of them for pages
    words_elsewhere: Mapping[str, Mapping[str, tuple[str, ...]]] = field(
        default_factory=dict
    )  #: term (IRI) → language → how documents in other languages word it
    site: SiteSettings = field(default_factory=SiteSettings)
    server: ServerLimits = field(default_factory=ServerLimits)
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    review: ReviewSettings = field(default_factory=ReviewSettings)
    catalogue: CatalogueSettings = field(default_factory=CatalogueSettings)
    publisher: Publisher | None = None
    local_names: str = LOCAL_NAMES[0]  #: letters in local names of things: `ascii` or `any-script`
    contact: Contact | None = None
    imports: Mapping[str, Path] = field(default_factory=dict)  #: IRI in `owl:imports` → local file
    annotations: tuple[str, ...] = ()  #: annotations (IRIs) that claims may have in addition to those of every project
    foreign: bool = False  #: whether there is no `kg.toml`: RDF is taken as it is, and nothing is added to it
    further_licences: tuple[str, ...] = ()  #: of data that name more than one

    @classmethod
    def of_files(cls, base: str | None = None) -> "Project":
        """What RDF files without a project are read with: no ontology, shapes, queries, maker or licence.

        `base` is the address that they are published at, when there is one.
        """
        return cls(
            root=_NO_FOLDER, name="data", title="RDF data", description="", base=base or NOWHERE, language="en",
            licence=None, creator=None, creator_iri=None, curator=None, created=None, modified=None, version=None,
            subject=None, homepage=None, documents=(), folders=Folders(), limits=Limits(), names=NameProperties(),
            schemes={}, own_prefixes={}, foreign=True,
        )  # fmt: skip

    @property
    def accent(self) -> "Accent | None":
        """The accent colour of its pages; None for the theme's own."""
        from .accent import accent_of

        return accent_of({"accent": self.site.accent, "accent_dark": self.site.accent_dark})

    @property
    def shipped(self) -> bool:
        """Whether it is the publication that ships with the package."""
        return self.root == bundled_project_path().resolve()

    @property
    def licences(self) -> tuple[str, ...]:
        """All licences: IRIs, or the names that data give."""
        return (self.licence, *self.further_licences) if self.licence else ()

    @property
    def mints(self) -> bool:
        """Whether IRIs below the base are those of `Identifiers`; in others' data they mean what their maker likes."""
        return not self.foreign or self.own_prefixes.get("claim") == self.ids.claims

    @property
    def ids(self) -> Identifiers:
        """The identifiers below the project's base."""
        return Identifiers(self.base, self.local_names == LOCAL_NAMES[1])

    def all_words(self) -> Iterator[tuple[str, str, tuple[str, ...]]]:
        """How others' terms are worded in every language: the term (IRI), the language and its texts."""
        for term, texts in self.words.items():
            yield term, self.language, texts
        for term, languages in self.words_elsewhere.items():
            for language, texts in languages.items():
                yield term, language, texts

    @property
    def prefixes(self) -> dict[str, str]:
        """Every prefix that is known without declaring it, `id:`, `claim:` and `s:` included.

        Units of several documents are shown by the names of these, as commands and pages call them: `guide:4.1`.
        """
        if self.foreign:
            return {name: iri for name, iri in PREFIXES.items() if iri != EV.iri} | dict(self.own_prefixes)
        ids = self.ids
        result = dict(PREFIXES) | {"id": ids.things, "claim": ids.claims, "graph": ids.graph("")}
        result |= {"shapes": ids.shapes + "#", "query": ids.query(""), "document": ids.document("")}
        result = {name: iri for name, iri in self.document_prefixes.items() if name not in result} | result
        for position, document in enumerate(self.documents):
            result["s" if position == 0 else f"s{position + 1}"] = ids.edition(document.slug, document.edition) + "#"
        return result | dict(self.own_prefixes)

    @property
    def document_prefixes(self) -> dict[str, str]:
        """The names of several documents as prefixes of their units; with the edition's where there is a later one."""
        documents = {document.slug: document for document in self.documents}
        if len(documents) < 2:
            return {}
        revised = {(document.slug, document.revision_of) for document in self.documents}
        found = {}
        for document in self.documents:
            old = (document.slug, document.edition) in revised
            name = f"{document.slug}-{document.edition}" if old else document.slug
            if _PREFIX.fullmatch(name) and name not in found:
                found[name] = self.ids.edition(document.slug, document.edition) + "#"
        return found

    def folder(self, name: str) -> Path:
        """The absolute path of `ontology`, `shapes`, `facts`, `queries` or `out`."""
        return self.root / str(getattr(self.folders, name))

    @property
    def proposals_folder(self) -> Path:
        """Where proposed claims wait for a decision; nothing is published from it."""
        return self.root / PROPOSALS

    @property
    def decisions_folder(self) -> Path:
        """Where reviewers' decisions are recorded."""
        return self.proposals_folder / "decisions"

    def turtle_files(self, name: str, besides: str = "", shared: Path | None = None) -> list[Path]:
        """The Turtle files of a folder, sorted by name; those of folders inside it are not among them.

        `besides` names one with a part of its own. `shared` comes first, unless the folder has its like.
        """
        files = [path for path in files_in(self.folder(name), ".ttl") if path.name.lower() != besides]
        if self.foreign:
            return []
        return files if not shared or shared.name in {path.name.lower() for path in files} else [shared, *files]

    def _turtle_file(self, name: str, file_name: str) -> Path | None:
        """The Turtle file of this name in a folder, when there is one."""
        return next((path for path in self.turtle_files(name) if path.name.lower() == file_name), None)

    @property
    def facts_files(self) -> list[Path]:
        """The files that facts are authored in; `ProjectError` when a file beside them would not be read."""
        folder, files = self.folder("facts"), self.turtle_files("facts")
        for path in sorted(folder.iterdir()) if folder.is_dir() else ():
            aside = path.name.startswith((".", "README")) or path.name.endswith(("~", ".md")) or path.name == "units"
            if path not in files and not aside:
                raise ProjectError(
                    "facts are read from Turtle files (.ttl) in this folder alone.",
                    file=path,
                    advice="Write its facts in Turtle, or move it out of the folder.",
                )
        return files

    @property
    def ontology_files(self) -> list[Path]:
        """The ontology, the evidence vocabulary that every project shares included; alignments not."""
        return self.turtle_files("ontology", besides="alignments.ttl", shared=bundled_ontology())

    @property
    def alignments_file(self) -> Path | None:
        """The file of links to other data, when there is one."""
        return self._turtle_file("ontology", "alignments.ttl")

    @property
    def context_file(self) -> Path | None:
        """The JSON-LD context, when there is one."""
        path = self.folder("ontology") / "context.jsonld"
        return path if path.is_file() else None

    def read_context(self, file: Path | None = None) -> Any:
        """The JSON-LD context as its file has it, or another file; None when there is no file.

        Raises `ParseError` for a file that is not JSON, or has no `@context`.
        """
        file = file or self.context_file
        if file is None:
            return None
        try:
            document = json.loads(read_regular(file).decode("utf-8-sig"))
        except (OSError, ValueError) as error:
            raise ParseError(f"the JSON-LD context cannot be read: {error}.", file=file) from None
        if not isinstance(document, dict) or "@context" not in document:
            raise ParseError(
                "there is no JSON-LD context in the file.",
                file=file,
                advice='Write {"@context": {…}}.',
            )
        return document["@context"]

    @property
    def shapes_files(self) -> list[Path]:
        """The shapes for the data, the evidence shapes that every project shares included."""
        return self.turtle_files("shapes", besides="ontology-shapes.ttl", shared=bundled_shapes())

    @property
    def ontology_shapes_file(self) -> Path | None:
        """The shapes that hold the ontology to its style, when there are any."""
        return self._turtle_file("shapes", "ontology-shapes.ttl")

    def index_path(self, document: DocumentSource) -> Path:
        """Where the sentence index of an edition lies."""
        return self.folder("facts") / "units" / document.slug / f"{document.edition}.jsonl"

    def gists_path(self, document: DocumentSource) -> Path:
        """Where the gists of an edition's units lie."""
        return self.folder("facts") / "units" / document.slug / f"{document.edition}.gists.ttl"


def files_in(folder: Path, extension: str) -> list[Path]:
    """The files of a folder with an extension, in whatever case, sorted by name; none where there is no folder."""
    return sorted(path for path in folder.iterdir() if path.suffix.lower() == extension) if folder.is_dir() else []


def bundled_project_path() -> Path:
    """The folder of the publication that ships with the package.

    In a wheel it lies inside the package; in a checkout it is the checkout itself.
    """
    package = Path(__file__).parent.parent
    inside = package / "bundled"
    return inside if inside.is_dir() else package.parent.parent


def bundled_ontology() -> Path:
    """The evidence vocabulary, which every project shares."""
    return bundled_project_path() / "ontology" / "evidence.ttl"


def bundled_shapes() -> Path:
    """The shapes for evidence, which every project shares."""
    return bundled_project_path() / "shapes" / "evidence-shapes.ttl"


def is_inside(path: Path, root: Path) -> bool:
    """Whether a path, once all links in it are followed, lies in a folder."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):  # a circle of links, a character that no path has
        return False
