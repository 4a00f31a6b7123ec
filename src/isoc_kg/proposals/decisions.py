"""Recording decisions: a line at the end of the reviewer's file of the day, on the disk before anybody is told so.

What decisions are, and what stands of them, is in `authoring.decisions`.
"""

import hashlib
import os
import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from ..atomic import alone_in
from ..atomic.files import output_error
from ..authoring.decisions import Decision, DecisionLog, Key, Standing, standing
from ..errors import UsageError
from ..limits.regular_files import read_regular
from ..project import Project

__all__ = [
    "Decision",
    "DecisionLog",
    "Standing",
    "append_decision",
    "checked_reason",
    "decision_file",
    "now",
    "refused_keys",
    "standing",
    "with_decision",
]

#: A reason has at most so many characters.
_REASON = 4_000


def decision_file(project: Project, reviewer: str, time: str) -> Path:
    """The file that a reviewer's decisions of a day go to; nothing in a name leads out of its folder."""
    plain = unicodedata.normalize("NFKD", reviewer).encode("ascii", "ignore").decode().lower()
    slug = "-".join(re.findall("[a-z0-9]+", plain))[:40].strip("-")
    if slug != reviewer:  # two names may have one slug
        slug = f"{slug}-{hashlib.sha256(reviewer.encode()).hexdigest()[:8]}".lstrip("-")
    return project.decisions_folder / f"{time[:10]}-{slug}.jsonl"


def with_decision(project: Project, decision: Decision) -> tuple[Path, bytes]:
    """The file of a decision, and its content with the decision at its end; a torn last line stays as it is."""
    path = decision_file(project, decision.reviewer, decision.time)
    before = read_regular(path) if path.exists() else b""
    return path, before + (b"\n" if before and not before.endswith(b"\n") else b"") + decision.to_json()


def append_decision(project: Project, decision: Decision) -> None:
    """Append a decision that changes no facts; it is on the disk when this returns. Raises `OutputError`."""
    path = decision_file(project, decision.reviewer, decision.time)
    with alone_in(project.root):
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o666)
            try:
                size = os.fstat(handle).st_size
                torn = size and os.pread(handle, 1, size - 1) != b"\n"
                data = (b"\n" if torn else b"") + decision.to_json()
                while data:
                    data = data[os.write(handle, data) :]
                os.fsync(handle)
            finally:
                os.close(handle)
        except OSError as error:
            raise output_error(error, path, fixed=True) from None


def now() -> str:
    """The time of a decision or a proposal, UTC."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def checked_reason(reason: str | None) -> str | None:
    """A reason as it is recorded: None for one in which nothing is to be seen.

    Raises `UsageError` for one that is too long.
    """
    if reason is not None and len(reason) > _REASON:
        raise UsageError("the reason is too long.", advice=f"Give up to {_REASON:,} characters.")
    return reason.strip() if reason and any(unicodedata.category(one)[0] in "LNPS" for one in reason) else None


def refused_keys(standings: Iterable[Standing]) -> dict[Key, str]:
    """The proposals that were refused, by statement and unit, each with the reason."""
    return {
        decision.key: decision.reason or ""
        for one in standings
        if (decision := one.refused) is not None and decision.key is not None
    }
