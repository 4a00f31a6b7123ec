"""Quotations and brackets in a text: where a sentence within does not end the one around it."""

import re

__all__ = ["closed_spans"]

#: A span that is longer is cut like other text.
LONGEST = 400
_DEPTH = 8  # so many open ones are looked at

_PAIRS = {"(": ")", "[": "]", "{": "}", "“": "”", "‹": "›", "「": "」", "『": "』", "（": "）", "《": "》",
          "〈": "〉", "【": "】", "［": "］", "｢": "｣"}  # fmt: skip
#: Characters that open or close, as what stands around them says; „ and ‚ open what several others close.
_MARK = re.compile("[" + re.escape("".join([*_PAIRS, *_PAIRS.values()])) + '„«»"]')
_BEFORE_OPENING = frozenset(" \t\n\xa0\u3000([{（—–-¿¡")


def closed_spans(text: str) -> list[tuple[int, int]]:
    """The outermost quotations and brackets that are closed within `LONGEST` characters, in their order."""
    spans: list[tuple[int, int]] = []
    waiting: list[tuple[str, int]] = []  # what would close it, and where it opens
    for match in _MARK.finditer(text):
        at, mark = match.start(), match[0]
        for depth in range(1, min(_DEPTH, len(waiting)) + 1):
            closing, start = waiting[-depth]
            if mark in closing and not (mark in '”"' and closing == mark and _opens(text, at)):
                del waiting[-depth:]
                if at + 1 - start <= LONGEST:
                    while spans and spans[-1][0] > start:
                        spans.pop()
                    spans.append((start, at + 1))
                break
        else:
            if mark in _PAIRS:
                waiting.append((_PAIRS[mark], at))
            elif mark == "„":
                waiting.append(('“”"', at))
            elif mark in "«»":
                if _opens(text, at) or mark == "«":
                    waiting.append(("»" if mark == "«" else "«", at))
            elif mark in '”"' and _opens(text, at):
                waiting.append((mark, at))
    return spans


def _opens(text: str, at: int) -> bool:
    """Whether a mark that could do either opens: white space, a bracket or nothing before it, and none behind it."""
    before = text[at - 1] if at else " "
    after = text[at + 1 : at + 2]
    return before in _BEFORE_OPENING and bool(after) and not after.isspace()
