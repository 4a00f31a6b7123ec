"""A small working project to start from."""

import shutil
from pathlib import Path

from ..documents.index import index_document
from ..errors import OutputError
from ..project import Project, load_project

__all__ = ["start_project"]

STARTER = Path(__file__).parent / "starter"


def start_project(target: Path) -> Project:
    """Write the starter project into a new or empty folder, its document indexed; `OutputError` if there is more."""
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise OutputError("is not an empty folder; it is left as it is.", file=target, advice="Name a new folder.")
    try:
        shutil.copytree(STARTER, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    except (OSError, shutil.Error) as error:
        reason = getattr(error, "strerror", None) or error
        raise OutputError(f"cannot be written: {reason}.", file=target, advice="Name another folder.") from None
    project = load_project(target)
    for document in project.documents:
        if document.path is not None:
            index_document(
                document.path,
                project.index_path(document),
                slug=document.slug,
                edition=document.edition,
                language=document.language,
            )
    return project
