"""What is said in a publication's language: the texts of pages and citations, and the names of standard terms."""
