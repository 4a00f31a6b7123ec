"""Bad input: one message with the place and what to do, the right exit code, never a traceback."""

from pathlib import Path

import pytest

FACT = "id:old-harbour schema:alternateName "


def add_fact(project: Path, text: str) -> None:
    facts = project / "facts" / "harbour.ttl"
    facts.write_text(facts.read_text(encoding="utf-8") + "\n" + text + "\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("text", "code", "message"),
    [
        ("id:old-harbour schema:name ;;; .", 3, "harbour.ttl:33:"),
        ("id:a b:c id:d .", 3, "Declare it at the top of the file"),
        ('id:oak schema:text "x"@en {| ev:supportedBy g:9.9 |} .', 1, "there is no unit"),
        ('id:oak schema:text "x"@en .', 1, "a claim without evidence"),
        ('<< id:oak schema:text "x"@en >> ev:supportedBy g:2.1 .', 1, "no file asserts"),
        ("id:oak schema:about id:cranes ~ id:r {| ev:supportedBy g:2.1 |} .", 3, "is named"),
        ("id:oak schema:about <https://e.org/a b> {| ev:supportedBy g:2.1 |} .", 3, "Percent-encode"),
        ("id:oak schema:about id:nowhere {| ev:supportedBy g:2.1 |} .", 1, "ClaimShape-object"),
        ('id:oak schema:foundingDate "92"^^xsd:gYear {| ev:supportedBy g:2.1 |} .', 1, "is no value of"),
        ('id:oak schema:position "007"^^xsd:integer {| ev:supportedBy g:2.1 |} .', 1, "not in canonical form"),
        ('id:oak schema:text "e\u0301"@en {| ev:supportedBy g:2.1 |} .', 1, "normalization form C"),
        (
            f'id:oak schema:disambiguatingDescription "{"x" * 201}"@en {{| ev:supportedBy g:2.1 |}} .',
            1,
            "201 characters",
        ),
        ("id:Big_Oak a schema:Thing {| ev:supportedBy g:2.1 |} .", 1, "not of the form"),
        (
            "id:oak schema:about <<( id:a id:b " + "<<( id:a id:b " * 300 + "id:c" + " )>>" * 301 + " .",
            3,
            "nested more than 200",
        ),
    ],
)
def test_bad_facts(harbour: Path, cli, tmp_path: Path, text: str, code: int, message: str) -> None:  # type: ignore[no-untyped-def]
    """File and line of the fact, what is wrong, nothing written."""
    add_fact(harbour, text)
    done = cli("build", "--project", harbour, "-o", tmp_path / "out", code=code)
    assert message in done.stderr
    assert "harbour.ttl:33" in done.stderr
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('title = "The old', 'tilte = "The old', "Did you mean title?"),
        ("created = 2026-01-02", 'created = "2026-01-02"', "must be a date"),
        ('base = "https://harbour.example/kg/"', 'base = "harbour"', "ends in a slash"),
        ('version = "2.1.0"', "", "“version” is missing"),
        ('name = "harbour"', 'name = "Har bour"', "lower-case words"),
        ("[prefixes]", "[prefixes", "not TOML"),
        ('slug = "notice"', 'slugg = "notice"', "Did you mean slug?"),
        ("[prefixes]", "[limits]\nmax_nesting = 0\n[prefixes]", "above zero"),
        ("[prefixes]", "[limit]\nmax_nesting = 5\n[prefixes]", "Did you mean limits?"),
    ],
)
def test_bad_settings(harbour: Path, cli, old: str, new: str, message: str) -> None:  # type: ignore[no-untyped-def]
    """kg.toml is read strictly, and errors name its line."""
    toml = harbour / "kg.toml"
    text = toml.read_text(encoding="utf-8")
    assert old in text
    toml.write_text(text.replace(old, new, 1), encoding="utf-8")
    done = cli("build", "--project", harbour, code=3)
    assert message in done.stderr
    assert "kg.toml" in done.stderr


