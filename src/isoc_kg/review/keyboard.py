"""Keys out of the bytes that a terminal sends."""

import codecs
import re

__all__ = ["KeyReader"]

_NAMES = {
    "\r": "enter", "\n": "enter", "\x7f": "backspace", "\x08": "backspace", "\x03": "interrupt", "\x04": "interrupt",
    "\x15": "clear", "\x01": "home", "\x05": "end", "\x1b[A": "up", "\x1b[B": "down", "\x1b[C": "right",
    "\x1b[D": "left", "\x1bOA": "up", "\x1bOB": "down", "\x1bOC": "right", "\x1bOD": "left", "\x1b[H": "home",
    "\x1b[F": "end", "\x1b[1~": "home", "\x1b[4~": "end", "\x1b[3~": "delete",
}  # fmt: skip
_SEQUENCE = re.compile(r"\x1b(?:\[[0-9;?]*[ -/]*[@-~]|O[@-~])")
_PASTE, _PASTED = "\x1b[200~", "\x1b[201~"
_MOST_PASTED = 100_000


class KeyReader:
    """Keeps what is not a whole key yet. A pasted text is one key, `paste:` and the text."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("ignore")
        self._rest = ""

    @property
    def pending(self) -> bool:
        """Whether a sequence has begun, which may be the key Escape alone."""
        return self._rest == "\x1b"

    def keys(self, data: bytes) -> list[str]:
        """The keys that are complete with these bytes."""
        self._rest += self._decoder.decode(data)
        found = []
        while self._rest:
            if self._rest.startswith(_PASTE):
                end = self._rest.find(_PASTED)
                if end < 0:
                    if len(self._rest) > _MOST_PASTED:
                        self._rest = _PASTE + self._rest[-len(_PASTED) :]
                    break
                found.append("paste:" + self._rest[len(_PASTE) : end])
                self._rest = self._rest[end + len(_PASTED) :]
            elif self._rest[0] == "\x1b":
                match = _SEQUENCE.match(self._rest)
                if match:
                    self._rest = self._rest[match.end() :]
                    found += [_NAMES[match[0]]] if match[0] in _NAMES else []
                elif len(self._rest) > 1 and self._rest[1] not in "[O":
                    self._rest = self._rest[1:]
                    found.append("escape")
                elif len(self._rest) > 32:
                    self._rest = ""
                else:
                    break
            else:
                key, self._rest = self._rest[0], self._rest[1:]
                name = _NAMES.get(key)
                if name or key.isprintable():
                    found.append(name or key)
        return found

    def flush(self) -> list[str]:
        """The key Escape, where no more bytes have come behind it."""
        pending, self._rest = self.pending, "" if self.pending else self._rest
        return ["escape"] if pending else []
