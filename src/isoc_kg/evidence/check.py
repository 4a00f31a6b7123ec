"""The evidence check: every pair of a claim and a unit is asked the questions; flags are answered or open."""

from collections.abc import Container, Sequence
from dataclasses import replace
from pathlib import Path

from ..authoring.dataset import Dataset
from ..errors import Finding
from ..rdf.lines import literal
from ..validation import ShapesGraph
from .answers import ANSWERABLE, answers_of, check_answers
from .dating import later_dates
from .flags import CONTRADICTION, ERRORS, FLAGS, LATER, VERIFIER, WORD_ORDER, EvidenceCheck, Flag
from .texts import texts_at_hand

__all__ = ["WORD_ORDER", "EvidenceCheck", "check_evidence"]


def check_evidence(
    dataset: Dataset, shapes: ShapesGraph, files: Sequence[Path] = (), *, verify: bool = False
) -> EvidenceCheck:
    """Ask every claim of every unit whose text is at hand; without any text only the answers' form is checked.

    `files` are texts that are not where kg.toml says; with `verify` the command that it names is asked as well.
    """
    names = [*FLAGS, CONTRADICTION, LATER, VERIFIER]
    errors = list(check_answers(dataset.claims, names, ERRORS))
    at_hand, wrong = texts_at_hand(dataset, files)
    errors += wrong
    texts = {name: text for name, (_, text) in at_hand.items()}
    titles = {source.iri: f"{source.document.slug} {source.document.edition}" for source in dataset.editions}
    not_compared = tuple(title for name, title in titles.items() if name not in at_hand)
    flags = [Flag(LATER, claim.iri, unit, finding) for claim, unit, finding in later_dates(dataset)]
    if not texts:
        answered, idle = _with_answers(dataset, (), flags, names)
        return EvidenceCheck(tuple(errors), tuple(idle), tuple(answered), not_compared=not_compared)
    from .asking import ask_texts  # what it reads is of use with a text alone

    asked = ask_texts(dataset, texts, shapes.lines, verify=verify)
    answered, idle = _with_answers(dataset, asked.units, [*flags, *asked.flags], names)
    return EvidenceCheck(
        (*errors, *asked.errors),
        (*idle, *asked.warnings),
        tuple(answered),
        asked.pairs,
        tuple(titles[name] for name in texts),
        not_compared,
        asked.without_hedges,
        asked.without_grammar,
        asked.uncued,
    )


def _with_answers(
    dataset: Dataset, asked_units: Container[str], flags: Sequence[Flag], names: Sequence[str]
) -> tuple[list[Flag], list[Finding]]:
    """The flags with their answers, and the answers to flags that nothing raised."""
    by_claim: dict[str, list[Flag]] = {}
    for flag in flags:
        by_claim.setdefault(flag.claim, []).append(flag)
    answered = []
    idle = []
    for claim in dataset.claims.values():
        own = by_claim.get(claim.iri, [])
        for answer, token, (file, line) in answers_of(claim):
            if answer is None or answer.flag == VERIFIER or answer.flag not in names:
                continue  # what is no answer to a flag is an error of its own
            units = [unit for _, unit, _ in claim.units(*ANSWERABLE) if answer.names(unit)]
            asked = any(unit in asked_units for unit in units) or (units and answer.flag == LATER)
            if asked and not any(flag.question == answer.flag and answer.names(flag.unit) for flag in own):
                idle.append(
                    Finding(
                        f"nothing raised what “{literal(token.encode())[0][:60]}” answers.",
                        "warning",
                        file,
                        line,
                        claim.iri,
                        "Remove the answer.",
                    )
                )
        for flag in own:
            reasons = [
                answer.reason
                for answer, _, _ in answers_of(claim)
                if answer is not None and answer.flag == flag.question and answer.names(flag.unit)
            ]
            answered.append(replace(flag, answer=reasons[0]) if reasons else flag)
    return answered, idle
