"""JSON-LD as its API has it, by the engine or by PyLD, in bounded time."""

import itertools
import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from unittest import mock

import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.errors import IsocKgError, LimitExceeded, ParseError
from isoc_kg.formats import JSONLD, NQUADS
from isoc_kg.limits import Limits
from isoc_kg.rdf import read_lines, read_quads
from isoc_kg.rdf.jsonld_omissions import _is_bad_tag
from isoc_kg.rdf.jsonld_reading import JsonLdText
from isoc_kg.rdf.jsonld_worker import _LANGUAGE

from .manifests import canonical
from material import SUITES, requires_suites

TESTS = SUITES / "w3c-json-ld-api" / "tests"
XSD = "http://www.w3.org/2001/XMLSchema#"


def read(document: Any, base: str | None = "http://b/x", **more: Any) -> list[str]:
    data = document.encode() if isinstance(document, str) else json.dumps(document).encode()
    quads = read_quads(data, JSONLD, base=base, **more)
    return sorted(line.decode()[:-3] for line in ox.serialize(quads, format=ox.RdfFormat.N_QUADS).splitlines(True))


def is_ordinary(document: Any, base: str = "http://b/x") -> bool:
    with mock.patch.object(JsonLdText, "_by_pyld", return_value=b""):
        return JsonLdText(json.dumps(document).encode(), Limits(), base, None).quads is None


#: What the suite wants of an API and not of a reader of files, or of processing mode 1.0, which is withdrawn.
NOT_OURS = {
    "#te077": "expandContext is an option of the API",
    "#tdi09": "rdfDirection is not normative, and its default is to leave directions out",
    "#tdi10": "rdfDirection",
    "#tdi11": "rdfDirection",
    "#tdi12": "rdfDirection",
}


@pytest.mark.slow
@requires_suites
@pytest.mark.filterwarnings("ignore:.*left out, as JSON-LD requires")  # which some of the tests are about
def test_the_suite() -> None:
    """Every test for JSON-LD 1.1, remote contexts from copies of them."""
    manifest = json.loads((TESTS / "toRdf-manifest.jsonld").read_bytes())
    site = manifest["baseIri"]
    wrong: dict[str, str] = {}
    done = 0
    for test in manifest["sequence"]:
        options = test.get("option", {})
        withdrawn = "json-ld-1.0" in (options.get("specVersion"), options.get("processingMode"))
        if withdrawn or options.get("produceGeneralizedRdf") or test["@id"] in NOT_OURS:
            continue
        done += 1
        path = TESTS / test["input"]
        beside = (TESTS / "toRdf").rglob(f"{path.name[:2]}*.jsonld")
        contexts = {site + str(copy.relative_to(TESTS)): copy for copy in beside if "@context" in copy.read_text()}
        try:
            quads = read_quads(path, JSONLD, base=options.get("base", site + test["input"]), contexts=contexts)
            found = canonical(quads)
        except IsocKgError as error:
            if "Negative" not in str(test["@type"]):
                wrong[test["@id"]] = str(error)
            continue
        if "Negative" in str(test["@type"]):
            wrong[test["@id"]] = "accepted"
        elif "expect" in test:
            expected = canonical(ox.parse((TESTS / test["expect"]).read_bytes(), format=NQUADS.engine))
            if found != expected:
                wrong[test["@id"]] = "other quads"
    assert wrong == {}
    assert done > 400


