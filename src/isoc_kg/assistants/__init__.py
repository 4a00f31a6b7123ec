"""The publication for language models."""
