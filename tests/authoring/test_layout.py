"""The canonical layout of Turtle: white space alone changes, and once."""

from collections.abc import Callable
from pathlib import Path

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.authoring.layout import laid_out, lay_out_file, turtle_laid_out
from isoc_kg.errors import IsocKgError, LimitExceeded, ParseError
from isoc_kg.limits import Limits
from isoc_kg.rdf import read_quads
from isoc_kg.rdf.turtle_tokens import lexemes

from material import ROOT, SUITES, requires_suites

PREFIXES = "@prefix x: <http://x/> .\n@prefix : <http://d/> .\n"


def statements(turtle: str) -> set[str]:
    """The triples of a text, blank nodes by their canonical labels."""
    dataset = ox.Dataset(ox.parse(turtle.encode(), ox.RdfFormat.TURTLE, base_iri="http://base/"))
    dataset.canonicalize(ox.CanonicalizationAlgorithm.UNSTABLE)
    return set(map(str, dataset))


def checked(turtle: str) -> str:
    """The layout of a text, of which everything is asked that holds of all."""
    result = laid_out(turtle)
    assert statements(result) == statements(turtle)
    assert [(t.kind, t.text) for t in lexemes(result)] == [(t.kind, t.text) for t in lexemes(turtle)]
    assert laid_out(result) == result
    if '"""' not in turtle and "'''" not in turtle:
        assert not any(line.endswith((" ", "\t")) for line in result.split("\n"))
    return result


@pytest.mark.parametrize(
    ("given_", "laid"),
    [
        ("x:a x:b x:c.", "x:a x:b x:c ."),
        ("x:a x:b x:c;x:d 1,2 ,3 .x:e a x:f .", "x:a x:b x:c ;|    x:d 1, 2, 3 .|x:e a x:f ."),
        ("x:a x:b x:c{/x:e x:f,x:g;x:h 1/},x:d.", "x:a x:b x:c {/ x:e x:f, x:g ; x:h 1 /} ,|        x:d ."),
        ("x:a x:b x:c ~ x:r {/ x:e x:f /} ~ , 'a'@en .", "x:a x:b x:c ~ x:r {/ x:e x:f /} ~ ,|        'a'@en ."),
        ("x:a x:b '1' ^^ x:c , 'a' @en--ltr .", "x:a x:b '1'^^x:c, 'a'@en--ltr ."),
        ("x:a x:b[ ],(),[x:c(1 2)] .", "x:a x:b [], (), [ x:c ( 1 2 ) ] ."),
        ("[x:a x:b].", "[ x:a x:b ] ."),
        ("<<x:a x:b x:c>>x:d<<(x:a x:b<<( x:d x:e x:f)>>)>>.",
         "<< x:a x:b x:c >> x:d <<( x:a x:b <<( x:d x:e x:f )>> )>> ."),
        ("x:a x:b x:c ; ; x:d x:e ; .", "x:a x:b x:c ; ;|    x:d x:e ; ."),
        ("x:a x:b x:c.||||x:d x:e x:f.", "x:a x:b x:c .||x:d x:e x:f ."),
        ("x:a x:b 1.5,.5,1.e2,-1 .x:a x:b 1.", "x:a x:b 1.5, .5, 1.e2, -1 .|x:a x:b 1 ."),
        ("PREFIX y:<http://y/>BASE<http://b/>y:a y:b<c>.", "PREFIX y: <http://y/>|BASE <http://b/>|y:a y:b <c> ."),
        ("x:a.b x:b%20\\~ _:c.d .", "x:a.b x:b%20\\~ _:c.d ."),
        ("x:a x:b '''c|   d   \r|''' .", "x:a x:b '''c|   d   \r|''' ."),
        ("# first|||# second   |x:a x:b x:c . # behind|||# last",
         "# first||# second|x:a x:b x:c .  # behind||# last"),
        ("x:a # subject|x:b x:c # object|; # mark|x:d x:e|# own|.",
         "x:a  # subject|    x:b x:c  # object|    ;  # mark|    x:d x:e|    # own|    ."),
        ("x:a x:b x:c , # one| # two|x:d ;||# three|x:e x:f .",
         "x:a x:b x:c ,  # one|        # two|        x:d ;||    # three|    x:e x:f ."),
        ("x:a x:b [ # in| x:c x:d ; x:e x:f # out| ] .",
         "x:a x:b [  # in|        x:c x:d ;|        x:e x:f  # out|    ] ."),
        ("x:a x:b x:c {/ x:d x:e ; # why|x:f x:g /} .", "x:a x:b x:c {/ x:d x:e ;  # why|        x:f x:g /} ."),
    ],
)  # fmt: skip
def test_layout(given_: str, laid: str) -> None:
    """A stroke is a line's end, `{/` the beginning of an annotation."""
    given_, laid = (text.replace("|", "\n").replace("{/", "{|").replace("/}", "|}") for text in (given_, laid))
    assert checked(PREFIXES + given_) == f"{PREFIXES}{laid}\n"


