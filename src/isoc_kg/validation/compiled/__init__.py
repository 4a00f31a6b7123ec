"""SHACL compiled to SPARQL, so that data is validated where it is."""

from .queryable import Queryable, StoreQueryable
from .run import validate_compiled

__all__ = ["Queryable", "StoreQueryable", "validate_compiled"]
