"""Advice with a command line can be pasted into a shell, and keeps the options of the call."""

from pathlib import Path

DATA = """
@prefix schema: <https://schema.org/> . @prefix ex: <https://ex.example/> .
ex:second-flush schema:name "Second flush" ; schema:review "Muscatel" .
"""


def test_why_without_a_claim(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """The thing is quoted for the shell, and the data are those that were asked."""
    (tmp_path / "my data.ttl").write_text(DATA, encoding="utf-8")
    found = cli("why", "Second flush", "review", "--data", "my data.ttl", code=None)
    advice = "isoc-kg describe 'Second flush' --data 'my data.ttl'"
    assert found.stderr.splitlines()[-1].strip() == f"See: {advice}"


def test_a_name_in_place_of_a_query(cli, harbour: Path) -> None:  # type: ignore[no-untyped-def]
    """Options with values and without."""
    name = next(harbour.glob("queries/*.rq")).stem
    found = cli("query", name, "--project", harbour, "--why", "--format", "csv", code=None)
    advice = found.stderr.splitlines()[-1].strip()
    assert advice == f"Write isoc-kg query --name {name} --project {harbour} --format csv --why"


def test_defaults_are_noted(cli) -> None:  # type: ignore[no-untyped-def]
    """Of parameters that are not given, beside the answer."""
    assert "note: year is 1992, the default; --param year=… sets it" in cli("query", "--name", "founded-in").stderr
    assert cli("query", "--name", "founded-in", "--param", "year=2014").stderr == ""
