r"""The regular expressions of REGEX, REPLACE and `sh:pattern`: XPath's, written for the engines that execute them.

SHACL (https://www.w3.org/TR/shacl/#PatternConstraintComponent) takes them from SPARQL's REGEX, which takes them from
XPath (https://www.w3.org/TR/xpath-functions-31/#regex-syntax): XML Schema's, with anchors, reluctant quantifiers and
back references. No engine's own dialect is the same: `\i`, `\c`, blocks and class subtraction are unknown to most,
`\w` means other characters, and what XPath refuses (`\b`, `(?=`, `{,3}`) is taken.
"""

import re
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple

from .character_blocks import block

__all__ = ["Pattern", "PatternError", "read_pattern"]

#: Groups inside one another, copies of one atom, and copies in all: more, and engines fail or take their time.
_MAX_DEPTH, _MAX_REPEAT, _MAX_SIZE = 100, 10_000, 20_000
_SINGLE = {"n": "\n", "r": "\r", "t": "\t"} | {mark: mark for mark in "\\|.-^?*+{}()[]$"}
_CATEGORIES = frozenset(
    [
        "L",
        "Lu",
        "Ll",
        "Lt",
        "Lm",
        "Lo",
        "M",
        "Mn",
        "Mc",
        "Me",
        "N",
        "Nd",
        "Nl",
        "No",
        "P",
        "Pc",
        "Pd",
        "Ps",
        "Pe",
        "Pi",
        "Pf",
        "Po",
        "Z",
        "Zs",
        "Zl",
        "Zp",
        "S",
        "Sm",
        "Sc",
        "Sk",
        "So",
        "C",
        "Cc",
        "Cf",
        "Co",
        "Cn",
    ]
)
#: The characters that begin a name, and the further ones in names (https://www.w3.org/TR/xml/#NT-NameStartChar).
_INITIAL = (
    *((0x3A, 0x3A), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A), (0xC0, 0xD6), (0xD8, 0xF6), (0xF8, 0x2FF)),
    *((0x370, 0x37D), (0x37F, 0x1FFF), (0x200C, 0x200D), (0x2070, 0x218F), (0x2C00, 0x2FEF), (0x3001, 0xD7FF)),
    *((0xF900, 0xFDCF), (0xFDF0, 0xFFFD), (0x10000, 0xEFFFF)),
)
_NAME = (*_INITIAL, (0x2D, 0x2E), (0x30, 0x39), (0xB7, 0xB7), (0x300, 0x36F), (0x203F, 0x2040))
_SPACE = ((0x9, 0xA), (0xD, 0xD), (0x20, 0x20))
_META = frozenset(".\\?*+{}()|[]^$")
Range = tuple[int, int]


class PatternError(ValueError):
    """What XPath's regular expressions do not have; the message names it."""


@dataclass(frozen=True, slots=True)
class Category:
    """The characters of a general category, `L` or `Lu`."""

    name: str


@dataclass(frozen=True, slots=True)
class CharacterClass:
    """Characters, or all others, without those of another class."""

    items: tuple["Range | Category | CharacterClass", ...]
    negated: bool = False
    without: "CharacterClass | None" = None

    @property
    def has_category(self) -> bool:
        """Whether a category is part of it, which case does not widen."""
        parts = (*self.items, *((self.without,) if self.without else ()))
        return any(
            isinstance(part, Category) or (isinstance(part, CharacterClass) and part.has_category) for part in parts
        )


class Repeat(NamedTuple):
    """An atom, so often."""

    atom: "Node"
    least: int
    most: int | None
    reluctant: bool = False  #: which match is found, not whether there is one


class Group(NamedTuple):
    """Alternatives, each a sequence."""

    branches: tuple[tuple["Node", ...], ...]
    captures: bool


class Mark(NamedTuple):
    """An anchor, or a back reference to the group of a number."""

    kind: Literal["start", "end", "reference"]
    number: int = 0


