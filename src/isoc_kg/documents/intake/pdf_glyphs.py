"""The words that a page of a PDF shows, with their boxes, in the order in which the file draws them."""

import ctypes
import math
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import pypdfium2 as pdfium
import pypdfium2.raw as raw

__all__ = ["Box", "PageWords", "Word", "page_text"]

Box = tuple[float, float, float, float]  #: left, bottom, right, top, in points

#: A gap of so many ems parts two words where the file draws no blank.
_BLANK = 0.6
_CLOSING = ",.;:!?)]}”’»"
_TIGHT = 0.18  #: ems of a gap beside raised or lowered characters, up to which there is no blank
_BLANKS = frozenset(b"\t\n\r \xa0")  #: as drawn; other control characters are what fonts without meanings give
_MARKS = (0x02, 0xFFFE)
#: Bullets of fonts without names for their characters (Symbol, Wingdings, OpenSymbol).
_BULLETS = frozenset("\uf06c\uf06e\uf06f\uf071\uf076\uf0a7\uf0a8\uf0b7\uf0d8\uf0e0\uf0fc\ue00a\ue00c\ue4c4")
#: Accents that are characters of their own → those that combine.
_COMBINING = "\u0300\u0301\u0302\u0303\u0308\u030c\u030a\u0327\u0328\u0307\u0304\u0306\u030b"
_ACCENTS = dict(zip("`´ˆ˜¨ˇ˚¸˛˙¯˘˝", _COMBINING, strict=True))
_LIGATURES = range(0xFB00, 0xFB07)
_PRIVATE = (range(0xE000, 0xF900), range(0xF0000, 0x110000))
_MOST_DRAWN = 20_000  #: drawings of a page that may be bullets or rules
_INVISIBLE = 3  #: text rendering mode (ISO 32000-2, 9.3.6)
#: Letters of scripts that set no blanks; a line may end between any two.
_UNSPACED = (range(0x3000, 0x3100), range(0x3400, 0x4DC0), range(0x4E00, 0xA000), range(0xFF01, 0xFF61))


@dataclass(slots=True)
class Word:
    """Letters without a blank between, in one size on one base line; boxes are in the layout's coordinates."""

    text: str
    box: Box
    start: float  #: where its first character begins, white around it included
    base: float
    size: float
    bold: bool
    glued: bool  #: no blank stands before it
    order: int  #: its place in the order of drawing


@dataclass(slots=True)
class PageWords:
    """The words of a page, turned upright, and what was seen of its text layer."""

    number: int  #: from 1
    width: float
    height: float
    turn: int  #: quarter turns, counter-clockwise, by which the layout is turned against the page as it is shown
    words: list[Word] = field(default_factory=list)
    bullets: list[Box] = field(default_factory=list)  #: small drawings, which may be list marks
    rules: list[Box] = field(default_factory=list)  #: upright lines, which part the cells of a table
    characters: int = 0
    unmapped: int = 0  #: characters without a meaning in Unicode
    right_to_left: int = 0
    turned: int = 0  #: characters in another direction, left out
    outside: int = 0  #: characters outside of the page, left out
    pictures: bool = False  #: whether there is a picture on it
    invisible: int = 0  #: characters that are not painted, as of a recognized scan

    def shown(self, box: Box) -> Box:
        """A box of the layout as one of the page as it is shown, origin lower left."""
        width, height = (self.width, self.height) if self.turn % 2 == 0 else (self.height, self.width)
        return _turned(box, -self.turn % 4, width, height)


@dataclass(slots=True)
class _Glyph:
    text: str
    box: Box
    origin: tuple[float, float]
    style: "_Style"
    blank: bool  #: whether a blank was drawn before it, or a line begins
    supposed: bool  #: whether the library supposes one there


@dataclass(frozen=True, slots=True)
class _Style:
    """What the characters of one text object have in common."""

    size: float
    bold: bool
    turn: int | None  #: quarter turns, counter-clockwise; None for any other angle
    invisible: bool


def page_text(page: pdfium.PdfPage, number: int, most: int) -> PageWords:
    """The words of a page in the direction that most of them have; of no more than `most` characters and one."""
    left, bottom, right, top = page.get_bbox()
    rotation = page.get_rotation() // 90
    width, height = right - left, top - bottom
    shown = (width, height) if rotation % 2 == 0 else (height, width)
    result = PageWords(number, *shown, turn=0)
    glyphs = list(islice(_glyphs(page, result, (left, bottom, right, top)), most + 1))
    result.pictures = any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=4))
    by_turn: dict[int | None, int] = {}
    for glyph in glyphs:
        by_turn[glyph.style.turn] = by_turn.get(glyph.style.turn, 0) + 1
    straight = [turn for turn in by_turn if turn is not None]
    if not straight:
        result.turned = len(glyphs)
        return result
    # a page that is shown turned by its own entry (clockwise) has text that is turned the other way in its space
    direction = max(straight, key=lambda turn: (by_turn[turn], turn == rotation))
    result.turned = len(glyphs) - by_turn[direction]
    turn = -direction % 4
    result.turn = (turn + rotation) % 4
    upright = [glyph for glyph in glyphs if glyph.style.turn == direction]
    for glyph in upright:
        x, y = glyph.origin
        glyph.origin = _turned((x, y, x, y), turn, width, height)[:2]
        glyph.box = _turned(glyph.box, turn, width, height)
    result.words = list(_with_fractions(list(_words(_accented(upright)))))
    for order, word in enumerate(result.words):
        word.order = order
    for x0, y0, x1, y1 in _drawings(page):
        box = _turned((x0 - left, y0 - bottom, x1 - left, y1 - bottom), turn, width, height)
        wide, high = box[2] - box[0], box[3] - box[1]
        if 1 < wide < 8 and 1 < high < 8 and 0.7 < wide / high < 1.4:
            result.bullets.append(box)
        elif wide < 3 and high > 6:
            result.rules.append(box)
    result.rules.sort()
    return result


