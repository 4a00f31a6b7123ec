"""README.md, CHANGELOG.md, docs/: every relative link leads to a file that is there, every anchor to a heading."""

import re
import tomllib
from functools import cache
from pathlib import Path

import pytest

from isoc_kg.stores.profiles import PROFILES

from material import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
#: `[text](target)`, the target without a scheme; none within code.
LINK = re.compile(r"\]\((?!\w+:)<?([^)\s>]*)>?(?: \"[^\"]*\")?\)")
FENCED = re.compile(r"(?ms)^ *(`{3,}|~{3,})[^\n]*\n.*?^ *\1[^\n]*$")
CODE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)", re.DOTALL)


@cache
def anchors(page: Path) -> frozenset[str]:
    """The anchors that GitHub gives to headings: small letters, no punctuation, hyphens for spaces, numbered twins."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    found: dict[str, int] = {}
    names = set(re.findall(r'<a (?:id|name)="([^"]+)"', text))
    for heading in re.findall(r"(?m)^#{1,6} +(.+?) *#*$", text):
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).replace("`", "")
        anchor = re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")
        names.add(f"{anchor}-{found[anchor]}" if anchor in found else anchor)
        found[anchor] = found.get(anchor, 0) + 1
    return frozenset(names)


def broken(page: Path) -> list[str]:
    """The relative links of a page that lead nowhere."""
    text = FENCED.sub("", page.read_text(encoding="utf-8"))
    dead = []
    for target in LINK.findall(CODE.sub("", text)):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        if not file.exists() or (anchor and (file.suffix != ".md" or anchor not in anchors(file))):
            dead.append(target)
    return dead


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_anchors_resolve(page: Path) -> None:
    assert broken(page) == []


def test_what_leads_nowhere_is_found(tmp_path: Path) -> None:
    """A missing file and a missing anchor; code and addresses of the web are no links of ours."""
    page = tmp_path / "page.md"
    page.write_text(
        "# One `x`: a\n## Two\n## Two\n[a](page.md#one-x-a) [b](#two-1) [c](#two-2) [d](none.md) [e](page.md#none)\n"
        "`[f](none)` [g](https://example.org/none#x)\n```\n# Not a heading\n[h](none)\n```\n[i](#not-a-heading)\n",
        encoding="utf-8",
    )
    assert broken(page) == ["#two-2", "none.md", "page.md#none", "#not-a-heading"]


def test_the_index_names_every_page() -> None:
    """docs/README.md leads to each page of the folder."""
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    named = {target.partition("#")[0] for target in LINK.findall(index)}
    assert {page.name for page in (ROOT / "docs").glob("*.md")} - {"README.md"} <= named


def test_every_dependency_is_documented() -> None:
    """docs/dependencies.md has each package of pyproject.toml."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = settings["project"]
    required = [*project["dependencies"], *settings["build-system"]["requires"]]
    required += [one for extra in project["optional-dependencies"].values() for one in extra]
    names = {re.split(r"[^\w.\-]", one)[0] for one in required}
    page = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    listed = {word.strip() for cell in re.findall(r"(?m)^\|(.+)\|$", page) for word in re.split(r"[|,]", cell)}
    assert names - listed == set()


@pytest.mark.parametrize("name", ["architecture", "conformance"])
def test_every_module_named_exists(name: str) -> None:
    """Paths in code voice are below src/isoc_kg/, its server/ or documents/, or below the repository."""
    page = FENCED.sub("", (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8"))
    source = ROOT / "src" / "isoc_kg"
    folders = (ROOT, source, source / "server", source / "documents")
    paths = set(re.findall(r"`([\w-]+(?:/[\w.-]+)*(?:\.py|\.ts|/))`", page))
    assert len(paths) > 10
    assert [path for path in sorted(paths) if not any((folder / path).exists() for folder in folders)] == []


@pytest.mark.parametrize("name", ["limits", "stores"])
def test_stores_that_nobody_ran_are_named(name: str) -> None:
    """docs/limits.md and docs/stores.md call a store untested exactly where its profile does."""
    page = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8").lower()
    sentence = next(line for line in re.split(r"\n\n|\n\|", page) if "neptune" in line and "profiles" in line)
    kinds = [profile.name for profile in PROFILES if profile.name != "generic"]
    assert {kind for kind in kinds if kind in sentence} == {one.name for one in PROFILES if not one.tested} - {
        "generic"
    }
