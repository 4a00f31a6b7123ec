"""Changes to a text that leave the rest of it as it is."""

from dataclasses import dataclass, field

__all__ = ["Edits"]


@dataclass(slots=True)
class Edits:
    """Parts of a text to be replaced, and parts to be enclosed; those enclosed may stand within one another."""

    replaced: list[tuple[int, int, str]] = field(default_factory=list)
    enclosed: list[tuple[int, int, str, str]] = field(default_factory=list)

    def replace(self, start: int, end: int, text: str) -> None:
        """Have a text stand in place of a part; nothing within it is changed otherwise."""
        self.replaced.append((start, end, text))

    def enclose(self, start: int, end: int, before: str, after: str = ")") -> None:
        """Have texts before and after a part; of two that enclose the same part, the later one is outside."""
        self.enclosed.append((start, end, before, after))

    def applied(self, text: str) -> str:
        """The text with all changes made."""
        whole: list[tuple[int, int, str]] = []
        for change in sorted(self.replaced, key=lambda change: (change[0], -change[1])):
            if not whole or change[1] > whole[-1][1]:  # else within a part that is replaced as a whole
                whole.append(change)
        # at one place: what ends there, the innermost first, then what begins there, the outermost first
        marks = [(start, 2, 0, 0, new, end) for start, end, new in whole]
        for number, (start, end, before, after) in enumerate(self.enclosed):
            if not any(a <= start and end <= b and (a, b) != (start, end) for a, b, _ in whole):
                marks.append((start, 1, -end, -number, before, start))
                marks.append((end, 0, -start, number, after, end))
        parts: list[str] = []
        position = 0
        for start, _, _, _, new, end in sorted(marks):
            parts += (text[position:start], new)
            position = end
        return "".join(parts) + text[position:]

    def part(self, text: str, start: int, end: int) -> str:
        """A part of the text with the changes within it made."""
        inner = Edits(
            [(a - start, b - start, new) for a, b, new in self.replaced if start <= a and b <= end],
            [(a - start, b - start, old, new) for a, b, old, new in self.enclosed if start <= a and b <= end],
        )
        return inner.applied(text[start:end])
