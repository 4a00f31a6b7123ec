"""A second reader: recorded answers as flags, and what happens when it fails, hangs or talks nonsense."""

import sys
from pathlib import Path

import pytest

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
    assert "verifier: unit en:2.7: contradicted: as recorded" in listed
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
