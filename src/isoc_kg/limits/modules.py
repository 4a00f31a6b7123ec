"""Modules of this package run in processes of their own, by the very files that this process is made of."""

import sys
from pathlib import Path

__all__ = ["running"]

#: The first argument is the folder of this package, the second the module. The folder comes first only while the
#: package itself is found: it may have other modules with names of Python's own.
_RUN = """
import runpy, sys
folder = sys.argv.pop(1)
sys.path.insert(0, folder)
import isoc_kg
del sys.path[0]
sys.path += [folder] if folder not in sys.path else []
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


def running(module: str) -> list[str]:
    """The beginning of a command line that runs a module; its arguments follow.

    No module is taken from the current folder, which is that of somebody's data.
    """
    return [sys.executable, "-P", "-c", _RUN, str(Path(__file__).parents[2]), module]
