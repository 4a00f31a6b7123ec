"""A document's editions: how a text is cut into units, and the index that knows each unit by place and digest.

The index holds none of the text. Positions count Unicode code points of the text as decoded from UTF-8, line
ends as they are in the file, as Web Annotation asks (https://www.w3.org/TR/annotation-model/#text-position-selector).
"""

import codecs
import hashlib
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, fields, replace
from itertools import chain
from pathlib import Path
from typing import Any

from ..errors import EncodingError, ParseError, UsageError

__all__ = ["KINDS", "Edition", "Unit", "cut", "index_document", "load_index", "read_text"]

#: What a unit can be. Headings and lead-ins need no claim of their own.
KINDS = ("heading", "sentence", "item", "question", "segment", "lead-in")
FORMAT = 1
#: A paragraph longer than this is worked on in pieces, so that memory stays bounded whatever the text is.
WINDOW = 1 << 16
_BLOCK = 1 << 16

_ITEM = re.compile(r"[ \t]*(?:[•*‣◦▪–-]|\(?\d{1,3}[.)])[ \t]+(?=\S)")
#: A colon that runs straight into a capital letter ends a run-in heading: `Title (T):Founded by …`.
_RUN_IN = re.compile(r"(?<=\w|\)|\])[ \t]?:(?=[^\W\d_a-z])")
#: A phonetic transcription that runs straight into the next sentence: `/…/In the …`.
_PHONETIC = re.compile(r"(?<=/)(?=[^\W\d_][a-zà-ÿ]* )")
#: An inline list opens with a colon and a dash; from there on dashes begin its items.
_INLINE_LIST = re.compile(r":[ \t]*[-–—][ \t]+(?=\S)")
_INLINE_ITEM = re.compile(r"(?:(?<=[”\"'’»)])[ \t]*|[ \t]+)[-–—][ \t]+(?=\S)")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]")
_PARAGRAPH_END = re.compile(r"\r?\n[ \t]*\r?\n[ \t\r\n]*")
_FINAL = tuple(".!?…。！？")


