"""Statements put into files of facts: whatever their layout, the file says what it said, and they."""

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.authoring.insertion import AnnotatedStatement, inserted, removed

PREFIXES = {
    "id": "http://e.example/id/",
    "s": "http://e.example/d#",
    "ev": "http://e.example/ev#",
    "x": "http://e.example/x#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}
STATEMENT = AnnotatedStatement(
    b'<http://e.example/id/a> <http://e.example/x#p> "19 \\" . #"@en .\n',
    (("http://e.example/ev#supportedBy", b"<http://e.example/d#2.1>"),),
)
HEAD = "@prefix id: <http://e.example/id/> .\n"
LAYOUTS = [
    "",
    "# only a comment",
    HEAD + "id:a id:b 5.\nid:c id:d id:e .\n",
    "\ufeff" + HEAD + "id:a id:b id:c .",
    HEAD.replace("\n", "\r\n") + "id:a id:b id:c ; # why . not\r\n  id:d id:e .  # end\r\nid:z id:y id:x .\r\n",
    HEAD + "id:a id:b id:c . id:d id:e id:f\n ; id:g id:h .",
    HEAD + 'id:a id:b """x .\nid:a id:c "no" .\n""" .\nid:b id:c id:d .',
    HEAD + "id:a id:b id:c {| id:d id:e ; id:f 'a.b' |} , id:g .\n# a\n\n# b\nid:b id:c id:d .",
    HEAD + "id:a id:b [ id:c id:d ; id:e ( 1 2 3.5 ) ] .\nid:b id:c 7 .",
    "PREFIX id: <http://e.example/id/>\nBASE <http://b.example/>\nid:a id:b <c> .\n",
    HEAD + "@prefix s: <http://other.example/> .\n@prefix x: <http://e.example/x#> .\nid:a x:b s:c .\n",
    HEAD + "id:a id:b id:c .\n@prefix x: <http://late.example/> .\nid:b x:c id:d .\nid:a x:b id:q .",
    HEAD + "@prefix id: <http://again.example/> .\nid:a id:b id:c .\n",
    "<http://e.example/id/a> a <http://e.example/x#C> .",
    HEAD + "id:a id:b true .\nid:a id:b 1e6 .\nid:a id:b -.5 .\nid:q id:b id:c .",
]


def statements(turtle: str) -> list[str]:
    """What a file says, its reifiers under one name."""
    quads = ox.parse(turtle.removeprefix("\ufeff").encode(), format=ox.RdfFormat.TURTLE, base_iri="http://b.example/")
    return sorted(
        " ".join("_:" if isinstance(term, ox.BlankNode) else str(term) for term in quad.triple) for quad in quads
    )


@pytest.mark.parametrize("turtle", LAYOUTS)
def test_the_file_says_what_it_said_and_the_statement(turtle: str) -> None:
    """Below the subject's block, on a line of its own; every character that was there is there."""
    after, (line,) = inserted(turtle, [STATEMENT], PREFIXES)
    reified = STATEMENT.triple.decode().removesuffix(" .\n")
    expected = [
        STATEMENT.triple.decode().removesuffix(" .\n"),
        "_: <http://www.w3.org/1999/02/22-rdf-syntax-ns#reifies> " + reified,
        "_: <http://e.example/ev#supportedBy> <http://e.example/d#2.1>",
    ]
    assert statements(after) == sorted([*statements(turtle), *expected])
    assert after.splitlines().count(line) == 1
    rest = removed(after, line)
    assert rest is not None
    kept = [text for text in rest.splitlines() if text not in {f"@prefix {k}: <{v}> ." for k, v in PREFIXES.items()}]
    assert "".join("".join(kept).split()) == "".join(
        "".join(
            text for text in turtle.splitlines() if text not in {f"@prefix {k}: <{v}> ." for k, v in PREFIXES.items()}
        ).split()
    )
    if "id:a id:b id:c ;" in turtle:
        assert after.count("\r\n") == after.count("\n")


@settings(max_examples=50, deadline=None)
@given(st.permutations(LAYOUTS[2:4] + LAYOUTS[6:8]), st.text("ab\"'\\<>#.\n{|}", max_size=12))
def test_several_after_one_another(layouts: list[str], text: str) -> None:
    """What was put in is found again by what is put in next, and any text is a literal."""
    turtle = layouts[0]
    token = str(ox.Literal(text)).encode()
    for number in range(3):
        line = b"<http://e.example/id/a> <http://e.example/x#p%d> %s .\n" % (number, token)
        before = statements(turtle)
        turtle, _ = inserted(turtle, [AnnotatedStatement(line, ())], PREFIXES)
        assert statements(turtle) == sorted([*before, line.decode().removesuffix(" .\n")])


def test_a_line_is_removed_wherever_it_stands() -> None:
    """A merge can write it twice; None tells that it is nowhere."""
    assert removed("a .\nb .\n", "a .") == "b .\n"
    assert removed("a .\na .\n", "a .") == ""
    assert removed("xa .\n", "a .") is None
    assert removed("b .\r\na .", "a .") == "b .\r\n"
