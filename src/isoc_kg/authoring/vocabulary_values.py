"""What the values of properties in wide use are, which terms have a successor, and what a beginner is offered of them.

The facts about schema.org's terms are in `vocabulary_values.txt`, beside the list of names that `terms` reads; the
properties offered, with definitions of this project's own, are in `offered_terms.txt`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from ..iris import local_name
from ..namespaces import DCTERMS, FOAF, ORG, SCHEMA, SKOS, XSD

__all__ = [
    "Offered", "literal_datatypes", "offered_classes", "offered_properties", "successors",
    "things_alone",
]  # fmt: skip

_SUPERSEDED, _THINGS = "supersededBy", "things"
_SPACES = {"schema": SCHEMA, "dcterms": DCTERMS, "org": ORG, "skos": SKOS, "foaf": FOAF}


@dataclass(frozen=True, slots=True)
class Offered:
    """A term of a vocabulary in wide use: its label and meaning; of a property, the classes (IRIs) of its ends."""

    name: str
    label: str
    definition: str
    subject: frozenset[str]  #: none where it fits any thing
    object: frozenset[str]  #: none for a literal


def _rows(name: str) -> list[list[str]]:
    text = Path(__file__).with_name(name).read_text(encoding="utf-8")
    separator = "\t" if "\t" in text else None
    return [line.split(separator) for line in text.splitlines() if line and not line.startswith("# ")]


@cache
def literal_datatypes() -> Mapping[str, str]:
    """Property (IRI) → the datatype of its values, for those in wide use that have literals alone.

    Texts are `xsd:string` here, whether they have a language or not.
    """
    return {
        space + local: XSD[datatype.removeprefix("xsd:")]
        for space, datatype, *names in _rows("vocabulary_values.txt")
        if datatype not in (_SUPERSEDED, _THINGS)
        for local in names
    }


@cache
def things_alone() -> frozenset[str]:
    """The properties (IRIs), of those in wide use, whose vocabulary allows things as values and no literals."""
    return frozenset(
        space + local for space, what, *names in _rows("vocabulary_values.txt") if what == _THINGS for local in names
    )


@cache
def successors() -> Mapping[str, str]:
    """Term (IRI) that its vocabulary keeps for old data alone → the term that it has in its place."""
    return {
        space + old: space + new
        for space, what, *pairs in _rows("vocabulary_values.txt")
        if what == _SUPERSEDED
        for old, _, new in (pair.partition("=") for pair in pairs)
    }


@cache
def offered_properties() -> tuple[Offered, ...]:
    """The properties that are offered where a project declares none of its own, in the order of their file."""
    return tuple(one for one in _offered() if not _is_class(one.name))


@cache
def offered_classes() -> tuple[Offered, ...]:
    """The classes that are offered where a project declares none of its own, in the order of their file."""
    return tuple(one for one in _offered() if _is_class(one.name))


def _is_class(name: str) -> bool:
    return local_name(name)[0].isupper()


@cache
def _offered() -> tuple[Offered, ...]:
    def expanded(names: str) -> frozenset[str]:
        return frozenset(_expanded(name) for name in names.split() if name != "-")

    return tuple(
        Offered(_expanded(name), label, definition, expanded(subject), expanded(object_))
        for name, label, subject, object_, definition in _rows("offered_terms.txt")
    )


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return str(_SPACES[prefix][local])
