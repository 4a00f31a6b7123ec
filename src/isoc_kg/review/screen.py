"""The screen of a review as lines for a terminal: pure, and nothing in a proposal is obeyed there."""

import unicodedata
from collections.abc import Iterable, Sequence

from ..errors import counted, visible
from ..proposals.assessment import Assessment
from .session import KEYS, Session
from .view import ProposalView

__all__ = ["screen"]

#: A run of text, and how it looks: the parameters of SGR (ECMA-48, 8.3.117).
_Run = tuple[str, str]
_PLAIN, _BOLD, _DIM, _MARK, _WARN = "", "1", "2", "1;4", "1;33"
#: So many characters of a sentence are laid out, around the words that matter.
_MOST = 6_000
_NEIGHBOUR_LINES = 2
_PROMPTS = {"reason": "Reason to refuse", "answer": "Answer to the flags", "turtle": "Statement"}


def screen(
    session: Session,
    view: ProposalView | None,
    assessment: Assessment | None,
    *,
    reviewer: str,
    size: tuple[int, int],
    marks: tuple[str, str] = ("⟦", "⟧"),
) -> list[str]:
    """The lines, at most as many as the terminal has, each at most as wide; `size` is columns and lines.

    `marks` enclose the words that matter, so that they can be told without colours. `assessment` is None while it is
    being made.
    """
    width, height = max(20, size[0]), max(6, size[1])
    head = [_fitted(_head(session, reviewer), width), ""]
    foot = _foot(session, width)
    if session.mode == "help":
        body = [_fitted([(f"  {key}", _BOLD), (f"  {text}", _PLAIN)], width) for key, text in KEYS.items()]
        body += ["", *_laid([("Arrow keys and the space bar scroll. Escape ends typing.", _DIM)], width)]
    elif view is None:
        body = _end(session, width)
    else:
        body = _body(session, view, assessment, width, marks)
    room = height - len(head) - len(foot)
    last = max(0, len(body) - room)
    session.scroll = min(session.scroll, last)
    shown = body[session.scroll : session.scroll + room]
    if len(body) > room and shown:
        rest = last - session.scroll
        note = f"… {counted(rest, 'more line')} below (space)" if rest else "… (↑ goes back)"
        shown[-1] = _fitted([(note, _DIM)], width) if rest or session.scroll else shown[-1]
    return [*head, *shown, *[""] * (room - len(shown)), *foot]


def _head(session: Session, reviewer: str) -> list[_Run]:
    left = counted(len(session.waiting), "proposal") + " left"
    done = f"{session.accepted:,} accepted, {session.refused:,} refused"
    if session.skipped:
        done += f", {len(session.skipped):,} skipped"
    runs = [(left, _BOLD), (f" · {done} · reviewer: {_plain(reviewer)}", _DIM)]
    if session.writing:
        runs.append((f" · {len(session.writing)} being written", _WARN))
    return runs


def _foot(session: Session, width: int) -> list[str]:
    if session.typing:
        title = _PROMPTS[session.mode]
        hint = _fitted([(f"{title}: Enter records it, Escape leaves all as it is.", _DIM)], width)
        message = _laid([(_plain(session.message), _WARN)], width)[:4] if session.message else []
        return ["", *message, hint, _typed(session.line.text, session.line.cursor, width)]
    keys = "a accept · i implied · e edit · r refuse · s skip · u undo · n/p · ? help · q quit"
    message = _laid([(_plain(session.message), _BOLD)], width)[:4] if session.message else [""]
    return ["", *message, _fitted([(keys, _DIM)], width)]


