"""A later edition in a curator's hands: what confirm asks, which names it takes, and how facts stay readable."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from isoc_kg.evidence.abbreviation import abbreviated

Cli = Callable[..., Any]
EDITS = ("dug in 1754 by", "dug in 1745 by")


def revise(harbour: Path, cli: Cli, *edits: tuple[str, str], edition: str = "2") -> None:
    """The guide in another wording, as an edition of its own."""
    guide, new = harbour / "documents" / "guide.txt", harbour.parent / f"guide-{edition}.txt"
    text = guide.read_text(encoding="utf-8")
    for before, after in edits:
        assert before in text
        text = text.replace(before, after)
    new.write_text(text, encoding="utf-8")
    arguments = ("--slug", "guide", "--edition", edition, "--write", "--project", harbour)
    cli("evidence", "drift", guide, new, *arguments)


def facts_of(harbour: Path) -> str:
    return (harbour / "facts" / "harbour.ttl").read_text(encoding="utf-8")


def edit(harbour: Path, before: str, after: str) -> None:
    file = harbour / "facts" / "harbour.ttl"
    assert before in facts_of(harbour)
    file.write_text(facts_of(harbour).replace(before, after), encoding="utf-8")


def test_what_the_new_unit_does_not_say_stays_held(harbour: Path, cli: Cli) -> None:
    """A number that changed is listed with its claim and moves only when the facts are corrected, as does the kind."""
    revise(harbour, cli, EDITS)
    done = cli("evidence", "confirm", "guide:2.1", "--project", harbour, code=1)
    assert "moved" not in done.stderr
    assert done.stderr.count("another claim about id:old-harbour stays held") == 2
    assert re.search(
        r"harbour\.ttl:12: held: id:old-harbour schema:foundingDate “1754” \(claim:old-harbour\.[0-9a-f]{16}\): "
        "digits: “1754” is not in sentence guide:2.1",
        done.stderr,
    )
    assert '"1754"^^xsd:gYear {| ev:supportedBy g-1:2.1 |}' in facts_of(harbour)
    assert "schema:BodyOfWater {| ev:impliedBy g-1:2.1 |}" in facts_of(harbour)
    assert "3 claims on 1 unit that changed" in cli("build", "--project", harbour).stdout


def test_a_thing_that_the_new_unit_does_not_name_keeps_its_kind_held(harbour: Path, cli: Cli) -> None:
    """The kind is only implied, so its words are not compared; it moves alone when it is named as a claim."""
    edit(harbour, '"old harbour"@en {| ev:supportedBy g:2.1 |}', '"old harbour"@en {| ev:supportedBy g:1.1 |}')
    edit(harbour, '"1754"^^xsd:gYear {| ev:supportedBy g:2.1 |} {|', '"1754"^^xsd:gYear {|')
    revise(harbour, cli, ("The old harbour was dug", "The lime kiln was dug"))
    done = cli("evidence", "confirm", "guide:2.1", "--project", harbour, code=1)
    assert "guide:2.1 does not name id:old-harbour" in done.stderr
    assert "moved" not in done.stderr
    (claim,) = re.findall(r"rdf:type schema:BodyOfWater \((claim:\S+)\)", done.stderr)
    assert "1 claim moved" in cli("evidence", "confirm", "guide:2.1", "--claim", claim, "--project", harbour).stderr


def test_facts_that_are_corrected_first(harbour: Path, cli: Cli) -> None:
    """The build names the command that moves the evidence, not the number; afterwards nothing of edition 1 is left."""
    revise(harbour, cli, EDITS)
    edit(harbour, '"1754"^^xsd:gYear {| ev:supportedBy g-1:2.1 |} {| ev:supportedBy n:1.1 |}',
         '"1745"^^xsd:gYear {| ev:supportedBy g-1:2.1 |}')  # fmt: skip
    failed = cli("build", "--project", harbour, code=1)
    assert "Edition 2 says so: isoc-kg evidence confirm guide:2.1" in failed.stderr
    assert "Correct the number" not in failed.stderr
    cli("evidence", "confirm", "guide:2.1", "--project", harbour)
    assert "guide/1#" not in facts_of(harbour)
    assert "g-1:" not in facts_of(harbour)
    cli("build", "--project", harbour)


def test_another_unit_than_its_pair_is_asked_for_all(harbour: Path, cli: Cli) -> None:
    """Evidence does not go to a sentence about something else; a claim that is named goes, if nothing is wrong."""
    revise(harbour, cli, ("Two cranes", "Three cranes"))
    before = facts_of(harbour)
    done = cli("evidence", "confirm", "guide:2.2", "--to", "4.1", "--project", harbour, code=1)
    assert done.stderr.count(": held: ") == 5
    assert facts_of(harbour) == before
    (claim,) = re.findall(r"warning: .*id:oak rdf:type schema:Thing \((claim:\S+)\): subject: ", done.stderr)
    arguments = ("evidence", "confirm", "guide:2.2", "--to", "4.1", "--claim", claim, "--project", harbour)
    assert "1 claim moved" in cli(*arguments).stderr


@pytest.mark.parametrize(
    "name", ["2.1", "guide:2.1", "guide/1:2.1", "s:2.1", "g-1:2.1", "https://harbour.example/kg/document/guide/1#2.1"]
)
def test_every_spelling_of_a_unit(harbour: Path, cli: Cli, name: str) -> None:
    """Number, document's name, edition's, prefix of kg.toml or of the facts, IRI: show and confirm take them all."""
    revise(harbour, cli, ("dug in 1754", "dug out in 1754"))
    assert "prisoners" in cli("evidence", "show", name, "--project", harbour).stdout
    cli("evidence", "confirm", name, "--project", harbour)


def test_a_text_is_one_edition(harbour: Path, cli: Cli) -> None:
    """The same text, or its words in another layout, is no new edition, whatever OLD is."""
    revise(harbour, cli, EDITS)
    before = facts_of(harbour), (harbour / "kg.toml").read_text(encoding="utf-8")
    guide, new = harbour / "documents" / "guide.txt", harbour.parent / "guide-2.txt"
    wrapped = harbour.parent / "wrapped.txt"
    wrapped.write_text(new.read_text(encoding="utf-8").replace("was dug", "was\ndug"), encoding="utf-8")
    for text, message in ((new, "edition 2, which is there already"), (wrapped, "in another layout")):
        for old in (guide, new):
            arguments = ("--slug", "guide", "--edition", "3", "--write", "--project", harbour)
            assert message in cli("evidence", "drift", old, text, *arguments, code=2).stderr
    assert (facts_of(harbour), (harbour / "kg.toml").read_text(encoding="utf-8")) == before


def test_two_editions_after_one_are_no_dead_end(harbour: Path, cli: Cli) -> None:
    """Where kg.toml has two successors, the message has names that confirm takes."""
    revise(harbour, cli, ("dug in 1754", "dug out in 1754"))
    revise(harbour, cli, ("dug in 1754", "dug deep in 1754"), edition="3")
    refused = cli("evidence", "confirm", "guide:2.1", "--project", harbour, code=2).stderr
    assert "--to guide/2:2.1 or --to guide/3:2.1" in refused
    cli("evidence", "confirm", "guide:2.1", "--to", "guide/3:2.1", "--project", harbour)
    assert "guide/3#2.1" in facts_of(harbour) or "guide/3#>" in facts_of(harbour)


def test_an_earlier_edition_needs_no_claims(harbour: Path, cli: Cli) -> None:
    """Coverage asks the latest editions alone; Turtle to paste declares what it uses, and no other project's terms."""
    edit(harbour, "{| ev:supportedBy g:4.2 ; ev:impliedBy g:3.1 |}", "{| ev:impliedBy g:3.1 |}")
    revise(harbour, cli, ("dug in 1754", "dug out in 1754"))
    cli("evidence", "confirm", "2.1", "--project", harbour)
    built = cli("build", "--project", harbour).stdout
    assert "guide, edition 2" in built
    assert "guide, edition 1" not in built
    assert "edition 1" not in cli("evidence", "coverage", "--project", harbour).stdout.replace(
        "Bekanntmachung, edition 1", ""
    )
    pasted = cli("evidence", "show", "--uncovered", "--project", harbour).stdout
    assert "@prefix g: <https://harbour.example/kg/document/guide/2#> ." in pasted
    assert "id:SUBJECT harbour:PROPERTY id:OBJECT {| ev:supportedBy g:4.2 |} ." in pasted
    assert "# 1 unit is not covered" in pasted


