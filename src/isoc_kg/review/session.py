"""A session of review as a state machine: keys come in, what is to be done goes out; it knows no screen and no disk."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from ..proposals.proposal import ProposedClaim
from .desk import Waiting
from .line import TypedLine

__all__ = ["KEYS", "Ask", "Decide", "Session", "TakeBack"]

#: Key → what it does, as the help has it.
KEYS = {
    "a": "accept: the sentence says it",
    "i": "accept as implied: it follows from the sentence",
    "w": "accept, and answer the flags with a reason",
    "e": "edit the statement; it is judged again",
    "r": "refuse, with a reason",
    "s": "skip: decide later",
    "n": "next",
    "p": "previous",
    "u": "undo your last decision",
    "v": "show the statement as Turtle",
    "?": "this help",
    "q": "quit",
}
#: Keys that decide on what is shown, or begin to.
_DECIDING = frozenset("aiwer")
_NEXT, _PREVIOUS = frozenset(("n", "right")), frozenset(("p", "left"))


@dataclass(frozen=True, slots=True)
class Decide:
    """A decision to be written: to accept, or with a reason to refuse."""

    kind: str
    waiting: Waiting
    implied: bool | None = None
    edited: ProposedClaim | None = None
    reason: str = ""
    answer: str = ""  #: to all flags
    seen: frozenset[str] = frozenset()  #: the marks of the flags that were on the screen


@dataclass(frozen=True, slots=True)
class TakeBack:
    """The reviewer's last decision is to be taken back."""


@dataclass(frozen=True, slots=True)
class Ask:
    """The statement is to be edited outside."""

    waiting: Waiting


