"""A publication: its gate, its data files, its description, and what changed between two of them."""
