"""What begins a list item, and what stands between units: marks that no unit has."""

import re
from dataclasses import dataclass

from .languages import all_months

__all__ = ["BETWEEN", "BULLETS", "NOTES", "RULE", "ListMark", "mark_at"]

#: References to notes behind the mark that ends a sentence: `[1]`, `[a]`, `[^2]`, `¹`, `*`, `†`, `<sup>2</sup>`.
NOTES = (
    r"(?:\[(?:\d{1,4}|[a-z]{1,2}|\*{1,3}|\^\w{1,20})\]|[¹²³⁰⁴-⁹]++|\*{1,3}+(?!\w)|[†‡]++"
    r"|<sup>[^<>\n]{1,12}</sup>)"
)

#: Marks that are nothing else.
BULLETS = "•‣◦▪●○■□∙·"
_DASHES = "*‐‑–—-"
_MARK = re.compile(
    rf"""[ \t\u3000]*(?:
        (?P<bullet>[{BULLETS}])[ \t\u3000]*
      | (?P<dash>[{_DASHES}])[ \t\u3000]+
      | \(?(?P<number>\d{{1,3}})[.)][ \t\u3000]+
      | [（(]?(?P<wide>\d{{1,3}})[）．、][ \t\u3000]*
      | \(?(?P<letter>[a-z]|[ivx]{{2,5}})\)[ \t\u3000]+
      | [（(]?(?P<ideographic>[一二三四五六七八九十]{{1,3}})[）)、][ \t\u3000]*
      | (?P<circled>[①-⑳])[ \t\u3000]*
    )(?:\[[ xX]\][ \t]+)?(?=\S)""",
    re.VERBOSE,
)
_WORD = re.compile(r"[^\W\d_]+")
#: A line that only draws a rule, or divides the head of a table from its body.
RULE = re.compile(r"(?=[^-=_*~]*(?:[-=_*~][^-=_*~\n]*){3})[-=_*~+|: \t]+$")
#: Nothing but white space, list marks, rules, and the bars of tables.
BETWEEN = re.compile(
    r"(?:\s|[|>]|#{1,6}(?=\s)|[-=_*~+:]{3,}+"
    rf"|[{BULLETS}{_DASHES}①-⑳](?=\s|$|[^\W\d_])|\[[ xX]\]"
    r"|\(?\d{1,3}[.)](?=\s)|[（(]?\d{1,3}[）．、]|\(?(?:[a-z]|[ivx]{2,5})\)(?=\s)|[（(]?[一二三四五六七八九十]{1,3}[）)、])*+"
)


@dataclass(frozen=True, slots=True)
class ListMark:
    """A list mark at the beginning of a line: its style, which item of how many it says it is, and where it ends."""

    style: str
    count: int
    end: int
    dated: bool = False  #: whether it may as well be a day's number, before a month


def mark_at(text: str, start: int, end: int) -> ListMark | None:
    """The list mark with which a line begins."""
    match = _MARK.match(text, start, end)
    if match is None:
        return None
    name = str(match.lastgroup)
    sign = match[name]
    word = _WORD.match(text, match.end(), end) if name == "number" and text[match.end(name)] == "." else None
    dated = word is not None and word[0].casefold() in all_months()
    if name == "bullet" and sign == "·" and match.end() == match.end("bullet"):
        return None
    if name in ("bullet", "dash"):
        return ListMark(sign, 0, match.end())
    brackets = "()" if text[match.start(name) - 1 : match.start(name)] in ("(", "（") else text[match.end(name)]
    return ListMark(name + brackets, _count(name, sign), match.end(), dated)


def _count(name: str, sign: str) -> int:
    if name in ("number", "wide"):
        return int(sign)
    if name == "circled":
        return ord(sign) - ord("①") + 1
    if name == "letter":
        numerals = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
        return numerals.index(sign) + 1 if len(sign) > 1 and sign in numerals else ord(sign[0]) - ord("a") + 1
    tens, _, ones = sign.rpartition("十")
    digits = "一二三四五六七八九"
    high = (digits.find(tens) + 1 or 1) * 10 if "十" in sign else 0
    return high + digits.find(ones) + 1
