"""docs/install.md agrees with pyproject.toml: the extras and what they add, the Pythons."""

import re
import tomllib

from material import ROOT

PACKAGE = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
PAGE = (ROOT / "docs" / "install.md").read_text(encoding="utf-8")


def table(heading: str) -> dict[str, str]:
    """First column → second column of the table below a heading."""
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    rows = [[cell.strip(" `") for cell in line.split("|")[1:-1]] for line in section.splitlines() if line[:1] == "|"]
    return {row[0]: row[1] for row in rows[2:]}


def test_extras() -> None:
    """One table has all extras, in the order of the package, and the packages that each adds."""
    declared = {
        extra: ", ".join(re.split(r"[<>=\[;~! ]", requirement)[0] for requirement in requirements)
        for extra, requirements in PACKAGE["optional-dependencies"].items()
    }
    assert table("Extras") == declared
    assert list(table("Extras")) == list(declared)


def test_pythons() -> None:
    """The classifiers name those that something was run on, and no others; the first is the oldest allowed."""
    tested = [version for version, state in table("Python").items() if state != "untested"]
    prefix = "Programming Language :: Python :: 3."
    assert tested == [f"3.{one.removeprefix(prefix)}" for one in PACKAGE["classifiers"] if one.startswith(prefix)]
    assert PACKAGE["requires-python"] == f">={tested[0]}"
