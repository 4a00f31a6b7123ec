"""The index of an edition: each unit's number, kind, place and digest, and none of the text."""

import hashlib
import json
import re
import shlex
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

from ..atomic import writing_file
from ..errors import EncodingError, ParseError, UsageError
from ..iris import is_language_tag
from ..limits import Limits
from ..limits.regular_files import open_regular, read_regular_text
from .corrections import Corrections, corrected
from .corrections_file import corrections_path, read_corrections
from .cutting.rules import CutRules, rules_named
from .intake.carrying import place_from_json, place_to_json
from .text import BLOCK, WordsDigest, file_digest, read_text, text_blocks, text_digest, words_digest
from .units import KINDS, Unit, cut

__all__ = ["UnitIndex", "index_content", "index_document", "index_text", "load_index", "write_index"]

FORMAT = 1


@dataclass(frozen=True, slots=True)
class UnitIndex:
    """The units of one edition of a text, by number."""

    slug: str
    edition: str
    language: str
    splitter: str
    sha256: str
    characters: int
    units: dict[str, Unit]
    words: str | None = None  #: the digest of the text's words alone; None in indexes that have none
    extractor: str | None = None  #: what took the text out of a document of another format, with version and settings
    corrections: Corrections = field(default_factory=Corrections)  #: by hand, of how the text is cut

    @property
    def rules(self) -> CutRules:
        """The rules by which it was cut."""
        return rules_named(self.splitter)


def index_document(
    source: Path,
    target: Path,
    *,
    slug: str,
    edition: str,
    language: str,
    rules: CutRules | None = None,
    progress: Callable[[int], None] | None = None,
) -> UnitIndex | None:
    """Write the index of a text as JSON Lines: a header, then a unit a line; the text itself is not in it.

    An index that is there is never rewritten: None when it is of the same text, `UsageError` when the text is
    another one. `rules` are the latest ones unless given; corrections that lie beside it are applied. Memory stays
    bounded whatever the size of a text without any. `progress` is told, now and then, how many characters have been
    read.
    """
    digest, words = hashlib.sha256(), WordsDigest()
    characters = 0
    rules = rules or CutRules()

    def counted() -> Iterator[str]:
        nonlocal characters
        for block in text_blocks(source, digest):
            characters += len(block)
            words.update(block)
            if progress is not None:
                progress(characters)
            yield block

    if target.exists():
        old = load_index(target)
        if old.sha256 in (file_digest(source), _bytes_digest(source)):
            return None
        raise UsageError(
            f"{target} is the index of another text; an index is never rewritten.",
            advice="Index a changed text as a new edition: "
            f"isoc-kg evidence index {shlex.quote(str(source))} --slug {slug} --edition {_next(edition)}",
        )
    file = corrections_path(target)
    if corrections := read_corrections(file):  # they are few, and the text is somebody's who read it
        made = index_text(read_text(source), slug, edition, language, rules, corrections, file)
        return write_index(target, made.units.values(), lambda: made, source)
    return write_index(
        target,
        cut(counted(), language, rules),
        lambda: UnitIndex(slug, edition, language, rules.name, digest.hexdigest(), characters, {}, words.hexdigest()),
        source,
    )


def write_index(target: Path, units: Iterable[Unit], header: Callable[[], UnitIndex], source: Path) -> UnitIndex:
    """Write units as they come, below the header that is known when they have come; the index without its units.

    Raises `ParseError` when there are none in the text `source`.
    """
    count = 0
    # a file without a name: nothing of it stays, however the run ends
    with writing_file(target) as file, TemporaryFile(dir=target.parent) as body:
        for unit in units:
            body.write(_line(unit))
            count += 1
        if not count:
            raise ParseError("the text is empty.", file=source, advice="Nothing can rest on it.")
        made = header()
        file.write(_header_line(made, count))
        body.seek(0)
        while block := body.read(BLOCK):
            file.write(block)
    return made


def index_text(
    text: str,
    slug: str,
    edition: str,
    language: str,
    rules: CutRules | None = None,
    corrections: Corrections | None = None,
    corrections_file: Path | None = None,
) -> UnitIndex:
    """The index of a whole text in memory, by the latest rules unless others are given, with corrections by hand.

    Raises `ParseError` for corrections that do not fit, where the file is named that has them.
    """
    corrections = corrections or Corrections()
    rules = replace(rules or CutRules(), corrections=corrections.digest)
    cut_units = list(cut([text], language, rules))
    if corrections:
        cut_units = corrected(cut_units, text, corrections, language, rules, corrections_file)
    units = {unit.number: unit for unit in cut_units}
    digests = text_digest(text), words_digest(text)
    return UnitIndex(
        slug, edition, language, rules.name, digests[0], len(text), units, digests[1], corrections=corrections
    )


def index_content(index: UnitIndex) -> bytes:
    """The file of an index that has digests of words."""
    return b"".join([_header_line(index, len(index.units)), *map(_line, index.units.values())])


def _header_line(index: UnitIndex, count: int) -> bytes:
    values = {
        "format": FORMAT,
        "document": index.slug,
        "edition": index.edition,
        "language": index.language,
        "splitter": index.splitter,
        "sha256": index.sha256,
        "words": index.words,
        "characters": index.characters,
        "units": count,
    }
    return _json({**values, "extractor": index.extractor} if index.extractor else values)


def _bytes_digest(path: Path) -> str:
    """SHA-256 of a file as it is, which indexes once kept in place of the text's."""
    with open_regular(path) as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _next(edition: str) -> str:
    return str(int(edition) + 1) if edition.isdecimal() else f"{edition}-2"


