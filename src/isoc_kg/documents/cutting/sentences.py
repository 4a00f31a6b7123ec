"""The sentences of running text: those of `sentencex`, joined where no sentence ends and cut where one does."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from .languages import StopWords, stop_words
from .marks import NOTES, NUMBER, SECTION
from .segmenter import sentence_ends
from .spans import closed_spans

__all__ = ["sentences"]

_CLOSERS = "”“\"'’»«›)\\]}」』）】〉》］｣"
_WIDE = "。！？｡．"  # marks of scripts that set no blank behind a sentence
_NARROW = ".!?…؟۔।॥։።᭟။།"
#: References to notes where the next word follows, and else nothing: `(2)`, ` [3]`, a number behind a long word.
_PLAIN_NOTES = r"(?:\(\d{1,3}\)|[ \xa0]?\[\d{1,3}\]|(?<=[a-zß-ÿ]{5}\.)\d{1,2})(?=\s+[^\W\d_])"
#: A mark that may end a sentence, with what closes behind it and references to notes.
_END_MARKS = (
    r"(?P<marks>[%s]+)" + rf"(?P<closers>(?:[{_CLOSERS}]|[ \xa0\u202f](?=[»”][\s,;]))*)"
    rf"(?P<notes>(?:{NOTES}|{_PLAIN_NOTES})*)(?P<white>\s*)"
)
_END = re.compile(_END_MARKS % (_NARROW + _WIDE))
_GREEK_END = re.compile(_END_MARKS % (_NARROW + _WIDE + ";"))  # `;` ends a question
_LOOK_BACK = 60
_SHORT = re.compile(r"[^\W\d_]{1,2}\.")  #: what stands before the last word of abbreviations such as `z. B.`
_MORE = re.compile(r"[ \xa0\u202f]?(?P<word>[^\W\d_]{1,4})\.")
#: Units that are capital letters, and the numbers before them: no years, which names follow.
_UNITS = frozenset(("V", "W", "A", "C", "F", "K", "N"))
_QUANTITY = re.compile(r"\d{1,3}(?:[.,]\d+)?°?|°")
_PENCE = re.compile(r"\d{1,4}[a-z]{1,2}")  # such as `4s. 6d.`
#: What stands before a surname: a name that no full stop cuts off, or initials.
_FORENAME = re.compile(r"(?:[^\W\d_a-zß-ÿ][a-zß-ÿ]{2,}|(?:[^\W\d_a-zß-ÿ]\.-?)+)$")
#: A surname of two words, the first of which opens sentences as well.
_PARTICLE_NAME = re.compile(r"(?:L[eao]s?|D[eaiu]s?|Van|Von|Del|El|Al) (?=[^\W\d_a-zß-ÿ])")
#: A path, a name or a formula, whose last word is no abbreviation: `~/.kd`, `x_n`, `DEBUG=1`.
_OF_CODE = re.compile(r"[\\@_=<>{}$~]|/.*/|^\.?/|/\.|\(\)")
_RANGE = re.compile(r"[–—/]")
_MOST_JOINED = 3
_MOST_BRACKETED = 400  # characters of a bracket
#: Languages that have words without a vowel.
_CONSONANTS = frozenset(("cs", "sk", "hr", "sr", "bs", "sl", "mk", "cy"))
_VOWELLESS = re.compile(r"[B-DF-HJ-NP-TV-XZБ-ДЖ-ЗК-НП-ТФ-Щ]?[b-df-hj-np-tvwxzßçćčďñńňřŕśšťźżžłб-дж-зй-нп-тф-щьъ]+")
#: Words that end as none does but those that are cut off: `anschl.`, `ausdr.`.
_CUT_OFF = re.compile(r"[^\W\d_]{1,4}(?:sch[lr]|[bdfgkptv][lr])")
_LETTERED = re.compile(r"(?:^|\n)[A-ZＡ-Ｚ]?\d{0,2}$")
#: A sign with which no sentence begins, and a bracket with its last character.
_SIGN = re.compile(r"[€$£№]")
_BRACKET = re.compile(r"\([^()]{0,200}(?P<last>[^()\s])\)")
_ABBREVIATED = re.compile(r"[^\W\d_]{1,6}\. [a-zß-ÿ]")
_ROMAN = re.compile(r"[IVXLC]{1,6}")
_DOTTED = re.compile(r"(?:[^\W\d_]{1,3}\.)+[^\W\d_]{1,3}")
_INITIALS = re.compile(r"(?:[^\W\d_]\.?-?)+")
_OUTER = "".join(map(chr, range(0x21, 0x30))) + ":;<=>?@[\\]^_`{|}~“”„«»‹›‘’'—–…¿¡「『（《"
#: The next word; the small ones with which Dutch sentences may begin are passed over.
_NEXT = re.compile(r"[\W_]*?(?:['’`][snt] )?([^\W\d_]+|\d+)")
_APOSTROPHE = re.compile(r"['’`‘][snt] (?=[^\Wa-z])")
_NUMERAL = re.compile(r"\(?\d|[IVXLC]{2,}\b|[IVX][.,;)]|[A-Z]\.\s?\d|[-–]\d|[a-z]?\d|[B-HJ-Z]\b(?!['’])|A[.,;)]")
#: The number of a section, where it begins a line or follows a sentence: “§ 5. Every member …”.
_SECTION = re.compile(
    r"(?:^|\n|[;:]\s)\s*(?:§{1,2}|[Aa]rt\.)[ \xa0\u202f]?\d{1,4}[a-z]?$"
    rf"|(?:^|[;:]\s)\s*{SECTION}$|^\s*{NUMBER}$"
)
#: Such a number from where a sentence begins; what only looks like that end is a reference: “see e.g. Table 1”.
_OPENING_SECTION = re.compile(rf"(?:§{{1,2}}|[Aa]rt\.)[ \xa0\u202f]?\d{{1,4}}[a-z]?|{SECTION}")
#: A date of Korean up to one of its full stops: `2021. 5. 3.`; a year alone only before a month.
_KOREAN_DATE = re.compile(r"(?<!\d)\d{4}(?P<rest>(?:\.[ \xa0]?\d{1,2}){0,2})$")
_DASH = re.compile(r"[-–—―]\s*")
#: What goes on behind a quotation in Japanese and in Chinese.
_PARTICLE = re.compile(r"[とっのをにがはもでやへだじなかよね、，,…]")
_SAID_JAPANESE = re.compile(r"[^。！？「]{0,10}(?:言|答え|叫|尋ね|聞い|話し|述べ|つぶや|呟|笑っ)")
_SAID = re.compile(r"[^，。！？：“「\s]{0,6}?(?:说|說|问|問|道|喊|叫|答|写|寫|想|表示|称|稱)|[的是，,、]")
_OPENING_QUOTES = frozenset("“‘„‚«‹「『")
#: Who says the next quotation: `她说：“…”`.
_SAID_NEXT = re.compile(r"[^，。！？：“「\s]{1,8}[：:][“「『]")
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


@dataclass(frozen=True, slots=True)
class _Stop:
    """A full stop behind a word: what stands before and behind it."""

    token: str
    word: str  #: the token in small letters
    names: set[str]  #: what lists may have it under
    pieces: list[str]  #: the last words of the text, it among them
    following: str
    opener: bool  #: whether the next word is one that opens sentences
    start: int
    end: int

    @property
    def previous(self) -> str:
        """The word before it."""
        return self.pieces[-2].strip(_OUTER) if len(self.pieces) > 1 else ""


class _Judge:
    """Whether a sentence ends at a mark of a text."""

    def __init__(self, text: str, language: str, abbreviations: Collection[str]) -> None:
        self.text, self.words = text, stop_words(language)
        self.own = {_key(word.rstrip(".")) for word in abbreviations if " " not in word}
        self.own_several = {(len(word.split()), _key(word.rstrip("."))) for word in abbreviations if " " in word}
        tag = language.casefold()
        self.japanese, self.nouns, self.dutch = tag.startswith("ja"), tag.startswith("de"), tag.startswith("nl")
        self.danda = "।" in text
        self.greek, self.korean = tag.startswith("el"), tag.startswith("ko")
        self.consonants = tag.split("-")[0] in _CONSONANTS
        self.begun = 0  # where the sentence began that is looked at
        self.base = sentence_ends(text, language)
        self.spans = closed_spans(text)

    def ends(self) -> Iterator[int]:
        """Where sentences end, behind the white space, in the text's order."""
        span, spans, text = 0, self.spans, self.text
        for match in (_GREEK_END if self.greek else _END).finditer(text):
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
                self.begun = match.end()
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
        if closers.endswith(")") and word.lower() == word.upper() and not self._is_bracket_whole(match):
            return False
        if text[after] in ",;:)]}" or (text[after] in "»”" and not text[after + 1 : after + 2].isalnum()):
            return False
        if marks == ".":
            return self._ends_at_full_stop(match, word)
        if marks[-1] in ".…" and "\n" not in white and word.isdigit():
            return after in self.base
        return not (marks == "!" and "\n" not in white and word.casefold() in _FIRMS)

    def _within_ideographs(self, match: re.Match[str]) -> bool:
        """Whether characters of a script without blanks stand before a mark, and at once behind it."""
        text, start = self.text, match.start()
        return bool(start and _IDEOGRAPHIC.match(text, start - 1) and _IDEOGRAPHIC.match(text, match.end()))

    def _ends_unspaced(self, match: re.Match[str]) -> bool:
        """Whether a sentence ends where the next character, of a script without blanks, follows at once."""
        if match["marks"][-1] in ".…" and match["marks"][-1] not in _WIDE:
            return bool(match["closers"])
        if match["marks"] == "．" and _LETTERED.search(self.text, max(0, match.start() - 4), match.start()):
            return False  # the letter of a question, or a number
        if not match["closers"]:
            return True
        if match["closers"][-1] in "）)" and not self._is_bracket_whole(match):
            return False
        if not self.japanese and _SAID_NEXT.match(self.text, match.end()) and self._is_announced(match):
            return True
        goes_on = (_PARTICLE, _SAID_JAPANESE) if self.japanese else (_SAID,)
        more = _QUOTED.match(self.text, match.end()) if self.japanese else None
        return not any(pattern.match(self.text, (more or match).end()) for pattern in goes_on)

    def _is_announced(self, match: re.Match[str]) -> bool:
        """Whether a quotation that ends here stands behind a colon, so that the next speaker begins a sentence."""
        opening = max(self.text.rfind(mark, self.begun, match.start()) for mark in "“「『")
        return opening > 0 and self.text[opening - 1] in "：:"

    def _is_bracket_whole(self, match: re.Match[str]) -> bool:
        """Whether a bracket that a mark ends in stands behind a sentence, not within one."""
        opening = max(self.text.rfind(mark, max(0, match.start() - _MOST_BRACKETED), match.start()) for mark in "（(")
        before = self.text[max(0, opening - _LOOK_BACK) : opening].rstrip()[-1:] if opening > 0 else ""
        return not before or before in _WIDE or before in _NARROW

    def _ends_at_full_stop(self, match: re.Match[str], following: str) -> bool:
        text, words, start = self.text, self.words, match.start()
        if match["notes"].isdigit() and match["notes"].isascii():  # such as `Abschn.3 Rechte`
            return not _is_abbreviation(text, start, words)
        if match["closers"] or match["notes"]:
            return not (match["closers"] == ")" and _is_abbreviation(text, start, words))
        if _SECTION.search(text, max(0, start - _LOOK_BACK), start):
            return False
        if start - self.begun < _LOOK_BACK and _OPENING_SECTION.fullmatch(text[self.begun : start].strip()):
            return False
        pieces = text[max(0, start - _LOOK_BACK) : start].split()
        date = _KOREAN_DATE.search(text, max(0, start - _LOOK_BACK), start) if self.korean else None
        if date and "\n" not in match["white"] and (date["rest"] or following.isdigit()):
            return False
        if text.endswith("./", 0, start):
            return False  # `./.`, between the parties of a lawsuit
        if not pieces or text[start - 1].isspace() or text[start - 1] in _OUTER:
            return match.end() in self.base or (start > 0 and text[start - 1] in "%)]}”\"’'»")
        token = pieces[-1].strip(_OUTER)
        opener = following.casefold() in words.openers or text[match.end()] in "¿¡"
        opener = opener or (self.dutch and _APOSTROPHE.match(text, match.end()) is not None)
        if self.danda and "\u0900" <= token[-1:] <= "\u0dff":
            return False  # where a danda ends sentences, a full stop is the mark of an abbreviation
        names = _spellings(token.casefold(), pieces, words)
        stop = _Stop(token, token.casefold(), names, pieces, following, opener, start, match.end())
        if names & self.own or any(_key("".join(pieces[-n:])).strip(_OUTER) == key for n, key in self.own_several):
            return False
        if stop.word.isdigit() and len(stop.word) <= 3 and words.months:
            return self._ends_at_ordinal(stop, following)
        if stop.word in words.months and stop.previous.isdigit():
            return not (stop.word in words.before_number and following.isdigit())
        if _PENCE.fullmatch(stop.word) and following.isdigit():
            return False
        return not self._is_followed(stop) and self._ends_at_word(stop)

    def _is_followed(self, stop: _Stop) -> bool:
        """Whether what stands behind a full stop tells that a word before it is short for another."""
        text, words = self.text, self.words
        dotted = text.startswith(".", stop.end + len(stop.following))  # such as `L. 5`
        if stop.names & words.before_number and (not stop.opener or dotted) and _NUMERAL.match(text, stop.end):
            return True
        if self._is_one_word(stop) and text[stop.end].isdigit():
            return True  # `Bar. 29.84`
        if any(key in words.never or key in words.may_end for key in _joined(stop.token, text, stop.end)):
            return True  # an abbreviation of several words goes on, such as `Ph. D.`
        short = len(stop.word) <= _LONG and stop.word not in words.whole
        if short and stop.token[:1].isupper() and _ABBREVIATED.match(text, stop.end):
            return True  # and another one behind it, such as `Dip. Prov. de Soria`
        lists = (words.never, words.before_number, words.may_end, words.often_ends, words.measures)
        listed = any(not some.isdisjoint(stop.names) for some in lists)
        if listed and _DASH.match(text, stop.end):
            return True  # `3.05.2022 r. – …`
        if _SIGN.match(text, stop.end):
            return listed or (short and len(stop.word) < _LONG and stop.word.islower())
        bracket = _BRACKET.match(text, stop.end) if listed else None
        return bracket is not None and bracket["last"] not in _NARROW

    def _ends_at_word(self, stop: _Stop) -> bool:
        """Whether a sentence ends behind a word, told by the lists of its language and by the next word."""
        words, word, token, opener = self.words, stop.word, stop.token, stop.opener
        initial = opener and not self.text.startswith(".", stop.end + len(stop.following))
        if len(word) == 1 and token.isupper() and stop.previous.casefold() in words.never:
            return False  # somebody's initial, behind a title
        if len(word) == 1 and token.isupper() and not (stop.names & words.never or self._is_measure(stop)):
            return initial  # before measures: `В. В. Котов` is no century
        often = bool(stop.names & words.often_ends)
        if often or self._is_measure(stop):
            nouns, day = self.nouns and not often, stop.following.casefold() in words.days
            return opener or not (nouns or day or self._is_fronted(stop.start))
        if stop.names & words.may_end:
            return opener
        if stop.names & words.never:
            return False
        if token.isupper() and _INITIALS.fullmatch(token) and (len(word) == 1 or not word.isalpha()):
            # else it is somebody's initial, and perhaps another follows, or `Le Goff`
            return initial and not ("-" in token and _PARTICLE_NAME.match(self.text, stop.end))
        if _DOTTED.fullmatch(token):
            return opener and stop.end in self.base  # such as e.g. or U.S.
        if len(word) == 1 and word.lower() == word.upper() and "\u0590" <= word <= "\u06ff":
            return False  # a letter alone, in scripts without small ones
        if self.nouns and token.islower() and len(word) <= _SHORTEST and word not in words.whole:
            return opener  # a word that is neither a noun nor one of the small ones that end sentences
        if len(word) == 1 and word.isalpha() and _NUMERAL.match(self.text, stop.end):
            return False
        if self._is_cut_off(stop):
            return opener or self.text[stop.end] == "("
        if token[:1].isupper() and _FORENAME.search(" ".join(stop.pieces[-3:-1])):
            return True  # somebody's name
        long = len(word) > (2 if stop.previous.isdigit() else _LONG)
        other = self.text[stop.end] in _OPENING_QUOTES or _OF_CODE.search(stop.pieces[-1]) is not None
        return long or opener or other or word in words.whole or stop.end in self.base

    def _is_one_word(self, stop: _Stop) -> bool:
        """Whether a sentence is no more than one short word with a capital so far, and none that stands alone."""
        near = stop.start - self.begun < _LOOK_BACK
        short = len(stop.word) < _LONG and stop.word not in self.words.whole and stop.token[:1].isupper()
        return near and short and self.text[self.begun : stop.start].strip() == stop.token

    def _is_cut_off(self, stop: _Stop) -> bool:
        """Whether a word is written as none is but those that are cut off: without a vowel, or with such an end."""
        token = stop.token
        if self.consonants or stop.word in self.words.whole or _OF_CODE.search(stop.pieces[-1]):
            return False
        first = token.islower() or len(self.text[self.begun : stop.start].split()) == 1
        return _is_without_vowel(token) or (_CUT_OFF.fullmatch(token) is not None and first)

    def _is_measure(self, stop: _Stop) -> bool:
        """Whether a word is a measure with its number, also one of several words: `45 тыс. руб.`, `XV w.`."""
        if stop.token in _UNITS:
            bare = stop.pieces[-2] if len(stop.pieces) > 1 else ""
            return _QUANTITY.fullmatch(bare) is not None  # `[1] A. Penn` is no current
        if stop.word not in self.words.measures or not (len(stop.word) > 1 or stop.token.islower()):
            return False
        for piece in stop.pieces[-2:-4:-1]:
            bare = piece.strip(_OUTER)
            if piece[-1:].isdigit() or _ROMAN.fullmatch(piece):
                return True
            if bare.casefold() not in self.words.may_end:
                return False
        return False

    def _is_fronted(self, at: int) -> bool:
        """Whether a sentence is no more than a date so far, as it is where that stands in front: `W 1920 r.`."""
        so_far = self.text[self.begun : at].split(maxsplit=_MOST_FRONTED + 1)
        return len(so_far) <= _MOST_FRONTED and bool(so_far) and so_far[0].strip(_OUTER).casefold() in self.words.fronts

    def _ends_at_ordinal(self, stop: _Stop, following: str) -> bool:
        """Whether a sentence ends behind a short number, in a language that writes ordinals so."""
        words = self.words
        if following.casefold() in words.months or following.isdigit():
            return False
        first = len(stop.pieces) > 1 and stop.pieces[-2].endswith(":")  # `1861: 1. Sängerfest`
        if first or stop.previous.casefold().rpartition("/")[2] in words.ordinal_after:
            return following.casefold() in words.openers
        return True


