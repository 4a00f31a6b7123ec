"""SHACL validation: shapes are checked, then check, in a process that can be killed."""

from typing import TYPE_CHECKING

from ..lazy_names import lazy_names

if TYPE_CHECKING:
    from .data_graph import DataGraph, StoredGraph
    from .engine_names import ENGINES, default_engine
    from .engines import check_by_shacl, validate
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

__getattr__ = lazy_names(
    __name__,
    {
        "DataGraph": "data_graph",
        "ENGINES": "engine_names",
        "Locate": "report",
        "Report": "report",
        "Result": "report",
        "ShapesGraph": "shapes_graph",
        "StoredGraph": "data_graph",
        "Validation": "validation",
        "check_by_shacl": "engines",
        "check_shapes": "shapes",
        "default_engine": "engine_names",
        "validate": "engines",
        "validate_graphs": "validation",
    },
)
