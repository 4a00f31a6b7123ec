"""What begins a list item, and what stands between units: marks that no unit has."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .languages import all_months, all_sections

__all__ = ["BETWEEN", "BULLETS", "NOTES", "NUMBER", "RULE", "SECTION", "ListMark", "mark_at", "with_numerals"]

#: References to notes behind the mark that ends a sentence: `[1]`, `[a]`, `[^2]`, `¹`, `*`, `†`, `<sup>2</sup>`; in
#: wikis also `[note 3]`, `[citation needed]`, and the page behind one, `[1]:12`.
NOTES = (
    r"(?:\[(?:\d{1,4}|[a-z]{1,2}|\*{1,3}|\^\w{1,20}|[^\W\d_]{1,14}\.?[ \xa0](?:\d{1,3}|[^\W\d_]{1,14}\??))\]"
    r"(?::[ \xa0\u200a]?\d{1,4}(?:[-–]\d{1,4})?(?!\d))?|[¹²³⁰⁴-⁹]++|\*{1,3}+(?!\w)|[†‡]++"
    r"|<sup>[^<>\n]{1,12}</sup>)"
)

#: Marks that are nothing else.
BULLETS = "•‣◦▪●○■□∙·・◆◇▶►➢➤※"
_CHECKS = "✓✔☐☑☒"
_DASHES = "*‐‑–—-"
#: Letters that count, in their order, where it is not that of their code points.
_ABJAD = "أبجدهوزحطيكلمنسعفصق"
_KANA = "アイウエオカキクケコサシスセソタチツテト"
_MARK = re.compile(
    rf"""[ \t\u3000]*(?:
        (?P<bullet>[{BULLETS}])(?!印)[ \t\u3000]*
      | (?P<dash>[{_DASHES}]|\*{{2,3}}|[†‡])[ \t\u3000]+
      | (?P<check>[{_CHECKS}])[ ]+
      | \(?(?P<number>\d{{1,3}})(?:[.)]|\.?[ºª°]\)?)[ \t\u3000]+
      | (?P<dashed>\d{{1,3}})\.?[-–—][ \t]+(?![a-zß-ÿ])
      | [（(]?(?P<wide>\d{{1,3}})[）．、][ \t\u3000]*
      | \(?(?P<letter>[a-zа-яα-ω])\)[ \t\u3000]+
      | \(?(?P<numeral>[ivx]{{2,5}})\)[ \t\u3000]+
      | (?P<small>[a-z]|[ivx]{{2,5}})\.[ \t\u3000]+
      | \(?(?P<arabic>[{_ABJAD}])(?:\)|[ ]?[-–])[ \t]+
      | \(?(?P<roman>I|V|X|[IVX]{{2,6}})[.)][ \t\u3000]+
      | \(?(?P<capital>[A-ZА-Я])[.)][ \t\u3000]+
      | [（(]?(?P<kana>[{_KANA}])[）)．、\u3000][ \t\u3000]*
      | [（(]?(?P<ideographic>[一二三四五六七八九十]{{1,3}})[）)、][ \t\u3000]*
      | (?P<circled>[①-⑳])[ \t\u3000]*
    )(?:\[[ xX]\][ \t]+)?(?=\S)""",
    re.VERBOSE,
)
_WORD = re.compile(r"[^\W\d_]+")
#: A part of a text by its name and number, without its full stop: `Section 4`, `Art. 5a`, `§ 2`, `第三条`.
SECTION = (
    rf"(?:(?:§{{1,2}}|(?:{'|'.join(re.escape(word) for word in sorted(all_sections(), key=len, reverse=True))}))"
    r"[ \xa0\u202f]?(?:\d{1,4}(?:\.\d{1,3}){0,3}(?:er|re|[a-z])?|[IVXLC]{1,6})(?!\w)"
    r"|第[\d一二三四五六七八九十百]{1,4}[条章節编編部])"
)
#: Another number that a part of a text has, without its full stop: `1.1`, `II`, `A`, `Q3`.
NUMBER = r"(?:\d{1,3}(?:\.\d{1,3}){1,3}|[A-Z](?:\d{1,3})?|[IVXLC]{1,6})"
#: A line that only draws a rule, or divides the head of a table from its body.
RULE = re.compile(r"(?=[^-=_*~]*(?:[-=_*~][^-=_*~\n]*){3})[-=_*~+|: \t]+$")
#: Nothing but white space, list marks, rules, and the bars of tables.
BETWEEN = re.compile(
    r"(?:\s|[|>]|#{1,6}(?=\s|$)|[-=_*~+:]{3,}+"
    rf"|[{BULLETS}{_CHECKS}†‡①-⑳{_DASHES}](?=\s|$|[^\W\d_])|\[[ xX]\]|\*{{2,3}}(?=\s)"
    r"|\(?\d{1,3}(?:[.)]|\.?[ºª°]\)?|\.?[-–—])(?=\s)|[（(]?\d{1,3}[）．、]|\(?(?:[a-zа-яα-ω]|[ivx]{2,5})\)(?=\s)|(?:[a-z]|[ivx]{2,5})\.(?=\s)"
    rf"|\(?(?:[A-ZА-Я]|[IVX]{{1,6}})[.)](?=\s)|\(?[{_ABJAD}](?:\)|[ ]?[-–])(?=\s)|[（(]?[{_KANA}]"
    r"(?:[）)．、]|(?=\u3000))|[（(]?[一二三四五六七八九十]{1,3}[）)、])*+"
)


@dataclass(frozen=True, slots=True)
class ListMark:
    """A list mark at the beginning of a line: its style, which item of how many it says it is, and where it ends."""

    style: str
    count: int
    end: int
    dated: bool = False  #: whether it may as well be a day's number, before a month
    sign: str = ""  #: its number or letter
    loose: bool = False  #: whether it may as well be an initial: only others of its style make it a mark


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
    if name in ("bullet", "dash", "check"):
        return ListMark(sign, 0, match.end())
    brackets = "()" if text[match.start(name) - 1 : match.start(name)] in ("(", "（") else text[match.end(name)]
    if name == "small":
        name = "letter" if len(sign) == 1 else "numeral"
    bracketed = brackets in ("()", ")", "）")
    loose = not bracketed and name in ("roman", "capital", "kana", "letter", "numeral")
    return ListMark(name + brackets, _count(name, sign), match.end(), dated, sign, loose)


def with_numerals(marks: Iterable[ListMark | None]) -> Iterator[ListMark | None]:
    """The marks of a list's lines, in which `i`, `v` and `x` are numerals unless they follow `h`, `u` and `w`."""
    last: dict[str, int] = {}
    for mark in marks:
        if mark and mark.style.startswith("letter"):
            if mark.sign in ("i", "v", "x") and last.get(mark.style) != mark.count - 1:
                count = _NUMERALS.index(mark.sign) + 1
                mark = replace(mark, style=mark.style.replace("letter", "numeral"), count=count)
            else:
                last[mark.style] = mark.count
        yield mark