@pytest.mark.parametrize(
    ("written", "lexical", "datatype"),
    [
        ("18446744073709551616", "18446744073709551616", "integer"),
        ("100000000000000000000", "100000000000000000000", "integer"),
        ("999999999999999999999", "999999999999999999999", "integer"),
        ("-1e20", "-100000000000000000000", "integer"),
        ("1000000000000000000000", "1.0E21", "double"),
        ("1e21", "1.0E21", "double"),
        ("5.0", "5", "integer"),
        ("0.1", "1.0E-1", "double"),
        ("0.30000000000000004", "3.0E-1", "double"),
        ("9007199254740993", "9007199254740993", "integer"),
        ("1" + "0" * 5000, "INF", "double"),
    ],
)
def test_numbers_have_their_canonical_form(written: str, lexical: str, datatype: str) -> None:
    """JSON-LD 1.1 API, section 8.6: integers below 10^21, doubles of sixteen digits."""
    lines = read('{"@id": "http://e/1", "http://e/p": ' + written + "}")
    assert lines == [f'<http://e/1> <http://e/p> "{lexical}"^^<{XSD}{datatype}>']


@pytest.mark.parametrize("more", [{}, {"http://e/q": 1e20}])
def test_doubles_have_sixteen_digits_whoever_reads(more: dict[str, Any]) -> None:
    """JSON-LD 1.1 API, section 8.6: `%1.15E`. In texts and as integers nothing changes."""
    numbers = {75.9: "7.590000000000001E1", -0.07: "-7.000000000000001E-2", 48.858370000000001: "4.885837E1"}
    for number, lexical in numbers.items():
        document = {"@id": "http://e/1", "http://e/p": [number, f"{number}, \\ {number}", 5.0], **more}
        lines = read(document)
        assert f'<http://e/1> <http://e/p> "{lexical}"^^<{XSD}double>' in lines
        assert sum(f'"{number}, ' in line and line.endswith(f' {number}"') for line in lines) == 1
        assert f'<http://e/1> <http://e/p> "5"^^<{XSD}integer>' in lines
        assert is_ordinary(document) is not bool(more)


def test_a_graph_is_named_by_what_is_said_of_it_alone() -> None:
    """Beside `@graph`, properties without an IRI or a value are nothing (API, sections 5.1.2 and 7)."""
    inner = [{"@id": "http://e/1", "http://v/p": "x"}]
    for more in ({"http://v/q": None}, {"unknown": "y"}, {"@type": []}):
        assert read({**more, "@graph": inner}) == ['<http://e/1> <http://v/p> "x"']
    assert read({"@index": "y", "@graph": inner})[0].startswith('<http://e/1> <http://v/p> "x" _:')
    assert read({"@id": "http://e/g", "@graph": inner}) == ['<http://e/1> <http://v/p> "x" <http://e/g>']


def test_names_of_keywords_are_values_too() -> None:
    """A relative IRI may be what the context calls a keyword."""
    context = {"id": "@id", "type": "@type", "p": {"@id": "http://v/p", "@type": "@id"}}
    assert read({"@context": context, "id": "id", "p": "type"}) == ["<http://b/id> <http://v/p> <http://b/type>"]


def test_maps_by_identifier() -> None:
    """Their keys are IRIs; keywords among them are none."""
    context = {"m": {"@id": "http://v/m", "@container": "@id"}}
    value = {"http://e/2": {"http://v/p": "x"}}
    assert len(read({"@context": context, "@id": "http://e/1", "m": value})) == 2


def test_lists_below_what_is_left_out_are_left_out() -> None:
    """Without a base a relative IRI is none, and its triples are nothing."""
    assert read({"@context": {"@base": None}, "@id": "x", "http://v/p": {"@list": ["y"]}}) == []
    lines = read({"@context": {"@base": None}, "http://v/p": {"@list": [{"@id": "y"}]}})
    assert [line.split(" ")[1].rpartition("#")[2] for line in lines] == ["<http://v/p>", "rest>"]


@pytest.mark.parametrize(
    "document",
    [
        {"@context": {"@vocab": "https://schema.org/"}, "geo": {"latitude": 51.5, "longitude": -0.1278}},
        {"@context": {"@vocab": "https://schema.org/"}, "articleBody": "a, [b], [[c]] me@nest.com @json"},
        {"@context": {"l": {"@id": "http://v/l", "@container": "@language"}}, "l": {"en": "x", "de": ["y"]}},
        {"@context": {"n": {"@id": "http://v/n", "@container": ["@set"]}}, "n": ["x"], "more": "y"},
    ],
)
def test_what_is_published_everyday_needs_no_other_process(document: dict[str, Any]) -> None:
    """Coordinates, texts, language maps, keys without an IRI."""
    assert is_ordinary({"@id": "http://e/1", **document})


