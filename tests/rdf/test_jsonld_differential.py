"""Random JSON-LD with contexts of many kinds: what the engine is given to read, it reads as PyLD does."""

import json
import random
from typing import Any
from unittest import mock

import pyoxigraph as ox

from isoc_kg.errors import IsocKgError
from isoc_kg.formats import JSONLD, NQUADS
from isoc_kg.limits import Limits
from isoc_kg.rdf.jsonld_reading import JsonLdText
from isoc_kg.rdf.jsonld_worker import convert

from .manifests import canonical

BASE = "http://b/d/x"
XSD = "http://www.w3.org/2001/XMLSchema#"
_TERMS = "abcdefgh"
_LANGUAGES = ("en", "de-AT", "FR")
_KINDS = ("@id", "@vocab", f"{XSD}date", f"{XSD}double", "x:t", "@none", "@json")
_CONTAINERS = ("@set", "@list", "@language", "@index", "@id", "@type", "@graph")
_IRIS = ("http://e/1", "http://e/2", "x:a", "_:n", "rel", "#f", "../up", "", "?q", "a", "mailto:a@b")
_TEXTS = ("", "t", "a, [b] [[c]]", "me@nest.org", "x:y", '\n"\\é\U0001f600', "http://e/9", "null", "@type", "a")
_NUMBERS = (0, -1, 75.9, -0.07, 5.0, 0.1, -0.0, 1e21, 1.5e-7, 2**53 + 1, 10**18, 10**20, 48.85837000000001, 1e300)


def _definition(chance: random.Random) -> Any:
    kind = chance.random()
    if kind < 0.35:
        return chance.choice(("http://v/p", "x:p", "http://v/q#", "x:a"))
    if kind < 0.4:
        return chance.choice(("@id", "@type", "@value", None, {"@reverse": "http://v/z"}))
    made: dict[str, Any] = {}
    if chance.random() < 0.85:
        made["@id"] = chance.choice(("http://v/r", "x:s", "x:p", "http://v/u", "http://v/#"))
    if chance.random() < 0.4:
        made["@type"] = chance.choice(_KINDS) if chance.random() < 0.3 else "@id"
    elif chance.random() < 0.2:
        made["@language"] = chance.choice((*_LANGUAGES, None))
    if chance.random() < 0.4:
        container = chance.choice(_CONTAINERS[: 4 if chance.random() < 0.9 else None])
        made["@container"] = chance.choice((container, container, [container], [container, "@set"]))
    if chance.random() < 0.08:
        made |= chance.choice(({"@prefix": True}, {"@protected": True}, {"@index": "x:i"}, {"@id": "rel"}))
    return made


def random_context(chance: random.Random) -> Any:
    """A context as published ones are, with something unusual now and then."""
    made: dict[str, Any] = {"x": "http://x/"}
    made |= {name: _definition(chance) for name in chance.sample(_TERMS, chance.randrange(6))}
    if chance.random() < 0.6:
        made["@vocab"] = chance.choice(("http://v/", "http://v/#") if chance.random() < 0.9 else ("x:", "", "_:"))
    for name, values in (
        ("@language", (*_LANGUAGES, None)),
        ("@base", ("http://c/", "http://c/d/e", "http://c/", None, "rel/")),
        ("@version", (1.1,)),
    ):
        if chance.random() < 0.2:
            made[name] = chance.choice(values)
    return [made, {"y": "http://y/"}] if chance.random() < 0.1 else made


def random_node(chance: random.Random, depth: int = 3) -> dict[str, Any]:
    """A node object, whatever its keys mean."""

    def scalar() -> Any:
        return chance.choice((chance.choice(_TEXTS), chance.choice(_NUMBERS), True, False, None, chance.choice(_IRIS)))

    def value() -> Any:
        kind = chance.random()
        if kind < 0.4 or not depth:
            return scalar()
        if kind < 0.5:
            return {"@id": chance.choice(_IRIS)}
        if kind < 0.6:
            more = chance.choice(({}, {"@language": chance.choice(_LANGUAGES)}, {"@type": chance.choice(_KINDS)}))
            return {"@value": chance.choice((chance.choice(_TEXTS), 75.9, True)), **more}
        if kind < 0.66:
            return {chance.choice(("@list", "@set")): [value() for _ in range(chance.randrange(3))]}
        if kind < 0.76:
            return {chance.choice((*_LANGUAGES, "x:k", "k")): value() for _ in range(2)}
        return random_node(chance, depth - 1)

    node: dict[str, Any] = {}
    if chance.random() < 0.7:
        node["@id"] = chance.choice(_IRIS)
    if chance.random() < 0.4:
        node["@type"] = chance.choice((*_IRIS[:4], ["x:T", "U"]))
    for _ in range(chance.randrange(1, 4)):
        name = chance.choice((*_TERMS, *_TERMS, "x:p", "http://v/w", "unknown"))
        node[name] = value() if chance.random() < 0.7 else [value() for _ in range(chance.randrange(3))]
    if chance.random() < 0.05:
        node[chance.choice(("@reverse", "@included"))] = {"x:p": {"@id": "http://e/5"}}
    if chance.random() < 0.1:
        node = {key: chance.choice((value, None, [])) for key, value in node.items()} if depth == 3 else node
        node["@graph"] = random_node(chance, depth - 1) if depth else []
    return node


def compared(seed: int) -> tuple[str, bytes, Any]:
    """What came of a document, and the document: `same`, `difficult`, `refused` by both, or how they differ."""
    chance = random.Random(seed)
    document = {"@context": random_context(chance), **random_node(chance)}
    data = json.dumps(document, ensure_ascii=chance.random() < 0.5).encode()
    try:
        with mock.patch.object(JsonLdText, "_by_pyld", return_value=b""):
            text = JsonLdText(data, Limits(), BASE, None)
    except IsocKgError:
        return "refused", data, None
    if text.quads is not None:
        return "difficult", data, None
    try:
        expected = "".join(convert(json.loads(data), BASE, {}))
    except Exception as error:  # noqa: BLE001 – PyLD raises what it likes
        expected = None
        why = repr(error)[:300]
    try:
        found = canonical(ox.parse(text.text, format=JSONLD.engine, base_iri=BASE))
    except SyntaxError as error:
        return ("refused", data, None) if expected is None else ("only the engine refuses", data, str(error))
    if expected is None:
        return "only PyLD refuses", data, why
    try:
        lines = canonical(ox.parse(expected.encode(), format=NQUADS.engine))
    except SyntaxError:  # a language tag of one letter
        return "refused", data, None
    return ("same", data, None) if found == lines else ("other quads", data, (found ^ lines))


def test_what_the_engine_is_given_it_reads_as_pyld_does() -> None:
    """Terms, coercions, containers, vocabularies, bases, languages, numbers; enough of them by the engine."""
    outcomes = [compared(seed) for seed in range(1500)]
    assert [one for one in outcomes if one[0] not in ("same", "difficult", "refused")] == []
    assert sum(kind == "same" for kind, *_ in outcomes) > 300
