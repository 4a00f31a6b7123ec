"""A second reader: a project's own command that is asked whether a unit supports a statement. Never an acceptance."""

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import Finding
from .program import run_bounded

__all__ = ["Asked", "Judgement", "ask_verifier"]

#: What a reader may answer; all but the first raise a flag.
VERDICTS = ("supported", "implied", "contradicted", "unrelated")
#: An output may have so many bytes, and so many more for each question.
_BYTES, _BYTES_EACH = 1 << 16, 1 << 13


@dataclass(frozen=True, slots=True)
class Asked:
    """One question to the reader: a unit's text, and a statement in words."""

    claim: str
    unit: str
    text: str
    statement: str
    implied: bool


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the reader answered."""

    verdict: str
    reason: str

    def accepts(self, *, implied: bool) -> bool:
        """Whether the reader has nothing against a pair, whose claim is said there, or only implied."""
        return self.verdict == "supported" or (implied and self.verdict == "implied")


def ask_verifier(
    command: str, questions: Sequence[Asked], *, folder: Path, seconds: float, memory: int = 0
) -> tuple[dict[tuple[str, str], Judgement], list[Finding]]:
    """Claim and unit → judgement, and what went wrong, as warnings: a reader stops nothing.

    The command gets one JSON object a line (`claim`, `unit`, `text`, `statement`, `implied`) and writes one a line
    with the same `claim` and `unit`, an `answer` (supported, implied, contradicted or unrelated) and a `reason`. Its
    time, output and memory (0 for any) are bounded, and what it starts ends with it.
    """
    lines = [
        json.dumps(
            {"claim": q.claim, "unit": q.unit, "text": q.text, "statement": q.statement, "implied": q.implied},
            ensure_ascii=False,
        )
        for q in questions
    ]
    advice = "Nothing is stopped by it. See [evidence] verifier in kg.toml."

    def warned(message: str) -> Finding:
        return Finding(f"the verifier {message}.", "warning", advice=advice)

    most = _BYTES + _BYTES_EACH * len(questions)
    try:
        output = run_bounded(
            shlex.split(command),
            ("\n".join(lines) + "\n").encode(),
            folder=folder,
            seconds=seconds,
            most=most,
            memory=memory,
        )
    except TimeoutError:
        return {}, [warned(f"gave no answer within {seconds:g} s")]
    except OverflowError:
        return {}, [warned(f"wrote more than {most:,} bytes")]
    except (OSError, ValueError) as error:
        return {}, [warned(f"could not be run: {error}")]
    findings = []
    if output.code:
        reason = f": {_printable(output.last_words)[:200]}" if output.last_words else ""
        findings.append(warned(f"failed with exit code {output.code}{reason}"))
    judgements, refused = _judgements(output.data, {(q.claim, q.unit) for q in questions})
    if refused:
        findings.append(
            Finding(f"{refused} lines of the verifier are not answers to what was asked.", "warning", advice=advice)
        )
    if missing := len({(q.claim, q.unit) for q in questions}) - len(judgements):
        findings.append(warned(f"left {missing} of {len(questions)} unanswered"))
    return judgements, findings


def _printable(text: str) -> str:
    """A text on one line, without what a terminal would obey."""
    return " ".join("".join(char if char.isprintable() else " " for char in text).split())


def _judgements(output: bytes, asked: set[tuple[str, str]]) -> tuple[dict[tuple[str, str], Judgement], int]:
    """The answers in an output, and how many of its lines are none."""
    judgements = {}
    refused = 0
    for line in output.splitlines():
        if not line.strip():
            continue
        try:
            value = json.loads(line)
            key = value["claim"], value["unit"]
            if key not in asked or value["answer"] not in VERDICTS or key in judgements:
                raise ValueError
            judgements[key] = Judgement(value["answer"], _printable(str(value.get("reason", ""))[:4000])[:400])
        except (ValueError, KeyError, TypeError, RecursionError):
            refused += 1
    return judgements, refused
