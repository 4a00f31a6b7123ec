"""The lines of a paragraph: list items, headings and table rows among running text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ...project import UnitSettings
from .languages import all_greetings
from .marks import BULLETS, NOTES, NUMBER, RULE, SECTION, ListMark, mark_at, with_numerals

__all__ = ["TextBlock", "blocks"]

_LINE = re.compile(r"[^\n]+")
_ENDED = re.compile(rf"[.!?…:;。！？؟۔।॥।：；][”“\"'’»)\]」』）]*{NOTES}*$")
_NUMBERED = re.compile(
    r"(?:§+[ \xa0]?\d+[a-z]?\.?|\d{1,3}(?:\.\d{1,3})+\.?|[IVXLC]{1,6}\.|[A-Z]\.\d+(?:\.\d+)*\.?)[ \t\xa0]+(?=[^\W\d_])"
    rf"|{SECTION}[.:]?(?:[ \t\xa0]+|$)(?![a-zß-ÿ])"
)
#: The name and number of a part alone on a line: `Article 2`, `§ 4.`, `第三条`.
_PART = re.compile(rf"{SECTION}[.:]?$")
#: What begins a line with such a number, or with the letter of a question or an answer, however the line before ended.
_NUMBERED_TEXT = re.compile(
    rf"(?:{SECTION}[.:]?|{NUMBER}[.:])[ \t\xa0\u3000]+(?=\W*[^\W_a-zß-ÿ])|[¹²³⁴-⁹†‡]"
    r"|\[\d{1,4}\][ \t\xa0]+(?=\W*[^\W_a-zß-ÿ])"
)
_NUMBERED_TITLE = re.compile(
    r"(?:\[\d{1,4}\]|§+[ \xa0]?\d+[a-z]?|\d{1,3}(?:\.\d{1,3}){1,3})\.?[ \t\xa0]+(?=[^\W\d_a-zß-ÿ])"
)
_TITLED = re.compile(r"(?<!\w)(?:Mr|Mrs|Ms|Dr|Prof)\.\s*$")  #: the name is on the next line
_SHORT_WORD = re.compile(r"(?<![^\s(.])[^\W\d_]{1,5}\.$")
_HASHES = re.compile(r"[ \t]{0,3}#{1,6}[ \t]+(?=\S)")
_UNDERLINE = re.compile(r"[ \t]*(?:={3,}|-{3,}|~{3,})[ \t]*$")
_TABBED = re.compile(r"\S[ \xa0]*\t\s*\S")
_HANGING = re.compile(r"[ \xa0]*\t\s*\S")
_COLUMN = re.compile(r"(?<=\S)[ \xa0]{2,}(?=\S)")
_BARRED = re.compile(r"[ \t]*\|.*\|[ \t]*$|.*\S[ \t]+\|[ \t]+\S")
#: Dots that lead to the number of a page or to a price at the end of a line.
_LEADERS = re.compile(
    r"\S[ \t]*(?:(?:\.[ ]?){4,}|…{2,})[ \t]*(?:[€$£][ ]?)?(?:\d[\d.,]{0,9}|[ivxlc]{1,6})[ ]?[€$£]?\s*$"
)
_LABEL = re.compile(r"[ \t]*(?P<label>[^\W\d_][^:：\n|.!?。]{0,30})(?:[:：][ \t\u3000]+|：)\S")
#: The end of a clause of a list, also of the last but one.
_CLAUSE_END = re.compile(r";(?:\s(?:and|or|und|oder|sowie|et|ou|y|o|e|en|och|i|oraz|и|или))?$")
_WIDE_CHARACTER = re.compile(r"[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60]")
_ADDRESS = re.compile(r"[!-~]{40,}+\s*$")
#: The small words with which Dutch sentences begin: `'s Avonds`.
_APOSTROPHE = re.compile(r"^['’`‘][stn] (?=[^\Wa-z])")
_MOST_WORDS = 3  # of a label
#: Characters with which a line of Japanese goes on in the next one, and no heading ends.
_GOES_ON = "はがをにでとのもやか、，・"
_PREPOSITION = 3  # letters of a small word with which no title ends
_OPEN_ENDS = (",", "-", "–", "/", "(", "&", "+", *_GOES_ON)
_SALUTATION = 4  # words of a line that greets
_LONGEST_HEADING = 100
_LEAST_ROWS = 3  # with a column at the same place: fewer may be by chance
_NARROWEST = 20  # columns; below, a line that ends early says nothing
_WIDE = 48  # columns that text behind a heading fills at least
_LEAST_WIDE = 32  # or, where it ends as sentences do, these
_SHORT = 0.5  # of the width
_EARLY = 0.8  # of the width: a line ends early where the next word would have stood before it


@dataclass(frozen=True, slots=True)
class TextBlock:
    """A range of a paragraph, its list mark outside: `text`, or an `item`, a `heading` or a `row` (of a table)."""

    kind: str
    start: int
    end: int


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    mark: ListMark | None
    row: bool
    label: bool
    hanging: bool  #: whether it begins with a tab: a row whose first cell is empty, if anything says that it is a row


def blocks(text: str, settings: UnitSettings) -> Iterator[TextBlock]:
    """What a paragraph consists of, in its order; marks, rules and bars are in none."""
    lines = [_line(text, match.start(), match.end(), settings) for match in _LINE.finditer(text)]
    for line, mark in zip(lines, with_numerals(line.mark for line in lines), strict=True):
        line.mark = mark
    if settings.tables:
        _mark_columns(text, lines)
    paragraph = _Paragraph(text, settings, [line for line in lines if text[line.start : line.end].strip()])
    open_: TextBlock | None = None
    labelled = False  # whether the block began with a label
    for number, line in enumerate(paragraph.lines):
        if RULE.match(text, line.start, line.end):
            if open_:
                yield paragraph.underlined(open_, line)
            open_ = None
            continue
        kind, start = paragraph.opening(number, open_, labelled)
        if kind:
            if open_:
                yield open_
            open_, labelled = TextBlock(kind, start, line.end), line.label and kind == "text"
        elif open_:
            open_ = TextBlock(open_.kind, open_.start, line.end)
    if open_:
        yield open_


class _Paragraph:
    """Lines, and what each of them begins."""

    def __init__(self, text: str, settings: UnitSettings, lines: list[_Line]) -> None:
        self.text, self.settings, self.lines = text, settings, lines
        self.width = max((self.columns(line) for line in lines), default=0)
        self.later = _later_marks(lines)
        self.counts: dict[str, int] = {}  # of the items so far: by style, the last one's
        self.titled = False  # whether the line before is an item that is a title
        self.recitals = False  # whether a line was cut off behind a semicolon

    def opening(self, number: int, open_: TextBlock | None, labelled: bool) -> tuple[str, int]:
        """The kind of block that a line begins, and where it does; no kind where it goes on with the one before."""
        line, before = self.lines[number], self.lines[number - 1] if number else None
        ended = open_ is None or before is None or self.ends_sentence(before)
        titled, self.titled = self.titled, False
        free = ended or titled or (line.mark is not None and self.breaks(number))
        if line.mark and self.begins_item(line.mark, free, self.later[number], number):
            self.counts[line.mark.style] = line.mark.count
            self.titled = self.settings.headings and self.is_title(number)
            return "row" if line.row else "item", line.mark.end
        if kind := self.kind_without_mark(number):
            hashes = _HASHES.match(self.text, line.start, line.end) if kind == "heading" else None
            return kind, hashes.end() if hashes else line.start
        if open_ is None or before is None or titled or open_.kind in ("heading", "row"):
            return "text", line.start
        words = self.words(line)
        numbered = (ended and _NUMBERED_TEXT.match(words)) or self.numbers(number)
        if (
            numbered
            or self.greets(number)
            or self.is_recital(open_, number)
            or self.signs(number)
            or self.breaks(number)
        ):
            return "text", line.start
        if (line.label or labelled) and not self.words(before).endswith(","):
            narrow = before.label and self.width < _NARROWEST
            early = (narrow or self.ends_early(before, line)) and not words[:1].islower()
            if early or (line.label and (ended or labelled)):
                return "text", line.start
        return "", line.start

    def underlined(self, block: TextBlock, rule: _Line) -> TextBlock:
        """The block above a rule: a heading, where it is one line of text that the rule underlines."""
        one_line = "\n" not in self.text[block.start : block.end].strip()
        if self.settings.headings and block.kind == "text" and one_line:
            if _UNDERLINE.match(self.text, rule.start, rule.end):
                return TextBlock("heading", block.start, block.end)
        return block

    def words(self, line: _Line) -> str:
        return self.text[line.start : line.end].strip()

    def ends_sentence(self, line: _Line) -> bool:
        ended = _ENDED.search(self.text, max(line.start, line.end - 40), line.end)
        return bool(ended) and not _TITLED.search(self.text, line.start, line.end)

    def greets(self, number: int) -> bool:
        """Whether the line before is one like “Dear members,”: few words, a greeting or a comma at its end."""
        line, before = self.lines[number], self.lines[number - 1]
        words = self.words(before)
        if not self.ends_early(before, line):
            return False
        free = number == 1 or self.ends_sentence(self.lines[number - 2])
        if words.split(maxsplit=1)[0].rstrip(",:!") in all_greetings() and len(words.split()) <= 2 * _SALUTATION:
            return True
        few = words.endswith((",", "，")) and words.count(",") == 1 and len(words.split()) <= _SALUTATION
        return few and free and not before.label and words[:1].isupper() and self.words(line)[:1].isupper()

    def numbers(self, number: int) -> bool:
        """Whether a line and the one before both begin with the number of a part, as contents and titles do."""
        line, before = self.lines[number], self.lines[number - 1]
        both = _NUMBERED.match(self.words(line)) and _NUMBERED.match(self.words(before))
        if both is None or self.words(before).endswith((",", "-")):
            return False
        return self.words(line)[:1].isdigit() or self.ends_early(before, line)

    def signs(self, number: int) -> bool:
        """Whether a line is one of several short ones without a mark at their ends: closing words, names, offices."""
        line, before = self.lines[number], self.lines[number - 1]
        short = _SHORT * self.width
        if self.width < _WIDE or max(self.columns(line), self.columns(before)) > short or self.ends_sentence(line):
            return False
        return _may_open(self.words(line)) and not self.words(before).endswith((",", "-"))

    def breaks(self, number: int) -> bool:
        """Whether somebody broke the line before where much room was left, at the end of a title, a date or a name."""
        line, before = self.lines[number], self.lines[number - 1]
        words = self.words(before)
        marked = line.mark is not None and not line.mark.dated
        if self.width < _WIDE or not (marked or self.opens(line=before, after=line)):
            return False
        if _SHORT_WORD.search(words):  # it may be an abbreviation, but ends the line
            return self.ends_early(before, line)
        if self.columns(before) > _SHORT * self.width:
            return False
        if any(words.count(opening) > words.count(closing) for opening, closing in ("“”", "«»", "()", "[]", "「」")):
            return False
        last = words.split()[-1]
        goes_on = (len(last) <= _PREPOSITION and last == last.lower() and last.isalpha()) or words.endswith(_OPEN_ENDS)
        return not goes_on and self.ends_early(before, line)

    def is_recital(self, open_: TextBlock, number: int) -> bool:
        """Whether a line begins one of several clauses with a semicolon behind each: “Whereas …;”."""
        before, words = self.words(self.lines[number - 1]), self.words(self.lines[number])
        if before.endswith(":") and words.endswith(";") and (_may_open(words) or self.clauses_follow(number)):
            self.recitals = True
            return True
        if not _CLAUSE_END.search(before) or not (_may_open(words) or self.recitals):
            return False
        if words[:1].islower():
            return self.ends_early(self.lines[number - 1], self.lines[number])
        same = self.text.startswith(words.split(maxsplit=1)[0] + " ", open_.start)
        self.recitals = self.recitals or same
        return self.recitals or self.ends_early(self.lines[number - 1], self.lines[number])

    def clauses_follow(self, number: int) -> bool:
        """Whether a line and the next one end as clauses of a list without marks do, and before their width."""
        after = self.lines[number + 1] if number + 1 < len(self.lines) else None
        line = self.lines[number]
        return after is not None and self.ends_early(self.lines[number - 1], line) and self.ends_early(line, after)

    def begins_item(self, mark: ListMark, free: bool, later: dict[str, int], number: int) -> bool:
        """Whether a mark begins an item: it stands in no sentence, or others of its style say so."""
        last = self.counts.get(mark.style)
        if mark.loose and mark.sign in ("I", "V", "X"):  # they stand among letters too
            letters = mark.style.replace("roman", "capital")
            count = ord(mark.sign) - ord("A") + 1
            if free and self.counts.get(letters) == count - 1:
                self.counts[letters] = count
                return True
        if mark.loose:
            after = self.lines[number + 1].mark if number + 1 < len(self.lines) else None
            if not (after and after.style == mark.style) and self.kind_without_mark(number) == "heading":
                return False
            first = mark.count == 1 and later.get(mark.style) == 2
            return (free or last is not None) and (first or mark.count - 1 == last)
        if mark.dated:
            return free and mark.count - 1 == last
        if free or mark.style in BULLETS:
            return True
        if last is not None:
            small = self.text[mark.end : mark.end + 1].islower()
            return mark.count in (0, last + 1) or (mark.count > last and not small)
        return mark.count <= 1 and later.get(mark.style) == (mark.count and mark.count + 1)

    def kind_without_mark(self, number: int) -> str:
        """The kind of block that a line without a mark begins; an empty text where it may go on with the one before."""
        line = self.lines[number]
        before = self.lines[number - 1] if number else None
        after = self.lines[number + 1] if number + 1 < len(self.lines) else None
        if line.row:
            barred = not (_TABBED.search(self.text, line.start, line.end) or _leads(self.text, line.start, line.end))
            return "row" if not barred or any(near and near.row for near in (before, after)) else ""
        words = self.words(line)
        if line.hanging and (any(near and near.row for near in (before, after)) or self.is_number(words)):
            return "row"
        if not self.settings.headings or len(words) > _LONGEST_HEADING:
            return ""
        if _HASHES.match(self.text, line.start, line.end):
            return "heading"
        if after is not None and _PART.match(words) and (before is None or self.ends_sentence(before)):
            return "heading"
        if after is None or words.endswith((",", "-")) or self.ends_sentence(line):
            return ""
        capital = self.opens(line, after)
        if not (capital or after.mark) or not (before is None or self.ends_sentence(before)):
            return ""
        if _NUMBERED.match(words) and (after.mark or self.ends_early(line, after)):
            return "heading"
        if words.isupper() and sum(map(str.isalpha, words)) > 3 and not self.words(after).isupper():
            return "heading"
        title = capital and not line.label and _may_open(words) and not words.endswith(tuple(_GOES_ON))
        least = _NARROWEST if _WIDE_CHARACTER.search(self.text, after.start, after.end) else _LEAST_WIDE
        whole = self.columns(after) > _WIDE or (self.ends_sentence(after) and self.columns(after) >= least)
        return "heading" if title and whole and self.ends_early(line, after) else ""

    def is_number(self, words: str) -> bool:
        """Whether words are numbers and marks alone."""
        return any(map(str.isdigit, words)) and not any(map(str.isalpha, words))

    def is_title(self, number: int) -> bool:
        """Whether a marked line is a title of what the next one begins: it ends early, and as no sentence does."""
        line, after = self.lines[number], self.lines[number + 1] if number + 1 < len(self.lines) else None
        if after is None or after.mark or after.row or line.row or self.ends_sentence(line):
            return False
        capital = self.opens(line, after)
        return capital and not self.words(line).endswith((",", "-")) and self.ends_early(line, after)

    def opens(self, line: _Line, after: _Line) -> bool:
        """Whether the next line may begin a sentence; a number does so where scripts have no small letters."""
        words = self.words(after)
        if _may_open(words) or _NUMBERED_TITLE.match(words):
            return True
        return words[:1].isdigit() and _WIDE_CHARACTER.match(self.words(line)[-1:]) is not None

    def ends_early(self, line: _Line, after: _Line) -> bool:
        """Whether the next line's first word would have stood on a line: nobody broke it for want of room."""
        word = _WIDE_CHARACTER.split(self.words(after).split(maxsplit=1)[0], maxsplit=1)[0] or "。"
        return self.width >= _NARROWEST and self.columns(line) + 1 + len(word) <= _EARLY * self.width

    def columns(self, line: _Line) -> int:
        """How wide a line is, in columns."""
        content = self.text[line.start : line.end]
        if address := _ADDRESS.search(content):
            content = content[: address.start()]  # it does not break, and tells nothing about where others do
        return len(content) if content.isascii() else len(content) + len(_WIDE_CHARACTER.findall(content))


