"""The evidence check: every pair of a claim and a unit is asked the questions; flags are answered or open."""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from ..authoring.dataset import Dataset
from ..authoring.facts import Claim, Place
from ..errors import Finding
from ..iris import compact
from ..namespaces import RDF
from ..rdf.lines import iri, literal, split
from ..validation import ShapesGraph
from .answers import ANSWERABLE, answers_of, check_answers, unit_name
from .contradiction import CONTRADICTION, ask_contradictions
from .corpus import Corpus
from .dating import LATER, later_dates
from .grammar import grammar_of
from .held import held_units, replaced_editions
from .questions import NAMING, QUESTIONS, VERIFIER, Pair, Question
from .texts import texts_at_hand
from .verifier import Asked, ask_verifier

__all__ = ["EvidenceCheck", "Flag", "ask_pair", "check_evidence", "raised"]


#: A claim, a unit, whether it is only implied there, and the error that this raises.
_Wrong = tuple[Claim, str, bool, Finding]


@dataclass(frozen=True, slots=True)
class Flag:
    """A question that a pair of a claim and a unit raised."""

    question: str
    claim: str
    unit: str
    finding: Finding
    answer: str | None = None  #: the curator's reason, when there is one


@dataclass(frozen=True, slots=True)
class EvidenceCheck:
    """What the check of a dataset found."""

    errors: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()  #: answers to flags that nothing raised, declarations that are proposed
    flags: tuple[Flag, ...] = ()
    pairs: int = 0
    compared: tuple[str, ...] = ()  #: the editions whose text was at hand
    not_compared: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()  #: languages in which denial and doubt are not asked
    uncued: tuple[str, ...] = ()  #: properties without cue words in a document's language: `predicate` is not asked

    @property
    def unanswered(self) -> list[Flag]:
        """The flags that nobody answered."""
        return [flag for flag in self.flags if flag.answer is None]

    @property
    def summary(self) -> str:
        """One line: pairs, flags by name, answers, and what was not compared."""
        if not self.compared and not self.flags:
            return "text not compared"
        open_ = Counter(flag.question for flag in self.unanswered)
        names = f" ({', '.join(f'{name} {count}' for name, count in sorted(open_.items()))})" if open_ else ""
        answered = len(self.flags) - len(self.unanswered)
        parts = [
            f"{self.pairs:,} pairs asked",
            f"{len(self.unanswered)} flags without an answer{names}",
            f"{answered} answered",
        ]
        if self.not_asked:
            parts.append(f"denial and doubt not asked in {', '.join(self.not_asked)}")
        if self.uncued:
            properties = "property" if len(self.uncued) == 1 else "properties"
            parts.append(f"predicate not asked of {len(self.uncued)} {properties} without cue words")
        if not self.compared:
            parts[0] = "text not compared"
        elif self.not_compared:
            parts.append(f"text not compared: {', '.join(self.not_compared)}")
        return ", ".join(parts)


