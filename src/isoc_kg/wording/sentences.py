"""How a sentence begins that is made of parts: a name, a message of the program."""

import re

__all__ = ["begun"]

#: Signs that words may stand behind, the mark of a language among them, then the first word up to a blank.
_FIRST = re.compile(r"(\W*)(\S*)")


def begun(text: str) -> str:
    """A text with a capital, where its first word is in small letters throughout; names such as iPhone stay.

    >>> [begun(text) for text in ("roles is a scheme.", "iPhone is new.", "schema:name is empty.", "“no” is missing")]
    ['Roles is a scheme.', 'iPhone is new.', 'schema:name is empty.', '“No” is missing']
    """
    match = _FIRST.match(text)
    word = match[2] if match else ""
    letters = word.rstrip(".,;:!?”’“»)")
    if match is None or not letters.islower() or re.search(r"[:/_\d@]", letters):
        return text
    return f"{match[1]}{word[:1].upper()}{text[match.start(2) + 1 :]}"