def _may_open(words: str) -> bool:
    """Whether words may be the first of a sentence, as far as their script tells."""
    first = _APOSTROPHE.sub("", words).lstrip('“"‘„«([（「『【〔［《〈¿¡')[:1]
    return first.isupper() or (first.isalpha() and first.upper() == first.lower())


def _leads(text: str, start: int, end: int) -> bool:
    """Whether dots lead to a figure at the end of a line."""
    return bool(_LEADERS.search(text, max(start, end - _LONGEST_HEADING), end))


def _line(text: str, start: int, end: int, settings: UnitSettings) -> _Line:
    mark = mark_at(text, start, end) if settings.lists else None
    at = mark.end if mark else start
    row = settings.tables and bool(
        _TABBED.search(text, at, end) or _BARRED.match(text, at, end) or _leads(text, at, end)
    )
    label = _LABEL.match(text, start, end) if settings.lists else None
    named = label is not None and len(label["label"].split()) <= _MOST_WORDS and not label["label"][:1].islower()
    hanging = settings.tables and not row and _HANGING.match(text, start, end) is not None
    return _Line(start, end, mark, row, named, hanging)


def _mark_columns(text: str, lines: list[_Line]) -> None:
    """Have lines be rows where several, one behind the other, have a column that blanks put at the same place."""
    run: list[_Line] = []
    common: set[int] = set()

    def close() -> None:
        if len(run) >= _LEAST_ROWS and not _is_justified(text, run):
            for line in run:
                line.row = True
        run.clear()

    for line in lines:
        starts = set()
        if not line.mark and not line.row:
            starts = {match.end() - line.start for match in _COLUMN.finditer(text, line.start, line.end)}
        if run and not common & starts:
            close()
        common = common & starts if run else starts
        if common:
            run.append(line)
    close()


def _is_justified(text: str, lines: list[_Line]) -> bool:
    """Whether blanks only fill lines of running text up to one width: then all but the last end at the same place."""
    ends = {len(text[line.start : line.end].rstrip()) for line in lines[:-1]}
    return len(ends) == 1 and ends.pop() >= _NARROWEST


def _later_marks(lines: list[_Line]) -> list[dict[str, int]]:
    """For each line the marks of those behind it: of each style the least count, and for bullets how many."""
    result: list[dict[str, int]] = []
    seen: dict[str, int] = {}
    for line in reversed(lines):
        result.append(seen)
        if line.mark and seen.get(line.mark.style) != line.mark.count:
            seen = seen | {line.mark.style: line.mark.count}
    return result[::-1]
