"""Passages that run together: a heading or a transcription that runs straight into the next sentence."""

import re
from collections.abc import Iterator

from .inline_lists import segments
from .languages import stop_words
from .paragraphs import trimmed

__all__ = ["run_together"]

#: A colon that runs straight into a word with a capital: `Title (T):Founded by …`, but also `foaf:Person`.
_COLON = re.compile(r"(?<=[\w)\]])[ \t]?:(?=(?P<word>[^\W\d_]+))")
#: A phonetic transcription that runs straight into the next sentence: `/…/In the …`. It has letters that are not
#: ASCII, as no path or address has.
_PHONETIC = re.compile(r"/(?=[^/\n]{0,80}[^\x00-\x7f/])[^/\n]{1,80}/(?=(?P<word>[^\W\d_]+) )")
_WORD = re.compile(r"[^\W\d_][\w'’-]*")
_LONGEST_HEADING = 80
_LONG = 4  # words of fewer letters need no capital in a heading


def run_together(text: str, start: int, end: int, language: str) -> Iterator[tuple[int, int, str]]:
    """A sentence, or the parts of several that nothing but a rule tells apart: range and kind."""
    if text.find(":", start, end) < 0 and text.find("/", start, end) < 0:  # no rule applies; most text is such
        yield from trimmed(text, start, end, "sentence")
        return
    lead_end, listed = segments(text, start, end)
    at = start
    for match in _COLON.finditer(text, at, lead_end):
        if _is_heading(text[at : match.start()].strip(), match["word"], language):
            yield from trimmed(text, at, match.end(), "run-in")
            at = match.end()
    for match in _PHONETIC.finditer(text, at, lead_end):
        if _is_capitalised(match["word"]):
            yield from trimmed(text, at, match.end(), "sentence")
            at = match.end()
    yield from trimmed(text, at, lead_end, "sentence")
    for segment_start, segment_end in listed:
        yield from trimmed(text, segment_start, segment_end, "segment")


def _is_heading(words: str, following: str, language: str) -> bool:
    """Whether words before a colon are a heading, and no prefix, ratio or name."""
    if len(words) > _LONGEST_HEADING or re.search(r"[:/.!?]", words) or not _is_capitalised(following):
        return False
    names = _WORD.findall(re.sub(r"[(\[][^)\]]*[)\]]$", "", words))
    if not names or not words[:1].isupper():
        return False
    if not all(name[:1].isupper() for name in names if len(name) >= _LONG):
        return False
    if words.endswith((")", "]")):
        return True
    # `rdf:First`, `ex:The` and `A:A` are names: before the colon of a heading stands a word that is written as one
    return len(names[-1]) > 1 and names[-1][:1].isupper() and following.casefold() in stop_words(language).openers


def _is_capitalised(word: str) -> bool:
    return word[:1].isupper() and (word[1:].islower() or len(word) == 1)
