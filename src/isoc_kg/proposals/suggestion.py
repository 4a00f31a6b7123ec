"""Suggestions: units given to a program with their menus, and what it proposes for them.

The program gets one JSON object a line for each unit, and writes one a line for each claim; it runs as a process with
an end to its time, its memory and its output, and what it started ends with it. It has no other way in.
"""

import json
import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from time import perf_counter

from ..errors import UsageError
from ..evidence.program import run_bounded
from .baseline import propose_baseline
from .judge import Judge
from .menu import make_menu
from .proposal import BASELINE, is_built_in
from .submission import Arrival, NotAClaim, Submission, json_of_line

__all__ = ["Proposer", "Run", "command_proposer", "suggest"]

#: A program may write so many bytes, and so many more for each unit.
_BYTES, _BYTES_EACH = 1 << 16, 1 << 16
#: So many claims on one unit are looked at.
_MOST_EACH = 100
#: So many units a process gets at once: what it proposed for them is in the queue before the next ones.
_AT_ONCE = 10

#: What stands before the program in a command: assignments, and programs that run others.
_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=")
_LAUNCHER = re.compile(
    r"env|nice|nohup|time|timeout|stdbuf|sudo|uv|uvx|pipx|run|exec|(?:python|pypy|node|ruby|perl|php|lua|bash|dash|zsh|sh)[\d.]*(?:\.exe)?"
)
_PLAIN = re.compile(r"[A-Za-z][\w.-]*")
_SCRIPT = re.compile(r"[\w-][\w.-]*\.(?:py|pyz|js|mjs|cjs|ts|rb|pl|php|lua|sh|jar|exe)", re.IGNORECASE)

#: Units (IRIs) → lines of JSON, each a claim. Raises `UsageError` where the program fails.
Proposer = Callable[[Judge, Sequence[str]], Iterator[bytes]]


@dataclass(frozen=True, slots=True)
class Run:
    """What became of a run: the arrivals, the time of the proposer and of the judge, in seconds."""

    arrivals: tuple[Arrival, ...]
    proposing: float
    judging: float
    failure: str | None = None  #: why the program did not end well


def command_proposer(command: str, *, seconds: float) -> tuple[str, Proposer]:
    """The proposer that a command is, and its name as a source; `baseline` is the one that is built in.

    Raises `UsageError` for what is no command.
    """
    try:
        words = shlex.split(command)
    except ValueError:
        words = []
    if not words or "\0" in command:
        raise UsageError("this is not a command.", advice="Write it as in a shell: --with 'python propose.py'.")
    if words == [BASELINE]:
        return BASELINE, _baseline

    def propose(judge: Judge, units: Sequence[str]) -> Iterator[bytes]:
        lines = [json.dumps(make_menu(judge, unit).to_json(), ensure_ascii=False) for unit in units]
        try:
            output = run_bounded(
                words,
                ("\n".join(lines) + "\n").encode("utf-8", "surrogatepass"),
                folder=judge.project.root,
                seconds=seconds,
                most=_BYTES + _BYTES_EACH * len(units),
                memory=judge.project.limits.command_memory_bytes,
            )
        except TimeoutError:
            raise UsageError(f"the command did not end within {seconds:g} s.", advice="Raise --seconds.") from None
        except OverflowError:
            raise UsageError("the command wrote more than it may; none of it was taken.") from None
        except (OSError, ValueError) as error:
            raise UsageError(f"the command could not be run: {error}.") from None
        yield from output.data.splitlines()
        if output.code:
            words_ = f": {output.last_words[:200]}" if output.last_words else ""
            raise UsageError(f"the command failed with exit code {output.code}{words_}.")

    name = program_name(words)
    return "command" if is_built_in(name) else name, propose


def program_name(words: Sequence[str]) -> str:
    """The name of the program that a command runs, as it is published: never its arguments, which may be secrets.

    >>> program_name(["env", "CHAT_KEY=secret", "python3", "-u", "tools/propose.py", "--key", "other"])
    'propose.py'
    >>> program_name(["python3", "-m", "proposer"])
    'python3'
    """
    launcher, option = "", False
    for word in words:
        name = word.rstrip("/").rpartition("/")[2]
        if _ASSIGNMENT.match(word) or (launcher and re.fullmatch(r"\d+[smhd]?", word)):
            continue
        if not option and _LAUNCHER.fullmatch(name):
            launcher = name
        elif word.startswith("-"):
            option = True
        elif not launcher or _SCRIPT.fullmatch(name) or (not option and _PLAIN.fullmatch(name)):
            return name if name.isprintable() and 0 < len(name) <= 60 else "command"
        else:
            break  # the value of an option, or a script itself
    return launcher or "command"


def _baseline(judge: Judge, units: Sequence[str]) -> Iterator[bytes]:
    for unit in units:
        for claim in propose_baseline(judge, unit):
            yield json.dumps(claim).encode()


def suggest(
    submission: Submission,
    proposer: Proposer,
    units: Sequence[str],
    *,
    write: bool = True,
    told: Callable[[Arrival], None] = lambda _: None,
) -> Run:
    """Ask a proposer about units (IRIs), some at a time, and put what it proposes into the queue.

    Claims on units that it was not asked about are refused. A proposer that fails ends the run; what came before stays.
    """
    judge = submission.judge
    arrivals: list[Arrival] = []
    proposing = judging = 0.0
    failure = None
    for start in range(0, len(units), _AT_ONCE):
        asked = units[start : start + _AT_ONCE]
        before = perf_counter()
        lines: list[bytes] = []
        try:
            lines.extend(proposer(judge, asked))  # what came before a failure stays
        except UsageError as error:
            failure = error.message
        between = perf_counter()
        proposing += between - before
        counts: dict[str, int] = {}
        for line in lines:
            if line.strip():
                arrival = _submit(submission, line, asked, counts)
                arrivals.append(arrival)
                told(arrival)
        if write:
            submission.write()
        judging += perf_counter() - between
        if failure:
            break
    return Run(tuple(arrivals), proposing, judging, failure)


def _submit(submission: Submission, line: bytes, asked: Sequence[str], counts: dict[str, int]) -> Arrival:
    try:
        claim = submission.claim(json_of_line(line), asked[0] if len(asked) == 1 else None)
        if claim.unit not in asked:
            raise NotAClaim("unit", "the unit is none of those that were asked about.")
        counts[claim.unit] = counts.get(claim.unit, 0) + 1
        if counts[claim.unit] > _MOST_EACH:
            raise NotAClaim("form", f"this is more than {_MOST_EACH} claims on one unit.")
    except NotAClaim as error:
        return submission.refuse(error)
    return submission.submit(claim)
