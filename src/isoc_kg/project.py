"""A project folder: `kg.toml`, read strictly, and where everything that it names lies."""

import difflib
import json
import os
import re
import shlex
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from .atomic import finish_writing
from .errors import ParseError, ProjectError
from .iris import Identifiers, expand, is_language_tag, is_local_name
from .limits import Limits, ServerLimits
from .limits.regular_files import read_regular
from .namespaces import DCTERMS, EV, FOAF, ONTOLEX, PREFIXES, RDFS, SCHEMA, SKOS

__all__ = [
    "FILE_NAME",
    "NOWHERE",
    "ORIGIN",
    "PROPOSALS",
    "PROVENANCE",
    "SOURCE_FOLDERS",
    "DocumentSource",
    "NameProperties",
    "Project",
    "ReviewSettings",
    "UnitSettings",
    "bundled_ontology",
    "bundled_project_path",
    "bundled_shapes",
    "files_in",
    "find_project",
    "load_project",
    "project_from_text",
    "project_of_files",
]

FILE_NAME = "kg.toml"
#: The folders whose files a publication is made of.
SOURCE_FOLDERS = ("ontology", "shapes", "facts", "queries")
#: The folder of claims that are proposed and not decided on: none of the folders above may be, or lie in, it.
PROPOSALS = "proposals"
#: What an edition says of where it comes from.
PROVENANCE = ("author", "publisher", "date", "source")
#: What an edition says of the file that its text was taken out of.
ORIGIN = ("original", "original_sha256", "fetched")
#: The base of data that no project publishes: a name that is never given to anything (RFC 6761, section 6.4).
NOWHERE = "http://data.invalid/"
_NO_FOLDER = Path(os.devnull)


@dataclass(frozen=True, slots=True)
class UnitSettings:
    """How a document is cut into units, under `[document.units]` below its `[[document]]`."""

    rules: int = 2  #: the edition of the rules; the first is that of version 1
    headings: bool = True  #: lines that are headings, without a blank line behind them
    lists: bool = True  #: lines that begin with a list mark or a label
    tables: bool = True  #: lines with cells between tabs or vertical bars
    run_in: bool = True  #: headings, transcriptions and lists that run into the text around them
    abbreviations: tuple[str, ...] = ()  #: behind which no sentence ends, besides those of the language


@dataclass(frozen=True, slots=True)
class DocumentSource:
    """One `[[document]]`: an edition of a text that facts rest on."""

    slug: str
    edition: str
    title: str
    language: str
    path: Path | None = None  #: where the text may lie; it need not be there
    rights: str | None = None
    source: str | None = None  #: an IRI that says where the text comes from
    publish_text: bool = False
    revision_of: str | None = None  #: the edition before this one
    about: str | None = None  #: local name of the thing that the document is about
    author: str | None = None  #: who wrote it: a name or an IRI
    publisher: str | None = None  #: a name or an IRI
    date: str | None = None  #: when it was published: a year, a month or a day
    original: Path | None = None  #: where the file may lie that the text was taken out of
    original_sha256: str | None = None  #: of that file
    fetched: str | None = None  #: when it was fetched from `source`, in the form of ISO 8601
    unknown: tuple[str, ...] = ()  #: those of `PROVENANCE` that are not known, said so that nobody need ask
    units: UnitSettings = field(default_factory=UnitSettings)


@dataclass(frozen=True, slots=True)
class Folders:
    """The folders of a project, relative to its `kg.toml`."""

    ontology: str = "ontology"
    shapes: str = "shapes"
    facts: str = "facts"
    queries: str = "queries"
    out: str = "out"


@dataclass(frozen=True, slots=True)
class EvidenceSettings:
    """The second reader of the evidence check, under `[evidence]`; it runs only when it is asked for."""

    verifier: str = ""  #: a command; empty when there is none
    verifier_seconds: float = 600.0


@dataclass(frozen=True, slots=True)
class ReviewSettings:
    """What is published of a review, under `[review]`."""

    publish_names: bool = False  #: whether claims that were proposed say who proposed and who accepted them


