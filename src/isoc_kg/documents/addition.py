"""How a document becomes part of a project: its text, its original, the index of its units, its block in kg.toml."""

import hashlib
import json
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from ..atomic import write_together
from ..errors import ProjectError, UsageError
from ..iris import is_local_name
from ..project import FILE_NAME, PROVENANCE, DocumentSource, Project, UnitSettings, project_from_text
from .blocks import Bare, with_documents
from .corrections_file import corrections_path
from .cutting.rules import CutRules
from .index import UnitIndex, index_content, index_text, load_index
from .intake.extraction import Extracted
from .intake.passages import Extraction, place_of
from .intake.recognition import FORMATS
from .language_of_text import language_of
from .succession import next_index
from .text import text_digest
from .units import cut

__all__ = [
    "Addition",
    "Original",
    "Particulars",
    "added_files",
    "index_of",
    "known_document",
    "prepare",
    "write_additions",
]

FOLDER = "documents"
#: A heading is looked for in so many characters.
_START = 4_000
_LONGEST_SLUG = 60
#: Letters that are no letter with a mark.
_LETTERS = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ł": "l", "ð": "d", "þ": "th", "ı": "i"})


@dataclass(frozen=True, slots=True)
class Original:
    """A document as it came."""

    content: bytes
    name: str  #: of its file; may be empty
    path: Path | None = None  #: where it lies, when it is a file
    url: str | None = None  #: where it was fetched from
    fetched: datetime | None = None
    digest: str = field(init=False)  #: SHA-256

    def __post_init__(self) -> None:
        object.__setattr__(self, "digest", hashlib.sha256(self.content).hexdigest())


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is said of a document, as in kg.toml; None where nothing is, and the file itself is asked."""

    slug: str | None = None
    edition: str | None = None
    title: str | None = None
    author: str | None = None
    publisher: str | None = None
    date: str | None = None
    source: str | None = None
    language: str | None = None
    rights: str | None = None
    about: str | None = None
    publish_text: bool = False


@dataclass(frozen=True, slots=True)
class Addition:
    """A document that is ready to be added, or was added before."""

    document: DocumentSource
    index: UnitIndex | None  #: None where the document was added before
    files: Mapping[Path, bytes]  #: what is to be written
    block: Mapping[str, Any] | None  #: for kg.toml; None where it has one
    format: str
    text: str = ""
    said: tuple[str, ...] = ()  #: particulars that were taken from the file
    notes: tuple[str, ...] = ()  #: what was left out of the text


def known_document(project: Project, original: Original) -> DocumentSource | None:
    """The edition whose text was taken out of this very file."""
    return next((d for d in project.documents if d.original_sha256 == original.digest), None)


def index_of(
    extraction: Extraction,
    slug: str,
    edition: str,
    language: str,
    rules: CutRules | None = None,
    old: UnitIndex | None = None,
) -> UnitIndex:
    """The index of an extracted text, each unit with its place in the original, corrected as the `old` edition is."""
    if old is not None and old.corrections:
        index = next_index(old, extraction.text, edition, rules or CutRules()).index
    else:
        index = index_text(extraction.text, slug, edition, language, rules)
    spans = list(extraction.spans())
    starts = [start for start, _, _ in spans]
    units = {}
    for number, unit in index.units.items():
        start, _, passage = spans[max(0, bisect_right(starts, unit.start) - 1)]
        units[number] = replace(unit, place=place_of(passage, unit.start - start, unit.end - start))
    return replace(index, units=units, extractor=extraction.extractor)


def prepare(
    project: Project, original: Original, extracted: Extracted, wanted: Particulars, taken: Collection[str] = ()
) -> Addition:
    """What is to be written for a document; nothing but lost files where the project has it already.

    A name is made for it where none is `wanted`, other than those that are `taken`. Raises `UsageError` where the
    edition is there with another text, or what is said of it cannot be.
    """
    if known := known_document(project, original):
        return _lost_files(project, original, extracted, known)
    extraction = extracted.extraction
    slug = wanted.slug or _slug(original, extraction, taken)
    revised = _revised(project, slug, wanted, original)
    edition = wanted.edition or "1"
    for key, name in (("slug", slug), ("edition", edition)):
        if not is_local_name(name):
            raise UsageError(f"--{key} {name}: it must be lower-case words joined by hyphens.")
    block, said, doubts = _block(project, original, extraction, replace(wanted, slug=slug, edition=edition), revised)
    rules = CutRules(revised.units) if revised else None
    old = load_index(project.index_path(revised)) if revised and project.index_path(revised).is_file() else None
    index = index_of(extraction, slug, edition, block["language"], rules, old)
    text = extraction.text.encode()
    kept = text != original.content
    if not kept:
        index = replace(index, extractor=None)  # it is the text itself
    files = {}
    path, file = _places(project, original, extracted.format, slug, edition)
    block["path"] = path.relative_to(project.root).as_posix()
    block["original_sha256"] = original.digest
    files[path] = text
    if kept:
        block["original"] = file.relative_to(project.root).as_posix()
        files[file] = original.content
    else:
        del block["original"]
    document = DocumentSource(slug, edition, block["title"], block["language"], path, publish_text=wanted.publish_text)
    files = {path: content for path, content in files.items() if not _is_there(path, content)}
    target = project.index_path(document)
    if not target.exists():
        files[target] = index_content(index)
        if index.corrections:
            files[corrections_path(target)] = index.corrections.toml.encode()
    elif load_index(target).sha256 != index.sha256:
        raise UsageError(
            f"{target} is the index of another text; an index is never rewritten.",
            advice=f"Add the document as another edition: --edition {_next(project, slug)}",
        )
    return Addition(
        document, index, files, block, extracted.format, extraction.text, said, (*extraction.notes, *doubts)
    )


def added_files(project: Project, additions: Sequence[Addition]) -> dict[Path, bytes]:
    """All that is to be written for documents, kg.toml and .gitignore included. Raises `UsageError`, `ProjectError`."""
    files = {path: content for addition in additions for path, content in addition.files.items()}
    blocks = [addition.block for addition in additions if addition.block is not None]
    settings = project.root / FILE_NAME
    if blocks:
        toml = with_documents(settings.read_bytes().decode("utf-8-sig"), settings, blocks)
        try:
            project_from_text(toml, project.root)
        except ProjectError as error:
            raise UsageError(f"the document cannot be added: {error.message}", advice=error.advice) from None
        files[settings] = toml.encode()
        ignore = project.root / ".gitignore"
        before = ignore.read_bytes().decode("utf-8", "surrogateescape") if ignore.is_file() else ""
        after = _ignoring(before, [*_published(project), *blocks])
        if after != before:
            files[ignore] = after.encode("utf-8", "surrogateescape")
    return files


def write_additions(project: Project, additions: Sequence[Addition]) -> None:
    """Write documents into a project, all of them or none. Raises as `added_files`, and `OutputError`."""
    if files := added_files(project, additions):
        write_together(project.root, files)


def _lost_files(project: Project, original: Original, extracted: Extracted, known: DocumentSource) -> Addition:
    """Text and original of an edition that is in the project already, where these files are not there."""
    text = extracted.extraction.text
    if known.path is None or known.path.is_file():
        return Addition(known, None, {}, None, extracted.format)
    if load_index(project.index_path(known)).sha256 != text_digest(text):
        raise UsageError(
            f"{known.slug}, edition {known.edition}, was made of this file by another version of isoc-kg or of its "
            "libraries, whose text differs.",
            advice=f"Ask for the text itself ({known.path.name}), or add the file as a new edition: "
            f"--slug {known.slug} --edition {_next(project, known.slug)}",
        )
    files = {known.path: text.encode()}
    if known.original is not None and not known.original.is_file():
        files[known.original] = original.content
    return Addition(known, None, files, None, extracted.format)


def _revised(project: Project, slug: str, wanted: Particulars, original: Original) -> DocumentSource | None:
    """The latest edition of the document, when there is one."""
    editions = [document for document in project.documents if document.slug == slug]
    if not editions:
        return None
    if wanted.edition in {document.edition for document in editions} or wanted.edition is None:
        what = f"edition {wanted.edition}" if wanted.edition else "a document of this name"
        own = "" if wanted.slug or wanted.edition else " If it is another document, name it: --slug NAME."
        raise UsageError(
            f"{original.url or original.path or original.name}: {slug} has {what} already, with another text; "
            "editions are never rewritten.",
            advice=f"Add it as a new edition: --slug {slug} --edition {_next(project, slug)}.{own}",
        )
    replaced = {document.revision_of for document in editions}
    return [document for document in editions if document.edition not in replaced][-1]


def _next(project: Project, slug: str) -> str:
    """A name for the next edition of a document."""
    editions = {document.edition for document in project.documents if document.slug == slug}
    number = max([int(edition) for edition in editions if edition.isdecimal()], default=len(editions)) + 1
    return str(number)


def _slug(original: Original, extraction: Extraction, taken: Collection[str]) -> str:
    """A name for a document, made of its file's name or its title."""
    stem = original.name.rpartition(".")[0] or original.name
    names = [_as_slug(stem), _as_slug(extraction.title or ""), f"document-{original.digest[:8]}"]
    name = next(name for name in names if name)
    if name not in taken:
        return name
    suffix = _as_slug(original.name.rpartition(".")[2])
    return next(n for n in (f"{name}-{suffix}", f"{name}-{original.digest[:8]}") if n not in taken)


