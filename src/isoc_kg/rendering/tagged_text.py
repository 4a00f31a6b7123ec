"""A text with its language: it enters a page with `lang` and `dir` wherever the page is in another one."""

import re
from collections.abc import Callable
from functools import lru_cache

from markupsafe import Markup, escape

from ..rdf.text_direction import direction

__all__ = ["TaggedText", "language_attributes"]

#: Characters that turn the direction of what follows them, for pages from left to right; and those for the others,
#: where all but the page's own scripts would.
_TURNS = {
    "ltr": re.compile(
        "[\u0590-\u08ff\u200e-\u2069\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
    ),
    "rtl": re.compile("[^\\s\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]"),
}


@lru_cache(1000)
def language_attributes(tag: str, page: str) -> str:
    """` lang="…"`, with `dir` where the direction differs, for a text in a page; empty where both are in one language.

    >>> language_attributes("ar", "en"), language_attributes("de", "en"), language_attributes("", "en")
    (' lang="ar" dir="rtl"', ' lang="de"', '')
    """
    tag = tag.partition("--")[0]  # a base direction is no part of the tag
    if not tag or tag == page:
        return ""
    turned = f' dir="{direction(tag)}"' if direction(tag) != direction(page) else ""
    return f' lang="{escape(tag)}"{turned}'


@lru_cache(1000)
def _of_language(tag: str, page: str) -> tuple[Markup, Markup, Callable[[str], object]]:
    """The attributes of a text, those of an element that has nothing else, and what finds a character that turns."""
    attributes = Markup(language_attributes(tag, page))  # noqa: S704 – escaped there
    turned = "" if " dir=" in attributes else Markup(' dir="{}"').format(direction(tag) if tag else "auto")
    return attributes, attributes + turned, _TURNS[direction(page)].search


class TaggedText(str):
    """A text that is plain wherever it goes but into HTML, where it is isolated from what stands around it."""

    __slots__ = ("attributes", "own", "turns")

    attributes: Markup  #: those that tell its language; empty for that of the page
    own: Markup  #: those of an element that has nothing but the text: its language, and always its direction
    turns: bool  #: whether it could change the direction of what stands beside it

    def __new__(cls, text: str, tag: str, page: str) -> "TaggedText":
        """A text in the language of a tag, empty for none, in a page of another one."""
        result = super().__new__(cls, text)
        result.attributes, result.own, turn = _of_language(tag, page)
        result.turns = turn(text) is not None
        return result

    def replaced(self, text: str) -> "TaggedText":
        """Another text in the same language."""
        return self if text == self else _restored(text, self.attributes, self.own, True)

    def cut(self, most: int) -> "TaggedText":
        """The same on one line, with no more characters than `most`."""
        text = " ".join(self.split())
        return _restored(text if len(text) <= most else f"{text[: most - 1]}…", self.attributes, self.own, self.turns)

    @property
    def alone(self) -> str:
        """The words in an element that has `own`; in a `bdi` there, `dir="auto"` would not see them."""
        return str.__str__(self)

    @property
    def left_to_right(self) -> Markup:
        """That the words run from left to right in a page that does not, for an element that has others beside them."""
        found = self.attributes.partition(' dir="ltr"')
        return Markup(found[1])  # noqa: S704 – a constant

    @property
    def in_svg(self) -> str:
        """The attributes where there is no `dir`, which would move the text to the other side of its place."""
        return self.attributes.partition(" dir=")[0]

    def __html__(self) -> Markup:
        text = escape(str(self))
        if self.attributes or self.turns:
            return Markup(f"<bdi{self.attributes}>{text}</bdi>")  # noqa: S704 – escaped above
        return text

    def __repr__(self) -> str:
        return f"{super().__repr__()}{self.attributes}"

    def __reduce__(self) -> tuple[object, tuple[str, Markup, Markup, bool]]:
        return _restored, (str(self), self.attributes, self.own, self.turns)


def _restored(text: str, attributes: Markup, own: Markup, turns: bool) -> TaggedText:
    result = str.__new__(TaggedText, text)
    result.attributes, result.own, result.turns = attributes, own, turns
    return result
