"""A publication as a folder for any web host."""
