"""Whether evidence that is held may move: the check's questions, asked of the unit to which it would go."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from ..authoring.dataset import Dataset
from ..authoring.facts import Claim
from ..authoring.vocabulary import naming_properties
from ..errors import Finding
from ..iris import compact
from ..namespaces import EV, RDF
from ..rdf.lines import iri, split
from ..rdf.tokens import iri_token
from .answers import statement_name, unit_name
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

    The class and the names of a thing stay held where the new units do not name it, and where another claim about it
    stays: they came with what the unit said of it. That is not asked of claims among `chosen`.
    """
    introducing = naming_properties(corpus.dataset.project) | {iri_token(RDF.type)}
    held = unit.edition.unit_iri(unit.number)
    kinds = [claim for claim in unit.claims if split(claim.triple)[1] in introducing]
    refused: set[bytes] = set()
    told: set[str] = set()
    others = [claim for claim in unit.claims if claim not in kinds]
    for claim, finding in _errors(corpus, unit, numbers, [*others, *kinds], chosen):
        subject, _, object_, _ = split(claim.triple)
        refused |= {subject, object_}
        told.add(claim.iri)
        yield claim, finding
    targets = [target for number in numbers if (target := unit.later.unit_iri(number)) in corpus.passages]
    for claim in kinds:
        if claim.iri in told or claim.iri in chosen or not targets:
            continue
        subject, _, _, _ = split(claim.triple)
        named = held not in corpus.passages or _names(corpus, subject, held)
        lost = named and not any(_names(corpus, subject, target) for target in targets)
        if lost or subject in refused:
            thing = compact(iri(subject), corpus.dataset.project.prefixes)
            where = ", ".join(unit_name(corpus.dataset, target) for target in targets)
            reason = f"{where} does not name {thing}." if lost else f"another claim about {thing} stays held."
            place = next(place for _, name, place in claim.units() if name == held)
            yield (
                claim,
                Finding(
                    f"held: {statement_name(corpus.dataset, claim)}: {reason}",
                    "warning",
                    *place,
                    claim.iri,
                    "Name the unit that says what it is with --to N; --claim moves it all the same."
                    if lost
                    else "Correct the statements about it, then confirm again; --claim moves it all the same.",
                ),
            )


def _names(corpus: Corpus, thing: bytes, unit: str) -> bool:
    """Whether a unit itself names a thing (a token), or takes it up by a definite noun."""
    return bool(corpus.places(iri(thing), unit) or corpus.resumed(iri(thing), unit))


def _errors(
    corpus: Corpus, unit: HeldUnit, numbers: Sequence[str], claims: Iterable[Claim], chosen: Collection[str]
) -> Iterator[tuple[Claim, Finding]]:
    """The claims for which one of the new units raises what the held one does not, each with the first reason."""
    held = unit.edition.unit_iri(unit.number)
    foreign = not set(numbers) <= set(unit.change.new)
    for claim in claims:
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
