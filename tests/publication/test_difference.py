"""What `diff` says: blank nodes by their content, nothing lost, nothing made up."""

import json
import random
from pathlib import Path

import pytest

from isoc_kg.formats import NQUADS, TRIG, TURTLE, Format
from isoc_kg.publication.difference import Difference, compare
from isoc_kg.publication.difference_texts import render_json, render_text
from isoc_kg.rdf.files import RdfFile, read_files
from isoc_kg.rdf.labelling import labelled

pytestmark = pytest.mark.filterwarnings("ignore::isoc_kg.errors.DataWarning")  # of what is empty

HEAD = """@prefix : <http://e.example/> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
"""


def lines(text: str, format_: Format = TRIG) -> list[bytes]:
    return read_files([RdfFile((HEAD + text).encode(), format_, "text")])[0]


def difference(old: str, new: str) -> tuple[Difference, str]:
    found = compare(lines(old), lines(new))
    return found, render_text(found)


def counts(found: Difference) -> tuple[int, int]:
    added = sum(len(change.added) for change in found.changes.values())
    return added, sum(len(change.removed) for change in found.changes.values())


def applied(found: Difference, old: list[bytes], new: list[bytes]) -> list[bytes]:
    """The new dataset as the difference makes it: what did not change, and what was added."""
    added = [f"{text} .\n".encode() for change in found.changes.values() for text in change.added]
    assert set(added) <= set(new)
    return labelled(sorted(set(new) - set(added)) + added).lines


ONTOLOGY = "".join(
    f":C{n} a owl:Class ; rdfs:label 'class {n}'@en ; rdfs:subClassOf [ a owl:Restriction ; "
    f"owl:onProperty :p{n % 5} ; owl:someValuesFrom :C{n // 2} ] .\n"
    for n in range(1_500)
)
RESTRICTION = "[ a owl:Restriction ; owl:onProperty :q ; owl:someValuesFrom :D ]"
CYCLE = "".join(f"_:c{n} :p _:c{(n + 1) % 2_000} .\n" for n in range(2_000))
CHANGES = {
    "a restriction in an ontology": (ONTOLOGY, ONTOLOGY + f":N a owl:Class ; rdfs:subClassOf {RESTRICTION} .", (5, 0)),
    "a literal": (":a :p [ :n 'x' ; :m [ :k 1 ] ] .", ":a :p [ :n 'x2' ; :m [ :k 1 ] ] .", (1, 1)),
    "a literal far below": (
        ":a :p [ :p [ :p [ :p [ :v 1 ] ; :w 1 ] ] ] .", ":a :p [ :p [ :p [ :p [ :v 2 ] ; :w 1 ] ] ] .", (1, 1)
    ),
    "a literal far below a node without a name": (
        "[] :p [ :p [ :p [ :v 1 ] ] ] . [] :p [ :p 'a' ] .", "[] :p [ :p [ :p [ :v 2 ] ] ] . [] :p [ :p 'a' ] .", (1, 1)
    ),
    "all that is said of a node": ("[] :name 'x' .", "[] :name 'y' .", (1, 1)),
    "an item of a list": (":a :p ( 1 2 3 4 5 ) .", ":a :p ( 1 2 9 4 5 ) .", (1, 1)),
    "an item more at the start": (":a :p ( 2 3 ) .", ":a :p ( 1 2 3 ) .", (3, 1)),
    "one of equal nodes more": (":a :p [ :v 1 ] , [ :v 1 ] .", ":a :p [ :v 1 ] , [ :v 1 ] , [ :v 1 ] .", (2, 0)),
    "one of equal nodes less": (":a :p [ :v 1 ] , [ :v 1 ] .", ":a :p [ :v 1 ] .", (0, 2)),
    "a node moved": (":a :p [ :v 1 ; :w 2 ; :u 3 ] .", ":b :p [ :v 1 ; :w 2 ; :u 3 ] .", (1, 1)),
    "the graph": (":g { :a :p :b , :c }", ":h { :a :p :b } :g { :a :p :c }", (1, 1)),
    "the graph of a blank node": (":g { :a :p [ :v 1 ] }", ":h { :a :p [ :v 1 ] }", (2, 2)),
    "within a cycle": ("_:a :p _:b . _:b :p _:a ; :v 1 .", "_:a :p _:b . _:b :p _:a ; :v 2 .", (1, 1)),
    "a mark on a cycle": (CYCLE, CYCLE + "_:c7 :v 1 .", (1, 0)),
    "within a triple term": (":a :p <<( _:b :q 1 )>> . _:b :v 1 .", ":a :p <<( _:b :q 1 )>> . _:b :v 2 .", (1, 1)),
    "nothing": (ONTOLOGY, "".join(sorted(ONTOLOGY.splitlines(keepends=True), reverse=True)), (0, 0)),
}  # fmt: skip


