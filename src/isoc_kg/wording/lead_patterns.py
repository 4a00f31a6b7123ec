"""The strings that make sentences of facts: `"lead schema:founder" = "founded by {value}"`.

A key names one property or two, `^` before one that leads to the thing; the second one's value is `{other}`. `{date}`
and `{when}` are for dates as exact as they are, where `{value}` is the year alone; `{count}` is for how many there are.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from ..authoring.reading import project_order
from ..errors import ProjectError
from ..iris import expand
from ..namespaces import PREFIXES
from ..project import Project
from ..rdf.tokens import iri_token, is_valid_iri

__all__ = ["LEAD", "Patterns", "check_patterns", "lead_patterns", "page_ranks", "pattern_fields"]

LEAD = "lead "  #: how their keys begin
_Terms = list[tuple[bytes, bool]]
Patterns = list[tuple[_Terms, str]]


def lead_patterns(strings: Mapping[str, str], prefixes: Mapping[str, str]) -> Patterns:
    """Properties, each with whether it leads to the thing, and the pattern, in the order of the strings.

    >>> lead_patterns({"lead ^schema:member": "member of {value}"}, {"schema": "https://schema.org/"})
    [([(b'<https://schema.org/member>', True)], 'member of {value}')]
    """
    known = ((_terms(key, prefixes), text) for key, text in strings.items() if key.startswith(LEAD))
    return [(terms, text) for terms, text in known if terms]


def page_ranks(
    project: Project, shapes: Iterable[bytes], patterns: Patterns, declared: Mapping[bytes, int] | None = None
) -> Mapping[bytes, int]:
    """Property → its place on a thing's page: as in Turtle, but what says what a thing is before the ontology's.

    `shapes` and `declared` are as in `project_order`.
    """
    key_facts = [term for terms, _ in patterns for term, turned in terms if not turned]
    return project_order(project, shapes, declared, key_facts).ranks


def _terms(key: str, prefixes: Mapping[str, str]) -> _Terms:
    """The properties that a key names; none where one of them has an unknown prefix, or there are more than two."""
    names = key.removeprefix(LEAD).split()
    found = [(expand(name.removeprefix("^"), {**PREFIXES, **prefixes}), name.startswith("^")) for name in names]
    terms = [(iri_token(iri), turned) for iri, turned in found if iri and is_valid_iri(iri)]
    return terms if len(terms) == len(names) <= 2 else []


def pattern_fields(key: str) -> set[str]:
    """What the pattern of a key is filled in with."""
    own = {"value", "date", "when", "count"}
    return own | {"other", "other_count"} if len(key.split()) > 2 else own


def check_patterns(keys: list[str], prefixes: Mapping[str, str], file: Path) -> None:
    """Raise `ProjectError` for a key whose properties nobody knows."""
    for key in keys:
        if not _terms(key, prefixes):
            raise ProjectError(
                f"“{key}” does not name one or two properties.",
                file=file,
                advice='Write "lead PREFIX:NAME", by a prefix of kg.toml; ^ before a name reads it backwards.',
            )
