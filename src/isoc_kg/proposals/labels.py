"""What a label in a proposal means: a thing, a property or a class; one that means several is refused."""

from collections.abc import Iterable, Sequence
from difflib import get_close_matches

from ..authoring.terms import Role
from ..errors import UsageError, visible
from ..iris import compact, local_name
from ..namespaces import ONTOLEX
from ..rdf.lines import iri, split
from .judge import Judge

__all__ = ["NotAClaim", "term_labelled", "terms_alike", "thing_labelled", "things_labelled"]

_MOST = 5  #: that are named
_LEAST = 0.7  #: how alike what may be meant is


class NotAClaim(UsageError):
    """What was given has not the form of a claim, or names nothing that there is; `flag` is a refusal's name."""

    def __init__(self, flag: str, message: str, advice: str | None = None) -> None:
        super().__init__(message, advice=advice)
        self.flag = flag


def things_labelled(judge: Judge, label: str) -> list[str]:
    """The things (IRIs) that a label means: those of the project first, those written so, those called so first."""
    label = " ".join(label.split())
    named: dict[str, set[str]] = {}
    for claim in judge.named_as(label):
        thing, predicate = map(iri, split(claim.triple)[:2])
        named.setdefault(thing, set()).add(predicate)
    things = sorted(named)
    own = judge.project.ids.things
    labels = {thing: judge.corpus.labels.get(thing, []) for thing in things}
    for narrower in (
        [thing for thing in things if thing.startswith(own)],
        [thing for thing in things if named[thing] != {ONTOLEX.writtenRep}],  # a form of a word is rarely meant
        [thing for thing in things if label in labels[thing]],
        [thing for thing in things if labels[thing] and labels[thing][0].casefold() == label.casefold()],
    ):
        things = [thing for thing in things if thing in narrower] or things
    return things


def thing_labelled(judge: Judge, label: str) -> str | None:
    """The thing (IRI) that a label means; None for none. Raises `NotAClaim` where it means several."""
    things = things_labelled(judge, label)
    if len(things) > 1:
        raise _several(judge, "thing", label, things)
    return things[0] if things else None


def term_labelled(judge: Judge, label: str, role: Role) -> str | None:
    """The property or class (IRI) that a label means; None for none. Raises `NotAClaim` where it means several."""
    folded = " ".join(label.split()).casefold()
    terms = _terms(judge, role)
    found = [term for term in terms if folded in map(str.casefold, judge.corpus.labels.get(term, ()))]
    found = found or [term for term in terms if local_name(term).casefold() == folded]
    if len(found) > 1:  # other vocabularies may have the same word
        used = {iri(split(line)[1]) for line in judge.claims} if role == "property" else _classes_in_use(judge)
        found = [term for term in found if term in used] or found
    if len(found) > 1:
        raise _several(judge, "term", label, found)
    return found[0] if found else None


def terms_alike(judge: Judge, label: str, role: Role) -> list[str]:
    """The terms, with their prefixes, whose labels or local names are most like a text."""
    terms = _terms(judge, role)
    labels = judge.corpus.labels
    by_name = {name.casefold(): term for term in terms for name in (local_name(term), *labels.get(term, ()))}
    near = get_close_matches(label.casefold()[:200], by_name, 3, _LEAST)
    return list(dict.fromkeys(compact(by_name[name], judge.prefixes) for name in near))


def _terms(judge: Judge, role: Role) -> Sequence[str]:
    if role == "property":
        return judge.properties
    declared = {name for name, roles in judge.declared.roles.items() if "class" in roles}
    return sorted(declared | _classes_in_use(judge))


def _classes_in_use(judge: Judge) -> set[str]:
    return set().union(*judge.corpus.types.values())


def _several(judge: Judge, flag: str, label: str, names: Iterable[str]) -> NotAClaim:
    shown = [compact(name, judge.prefixes) for name in names]
    more = f" and {len(shown) - _MOST} more" if len(shown) > _MOST else ""
    text = visible(label, line=True)[:80]
    return NotAClaim(flag, f"“{text}” is the label of {' and '.join(shown[:_MOST])}{more}.", "Write the one you mean.")
