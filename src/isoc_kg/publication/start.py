"""The start of a project: a folder that builds at once, with nothing in it to delete."""

import json
import re
import shutil
import tomllib
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from string import Template

from ..atomic import new_folder
from ..documents.addition import Addition, Original, Particulars, known_document, prepare, write_additions
from ..documents.cutting.rules import CutRules
from ..documents.index import index_document
from ..documents.intake.extraction import extract, read_original
from ..errors import IsocKgError, OutputError, ProjectError, UsageError
from ..iris import Identifiers
from ..namespaces import PREFIXES
from ..project import FILE_NAME, Project, load_project
from ..rdf.tokens import text_token
from ..wording.strings import plain_strings

__all__ = ["EXAMPLES", "NewProject", "copy_example", "start_project"]

_STARTER = Path(__file__).parent / "starter"
_NEW = "new"
_COLUMNS = ("thing", "name", "kind")  #: of the question that a new project has
#: The projects that `copy_example` knows.
EXAMPLES = tuple(sorted(path.name for path in _STARTER.iterdir() if path.is_dir() and path.name != _NEW))
#: What a pattern of XML Schema takes for more than itself (https://www.w3.org/TR/xmlschema11-2/#nt-MetaCharacter).
_META = re.compile(r"[.\\?*+{}()\[\]|^$]")
#: The prefixes below a project's base.
_TAKEN = re.compile(r"id|claim|graph|shapes|query|document|s\d*")
#: Letters that Unicode does not take apart into a Latin one and a mark.
_LETTERS = str.maketrans({"ß": "ss", "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})
_LONGEST_NAME = 50  # of files that are named by a title


@dataclass(frozen=True, slots=True)
class NewProject:
    """What a project is begun with."""

    title: str
    base: str  #: what its IRIs begin with, a slash at its end
    language: str = "en"
    licence: str | None = None  #: an IRI
    creator: str | None = None
    documents: Sequence[Path] = ()  #: in any format that `document add` reads


def start_project(target: Path, new: NewProject) -> tuple[Project, bool]:
    """Write a project into a new or empty folder, its documents indexed, all of it or nothing; False if it was there.

    A project that was begun with the same is left as it is, whatever has become of it. Raises `OutputError` where the
    folder holds anything else or cannot be written, `UsageError` for what no project can have, and what reading a
    document raises.
    """
    target = target.absolute()  # the current folder itself may be replaced
    try:
        with new_folder(target) as folder:
            _write(folder, new, _words_of(new.title) or _words_of(target.name) or "project")
    except OutputError:  # after what a stopped run left beside the folder is cleared
        there = _project_in(target)
        if there is None:
            raise
        _compare(there, new)
        return there, False
    return load_project(target), True


def copy_example(target: Path, example: str) -> tuple[Project, bool]:
    """Write a small project about something else, to be looked at; False if it was there, and nothing was written.

    Raises `OutputError` where the folder holds anything else or cannot be written.
    """
    target = target.absolute()
    source = _STARTER / example
    try:
        with new_folder(target) as folder:
            shutil.copytree(source, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
            _index_documents(load_project(folder))
    except shutil.Error as error:  # a list of what went wrong, the first of it the reason
        raise OutputError(f"cannot be written: {error.args[0][0][2]}.", file=target) from None
    except OutputError:
        settings = target / FILE_NAME
        if not settings.is_file() or settings.read_bytes() != (source / FILE_NAME).read_bytes():
            raise
        return load_project(target), False
    return load_project(target), True


def _write(folder: Path, new: NewProject, name: str) -> None:
    """All files of a new project. Raises `UsageError` for a setting that no project can have."""
    plain = name[0].isalpha() and "-" not in name and name not in PREFIXES and not _TAKEN.fullmatch(name)
    own = name if plain else "own"  # the prefix of the project's terms
    try:
        (folder / FILE_NAME).write_text(_settings(new, name, own), encoding="utf-8", newline="\n")
        project = load_project(folder)
    except UnicodeEncodeError:
        raise UsageError("a setting has a character that cannot be written.") from None
    except ProjectError as error:  # its place is in a folder that nobody has seen
        raise UsageError(error.message, advice=error.advice) from None
    (folder / ".gitignore").write_text(_filled("gitignore", {}), encoding="utf-8", newline="\n")
    _add_documents(project, new.documents)
    for path, text in _files(load_project(folder), own):
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text, encoding="utf-8", newline="\n")


def _add_documents(project: Project, files: Sequence[Path]) -> None:
    """Make documents in any format part of a project; one that is named twice once."""
    additions: dict[str, Addition] = {}
    for file in files:
        original = Original(read_original(file, project.limits), file.name, file)
        if original.digest not in additions:
            extracted = extract(original.content, file, project.limits)
            taken = {addition.document.slug for addition in additions.values()}
            additions[original.digest] = prepare(project, original, extracted, Particulars(), taken)
    write_additions(project, list(additions.values()))


def _index_documents(project: Project) -> None:
    for document in project.documents:
        if document.path is not None:
            index_document(
                document.path,
                project.index_path(document),
                slug=document.slug,
                edition=document.edition,
                language=document.language,
                rules=CutRules(document.units),
            )


def _project_in(target: Path) -> Project | None:
    """The project in a folder; None where there is none that can be read, which `new_folder` says."""
    if not target.is_symlink() and (target / FILE_NAME).is_file():
        try:
            return load_project(target)
        except IsocKgError:
            return None
    return None


def _compare(there: Project, new: NewProject) -> None:
    """Raise `OutputError` for a project that was begun with something else."""
    settings = tomllib.loads((there.root / FILE_NAME).read_text(encoding="utf-8-sig"))
    for key in ("title", "base", "language", "licence", "creator"):
        given = getattr(new, key)
        if given is not None and given != settings.get(key):
            raise OutputError(
                f"is a project's folder already, with another {key}.",
                file=there.root,
                advice=f"Change {key} in kg.toml, or name another folder.",
            )
    for document in new.documents:
        original = Original(read_original(document, there.limits), document.name, document)
        if known_document(there, original) is None:
            raise OutputError(
                f"is a project's folder already, and {document} is not among its documents.",
                file=there.root,
                advice=f"Add it: isoc-kg document add {document}, in that folder.",
            )


def _settings(new: NewProject, name: str, own: str) -> str:
    """The settings of a new project without documents."""
    values = {
        "name_toml": _toml(name),
        "title_toml": _toml(new.title),
        "base_toml": _toml(new.base),
        "language_toml": _toml(new.language),
        "licence_line": _line("licence", new.licence, "https://creativecommons.org/licenses/by/4.0/"),
        "creator_line": _line("creator", new.creator, "who publishes it"),
        "created": date.today().isoformat(),  # of an act, which a clock may tell
        "own": own,
        "terms_toml": _toml(f"{Identifiers(new.base).ontology}#"),
    }
    return _filled("kg.toml", values)


def _files(project: Project, own: str) -> Iterator[tuple[str, str]]:
    """Path and text of each file of a new project but its settings, its documents and their indexes."""
    ids, name = project.ids, project.name
    editions = {ids.edition(document.slug, document.edition) + "#" for document in project.documents}
    words = plain_strings(project)
    values = {
        "question": words["all_things"],
        "question_text": words["all_things_text"],
        **{f"column_{column}": words[f"column_{column}"] for column in _COLUMNS},
        "title": " ".join(project.title.split()),
        "title_turtle": text_token(project.title, project.language).decode(),
        "base": project.base,
        "language": project.language,
        "own": own,
        "ontology": ids.ontology,
        "terms": f"{ids.ontology}#",
        "id_pattern": _META.sub(lambda match: "\\\\" + match[0], ids.things),
        "unit_prefixes": "".join(
            f"@prefix {unit}: <{space}> .\n" for unit, space in project.prefixes.items() if space in editions
        ),
    }
    yield f"facts/{name}.ttl", _filled("facts.ttl", values)
    yield f"ontology/{name}.ttl", _filled("ontology.ttl", values)
    yield f"shapes/{name}-shapes.ttl", _filled("shapes.ttl", values)
    yield "queries/things.rq", _filled("things.rq", values)
    yield "README.md", _filled("README.md", values)


def _filled(file: str, values: dict[str, str]) -> str:
    return Template((_STARTER / _NEW / file).read_text(encoding="utf-8")).substitute(values)


def _toml(text: str) -> str:
    """A basic string of TOML (https://toml.io/en/v1.0.0#string)."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _line(key: str, value: str | None, example: str) -> str:
    """A setting, or how to add it."""
    return f"{key} = {_toml(value)}" if value else f'# {key} = "{example}"'


def _words_of(text: str) -> str:
    """A text as lower-case words joined by hyphens, marks taken off; letters of other scripts are left out."""
    letters = unicodedata.normalize("NFKD", text.lower().translate(_LETTERS)).encode("ascii", "ignore").decode()
    return "-".join(re.findall("[a-z0-9]+", letters))[:_LONGEST_NAME].strip("-")