def check_evidence(
    dataset: Dataset, shapes: ShapesGraph, files: Sequence[Path] = (), *, verify: bool = False
) -> EvidenceCheck:
    """Ask every claim of every unit whose text is at hand; without any text only the answers' form is checked.

    `files` are texts that are not where kg.toml says; with `verify` the command that it names is asked as well.
    """
    names = [question.name for question in QUESTIONS if question.severity == "flag"]
    names += [CONTRADICTION, LATER, VERIFIER]
    fixed = [question.name for question in QUESTIONS if question.severity == "error"]
    errors = list(check_answers(dataset.claims, names, fixed))
    at_hand, wrong = texts_at_hand(dataset, files)
    errors += wrong
    texts = {name: text for name, (_, text) in at_hand.items()}
    titles = {source.iri: f"{source.document.slug} {source.document.edition}" for source in dataset.editions}
    not_compared = tuple(title for name, title in titles.items() if name not in at_hand)
    flags = [Flag(LATER, claim.iri, unit, finding) for claim, unit, finding in later_dates(dataset)]
    if not texts:
        answered, idle = _with_answers(dataset, (), flags, names)
        return EvidenceCheck(tuple(errors), tuple(idle), tuple(answered), not_compared=not_compared)
    corpus = Corpus(dataset, texts, shapes.lines)
    pairs = 0
    wrong_pairs: list[_Wrong] = []
    for claim in dataset.claims.values():
        for unit, implied, place in corpus.pairs_of(claim):
            pairs += 1
            for question, finding in ask_pair(corpus, claim, unit, implied, place):
                if question.severity == "error":
                    wrong_pairs.append((claim, unit, implied, finding))
                else:
                    flags.append(Flag(question.name, claim.iri, unit, finding))
        for unit, wrong_, message, advice, (file, line) in ask_contradictions(corpus, claim):
            number = _Words(corpus, claim, unit)["number"]
            if not wrong_:
                advice = f'{advice} Else answer: ev:answer "{number} {CONTRADICTION}: …"'
            finding = Finding(
                f"{CONTRADICTION}: {message}", "error" if wrong_ else "warning", file, line, claim.iri, advice
            )
            if wrong_:
                errors.append(finding)
            else:
                flags.append(Flag(CONTRADICTION, claim.iri, unit, finding))
    errors += _with_later(corpus, wrong_pairs)
    warnings = list(_propose_declarations(corpus))
    if verify:
        second, failures = _second_reading(corpus)
        flags += second
        warnings += failures
    answered, idle = _with_answers(dataset, corpus.passages, flags, names)
    languages = {source.index.language for source in dataset.editions if source.iri in texts}
    return EvidenceCheck(
        tuple(errors),
        (*idle, *warnings),
        tuple(answered),
        pairs,
        tuple(titles[name] for name in texts),
        not_compared,
        tuple(sorted(language for language in languages if grammar_of(language) is None)),
        _uncued(corpus),
    )


def raised(pair: Pair) -> Iterator[Question]:
    """The questions that a pair raises."""
    for question in QUESTIONS:
        if (question.implied or not pair.implied) and question.raised(pair):
            yield question
            if question.name == "heading":
                return  # what states nothing is asked nothing else


def ask_pair(
    corpus: Corpus, claim: Claim, unit: str, implied: bool, place: Place
) -> Iterator[tuple[Question, Finding]]:
    """The questions that a claim raises of a unit whose text is at hand, each with what to say of it."""
    subject, predicate, token, _ = split(claim.triple)
    pair = corpus.pair((iri(subject), iri(predicate), token), unit, implied=implied, claim=claim)
    for question in raised(pair):
        words = _Words(corpus, claim, unit)
        file, line = place
        yield (
            question,
            Finding(
                f"{question.name}: {question.message.format_map(words)}",
                "error" if question.severity == "error" else "warning",
                file,
                line,
                claim.iri,
                question.advice if question.severity == "error"
                else f'{question.advice} Else answer: ev:answer "{words["number"]} {question.name}: …"',
            ),
        )  # fmt: skip


def _uncued(corpus: Corpus) -> tuple[str, ...]:
    """The properties of claims that a sentence is to say, and for which its language has no authored cue word."""
    properties = set()
    for claim in corpus.dataset.claims.values():
        subject, predicate, _, _ = split(claim.triple)
        name = iri(predicate)
        if name == RDF.type or name in NAMING or name in properties or corpus.structural(iri(subject)):
            continue
        if any(not implied and not corpus.occurrences(name, unit)[1] for unit, implied in corpus.units(claim)):
            properties.add(name)
    return tuple(sorted(properties))


def _with_later(corpus: Corpus, wrong: Sequence[_Wrong]) -> Iterator[Finding]:
    """Errors; at a unit that is held, and of which the later edition says what the claim says, what moves it there."""
    replaced = {edition.iri for edition in replaced_editions(corpus.dataset)}
    held = {}
    if any(unit.partition("#")[0] in replaced for _, unit, _, _ in wrong):
        held = {unit.edition.unit_iri(unit.number): unit for unit in held_units(corpus.dataset)}
    for claim, unit, implied, finding in wrong:
        later = held.get(unit)
        targets = [later.later.unit_iri(number) for number in later.change.new] if later else []
        raised = [
            question.severity
            for target in targets
            if target in corpus.passages
            for question, _ in ask_pair(corpus, claim, target, implied, claim.places[0])
        ]
        if later is None or "error" in raised or not targets or not corpus.passages.keys() >= set(targets):
            yield finding
            continue
        document = later.later.document
        advice = f"Edition {document.edition} says so: isoc-kg evidence confirm {document.slug}:{later.number}"
        yield replace(finding, advice=advice)


