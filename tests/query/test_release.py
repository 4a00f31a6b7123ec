"""What the engine made is freed in the thread that made it, also when an exception goes to another one."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pyoxigraph as ox
import pytest

from isoc_kg.errors import IsocKgError, LimitExceeded
from isoc_kg.query.evaluator import StoreEvaluator
from isoc_kg.query.results import read_results, rewritten_results

JSON, XML, TSV, CSV = (
    ox.QueryResultsFormat.JSON,
    ox.QueryResultsFormat.XML,
    ox.QueryResultsFormat.TSV,
    ox.QueryResultsFormat.CSV,
)
HEAD = '{"head":{"vars":["x"]},"results":{"bindings":['
ROW = '{"x":{"type":"literal","value":"%s"}}'
OPENED = (
    '<?xml version="1.0"?><sparql xmlns="http://www.w3.org/2005/sparql-results#"><head><variable name="x"/></head>'
    '<results><result><binding name="x"><literal>z</literal></binding></result>'
)
BODIES = {
    "too long": (HEAD + ROW % ("y" * 9_000_000) + "]}}", JSON),
    "too long after others": (HEAD + ROW % "z" + "," + ROW % ("y" * 9_000_000) + "]}}", JSON),
    "too long with escapes": (HEAD + ROW % ('\\"\\\\\\n' * 1_500_000) + "]}}", JSON),
    "too long a language": (HEAD + ROW.replace('"%s"', f'"v","xml:lang":"{"e" * 9_000_000}"') + "]}}", JSON),
    "too long in TSV": (f'?x\n"{"y" * 17_000_000}"\n', TSV),
    "broken off": (HEAD + ROW % "z" + ",", JSON),
    "no term": (HEAD + ROW % "z" + ',{"x":{"type":"uri","value":"no IRI"}}]}}', JSON),
    "broken off in TSV": ('?x\n"z"\n"y', TSV),
    "broken off in XML": (f"{OPENED}<result>", XML),
}


@pytest.fixture
def dropped(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What was dropped where it could not be freed."""
    found: list[str] = []
    monkeypatch.setattr(sys, "unraisablehook", lambda event: found.append(str(event.exc_value)))
    yield found
    assert not found


@pytest.mark.parametrize("case", BODIES)
def test_results_that_cannot_be_read(case: str, dropped: list[str]) -> None:
    """The exception is all that comes to the other thread."""
    text, format_ = BODIES[case]
    body = text.encode()
    with ThreadPoolExecutor(1) as pool:
        for function in (read_results, *((rewritten_results,) if format_ is JSON else ())):
            future = pool.submit(function, body, format_ if function is read_results else CSV)
            with pytest.raises(LimitExceeded if "long" in case else IsocKgError) as caught:
                future.result()
            del future, caught


def test_a_long_value_that_can_be_read() -> None:
    """What is as long as may be, and much of what is short, is read whole."""
    for value in ("y" * 7_999_999, '\\"' * 3_999_999):
        for rows in (1, 3):
            body = (HEAD + ",".join([ROW % value] * rows) + "]}}").encode()
            _, found = read_results(body, JSON)  # type: ignore[misc]
            assert len(found) == rows
            number, csv = rewritten_results(body, CSV)  # type: ignore[misc]
            assert number == rows
            assert len(csv) > rows * 3_999_999
    assert len(read_results((HEAD + ",".join([ROW % "z"] * 300_000) + "]}}").encode(), JSON)[1]) == 300_000  # type: ignore[index]


@pytest.mark.parametrize("text", ["SELECT * {", "SELECT ?x { SERVICE <x:y> { ?a ?b ?c } }"])
def test_queries_that_fail(text: str, dropped: list[str]) -> None:
    """In the engine, while it is asked or read."""
    evaluator = StoreEvaluator.of_lines([b"<x:a> <x:b> <x:c> .\n"])
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(evaluator.select, text)
        with pytest.raises((SyntaxError, ValueError, RuntimeError, OSError)) as caught:
            future.result()
        del future, caught