def _as_slug(text: str) -> str:
    """A local name of a text's words; empty where no letter of it is one of the alphabet, or is near one."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain)
    letters = sum(character.isalnum() for character in text)
    if not words or sum(map(len, words)) < letters / 2:
        return ""
    slug = "-".join(words)
    return slug if len(slug) <= _LONGEST_SLUG else slug[:_LONGEST_SLUG].rpartition("-")[0] or slug[:_LONGEST_SLUG]


def _block(
    project: Project, original: Original, extraction: Extraction, wanted: Particulars, revised: DocumentSource | None
) -> tuple[dict[str, Any], tuple[str, ...], tuple[str, ...]]:
    """The block for kg.toml, keys in the order of its lines, the particulars that come from the file, and notes."""
    values = {item.name: getattr(wanted, item.name) for item in fields(wanted)}
    said = [name for name in ("title", "author", "date", "language") if not values[name] and getattr(extraction, name)]
    values |= {name: getattr(extraction, name) for name in said}
    if revised is not None:  # what holds for all editions
        for name in ("title", "language", "author", "publisher", "rights", "about"):
            if not getattr(wanted, name):
                values[name] = getattr(revised, name) or values[name]
                said = [other for other in said if other != name or not getattr(revised, name)]
    given = wanted.language or (revised.language if revised else None)
    values["language"], doubt = language_of(extraction, given, project.language)
    if not values["title"] and (heading := _first_heading(extraction, values["language"])):
        values["title"], said = heading, ["title", *said]
    values["title"] = values["title"] or PurePosixPath(original.name).stem or original.url or wanted.slug
    said = [name for name in said if name != "language" or values[name] == extraction.language]
    values["source"] = values["source"] or original.url
    moment = original.fetched.strftime("%Y-%m-%dT%H:%M:%SZ") if original.fetched else ""
    block = {
        "slug": values["slug"],
        "edition": values["edition"],
        "revision_of": revised.edition if revised else None,
        "title": values["title"],
        "language": values["language"],
        "path": "",
        "original": "",
        "original_sha256": "",
        "fetched": Bare(moment) if moment else None,
        **{name: values[name] for name in (*PROVENANCE, "rights", "about")},
        "publish_text": True if wanted.publish_text else None,
        "unknown": [name for name in PROVENANCE if not values[name]] or None,
        "units": _units(revised.units) if revised else None,
    }
    return {name: value for name, value in block.items() if value is not None}, tuple(said), (doubt,) if doubt else ()


def _first_heading(extraction: Extraction, language: str) -> str | None:
    """The heading with which a text begins: its first unit, where that is one."""
    start = "\n\n".join(passage.text for passage in extraction.passages[:2])[:_START]
    first = next(iter(cut([start], language)), None)
    return " ".join(first.text(start).split()) if first and first.kind == "heading" else None


def _units(settings: UnitSettings) -> Bare | None:
    """The settings by which the edition before was cut, as an inline table; None where they are the usual ones."""
    values = {
        item.name: list(value) if isinstance(value, tuple) else value
        for item in fields(settings)
        if (value := getattr(settings, item.name)) != item.default
    }
    parts = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in values.items())
    return Bare(f"{{ {', '.join(parts)} }}") if values else None


def _places(project: Project, original: Original, format_name: str, slug: str, edition: str) -> tuple[Path, Path]:
    """Where the text and the original are to lie. An original that lies in the folder already stays where it is."""
    folder = project.root / FOLDER
    name = f"{slug}-{edition}"
    suffix = PurePosixPath(original.name).suffix.lower()
    if not re.fullmatch(r"\.[a-z0-9]{1,10}", suffix):
        suffix = FORMATS[format_name].suffix
    path, file = folder / f"{name}.txt", folder / f"{name}{'.original' * (suffix == '.txt')}{suffix}"
    if original.path is not None:
        there = original.path.resolve()
        if there.parent == folder.resolve() and there != path:
            file = folder / there.name
    return path, file


def _is_there(path: Path, content: bytes) -> bool:
    """Whether a file has this content already. Raises `UsageError` where it has another."""
    if not path.exists():
        return False
    if not path.is_file() or path.stat().st_size != len(content) or path.read_bytes() != content:
        raise UsageError(
            f"{path} is there already, and is something else.", advice="Move it away, or give --slug another name."
        )
    return True


def _published(project: Project) -> list[Mapping[str, Any]]:
    """The blocks, as far as they name files, of the documents whose texts are published already."""
    return [
        {"publish_text": True, "path": document.path.relative_to(project.root).as_posix()}
        for document in project.documents
        if document.publish_text and document.path is not None and document.path.parent == project.root / FOLDER
    ]


def _ignoring(lines: str, blocks: Iterable[Mapping[str, Any]]) -> str:
    """A .gitignore by which no document's text is committed, but for those that are published."""
    all_of = (f"/{FOLDER}/", f"{FOLDER}/", f"/{FOLDER}", FOLDER)
    own, everything = lines.splitlines(), f"/{FOLDER}/*"
    published = [
        f"!/{block[key]}"
        for block in blocks
        for key in ("path", "original")
        if block.get("publish_text") and key in block
    ]
    result = list(own)
    if not any(line.strip() in (*all_of, everything) for line in own):
        result += ["# texts of documents, which are not published", everything]
    elif published:  # files in a folder that is ignored itself cannot be taken out (gitignore(5))
        result = [everything if line.strip() in all_of else line for line in own]
    result += [line for line in published if line not in result]
    return lines if result == own else "\n".join(result) + "\n"
