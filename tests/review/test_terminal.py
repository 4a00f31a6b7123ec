"""Review at the keyboard: real keys on a pseudo-terminal."""

import json
import os
import re
import signal
import sys
from pathlib import Path

import pytest

from isoc_kg.errors import visible
from isoc_kg.project import load_project
from isoc_kg.proposals.decisions import Decision, DecisionLog

from .conftest import CLAIMS, facts, propose
from .keyboard import Terminal, terminal
from material import ROOT

ANN = ("--reviewer", "Ann Lee")
LAST = "“Millgate Lock” lies in “Millgate”"


def decisions(project: Path) -> list[Decision]:
    return DecisionLog(load_project(project)).read()[0]


def quit_(seen: Terminal) -> None:
    seen.type("q")
    assert seen.end() == 0, seen.sent


def test_every_key(canal: Path) -> None:
    """Accept, implied, refuse, skip, undo, to and fro: what the screen says, the facts and the decisions agree."""
    before = facts(canal)
    with terminal("review", "--project", canal, *ANN) as seen:
        seen.shows("5 proposals left")
        seen.shows("The trust ⟦maintains the Long Reach and the Copper Basin⟧.")  # the quote, without colours
        assert "The Wexmoor Canal Trust was founded in 1871." in seen.screen  # its neighbours
        assert "Ida Thornbury chairs the Wexmoor Canal Trust." in seen.screen
        assert "“Wexmoor Canal Trust” maintains “Copper Basin”" in seen.screen
        assert "is said by the sentence (supported)" in seen.screen
        assert "reviewer: Ann Lee" in seen.screen
        seen.type("a")
        seen.shows("1 accepted")
        seen.shows("“Ida Thornbury” chairs")
        seen.type("r")
        seen.shows("Reason to refuse")
        seen.type("not the chajr\x7f\x7f\x7fair\r")
        seen.shows("1 refused")
        seen.type("i")
        seen.shows("2 accepted")
        seen.type("s")
        seen.shows("1 skipped")
        seen.shows("“Millgate Lock” lies in “Millgate”")
        seen.shows("New      “Millgate” (town)")
        seen.type("p")
        seen.shows("“14”")
        seen.type("n")
        seen.shows(LAST)
        seen.type("n")
        seen.shows("This is the last one.")
        seen.type("?")
        seen.shows("undo your last decision")
        seen.type("x")
        seen.shows(LAST)
        seen.type("x")
        seen.shows("x is not a key here.")
        seen.type("u")  # the implied one
        seen.shows("Taken back.")
        seen.shows("The trust owns the steam tug Marigold")
        quit_(seen)
    assert seen.sent.endswith("1 accepted, 1 refused, 3 proposals left\r\n")
    assert [(one.kind, one.reviewer, one.reason) for one in decisions(canal)] == [
        ("accept", "Ann Lee", None),
        ("refuse", "Ann Lee", "not the chair"),
        ("accept", "Ann Lee", None),
        ("undo", "Ann Lee", None),
    ]
    line = "id:wexmoor-canal-trust c:maintains id:copper-basin {| ev:supportedBy s:2.2 |} .\n"
    assert facts(canal).replace(line, "") == before


def test_edit_on_a_line(canal: Path) -> None:
    """The statement is changed as Turtle; what is no claim comes back, what is one is judged again and accepted."""
    with terminal("review", "--project", canal, *ANN, "--unit", "report:2.4") as seen:
        seen.shows("1 proposal left")
        seen.type("e")
        seen.shows("Statement: Enter")
        seen.type("\x15nonsense\r")
        seen.shows("nonsense")
        seen.type("\x1b")
        seen.shows("Nothing was changed.")
        seen.type("e")
        seen.shows("> id:wexmoor-canal-trust c:owns id:marigold {| ev:supportedBy s:2.4 |} .")
        seen.type("\x01" + "\x1b[C" * len("id:wexmoor-canal-trust c:") + "\x1b[3~" * len("owns") + "maintains\r")
        seen.shows("(edited)")
        seen.shows("“Wexmoor Canal Trust” maintains “Marigold”")
        seen.shows("Cannot be accepted: c:maintains leads to c:Waterway")
        seen.type("ae")
        seen.shows("> id:wexmoor-canal-trust c:maintains")
        seen.type("\x15id:wexmoor-canal-trust c:owns id:heron {| ev:supportedBy s:2.4 |} .\r")
        seen.shows("“Wexmoor Canal Trust” owns “Heron”")
        seen.type("i")
        seen.shows("0 proposals left")
        seen.shows("1 accepted")
        quit_(seen)
    (decision,) = decisions(canal)
    assert decision.edited
    assert "id:wexmoor-canal-trust c:owns id:heron {| ev:impliedBy s:2.4 |} ." in facts(canal)


