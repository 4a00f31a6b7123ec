"""Who the client is, out of the environment or a file."""

from pathlib import Path

import pytest

from isoc_kg.endpoint import Credentials, credentials_from_environment
from isoc_kg.errors import UsageError

NAMED = {"ISOC_KG_USER": "me", "ISOC_KG_PASSWORD": "secret"}


@pytest.mark.parametrize(
    ("scheme", "environment", "expected"),
    [
        (None, {}, None),
        (None, NAMED, Credentials("basic", "me", "secret")),
        ("digest", NAMED, Credentials("digest", "me", "secret")),
        (None, {"ISOC_KG_TOKEN": "t"}, Credentials("bearer", "", "t")),
        ("basic", {**NAMED, "ISOC_KG_TOKEN": "t"}, Credentials("basic", "me", "secret")),
    ],
)
def test_from_the_environment(scheme: str | None, environment: dict[str, str], expected: Credentials | None) -> None:
    """The scheme is the one named, else the one that the environment suits."""
    assert credentials_from_environment(scheme, None, environment) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("scheme", "environment", "missing"),
    [
        ("basic", {}, "ISOC_KG_USER"),
        ("digest", {"ISOC_KG_USER": "me"}, "ISOC_KG_PASSWORD"),
        ("bearer", NAMED, "ISOC_KG_TOKEN"),
        ("basic", {"ISOC_KG_USER": "me\n", "ISOC_KG_PASSWORD": "x"}, "control characters"),
    ],
)
def test_what_is_missing_is_named(scheme: str, environment: dict[str, str], missing: str) -> None:
    """A scheme without what it needs is a mistake of usage."""
    with pytest.raises(UsageError, match=missing):
        credentials_from_environment(scheme, None, environment)  # type: ignore[arg-type]


def test_from_a_file(tmp_path: Path) -> None:
    """A file of lines stands before the environment; comments and empty lines mean nothing."""
    file = tmp_path / "auth"
    file.write_text("# the store\n\nISOC_KG_USER=me\nISOC_KG_PASSWORD=a=b c\n", encoding="utf-8")
    found = credentials_from_environment(None, file, {"ISOC_KG_USER": "other"})
    assert found == Credentials("basic", "me", "a=b c")


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"password: x\n", "auth:1: not a line"), (b"\xff\xfe", "not UTF-8"), (b"", "names no user")],
)
def test_bad_files(tmp_path: Path, content: bytes, message: str) -> None:
    """A file that says nothing, or something else, is told with its line; never with its content."""
    file = tmp_path / "auth"
    file.write_bytes(content)
    with pytest.raises(UsageError, match=message) as told:
        credentials_from_environment(None, file, {})
    assert "password: x" not in str(told.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    """It is told."""
    with pytest.raises(UsageError, match="cannot be read"):
        credentials_from_environment(None, tmp_path / "nothing", {})
