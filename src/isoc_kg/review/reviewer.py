"""Who reviews, where nobody says so."""

import getpass
import os
import subprocess
from pathlib import Path

from ..proposals.proposal import agent_name

__all__ = ["default_reviewer"]

_SECONDS = 5.0


def default_reviewer(folder: Path) -> str:
    """The name that git has for its user in a folder, else that of the system. Raises `UsageError` for an odd one."""
    try:
        command = ["git", "-C", str(folder), "config", "--get", "user.name"]
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, stdin=subprocess.DEVNULL, check=False)
        if name := done.stdout.decode("utf-8", "replace").strip():
            return agent_name(name)
    except (OSError, subprocess.TimeoutExpired):
        pass
    try:
        return agent_name(getpass.getuser())
    except (KeyError, OSError):
        return agent_name(f"user {os.getuid()}")
