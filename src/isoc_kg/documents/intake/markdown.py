"""Markdown (https://spec.commonmark.org), with tables and footnotes as common programs write them."""

import re
from dataclasses import replace

from ...limits import Limits
from .html import read_page
from .passages import Extraction, Passage
from .plain import decoded_text
from .said import as_date, as_language, as_line

__all__ = ["extract_markdown"]

_FENCE = re.compile(r" {0,3}(`{3,}|~{3,})")
_NOTE = re.compile(r" {0,3}\[\^([^\]\s]{1,100})\]:[ \t]*(.*)")
_REFERENCE = re.compile(r"\[\^([^\]\s]{1,100})\]")
_CODE = re.compile(r"(?<!`)(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)
_SETTING = re.compile(r"(\w+)[ \t]*:[ \t]+[\"']?(.*?)[\"']?[ \t]*")
_INDENT = re.compile(r" {4}|\t")


def extract_markdown(content: bytes, limits: Limits) -> Extraction:
    """The text of a Markdown file without its markup; raw HTML in it is read as in a web page.

    Footnotes (`[^1]: …`) are moved behind the text. Settings at its head, between lines of `---`, are what it says of
    itself. Raises as `extract_plain`.
    """
    import markdown_it

    said, text = _without_head(decoded_text(content, limits))
    parser = markdown_it.MarkdownIt("commonmark", {"maxNesting": limits.max_nesting}).enable(["table", "strikethrough"])
    text, notes = _without_notes(text)
    page = read_page(parser.render(text), limits, placed=False)
    footnotes = [passage for note in notes for passage in read_page(parser.render(note), limits, placed=False).passages]
    page.omissions["footnote"] += len(notes)
    first = next((passage.text for passage in page.passages if passage.kind == "heading"), None)
    return Extraction(
        (*page.passages, *map(_as_note, footnotes), *page.footnotes),
        f"markdown-it-py {markdown_it.__version__}",
        title=as_line(said.get("title")) or first,
        author=as_line(said.get("author")),
        date=as_date(said.get("date")),
        language=as_language(said.get("lang") or said.get("language")),
        notes=page.omissions.noted(),
    )


def _as_note(passage: Passage) -> Passage:
    return replace(passage, kind="note")


def _without_head(text: str) -> tuple[dict[str, str], str]:
    """The settings at a text's head, and the text behind them."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return {}, text
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    if end is None or not any(_SETTING.fullmatch(line) for line in lines[1:end]):
        return {}, text
    matches = filter(None, map(_SETTING.fullmatch, lines[1:end]))
    return {match[1].lower(): match[2] for match in matches}, "\n".join(lines[end + 1 :])


def _without_notes(text: str) -> tuple[str, list[str]]:
    """The text without its footnotes and the references to them, and the footnotes that are referred to, in order."""
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
    if not notes:
        return text, []
    used: dict[str, None] = {}

    def without(part: str) -> str:
        def replaced(match: re.Match[str]) -> str:
            if match[1] not in notes:
                return match[0]
            used[match[1]] = None
            return ""

        return _REFERENCE.sub(replaced, part)

    whole, parts, end = "\n".join(lines), [], 0
    for code in _CODE.finditer(whole):
        parts += [without(whole[end : code.start()]), code[0]]
        end = code.end()
    text = "".join([*parts, without(whole[end:])])
    return text, ["\n".join(notes[name]) for name in used]
