"""Review: proposed claims before a person, in the terminal and in the browser."""
