"""The sentences of running text: those of `sentencex`, joined where no sentence ends and cut where one does."""

import re
from collections.abc import Collection, Iterator

from .languages import StopWords, stop_words
from .marks import NOTES
from .segmenter import sentence_ends
from .spans import closed_spans

__all__ = ["sentences"]

_CLOSERS = "”“\"'’»«›)\\]}」』）】〉》］｣"
_WIDE = "。！？｡．"  # marks of scripts that set no blank behind a sentence
_NARROW = ".!?…؟۔।॥։።᭟။།"
#: A mark that may end a sentence, with what closes behind it and references to notes.
_END = re.compile(
    rf"(?P<marks>[{_NARROW}{_WIDE}]+)(?P<closers>(?:[{_CLOSERS}]|[ \xa0\u202f](?=[»”][\s,;]))*)"
    rf"(?P<notes>{NOTES}*)(?P<white>\s*)"
)
_LOOK_BACK = 60
_SHORT = re.compile(r"[^\W\d_]{1,2}\.")  #: what stands before the last word of abbreviations such as `z. B.`
_DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?)+")
_OUTER = "".join(map(chr, range(0x21, 0x30))) + ":;<=>?@[\\]^_`{|}~“”„«»‹›‘’'—–…¿¡「『（《"
#: The next word; the small ones with which Dutch sentences may begin are passed over.
_NEXT = re.compile(r"[\W_]*?(?:['’`][snt] )?([^\W\d_]+|\d+)")
_NUMERAL = re.compile(r"\d|[IVXLC]{2,}\b|[IVX][.,;)]|[A-Z]\.\s?\d|[-–]\d|[a-z]?\d|[B-HJ-Z]\b(?!['’])|A[.,;)]")
#: The number of a section, where it begins a line or follows a sentence: “§ 5. Every member …”.
_SECTION = re.compile(r"(?:^|\n|[.!?;:]\s)\s*(?:§{1,2}|[Aa]rt\.)[ \xa0\u202f]?\d{1,4}[a-z]?$")
_DASH = re.compile(r"[-–—―]\s*")
#: What goes on behind a quotation in Japanese and in Chinese.
_PARTICLE = re.compile(r"[とっのをにがはもでやへだじなかよね、，,…]")
_SAID_JAPANESE = re.compile(r"[^。！？「]{0,10}(?:言|答え|叫|尋ね|聞い|話し|述べ|つぶや|呟|笑っ)")
_SAID = re.compile(r"[^，。！？：“「\s]{0,6}?(?:说|說|问|問|道|喊|叫|答|写|寫|想|表示|称|稱)|[的是，,、]")
_LETTER = re.compile(r"\w")
_LATIN = re.compile(r"[A-Za-z]+$")
_QUOTED = re.compile(r"(?:「[^「」]{0,200}」)+")
_IDEOGRAPHIC = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uff00-\uffef\u3000-\u303f]")


def sentences(text: str, language: str, abbreviations: Collection[str] = ()) -> Iterator[tuple[int, int]]:
    """The range of each sentence of a text in a language (a tag), white space behind it included.

    `abbreviations` are more of those behind which no sentence ends, with or without their full stop.
    """
    judge = _Judge(text, language, abbreviations)
    start = at = looked = 0  # no letter stands between the last two
    for end in judge.ends():
        if _LETTER.search(text, looked, end):
            if start < at:
                yield start, at
                start = at
            at = end
        elif start < at:
            at = end  # marks alone belong to what they stand behind
        looked = end
    if start < at and _LETTER.search(text, at):
        yield start, at
        start = at
    if text[start:].strip():
        yield start, len(text)


