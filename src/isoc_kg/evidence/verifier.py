"""A second reader: a project's own command that is asked whether a unit supports a statement. Never an acceptance."""

import contextlib
import json
import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ..errors import Finding

__all__ = ["Asked", "Judgement", "ask_verifier"]

#: What a reader may answer; all but the first raise a flag.
VERDICTS = ("supported", "implied", "contradicted", "unrelated")

_BLOCK = 1 << 16
#: So much may a reader write: enough for an answer with a reason of some pages to each question.
_FIRST_BYTES = 1_000_000
_BYTES_A_QUESTION = 20_000
_PATIENCE = 2.0  # seconds


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
    command: str, questions: Sequence[Asked], *, folder: Path, seconds: float
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
    room = _FIRST_BYTES + _BYTES_A_QUESTION * len(questions)
    try:
        done = _run(command, ("\n".join(lines) + "\n").encode(), folder, seconds, room)
    except TimeoutError:
        return {}, [Finding(f"the verifier gave no answer within {seconds:g} s.", "warning", advice=advice)]
    except OverflowError:
        return {}, [Finding(f"the verifier wrote more than {room:,} bytes.", "warning", advice=advice)]
    except (OSError, ValueError) as error:
        return {}, [Finding(f"the verifier could not be run: {error}.", "warning", advice=advice)]
    findings = []
    if done.code:
        said = done.error.decode(errors="replace").strip().splitlines()
        why = f": {said[-1][:200]}" if said else ""
        findings.append(
            Finding(f"the verifier failed with exit code {done.code}{why}.", "warning", advice=advice)
        )
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


@dataclass(frozen=True, slots=True)
class _Run:
    code: int
    output: bytes
    error: bytes


def _run(command: str, text: bytes, folder: Path, seconds: float, room: int) -> _Run:
    """Run a command on a text; whatever it started ends with it.

    Raises `TimeoutError`, `OverflowError` when it writes more than `room` bytes, `OSError` and `ValueError` when it
    cannot be run.
    """
    arguments = shlex.split(command)
    if not arguments:
        raise ValueError("it is no command")
    process = subprocess.Popen(
        arguments,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=folder,
        start_new_session=True,
    )
    output, error = bytearray(), bytearray()
    too_much = threading.Event()

    def write() -> None:
        with contextlib.suppress(OSError), process.stdin:  # type: ignore[union-attr]
            process.stdin.write(text)  # type: ignore[union-attr]

    def read() -> None:
        while block := os.read(process.stdout.fileno(), _BLOCK):  # type: ignore[union-attr]
            output.extend(block)
            if len(output) > room:
                too_much.set()
                _end(process)
                return

    def read_error() -> None:
        while block := os.read(process.stderr.fileno(), _BLOCK):  # type: ignore[union-attr]
            error.extend(block)
            del error[:-_BLOCK]

    threads = [threading.Thread(target=task, daemon=True) for task in (write, read, read_error)]
    for thread in threads:
        thread.start()
    try:
        process.wait(seconds)
    except subprocess.TimeoutExpired:
        raise TimeoutError from None
    finally:
        _end(process)
        for thread in threads:  # a child in a session of its own may keep the pipes open: nobody waits for it
            thread.join(_PATIENCE)
        if not any(thread.is_alive() for thread in threads):
            for stream in (process.stdout, process.stderr):
                stream.close()  # type: ignore[union-attr]
    if too_much.is_set():
        raise OverflowError
    return _Run(process.returncode, bytes(output), bytes(error))


def _end(process: "subprocess.Popen[bytes]") -> None:
    """End a command and all that it started in its session."""
    with contextlib.suppress(OSError):
        os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        process.kill()


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
            reason = str(value.get("reason", "")).encode(errors="replace").decode()  # JSON may name half a character
            judgements[key] = Judgement(value["answer"], " ".join(reason.split())[:400])
        except (ValueError, KeyError, TypeError, RecursionError):
            refused += 1
    return judgements, refused
