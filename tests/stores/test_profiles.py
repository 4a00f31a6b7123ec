"""What is said about stores: the table, the commands, and how literals are compared. No store is needed."""

import random
import re
from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest

from isoc_kg.errors import UsageError
from isoc_kg.rdf import lines_from_quads
from isoc_kg.rdf.blank_nodes import skolemized
from isoc_kg.rdf.lines import Lines
from isoc_kg.stores import PROFILES, find_profile
from isoc_kg.stores.batches import batches, insert_data
from isoc_kg.stores.store import RemoteStore
from isoc_kg.stores.verification import compare

from .material import EX, XSD, numbered

Cli = Callable[..., "object"]


def line(value: str, datatype: str | None = None, subject: str = "s") -> bytes:
    type_ = ox.NamedNode(XSD + datatype) if datatype else None
    quad = ox.Quad(ox.NamedNode(EX + subject), ox.NamedNode(EX + "p"), ox.Literal(value, datatype=type_))
    return lines_from_quads([quad])[0]


def test_every_profile_says_where_its_facts_are_from() -> None:
    """No fact without a source, none said to be tested that is not."""
    from .running import STARTERS

    assert {profile.name for profile in PROFILES if profile.tested} == set(STARTERS)
    for profile in PROFILES:
        assert profile.sources
        assert any(source.startswith("RUN") for source in profile.sources) == profile.tested


@pytest.mark.parametrize(
    ("name", "given", "query", "update", "graph_store"),
    [
        ("fuseki", "http://h/ds", "http://h/ds/query", "http://h/ds/update", "http://h/ds/data"),
        ("fuseki", "http://h/ds/sparql", "http://h/ds/query", "http://h/ds/update", "http://h/ds/data"),
        ("oxigraph", "http://h/", "http://h/query", "http://h/update", "http://h/store?no_transaction"),
        ("virtuoso", "http://h/sparql", "http://h/sparql-auth", "http://h/sparql-auth", "http://h/sparql-graph-crud-auth"),
        ("virtuoso", "http://h", "http://h/sparql-auth", "http://h/sparql-auth", "http://h/sparql-graph-crud-auth"),
        ("rdf4j", "http://h/r/repositories/x", "http://h/r/repositories/x", "http://h/r/repositories/x/statements",
         "http://h/r/repositories/x/rdf-graphs/service"),
        ("generic", "http://h/sparql", "http://h/sparql", "http://h/sparql", None),
        ("qlever", "http://h/", "http://h", "http://h", "http://h"),
        ("neptune", "https://h:8182", "https://h:8182/sparql", "https://h:8182/sparql", "https://h:8182/sparql/gsp/"),
    ],
)  # fmt: skip
def test_addresses(name: str, given: str, query: str, update: str, graph_store: str | None) -> None:
    """Whatever address of a store the user gives, the others follow from it."""
    with RemoteStore(find_profile(name), given) as store:
        endpoint = store.endpoint
        assert (endpoint.query_url, endpoint.update_url, endpoint.graph_store_url) == (query, update, graph_store)


def test_the_case_of_language_tags_is_no_damage() -> None:
    """A store may keep `en-US` as it is, in small letters, or in the case of BCP 47; of blank nodes, too."""
    sent = [
        b'<http://e/s> <http://e/p> "x"@zh-HANT .\n',
        b"<http://e/s> <http://e/p> _:a .\n",
        b'_:a <http://e/p> "y"@zh-HANT .\n',
    ]
    for kept in (b"zh-HANT", b"zh-hant", b"zh-Hant"):
        back = [text.replace(b"zh-HANT", kept).replace(b"_:a", b"_:z") for text in sent]
        assert compare(sent, back, find_profile("rdf4j")).same
        assert compare(sent[:1], back[:1], find_profile("rdf4j")).same
        assert not compare(sent, [text.replace(b"y", b"z") for text in back], find_profile("rdf4j")).same
    assert not compare(sent, [text.replace(b"zh-HANT", b"zh") for text in sent], find_profile("rdf4j")).same


def test_known_forms_are_told_from_damage() -> None:
    """A canonical form is named; another value, a missing and an additional triple are damage."""
    profile = find_profile("oxigraph")
    sent = [line("1.10", "decimal", "a"), line("007", "integer", "b"), line("x", None, "c")]
    good = [line("1.1", "decimal", "a"), line("7", "integer", "b"), line("x", None, "c")]
    found = compare(sent, good, profile)
    assert found.same
    assert [literals.count for literals in found.rewritten] == [2]
    for bad in (good[:2], [*good, line("y")], [line("1.2", "decimal", "a"), *good[1:]]):
        assert not compare(sent, bad, profile).same
    assert not compare(sent, good, find_profile("rdf4j")).same