Node = str | CharacterClass | Repeat | Group | Mark


class Pattern(NamedTuple):
    """A regular expression of XPath, and whether case counts or each line has its own start and end."""

    top: Group
    ignores_case: bool
    multiline: bool

    @property
    def looks_back(self) -> bool:
        """Whether it needs an engine that backtracks: back references, and the anchors of lines."""
        return any(isinstance(node, Mark) and (self.multiline or node.kind == "reference") for node in _nodes(self.top))

    @property
    def groups(self) -> int:
        """How many groups are captured."""
        return sum(isinstance(node, Group) and node.captures for node in _nodes(self.top))

    @property
    def size(self) -> int:
        """About how many atoms it has when each is written as often as it is repeated."""
        return _size(self.top)

    def to_rust(self) -> str:
        """The same for engines on the crate `regex` (`shacl`, pyoxigraph), without any flag beside it."""
        return self._written(_Rust(self.ignores_case))

    def to_python(self) -> str:
        """The same for Python's `re`, without any flag beside it."""
        return self._written(_Python(self.ignores_case, self.multiline))

    def _written(self, writer: "_Writer") -> str:
        return ("(?i)" if self.ignores_case else "") + writer.branches(self.top)


@lru_cache(maxsize=1000)
def read_pattern(text: str, flags: str = "") -> Pattern:
    """The pattern that a text stands for, with SPARQL's flags `s m i x q`. Raises `PatternError`."""
    if unknown := next((flag for flag in flags if flag not in "smixq"), None):
        raise PatternError(f"there is no flag “{unknown}”: flags are s, m, i, x and q")
    if "q" in flags:
        return Pattern(Group((tuple(text),), captures=False), "i" in flags, False)
    reader = _Reader(text, dots_all="s" in flags, spaced="x" in flags)
    return Pattern(reader.read(), "i" in flags, "m" in flags)


