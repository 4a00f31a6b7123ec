"""A project's accent reaches every page, and can be read on each of them."""

import random
import re
from pathlib import Path

import pytest

from isoc_kg.errors import ProjectError
from isoc_kg.project import load_project
from isoc_kg.project.accent import CONTRAST, PAPER, Colour, accent_of
from isoc_kg.publication.publication import Publication
from isoc_kg.rendering import theme as module
from isoc_kg.review.pages import ReviewPages
from isoc_kg.server.content.snapshot import Snapshot
from isoc_kg.site import publish_project


def coloured(folder: Path, lines: str) -> Path:
    """The project with these lines under `[site]`."""
    file = folder / "kg.toml"
    text = file.read_text(encoding="utf-8")
    assert "[site]" not in text
    file.write_text(f"{text}\n[site]\n{lines}\n", encoding="utf-8")
    return folder


def test_that_it_reaches_everything(lighthouse: Path, tmp_path: Path) -> None:
    """Pages, served or written, drawings, the icon and the review take it from one sheet, which every page loads."""
    coloured(lighthouse, 'accent = "#7a1fa2"\naccent_dark = "#e0a6ff"')
    done = publish_project(load_project(lighthouse), tmp_path / "site")
    assert not any("accent" in text for text in done.warnings)
    style = (tmp_path / "site/theme/site.css").read_text(encoding="utf-8")
    assert style.rindex("--accent: #7a1fa2") > style.index("--accent: #0b5563")
    assert style.count("--accent: #e0a6ff") == 2
    assert 'fill="#7a1fa2"' in (tmp_path / "site/theme/icon.svg").read_text(encoding="utf-8")
    project = load_project(lighthouse)
    snapshot = Snapshot(Publication.of_project(project), None, 0.0)
    review = ReviewPages(project, "Ada", "form")
    assert style.encode() == snapshot.file("theme/site.css") == (review.file("/style/site.css") or ("", b""))[1]
    for page in (tmp_path / "site").rglob("*.html"):
        html = page.read_text(encoding="utf-8")
        assert 'theme/site.css">' in html or 'http-equiv="refresh"' in html, page


def test_that_nothing_has_a_colour_of_its_own() -> None:
    """What is drawn takes its colours from the custom properties, which alone are numbers; on paper it is black."""
    here = Path(module.__file__).parent
    style = (here / "theme/site.css").read_text(encoding="utf-8")
    rules = [line for line in style.splitlines() if not line.lstrip().startswith("--")]
    assert [line for line in rules if re.search(r":[^;]*#[0-9a-f]{3,8}\b", line)] == [
        "  html { background: #fff; color: #000; font-size: 10.5pt; }"
    ]
    tools = re.sub(r"#(?:graph|console|time-limit|named-query)\b", "", (here / "theme/tools.css").read_text())
    assert "#" not in re.sub(r"--hue-\d: #[0-9a-f]{6};", "", tools), "the hues of classes are custom properties, too"
    light, dark = re.search(r":root \{(.*?)\}", style, re.DOTALL), re.search(r"dark\) \{(.*?)\}", style, re.DOTALL)
    assert light
    assert dark
    for block, scheme in ((light[1], "light"), (dark[1], "dark")):
        for name, colour in zip(("paper", "surface", "muted"), PAPER[scheme], strict=True):
            assert f"--{name}: {colour}" in block


def test_that_every_accent_can_be_read() -> None:
    """Whatever is given: on page, surface and the ground of evidence, in light and dark; so can what else is there."""
    chance = random.Random(16)
    colours = [Colour(*(chance.randrange(256) for _ in range(3))) for _ in range(300)]
    for colour in (*colours, Colour(0, 0, 0), Colour(255, 255, 255), Colour(255, 255, 0), Colour(128, 128, 128)):
        made = accent_of({"accent": str(colour)})
        assert made
        for accent, soft, scheme in ((made.light, made.light_soft, "light"), (made.dark, made.dark_soft, "dark")):
            paper, surface, muted = PAPER[scheme]
            for ground in (paper, surface, soft):
                assert accent.contrast(ground) >= CONTRAST
            assert muted.contrast(soft) >= CONTRAST


def test_what_is_said_of_a_colour(lighthouse: Path, tmp_path: Path) -> None:
    """Yellow on white is made darker, with a warning; what was readable stays as it is."""
    coloured(lighthouse, 'accent = "#ffcc00"')
    project = load_project(lighthouse)
    assert project.accent
    assert str(project.accent.dark) == "#ffcc00"
    done = publish_project(project, tmp_path / "site")
    (warning,) = [text for text in done.warnings if "accent" in text]
    assert 'accent = "#ffcc00" has a contrast of 1.' in warning
    assert f"{project.accent.light} is used instead" in warning


@pytest.mark.parametrize("value", ['"red"', '"#12"', "3", '"#12345g"', '"url(x)"'])
def test_what_is_no_colour(lighthouse: Path, value: str) -> None:
    """It is refused with its line."""
    coloured(lighthouse, f"accent = {value}")
    with pytest.raises(ProjectError) as caught:
        load_project(lighthouse)
    assert "“accent” must be a colour." in caught.value.message
    assert caught.value.line == len((lighthouse / "kg.toml").read_text(encoding="utf-8").splitlines())


def test_dark_without_light(lighthouse: Path) -> None:
    """One for dark pages needs one for light ones."""
    coloured(lighthouse, 'accent_dark = "#ffcc00"')
    with pytest.raises(ProjectError, match="“accent” must be a colour"):
        load_project(lighthouse)
