"""Review at the keyboard: a screen for each proposal, a key for each decision.

Keys are answered at once. Decisions are written, and proposals judged ahead, by a thread beside; what is not on the
disk yet is counted on the screen, and waited for at the end.
"""

import os
import select
import sys
import time
import warnings
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import click

from ..errors import IsocKgError
from ..proposals.acceptance import UnseenFlags
from ..proposals.proposal import Proposal, ProposedClaim
from .background import Background
from .desk import Desk
from .display import Display
from .keyboard import KeyReader
from .screen import screen
from .session import Ask, Decide, Session, TakeBack
from .view import ProposalView, claim_of_turtle, view_of

__all__ = ["review_in_terminal"]

_AHEAD = 12  #: proposals that are judged before they are shown
_LOOKS_EVERY = 2.0  #: seconds, for what others decide
_ESCAPE_SECONDS = 0.05  #: behind which the byte Escape is the key
_SWITCH_SECONDS = 0.0005  #: that the thread beside goes on when a key has come, a tenth of Python's own


def review_in_terminal(desk: Desk) -> Session:
    """Let the reviewer decide until all is decided or they leave; gives the session as it ended."""
    output = sys.__stdout__.fileno() if sys.__stdout__ else 1  # as it is, without what makes output visible
    return _Terminal(desk, Display(sys.stdin.fileno(), output, sys.stdout.encoding or "utf-8")).run()