def test_notes_on_gists_are_written_and_removed(harbour: Path, cli: Cli) -> None:
    """Only a unit with a gist has something to look at again; its confirmation takes the note out."""
    (harbour / "facts" / "units" / "guide" / "1.gists.ttl").write_text(
        "@prefix g: <https://harbour.example/kg/document/guide/1#> . "
        '@prefix ev: <https://w3id.org/isoc-kg/evidence#> .\ng:2.2 ev:gist "Cranes."@en .\n', encoding="utf-8",
    )  # fmt: skip
    revise(harbour, cli, ("dug in 1754", "dug out in 1754"), ("Two cranes", "Three cranes"))
    gists = harbour / "facts" / "units" / "guide" / "2.gists.ttl"
    assert gists.read_text(encoding="utf-8").count("changeNote") == 1
    done = cli("evidence", "confirm", "2.1", "2.2", "--project", harbour)
    assert "the gist of guide/2:2.2 is still “Cranes.”" in done.stderr
    assert "changeNote" not in gists.read_text(encoding="utf-8")
    assert 's:2.2 ev:gist "Cranes."@en .' in gists.read_text(encoding="utf-8")
    assert "has changed" not in cli("build", "--project", harbour).stderr


OLD, NEW = "https://e/d/1", "https://e/d/2"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        # what stays gets a prefix of its own, on the line of the other
        (
            f"@prefix m: <{OLD}#> .\n<a> <b> <c> {{| <p> m:1.1, m:1.2 |}} .",
            f"@prefix m: <{NEW}#> .\n<a> <b> <c> {{| <p> m:1.1, <{OLD}#1.2> |}} .",
            f"@prefix m: <{NEW}#> . @prefix m-1: <{OLD}#> .\n<a> <b> <c> {{| <p> m:1.1, m-1:1.2 |}} .",
        ),
        # in the form of SPARQL, and beside a name that is taken
        (
            f"PREFIX m: <{OLD}#>\nPREFIX m-1: <e/x#>\n<a> <b> m-1:x {{| <p> m:1.2 |}} .",
            f"PREFIX m: <{NEW}#>\nPREFIX m-1: <e/x#>\n<a> <b> m-1:x {{| <p> <{OLD}#1.2> |}} .",
            f"PREFIX m: <{NEW}#> PREFIX m-1x: <{OLD}#>\nPREFIX m-1: <e/x#>\n<a> <b> m-1:x {{| <p> m-1x:1.2 |}} .",
        ),
        # both have one: the old one's goes with the last that needs it
        (
            f"@prefix m: <{NEW}#> . @prefix m-1: <{OLD}#> .\n<a> <b> <c> {{| <p> m:1.1, m-1:1.2 |}} .",
            f"@prefix m: <{NEW}#> . @prefix m-1: <{NEW}#> .\n<a> <b> <c> {{| <p> m:1.1, m-1:1.3 |}} .",
            f"@prefix m: <{NEW}#> .\n<a> <b> <c> {{| <p> m:1.1, m:1.3 |}} .",
        ),
        (
            f"@prefix m: <{NEW}#> .\n@prefix o: <{OLD}#> .\n<a> <b> <c> {{| <p> m:1.1, o:1.2, o:1.4 |}} .",
            f"@prefix m: <{NEW}#> .\n@prefix o: <{NEW}#> .\n<a> <b> <c> {{| <p> m:1.1, o:1.3, <{OLD}#1.4> |}} .",
            f"@prefix m: <{NEW}#> .\n@prefix o: <{OLD}#> .\n<a> <b> <c> {{| <p> m:1.1, m:1.3, o:1.4 |}} .",
        ),
        # full IRIs stay where no prefix is declared
        (f"<a> <b> <{OLD}#1.1> .", f"<a> <b> <{NEW}#1.1> .", f"<a> <b> <{NEW}#1.1> ."),
        (
            f'@prefix m: <{NEW}#> .\n<a> <b> "<{NEW}#1.1>" {{| <p> <{OLD}#1.1> |}} .',
            f'@prefix m: <{NEW}#> .\n<a> <b> "<{NEW}#1.1>" {{| <p> <{NEW}#1.1> |}} .',
            f'@prefix m: <{NEW}#> .\n<a> <b> "<{NEW}#1.1>" {{| <p> m:1.1 |}} .',
        ),
    ],
)  # fmt: skip
def test_units_stay_prefixed_names(before: str, after: str, expected: str) -> None:
    """Whatever moves and whatever stays is written as its author wrote it."""
    assert abbreviated(before, after, OLD, NEW) == expected
