"""The checks of what a `kg.toml` sets, a value at a time; each problem is told with its line."""

import re
import shlex
from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from pathlib import Path
from typing import Any, TypeVar

from ..errors import ProjectError
from ..iris import expand, is_language_tag
from ..limits import Limits, ServerLimits
from .project import PROPOSALS, is_inside
from .settings import EvidenceSettings, Folders, ReviewSettings

__all__ = ["CONTROL", "KINDS", "SettingsFile"]

#: Kinds of values: their types in Python, and the words for them.
KINDS: dict[str, tuple[type | tuple[type, ...], str]] = {
    "text": (str, "a text in quotes"),
    "date": (date, "a date such as 2026-11-23, without quotes"),
    "table": (dict, "a table such as [limits]"),
    "tables": (list, "tables such as [[document]]"),
    "flag": (bool, "true or false"),
    "day": ((date, str), 'a date such as 2026-11-23, or a year or month in quotes: "2026", "2026-11"'),
    "moment": (datetime, "a time such as 2026-11-26T05:30:00Z, without quotes"),
    "list": (list, 'a list such as ["author", "date"]'),
}
CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_MOST_SECONDS = 1_000_000  # longer than anybody waits, and short enough for every timer of the system
_MOST = 1_000_000_000_000_000

_Section = TypeVar("_Section", Folders, EvidenceSettings, Limits, ReviewSettings, ServerLimits)


def _is_command(text: str) -> bool:
    """Whether a text has a command's form: words, quotation marks closed."""
    try:
        return bool(shlex.split(text)) and "\0" not in text
    except ValueError:
        return False


