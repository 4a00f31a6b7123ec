"""Which things the properties of schema.org are said of, by its own definitions (release 30.0).

They are in `schema_org_domains.txt`: of each property the classes that its `domainIncludes` names, of each class those
above it.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from ..namespaces import SCHEMA

__all__ = ["classes_above", "fits_domain"]

_FILE = Path(__file__).with_name("schema_org_domains.txt")


@cache
def _table(kind: str) -> Mapping[str, frozenset[str]]:
    rows = [line.split() for line in _FILE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    return {SCHEMA[row[1]]: frozenset(str(SCHEMA[name]) for name in row[2:]) for row in rows if row[0] == kind}


def classes_above(classes: Iterable[str]) -> frozenset[str]:
    """Classes (IRIs) with all those of schema.org above them; everything is a `schema:Thing`."""
    parents = _table("class")
    found: set[str] = {str(SCHEMA.Thing)}
    todo = list(classes)
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += parents.get(name, ())
    return frozenset(found)


def fits_domain(property_: str, classes: Iterable[str]) -> bool:
    """Whether a thing of these classes may have a property, as far as schema.org says anything of it.

    >>> fits_domain("https://schema.org/foundingDate", ["https://schema.org/Museum"])
    False
    >>> fits_domain("https://schema.org/foundingDate", ["https://schema.org/Project"])
    True
    """
    domain = _table("property").get(property_)
    return not domain or not domain.isdisjoint(classes_above(classes))
