"""The order of the tests of a run with workers: what takes long comes first, and every worker has as much of it.

Each worker begins with an equal number of tests that stand together, and takes from the end of others' when it is done
(`--dist worksteal`). So the front of each share has long tests, and what is short is left for the end, where it can be
shared out finely.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import TypeVar

__all__ = ["LONG", "long_first"]

#: What takes long, in seconds of a processor and of waiting; roughly. A room stays with one worker, which makes once
#: what all its tests use. What is missing here counts as short, and comes in the order of names.
LONG = {
    "tests/site": 380,
    "tests/stores": 400,
    "tests/test_wheel.py": 45,
    "tests/server/test_faults.py": 60,
    "tests/publication/test_build.py": 40,
    "tests/review": 50,
    "tests/server/test_large_values.py": 50,
    "tests/server/test_templates.py": 30,
    "tests/server/test_running.py": 35,
    "tests/server/test_dereferencing.py": 35,
    "tests/server/test_limits.py": 30,
    "tests/server/test_heavy.py": 25,
    "tests/proposals/test_acceptance.py": 25,
    "tests/test_turns.py": 25,
    "tests/server/test_named.py": 20,
    "tests/server/test_store.py": 20,
    "tests/server/test_watching.py": 20,
    "tests/server/test_rereading.py": 20,
    "tests/server/test_forwarding.py": 20,
    "tests/server/test_connections.py": 20,
    "tests/server/test_log.py": 15,
    "tests/evidence/test_held.py": 15,
    "tests/evidence/test_behind.py": 15,
    "tests/evidence/test_check.py": 15,
    "tests/evidence/test_verifier.py": 15,
    "tests/evidence/test_conflicts.py": 15,
    "tests/proposals/test_doors.py": 15,
    "tests/cli/test_killed.py": 10,
}

_Item = TypeVar("_Item")


def long_first(items: Sequence[tuple[str, _Item]], workers: int) -> list[_Item]:
    """The items of files (path, item), whose tests stay together, in the order for so many workers."""
    long: dict[str, list[_Item]] = {}
    short: list[_Item] = []
    for path, tests in groupby(items, lambda item: item[0]):
        name = next((name for name in LONG if path == name or path.startswith(f"{name}/")), None)
        (short if name is None else long.setdefault(name, [])).extend(item for _, item in tests)
    shares: list[list[_Item]] = [[] for _ in range(workers)]
    seconds = [0] * workers
    for name in sorted(long, key=lambda name: (-LONG[name], name)):
        least = seconds.index(min(seconds))
        seconds[least] += LONG[name]
        shares[least] += long[name]
    order: list[_Item] = []
    for number, share in enumerate(shares):
        left = len(items) - len(order)
        fill = max(0, left // (workers - number) - len(share))  # as the shares are dealt out
        order += [*share, *short[:fill]]
        del short[:fill]
    return order + short
