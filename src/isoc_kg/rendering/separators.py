"""What stands between names in a list: the comma of their script, or of the sentence that has them."""

import re
from collections.abc import Iterable, Mapping

from ..wording.strings import is_translated, plain

__all__ = ["separator"]

_COMMA = ", "
_MARKUP = re.compile("<[^>]*>")
_ARABIC = re.compile("[\u0620-\u06ff\u0750-\u077f\u08a0-\u08ff]")


def separator(strings: Mapping[str, str], names: Iterable[object], sentence: str = "") -> str:
    """The comma between names: of the language of a sentence around them, else that of the script they are in.

    >>> words = {"lead_comma": "، "}
    >>> separator(words, ["ميناء", "Oak"]), separator(words, ["Ash", "Oak"]), separator(words, ["Ash"], "من")
    ('، ', ', ', '، ')
    """
    own = plain(strings["lead_comma"])
    if own == _COMMA:
        return own
    if sentence:
        return own if is_translated(sentence) else _COMMA
    return own if any(_ARABIC.search(_MARKUP.sub("", str(name))) for name in names) else _COMMA