def _typed(text: str, cursor: int, width: int) -> str:
    """The line that is typed, as much of it as there is room for, the cursor's place inverted."""
    start = max(0, min(cursor - (width - 6) // 2, len(text) - (width - 6)))
    before, at, after = text[start:cursor], text[cursor : cursor + 1] or " ", text[cursor + 1 :]
    return _fitted([("> ", _BOLD), (_plain(before), _PLAIN), (_plain(at), "7"), (_plain(after), _PLAIN)], width)


def _end(session: Session, width: int) -> list[str]:
    text = "No proposal is left." if not session.waiting else f"{counted(len(session.waiting), 'proposal')} skipped."
    return _laid([(text, _BOLD), (" p goes back, u takes back your last decision, q quits.", _PLAIN)], width)


def _body(
    session: Session, view: ProposalView, assessment: Assessment | None, width: int, marks: tuple[str, str]
) -> list[str]:
    lines = [_fitted([(_plain(view.unit), _BOLD), (f"  {_plain(view.document)}", _DIM)], width), ""]
    if view.text is None:
        lines += _laid([("The text of the document is not at hand.", _WARN)], width)
    else:
        lines += _neighbour(view.before, width, last=True)
        lines += _laid(_marked(view.text, view.marks, marks), width)
        for head, cell in view.columns:
            lines += _laid([(f"  {_plain(head) or '–'}: ", _DIM), (_plain(cell), _PLAIN)], width, "    ")
        lines += _neighbour(view.after, width, last=False)
    lines.append("")
    support = "follows from the sentence (implied)" if view.implied else "is said by the sentence (supported)"
    current = session.current
    edited = " (edited)" if session.claim else ""
    lines += _laid([("Claim    ", _DIM), (_plain(view.statement), _BOLD), (edited, _WARN)], width, "         ")
    lines += _laid([("         ", _DIM), (support, _PLAIN)], width, "         ")
    for thing in view.introduces:
        lines += _laid([("New      ", _DIM), (_plain(thing), _PLAIN)], width, "         ")
    if session.turtle:
        for line in view.turtle.splitlines():
            lines += _laid([("Turtle   ", _DIM), (_plain(line), _PLAIN)], width, "         ")
    if view.note:
        lines += _laid([("Note     ", _DIM), (_plain(view.note), _PLAIN)], width, "         ")
    lines += _laid([("From     ", _DIM), (_plain(view.origin), _DIM)], width, "         ")
    if current and current.standing:
        for one in current.standing.decisions:
            verdict = {"accept": "accepted it", "refuse": "refused it"}.get(one.kind, one.kind)
            reason = f": {one.reason}" if one.reason else ""
            text = _plain(f"{one.reviewer} {verdict}{reason}")
            lines += _laid([("Contested ", _WARN), (text, _PLAIN)], width, "          ")
        lines += _laid([("          Your decision settles it.", _PLAIN)], width, "          ")
    lines.append("")
    return lines + _judgement(assessment, width)


def _judgement(assessment: Assessment | None, width: int) -> list[str]:
    """What the judge says, and which questions could not be asked."""
    lines: list[str] = []
    if assessment is None:
        lines += _laid([("Being judged …", _DIM)], width)
    elif assessment.refusal:
        text = f"Cannot be accepted: {assessment.refusal.message}"
        lines += _laid([(_plain(text), _WARN)], width)
        if assessment.refusal.advice:
            lines += _laid([(f"  {_plain(assessment.refusal.advice)}", _PLAIN)], width, "  ")
    else:
        for flag in assessment.flags:
            lines += _laid([(f"Flag {_plain(flag.name)}: ", _WARN), (_plain(flag.message), _PLAIN)], width, "  ")
            if flag.advice:
                lines += _laid([(f"  {_plain(flag.advice)}", _DIM)], width, "  ")
        if not assessment.flags:
            lines += _laid([("Nothing was flagged.", _DIM)], width)
        for names, why in assessment.not_asked:
            lines += _laid([(_plain(f"Not asked: {names}: {why}."), _DIM)], width, "  ")
    return lines


def _neighbour(text: str | None, width: int, *, last: bool) -> list[str]:
    """A neighbouring sentence, its nearer end where it is long."""
    if not text:
        return []
    lines = _laid([(_plain(text[-_MOST:] if last else text[:_MOST]), _DIM)], width)
    return lines[-_NEIGHBOUR_LINES:] if last else lines[:_NEIGHBOUR_LINES]


def _marked(text: str, ranges: Sequence[tuple[int, int]], marks: tuple[str, str]) -> list[_Run]:
    """A sentence with the words that matter between marks."""
    first = max(0, ranges[0][0] - _MOST // 4) if ranges and len(text) > _MOST else 0
    runs: list[_Run] = [("…", _DIM)] if first else []
    at, end = first, min(len(text), first + _MOST)
    for start, stop in ranges:
        if at <= start < stop <= end:
            runs += [(_plain(text[at:start]), _PLAIN), (f"{marks[0]}{_plain(text[start:stop])}{marks[1]}", _MARK)]
            at = stop
    runs.append((_plain(text[at:end]), _PLAIN))
    return [*runs, ("…", _DIM)] if end < len(text) else runs


def _plain(text: str) -> str:
    """A text on one line, in which nothing moves the cursor; what a document breaks over lines is joined."""
    return visible(text.replace("\n", " ").replace("\t", " "), line=True)


# ---------------------------------------------------------------------- layout


def _cells(character: str) -> int:
    """How many columns a character takes (https://www.unicode.org/reports/tr11/)."""
    if character.isascii():
        return 1
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _laid(runs: Iterable[_Run], width: int, indent: str = "") -> list[str]:
    """Runs of text as lines that are broken at spaces, where they can be; further lines begin with the indent."""
    cells = [(character, style, _cells(character)) for text, style in runs for character in text]
    lines: list[str] = []
    start = 0
    while start < len(cells):
        room = width - (len(indent) if lines else 0)
        used, at, space = 0, start, -1
        while at < len(cells) and used + cells[at][2] <= room:
            used += cells[at][2]
            if cells[at][0] == " ":
                space = at
            at += 1
        if at < len(cells) and cells[at][0] != " " and space > start:
            at = space
        at = max(at, start + 1)
        line = _painted([(character, style) for character, style, _ in cells[start:at]])
        lines.append((indent if lines else "") + line)
        start = at + (at < len(cells) and cells[at][0] == " ")
    return lines or [""]


def _fitted(runs: Iterable[_Run], width: int) -> str:
    """Runs of text as one line, cut where it is too long."""
    kept: list[_Run] = []
    used = 0
    for text, style in runs:
        for character in text:
            used += _cells(character)
            if used > width - 1:
                return _painted([*kept, ("…", _PLAIN)])
            kept.append((character, style))
    return _painted(kept)


def _painted(cells: Sequence[_Run]) -> str:
    out, last = [], _PLAIN
    for character, style in cells:
        if style != last:
            out.append("\x1b[0m" + (f"\x1b[{style}m" if style else ""))
            last = style
        out.append(character)
    return "".join(out) + ("\x1b[0m" if last else "")
