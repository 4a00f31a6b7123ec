"""The state machine of a session, the keys of a terminal, the lines of a screen: without any of the three."""

import pytest

from isoc_kg.proposals.assessment import Assessment, Flagged
from isoc_kg.proposals.proposal import Proposal, ProposedClaim
from isoc_kg.review.desk import Waiting
from isoc_kg.review.keyboard import KeyReader
from isoc_kg.review.line import TypedLine
from isoc_kg.review.screen import screen
from isoc_kg.review.session import KEYS, Ask, Decide, Session, TakeBack
from isoc_kg.review.view import ProposalView


def waiting(number: int) -> Waiting:
    claim = ProposedClaim(b"<x:s> <x:p> <x:o%d> .\n" % number, f"x:d#1.{number}")
    return Waiting(Proposal(claim, "test", "2026-01-01T00:00:00Z"))


def session(number: int = 3) -> tuple[Session, list[str]]:
    all_ = [waiting(one) for one in range(1, number + 1)]
    return Session(all_), [one.proposal.id for one in all_]


def typed(one: Session, *keys: str) -> object:
    result: object = None
    for key in keys:
        result = one.press(key)
    return result


def test_decisions_leave_at_once_and_failures_come_back() -> None:
    """What is decided is not shown again; what could not be written is, with the reason."""
    one, names = session()
    decision = one.press("a")
    assert isinstance(decision, Decide)
    assert (decision.kind, decision.implied, one.at, len(one.waiting)) == ("accept", None, names[1], 2)
    assert list(one.writing) == [names[0]]
    one.failed(names[0], "no room")
    assert (one.at, one.message, one.accepted) == (names[0], "no room", 0)
    implied = one.press("i")
    assert isinstance(implied, Decide)
    assert implied.implied is True
    one.written(names[0], "Accepted")
    assert (one.accepted, one.refused, one.at) == (1, 0, names[1])


def test_a_reason_is_typed() -> None:
    """Letters of a reason are no keys; Escape leaves all as it is."""
    one, names = session()
    assert typed(one, "r", "q", "a", "escape") is None
    assert (one.mode, one.at, one.ended) == ("deciding", names[0], False)
    refusal = typed(one, "r", *"wrong year", "enter")
    assert isinstance(refusal, Decide)
    assert (refusal.kind, refusal.reason) == ("refuse", "wrong year")
    assert typed(one, "w", "enter") is None
    assert "needs a reason" in one.message
    place = one.at
    assert typed(one, "r", " ", "enter") is None
    assert (one.mode, one.at) == ("reason", place)
    assert "needs a reason" in one.message
    assert typed(one, "escape") is None
    answer = typed(one, "w", *"passive", "enter")
    assert isinstance(answer, Decide)
    assert (answer.kind, answer.answer) == ("accept", "passive")


def test_moving_and_skipping() -> None:
    """Skipped ones come no more by themselves; p leads back to them; none is lost."""
    one, names = session()
    typed(one, "s")
    assert one.at == names[1]
    typed(one, "n", "n")
    assert (one.at, one.message) == (names[2], "This is the last one.")
    typed(one, "s")
    assert one.at == names[1]
    typed(one, "s")
    assert (one.at, one.current) == (None, None)
    assert one.press("a") is None
    typed(one, "p")
    assert one.at == names[2]
    typed(one, "a")
    one.written(names[2], "")
    assert {other.proposal.id for other in one.waiting} == set(names[:2])
    assert isinstance(one.press("u"), TakeBack)
    one.taken_back(names[2], [waiting(number) for number in (1, 2, 3)])
    assert (one.at, one.accepted) == (names[2], 0)
    assert isinstance(one.press("e"), Ask)


def test_what_others_decide() -> None:
    """What another reviewer has decided goes away; what is being written does not come back."""
    one, names = session()
    one.press("a")
    one.update([waiting(1), waiting(3)])  # as it was before the acceptance was written
    assert [other.proposal.id for other in one.waiting] == [names[2]]
    assert (one.at, one.current.proposal.id) == (names[1], names[1])  # type: ignore[union-attr]  # stays in sight
    assert "Another reviewer" in one.message
    for key in ("a", "i", "w", "r", "e"):
        assert one.press(key) is None
        assert "Somebody else" in one.message
    one.press("n")
    assert (one.at, one.message) == (names[2], "")
    one.press("p")
    assert one.at == names[2]


def test_what_another_decides_while_a_reason_is_typed() -> None:
    """The letters go on being letters, and the reason is for nobody."""
    one, names = session()
    typed(one, "r", "n", "o")
    one.update([waiting(2), waiting(3)], fate="Ben has accepted this already.")
    assert typed(one, "q", "u", "enter") is None
    assert (one.at, one.mode, one.ended) == (names[0], "deciding", False)
    one.press("n")
    assert one.at == names[1]


def test_keys_before_the_screen_decide_nothing() -> None:
    """A key that decides counts for what was painted before it, and takes the flags that were painted along."""
    one, names = session()
    one.painted(frozenset(("direction:1",)))
    decision = one.press("a")
    assert isinstance(decision, Decide)
    assert decision.seen == {"direction:1"}
    assert typed(one, "r", "q", "u", "a") is None  # typed ahead: the reason's letters are no keys either
    assert (one.at, one.mode, one.ended, one.taking_back) == (names[1], "deciding", False, False)
    assert "pressed before this was shown" in one.message
    one.painted()
    assert isinstance(one.press("a"), Decide)
    typed(one, "n", "p", "q")  # these decide nothing
    assert one.ended


