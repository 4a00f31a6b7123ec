"""Evidence is checked, not believed: digests, words, coverage, and what a new edition does to it."""
