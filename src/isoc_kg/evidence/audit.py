"""The power of the evidence check, measured by mutation testing: how many corrupted claims it notices, and by what."""

import math
import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from ..authoring.facts import Claim
from ..errors import Finding, ParseError
from ..iris import compact
from ..namespaces import RDF
from ..project import Project
from ..rdf.lines import iri, split
from .asking import raised
from .corpus import Corpus, Triple
from .mutants import KINDS, Mutant, Workshop
from .passage import Span, UnitText
from .questions import QUESTIONS, Pair

__all__ = ["SEED", "Audit", "Miss", "ReaderScore", "Score", "audit_evidence", "judgements_file", "read_judgements"]

SEED = 20_11
#: The 97.5th percentile of the normal distribution.
_Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Score:
    """What became of the mutants of one kind."""

    kind: str
    mutants: int
    claims: int  #: how many claims had a mutant of this kind
    by_error: int
    by_reading: int  #: by a flag that read the text, no error
    by_classes: int  #: by nothing but the classes of the ends
    by_reader: int = 0  #: by the second reader alone, of what the check missed

    @property
    def caught(self) -> int:
        """How many were noticed."""
        return self.by_error + self.by_reading + self.by_classes

    @property
    def missed(self) -> int:
        """How many were not noticed."""
        return self.mutants - self.caught

    @property
    def share(self) -> float:
        """The share noticed."""
        return self.caught / self.mutants if self.mutants else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval of the share."""
        if not self.mutants:
            return 0.0, 1.0
        n, share, square = self.mutants, self.share, _Z * _Z
        centre = (share + square / (2 * n)) / (1 + square / n)
        half = _Z * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
        return max(0.0, round(centre - half, 12)), min(1.0, round(centre + half, 12))


@dataclass(frozen=True, slots=True)
class Miss:
    """A mutant that nothing noticed."""

    kind: str
    triple: Triple
    unit: str
    claim: str
    denial: tuple[int, str] | None = None  #: a word put into the unit's folded text, and where


@dataclass(frozen=True, slots=True)
class ReaderScore:
    """What a second reader made of the pairs that are true, and how much it left out."""

    asked: int  #: misses of the check and true pairs
    flagged: int  #: true pairs that it does not find supported
    failures: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class Audit:
    """The scores of all kinds, and how often true pairs are flagged."""

    seed: int
    scores: tuple[Score, ...]
    pairs: int
    flagged: int  #: true pairs with a flag, before answers
    claims: int  #: claims with a unit whose text is at hand
    judged: int  #: mutants that a person found true; they are not counted
    misses: tuple[Miss, ...] = field(default=(), repr=False)
    reader: ReaderScore | None = None
    pairs_not_asked: int = 0  #: pairs of claims with units whose text is not at hand
    not_compared: tuple[str, ...] = ()  #: their editions

    @property
    def flagged_share(self) -> float:
        """The share of true pairs with a flag before answers."""
        return self.flagged / self.pairs if self.pairs else 0.0

    def to_json(self, *, misses: bool = False) -> dict[str, Any]:
        """The audit as JSON values."""
        value: dict[str, Any] = {
            "seed": self.seed, "claims": self.claims, "pairs": self.pairs, "flagged": self.flagged,
            "flagged_share": round(self.flagged_share, 4), "judged_true": self.judged,
            "pairs_not_asked": self.pairs_not_asked, "not_compared": list(self.not_compared),
            "kinds": [
                {
                    "kind": score.kind, "mutants": score.mutants, "claims": score.claims, "caught": score.caught,
                    "share": round(score.share, 4), "interval": [round(bound, 4) for bound in score.interval],
                    "by_error": score.by_error, "by_reading": score.by_reading, "by_classes": score.by_classes,
                    "missed": score.missed,
                    **({"by_reader": score.by_reader} if self.reader else {}),
                }
                for score in self.scores
            ],
        }  # fmt: skip
        if self.reader:
            value["reader"] = {"asked": self.reader.asked, "flagged": self.reader.flagged}
        if misses:
            value["misses"] = [
                {"kind": miss.kind, "subject": miss.triple[0], "predicate": miss.triple[1],
                 "object": miss.triple[2].decode(), "unit": miss.unit, "claim": miss.claim} for miss in self.misses
            ]  # fmt: skip
        return value

    def to_text(self, prefixes: Mapping[str, str], *, misses: bool = False) -> str:
        """The audit as a table, with what was missed on demand."""
        lines = [
            f"{self.claims:,} claims, {self.pairs:,} pairs; seed {self.seed}",
            *(
                [f"not asked: {self.pairs_not_asked:,} pairs more, text not compared: {'; '.join(self.not_compared)}"]
                if self.pairs_not_asked
                else []
            ),
            "",
            (
                f"{'corrupted':<20} {'mutants':>7} {'claims':>6} {'caught':>7}  {'95 % interval':<15} "
                f"{'error':>6} {'reading':>7} {'classes':>7} {'missed':>6}"
                + (f" {'reader':>7} {'with it':>8}" if self.reader else "")
            ),
        ]
        for score in self.scores:
            low, high = score.interval
            interval = f"{low:.1%}–{high:.1%}" if score.mutants else ""
            share = f"{score.share:.1%}" if score.mutants else "–"
            lines.append(
                f"{score.kind:<20} {score.mutants:>7} {score.claims:>6} {share:>7}  {interval:<15} "
                f"{score.by_error:>6} {score.by_reading:>7} {score.by_classes:>7} {score.missed:>6}"
                + (_with_reader(score) if self.reader else "")
            )
        lines += [
            "",
            f"true pairs with a flag, before answers: {self.flagged} of {self.pairs:,}, {self.flagged_share:.1%}",
        ]
        if self.reader:
            refused = self.reader.flagged / self.pairs if self.pairs else 0.0
            lines.append(
                f"true pairs that the second reader flags: {self.reader.flagged} of {self.pairs:,}, {refused:.1%}"
            )
        if self.judged:
            lines.append(f"mutants that a person found true, not counted: {self.judged}")
        if misses:
            lines.append("")
            for miss in self.misses:
                subject, predicate = (compact(name, prefixes) for name in miss.triple[:2])
                token = miss.triple[2].decode()
                object_ = compact(token[1:-1], prefixes) if token.startswith("<") else token
                lines.append(f"missed: {miss.kind}: {subject} {predicate} {object_}  {compact(miss.unit, prefixes)}")
        return "\n".join(lines)


def audit_evidence(
    corpus: Corpus, *, seed: int = SEED, judgements: Mapping[tuple[Triple, str], str] | None = None
) -> Audit:
    """Corrupt every claim in every way, and count what the check notices."""
    judgements = judgements or {}
    pairs = flagged = judged = 0
    claims = set()
    for claim in corpus.dataset.claims.values():
        triple = _triple(claim)
        for unit, implied in corpus.units(claim):
            pairs += 1
            claims.add(claim.iri)
            flagged += any(raised(corpus.pair(triple, unit, implied=implied, claim=claim)))
    errors = {question.name for question in QUESTIONS if question.severity == "error"}
    reading = {question.name for question in QUESTIONS if question.reads}
    counts: dict[str, Counter[str]] = {kind: Counter() for kind in KINDS}
    reached: dict[str, set[str]] = {kind: set() for kind in KINDS}
    misses = []
    touching = _claims_of_things(corpus)
    for mutant in Workshop(corpus, seed).mutants():
        if (mutant.triple, mutant.unit) in judgements:
            judged += 1
            continue
        flags = set(_raised_by(corpus, mutant, touching))
        outcome = "error" if flags & errors else "reading" if flags & reading else "classes" if flags else "missed"
        counts[mutant.kind][outcome] += 1
        reached[mutant.kind].add(mutant.claim.iri)
        if outcome == "missed":
            misses.append(Miss(mutant.kind, mutant.triple, mutant.unit, mutant.claim.iri, mutant.denial))
    scores = tuple(
        Score(kind, sum(count.values()), len(reached[kind]), count["error"], count["reading"], count["classes"])
        for kind, count in counts.items()
    )
    resting = [unit for claim in corpus.dataset.claims.values() for _, unit, _ in claim.units()]
    left = {unit.partition("#")[0] for unit in resting if unit not in corpus.passages}
    return Audit(
        seed,
        scores,
        pairs,
        flagged,
        len(claims),
        judged,
        tuple(misses),
        pairs_not_asked=sum(unit not in corpus.passages for unit in resting),
        not_compared=tuple(edition.name for edition in corpus.dataset.editions if edition.iri in left),
    )


def _with_reader(score: Score) -> str:
    """What the second reader adds to the catches of a kind, and the share that both notice."""
    share = f"{(score.caught + score.by_reader) / score.mutants:.1%}" if score.mutants else "–"
    return f" {score.by_reader:>7} {share:>8}"


def _triple(claim: Claim) -> Triple:
    subject, predicate, object_, _ = split(claim.triple)
    return iri(subject), iri(predicate), object_


def _claims_of_things(corpus: Corpus) -> dict[str, list[Triple]]:
    """Thing → the statements in which it is subject or object, names and types aside."""
    result: dict[str, list[Triple]] = {}
    for claim in corpus.dataset.claims.values():
        triple = _triple(claim)
        if triple[1] != RDF.type and corpus.units(claim):
            result.setdefault(triple[0], []).append(triple)
            if triple[2].startswith(b"<"):
                result.setdefault(iri(triple[2]), []).append(triple)
    return result


def _raised_by(corpus: Corpus, mutant: Mutant, touching: Mapping[str, list[Triple]]) -> Iterator[str]:
    """The questions that a mutant raises; for a wrong type also at the statements about the thing."""
    implied = mutant.kind == "type" and mutant.unit in {unit for unit, how in corpus.units(mutant.claim) if how}
    pair = corpus.pair(mutant.triple, mutant.unit, implied=implied, claim=mutant.claim)
    if mutant.denial:
        pair = _denied(pair, *mutant.denial)
    yield from (question.name for question in raised(pair))
    if mutant.kind == "type":
        yield from _raised_by_type(corpus, mutant, touching)


def _raised_by_type(corpus: Corpus, mutant: Mutant, touching: Mapping[str, list[Triple]]) -> Iterator[str]:
    thing, _, token = mutant.triple
    withdrawn = iri(split(mutant.claim.triple)[2])
    types = (corpus.types[thing] - {withdrawn}) | {iri(token)}
    for subject, predicate, object_ in touching.get(thing, ()):
        ends = [
            types if name == thing else corpus.types.get(name, frozenset())
            for name in (subject, iri(object_) if object_.startswith(b"<") else "")
        ]
        fit = corpus.declarations.fit(predicate, ends[0], ends[1] if object_.startswith(b"<") else None)
        if not all(fit):
            yield "classes"
            return


def _denied(pair: Pair, place: int, word: str) -> Pair:
    """A pair whose unit denies: a word is put into its text, and what stands behind it moves."""
    passage, length = pair.passage, len(word)

    def moved(span: Span) -> Span:
        return (span[0] + length, span[1] + length) if span[0] >= place else span

    cues = [replace(cue, place=moved(cue.place), by=moved(cue.by) if cue.by else None) for cue in pair.cues]
    return replace(
        pair,
        passage=_Denied(passage, passage.folded[:place] + word + passage.folded[place:]),
        subject=[moved(span) for span in pair.subject],
        object=[moved(span) for span in pair.object],
        cues=cues,
    )


class _Denied(UnitText):
    """A passage with a word put in; its words' places are not read again."""

    def __init__(self, passage: UnitText, folded: str) -> None:
        self.text, self.folded = folded, folded
        self.grammar, self.hedging = passage.grammar, passage.hedging
        self.starts, self.ends, self.stems, self.places = passage.starts, passage.ends, passage.stems, passage.places


def judgements_file(project: Project) -> Path:
    """Where a project keeps what a person found true among the mutants."""
    return project.folder("facts") / "units" / "audit.toml"


def read_judgements(file: Path) -> dict[tuple[Triple, str], str]:
    """The mutants that a person found true, each with the reason: `[[true]]` tables of a TOML file."""
    if not file.is_file():
        return {}
    try:
        tables = tomllib.loads(file.read_text(encoding="utf-8")).get("true", [])
        return {
            ((entry["subject"], entry["predicate"], entry["object"].encode()), entry["unit"]): entry["reason"]
            for entry in tables
        }
    except (tomllib.TOMLDecodeError, KeyError, TypeError, AttributeError) as error:
        raise ParseError(
            f"not a list of judgements: {error}.",
            file=file,
            advice="Each [[true]] has subject, predicate, object (a token), unit and reason.",
        ) from None
