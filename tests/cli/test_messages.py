"""Messages have one form: `error: what happened`, then what to do; plurals are right; phrases given up stay away."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from material import ROOT

#: Phrases that were replaced by the field's own words, in source, documentation and README alike.
GIVEN_UP = (
    "How to sign in",
    "in place of the environment",
    "may keep silent",
    "Under which address clients reach it",
    "The path below which a proxy serves it",
    "X-Forwarded-For are believed",
    "Shown a shape, as text",
    "not fit to check anything",
    "no node met",
    "which store?",
    "whose bulk command?",
    "the server made a mistake",
    "the client is gone",
    "none the longer for it",
    "want of material",
    "A graph where it lives",
    '"What is said"',
    "held against its shapes",
    "limits that hold. `",
    "`isoc-kg mcp` answers assistants",
    "is known to do to literals",
    "belongs to somebody else",
    "## Two commands",
    "## One minute",
)


def texts() -> Iterator[tuple[str, str]]:
    """Every text of the package and of the documentation, with its lines joined."""
    for pattern in ("src/isoc_kg/**/*.py", "src/isoc_kg/**/*.toml", "docs/*.md", "README.md"):
        for path in ROOT.glob(pattern):
            yield path.relative_to(ROOT).as_posix(), " ".join(path.read_text(encoding="utf-8").split())


def test_phrases_given_up() -> None:
    """None of them is there any more."""
    found = [(name, phrase) for name, text in texts() for phrase in GIVEN_UP if phrase.lower() in text.lower()]
    assert found == []


def test_what_is_not_valid() -> None:
    """Error messages say that something “is not a valid IRI”, URL or query, rather than that it “is no IRI”."""
    found = [
        (name, hit[0])
        for name, text in texts()
        if name.startswith("src/")
        for hit in re.finditer(r"f?\"(?:[^\"\\]|\\.)*[”}>] is no (IRI|address|web address|URL|query)\b", text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "--no-such"], "no such option '--no-such'"),
        (["quer"], "there is no command “quer”. Did you mean query?"),
        (["describe"], "missing argument 'THING'."),
        (["serve", "--port", "x"], "invalid value for '--port': 'x' is not a whole number."),
        (["serve", "--port", "65536"], "invalid value for '--port': 65536 is not between 0 and 65535."),
        (["find", "x", "--limit", "0"], "invalid value for '--limit': 0 is not between 1 and 1000."),
        (["query", "ASK {}", "--timeout", "x"], "invalid value for '--timeout': 'x' is not a number."),
        (["query", "ASK {}", "--timeout", "0"], "invalid value for '--timeout': 0.0 is less than 0.1."),
        (["query"], "give one query: SPARQL, -f FILE or --name NAME."),
        (["load", "some.nt"], "--endpoint is required."),
        (["load", "--native"], "--native needs --to."),
        (["load", "some.nt", "--to", "oxigraph", "--endpoint", "http://127.0.0.1:9/", "--graph", "x y"],
         "“x y” is not a valid IRI."),
        (["describe", "--project", "nowhere", "x"], "nowhere: no kg.toml here."),
    ],
)  # fmt: skip
def test_errors_have_one_form(cli, arguments: list[str], message: str) -> None:  # type: ignore[no-untyped-def]
    """`error:`, what happened, and below it, indented, what to do."""
    done = cli(*arguments, code=None)
    assert done.returncode in (2, 3)
    head, *advice = done.stderr.splitlines()
    assert head.startswith(f"error: {message}")
    assert advice
    assert all(line.startswith("  ") for line in advice)
    assert done.stdout == ""


def test_a_count_of_one(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Where there is one of something, the word for it is in the singular."""
    (tmp_path / "one.nt").write_text("<http://e/a> <http://e/b> <http://e/c> .\n", encoding="utf-8")
    said = cli("publish", "one.nt", "-o", "site", "--base", "http://e/").stdout
    cli("init", "demo", "--example", "bakery")
    for command in ("build", "evidence check", "evidence conflicts"):
        said += cli(*command.split(), cwd=tmp_path / "demo").stdout
    assert "statements about 5 things" in said
    assert re.findall(r"\b1 (?:statements|things|triples|claims|units|files|pairs|flags|errors|warnings)\b", said) == []


def test_commands_in_messages_can_be_pasted() -> None:
    """They have no curly quotes, and documents are named by the option that is for them."""
    found = [
        (name, hit[0])
        for name, text in texts()
        if name.startswith("src/")
        for hit in re.finditer(r"isoc-kg [a-z]+ [^\"`.]*(?:“|--document \{\w+\.slug)", text)
    ]
    assert found == []
