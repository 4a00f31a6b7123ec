"""A second reader: recorded answers as flags, and what happens when it fails, hangs or talks nonsense."""

import json
import os
import sys
import time
from pathlib import Path

import pytest

from isoc_kg.evidence.program import run_bounded
from isoc_kg.evidence.verifier import Asked, ask_verifier

from material import ROOT

READER = """import json, sys
for line in sys.stdin:
    asked = json.loads(line)
    verdict = "contradicted" if "towers" in asked["statement"] else "implied" if asked["implied"] else "supported"
    print(json.dumps({"claim": asked["claim"], "unit": asked["unit"], "answer": verdict, "reason": "as\\n recorded"}))
"""
BROKEN = {
    "fails": ("import sys; sys.exit('out of memory')", "the verifier failed with exit code 1: out of memory"),
    "nonsense": ("print('[1]'); print('yes'); print('{\"claim\": 1}')", "3 lines of the verifier are not answers"),
    "silent": ("pass", "the verifier left 71 of 71 unanswered"),
    "talks of others": (
        "import json; print(json.dumps({'claim': 'x', 'unit': 'y', 'answer': 'supported', 'reason': ''}))",
        "1 lines of the verifier are not answers",
    ),
    "binary": ("import os; os.write(1, bytes(range(256)))", "lines of the verifier are not answers"),
    "nested": ("print('[' * 100_000)", "1 lines of the verifier are not answers"),
    "huge": ("import os\nwhile True: os.write(1, b'x' * 65536)", "the verifier wrote more than 647,168 bytes"),
    "complains without end": (
        "import os\nfor n in range(2000): os.write(2, b'y' * 65536)\nos.write(2, b'\\nlast \\x1b[31mword')\nexit(3)",
        "failed with exit code 3: last [31mword.",
    ),
    "reads nothing": ("import os; os.close(0)", "the verifier left 71 of 71 unanswered"),
    "killed": ("import os; os.kill(os.getpid(), 9)", "the verifier failed with exit code -9"),
    "hangs behind its answer": ("import os, time; os.close(1); time.sleep(60)", "gave no answer within 1 s"),
    "leaves a child": (
        "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])",
        "the verifier left 71 of 71 unanswered",
    ),
    "hangs": ("import time; time.sleep(60)", "the verifier gave no answer within 1 s"),
}


def named(project: Path, code: str) -> None:
    """Name a reader, a Python program, in a project's kg.toml."""
    (project / "reader.py").write_text(code, encoding="utf-8")
    toml = project / "kg.toml"
    section = f"\n[evidence]\nverifier = '''\"{sys.executable}\" reader.py'''\nverifier_seconds = 1\n"
    toml.write_text(toml.read_text(encoding="utf-8") + section, encoding="utf-8")


