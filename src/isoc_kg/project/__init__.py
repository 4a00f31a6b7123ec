"""A project folder: `kg.toml`, read strictly, and where everything that it names lies."""

from .loading import find_project, item_line, load_project, project_from_text, project_of_files
from .project import (
    FILE_NAME,
    NOWHERE,
    PROPOSALS,
    SOURCE_FOLDERS,
    Project,
    bundled_ontology,
    bundled_project_path,
    bundled_shapes,
    files_in,
)
from .settings import (
    ORIGIN,
    PROVENANCE,
    CatalogueSettings,
    Contact,
    DocumentSource,
    NameProperties,
    Publisher,
    ReviewSettings,
    UnitSettings,
)

__all__ = [
    "FILE_NAME",
    "NOWHERE",
    "ORIGIN",
    "PROPOSALS",
    "PROVENANCE",
    "SOURCE_FOLDERS",
    "CatalogueSettings",
    "Contact",
    "DocumentSource",
    "NameProperties",
    "Project",
    "Publisher",
    "ReviewSettings",
    "UnitSettings",
    "bundled_ontology",
    "bundled_project_path",
    "bundled_shapes",
    "files_in",
    "find_project",
    "item_line",
    "load_project",
    "project_from_text",
    "project_of_files",
]
