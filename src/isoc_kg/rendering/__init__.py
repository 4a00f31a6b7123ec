"""The pages of a publication as bytes, for a static site and a server alike."""
