"""Queries for the values of an IRI: out of the lines and from the engine alike, however they are asked."""

import asyncio
import os
import random
import re
import signal
from dataclasses import asdict, replace
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isoc_kg.limits import Limits
from isoc_kg.namespaces import RDF, XSD
from isoc_kg.query.evaluator import StoreEvaluator
from isoc_kg.rdf.lines import Lines, split
from isoc_kg.server.http.problems import Problem
from isoc_kg.server.queries.points import PointAnswers
from isoc_kg.server.queries.pool import Pool
from isoc_kg.server.queries.stored_points import StoredPointAnswers
from isoc_kg.server.queries.worker import Engine

from .running import Running
from .test_admission import LIMITS, until
from material import ROOT

JSON = "application/sparql-results+json"
PREFIXES = {"e": "http://e/"}
SETTINGS = {
    "prefixes": PREFIXES,
    "base": "http://served/sparql",
    "claims": "urn:claim/",
    "result_bytes": 1_000_000,
    "result_rows": 100,
    "text_limits": asdict(Limits()),
}
#: What may be asked of a subject, a property and an object.
FORMS = (
    "SELECT ?p ?o {{ {s} ?p ?o }}",
    "select * where {{ {s} ?zebra ?ant . }} # {o}",
    "SELECT ?o $p WHERE {{\n {s} $p ?o\n}} LIMIT 2",
    "SELECT DISTINCT ?p {{ {s} ?p ?o }}",
    "SELECT ?o ?other {{ {s} {p} ?o }}",
    "SELECT ?p {{ {s} ?p {o} }} LIMIT 1",
    "SELECT DISTINCT ?o {{ {s} a ?o }}",
    "SELECT ?o {{ {s} e:p ?o }}",
    "SELECT ?o {{ {s} ?o ?o }}",
    "SELECT ?x {{ {s} ?p ?o }}",
    "SELECT ?o ?o {{ {s} ?p ?o }}",
    "SELECT ?o {{ {s} unknown:p ?o }}",
    "SELECT ?o {{ {s} e:p.e:q ?o }}",
    "SELECT ?o {{ {s} ?p ?o }} LIMIT 0",
    "SELECT ?o {{ <http://e/x/../s> ?p ?o }}",
    "SELECT ?o {{ <s> ?p ?o }}",
    "SELECT ?o {{ <http://e/nothing> ?p ?o }}",
)


class LinesBySubject:
    """Lines, by bisection."""

    def __init__(self, lines: list[bytes]) -> None:
        self.lines = Lines.of(lines)

    def lines_of(self, token: bytes) -> list[bytes]:
        """The lines whose subject the token is."""
        return list(self.lines.starting(token + b" "))


def agreement(lines: list[bytes], texts: list[str]) -> int:
    """How many texts are answered out of the lines; each as the engine answers it."""
    points = PointAnswers(LinesBySubject(lines), PREFIXES)
    engine = Engine(StoreEvaluator.of_lines(lines), SETTINGS)
    number = 0
    for text in texts:
        body = points.json(text)
        if body is not None:
            answer = engine.answer({"query": text, "accept": JSON, "labelled": True})
            assert answer == ({"status": 200, "type": JSON}, body)
            number += 1
    return number


TEXTS = st.text(st.characters(exclude_categories=["Cs"], max_codepoint=0x20FF), max_size=8)
LITERALS = st.one_of(
    TEXTS.map(lambda text: (text, "")),
    st.tuples(TEXTS, st.sampled_from(["@en", "@pt-BR", "@ar--rtl", "^^<http://e/type>"])),
    st.tuples(st.sampled_from(["1", "007", "1.10", "true", "x"]), st.sampled_from(["integer", "decimal", "byte"])).map(
        lambda pair: (pair[0], f"^^<{XSD[pair[1]]}>")
    ),
)


def token(literal: tuple[str, str]) -> str:
    """The token of a literal, escaped as canonical N-Triples are."""
    return str(ox.Literal(literal[0])) + literal[1]


OBJECTS = st.one_of(
    LITERALS.map(token),
    st.sampled_from(["<http://e/o>", "<http://e/é>", "<http://e/s>", "_:b", "<<( <http://e/s> <http://e/p> _:b )>>"]),
)
QUADS = st.tuples(
    st.sampled_from(["<http://e/s>", "<http://e/t>"]),
    st.sampled_from(["<http://e/p>", "<http://e/q>", "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"]),
    OBJECTS,
    st.sampled_from(["", " <http://e/graph>", " <http://e/graph>", " <http://e/other>"]),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(QUADS, min_size=1, max_size=12))