def test_a_folder_that_is_no_project(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """No kg.toml: said, with the way to make one."""
    assert "isoc-kg init" in cli("build", "--project", tmp_path, code=3).stderr


def test_limits_are_settings(harbour: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """An over-long line is refused by a small limit."""
    toml = harbour / "kg.toml"
    toml.write_text(toml.read_text(encoding="utf-8") + "\n[limits]\nmax_line_bytes = 60\n", encoding="utf-8")
    done = cli("build", "--project", harbour, code=3)
    assert "a line of over 60 bytes" in done.stderr


def test_init_leaves_what_is_there(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Init makes a project that builds, checks and answers; a folder with something in it stays as it is."""
    cli("init", "new", "--example", "bakery")
    project = tmp_path / "new"
    cli("build", cwd=project)
    cli("evidence", "check", cwd=project)
    assert "rye bread" in cli("query", "--name", "products", "--why", cwd=project).stdout
    assert "1987" in cli("describe", "Mill Lane Bakery", cwd=project).stdout
    assert "nothing changed" in cli("init", "new", "--example", "bakery").stdout
    other = ("--title", "Another", "--base", "https://example.org/another/")
    assert "is a project's folder already, with another title" in cli("init", "new", *other, code=3).stderr


def test_files_named_like_flags(cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """-- ends the options."""
    (tmp_path / "--format.ttl").write_text("<http://e/a> <http://e/b> <http://e/c> .", encoding="utf-8")
    assert "http://e/a" in cli("export", "--format", "nt", "--", "--format.ttl").stdout


def test_misspelt_commands_and_things(cli) -> None:  # type: ignore[no-untyped-def]
    """Near names are suggested; exit code 2."""
    assert "Did you mean build?" in cli("biuld", code=2).stderr
    assert "Did you mean" in cli("describe", "Internet Societee", code=2).stderr
    assert "isoc-kg query --name founded-in" in cli("query", "founded-in", code=2).stderr
    assert "areas" in cli("query", "--name", "area", code=2).stderr


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("SELECT ?x WHERE { ?x foaff:name ?y }", "Did you mean foaf:?"),
        ("SELECT ?x WHERE {\n ?x ?y  }", "line 2:10"),
        ("SELECT ?x { SERVICE <http://127.0.0.1:9/> { ?x ?y ?z } }", "no query reaches the network"),
        ("DELETE WHERE { ?x ?y ?z }", "is an update"),
        ("SELECT * " + "{" * 5000 + "}" * 5000, "nested more than"),
        ("SELECT (1" + "+1" * 7000 + " AS ?x) {}", "more than 1,000 operators"),
    ],
)
def test_bad_queries(cli, query: str, message: str) -> None:  # type: ignore[no-untyped-def]
    """The spot is shown with a caret, and nothing crashes."""
    done = cli("query", query, code=2)
    assert message in done.stderr
    assert "^" in done.stderr


def test_parameters_that_do_not_fit(cli) -> None:  # type: ignore[no-untyped-def]
    """Unknown parameters and values without a key are named."""
    assert "no parameter “aera”" in cli("query", "--name", "activities-in-area", "--param", "aera=x", code=2).stderr
    assert "--param NAME=VALUE" in cli("query", "--name", "areas", "--param", "x", code=2).stderr


def test_diff_tells_what_changed(harbour: Path, cli, tmp_path: Path) -> None:  # type: ignore[no-untyped-def]
    """Added, removed, and evidence that moved; exit 0 when nothing did."""
    cli("build", "--project", harbour, "-o", tmp_path / "old")
    assert "0 added, 0 removed, 0 with other evidence" in cli("diff", harbour, tmp_path / "old").stdout
    facts = harbour / "facts" / "harbour.ttl"
    text = facts.read_text(encoding="utf-8").replace(
        '"rowing"@en {| ev:supportedBy g:4.2 |}', '"rowing"@en {| ev:impliedBy g:4.2 |}'
    )
    facts.write_text(
        text.replace("id:old-harbour a schema:BodyOfWater", "id:old-harbour a schema:Place , schema:BodyOfWater"),
        encoding="utf-8",
    )
    add_fact(harbour, "id:old-harbour a schema:Place {| ev:impliedBy g:2.1 |} .")
    done = cli("diff", tmp_path / "old", harbour, code=1)
    assert "+ rdf:type schema:Place\n" in done.stdout
    assert "prefix schema: <https://schema.org/>\n" in done.stdout
    assert "1 with other evidence" in done.stdout
    assert '"added"' in cli("diff", tmp_path / "old", harbour, "--format", "json", code=1).stdout
    cli("build", "--project", harbour, "-o", tmp_path / "new")
    assert "+ rdf:type schema:Place\n" in cli("diff", tmp_path / "old", tmp_path / "new", code=1).stdout