def test_texts_that_are_doubles_stay_as_they_are() -> None:
    """Also where PyLD reads the document, which would write them anew."""
    for more in ({}, {"http://e/q": 1e20}):
        document = {"@id": "http://e/1", "http://e/p": {"@value": "1.0", "@type": f"{XSD}double"}, **more}
        assert f'<http://e/1> <http://e/p> "1.0"^^<{XSD}double>' in read(document)


@pytest.mark.parametrize("protected", [True, False])
def test_contexts_may_say_that_they_protect_nothing(protected: bool) -> None:
    """`@protected` is true or false (https://www.w3.org/TR/json-ld11/#context-definitions)."""
    context = {"@vocab": "http://e/", "@protected": protected, "q": {"@id": "http://e/q", "@protected": False}}
    assert '_:b0 <http://e/p> "x"' in read({"@context": context, "p": "x"})
    again = {"@context": [{"p": "http://e/p", "@protected": False}, {"p": "http://e/q"}], "p": "x"}
    assert '_:b0 <http://e/q> "x"' in read(again)


def test_terms_of_scoped_contexts() -> None:
    """A property-scoped context holds below a type-scoped one, which ends with the next node."""
    document = {
        "@context": {
            "@version": 1.1,
            "@vocab": "http://v/",
            "T": {"@context": {"p": "http://t/p"}},
            "q": {"@context": {"p": "http://q/p"}},
        },
        "@id": "http://e/1",
        "@type": "T",
        "p": "typed",
        "q": {"@id": "http://e/2", "p": "scoped", "r": {"@id": "http://e/3", "p": "below"}},
    }
    assert {line.split(" ", 1)[1] for line in read(document) if '"' in line} == {
        '<http://t/p> "typed"',
        '<http://q/p> "scoped"',
        '<http://q/p> "below"',
    }


@pytest.mark.parametrize("scoped", [None, [None]])
def test_a_type_may_reset_the_context_for_its_node_alone(scoped: Any) -> None:
    """JSON-LD 1.1 API, section 4.1.2, step 5.1: nothing is known in the node, and what it leads to is as before."""
    context = {"p": "http://e/p", "T": {"@id": "http://e/T", "@context": scoped}}
    node = {"@id": "http://e/2", "@type": "T", "p": "gone", "http://e/q": {"@id": "http://e/3", "p": "kept"}}
    assert read({"@context": context, "@id": "http://e/1", "p": node}) == [
        "<http://e/1> <http://e/p> <http://e/2>",
        "<http://e/2> <http://e/q> <http://e/3>",
        "<http://e/2> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://e/T>",
        '<http://e/3> <http://e/p> "kept"',
    ]


def test_relative_bases_add_up() -> None:
    """JSON-LD 1.1 API, section 4.1.2, step 5.7: each is resolved against the one around it."""
    inner = {"@context": {"@base": "../t/"}, "@id": "c"}
    document = {"@context": [{"@base": "r/"}, {"@base": "s/"}], "@id": "a", "http://e/p": inner}
    (line,) = read(document)
    subject, _, object_ = line.split(" ")
    assert subject.endswith("/r/s/a>")
    assert object_ == subject.replace("/s/a>", "/t/c>")


@pytest.mark.parametrize("more", [{"@language": "en"}, {"@type": "http://e/t"}, {"@index": "i"}])
def test_a_value_that_is_null_is_no_value(more: dict[str, str]) -> None:
    """JSON-LD 1.1 API, section 5.1.2, step 15.4, whatever else is said of it."""
    assert read({"@id": "http://e/1", "http://e/p": [{"@value": None, **more}, "x"]}) == [
        '<http://e/1> <http://e/p> "x"'
    ]


