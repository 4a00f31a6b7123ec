"""What is asked where the text is at hand: the questions of each pair of a claim and a unit, and contradictions."""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ..authoring.dataset import Dataset
from ..authoring.facts import Claim, Place
from ..errors import Finding
from ..iris import compact
from ..namespaces import RDF
from ..rdf.lines import iri, literal, split
from .answers import unit_name
from .contradiction import ask_contradictions
from .corpus import Corpus
from .flags import CONTRADICTION, VERIFIER, Flag
from .grammar import grammar_of
from .hedges import hedges_of
from .held import held_units, replaced_editions
from .questions import NAMING, QUESTIONS, Pair, Question
from .verifier import Asked, ask_verifier

__all__ = ["TextsAsked", "ask_pair", "ask_texts", "not_asked", "raised"]

#: A claim, a unit, whether it is only implied there, and the error that this raises.
_Wrong = tuple[Claim, str, bool, Finding]


@dataclass(frozen=True, slots=True)
class TextsAsked:
    """What asking the texts at hand found, answers to flags left aside."""

    errors: tuple[Finding, ...]
    warnings: tuple[Finding, ...]
    flags: tuple[Flag, ...]
    pairs: int
    units: Container[str]  #: those that were asked
    without_hedges: tuple[str, ...]  #: languages in which denial and doubt are not asked
    without_grammar: tuple[str, ...]  #: languages whose order of words is not known
    uncued: tuple[str, ...]  #: properties without cue words in a document's language


def ask_texts(
    dataset: Dataset, texts: Mapping[str, str], shapes: Sequence[bytes], *, verify: bool = False
) -> TextsAsked:
    """Ask every claim of every unit of the texts (edition → text); with `verify` the project's own reader, too."""
    corpus = Corpus(dataset, texts, shapes)
    pairs = 0
    errors: list[Finding] = []
    flags: list[Flag] = []
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
    languages = {source.index.language for source in dataset.editions if source.iri in texts}
    return TextsAsked(
        tuple(errors),
        tuple(warnings),
        tuple(flags),
        pairs,
        corpus.passages,
        tuple(sorted(language for language in languages if hedges_of(language) is None)),
        tuple(sorted(language for language in languages if grammar_of(language) is None)),
        tuple(compact(name, dataset.project.prefixes) for name in _uncued(corpus)),
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


def not_asked(corpus: Corpus, claim: Claim, unit: str, implied: bool) -> Iterator[tuple[str, str]]:
    """The questions that cannot be asked of a claim and a unit whose text is at hand, each list with why."""
    subject, predicate, object_, _ = split(claim.triple)
    name = iri(predicate)
    language = corpus.lexicons[corpus.edition[unit]].language
    if name in NAMING or corpus.structural(iri(subject)):
        return
    if hedges_of(language) is None:
        yield "denial, doubt", f"not known in the document's language ({language})"
    if name == RDF.type:
        return
    if grammar_of(language) is None:
        order = "elsewhere" if object_.startswith(b'"') else "direction, nearest, actor"
        yield order, f"the order of words is not known in the document's language ({language})"
    if not implied and not corpus.occurrences(name, unit)[1]:
        yield "predicate", f"the property has no skos:altLabel or skos:hiddenLabel in {language}"


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


def _kind(dataset: Dataset, unit: str) -> str:
    """What a unit is called in a message; “unit” where no edition has it."""
    edition, _, number = unit.partition("#")
    found = next((one.index.units.get(number) for one in dataset.editions if one.iri == edition), None)
    return "unit" if found is None else "part" if found.kind == "segment" else found.kind


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
            unit=f"{_kind(corpus.dataset, unit)} {number}", number=number,
            subject=named(subject), object=named(object_), predicate=named(predicate), ends=" and ".join(types),
        )  # fmt: skip


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