def _line(unit: Unit) -> bytes:
    """A unit's line; nothing in it needs escaping."""
    return (
        f'{{"number": "{unit.number}", "kind": "{unit.kind}", "start": {unit.start}, "end": {unit.end}, '
        f'"sha256": "{unit.sha256}", "words": "{unit.words}", "letters": {list(unit.letters or ())}'
        + (f', "white": {json.dumps(unit.white)}' if unit.white else "")
        + (f', "place": {json.dumps(place_to_json(unit.place), ensure_ascii=False)}' if unit.place else "")
        + "}\n"
    ).encode()


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False) + "\n").encode()


def load_index(path: Path) -> UnitIndex:
    """The edition that an index file describes; `ParseError` with the line of whatever is wrong in it."""
    try:
        lines = read_regular_text(path).splitlines()
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
    last: Unit | None = None
    for number, line in enumerate(lines, 1):
        try:
            value = json.loads(line)
            if number == 1:
                header = _header(value)
            else:
                unit = _unit(value)
                if unit.number in units:
                    raise ValueError(f"unit {unit.number} stands here twice")
                _follows(unit, last, header["characters"])
                units[unit.number] = last = unit
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
    return UnitIndex(
        header["document"],
        header["edition"],
        header["language"],
        header["splitter"],
        header["sha256"],
        header["characters"],
        units,
        header.get("words"),
        header.get("extractor"),
        read_corrections(corrections_path(path)),
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
_OPTIONAL = ("words", "extractor")
_UNIT = {"number", "kind", "start", "end", "sha256"}
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LONGEST = Limits().max_file_bytes  # in characters; no text that is read has more
_WIDEST = 4  # so many characters at most become of one in NFD


def _header(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or set(value) - set(_OPTIONAL) != set(_HEADER):
        raise ValueError(f"the header needs {', '.join(_HEADER)}")
    for key, kind in {**_HEADER, **dict.fromkeys(set(_OPTIONAL) & set(value), str)}.items():
        if type(value[key]) is not kind:
            raise ValueError(f"“{key}” is of the wrong kind")
    if value["format"] != FORMAT:
        raise ValueError(f"format {value['format']} is not known here")
    for key in {"sha256", "words"} & set(value):
        if not _SHA256.fullmatch(value[key]):
            raise ValueError(f"“{key}” is not a SHA-256")
    if not is_language_tag(value["language"]):
        raise ValueError("“language” is not a language tag")
    for key in ("splitter", *({"extractor"} & set(value))):
        if not value[key].isprintable() or (key == "extractor" and not value[key]):
            raise ValueError(f"“{key}” is not a name")
    if not 0 < value["characters"] <= _LONGEST:
        raise ValueError("“characters” is not the length of a text")
    return value


def _follows(unit: Unit, last: Unit | None, characters: int) -> None:
    """Raise `ValueError` for a unit that does not stand behind the last one, within a text of this length."""
    if unit.end > characters:
        raise ValueError(f"the place ends behind the text's {characters} characters")
    if unit.letters and not unit.letters[1] - unit.letters[0] <= _WIDEST * unit.length:
        raise ValueError("the place among letters is longer than the unit")
    if unit.letters and unit.letters[1] > _WIDEST * unit.end:
        raise ValueError("the place among letters is behind the unit")
    if last is None:
        return
    if _order(unit) <= _order(last) or unit.start < last.end:
        raise ValueError(f"unit {unit.number} does not stand behind unit {last.number}")
    if unit.letters and last.letters and unit.letters[0] < last.letters[1]:
        raise ValueError(f"the place among letters is before the end of unit {last.number}")


def _order(unit: Unit) -> tuple[int, int]:
    paragraph, _, within = unit.number.partition(".")
    return int(paragraph), int(within)


def _unit(value: Any) -> Unit:
    if not isinstance(value, dict) or set(value) - {"white", "place"} not in (_UNIT, _UNIT | {"words", "letters"}):
        raise ValueError(f"a unit needs {', '.join(sorted(_UNIT))}")
    unit = Unit(**{**value, "place": place_from_json(value["place"]) if "place" in value else None})
    if not isinstance(unit.number, str) or not re.fullmatch(r"[1-9][0-9]{0,17}\.[1-9][0-9]{0,17}", unit.number):
        raise ValueError("the number is not of the form 2.2")
    if unit.kind not in KINDS:
        raise ValueError(f"“{unit.kind}” is no kind of unit")
    if type(unit.start) is not int or type(unit.end) is not int or not 0 <= unit.start < unit.end:
        raise ValueError("the place is not a range")
    if not isinstance(unit.sha256, str) or not _SHA256.fullmatch(unit.sha256):
        raise ValueError("the digest is not a SHA-256")
    if "letters" not in value:
        if "white" in value:
            raise ValueError("white space needs words and letters")
        return unit
    if not isinstance(unit.words, str) or not _SHA256.fullmatch(unit.words):
        raise ValueError("the digest of the words is not a SHA-256")
    letters = value["letters"]
    if (
        not isinstance(letters, list)
        or [type(count) for count in letters] != [int, int]
        or not (0 <= letters[0] < letters[1])
    ):
        raise ValueError("the place among letters is not a range")
    white = value.get("white", [])
    if not isinstance(white, list) or not all(_is_white(entry) for entry in white):
        raise ValueError("the white space is not a list of places and white space")
    return replace(unit, letters=(letters[0], letters[1]), white=tuple((at, text) for at, text in white))


def _is_white(entry: Any) -> bool:
    return (
        isinstance(entry, list) and [type(part) for part in entry] == [int, str] and entry[0] > 0 and entry[1].isspace()
    )