@pytest.mark.parametrize("more", [{}, {"http://e/q": 1e20}])
def test_iris_may_have_spaces_beyond_ascii(more: dict[str, Any]) -> None:
    """RFC 3987, `ucschar`: U+00A0 is one, whoever reads it."""
    document = {"@id": "http://e/a\u00a0b", "http://e/p\u3000": {"@id": "http://e/\u2003"}, **more}
    assert is_ordinary(document) is not bool(more)
    assert "<http://e/a\u00a0b> <http://e/p\u3000> <http://e/\u2003>" in read(document)


def test_language_tags_are_those_that_the_engine_takes() -> None:
    """RFC 5646, section 2.2.9, in the process of PyLD as elsewhere."""
    pool = (
        "en",
        "zh",
        "a",
        "i",
        "x",
        "sgn",
        "be",
        "gb",
        "oed",
        "hans",
        "419",
        "1996",
        "rozaj",
        "klingon",
        "abcdefghi",
        "",
    )
    tags = {"-".join(parts) for count in (1, 2, 3) for parts in itertools.product(pool, repeat=count)}
    tags |= {
        "en-a-bc-x-1",
        "de-1996-a",
        "zh-cmn-hans-cn",
        "zh-hans-c",
        "en-a-b",
        "x-abcdefghi",
        "i-hak",
        "I-Hak",
        "en_US",
    }
    assert {tag for tag in tags if _LANGUAGE.fullmatch(tag)} == {tag for tag in tags if not _is_bad_tag(tag)}


def test_a_set_in_a_list_is_read_like_an_array_there() -> None:
    """Behind other items, too."""

    def listed(item: Any) -> set[bytes]:
        document = {"@id": "http://e/1", "http://e/p": {"@list": [{"@id": "http://e/2"}, item]}}
        return canonical(read_quads(json.dumps(document).encode(), JSONLD))

    assert listed({"@set": ["x", "y"]}) == listed(["x", "y"])


def test_type_maps_nested_properties_and_escaped_keywords() -> None:
    """What the engine refuses or does not know."""
    context = {"@vocab": "http://v/", "parts": {"@container": ["@type", "@set"]}, "box": "@nest"}
    document = {"@context": context, "@id": "http://e/1", "parts": {"Leg": {"@id": "http://e/2"}}, "box": {"p": "x"}}
    expected = [
        '<http://e/1> <http://v/p> "x"',
        "<http://e/1> <http://v/parts> <http://e/2>",
        "<http://e/2> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://v/Leg>",
    ]
    assert read(document) == expected
    assert read(json.dumps(document).replace("@", "\\u0040")) == expected
    assert read(json.dumps(document).replace("@nest", "@n\\u0065st")) == expected


def test_json_literals_are_ordered_as_their_canonical_form_asks() -> None:
    """RFC 8785, section 3.2.3: by UTF-16 code units."""
    document = {
        "@id": "http://e/1",
        "http://e/p": {"@type": "@json", "@value": {"\ufb33": 1, "\U0001f600": [2.0, None]}},
    }
    (line,) = read(document)
    assert line.split(" ", 2)[2].startswith('"{\\"\U0001f600\\":[2,null],\\"\ufb33\\":1}"^^')


INVALID = {
    "null after protected terms": {
        "@context": [{"@version": 1.1, "@protected": True, "p": "http://e/p"}, None],
        "p": "x",
    },
    "protected terms defined anew": {
        "@context": [{"@protected": True, "p": "http://e/p"}, {"p": "http://e/q"}],
        "p": "x",
    },
    "a type map of texts": {"@context": {"p": {"@id": "http://e/p", "@container": "@type"}}, "p": {"T": 1}},
    "an unknown container": {"@context": [{"p": {"@id": "http://e/p", "@container": "@bag"}}], "p": "x"},
    "a list in @reverse": {
        "@context": {"p": {"@id": "http://e/p", "@container": "@list"}},
        "@reverse": {"p": {"@id": "http://e/2"}},
    },
    "a number as @id": {"@id": 1, "http://e/p": 1},
    "an object as @value": {"http://e/p": {"@value": {"a": 1}}},
    "a number as @protected": {"@context": {"@protected": 7, "p": "http://e/p"}, "p": "x"},
}


