"""Paths of pages: inside the site, apart on every file system, never a name that a system keeps for itself."""

import re
import unicodedata
from pathlib import PureWindowsPath

from hypothesis import example, given
from hypothesis import strategies as st

from isoc_kg.iris import Identifiers
from isoc_kg.rendering.addresses import Addresses, encode

BASE = "https://e.org/kg/"
HERE = Addresses(Identifiers(BASE), {"schema": "https://schema.org/", "own": f"{BASE}ontology#"})
COMPONENT = re.compile(r"[a-z0-9_=~-]+")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)

#: Names that file systems, hosts or paths treat in their own way, and any others.
names = st.one_of(
    st.sampled_from([
        "..", ".", "con", "CON", "Aux", "nul", "index", "a", "A", "_a", "a_", "=61", "%2e%2e", "é", "e\u0301", "~",
        "ſ", "K",
    ]),
    st.text(alphabet="abAB_=~-.%/", max_size=8),
    st.text(max_size=150),
)  # fmt: skip
iris = st.one_of(
    names.map(lambda name: f"{BASE}id/{name}"),
    names.map(lambda name: f"{BASE}ontology#{name}"),
    names.map(lambda name: f"{BASE}{name}"),
    names.map(lambda name: f"https://schema.org/{name}"),
    names.map(lambda name: f"urn:x:{name}"),
    names,
)


def folded(path: str) -> str:
    """What a file system that knows neither case nor normal forms would make of it."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", path).casefold())


@given(names)
@example("x" * 3000)
@example("É" * 200)
def test_that_a_component_is_harmless(name: str) -> None:
    """It is made of letters that mean nothing to a path, short enough, and no reserved name."""
    path = encode(name)
    assert COMPONENT.fullmatch(path)
    assert len(path) <= 100
    assert not RESERVED.fullmatch(path)
    assert PureWindowsPath(path).name == path


@given(names, names)
@example("a", "A")
@example("_a", "A")
@example("=61", "a")
@example("é", "e\u0301")
@example("x" * 150, "x" * 151)
@example("con", "=63on")
def test_that_two_names_never_meet(one: str, other: str) -> None:
    """Different names have paths that differ, whatever the file system folds."""
    if one != other:
        assert folded(encode(one)) != folded(encode(other))


@given(iris, iris)
@example(f"{BASE}id/index", f"{BASE}id/")
@example(f"{BASE}ontology#a", f"{BASE}ontology")
def test_that_two_resources_never_meet(one: str, other: str) -> None:
    """Two IRIs have different places: another page, or another anchor of a page about both."""
    if one != other:
        (path, fragment), (path2, fragment2) = HERE.page(one), HERE.page(other)
        assert (folded(path), fragment) != (folded(path2), fragment2)


@given(iris)
def test_that_no_path_leaves_the_site(iri: str) -> None:
    """Every component is harmless, so none leads upwards or to a root."""
    path, _ = HERE.page(iri)
    parts = path.split("/")
    assert 1 <= len(parts) <= 3
    assert all(COMPONENT.fullmatch(part) for part in parts)


@given(names)
def test_that_pages_of_things_leave_room_for_ours(name: str) -> None:
    """No thing takes the page of a list, a tool or a query."""
    ours = ("index", "browse", "queries", "sparql", "explore", "search", "data", "theme", "scripts", "rules", "404")
    assert HERE.page(f"{BASE}{name}")[0].partition("/")[0] not in ours
    assert HERE.page(name)[0].partition("/")[0] not in ours
