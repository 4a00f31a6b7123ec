"""A second reader: a project's own command that is asked whether a unit supports a statement. Never an acceptance."""

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import Finding
from ..limits.processes import TookTooLong, run_command

__all__ = ["Asked", "Judgement", "ask_verifier"]

#: What a reader may answer; all but the first raise a flag.
VERDICTS = ("supported", "implied", "contradicted", "unrelated")


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


def ask_verifier(
    command: str, questions: Sequence[Asked], *, folder: Path, seconds: float, memory: int
) -> tuple[dict[tuple[str, str], Judgement], list[Finding]]:
    """Claim and unit → judgement, and what went wrong, as warnings: a reader stops nothing.

    The command gets one JSON object a line (`claim`, `unit`, `text`, `statement`, `implied`) and writes one a line
    with the same `claim` and `unit`, an `answer` (supported, implied, contradicted or unrelated) and a `reason`.
    """
    lines = [
        json.dumps(
            {"claim": q.claim, "unit": q.unit, "text": q.text, "statement": q.statement, "implied": q.implied},
            ensure_ascii=False,
        )
        for q in questions
    ]
    advice = "Nothing is stopped by it. See [evidence] verifier in kg.toml."
    try:
        done = run_command(
            shlex.split(command),
            ("\n".join(lines) + "\n").encode(),
            seconds=seconds,
            memory=memory,
            folder=folder,
        )
    except TookTooLong:
        return {}, [Finding(f"the verifier gave no answer within {seconds:g} s.", "warning", advice=advice)]
    except (OSError, ValueError) as error:
        return {}, [Finding(f"the verifier could not be run: {error}.", "warning", advice=advice)]
    findings = []
    if done.code:
        said = done.errors.decode(errors="replace").strip().splitlines()
        why = f": {said[-1][:200]}" if said else ""
        findings.append(Finding(f"the verifier failed with exit code {done.code}{why}.", "warning", advice=advice))
    judgements, refused = _judgements(done.output, {(q.claim, q.unit) for q in questions})
    if refused:
        findings.append(
            Finding(f"{refused} lines of the verifier are not answers to what was asked.", "warning", advice=advice)
        )
    if missing := len(questions) - len(judgements):
        findings.append(
            Finding(f"the verifier left {missing} of {len(questions)} unanswered.", "warning", advice=advice)
        )
    return judgements, findings


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
            judgements[key] = Judgement(value["answer"], " ".join(str(value.get("reason", "")).split())[:400])
        except (ValueError, KeyError, TypeError, RecursionError):
            refused += 1
    return judgements, refused
