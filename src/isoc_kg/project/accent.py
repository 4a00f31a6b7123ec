"""The accent colour of a project's pages: as `[site] accent` gives it, as far as it can be read (WCAG 2.2, 1.4.3)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

__all__ = ["CONTRAST", "PAPER", "Accent", "Colour", "accent_of"]

CONTRAST = 4.5  #: of text and what is behind it: https://www.w3.org/TR/WCAG22/#contrast-minimum
_HEX = re.compile(r"#[0-9a-fA-F]{6}")


class Colour(NamedTuple):
    """A colour of sRGB, each channel from 0 to 255."""

    red: int
    green: int
    blue: int

    @classmethod
    def of(cls, text: str) -> "Colour":
        """The colour that `#rrggbb` names. Raises `ValueError`."""
        if not _HEX.fullmatch(text):
            raise ValueError(text)
        return cls(*(int(text[at : at + 2], 16) for at in (1, 3, 5)))

    def __str__(self) -> str:
        return "#" + "".join(f"{channel:02x}" for channel in self)

    @property
    def luminance(self) -> float:
        """Relative luminance (https://www.w3.org/TR/WCAG22/#dfn-relative-luminance)."""
        linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (one / 255 for one in self)]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    def contrast(self, other: "Colour") -> float:
        """From 1 to 21, whichever is the darker (https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio).

        >>> round(Colour.of("#000000").contrast(Colour.of("#ffffff")))
        21
        """
        lighter, darker = sorted((self.luminance, other.luminance), reverse=True)
        return (lighter + 0.05) / (darker + 0.05)

    def mixed(self, other: "Colour", share: float) -> "Colour":
        """The colour with a share of another one in it."""
        return Colour(*(round(own + (new - own) * share) for own, new in zip(self, other, strict=True)))


_WHITE, _BLACK = Colour(255, 255, 255), Colour(0, 0, 0)
#: What text stands on, page and surface, and the colours of muted text: as in the theme's `site.css`.
PAPER = {
    "light": (Colour.of("#fbfaf7"), Colour.of("#ffffff"), Colour.of("#575d64")),
    "dark": (Colour.of("#15181b"), Colour.of("#1c2024"), Colour.of("#a7acb2")),
}
_SOFT = {"light": 0.1, "dark": 0.14}  #: share of the accent in the ground behind evidence


@dataclass(frozen=True, slots=True)
class Accent:
    """The accent of pages in light and in dark, each with the ground behind what is marked by it."""

    light: Colour
    light_soft: Colour
    dark: Colour
    dark_soft: Colour
    notes: tuple[str, ...] = ()  #: which colours of the project were changed, and why

    @property
    def css(self) -> str:
        """The custom properties, to follow those of the theme."""
        light = f"--accent: {self.light}; --accent-soft: {self.light_soft};"
        dark = f"--accent: {self.dark}; --accent-soft: {self.dark_soft};"
        return (
            f"\n/* The project's accent. */\n:root {{ {light} }}\n@media (prefers-color-scheme: dark) {{\n"
            f'  :root:not([data-theme="light"]) {{ {dark} }}\n}}\n:root[data-theme="dark"] {{ {dark} }}\n'
        )


def accent_of(site: Mapping[str, object]) -> Accent | None:
    """The accent that `accent` and `accent_dark` of a project's `[site]` give; None where there is none.

    A colour that text in it could not be read in is made darker, in dark pages lighter, until it can, with a note.
    Raises `ValueError` with the key for what is no colour.
    """
    colours = {}
    for key in ("accent", "accent_dark"):
        if (text := site.get(key)) is not None:
            try:
                colours[key] = Colour.of(text if isinstance(text, str) else "")
            except ValueError:
                raise ValueError(key) from None
    if not colours:
        return None
    if "accent" not in colours:
        raise ValueError("accent")
    notes = []
    light = _readable(colours["accent"], "light")
    dark = _readable(colours.get("accent_dark", colours["accent"]), "dark")
    for key, scheme, made in (("accent", "light", light), ("accent_dark", "dark", dark)):
        if key in colours and made != colours[key]:
            ratio = min(colours[key].contrast(ground) for ground in _grounds(colours[key], scheme))
            notes.append(
                f"[site] {key} = \"{colours[key]}\" has a contrast of {ratio:.1f} in {scheme} pages, and text needs "
                f"{CONTRAST} (WCAG 2.2 AA): {made} is used instead"
            )  # fmt: skip
    return Accent(light, _soft(light, "light"), dark, _soft(dark, "dark"), tuple(notes))


def _soft(accent: Colour, scheme: str) -> Colour:
    return PAPER[scheme][0].mixed(accent, _SOFT[scheme])


def _grounds(accent: Colour, scheme: str) -> tuple[Colour, ...]:
    return (*PAPER[scheme][:2], _soft(accent, scheme))


def _readable(colour: Colour, scheme: str) -> Colour:
    """The colour, else the nearest one on the way to black or white whose text can be read on every ground."""
    end = _BLACK if scheme == "light" else _WHITE
    muted = PAPER[scheme][2]
    for step in range(101):
        made = colour.mixed(end, step / 100)
        soft = _soft(made, scheme)
        if muted.contrast(soft) >= CONTRAST and all(made.contrast(one) >= CONTRAST for one in _grounds(made, scheme)):
            return made
    return end