def test_edit_in_an_editor(canal: Path, tmp_path: Path) -> None:
    """$EDITOR gets the statement with its sentence in a comment; what it writes is judged."""
    script = tmp_path / "editor.py"
    script.write_text(
        "import sys, pathlib\np = pathlib.Path(sys.argv[1]); t = p.read_text()\n"
        "assert t.startswith('# report:2.4: The trust owns'), t\np.write_text(t.replace('c:owns', 'c:maintains'))\n"
    )
    editor = {"EDITOR": f"{sys.executable} {script}"}
    with terminal("review", "--project", canal, *ANN, "--unit", "report:2.4", environment=editor) as seen:
        seen.shows("1 proposal left")
        seen.type("e")
        seen.shows("“Wexmoor Canal Trust” maintains “Marigold” (edited)")
        quit_(seen)
    assert decisions(canal) == []


def test_flags_are_answered(empty: Path) -> None:
    """A flag is on the screen; w accepts, and the reason stands on the claim as the answer to it."""
    propose(empty, [{"unit": "report:4.3", "subject": "id:wexmoor-canal-trust", "property": "c:supplies",
                     "object": "id:averham-boat-yard"}])  # fmt: skip
    with terminal("review", "--project", empty, *ANN) as seen:
        seen.shows("Flag direction:")
        seen.type("wboth supply each other\r")
        seen.shows("1 accepted")
        quit_(seen)
    assert 'ev:answer "report:4.3 direction: both supply each other"@en |} .' in facts(empty)


def test_what_cannot_be_accepted(canal: Path) -> None:
    """A proposal that the judge refuses by now says why; accepting it changes nothing, and it stays."""
    file = canal / "facts" / "trust.ttl"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "id:wexmoor-canal-trust c:owns id:marigold {| ev:supportedBy s:2.4 |} .\n", encoding="utf-8")
    before = facts(canal)
    with terminal("review", "--project", canal, *ANN, "--unit", "report:2.4") as seen:
        seen.shows("Cannot be accepted: this is a fact already")
        seen.type("a")
        seen.shows("Not written: this cannot be accepted")
        assert "1 proposal left" in seen.screen
        quit_(seen)
    assert (facts(canal), decisions(canal)) == (before, [])


def test_a_pasted_text_decides_nothing(canal: Path) -> None:
    """Pasted letters are no keys; in a line they are text."""
    with terminal("review", "--project", canal, *ANN) as seen:
        seen.shows("5 proposals left")
        seen.type("\x1b[200~aaaa\nq\x1b[201~r")
        seen.shows("Reason to refuse")
        seen.type("\x1b[200~pasted\nlines\x1b[201~\r")
        seen.shows("1 refused")
        quit_(seen)
    assert [one.reason for one in decisions(canal)] == ["pasted lines"]


def test_nothing_in_a_proposal_is_obeyed(empty: Path) -> None:
    """Sources, notes and names of new things may have anything: the terminal gets no control character of theirs."""
    hostile = "\u202eturned\u2066 \x9b2J \x1b]0;title\x07"
    claim = {**CLAIMS[4], "note": hostile}
    propose(empty, [claim])
    queued = next((empty / "proposals").glob("*.ttl"))
    assert "title" in queued.read_text(encoding="utf-8")
    with terminal("review", "--project", empty, *ANN) as seen:
        seen.shows("\\u202eturned")
        quit_(seen)
    for sequence in ("\x1b]0", "\x9b", "\u202e", "\x07"):
        assert sequence not in seen.sent
    assert visible(seen.screen) == seen.screen


@pytest.mark.parametrize("size", [(100, 40), (40, 12), (20, 6)])
def test_sizes(canal: Path, size: tuple[int, int]) -> None:
    """On a small terminal, too, no line is wider, and the head and the keys stay."""
    with terminal("review", "--project", canal, *ANN, columns=size[0], lines=size[1]) as seen:
        seen.shows("5 proposals left")
        seen.shows("a accept")
        assert max(seen.lines) <= size[1]
        assert all(len(text) <= size[0] for text in seen.lines.values())
        quit_(seen)


