"""What a worker process may not do: reach others, take more memory than it is given."""

import ctypes
import errno
import platform
import resource
import socket
import struct
import sys
from pathlib import Path

__all__ = ["bound_memory", "confine", "without_sockets"]

_PR_SET_NO_NEW_PRIVS = 38
_PR_SET_SECCOMP = 22
_FILTER = 2  # SECCOMP_MODE_FILTER
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
#: Machine → its name in the kernel's audit interface, and the number of `socket` (linux/audit.h, asm/unistd.h).
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}


def confine(memory: int, *, files: bool) -> None:
    """No core, and no more memory than that beside what is there; no connection, and without `files` no file either.

    A store on disk opens its files when it needs them, so there the system is asked to refuse sockets alone. Raises
    `OSError` where it cannot.
    """
    bound_memory(memory)
    if files:
        without_sockets()
    else:
        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def bound_memory(memory: int) -> None:
    """No core, and no more memory than that beside what is there (Linux), or than the system lets it have."""
    size = 0
    if sys.platform == "linux":
        size = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if size:
        _, most = resource.getrlimit(resource.RLIMIT_AS)  # which only the system's owner could raise
        bound = size + memory if most == resource.RLIM_INFINITY else min(most, size + memory)
        resource.setrlimit(resource.RLIMIT_AS, (bound, bound))


def without_sockets() -> None:
    """Have the kernel refuse new sockets to this process, for good (seccomp(2)). Raises `OSError` if it will not."""
    found = _MACHINES.get(platform.machine()) if sys.platform == "linux" else None
    if found is None:
        raise OSError(errno.ENOSYS, "connections cannot be refused on this system")
    audit, number = found
    refuse = _ERRNO | errno.EPERM
    # load, jump if equal / not below, return: (code, to if true, to if false, value); classic BPF
    program = [
        (0x20, 0, 0, 4),  # which machine's calls
        (0x15, 0, 3, audit),
        (0x20, 0, 0, 0),  # which call
        (0x35, 1, 0, 0x40000000),  # those of the x32 interface, whose numbers start there
        (0x15, 0, 1, number),
        (0x06, 0, 0, refuse),
        (0x06, 0, 0, _ALLOW),
    ]
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in program))
    head = struct.pack("@HP", len(program), ctypes.addressof(code))
    library = ctypes.CDLL(None, use_errno=True)
    if library.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) or library.prctl(
        _PR_SET_SECCOMP, _FILTER, ctypes.c_char_p(head), 0, 0
    ):
        raise OSError(ctypes.get_errno(), "connections cannot be refused on this system")
    try:
        socket.socket().close()
    except PermissionError:
        return
    raise OSError(errno.ENOSYS, "connections cannot be refused on this system")