class _Terminal:
    def __init__(self, desk: Desk, display: Display) -> None:
        self.desk = desk
        self.session = Session(desk.waiting())
        self._display = display
        self._keys = KeyReader()
        self._beside = Background()
        self._painted_marks: frozenset[str] = frozenset()  #: of the flags that are on the screen
        self._views: dict[tuple[str, ProposedClaim | None], ProposalView] = {}
        self._next_look = time.monotonic() + _LOOKS_EVERY
        self._marks = ("⟦", "⟧") if display.can_show("⟦⟧…") else ("[[", "]]")

    def run(self) -> Session:
        """Paint, read keys, do as they say."""
        with warnings.catch_warnings(), self._display.taken(self._beside.wake, self._stop):
            warnings.showwarning = self._warn
            before = sys.getswitchinterval()
            sys.setswitchinterval(_SWITCH_SECONDS)
            self._beside.start()
            try:
                self._prepare()
                self._loop()
            finally:
                if self.session.writing:
                    self._paint()
                self._beside.end()
                sys.setswitchinterval(before)
        return self.session

    def _stop(self) -> None:
        self.session.ended = True

    def _warn(self, message: Warning | str, *_: Any, **__: Any) -> None:
        """Show what would else be written over the screen."""
        self._beside.give(partial(self._say, str(message)))

    def _say(self, message: str) -> None:
        self.session.message = message

    def _loop(self) -> None:
        for finding in self.desk.findings()[:1]:
            self._say(str(finding.message) if finding.file is None else f"{Path(finding.file).name}: {finding.message}")
        self._show()
        while not self.session.ended:
            timeout = _ESCAPE_SECONDS if self._keys.pending else _LOOKS_EVERY
            ready, _, _ = select.select([self._display.keyboard, self._beside.awake], [], [], timeout)
            keys: list[str] = []
            if self._display.keyboard in ready:
                data = os.read(self._display.keyboard, 4096)
                if not data:
                    return  # the terminal is gone
                keys = self._keys.keys(data)
            elif not ready:
                keys = self._keys.flush()
            if time.monotonic() >= self._next_look:
                self._next_look = time.monotonic() + _LOOKS_EVERY
                self._look_again()
            if self._beside.awake in ready:
                os.read(self._beside.awake, 4096)
            self._beside.take_results()
            self._press(keys)
            self._prepare()
            self._show()

    def _press(self, keys: Iterable[str]) -> None:
        for key in keys:
            if key == "interrupt" and not self.session.typing:
                self.session.ended = True
            elif todo := self.session.press(key):
                self._do(todo)

    def _show(self) -> None:
        """Paint; where another proposal comes on the screen, keys that were pressed before it did decide nothing."""
        self._paint()
        while not self.session.ended and self.session.shown != (self.session.at or ""):
            at = self.session.at
            if select.select([self._display.keyboard], [], [], 0)[0]:
                self._press(self._keys.keys(os.read(self._display.keyboard, 4096)))
                self._paint()
            if self.session.at == at:
                break
        self.session.painted(self._painted_marks)

    # ------------------------------------------------------------------ what keys ask for

    def _do(self, todo: Decide | TakeBack | Ask) -> None:
        if isinstance(todo, TakeBack):
            self.session.message = "Taking back …"
            self._beside.add(self._take_back)
        elif isinstance(todo, Ask):
            self._edit(todo)
        elif todo.kind == "edit":
            self._read_edited(todo.waiting.proposal.id, todo.reason)
        elif refusal := self._refusal(todo):
            self.session.failed(todo.waiting.proposal.id, f"Not written: this cannot be accepted: {refusal}")
        else:
            self._beside.add(partial(self._decide, todo))

    def _refusal(self, decision: Decide) -> str | None:
        """Why something cannot be accepted, where that is on the screen already."""
        proposal, claim = decision.waiting.proposal, decision.edited or decision.waiting.proposal.claim
        as_shown = decision.kind == "accept" and decision.implied in (None, claim.implied)
        if not as_shown or not self.desk.is_judged(proposal, decision.edited):
            return None
        assessment = self.desk.last_assessment(proposal, decision.edited)
        return assessment.refusal.message if assessment and assessment.refusal else None

    def _edit(self, ask: Ask) -> None:
        view = self._view(ask.waiting.proposal)
        editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
        if not editor:
            self.session.begin("turtle", " ".join(view.turtle.split("\n")))
            return
        comment = f"# {view.unit}: {' '.join((view.text or '').split())[:1000]}\n"
        with self._display.given_back():
            try:
                text = click.edit(comment + view.turtle + "\n", editor=editor, extension=".ttl", require_save=False)
            except click.ClickException as error:
                self.session.message = f"{error.message}."
                return
        if text is not None and text != comment + view.turtle + "\n":
            self._read_edited(ask.waiting.proposal.id, text)

    def _read_edited(self, name: str, turtle: str) -> None:
        """Take what was edited for the claim, where it is one; else say why not, and let it be typed on."""
        try:
            with self.desk.alone() as judge:
                claim = claim_of_turtle(judge, turtle)
        except IsocKgError as error:
            self.session.begin("turtle", " ".join(turtle.split("\n")) if "\n" in turtle else turtle)
            self.session.message = f"{error.message} {error.advice or ''}".strip()
            return
        self.session.mode = "deciding"
        self.session.edited[name] = claim
        self.session.message = "Edited: judged as it is now. a accepts it."

    # ------------------------------------------------------------------ the thread beside

    def _decide(self, decision: Decide) -> Callable[[], None]:
        name = decision.waiting.proposal.id
        try:
            if decision.kind == "accept":
                flags = self.desk.assessment(decision.waiting.proposal, decision.edited).flags
                answers = {flag.name: decision.answer for flag in flags} if decision.answer else None
                accepted = self.desk.accept(
                    decision.waiting,
                    implied=decision.implied,
                    edited=decision.edited,
                    answers=answers,
                    seen=decision.seen,
                )
                file, line = accepted.written[-1]
                message = f"Accepted, in {file.name}: {line}"
            else:
                self.desk.refuse(decision.waiting, decision.reason)
                message = "Refused."
        except UnseenFlags as error:
            return partial(self._unseen, decision, f"Not written: {_text_of(error)}")
        except (IsocKgError, OSError) as error:
            return self._not_written(name, _text_of(error))
        return lambda: self.session.written(name, message)

    def _unseen(self, decision: Decide, text: str) -> None:
        """Bring a proposal back, read as it was to be accepted, so that its flags are those of that reading."""
        proposal = decision.waiting.proposal
        if decision.implied is not None:
            claim = replace(decision.edited or proposal.claim, implied=decision.implied)
            self.session.edited[proposal.id] = claim
        self.session.failed(proposal.id, text)

    def _not_written(self, name: str, text: str) -> Callable[[], None]:
        """Bring a proposal back whose decision was not written, unless somebody else has decided on it."""
        try:
            waiting = self.desk.waiting()
            if all(one.proposal.id != name for one in waiting):
                fate = self.desk.fate(name)

                def settled() -> None:
                    self.session.settled(name, f"Not written: {fate}")
                    self.session.update(waiting)

                return settled
        except (IsocKgError, OSError):
            pass
        return lambda: self.session.failed(name, f"Not written: {text}")

    def _take_back(self) -> Callable[[], None]:
        try:
            decision = self.desk.undo()
            waiting = self.desk.waiting()
        except (IsocKgError, OSError) as error:
            text = _text_of(error)
            return partial(self._not_taken_back, text)
        return lambda: self.session.taken_back(decision.proposal, waiting)

    def _not_taken_back(self, message: str) -> None:
        self.session.taking_back = False
        self._say(message)

    def _look_again(self) -> None:
        """See what others have decided, unless there is other work."""
        if not self._beside.busy and not self.session.writing:

            def look() -> Callable[[], None]:
                at = self.session.at or ""
                try:
                    waiting = self.desk.waiting()
                    fate = None if any(one.proposal.id == at for one in waiting) else self.desk.fate(at)
                except (IsocKgError, OSError) as error:
                    text = _text_of(error)
                    return partial(self._say, text)
                return lambda: self.session.update(waiting, fate=fate)

            self._beside.add(look, needed=False)

    def _prepare(self) -> None:
        """Have what is shown, and what follows, judged."""
        if self._beside.busy:
            return
        wanted = [(one.proposal, self.session.edited.get(one.proposal.id)) for one in self.session.upcoming(_AHEAD)]
        unknown = [one for one in wanted if self.desk.last_assessment(*one) is None]
        for proposal, claim in unknown[:1] or [one for one in wanted if not self.desk.is_judged(*one)][:1]:
            self._beside.add(partial(self._judge, proposal, claim), needed=False)

    def _judge(self, proposal: Proposal, claim: ProposedClaim | None) -> Callable[[], None]:
        with suppress(IsocKgError, OSError):
            self.desk.assessment(proposal, claim)
        return lambda: None

    # ------------------------------------------------------------------ the screen

    def _view(self, proposal: Proposal) -> ProposalView:
        key = (proposal.id, self.session.edited.get(proposal.id))
        if key not in self._views:
            if len(self._views) > 200:
                self._views.clear()
            self._views[key] = view_of(self.desk.judge, proposal, key[1])
        return self._views[key]

    def _paint(self) -> None:
        current = self.session.current
        view = self._view(current.proposal) if current else None
        assessment = self.desk.last_assessment(current.proposal, self.session.claim) if current else None
        self._painted_marks = assessment.marks if assessment else frozenset()
        self._display.paint(
            screen(
                self.session,
                view,
                assessment,
                reviewer=self.desk.reviewer,
                size=self._display.size,
                marks=self._marks,
            )
        )


def _text_of(error: Exception) -> str:
    if isinstance(error, IsocKgError):
        return f"{error.message} {error.advice or ''}".strip()
    return str(error)
