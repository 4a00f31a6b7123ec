"""What pages say of their own: our texts, their translation, the project's own; and which of them are not translated.

A text that is there in English alone carries two signs that no other text has, wherever it goes on its way into a
page. When the page is whole, `with_languages` makes of them the attributes that say so to browsers and screen readers.
"""

import errno
import json
import re
import tomllib
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from string import Formatter
from typing import Any

from ..errors import ProjectError
from ..lazy_patterns import lazy_pattern
from ..limits.regular_files import read_regular_text
from ..project import Project
from ..rdf.text_direction import direction
from ..rdf.text_preference import NO_LANGUAGE, language_rank
from .lead_patterns import LEAD, check_patterns, pattern_fields

__all__ = [
    "OURS",
    "day",
    "escape_signs",
    "figure",
    "has_signs",
    "in_english",
    "is_translated",
    "load_strings",
    "moment",
    "plain",
    "plain_strings",
    "script_strings",
    "untranslated",
    "untranslated_note",
    "with_languages",
    "without_signs",
]

OURS = "en"  #: the language of `strings.toml`, which has every text
_MOST_KEYS = 20  #: that a note names
_MOST_CHARACTERS = 200_000  #: of a file, six times as many as ours has: every page may hold each of its texts
_HERE = Path(__file__).parent
#: Noncharacters (https://infra.spec.whatwg.org/#noncharacter), which HTML does not allow: no page can have them.
_START, _END = "\ufdd0", "\ufdd1"
_SIGNS = re.compile(f"[{_START}{_END}]")
_PART = lazy_pattern(
    r"<(?P<raw>script|style|title|textarea|option)\b(?P<head>(?:[^>\"']|\"[^\"]*\"|'[^']*')*)>(?P<text>.*?)</(?P=raw)>"
    r"|<(?P<name>/?[a-zA-Z][\w-]*)(?:[^>\"']|\"[^\"]*\"|'[^']*')*>"
    rf"|(?P<texts>(?:(?<=>)|\A)[^<]*{_START}[^<]*)",
    re.DOTALL,
)
#: What of ours follows each other in one line with no word of another language between, with the number before it, and
#: the number and the full stop behind it: to take it apart would turn the parts round in a page from right to left.
_NUMBER = r"[0-9](?:[0-9.,–:/-]{0,20}[0-9])?(?:[ \u00a0]?%)?"
_OURS_HERE = rf"{_START}[^{_START}{_END}]*{_END}"
_PHRASE = lazy_pattern(
    rf"(?:{_NUMBER}[^\S\n]*)?{_OURS_HERE}(?:(?:(?![{_START}{_END}])[\W\d_])*{_OURS_HERE})*"
    rf"(?:[^\S\n]?[\u2068(]?(?:[A-Za-z][A-Za-z0-9_/-]{{0,60}}:)?{_NUMBER}[\u2069)]?)?(?:[.:?!…](?!\w))*"
)
#: Languages whose comma and semicolon are those of Arabic.
_IN_ARABIC_LETTERS = frozenset(("ar", "ckb", "fa", "ps", "sd", "ug", "ur"))
_PARAGRAPH = lazy_pattern(rf"<p(?P<rest>(?: (?!dir=)[\w-]+(?:=\"[^\"]*\")?)*)>(?=\s*{_START})")
#: Elements whose attributes and content are texts of ours alone, so that one `lang` is right for both.
_ALONE = frozenset(("abbr", "button", "input", "label"))


def load_strings(project: Project) -> dict[str, str]:
    """Every text by its key: the project's own, else the one in its language, else ours, marked as English.

    Raises `ProjectError` for a key that does not exist, and for places to fill in that the text does not have.
    """
    ours, own = _read(_HERE / "strings.toml"), _own(project)
    patterns = {
        key: text for key, text in own.items() if key not in ours
    }  # before ours, since the first that fits counts
    if language_rank(OURS, project.language) < NO_LANGUAGE:
        return patterns | ours | own
    theirs = _marks(project) | _translation(project) | own
    return patterns | {key: theirs.get(key, f"{_START}{text}{_END}" if text else text) for key, text in ours.items()}


def plain_strings(project: Project) -> dict[str, str]:
    """Every text by its key as what is no page has it, such as a citation; raises as `load_strings`."""
    return {key: plain(text) for key, text in load_strings(project).items()}


def figure(strings: Mapping[str, str], number: float, digits: int = 0) -> str:
    """A number with so many decimal digits, as the language of the strings writes it.

    >>> figure({"thousands": ".", "decimal": ","}, 1234.5, 1)
    '1.234,5'
    """
    signs = {ord(","): plain(strings["thousands"]), ord("."): plain(strings["decimal"])}
    return f"{number:,.{digits}f}".translate(signs)