def test_differences_are_those_of_sets() -> None:
    """Whatever the order, whether one side is empty, and whether lines are a block or a list."""
    rnd, every, profile = random.Random(3), numbered(60), find_profile("rdf4j")
    for size in (0, 1, 30, 60):
        sent, back = rnd.sample(every, size), rnd.sample(every, rnd.randrange(61))
        for given in (sent, Lines(sorted(sent))):
            comparison = compare(given, back, profile)
            assert comparison.missing == tuple(sorted({*sent} - {*back}))
            assert comparison.extra == tuple(sorted({*back} - {*sent}))


def test_same_labels_and_changed_literals() -> None:
    """Where a store keeps labels, these tell nodes apart; where it gives others, content does."""
    profile = find_profile("oxigraph")
    sent = sorted([line("1.10", "decimal"), *(b'_:%d <x:p> "%d" .\n' % (n, n) for n in range(9))])
    kept = [text.replace(b"1.10", b"1.1") for text in sent]
    for back in (kept, [text.replace(b"_:", b"_:other") for text in kept]):
        comparison = compare(Lines(sent), back, profile)
        assert comparison.same
        assert [literals.count for literals in comparison.rewritten] == [1]
    assert not compare(Lines(sent), kept[1:], profile).same
    assert not compare(Lines(sent), [text.replace(b'"8"', b'"7"') for text in kept], profile).same


def test_two_literals_kept_as_one() -> None:
    """1.10 and 1.1 of one subject: one of them is what both are kept as."""
    sent = [line("1.1", "decimal"), line("1.10", "decimal")]
    assert compare(sent, [line("1.1", "decimal")], find_profile("fuseki")).same
    assert not compare(sent, [line("1.10", "decimal", "other")], find_profile("fuseki")).same


def test_blank_nodes_stay_in_one_request() -> None:
    """All triples with blank nodes are one batch, which is not sent twice; too many are refused."""
    ground = numbered(100)
    blank = [f"_:b{number} <{EX}p> _:b{number + 1} .\n".encode() for number in range(20)]
    cut = list(batches(sorted(ground + blank), 2000))
    assert cut[0] == (b"".join(sorted(blank)), 20, False)
    assert all(repeatable for _, _, repeatable in cut[1:])
    assert sorted(b"".join(body for body, _, _ in cut).splitlines(keepends=True)) == sorted(ground + blank)
    whole = b"".join(sorted(ground + blank))
    assert list(batches(sorted(ground + blank), len(whole))) == [(whole, 120, False)]  # which may be one transaction
    assert list(batches(sorted(ground), len(whole))) == [(b"".join(sorted(ground)), 100, True)]
    with pytest.raises(UsageError, match="blank nodes") as error:
        list(batches(sorted(ground + blank), 200))
    assert "--skolemize" in str(error.value)


def test_blank_nodes_that_are_not_linked_may_go_apart() -> None:
    """What does not fit into one request goes by what is linked: no blank node stands in two."""
    chains = [f"_:c{c}n{n} <{EX}p> _:c{c}n{n + 1} .\n".encode() for n in range(20) for c in range(30)]
    within = [f"<{EX}s> <{EX}q> <<( _:c3n0 <{EX}p> _:c4n0 )>> .\n".encode()]
    cut = list(batches(sorted(chains + within), 3000))
    assert sorted(b"".join(body for body, _, _ in cut).splitlines(keepends=True)) == sorted(chains + within)
    assert 4 < len(cut) < 20
    assert all(len(body) <= 3000 and not repeatable for body, _, repeatable in cut)
    nodes = [set(re.findall(rb"_:c\d+n", body)) for body, _, _ in cut]
    assert sum(map(len, nodes)) == len(set.union(*nodes)) == 30
    assert len([one for one in nodes if one & {b"_:c3n", b"_:c4n"}]) == 1


def test_what_looks_like_a_blank_node_in_a_literal() -> None:
    """`_:x` in a text is no blank node, and stays as it is."""
    lines = [line("see _:x , _:y ")]
    assert skolemized({None: lines}, EX) == {None: lines}
    assert [repeatable for _, _, repeatable in batches(lines, 2000)] == [True]


def test_updates_carry_every_triple_once() -> None:
    """Statements of at most so many triples."""
    lines = numbered(2345)
    told = list(insert_data(lines, EX + "g", 1000, 10_000_000))
    assert [count for _, count in told] == [1000, 1000, 345]
    assert sum(text.count(" .\n") for text, _ in told) == 2345


