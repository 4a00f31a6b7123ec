"""What is found by words: entries, the dictionary of their words, one ranking for pages, server and Python."""
