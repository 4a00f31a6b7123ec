"""What `isoc-kg --version -v` shows: the installation, as a report of a fault names it."""

import platform
import re
import shutil
from collections.abc import Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

__all__ = ["OPTIONAL", "installation_rows"]

_SHACL_ENGINES = ("shacl", "pyshacl")
_LIBRARIES = ("rdflib", "pyoxigraph", "click", "httpx", "lxml", "PyLD", "pypdfium2", "uvicorn")
#: Extra → the package that it adds; the extra for the tests adds many.
OPTIONAL = {
    "lsp": "pygls",
    "mcp": "mcp",
    "pandas": "pandas",
    "polars": "polars",
    "reasoner": "owlready2",
    "stores": "oxigraph",
    "browser": "playwright",
}
_SCRIPTS = Path(__file__).parents[1] / "rendering" / "scripts" / "site.js"


def installation_rows() -> list[tuple[str, str]]:
    """Python, platform, engines, packages and programs with their versions, a row each; no package is imported."""
    engines = ["compiled (built in)"]
    engines += [f"{name} {number}" for name in _SHACL_ENGINES if (number := version_of(name))]
    missing = [name for name in _SHACL_ENGINES if not version_of(name)]
    return [
        ("Python", f"{platform.python_version()} ({platform.python_implementation()})"),
        ("platform", f"{platform.system()} {platform.release()}, {platform.machine()}"),
        ("engines", ", ".join(engines) + _absent(missing)),
        ("libraries", ", ".join(f"{name} {version_of(name) or 'not installed'}" for name in _LIBRARIES)),
        ("extras", _extras()),
        ("Java", _java() or "not installed (the reasoner HermiT needs it)"),
        ("page scripts", "bundled" if _SCRIPTS.is_file() else "not bundled: sites have no console, graph and search"),
    ]


def version_of(package: str) -> str | None:
    """The version of an installed package; None when it is not installed."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _extras() -> str:
    versions = {package: version_of(package) for package in OPTIONAL.values()}
    installed = [
        f"{package} {versions[package]}" + (" (HermiT)" if package == "owlready2" else "")
        for package in versions
        if versions[package]
    ]
    missing = [extra for extra, package in OPTIONAL.items() if not versions[package]]
    return (", ".join(installed) or "none") + _absent(missing)


def _absent(names: Iterable[str]) -> str:
    listed = ", ".join(names)
    return f"; not installed: {listed}" if listed else ""


def _java() -> str | None:
    """Java's version by the file beside it, since starting it takes longer than all else here."""
    program = shutil.which("java")
    if program is None:
        return None
    try:
        release = Path(program).resolve().parents[1].joinpath("release").read_text(encoding="utf-8")
    except (OSError, IndexError, UnicodeDecodeError):
        release = ""
    found = re.search(r'^JAVA_VERSION="([^"\n]+)"', release, re.MULTILINE)
    return found[1] if found else f"version unknown ({program})"
