"""Everything that can go wrong, as one tree.

    IsocKgError                 3   the base; the number is the exit code of the command line
    ├── ParseError              3   a text does not follow its syntax (file, line, column, excerpt)
    │   └── EncodingError       3   bytes that are not UTF-8, or characters that no document has
    ├── LimitExceeded           3   larger, deeper or longer than the settings allow
    ├── ProjectError            3   kg.toml or the folder around it
    ├── FactsError              3   a facts file uses a form that the project does not accept
    ├── OutputError             3   the target cannot be written, or is not ours to replace
    ├── ShapesError             3   shapes have errors, so that they validate nothing
    ├── EngineError             3   an engine crashed, ran out of time or of memory
    ├── EndpointError           3   a triple store cannot be reached, refuses or fails (status)
    ├── CannotCarry             3   a format has no way to write a term
    ├── ChecksFailed            1   a project whose files do not fit together; nothing was done
    └── UsageError              2   what was asked for makes no sense
        ├── UnknownName         2   a thing, query, unit or format that does not exist (suggestions)
        └── QueryError          2   a SPARQL text that cannot be run (line, column, excerpt)
            ├── MissingParameter  2   a named query's parameter has neither value nor default
            └── UnknownParameter  2   a named query has no such parameter

Data that do not conform are a result, not an exception: checks return `Finding`s. What else is to be known of data that
were taken is a Python warning, `DataWarning`; the command line shows it as a note.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from .lazy_patterns import lazy_pattern

__all__ = [
    "CannotCarry",
    "ChecksFailed",
    "DataWarning",
    "EncodingError",
    "EndpointError",
    "EngineError",
    "FactsError",
    "Finding",
    "IsocKgError",
    "LimitExceeded",
    "MissingParameter",
    "OutputError",
    "ParseError",
    "ProjectError",
    "QueryError",
    "ShapesError",
    "UnknownName",
    "UnknownParameter",
    "UsageError",
    "counted",
    "visible",
]


def counted(number: int, noun: str) -> str:
    """A number and what it counts.

    >>> counted(1, "conflict"), counted(2_000, "claim")
    ('1 conflict', '2,000 claims')
    """
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


#: Characters that a terminal obeys in place of showing them, that change the order in which others are shown, or
#: that Unicode has for the use of programs alone.
_UNSEEN = lazy_pattern(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\ufdd0-\ufdef]"
)


def visible(text: str, *, line: bool = False) -> str:
    r"""A text that a terminal shows and does not obey: control characters as escapes, those of JSON.

    With `line` it stays on one line: tabs and line feeds become escapes, too.

    >>> visible("a\x1b[31mb")
    'a\\u001b[31mb'
    """
    text = _UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", text)
    return text.replace("\n", "\\n").replace("\t", "\\t") if line else text


def place(file: Path | str | None, line: int | None, column: int | None = None) -> str:
    """`file:line:column: `, as far as each is known; an empty string when nothing is."""
    if file is None and line is None:
        return ""
    numbers = [str(number) for number in (line, column if line is not None else None) if number is not None]
    if file is None:
        return f"line {':'.join(numbers)}: "
    return f"{':'.join([visible(str(file), line=True), *numbers])}: "


def _indented(text: str) -> str:
    """A text whose further lines cannot be taken for messages of their own."""
    return "\n  ".join(text.splitlines())


class DataWarning(UserWarning):
    """What is to be known of data that were taken as they are."""


class IsocKgError(Exception):
    """What the user has to know: the place, what is wrong, and what to do about it.

    `details` are texts of their own, of what was found one by one, to be shown before the message.
    """

    exit_code = 3

    def __init__(
        self,
        message: str,
        *,
        file: Path | str | None = None,
        line: int | None = None,
        column: int | None = None,
        excerpt: str | None = None,
        iri: str | None = None,
        advice: str | None = None,
        details: Sequence[str] = (),
    ) -> None:
        super().__init__(message)
        self.message = message
        self.file = file
        self.line = line
        self.column = column
        self.excerpt = excerpt
        self.iri = iri
        self.advice = advice
        self.details = tuple(details)

    def __str__(self) -> str:
        """The place and the message on one line; the excerpt and the advice, indented, below it."""
        lines = [place(self.file, self.line, self.column) + _indented(self.message)]
        if self.excerpt is not None:
            lines += ["  " + part for part in self.excerpt.splitlines()]
        if self.advice is not None:
            lines.append("  " + _indented(self.advice))
        return "\n".join(lines)


class ParseError(IsocKgError):
    """A text does not follow its syntax."""


class EncodingError(ParseError):
    """Bytes that are not UTF-8, or control characters where text is expected."""


class LimitExceeded(IsocKgError):
    """Input larger, deeper or longer than the project's `[limits]` allow."""


