"""The reader of `kg.toml`: each table strictly, none that is unknown."""

import re
from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from ..errors import visible
from ..iris import expand, is_local_name
from ..limits import Limits, ServerLimits
from ..namespaces import DCTERMS, OWL, PREFIXES, RDFS, SCHEMA
from .accent import accent_of
from .authority_lists import ACCESS_RIGHTS, PUBLISHER_TYPES, THEMES
from .checks import CONTROL, KINDS, SettingsFile
from .project import Project
from .settings import (
    LOCAL_NAMES,
    PROVENANCE,
    SITE_FORMATS,
    CatalogueSettings,
    Contact,
    DocumentSource,
    EvidenceSettings,
    Folders,
    NameProperties,
    Publisher,
    ReviewSettings,
    SiteSettings,
    UnitSettings,
)

__all__ = ["read_settings"]

_TEXT, _OPTIONAL_TEXT = "text", "optional text"
_KEYS: dict[str, str] = {
    "name": _TEXT,
    "title": _TEXT,
    "description": _TEXT,
    "base": _TEXT,
    "language": _TEXT,
    "local_names": _OPTIONAL_TEXT,
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
    "entailment": "table",
    "words": "table",
    "annotations": "table",
    "schemes": "table",
    "prefixes": "table",
    "site": "table",
    "review": "table",
    "server": "table",
    "evidence": "table",
    "catalogue": "table",
    "publisher": "table",
    "contact": "table",
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
#: An address of mail without quoted local parts, comments or literals (RFC 5322, section 3.4.1, `dot-atom`).
_MAIL = re.compile(
    r"[\w!#$&'*+/=?^`{|}~%-]+(?:\.[\w!#$&'*+/=?^`{|}~%-]+)*@[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+"
)

#: Terms that hold of nearly everything: entailed, they would bury what is said.
_EMPTY_TERMS = frozenset(
    (
        DCTERMS.relation,
        RDFS.Resource,
        RDFS.Literal,
        OWL.Thing,
        OWL.topObjectProperty,
        OWL.topDataProperty,
        SCHEMA.Thing,
        "http://schema.org/Thing",
    )
)
#: Dublin Core's first fifteen elements.
_EMPTY_NAMESPACES = ("http://purl.org/dc/elements/1.1/",)


def _is_day(text: str) -> bool:
    """Whether a text is a year, a month or a day that the calendar has."""
    if not re.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?", text):
        return False
    try:
        date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True


def _is_abbreviation(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip(". ")) and not CONTROL.search(value)


def read_settings(file: Path, text: str, table: dict[str, Any], root: Path) -> Project:
    """The project that a `kg.toml`, parsed to a table, describes; `ProjectError` with the line of what is wrong."""
    return _Reader(file, text, table).project(root)


class _Reader(SettingsFile):
    """The tables of a project, one method each."""

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
        self.url(values, "homepage")
        self.language(values)
        if values.setdefault("local_names", LOCAL_NAMES[0]) not in LOCAL_NAMES:
            advice = 'With "any-script" local names may have letters of any script: id:東京.'
            raise self.error(f"“local_names” must be {' or '.join(LOCAL_NAMES)}.", "local_names", advice=advice)
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
            "catalogue": self.catalogue(values.pop("catalogue", {})),
            "publisher": self.publisher(values.pop("publisher", None)),
            "contact": self.contact(values.pop("contact", None)),
            "names": self.names(values.pop("names", {}), prefixes),
            "terms": self.terms(values.pop("terms", {}), prefixes),
            "entailed": self.entailment(values.pop("entailment", {}), prefixes),
            **self.words(values.pop("words", {}), prefixes, values["language"]),
            "annotations": self.annotations(values.pop("annotations", {}), prefixes),
            "imports": self.imports(root, values),
            "schemes": self.schemes(values, prefixes),
            "site": self.site(values.pop("site", {}), prefixes),
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

    def site(self, table: Mapping[str, Any], prefixes: Mapping[str, str]) -> SiteSettings:
        """How pages look: formats there are, colours that are some, properties that are IRIs."""
        self.known(table, {item.name: None for item in fields(SiteSettings)}, "site")
        values: dict[str, Any] = dict(table)
        if "formats" in table:
            named = table["formats"]
            if not isinstance(named, list) or not named or not all(name in SITE_FORMATS for name in named):
                problem = f"“formats” must be a list of some of {', '.join(SITE_FORMATS)}."
                raise self.error(problem, "formats", section="site")
            values["formats"] = tuple(name for name in SITE_FORMATS if name in named)
        if "facets" in table:
            if not isinstance(table["facets"], dict):
                raise self.error("“facets” must be a table such as [site.facets].", "facets", section="site")
            words = 'a property such as "dcterms:subject"'
            for name in table["facets"]:
                if not name.strip() or visible(name, line=True) != name:
                    problem = "the name of a facet must be a text without characters that nobody sees."
                    raise self.error(problem, name, section="site.facets")
            values["facets"] = {
                name: self.iris({name: [value]}, name, prefixes, "site.facets", words)[0]
                for name, value in table["facets"].items()
            }
        try:
            accent_of(table)
        except ValueError as error:
            key = str(error)
            raise self.error(
                f"“{key}” must be a colour.",
                key,
                section="site",
                advice='Write it as "#0b5563"; accent_dark, for dark pages, stands beside accent.',
            ) from None
        return SiteSettings(**values)

    def imports(self, root: Path, values: Mapping[str, Any]) -> dict[str, Path]:
        """The files for the IRIs that `owl:imports` names."""
        table = self.strings(values, "imports")
        for key, path in table.items():
            self.inside(root, path, key, "imports")
            self.unproposed(root, path, key, "imports")
        return {key: root.resolve() / path for key, path in table.items()}

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

    def catalogue(self, table: Mapping[str, Any]) -> CatalogueSettings:
        """What catalogues sort the publication by."""
        self.known(table, {item.name: None for item in fields(CatalogueSettings)}, "catalogue")
        values: dict[str, Any] = dict(table)
        for key in ("keywords", "themes"):
            if key in table:
                listed = table[key]
                if not isinstance(listed, list) or not all(isinstance(text, str) and text.strip() for text in listed):
                    raise self.error(f'“{key}” must be a list of texts such as ["TECH"].', key, section="catalogue")
                values[key] = tuple(listed)
        for theme in values.get("themes", ()):
            self.code(theme, THEMES, "themes", "catalogue")
        if "access" in table:
            self.code(table["access"], ACCESS_RIGHTS, "access", "catalogue")
        return CatalogueSettings(**values)

    def publisher(self, table: Mapping[str, Any] | None) -> Publisher | None:
        """Who publishes; a name at least."""
        if table is None:
            return None
        keys = {item.name: _TEXT if item.name == "name" else _OPTIONAL_TEXT for item in fields(Publisher)}
        values = self.typed(table, keys, "publisher")
        self.iri(values, "iri", "publisher")
        if "type" in values:
            self.code(values["type"], PUBLISHER_TYPES, "type", "publisher")
        return Publisher(**values)

    def contact(self, table: Mapping[str, Any] | None) -> Contact | None:
        """A mail address, the URL of a form, or both."""
        if table is None:
            return None
        values = self.typed(table, {item.name: _OPTIONAL_TEXT for item in fields(Contact)}, "contact")
        if "mail" not in values and "form" not in values:
            raise self.error(
                "[contact] has neither “mail” nor “form”.",
                "contact",
                advice='Add mail = "data@example.org", or form = "https://example.org/issues".',
            )
        # %0A and its like would be line ends in the head of a mail to whatever decodes once more than it should
        if "mail" in values and (not _MAIL.fullmatch(values["mail"]) or re.search("%[0-9A-Fa-f]{2}", values["mail"])):
            raise self.error("“mail” must be an address such as data@example.org.", "mail", section="contact")
        if visible(values.get("name", ""), line=True) != values.get("name", ""):
            raise self.error(
                "“name” has characters that nobody sees.", "name", section="contact", advice="Write it anew."
            )
        if "form" in values:
            self.iri(values, "form", "contact")
            self.url(values, "form", "contact")
            if "@" in re.split("[/?#]", values["form"].partition("://")[2], maxsplit=1)[0]:
                raise self.error(
                    "“form” must be a URL without a user's name and password, which would be published.",
                    "form",
                    section="contact",
                )
        return Contact(**values)

    def url(self, values: Mapping[str, Any], key: str, section: str = "") -> None:
        """Refuse an IRI that a page could not lead to."""
        if key in values and not re.match(r"(?i)https?://[^/?#\s]", values[key]):
            raise self.error(f"“{key}” must be an http(s) URL.", key, section=section)
        if key in values and visible(values[key], line=True) != values[key]:
            raise self.error(f"“{key}” has characters that nobody sees.", key, section=section, advice="Write it anew.")
        try:
            urlsplit(values.get(key, "")).port  # noqa: B018 – which is read when it is asked for
        except ValueError:
            raise self.error(f"“{key}” must have a port from 0 to 65535, if any.", key, section=section) from None

    def code(self, value: Any, codes: Mapping[str, Any], key: str, section: str) -> None:
        """Refuse what is none of a list's codes."""
        if not isinstance(value, str) or value not in codes:
            problem = f"“{value}” under “{key}” is not one of the codes of DCAT-AP's list."
            raise self.error(problem, key, section=section, advice=f"Codes: {', '.join(codes)}.")

    def names(self, table: Mapping[str, Any], prefixes: Mapping[str, str]) -> NameProperties:
        self.known(table, {item.name: None for item in fields(NameProperties)}, "names")
        words = 'a list of properties such as ["rdfs:label", "dcterms:title"]'
        return NameProperties(**{key: self.iris(table, key, prefixes, "names", words) for key in table})

    def terms(self, table: Mapping[str, Any], prefixes: Mapping[str, str]) -> tuple[str, ...]:
        self.known(table, {"allow": None}, "terms")
        words = 'a list of terms or namespaces such as ["schema:newTerm", "https://example.org/ns#"]'
        return self.iris(table, "allow", prefixes, "terms", words) if table else ()

    def entailment(self, table: Mapping[str, Any], prefixes: Mapping[str, str]) -> tuple[str, ...]:
        """The terms to entail; those that hold of nearly everything are refused."""
        self.known(table, {"terms": None}, "entailment")
        words = 'a list of classes and properties such as ["skos:Concept", "org:purpose"]'
        iris = self.iris(table, "terms", prefixes, "entailment", words) if table else ()
        for value, iri in zip(table.get("terms", ()), iris, strict=True):
            if iri in _EMPTY_TERMS or iri.startswith(_EMPTY_NAMESPACES):
                raise self.error(
                    f"“{value}” is not entailed: it says nearly nothing, and would be said of nearly everything.",
                    "terms",
                    section="entailment",
                    advice="Take it off the list, and name a term below it that says something.",
                    item=value,
                )
        return iris

    def words(self, table: Mapping[str, Any], prefixes: Mapping[str, str], language: str) -> dict[str, Any]:
        """How terms are worded, in the project's language and in others: a list of texts, or one for each language."""
        own: dict[str, tuple[str, ...]] = {}
        elsewhere: dict[str, dict[str, tuple[str, ...]]] = {}
        for name, value in table.items():
            (iri,) = self.iris({name: [name]}, name, prefixes, "words", "")
            for tag, texts in (value if isinstance(value, dict) and value else {language: value}).items():
                if not isinstance(texts, list) or not texts or not all(isinstance(t, str) and t.strip() for t in texts):
                    problem = f'“{name}” must be a list of texts such as ["founded by"]'
                    advice = 'For several languages: { en = ["founded by"], de = ["gegründet von"] }.'
                    raise self.error(f"{problem}.", name, section="words", advice=advice)
                self.language({"language": tag})
                if tag == language:
                    own[iri] = tuple(texts)
                else:
                    elsewhere.setdefault(iri, {})[tag] = tuple(texts)
        return {"words": own, "words_elsewhere": elsewhere}

    def annotations(self, table: Mapping[str, Any], prefixes: Mapping[str, str]) -> tuple[str, ...]:
        self.known(table, {"allow": None}, "annotations")
        words = 'a list of properties such as ["dcterms:subject"]'
        return self.iris(table, "allow", prefixes, "annotations", words) if table else ()

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
                raise self.error(f"“date” must be {KINDS['day'][1]}.", "date", section="document", nth=nth)
        values["unknown"] = tuple(values.get("unknown", ()))
        for name in values["unknown"]:
            if not isinstance(name, str):
                words = KINDS["list"][1]
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
                words = KINDS["flag"][1]
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