@pytest.mark.filterwarnings("ignore::isoc_kg.errors.DataWarning")  # of the cycle
@pytest.mark.parametrize("name", CHANGES)
def test_as_few_statements_as_changed(name: str) -> None:
    """And the other way round; text, JSON and figures agree."""
    old, new, expected = CHANGES[name]
    found, text = difference(old, new)
    assert counts(found) == expected
    assert text.endswith(f"{expected[0]} added, {expected[1]} removed\n")
    value = json.loads(render_json(found))
    assert (sum(len(c["added"]) for c in value.values()), sum(len(c["removed"]) for c in value.values())) == expected
    assert applied(found, lines(old), lines(new)) == lines(new)
    back, _ = difference(new, old)
    assert counts(back) == expected[::-1]


def test_new_nodes_stand_in_brackets() -> None:
    """Restrictions, lists and anonymous classes are read where they are used; what only changed is shown by itself."""
    _, text = difference(
        ":a :p [ :n 'x' ; :deep [ :v 1 ] ] .",
        ":a :p [ :n 'x' ; :deep [ :v 2 ] ] . "
        f":C rdfs:subClassOf {RESTRICTION} , [ owl:unionOf ( :D [ owl:complementOf :E ] 'a \\\"b' ) ] .",
    )
    lines_ = text.splitlines()
    below = "  + <http://www.w3.org/2000/01/rdf-schema#subClassOf> "
    assert lines_[0] == "<http://e.example/C>"
    assert set(lines_[1:3]) == {
        below + "[ a owl:Restriction ; owl:onProperty <http://e.example/q> ; owl:someValuesFrom <http://e.example/D> ]",
        below + '[ owl:unionOf ( <http://e.example/D> [ owl:complementOf <http://e.example/E> ] "a \\"b" ) ]',
    }
    assert lines_[3].startswith("_:b")
    assert lines_[3].endswith(" (<http://e.example/a> <http://e.example/p> / <http://e.example/deep>)")
    assert lines_[4:6] == [
        '  + <http://e.example/v> "2"^^<http://www.w3.org/2001/XMLSchema#integer>',
        '  - <http://e.example/v> "1"^^<http://www.w3.org/2001/XMLSchema#integer>',
    ]


def test_graphs_are_named() -> None:
    """A statement in a graph says in which."""
    _, text = difference("", ":g { :a :p [ :v 'x' ] }")
    assert '  + <http://e.example/p> [ <http://e.example/v> "x" ] (graph <http://e.example/g>)\n' in text


def test_long_and_circular_structures_are_shown() -> None:
    """Nothing is nested without end."""
    chain = " . ".join(f"_:c{n} :p _:c{n + 1}" for n in range(3_000)) + " ."
    open_list = " . ".join(f"_:c{n} rdf:rest _:c{n + 1} ; rdf:first {n}" for n in range(3_000)) + " ."
    for text, count in ((chain, 3_000), (open_list, 6_000), ("_:a :p _:b . _:b :p _:a .", 2), ("_:a :p _:a .", 1)):
        _, shown = difference("", f":x :y _:c0 . {text}")
        assert shown.endswith(f"{count + 1} added, 0 removed\n")
        assert len(shown) > 20 * count


def test_the_case_of_language_tags_is_no_change() -> None:
    """RDF 1.1 Concepts, section 3.3; what did change is told in the new dataset's spelling."""
    old = ':a :p "x"@en-US, "y"@de-CH ; :q [ :r "b"@EN-us ; :s 1 ] . << :a :p :b >> :q "t"@en-US .'
    new = ':a :p "x"@en-us, "y"@de-CH ; :q [ :r "b"@en-us ; :s 2 ] . << :a :p :b >> :q "t"@en-us .'
    assert difference(old, new.replace("2", "1"))[1].startswith("0 added, 0 removed")
    assert difference(new.replace("2", "1"), old)[1].startswith("0 added, 0 removed")
    assert counts(difference(old, new)[0]) == (1, 1)
    found, text = difference(old, old.replace("EN-us", "fr-FR").replace("en-US", "en-us"))
    assert counts(found) == (1, 1)
    assert '"b"@en-us' in text


def test_claims_that_are_none_are_statements() -> None:
    """Reification without its statement, or of two values, is told as it stands."""
    claim = ":c rdf:subject :s ; rdf:predicate :p ; rdf:object :o ; :by :x ."
    assert counts(difference(claim, claim + " :s :p :o .")[0]) == (1, 0)
    assert counts(difference(claim, claim.replace(":o ;", ":o , :o2 ;"))[0]) == (1, 0)
    found, _ = difference(claim + " :s :p :o .", claim.replace(":x", ":y") + " :s :p :o .")
    (change,) = found.changes.values()
    assert change.evidence == [
        ("<http://e.example/s> <http://e.example/p> <http://e.example/o>",
         ["<http://e.example/by> <http://e.example/y>"], ["<http://e.example/by> <http://e.example/x>"]),
    ]  # fmt: skip