class SettingsFile:
    """One `kg.toml` being read; finds the line of whatever is wrong."""

    def __init__(self, file: Path, text: str, table: dict[str, Any]) -> None:
        self.file, self.text, self.table = file, text, table

    def error(
        self, message: str, key: str, *, advice: str | None = None, section: str = "", nth: int = 0, item: str = ""
    ) -> ProjectError:
        """The error for a key of a section, of the `nth` where there are several of its name, or for a list's item."""
        line = self.item_line(item, key, section) if item else self.line(key, section, nth)
        return ProjectError(message, file=self.file, line=line, advice=advice)

    def item_line(self, item: str, key: str, section: str) -> int | None:
        """The line on which an item of a list is written; the key's line when it is not found."""
        first = self.line(key, section, 0)
        written = re.compile(rf"[^#]*[\"']{re.escape(item)}[\"']")
        lines = enumerate(self.text.splitlines(), 1)
        return next((number for number, line in lines if number >= (first or 1) and written.match(line)), first)

    def line(self, key: str, section: str, nth: int) -> int | None:
        """The line on which a key stands, or its section when the key is nowhere."""
        current, count, fallback = "", -1, None
        if section == "document.units" and not re.search(r"^\s*\[\s*document\.units\s*\]", self.text, re.MULTILINE):
            key, section = "units", "document"  # written as an inline table
        for number, line in enumerate(self.text.splitlines(), 1):
            if header := re.match(r"\s*\[\[?\s*([\w.\"-]+)\s*\]\]?", line):
                current = header[1]
                if current in (section, key):
                    count += 1
                    if count == nth:
                        fallback = number
                        if current == key:
                            return number
            elif current == section and (not section or count == nth):
                if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*=", line):
                    return number
        return fallback

    def known(self, table: Mapping[str, Any], keys: Mapping[str, Any], section: str = "", nth: int = 0) -> None:
        """Refuse a key that is none of `keys`; the nearest is proposed."""
        for key in table:
            if key not in keys:
                from difflib import get_close_matches

                near = get_close_matches(key, keys, 1)
                where = f" in [{section}]" if section else ""
                advice = f"Did you mean {near[0]}?" if near else f"Keys{where}: {', '.join(keys)}."
                raise self.error(f"there is no setting “{key}”{where}.", key, advice=advice, section=section, nth=nth)

    def typed(
        self, table: Mapping[str, Any], keys: Mapping[str, str], section: str = "", nth: int = 0
    ) -> dict[str, Any]:
        """The table with its values checked against `keys`; optional ones that are absent left out."""
        self.known(table, keys, section, nth)
        for key, kind in keys.items():
            python, words = KINDS[kind.removeprefix("optional ")]
            if key not in table:
                if kind in ("text", "date"):
                    table_name = f"[[{section}]]" if section == "document" else f"[{section}]"
                    where = f" in {table_name}" if section else ""
                    raise self.error(
                        f"the setting “{key}”{where} is missing.",
                        key,
                        section=section,
                        nth=nth,
                        advice=f"Add {key} = …: {words}.",
                    )
            elif not isinstance(table[key], python) or (python is str and not table[key].strip()):
                raise self.error(f"“{key}” must be {words}.", key, section=section, nth=nth)
            elif python is str and CONTROL.search(table[key]):
                raise self.error(f"“{key}” has a control character.", key, section=section, nth=nth)
        return dict(table)

    def printable(self, value: Any, key: str = "", section: str = "") -> None:
        """Refuse control characters in whatever is set, their names included: they show in pages and terminals."""
        if isinstance(value, str) and CONTROL.search(value):
            raise self.error(f"“{key}” has a control character.", key, section=section)
        if isinstance(value, dict):
            for name, item in value.items():
                self.printable(name, name, key)
                self.printable(item, name, key)
        elif isinstance(value, list):
            for item in value:
                self.printable(item, key, section)

    def strings(self, values: Mapping[str, Any], section: str) -> dict[str, str]:
        """A table whose values are texts."""
        table: dict[str, Any] = values.get(section, {})
        for key, value in table.items():
            if not isinstance(value, str):
                raise self.error(f"“{key}” must be {KINDS['text'][1]}.", key, section=section)
        return table

    def iris(
        self, table: Mapping[str, Any], key: str, prefixes: Mapping[str, str], section: str, words: str
    ) -> tuple[str, ...]:
        """A list of prefixed names and IRIs, as IRIs."""
        values = table[key]
        if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
            raise self.error(f"“{key}” must be {words}.", key, section=section)
        iris = tuple(expand(value, prefixes) or "" for value in values)
        for value, iri in zip(values, iris, strict=True):
            if not re.fullmatch(r"[A-Za-z][\w+.-]*:[^\x00-\x20<>\"{}|\\^`]+", iri):
                advice = f"Prefixes: {', '.join(prefixes)}."
                problem = f"“{value}” is not a prefixed name or an IRI."
                raise self.error(problem, key, section=section, advice=advice, item=value)
        return iris

    def section(self, kind: type[_Section], table: Mapping[str, Any], section: str) -> _Section:
        """A table of numbers above zero, flags and texts, as each default is one."""
        defaults = kind()
        self.known(table, {item.name: None for item in fields(kind)}, section)
        values = dict(table)
        for key, value in table.items():
            default = getattr(defaults, key)
            if isinstance(default, bool):
                if not isinstance(value, bool):
                    raise self.error(f"“{key}” must be true or false.", key, section=section)
                continue
            if isinstance(default, str):
                if not isinstance(value, str):
                    raise self.error(f"“{key}” must be {KINDS['text'][1]}.", key, section=section)
                if section == "evidence" and value and not _is_command(value):
                    raise self.error(f"“{key}” must be a command.", key, section=section)
                continue
            if not isinstance(value, (int, float)) or isinstance(value, bool) or not value > 0:
                raise self.error(f"“{key}” must be a number above zero.", key, section=section)
            most = _MOST_SECONDS if key.endswith("seconds") else _MOST
            if value > most:
                raise self.error(f"“{key}” must be {most:,} at most.", key, section=section)
            if isinstance(default, int) and value % 1:
                raise self.error(f"“{key}” must be a whole number.", key, section=section)
            values[key] = type(default)(value)
        return kind(**values)

    def iri(self, values: Mapping[str, Any], key: str, section: str = "", nth: int = 0) -> None:
        """Refuse what is not an IRI (RFC 3987): published, it would make the data unreadable."""
        from pyoxigraph import NamedNode

        if key in values:
            try:
                NamedNode(values[key])
            except ValueError as error:
                advice = f"{error}. Write a whole one, such as https://example.org/, with blanks as %20."
                raise self.error(f"“{key}” must be an IRI.", key, section=section, nth=nth, advice=advice) from None

    def language(self, values: Mapping[str, Any], section: str = "", nth: int = 0) -> None:
        """Refuse what is not a language tag (RFC 5646, section 2.1)."""
        if not is_language_tag(values["language"]):
            advice = "Such as en, de or pt-BR."
            raise self.error("“language” must be a language tag.", "language", section=section, nth=nth, advice=advice)

    def agent(self, values: Mapping[str, Any], key: str, section: str = "", nth: int = 0) -> None:
        """A name or an IRI: what begins as one must be one."""
        if values[key].startswith(("https://", "http://")):
            self.iri(values, key, section, nth)

    def inside(self, root: Path, path: str, key: str, section: str, nth: int = 0) -> None:
        """Refuse a path that leads out of the project's folder, links followed."""
        if not is_inside(root / path, root):
            advice = "Name a path below kg.toml; where links lead counts, too."
            raise self.error(
                f"“{path}” leads out of the project's folder.", key, advice=advice, section=section, nth=nth
            )

    def unproposed(self, root: Path, path: str, key: str, section: str) -> None:
        """Refuse a path into the folder of proposed claims: what nobody accepted is not published."""
        if is_inside(root / path, root / PROPOSALS):
            advice = f"Name another folder: {PROPOSALS}/ has what nobody has accepted yet."
            raise self.error(f"“{path}” is in the folder of proposals.", key, advice=advice, section=section)
