"""Querying: texts made safe, parameters bound, named queries, what answers them, typed solutions."""

from .evaluator import Evaluator, StoreEvaluator
from .named import NamedQuery, Parameter, Term, bind, find_query, load_queries
from .parameters import term_from_text, term_from_value
from .run import Answer, bound_text, run_query
from .solutions import IRI, BlankNode, Solutions, Text

__all__ = [
    "IRI",
    "Answer",
    "BlankNode",
    "Evaluator",
    "NamedQuery",
    "Parameter",
    "Solutions",
    "StoreEvaluator",
    "Term",
    "Text",
    "bind",
    "bound_text",
    "find_query",
    "load_queries",
    "run_query",
    "term_from_text",
    "term_from_value",
]