def _second_reading(corpus: Corpus) -> tuple[list[Flag], list[Finding]]:
    """What the project's own reader says of every pair, as flags: it accepts nothing."""
    project = corpus.dataset.project
    command = project.evidence.verifier
    if not command:
        return [], [
            Finding("no verifier is named.", "warning", advice='Name a command in kg.toml: [evidence] verifier = "…".')
        ]
    places = {}
    questions = []
    for claim in corpus.dataset.claims.values():
        for unit, implied, place in corpus.pairs_of(claim):
            subject, predicate, token, _ = split(claim.triple)
            statement = corpus.statement((iri(subject), iri(predicate), token))
            questions.append(Asked(claim.iri, unit, corpus.passages[unit].text, statement, implied))
            places[claim.iri, unit] = place, _Words(corpus, claim, unit)
    judgements, failures = ask_verifier(
        command,
        questions,
        folder=project.root,
        seconds=project.evidence.verifier_seconds,
        memory=project.limits.command_memory_bytes,
    )
    flags = []
    implied_pairs = {(question.claim, question.unit) for question in questions if question.implied}
    for (claim_iri, unit), judgement in judgements.items():
        if judgement.accepts(implied=(claim_iri, unit) in implied_pairs):
            continue
        (file, line), words = places[claim_iri, unit]
        finding = Finding(
            f"{VERIFIER}: {words['unit']}: {judgement.verdict}: {judgement.reason}", "warning", file, line, claim_iri,
            f'Correct the claim, or answer: ev:answer "{words["number"]} {VERIFIER}: …"',
        )  # fmt: skip
        flags.append(Flag(VERIFIER, claim_iri, unit, finding))
    return flags, failures


class _Words(dict[str, str]):
    """What the messages of questions are filled with."""

    def __init__(self, corpus: Corpus, claim: Claim, unit: str) -> None:
        subject, predicate, object_, _ = split(claim.triple)
        self.predicate = iri(predicate)
        prefixes = corpus.dataset.project.prefixes
        labels = corpus.dataset.labels
        number = unit_name(corpus.dataset, unit)

        def named(token: bytes) -> str:
            if token.startswith(b'"'):
                text = literal(token)[0]
                return f"“{text if len(text) <= 60 else text[:60] + '…'}”"
            names = labels.get(iri(token))
            return f"“{names[0]}”" if names else compact(iri(token), prefixes)

        types = [", ".join(compact(name, prefixes) for name in sorted(corpus.types.get(iri(end), ()))) or "no class"
                 for end in (subject, object_) if end.startswith(b"<")]  # fmt: skip
        super().__init__(
            unit=f"unit {number}", number=number, subject=named(subject), object=named(object_),
            predicate=compact(iri(predicate), prefixes), ends=" and ".join(types),
        )  # fmt: skip


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


#: So many claims of a property propose what to declare of it.
_PROPOSING = 10


def _propose_declarations(corpus: Corpus) -> Iterator[Finding]:
    """What to declare of properties of which nothing is, by the classes that their claims have."""
    classes: dict[str, tuple[Counter[str], Counter[str]]] = {}
    for claim in corpus.dataset.claims.values():
        subject, predicate, object_, _ = split(claim.triple)
        if iri(predicate) in corpus.properties and corpus.pairs_of(claim) and not corpus.structural(iri(subject)):
            counts = classes.setdefault(iri(predicate), (Counter(), Counter()))
            counts[0].update(corpus.types.get(iri(subject), ()))
            counts[1].update(corpus.types.get(iri(object_), ()))
    prefixes = corpus.dataset.project.prefixes
    for property_, counts in sorted(classes.items()):
        for count, declared, term in zip(
            counts, corpus.declarations.declared(property_), ("domainIncludes", "rangeIncludes"), strict=True
        ):
            if not declared and count.total() >= _PROPOSING:
                names = " , ".join(compact(name, prefixes) for name in sorted(count))
                yield Finding(
                    f"{compact(property_, prefixes)} has no declared {term.removesuffix('Includes')}: "
                    "its classes are not asked.",
                    "warning",
                    iri=property_,
                    advice=f"As it is used: {compact(property_, prefixes)} schema:{term} {names} .",
                )
