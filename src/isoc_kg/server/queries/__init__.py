"""Queries: the protocols, and the workers that run them; nothing is imported here, since every worker imports it."""