class ProjectError(IsocKgError):
    """`kg.toml`, or a file that it names, is missing or wrong."""


class FactsError(IsocKgError):
    """A facts file uses a form that the project does not accept."""


class OutputError(IsocKgError):
    """The target cannot be written, or is not ours to replace."""


class ShapesError(IsocKgError):
    """Shapes have errors: what they validate would pass for conforming."""


class EngineError(IsocKgError):
    """An engine crashed, or ran into its limit of time or memory."""


class EndpointError(IsocKgError):
    """A triple store behind a protocol cannot be reached, refuses, fails, or answers what is no answer."""

    def __init__(
        self,
        message: str,
        *,
        status: int | None = None,
        again: bool = False,
        unsent: bool = False,
        excerpt: str | None = None,
        advice: str | None = None,
    ) -> None:
        super().__init__(message, excerpt=excerpt, advice=advice)
        self.status = status  #: of HTTP; None when there was no answer
        self.again = again  #: whether the same request may succeed later
        self.unsent = unsent  #: whether it is certain that the store never saw the request


class CannotCarry(IsocKgError):
    """The format has no way to write this term; the message names the triple."""


class ChecksFailed(IsocKgError):
    """A project does not conform, or its files do not fit together; nothing was done."""

    exit_code = 1


class UsageError(IsocKgError):
    """What was asked for makes no sense as it stands."""

    exit_code = 2


class UnknownName(UsageError):
    """No such thing; `suggestions` are the nearest names there are, best first."""

    def __init__(self, message: str, *, suggestions: Sequence[str] = (), advice: str | None = None) -> None:
        self.suggestions = tuple(suggestions)
        if advice is None and self.suggestions:
            advice = f"Did you mean {' or '.join(self.suggestions)}?"
        super().__init__(message, advice=advice)


class QueryError(UsageError):
    """A SPARQL text that cannot be run."""


class MissingParameter(QueryError):
    """A parameter of a named query has neither a value nor a default; `explanation` says what it is."""

    def __init__(self, query: str, parameter: str, explanation: str) -> None:
        self.parameter, self.explanation = parameter, explanation
        super().__init__(
            f"the query {query} needs a value for “{parameter}”.", advice=f"Give --param {parameter}=…: {explanation}."
        )


class UnknownParameter(QueryError):
    """A named query has no such parameter."""

    def __init__(self, query: str, parameter: str, parameters: Sequence[str]) -> None:
        self.parameter = parameter
        super().__init__(
            f"the query {query} has no parameter “{parameter}”.", advice=f"It has {', '.join(parameters) or 'none'}."
        )


@dataclass(frozen=True, slots=True)
class Finding:
    """One result of a check: where, what is wrong, what to do. Only errors make a check fail."""

    message: str
    severity: Literal["error", "warning"] = "error"
    file: Path | str | None = None
    line: int | None = None
    iri: str | None = None
    advice: str | None = None
    statement: tuple[str, str, str] | None = None  #: the terms (tokens) of the statement that breaks a declaration

    def render(self) -> str:
        """The finding as one message, its advice indented below it."""
        head = f"{self.severity}: {place(self.file, self.line)}{_indented(self.message)}"
        return head if self.advice is None else f"{head}\n  {_indented(self.advice)}"