class _Reader:
    """Recursive descent over the grammar of XML Schema, part 2, appendix G, as XPath extends it."""

    def __init__(self, text: str, *, dots_all: bool, spaced: bool) -> None:
        self._text, self._at, self._groups, self._closed = text, 0, 0, set[int]()
        self._dots_all, self._spaced = dots_all, spaced

    def read(self) -> Group:
        top = self._group(0, captures=False)
        if self._at < len(self._text):
            raise PatternError("a parenthesis is closed that was not opened")
        if _size(top) > _MAX_SIZE:
            raise PatternError(f"it stands for more than {_MAX_SIZE:,} characters, one repetition inside another")
        return top

    def _peek(self, text: str) -> bool:
        return self._text.startswith(text, self._at)

    def _skip_space(self) -> None:
        while self._spaced and self._text[self._at : self._at + 1] in ("\t", "\n", "\r", " "):
            self._at += 1

    def _next(self) -> str:
        if self._at >= len(self._text):
            raise PatternError("it ends within a character class or an escape")
        self._at += 1
        return self._text[self._at - 1]

    def _group(self, depth: int, *, captures: bool) -> Group:
        if depth > _MAX_DEPTH:
            raise PatternError(f"groups are nested more than {_MAX_DEPTH} deep")
        branches: list[tuple[Node, ...]] = []
        pieces: list[Node] = []
        while True:
            self._skip_space()
            if self._at >= len(self._text) or self._peek(")"):
                return Group((*branches, tuple(pieces)), captures)
            if self._peek("|"):
                self._at += 1
                branches.append(tuple(pieces))
                pieces = []
            else:
                pieces.append(self._quantified(self._atom(depth)))

    def _atom(self, depth: int) -> Node:
        character = self._next()
        if character == "(":
            return self._parenthesis(depth)
        if character == "[":
            return self._class(depth)
        if character == "\\":
            return self._escape()
        if character == ".":
            return CharacterClass((), negated=True) if self._dots_all else CharacterClass(((0xA, 0xA),), negated=True)
        if character in "^$":
            return Mark("start" if character == "^" else "end")
        if character in "?*+":
            raise PatternError(f"“{character}” has nothing to repeat")
        if character in _META:
            raise PatternError(f"“{character}” stands for itself only as “\\{character}”")
        return character

    def _parenthesis(self, depth: int) -> Group:
        captures = True
        if self._peek("?"):
            if not self._peek("?:"):
                kind = self._text[self._at - 1 : self._at + 3]
                raise PatternError(f"“{kind}”: there is no looking ahead or behind, and no group with a name or flags")
            self._at += 2
            captures = False
        number = 0
        if captures:
            self._groups += 1
            number = self._groups
        group = self._group(depth + 1, captures=captures)
        if not self._peek(")"):
            raise PatternError("a parenthesis is not closed")
        self._at += 1
        self._closed.add(number)
        return group

    def _quantified(self, atom: Node) -> Node:
        self._skip_space()
        counted: int | None = None
        if self._at < len(self._text) and self._text[self._at] in "?*+":
            mark = self._next()
            least, counted = (1 if mark == "+" else 0), (1 if mark == "?" else None)
        elif self._peek("{"):
            match = re.compile(r"\{([0-9]+)(,([0-9]*))?\}").match(self._text, self._at)
            if match is None:
                end = self._text.find("}", self._at)
                shown = self._text[self._at : end + 1 if 0 <= end < self._at + 20 else self._at + 10]
                raise PatternError(f"“{shown}” is no quantifier: write {{n}}, {{n,}} or {{n,m}}")
            least = int(match[1][:9])
            counted = least if match[2] is None else int(match[3][:9]) if match[3] else None
            self._at = match.end()
        else:
            return atom
        if max(least, counted or 0) > _MAX_REPEAT:
            raise PatternError(f"a repetition of more than {_MAX_REPEAT:,}")
        if counted is not None and counted < least:
            raise PatternError(f"{{{least},{counted}}}: the least is more than the most")
        self._skip_space()
        reluctant = self._peek("?")
        if reluctant:
            self._at += 1
            self._skip_space()
        if self._at < len(self._text) and self._text[self._at] in "?*+{":
            raise PatternError(f"“{self._text[self._at]}” behind a quantifier")
        return Repeat(atom, least, counted, reluctant)

    def _escape(self) -> Node:
        name = self._next()
        if name.isascii() and name.isdigit():
            number = int(name)
            while self._peek_digit() and int(f"{number}{self._text[self._at]}") <= self._groups:
                number = int(f"{number}{self._next()}")
            if number not in self._closed or not number:
                raise PatternError(f"\\{number} refers to no group that is closed before it")
            return Mark("reference", number)
        return self._escaped(name)

    def _peek_digit(self) -> bool:
        return self._at < len(self._text) and self._text[self._at] in "0123456789"

    def _escaped(self, name: str) -> str | CharacterClass:
        if name in _SINGLE:
            return _SINGLE[name]
        if name in "pP":
            return self._property(negated=name == "P")
        ranges = {"s": _SPACE, "i": _INITIAL, "c": _NAME}.get(name.lower())
        if ranges:
            return CharacterClass(ranges, negated=name.isupper())
        if name in "dD":
            return CharacterClass((Category("Nd"),), negated=name == "D")
        if name in "wW":
            return CharacterClass((Category("P"), Category("Z"), Category("C")), negated=name == "w")
        advice = f": “{name}” needs no backslash" if not name.isalnum() else ""
        raise PatternError(f"there is no escape “\\{name}”{advice}")

    def _property(self, *, negated: bool) -> CharacterClass:
        match = re.compile(r"\{([A-Za-z0-9-]+)\}").match(self._text, self._at)
        if match is None:
            raise PatternError("behind \\p stands {…} with a category or a block")
        self._at = match.end()
        name = match[1]
        if name.startswith("Is"):
            ends = block(name[2:])
            if ends is None:
                raise PatternError(f"\\p{{{name}}}: there is no block “{name[2:]}”")
            return CharacterClass((ends,), negated)
        if name not in _CATEGORIES:
            raise PatternError(f"\\p{{{name}}}: there is no general category “{name}”")
        return CharacterClass((Category(name),), negated)

    def _class(self, depth: int) -> CharacterClass:
        if depth > _MAX_DEPTH:
            raise PatternError(f"classes are nested more than {_MAX_DEPTH} deep")
        negated = self._peek("^")
        self._at += negated
        items: list[Range | Category | CharacterClass] = []
        without = None
        if self._peek("]"):
            raise PatternError("a character class is empty, or “]” in it is not escaped")
        while not self._peek("]"):
            if items and self._peek("-["):
                self._at += 2
                without = self._class(depth + 1)
                if not self._peek("]"):
                    raise PatternError("a subtraction stands last in its character class")
                break
            items.append(self._item(first=not items))
        self._next()
        return CharacterClass(tuple(items), negated, without)

    def _item(self, *, first: bool) -> Range | CharacterClass:
        start = self._class_character()
        if isinstance(start, CharacterClass):
            return start
        alone = not self._peek("-") or self._text[self._at + 1 : self._at + 2] in ("]", "[")
        if alone or (start == "-" and first and not self._peek("--")):
            return ord(start), ord(start)
        self._at += 1
        end = self._class_character()
        if isinstance(end, CharacterClass):
            raise PatternError("a range of characters ends with a class")
        if ord(end) < ord(start):
            raise PatternError(f"the range {start}-{end} ends before it begins")
        return ord(start), ord(end)

    def _class_character(self) -> str | CharacterClass:
        character = self._next()
        if character == "[":
            raise PatternError("“[” in a character class stands for itself only as “\\[”")
        return self._escaped(self._next()) if character == "\\" else character