class _Judge:
    """Whether a sentence ends at a mark of a text."""

    def __init__(self, text: str, language: str, abbreviations: Collection[str]) -> None:
        self.text, self.words = text, stop_words(language)
        self.own = {_key(word.rstrip(".")) for word in abbreviations if " " not in word}
        self.own_several = {(len(word.split()), _key(word.rstrip("."))) for word in abbreviations if " " in word}
        tag = language.casefold()
        self.japanese, self.nouns = tag.startswith("ja"), tag.startswith("de")
        self.base = sentence_ends(text, language)
        self.spans = closed_spans(text)

    def ends(self) -> Iterator[int]:
        """Where sentences end, behind the white space, in the text's order."""
        span, spans, text = 0, self.spans, self.text
        for match in _END.finditer(text):
            end = match.end("notes")
            if not match["white"] and match["marks"][-1] not in _WIDE and match["marks"][-1] not in "།॥।":
                if match["marks"][-1] not in "?!" or not self._within_ideographs(match):
                    continue
            elif not match["white"] and text[end : end + 1] in _MARKS:
                continue  # the same sentence has more marks
            if match.end() == len(text):
                continue
            while span < len(spans) and spans[span][1] <= end:
                span += 1
            if span < len(spans) and spans[span][0] < end:
                continue
            if self._ends(match):
                yield match.end()

    def _ends(self, match: re.Match[str]) -> bool:
        text, after = self.text, match.end()
        marks, closers, white = match["marks"], match["closers"], match["white"]
        following = _NEXT.match(text, after, after + 40)
        word = following[1] if following else ""
        if _IDEOGRAPHIC.match(text, after) and not white:
            return self._ends_unspaced(match)
        if marks[-1] in _WIDE:
            return not (closers and _DASH.match(text, after))
        if word[:1].islower():
            return False  # nothing that begins small begins a sentence
        if closers.strip(")]} ") and _DASH.match(text, after):
            return False  # a quotation, a dash, and who said so
        if text[after] in ",;:)]}" or (text[after] in "»”" and not text[after + 1 : after + 2].isalnum()):
            return False
        if marks == ".":
            return self._ends_at_full_stop(match, word)
        if marks[-1] in ".…" and "\n" not in white and word.isdigit():
            return after in self.base
        return True

    def _within_ideographs(self, match: re.Match[str]) -> bool:
        """Whether characters of a script without blanks stand before a mark, and at once behind it."""
        text, start = self.text, match.start()
        return bool(start and _IDEOGRAPHIC.match(text, start - 1) and _IDEOGRAPHIC.match(text, match.end()))

    def _ends_unspaced(self, match: re.Match[str]) -> bool:
        """Whether a sentence ends where the next character, of a script without blanks, follows at once."""
        if match["marks"][-1] in ".…" and match["marks"][-1] not in _WIDE:
            return bool(match["closers"])
        if not match["closers"]:
            return True
        goes_on = (_PARTICLE, _SAID_JAPANESE) if self.japanese else (_SAID,)
        more = _QUOTED.match(self.text, match.end()) if self.japanese else None
        return not any(pattern.match(self.text, (more or match).end()) for pattern in goes_on)

    def _ends_at_full_stop(self, match: re.Match[str], following: str) -> bool:
        text, words, start = self.text, self.words, match.start()
        if match["closers"] or match["notes"]:
            return not (match["closers"] == ")" and _is_abbreviation(text, start, words))
        if _SECTION.search(text, max(0, start - _LOOK_BACK), start):
            return False
        pieces = text[max(0, start - _LOOK_BACK) : start].split()
        if not pieces or text[start - 1].isspace() or text[start - 1] in _OUTER:
            return match.end() in self.base or (start > 0 and text[start - 1] in "%)]}”\"’'»")
        token = pieces[-1].strip(_OUTER)
        word, opener = token.casefold(), following.casefold() in words.openers
        names = _spellings(word, pieces, words)
        if names & self.own or any(_key("".join(pieces[-n:])).strip(_OUTER) == key for n, key in self.own_several):
            return False
        previous = pieces[-2].strip(_OUTER) if len(pieces) > 1 else ""
        if word.isdigit() and len(word) <= 3 and words.months:
            return self._ends_at_ordinal(previous, following)
        if word in words.months and previous.isdigit():
            return not (word in words.before_number and following.isdigit())
        dotted = text.startswith(".", match.end() + len(following))  # such as `L. 5`
        if names & words.before_number and (not opener or dotted) and _NUMERAL.match(text, match.end()):
            return False
        if names & words.often_ends or (word in words.measures and previous[-1:].isdigit()):
            return opener or not self.nouns
        if names & words.may_end:
            return opener
        if names & words.never:
            return False
        if token.isupper() and _INITIALS.fullmatch(token) and (len(word) == 1 or not word.isalpha()):
            # else it is somebody's initial, and perhaps another follows
            return opener and not text.startswith(".", match.end() + len(following))
        if _DOTTED.fullmatch(token):
            return opener and match.end() in self.base  # such as e.g. or U.S.
        if len(word) == 1 and word.isalpha() and _NUMERAL.match(text, match.end()):
            return False
        long = len(word) > (2 if previous.isdigit() else _LONG)
        return long or opener or word in words.whole or match.end() in self.base

    def _ends_at_ordinal(self, previous: str, following: str) -> bool:
        """Whether a sentence ends behind a short number, in a language that writes ordinals so."""
        words = self.words
        if following.casefold() in words.months or following.isdigit():
            return False
        if previous.casefold() in words.ordinal_after:
            return following.casefold() in words.openers
        return True


_MARKS = frozenset(_NARROW + _WIDE)
_LONG = 4  # a word of more letters is no abbreviation that no list has
_LONGEST_LAST = 3  # letters of the last word of an abbreviation of several


def _key(word: str) -> str:
    """An abbreviation as the lists have it."""
    return "".join(word.casefold().split())


def _spellings(word: str, pieces: list[str], words: StopWords) -> set[str]:
    """What lists may have the last word of a text under: whole, behind an article, its ending, with those before."""
    names = {word, word.replace("’", "'").rpartition("'")[2]}
    names |= {ending for ending in words.endings if word.endswith(ending)}
    latin = _LATIN.search(word)
    if latin and latin.start() and _IDEOGRAPHIC.match(word, latin.start() - 1):
        names.add(latin[0])
    if len(word) <= _LONGEST_LAST:
        names.add(_several(pieces))
    return names


def _several(pieces: list[str]) -> str:
    """The abbreviation of several words that a text ends with, such as `z. B`."""
    at = len(pieces) - 1
    while at > 0 and _SHORT.fullmatch(pieces[at - 1].lstrip(_OUTER)):
        at -= 1
    return "".join(pieces[at:]).strip(_OUTER).casefold()


def _is_abbreviation(text: str, at: int, words: StopWords) -> bool:
    pieces = text[max(0, at - _LOOK_BACK) : at].split()
    return bool(pieces) and pieces[-1].strip(_OUTER).casefold() in words.never
