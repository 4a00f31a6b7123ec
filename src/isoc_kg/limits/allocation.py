"""What the C library keeps of freed memory: read when a process starts, so a command starts again with more of it."""

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

__all__ = ["start_again_with_more"]

_NAME = "GLIBC_TUNABLES"
#: A hundred freed blocks of each size up to 8 kB stay at hand ("Memory Allocation Tunables" in the manual of glibc).
_KEPT_BLOCKS = "glibc.malloc.tcache_count=100:glibc.malloc.tcache_max=8192"
_OURS = "isoc-kg", "__main__.py"


def start_again_with_more(arguments: Sequence[str]) -> None:
    """Start the command again, in the same process, with more freed blocks at hand.

    The engine of a store asks for many small blocks for each query. Returns where that is done, where somebody else has
    set what is kept, on another system, and where this process is no command of ours with these arguments.
    """
    known = os.environ.get(_NAME)
    if known and _KEPT_BLOCKS.startswith(known):  # which glibc cuts at its first colon when it has read it
        del os.environ[_NAME]  # it holds for this process; others have their own
    elif known is None:
        command = sys.orig_argv
        whole = len(command) > len(arguments) and command[-len(arguments) :] == list(arguments)
        with suppress(OSError, ValueError, AttributeError):  # another system
            if whole and Path(sys.argv[0]).name in _OURS and "glibc" in (os.confstr("CS_GNU_LIBC_VERSION") or ""):
                os.execve(sys.executable, command, os.environ | {_NAME: _KEPT_BLOCKS})  # noqa: S606 – the same command
