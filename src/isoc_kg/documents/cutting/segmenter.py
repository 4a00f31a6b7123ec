"""The sentences that `sentencex` finds."""

import re
from collections.abc import Iterator

__all__ = ["segmented", "segmenter_name", "sentence_ends"]

_PIECE = 1 << 11  # `sentencex` needs time that grows with the square of the quotation marks left open
_QUOTATION = re.compile("[“”„«»‹›「」『』‘’']")


def segmented(text: str, language: str) -> Iterator[tuple[int, int]]:
    """The range of each sentence, white space behind it included."""
    import sentencex

    at = 0
    for sentence in sentencex.segment(language, text):
        # sentencex gives the text back piece by piece; were a piece not to be found, the rest stays whole
        start = text.find(sentence, at)
        if start < 0:
            break
        yield start, start + len(sentence)
        at = start + len(sentence)
    if text[at:].strip():
        yield at, len(text)


def sentence_ends(text: str, language: str) -> set[int]:
    """Where sentences end, behind the white space; in time that grows with the text alone, whatever it is.

    It is looked at in pieces. One that consists of quotation marks for the most part has no ends.
    """
    ends: set[int] = set()
    at = 0
    while at < len(text):
        piece = text[at : at + _PIECE]
        whole = at + _PIECE >= len(text)
        if len(_QUOTATION.findall(piece)) > len(piece) // 8:
            at += _PIECE
            continue
        some = [at + end for _, end in segmented(piece, language)]
        if not whole:
            some.pop()  # only the piece ends there
        ends.update(some)
        at = some[-1] if some and not whole and some[-1] > at + _PIECE // 2 else at + _PIECE
    return ends


def segmenter_name() -> str:
    """Name and version, as an index records them."""
    from importlib.metadata import version

    return f"sentencex {version('sentencex')}"