def test_its_answers_are_flags(lamp: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """What it does not find supported is flagged; it runs only when it is asked for."""
    named(lamp, READER.replace("for line", "open('ran', 'w').close()\nfor line"))
    toml = lamp / "kg.toml"
    toml.write_text(
        toml.read_text(encoding="utf-8").replace("verifier_seconds = 1", "verifier_seconds = 60"), encoding="utf-8"
    )
    assert "0 flags without an answer" in cli("build", "--project", lamp).stdout
    assert not (lamp / "ran").exists()
    built = cli("build", "--project", lamp, "--verifier")
    assert (lamp / "ran").exists()
    assert "4 flags without an answer (verifier 4)" in built.stdout
    listed = cli("evidence", "check", "--project", lamp, "--verifier").stdout
    assert "verifier: sentence en:2.7: contradicted: as recorded" in listed
    facts = lamp / "facts" / "lamp.ttl"
    facts.write_text(
        facts.read_text(encoding="utf-8").replace(
            "{| ev:supportedBy en:2.7,", '{| ev:answer "en:2.7 verifier: it counted wrong."@en ; ev:supportedBy en:2.7,'
        ),
        encoding="utf-8",
    )
    assert "3 flags without an answer (verifier 3), 1 answered" in cli("build", "--project", lamp, "--verifier").stdout
    assert "0 flags without an answer" in cli("build", "--project", lamp).stdout  # the answer waits for its question


@pytest.mark.parametrize("how", BROKEN)
def test_what_goes_wrong_is_reported_and_stops_nothing(lamp: Path, cli, how: str) -> None:  # type: ignore[no-untyped-def]
    """A reader that is broken costs a warning."""
    code, message = BROKEN[how]
    named(lamp, code)
    built = cli("build", "--project", lamp, "--verifier")
    assert message in built.stderr
    assert "0 flags without an answer" in built.stdout


def test_a_project_without_a_reader_says_so(lamp: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """Asked for and not there is a warning, too; a setting that is no command is refused."""
    assert "no verifier is named" in cli("build", "--project", lamp, "--verifier").stderr
    toml = lamp / "kg.toml"
    before = toml.read_text(encoding="utf-8")
    toml.write_text(before + "\n[evidence]\nverifier = 3\n", encoding="utf-8")
    assert "“verifier” must be a text" in cli("build", "--project", lamp, code=3).stderr


def test_what_it_started_ends_with_it(tmp_path: Path) -> None:
    """A reader that hangs is ended, and so is what it started."""
    code = (
        "import os, subprocess, sys, time\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        "open('child', 'w').write(str(child.pid)); time.sleep(600)\n"
    )
    (tmp_path / "reader.py").write_text(code, encoding="utf-8")
    asked = [Asked("c", "u", "text", "statement", False)]
    command = f"'{sys.executable}' reader.py"
    answers, (finding,) = ask_verifier(command, asked, folder=tmp_path, seconds=3)
    assert answers == {}
    assert "gave no answer within 3 s" in finding.message
    child = int((tmp_path / "child").read_text(encoding="utf-8"))
    for _ in range(100):
        try:
            os.kill(child, 0)
            if Path(f"/proc/{child}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
                break
        except (OSError, ValueError):
            break
        time.sleep(0.05)
    else:
        pytest.fail("the child goes on")


@pytest.mark.parametrize("command", ["", " ", "no-such-program", "'unclosed", "a\0b", "/"])
def test_what_is_no_program(tmp_path: Path, command: str) -> None:
    """A command that cannot be run is reported."""
    answers, (finding,) = ask_verifier(command, [Asked("c", "u", "t", "s", False)], folder=tmp_path, seconds=1)
    assert answers == {}
    assert "could not be run" in finding.message


def test_a_reason_is_one_line_without_control_characters(tmp_path: Path) -> None:
    """Reasons are printed: nothing in them moves a terminal's cursor, and they end somewhere."""
    (tmp_path / "reader.py").write_text(
        "import json, sys\nfor line in sys.stdin:\n  q = json.loads(line)\n"
        "  print(json.dumps({'claim': q['claim'], 'unit': q['unit'], 'answer': 'unrelated',"
        " 'reason': '\\x1b[2Jno\\r\\n' + 'x' * 5000}))\n",
        encoding="utf-8",
    )
    asked = [Asked("c", "u", "t", "s", False)]
    answers, findings = ask_verifier(f"'{sys.executable}' reader.py", asked, folder=tmp_path, seconds=60)
    assert findings == []
    reason = answers["c", "u"].reason
    assert reason.startswith("[2Jno xxx")
    assert len(reason) == 400


RECORDED = ROOT / "tests" / "evidence" / "recorded"
#: Project → kind → missed by the check, caught by the recorded reader; and the true pairs that the reader refuses.
ADDED = {
    "lamp": (
        {
            "predicate": (2, 2),
            "subject in sentence": (1, 1),
            "subject of class": (3, 2),
            "type": (2, 2),
            "fitting predicate": (4, 4),
            "fitting subject": (1, 1),
        },
        0,
    ),
    "harbour": (
        {
            "predicate": (4, 4),
            "type": (2, 2),
            "fitting predicate": (6, 6),
        },
        8,
    ),
    "lighthouse": (
        {
            "predicate": (4, 4),
            "turned": (1, 1),
            "type": (4, 4),
            "fitting predicate": (4, 4),
        },
        0,
    ),
}


@pytest.mark.parametrize("name", ADDED)
def test_what_a_recorded_reader_adds(request: pytest.FixtureRequest, cli, name: str) -> None:  # type: ignore[no-untyped-def]
    """The audit asks it about what the check missed and about what is true, and counts per kind."""
    project = request.getfixturevalue(name)
    toml = project / "kg.toml"
    reader = ROOT / "tests" / "evidence" / "recorded_reader.py"
    command = f"'{sys.executable}' '{reader}' '{RECORDED / f'{name}.jsonl'}'"
    toml.write_text(f'{toml.read_text(encoding="utf-8")}\n[evidence]\nverifier = """{command}"""\n', encoding="utf-8")
    done = cli("evidence", "audit", "--project", project, "--verifier", "--format", "json")
    assert done.stderr == ""
    value = json.loads(done.stdout)
    missed = {row["kind"]: (row["missed"], row["by_reader"]) for row in value["kinds"] if row["missed"]}
    assert (missed, value["reader"]["flagged"]) == ADDED[name]
    table = cli("evidence", "audit", "--project", project, "--verifier").stdout
    assert "with it" in table
    assert f"true pairs that the second reader flags: {value['reader']['flagged']} of {value['pairs']}" in table


def test_an_audit_without_a_reader_says_so(lamp: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """Asked for a reader where none is named, the audit stops."""
    assert "no verifier is named" in cli("evidence", "audit", "--project", lamp, "--verifier", code=3).stderr


def test_recorded_answers_hold_no_words_of_a_text() -> None:
    """Each is known by a digest."""
    for file in RECORDED.glob("*.jsonl"):
        for line in file.read_text(encoding="utf-8").splitlines():
            row = json.loads(line)
            assert set(row) == {"pair", "answer", "reason"}
            assert len(row["pair"]) == 16


@pytest.mark.skipif(not hasattr(os, "fork"), reason="starts a process that outlives its own")
def test_what_a_program_leaves_behind_ends(tmp_path: Path) -> None:
    """A child that keeps the pipes open is neither waited for nor left running."""
    code = "import os, time\nif os.fork() == 0:\n    time.sleep(300)\nprint(os.getpgrp(), flush=True)\nos._exit(0)"
    done = run_bounded([sys.executable, "-c", code], b"", folder=tmp_path, seconds=250, most=100)
    group = int(done.data)
    for _ in range(500):  # who was killed is there until the system has taken note
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            break
        time.sleep(0.02)
    else:
        pytest.fail("a process is left")