_MARKS = frozenset(_NARROW + _WIDE)
_LONG = 4  # a word of more letters is no abbreviation that no list has
_MOST_FRONTED = 5  # words of a date in front
_SHORTEST = 3  # letters of a German word that is short for another, unless a list has it
_FIRMS = frozenset(("inc", "ltd", "corp", "llc", "plc", "gmbh"))  # such as `Yahoo! Inc.`
_LONGEST_LAST = 3  # letters of the last word of an abbreviation of several


def _key(word: str) -> str:
    """An abbreviation as the lists have it."""
    return "".join(word.casefold().split())


def _spellings(word: str, pieces: list[str], words: StopWords) -> set[str]:
    """What lists may have the last word of a text under: whole, behind an article, its ending, with those before."""
    names = {word, word.replace("’", "'").rpartition("'")[2]}
    names |= {ending for ending in words.endings if word.endswith(ending)}
    names.add(_RANGE.split(word)[-1])  # such as `Mo.–Fr.`
    names.add(word.rpartition(".-")[2])  # such as `чл.-корр.`
    latin = _LATIN.search(word)
    if latin and latin.start() and _IDEOGRAPHIC.match(word, latin.start() - 1):
        names.add(latin[0])
    if len(word) <= _LONGEST_LAST:
        names.add(_several(pieces))
    return names


def _is_without_vowel(word: str) -> bool:
    """Whether a word of several small letters, or one with a capital, has no vowel: such as `Cllrs` or `стр`."""
    return len(word) > 1 and _VOWELLESS.fullmatch(word) is not None


def _joined(word: str, text: str, at: int) -> set[str]:
    """The abbreviations that a word and the short ones behind its full stop would be together."""
    result: set[str] = set()
    key = word.casefold()
    while len(result) < _MOST_JOINED and (more := _MORE.match(text, at)):
        key, at = f"{key}.{more['word'].casefold()}", more.end()
        result.add(key)
    return result


def _several(pieces: list[str]) -> str:
    """The abbreviation of several words that a text ends with, such as `z. B`."""
    at = len(pieces) - 1
    while at > 0 and _SHORT.fullmatch(pieces[at - 1].lstrip(_OUTER)):
        at -= 1
    return "".join(pieces[at:]).strip(_OUTER).casefold()


def _is_abbreviation(text: str, at: int, words: StopWords) -> bool:
    pieces = text[max(0, at - _LOOK_BACK) : at].split()
    return bool(pieces) and pieces[-1].strip(_OUTER).casefold() in words.never
