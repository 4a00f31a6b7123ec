"""Characters of a passage: those that only set it are taken out, and one form stands for all that mean the same."""

import re
import unicodedata

from ...errors import LimitExceeded
from ...limits import Limits

__all__ = ["blanks_collapsed", "tidied", "too_many_characters"]

#: Soft hyphens, characters without width that allow or forbid a line to end, and what no text may have.
_NO_TEXT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u200b\u2060\ufeff\ufffe\uffff\ud800-\udfff]+"
)
#: Blanks and hyphens at which no line may end.
_UNBREAKABLE = {0xA0: " ", 0x2007: " ", 0x202F: " ", 0x2011: "-"}
_PLAIN = re.compile(r"[ -~\t\n]*")


def tidied(text: str) -> str:
    r"""A text in NFC without soft hyphens and control characters; blanks and hyphens at which no line ends are plain.

    White space stays otherwise as it is.

    >>> tidied("co\u00adop 5\u00a0km")
    'coop 5 km'
    """
    if _PLAIN.fullmatch(text):
        return text
    return unicodedata.normalize("NFC", _NO_TEXT.sub("", text).translate(_UNBREAKABLE))


def blanks_collapsed(text: str) -> str:
    r"""A tidied text, its words one blank apart; line ends stay, with nothing but words beside them.

    >>> blanks_collapsed("a  b \n\tc")
    'a b\nc'
    """
    return "\n".join(" ".join(line.split()) for line in tidied(text).split("\n"))


def too_many_characters(limits: Limits) -> LimitExceeded:
    """The error about a text that is longer than allowed."""
    return LimitExceeded(
        f"the document has more than {limits.intake_characters:,} characters.",
        advice="Divide it, or raise intake_characters under [limits] in kg.toml.",
    )
