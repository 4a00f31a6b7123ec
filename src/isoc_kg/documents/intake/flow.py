"""Passages in the making: what a walk through a document's tree gives, piece by piece."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from ...errors import counted
from ...limits import Limits
from ..text import UNSPACED
from .characters import blanks_collapsed, too_many_characters
from .passages import Passage, Place
from .raised import LOWERED, RAISED, without_shifts

__all__ = ["Flow", "Omissions"]

#: A line end of the source between characters that no blank parts.
_BROKEN = re.compile(rf"(?<=[{UNSPACED}])[^\S\n]*\n\s*(?=[{UNSPACED}])")
_WHITE = re.compile(r"\s+")
_BLANK_LINES = re.compile(r"\n{2,}")
_SHIFTS = "".join((*RAISED, *LOWERED))
_NO_SHIFTS = dict.fromkeys(map(ord, _SHIFTS))


class Omissions(Counter[str]):
    """What was left out of a text, or moved behind it: a noun → how often."""

    def noted(self) -> tuple[str, ...]:
        """In words; footnotes are moved, all else is left out."""
        nouns = [noun for noun in self if noun != "footnote" and self[noun]]
        moved = self["footnote"]
        return (
            *(["left out: " + ", ".join(counted(self[noun], noun) for noun in nouns)] if nouns else []),
            *([f"{counted(moved, 'footnote')} moved behind the text"] if moved else []),
        )


class Flow:
    """Passages one after another. Text belongs to the passage that is open, which a block begins and ends."""

    def __init__(self, limits: Limits) -> None:
        self.passages: list[Passage] = []
        self._limits = limits
        self._characters = 0
        self._pieces: list[str] = []
        self._kind, self._place = "paragraph", Place()

    def add(self, text: str) -> None:
        """Continue the open passage; line ends of the source are white space."""
        text = text.translate(_NO_SHIFTS) if not text.isprintable() else text
        self._pieces.append(_WHITE.sub(" ", _BROKEN.sub("", text) if "\n" in text else text))
        self._characters += len(text)
        if self._characters > self._limits.intake_characters:
            raise too_many_characters(self._limits)

    @contextmanager
    def shifted(self, marks: tuple[str, str] | None) -> Iterator[None]:
        """Text within is raised (`RAISED`) or lowered (`LOWERED`), as long as its passage goes on; None is neither."""
        if marks is None:
            yield
            return
        self._pieces.append(marks[0])
        yield
        self._pieces.append(marks[1])

    def add_formula(self, text: str) -> None:
        """Continue the open passage with a formula; one that begins with a figure stays apart from a figure."""
        last = next((piece[-1] for piece in reversed(self._pieces) if piece), "")
        self.add(f" {text}" if last.isdecimal() and text[:1].isdecimal() else text)

    def end_line(self) -> None:
        """A line ends here because the author wants it; two ends, and a passage ends."""
        self._pieces.append("\n")

    def add_lines(self, text: str) -> None:
        """Continue the open passage with a text whose line ends are its author's."""
        for number, line in enumerate(text.split("\n")):
            if number:
                self.end_line()
            self.add(line)

    @contextmanager
    def block(self, kind: str, place: Place) -> Iterator[None]:
        """A passage of its own, or several: text within the block is of this kind and place."""
        self.end_passage()
        before, count = (self._kind, self._place), len(self.passages)
        self._kind, self._place = kind, place
        try:
            yield
            self.end_passage()
        finally:
            self._kind, self._place = before
            if self._kind == "item" and len(self.passages) > count:
                self._kind = "paragraph"

    def begin(self, kind: str, place: Place) -> None:
        """From here on text is of this kind and place, until the next passage begins."""
        self.end_passage()
        self._kind, self._place = kind, place

    def end_passage(self) -> None:
        """End the open passage, if there is text in it. Only the first of an item is an item."""
        if not self._pieces:
            return
        text = blanks_collapsed(without_shifts("".join(self._pieces))).strip()
        self._pieces.clear()
        for part in _BLANK_LINES.split(text):
            if self._kind in ("heading", "item"):
                part = " ".join(part.split("\n"))
            if part:
                places = ((0, self._place),) if self._place != Place() else ()
                self.passages.append(Passage(part, self._kind, places))
                self._kind = "paragraph" if self._kind == "item" else self._kind

    @property
    def at_start(self) -> bool:
        """Whether the open passage has no text yet."""
        return not any(piece.strip().strip(_SHIFTS) for piece in self._pieces)

    @property
    def kind_within(self) -> str:
        """What a paragraph is that begins here: an item while the item that is open has no text yet."""
        self.end_passage()
        return self._kind if self._kind in ("item", "note") else "paragraph"

    def add_row(self, cells: list[str], place: Place) -> None:
        """A row of a table as a passage, its cells parted by tabs; nothing where all cells are empty."""
        self.end_passage()
        text = "\t".join(" ".join(cell.split()) for cell in cells).rstrip()
        if text:
            self.passages.append(Passage(text, "row", ((0, place),) if place != Place() else ()))

    @property
    def words(self) -> str:
        """All passages on one line, as a cell of a table has them."""
        self.end_passage()
        return " ".join(passage.text for passage in self.passages)