@dataclass(frozen=True, slots=True)
class NameProperties:
    """The properties (IRIs) whose values name a thing, the best first.

    Either list can be set under `[names]`, in place of the whole list here, by prefixed names or IRIs:

        [names]
        labels = ["rdfs:label", "dcterms:title"]
        alternatives = ["skos:altLabel"]
    """

    #: what a thing is called: the first of these that it has in the project's language, or in none, is its label
    labels: tuple[str, ...] = (
        *(RDFS.label, SCHEMA.name, SKOS.prefLabel),
        *(DCTERMS.title, FOAF.name, ONTOLEX.writtenRep),
    )
    #: what it is also called: acronyms, other and misprinted names; by these, too, it is found
    alternatives: tuple[str, ...] = (SCHEMA.alternateName, SKOS.altLabel, SKOS.hiddenLabel)


_Section = TypeVar("_Section", Folders, EvidenceSettings, Limits, ReviewSettings, ServerLimits)


@dataclass(frozen=True, slots=True)
class Project:
    """What `kg.toml` says, checked, with paths made absolute."""

    root: Path
    name: str  #: the stem of the files in `out/`
    title: str
    description: str
    base: str
    language: str
    licence: str | None
    creator: str | None
    creator_iri: str | None
    curator: str | None  #: who decided what the publication states: a name or an IRI
    created: date | None
    modified: date | None
    version: str | None
    subject: str | None  #: local name of the thing that the publication is about, the root of `framed.jsonld`
    homepage: str | None
    documents: tuple[DocumentSource, ...]
    folders: Folders
    limits: Limits
    names: NameProperties
    schemes: Mapping[str, str]  #: class IRI → local name of the scheme that its concepts belong to
    own_prefixes: Mapping[str, str]
    terms: tuple[str, ...] = ()  #: terms (IRIs) and namespaces that are allowed though nothing declares them
    site: Mapping[str, Any] = field(default_factory=dict)
    server: ServerLimits = field(default_factory=ServerLimits)
    evidence: EvidenceSettings = field(default_factory=EvidenceSettings)
    review: ReviewSettings = field(default_factory=ReviewSettings)
    imports: Mapping[str, Path] = field(default_factory=dict)  #: what `owl:imports` names → the file that has it
    annotations: tuple[str, ...] = ()  #: what claims may carry besides what every project knows
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
        return Identifiers(self.base)

    @property
    def prefixes(self) -> dict[str, str]:
        """Every prefix that is known without declaring it, `id:`, `claim:` and `s:` included."""
        if self.foreign:
            return {name: iri for name, iri in PREFIXES.items() if iri != EV.iri} | dict(self.own_prefixes)
        ids = self.ids
        result = dict(PREFIXES) | {"id": ids.things, "claim": ids.claims, "graph": ids.graph("")}
        result |= {"shapes": ids.shapes + "#", "query": ids.query(""), "document": ids.document("")}
        for position, document in enumerate(self.documents):
            result["s" if position == 0 else f"s{position + 1}"] = ids.edition(document.slug, document.edition) + "#"
        return result | dict(self.own_prefixes)

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
    package = Path(__file__).parent
    inside = package / "bundled"
    return inside if inside.is_dir() else package.parent.parent


def bundled_ontology() -> Path:
    """The evidence vocabulary, which every project shares."""
    return bundled_project_path() / "ontology" / "evidence.ttl"


def bundled_shapes() -> Path:
    """The shapes for evidence, which every project shares."""
    return bundled_project_path() / "shapes" / "evidence-shapes.ttl"


def find_project(path: Path | str | None) -> Path:
    """The project folder meant: the one named, else the current one if it has a `kg.toml`, else the bundled one."""
    if path is None:
        here = Path.cwd()
        return here if (here / FILE_NAME).is_file() else bundled_project_path()
    named = Path(path)
    folder = named.parent if named.name == FILE_NAME else named
    if not (folder / FILE_NAME).is_file():
        raise ProjectError(
            f"{folder}: no {FILE_NAME} here.",
            advice="Name a folder that has one, or make one: isoc-kg init DIR.",
        )
    return folder


