"""Review at the keyboard: a screen for each proposal, a key for each decision.

Keys are answered at once. Decisions are written, and proposals judged ahead, by a thread beside; what is not on the
disk yet is counted on the screen, and waited for at the end.
"""

import os
import select
import signal
import sys
import termios
import threading
import tty
import warnings
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

import click

from ..errors import IsocKgError
from ..proposals.judge import Assessment
from ..proposals.proposal import Proposal, ProposedClaim
from .desk import Desk
from .keyboard import KeyReader
from .screen import screen
from .session import Ask, Decide, Session, TakeBack
from .view import ProposalView, claim_of_turtle, view_of

__all__ = ["review_in_terminal"]

_AHEAD = 12  #: proposals that are judged before they are shown
_LOOKS_EVERY = 2.0  #: seconds, for what others decide
_ESCAPE_SECONDS = 0.05  #: behind which the byte Escape is the key
#: What is to be done beside; it gives what the main thread does with the result.
_Job = Callable[[], Callable[[], None]]
_ENTER = "\x1b[?1049h\x1b[?2004h\x1b[?25l"  #: another screen, pasted texts marked, no cursor (xterm's control sequences)
_LEAVE = "\x1b[?25h\x1b[?2004l\x1b[?1049l"


def review_in_terminal(desk: Desk) -> Session:
    """Let the reviewer decide until all is decided or they leave; gives the session as it ended."""
    return _Terminal(desk, sys.stdin.fileno(), sys.__stdout__.fileno() if sys.__stdout__ else 1).run()