def day(strings: Mapping[str, str], date: str) -> str:
    """A date of ISO 8601 as the language of the strings writes it.

    >>> day({"date": "{day}.{month}.{year}"}, "2026-11-26")
    '26.11.2026'
    """
    year, month, number = date.split("-")
    return plain(strings["date"]).format(year=year, month=month, day=number)


def moment(strings: Mapping[str, str], date: str, *, adverb: bool = False) -> str:
    """A year, a month or a day of ISO 8601 in words, or with the preposition before it; empty where words are missing.

    >>> words = {"months": "Jan Feb Mar", "date_of_day": "{day} {month} {year}", "when_day": "on {date}"}
    >>> moment(words, "2026-03-09"), moment(words, "2026-03-09", adverb=True)
    ('9 Mar 2026', 'on 9 Mar 2026')
    """
    year, month, number = (*date.split("-"), "", "")[:3]
    kind = "day" if number else "month" if month else "year"
    months = strings["months"].split()
    if adverb and not is_translated(strings[f"when_{kind}"]):
        return ""
    if month:
        pattern = strings[f"date_of_{kind}"]
        if not (is_translated(pattern) and is_translated(strings["months"]) and 0 < int(month) <= len(months)):
            return ""
        date = pattern.format(year=year, month=months[int(month) - 1], day=number.lstrip("0"))
    return strings[f"when_{kind}"].format(date=date) if adverb else date


def untranslated(project: Project) -> list[str]:
    """The keys of texts that the pages have in English only, though the project is in another language."""
    return [key for key, text in load_strings(project).items() if _START in text]


def is_translated(text: str) -> bool:
    """Whether a text is in the project's language."""
    return _START not in text


def untranslated_note(project: Project) -> str:
    """For curators: how many texts of pages are in English only, and which; empty where none is."""
    keys = untranslated(project)
    if not keys:
        return ""
    more = f" and {len(keys) - _MOST_KEYS} more" if len(keys) > _MOST_KEYS else ""
    return (
        f"{len(keys)} texts of pages are not translated to “{project.language}” and stand there in English; "
        f"give them in strings.toml: {', '.join(keys[:_MOST_KEYS])}{more}"
    )


def has_signs(page: str) -> bool:
    """Whether a page has texts of ours in another language, of which `with_languages` has something to say."""
    return _START in page


def plain(text: str) -> str:
    """A text for what is no page: without the signs of its language."""
    return _SIGNS.sub("", text) if _START in text or _END in text else text


def in_english(text: str) -> str:
    """A text of somebody else that is in English, within one of another language: pages mark it as they do ours."""
    return f"{_START}{without_signs(text)}{_END}"


def without_signs(text: str) -> str:
    """A text of somebody else, which cannot pass for one of ours: signs become the replacement character, U+FFFD."""
    return _SIGNS.sub("\ufffd", text) if _START in text or _END in text else text


def escape_signs(turtle: str) -> str:
    """Turtle in which signs are numeric escapes (RDF 1.2 Turtle, 2.8), so that it says the same as before."""
    return _SIGNS.sub(lambda sign: f"\\u{ord(sign[0]):04X}", turtle) if _START in turtle or _END in turtle else turtle


def _translation(project: Project) -> dict[str, str]:
    """What ships in the project's language, its region aside; empty where nothing does."""
    file = _HERE / f"strings.{project.language.partition('-')[0].lower()}.toml"
    return _read(file) if file.is_file() else {}


def _marks(project: Project) -> dict[str, str]:
    """What parts names and facts in a script that has marks of its own for it."""
    is_arabic = project.language.partition("-")[0].lower() in _IN_ARABIC_LETTERS
    return {"lead_comma": "، ", "lead_semicolon": "؛ "} if is_arabic else {}


def _own(project: Project) -> dict[str, str]:
    """The project's own texts, which are filled in as ours are: those in its language, else `strings.toml`."""
    file = project.root / f"strings.{project.language.partition('-')[0].lower()}.toml"
    file = file if file.is_file() else project.root / "strings.toml"
    if not file.is_file():
        return {}
    strings, theirs = _read(_HERE / "strings.toml"), _read(file)
    patterns = [key for key in theirs if key.startswith(LEAD) and key not in strings]
    check_patterns(patterns, project.prefixes, file)
    for key in theirs.keys() - strings.keys() - set(patterns):
        raise ProjectError(
            f"there is no string “{key}”.", file=file, advice=f"The strings there are: {', '.join(sorted(strings))}."
        )
    for key, text in theirs.items():
        wanted = pattern_fields(key) if key.startswith(LEAD) else fields(strings[key])
        if wanted and not fields(text) <= wanted:
            raise ProjectError(
                f"“{key}” may hold {', '.join(f'{{{name}}}' for name in sorted(wanted))}, and no other braces.",
                file=file,
            )
    return theirs