def load_project(path: Path | str | None = None) -> Project:
    """The project in a folder; `ProjectError` with file and line for whatever its `kg.toml` gets wrong."""
    root = find_project(path)
    finish_writing(root)
    file = root / FILE_NAME
    try:
        text = read_regular(file).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProjectError(f"not UTF-8 at byte {error.start}.", file=file, advice="Save it as UTF-8.") from None
    except OSError as error:
        raise ProjectError(f"cannot be read: {error.strerror}.", file=file) from None
    project = project_from_text(text, root)
    if not project.shipped:  # an installer may keep our own files elsewhere
        _refuse_links(project)
    return project


def project_from_text(text: str, root: Path) -> Project:
    """The project that a `kg.toml` in a folder would describe. Raises as `load_project`."""
    file = root / FILE_NAME
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(match[1]), int(match[2])) if match else (None, None)
        what = re.sub(r" \(at .*\)$", "", str(error))
        raise ProjectError(f"not TOML: {what}.", file=file, line=line, column=column) from None
    return _Reader(file, text, table).project(root)


def project_of_files(path: Path | str | None = None, base: str | None = None) -> Project:
    """The project that RDF files are seen through: the one named, or the current folder's; else `Project.of_files`."""
    if path is None and not (Path.cwd() / FILE_NAME).is_file():
        return Project.of_files(base)
    return load_project(path)


def _is_inside(path: Path, root: Path) -> bool:
    """Whether a path, once all links in it are followed, lies in a folder."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):  # a circle of links, a character that no path has
        return False


def _is_day(text: str) -> bool:
    """Whether a text is a year, a month or a day that the calendar has."""
    if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


def _refuse_links(project: Project) -> None:
    """Raise `ProjectError` for a link in what a project publishes from that leads out of its folder.

    The same for what is no file, such as a named pipe: reading one may never end.
    """
    root = project.root
    own = [root / name for name in ("templates", "theme.css", "strings.toml")]
    waiting = [project.folder(item.name) for item in fields(Folders) if item.name != "out"]
    links = [path for path in own if path.is_symlink()]
    others = [path for path in own if path.exists() and not path.is_file() and not path.is_dir()]
    waiting += own[:1]
    while waiting:
        folder = waiting.pop()
        for entry in os.scandir(folder) if folder.is_dir() else ():
            if entry.is_symlink():
                links.append(Path(entry.path))
            if entry.is_dir(follow_symlinks=False):
                waiting.append(Path(entry.path))
            elif not entry.is_file() and Path(entry.path).exists() and not entry.is_dir():
                others.append(Path(entry.path))
    for path in others:
        raise ProjectError("is neither a file nor a folder.", file=path, advice="Move it out of the project's folders.")
    for path in links:
        if not _is_inside(path, root):
            raise ProjectError(
                "the link leads out of the project's folder.",
                file=path,
                advice="Put the file itself there, or remove the link.",
            )


_TEXT, _OPTIONAL_TEXT = "text", "optional text"
_KEYS: dict[str, str] = {
    "name": _TEXT,
    "title": _TEXT,
    "description": _TEXT,
    "base": _TEXT,
    "language": _TEXT,
    "licence": _OPTIONAL_TEXT,
    "creator": _OPTIONAL_TEXT,
    "creator_iri": _OPTIONAL_TEXT,
    "curator": _OPTIONAL_TEXT,
    "created": "date",
    "modified": "date",
    "version": _TEXT,
    "subject": _OPTIONAL_TEXT,
    "homepage": _OPTIONAL_TEXT,
    "document": "tables",
    "folders": "table",
    "limits": "table",
    "names": "table",
    "imports": "table",
    "terms": "table",
    "annotations": "table",
    "schemes": "table",
    "prefixes": "table",
    "site": "table",
    "review": "table",
    "server": "table",
    "evidence": "table",
}
_DOCUMENT_KEYS: dict[str, str] = {
    "slug": _TEXT,
    "edition": _TEXT,
    "title": _TEXT,
    "language": _TEXT,
    "path": _OPTIONAL_TEXT,
    "rights": _OPTIONAL_TEXT,
    "source": _OPTIONAL_TEXT,
    "publish_text": "optional flag",
    "revision_of": _OPTIONAL_TEXT,
    "about": _OPTIONAL_TEXT,
    "author": _OPTIONAL_TEXT,
    "publisher": _OPTIONAL_TEXT,
    "date": "optional day",
    "original": _OPTIONAL_TEXT,
    "original_sha256": _OPTIONAL_TEXT,
    "fetched": "optional moment",
    "unknown": "optional list",
    "units": "optional table",
}
_PYTHON_TYPES: dict[str, tuple[type | tuple[type, ...], str]] = {
    "text": (str, "a text in quotes"),
    "date": (date, "a date such as 2026-11-23, without quotes"),
    "table": (dict, "a table such as [limits]"),
    "tables": (list, "tables such as [[document]]"),
    "flag": (bool, "true or false"),
    "day": ((date, str), 'a date such as 2026-11-23, or a year or month in quotes: "2026", "2026-11"'),
    "moment": (datetime, "a time such as 2026-11-26T05:30:00Z, without quotes"),
    "list": (list, 'a list such as ["author", "date"]'),
}


_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MOST_SECONDS = 1_000_000  # longer than anybody waits, and short enough for every timer of the system
_MOST = 1_000_000_000_000_000


def _is_command(text: str) -> bool:
    """Whether a text has a command's form: words, quotation marks closed."""
    try:
        return bool(shlex.split(text)) and "\0" not in text
    except ValueError:
        return False


