"""Footnotes of a Markdown text (`[^1]: …`), and the references to them."""

import re

__all__ = ["without_notes"]

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_NOTE = re.compile(r" {0,3}\[\^([^\]\s]{1,100})\]:[ \t]*(.*)")
_REFERENCE = re.compile(r"\[\^([^\]\s]{1,100})\]")
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_INDENT = re.compile(r" {4}|\t")


def without_notes(text: str) -> tuple[str, list[str]]:
    """The text without its footnotes and the references to them, and the footnotes.

    They come in the order of the references, from the text and from notes; those that nothing refers to come last.
    """
    whole, notes = _parted(text)
    if not notes:
        return text, []
    order: list[str] = []  # in which they are referred to, from the text and from notes

    def without(part: str) -> str:
        def replaced(match: re.Match[str]) -> str:
            if match[1] not in notes:
                return match[0]
            if match[1] not in met:
                met.add(match[1])
                order.append(match[1])
            return ""

        kept, end = [], 0
        for code in _CODE.finditer(part):
            kept += [_REFERENCE.sub(replaced, part[end : code.start()]), code[0]]
            end = code.end()
        return "".join([*kept, _REFERENCE.sub(replaced, part[end:])])

    met: set[str] = set()
    text = without(whole)
    bodies: list[str] = []
    rest = iter(notes)
    while len(bodies) < len(notes):
        if len(order) == len(bodies):  # the others are referred to nowhere
            name = next(name for name in rest if name not in met)
            met.add(name)
            order.append(name)
        bodies.append(without("\n".join(notes[order[len(bodies)]])))
    return text, bodies


def _parted(text: str) -> tuple[str, dict[str, list[str]]]:
    """The text without its footnotes, and the lines of the footnotes by name."""
    lines: list[str] = []
    notes: dict[str, list[str]] = {}
    note: list[str] | None = None
    fence = ""
    for line in text.split("\n"):
        mark = _FENCE.match(line)
        if fence:
            fence = "" if mark and mark[1].startswith(fence) and not line.strip(" `~") else fence
            lines.append(line)
        elif note is not None and (_INDENT.match(line) or not line.strip()):
            note.append(_INDENT.sub("", line, count=1))
        elif match := _NOTE.match(line):
            note = notes.setdefault(match[1], [])
            note.append(match[2])
        elif note is not None and note[-1].strip() and not mark and not line.startswith(("#", ">", "-", "*", "|")):
            note.append(line)  # a paragraph goes on without being indented
        else:
            if note is not None:
                lines.append("")  # the footnote parted two paragraphs
            note, fence = None, mark[1] if mark else ""
            lines.append(line)
    return "\n".join(lines), notes
