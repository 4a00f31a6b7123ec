"""Every document of the W3C syntax suites: what is valid survives every format, what is not is refused."""

import io
import json
from collections.abc import Callable

import pyoxigraph as ox
import pytest

from isoc_kg.errors import CannotCarry, LimitExceeded, ParseError
from isoc_kg.formats import FORMATS, JSONLD, NQUADS, RDFXML, TURTLE, Format, format_from_path
from isoc_kg.limits import Limits
from isoc_kg.namespaces import PREFIXES
from isoc_kg.rdf import canonical_lines, read_lines, triples, write

from .manifests import Case, canonical, cases
from material import SUITES, requires_suites

#: Documents of the suites may be empty, and RDF/XML needs no name of RDF.
pytestmark = [requires_suites, pytest.mark.filterwarnings("ignore::isoc_kg.errors.DataWarning")]
SYNTAX = SUITES / "w3c-rdf-tests"

FOLDERS = [
    "rdf11/rdf-n-triples", "rdf11/rdf-n-quads", "rdf11/rdf-turtle", "rdf11/rdf-trig", "rdf11/rdf-xml",
    "rdf12/rdf-n-triples/syntax", "rdf12/rdf-n-quads/syntax", "rdf12/rdf-turtle/syntax", "rdf12/rdf-turtle/eval",
    "rdf12/rdf-trig/syntax", "rdf12/rdf-trig/eval", "rdf12/rdf-xml/eval", "rdf12/rdf-n-triples/c14n",
    "rdf12/rdf-n-quads/c14n",
]  # fmt: skip


def middle(case: Case) -> list[bytes]:
    return canonical_lines(read_lines(case.action, base=case.base))


def survives(lines: list[bytes], format_: Format) -> str | None:
    """What happens on the way through a format: nothing, a refusal, or a loss."""
    out = io.BytesIO()
    try:
        write(lines, format_, out, prefixes=PREFIXES)
    except CannotCarry:
        return "refused"
    back = canonical(ox.parse(out.getvalue(), format=format_.engine))
    expected = lines if format_.datasets else list(triples(lines))
    return None if back == canonical(ox.parse(b"".join(expected), format=ox.RdfFormat.N_QUADS)) else "lost"


def run(folder: str):
    """How many documents were valid and invalid; how often each format refused; and what went wrong, by name."""
    valid = invalid = 0
    refused = {format_.name: 0 for format_ in FORMATS}
    wrong: dict[str, str] = {}
    for case in cases(SYNTAX / folder):
        if "Negative" in case.kind:
            invalid += 1
            try:
                read_lines(case.action, base=case.base)
                wrong[case.name] = "accepted"
            except ParseError:
                pass
            continue
        valid += 1
        try:
            lines = middle(case)
        except ParseError as error:
            wrong[case.name] = f"rejected: {error.message}"
            continue
        if case.result is not None:
            if not case.result.exists():
                wrong[case.name] = "no result"
            elif case.kind.endswith("C14N"):
                # the suite keeps labels and order; the middle form has an order of its own
                if set(case.result.read_bytes().splitlines(keepends=True)) != set(read_lines(case.action)):
                    wrong[case.name] = "not canonical"
            elif canonical(ox.parse(b"".join(lines), format=NQUADS.engine)) != canonical(
                ox.parse(case.result.read_bytes(), format=format_from_path(case.result).engine)
            ):
                wrong[case.name] = "other triples"
        for format_ in FORMATS:
            if (fate := survives(lines, format_)) == "refused":
                refused[format_.name] += 1
            elif fate:
                wrong[case.name] = f"{fate} in {format_.name}"
    return valid, invalid, {name: count for name, count in refused.items() if count}, wrong


#: Folder → valid documents, invalid ones, how many of the valid ones a format refuses, what goes wrong.
EXPECTED: dict[str, tuple[int, int, dict[str, int], dict[str, str]]] = {
    "rdf11/rdf-n-triples": (41, 29, {"rdf": 4}, {}),
    "rdf11/rdf-n-quads": (53, 34, {"rdf": 4}, {}),
    "rdf11/rdf-turtle": (219, 94, {"rdf": 13}, {}),
    "rdf11/rdf-trig": (241, 115, {"rdf": 14}, {}),
    "rdf11/rdf-xml": (126, 40, {}, {}),
    "rdf12/rdf-n-triples/syntax": (7, 22, {"jsonld": 7, "rdf": 7}, {}),
    "rdf12/rdf-n-quads/syntax": (7, 20, {"jsonld": 7, "rdf": 7}, {}),
    "rdf12/rdf-turtle/syntax": (41, 33, {"jsonld": 33, "rdf": 33}, {}),
    "rdf12/rdf-turtle/eval": (29, 0, {"jsonld": 29, "rdf": 29}, {}),
    "rdf12/rdf-trig/syntax": (24, 11, {"jsonld": 24, "rdf": 24}, {}),
    "rdf12/rdf-trig/eval": (25, 0, {"jsonld": 25, "rdf": 25}, {}),
    "rdf12/rdf-xml/eval": (29, 2, {"jsonld": 26, "rdf": 26}, {}),
    "rdf12/rdf-n-triples/c14n": (41, 0, {"jsonld": 5, "rdf": 13}, {}),
    "rdf12/rdf-n-quads/c14n": (41, 0, {"jsonld": 5, "rdf": 11}, {}),
}


