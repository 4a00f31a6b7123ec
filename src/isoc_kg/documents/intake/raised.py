"""Raised and lowered characters on one line: as Unicode has them, else marked, so that no value changes."""

import re

__all__ = ["LOWERED", "RAISED", "fraction", "lowered", "raised", "root", "without_shifts"]

#: What stands around raised and around lowered text until its passage ends; no text has these characters.
RAISED, LOWERED = ("\x0e", "\x0f"), ("\x10", "\x11")
_SUPERSCRIPTS = dict(zip("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ", strict=True))
_SUBSCRIPTS = dict(zip("0123456789+-−=()aeoxhklmnpstijruv", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥ", strict=True))
#: Endings of ordinals and abbreviations that are one letter: 1er, 2a, 3o, Dr. A power is another letter.
_ENDINGS = frozenset("aeodrèº")
_INNERMOST = re.compile("([\x0e\x10])([^\x0e-\x11]*)[\x0f\x11]")
_BESIDE = re.compile("\x0f\\s*\x0e|\x11\\s*\x10")
_SHIFTS = re.compile("[\x0e-\x11]+")
_APART = re.compile(r"\[[^\[\]]*\]")  #: brackets part it from what stands before it
_LONGEST = 20  #: characters; more are words that someone has set so for their looks
_DEEPEST = 8  #: shifts within one another; nobody reads more
_ONE = re.compile(r"[\w.,]+|\([^()]*\)")


def raised(text: str) -> str:
    """A raised text: superscripts where Unicode has all of them; letters of an ordinal as they are; else `^(…)`.

    >>> raised("6"), raised("-2"), raised("th"), raised("2k"), raised("x")
    ('⁶', '⁻²', 'th', '^(2k)', '^(x)')
    """
    if _APART.fullmatch(text) or (len(text) > _LONGEST and " " in text):
        return text
    if all(character in _SUPERSCRIPTS for character in text):
        return "".join(_SUPERSCRIPTS[character] for character in text)
    if not any(character.isalnum() for character in text):
        return text
    if text.replace(".", "").isalpha() and (len(text) > 1 or text in _ENDINGS or not text.isascii()):
        return text
    return f"^({text})"


def lowered(text: str) -> str:
    """A lowered text: subscripts where Unicode has all of them; words as they are; else `_(…)`.

    >>> lowered("2"), lowered("max"), lowered("2k")
    ('₂', 'max', '₂ₖ')
    """
    if (text.isalpha() and len(text) > 1) or _APART.fullmatch(text) or (len(text) > _LONGEST and " " in text):
        return text
    if all(character in _SUBSCRIPTS for character in text):
        return "".join(_SUBSCRIPTS[character] for character in text)
    return f"_({text})" if any(character.isalnum() for character in text) else text


def fraction(above: str, below: str) -> str:
    """A fraction on one line.

    >>> fraction("1", "2"), fraction("a + b", "2")
    ('1/2', '(a + b)/2')
    """
    return f"{_as_one(above)}/{_as_one(below)}"


def root(text: str, degree: str = "") -> str:
    """A root on one line."""
    return f"{raised(degree)}√{_as_one(text)}"


def _as_one(text: str) -> str:
    text = text.strip()
    return text if _ONE.fullmatch(text) else f"({text})"


def without_shifts(text: str) -> str:
    """A text with what stands between `RAISED` and `LOWERED` written on the line; runs beside one another are one."""
    if not _SHIFTS.search(text):
        return text
    text = _BESIDE.sub("", text)
    for _ in range(_DEEPEST):
        text, count = _INNERMOST.subn(_written, text)
        if not count:
            break
    return _SHIFTS.sub("", text)


def _written(match: re.Match[str]) -> str:
    whole = match[2]
    text = whole.strip()
    if not text:
        return whole
    written = (raised if match[1] == RAISED[0] else lowered)(" ".join(text.split()))
    lead, tail = whole[: len(whole) - len(whole.lstrip())], whole[len(whole.rstrip()) :]
    return f"{lead}{written}{tail}"