def test_no_terminal(canal: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """Without a terminal it says what to do; --list and --format json are for scripts."""
    done = cli("review", "--project", canal, code=2)
    assert "--list" in done.stderr
    assert "serve --review" in done.stderr
    done = cli("review", "--project", canal, "--list", "--slug", "report", "--from", "recorded")
    assert done.stdout.splitlines()[-1] == "5 proposals left"
    rows = [json.loads(line) for line in cli("review", "--project", canal, "--format", "json").stdout.splitlines()]
    assert [row["unit"] for row in rows] == [claim["unit"] for claim in CLAIMS]
    assert rows[0]["quote"] == [CLAIMS[0]["quote"]]
    assert rows[0]["statement"] == "“Wexmoor Canal Trust” maintains “Copper Basin”"
    done = cli("review", "--project", canal, "--list", "--unit", "report:3.4")
    assert "1 proposal left" in done.stdout
    assert "0 proposals left" in cli("review", "--project", canal, "--list", "--from", "nobody").stdout
    assert "there is no document “x”" in cli("review", "--project", canal, "--list", "--slug", "x", code=2).stderr
    assert "no unit" in cli("review", "--project", canal, "--list", "--unit", "report:99.1", code=2).stderr


def test_control_c(canal: Path) -> None:
    """Control-C leaves as q does, and the terminal is as it was."""
    with terminal("review", "--project", canal, *ANN) as seen:
        seen.shows("5 proposals left")
        seen.type("a\x03")
        assert seen.end() == 0
    assert seen.sent.count("\x1b[?1049h") == seen.sent.count("\x1b[?1049l") == 1
    assert [one.kind for one in decisions(canal)] == ["accept"]  # it was waited for


@pytest.mark.parametrize("after", [0, 4, 9])
def test_killed(canal: Path, after: int) -> None:
    """At whatever moment it is killed: what the screen called accepted is there, no acceptance is half written."""
    with terminal("review", "--project", canal, *ANN) as seen:
        seen.shows("5 proposals left")
        seen.type("aaaa")
        for _ in range(after):  # pieces of what is painted meanwhile
            seen.read(0.05)
        os.kill(seen.process, signal.SIGKILL)
        seen.end()
    told = re.findall(r"(\d) accepted", seen.sent)
    with terminal("review", "--project", canal, *ANN) as seen:  # finishes what was begun
        seen.shows("left")
        found = decisions(canal)
        quit_(seen)
    assert len(found) >= int(told[-1])
    written = [line for decision in found for _, line in decision.written]
    text = facts(canal)
    for line in written:
        assert text.count(line) == 1
        text = text.replace(line + "\n", "")
    assert text == facts(ROOT / "tests/proposals/canal")


def test_reviewer(canal: Path, tmp_path: Path) -> None:
    """Who reviews is git's user, unless it is said."""
    config = tmp_path / "gitconfig"
    config.write_text("[user]\n\tname = Grete Öhm\n", encoding="utf-8")
    with terminal("review", "--project", canal, environment={"GIT_CONFIG_GLOBAL": str(config)}) as seen:
        seen.shows("reviewer: Grete Öhm")
        quit_(seen)


def test_flags_of_the_implied_reading_come_first(empty: Path) -> None:
    """I on a statement that is not said shows the flags that it has as implied, and the next one accepts."""
    propose(empty, [CLAIMS[2]])
    with terminal("review", "--project", empty, *ANN) as seen:
        seen.shows("1 proposal left")
        seen.type("e")
        seen.shows("> id:wexmoor-canal-trust c:owns")
        seen.type("\x15id:averham-boat-yard c:owns id:marigold {| ev:supportedBy s:3.3 |} .\r")
        seen.shows("Cannot be accepted:")
        seen.type("i")
        seen.shows("Not written: this has a flag that was not shown.")
        seen.shows("follows from the sentence (implied)")
        seen.shows("Flag subject:")
        seen.type("i")
        seen.shows("1 accepted")
        quit_(seen)
    assert [(one.kind, one.verdict, "subject" in one.flags) for one in decisions(empty)] == [
        ("accept", "implied", True)
    ]  # fmt: skip


def test_a_burst_of_keys_accepts_nothing_unseen(empty: Path) -> None:
    """Keys that were typed before a proposal was on the screen do not decide on it."""
    supplies = {"subject": "id:wexmoor-canal-trust", "property": "c:supplies", "object": "id:averham-boat-yard"}
    propose(empty, [CLAIMS[3], {"unit": "report:4.3", **supplies}])
    with terminal("review", "--project", empty, *ANN) as seen:
        seen.shows("2 proposals left")
        seen.type("rwrong\ra")
        seen.shows("Flag direction:")
        seen.shows("1 proposal left")
        seen.type("a")
        seen.shows("1 accepted")
        quit_(seen)
    assert [(one.kind, one.flags) for one in decisions(empty)] == [("refuse", ()), ("accept", ("direction",))]
