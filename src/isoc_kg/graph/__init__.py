"""The knowledge graph as Python users have it."""