_NUMERALS = (
    "i",
    "ii",
    "iii",
    "iv",
    "v",
    "vi",
    "vii",
    "viii",
    "ix",
    "x",
    "xi",
    "xii",
    "xiii",
    "xiv",
    "xv",
    "xvi",
    "xvii",
)
_GREEK_OR_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщэюя".ljust(50) + "αβγδεζηθικλμνξοπρστυφχψω"


def _count(name: str, sign: str) -> int:
    if name in ("number", "dashed", "wide"):
        return int(sign)
    if name in ("arabic", "kana"):
        return (_ABJAD if name == "arabic" else _KANA).index(sign) + 1
    if name == "roman":
        return _NUMERALS.index(sign.lower()) + 1 if sign.lower() in _NUMERALS else 0
    if name in ("letter", "capital") and not sign.isascii():
        return _GREEK_OR_CYRILLIC.find(sign.lower()) % 50 + 1
    if name == "circled":
        return ord(sign) - ord("①") + 1
    if name == "numeral":
        return _NUMERALS.index(sign) + 1 if sign in _NUMERALS else 0
    if name == "letter":
        return ord(sign) - ord("a") + 1
    if name == "capital":
        return ord(sign) - ord("A") + 1
    tens, _, ones = sign.rpartition("十")
    digits = "一二三四五六七八九"
    high = (digits.find(tens) + 1 or 1) * 10 if "十" in sign else 0
    return high + digits.find(ones) + 1