def test_dry_run_sends_nothing(cli: Cli, tmp_path: Path) -> None:
    """It says where what would go; nobody listens there."""
    (tmp_path / "a.nt").write_bytes(b"".join(numbered(50)))
    done = cli(
        "load", "a.nt", "--to", "fuseki", "--endpoint", "http://127.0.0.1:9/ds", "--graph", EX + "g", "--dry-run"
    )
    assert "50 triples" in done.stdout  # type: ignore[attr-defined]
    assert "http://127.0.0.1:9/ds/data" in done.stdout  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [profile.name for profile in PROFILES if not profile.tested])
def test_untested_is_said(cli: Cli, tmp_path: Path, name: str) -> None:
    """Where nobody has run it, the user is told before anything is sent."""
    (tmp_path / "a.nt").write_bytes(b"".join(numbered(5)))
    where = ("--endpoint", "http://127.0.0.1:9/x", "--graph", EX + "g")
    done = cli("load", "a.nt", "--to", name, *where, "--dry-run")
    assert "untested" in done.stderr  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", [profile.name for profile in PROFILES if profile.native])
def test_native(cli: Cli, name: str) -> None:
    """The store's own bulk command with the file in it."""
    done = cli("load", "big.nt", "--to", name, "--native", "--graph", EX + "g")
    assert "big.nt" in done.stdout  # type: ignore[attr-defined]
    assert EX + "g" in done.stdout or name in ("graphdb", "qlever", "stardog")  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--to", "nothing", "--endpoint", "http://127.0.0.1:9/"], "there is no profile"),
        ([], "--endpoint"),
        (["--to", "oxigraph", "--endpoint", "ftp://x/"], "not a valid URL"),
        (["--to", "oxigraph", "--endpoint", "http://127.0.0.1:9/", "--graph", "no iri"], "is not a valid IRI"),
        (["--to", "oxigraph", "--endpoint", "http://127.0.0.1:9/", "--auth", "basic"], "ISOC_KG_USER"),
    ],
)
def test_usage(cli: Cli, tmp_path: Path, arguments: list[str], words: str) -> None:
    """What makes no sense is said in one message, exit code 2."""
    (tmp_path / "a.nt").write_bytes(b"".join(numbered(5)))
    assert words in cli("load", "a.nt", *arguments, code=2).stderr  # type: ignore[attr-defined]


def test_nothing_to_load(cli: Cli, tmp_path: Path) -> None:
    """An empty file is not taken for the wish to empty a graph."""
    (tmp_path / "a.nt").write_bytes(b"")
    where = ("--to", "oxigraph", "--endpoint", "http://127.0.0.1:9/")
    assert "no triples" in cli("load", "a.nt", *where, code=2).stderr  # type: ignore[attr-defined]


def turtle(text: str) -> list[bytes]:
    return lines_from_quads(ox.parse(f"@prefix : <{EX}> . {text}", format=ox.RdfFormat.TURTLE))


def test_literals_within_blank_nodes_are_known_forms_too() -> None:
    """What a store is known to change labels nothing anew; what it damaged is found."""
    oxigraph, virtuoso = find_profile("oxigraph"), find_profile("virtuoso")
    sizes = ":a :p [ :size 1.0 ; :of [ :v 007 ] ] , [ :size 2.50 ] , [ :size 3.5 ] ."
    kept = turtle(f":a :p [ :size 3.5 ] , [ :size 2.5 ] , [ :size '1'^^<{XSD}decimal> ; :of [ :v 7 ] ] .")
    assert compare(turtle(sizes), kept, oxigraph).same
    assert not compare(turtle(sizes), kept[1:], oxigraph).same
    swapped = ":a :p [ :size 2.50 ; :of [ :v 007 ] ] , [ :size 1.0 ] , [ :size 3.5 ] ."
    assert not compare(turtle(swapped), kept, oxigraph).same
    both = turtle(":a :p [ :size 1.0 , 1.00 ; :text '_:b and more' ] .")
    assert compare(both, turtle(f":a :p [ :size '1'^^<{XSD}decimal> ; :text '_:b and more' ] ."), oxigraph).same
    lossy = turtle(f":a :p [ :v '1.00000001'^^<{XSD}double> ] , [ :v '1.00000002'^^<{XSD}double> ] .")
    cut = turtle(f":a :p [ :v '1.0'^^<{XSD}double> ] , [ :v '1.0'^^<{XSD}double> ] .")
    comparison = compare(lossy, cut, virtuoso)
    assert comparison.same
    assert [literals.rewriting.lossy for literals in comparison.rewritten] == [True]
    assert not compare(lossy, cut, oxigraph).same
