"""What to mind when a property is used, and the terms that such a note names."""

import re

from ..iris import expand
from ..namespaces import SKOS
from ..project import Project
from ..rdf.tokens import iri_token

__all__ = ["PREFIXED_NAME", "SCOPE_NOTE", "terms_named"]

SCOPE_NOTE = iri_token(SKOS.scopeNote)
PREFIXED_NAME = re.compile(r"(?<![\w:/<])[A-Za-z][\w-]*:[A-Za-z_][\w-]*(?![\w/:])")


def terms_named(note: str, project: Project) -> dict[str, bytes]:
    """The prefixed names in a note, with the tokens of what they name."""
    names = {name: expand(name, project.prefixes) for name in PREFIXED_NAME.findall(note)}
    return {name: iri_token(full) for name, full in names.items() if full}
