"""SHACL compiled to SPARQL, so that data is validated where it is."""

from typing import TYPE_CHECKING

from ...lazy_names import lazy_names

if TYPE_CHECKING:
    from .run import validate_compiled

__all__ = ["validate_compiled"]

__getattr__ = lazy_names(__name__, {"validate_compiled": "run"})