@pytest.mark.parametrize("what", INVALID)
def test_what_is_invalid_is_refused(what: str) -> None:
    """Whoever reads it."""
    with pytest.raises(ParseError):
        read(INVALID[what])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        '{"@id": "http://e/1"} x',
        '{"http://e/p": NaN}',
        '{"a": 1,}',
        '{"http://e/p": 1, "http://e/p": 2}',
        '{"http://e/p": [{"http://e/q": 1,\n "http://e/q": 2}]}',
        "[" * 3000,
        '{"a":' * 3000,
        '{"@context": {"a": "b", "a": "c"}}',
    ],
)
def test_what_is_no_json_is_refused(text: str) -> None:
    """Keys that occur twice, too, of which the engine reads both."""
    with pytest.raises((ParseError, LimitExceeded)):
        read(text)


@pytest.mark.parametrize("holder", [{"@value": "v"}, {"@list": ["v"]}, {"@set": ["v"]}])
def test_keys_without_an_iri_beside_a_value(holder: dict[str, Any]) -> None:
    """They are dropped before it is looked what stands beside a value (section 5.1.2, steps 13 and 15)."""
    document = {"@id": "http://e/s", "http://e/p": holder}
    more = {"@id": "http://e/s", "http://e/p": holder | {"unknown": 1}}
    plain, odd = (canonical(read_quads(json.dumps(one).encode(), JSONLD)) for one in (document, more))
    assert plain == odd
    assert plain


@pytest.mark.parametrize(
    ("definition", "code"),
    [
        ({"@container": ["@graph", "@id", "@index"]}, "invalid container mapping"),
        ({"@container": []}, "invalid container mapping"),
        ({"@container": ["@list", "@set"]}, "invalid container mapping"),
        ({"@container": ["@set", "@set"]}, "invalid container mapping"),
        ({"@container": "@none"}, "invalid container mapping"),
        ({"@protected": "x"}, "invalid @protected value"),
        ({"@protected": None}, "invalid @protected value"),
    ],
)
def test_definitions_that_no_term_may_have(definition: dict[str, Any], code: str) -> None:
    """Both readers take some of them."""
    with pytest.raises(ParseError, match=code):
        read({"@context": {"t": {"@id": "http://e/t", **definition}}, "@id": "http://e/s", "t": "v"})


@pytest.mark.parametrize(
    "container",
    [
        None,
        "@set",
        ["@index"],
        ["@language", "@set"],
        ["@set", "@type"],
        ["@graph", "@id"],
        ["@graph", "@index", "@set"],
    ],
)
def test_containers_that_a_term_may_have(container: object) -> None:
    """Alone, with a set, or with a graph."""
    term = {"@id": "http://e/t"} | ({"@container": container} if container else {})
    read({"@context": {"t": term}, "@id": "http://e/s", "http://e/p": 1})


@pytest.mark.parametrize("half", [r"\ud83d", r"\uDE00", r"\ud83d\n", r"\ud83d\ud83d\ude00", r"\ude00\ud83d"])
def test_half_a_surrogate_pair_is_refused_where_it_is(half: str) -> None:
    """In values and keys, whoever reads; pairs, and backslashes before such letters, are no matter."""
    for text in ('{"@id": "http://e/1",\n "http://e/p": "é%s"}', '{"http://e/q": 1e20,\n"http:/é%s": 1}'):
        with pytest.raises(ParseError, match="half of a surrogate pair") as caught:
            read(text % half)
        assert (caught.value.line, caught.value.column) == (2, text.partition("\n")[2].index("%") + 1)
    for text in (r"\ud83d\uDE00", r"\\ud83d"):
        assert len(read('{"@id": "http://e/1", "http://e/p": "' + text + '"}')) == 1