def _nodes(group: Group) -> Iterator[Node]:
    for branch in group.branches:
        for node in branch:
            inner = node.atom if isinstance(node, Repeat) else node
            yield inner
            if isinstance(inner, Group):
                yield from _nodes(inner)


def _size(node: Node) -> int:
    if isinstance(node, Repeat):
        return max(1, node.most or node.least + 1) * _size(node.atom)
    if isinstance(node, Group):
        return 1 + sum(_size(part) for branch in node.branches for part in branch)
    return 1


class _Writer:
    """Writes a pattern in a dialect."""

    start, end, line_start, line_end = r"\A", r"\z", "", ""
    #: Whether the engine takes both cases of a class before it takes all other characters.
    folds_complements = True

    def __init__(self, ignores_case: bool, multiline: bool = False) -> None:
        self._ignores_case, self._multiline = ignores_case, multiline

    def branches(self, group: Group) -> str:
        return "|".join("".join(map(self._node, branch)) for branch in group.branches)

    def _node(self, node: Node) -> str:
        if isinstance(node, str):
            return self.character(ord(node))
        if isinstance(node, Group):
            return f"({'' if node.captures else '?:'}{self.branches(node)})"
        if isinstance(node, Repeat):
            atom = self._node(node.atom)
            atom = f"(?:{atom})" if isinstance(node.atom, Mark) else atom
            return atom + f"{{{node.least},{'' if node.most is None else node.most}}}" + "?" * node.reluctant
        if isinstance(node, CharacterClass):
            if self._ignores_case and (node.has_category or not self.folds_complements):
                return f"(?-i:{self.characters(_with_cases(node))})"
            return self.characters(node)
        if node.kind == "reference":
            return rf"(?:\{node.number})"
        if self._multiline:
            return self.line_start if node.kind == "start" else self.line_end
        return self.start if node.kind == "start" else self.end

    def character(self, code: int) -> str:
        raise NotImplementedError

    def characters(self, node: CharacterClass) -> str:
        raise NotImplementedError


