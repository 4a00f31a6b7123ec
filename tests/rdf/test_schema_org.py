"""Which spelling of schema.org is used, and when it is the wrong one."""

from isoc_kg.rdf.schema_org import mixed_up, spellings

HTTP, HTTPS = frozenset(["http://schema.org/"]), frozenset(["https://schema.org/"])


def test_spellings() -> None:
    """In IRIs, not in texts; a host that only ends so is another."""
    assert spellings([b"<http://e/a> <http://schema.org/name> <https://schema.org/Thing> .\n"]) == HTTP | HTTPS
    assert spellings([b'<http://e/a> <http://e/p> "https://schema.org/" .\n']) == frozenset()
    assert spellings([b"<http://e/a> <http://e/p> <http://pending.schema.org/x> .\n"]) == frozenset()


def test_the_hint() -> None:
    """Where the data have the other one alone; not where they have both, or none."""
    hint = mixed_up(HTTPS, HTTP, "the query")
    assert hint
    assert "the query says https://schema.org/, the data say http://schema.org/" in hint
    assert mixed_up(HTTP, HTTP | HTTPS, "the query") is None
    assert mixed_up(HTTP, frozenset(), "the query") is None
    assert mixed_up(frozenset(), HTTPS, "the query") is None
