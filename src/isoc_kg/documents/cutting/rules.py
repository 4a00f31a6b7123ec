"""The rules by which a text is cut, and the name by which an index records them."""

import json
import re
from dataclasses import dataclass, field, fields
from typing import Any

from ...project import UnitSettings
from .segmenter import segmenter_name

__all__ = ["CutRules", "rules_named"]

_NAME = re.compile(r"(?P<segmenter>[^\s,{]+ [^\s,{]+)(?:, rules (?P<edition>[1-9]\d{0,3}))?(?: (?P<settings>\{.*\}))?")


@dataclass(frozen=True, slots=True)
class CutRules:
    """The segmenter (name and version), the edition of the rules of our own, and a document's settings of them."""

    settings: UnitSettings = field(default_factory=UnitSettings)
    segmenter: str = field(default_factory=segmenter_name)
    corrections: str = ""  #: the digest of the corrections by hand; empty where there are none

    @property
    def name(self) -> str:
        """What an index calls its splitter, as `rules_named` reads it: a change of the rules changes it as well.

        `sentencex 1.0.32` was cut by the first edition of the rules.
        """
        others: dict[str, Any] = {
            item.name: value if not isinstance(value, tuple) else list(value)
            for item in fields(UnitSettings)
            if item.name != "rules" and (value := getattr(self.settings, item.name)) != item.default
        }
        if self.corrections:
            others["corrections"] = self.corrections
        edition = f", rules {self.settings.rules}" if self.settings.rules > 1 else ""
        return self.segmenter + edition + (" " + json.dumps(others, ensure_ascii=False) if others else "")


def rules_named(name: str) -> CutRules:
    """The rules that a splitter's name tells; the first edition's where it tells none.

    An edition that is not known here is taken for the latest, and settings that are not are left out.
    """
    match = _NAME.fullmatch(name)
    if match is None:
        return CutRules(UnitSettings(rules=1), name)
    try:
        values: dict[str, Any] = json.loads(match["settings"] or "{}")
    except (ValueError, RecursionError):
        values = {}
    latest = UnitSettings()
    settings: dict[str, Any] = {"rules": min(int(match["edition"] or 1), latest.rules)}
    for item in fields(UnitSettings):
        value = values.get(item.name)
        if isinstance(value, list) and isinstance(getattr(latest, item.name), tuple):
            settings[item.name] = tuple(word for word in value if isinstance(word, str))
        elif item.name != "rules" and type(value) is type(getattr(latest, item.name)):
            settings[item.name] = value
    corrections = values.get("corrections")
    return CutRules(UnitSettings(**settings), match["segmenter"], corrections if isinstance(corrections, str) else "")