@dataclass(frozen=True, slots=True)
class Unit:
    """A stretch of text that a fact can rest on: place as a half-open range of code points, and digest."""

    number: str  #: paragraph and unit within it, from 1: `2.2`
    kind: str
    start: int
    end: int
    sha256: str

    @property
    def length(self) -> int:
        """How many code points the unit has."""
        return self.end - self.start

    def text(self, document: str) -> str:
        """The unit's words, out of the document's whole text."""
        return document[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a document, as its index tells it."""

    slug: str
    edition: str
    language: str
    splitter: str
    sha256: str
    characters: int
    units: dict[str, Unit]


def read_text(path: Path) -> str:
    """The whole text of a document; `EncodingError` when it is not a clean UTF-8 text."""
    return "".join(_decoded(path))


def _decoded(path: Path, digest: Any = None) -> Iterator[str]:
    """The text block by block, checked; a byte order mark at the start is no part of it."""
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    at, line = 0, 1
    with _opened(path) as file:
        while True:
            block = file.read(_BLOCK)
            if digest is not None:
                digest.update(block)
            try:
                pending = len(decoder.getstate()[0])
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as error:
                good = block[: max(0, error.start - pending)]
                raise EncodingError(
                    f"not UTF-8 at byte {at - pending + error.start}.",
                    file=path,
                    line=line + good.count(b"\n"),
                    advice="Save the text as UTF-8 first.",
                ) from None
            if bad := _CONTROL.search(text):
                raise EncodingError(
                    f"a control character, U+{ord(bad[0]):04X}.",
                    file=path,
                    line=line + text.count("\n", 0, bad.start()),
                    advice="Remove it; only tab, line feed and carriage return stand in a text.",
                )
            at += len(block)
            line += text.count("\n")
            if text:
                yield text
            if not block:
                return


def _opened(path: Path) -> Any:
    if path.is_dir():
        raise ParseError("is a folder, not a text.", file=path, advice="Name one UTF-8 text file.")
    try:
        return path.open("rb")
    except OSError as error:
        raise ParseError(f"cannot be read: {error.strerror}.", file=path) from None


def _paragraphs(blocks: Iterable[str]) -> Iterator[tuple[int, str, bool]]:
    """Offset and text of each paragraph, and whether it goes on from the one before (a window of a long one)."""
    buffer, offset, going_on = "", 0, False
    for block in chain(blocks, [None]):
        buffer += block or ""
        start = 0
        while match := _PARAGRAPH_END.search(buffer, start):
            if match.end() == len(buffer) <= 2 * WINDOW and block is not None:
                break  # the break may go on in the next block
            if buffer[start : match.start()].strip():
                yield offset + start, buffer[start : match.start()], going_on
            going_on, start = False, match.end()
        offset, buffer = offset + start, buffer[start:]
        if block is None:
            if buffer.strip():
                yield offset, buffer, going_on
        elif len(buffer) > 2 * WINDOW:
            at = _last_break(buffer, WINDOW)
            if buffer[:at].strip():  # white space begins no paragraph, however much of it there is
                yield offset, buffer[:at], going_on
                going_on = True
            offset, buffer = offset + at, buffer[at:]


def _last_break(text: str, limit: int) -> int:
    """Where to cut a text that is too long to be looked at whole: after a sentence, a word, or anywhere."""
    for mark in (". ", "\n", " "):
        if (at := text.rfind(mark, 1, limit)) > 0:
            return at + len(mark)
    return limit


def cut(blocks: Iterable[str], language: str) -> Iterator[Unit]:
    """The units of a text in their order.

    Paragraphs stand between blank lines. In a paragraph, lines that begin with a list mark are items; the rest
    is cut into sentences by `sentencex`. Passages that run together are cut by three rules: after a colon
    that runs into a capital letter, after a phonetic slash that does, and at the dashes of an inline list.
    """
    number = 0
    within = 0
    held: Unit | None = None
    for offset, paragraph, going_on in _paragraphs(blocks):
        if not going_on:
            number, within = number + 1, 0
        parts = list(_parts(paragraph, language))
        alone = len(parts) == 1 and not going_on
        for start, end, kind in parts:
            text = paragraph[start:end]
            if kind == "sentence":
                kind = _kind(text, alone)
            within += 1
            unit = Unit(f"{number}.{within}", kind, offset + start, offset + end, _digest(text))
            # What a colon announces is known only when it has come.
            if held is not None:
                announces = unit.kind in ("item", "segment", "run-in")
                yield replace(held, kind="lead-in") if announces else held
                held = None
            if unit.kind == "run-in":
                unit = replace(unit, kind="heading")
            if unit.kind == "sentence" and text.endswith((":", ":-")):
                held = unit
            else:
                yield unit
    if held is not None:
        yield held


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _kind(text: str, alone: bool) -> str:
    """What a sentence is, told by its last character, closing quotes and brackets aside."""
    bare = text.rstrip("”\"'’»)]")
    if bare.endswith(("?", "？", "؟")):
        return "question"
    if alone and "\n" not in text and not bare.endswith((*_FINAL, ":", ";", ",")):
        return "heading"
    return "sentence"


def _parts(paragraph: str, language: str) -> Iterator[tuple[int, int, str]]:
    """Range and kind of each part of a paragraph, white space and list marks outside."""
    lines = [(match.start(), match.end()) for match in re.finditer(r"[^\n]+\n?", paragraph)]
    block_start = block_end = -1
    item = False
    for start, end in [*lines, (len(paragraph), len(paragraph))]:
        mark = _ITEM.match(paragraph, start, end)
        if mark or start == len(paragraph):
            if block_end > block_start >= 0:
                yield from _block(paragraph, block_start, block_end, item, language)
            block_start, item = (mark.end() if mark else start), mark is not None
        elif block_start < 0:
            block_start = start
        block_end = end


def _block(paragraph: str, start: int, end: int, item: bool, language: str) -> Iterator[tuple[int, int, str]]:
    """The units of one list item, or of the running text between items."""
    if item:
        yield from _trimmed(paragraph, start, end, "item")
        return
    for sentence_start, sentence_end in _sentences(paragraph[start:end], language):
        yield from _run_together(paragraph, start + sentence_start, start + sentence_end)


def _sentences(text: str, language: str) -> Iterator[tuple[int, int]]:
    import sentencex

    at = 0
    for sentence in sentencex.segment(language, text):
        # sentencex gives the text back piece by piece; were a piece not to be found, the rest stays whole
        start = text.find(sentence, at)
        if start < 0:
            break
        yield start, start + len(sentence)
        at = start + len(sentence)
    if text[at:].strip():
        yield at, len(text)


def _run_together(text: str, start: int, end: int) -> Iterator[tuple[int, int, str]]:
    """A sentence, or the parts of several that nothing but a rule tells apart."""
    if text.find(":", start, end) < 0 and text.find("/", start, end) < 0:  # no rule applies; most text is such
        yield from _trimmed(text, start, end, "sentence")
        return
    opening = _INLINE_LIST.search(text, start, end)
    lead_end = opening.start() + 1 if opening else end
    at = start
    for pattern, kind in ((_RUN_IN, "run-in"), (_PHONETIC, "sentence")):
        for match in pattern.finditer(text, at, lead_end):
            yield from _trimmed(text, at, match.end(), kind)
            at = match.end()
    yield from _trimmed(text, at, lead_end, "sentence")
    if opening:
        at = opening.end()
        for match in _INLINE_ITEM.finditer(text, at, end):
            yield from _trimmed(text, at, match.start(), "segment")
            at = match.end()
        yield from _trimmed(text, at, end, "segment")


def _trimmed(text: str, start: int, end: int, kind: str) -> Iterator[tuple[int, int, str]]:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    while end - start > 2 * WINDOW:  # a “sentence” that nobody wrote as one
        at = start + _last_break(text[start:end], WINDOW)
        yield from _trimmed(text, start, at, kind)
        start = at
    if start < end:
        yield start, end, kind


def splitter_name() -> str:
    """The splitter and its version, as an index records it."""
    from importlib.metadata import version

    return f"sentencex {version('sentencex')}"


def index_document(
    source: Path,
    target: Path,
    *,
    slug: str,
    edition: str,
    language: str,
    progress: Callable[[int], None] | None = None,
) -> Edition | None:
    """Write the index of a text as JSON Lines: a header, then a unit a line; the text itself is not in it.

    An index that is there is never rewritten: None when it is of the same text, `UsageError` when the text is
    another one. Memory stays bounded whatever the size of the text. `progress` is told, now and then, how many
    characters have been read.
    """
    from ..atomic import writing_file

    digest = hashlib.sha256()
    characters = count = 0

    def counted() -> Iterator[str]:
        nonlocal characters
        for block in _decoded(source, digest):
            characters += len(block)
            if progress is not None:
                progress(characters)
            yield block

    if target.exists():
        old = load_index(target)
        with _opened(source) as file:
            while block := file.read(_BLOCK):
                digest.update(block)
        if digest.hexdigest() == old.sha256:
            return None
        raise UsageError(
            f"{target} is the index of another text; an index is never rewritten.",
            advice=f"Index a changed text as a new edition: isoc-kg evidence index {source} --document {slug} "
            f"--edition {_next(edition)}",
        )
    body = target.with_name(f".{target.name}.units")
    try:
        with writing_file(body) as file:
            for unit in cut(counted(), language):
                file.write(_line(unit))
                count += 1
        if not count:
            raise ParseError("the text is empty.", file=source, advice="Nothing can rest on it.")
        edition_ = Edition(slug, edition, language, splitter_name(), digest.hexdigest(), characters, {})
        header = {
            "format": FORMAT,
            "document": slug,
            "edition": edition,
            "language": language,
            "splitter": edition_.splitter,
            "sha256": edition_.sha256,
            "characters": characters,
        }
        with writing_file(target) as file, body.open("rb") as units:
            file.write(_json(header | {"units": count}))
            while block := units.read(_BLOCK):
                file.write(block)
    finally:
        body.unlink(missing_ok=True)
    return edition_


def _next(edition: str) -> str:
    return str(int(edition) + 1) if edition.isdecimal() else f"{edition}-2"


def _line(unit: Unit) -> bytes:
    """A unit's line; nothing in it needs escaping."""
    return (
        f'{{"number": "{unit.number}", "kind": "{unit.kind}", "start": {unit.start}, "end": {unit.end}, '
        f'"sha256": "{unit.sha256}"}}\n'
    ).encode()


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()


def load_index(path: Path) -> Edition:
    """The edition that an index file describes; `ParseError` with the line of whatever is wrong in it."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise EncodingError(f"not UTF-8 at byte {error.start}.", file=path) from None
    except OSError as error:
        raise ParseError(
            f"the sentence index cannot be read: {error.strerror}.",
            file=path,
            advice="Make it from the text: isoc-kg evidence index FILE.",
        ) from None
    units: dict[str, Unit] = {}
    header: dict[str, Any] = {}
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
            if number == 1:
                header = _header(value)
            else:
                unit = _unit(value)
                if unit.number in units:
                    raise ValueError(f"unit {unit.number} stands here twice")
                units[unit.number] = unit
        except (ValueError, TypeError, KeyError, RecursionError) as error:
            what = "not JSON" if isinstance(error, json.JSONDecodeError) else str(error)
            raise ParseError(
                f"not a line of a sentence index: {what}.",
                file=path,
                line=number,
                advice="Indexes are made by isoc-kg evidence index and are not edited by hand.",
            ) from None
    if not header or header["units"] != len(units):
        raise ParseError(
            f"the index is not whole: {len(units)} units of {header.get('units', '?')}.",
            file=path,
            advice="Restore it from version control.",
        )
    return Edition(
        header["document"],
        header["edition"],
        header["language"],
        header["splitter"],
        header["sha256"],
        header["characters"],
        units,
    )


_HEADER = {
    "format": int,
    "document": str,
    "edition": str,
    "language": str,
    "splitter": str,
    "sha256": str,
    "characters": int,
    "units": int,
}


def _header(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) != set(_HEADER):
        raise ValueError(f"the header needs {', '.join(_HEADER)}")
    for key, kind in _HEADER.items():
        if type(value[key]) is not kind:
            raise ValueError(f"“{key}” is of the wrong kind")
    if value["format"] != FORMAT:
        raise ValueError(f"format {value['format']} is not known here")
    return value


def _unit(value: Any) -> Unit:
    if not isinstance(value, dict) or set(value) != {item.name for item in fields(Unit)}:
        raise ValueError("a unit needs " + ", ".join(item.name for item in fields(Unit)))
    unit = Unit(**value)
    if not isinstance(unit.number, str) or not re.fullmatch(r"[1-9]\d*\.[1-9]\d*", unit.number):
        raise ValueError("the number is not of the form 2.2")
    if unit.kind not in KINDS:
        raise ValueError(f"“{unit.kind}” is no kind of unit")
    if type(unit.start) is not int or type(unit.end) is not int or not 0 <= unit.start < unit.end:
        raise ValueError("the place is not a range")
    if not isinstance(unit.sha256, str) or not re.fullmatch(r"[0-9a-f]{64}", unit.sha256):
        raise ValueError("the digest is not a SHA-256")
    return unit