def test_what_does_not_fit_in_a_line() -> None:
    """Lists and brackets are broken; evidence stays beside its object, however long it is."""
    long = ", ".join(f"x:{'n' * 20}{number}" for number in range(6))
    lines = checked(f"{PREFIXES}x:a x:b {long} ; x:c [ x:d {long.split(', ')[0]} ; x:e '{'w' * 90}' ] .").splitlines()[
        2:
    ]
    assert lines[0] == f"x:a x:b x:{'n' * 20}0 ,"
    assert [line[:8] for line in lines[1:6]] == [" " * 8] * 5
    assert lines[6:] == ["    x:c [", f"        x:d x:{'n' * 20}0 ;", f"        x:e '{'w' * 90}'", "    ] ."]
    evidence = f"x:a x:b x:c {{| x:d '{'w' * 200}' ; x:e x:f |}} ."
    assert checked(PREFIXES + evidence) == f"{PREFIXES}{evidence}\n"


@pytest.mark.parametrize("path", sorted((ROOT / "facts").glob("*.ttl")), ids=lambda path: path.name)
def test_own_facts(path: Path) -> None:
    """They are in canonical layout."""
    text = path.read_text(encoding="utf-8")
    assert checked(text) == text


@pytest.mark.parametrize("folder", ["ontology", "shapes", "tests/projects", "src/isoc_kg/publication/starter/bakery"])
def test_own_files(folder: str) -> None:
    """The files of all projects here, in which there are comments and blank nodes."""
    files = sorted((ROOT / folder).rglob("*.ttl"))
    assert files
    for path in files:
        checked(path.read_text(encoding="utf-8"))


@requires_suites
def test_all_turtle_of_the_suites() -> None:
    """Whatever of the W3C's files the engine reads; what it refuses is not laid out."""
    read = 0
    for path in sorted((SUITES / "w3c-rdf-tests").rglob("*.ttl")):
        try:
            text = path.read_bytes().decode()
            statements(text)
        except (SyntaxError, UnicodeDecodeError):
            with pytest.raises(IsocKgError):
                turtle_laid_out(path.read_bytes(), path.name)
            continue
        read += 1
        checked(text)
    assert read > 400


WHITE = st.sampled_from(
    [" ", "\n", "\t", "  ", "\n\n", "\n\n\n", "\r\n", " # c\n", "\n# own\n", "\n\n#\n\n", "# {| x:a .\n"]
)
NODES = st.sampled_from(
    ["x:a", ":", "x:", "<http://x/b>", "x:c.d", "x:1", "<a>", "_:b", "_:b.1", "x:ä·", "x:%41\\-", "x::y", "_:1"]
)
LITERALS = st.sampled_from(
    ["1", "-1.5", "+.5", "1e3", "1.E-3", "true", "'a'", '"a"@en', "'a' @en-GB", '"1"^^x:d', "'1' ^^ <http://d>",
     '"""a\n"b" {| # """', "'''\r\n'''", '"\\"#\\\\"', "'# no comment'", '"a"@ar--rtl']
)  # fmt: skip


Tokens = list[str]


def joined(parts: list[Tokens], mark: str = "") -> Tokens:
    """Lists of tokens as one, a mark between them."""
    return [token for number, part in enumerate(parts) for token in ([mark] if number and mark else []) + part]


def predicates(objects: st.SearchStrategy[Tokens]) -> st.SearchStrategy[Tokens]:
    """Predicates with their objects."""
    verbs = st.sampled_from([["a"], ["x:p"], ["<http://p>"], ["x:" + "p" * 60]])
    pairs = st.tuples(verbs, st.lists(objects, min_size=1, max_size=3)).map(lambda pair: pair[0] + joined(pair[1], ","))
    ends = st.sampled_from([[], [], [";"], [";", ";"]])
    return st.tuples(st.lists(pairs, min_size=1, max_size=3), ends).map(lambda found: joined(found[0], ";") + found[1])


def bracketed(terms: st.SearchStrategy[Tokens]) -> st.SearchStrategy[Tokens]:
    """Terms that hold terms, and terms with what is said of their triples."""
    lists = st.lists(terms, max_size=3).map(lambda parts: ["(", *joined(parts), ")"])
    nodes = (st.just([]) | predicates(terms)).map(lambda inner: ["[", *inner, "]"])
    return lists | nodes


