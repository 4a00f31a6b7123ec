"""Querying: texts made safe, parameters bound, named queries, what answers them, typed solutions."""

from typing import TYPE_CHECKING

from ..lazy_names import lazy_names

if TYPE_CHECKING:
    from .evaluator import Evaluator, StoreEvaluator
    from .given_values import terms_in_data
    from .named import NamedQuery, Parameter, Term, bind, defaults_taken, find_query, load_queries
    from .parameters import (
        kind_of_value,
        parameter_example,
        parameter_pattern,
        parameter_schema,
        term_from_text,
        term_from_value,
        term_of_type,
    )
    from .run import Answer, bound_text, run_query
    from .solutions import Solution, Solutions
    from .values import IRI, BlankNode, Text, TypedText

__all__ = [
    "IRI",
    "Answer",
    "BlankNode",
    "Evaluator",
    "NamedQuery",
    "Parameter",
    "Solution",
    "Solutions",
    "StoreEvaluator",
    "Term",
    "Text",
    "TypedText",
    "bind",
    "bound_text",
    "defaults_taken",
    "find_query",
    "kind_of_value",
    "load_queries",
    "parameter_example",
    "parameter_pattern",
    "parameter_schema",
    "run_query",
    "term_from_text",
    "term_from_value",
    "term_of_type",
    "terms_in_data",
]

__getattr__ = lazy_names(
    __name__,
    {
        "Answer": "run",
        "BlankNode": "values",
        "Evaluator": "evaluator",
        "IRI": "values",
        "NamedQuery": "named",
        "Parameter": "named",
        "Solution": "solutions",
        "Solutions": "solutions",
        "StoreEvaluator": "evaluator",
        "Term": "named",
        "Text": "values",
        "TypedText": "values",
        "bind": "named",
        "bound_text": "run",
        "defaults_taken": "named",
        "find_query": "named",
        "kind_of_value": "parameters",
        "load_queries": "named",
        "parameter_example": "parameters",
        "parameter_pattern": "parameters",
        "parameter_schema": "parameters",
        "run_query": "run",
        "term_from_text": "parameters",
        "term_from_value": "parameters",
        "term_of_type": "parameters",
        "terms_in_data": "given_values",
    },
)
