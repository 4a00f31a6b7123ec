"""What was refused, known again: a text in other white space, a new thing under another identifier."""

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..authoring.decisions import Key
from ..namespaces import RDF
from ..rdf.lines import iri, literal, split
from ..rdf.tokens import iri_token, is_literal
from .proposal import Proposal, ProposedClaim

__all__ = ["RefusedThing", "RefusedThings", "similar_texts"]

_TYPE = iri_token(RDF.type)
#: Stands for a new thing where statements are compared up to its identifier.
_ANY = b"<>"


@dataclass(frozen=True, slots=True)
class RefusedThing:
    """A new thing of a claim that was refused, with the reviewer's reason."""

    thing: bytes
    name: str | None
    reason: str
    key: Key


@dataclass(frozen=True, slots=True)
class _Thing:
    """A new thing as a claim introduces it."""

    token: bytes
    classes: frozenset[str]
    names: frozenset[str]  #: folded
    name: str | None

    @property
    def words(self) -> set[str]:
        return {word for name in self.names for word in re.findall(r"\w+", name)}


class RefusedThings:
    """The new things of refused claims: by class and name, and by what was stated of them up to their identifiers."""

    def __init__(self, proposals: Iterable[Proposal], refused: Mapping[Key, str], naming: Collection[bytes]) -> None:
        self._naming = naming
        self._by_name: dict[tuple[str, str], list[RefusedThing]] = {}
        self._by_statement: dict[Key, list[tuple[_Thing, RefusedThing]]] = {}
        for proposal in proposals:
            claim = proposal.claim
            if claim.key in refused:
                for thing in _new_things(claim, naming):
                    before = RefusedThing(thing.token, thing.name, refused[claim.key], claim.key)
                    for class_ in thing.classes:
                        for name in thing.names:
                            self._by_name.setdefault((class_, name), []).append(before)
                    self._by_statement.setdefault(_up_to(claim, thing.token), []).append((thing, before))

    def again(self, claim: ProposedClaim, new: Collection[bytes]) -> Iterator[tuple[bytes, RefusedThing]]:
        """The new things (tokens) of a claim that were refused under another identifier.

        They have a class and a name of one that was refused, or a word of its name and the same statement on the same
        unit.
        """
        for thing in _new_things(claim, self._naming):
            if thing.token not in new:
                continue
            alike = [
                before for class_ in sorted(thing.classes) for name in sorted(thing.names)
                for before in self._by_name.get((class_, name), ())
            ]  # fmt: skip
            alike += [
                before
                for other, before in self._by_statement.get(_up_to(claim, thing.token), ())
                if not thing.words.isdisjoint(other.words)
            ]
            for before in alike:
                if before.thing != thing.token and before.key != claim.key:
                    yield thing.token, before
                    break


def _new_things(claim: ProposedClaim, naming: Collection[bytes]) -> Iterator[_Thing]:
    tokens = dict.fromkeys(split(line)[0] for line in claim.introduces)
    for token in tokens:
        classes, names = set(), []
        for line in claim.lines:
            subject, predicate, object_, _ = split(line)
            if subject != token:
                continue
            if predicate == _TYPE:
                classes.add(iri(object_))
            elif predicate in naming and is_literal(object_):
                names.append(literal(object_)[0])
        yield _Thing(token, frozenset(classes), frozenset(map(_folded, names)), names[0] if names else None)


def _up_to(claim: ProposedClaim, thing: bytes) -> Key:
    """A claim's statement and unit, whatever the thing is called."""
    subject, predicate, object_, _ = split(claim.triple)
    ends = [_ANY if end == thing else end for end in (subject, object_)]
    return b"%s %s %s .\n" % (ends[0], predicate, ends[1]), claim.unit


def similar_texts(claim: ProposedClaim, refused: Mapping[Key, str]) -> Iterator[tuple[str, str]]:
    """Texts, each with the reason, that were refused here and differ from the claim's in what hardly anybody sees."""
    subject, predicate, object_, _ = split(claim.triple)
    if not is_literal(object_):
        return
    start = b"%s %s " % (subject, predicate)
    for (line, unit), reason in refused.items():
        if unit == claim.unit and line.startswith(start) and is_literal(other := split(line)[2]):
            if _folded(literal(other)[0]) == _folded(literal(object_)[0]):
                yield literal(other)[0], reason


def _folded(text: str) -> str:
    """A text without what hardly anybody sees: case, white space, characters without width, a full stop at the end."""
    shown = "".join(one for one in unicodedata.normalize("NFC", text) if unicodedata.category(one) != "Cf")
    return unicodedata.normalize("NFC", " ".join(shown.casefold().split()).rstrip(". "))