class _Terminal:
    def __init__(self, desk: Desk, keyboard: int, display: int) -> None:
        self.desk = desk
        self.session = Session(desk.waiting())
        self._in, self._out = keyboard, display
        self._keys = KeyReader()
        self._views: dict[tuple[str, ProposedClaim | None], ProposalView] = {}
        self._jobs: deque[tuple[_Job, bool]] = deque()  #: each with whether it is waited for at the end
        self._results: deque[Callable[[], None]] = deque()
        self._more = threading.Condition()
        self._wake, self._woken = os.pipe()
        os.set_blocking(self._woken, False)
        self._ending = False
        self._painted: list[str] = []
        encoding = sys.stdout.encoding or "utf-8"
        self._encoding = encoding
        try:
            "⟦⟧".encode(encoding)
            self._marks = ("⟦", "⟧")
        except UnicodeEncodeError:
            self._marks = ("[[", "]]")

    def run(self) -> Session:
        """Paint, read keys, do as they say."""
        worker = threading.Thread(target=self._work, name="desk")
        with warnings.catch_warnings(), self._raw():
            warnings.showwarning = self._warn
            self._prepare()
            worker.start()
            try:
                self._loop()
            finally:
                if self.session.writing:
                    self._paint()
                with self._more:
                    self._ending = True
                    self._more.notify()
                worker.join()
                self._take_results()
        return self.session

    def _warn(self, message: Warning | str, *_: object) -> None:
        """Show what would else be written over the screen."""
        self._results.append(lambda: setattr(self.session, "message", str(message)))
        with suppress(BlockingIOError):
            os.write(self._woken, b"x")

    def _loop(self) -> None:
        self._paint()
        while not self.session.ended:
            timeout = _ESCAPE_SECONDS if self._keys.pending else _LOOKS_EVERY
            ready, _, _ = select.select([self._in, self._wake], [], [], timeout)
            keys: list[str] = []
            if self._in in ready:
                data = os.read(self._in, 4096)
                if not data:
                    return  # the terminal is gone
                keys = self._keys.keys(data)
            elif not ready:
                keys = self._keys.flush()
                self._look_again()
            if self._wake in ready:
                os.read(self._wake, 4096)
            self._take_results()
            for key in keys:
                if key == "interrupt" and not self.session.typing:
                    self.session.ended = True
                elif todo := self.session.press(key):
                    self._do(todo)
            self._prepare()
            self._paint()

    # ------------------------------------------------------------------ what keys ask for

    def _do(self, todo: Decide | TakeBack | Ask) -> None:
        if isinstance(todo, TakeBack):
            self.session.message = "Taking back …"
            self._later(self._take_back)
        elif isinstance(todo, Ask):
            self._edit(todo)
        elif todo.kind == "edit":
            self._read_edited(todo.waiting.proposal.id, todo.reason)
        elif refusal := self._refusal(todo):
            self.session.failed(todo.waiting.proposal.id, f"Not written: this cannot be accepted: {refusal}")
        else:
            self._later(partial(self._decide, todo))

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
        with self._cooked():
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

    def _later(self, job: _Job, *, needed: bool = True) -> None:
        with self._more:
            self._jobs.append((job, needed))
            self._more.notify()

    def _work(self) -> None:
        while True:
            with self._more:
                while not self._jobs and not self._ending:
                    self._more.wait()
                if not self._jobs:
                    return
                job, needed = self._jobs.popleft()
            if needed or not self._ending:
                self._results.append(job())
                with suppress(BlockingIOError):
                    os.write(self._woken, b"x")

    def _take_results(self) -> None:
        while self._results:
            self._results.popleft()()

    def _decide(self, decision: Decide) -> Callable[[], None]:
        name = decision.waiting.proposal.id
        try:
            if decision.kind == "accept":
                flags = self.desk.assessment(decision.waiting.proposal, decision.edited).flags
                answers = {flag.name: decision.answer for flag in flags} if decision.answer else None
                accepted = self.desk.accept(
                    decision.waiting, implied=decision.implied, edited=decision.edited, answers=answers
                )
                file, line = accepted.written[-1]
                message = f"Accepted, in {file.name}: {line}"
            else:
                self.desk.refuse(decision.waiting, decision.reason)
                message = "Refused."
        except (IsocKgError, OSError) as error:
            text = _text_of(error)
            return lambda: self.session.failed(name, f"Not written: {text}")
        return lambda: self.session.written(name, message)

    def _take_back(self) -> Callable[[], None]:
        try:
            decision = self.desk.undo()
            waiting = self.desk.waiting()
        except (IsocKgError, OSError) as error:
            text = _text_of(error)
            return lambda: setattr(self.session, "message", text)
        return lambda: self.session.taken_back(decision.proposal, waiting)

    def _look_again(self) -> None:
        """See what others have decided, unless there is other work."""
        if not self._jobs and not self.session.writing:

            def look() -> Callable[[], None]:
                try:
                    waiting = self.desk.waiting()
                except (IsocKgError, OSError) as error:
                    text = _text_of(error)
                    return lambda: setattr(self.session, "message", text)
                return lambda: self.session.update(waiting)

            self._later(look, needed=False)

    def _prepare(self) -> None:
        """Have what is shown, and what follows, judged."""
        if self._jobs:
            return
        wanted = [(one.proposal, self.session.edited.get(one.proposal.id)) for one in self.session.upcoming(_AHEAD)]
        unknown = [one for one in wanted if self.desk.last_assessment(*one) is None]
        for proposal, claim in unknown[:1] or [one for one in wanted if not self.desk.is_judged(*one)][:1]:
            self._later(partial(self._judge, proposal, claim), needed=False)

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
        """Write the lines that are not on the screen already."""
        current = self.session.current
        view = self._view(current.proposal) if current else None
        assessment: Assessment | None = None
        if current:
            assessment = self.desk.last_assessment(current.proposal, self.session.claim)
        size = os.get_terminal_size(self._out)
        lines = screen(
            self.session, view, assessment, reviewer=self.desk.reviewer,
            size=(size.columns, size.lines), marks=self._marks,
        )  # fmt: skip
        before = self._painted if len(self._painted) == len(lines) else []
        out = "" if before else "\x1b[2J"
        for number, line in enumerate(lines):
            if not before or before[number] != line:
                out += f"\x1b[{number + 1};1H{line}\x1b[K"
        self._write(out)
        self._painted = lines

    def _write(self, text: str) -> None:
        data = text.encode(self._encoding, "replace")
        while data:
            data = data[os.write(self._out, data) :]

    @contextmanager
    def _raw(self) -> Iterator[None]:
        """The terminal in its other screen, sending each key; as it was when the block ends, however it ends."""
        settings = termios.tcgetattr(self._in)

        def begin(*_: Any) -> None:
            tty.setcbreak(self._in)
            mode = termios.tcgetattr(self._in)
            mode[3] &= ~termios.ISIG  # Control-C is a key, so that nothing stops while a decision is written
            termios.tcsetattr(self._in, termios.TCSANOW, mode)
            self._write(_ENTER)
            self._painted = []

        def end() -> None:
            self._write(_LEAVE)
            termios.tcsetattr(self._in, termios.TCSANOW, settings)

        self._begin, self._end = begin, end
        handlers = {number: signal.getsignal(number) for number in (signal.SIGWINCH, signal.SIGCONT, signal.SIGTERM)}
        signal.signal(signal.SIGWINCH, lambda *_: self._painted.clear())
        signal.signal(signal.SIGCONT, begin)
        signal.signal(signal.SIGTERM, lambda *_: setattr(self.session, "ended", True))
        wakeup = signal.set_wakeup_fd(self._woken, warn_on_full_buffer=False)
        begin()
        try:
            yield
        finally:
            signal.set_wakeup_fd(wakeup)
            for number, handler in handlers.items():
                signal.signal(number, handler)
            end()

    @contextmanager
    def _cooked(self) -> Iterator[None]:
        """The terminal as it was, for another program."""
        self._end()
        try:
            yield
        finally:
            self._begin()


def _text_of(error: Exception) -> str:
    if isinstance(error, IsocKgError):
        return f"{error.message} {error.advice or ''}".strip()
    return str(error)
