"""Constraint components, a module for each section of the specification."""

from typing import TYPE_CHECKING

from ....lazy_names import lazy_names

if TYPE_CHECKING:
    from .families import checks

__all__ = ["checks"]

__getattr__ = lazy_names(__name__, {"checks": "families"})
