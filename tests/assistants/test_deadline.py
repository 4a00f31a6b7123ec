"""What is computed for an answer of an assistant's tool."""

import pytest

from isoc_kg.assistants.deadline import Computed, stopped_after, until_deadline
from isoc_kg.assistants.excerpt import excerpt
from isoc_kg.errors import LimitExceeded


def test_all_items_or_an_error() -> None:
    """Nothing is left out in silence."""
    assert list(until_deadline(range(1000), 3600)) == list(range(1000))
    taken = []
    with pytest.raises(LimitExceeded, match="query_seconds"):
        taken.extend(until_deadline(iter(int, 1), -1))


def test_rows_are_computed_when_they_are_taken() -> None:
    """Of a million rows, those of the answer alone."""
    computed = []

    def row(number: int) -> dict[str, int]:
        computed.append(number)
        return {"n": number}

    rows, notice = excerpt(Computed(range(1_000_000), row, 3600), "statements", 500_000, 3)
    assert rows == [{"n": 500_000}, {"n": 500_001}, {"n": 500_002}]
    assert computed == [500_000, 500_001, 500_002]
    assert notice is not None
    assert "of 1,000,000" in notice
    with pytest.raises(LimitExceeded):
        excerpt(Computed(range(5), row, -1), "statements")
    assert Computed([7], row, 1)[0] == {"n": 7}


def test_what_goes_through_data_ends() -> None:
    """Whatever it is at, in its own words and not in others; and what is in time is left alone."""

    def work(number: int, seconds: float) -> int:
        with stopped_after(seconds):
            return sum(1 for _ in range(number))

    assert work(10, 3600) == 10
    with pytest.raises(LimitExceeded, match="query_seconds"):
        work(10**12, 0.05)
    assert work(10, 3600) == 10
