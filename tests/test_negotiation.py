"""Which format a request gets."""

import re
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isoc_kg.negotiation import EXTENSIONS, accept_patterns, choose, qualities
from isoc_kg.server.content.resources import Resources
from isoc_kg.server.http.coding import content_coding

ranges = st.sampled_from(
    [*EXTENSIONS, "*/*", "text/*", "application/*", "image/png", "text/plain", "TEXT/Turtle", "application/json"]
)
weights = st.one_of(
    st.just(""), st.sampled_from([";q=1", ";q=1.0", ";q=0", ";q=0.0", "; q=0.5", ";q=0.9", " ;q=0.1", ";q=0.7"])
)
parameters = st.sampled_from(["", "", "", ";charset=utf-8", ";profile=x"])
headers = st.lists(st.tuples(ranges, parameters, weights).map("".join), min_size=1, max_size=6).map(", ".join)
PATTERNS = [(re.compile(pattern, re.IGNORECASE), type_) for pattern, type_ in accept_patterns()]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "text/html"),
        ("", "text/html"),
        ("*/*", "text/html"),
        ("text/turtle", "text/turtle"),
        ("application/ld+json, text/html;q=0.9", "application/ld+json"),
        ("text/html;q=0.1, application/rdf+xml;q=0.2", "application/rdf+xml"),
        ("text/*", "text/html"),
        ("text/*, text/html;q=0", "text/turtle"),
        ("application/*;q=0.3, */*;q=0.2", "application/ld+json"),
        ("image/png", None),
        ("text/turtle;q=0", None),
        ("text/turtle;q=abc, application/n-triples", "application/n-triples"),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8", "text/html"),
    ],
)  # fmt: skip
def test_choice(accept: str | None, expected: str | None) -> None:
    """The most specific range decides, then quality, then our order (RFC 9110, section 12.5.1)."""
    assert choose(accept) == expected


@given(st.text(max_size=200))
def test_that_any_header_is_answered(accept: str) -> None:
    """Whatever stands in a header, something on offer comes back, or nothing."""
    assert choose(accept) in {*EXTENSIONS, None}


@given(headers)
def test_that_rules_choose_alike(accept: str) -> None:
    """What hosts find by patterns is what the choice would be; several mentions of a range apart."""
    names = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
    if len(names) != len(set(names)):
        return
    found = next((type_ for pattern, type_ in PATTERNS if pattern.search(accept)), None)
    assert found == choose(accept)


def test_that_patterns_end() -> None:
    """A long header made to be tried in many ways has no more matches than a short one (and the test ends)."""
    for header in (",".join(["text/turtle;a;a;a"] * 200), ";" * 4000, "text/html;" + "q=" * 2000, ", " * 3000):
        assert next((type_ for pattern, type_ in PATTERNS if pattern.search(header)), None) in {*EXTENSIONS, None}


@pytest.mark.parametrize(
    ("quality", "weight"),
    [
        ("", 1.0),
        (";q=1.000", 1.0),
        ("; Q=0.5", 0.5),
        *((quality, 0.0) for quality in (";q=0", ";q=0.000", ";q=1.5", ";q=x", ";q=", ";x=y;q=.5", ";q=0.1234")),
    ],
)
def test_that_qualities_are_read_alike(quality: str, weight: float) -> None:
    """Formats, content codings and profiles: what has an invalid quality, or none above 0, is not chosen."""
    assert qualities(f"a{quality}, b") == {"a": weight, "b": 1.0}
    assert (choose(f"text/turtle{quality}") is not None) == (weight > 0)
    assert (content_coding(f"br{quality}", 1000) == "br") == (weight > 0)
    resources = object.__new__(Resources)
    resources.snapshot = SimpleNamespace(base="https://x.example/")  # type: ignore[assignment]
    header = f"<https://x.example/profile/plain>{quality}"
    assert (resources._profile({}, {"accept-profile": header}) == "plain") == (weight > 0)


def test_that_the_best_is_chosen() -> None:
    """By weight, then by place: of profiles in the header; br before gzip, and either as far as it is accepted."""
    resources = object.__new__(Resources)
    resources.snapshot = SimpleNamespace(base="https://x.example/")  # type: ignore[assignment]
    start = "https://x.example/profile/"
    for header, profile in (
        (f"<{start}plain>;q=0.5, <{start}rdf12>;q=0.8", "rdf12"),
        (f"<{start}plain>, <{start}rdf12>", "plain"),
        ("<urn:other>", "evidence"),
        ("", "evidence"),
    ):
        assert resources._profile({}, {"accept-profile": header}) == profile
    for header, coding in (
        ("gzip, br", "br"),
        ("gzip;q=1, br;q=0", "gzip"),
        ("*", "gzip"),
        ("*, gzip;q=0", ""),
        ("identity", ""),
        ("GZIP", "gzip"),
        ("", ""),
    ):
        assert content_coding(header, 1000) == coding
