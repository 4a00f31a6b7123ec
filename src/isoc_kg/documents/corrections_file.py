"""The file of an edition's corrections, beside its index, read strictly."""

import difflib
import re
import tomllib
from pathlib import Path
from typing import Any

from ..errors import EncodingError, ParseError
from ..limits.regular_files import read_regular
from .corrections import Corrections

__all__ = ["corrections_path", "read_corrections"]

_KEYS, _CUT_KEYS = ("joins", "cuts"), ("unit", "after")
_NUMBER = re.compile(r"[1-9][0-9]{0,17}\.[1-9][0-9]{0,17}")
_MOST_LETTERS = 1 << 40


def corrections_path(index: Path) -> Path:
    """Where the corrections of an edition lie, by where its index does."""
    return index.with_name(index.name.removesuffix(".jsonl") + ".corrections.toml")


def read_corrections(path: Path) -> Corrections:
    """The corrections in a file; none where there is no file. `ParseError` with the line of whatever is wrong in it."""
    if not path.exists():
        return Corrections()
    try:
        text = read_regular(path).decode("utf-8-sig")
        table = tomllib.loads(text)
    except UnicodeDecodeError as error:
        raise EncodingError(f"not UTF-8 at byte {error.start}.", file=path, advice="Save it as UTF-8.") from None
    except OSError as error:
        raise ParseError(f"cannot be read: {error.strerror}.", file=path) from None
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        line = re.search(r"line (\d+)", str(error))
        number = int(line[1]) if line else len(text.splitlines())
        raise ParseError(f"not TOML: {re.sub(r' [(]at .*', '', str(error))}.", file=path, line=number) from None
    return _Reader(path, text).corrections(table)


class _Reader:
    def __init__(self, path: Path, text: str) -> None:
        self.path, self.lines = path, text.splitlines()

    def error(self, message: str, near: str, advice: str = "") -> ParseError:
        """What to say of a setting, with the first line that has this text."""
        line = next((number for number, line in enumerate(self.lines, 1) if near in line.partition("#")[0]), None)
        example = 'Write joins = ["4.1"] or cuts = [{ unit = "5.1", after = 23 }].'
        return ParseError(message, file=self.path, line=line, advice=advice or example)

    def known(self, table: dict[str, Any], keys: tuple[str, ...]) -> None:
        for key in table:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, 1)
                advice = f"Did you mean {near[0]}?" if near else f"Keys: {', '.join(keys)}."
                raise self.error(f"there is no setting “{key}” here.", key, advice)

    def corrections(self, table: dict[str, Any]) -> Corrections:
        self.known(table, _KEYS)
        for key in _KEYS:
            if not isinstance(table.get(key, []), list):
                raise self.error(f"“{key}” must be a list.", key)
        joins = tuple(self.number(value, "joins") for value in table.get("joins", ()))
        return Corrections(joins, tuple(map(self.cut, table.get("cuts", ()))))

    def cut(self, value: Any) -> tuple[str, int]:
        if not isinstance(value, dict):
            raise self.error("a cut has a unit and, as “after”, how many letters stand before it.", "cuts")
        self.known(value, _CUT_KEYS)
        if set(value) != set(_CUT_KEYS):
            raise self.error("a cut has a unit and, as “after”, how many letters stand before it.", "cuts")
        number, after = self.number(value["unit"], "cuts"), value["after"]
        if type(after) is not int or not 0 < after < _MOST_LETTERS:
            raise self.error("“after” must be a whole number of letters above zero.", f'"{number}"')
        return number, after

    def number(self, value: Any, key: str) -> str:
        if not isinstance(value, str) or not _NUMBER.fullmatch(value):
            near = f'"{value}"' if isinstance(value, str) else key
            raise self.error(f"“{value}” is not the number of a unit, such as 4.1.", near)
        return value