def test_lines_and_engine_agree(quads: list[tuple[str, str, str, str]]) -> None:
    """Row for row and byte for byte, or the lines do not answer."""
    lines = sorted({f"{s} {p} {o}{g} .\n".encode() for s, p, o, g in quads})
    s, p, o, _ = map(bytes.decode, split(lines[0]))
    if not o.startswith("<http"):
        o = "<http://e/o>"
    agreement(lines, [form.format(s=s, p=p, o=o) for form in FORMS])


def test_store_and_worker_agree(tmp_path: Path) -> None:
    """A store on disk answers in the serving process as in a worker, byte for byte, or leaves it to the worker."""
    many = [f'<http://e/many> <http://e/p> "{number:05}" <http://e/g> .\n' for number in range(3000)]
    subject = "<http://e/s>"
    facts = [
        f'{subject} <http://e/p> "\\"\\n" .\n',
        f'{subject} <http://e/p> "007"^^<http://e/type> <http://e/g> .\n',
        f"{subject} <http://e/p> _:b <http://e/g> .\n",
        f'{subject} <http://e/q> "a"@ar--rtl .\n',
        f'{subject} <http://e/q> "1.10"^^<{XSD.decimal}> .\n',
        f"{subject} <http://e/q> <<( {subject} <http://e/p> _:b )>> .\n",
        *(f"{subject} <{RDF.type}> <http://e/o> {graph} .\n" for graph in ("", "<http://e/g>", "<http://e/other>")),
    ]
    store = ox.Store(tmp_path / "store")
    store.bulk_load("".join([*many, *facts]).encode(), format=ox.RdfFormat.N_QUADS)
    store.flush()
    del store
    evaluator = StoreEvaluator(ox.Store.read_only(str(tmp_path / "store")))
    points = StoredPointAnswers(evaluator, PREFIXES, SETTINGS["base"])
    engine = Engine(evaluator, SETTINGS)
    answered = 0
    for form in FORMS:
        text = form.format(s="<http://e/s>", p="<http://e/p>", o="<http://e/o>")
        body = points.json(text)
        if body is not None:
            assert engine.answer({"query": text, "accept": JSON, "labelled": True}) == (
                {"status": 200, "type": JSON},
                body,
            )
            answered += 1
    assert answered > 5
    assert points.json("SELECT ?p ?o { <http://e/many> ?p ?o }") is None
    assert points.json("SELECT ?x { <http://e/many> ?p ?o }") is None
    assert points.json("SELECT DISTINCT ?p { <http://e/many> ?p ?o }") is None


def test_shipped_lines_and_engine_agree() -> None:
    """Of what is published, most things are described out of the lines."""
    lines = sorted((ROOT / "out/isoc-kg.nq").read_bytes().splitlines(keepends=True))
    subjects = sorted({split(line)[0].decode() for line in lines if line.startswith(b"<")})
    chosen = random.Random(17).sample(subjects, 60)
    texts = [f"SELECT ?p ?o {{ {subject} ?p ?o }}" for subject in chosen]
    assert agreement(lines, texts) > 50


@pytest.mark.parametrize("accept", [JSON, "application/json", "*/*", "application/sparql-results+xml", "text/csv"])
@pytest.mark.parametrize("coding", ["identity", "gzip, br"])
def test_short_and_long_way_answer_alike(shipped: Running, accept: str, coding: str) -> None:
    """Whether a query begins as soon as it is read, or as any other request: the same head, the same bytes."""
    subject = "<https://w3id.org/isoc-kg/id/internet-society>"
    texts = [
        f"SELECT ?p ?o {{ {subject} ?p ?o }}",
        f"SELECT ?name {{ {subject} <https://schema.org/name> ?name }}",
        f"SELECT ?p ?o {{ {subject} ?p ?o FILTER(isIRI(?o)) }}",
        "SELECT * { ?s ?p ?o } LIMIT 3000",
        f"CONSTRUCT {{ ?s ?p ?o }} {{ VALUES ?s {{ {subject} }} ?s ?p ?o }}",
        "ASK { ?s ?p ?o }",
        "SELECT ?x { ?x ",
        "SELECT ?x { SERVICE <http://127.0.0.1:9/> { ?x ?p ?o } }",
    ]
    with httpx.Client(base_url=shipped.address, headers={"accept": accept, "accept-encoding": coding}) as client:
        for text in texts:
            query = f"{text} # {accept} {coding}"
            short = client.get("sparql", params={"query": f"{query} 1"})
            # a condition has a request go the long way; none of these holds
            long = client.get("sparql", params={"query": f"{query} 2"}, headers={"if-none-match": '"none"'})
            assert (short.status_code, essence(short)) == (long.status_code, essence(long)), text
            again = client.get("sparql", params={"query": f"{query} 1"})
            assert (again.status_code, essence(again)) == (short.status_code, essence(short))


