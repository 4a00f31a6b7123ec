"""Formulas on one line: MathML of web pages and books, and the Office Math of Word (ECMA-376, part 1, section 22.1)."""

from collections.abc import Callable, Sequence

from .raised import fraction, lowered, raised, root

__all__ = ["formula_text"]

#: How the parts of an element are written, by its name in MathML 3 or Office Math; the others one behind the other.
_WRITTEN: dict[str, Callable[..., str]] = {
    "mfrac": fraction,
    "f": fraction,
    "msup": lambda base, above: base + raised(above),
    "sSup": lambda base, above: base + raised(above),
    "msub": lambda base, below: base + lowered(below),
    "sSub": lambda base, below: base + lowered(below),
    "msubsup": lambda base, below, above: base + lowered(below) + raised(above),
    "sSubSup": lambda base, below, above: base + lowered(below) + raised(above),
    "munder": lambda base, below: base + lowered(below),
    "munderover": lambda base, below, above: base + lowered(below) + raised(above),
    "limLow": lambda base, below: base + lowered(below),
    "limUpp": lambda base, above: base + raised(above),
    "sPre": lambda below, above, base: lowered(below) + raised(above) + base,
    "mroot": root,
    "rad": lambda degree, text: root(text, degree),
}


def formula_text(name: str, parts: Sequence[str]) -> str:
    """An element of a formula, out of the texts of its parts; a number before a fraction stays apart from it."""
    parts = [" ".join(part.split()) for part in parts]
    if name == "msqrt":
        return root(formula_text("mrow", parts))
    if name in _WRITTEN:
        try:
            return _WRITTEN[name](*parts)
        except TypeError:  # not as many parts as there must be: nothing of them is lost
            return " ".join(parts)
    text = ""
    for part in parts:
        text += (" " if text[-1:].isdigit() and part[:1].isdigit() and "/" in part else "") + part
    return text
