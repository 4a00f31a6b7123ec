"""Whether evidence that is held may move: the check's questions, asked of the unit to which it would go."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from ..authoring.dataset import Dataset
from ..authoring.facts import Claim
from ..errors import Finding
from ..namespaces import EV
from .answers import statement_name
from .asking import ask_pair
from .corpus import Corpus
from .held import HeldUnit

__all__ = ["corpus_of_texts", "objections"]


def corpus_of_texts(dataset: Dataset, shapes: Iterable[bytes]) -> Corpus:
    """What the check reads of a dataset, with the texts that are at hand where kg.toml says."""
    texts = {edition.iri: text for edition in dataset.editions if (text := edition.text()) is not None}
    return Corpus(dataset, texts, shapes)


def objections(
    corpus: Corpus, unit: HeldUnit, numbers: Sequence[str], chosen: Collection[str] = ()
) -> Iterator[tuple[Claim, Finding]]:
    """The claims that must not move from a held unit to units of the later edition, each with the first reason.

    That is a claim for which one of them raises an error that the held unit does not raise; where the units are not
    what became of that one, also such a flag, unless the claim is among `chosen` (IRIs). Without the later text
    nothing is asked.
    """
    held = unit.edition.unit_iri(unit.number)
    foreign = not set(numbers) <= set(unit.change.new)
    for claim in unit.claims:
        for predicate, name, place in claim.units():
            if name != held:
                continue
            implied = predicate == EV.impliedBy
            before: set[str] = set()
            if held in corpus.passages:
                before = {question.name for question, _ in ask_pair(corpus, claim, held, implied, place)}
            raised = (
                finding
                for number in numbers
                if (target := unit.later.unit_iri(number)) in corpus.passages
                for question, finding in ask_pair(corpus, claim, target, implied, place)
                if question.name not in before
                and (question.severity == "error" or (foreign and claim.iri not in chosen))
            )
            if finding := next(raised, None):
                message = f"held: {statement_name(corpus.dataset, claim)}: {finding.message}"
                advice = (
                    "Correct the statement, then confirm again; or name the unit that says it with --to N."
                    if finding.severity == "error"
                    else "Name the unit that says it; --claim moves it all the same."
                )
                yield claim, replace(finding, message=message, advice=advice)
                break