SIMPLE = (NODES | LITERALS).map(lambda token: [token])
TERMS = st.recursive(SIMPLE, bracketed, max_leaves=4)
TRIPLE_TERMS = st.tuples(NODES, NODES | st.just("'1'")).map(lambda ends: ["<<(", ends[0], "x:p", ends[1], ")>>"])
SAID = predicates(SIMPLE).map(lambda inner: ["{|", *inner, "|}"])
REIFIED = st.sampled_from([["~"], ["~", "x:r"], ["~", "_:r"]])
OBJECTS = (
    TERMS
    | TRIPLE_TERMS
    | st.tuples(TERMS, st.lists(SAID | REIFIED, max_size=2)).map(lambda found: found[0] + joined(found[1]))
)
SUBJECTS = NODES.map(lambda token: [token]) | st.just(["<<", "x:s", "x:p", "1", ">>"]) | bracketed(SIMPLE)
DIRECTIVES = st.sampled_from([["PREFIX", "y:", "<http://y/>"], ["@base", "<http://c/>", "."], ["base", "<http://e/>"]])
STATEMENTS = DIRECTIVES | st.tuples(SUBJECTS, predicates(OBJECTS)).map(lambda found: [*found[0], *found[1], "."])


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Turtle with any white space and comments between its tokens."""
    tokens = joined(draw(st.lists(STATEMENTS, min_size=1, max_size=3)))
    white = draw(st.lists(WHITE, min_size=3, max_size=12))
    return "".join(token + white[number % len(white)] for number, token in enumerate(tokens))


@settings(deadline=None)
@given(texts())
def test_any_turtle(text: str) -> None:
    """The same triples, tokens and comments, and the same again."""
    checked(PREFIXES + text)


@given(st.text(max_size=60))
def test_any_text(text: str) -> None:
    """What is not Turtle is refused with a message."""
    try:
        turtle_laid_out(text.encode("utf-8", "surrogatepass"), "it")
    except IsocKgError as error:
        assert error.message


@pytest.mark.parametrize("text", ["x:a x:b [", "x:a x:b ] .", "a b", "}", "\x00", "<a> <b> <c> ^ ."])
def test_no_turtle(text: str) -> None:
    with pytest.raises(ParseError):
        turtle_laid_out(text.encode(), "it")
    try:
        laid_out(text)
    except ParseError as error:
        assert error.message


def test_nested_too_deeply() -> None:
    """A message, at whatever depth; below it a layout."""
    checked(f"<a> <b> {'[ <b> ' * 100} 1 {']' * 100} .")
    with pytest.raises(LimitExceeded):
        turtle_laid_out(f"<a> <b> {'[ <b> ' * 5000} 1 {']' * 5000} .".encode(), "it")


def test_files(tmp_path: Path) -> None:
    """Written only where something changes; a byte order mark goes, and so do carriage returns."""
    file = tmp_path / "a.ttl"
    file.write_bytes("\ufeff<http://a> <http://b>\r\n <http://c>.".encode())
    assert lay_out_file(file, write=False)
    assert file.read_bytes().startswith(b"\xef\xbb\xbf")
    assert lay_out_file(file)
    assert file.read_bytes() == b"<http://a> <http://b> <http://c> .\n"
    inode = file.stat().st_ino
    assert not lay_out_file(file)
    assert file.stat().st_ino == inode
    with pytest.raises((LimitExceeded, OSError)):
        lay_out_file(file, Limits(max_file_bytes=5))
    for content in (b"", b"\n\n", b"# only\n"):
        file.write_bytes(content)
        lay_out_file(file)
        assert file.read_bytes() == content.strip() + (b"\n" if content.strip() else b"")


def test_format(cli: Callable[..., object], harbour: Path, tmp_path: Path) -> None:
    """The facts of the project by default; --check writes nothing and fails; the digest stays."""
    facts = harbour / "facts" / "harbour.ttl"
    before = facts.read_bytes()
    digest = [line for line in cli("build", "--project", harbour).stdout.splitlines() if "sha256" in line]  # type: ignore[attr-defined]
    done = cli("format", "--check", "--project", harbour, code=1)
    assert f"{facts}: another layout" in done.stdout  # type: ignore[attr-defined]
    assert facts.read_bytes() == before
    cli("format", cwd=harbour)
    assert facts.read_bytes() != before
    assert "1 file, 0 in another layout" in cli("format", "--check", facts).stderr  # type: ignore[attr-defined]
    assert digest == [
        line
        for line in cli("build", "--project", harbour).stdout.splitlines()  # type: ignore[attr-defined]
        if "sha256" in line
    ]
    assert "there is no project in this folder" in cli("format", code=2).stderr  # type: ignore[attr-defined]
    (tmp_path / "a.jsonld").write_text("{}")
    assert "not a Turtle file" in cli("format", tmp_path / "a.jsonld", code=2).stderr  # type: ignore[attr-defined]
    (tmp_path / "bad.ttl").write_text("<a> <b>")
    assert "bad.ttl" in cli("format", tmp_path / "bad.ttl", code=3).stderr  # type: ignore[attr-defined]
    assert (tmp_path / "bad.ttl").read_text() == "<a> <b>"


def test_a_name_with_an_escape_at_the_end_of_the_text() -> None:
    text = b"@prefix a: <http://a.example/> .\na:x a:y a:b\\.."
    assert turtle_laid_out(text, "t.ttl").endswith(b"a:x a:y a:b\\. .\n")
    assert [quad.object.value for quad in read_quads(text)] == ["http://a.example/b."]
