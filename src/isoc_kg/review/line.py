"""A line of text that is being typed: pure, key by key."""

import unicodedata
from dataclasses import dataclass

__all__ = ["TypedLine"]

_MOST = 8_000


@dataclass(slots=True)
class TypedLine:
    """The text, and the place of the cursor in it."""

    text: str = ""
    cursor: int = 0

    def press(self, key: str) -> None:
        """Change the line by a key: a character, pasted text, or the name of a key such as `left`."""
        text, at = self.text, self.cursor
        if key == "backspace":
            self.text, self.cursor = text[: max(0, at - 1)] + text[at:], max(0, at - 1)
        elif key == "delete":
            self.text = text[:at] + text[at + 1 :]
        elif key in ("left", "right"):
            self.cursor = min(len(text), max(0, at + (1 if key == "right" else -1)))
        elif key in ("home", "end"):
            self.cursor = 0 if key == "home" else len(text)
        elif key == "clear":
            self.text, self.cursor = text[at:], 0
        elif len(key) == 1 or key.startswith("paste:"):
            more = "".join(" " if one in "\n\t" else one for one in key.removeprefix("paste:"))
            more = "".join(one for one in more if unicodedata.category(one) not in ("Cc", "Cs"))
            more = more[: _MOST - len(text)]
            self.text, self.cursor = text[:at] + more + text[at:], at + len(more)
