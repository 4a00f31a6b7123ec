"""Proposed claims: their queue, the judge, decisions, and what becomes of a claim that is accepted."""