def _turned(box: Box, turn: int, width: float, height: float) -> Box:
    """A box on a page of this size, turned counter-clockwise by quarters, the origin lower left again."""
    left, bottom, right, top = box
    if turn == 1:
        return height - top, left, height - bottom, right
    if turn == 2:
        return width - right, height - top, width - left, height - bottom
    if turn == 3:
        return bottom, width - right, top, width - left
    return box


def _glyphs(page: pdfium.PdfPage, result: PageWords, crop: Box) -> Iterator[_Glyph]:
    """The characters that stand on the page, in the coordinates of its crop box; counts go to `result`."""
    text = page.get_textpage()
    left, bottom, right, top = (ctypes.c_double() for _ in range(4))
    x, y = ctypes.c_double(), ctypes.c_double()
    styles: dict[int, _Style] = {}
    blank, supposed, high = True, False, 0
    for index in range(text.count_chars()):
        code = raw.FPDFText_GetUnicode(text, index)
        if raw.FPDFText_IsGenerated(text, index) == 1:
            supposed = True
            continue
        if code in _BLANKS:
            blank = True
            continue
        if 0xD800 <= code < 0xDC00:
            high = code
            continue
        if 0xDC00 <= code < 0xE000 and high:
            code, high = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00, 0
        result.characters += 1
        raw.FPDFText_GetCharBox(text, index, left, right, bottom, top)
        raw.FPDFText_GetCharOrigin(text, index, x, y)
        box = (left.value - crop[0], bottom.value - crop[1], right.value - crop[0], top.value - crop[1])
        if raw.FPDFText_IsHyphen(text, index) == 1 and code in _MARKS:
            code = ord("-")  # the library's mark of a hyphen at the end of a line
        character = _character(code, raw.FPDFText_HasUnicodeMapError(text, index) == 1, result)
        if character.isspace():
            blank = True
            continue
        handle = ctypes.cast(raw.FPDFText_GetTextObject(text, index), ctypes.c_void_p).value or 0
        if (style := styles.get(handle)) is None:
            style = styles[handle] = _style(text, index)
        if not _inside(box, crop):
            result.outside += 1
            continue
        result.invisible += style.invisible
        yield _Glyph(character, box, (x.value - crop[0], y.value - crop[1]), style, blank, supposed)
        blank, supposed = False, False


def _inside(box: Box, crop: Box) -> bool:
    """Whether the middle of a box is; a box that is no number is not."""
    return 0 <= box[0] + box[2] <= 2 * (crop[2] - crop[0]) and 0 <= box[1] + box[3] <= 2 * (crop[3] - crop[1])


def _character(code: int, no_meaning: bool, result: PageWords) -> str:
    character = chr(code)
    if character in _BULLETS:
        return "•"
    if 0x20 < code < 0x7F and not no_meaning:
        return character
    if code in _LIGATURES:
        return unicodedata.normalize("NFKC", character)
    control = unicodedata.category(character) in ("Cc", "Cs", "Cn")
    if no_meaning or control or code == 0xFFFD or any(code in private for private in _PRIVATE):
        result.unmapped += 1
        return "\ufffd"
    if unicodedata.bidirectional(character) in ("R", "AL"):
        result.right_to_left += 1
    return character


def _style(text: pdfium.PdfTextPage, index: int) -> _Style:
    matrix = raw.FS_MATRIX()
    scale = 1.0
    turn: int | None = 0
    if raw.FPDFText_GetMatrix(text, index, matrix):
        scale = math.hypot(matrix.c, matrix.d)
        quarter = math.degrees(math.atan2(matrix.b, matrix.a)) / 90
        turn = round(quarter) % 4 if abs(quarter - round(quarter)) < 0.03 else None
    flags = ctypes.c_int()
    name = ctypes.create_string_buffer(128)
    raw.FPDFText_GetFontInfo(text, index, name, 128, flags)
    heavy = raw.FPDFText_GetFontWeight(text, index) >= 500 or b"bold" in name.value.lower()
    mode = raw.FPDFTextObj_GetTextRenderMode(raw.FPDFText_GetTextObject(text, index))
    return _Style(raw.FPDFText_GetFontSize(text, index) * scale, heavy, turn, mode == _INVISIBLE)