def random_dataset(chance: random.Random) -> set[bytes]:
    names = [b"_:n%d" % n for n in range(chance.randint(1, 6))]
    return {
        b"%b <x:p%d> %b%b .\n"
        % (
            chance.choice([*names, b"<x:a>"]),
            chance.randint(0, 2),
            chance.choice([*names, b"<x:a>", b'"1"', b'"2"']),
            chance.choice([b"", b"", b" <x:g>"]),
        )
        for _ in range(chance.randint(1, 10))
    }


def test_random_changes() -> None:
    """The old dataset with the difference applied is the new one, up to labels."""
    chance = random.Random(11)
    for _ in range(800):
        old = random_dataset(chance)
        new = {line for line in old if chance.random() < 0.8} | (
            random_dataset(chance) if chance.random() < 0.5 else set()
        )
        before, after = labelled(sorted(old)).lines, labelled(sorted(new)).lines
        found = compare(before, after)
        added, removed = counts(found)
        assert len(before) - removed + added == len(after)
        kept = set(after) - {f"{text} .\n".encode() for change in found.changes.values() for text in change.added}
        gone = {f"{text} .\n".encode() for change in found.changes.values() for text in change.removed}
        assert labelled([*kept, *gone]).lines == before
        assert added + removed <= len(old ^ new) or added + removed <= len(set(before) ^ set(after))


def test_formats_and_folders(tmp_path: Path, cli) -> None:  # type: ignore[no-untyped-def]
    """The command takes the same data in two formats for the same."""
    (tmp_path / "a.ttl").write_text(HEAD + ONTOLOGY)
    quads = b"".join(lines(ONTOLOGY, TURTLE))
    (tmp_path / "b.nq").write_bytes(quads.replace(b"_:b", b"_:x"))
    assert read_files([RdfFile(quads, NQUADS)])[0] == lines(ONTOLOGY)
    assert cli("diff", tmp_path / "a.ttl", tmp_path / "b.nq").stdout.startswith("0 added, 0 removed")


def test_text_has_the_prefixes_that_the_data_declare() -> None:
    """In one legend; literals stay, so do IRIs without a prefix; JSON has whole IRIs."""
    found = compare(
        lines(":a :p <http://o/x>, 'see <http://e.example/b>', 1 . _:n :p [ :q 1 ] . :b :w _:n ."),
        lines(":a :p :y, [ a :T ; :v '2'^^:d ] . _:n :p [ :q 1 ] ; :r <<( :a :p :b )>> . :b :w _:n ."),
    )
    text = render_text(found, {"e": "http://e.example/", "unused": "http://u/"})
    legend = [line for line in text.splitlines() if line.startswith("prefix ")]
    assert legend == ["prefix e: <http://e.example/>", "prefix xsd: <http://www.w3.org/2001/XMLSchema#>"]
    assert text.splitlines()[len(legend)] == "e:a"
    assert "  + e:p e:y\n" in text
    assert '  + e:p [ a e:T ; e:v "2"^^e:d ]\n' in text
    assert "  + e:r <<( e:a e:p e:b )>>\n" in text
    assert "  - e:p <http://o/x>\n" in text
    assert '  - e:p "see <http://e.example/b>"\n' in text
    assert '  - e:p "1"^^xsd:integer\n' in text
    assert "(e:b e:w)" in text
    assert "prefix" not in render_text(found)
    assert "e:" not in render_json(found).replace("http:", "").replace("e:b", "")


def test_units_come_last_and_many_are_counted() -> None:
    """What is said of things is read first; with all units none is left out, and the figures are the same."""
    ends = "<http://www.w3.org/ns/oa#end>"
    new = "".join(f"<http://e.example/document/guide/2#1.{n}.position> {ends} {n} .\n" for n in range(1, 31))
    new += "<http://e.example/document/guide/1> :version 1 . :harbour :name 'x' ."
    found = compare([], lines(new))
    short, whole = render_text(found, all_units=False), render_text(found)
    order = [text for text in whole.splitlines() if text.startswith("<")]
    assert order[:3] == [
        "<http://e.example/harbour>", "<http://e.example/document/guide/1>",
        "<http://e.example/document/guide/2#1.1.position>",
    ]  # fmt: skip
    assert "#1.30.position" in whole
    assert "<http://e.example/document/guide/2>: 30 units changed (30 nodes); --all lists them" in short
    assert "#1." not in short
    assert short.splitlines()[-1] == whole.splitlines()[-1] == "32 added, 0 removed"