@pytest.mark.parametrize("folder", FOLDERS)
def test_valid_documents_survive_every_format_and_invalid_ones_are_refused(folder: str) -> None:
    """Each is read, compared with its result if it has one, written in every format, and read back."""
    assert run(folder) == EXPECTED[folder]


#: PyLD writes an xsd:double anew (1.0 as 1.0E0) although it was given as a string.
DOUBLES = "other triples"
OTHERS = {
    (
        "rdf11/rdf-turtle",
        "jsonld",
    ): "bareword_double double_lower_case_e turtle-syntax-number-09 "
    "turtle-syntax-number-10 turtle-syntax-number-11 turtle-syntax-number-12 turtle-subm-19 turtle-subm-20",
    ("rdf11/rdf-trig", "jsonld"): "bareword_double double_lower_case_e trig-syntax-number-09 "
    "trig-syntax-number-10 trig-syntax-number-11 trig-syntax-number-12 trig-subm-19 trig-subm-20",
}


def by_rdflib(data: bytes, format_: Format) -> set[bytes]:
    import rdflib

    graph = rdflib.Dataset() if format_.datasets else rdflib.Graph()
    graph.parse(data=data, format={"ttl": "turtle", "rdf": "xml", "jsonld": "json-ld"}[format_.name])
    text = graph.serialize(format="nquads" if format_.datasets else "nt", encoding="utf-8")
    return canonical(ox.parse(text, format=NQUADS.engine))


def by_pyld(data: bytes, format_: Format) -> set[bytes]:
    from pyld import jsonld

    text = jsonld.to_rdf(json.loads(data), {"format": "application/n-quads"})
    return canonical(ox.parse(text.encode(), format=NQUADS.engine))


@pytest.mark.parametrize("folder", [folder for folder in FOLDERS if folder.startswith("rdf11")])
@pytest.mark.parametrize(("reader", "format_"), [(by_rdflib, TURTLE), (by_rdflib, RDFXML), (by_pyld, JSONLD)])
def test_other_readers_find_the_same_graph(
    folder: str, reader: Callable[[bytes, Format], set[bytes]], format_: Format, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both rdflib and PyLD read what was written, but for what they cannot read from anybody."""
    import rdflib

    monkeypatch.setattr(rdflib, "NORMALIZE_LITERALS", False)
    wrong = {}
    for case in cases(SYNTAX / folder):
        if "Negative" in case.kind:
            continue
        lines = middle(case)
        out = io.BytesIO()
        try:
            write(lines, format_, out, prefixes=PREFIXES)
        except CannotCarry:
            continue
        expected = lines if format_.datasets else list(triples(lines))
        try:
            if reader(out.getvalue(), format_) != canonical(ox.parse(b"".join(expected), format=NQUADS.engine)):
                wrong[case.name] = "other triples"
        except Exception as error:  # noqa: BLE001 – whatever the other reader throws is what is listed
            wrong[case.name] = f"{type(error).__name__} {error}"
    assert wrong == dict.fromkeys(OTHERS.get((folder, format_.name), "").split(), DOUBLES)


def test_blank_nodes_are_labelled_as_the_suite_wants() -> None:
    """RDFC-1.0 (https://www.w3.org/TR/rdf-canon/): the 63 tests for SHA-256."""
    done = 0
    for case in cases(SUITES / "w3c-rdf-canon" / "tests"):
        if case.kind == "RDFC10EvalTest" and case.more.get("hashAlgorithm", "SHA256") == "SHA256":
            lines = canonical_lines(read_lines(case.action))
            assert b"".join(lines) == case.result.read_bytes(), case.name
            done += 1
    assert done == 63


def test_a_hostile_graph_is_stopped() -> None:
    """The suite's poison graph ends in an error, not in a process that runs for ever."""
    poison = [case for case in cases(SUITES / "w3c-rdf-canon" / "tests") if case.kind == "RDFC10NegativeEvalTest"]
    assert len(poison) == 1
    with pytest.raises(LimitExceeded, match="blank nodes"):
        canonical_lines(read_lines(poison[0].action), Limits(canonicalization_seconds=2))
