"""Markdown (https://spec.commonmark.org), with tables and footnotes as common programs write them."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape
from typing import Any

from ...limits import Limits
from .html import read_page
from .html_elements import NO_TEXT
from .markdown_notes import without_notes
from .markdown_tables import with_tables
from .passages import Extraction, Passage
from .plain import decoded_text
from .said import as_date, as_language, as_line

__all__ = ["extract_markdown"]

_SETTING = re.compile(r"(\w+)[ \t]*:[ \t]+[\"']?(.*?)[\"']?[ \t]*")
#: Lines of YAML as heads have them: a setting, a part of a list, a comment, what goes on.
_YAML = re.compile(r"[\w.-]+[ \t]*:(?:[ \t].*)?|[ \t]+.*|-(?:[ \t].*)?|#.*|[\]}][ \t]*|")
#: Settings of which every head has one; where none is, the lines may be text.
_USUAL = frozenset({"title", "subtitle", "author", "authors", "date", "lang", "language", "layout", "tags"}) | {
    *("categories", "keywords", "description", "slug", "id"),
}
_MOST_OPEN = 2000  #: brackets that nothing closes
_TAG = re.compile(r"<\s*([A-Za-z][\w-]*)")


def extract_markdown(content: bytes, limits: Limits, charset: str | None = None) -> Extraction:
    """The text of a Markdown file without its markup; raw HTML in it is read as in a web page.

    Footnotes (`[^1]: …`) are moved behind the text. Settings at its head, between lines of `---`, are what it says of
    itself. Raises as `extract_plain`.
    """
    import markdown_it

    said, text = _without_head(decoded_text(content, limits, charset))
    parser = markdown_it.MarkdownIt("commonmark", {"maxNesting": limits.max_nesting}).enable(["table", "strikethrough"])
    if text.count("[") - text.count("]") > _MOST_OPEN:
        parser.disable(["link", "image"])  # each would be read to the end of the text, again and again
    open_tags = _never_closed(text)

    def raw(_: Any, tokens: Sequence[Any], at: int, *__: Any) -> str:
        content: str = tokens[at].content
        hides = any(name.lower() in open_tags for name in _TAG.findall(content))
        return _as_words(content, block=tokens[at].block) if hides else content

    parser.add_render_rule("html_inline", raw)
    parser.add_render_rule("html_block", raw)
    text, notes = without_notes(text)
    page = read_page(parser.render(with_tables(text)), limits, placed=False)
    footnotes = [passage for note in notes for passage in read_page(parser.render(note), limits, placed=False).passages]
    page.omissions["footnote"] += len(notes)
    page.omissions["settings block"] += bool(said)
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


def _as_words(markup: str, *, block: bool) -> str:
    """Markup as words of the text: a part of a line, or paragraphs."""
    return "".join(f"<p>{escape(part)}</p>" for part in markup.split("\n\n")) if block else escape(markup)


def _never_closed(text: str) -> set[str]:
    """Names of elements without text of the page that a text opens more often than it closes: words, not markup."""
    lower = text.lower()
    names = (name for name in {*NO_TEXT, "plaintext", "xmp", "noframes", "noembed"} if f"<{name}" in lower)
    return {name for name in names if name not in _VOID and lower.count(f"</{name}") < lower.count(f"<{name}")}


_VOID = frozenset(["meta", "link", "base", "wbr", "img", "area", "source", "track", "param", "input", "embed"])


def _as_note(passage: Passage) -> Passage:
    return replace(passage, kind="note")


def _without_head(text: str) -> tuple[dict[str, str], str]:
    """The settings at a text's head, and the text behind them."""
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return {}, text
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() in ("---", "...")), None)
    head = lines[1:end] if end is not None else []
    said = {match[1].lower(): match[2] for match in filter(None, map(_SETTING.fullmatch, head))}
    if end is None or not _USUAL.intersection(said) or not all(map(_YAML.fullmatch, head)) or not head[0].strip():
        return {}, text  # a rule, and text behind it
    return said, "\n".join(lines[end + 1 :])
