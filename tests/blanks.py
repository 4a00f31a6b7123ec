"""Blanks in the texts of pages: those at which no line ends are compared as any other."""

__all__ = ["blanks"]


def blanks(text: str) -> str:
    r"""A text with an ordinary blank for each no-break space, as a character or as HTML spells it.

    >>> blanks("sentence\u00a015.2, characters&nbsp;7")
    'sentence 15.2, characters 7'
    """
    return text.replace("\u00a0", " ").replace("&nbsp;", " ")