class _Rust(_Writer):
    def character(self, code: int) -> str:
        return chr(code) if chr(code).isascii() and chr(code).isalnum() else f"\\x{{{code:X}}}"

    def characters(self, node: CharacterClass) -> str:
        if not node.items:
            return r"[\x{0}-\x{10FFFF}]"
        items = "".join(map(self._item, node.items))
        body = f"[{'^' if node.negated else ''}{items}]"
        return body if node.without is None else f"[{body}--{self.characters(node.without)}]"

    def _item(self, item: "Range | Category | CharacterClass") -> str:
        if isinstance(item, Category):
            return f"\\p{{{item.name}}}"
        if isinstance(item, CharacterClass):
            return self.characters(item)
        first, last = (self.character(code) for code in item)
        return first if first == last else f"{first}-{last}"


class _Python(_Writer):
    end = r"\Z"
    folds_complements = False
    # A line begins behind a line feed that is not the last character, and ends before one, or where none is last.
    line_start, line_end = r"(?:\A|(?<=\n)(?!\Z))", r"(?:(?=\n)|(?<!\n)\Z)"

    def character(self, code: int) -> str:
        return chr(code) if chr(code).isascii() and chr(code).isalnum() else f"\\U{code:08X}"

    def characters(self, node: CharacterClass) -> str:
        ranges = _ranges(node)
        if not ranges:
            return "(?!)"
        return "[" + "".join(f"{self.character(first)}-{self.character(last)}" for first, last in ranges) + "]"


def _with_cases(node: CharacterClass) -> CharacterClass:
    """A class with both cases of its characters, but not of its categories."""
    items: list[Range | Category | CharacterClass] = []
    for item in node.items:
        items.append(_with_cases(item) if isinstance(item, CharacterClass) else item)
        if isinstance(item, tuple):
            items += [(other, other) for code, other in _cases() if item[0] <= code <= item[1]]
    return CharacterClass(tuple(items), node.negated, node.without and _with_cases(node.without))


@cache
def _cases() -> list[Range]:
    """Each character that has another case, with that one; takes a fifth of a second, the first time."""
    letters = (chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code <= 0xDFFF)
    pairs = ((letter, other) for letter in letters for other in {letter.lower(), letter.upper()} - {letter})
    return [(ord(letter), ord(other)) for letter, other in pairs if len(other) == 1]


def _ranges(node: CharacterClass) -> Sequence[Range]:
    """The characters of a class as ranges in order that do not touch."""
    found: list[Range] = []
    for item in node.items:
        if isinstance(item, Category):
            found += _categories().get(item.name, ())
        else:
            found += _ranges(item) if isinstance(item, CharacterClass) else [item]
    result = _complement(_joined(found)) if node.negated else _joined(found)
    if node.without is not None:
        # What is in the one and not in the other: nothing of the other is in it, nor anything outside of the one.
        result = _complement(_joined([*_complement(result), *_ranges(node.without)]))
    return result


def _joined(ranges: Sequence[Range]) -> list[Range]:
    result: list[Range] = []
    for first, last in sorted(ranges):
        if result and first <= result[-1][1] + 1:
            result[-1] = result[-1][0], max(last, result[-1][1])
        else:
            result.append((first, last))
    return result


def _complement(ranges: Sequence[Range]) -> list[Range]:
    result, start = [], 0
    for first, last in ranges:
        if first > start:
            result.append((start, first - 1))
        start = last + 1
    return [*result, (start, sys.maxunicode)] if start <= sys.maxunicode else result


@cache
def _categories() -> dict[str, list[Range]]:
    """The characters of every general category; takes a fifth of a second, the first time."""
    found: dict[str, list[Range]] = {}
    for code in range(sys.maxunicode + 1):
        name = unicodedata.category(chr(code))
        for key in (name, name[0]):
            ranges = found.setdefault(key, [])
            if ranges and ranges[-1][1] == code - 1:
                ranges[-1] = ranges[-1][0], code
            else:
                ranges.append((code, code))
    return found
