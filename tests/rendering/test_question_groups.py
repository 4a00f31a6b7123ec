"""Questions stand in groups by what they are about."""

from pathlib import Path

from isoc_kg.query import NamedQuery
from isoc_kg.rendering.question_groups import question_groups


def query(name: str, *keywords: str) -> NamedQuery:
    return NamedQuery(name, name, "", keywords, (), "ASK {}", Path(name))


def test_groups() -> None:
    """Each question once, under its commonest keyword, the larger groups first, single ones last without a heading."""
    queries = [query(f"a{number}", "years", "boats") for number in range(6)]
    queries += [query(f"b{number}", "Boats") for number in range(4)]
    queries += [query(f"c{number}", "piers") for number in range(3)]
    queries += [query("d", "gulls"), query("e")]
    groups = question_groups(queries)
    assert [(group.heading, len(group.queries)) for group in groups] == [("Boats", 10), ("Piers", 3), ("", 2)]
    assert len({group.anchor for group in groups}) == 3
    assert sorted(one.name for group in groups for one in group.queries) == sorted(one.name for one in queries)


def test_few_questions() -> None:
    """They are one list, and so are those without keywords."""
    assert [group.heading for group in question_groups([query("a", "x"), query("b", "x")])] == [""]
    assert len(question_groups([query(f"q{number}") for number in range(40)])) == 1
    assert question_groups([]) == []
