"""What `isoc-kg` without a command says: where one is, and the next step."""

from pathlib import Path
from textwrap import indent

from ..atomic import MANIFEST
from ..errors import IsocKgError, counted
from ..project import FILE_NAME, Project, load_project

__all__ = ["next_steps"]

_ALL = ("isoc-kg --help", "list all commands")


def next_steps() -> list[str]:
    """Five lines: in a folder without a project how to start one; in a project what it is and what comes next."""
    if not Path(FILE_NAME).is_file():
        return [
            f"There is no project in this folder (no {FILE_NAME}). To start:",
            *_table(
                ("isoc-kg init mine", "start a project: asks title and base IRI"),
                ("isoc-kg init demo --example bakery", "write a finished example"),
                ("isoc-kg describe ISOC", "query the publication that ships"),
                _ALL,
            ),
        ]
    try:
        return _of_project(load_project(Path()))
    except IsocKgError as error:
        return [
            f"This folder has a project, but {FILE_NAME} cannot be used:",
            indent(str(error), "  "),
            "Correct it, then:",
            *_table(("isoc-kg build", "check the project and write out/"), _ALL),
        ]


def _of_project(project: Project) -> list[str]:
    from ..proposals.queue import undecided

    built = project.folder("out").joinpath(MANIFEST).is_file()
    waiting = len(undecided(project))
    steps = [
        (not project.documents, "isoc-kg document add FILE", "add a document in any format"),
        (waiting, "isoc-kg review", f"decide on {counted(waiting, 'proposed claim')}"),
        (not built, "isoc-kg build", "check the project and write out/"),
        (True, "isoc-kg serve --watch", "show its pages while you write"),
        (project.documents, "isoc-kg evidence show --uncovered", "list sentences without statements"),
        (built, "isoc-kg build", "check it again after a change"),
    ]
    state = "built" if built else "not built yet"
    return [
        f"{project.title}: a project with {counted(len(project.documents), 'document')}, {state}. Next:",
        *_table(*[(command, text) for due, command, text in steps if due][:3], _ALL),
    ]


def _table(*rows: tuple[str, str]) -> list[str]:
    width = max(len(command) for command, _ in rows)
    return [f"  {command:<{width}}  {text}" for command, text in rows]
