"""Which format a request gets."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isoc_kg.negotiation import EXTENSIONS, accept_patterns, choose

ranges = st.sampled_from(
    [*EXTENSIONS, "*/*", "text/*", "application/*", "image/png", "text/plain", "TEXT/Turtle", "application/json"]
)
qualities = st.one_of(
    st.just(""), st.sampled_from([";q=1", ";q=1.0", ";q=0", ";q=0.0", "; q=0.5", ";q=0.9", " ;q=0.1", ";q=0.7"])
)
parameters = st.sampled_from(["", "", "", ";charset=utf-8", ";profile=x"])
headers = st.lists(st.tuples(ranges, parameters, qualities).map("".join), min_size=1, max_size=6).map(", ".join)
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
