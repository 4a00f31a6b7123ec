"""Which project is meant, and reading it."""

import os
import re
from dataclasses import fields
from pathlib import Path

from ..errors import ProjectError
from ..limits.regular_files import read_regular
from .project import FILE_NAME, Project, bundled_project_path, is_inside
from .settings import Folders

__all__ = ["find_project", "item_line", "load_project", "project_from_text", "project_of_files"]


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
    from ..atomic import finish_writing  # here, as below, since files alone have no kg.toml

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
    import tomllib

    from .reader import read_settings

    file = root / FILE_NAME
    try:
        table = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        match = re.search(r"line (\d+), column (\d+)", str(error))
        line, column = (int(match[1]), int(match[2])) if match else (None, None)
        what = re.sub(r" \(at .*\)$", "", str(error))
        raise ProjectError(f"not TOML: {what}.", file=file, line=line, column=column) from None
    return read_settings(file, text, table, root)


def project_of_files(path: Path | str | None = None, base: str | None = None) -> Project:
    """The project that RDF files are seen through: the one named; the current folder's is none of theirs."""
    if path is None:
        return Project.of_files(base)
    return load_project(path)


def _refuse_links(project: Project) -> None:
    """Raise `ProjectError` for a link in what a project publishes from that leads out of its folder.

    The same for what is no file, such as a named pipe: reading one may never end.
    """
    root = project.root
    own = [root / name for name in ("templates", "theme.css", "strings.toml")] + sorted(root.glob("strings.*.toml"))
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
        if not is_inside(path, root):
            raise ProjectError(
                "the link leads out of the project's folder.",
                file=path,
                advice="Put the file itself there, or remove the link.",
            )


def item_line(project: Project, name: str, key: str, section: str) -> int | None:
    """The line of `kg.toml` on which a list has a term (IRI), by whatever prefix; the list's own when it has none."""
    from .checks import SettingsFile

    file = project.root / FILE_NAME
    settings = SettingsFile(file, read_regular(file).decode("utf-8-sig"), {})
    forms = [
        name,
        *(f"{prefix}:{name[len(iri) :]}" for prefix, iri in project.prefixes.items() if name.startswith(iri)),
    ]
    return max(settings.item_line(form, key, section) or 0 for form in forms) or None