def test_remote_contexts_are_read_from_copies_and_never_fetched(tmp_path: Path) -> None:
    """The message names the option."""
    copy = tmp_path / "context.json"
    copy.write_bytes(b'\xef\xbb\xbf{"@context": {"@vocab": "http://v/"}}')
    for context in ("http://c/x", ["http://c/x"], [{"q": "http://v/q"}, "http://c/x"], {"@import": "http://c/x"}):
        document = {"@context": context, "@id": "http://e/1", "p": "x"}
        with pytest.raises(ParseError, match="nothing is fetched") as caught:
            read(document)
        assert "--context http://c/x=FILE" in (caught.value.advice or "")
        assert read(document, contexts={"http://c/x": copy}) == ['<http://e/1> <http://v/p> "x"']
    copy.write_text("no JSON")
    with pytest.raises(ParseError, match="not a JSON document"):
        read({"@context": "http://c/x"}, contexts={"http://c/x": copy})


def test_relative_iris_without_a_base_are_refused() -> None:
    """They are not left out in silence, unless the document says @base is null."""
    for more in ({}, {"http://e/n": 1e20}):
        for document in ({"@id": "x"}, {"http://e/q": {"@id": "x"}}, {"@type": "x"}, {"@id": ""}):
            with pytest.raises(ParseError, match="relative IRI") as caught:
                read({"@id": "http://e/1", "http://e/p": 1, **more, **document}, base=None)
            assert "--base" in (caught.value.advice or "")
        assert read({"@context": {"@base": None}, "@id": "x", "http://e/p": 1, **more}, base=None) == []


def test_the_process_that_reads_is_bounded_and_ends_with_its_parent(tmp_path: Path) -> None:
    """In time and memory; killed, its parent takes it along."""
    large = {"@id": "http://e/1", "http://e/p": [{"http://e/q": n + 1e20} for n in range(30_000)]}
    with pytest.raises(LimitExceeded, match="seconds"):
        read(large, limits=Limits(reading_seconds=0.2))
    with pytest.raises(LimitExceeded, match="memory"):
        read(large, limits=Limits(reading_memory_bytes=40_000_000))
    (tmp_path / "large.jsonld").write_text(json.dumps(large))
    code = "import sys, pathlib, isoc_kg.rdf as r; r.read_lines(pathlib.Path(sys.argv[1]), base='http://b/')"
    for number in (signal.SIGTERM, signal.SIGKILL):
        parent = subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "large.jsonld")])
        children: list[str] = []
        while not children and parent.poll() is None:
            children = Path(f"/proc/{parent.pid}/task/{parent.pid}/children").read_text().split()
            time.sleep(0.01)
        time.sleep(0.3)
        parent.send_signal(number)
        parent.wait(10)
        for _ in range(200):
            if not any(Path(f"/proc/{child}").exists() and _is_worker(child) for child in children):
                break
            time.sleep(0.02)
        assert not any(_is_worker(child) for child in children), number


def _is_worker(child: str) -> bool:
    try:
        words = Path(f"/proc/{child}/cmdline").read_bytes()
        return b"jsonld_worker" in words and "Z" not in Path(f"/proc/{child}/stat").read_text().rsplit(")", 1)[1][:3]
    except OSError:
        return False