def test_what_comes_by_itself_is_asked_for_again() -> None:
    """A proposal that comes back, or comes anew, is not decided on by a key that was meant for another one."""
    one, names = session()
    one.painted()
    one.press("a")
    one.painted()
    one.failed(names[0], "Not written: no room")
    one.painted()
    assert one.press("a") is None
    assert "Press a again" in one.message
    one.painted()
    assert isinstance(one.press("a"), Decide)
    one, names = session(1)
    one.painted()
    one.press("s")
    one.painted()
    one.skipped.clear()
    one.update([waiting(1), waiting(2)])
    one.painted()
    assert (one.at, one.press("r"), one.mode) == (names[0], None, "deciding")


def test_nothing_is_decided_while_a_decision_is_taken_back() -> None:
    """What is taken back comes on the screen by itself: keys wait for it."""
    one, names = session()
    one.press("a")
    one.written(names[0], "")
    assert isinstance(one.press("u"), TakeBack)
    assert one.press("a") is None
    one.taken_back(names[0], [waiting(number) for number in (1, 2, 3)])
    assert one.at == names[0]
    assert one.press("r") is None
    assert one.mode == "reason"


def test_every_key_has_a_meaning() -> None:
    """Each key of the help does something, and no other key, nor a pasted text, decides."""
    for key in KEYS:
        one, _ = session()
        one.press(key)
        assert "is not a key" not in one.message
    one, names = session()
    for key in ("A", "x", "1", "paste:aaaa", "enter", "backspace"):
        assert one.press(key) is None
        assert one.at == names[0]


@pytest.mark.parametrize(
    ("data", "keys"),
    [
        (b"ab", ["a", "b"]),
        ("é水".encode(), ["é", "水"]),
        (b"\x1b[A\x1bOB\x1b[C\x1b[3~\x7f\r", ["up", "down", "right", "delete", "backspace", "enter"]),
        (b"\x1b[200~a\x1b[A\nq\x1b[201~r", ["paste:a\x1b[A\nq", "r"]),
        (b"\x1b[15;2~\x1b[M", []),
        (b"\xff\xfe\x00a", ["a"]),
        (b"\x03\x04\x15", ["interrupt", "interrupt", "clear"]),
    ],
)
def test_keys(data: bytes, keys: list[str]) -> None:
    """Bytes in any pieces are the same keys; sequences that mean nothing here are none."""
    assert KeyReader().keys(data) == keys
    reader = KeyReader()
    assert [key for byte in data for key in reader.keys(bytes([byte]))] == keys


def test_escape() -> None:
    """The byte Escape is a key when nothing follows it."""
    reader = KeyReader()
    assert reader.keys(b"\x1b") == []
    assert reader.pending
    assert reader.flush() == ["escape"]
    assert reader.flush() == []


def test_typed_line() -> None:
    """Keys change the line where the cursor is; control characters of a pasted text are left out."""
    line = TypedLine("abc", 3)
    for key in ("left", "x", "home", "delete", "end", "backspace", "paste:1\n2\x1b[3m\x00", "left", "left"):
        line.press(key)
    assert (line.text, line.cursor) == ("bx1 2[3m", 6)
    for key in ("left",) * 20 + ("backspace", "right"):
        line.press(key)
    assert line.cursor == 1
    line.press("clear")
    assert line.text == "x1 2[3m"


def view(text: str | None, marks: tuple[tuple[int, int], ...] = (), statement: str = "“A” is “B”") -> ProposalView:
    return ProposalView("d:1.1", "A text", "before " * 200, text, "after", marks, True, statement, False,
                        ("“N” (Town)",), "test, 2026", "a note", "id:a b:c id:d .")  # fmt: skip


@pytest.mark.parametrize("size", [(80, 24), (20, 6), (37, 9), (200, 60), (1, 1)])
@pytest.mark.parametrize(
    "text", [None, "short", "word " * 5_000, "水" * 9_000, "e\u0301" * 3_000, "x" * 30_000, "a\nb\tc\x1b[2J\u202e"]
)
def test_no_line_is_too_wide(text: str | None, size: tuple[int, int]) -> None:
    """Whatever a sentence is, there are as many lines as the terminal has, none wider, and only styles in them."""
    one, _ = session()
    middle = (len(text) // 2, len(text) // 2 + 1) if text else (0, 0)
    flags = (Flagged("direction", "long " * 100, "advice"),)
    for mode in ("deciding", "help", "reason"):
        one.mode = mode
        lines = screen(one, view(text, (middle,) if text else ()), Assessment(None, flags), reviewer="Ann", size=size)
        width, height = max(20, size[0]), max(6, size[1])
        assert len(lines) == height
        for line in lines:
            plain = line
            for style in ("0", "1", "2", "7", "1;4", "1;33"):
                plain = plain.replace(f"\x1b[{style}m", "")
            assert plain.isprintable()
            assert sum(2 if character == "水" else character != "\u0301" for character in plain) <= width


def test_a_mark_stays_in_sight() -> None:
    """Of a sentence that is too long the part with the quote is laid out; scrolling shows it."""
    one, _ = session()
    text = "x " * 20_000 + "HERE" + " y" * 20_000
    at = text.index("HERE")
    shown = ""
    for _ in range(60):
        shown += "\n".join(screen(one, view(text, ((at, at + 4),)), None, reviewer="Ann", size=(80, 24)))
        one.press(" ")
    assert "⟦HERE⟧" in shown
    assert "more lines below" in shown
