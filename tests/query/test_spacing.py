"""White space and comments between tokens change no answer, whatever is rewritten beside them."""

import random

import pytest
from tests.query.test_rewriting import rows

from isoc_kg.errors import QueryError
from isoc_kg.query.edits import Edits
from isoc_kg.query.tokens import tokens

DATA = """
:a :p :b ; :q :b ; :v 0, 1.50 . :b :p :c, "x" ; :r :a ; :v 03 . :c :q "01"^^xsd:integer ; :v "t"@en, true .
GRAPH :g { :a :p :d . :d :q :a ; :v 02 } GRAPH :h { :b :p :b ; :v 4.0 }
"""


class Queries:
    """Random small queries, as tokens with spaces between them."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)

    def of(self, *choices: str) -> str:
        """One of some texts."""
        return self.random.choice(choices)

    def path(self, depth: int = 2) -> str:
        """A property path."""
        if not depth:
            return self.of(":p", ":q", ":r")
        inner = self.path(depth - 1)
        return self.of(
            inner, f"{inner} | {self.path(0)}", f"( {inner} ) *", f"( {inner} ) ?", f"^ ( {inner} )",
            f"( {inner} ) / {self.path(0)}", f"( {inner} ) +", "! ( :p | ^ :q )", f"{self.path(0)} *",
        )  # fmt: skip

    def value(self, depth: int = 2) -> str:
        """An expression."""
        if not depth:
            return self.of("?x", "?y", "?v", "1", "2.5", "03", "-1", "1e1", '"x"', '"01" ^^ xsd:integer', "true")
        a, b = self.value(depth - 1), self.value(0)
        return self.of(
            f"{a} / {b}", f"( {a} + 1 / {b} )", f"( {a} -1 / 2 )", f"( {a} + 2 ) / {b}", f"( {a} < {b} )",
            f"( {a} && {b} )", f"( ! {b} || {b} )", f"IF ( {b} , {a} , {b} )", f"COALESCE ( {a} , {b} )", f"- ?v / {b}",
            f'REPLACE ( STR ( {a} ) , "1" , "$0$0" )', f'REPLACE ( STR ( {b} ) , STR ( 1 / 2 ) , STR ( "$" ) )',
            f'REPLACE ( "a" , ?x , {b} )', f"STR ( {a} )", f"DATATYPE ( {b} )", f"STRDT ( STR ( {b} ) , xsd:integer )",
            f"( {b} IN ( {b} , {a} ) )", f"EXISTS {{ {self.pattern(0)} }}", f"NOT EXISTS {{ ?y {self.path(1)} :nix }}",
            f"xsd:integer ( {b} )", f"xsd:boolean ( {b} )", f"( {b} * {b} / {b} )",
        )  # fmt: skip

    def pattern(self, depth: int = 2) -> str:
        """What stands in a group."""
        subject = self.of("?x", "?y", ":a", ":nix", "?x")
        object_ = self.of("?y", "?x", ":b", ":nix", "03", "?y", "1.50")
        triples = self.of(
            f"{subject} {self.path()} {object_}", f"{subject} :v ?v ; {self.path()} {object_}",
            f"{subject} {self.path()} {object_} ; :v ?v ; ", f"{subject} {self.path()} ?y , {object_}",
            f"{subject} {self.path(1)} {object_} . {subject} :v ?v .", f"?x {self.path(1)} ?y . ?y {self.path(1)} ?z",
        )  # fmt: skip
        if not depth:
            return triples
        inner = self.pattern(depth - 1)
        return self.of(
            triples, f"{triples} FILTER ( {self.value()} )", f"{triples} OPTIONAL {{ {inner} }}",
            f"{triples} MINUS {{ {inner} }}", f"{{ {inner} }} UNION {{ {triples} }}", f"GRAPH ?g {{ {inner} }}",
            f"{triples} BIND ( {self.value()} AS ?w )", f"FILTER ( {self.value()} ) {triples}",
            f"{triples} VALUES ?x {{ :a :b 03 }}", f"{triples} FILTER NOT EXISTS {{ {inner} }}",
            f"GRAPH ?g {{ {triples} MINUS {{ {inner} }} }}", f"{{ SELECT ?x {{ {inner} }} }} {triples}",
            f"GRAPH ?g {{ SELECT ?x ( COUNT ( * ) AS ?n ) {{ {inner} }} GROUP BY ?x }}", f"GRAPH :g {{ {inner} }}",
            f"{triples} {{ {inner} }}",
        )  # fmt: skip

    def query(self) -> str:
        """A query whose answer has no order."""
        pattern = self.pattern()
        return self.of(
            f"SELECT * {{ {pattern} }}", f"SELECT ( {self.value()} AS ?r ) {{ {pattern} }}",
            f"SELECT ( COUNT ( * ) AS ?n ) ( SUM ( ?v ) AS ?s ) ( MAX ( ?v ) AS ?m ) {{ {pattern} }}",
            f'SELECT ( COUNT ( * ) AS ?n ) {{ {pattern} }} GROUP BY ?x HAVING ( {self.of("COUNT ( ?v )", "1 / 2")} )',
            f"SELECT ?x ( STRLEN ( GROUP_CONCAT ( ?v ) ) AS ?l ) {{ {pattern} }} GROUP BY ?x ORDER BY ?x",
            f'SELECT ( STRLEN ( GROUP_CONCAT ( DISTINCT ?v ; SEPARATOR = "{{" ) ) AS ?l ) {{ {pattern} }}',
        )  # fmt: skip


def close(text: str) -> str:
    """A text with no white space but where two tokens would become others."""
    wanted = text.split()
    written = wanted[0]
    for number, part in enumerate(wanted[1:], 1):
        joined = [token.text for token in tokens(written + part)]
        apart = [token.text for token in tokens(f"{written} {part}")]
        # "<" and what follows it may be an IRI with what stands further on
        written += ("" if joined == apart and wanted[number - 1] != "<" else " ") + part
    return written


@pytest.mark.parametrize("seed", range(250))
def test_spacing_changes_no_answer(seed: int) -> None:
    """Without white space, with much, and with comments."""
    text = Queries(seed).query()
    assert [token.text for token in tokens(close(text))] == [token.text for token in tokens(text)]
    answers = []
    for spaced in (close(text), text.replace(" ", " \n\t "), text.replace(" ", "#}\n"), text.replace(" ", " #)'\r")):
        try:
            answers.append(sorted(rows(spaced, DATA)))
        except QueryError as error:
            raise AssertionError(spaced) from error
    assert answers[1:] == answers[:-1], text


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("SELECT*{?x :p|:q :b}", [["<http://e.org/a>"]] * 2 + [["<http://e.org/b>"]]),
        ("SELECT (COALESCE #(\n (?n, ?m, 'a') AS ?r) {}", [['"a"']]),
        ("SELECT(COUNT(*)AS?n){:a(:p|:p)?y}", [['"4"^^<integer>']]),
        ("SELECT?x{:nix :p*?x}", [["<http://e.org/nix>"]]),
        ("SELECT?x{?x :p*true}", [['"true"^^<boolean>']]),
        ("SELECT?y{VALUES?y{:k :l}FILTER NOT EXISTS{?y :p*:k}}", [["<http://e.org/l>"]]),
        ("SELECT?y{VALUES?y{:k :l}FILTER EXISTS{:k :p?:k.?y :p?:k}}", [["<http://e.org/k>"]]),
        ("SELECT(?a<?b&&?b>=?a AS?r){VALUES(?a ?b){(01 2)}}", [['"true"^^<boolean>']]),
        ("SELECT(?a<1/2 AS?r){VALUES?a{01}}", [['"false"^^<boolean>']]),
        ("SELECT(?a+1/2AS?r){VALUES?a{3}}", [['"3.5"^^<decimal>']]),
        ("SELECT(?a -1/2*2-3AS?r){VALUES?a{3}}", [['"-1"^^<decimal>']]),
        ("SELECT(?a/xsd:decimal(?b)AS?r){VALUES(?a ?b){(0 2)}}", [['"0"^^<decimal>']]),
        ("SELECT?y{:b :v 3.:b :v 03.:b :r ?y}", []),
        ("SELECT?y{:b :v 03.:b :r ?y.}", [["<http://e.org/a>"]]),
        ("SELECT?y{:b :v 03.?y :p _:b.?y :r ?z}", [["<http://e.org/b>"]] * 3),
    ],
)
def test_answers_of_texts_without_spaces(text: str, wanted: list[list[str]]) -> None:
    """Each is what the specification says."""
    assert rows(text, DATA) == wanted


def test_every_change_is_made() -> None:
    """What is inserted at the border of a replaced part stays; what would be lost is refused."""
    text = "{a b}"
    edits = Edits()
    edits.replace(1, 4, " ")
    edits.insert(4, "c")
    edits.insert(1, "d")
    assert edits.applied(text) == "{d c}"
    edits.enclose(1, 4, "(")
    assert edits.applied(text) == "{d( )c}"
    for change in (lambda: edits.insert(2, "x"), lambda: edits.enclose(3, 4, "("), lambda: edits.replace(3, 4, "y")):
        with pytest.raises(QueryError, match="two ways"):
            change()
    with pytest.raises(QueryError):
        edits.replace(3, 5, "y")
    edits = Edits()
    edits.replace(3, 4, "B")
    edits.replace(1, 4, edits.part(text, 1, 4) + "!")
    assert edits.applied(text) == "{a B!}"