def essence(answer: httpx.Response) -> tuple[dict[str, str], bytes]:
    """Head and content without what is one request's alone."""
    headers = {name: value for name, value in answer.headers.items() if name not in ("date", "x-request-id")}
    content = re.sub(rb'"request": "[^"]*"|# [^"]* [12]', b"", answer.content)
    if content != answer.content:
        headers.pop("content-length")
    return headers, content


def test_several_at_once() -> None:
    """Those that one worker is sent together are all answered; what ends a process, or takes long, is on its own."""
    text = "SELECT ?p ?o {{ <urn:s{0}> ?p ?o }} # {0}"
    limits = replace(LIMITS, workers=2, queued_queries=200, queries_per_client=200)
    lines = sorted(b"<urn:s%d> <urn:p> <urn:o%d> .\n" % (number, number) for number in range(100))
    crashing = "SELECT (" + "(" * 20_000 + "1" + ")" * 20_000 + " AS ?x) {}"

    async def run() -> None:
        runner = Pool(
            lines, limits, prefixes={}, base="urn:x", claims="urn:claim/", text_limits=Limits(max_nesting=10**6)
        )
        await runner.start()
        try:
            async with asyncio.timeout(60):
                tasks = [
                    asyncio.ensure_future(
                        runner.run({"query": crashing if n == 50 else text.format(n), "accept": JSON}, "a")
                    )
                    for n in range(100)
                ]
                answers = await asyncio.gather(*tasks, return_exceptions=True)
                for number, answer in enumerate(answers):
                    if number == 50:
                        assert isinstance(answer, Problem)
                        assert answer.status == 503
                    else:
                        assert not isinstance(answer, BaseException)
                        assert f'"urn:o{number}"'.encode() in bytes(answer[1])
                assert runner.crashes == 1
                # workers that are killed with several: at most the one that was being answered is lost
                tasks = [
                    asyncio.ensure_future(runner.run({"query": text.format(n) + " again", "accept": JSON}, "a"))
                    for n in range(100)
                ]
                while not any(worker.ahead for worker in runner._workers):
                    assert not all(task.done() for task in tasks)
                    await asyncio.sleep(0)  # all of them take but a few milliseconds
                busy = [worker for worker in runner._workers if worker.ahead]
                for worker in busy:
                    os.kill(worker.pid, signal.SIGKILL)
                answers = await asyncio.gather(*tasks, return_exceptions=True)
                assert sum(isinstance(answer, Problem) for answer in answers) <= len(busy)
                assert sum(not isinstance(answer, BaseException) for answer in answers) >= 100 - len(busy)
                await until(lambda: runner.running + runner.queued == 0)
        finally:
            await runner.stop(0.0)

    asyncio.run(run())


def test_large_results_at_once() -> None:
    """One that is left in a file ends its worker; those sent with it are asked again."""
    many = [b'<urn:many> <urn:p> "%05d" .\n' % number for number in range(3000)]
    few = [b"<urn:s%d> <urn:p> <urn:o> .\n" % number for number in range(12)]
    limits = replace(LIMITS, workers=1, queued_queries=200, queries_per_client=200)

    async def run() -> None:
        runner = Pool(sorted(many + few), limits, prefixes={}, base="urn:x", claims="urn:claim/", text_limits=Limits())
        await runner.start()
        try:
            async with asyncio.timeout(60):
                names = ["many" if n % 4 == 1 else f"s{n}" for n in range(12)]
                queries = [f"SELECT ?o {{ <urn:{name}> ?p ?o }} # {n}" for n, name in enumerate(names)]
                answers = await asyncio.gather(*(runner.run({"query": q, "accept": JSON}, "a") for q in queries))
                counts = [bytes(body[0 : len(body)]).count(b'"o":{') for _, body in answers]
                assert counts == [3000 if name == "many" else 1 for name in names]
        finally:
            await runner.stop(0.0)

    asyncio.run(run())