def _is_abbreviation(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip(". ")) and not _CONTROL.search(value)


class _Reader:
    """One `kg.toml` being read; finds the line of whatever is wrong."""

    def __init__(self, file: Path, text: str, table: dict[str, Any]) -> None:
        self.file, self.text, self.table = file, text, table

    def error(
        self, message: str, key: str, *, advice: str | None = None, section: str = "", nth: int = 0
    ) -> ProjectError:
        return ProjectError(message, file=self.file, line=self.line(key, section, nth), advice=advice)

    def line(self, key: str, section: str, nth: int) -> int | None:
        """The line on which a key stands, or its section when the key is nowhere."""
        current, count, fallback = "", -1, None
        if section == "document.units" and not re.search(r"^\s*\[\s*document\.units\s*\]", self.text, re.MULTILINE):
            key, section = "units", "document"  # written as an inline table
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := re.match(r"\s*\[\[?\s*([\w.\"-]+)\s*\]\]?", line):
                current = header[1]
                if current in (section, key):
                    count += 1
                    if count == nth:
                        fallback = number
                        if current == key:
                            return number
            elif current == section and (not section or count == nth):
                if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
                    return number
        return fallback

    def known(self, table: Mapping[str, Any], keys: Mapping[str, Any], section: str = "", nth: int = 0) -> None:
        for key in table:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, 1)
                where = f" in [{section}]" if section else ""
                advice = f"Did you mean {near[0]}?" if near else f"Keys{where}: {', '.join(keys)}."
                raise self.error(f"there is no setting “{key}”{where}.", key, advice=advice, section=section, nth=nth)

    def typed(
        self, table: Mapping[str, Any], keys: Mapping[str, str], section: str = "", nth: int = 0
    ) -> dict[str, Any]:
        """The table with its values checked against `keys`; optional ones that are absent left out."""
        self.known(table, keys, section, nth)
        for key, kind in keys.items():
            python, words = _PYTHON_TYPES[kind.removeprefix("optional ")]
            if key not in table:
                if kind in (_TEXT, "date"):
                    where = f" in [[{section}]]" if section else ""
                    raise self.error(
                        f"the setting “{key}”{where} is missing.",
                        key,
                        section=section,
                        nth=nth,
                        advice=f"Add {key} = …: {words}.",
                    )
            elif not isinstance(table[key], python) or (python is str and not table[key].strip()):
                raise self.error(f"“{key}” must be {words}.", key, section=section, nth=nth)
            elif python is str and _CONTROL.search(table[key]):
                raise self.error(f"“{key}” has a control character.", key, section=section, nth=nth)
        return dict(table)

    def printable(self, value: Any, key: str = "", section: str = "") -> None:
        """Refuse control characters in whatever is set, their names included: they show in pages and terminals."""
        if isinstance(value, str) and _CONTROL.search(value):
            raise self.error(f"“{key}” has a control character.", key, section=section)
        if isinstance(value, dict):
            for name, item in value.items():
                self.printable(name, name, key)
                self.printable(item, name, key)
        elif isinstance(value, list):
            for item in value:
                self.printable(item, key, section)

    def project(self, root: Path) -> Project:
        values = self.typed(self.table, _KEYS)
        self.printable({key: value for key, value in values.items() if key != "document"})
        base = values["base"]
        if not re.fullmatch(r"https?://[^\s<>\"{}|\\^`]+/", base):
            raise self.error("“base” must be an http(s) IRI that ends in a slash.", "base")
        if not is_local_name(values["name"]):
            raise self.error("“name” must be lower-case words joined by hyphens.", "name")
        if "curator" in values:
            self.agent(values, "curator")
        for key in ("base", "licence", "creator_iri", "homepage"):
            self.iri(values, key)
        self.language(values)
        for prefix in self.strings(values, "prefixes"):
            self.iri(values["prefixes"], prefix, "prefixes")
        prefixes = {**PREFIXES, "id": base + "id/", **self.strings(values, "prefixes")}
        sections = {
            "documents": self.documents(root, values.pop("document", [])),
            "folders": self.section(Folders, values.pop("folders", {}), "folders"),
            "limits": self.section(Limits, values.pop("limits", {}), "limits"),
            "evidence": self.section(EvidenceSettings, values.pop("evidence", {}), "evidence"),
            "review": self.section(ReviewSettings, values.pop("review", {}), "review"),
            "server": self.section(ServerLimits, values.pop("server", {}), "server"),
            "names": self.names(values.pop("names", {}), prefixes),
            "terms": self.terms(values.pop("terms", {}), prefixes),
            "annotations": self.annotations(values.pop("annotations", {}), prefixes),
            "imports": self.imports(root, values),
            "schemes": self.schemes(values, prefixes),
            "own_prefixes": self.strings(values, "prefixes"),
        }
        for item in fields(Folders):
            self.inside(root, getattr(sections["folders"], item.name), item.name, "folders")
            self.unproposed(root, getattr(sections["folders"], item.name), item.name, "folders")
        optional = {
            "licence": None,
            "creator": None,
            "creator_iri": None,
            "curator": None,
            "subject": None,
            "homepage": None,
        }
        plain = {key: value for key, value in values.items() if key not in ("schemes", "prefixes", "imports")}
        return Project(root=root.resolve(), **optional | plain | sections)

    def inside(self, root: Path, path: str, key: str, section: str, nth: int = 0) -> None:
        """Refuse a path that leads out of the project's folder, links followed."""
        if not _is_inside(root / path, root):
            advice = "Name a path below kg.toml; where links lead counts, too."
            raise self.error(
                f"“{path}” leads out of the project's folder.", key, advice=advice, section=section, nth=nth
            )

    def unproposed(self, root: Path, path: str, key: str, section: str) -> None:
        """Refuse a path into the folder of proposed claims: what nobody accepted is not published."""
        if _is_inside(root / path, root / PROPOSALS):
            advice = f"Name another folder: {PROPOSALS}/ has what nobody has accepted yet."
            raise self.error(f"“{path}” is in the folder of proposals.", key, advice=advice, section=section)

    def imports(self, root: Path, values: Mapping[str, Any]) -> dict[str, Path]:
        """The files for the IRIs that `owl:imports` names."""
        table = self.strings(values, "imports")
        for key, path in table.items():
            self.inside(root, path, key, "imports")
            self.unproposed(root, path, key, "imports")
        return {key: root.resolve() / path for key, path in table.items()}

    def strings(self, values: Mapping[str, Any], section: str) -> dict[str, str]:
        table: dict[str, Any] = values.get(section, {})
        for key, value in table.items():
            if not isinstance(value, str):
                raise self.error(f"“{key}” must be {_PYTHON_TYPES['text'][1]}.", key, section=section)
        return table

    def schemes(self, values: Mapping[str, Any], prefixes: Mapping[str, str]) -> dict[str, str]:
        result = {}
        for name, scheme in self.strings(values, "schemes").items():
            iri = expand(name, prefixes)
            if iri is None:
                # the one prefix that version 1 knew without a declaration
                advice = "Is this a version 1 project? isoc-kg upgrade DIR" if name.startswith("isoc:") else None
                raise self.error(f"“{name}” has a prefix that is not known.", name, advice=advice, section="schemes")
            result[iri] = scheme
        return result

    def names(self, table: Mapping[str, Any], prefixes: Mapping[str, str]) -> NameProperties:
        self.known(table, {item.name: None for item in fields(NameProperties)}, "names")
        words = 'a list of properties such as ["rdfs:label", "dcterms:title"]'
        return NameProperties(**{key: self.iris(table, key, prefixes, "names", words) for key in table})

    def terms(self, table: Mapping[str, Any], prefixes: Mapping[str, str]) -> tuple[str, ...]:
        self.known(table, {"allow": None}, "terms")
        words = 'a list of terms or namespaces such as ["schema:newTerm", "https://example.org/ns#"]'
        return self.iris(table, "allow", prefixes, "terms", words) if table else ()

    def annotations(self, table: Mapping[str, Any], prefixes: Mapping[str, str]) -> tuple[str, ...]:
        self.known(table, {"allow": None}, "annotations")
        words = 'a list of properties such as ["dcterms:subject"]'
        return self.iris(table, "allow", prefixes, "annotations", words) if table else ()

    def iris(
        self, table: Mapping[str, Any], key: str, prefixes: Mapping[str, str], section: str, words: str
    ) -> tuple[str, ...]:
        """A list of prefixed names and IRIs, as IRIs."""
        values = table[key]
        if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
            raise self.error(f"“{key}” must be {words}.", key, section=section)
        iris = tuple(expand(value, prefixes) or "" for value in values)
        for value, iri in zip(values, iris, strict=True):
            if not re.fullmatch(r"[A-Za-z][\w+.-]*:[^\x00-\x20<>\"{}|\\^`]+", iri):
                advice = f"Prefixes: {', '.join(prefixes)}."
                raise self.error(f"“{value}” is not a prefixed name or an IRI.", key, section=section, advice=advice)
        return iris

    def section(self, kind: type[_Section], table: Mapping[str, Any], section: str) -> _Section:
        defaults = kind()
        self.known(table, {item.name: None for item in fields(kind)}, section)
        values = dict(table)
        for key, value in table.items():
            default = getattr(defaults, key)
            if isinstance(default, bool):
                if not isinstance(value, bool):
                    raise self.error(f"“{key}” must be true or false.", key, section=section)
                continue
            if isinstance(default, str):
                if not isinstance(value, str):
                    raise self.error(f"“{key}” must be {_PYTHON_TYPES['text'][1]}.", key, section=section)
                if section == "evidence" and value and not _is_command(value):
                    raise self.error(f"“{key}” must be a command.", key, section=section)
                continue
            if not isinstance(value, (int, float)) or isinstance(value, bool) or not value > 0:
                raise self.error(f"“{key}” must be a number above zero.", key, section=section)
            most = _MOST_SECONDS if key.endswith("seconds") else _MOST
            if value > most:
                raise self.error(f"“{key}” must be {most:,} at most.", key, section=section)
            if isinstance(default, int) and value % 1:
                raise self.error(f"“{key}” must be a whole number.", key, section=section)
            values[key] = type(default)(value)
        return kind(**values)

    def iri(self, values: Mapping[str, Any], key: str, section: str = "", nth: int = 0) -> None:
        """Refuse what is not an IRI (RFC 3987): published, it would make the data unreadable."""
        from pyoxigraph import NamedNode

        if key in values:
            try:
                NamedNode(values[key])
            except ValueError as error:
                advice = f"{error}. Write a whole one, such as https://example.org/, with blanks as %20."
                raise self.error(f"“{key}” must be an IRI.", key, section=section, nth=nth, advice=advice) from None

    def language(self, values: Mapping[str, Any], section: str = "", nth: int = 0) -> None:
        """Refuse what is not a language tag (RFC 5646, section 2.1)."""
        if not is_language_tag(values["language"]):
            advice = "Such as en, de or pt-BR."
            raise self.error("“language” must be a language tag.", "language", section=section, nth=nth, advice=advice)

    def agent(self, values: Mapping[str, Any], key: str, section: str = "", nth: int = 0) -> None:
        """A name or an IRI: what begins as one must be one."""
        if values[key].startswith(("https://", "http://")):
            self.iri(values, key, section, nth)

    def provenance(self, values: dict[str, Any], nth: int) -> None:
        """What an edition says of where it comes from, in the form that `DocumentSource` has it."""
        for key in ("author", "publisher"):
            if key in values:
                self.agent(values, key, "document", nth)
        self.iri(values, "source", "document", nth)
        self.language(values, "document", nth)
        if "date" in values:
            values["date"] = str(values["date"])
            if not _is_day(values["date"]):
                raise self.error(f"“date” must be {_PYTHON_TYPES['day'][1]}.", "date", section="document", nth=nth)
        values["unknown"] = tuple(values.get("unknown", ()))
        for name in values["unknown"]:
            if not isinstance(name, str):
                words = _PYTHON_TYPES["list"][1]
                raise self.error(f"“unknown” must be {words}.", "unknown", section="document", nth=nth)
            if name not in PROVENANCE or name in values:
                problem = "is given too" if name in values else "is none of " + ", ".join(PROVENANCE)
                raise self.error(f"“{name}” under “unknown” {problem}.", "unknown", section="document", nth=nth)

    def origin(self, values: dict[str, Any], nth: int) -> None:
        """What an edition says of the file that its text was taken out of, in the form that `DocumentSource` has it."""
        digest = values.get("original_sha256")
        if digest is not None and not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise self.error(
                "“original_sha256” must be a SHA-256: 64 hexadecimal digits.",
                "original_sha256",
                section="document",
                nth=nth,
            )
        if "fetched" in values:
            values["fetched"] = values["fetched"].isoformat().replace("+00:00", "Z")

    def units(self, table: Mapping[str, Any], tables: list[Any], document: int) -> UnitSettings:
        """How a document is cut, in the order of `tables`."""
        section = "document.units"
        nth = sum("units" in earlier for earlier in tables[:document] if isinstance(earlier, dict))
        self.known(table, {item.name: None for item in fields(UnitSettings)}, section, nth)
        values = dict(table)
        latest = UnitSettings().rules
        for key, value in table.items():
            words = ""
            if key == "rules":
                if type(value) is not int or not 1 <= value <= latest:
                    words = f"an edition of the rules, from 1 to {latest}"
            elif key == "abbreviations":
                if not isinstance(value, list) or not all(map(_is_abbreviation, value)):
                    words = 'a list of abbreviations such as ["Abw.", "z. T."]'
                else:
                    values[key] = tuple(value)
            elif not isinstance(value, bool):
                words = _PYTHON_TYPES["flag"][1]
            if words:
                raise self.error(f"“{key}” must be {words}.", key, section=section, nth=nth)
        return UnitSettings(**values)

    def documents(self, root: Path, tables: list[Any]) -> tuple[DocumentSource, ...]:
        found: dict[tuple[str, str], DocumentSource] = {}
        for nth, table in enumerate(tables):
            if not isinstance(table, dict):
                raise self.error("“document” must be tables such as [[document]].", "document")
            values = self.typed(table, _DOCUMENT_KEYS, "document", nth)
            for key in ("slug", "edition"):
                if not is_local_name(values[key]):
                    raise self.error(
                        f"“{key}” must be lower-case words joined by hyphens.", key, section="document", nth=nth
                    )
            self.provenance(values, nth)
            self.origin(values, nth)
            for key in ("path", "original"):
                if path := values.pop(key, None):
                    self.inside(root, path, key, "document", nth)
                    values[key] = root.resolve() / path
            values["units"] = self.units(values.get("units", {}), tables, nth)
            document = DocumentSource(**values)
            if (document.slug, document.edition) in found:
                raise self.error(
                    f"edition {document.edition} of {document.slug} stands here twice.",
                    "edition",
                    section="document",
                    nth=nth,
                )
            found[document.slug, document.edition] = document
        return tuple(found.values())
