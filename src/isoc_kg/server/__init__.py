"""A publication as a server; nothing is imported here, since every worker process imports this package."""