def test_nothing_is_left_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No temporary file."""
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert read({"@id": "http://e/1", "http://e/p": 1e20})
    assert list(tmp_path.iterdir()) == []


def test_terms_that_are_no_prefixes_make_no_iris() -> None:
    """JSON-LD 1.1 API, section 5.2.2: by `@prefix`, or simple terms whose IRI ends in a general delimiter."""
    for definition in ({"@id": "http://ex/"}, {"@id": "http://ex/", "@prefix": False}, "http://ex/x"):
        context = {"ex": definition}
        document = {"@id": "ex:1", "@type": "ex:2", "ex:3": {"@value": "x", "@type": "ex:4"}}
        expected = [
            '<ex:1> <ex:3> "x"^^<ex:4>',
            "<ex:1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <ex:2>",
        ]
        assert read({"@context": context, **document}) == expected
        assert read({**document, "@context": context}) == expected
        escaped = json.dumps({"@context": context, **document}).replace('"ex:', '"e\\u0078:')
        assert read(escaped) == expected
    for definition in ({"@id": "http://ex/", "@prefix": True}, "http://ex/"):
        assert read({"@context": {"ex": definition}, "@id": "ex:1", "http://v/p": 1})[0].startswith("<http://ex/1> ")
        assert is_ordinary({"@context": {"ex": definition}, "@id": "ex:1", "http://v/p": 1})


def test_values_of_no_type_keep_their_language() -> None:
    """`@type` may be `@none`; a language of the same term is then not looked at (API, section 4.2.2)."""
    for more in ({}, {"@language": "de"}):
        context = {"@language": "en", "p": {"@id": "http://v/p", "@type": "@none", **more}}
        assert read({"@context": context, "@id": "http://s/1", "p": "x"}) == ['<http://s/1> <http://v/p> "x"@en']


def test_properties_without_an_iri_leave_nothing_behind() -> None:
    """Neither lists nor types of what is below them."""
    for value in ({"@list": ["x"]}, {"more": {"@id": "http://s/2", "@type": "http://v/T"}}):
        for context in ({}, {"p": "http://v/p"}):
            assert read({"@context": context, "@id": "http://s/1", "other": value}) == []
        assert read({"@id": "http://s/1", "other": value, "_:b": value}) == []
        assert read({"@graph": [{"@context": {"other": "http://v/p"}}, {"other": value}]}) == []


def test_lists_in_lists_are_kept() -> None:
    """Empty ones, too."""
    lines = read({"@id": "http://s/1", "http://v/p": {"@list": ["b", [], 2.5]}})
    assert len(lines) == 7
    assert sum(line.endswith("#nil>") for line in lines) == 2


# -- random documents ------------------------------------------------------------------------------------------------

CONTEXT = {
    "@version": 1.1,
    "@vocab": "http://v/",
    "id": "@id",
    "type": "@type",
    "v": "http://w/",
    "n": {"@type": "@id"},
    "l": {"@container": "@list"},
    "s": {"@container": "@set"},
    "g": {"@container": "@language"},
    "i": {"@container": "@index"},
    "k": {"@type": "@vocab"},
    "d": {"@type": f"{XSD}date"},
    "r": {"@reverse": "http://v/z"},
    "e": {"@language": "fr"},
}

_plain = st.one_of(
    st.text(st.sampled_from('a"\\é\n\U0001f600'), max_size=4),
    st.booleans(),
    st.integers(-(10**22), 10**22),
    st.none(),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([1e20, 0.1, -0.0, 5.0, 1e300]),
)
_iris = st.sampled_from(["http://e/1", "v:x", "a/../b", "#c", "", "_:b", "/d", "?e"])


def _documents(depth: int) -> st.SearchStrategy[dict[str, Any]]:
    node = st.deferred(lambda: _documents(depth - 1)) if depth else st.builds(lambda iri: {"@id": iri}, _iris)
    value = st.one_of(
        _plain,
        st.builds(lambda iri: {"@id": iri}, _iris),
        st.builds(lambda text: {"@value": text, "@language": "en"}, st.text("ab", max_size=2)),
        st.builds(lambda text: {"@value": text, "@type": "v:t"}, st.text("ab", max_size=2)),
        st.builds(lambda values: {"@list": values}, st.lists(_plain, max_size=2)),
        node,
    )
    several = st.one_of(value, st.lists(value, max_size=3))
    languages = st.dictionaries(st.sampled_from(["en", "de", "@none"]), st.text("ab", max_size=2), max_size=2)
    members: dict[str, st.SearchStrategy[Any]] = {
        "id": _iris,
        "type": st.sampled_from(["T", "v:U", "http://e/V"]),
        "p": several,
        "v:q": several,
        "http://x/y": several,
        "n": _iris,
        "k": st.sampled_from(["T", "v:u", "w"]),
        "d": st.just("2020-01-01"),
        "l": st.lists(value, max_size=3),
        "s": st.lists(_plain, max_size=2),
        "g": languages,
        "i": st.dictionaries(st.sampled_from("xy"), node, max_size=2),
        "r": node,
        "e": st.text("ab", max_size=2),
    }
    return st.fixed_dictionaries({}, optional=members)


@given(st.lists(_documents(2), min_size=1, max_size=2))
@settings(max_examples=150, deadline=None)
def test_random_ordinary_documents_are_read_as_pyld_reads_them(nodes: list[dict[str, Any]]) -> None:
    """The check lets nothing pass that the engine would read otherwise."""
    from isoc_kg.rdf.jsonld_worker import convert

    document = {"@context": CONTEXT, "@graph": nodes}
    try:
        ordinary = is_ordinary(document)
        found = canonical(read_quads(json.dumps(document).encode(), JSONLD, base="http://b/x")) if ordinary else None
    except ParseError:
        return
    if found is not None:
        lines = convert(json.loads(json.dumps(document)), "http://b/x", {})
        assert found == canonical(ox.parse("".join(lines).encode(), format=NQUADS.engine))


def test_reading_lines_keeps_the_middle_form() -> None:
    """Whoever reads: sorted, none twice."""
    document = json.dumps({"@id": "http://e/1", "http://e/p": [1e20, "b", "a", "a"]}).encode()
    lines = read_lines(document, JSONLD, base="http://b/")
    assert lines == sorted(set(lines))
    assert len(lines) == 3


@pytest.mark.parametrize(
    ("context", "rest", "wanted"),
    [
        ([{"@language": None}, {"@vocab": "http://v/"}], {"p": "x"}, ['<http://e/1> <http://v/p> "x"']),
        ([{"@vocab": None, "p": "http://v/p"}, {}], {"p": "x", "q": 1}, ['<http://e/1> <http://v/p> "x"']),
        ([{"@direction": None, "@vocab": "http://v/"}, {}], {"p": "x"}, ['<http://e/1> <http://v/p> "x"']),
        ({"@vocab": "http://v/", "p": {"@context": {"@vocab": None, "@language": None, "a": "http://v/a"}}},
         {"p": {"@id": "http://e/2", "a": "x", "b": 1}},
         ["<http://e/1> <http://v/p> <http://e/2>", '<http://e/2> <http://v/a> "x"']),
        ([{"@vocab": "http://v/"}, {"@foo": "http://e/foo"}], {"@foo": 1, "p": {"@id": "@bar"}}, []),
        ([{"@vocab": "http://v/"}, {"x": {"@id": "@foo"}}], {"x": 1, "@type": ["@baz", "http://v/T"]},
         ['<http://e/1> <http://v/x> "1"^^<http://www.w3.org/2001/XMLSchema#integer>',
          "<http://e/1> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <http://v/T>"]),
        ({"@vocab": "http://v/"}, {"@id": "@bar", "p": {"@id": "@baz", "q": 1}}, []),
        ({"@vocab": "http://v/", "id": "@id"}, {"p": {"id": "@baz", "q": {"@id": "http://e/3", "r": "x"}}},
         ['<http://e/3> <http://v/r> "x"']),
    ],
)  # fmt: skip
def test_nulls_and_what_looks_like_a_keyword(context: object, rest: dict[str, object], wanted: list[str]) -> None:
    """A context may set to null what nothing has set; nodes that are called like a keyword are in no triple."""
    document = {"@context": context, "@id": "http://e/1"} | rest
    assert read(document) == sorted(wanted)
