"""A small working project to start from."""

import shutil
from pathlib import Path

from ..atomic import new_folder
from ..documents.cutting.rules import CutRules
from ..documents.index import index_document
from ..errors import OutputError
from ..project import Project, load_project

__all__ = ["start_project"]

STARTER = Path(__file__).parent / "starter"


def start_project(target: Path) -> Project:
    """Write the starter project into a new or empty folder, its document indexed, all of it or nothing.

    Raises `OutputError` where the folder has anything in it, or cannot be written.
    """
    target = target.absolute()  # the current folder itself may be replaced
    with new_folder(target) as folder:
        try:
            shutil.copytree(STARTER, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
        except shutil.Error as error:  # a list of what went wrong, the first of it the reason
            raise OutputError(f"cannot be written: {error.args[0][0][2]}.", file=target) from None
        project = load_project(folder)
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
    return load_project(target)
