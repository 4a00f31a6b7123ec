"""SHACL compiled to SPARQL, so that data is validated where it is."""

from .run import validate_compiled

__all__ = ["validate_compiled"]
