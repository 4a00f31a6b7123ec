"""Authored statements: facts with their evidence, and the dataset that a project's files make."""
