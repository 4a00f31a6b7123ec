"""What a file says of itself, in the form that kg.toml takes; nothing where it has another."""

import re
from datetime import date

from ...iris import is_language_tag
from ...rdf.text_preference import ANY_LANGUAGE
from .characters import blanks_collapsed

__all__ = ["as_date", "as_language", "as_line"]

_LONGEST = 500  # a longer “title” is none
_DAY = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?(?:[T ].*)?")


def as_line(text: str | None) -> str | None:
    """A name or a title on one line; None for an empty one, or one that is too long to be one."""
    line = " ".join(blanks_collapsed(text or "").split())
    return line if 0 < len(line) <= _LONGEST else None


def as_date(text: str | None) -> str | None:
    """A year, a month or a day that the calendar has, of a date or a time in the form of ISO 8601.

    >>> as_date("2024-02-29T10:00:00Z"), as_date("2024-02"), as_date("29.2.2024")
    ('2024-02-29', '2024-02', None)
    """
    match = _DAY.fullmatch((text or "").strip())
    if match is None:
        return None
    year, month, day = match.groups()
    try:
        date(int(year), int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join(part for part in (year, month, day) if part)


def as_language(text: str | None) -> str | None:
    """A language tag (RFC 5646, section 2.1), `_` in it read as `-`."""
    tag = (text or "").strip().replace("_", "-")
    return tag if is_language_tag(tag) and tag.lower() not in (*ANY_LANGUAGE, "x-none") else None
