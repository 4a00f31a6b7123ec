"""SHACL validation: shapes are checked, then check, in a process that can be killed."""

from .engines import ENGINES, check_by_shacl, default_engine, validate
from .report import Report, Result
from .shapes import check_shapes

__all__ = ["ENGINES", "Report", "Result", "check_by_shacl", "check_shapes", "default_engine", "validate"]
