"""Names of a package whose modules are loaded when a name is asked for: most who use a part do without the rest."""

import sys
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

__all__ = ["lazy_names"]


def lazy_names(package: str, modules: Mapping[str, str]) -> Callable[[str], Any]:
    """What a package is to have as its `__getattr__` (PEP 562), for its names and the module that each is in.

    Raises `AttributeError` for other names, as every module does.
    """

    def loaded(name: str) -> Any:
        if name not in modules:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        value = getattr(import_module(f".{modules[name]}", package), name)
        setattr(sys.modules[package], name, value)  # from now on it is there at once
        return value

    return loaded
