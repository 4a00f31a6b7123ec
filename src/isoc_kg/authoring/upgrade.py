"""A version 1 project brought up to version 2: its evidence terms moved to the evidence vocabulary's own namespace."""

import json
import re
import shlex
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

from ..atomic import write_file, write_together
from ..errors import ParseError, ProjectError, counted
from ..namespaces import EV
from ..project import FILE_NAME, SOURCE_FOLDERS, Project, files_in, load_project
from ..query.forms import declared_prefixes
from ..query.tokens import Token, tokens

__all__ = ["names_old_terms", "require_current", "upgrade_project", "upgraded"]

#: Where the terms of evidence were in version 1, beside those of the shipped publication.
_OLD = "https://w3id.org/isoc-kg/ontology#"
_TERMS = frozenset(
    {
        *("supportedBy", "impliedBy", "Edition", "Unit", "unitKind", "exemptAs", "gist", "UnitKinds", "Heading"),
        *("Sentence", "ListItem", "Question", "Segment", "ListLeadIn", "Navigation"),
    }
)
#: What a text has that names one of the terms elsewhere than in `ev:`; most texts have none and are not read further.
_MENTION = re.compile(rf"(?:{re.escape(_OLD)}|(?<!\bev):)(?:{'|'.join(sorted(_TERMS))})\b")
#: What an ontology says of the old terms that was written since: which one each is replaced by.
_REPLACED = re.compile(rf"\bisReplacedBy\b[^;.]*(?:\bev:|{re.escape(EV.iri)})")
_SHARED = ("evidence.ttl", "evidence-shapes.ttl")


def require_current(project: Project) -> None:
    """Raise `ProjectError` when facts or queries name evidence terms as version 1 did: nothing would find them.

    Shapes are read once, by validation: `names_old_terms` tells of theirs.
    """
    texts = _texts(project, ("facts", "queries"))
    outdated = [path for path, text in texts if upgraded(text, path.suffix.lower(), project.own_prefixes) != text]
    if outdated:
        raise ProjectError(
            "this is a version 1 project: terms of evidence are in another namespace now "
            f"(isoc:supportedBy is ev:supportedBy); {counted(len(outdated), 'file')} with the old terms.",
            file=outdated[0],
            advice=f"Rewrite the project once: isoc-kg upgrade {shlex.quote(str(project.root))}",
        )


def names_old_terms(lines: bytes) -> bool:
    """Whether canonical lines name a term of evidence where version 1 had it."""
    return any(f"<{_OLD}{term}>".encode() in lines for term in _TERMS)


def upgrade_project(root: Path) -> Iterator[Path]:
    """Rewrite the files of a version 1 project, and give the path of each that changed, relative to `root`.

    Comments and layout stay. Copies of the shared evidence vocabulary and shapes are set aside (`.version-1`), since
    they describe the old terms. `kg.toml` comes first, without which the project cannot be read; the other files are
    written together or not at all. What was rewritten before is left as it is, so a stopped upgrade can be run again.
    """
    if _declare_isoc(root / FILE_NAME):
        yield Path(FILE_NAME)
    project = load_project(root)
    files: dict[Path, bytes] = {}
    aside: list[Path] = []
    for name in ("ontology", "shapes"):
        for path in files_in(project.folder(name), ".ttl"):
            if path.name.lower() in _SHARED and _OLD in _read(path):
                files[path.with_name(path.name + ".version-1")] = path.read_bytes()
                aside.append(path)
    for path, text in _texts(project):
        if (
            path not in aside
            and not _REPLACED.search(text)
            and (new := upgraded(text, path.suffix.lower(), project.own_prefixes)) != text
        ):
            files[path] = new.encode()
    if files:
        write_together(project.root, files)
    for path in aside:
        path.unlink()
    yield from (path.relative_to(project.root) if path.is_relative_to(project.root) else path for path in files)


def _declare_isoc(settings: Path) -> bool:
    """Whether `[prefixes]` was given `isoc:`, which version 1 knew without it and settings or queries use."""
    text = _read(settings)
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return False  # reading the project says what is wrong
    queries = settings.parent / str(table.get("folders", {}).get("queries", "queries"))
    used = re.search(r"[\"']isoc:", text) or any(
        re.search(r"\bisoc:(?!//)\w", upgraded(_read(path), ".rq")) for path in files_in(queries, ".rq")
    )
    if not used or "isoc" in table.get("prefixes", {}):
        return False
    header = re.search(r"^[ \t]*\[prefixes\][^\n]*\n", text, re.MULTILINE)
    at = header.end() if header else len(text)
    declaration = ("" if header else "\n[prefixes]\n") + f'isoc = "{_OLD}"\n'
    write_file(settings, (text[:at] + declaration + text[at:]).encode(), fixed=True)
    return True