@dataclass(slots=True)
class Session:
    """The proposals of a session, the place in them, and what was decided.

    A proposal that is decided leaves at once; `failed` brings it back. One on which somebody else has decided stays on
    the screen until a key leads away from it. Keys decide on what was painted before they were pressed, and on nothing
    else: `painted` says what that is.
    """

    waiting: list[Waiting]
    at: str | None = None  #: the name of the proposal that is shown; None when none is left
    skipped: set[str] = field(default_factory=set)
    writing: dict[str, Decide] = field(default_factory=dict)  #: decisions that are not on the disk yet
    decided: dict[str, str] = field(default_factory=dict)  #: name → what was decided in this session, and written
    edited: dict[str, ProposedClaim] = field(default_factory=dict)
    message: str = ""
    mode: str = "deciding"  #: or `help`, or that of the line that is typed: `reason`, `answer`, `turtle`
    line: TypedLine = field(default_factory=TypedLine)
    turtle: bool = False  #: whether the statement is shown as Turtle
    scroll: int = 0
    ended: bool = False
    gone: Waiting | None = None  #: what is shown, where somebody else has decided on it
    taking_back: bool = False  #: whether a decision is being taken back
    shown: str | None = None  #: the name of what was painted last; empty for none, None before anything was
    marks: frozenset[str] = frozenset()  #: those of the flags that were painted with it
    _gone_place: int = 0
    _moved: bool = False  #: whether another proposal is shown without a key
    _dropping: bool = False  #: whether keys are left out until it is painted

    def __post_init__(self) -> None:
        self.at = self.at or self._first()

    # ------------------------------------------------------------------ what there is

    @property
    def current(self) -> Waiting | None:
        """What is shown."""
        if self.gone is not None and self.gone.proposal.id == self.at:
            return self.gone
        return next((one for one in self.waiting if one.proposal.id == self.at), None)

    @property
    def accepted(self) -> int:
        """How many were accepted."""
        return sum(kind == "accept" for kind in self.decided.values())

    @property
    def refused(self) -> int:
        """How many were refused."""
        return len(self.decided) - self.accepted

    @property
    def claim(self) -> ProposedClaim | None:
        """What the reviewer made of the proposal that is shown, if anything."""
        return self.edited.get(self.at or "")

    @property
    def typing(self) -> bool:
        """Whether keys are letters of a line."""
        return self.mode not in ("deciding", "help")

    def upcoming(self, number: int) -> list[Waiting]:
        """What is shown, and so many that follow."""
        start = self._place()
        return self.waiting[start : start + number + 1]

    # ------------------------------------------------------------------ keys

    def press(self, key: str) -> Decide | TakeBack | Ask | None:
        """What a key has done; it is one character, or a name such as `enter`."""
        if self._dropping:
            return None
        if self.typing:
            return self._type(key)
        self.message = ""
        if self.mode == "help":
            self.mode = "deciding"
            return None
        if key in ("up", "down", " "):
            self.scroll = max(0, self.scroll + {"up": -1, "down": 1, " ": 5}[key])
        elif key == "?":
            self.mode = "help"
        elif key == "q":
            self.ended = True
        elif key == "u":
            self.taking_back = True
            return TakeBack()
        elif key in _NEXT or key in _PREVIOUS:
            self._step(1 if key in _NEXT else -1)
        elif key not in KEYS:
            if not key.startswith("paste:"):  # a pasted text is no decision
                self.message = f"{key} is not a key here. ? shows those there are."
        elif self.current is None:
            self.message = "No proposal is left to decide on."
        elif key not in _DECIDING or self._is_meant(key):
            return self._decide(key, self.current)
        return None

    def painted(self, marks: frozenset[str] = frozenset()) -> None:
        """What is shown is on the screen, with flags that have these marks, and keys from now on are about it."""
        self.shown, self.marks, self._dropping = self.at or "", marks, False

    def _is_meant(self, key: str) -> bool:
        """Whether a key that decides was pressed in sight of what is shown; says so where it was not."""
        if self.taking_back:
            self.message = "A decision is being taken back. Press the key again when it is."
        elif self.gone is not None and self.gone is self.current:
            self.message = "Somebody else has decided on this. n shows the next."
        elif self.shown is not None and self.shown != (self.at or ""):
            self.message = f"{key} was pressed before this was shown, and is left out with the keys behind it."
            self._dropping = True
        elif self.shown is not None and self._moved:
            self.message = f"This came by itself while you were at another one. Press {key} again if you mean this."
            self._moved = False
            self._dropping = True
        else:
            return True
        return False

    def _decide(self, key: str, current: Waiting) -> Decide | Ask | None:
        if key in ("a", "i"):
            implied = True if key == "i" else None
            return self.leave(Decide("accept", current, implied, self.claim, seen=self.marks))
        if key == "e":
            return Ask(current)
        if key == "s":
            self.skipped.add(current.proposal.id)
            self._onward(self._place())
        elif key == "v":
            self.turtle = not self.turtle
        else:
            self.begin({"r": "reason", "w": "answer"}[key])
        return None

    def begin(self, mode: str, text: str = "") -> None:
        """Type a line: a reason, an answer, or the statement."""
        self.mode, self.line = mode, TypedLine(text, len(text))

    def _type(self, key: str) -> Decide | None:
        if key in ("escape", "interrupt"):
            self.mode, self.message = "deciding", "Nothing was changed."
            return None
        if key != "enter":
            self.line.press(key)
            return None
        mode, text, current = self.mode, self.line.text.strip(), self.current
        if current is None or current is self.gone:
            self.mode = "deciding"
            self.message = "Nothing was changed: somebody else has decided on this. n shows the next."
            return None
        if mode == "turtle":
            return Decide("edit", current, reason=text)  # which may come back, so the line stays
        self.mode = "deciding"
        if mode == "answer":
            if not text:
                self.message = "Nothing was changed: an answer needs a reason."
                return None
            return self.leave(Decide("accept", current, edited=self.claim, answer=text, seen=self.marks))
        if not text:
            self.begin(mode)
            self.message = "A refusal needs a reason; it is shown when this is proposed again. Escape leaves it."
            return None
        return self.leave(Decide("refuse", current, reason=text))

    # ------------------------------------------------------------------ moving

    def _place(self) -> int:
        if self.gone is not None and self.gone is self.current:
            return self._gone_place
        return next((place for place, one in enumerate(self.waiting) if one.proposal.id == self.at), 0)

    def _step(self, by: int) -> None:
        if self.current is None:  # from the end
            if self.waiting:
                self._show(self.waiting[-1] if by < 0 else self.waiting[0])
            return
        to = self._place() + by
        if self.gone is not None and self.gone is self.current and by > 0:
            to -= 1  # the next one has come into its place
        if 0 <= to < len(self.waiting):
            self._show(self.waiting[to])
        else:
            self.message = "This is the last one." if by > 0 else "This is the first one."

    def _first(self) -> str | None:
        return next((one.proposal.id for one in self.waiting if one.proposal.id not in self.skipped), None)

    def _onward(self, place: int) -> None:
        """Show the next proposal from a place on that was not skipped, else the first such one, else none."""
        later = (one for one in self.waiting[place:] if one.proposal.id not in self.skipped)
        following = next(later, None)
        if following:
            self._show(following)
        else:
            self.at, self.scroll, self.gone, self._moved = self._first(), 0, None, False

    def _show(self, waiting: Waiting) -> None:
        self.at, self.scroll, self.gone, self._moved = waiting.proposal.id, 0, None, False

    # ------------------------------------------------------------------ what became of it

    def leave(self, decision: Decide) -> Decide:
        """Take a proposal that is decided out of those that wait, and go on; `written` or `failed` follows."""
        place = self._place()
        self.writing[decision.waiting.proposal.id] = decision
        self.waiting = [one for one in self.waiting if one.proposal.id != decision.waiting.proposal.id]
        self.skipped.discard(decision.waiting.proposal.id)
        self._onward(place)
        return decision

    def written(self, name: str, message: str) -> None:
        """A decision is on the disk."""
        decision = self.writing.pop(name)
        self.decided[name] = decision.kind
        self.edited.pop(name, None)
        self.message = message

    def failed(self, name: str, message: str) -> None:
        """A decision was not written: its proposal is shown again, with the reason."""
        decision = self.writing.pop(name)
        self.waiting = [decision.waiting, *self.waiting]
        self.message = message
        if not self.typing:
            self._show(decision.waiting)
            self._moved = bool(self.shown) and self.shown != name

    def settled(self, name: str, message: str) -> None:
        """A decision was not written, since somebody else had decided."""
        self.writing.pop(name)
        self.edited.pop(name, None)
        self.message = message

    def taken_back(self, name: str, waiting: Sequence[Waiting]) -> None:
        """A decision does not stand any more: its proposal is shown again."""
        self.decided.pop(name, None)
        self.taking_back = False
        self.update(waiting, name)
        self.message = "Taken back."

    def update(self, waiting: Sequence[Waiting], show: str | None = None, fate: str | None = None) -> None:
        """Take over what waits now; `show` names the one to be shown, `fate` tells what became of the one that was."""
        names = {one.proposal.id for one in waiting}
        place, current = self._place(), self.current
        gone = self.at is not None and self.at not in names and self.at not in self.writing
        self.waiting = [one for one in waiting if one.proposal.id not in self.writing]
        self.skipped &= names
        if show in names:
            self.at, self.scroll, self.gone, self._moved = show, 0, None, False
        elif self.at in names:
            self.gone = None
        elif gone:
            if current is not self.gone:
                self.message = f"{fate or 'Another reviewer has decided on this.'} n shows the next."
            self.gone, self._gone_place = current, min(place, len(self.waiting))
        elif self.at is None and (first := self._first()):
            self.at, self._moved = first, True
