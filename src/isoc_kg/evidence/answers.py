"""Answers to flags: what a curator writes on a claim when a question of the check has been looked at."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from ..authoring.annotations import CONTRADICTING, SUPPORTING
from ..authoring.dataset import Dataset
from ..authoring.facts import Claim, Place
from ..documents.unit_names import unit_prefixes
from ..errors import Finding
from ..iris import compact
from ..namespaces import EV
from ..rdf.lines import iri, literal, split

__all__ = [
    "ANSWERABLE", "CuratorAnswer", "answers_of", "check_answers", "parts_of_answer", "statement_name", "unit_name",
]  # fmt: skip

#: The annotations whose units are asked something.
ANSWERABLE = (*SUPPORTING, *CONTRADICTING)
_FORM = re.compile(r"(?:(?P<slug>[^\s:]+):)?(?P<number>\d+\.\d+) (?P<flag>[\w-]+): *(?P<reason>\S.*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class CuratorAnswer:
    """One answer: the unit it names, as written, the flag, the reason, and where it is written."""

    slug: str | None  #: the document's, or `slug/edition`
    number: str
    flag: str
    reason: str
    place: Place

    def names(self, unit: str) -> bool:
        """Whether this is about a unit (an IRI)."""
        edition, _, number = unit.partition("#")
        slug, name = edition.rstrip("/").split("/")[-2:]
        return number == self.number and self.slug in (None, slug, f"{slug}/{name}")


def answers_of(claim: Claim) -> Iterator[tuple[CuratorAnswer | None, str, Place]]:
    """The answers on a claim, None for a text that is not of the form of one, each with its token and place."""
    for token, place in claim.evidence.get(EV.answer, {}).items():
        text = literal(token.encode())[0]
        match = _FORM.fullmatch(text.strip())
        parts = match.groupdict() if match else {}
        yield (
            CuratorAnswer(parts["slug"], parts["number"], parts["flag"], parts["reason"], place) if match else None,
            token,
            place,
        )


def parts_of_answer(text: str) -> tuple[str, str, str] | None:
    """An answer's unit as it is written there, flag and reason; None for a text that is not of the form of one.

    >>> parts_of_answer("guide:2.3 direction: The sentence is in the passive.")
    ('guide:2.3', 'direction', 'The sentence is in the passive.')
    """
    match = _FORM.fullmatch(text.strip())
    if not match:
        return None
    return f"{match['slug']}:{match['number']}" if match["slug"] else match["number"], match["flag"], match["reason"]


def check_answers(
    claims: Mapping[bytes, Claim], flags: Iterable[str], errors: Collection[str] = ()
) -> Iterator[Finding]:
    """Answers that are not of the form of one, name a unit or a flag that there is not, or one of the errors."""
    names = sorted(flags)
    for claim in claims.values():
        for answer, token, (file, line) in answers_of(claim):
            advice = None
            if answer is None:
                message = f"“{_short(literal(token.encode())[0])}” is not an answer."
                advice = (
                    'Write unit, flag, colon and reason: ev:answer "2.3 direction: the sentence is in the passive."@en'
                )
            elif answer.flag in errors:
                message = f"“{answer.flag}” is an error, and no answer settles it."
                advice = "Correct the statement or its evidence, and remove the answer."
            elif answer.flag not in names:
                message = f"there is no flag “{answer.flag}”."
                near = get_close_matches(answer.flag, names, 1)
                advice = f"Did you mean {near[0]}?" if near else f"Flags: {', '.join(names)}."
            else:
                units = {unit for _, unit, _ in claim.units(*ANSWERABLE) if answer.names(unit)}
                if len(units) == 1:
                    continue
                number = f"{answer.slug}:{answer.number}" if answer.slug else answer.number
                message = f"the claim does not rest on a unit {number}."
                advice = "Answer a flag of a unit that the claim names as evidence."
                if units:
                    message = f"the claim rests on a unit {number} of several documents or editions."
                    advice = "Put the document's name before the number, slug:2.3, or its edition's: slug/1:2.3."
            statement = f"<{claim.iri}>", f"<{EV.answer}>", token
            yield Finding(message, "error", file, line, claim.iri, advice, statement)


def unit_name(dataset: Dataset, unit: str) -> str:
    """A unit (an IRI) as an answer names it, which is as every command does."""
    edition, _, number = unit.partition("#")
    return unit_prefixes(dataset.editions)[edition] + number


def statement_name(dataset: Dataset, claim: Claim) -> str:
    """A claim as messages have it: its statement with prefixed names, and the claim's own."""
    prefixes = dataset.project.prefixes
    subject, predicate, object_, _ = split(claim.triple)
    value = f"“{_short(literal(object_)[0])}”" if object_.startswith(b'"') else compact(iri(object_), prefixes)
    name = f"claim:{claim.iri.removeprefix(dataset.project.ids.claims)}"
    return f"{compact(iri(subject), prefixes)} {compact(iri(predicate), prefixes)} {value} ({name})"


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:80] + "…"