def upgraded(text: str, extension: str, prefixes: Mapping[str, str] = MappingProxyType({})) -> str:
    """The text of a Turtle file, a query or a JSON-LD context with the terms of evidence where they are now.

    `prefixes` are those that `kg.toml` declares. Where `ev:` means something else, terms are written as IRIs.
    """
    if not _MENTION.search(text):
        return text
    if extension == ".jsonld":
        return _upgraded_context(text)
    parts, end = [], 0
    text_tokens = list(tokens(text))
    declared = declared_prefixes(text_tokens) | _turtle_prefixes(text_tokens)
    names = {name for name, namespace in declared.items() if namespace == _OLD}
    if extension == ".rq" and "isoc" not in declared:
        names.add("isoc")  # version 1 knew it without a declaration
    taken = any(name == "ev" and namespace != EV.iri for name, namespace in _declarations(text_tokens))
    taken = taken or (extension == ".rq" and "ev" not in declared and prefixes.get("ev", EV.iri) != EV.iri)
    for token in text_tokens:
        parts += [text[end : token.start], _moved(token, names, taken=taken)]
        end = token.end
    new = "".join(parts) + text[end:]
    if extension == ".ttl" and new != text and not taken and declared.get("ev") != EV.iri and re.search(r"\bev:", new):
        at = re.search(rf"^[^\n]*<{re.escape(_OLD)}>\s*\.?[^\n]*\n", new, re.MULTILINE)
        place = at.end() if at else 0
        new = f"{new[:place]}@prefix ev: <{EV.iri}> .\n{new[place:]}"
    return new


def _moved(token: Token, names: set[str], *, taken: bool) -> str:
    """The token, with a term of evidence in its new namespace."""
    if token.kind == "iri" and token.text[1:-1].removeprefix(_OLD) in _TERMS:
        return f"<{EV[token.text[1:-1].removeprefix(_OLD)]}>"
    prefix, colon, local = token.text.partition(":")
    if token.kind == "name" and colon and prefix in names and local in _TERMS:
        return f"<{EV[local]}>" if taken else f"ev:{local}"
    return token.text


def _turtle_prefixes(text_tokens: Sequence[Token]) -> dict[str, str]:
    """The prefixes that a Turtle text declares."""
    return dict(_declarations(text_tokens))


def _declarations(text_tokens: Sequence[Token]) -> list[tuple[str, str]]:
    """Each declaration of a prefix in a text, a query's included: prefix and namespace."""
    return [
        (name.text.partition(":")[0], value.text[1:-1])
        for keyword, name, value in zip(text_tokens, text_tokens[1:], text_tokens[2:], strict=False)
        if keyword.text.lower() in ("@prefix", "prefix") and value.kind == "iri"
    ]


def _upgraded_context(text: str) -> str:
    """A JSON-LD context's text; its names stay, so documents written with it look the same."""
    taken = re.search(rf'"ev"\s*:\s*"(?!{re.escape(EV.iri)}")', text)
    new = re.sub(rf'"isoc:({"|".join(sorted(_TERMS))})"', rf'"{EV.iri}\1"' if taken else r'"ev:\1"', text)
    new = re.sub(rf'"{re.escape(_OLD)}({"|".join(sorted(_TERMS))})"', rf'"{EV.iri}\1"', new)
    try:
        context = json.loads(new)
    except ValueError as error:
        raise ParseError(f"not JSON: {error}.") from None
    if new != text and "ev" not in context.get("@context", {}):
        new = re.sub(rf'(\n?[ \t]*)"isoc": "{re.escape(_OLD)}",', rf'\g<0>\1"ev": "{EV.iri}",', new, count=1)
    return new


def _texts(project: Project, names: Sequence[str] = SOURCE_FOLDERS) -> Iterator[tuple[Path, str]]:
    """The files that may name terms, each with its text; the shared ones are no part of a project."""
    folders = [project.folder(name) for name in names]
    units = project.folder("facts") / "units"
    folders += sorted(path for path in units.iterdir() if path.is_dir()) if units.is_dir() else []
    for folder in folders:
        for extension in (".ttl", ".rq", ".jsonld"):
            for path in files_in(folder, extension):
                yield path, _read(path)


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except UnicodeDecodeError as error:
        raise ParseError(f"not UTF-8 at byte {error.start}.", file=path, advice="Save it as UTF-8.") from None
    except OSError as error:
        raise ParseError(f"cannot be read: {error.strerror}.", file=path) from None