def fields(text: str) -> set[str]:
    """The names in braces that a text is filled in at; braces that are none count as one that nobody knows."""
    try:
        return {
            name + (conversion or "") + (spec or "")
            for _, name, spec, conversion in Formatter().parse(text)
            if name is not None
        }
    except ValueError:
        return {"{"}


def _read(path: Path) -> dict[str, str]:
    try:
        table: dict[str, Any] = tomllib.loads(read_regular_text(path, most=_MOST_CHARACTERS))
    except OSError as error:
        if error.errno == errno.EFBIG:
            advice = "Each page holds many of these texts: leave in it those that differ from ours, and shorten them."
            raise ProjectError(f"{error.strerror}.", file=path, advice=advice) from None
        raise ProjectError(f"it cannot be read: {error.strerror or error}.", file=path) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProjectError(f"not TOML: {error}.", file=path) from None
    for key, value in table.items():
        if not isinstance(value, str):
            raise ProjectError(f"“{key}” must be a text in quotes.", file=path)
        if re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f]", value):
            raise ProjectError(f"“{key}” has a control character.", file=path)
        if _SIGNS.search(value):
            raise ProjectError(f"“{key}” has a character that is none (U+FDD0, U+FDD1).", file=path)
    return table


#: How keys begin that pages and page scripts share.
_SHARED = ("standing_", "kinds_", "kind_any")


def script_strings(strings: Mapping[str, str], prefix: str = "script_") -> str:
    """The texts of page scripts, whose keys have a prefix, as JSON; `-english` names those that are not translated.

    With them go the words for how statements stand, which pages and scripts share, by their own keys.
    """
    texts = {key.removeprefix(prefix): text for key, text in strings.items() if key.startswith((prefix, *_SHARED))}
    english = [key for key, text in texts.items() if _START in text]
    values: dict[str, Any] = {key: plain(text) for key, text in texts.items()}
    return json.dumps(values | ({"-english": english} if english else {}), ensure_ascii=False)


# -- languages in a page --------------------------------------------------------------


def _in_element(start: str, end: str, phrase: re.Match[str]) -> str:
    return f"{start}{plain(phrase[0])}{end}"


def _outermost(text: str) -> str:
    """A text with the signs around what is in English as a whole, not around the texts that it is filled in with."""
    depth = 0

    def sign(match: re.Match[str]) -> str:
        nonlocal depth
        before = depth
        depth = max(0, depth + (1 if match[0] == _START else -1))
        return match[0] if before + depth == 1 else ""

    return _SIGNS.sub(sign, text)


def with_languages(page: str, language: str) -> str:
    """A page in a language, whose texts with signs say that they are in English: in elements, in attributes."""
    if _START not in page:
        return page
    turned = f' dir="{direction(OURS)}"' if direction(OURS) != direction(language) else ""
    attributes = f' lang="{OURS}"{turned}'
    if turned:  # a sentence of ours is read in its own direction with all that stands in it
        page = _PARAGRAPH.sub(rf"<p\g<rest>{turned}>", page)
    inside_svg = 0

    def replacement(match: re.Match[str]) -> str:
        nonlocal inside_svg
        if (texts := match["texts"]) is not None:
            element = "tspan" if inside_svg else "span"
            in_element = partial(_in_element, f"<{element}{attributes}>", f"</{element}>")
            return plain(_PHRASE.sub(in_element, _outermost(texts)))
        if match["raw"]:
            if _START not in match[0]:
                return match[0]
            whole = plain(match[0])
            alone = match["raw"] in ("option", "textarea") and " lang=" not in match["head"]
            return whole.replace(f"<{match['raw']}", f"<{match['raw']}{attributes}", 1) if alone else whole
        name = match["name"].lower()
        inside_svg += (name == "svg") - (name == "/svg")
        if _START not in match[0]:
            return match[0]
        tag = plain(match[0])
        if (name in _ALONE or (name == "a" and " aria-label=" in tag)) and " lang=" not in tag:
            tag = f"<{name}{attributes}{tag[len(name) + 1 :]}"
        return tag

    return plain(_PART.sub(replacement, page))