def _accented(glyphs: list[_Glyph]) -> list[_Glyph]:
    """Characters, an accent that is drawn apart put on its letter."""
    result: list[_Glyph] = []
    for glyph in glyphs:
        last = result[-1] if result else None
        if last and (last.text in _ACCENTS) != (glyph.text in _ACCENTS) and _one_above_other(last.box, glyph.box):
            letter, accent = (glyph, last) if last.text in _ACCENTS else (last, glyph)
            bare = letter.text.replace("ı", "i").replace("ȷ", "j")
            both = unicodedata.normalize("NFC", bare + _ACCENTS[accent.text])
            if len(both) == 1 and letter.text.isalpha():
                result[-1] = _Glyph(both, letter.box, letter.origin, letter.style, last.blank, last.supposed)
                continue
        result.append(glyph)
    return result


def _one_above_other(first: Box, second: Box) -> bool:
    middle = (first[0] + first[2]) / 2
    return second[0] < middle < second[2] or first[0] < (second[0] + second[2]) / 2 < first[2]


def _words(glyphs: list[_Glyph]) -> Iterator[Word]:
    """Characters as words: a blank, a new line, another size or height, or a gap ends one."""
    run: list[_Glyph] = []
    glued = False
    for glyph in glyphs:
        if run:
            together = _follows(run[-1], glyph)
            if together != "word" or not _of_one_word(run[-1], glyph):
                yield _word(run, glued)
                run, glued = [], together == "word"
        run.append(glyph)
    if run:
        yield _word(run, glued)


def _with_fractions(words: list[Word]) -> Iterator[Word]:
    """Words, two figures one above the other as one fraction on the line of the word before."""
    at = 0
    last: Word | None = None
    while at < len(words):
        word = words[at]
        below = words[at + 1] if at + 1 < len(words) else None
        if last is not None and below is not None and _is_fraction(last, word, below):
            box = (
                min(word.box[0], below.box[0]),
                min(word.box[1], below.box[1]),
                max(word.box[2], below.box[2]),
                max(word.box[3], below.box[3]),
            )
            glued = word.glued and not last.text[-1].isdecimal()
            text = f"{word.text}/{below.text}"
            word = Word(text, box, box[0], last.base, last.size, word.bold, glued, word.order)
            at += 1
        at += 1
        last = word
        yield word


def _is_fraction(last: Word, above: Word, below: Word) -> bool:
    """Whether two words are the parts of a fraction that stands on the line of the one before."""
    if not (above.text.isdecimal() and below.text.isdecimal()) or above.base <= last.base or below.base >= last.base:
        return False
    small = max(above.size, below.size) < 0.95 * last.size and above.base - below.base < 1.6 * last.size
    return small and _one_above_other(above.box, below.box)


def _follows(last: _Glyph, glyph: _Glyph) -> str:
    """Whether a character goes on with the word of the one before, or begins a new one."""
    size = max(last.style.size, glyph.style.size)
    gap = glyph.box[0] - last.box[2]
    level = abs(glyph.origin[1] - last.origin[1]) < 0.05 * size
    if glyph.supposed and (level or (gap > _TIGHT * size and glyph.text not in _CLOSING)):
        return "apart"
    near = -1.0 * size < gap < _BLANK * size or glyph.box == last.box  # a ligature is several characters in one box
    if glyph.blank or not near or abs(glyph.origin[1] - last.origin[1]) > 0.6 * size:
        return "apart"
    return "word"


def _of_one_word(last: _Glyph, glyph: _Glyph) -> bool:
    if _unspaced(last.text) or _unspaced(glyph.text):
        return False
    size = max(last.style.size, glyph.style.size)
    return abs(glyph.style.size - last.style.size) < 0.1 * size and abs(glyph.origin[1] - last.origin[1]) < 0.1 * size


def _unspaced(text: str) -> bool:
    return text[0] >= "\u3000" and any(ord(text[0]) in characters for characters in _UNSPACED)


def _word(run: list[_Glyph], glued: bool) -> Word:
    boxes = [glyph.box for glyph in run]
    box = (
        min(box[0] for box in boxes),
        min(box[1] for box in boxes),
        max(box[2] for box in boxes),
        max(box[3] for box in boxes),
    )
    style = run[0].style
    bold = sum(glyph.style.bold for glyph in run) * 2 > len(run)
    text = "".join(glyph.text for glyph in run)
    return Word(text, box, *run[0].origin, style.size or 1.0, bold, glued, 0)


def _drawings(page: pdfium.PdfPage) -> Iterator[Box]:
    """The boxes of what is drawn of lines on a page."""
    for drawn in islice(page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=4), _MOST_DRAWN):
        box = drawn.get_bounds()
        if all(map(math.isfinite, box)):
            yield box
