"""HTTP: connections, conditions, problems; nothing is imported here, since workers import this package's parent."""
