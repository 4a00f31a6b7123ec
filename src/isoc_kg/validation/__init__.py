"""SHACL validation: shapes are checked, then check, in a process that can be killed."""

from .data_graph import DataGraph, StoredGraph
from .engines import ENGINES, check_by_shacl, default_engine, validate
from .report import Locate, Report, Result
from .shapes import check_shapes
from .shapes_graph import ShapesGraph
from .validation import Validation, validate_graphs

__all__ = [
    "ENGINES",
    "DataGraph",
    "Locate",
    "Report",
    "Result",
    "ShapesGraph",
    "StoredGraph",
    "Validation",
    "check_by_shacl",
    "check_shapes",
    "default_engine",
    "validate",
    "validate_graphs",
]
