"""Querying: texts made safe, parameters bound, named queries, typed solutions."""

from .named import NamedQuery, Parameter, Term, bind, find_query, load_queries
from .parameters import term_from_text, term_from_value
from .remote import run_remote
from .run import Answer, bound_text, run_query
from .solutions import IRI, BlankNode, Solutions, Text

__all__ = [
    "IRI",
    "Answer",
    "BlankNode",
    "NamedQuery",
    "Parameter",
    "Solutions",
    "Term",
    "Text",
    "bind",
    "bound_text",
    "find_query",
    "load_queries",
    "run_query",
    "run_remote",
    "term_from_text",
    "term_from_value",
]
